//! The data files: each table as CSV with its CSVW metadata, and the whole report as JSON.

mod csvw;
mod json;
mod table_csv;

pub(super) use csvw::{metadata, title};
pub(super) use json::report_json;
pub(super) use table_csv::table_csv;

/// A total over a column, and a blank: the codes of SDMX.
const TOTAL: &str = "_T";
const BLANK: &str = "_U";

/// What a number's cell says when there is none.
const HIDDEN: &str = "hidden";
const NOT_REPORTED: &str = "not-reported";
