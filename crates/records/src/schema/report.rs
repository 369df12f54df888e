//! Problems on their way out, counted.

use std::io;

use super::{Encoding, SchemaError, header::Fault};
use crate::{CellProblem, Shown};

/// What a check found in all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Summary {
    /// Rows checked, the header not counted.
    pub rows: u64,
    /// Problems handed over.
    pub errors: u64,
    /// Whether there were none.
    pub ok: bool,
    /// The delimiter that the file has.
    pub delimiter: char,
    /// How its characters are stored.
    pub encoding: Encoding,
}

/// Where problems go.
pub(super) struct Report<'a, S> {
    file: &'a str,
    errors: u64,
    sink: &'a mut S,
}

impl<'a, S: FnMut(CellProblem) -> io::Result<()>> Report<'a, S> {
    pub(super) fn new(file: &'a str, sink: &'a mut S) -> Report<'a, S> {
        Report { file, errors: 0, sink }
    }

    #[cold]
    pub(super) fn problem(
        &mut self,
        row: u64,
        column: &str,
        value: Shown,
        expected: impl Into<String>,
        fix: impl Into<String>,
    ) -> Result<(), SchemaError> {
        self.errors += 1;
        (self.sink)(CellProblem {
            file: self.file.to_owned(),
            row,
            column: column.to_owned(),
            value,
            expected: expected.into(),
            fix: fix.into(),
        })
        .map_err(SchemaError::Sink)
    }

    pub(super) fn header(&mut self, fault: Fault) -> Result<(), SchemaError> {
        self.problem(1, &fault.column, fault.value, fault.expected, fault.fix)
    }

    pub(super) fn summary(&self, rows: u64, encoding: Encoding, delimiter: u8) -> Summary {
        let delimiter = char::from(delimiter);
        Summary { rows, errors: self.errors, ok: self.errors == 0, delimiter, encoding }
    }
}
