//! Made-up figures and returns.

use std::collections::BTreeMap;

use jiff::Timestamp;
use records::returns::Checked;
use records::{Answer, Dimension, Figure, Origin, Part, Standing, Unit};
use store::{NewReturn, Scope};

pub(crate) fn at() -> Timestamp {
    "2026-11-22T10:00:00Z".parse().unwrap()
}

pub(crate) fn scope() -> Scope {
    Scope::command_line("tester")
}

pub(crate) fn figure(reporter: &str, period: &str, value: i64) -> Figure {
    Figure {
        measure: "victim_identified".to_owned(),
        reporter: reporter.to_owned(),
        unit: Unit::Count,
        period: period.parse().unwrap(),
        dimensions: BTreeMap::new(),
        answer: Answer::exactly(value),
        as_said: value.to_string(),
        as_of: None,
        part: Part::Cell,
        origin: Origin { row: 2, column: "value".to_owned() },
        note: None,
    }
}

pub(crate) fn by(mut figure: Figure, dimension: Dimension, code: &str) -> Figure {
    figure.dimensions.insert(dimension, code.to_owned());
    figure
}

pub(crate) fn sent(digest: &str, figures: Vec<Figure>) -> NewReturn {
    NewReturn {
        digest: digest.repeat(16),
        file_name: format!("{digest}.csv"),
        mapping: "clearway-return".to_owned(),
        document: None,
        definition_version: "2026.1".to_owned(),
        standing: Standing::Submitted,
        checked: Checked { rows: figures.len() as u64, figures, ..Checked::default() },
    }
}
