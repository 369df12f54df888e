//! Through the gate and the ledger onto the disk, and back.
//!
//! In: real rows, what is to be released of them ([`Candidate`](crate::gate::Candidate)) and a [`Request`]. Out: files, an
//! entry in the ledger and a [`Publication`]; read back ([`read`]), a release is
//! [`Released`](crate::Released) if every file of it is what the ledger says.
//!
//! | step | exact ([`publish_exact`]) | with noise ([`publish_private`]) |
//! |---|---|---|
//! | 1 | attacked; refused, nothing is spent | spent |
//! | 2 | written into the ledger | drawn |
//! | 3 | files | attacked; refused, it stays spent and nothing is written |
//! | 4 | completed | files, completed |
//!
//! Whatever was released of the data set before takes part: files of an earlier release that are
//! missing or changed are a refusal, since nothing can then be said of both together.

mod describe;
mod publish;
mod read;
#[cfg(test)]
mod tests;

use std::path::PathBuf;

pub use describe::{Contents, Description};
pub use publish::{Drawn, Publication, publish_exact, publish_private};
pub use read::{
    Checked, earlier, read, read_unverified, released_estimate, released_tables, verify,
};

use crate::aggregates::AggregateFileError;
use crate::gate::GateReport;
use crate::ledger::{LedgerError, Part};
use crate::{ReadError, TableFileError};

/// What somebody wants to release, but for the numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Its name, once in a data set.
    pub name: String,
    /// The day, `YYYY-MM-DD`.
    pub day: String,
    /// Where it goes.
    pub out: Out,
    /// What is published or drawn, each with its cost.
    pub parts: Vec<Part>,
}

/// Where a release goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Out {
    /// Into a folder of its own, which must be empty or not there.
    Folder(PathBuf),
    /// Into one CSV file, with its description beside it.
    File(PathBuf),
}

/// Why nothing was released.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReleaseError {
    /// An attack works, or could not be carried out.
    #[error("the gate refuses\n{0}")]
    Refused(Box<GateReport>),
    /// The ledger.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// An earlier release, which would have to be known to say what this one gives away.
    #[error("release \"{name}\" of before: {why}")]
    Earlier {
        /// Its name.
        name: String,
        /// What is wrong with it.
        why: Box<ReleaseError>,
    },
    /// What should be released could not be made.
    #[error("{0}")]
    Drawing(String),
    /// A folder with something in it.
    #[error("{0} is there already; a release goes into a folder of its own, or under a new name")]
    Occupied(PathBuf),
    /// The disk.
    #[error("cannot {what} {path}: {source}")]
    Disk {
        /// What was tried.
        what: &'static str,
        /// With which file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// No description of a release, or one of another version.
    #[error("{path} does not describe a release: {what}")]
    NotARelease {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        what: String,
    },
    /// A table of the release.
    #[error("{file}: {source}")]
    Table {
        /// Its file.
        file: String,
        /// What is wrong.
        source: TableFileError,
    },
    /// Rows of the release.
    #[error("{file}: {source}")]
    Rows {
        /// Their file.
        file: String,
        /// What is wrong.
        source: ReadError,
    },
    /// Aggregates of the release.
    #[error("{file}: {source}")]
    Aggregates {
        /// Their file.
        file: String,
        /// What is wrong.
        source: AggregateFileError,
    },
}
