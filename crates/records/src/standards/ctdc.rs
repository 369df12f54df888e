//! Tables with the 63 columns of the global dataset of the Counter-Trafficking Data Collaborative
//! (CTDC), in and out.
//!
//! In: a table whose header has the dataset's column names, whatever their case, two names misspelt
//! in old downloads among them, with the agency's own number in `reference`, `id` or `case_id`, and
//! the day in `date` or else [`Defaults::date`]: the dataset states only the year of registration.
//! Out: records of victims that carry every cell as it was written, or every problem of every cell.
//! And back: one row for each record.
//!
//! A cell that is empty, `-99`, `0`, `null` or `NA` says nothing that a record of ours could: our
//! lists name what was found. A column that repeats 0/1 columns in words must say the same as they
//! do. The age is that at exploitation, or else at entry, or else at registration.

mod columns;
mod shape;

pub use columns::{Column, columns};

use shape::Ctdc;

use super::{Defaults, TakenIn, Written, rows};
use crate::CellProblem;
use crate::record::AgencyRecord;
use crate::returns::Table;

/// Reads a table.
///
/// # Errors
///
/// Every column that is unknown, and every cell that cannot stand or contradicts another, its value
/// withheld.
pub fn read(table: Table<'_>, defaults: &Defaults) -> Result<TakenIn, Vec<CellProblem>> {
    rows::read::<Ctdc>(table, defaults)
}

/// Writes records of victims as a table with every column of the dataset, for the agency's own
/// files. `defaults` are those with which it would be read again.
pub fn write(records: &[AgencyRecord], defaults: &Defaults) -> Written {
    rows::write::<Ctdc>(records, defaults)
}
