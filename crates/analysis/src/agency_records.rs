//! An agency's own records, in and out.
//!
//! In: files of single records, names included: CSV, XLSX, ODS, JSON lines or Parquet, in our
//! fields or in those of HTCDS or CTDC; and the signed papers beside them. Out: records in the
//! agency's own store, or every problem of every file; and the agency's own files again.
//!
//! | step | in → out |
//! |---|---|
//! | `input` | a path → bytes with a digest and a format |
//! | `table` | bytes → header and rows of text, one at a time (`json_lines` for that format) |
//! | [`recognise`] | a file's name or header → what it holds |
//! | `take` | rows → records, problems, and what our fields cannot say |
//! | [`check`](fn@check) | a file → everything about it, with nothing changed |
//! | [`import`](fn@import) | a checked file → the store, all of it or nothing |
//! | [`papers`](self::read_modes) | `disclosure_modes.csv`, `releases.csv`, `orders.csv` |
//! | [`export`](fn@export) | the store → a file of the agency's own |
//!
//! A file is read twice: once to find every error, and once more to take it in. What it says is
//! never part of a message: rows and columns are. Memory is flat for CSV, JSON lines and Parquet;
//! a workbook is read whole, within its limits.

mod check;
mod export;
mod import;
mod input;
mod json_lines;
mod papers;
mod problems;
mod recognise;
mod table;
mod take;
mod unsaid;

pub use check::{Checked, check};
pub use export::{Export, ExportError, ExportFormat, Exported, export};
pub use import::{Destination, Earlier, ImportError, Outcome, import};
pub use input::Input;
pub use papers::{
    check_modes, check_orders, check_releases, read_modes, read_orders, read_releases,
    take_releases,
};
pub use problems::{MOST_KEPT, Problems};
pub use recognise::{What, recognise};
pub use table::header;
pub use take::Take;
pub use unsaid::{UnsaidCount, UnsaidCounts};
