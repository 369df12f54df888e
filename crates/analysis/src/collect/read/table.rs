//! Header and rows from raw cells, and a look at every cell.
//!
//! In: rows of text with their numbers. Out: a [`Sheet`] and the problems of its layout and
//! characters. The header is the first row that is not empty.

use std::collections::HashSet;

use records::person::{is_about_a_person, looks_personal};
use records::{CellProblem, Shown, is_invisible};

use super::sheet::{File, Reading, Row, Sheet};

/// One row as it stands in the file.
pub(crate) struct RawRow {
    pub(crate) number: u64,
    pub(crate) cells: Vec<String>,
}

/// Where the rows come from.
#[derive(Clone, Copy)]
pub(super) struct Source<'a> {
    /// The sheet's name, empty when the file is the table.
    pub(super) sheet: &'a str,
    pub(super) hidden: bool,
    /// Whether a row must have a cell for every column: in text it must, in a workbook an empty
    /// cell is simply not there.
    pub(super) short_rows_are_wrong: bool,
}

/// What a format saw that is wrong with one cell.
pub(super) enum Trouble {
    /// A quote is opened and never closed.
    UnclosedQuote { row: u64, column: usize },
    /// Text stands between a closing quote and the delimiter.
    TextAfterQuote { row: u64, column: usize },
}

/// Makes a sheet of raw rows; a table without any cell makes none.
pub(super) fn shape(
    file: &File<'_>,
    source: Source<'_>,
    rows: Vec<RawRow>,
    troubles: Vec<Trouble>,
    reading: &mut Reading,
) {
    let mut rows = rows.into_iter().filter_map(trimmed);
    let Some(header) = rows.next() else { return };
    let rows: Vec<RawRow> = rows.collect();
    let judge = Judge::new(file, source, &header);
    let problems = &mut reading.problems;

    let cut_short = troubles.iter().find_map(|trouble| match trouble {
        Trouble::UnclosedQuote { row, .. } => Some(*row),
        Trouble::TextAfterQuote { .. } => None,
    });
    let named = width(&header.cells);
    let misplaced = |row: &RawRow| {
        source.short_rows_are_wrong
            && (cut_short == Some(row.number)
                || row.cells.len() < named
                || width(&row.cells) > named)
    };
    judge.troubles(troubles, problems);
    judge.header(&header, &rows, problems);
    judge.widths(&header, &rows, cut_short, problems);
    for row in &rows {
        judge.cells(row, misplaced(row), problems);
    }
    problems.sort_by_key(|problem| problem.row);
    let rows = rows.into_iter().map(|row| (misplaced(&row), row)).collect();
    reading.sheets.push(sheet(file, source, header, rows, judge.is_table));
}

/// Spaces and line ends around a cell are not part of it.
fn trimmed(mut row: RawRow) -> Option<RawRow> {
    for cell in &mut row.cells {
        let inner = cell.trim_matches([' ', '\u{a0}', '\n', '\r', '\t']);
        if inner.len() != cell.len() {
            *cell = inner.to_owned();
        }
    }
    row.cells.iter().any(|cell| !cell.is_empty()).then_some(row)
}

/// The number of cells up to the last that is not empty.
fn width(cells: &[String]) -> usize {
    cells.iter().rposition(|cell| !cell.is_empty()).map_or(0, |last| last + 1)
}

/// A column's letters as a spreadsheet shows them.
fn letters(column: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        letters.push(b'A' + ((rest - 1) % 26) as u8);
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().map(|letter| char::from(*letter)).collect()
}

fn sheet(
    file: &File<'_>,
    source: Source<'_>,
    header: RawRow,
    rows: Vec<(bool, RawRow)>,
    is_table: bool,
) -> Sheet {
    let named = width(&header.cells);
    let widest = rows.iter().map(|(_, row)| width(&row.cells)).max().unwrap_or(0);
    let all = if is_table { named } else { named.max(widest) };
    let mut used = vec![false; all];
    for cells in std::iter::once(&header.cells).chain(rows.iter().map(|(_, row)| &row.cells)) {
        for (used, cell) in used.iter_mut().zip(cells) {
            *used |= !cell.is_empty();
        }
    }
    let pick = |mut cells: Vec<String>| -> Vec<String> {
        cells.resize(all, String::new());
        cells.into_iter().zip(&used).filter_map(|(cell, used)| used.then_some(cell)).collect()
    };
    Sheet {
        file: file.name.to_owned(),
        name: source.sheet.to_owned(),
        hidden: source.hidden,
        header_row: header.number,
        header: pick(header.cells),
        rows: rows
            .into_iter()
            .map(|(misplaced, row)| Row { number: row.number, cells: pick(row.cells), misplaced })
            .collect(),
    }
}

/// Looks at one table's header and cells.
struct Judge<'a> {
    file: &'a File<'a>,
    source: Source<'a>,
    /// Each column's name as it may be printed, and whether its values may be.
    columns: Vec<(String, bool)>,
    /// Whether any column is known; otherwise the layout is not judged.
    is_table: bool,
}

impl<'a> Judge<'a> {
    fn new(file: &'a File<'a>, source: Source<'a>, header: &RawRow) -> Judge<'a> {
        let is_table = header.cells.iter().any(|name| (file.known)(name));
        // Where nothing shows that the first row is a header it may be a row about a person.
        let is_header = is_table || header.cells.iter().any(|name| is_about_a_person(name));
        let columns = header.cells.iter().enumerate().map(|(column, name)| {
            let printed = if is_header && !name.is_empty() && looks_personal(name).is_none() {
                Shown::value(name).to_string()
            } else {
                letters(column)
            };
            (printed, (file.known)(name))
        });
        let columns = columns.collect();
        Judge { file, source, columns, is_table }
    }

    fn problem(
        &self,
        row: u64,
        column: usize,
        value: Shown,
        expected: &str,
        fix: &str,
    ) -> CellProblem {
        let name = self.columns.get(column).map(|(name, _)| name.clone());
        let fix = if self.source.sheet.is_empty() {
            fix.to_owned()
        } else {
            format!("on sheet \"{}\": {fix}", Shown::value(self.source.sheet))
        };
        CellProblem {
            file: self.file.name.to_owned(),
            row,
            column: name.unwrap_or_else(|| letters(column)),
            value,
            expected: expected.to_owned(),
            fix,
        }
    }

    fn troubles(&self, troubles: Vec<Trouble>, problems: &mut Vec<CellProblem>) {
        for trouble in troubles {
            match trouble {
                Trouble::UnclosedQuote { row, column } => problems.push(self.problem(
                    row,
                    column,
                    Shown::Withheld,
                    "a closing quote",
                    "close the quote; everything after it was taken for one cell",
                )),
                Trouble::TextAfterQuote { row, column } if self.is_table => {
                    problems.push(self.problem(
                        row,
                        column,
                        Shown::Withheld,
                        "a delimiter after the closing quote",
                        "double every quote that belongs to the text, or remove it",
                    ));
                }
                Trouble::TextAfterQuote { .. } => {}
            }
        }
    }

    fn header(&self, header: &RawRow, rows: &[RawRow], problems: &mut Vec<CellProblem>) {
        let row = header.number;
        let mut seen = HashSet::new();
        for (column, name) in header.cells.iter().enumerate() {
            let odd =
                name.chars().any(|c| is_invisible(c) && (self.is_table || !is_plain_break(c)));
            if odd {
                problems.push(self.problem(
                    row,
                    column,
                    Shown::Withheld,
                    "a column name of visible characters on one line",
                    "type the column name again",
                ));
            }
            if !self.is_table {
                continue;
            }
            if name.is_empty() {
                let holds =
                    |row: &RawRow| row.cells.get(column).is_some_and(|cell| !cell.is_empty());
                if column < width(&header.cells) && rows.iter().any(holds) {
                    problems.push(self.problem(
                        row,
                        column,
                        Shown::Value(String::new()),
                        "a column name",
                        "name the column, or remove it",
                    ));
                }
            } else if !seen.insert(name.to_lowercase()) {
                problems.push(self.problem(
                    row,
                    column,
                    Shown::value(&self.columns[column].0),
                    "each column name once",
                    "rename or remove one of the columns of this name",
                ));
            }
        }
    }

    /// Rows with cells beside the table, and rows with too few; `cut_short` is a row whose end an
    /// unclosed quote swallowed.
    fn widths(
        &self,
        header: &RawRow,
        rows: &[RawRow],
        cut_short: Option<u64>,
        problems: &mut Vec<CellProblem>,
    ) {
        if !self.is_table {
            return;
        }
        let named = width(&header.cells);
        let too_wide = |row: &RawRow| width(&row.cells) > named;
        if named == 1 && rows.len() > 1 && rows.iter().all(too_wide) {
            problems.push(self.problem(
                header.number,
                0,
                Shown::Withheld,
                "the column names in the first row",
                "remove the title above the column names",
            ));
            return;
        }
        let beside = if self.source.short_rows_are_wrong {
            "a cell too many: put text that holds the delimiter in quotes, or name the column"
        } else {
            "name the column of this cell, or empty the cells right of the table"
        };
        for row in rows {
            let cells = row.cells.len();
            if too_wide(row) {
                let first = row.cells.iter().skip(named).position(|cell| !cell.is_empty());
                problems.push(self.problem(
                    row.number,
                    named + first.unwrap_or(0),
                    Shown::Withheld,
                    &format!("at most {named} cells, as in the header"),
                    beside,
                ));
            } else if self.source.short_rows_are_wrong
                && cells < named
                && cut_short != Some(row.number)
            {
                problems.push(self.problem(
                    row.number,
                    cells,
                    Shown::Value(format!("{cells} cells")),
                    &format!("{named} cells, as in the header"),
                    "a cell too few: keep the delimiter of an empty cell",
                ));
            }
        }
    }

    /// What stands in a misplaced row may belong under another name, and is not shown.
    fn cells(&self, row: &RawRow, misplaced: bool, problems: &mut Vec<CellProblem>) {
        for (column, cell) in row.cells.iter().enumerate() {
            let shown = || match self.columns.get(column) {
                Some((_, true)) if !misplaced && looks_personal(cell).is_none() => {
                    Shown::value(cell)
                }
                _ => Shown::Withheld,
            };
            // The breaks in a misplaced row may be the ends of rows that a quote swallowed.
            let judged = self.is_table && !misplaced;
            let odd = |c: char| is_invisible(c) && (judged || !is_plain_break(c));
            if cell.chars().any(odd) {
                let only_breaks = cell.chars().all(|c| !is_invisible(c) || is_plain_break(c));
                let fix = if only_breaks {
                    "write the cell on one line, without tabs"
                } else {
                    "type the cell again: it holds characters that cannot be seen"
                };
                problems.push(self.problem(
                    row.number,
                    column,
                    shown(),
                    "visible characters only",
                    fix,
                ));
            } else if self.is_table && is_formula_error(cell) {
                problems.push(self.problem(
                    row.number,
                    column,
                    Shown::value(cell),
                    "a value",
                    "mend the formula of this cell, or write its value",
                ));
            }
        }
    }
}

fn is_plain_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\t')
}

/// What a spreadsheet shows where a formula failed.
fn is_formula_error(cell: &str) -> bool {
    let excel = [
        "#REF!",
        "#DIV/0!",
        "#N/A",
        "#NAME?",
        "#NULL!",
        "#NUM!",
        "#VALUE!",
        "#SPILL!",
        "#CALC!",
        "#GETTING_DATA",
    ];
    excel.contains(&cell)
        || cell
            .strip_prefix("Err:")
            .is_some_and(|code| code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_the_letters_a_spreadsheet_shows() {
        for (column, name) in [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")] {
            assert_eq!(letters(column), name);
        }
    }
}
