//! Checks a table of any size against a schema, in bounded memory.
//!
//! In: a schema ([`Schema::from_json`]) and a CSV file. Out: every [`CellProblem`] in the file,
//! handed over as it is found, and a [`Summary`]. Memory stays the same whatever the number of
//! rows or problems: uniqueness is exact and spills to disk.
//!
//! The schema is a [Table Schema](https://specs.frictionlessdata.io/table-schema/): fields of the
//! types string, integer, number, boolean, date, year and yearmonth; the constraints required,
//! unique, enum, minimum, maximum, minLength, maxLength and pattern (which must match the whole
//! cell); missingValues; primaryKey. To these it adds `dialect` (`{"delimiter": ";"}`; without it
//! the header line decides) and `rules` across columns:
//!
//! ```json
//! {"name": "minors are victims", "left": "minors", "operator": "<=", "right": "victims"}
//! {"name": "closed has a result", "left": "result", "operator": "!=", "value": "none",
//!  "when": {"field": "status", "equals": "closed"}}
//! {"name": "ages add up", "sum": ["adults", "minors", "age_unknown"], "equals": "victims"}
//! ```
//!
//! A rule is not applied where one of its cells is missing or wrong in itself. What the schema
//! says and this module does not check is an error, never passed over.
//!
//! | file | step |
//! |---|---|
//! | `definition` | JSON into a [`Schema`], all its faults at once |
//! | `source` | bytes into UTF-8: byte-order mark, Windows-1252 |
//! | `rows` | text into batches of rows and cells, on a thread of its own |
//! | `header` | delimiter, and which column is which field |
//! | `field`, `scalar`, `codes` | one cell against one field |
//! | `rule` | one row against the rules |
//! | `distinct`, `spill` | the whole column against itself |
//! | `report` | problems on their way out, counted |
//! | `row_check` | all of these for each row |
//! | `check` | the steps in order |
//!
//! `text_rows` gives the rows alone, to whoever knows better what the cells mean.
//!
//! # Examples
//!
//! ```
//! use records::schema::{Schema, check};
//!
//! let schema = Schema::from_json(
//!     br#"{"fields": [{"name": "county"}, {"name": "victims", "type": "integer"}]}"#,
//! )?;
//! let file = std::io::Cursor::new("county,victims\nKern,3\nKings,some\n");
//! let mut problems = Vec::new();
//! let summary = check(file, &schema, "q1.csv", &mut |problem| Ok(problems.push(problem)), &mut |_| ())?;
//! assert_eq!((summary.rows, summary.errors, summary.ok), (2, 1, false));
//! assert_eq!((problems[0].row, problems[0].column.as_str()), (3, "victims"));
//! # Ok::<(), records::schema::SchemaError>(())
//! ```
//!
//! [`CellProblem`]: crate::CellProblem

mod check;
mod codes;
mod definition;
mod distinct;
mod error;
mod explain;
mod field;
mod header;
mod report;
mod row_check;
mod rows;
mod rule;
mod scalar;
mod source;
mod spill;
#[cfg(test)]
mod tests;
mod text_rows;

pub use check::check;
pub use definition::Schema;
pub use error::SchemaError;
pub use report::Summary;
pub use source::Encoding;
pub use text_rows::{RowFlaw, TextRow, TextRows};
