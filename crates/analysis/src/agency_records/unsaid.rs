//! What one side says and the other cannot, counted.
//!
//! In: each [`Unsaid`], row by row. Out: how often each of them, in a fixed order.

use std::collections::BTreeMap;

use records::standards::Unsaid;
use serde::Serialize;

/// One thing that could not be said, and how often.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnsaidCount {
    /// The field or column that says it.
    pub field: &'static str,
    /// The code that it says; withheld where it is no code.
    pub code: String,
    /// Why the other side cannot say it.
    pub why: &'static str,
    /// In how many cells.
    pub cells: u64,
}

/// Everything that could not be said, grouped.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UnsaidCounts(BTreeMap<(&'static str, String, &'static str), u64>);

impl UnsaidCounts {
    /// Counts what a table could not say.
    pub(super) fn extend(&mut self, unsaid: impl IntoIterator<Item = Unsaid>) {
        for one in unsaid {
            self.add(one.field, &one.code.to_string(), one.why);
        }
    }

    pub(super) fn add(&mut self, field: &'static str, code: &str, why: &'static str) {
        *self.0.entry((field, code.to_owned(), why)).or_default() += 1;
    }

    /// How often each, in the order of fields.
    pub fn counts(&self) -> Vec<UnsaidCount> {
        let count = |((field, code, why), cells): (&(&'static str, String, &'static str), &u64)| {
            UnsaidCount { field, code: code.clone(), why, cells: *cells }
        };
        self.0.iter().map(count).collect()
    }
}
