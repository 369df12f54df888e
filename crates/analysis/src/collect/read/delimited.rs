//! CSV and its kin: which delimiter, and the records.
//!
//! The delimiter is the one of comma, semicolon, tab and pipe that divides a row into most known
//! columns, then the one that divides the first rows most alike. Records are counted as a
//! spreadsheet counts rows: an empty line is a row, a newline inside quotes is not.

use super::refusal::Refusal;
use super::sheet::{File, MOST_CELLS, Reading};
use super::table::{self, RawRow, Source, Trouble};

const DELIMITERS: [char; 4] = [',', ';', '\t', '|'];

/// How many rows are looked at to find the delimiter.
const ROWS_LOOKED_AT: usize = 50;

/// How many cells of each of them are compared with the columns that are known.
const CELLS_LOOKED_AT: usize = 100;

/// The widest row of a spreadsheet.
const MOST_COLUMNS: usize = 16_384;

/// The file is the table.
pub(super) const SOURCE: Source<'static> =
    Source { sheet: "", hidden: false, short_rows_are_wrong: true };

/// Reads a delimited text.
pub(super) fn read(file: &File<'_>, text: &str) -> Reading {
    let (announced, text) = announced_delimiter(text);
    let delimiter = announced.unwrap_or_else(|| detect(file, text));
    let parsed = parse(text, delimiter, usize::MAX);
    let mut reading = Reading::default();
    if let Some(found) = parsed.too_many {
        reading.problems.push(file.refused(Refusal {
            found,
            expected: "a table of totals",
            fix: "send totals, or divide the table into several files",
        }));
    }
    table::shape(file, SOURCE, parsed.rows, parsed.troubles, &mut reading);
    reading
}

/// Excel's own first line `sep=;`, which it does not show as a row.
fn announced_delimiter(text: &str) -> (Option<char>, &str) {
    let announced =
        text.get(..4).filter(|start| start.eq_ignore_ascii_case("sep=")).and_then(|_| {
            let mut rest = text[4..].chars();
            let delimiter = rest.next().filter(|c| DELIMITERS.contains(c))?;
            let rest = rest.as_str();
            let rest = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix(['\n', '\r']))?;
            Some((Some(delimiter), rest))
        });
    announced.unwrap_or((None, text))
}

fn detect(file: &File<'_>, text: &str) -> char {
    let score = |delimiter: char| {
        let parsed = parse(text, delimiter, ROWS_LOOKED_AT);
        let rows: Vec<&RawRow> = parsed
            .rows
            .iter()
            .filter(|row| row.cells.iter().any(|cell| !cell.trim().is_empty()))
            .collect();
        let known = |row: &&RawRow| {
            row.cells.iter().take(CELLS_LOOKED_AT).filter(|cell| (file.known)(cell.trim())).count()
        };
        // The first of the rows that know most: a title may stand above the header.
        let header = rows.iter().rev().max_by_key(|row| known(row))?;
        let width = header.cells.len();
        let alike = rows.iter().filter(|row| row.cells.len() == width).count();
        (width > 1).then_some((known(header), alike * 1000 / rows.len(), width))
    };
    let mut best = (None, ',');
    for delimiter in DELIMITERS {
        let found = score(delimiter);
        if found > best.0 {
            best = (found, delimiter);
        }
    }
    best.1
}

struct Parsed {
    rows: Vec<RawRow>,
    troubles: Vec<Trouble>,
    /// What there is too much of; nothing behind it was read.
    too_many: Option<&'static str>,
}

/// Splits a text into records, at most `most_rows` of them.
fn parse(text: &str, delimiter: char, most_rows: usize) -> Parsed {
    let mut parsed = Parsed { rows: Vec::new(), troubles: Vec::new(), too_many: None };
    let mut cells: Vec<String> = Vec::new();
    let (mut number, mut cells_seen) = (1, 0);
    let mut rest = text;
    while parsed.rows.len() < most_rows && !(rest.is_empty() && cells.is_empty()) {
        let field = next_field(rest, delimiter);
        match field.trouble {
            Some(FieldTrouble::Unclosed) => {
                parsed.troubles.push(Trouble::UnclosedQuote { row: number, column: cells.len() });
            }
            Some(FieldTrouble::AfterQuote) => {
                parsed.troubles.push(Trouble::TextAfterQuote { row: number, column: cells.len() });
            }
            None => {}
        }
        cells.push(field.value);
        rest = field.rest;
        if cells.len() > MOST_COLUMNS {
            // Its start is enough to recognise the file by.
            cells.truncate(CELLS_LOOKED_AT);
            parsed.rows.push(RawRow { number, cells });
            parsed.too_many = Some("a row of more than 16,384 cells");
            break;
        }
        if field.ends_record {
            cells_seen += cells.len();
            if cells_seen > MOST_CELLS {
                parsed.too_many = Some("more than 2,000,000 cells");
                break;
            }
            let cells = std::mem::take(&mut cells);
            if cells.len() > 1 || !cells[0].trim().is_empty() {
                parsed.rows.push(RawRow { number, cells });
            }
            number += 1;
        }
    }
    parsed
}

enum FieldTrouble {
    Unclosed,
    AfterQuote,
}

struct Field<'a> {
    value: String,
    rest: &'a str,
    ends_record: bool,
    trouble: Option<FieldTrouble>,
}

fn next_field(text: &str, delimiter: char) -> Field<'_> {
    let mut value = String::new();
    let mut rest = text;
    let mut trouble = None;
    if let Some(quoted) = text.strip_prefix('"') {
        rest = quoted;
        loop {
            let Some(quote) = rest.find('"') else {
                value.push_str(rest);
                return Field {
                    value,
                    rest: "",
                    ends_record: true,
                    trouble: Some(FieldTrouble::Unclosed),
                };
            };
            value.push_str(&rest[..quote]);
            rest = &rest[quote + 1..];
            match rest.strip_prefix('"') {
                Some(after) => {
                    value.push('"');
                    rest = after;
                }
                None => break,
            }
        }
    }
    let end = rest.find([delimiter, '\n', '\r']).unwrap_or(rest.len());
    let plain = &rest[..end];
    if rest.len() != text.len() {
        if !plain.trim().is_empty() {
            trouble = Some(FieldTrouble::AfterQuote);
            value.push_str(plain);
        }
    } else {
        value.push_str(plain);
    }
    rest = &rest[end..];
    if let Some(after) = rest.strip_prefix(delimiter) {
        return Field { value, rest: after, ends_record: false, trouble };
    }
    let after = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix(['\n', '\r']));
    Field { value, rest: after.unwrap_or(""), ends_record: true, trouble }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &str) -> Vec<(u64, Vec<String>)> {
        parse(text, ',', usize::MAX).rows.into_iter().map(|row| (row.number, row.cells)).collect()
    }

    fn row(number: u64, cells: &[&str]) -> (u64, Vec<String>) {
        (number, cells.iter().map(|cell| (*cell).to_owned()).collect())
    }

    #[test]
    fn records_are_counted_as_a_spreadsheet_counts_rows() {
        assert_eq!(
            cells("a,b\r\n\r\n\"x\ny\",\"say \"\"no\"\"\"\r2,\n3"),
            [
                row(1, &["a", "b"]),
                row(3, &["x\ny", "say \"no\""]),
                row(4, &["2", ""]),
                row(5, &["3"])
            ]
        );
        assert_eq!(cells("a,"), [row(1, &["a", ""])]);
    }

    #[test]
    fn quotes_in_the_wrong_place_are_seen() {
        assert!(matches!(
            parse("a\n\"b", ',', 9).troubles[..],
            [Trouble::UnclosedQuote { row: 2, column: 0 }]
        ));
        assert!(matches!(
            parse("a,b\n1,\"b\"c", ',', 9).troubles[..],
            [Trouble::TextAfterQuote { row: 2, column: 1 }]
        ));
        assert!(parse("a,5\" pipe", ',', 9).troubles.is_empty());
    }

    #[test]
    fn the_delimiter_is_found_outside_quotes() {
        let file = File { name: "x.csv", known: &|_| false };
        for (text, delimiter) in [
            ("a;b\n1,5;2,5\n", ';'),
            ("\"a;b;c\",d\n1,2\n", ','),
            ("a\tb\n1,2\t3\n", '\t'),
            ("a|b\n1|2\n", '|'),
            ("alone\n1\n", ','),
            ("a,b;c,d;e\n1;2;3\n4;5;6", ';'),
        ] {
            assert_eq!(detect(&file, text), delimiter, "{text}");
        }
        assert_eq!(announced_delimiter("sep=|\r\na|b").0, Some('|'));
    }
}
