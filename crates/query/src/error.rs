//! Why a coded table cannot be written or read, or a count not made.

use std::path::PathBuf;

use records::record::RecordKind;

/// Why a coded table cannot be written or read, or a count not made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum QueryError {
    /// The disk, or what lies on it.
    #[error("{path}: {source}")]
    File {
        /// Where.
        path: PathBuf,
        /// What happened.
        source: std::io::Error,
    },
    /// A file that does not read as a coded table.
    #[error("{path} does not read as a table of {kind} records: {what}")]
    NotATable {
        /// Where.
        path: PathBuf,
        /// What it should be.
        kind: RecordKind,
        /// What is wrong.
        what: String,
    },
    /// A file that has no rows of text.
    #[error("{path} cannot be read as a table: {what}")]
    NoText {
        /// Where.
        path: PathBuf,
        /// What is wrong.
        what: String,
    },
    /// A record of another kind than the table's.
    #[error("a {found} record for a table of {expected} records")]
    OtherKind {
        /// The table's kind.
        expected: RecordKind,
        /// The record's kind.
        found: RecordKind,
    },
    /// A table that has other rows than when it came in.
    #[error("{path} has {found} rows, and {expected} came in; restore it from a backup")]
    Rows {
        /// Where.
        path: PathBuf,
        /// Rows when it came in.
        expected: u64,
        /// Rows now.
        found: u64,
    },
    /// A file that a step left for the next is not as it was written.
    #[error(
        "{path} has {found} rows, and {expected} were written; nothing else may change that \
         folder: run again"
    )]
    Partition {
        /// Where.
        path: PathBuf,
        /// Rows that were written.
        expected: u64,
        /// Rows now.
        found: u64,
    },
    /// Members of linkage that cannot be read, or are not in order.
    #[error("who is whom cannot be read: {what}; run `clearway link` again")]
    Members {
        /// What is wrong.
        what: String,
    },
    /// A field that no victim's row holds as a code.
    #[error("victims' rows hold no code of \"{field}\"")]
    NoSuchField {
        /// The field asked for.
        field: String,
    },
    /// The query engine.
    #[error("the query engine failed: {0}")]
    Engine(#[from] datafusion::error::DataFusionError),
}
