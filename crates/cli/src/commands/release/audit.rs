//! `clearway release audit`: what follows from everything that is shown.

use std::path::PathBuf;
use std::time::Instant;

use anyhow::bail;
use disclosure::PublishedTable;
use disclosure::attacks::Stop;
use disclosure::gate::Candidate;
use disclosure::release::{Description, read_unverified};
use disclosure::tables::{Audit, AuditedCell, Recovery, Rules, Verdict, Zeros, audit};

use crate::{Format, Shared, output};

/// What can be worked out of the hidden cells of releases, taken together
///
/// Linear programming over every table of every release named: between which numbers each hidden
/// cell must be, and which can be worked out exactly, and how.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  clearway release tables clearway-demo/examples/cases.csv --dimensions ageBroad,gender \\\n      --out tables --new-ledger --ledger tables.jsonl\n  clearway release audit tables"
)]
pub(crate) struct Arguments {
    /// The folders of releases of tables of the same people
    #[arg(required = true, value_name = "DIR")]
    releases: Vec<PathBuf>,
    /// Cells of fewer people are to be protected
    #[arg(long, value_name = "N", default_value_t = 10)]
    threshold: u64,
    /// How many more values than one every hidden cell must be able to have, for whoever knows all that
    /// is published
    #[arg(long, value_name = "N", default_value_t = Rules::default().width)]
    width: u64,
}

/// Whether a release of tables says that it hides cells of nobody.
pub(super) fn hides_zeros(description: &Description) -> bool {
    description.sheet["zeros"] == serde_json::json!(Zeros::Sensitive)
}

/// Cells listed in text.
const LISTED: usize = 20;

pub(super) fn run(own: &Arguments, shared: &Shared) -> anyhow::Result<bool> {
    let started = Instant::now();
    let mut tables: Vec<PublishedTable> = Vec::new();
    let mut zeros = Zeros::Published;
    for path in &own.releases {
        let (description, candidate) = read_unverified(path)?;
        if hides_zeros(&description) {
            zeros = Zeros::Sensitive;
        }
        match candidate {
            Candidate::Tables(more) => tables.extend(more),
            _ => bail!(
                "{} holds no tables with hidden cells: there is nothing to audit. `clearway release attack` attacks every kind of release",
                path.display()
            ),
        }
    }
    let rules = Rules { threshold: own.threshold, width: own.width, zeros, ..Rules::default() };
    let found = audit(&tables, &rules, &Stop::default())?;
    match shared.format {
        Format::Json => output::json(&serde_json::json!({
            "passed": found.passed(),
            "hidden": found.cells.len(),
            "recovered": found.recovered,
            "too_narrow": found.too_narrow,
            "cells": found.cells,
            "seconds": started.elapsed().as_secs_f64(),
        }))?,
        Format::Text => output::text(&text(&found))?,
    }
    Ok(found.passed())
}

fn text(found: &Audit) -> String {
    let weak = found.cells.iter().filter(|cell| cell.verdict != Verdict::WideEnough);
    let mut lines = vec![format!(
        "{} hidden cells: {} can be worked out, {} guessed too closely",
        output::grouped(found.cells.len() as u64),
        output::grouped(found.recovered as u64),
        output::grouped(found.too_narrow as u64),
    )];
    let weak: Vec<&AuditedCell> = weak.collect();
    let rows: Vec<Vec<String>> = weak.iter().take(LISTED).map(|cell| row(cell)).collect();
    lines.push(output::columns(&rows));
    if weak.len() > LISTED {
        lines.push(format!("and {} more; --format json lists them all", weak.len() - LISTED));
    }
    lines.push(if found.passed() {
        "Every hidden cell has room enough. That says nothing of what is known from elsewhere."
            .to_owned()
    } else {
        "Do not publish these together.".to_owned()
    });
    lines.join("\n")
}

fn row(cell: &AuditedCell) -> Vec<String> {
    let at: Vec<String> =
        cell.at.iter().map(|(dimension, word)| format!("{dimension}={word}")).collect();
    let how = match &cell.verdict {
        Verdict::WideEnough => "wide enough".to_owned(),
        Verdict::TooNarrow => "too narrow".to_owned(),
        Verdict::Recovered(Recovery::Shown { by }) => format!("shown by {by}"),
        Verdict::Recovered(Recovery::Subtraction { dimension, .. }) => {
            format!("total over {dimension} less its other parts")
        }
        Verdict::Recovered(Recovery::SeveralTotals) => "several totals put together".to_owned(),
        Verdict::Recovered(Recovery::Bounds) => "no count is below zero or broken".to_owned(),
    };
    let high = cell.high.map_or_else(|| "any".to_owned(), |high| high.to_string());
    vec![
        cell.table.clone(),
        if at.is_empty() { "total".to_owned() } else { at.join(" ") },
        format!("{} to {high}", cell.low),
        how,
    ]
}
