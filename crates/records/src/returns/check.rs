//! A table and its mapping → figures, or every error at once.
//!
//! In: a [`Table`] as it stands in its file and the [`Mapping`] that reads it. Out: [`Checked`]:
//! the figures, the agency's own classifications, and the totals that were cross-footed. Nothing
//! is guessed, and a file with one error gives no figures at all.

mod counts;
mod header;
mod row_head;
mod totals;

use std::collections::{BTreeMap, HashSet};

use jiff::civil::Date;

use super::{Column, Mapping, Role};
use crate::register::{Register, Version};
use crate::{CellProblem, Dimension, Figure, FigureId, Period, Shown, person};

/// A table as it stands in its file.
#[derive(Debug, Clone, Copy)]
pub struct Table<'a> {
    /// The file's name, for messages.
    pub file: &'a str,
    /// The row in which the header stands.
    pub header_row: u64,
    /// The header.
    pub header: &'a [String],
    /// The rows with their numbers.
    pub rows: &'a [(u64, Vec<String>)],
}

/// What a return holds, once checked.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Checked {
    /// The figures, in order of rows and columns.
    pub figures: Vec<Figure>,
    /// The agency's own classifications, beside the state's.
    pub classifications: Vec<Classification>,
    /// The totals and what their cells add up to.
    pub cross_footed: Vec<CrossFoot>,
    /// Rows read, examples not counted.
    pub rows: u64,
}

/// An agency's own word for what the state classifies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Classification {
    /// The figure.
    pub figure: FigureId,
    /// The agency's word.
    pub agency: String,
    /// The state's code, absent when the row states none.
    pub state: Option<String>,
    /// Whether both say the same.
    pub agrees: bool,
}

/// A total that a table states, and the sum of its cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrossFoot {
    /// The total's figure.
    pub total: FigureId,
    /// What the table states.
    pub stated: i64,
    /// What its cells add up to.
    pub summed: i64,
    /// How many cells were added.
    pub cells: usize,
}

/// Reads a table by its mapping.
///
/// Costs one pass over the cells, and one over each total's group.
///
/// # Errors
///
/// Every problem of the table, in order of rows: columns missing, unknown or about a person;
/// periods, codes and counts that cannot be read; figures answered twice; totals that are not the
/// sum of their cells.
pub fn check(
    table: Table<'_>,
    mapping: &Mapping,
    register: &Register,
) -> Result<Checked, Vec<CellProblem>> {
    let mut reader = Reader::new(table, mapping, register);
    reader.check_header();
    let whole = reader.problems.is_empty();
    for (number, cells) in table.rows {
        reader.read_row(*number, cells);
    }
    // With columns missing or wrong, rows cannot be told apart, and no total can be judged.
    if whole {
        reader.finish_totals();
        reader.find_doubles();
        reader.cross_foot_columns();
        reader.cross_foot_rows();
        if table.rows.is_empty() {
            reader.problem(
                table.header_row,
                "",
                Shown::Value(String::new()),
                "at least one row under the header",
                "fill in the return, or leave the file out",
            );
        }
    }
    if reader.problems.is_empty() {
        Ok(reader.checked)
    } else {
        reader.problems.sort_by_key(|problem| problem.row);
        Err(reader.problems)
    }
}

/// What a row says before its counts are read.
struct RowHead {
    number: u64,
    period: Option<Period>,
    reporter: Option<String>,
    as_of: Option<Date>,
    dimensions: BTreeMap<Dimension, String>,
    note: Option<String>,
    agency_classification: Option<String>,
    is_total: bool,
}

struct Reader<'a> {
    table: Table<'a>,
    mapping: &'a Mapping,
    register: &'a Register,
    version: &'a Version,
    /// Per column of the table: the mapping's column.
    columns: Vec<Option<&'a Column>>,
    problems: Vec<CellProblem>,
    /// Rows of which something could not be read: what they would add to a total is not known.
    unread: HashSet<u64>,
    checked: Checked,
    /// Figures of total rows, whose period is that of their cells.
    totals: Vec<Figure>,
    /// Per total column's figure: the row and the columns it is the sum of.
    column_totals: Vec<(usize, &'a [String])>,
}

impl<'a> Reader<'a> {
    fn new(table: Table<'a>, mapping: &'a Mapping, register: &'a Register) -> Reader<'a> {
        Reader {
            table,
            mapping,
            register,
            version: mapping.version(register),
            columns: table.header.iter().map(|name| mapping.column(name)).collect(),
            problems: Vec::new(),
            unread: HashSet::new(),
            checked: Checked::default(),
            totals: Vec::new(),
            column_totals: Vec::new(),
        }
    }

    fn problem(
        &mut self,
        row: u64,
        column: &str,
        value: Shown,
        expected: impl Into<String>,
        fix: impl Into<String>,
    ) {
        self.problems.push(CellProblem {
            file: self.table.file.to_owned(),
            row,
            column: column.to_owned(),
            value,
            expected: expected.into(),
            fix: fix.into(),
        });
    }

    fn read_row(&mut self, number: u64, cells: &[String]) {
        if self.is_example(cells) {
            return;
        }
        self.checked.rows += 1;
        let before = self.problems.len();
        let mut head = self.read_head(number, cells);
        let counted = self.counted_cells(number, cells, &mut head);
        // A row whose head is wrong keeps nothing, yet its counts are looked at all the same.
        let keep = self.problems.len() == before;
        for (column, text, counted) in counted {
            let figure = self.read_count(&head, column, text, &counted);
            if let (Some(figure), true) = (figure, keep) {
                self.keep(&head, column, figure);
            }
        }
        if self.problems.len() > before {
            self.unread.insert(number);
        }
    }

    fn is_example(&self, cells: &[String]) -> bool {
        self.columns.iter().zip(cells).any(|(column, cell)| {
            matches!(column, Some(Column { role: Role::Example, .. }))
                && cell.trim().eq_ignore_ascii_case("yes")
        })
    }
}

/// A cell as a message may print it: what looks like a person is withheld in every column.
fn shown(text: &str) -> Shown {
    match person::looks_personal(text) {
        Some(_) => Shown::Withheld,
        None => Shown::value(text),
    }
}
