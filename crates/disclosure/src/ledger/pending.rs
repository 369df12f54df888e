//! A release that was begun.

use std::path::PathBuf;

use super::day::is_day;
use super::entry::{Event, FileDigest};
use super::error::LedgerError;
use super::{file, read_back};
use crate::released::{Receipt, Regime};

/// A release that was begun and is spent. Completing it gives the receipt without which nothing is
/// released; leaving it gives nothing back.
#[derive(Debug)]
#[must_use = "a release that is not completed is spent and never released"]
pub struct Pending {
    path: PathBuf,
    number: u64,
    regime: Regime,
}

impl Pending {
    pub(super) fn new(path: PathBuf, number: u64, regime: Regime) -> Pending {
        Pending { path, number, regime }
    }

    /// The number of the line that began it.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Writes down what files the release has. They must be on the disk, as they will stay.
    ///
    /// # Errors
    /// No files, names that leave the directory, something that is no day; a ledger that no longer
    /// verifies, a disk that refuses.
    pub fn complete(self, files: Vec<FileDigest>, day: &str) -> Result<Receipt, LedgerError> {
        let mut faults: Vec<String> = files.iter().filter_map(read_back::fault_of_name).collect();
        if files.is_empty() {
            faults.push("the release has no files".to_owned());
        }
        if !is_day(day) {
            faults.push(format!("the day must be YYYY-MM-DD, not \"{day}\""));
        }
        if !faults.is_empty() {
            return Err(LedgerError::Invalid(faults));
        }
        let chain = file::append(&self.path, |chain| {
            let pending = chain
                .entries
                .iter()
                .any(|entry| entry.number == self.number && entry.completed.is_none());
            if !pending {
                return Err(LedgerError::NotPending(self.number));
            }
            Ok(Event::Completed { begun: self.number, day: day.to_owned(), files })
        })?;
        Ok(Receipt {
            data_set: chain.data_set.name.clone(),
            entry: self.number,
            hash: chain.head.clone(),
            regime: self.regime,
            day: day.to_owned(),
        })
    }
}
