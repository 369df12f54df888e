//! `clearway quality`: what rules see in the returns that are in.

use analysis::report::Material;
use records::Finding;
use records::register::Register;
use serde::Serialize;
use store::{FigureFilter, StoredFigure};

use super::{open_existing, scope};
use crate::{Format, Shared, output};

/// Say what is odd about the returns that are in: contradictions, open questions, notes
///
/// Every finding is made by a rule over the figures, or is a note of the source itself, marked
/// so. Nothing is changed by it.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  clearway quality --data clearway-demo/data\n  clearway quality 5 --data clearway-demo/data --format json"
)]
pub(crate) struct Arguments {
    /// Only what touches this return: its number or the start of its digest
    #[arg(value_name = "RETURN")]
    name: Option<String>,
}

#[derive(Debug, Serialize)]
struct Answer {
    findings: Vec<Finding>,
    practice: Vec<Finding>,
    source_notes: Vec<Finding>,
}

pub(crate) async fn run(own: &Arguments, shared: &Shared) -> anyhow::Result<bool> {
    let store = open_existing(shared).await?;
    let scope = scope(shared);
    let material = Material::read(&store, &scope, Register::embedded()).await?;
    let mut answer = Answer {
        findings: material.findings,
        practice: material.practice_findings,
        source_notes: material.source_notes,
    };
    if let Some(name) = &own.name {
        let id = store.find_return(&scope, name).await?.id;
        let mut figures = store.figures(&scope, &FigureFilter::default()).await?;
        figures.retain(|stored| stored.return_id == id);
        for findings in [&mut answer.findings, &mut answer.practice, &mut answer.source_notes] {
            findings.retain(|finding| touches(finding, &figures));
        }
    }
    store.close().await;
    match shared.format {
        Format::Json => output::json(&answer)?,
        Format::Text => output::text(&text(&answer))?,
    }
    Ok(true)
}

fn touches(finding: &Finding, figures: &[StoredFigure]) -> bool {
    figures.iter().any(|stored| finding.figures.contains(&stored.id))
}

fn text(answer: &Answer) -> String {
    let mut text = String::new();
    for (title, findings) in [
        ("by rule", &answer.findings),
        ("by rule, in made-up returns (SYNTHETIC)", &answer.practice),
        ("source notes", &answer.source_notes),
    ] {
        if findings.is_empty() {
            continue;
        }
        text.push_str(&format!("{} findings {title}\n", findings.len()));
        let mut sorted: Vec<&Finding> = findings.iter().collect();
        sorted.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
        for finding in sorted {
            let severity = format!("{:?}", finding.severity).to_lowercase();
            let line = format!("  {severity} ({}): {}", finding.rule, finding.text);
            text.push_str(&output::fold(&line, 100, 4));
            text.push_str(&output::fold(&format!("\n    -> {}\n", finding.advice), 100, 7));
        }
        text.push('\n');
    }
    if text.is_empty() {
        text.push_str("no rule sees anything odd");
    }
    text
}
