//! Whether released tables fit together, before anything is printed.
//!
//! In: a report. Out: every fault at once, with its table and what was expected. A fault here is one
//! of the program that made the release; no number of a cell is repeated.

use std::collections::BTreeSet;

use disclosure::{PublishedTable, PublishedValue, Receipt, Regime};

use super::PublicReport;
use super::sections::PEOPLE;

/// Something that does not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicFault {
    /// The table or estimate.
    pub name: String,
    /// What was found and what was expected.
    pub what: String,
}

impl std::fmt::Display for PublicFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.name, self.what)
    }
}

/// Every fault of a report's tables and estimate.
pub(super) fn faults(report: &PublicReport<'_>) -> Vec<PublicFault> {
    let mut faults = Vec::new();
    let mut names = BTreeSet::new();
    if !report.tables.iter().any(|table| table.value().counts(PEOPLE)) {
        faults.push(PublicFault {
            name: "tables".to_owned(),
            what: format!(
                "no released table counts {PEOPLE}; release one, by quarter for instance"
            ),
        });
    }
    for released in report.tables {
        let table = released.value();
        let mut say = |what: &str| {
            faults.push(PublicFault { name: table.name.clone(), what: what.to_owned() });
        };
        if !is_file_name(&table.name) {
            say("its name becomes a file's: use small letters, digits and hyphens");
        }
        if !names.insert(table.name.as_str()) {
            say("another table has the same name; every name must be its own");
        }
        shape(table, &mut say);
        values(table, released.receipt(), &mut say);
    }
    if let Some(released) = report.estimate {
        let name = released.value().name().to_owned();
        if released.receipt().regime == Regime::Private
            && matches!(released.value().observed(), PublishedValue::Exact(_))
        {
            let what = "released as private, but the people seen are exact".to_owned();
            faults.push(PublicFault { name, what });
        }
    }
    if report.coverage.reported > report.coverage.expected {
        faults.push(PublicFault {
            name: "coverage".to_owned(),
            what: "more agencies reported than were expected to; count those that were to"
                .to_owned(),
        });
    }
    faults
}

fn is_file_name(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    !name.is_empty() && name.chars().all(fits) && name != "report"
}

fn shape(table: &PublishedTable, say: &mut impl FnMut(&str)) {
    let reserved = ["value", "low", "high", "status"];
    let names: BTreeSet<&str> = table.dimensions.iter().map(|one| one.name.as_str()).collect();
    if names.len() < table.dimensions.len() {
        say("two dimensions have one name; every name must be its own");
    }
    if let Some(name) = reserved.into_iter().find(|name| names.contains(name)) {
        say(&format!("a dimension is named {name}, which names a column of numbers; rename it"));
    }
    let fits = |cell: &disclosure::PublishedCell| {
        cell.at.len() == table.dimensions.len()
            && cell
                .at
                .iter()
                .zip(&table.dimensions)
                .all(|(at, dimension)| at.is_none_or(|at| at < dimension.categories.len()))
    };
    if !table.cells.iter().all(fits) {
        say("a cell stands at a category that its dimension does not have");
    }
    let places: BTreeSet<_> = table.cells.iter().map(|cell| &cell.at).collect();
    if places.len() < table.cells.len() {
        say("a cell is there twice; every cell at most once");
    }
}

fn values(table: &PublishedTable, receipt: &Receipt, say: &mut impl FnMut(&str)) {
    let any =
        |wanted: fn(&PublishedValue) -> bool| table.cells.iter().any(|cell| wanted(&cell.value));
    let outside = |value: &PublishedValue| matches!(value, PublishedValue::Noised { value, low, high } if value < low || value > high);
    if any(outside) {
        say("a number lies outside its own interval");
    }
    let exact = any(|value| matches!(value, PublishedValue::Exact(_)));
    if receipt.regime == Regime::Private && exact {
        say("released as private, but a number in it is exact");
    }
    if receipt.regime != Regime::Private
        && any(|value| matches!(value, PublishedValue::Noised { .. }))
    {
        say("a number in it carries noise, but it was not released as private");
    }
}
