//! Collect: files → returns in the store, or every error of every file.
//!
//! | step | in → out |
//! |---|---|
//! | [`files`] | paths and folders → the files to look at, in order |
//! | [`read`](mod@read) | bytes → tables |
//! | [`look`] | one file → a checked return, a reason to pass it by, or all its problems |
//! | [`import`] | one checked return → the store, as one transaction |

mod files;
mod one_file;
pub mod read;

use std::io;

use jiff::Timestamp;
use records::{CellProblem, Shown};
use store::{Accepted, NewReturn, ReturnState, Scope, Store, StoreError};

pub use files::{InputFile, files};
pub use one_file::{Looked, Recognition, look};

/// What became of one file.
#[derive(Debug, Clone)]
pub enum Collected {
    /// It is in.
    Imported {
        /// The return's number.
        id: i64,
        /// Its figures.
        figures: usize,
        /// What was taken in.
        new: Box<NewReturn>,
    },
    /// The same bytes were in already; nothing has changed.
    Already {
        /// The return's number.
        id: i64,
        /// Its state.
        state: ReturnState,
    },
    /// Not for this route.
    Skipped {
        /// Why.
        reason: String,
        /// The mappings that could read it.
        candidates: Vec<String>,
    },
    /// Nothing of it is in.
    Refused {
        /// Every problem.
        problems: Vec<CellProblem>,
    },
}

/// Reads a file's bytes, no more than [`read::LARGEST_FILE`] of them and one.
///
/// # Errors
///
/// What the system says.
pub fn bytes_of(file: &InputFile) -> io::Result<Vec<u8>> {
    use io::Read;
    let mut bytes = Vec::new();
    let limit = read::LARGEST_FILE as u64 + 1;
    std::fs::File::open(&file.path)?.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Takes a checked return in, or says which of its figures another return answers otherwise.
///
/// # Errors
///
/// [`StoreError`], except for conflicts, which are problems of the file.
pub async fn import(
    store: &Store,
    scope: &Scope,
    file: &str,
    new: Box<NewReturn>,
    corrects: Option<(i64, &str)>,
    at: Timestamp,
) -> Result<Collected, StoreError> {
    match store.accept(scope, &new, corrects, at).await {
        Ok(Accepted::New(id)) => {
            Ok(Collected::Imported { id, figures: new.checked.figures.len(), new })
        }
        Ok(Accepted::Already(id, state)) => Ok(Collected::Already { id, state }),
        Err(StoreError::Conflicts(conflicts)) => {
            let problems = conflicts
                .into_iter()
                .map(|conflict| CellProblem {
                    file: file.to_owned(),
                    row: conflict.row,
                    column: conflict.column,
                    value: Shown::value(&conflict.figure.0),
                    expected: format!(
                        "a question that no return has answered otherwise; return {} ({}) has",
                        conflict.return_id, conflict.file_name
                    ),
                    fix: format!(
                        "if this corrects it: import with --corrects {} --why \"…\"; if it is later news, give a later as_of date",
                        conflict.return_id
                    ),
                })
                .collect();
            Ok(Collected::Refused { problems })
        }
        Err(error) => Err(error),
    }
}
