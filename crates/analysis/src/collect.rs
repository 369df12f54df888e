//! Collect: files → returns in the store, or every error of every file.
//!
//! | step | in → out |
//! |---|---|
//! | [`files`](fn@files) | paths and folders → the files to look at, in order |
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
pub(crate) use one_file::look_at_rows;
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
/// Of the files that only their folder named, those that are no table by their name are not opened
/// and have no bytes here.
///
/// # Errors
///
/// What the system says, and that something in a folder is no file: a pipe would be waited for
/// without end.
pub fn bytes_of(file: &InputFile) -> io::Result<Vec<u8>> {
    use io::Read;
    let mut bytes = Vec::new();
    if !file.named {
        if !read::is_table_file(&file.path) {
            return Ok(bytes);
        }
        if !std::fs::metadata(&file.path)?.is_file() {
            return Err(io::Error::other("a pipe, socket or device"));
        }
    }
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
                    value: Shown::value(&conflict.said),
                    expected: format!(
                        "the answer that return {} ({}) gives to {}",
                        conflict.return_id, conflict.file_name, conflict.figure
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
