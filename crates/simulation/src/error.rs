//! What may go wrong. In: refusals of plans and files. Out: [`SimulationError`]. Assumes that the
//! made-up data were checked by the tests; an error in them names file, row and column.

use std::path::PathBuf;

/// Why there is no simulation.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SimulationError {
    /// A number of the plan is outside what can be made.
    #[error("{what} is {value}; choose from {least} to {most}")]
    OutOfRange {
        /// Which number.
        what: &'static str,
        /// What was asked for.
        value: u64,
        /// The smallest that can be made.
        least: u64,
        /// The largest that can be made.
        most: u64,
    },
    /// The last quarter of the period would lie outside the calendar.
    #[error("the period reaches beyond the calendar; choose an earlier first quarter")]
    BeyondCalendar,
    /// The folder holds files that no simulation wrote.
    #[error(
        "{} is not empty and {found} in it is no file of a simulation; choose an empty folder",
        out.display()
    )]
    ForeignFile {
        /// The folder asked for.
        out: PathBuf,
        /// The first such file, relative to the folder.
        found: String,
    },
    /// A file could not be read or written.
    #[error("cannot write {}", path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The compiled-in data of the made-up world do not fit together.
    #[error(transparent)]
    Data(#[from] DataError),
}

/// A cell of the compiled-in data that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}, row {row}, column {column}: \"{value}\" is not {expected}")]
pub struct DataError {
    /// The file in `data/`.
    pub file: &'static str,
    /// Its row, the header being row 1.
    pub row: usize,
    /// Its column.
    pub column: String,
    /// What stands there.
    pub value: String,
    /// What should.
    pub expected: &'static str,
}
