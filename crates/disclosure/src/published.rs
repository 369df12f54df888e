//! A table of counts or amounts with all its margins, as it may be shown.

use serde::{Deserialize, Serialize};

/// A table of counts or amounts over one or more dimensions, every margin included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedTable {
    /// A short name, which is also its file's.
    pub name: String,
    /// What is counted, such as "people" or "incidents"; of amounts their unit, such as "dollars".
    pub counted: String,
    /// The column whose amounts are added up; nothing where rows are counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<String>,
    /// Its dimensions, in order.
    pub dimensions: Vec<PublishedDimension>,
    /// Its cells, totals included, each at most once.
    pub cells: Vec<PublishedCell>,
}

/// One dimension of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedDimension {
    /// The column's name.
    pub name: String,
    /// What a cell may stand for: categories, groups of a hierarchy, and the blank as an empty word.
    pub categories: Vec<String>,
    /// For each category the place of the group that it belongs to, if there is a hierarchy.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parents: Vec<Option<usize>>,
}

/// Where a cell stands: for each dimension the place of a category, or nothing for its total.
pub type CellKey = Vec<Option<usize>>;

/// One cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedCell {
    /// Where it stands.
    pub at: CellKey,
    /// What it shows.
    pub value: PublishedValue,
}

/// What a cell shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PublishedValue {
    /// The count itself.
    Exact(u64),
    /// The count rounded, and how far from it the truth may be.
    Rounded {
        /// The rounded count.
        value: u64,
        /// The truth is at most this much less or more.
        within: u64,
    },
    /// The count with noise, and an interval that follows from the scale of the noise alone.
    Noised {
        /// The count that is printed.
        value: u64,
        /// The low end of the interval.
        low: u64,
        /// Its high end.
        high: u64,
    },
    /// Nothing, and why.
    Hidden(WhyHidden),
}

/// Why a cell shows nothing.
///
/// The two ways of being hidden by suppression look alike to a reader: which is which would say
/// that a cell is small.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhyHidden {
    /// Too few people, or it would give away a cell of too few.
    Suppressed,
    /// The source does not say.
    NotReported,
}

impl PublishedValue {
    /// The number that is printed, if there is one.
    pub fn number(self) -> Option<u64> {
        match self {
            PublishedValue::Exact(number)
            | PublishedValue::Rounded { value: number, .. }
            | PublishedValue::Noised { value: number, .. } => Some(number),
            PublishedValue::Hidden(_) => None,
        }
    }
}

impl PublishedTable {
    /// Whether it counts these, one for each row.
    pub fn counts(&self, what: &str) -> bool {
        self.amount.is_none() && self.counted == what
    }

    /// The cell at a place; `at` has one entry for each dimension.
    pub fn at(&self, at: &[Option<usize>]) -> Option<PublishedValue> {
        self.cells.iter().find(|cell| cell.at == at).map(|cell| cell.value)
    }
}
