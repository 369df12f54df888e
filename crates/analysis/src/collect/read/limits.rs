//! What a workbook's parts would grow to in memory, before the library that reads them does it.
//!
//! An OpenDocument cell may say that it stands a million times over, and a list of texts how long
//! it is going to be: both are taken at their word by whoever reads them. Here the words are
//! looked at first.

use super::refusal::{DAMAGED, Refusal, TOO_MANY_CELLS};
use super::sheet::MOST_CELLS;

/// The widest row of a spreadsheet.
const MOST_COLUMNS: usize = 16_384;
/// The most spaces that one mark may stand for.
const MOST_SPACES: usize = 10_000;

const PERCENTAGES: Refusal = Refusal {
    found: "cells formatted as percentages, which ODS stores as fractions",
    expected: "percentages as plain numbers: 25.5 for 25.5 percent",
    fix: "format the cells as plain numbers and write the percentage, or save the workbook as XLSX",
};

/// Looks at the content of an OpenDocument workbook.
pub(super) fn of_open_document(content: &[u8]) -> Result<(), Refusal> {
    let mut table = Table::default();
    for tag in tags(content) {
        let tag = tag?;
        let name = tag.split(|byte| byte.is_ascii_whitespace() || *byte == b'/').next();
        match name.unwrap_or_default() {
            b"table:table" => table = Table::default(),
            b"table:table-row" => {
                table.end_row()?;
                table.times = repeated(tag, b"table:number-rows-repeated")?;
            }
            b"table:table-cell" | b"table:covered-table-cell" => {
                let times = repeated(tag, b"table:number-columns-repeated")?;
                table.column = table.column.saturating_add(times).min(MOST_COLUMNS);
                if contains(tag, b"value") || contains(tag, b"formula") {
                    table.row_width = table.column;
                }
                if contains(tag, b"\"percentage\"") || contains(tag, b"'percentage'") {
                    return Err(PERCENTAGES);
                }
            }
            b"text:s" if repeated(tag, b"text:c")? > MOST_SPACES => return Err(DAMAGED),
            _ => {}
        }
        table.end_row_after(tag)?;
    }
    Ok(())
}

/// Looks at the shared texts of an XLSX workbook: there cannot be more of them than bytes.
pub(super) fn of_shared_strings(content: &[u8]) -> Result<(), Refusal> {
    for tag in tags(content).take(5) {
        let tag = tag?;
        if contains(tag, b"uniqueCount") && repeated(tag, b"uniqueCount")? > content.len() {
            return Err(DAMAGED);
        }
    }
    Ok(())
}

/// Looks at the beginning of any part of an XLSX workbook, where a document type would stand.
pub(super) fn of_any_part(content: &[u8]) -> Result<(), Refusal> {
    tags(content).next().transpose().map(drop)
}

/// How far a table reaches, from the first row that holds a value.
#[derive(Default)]
struct Table {
    rows: usize,
    width: usize,
    /// The row being read: how often it stands, where it is, how far its values reach.
    times: usize,
    column: usize,
    row_width: usize,
}

impl Table {
    fn end_row_after(&mut self, tag: &[u8]) -> Result<(), Refusal> {
        if tag == b"/table:table-row" { self.end_row() } else { Ok(()) }
    }

    fn end_row(&mut self) -> Result<(), Refusal> {
        if self.row_width > 0 || self.rows > 0 {
            self.rows = self.rows.saturating_add(self.times);
        }
        if self.row_width > 0 {
            self.width = self.width.max(self.row_width);
            if self.rows.saturating_mul(self.width) > MOST_CELLS {
                return Err(TOO_MANY_CELLS);
            }
        }
        (self.times, self.column, self.row_width) = (0, 0, 0);
        Ok(())
    }
}

/// The number an attribute states, 1 without it.
fn repeated(tag: &[u8], attribute: &[u8]) -> Result<usize, Refusal> {
    let Some(at) = tag.windows(attribute.len()).position(|window| window == attribute) else {
        return Ok(1);
    };
    let rest = tag[at + attribute.len()..].trim_ascii_start();
    let rest = rest.strip_prefix(b"=").ok_or(DAMAGED)?.trim_ascii_start();
    let (quote, rest) = rest.split_first().ok_or(DAMAGED)?;
    let digits = rest.split(|byte| byte == quote).next().unwrap_or_default();
    let number = std::str::from_utf8(digits).ok().and_then(|digits| digits.parse().ok());
    number.ok_or(DAMAGED)
}

fn contains(tag: &[u8], word: &[u8]) -> bool {
    tag.windows(word.len()).any(|window| window == word)
}

/// The tags of an XML text, without their brackets.
///
/// Comments and character data are passed over. A document type is refused: no spreadsheet writes
/// one, and it can make text of nothing.
fn tags(xml: &[u8]) -> impl Iterator<Item = Result<&[u8], Refusal>> {
    let mut rest = xml;
    std::iter::from_fn(move || {
        loop {
            let open = rest.iter().position(|byte| *byte == b'<')?;
            rest = &rest[open + 1..];
            let hidden = [(&b"!--"[..], &b"-->"[..]), (b"![CDATA[", b"]]>"), (b"?", b"?>")];
            if let Some((_, close)) = hidden.iter().find(|(open, _)| rest.starts_with(open)) {
                let end = rest.windows(close.len()).position(|window| window == *close)?;
                rest = &rest[end + close.len()..];
                continue;
            }
            if rest.starts_with(b"!") {
                rest = &[];
                return Some(Err(DAMAGED));
            }
            let mut quote = None;
            let end = rest.iter().position(|byte| match (quote, *byte) {
                (Some(open), byte) => {
                    if byte == open {
                        quote = None;
                    }
                    false
                }
                (None, b'"' | b'\'') => {
                    quote = Some(*byte);
                    false
                }
                (None, byte) => byte == b'>',
            })?;
            let tag = &rest[..end];
            rest = &rest[end + 1..];
            return Some(Ok(tag));
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_type_is_refused_wherever_it_stands() {
        assert!(of_any_part(b"<?xml version='1.0'?><!-- <!DOCTYPE a> --><worksheet/>").is_ok());
        assert!(of_any_part(b"").is_ok());
        for part in [&b"<!DOCTYPE a [<!ENTITY b 'c'>]><worksheet/>"[..], b"<!-- a --><!DOCTYPE a>"]
        {
            assert!(of_any_part(part).is_err());
        }
    }
}
