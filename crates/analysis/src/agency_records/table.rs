//! Header and rows of text, one row at a time, whatever the format.
//!
//! In: an [`Input`]. Out: its header and rows, cells trimmed, rows that are wholly empty passed
//! over; or the problem that ends the file. Of a workbook it is the one sheet whose first row
//! names columns that are known: others are notes.

use std::collections::HashSet;
use std::io::Read;
use std::sync::OnceLock;

use query::{TextTable, TextTableError};
use records::record::{Field, RecordKind};
use records::schema::{RowFlaw, TextRows};
use records::standards::{ctdc, htcds};
use records::{CellProblem, Shown};

use super::input::{Input, Reads, whole_file};
use super::json_lines::{Flaw, JsonLines};
use super::papers;
use super::problems::Problems;
use crate::collect::read::{self, EMPTY, RawRow};

/// One row.
pub(super) struct TableRow {
    /// Its number, as a spreadsheet or editor shows it.
    pub(super) number: u64,
    /// Its cells; as many as the header's, but for a row with a cell too many or too few.
    pub(super) cells: Vec<String>,
    /// What is wrong with it as a row: what was expected, and how to mend it.
    pub(super) flaw: Option<Flaw>,
}

/// A table that is being read.
pub(super) struct TableRows<'a> {
    /// The names of its columns.
    pub(super) header: Vec<String>,
    /// The row in which they stand.
    pub(super) header_row: u64,
    /// `csv`, `jsonl`, `workbook` or `parquet`.
    pub(super) format: &'static str,
    input: &'a Input,
    rows: Rows<'a>,
}

enum Rows<'a> {
    Text(Box<TextRows<Box<dyn Read + 'a>>>),
    Json(JsonLines<'a>),
    Sheet(std::vec::IntoIter<RawRow>),
    Parquet(Box<TextTable>, u64),
}

impl<'a> TableRows<'a> {
    /// Opens the table, from its beginning.
    pub(super) fn open(input: &'a Input) -> Result<TableRows<'a>, Problems> {
        let broken = |error: std::io::Error| input.broken(&error);
        let mut header_row = 1;
        let (format, header, rows) = match input.reads()? {
            Reads::Text => {
                let text = input.text().map_err(broken)?;
                let mut rows = TextRows::open(text, &is_known).map_err(broken)?;
                let mut header = Vec::new();
                match rows.next_row(&mut header).map_err(broken)? {
                    None => return Err(input.refused(EMPTY)),
                    Some(row) => {
                        header_row = row.number;
                        if let Some((expected, fix)) = row.flaw.map(flaw) {
                            return Err(whole_row(input, header_row, expected, fix).into());
                        }
                    }
                }
                ("csv", header, Rows::Text(Box::new(rows)))
            }
            Reads::JsonLines => {
                let header = JsonLines::keys(input.text().map_err(broken)?).map_err(broken)?;
                let lines = JsonLines::new(input.text().map_err(broken)?, &header);
                if header.is_empty() {
                    let (expected, fix) = super::json_lines::NO_OBJECT;
                    return Err(whole_row(input, 1, expected, fix).into());
                }
                ("jsonl", header, Rows::Json(lines))
            }
            Reads::Workbook => {
                let mut rows = sheet(input)?.into_iter();
                let Some(header) = rows.next() else { return Err(input.refused(EMPTY)) };
                header_row = header.number;
                ("workbook", header.cells, Rows::Sheet(rows))
            }
            Reads::Parquet => {
                let Some(file) = input.as_file().map_err(broken)? else {
                    return Err(whole_file(
                        input.name(),
                        "Parquet from a pipe",
                        "Parquet as a file: it is read from its end",
                        "write it into a file first",
                    )
                    .into());
                };
                let table = TextTable::open(file).map_err(|error| parquet(input, &error))?;
                ("parquet", table.header().to_vec(), Rows::Parquet(Box::new(table), 1))
            }
        };
        let mut header: Vec<String> = header.iter().map(|name| trimmed(name).to_owned()).collect();
        header.truncate(width(&header));
        Ok(TableRows { header, header_row, format, input, rows })
    }

    /// The next row.
    pub(super) fn next_row(&mut self) -> Result<Option<TableRow>, Problems> {
        loop {
            let Some(mut row) = self.next_raw()? else { return Ok(None) };
            for cell in &mut row.cells {
                let inner = trimmed(cell);
                if inner.len() != cell.len() {
                    *cell = inner.to_owned();
                }
            }
            let columns = self.header.len();
            // Spreadsheets write empty cells behind the last column, and leave out those before.
            let short_is_wrong = matches!(self.rows, Rows::Text(_));
            if row.cells.len() > columns {
                row.cells.truncate(width(&row.cells).max(columns));
            } else if !short_is_wrong {
                row.cells.resize(columns, String::new());
            }
            if row.flaw.is_some() || row.cells.iter().any(|cell| !cell.is_empty()) {
                return Ok(Some(row));
            }
        }
    }

    /// Bytes read so far, where that can be told.
    pub(super) fn bytes(&self) -> u64 {
        match &self.rows {
            Rows::Text(rows) => rows.bytes_read(),
            Rows::Json(lines) => lines.bytes,
            _ => 0,
        }
    }

    fn next_raw(&mut self) -> Result<Option<TableRow>, Problems> {
        let input = self.input;
        Ok(match &mut self.rows {
            Rows::Text(rows) => {
                let mut cells = Vec::with_capacity(self.header.len());
                let row = rows.next_row(&mut cells).map_err(|error| input.broken(&error))?;
                row.map(|row| TableRow { number: row.number, cells, flaw: row.flaw.map(flaw) })
            }
            Rows::Json(lines) => {
                let row = lines.next_row().map_err(|error| input.broken(&error))?;
                row.map(|(number, cells, flaw)| TableRow { number, cells, flaw })
            }
            Rows::Sheet(rows) => {
                rows.next().map(|row| TableRow { number: row.number, cells: row.cells, flaw: None })
            }
            Rows::Parquet(table, number) => match table.next() {
                None => None,
                Some(Ok(cells)) => {
                    *number += 1;
                    Some(TableRow { number: *number, cells, flaw: None })
                }
                Some(Err(error)) => return Err(parquet(input, &error)),
            },
        })
    }
}

/// The names of a file's columns.
///
/// # Errors
///
/// Why they cannot be read.
pub fn header(input: &Input) -> Result<Vec<String>, Problems> {
    TableRows::open(input).map(|table| table.header)
}

fn sheet(input: &Input) -> Result<Vec<RawRow>, Problems> {
    if input.length() > read::LARGEST_FILE as u64 {
        return Err(input.refused(read::TOO_LARGE));
    }
    let mut bytes = Vec::new();
    let mut reader = input.bytes().map_err(|error| input.broken(&error))?;
    reader.read_to_end(&mut bytes).map_err(|error| input.broken(&error))?;
    let mut sheets = read::raw_sheets(&bytes).map_err(|refusal| input.refused(refusal))?;
    let is_table = |rows: &Vec<RawRow>| {
        rows.first().is_some_and(|row| row.cells.iter().any(|cell| is_known(trimmed(cell))))
    };
    match sheets.iter().filter(|rows| is_table(rows)).count() {
        0 | 1 => {
            let at = sheets.iter().position(is_table).unwrap_or(0);
            Ok(if sheets.is_empty() { Vec::new() } else { sheets.swap_remove(at) })
        }
        _ => Err(whole_file(
            input.name(),
            "several sheets with records",
            "one sheet with records; other sheets may hold notes",
            "save each sheet as a file of its own",
        )
        .into()),
    }
}

fn parquet(input: &Input, error: &TextTableError) -> Problems {
    let (expected, fix) =
        ("columns of text, whole numbers, days, or true and false", "write it again with these");
    match error {
        TextTableError::Holds { place, holds } => CellProblem {
            file: input.name().to_owned(),
            row: 0,
            column: format!("number {place}"),
            value: Shown::value(holds),
            expected: expected.to_owned(),
            fix: fix.to_owned(),
        }
        .into(),
        _ => whole_file(input.name(), "a Parquet file that does not read", expected, fix).into(),
    }
}

/// The problem of a row as a row.
pub(super) fn whole_row(input: &Input, row: u64, expected: &str, fix: &str) -> CellProblem {
    CellProblem {
        file: input.name().to_owned(),
        row,
        column: String::new(),
        value: Shown::Withheld,
        expected: expected.to_owned(),
        fix: fix.to_owned(),
    }
}

fn flaw(flaw: RowFlaw) -> Flaw {
    match flaw {
        RowFlaw::AfterQuote => (
            "a delimiter after the closing quotation mark",
            "write a quotation mark inside a cell twice, or take it out",
        ),
        RowFlaw::Unclosed => (
            "a closing quotation mark",
            "close it, or take the opening one out; nothing behind it was read",
        ),
        RowFlaw::TooLong => (
            "a row of at most a mebibyte",
            "look for a quotation mark that is never closed; nothing behind it was read",
        ),
        _ => ("text in UTF-8, UTF-16 or Windows-1252", "save the file again as CSV (UTF-8)"),
    }
}

/// Spaces and line ends around a cell are not part of it.
fn trimmed(cell: &str) -> &str {
    cell.trim_matches([' ', '\u{a0}', '\n', '\r', '\t'])
}

/// The number of cells up to the last that is not empty.
fn width(cells: &[String]) -> usize {
    cells.iter().rposition(|cell| !cell.is_empty()).map_or(0, |last| last + 1)
}

/// Whether a header is a column of anything that is read here.
fn is_known(header: &str) -> bool {
    static KNOWN: OnceLock<HashSet<String>> = OnceLock::new();
    let known = KNOWN.get_or_init(|| {
        let fields = RecordKind::ALL.into_iter().flat_map(Field::of);
        let ours = fields.flat_map(|field| [field.name, field.label]);
        let htcds = htcds::fields().iter().map(|field| field.name);
        let ctdc = ctdc::columns().iter().map(|column| column.name);
        let all = ours.chain(htcds).chain(ctdc).chain(papers::COLUMNS);
        all.map(plain).collect()
    });
    known.contains(&plain(header))
}

/// A header without regard to case, spaces and hyphens.
pub(super) fn plain(header: &str) -> String {
    header.trim().trim_start_matches('\u{feff}').to_lowercase().replace([' ', '-'], "_")
}
