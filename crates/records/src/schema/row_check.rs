//! Batches of rows against the fields and rules of a schema.
//!
//! In: batches, in order. Out: what is wrong with each cell and row, and the keys for uniqueness.

use std::{borrow::Cow, io};

use super::{
    Schema, SchemaError,
    distinct::Keys,
    explain,
    field::{Broken, Value},
    header::Columns,
    report::Report,
    rows::{Batch, Cell, Flaw, LONGEST_ROW, Row},
    rule::{RowValues, Rule},
};
use crate::{CellProblem, Shown, is_invisible, person};

impl Columns {
    /// What may be shown of a cell.
    pub(super) fn shown(&self, column: usize, text: &[u8]) -> Shown {
        let text = String::from_utf8_lossy(text);
        if self.columns[column].is_withheld || person::looks_personal(&text).is_some() {
            Shown::Withheld
        } else {
            Shown::value(&text)
        }
    }
}

pub(super) struct RowCheck<'a> {
    schema: &'a Schema,
    columns: &'a Columns,
    /// The rules whose columns are all there.
    rules: Vec<&'a Rule>,
    keys: Keys,
    /// Whether only an empty cell is a missing value.
    only_empty_is_missing: bool,
    /// The values of the row at hand, by field.
    values: Vec<Value>,
    /// Blank rows not yet reported: those at the end of a file are no problem.
    blank_rows: u64,
    last_row: u64,
}

impl<'a> RowCheck<'a> {
    pub(super) fn new(schema: &'a Schema, columns: &'a Columns, keys: Keys) -> RowCheck<'a> {
        let is_there = |field: &usize| columns.of_field[*field].is_some();
        RowCheck {
            schema,
            columns,
            rules: schema.rules.iter().filter(|rule| rule.fields().iter().all(is_there)).collect(),
            keys,
            only_empty_is_missing: schema.missing.iter().all(|text| text.is_empty())
                && !schema.missing.is_empty(),
            values: vec![Value::Absent; schema.fields.len()],
            blank_rows: 0,
            last_row: 1,
        }
    }

    /// The keys, and how many rows were checked.
    pub(super) fn finish(self) -> (Keys, u64) {
        (self.keys, self.last_row - 1)
    }

    pub(super) fn batch<S: FnMut(CellProblem) -> io::Result<()>>(
        &mut self,
        batch: &Batch,
        report: &mut Report<'_, S>,
    ) -> Result<(), SchemaError> {
        for (number, &row) in (batch.first_row..).zip(&batch.rows) {
            if row.flaw == Flaw::Blank {
                self.blank_rows += 1;
                continue;
            }
            for blank in number - self.blank_rows..number {
                let expected = "a row with values";
                report.problem(blank, "", Shown::value(""), expected, "delete the empty row")?;
            }
            self.blank_rows = 0;
            self.last_row = number;
            if row.flaw != Flaw::None {
                flaw(row.flaw, number, report)?;
            } else if row.cells as usize != self.columns.columns.len() {
                self.wrong_length(row, number, report)?;
            } else {
                self.row(batch, row, number, report)?;
            }
        }
        Ok(())
    }

    /// Values of such a row may stand under the wrong header, so that none is shown or checked.
    #[cold]
    fn wrong_length<S: FnMut(CellProblem) -> io::Result<()>>(
        &self,
        row: Row,
        number: u64,
        report: &mut Report<'_, S>,
    ) -> Result<(), SchemaError> {
        let found = Shown::Value(format!("{} cells", row.cells));
        let expected = format!("{} cells, as in the header", self.columns.columns.len());
        let fix =
            "look for a missing or surplus delimiter; put a cell that holds one in quotation marks";
        report.problem(number, "", found, expected, fix)
    }

    fn row<S: FnMut(CellProblem) -> io::Result<()>>(
        &mut self,
        batch: &Batch,
        row: Row,
        number: u64,
        report: &mut Report<'_, S>,
    ) -> Result<(), SchemaError> {
        let cells = batch.cells(row);
        for (index, (&cell, column)) in cells.iter().zip(&self.columns.columns).enumerate() {
            let text = batch.text(cell);
            let odd = if row.is_odd { odd(&text) } else { None };
            let mut value = Value::Absent;
            if let Some((expected, fix)) = odd {
                let shown = self.columns.shown(index, &text);
                report.problem(number, &column.name, shown, expected, fix)?;
            } else if let Some(field) = column.field {
                let field = &self.schema.fields[field];
                let broken = if self.is_missing(&text) {
                    field.required.then_some(Broken::Missing)
                } else {
                    match field.read(&text) {
                        Ok(read) => {
                            value = read;
                            None
                        }
                        Err(broken) => Some(broken),
                    }
                };
                if let Some(broken) = broken {
                    let (expected, fix) = explain::cell(field, broken);
                    let shown = self.columns.shown(index, &text);
                    report.problem(number, &column.name, shown, expected, fix)?;
                }
            }
            if let Some(field) = column.field {
                self.values[field] = value;
            }
        }
        self.across(batch, cells, number, report)
    }

    /// Rules and keys.
    fn across<S: FnMut(CellProblem) -> io::Result<()>>(
        &mut self,
        batch: &Batch,
        cells: &[Cell],
        number: u64,
        report: &mut Report<'_, S>,
    ) -> Result<(), SchemaError> {
        let columns = self.columns;
        let cell = |field: usize| match columns.of_field[field] {
            Some(column) => batch.text(cells[column]),
            None => Cow::default(),
        };
        let values = RowValues { values: &self.values, cell: &cell };
        for rule in &self.rules {
            if rule.is_broken(&values) {
                let Some(column) = columns.of_field[rule.column()] else { continue };
                let named = |field: usize| {
                    let name = explain::safe(&self.schema.fields[field].name);
                    let shown =
                        columns.of_field[field].map(|column| columns.shown(column, &cell(field)));
                    match shown {
                        Some(Shown::Value(value)) => format!("\"{name}\" ({value})"),
                        _ => format!("\"{name}\""),
                    }
                };
                let shown = columns.shown(column, &cell(rule.column()));
                let fix = "correct whichever of the values is wrong, or ask who reported them";
                let name = &columns.columns[column].name;
                report.problem(number, name, shown, rule.expected(named), fix)?;
            }
        }
        self.keys.add(number, &values).map_err(SchemaError::Spill)
    }

    #[inline]
    fn is_missing(&self, cell: &[u8]) -> bool {
        if self.only_empty_is_missing {
            cell.is_empty()
        } else {
            self.schema.missing.iter().any(|missing| **missing == *cell)
        }
    }
}

/// Bytes that are no text, and characters that no cell may have.
fn odd(cell: &[u8]) -> Option<(&'static str, &'static str)> {
    if cell.iter().all(|&byte| byte == b' ' || byte.is_ascii_graphic()) {
        return None;
    }
    match std::str::from_utf8(cell) {
        Err(_) => {
            Some(("text in UTF-8, as in the rest of the file", "save the file anew as CSV UTF-8"))
        }
        Ok(text) if text.chars().any(is_invisible) => Some((
            "no control, bidirectional or invisible characters",
            "delete the cell's content and type it anew; line breaks and tabs count too",
        )),
        Ok(_) => None,
    }
}

#[cold]
fn flaw<S: FnMut(CellProblem) -> io::Result<()>>(
    flaw: Flaw,
    number: u64,
    report: &mut Report<'_, S>,
) -> Result<(), SchemaError> {
    let (expected, fix) = match flaw {
        Flaw::AfterQuote => (
            "a delimiter behind a closing quotation mark".to_owned(),
            "double every quotation mark inside a cell, and put the whole cell in quotation marks",
        ),
        Flaw::Unclosed => (
            "a closing quotation mark before the end of the file".to_owned(),
            "close the quotation mark; nothing behind this row was checked",
        ),
        _ => (
            format!("a row of at most {LONGEST_ROW} bytes"),
            "look for a quotation mark that is not closed; nothing behind this row was checked",
        ),
    };
    report.problem(number, "", Shown::Withheld, expected, fix)
}
