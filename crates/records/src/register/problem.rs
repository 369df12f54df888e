//! What is wrong with definition files.

use std::fmt;

use crate::{CellProblem, Shown};

/// Everything that is wrong with a set of definition files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterProblems(pub Vec<CellProblem>);

impl fmt::Display for RegisterProblems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for problem in &self.0 {
            writeln!(f, "{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for RegisterProblems {}

/// The problem of one cell.
pub(super) fn problem(
    file: &str,
    row: u64,
    column: &str,
    value: &str,
    expected: &str,
    fix: &str,
) -> CellProblem {
    CellProblem {
        file: file.to_owned(),
        row,
        column: column.to_owned(),
        value: Shown::value(value),
        expected: expected.to_owned(),
        fix: fix.to_owned(),
    }
}
