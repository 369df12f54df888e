//! A coded table as it came: every problem, and the cells of totals that it fills.
//!
//! In: a file that a stranger may have made, and what its manifest says of it. Out: what is wrong
//! with it, by row and column and without any value; or the cells that its records fill, to be set
//! against the agency's totals. Read once from end to end, in memory that grows with nothing but
//! the number of different ids. Whatever the bytes are, the answer is an error and no panic.
//!
//! | module | what |
//! |---|---|
//! | `file` | bytes to batches of rows, with limits on what a file may ask for |
//! | `footer` | the end of a file, before anybody believes its counts |
//! | `row` | a row to its codes and ids, or problems |
//! | `keys` | that no record stands there twice |
//! | `cells` | rows to cells of totals |

use std::collections::{BTreeMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use records::Quarter;
use records::record::{OpaqueId, RecordKind};

use crate::{Cell, CellKey, QueryError};

mod cells;
mod file;
mod footer;
mod keys;
mod row;

/// How many problems are told one by one.
const PROBLEMS_TOLD: usize = 100;

/// What a table is expected to be, by its manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpectedTable {
    /// The kind of its records.
    pub kind: RecordKind,
    /// The first quarter of the submission.
    pub first: Quarter,
    /// The last quarter of the submission.
    pub last: Quarter,
    /// How many rows.
    pub rows: u64,
    /// Whether every row must name the last day of the release under which it came.
    pub with_release: bool,
}

/// Something wrong with a table. No value of a cell is in it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct TableProblem {
    /// The row, from 1; 0 speaks of the table.
    pub row: u64,
    /// The column; empty for the row or table.
    pub column: String,
    /// What was expected.
    pub expected: String,
}

/// What a look at a table found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TableChecked {
    /// The problems, the first hundred of them.
    pub problems: Vec<TableProblem>,
    /// How many more there are.
    pub more_problems: u64,
    /// The cells that it fills: for the whole table and for each quarter, all records and each
    /// field that leaves as a code.
    pub cells: BTreeMap<CellKey, Cell>,
    /// The different ids in it: of its records, of victims the people.
    pub ids: HashSet<OpaqueId>,
}

/// Reads a table through once, in bounded memory.
///
/// Of a table with more rows than expected only as many are looked at.
///
/// # Errors
///
/// [`QueryError::File`], [`QueryError::NotATable`].
pub fn check_table(path: &Path, expected: &ExpectedTable) -> Result<TableChecked, QueryError> {
    // The reader of the format answers broken bytes with errors as far as its authors thought of
    // them; where they did not it panics, and that is the same answer.
    catch_unwind(AssertUnwindSafe(|| read_through(path, expected))).unwrap_or_else(|_| {
        let what = "it is damaged; ask for it to be sent again".to_owned();
        Err(QueryError::NotATable { path: path.to_owned(), kind: expected.kind, what })
    })
}

fn read_through(path: &Path, expected: &ExpectedTable) -> Result<TableChecked, QueryError> {
    let mut problems = Problems::default();
    let table = file::open(path, expected)?;
    if table.rows != expected.rows {
        let rows = format!("{} rows, as the manifest says, and not {}", expected.rows, table.rows);
        problems.add(0, "", rows);
    }
    let mut reader = row::Rows::new(expected);
    let mut keys = keys::Keys::new(expected.kind);
    let mut cells = cells::Cells::new(expected.kind);
    let mut number = 0;
    for batch in table.batches {
        let batch = batch.map_err(|_| file::damaged(path, expected.kind))?;
        let columns = reader.columns(&batch).ok_or_else(|| file::damaged(path, expected.kind))?;
        for at in 0..batch.num_rows() {
            number += 1;
            let row = reader.read(&columns, at, number, &mut problems);
            keys.check(&row, number, &mut problems);
            cells.count(&row);
        }
    }
    if number < expected.rows.min(table.rows) {
        return Err(file::damaged(path, expected.kind));
    }
    let Problems { told, more } = problems;
    Ok(TableChecked {
        problems: told,
        more_problems: more,
        cells: cells.finish(),
        ids: keys.finish(),
    })
}

/// Problems as they are found.
#[derive(Default)]
struct Problems {
    told: Vec<TableProblem>,
    more: u64,
}

impl Problems {
    fn add(&mut self, row: u64, column: &str, expected: impl Into<String>) {
        if self.told.len() < PROBLEMS_TOLD {
            let (column, expected) = (column.to_owned(), expected.into());
            self.told.push(TableProblem { row, column, expected });
        } else {
            self.more += 1;
        }
    }
}
