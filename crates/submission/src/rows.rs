//! Lists as CSV: the same rows always give the same bytes, and every problem of a list that was
//! received is named by row and column.
//!
//! Cells are never shown in a problem: a list that is not what it should be may hold anything.

use std::fs;
use std::io;
use std::path::Path;

use records::{CellProblem, Shown};

use crate::{Listed, files};

/// Beyond so many problems nobody reads on.
const MOST_PROBLEMS: usize = 1000;

/// Why a list cannot be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// A row says what a list cannot say.
    #[error("row {row}: {expected}")]
    Row {
        /// The row in sorted order, the header being row 1.
        row: u64,
        /// What it should be.
        expected: String,
    },
    /// The file could not be written.
    #[error("the list could not be written ({0})")]
    Write(#[from] io::Error),
}

/// What is wrong in a row: in which column (empty: the row), and what was expected.
pub(crate) type Wrong = (&'static str, String);

/// Writes a header and rows, private and as a whole.
pub(crate) fn write(
    path: &Path,
    header: &[&str],
    rows: impl ExactSizeIterator<Item = Vec<String>>,
) -> io::Result<Listed> {
    let count = rows.len() as u64;
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(header)?;
    for row in rows {
        writer.write_record(row)?;
    }
    let bytes = writer.into_inner().map_err(|error| io::Error::other(error.to_string()))?;
    files::write(path, &bytes)?;
    let blake3 = blake3::hash(&bytes).to_hex().to_string();
    Ok(Listed { rows: count, bytes: bytes.len() as u64, blake3 })
}

/// Reads a list whose rows each mean a `T`, in strictly rising order.
pub(crate) fn read<T>(
    path: &Path,
    header: &[&'static str],
    row_of: impl Fn(&[&str]) -> Result<T, Vec<Wrong>>,
    rises: impl Fn(&T, &T) -> bool,
) -> Result<Vec<T>, Vec<CellProblem>> {
    let file = path.file_name().map(|name| name.to_string_lossy().into_owned());
    let mut problems = Problems { file: file.unwrap_or_default(), found: Vec::new() };
    let Ok(bytes) = fs::read(path) else {
        problems.add(0, "", "a file that can be read".to_owned());
        return Err(problems.found);
    };
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(&bytes[..]);
    let mut rows: Vec<T> = Vec::new();
    let mut seen = 0;
    for (at, record) in reader.byte_records().enumerate() {
        seen += 1;
        let row = at as u64 + 1;
        // From memory there is no error but this one; bytes that are no text match nothing below.
        let Ok(record) = record else {
            problems.add(row, "", "a row of a CSV file".to_owned());
            break;
        };
        let cells: Vec<&str> =
            record.iter().map(|cell| std::str::from_utf8(cell).unwrap_or("\u{FFFD}")).collect();
        if row == 1 {
            if cells != header {
                problems.add(1, "", format!("the header {}", header.join(",")));
                break;
            }
            continue;
        }
        if cells.len() != header.len() {
            problems.add(row, "", format!("{} cells", header.len()));
            continue;
        }
        match row_of(&cells) {
            Ok(read) => {
                if rows.last().is_some_and(|before| !rises(before, &read)) {
                    problems.add(row, "", "rows in order, none of them twice".to_owned());
                }
                rows.push(read);
            }
            Err(wrong) => {
                for (column, expected) in wrong {
                    problems.add(row, column, expected);
                }
            }
        }
        if problems.found.len() >= MOST_PROBLEMS {
            break;
        }
    }
    if seen == 0 {
        problems.add(1, "", format!("the header {}", header.join(",")));
    }
    if problems.found.is_empty() { Ok(rows) } else { Err(problems.found) }
}

/// A problem of a list that was received.
pub(crate) fn problem(file: &str, row: u64, column: &str, expected: String) -> CellProblem {
    CellProblem {
        file: file.to_owned(),
        row,
        column: column.to_owned(),
        value: Shown::Withheld,
        expected,
        fix: "make the submission again with a current version of Clearway".to_owned(),
    }
}

struct Problems {
    file: String,
    found: Vec<CellProblem>,
}

impl Problems {
    fn add(&mut self, row: u64, column: &str, expected: String) {
        self.found.push(problem(&self.file, row, column, expected));
    }
}
