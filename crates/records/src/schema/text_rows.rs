//! A delimited text of any size, a row at a time.
//!
//! In: a reader, and which headers are known. Out: rows of text with their numbers, as a
//! spreadsheet counts them; blank rows are passed over, and what is wrong with a row as a row is
//! said. What the cells mean is not decided here. Memory stays the same however long the text is.

use std::io::{self, Read};

use super::{
    header::{DELIMITERS, likeliest},
    rows::{Batch, Flaw, Rows},
    source::Source,
};

/// What is wrong with a row of text as a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum RowFlaw {
    /// Text stands between a closing quotation mark and the next delimiter.
    AfterQuote,
    /// A quotation mark is never closed; nothing behind it was read.
    Unclosed,
    /// The row is longer than a mebibyte; nothing behind it was read.
    TooLong,
    /// Bytes that are no text.
    NotText,
}

/// One row of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextRow {
    /// Its number, counted from 1; a blank row counts, a line end inside quotes does not.
    pub number: u64,
    /// What is wrong with it; its cells are then not to be relied on.
    pub flaw: Option<RowFlaw>,
}

/// The rows of a delimited text: comma, semicolon, tab or pipe; UTF-8 or Windows-1252.
///
/// # Examples
///
/// ```
/// use records::schema::TextRows;
///
/// let mut rows = TextRows::open(&b"sep=;\na;b\n\n1;\"2;3\"\n"[..], &|name| name == "a")?;
/// let mut cells = Vec::new();
/// assert_eq!(rows.next_row(&mut cells)?.map(|row| row.number), Some(2));
/// assert_eq!(rows.next_row(&mut cells)?.map(|row| row.number), Some(4));
/// assert_eq!(cells, ["1", "2;3"]);
/// assert_eq!(rows.next_row(&mut cells)?, None);
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct TextRows<R> {
    rows: Rows<R>,
    batch: Batch,
    at: usize,
}

impl<R: Read> TextRows<R> {
    /// Opens a text. The delimiter is the one that a first line `sep=;` names, or else the one
    /// under which most of the first row's cells are `known`.
    ///
    /// # Errors
    ///
    /// When the reader fails.
    pub fn open(reader: R, known: &dyn Fn(&str) -> bool) -> io::Result<TextRows<R>> {
        let mut rows = Rows::new(Source::new(reader));
        let start = rows.peek()?;
        let announced = announced(start);
        let is_known = |text: &[u8]| std::str::from_utf8(text).is_ok_and(|text| known(text.trim()));
        let delimiter = announced.unwrap_or_else(|| likeliest(start, &is_known));
        rows.set_delimiter(delimiter);
        let mut opened = TextRows { rows, batch: Batch::default(), at: 0 };
        if announced.is_some() {
            opened.rows.header(&mut opened.batch)?;
            opened.at = opened.batch.rows.len();
        }
        Ok(opened)
    }

    /// The next row that is not blank; its cells take the place of those in `cells`.
    ///
    /// # Errors
    ///
    /// When the reader fails.
    pub fn next_row(&mut self, cells: &mut Vec<String>) -> io::Result<Option<TextRow>> {
        loop {
            let Some(row) = self.batch.rows.get(self.at).copied() else {
                self.rows.next_batch(&mut self.batch)?;
                self.at = 0;
                if self.batch.rows.is_empty() {
                    return Ok(None);
                }
                continue;
            };
            let number = self.batch.first_row + self.at as u64;
            self.at += 1;
            let mut flaw = match row.flaw {
                Flaw::Blank => continue,
                Flaw::None => None,
                Flaw::AfterQuote => Some(RowFlaw::AfterQuote),
                Flaw::Unclosed => Some(RowFlaw::Unclosed),
                Flaw::TooLong => Some(RowFlaw::TooLong),
            };
            let kept = self.batch.kept_cells(row);
            cells.resize_with(kept.len(), String::new);
            for (text, cell) in cells.iter_mut().zip(kept) {
                text.clear();
                match std::str::from_utf8(&self.batch.text(*cell)) {
                    Ok(cell) => text.push_str(cell),
                    Err(_) => flaw = flaw.or(Some(RowFlaw::NotText)),
                }
            }
            return Ok(Some(TextRow { number, flaw }));
        }
    }

    /// Bytes of the reader taken so far.
    pub fn bytes_read(&self) -> u64 {
        self.batch.bytes_read
    }
}

/// The delimiter of Excel's own first line `sep=;`, which it does not show as a row.
fn announced(start: &[u8]) -> Option<u8> {
    let [s, e, p, b'=', delimiter, b'\r' | b'\n', ..] = start else { return None };
    let named = [s, e, p].iter().zip(b"sep").all(|(byte, known)| byte.eq_ignore_ascii_case(known));
    (named && DELIMITERS.contains(delimiter)).then_some(*delimiter)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &[u8]) -> Vec<(u64, Option<RowFlaw>, Vec<String>)> {
        let mut rows = TextRows::open(text, &|name| name == "b").unwrap();
        let (mut cells, mut all) = (Vec::new(), Vec::new());
        while let Some(row) = rows.next_row(&mut cells).unwrap() {
            all.push((row.number, row.flaw, cells.clone()));
        }
        all
    }

    #[test]
    fn rows_are_counted_as_a_spreadsheet_counts_them() {
        let rows = all(b"\xEF\xBB\xBFa\tb\r\n\r\n\"x\ny\"\tJos\xC3\xA9\r\n3\t\r\n");
        let numbers: Vec<u64> = rows.iter().map(|row| row.0).collect();
        assert_eq!(numbers, [1, 3, 4]);
        assert_eq!(rows[1].2, ["x\ny", "José"]);
    }

    #[test]
    fn what_is_wrong_with_a_row_is_said() {
        let rows = all(b"a,b\n1,\"2\"x\n\xC3\xA9,\xFF\n4,\"5");
        let flaws: Vec<_> = rows.iter().map(|row| row.1).collect();
        let (quote, text) = (Some(RowFlaw::AfterQuote), Some(RowFlaw::NotText));
        assert_eq!(flaws, [None, quote, text, Some(RowFlaw::Unclosed)]);
    }
}
