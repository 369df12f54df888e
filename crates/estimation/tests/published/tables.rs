//! The tables of `data/published`, and what is expected of them.

use estimation::{CaptureHistories, read_histories};
use serde_json::Value;

/// A table by its file's name.
pub(crate) fn table(name: &str) -> CaptureHistories {
    let path = format!("{}/data/published/{name}.csv", env!("CARGO_MANIFEST_DIR"));
    let file = std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let mut read = read_histories(&file, None).expect("a table");
    assert_eq!(read.tables.len(), 1);
    read.tables.remove(0).histories
}

/// Everything that is expected with a method, by `expected.json`.
pub(crate) fn expected(method: &str) -> Vec<Value> {
    let file = include_str!("../../data/published/expected.json");
    let all: Vec<Value> = serde_json::from_str(file).expect("JSON");
    let found: Vec<Value> = all.into_iter().filter(|one| one["method"] == method).collect();
    assert!(!found.is_empty(), "nothing expected of {method}");
    found
}

/// Fails unless two numbers are equal to six significant digits.
pub(crate) fn assert_six_digits(what: &str, found: f64, expected: f64) {
    assert!(
        (found - expected).abs() <= 5e-7 * expected.abs().max(1e-12) * 1.2,
        "{what}: found {found}, expected {expected}"
    );
}
