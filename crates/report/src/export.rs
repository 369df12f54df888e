//! The figures as data: `figures.csv` and `figures.json`.
//!
//! In: a [`StateReport`]. Out: one CSV row for each figure, or one JSON document. A hidden value
//! is written as its mark, never as a number: [`ShownValue`] no longer holds it.

use serde::Serialize;

use crate::place::{PLACES, place};
use crate::{INTERNAL, ReportError, ReportedFigure, SMALLEST_SHOWN, ShownValue, StateReport};

/// The columns of `figures.csv`, in order.
pub const COLUMNS: [&str; 10] = [
    "id",
    "measure",
    "period",
    "place",
    "category",
    "value",
    "unit",
    "definition_version",
    "coverage",
    "source",
];

/// Writes every figure as a row of CSV, in the order of the report.
///
/// A text that a spreadsheet would take for a formula (it begins with `=`, `+`, `-` or `@`) is
/// written behind an apostrophe.
///
/// # Errors
///
/// [`ReportError::Csv`] when a row cannot be written.
pub fn figures_csv(report: &StateReport) -> Result<String, ReportError> {
    let mut rows = csv::Writer::from_writer(Vec::new());
    rows.write_record(COLUMNS)?;
    for figure in &report.figures {
        rows.write_record(row(report, figure).map(no_formula))?;
    }
    let bytes = rows.into_inner().map_err(|error| error.into_error())?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn row(report: &StateReport, figure: &ReportedFigure) -> [String; 10] {
    [
        figure.id.to_string(),
        figure.measure.clone(),
        figure.period.to_string(),
        place(figure, &report.state),
        category(figure),
        value(&figure.value),
        figure.unit.as_str().to_owned(),
        figure.definition_version.clone(),
        figure.coverage.clone(),
        source(figure),
    ]
}

/// Everything else it is broken down by, as `dimension=label; …`.
fn category(figure: &ReportedFigure) -> String {
    let named: Vec<String> = figure
        .dimensions
        .iter()
        .filter(|(dimension, _)| !PLACES.contains(dimension))
        .map(|(dimension, (_, label))| format!("{}={label}", dimension.as_str()))
        .collect();
    named.join("; ")
}

/// The value as data: plain digits, a qualifier with digits, or a mark in words.
fn value(shown: &ShownValue) -> String {
    match shown.answer() {
        Some(answer) => answer.to_string(),
        None => format!("fewer than {SMALLEST_SHOWN}, hidden"),
    }
}

/// Where it comes from: reporter, standing, then each file with row, column and digest.
fn source(figure: &ReportedFigure) -> String {
    let mut text = format!("{} ({})", figure.reporter.1, figure.standing.as_str());
    if figure.summed {
        text.push_str("; summed by Clearway");
    }
    for source in &figure.sources {
        text.push_str(&format!(
            "; {}, row {}, column {}, blake3:{}",
            source.file, source.row, source.column, source.digest
        ));
    }
    text
}

/// Keeps a spreadsheet from taking a text for a formula.
pub(crate) fn no_formula(text: String) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text }
}

/// `figures.json`, the whole of it.
#[derive(Serialize)]
struct Document<'a> {
    stamp: &'static str,
    state: &'a str,
    period: records::Period,
    as_of: jiff::civil::Date,
    definition_version: &'a str,
    figures: &'a [ReportedFigure],
}

/// Writes every figure, with its sources and revisions, as one JSON document.
///
/// # Errors
///
/// [`ReportError::Json`] when it cannot be written.
pub fn figures_json(report: &StateReport) -> Result<String, ReportError> {
    let document = Document {
        stamp: INTERNAL,
        state: &report.state,
        period: report.period,
        as_of: report.as_of,
        definition_version: &report.definition_version,
        figures: &report.figures,
    };
    let mut text = serde_json::to_string_pretty(&document)?;
    text.push('\n');
    Ok(text)
}
