//! People, nobody counted twice, as data: `people.csv` and `people.json`.
//!
//! In: a [`PeopleCounted`]. Out: one CSV row for each number, or one JSON document. Every number is a
//! [`ShownCount`] first, so that a hidden one is a mark in both. What is true of a made-up state
//! stands last in both.

use serde::Serialize;

use crate::export::no_formula;
use crate::people::ShownPeople;
use crate::{INTERNAL, PeopleCounted, ReportError, ShownCount, StateReport};

/// The columns of `people.csv`, in order.
///
/// `table` is one of `total`, `by`, `list`, `overlap`, `seen_by`, `quarter`, `agency` and
/// `check_of_the_method`; `measure` is `people_at_most` wherever people along a field or in a
/// quarter are only known so; `field` is the field of a `by` row; several codes are joined by ` + `.
pub const PEOPLE_COLUMNS: [&str; 10] = [
    "table",
    "field",
    "code",
    "label",
    "measure",
    "value",
    "period",
    "definition_version",
    "as_of",
    "standing",
];

/// Writes every number of the count as a row of CSV; a hidden one as `fewer than 11, hidden`.
///
/// # Errors
///
/// [`ReportError::Csv`] when a row cannot be written.
pub fn people_csv(people: &PeopleCounted) -> Result<String, ReportError> {
    let people = people.shown();
    let period = format!("{}/{}", people.first, people.last);
    let mut rows = csv::Writer::from_writer(Vec::new());
    rows.write_record(PEOPLE_COLUMNS)?;
    for row in rows_of(&people) {
        let [table, field, code, label, measure, value] = row.cells;
        let period = row.quarter.unwrap_or_else(|| period.clone());
        let version = people.definition_version.clone();
        let as_of = people.as_of.to_string();
        let standing = if people.synthetic { "synthetic" } else { "submitted" }.to_owned();
        let cells = [table, field, code, label, measure, value, period, version, as_of, standing];
        rows.write_record(cells.map(no_formula))?;
    }
    let bytes = rows.into_inner().map_err(|error| error.into_error())?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// One row: its first six cells, and its quarter when it is not of the whole period.
struct Row {
    cells: [String; 6],
    quarter: Option<String>,
}

fn rows_of(people: &ShownPeople) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut add = |[table, field, code, label]: [&str; 4], numbers: &[(&str, ShownCount)]| {
        rows.extend(numbers.iter().map(|(measure, count)| Row {
            cells: [table, field, code, label, measure, &value(*count)].map(str::to_owned),
            quarter: (table == "quarter").then(|| code.to_owned()),
        }));
    };
    add(
        ["total", "", "", ""],
        &[
            ("records", people.raw),
            ("people_at_least", people.low),
            ("people", people.unduplicated),
            ("people_at_most", people.high),
        ],
    );
    for by in &people.by {
        for row in &by.rows {
            let numbers = [("records", row.cell.records), ("people_at_most", row.cell.people)];
            add(["by", &by.field, &row.code, &row.label], &numbers);
        }
    }
    for list in &people.lists {
        let numbers = [
            ("records", list.records),
            ("records_coded", list.coded),
            ("records_totals_only", list.totals_only),
            ("people_also_elsewhere", list.also_elsewhere),
        ];
        add(["list", "", &list.code, &list.label], &numbers);
    }
    for overlap in &people.overlaps {
        let code = format!("{} + {}", overlap.first, overlap.second);
        add(["overlap", "", &code, ""], &[("people", overlap.people)]);
    }
    for history in &people.histories {
        add(["seen_by", "", &history.lists.join(" + "), ""], &[("people", history.people)]);
    }
    for (quarter, cell) in &people.quarters {
        let numbers = [("records", cell.records), ("people_at_most", cell.people)];
        add(["quarter", "", &quarter.to_string(), ""], &numbers);
    }
    for agency in &people.coverage {
        let numbers =
            [("records_coded", agency.coded), ("records_totals_only", agency.totals_only)];
        add(["agency", "", &agency.code, &agency.label], &numbers);
    }
    if let Some(truth) = people.truth {
        let numbers =
            [("people_listed", truth.people_listed), ("people_hidden", truth.people_hidden)];
        add(["check_of_the_method", "", "", ""], &numbers);
    }
    rows
}

/// A number in plain digits, or its mark.
fn value(count: ShownCount) -> String {
    count.number().map_or_else(|| count.to_string(), |number| number.to_string())
}

/// `people.json`, the whole of it.
#[derive(Serialize)]
struct Document<'a> {
    stamp: &'static str,
    state: &'a str,
    people: ShownPeople,
}

/// Writes the count as one JSON document; a hidden number is `{"shown": "hidden"}`.
///
/// # Errors
///
/// [`ReportError::Json`] when it cannot be written.
pub fn people_json(report: &StateReport, people: &PeopleCounted) -> Result<String, ReportError> {
    let document = Document { stamp: INTERNAL, state: &report.state, people: people.shown() };
    let mut text = serde_json::to_string_pretty(&document)?;
    text.push('\n');
    Ok(text)
}
