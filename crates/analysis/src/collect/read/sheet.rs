//! What is read, and what comes of it.

use std::fmt;

use records::{CellProblem, Shown};

use super::refusal::Refusal;

/// The most cells that one table may have, empty ones between others included.
pub const MOST_CELLS: usize = 2_000_000;

/// One table as it stands in a file, every cell as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// The file as it was named.
    pub file: String,
    /// The sheet's name; empty for CSV and JSON.
    pub name: String,
    /// Whether the workbook hides the sheet.
    pub hidden: bool,
    /// The column names.
    pub header: Vec<String>,
    /// The row in which the header stands, counted from 1.
    pub header_row: u64,
    /// The rows that are not wholly empty, each with as many cells as the header.
    pub rows: Vec<Row>,
}

/// One row of a table. Its `Debug` withholds the cells: they may be about a person.
#[derive(Clone, PartialEq, Eq)]
pub struct Row {
    /// The row as a spreadsheet shows it, counted from 1, the header included.
    pub number: u64,
    /// The cells, trimmed, in the order of the header.
    pub cells: Vec<String>,
    /// Whether the cells may stand under the wrong names: the text has a cell too many or too few
    /// here, or a quote that is never closed.
    pub misplaced: bool,
}

impl fmt::Debug for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Row {} of {} cells [withheld]", self.number, self.cells.len())
    }
}

/// A file's tables and problems, both as far as they could be read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// The tables. With problems present they serve to recognise the file, never to import it.
    pub sheets: Vec<Sheet>,
    /// Every problem.
    pub problems: Vec<CellProblem>,
}

/// The file being read.
pub(super) struct File<'a> {
    pub(super) name: &'a str,
    /// Whether a header is a known column that is not about a person.
    pub(super) known: &'a dyn Fn(&str) -> bool,
}

impl File<'_> {
    /// The problem of a file that cannot be read.
    pub(super) fn refused(&self, refusal: Refusal) -> CellProblem {
        CellProblem {
            file: self.name.to_owned(),
            row: 0,
            column: String::new(),
            value: Shown::Value(refusal.found.to_owned()),
            expected: refusal.expected.to_owned(),
            fix: refusal.fix.to_owned(),
        }
    }
}
