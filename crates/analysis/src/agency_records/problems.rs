//! What is wrong with a file of records.
//!
//! In: problems, as they are found. Out: the first of them, and how many there are in all.

use records::CellProblem;

/// Problems of one file that are kept; those after them are only counted.
pub const MOST_KEPT: usize = 10_000;

/// What is wrong with a file: nothing of it goes in while there is anything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Problems {
    /// The first [`MOST_KEPT`] of them.
    pub first: Vec<CellProblem>,
    /// How many there are.
    pub total: u64,
}

impl Problems {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.total == 0
    }

    /// Adds problems.
    pub fn extend(&mut self, problems: impl IntoIterator<Item = CellProblem>) {
        for problem in problems {
            self.total += 1;
            if self.first.len() < MOST_KEPT {
                self.first.push(problem);
            }
        }
    }
}

impl From<CellProblem> for Problems {
    fn from(problem: CellProblem) -> Problems {
        Problems { first: vec![problem], total: 1 }
    }
}

impl IntoIterator for Problems {
    type Item = CellProblem;
    type IntoIter = std::vec::IntoIter<CellProblem>;

    fn into_iter(self) -> Self::IntoIter {
        self.first.into_iter()
    }
}
