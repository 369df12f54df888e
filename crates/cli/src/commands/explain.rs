//! `clearway explain`: where a number comes from.

use analysis::explain::Explanation;
use analysis::report::Material;
use records::register::Register;

use super::{open_existing, scope};
use crate::{Format, Shared, output};

/// Say where a number comes from: definition, filters, returns, coverage, revisions, findings
///
/// Names of figures stand in the report (every number links to its own) and in figures.csv.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  clearway explain victim_identified:2010-07-01/2012-06-30:cal-ema --data clearway-demo/data\n  clearway explain victim_identified:2026-Q3:practice-state --format json --data clearway-demo/data"
)]
pub(crate) struct Arguments {
    /// The figure's name: measure:period:reporter[:dimension=value…]
    #[arg(value_name = "FIGURE-ID")]
    name: String,
}

pub(crate) async fn run(own: &Arguments, shared: &Shared) -> anyhow::Result<bool> {
    let store = open_existing(shared).await?;
    let scope = scope(shared);
    let register = Register::embedded();
    let material = Material::read(&store, &scope, register).await?;
    let explained = analysis::explain::run(&store, &scope, register, &material, &own.name).await?;
    store.close().await;
    match shared.format {
        Format::Json => output::json(&explained)?,
        Format::Text => output::text(&text(&explained))?,
    }
    Ok(true)
}

fn text(explained: &Explanation) -> String {
    let figure = &explained.figure;
    let value = match figure.value.answer() {
        Some(answer) => answer.to_string(),
        None => "hidden: under 11, and not published by its source".to_owned(),
    };
    let mut lines = vec![
        figure.id.to_string(),
        format!("value: {value} ({})", figure.unit.as_str()),
        format!("standing: {}", figure.standing.as_str()),
        format!(
            "counted unit: {} (definitions {})",
            figure.measure_label, figure.definition_version
        ),
        format!("definition: {}", explained.definition),
        format!("definition's source: {}", explained.definition_source),
    ];
    for (name, value) in &explained.filters {
        lines.push(format!("{}: {value}", name.replace('_', " ")));
    }
    lines.push(format!("coverage: {}", figure.coverage));
    lines.extend(figure.as_of.map(|as_of| format!("as of: {as_of}")));
    lines.extend(figure.note.as_ref().map(|note| format!("note: {note}")));
    for source in &figure.sources {
        let place = match source.row {
            0 => String::new(),
            row => format!(", row {row}, column {}", source.column),
        };
        lines.push(format!(
            "from: return {} {}{place}; {}; BLAKE3 {}",
            source.return_id, source.file, source.document, source.digest
        ));
    }
    for revision in &figure.revisions {
        let value = revision.value.answer().map_or("hidden".to_owned(), ToString::to_string);
        lines.push(format!(
            "revision: {value}, {} by {} at {}: {}",
            revision.state, revision.who, revision.when, revision.why
        ));
    }
    for finding in &explained.findings {
        lines.push(format!("finding ({}): {}; {}", finding.rule, finding.text, finding.advice));
    }
    let folded: Vec<String> = lines.iter().map(|line| output::fold(line, 100, 4)).collect();
    folded.join("\n")
}
