//! What is wrong with a file of people.
//!
//! Every fault says where it is, what was expected and how to mend it. No fault says what stood
//! there: a cell of such a file is personal.

use std::fmt;

use super::header::HeaderError;

/// How many faults are listed one by one; the rest is counted.
pub const FAULTS_LISTED: usize = 100;

/// A file of people that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PeopleError {
    /// The header has faults.
    #[error(transparent)]
    Header(#[from] HeaderError),
    /// There are more rows than can be numbered.
    #[error("the file has {rows} rows; at most {limit} can be linked at once: split it")]
    TooManyRows {
        /// Rows of the file.
        rows: usize,
        /// The most there may be.
        limit: usize,
    },
    /// Rows have faults: the first of them, and how many there are.
    #[error("{}", listed(.faults, *.count))]
    Faults {
        /// The first [`FAULTS_LISTED`] of them, in the order of the file.
        faults: Vec<Fault>,
        /// How many there are in all.
        count: usize,
        /// How many of all are dates of birth that are none.
        dates: usize,
    },
}

fn listed(faults: &[Fault], count: usize) -> String {
    let mut text = String::new();
    for fault in faults {
        text.push_str(&format!("{fault}\n"));
    }
    match count - faults.len() {
        0 => text.pop(),
        more => {
            text.push_str(&format!("and {more} more"));
            None
        }
    };
    text
}

/// One fault of one cell or row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The row, counted as a spreadsheet does: the header is row 1.
    pub row: usize,
    /// The column's name; none when the whole row is meant.
    pub column: Option<String>,
    /// What is wrong.
    pub kind: FaultKind,
}

/// What is wrong with a cell or a row.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FaultKind {
    /// Not UTF-8.
    #[error("expected text in UTF-8; save the file as \"CSV UTF-8\"")]
    NotUtf8,
    /// A cell that is too long to be what its column says.
    #[error("expected at most {limit} bytes, found {bytes}; a quotation mark is probably missing")]
    TooLong {
        /// Bytes of the cell.
        bytes: usize,
        /// The most there may be.
        limit: usize,
    },
    /// No date.
    #[error("expected {expected}, from 1850 to 2150; correct or empty it")]
    NoDate {
        /// How it is to be written.
        expected: String,
    },
    /// The row has more or fewer cells than the header.
    #[error(
        "expected {expected} cells as in the header, found {found}; look for a comma that is not quoted"
    )]
    Cells {
        /// Cells of the header.
        expected: usize,
        /// Cells of the row.
        found: usize,
    },
    /// Another row of the same agency has this record id.
    #[error(
        "expected ids that differ within an agency, but row {first} has the same one; correct the id or remove one row"
    )]
    SameId {
        /// The row that has it first.
        first: usize,
    },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.column {
            Some(column) => write!(f, "row {}, column {column}: {}", self.row, self.kind),
            None => write!(f, "row {}: {}", self.row, self.kind),
        }
    }
}
