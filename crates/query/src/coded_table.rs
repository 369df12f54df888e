//! A coded table of a store, as whoever may read it registers it.
//!
//! In: whose it is, which submission brought it, where it lies, how many rows it had then. Out: a
//! [`CodedTable`], without which nothing is counted.

use std::path::PathBuf;

/// A coded table that may be counted.
///
/// Nobody makes one by writing down a path:
///
/// ```compile_fail
/// let path = std::path::PathBuf::from("received/harbor/1-abc/victims.parquet");
/// let table = query::CodedTable { agency: 0, sequence: 1, path, rows: 12 };
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodedTable {
    pub(crate) agency: u16,
    pub(crate) sequence: u64,
    pub(crate) path: PathBuf,
    pub(crate) rows: u64,
}

impl CodedTable {
    /// Registers a table: of an agency, by any number of the caller's; of the agency's submission of a
    /// number; where it lies; with how many rows it came in.
    ///
    /// Whoever calls this answers for the right to read it. In Clearway that is one place, which has a
    /// scope of the store (`analysis::tables`); `clippy.toml` refuses the call everywhere else.
    pub fn registered(agency: u16, sequence: u64, path: PathBuf, rows: u64) -> CodedTable {
        CodedTable { agency, sequence, path, rows }
    }
}
