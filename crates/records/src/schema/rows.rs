//! Text cut into rows and cells, as RFC 4180 says.
//!
//! In: a [`Source`] and its delimiter. Out: [`Batch`]es of rows; cells are places in the batch's
//! own text, nothing is copied. Rows end with LF, CR LF or CR; a blank row is a row. A row that is
//! longer than [`LONGEST_ROW`] or a quotation mark that is never closed ends the file.

use std::{borrow::Cow, io};

use super::source::Source;

/// Bytes that one row may have. An unclosed quotation mark swallows rows without end otherwise.
pub(super) const LONGEST_ROW: usize = 1 << 20;
/// Bytes read for one batch.
const BATCH: usize = 1 << 18;
/// Cells that a header may have, as in a spreadsheet.
pub(super) const MOST_COLUMNS: usize = 16_384;

const DELIMITER: u8 = 1;
const LINE_END: u8 = 2;
const QUOTE: u8 = 4;
/// Bytes that need a closer look: controls, and all that is not ASCII.
const ODD: u8 = 8;

/// What is wrong with a row as a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flaw {
    None,
    /// No cell, or only empty ones.
    Blank,
    /// Text between a closing quotation mark and the next delimiter.
    AfterQuote,
    /// The end of the file came before the closing quotation mark.
    Unclosed,
    /// Longer than [`LONGEST_ROW`].
    TooLong,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    /// Where its cells begin in [`Batch::cells`].
    first_cell: u32,
    /// How many cells it has; when they are too many, only the first are kept.
    pub(super) cells: u32,
    pub(super) flaw: Flaw,
    /// Whether it holds a byte that needs a closer look.
    pub(super) is_odd: bool,
}

/// Where a cell lies in the text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cell {
    start: u32,
    /// The end, and in the highest bit whether quotation marks are doubled in it.
    end: u32,
}

const DOUBLED: u32 = 1 << 31;

/// Some rows of the file.
#[derive(Debug, Default)]
pub(super) struct Batch {
    text: Vec<u8>,
    cells: Vec<Cell>,
    pub(super) rows: Vec<Row>,
    /// The number of its first row, counted from 1.
    pub(super) first_row: u64,
    /// Bytes of the file read when the batch was made.
    pub(super) bytes_read: u64,
}

impl Batch {
    /// The cells of a row, where all are kept.
    #[inline]
    pub(super) fn cells(&self, row: Row) -> &[Cell] {
        let first = row.first_cell as usize;
        &self.cells[first..first + row.cells as usize]
    }

    /// The cells of a row that were kept.
    pub(super) fn kept_cells(&self, row: Row) -> &[Cell] {
        let kept = self.cells.len().min((row.first_cell + row.cells) as usize);
        &self.cells[row.first_cell as usize..kept]
    }

    /// What stands in a cell.
    #[inline]
    pub(super) fn text(&self, cell: Cell) -> Cow<'_, [u8]> {
        let raw = &self.text[cell.start as usize..(cell.end & !DOUBLED) as usize];
        if cell.end & DOUBLED == 0 { Cow::Borrowed(raw) } else { Cow::Owned(undouble(raw)) }
    }
}

#[cold]
fn undouble(raw: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(raw.len());
    let mut after_quote = false;
    for &byte in raw {
        after_quote = byte == b'"' && !after_quote;
        if !after_quote {
            text.push(byte);
        }
    }
    text
}

/// Cuts a source into batches.
pub(super) struct Rows<R> {
    source: Source<R>,
    delimiter: u8,
    classes: [u8; 256],
    /// Text read and not yet cut.
    rest: Vec<u8>,
    next_row: u64,
    /// Cells kept of a row.
    width: usize,
    ended: bool,
}

impl<R: io::Read> Rows<R> {
    pub(super) fn new(source: Source<R>) -> Rows<R> {
        let mut classes = [0; 256];
        for (byte, class) in (0..=u8::MAX).zip(&mut classes) {
            *class = match byte {
                b'\n' | b'\r' => LINE_END,
                b'"' => QUOTE,
                _ if byte.is_ascii_control() || !byte.is_ascii() => ODD,
                _ => 0,
            };
        }
        Rows {
            source,
            delimiter: b',',
            classes,
            rest: Vec::new(),
            next_row: 1,
            width: MOST_COLUMNS,
            ended: false,
        }
    }

    pub(super) fn source(&self) -> &Source<R> {
        &self.source
    }

    /// The first bytes of the file, for the header's sake.
    pub(super) fn peek(&mut self) -> io::Result<&[u8]> {
        if self.rest.is_empty() && !self.source.at_end() {
            self.source.fill(&mut self.rest, BATCH)?;
        }
        Ok(&self.rest)
    }

    pub(super) fn delimiter(&self) -> u8 {
        self.delimiter
    }

    pub(super) fn set_delimiter(&mut self, delimiter: u8) {
        // Between cells a tab is no odd character.
        self.classes[usize::from(delimiter)] = DELIMITER;
        self.delimiter = delimiter;
    }

    pub(super) fn set_width(&mut self, width: usize) {
        self.width = width;
    }

    /// Reads the first row alone.
    pub(super) fn header(&mut self, batch: &mut Batch) -> io::Result<Option<Row>> {
        self.cut(batch, 1)?;
        Ok(batch.rows.first().copied())
    }

    /// Reads the next batch; no rows in it mean the end.
    pub(super) fn next_batch(&mut self, batch: &mut Batch) -> io::Result<()> {
        self.cut(batch, usize::MAX)
    }

    fn cut(&mut self, batch: &mut Batch, most_rows: usize) -> io::Result<()> {
        batch.cells.clear();
        batch.rows.clear();
        batch.first_row = self.next_row;
        std::mem::swap(&mut batch.text, &mut self.rest);
        self.rest.clear();
        let mut at = 0;
        while !self.ended {
            at = self.cut_text(batch, most_rows);
            if !batch.rows.is_empty() {
                break;
            }
            if self.source.at_end() {
                self.ended = true;
            } else if batch.text.len() > LONGEST_ROW {
                batch.rows.push(Row { first_cell: 0, cells: 0, flaw: Flaw::TooLong, is_odd: true });
                self.ended = true;
            } else {
                self.source.fill(&mut batch.text, BATCH)?;
            }
        }
        self.rest.extend_from_slice(&batch.text[at..]);
        self.next_row += batch.rows.len() as u64;
        batch.bytes_read = self.source.bytes_read();
        Ok(())
    }

    /// Cuts all rows that are whole; says where the rest begins.
    fn cut_text(&mut self, batch: &mut Batch, most_rows: usize) -> usize {
        let mut at = 0;
        while at < batch.text.len() && batch.rows.len() < most_rows && !self.ended {
            let first_cell = batch.cells.len();
            let Some((mut row, next)) = self.row(&batch.text, at, &mut batch.cells) else {
                batch.cells.truncate(first_cell);
                break;
            };
            if next - at > LONGEST_ROW {
                row.flaw = Flaw::TooLong;
            }
            self.ended = matches!(row.flaw, Flaw::Unclosed | Flaw::TooLong);
            batch.rows.push(row);
            at = next;
        }
        at
    }

    /// Cuts one row, if the text holds all of it; says where the next begins.
    fn row(&self, text: &[u8], start: usize, cells: &mut Vec<Cell>) -> Option<(Row, usize)> {
        let at_end = self.source.at_end();
        let mut row =
            Row { first_cell: cells.len() as u32, cells: 0, flaw: Flaw::Blank, is_odd: false };
        let (mut at, mut seen) = (start, 0);
        loop {
            let cell = if text.get(at) == Some(&b'"') {
                row.flaw = if row.flaw == Flaw::Blank { Flaw::None } else { row.flaw };
                let Some(cell) = self.quoted(text, at + 1, &mut seen) else {
                    row.flaw = Flaw::Unclosed;
                    return at_end.then_some((row, text.len()));
                };
                at = (cell.end & !DOUBLED) as usize + 1;
                let closed = at;
                at = self.to_end_of_cell(text, at, &mut seen);
                if at > closed {
                    row.flaw = Flaw::AfterQuote;
                }
                cell
            } else {
                let begin = at;
                at = self.to_end_of_cell(text, at, &mut seen);
                if at > begin && row.flaw == Flaw::Blank {
                    row.flaw = Flaw::None;
                }
                Cell { start: begin as u32, end: at as u32 }
            };
            if (row.cells as usize) < self.width {
                cells.push(cell);
            }
            row.cells += 1;
            let next = match text.get(at) {
                None => at_end.then_some(at),
                Some(b'\r') => match text.get(at + 1) {
                    None => at_end.then_some(at + 1),
                    Some(b'\n') => Some(at + 2),
                    Some(_) => Some(at + 1),
                },
                Some(b'\n') => Some(at + 1),
                Some(_) => {
                    at += 1;
                    continue;
                }
            };
            row.is_odd = seen & ODD != 0;
            return next.map(|next| (row, next));
        }
    }

    /// Where the cell ends: at a delimiter, a line end or the end of the text.
    #[inline]
    fn to_end_of_cell(&self, text: &[u8], at: usize, seen: &mut u8) -> usize {
        let mut classes = *seen;
        let length = text[at..].iter().position(|&byte| {
            let class = self.classes[usize::from(byte)];
            classes |= class;
            class & (DELIMITER | LINE_END) != 0
        });
        *seen = classes;
        length.map_or(text.len(), |length| at + length)
    }

    /// A quoted cell, from behind its opening mark; `None` if it is not closed in this text.
    fn quoted(&self, text: &[u8], start: usize, seen: &mut u8) -> Option<Cell> {
        let (mut at, mut doubled) = (start, 0);
        loop {
            let byte = *text.get(at)?;
            if byte != b'"' {
                // A delimiter or line end is a character of the cell here.
                *seen |= if byte == b' ' || byte.is_ascii_graphic() { 0 } else { ODD };
                at += 1;
                continue;
            }
            match text.get(at + 1) {
                Some(b'"') => {
                    doubled = DOUBLED;
                    at += 2;
                }
                None if !self.source.at_end() => return None,
                _ => return Some(Cell { start: start as u32, end: at as u32 | doubled }),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    type Cut = Vec<(Flaw, Vec<String>)>;

    fn cut(bytes: &[u8], delimiter: u8) -> Cut {
        let mut rows = Rows::new(Source::new(bytes));
        rows.set_delimiter(delimiter);
        let (mut batch, mut all) = (Batch::default(), Vec::new());
        loop {
            rows.next_batch(&mut batch).unwrap();
            if batch.rows.is_empty() {
                return all;
            }
            for &row in &batch.rows {
                let cells = if row.flaw == Flaw::TooLong { &[] } else { batch.cells(row) };
                let text = |cell: &Cell| String::from_utf8_lossy(&batch.text(*cell)).into_owned();
                all.push((row.flaw, cells.iter().map(text).collect()));
            }
        }
    }

    #[test]
    fn flaws() {
        let flaws =
            |text: &str| cut(text.as_bytes(), b',').iter().map(|row| row.0).collect::<Vec<_>>();
        assert_eq!(
            flaws("a\n\n,,\r\rb"),
            [Flaw::None, Flaw::Blank, Flaw::Blank, Flaw::Blank, Flaw::None]
        );
        assert_eq!(flaws("a,\"b\"c,d\n1"), [Flaw::AfterQuote, Flaw::None]);
        assert_eq!(flaws("a\n\"b\n1\n2"), [Flaw::None, Flaw::Unclosed]);
        assert_eq!(flaws("a,\"\"\n"), [Flaw::None]);
        let endless = format!("a\n\"{}", "b\n".repeat(LONGEST_ROW));
        assert_eq!(flaws(&endless), [Flaw::None, Flaw::TooLong]);
        let long = format!("a\n{}\nb\n", "b".repeat(LONGEST_ROW + 1));
        assert_eq!(flaws(&long), [Flaw::None, Flaw::TooLong]);
    }

    proptest! {
        /// What a CSV writer wrote is read back, whatever the line ends.
        #[test]
        fn reads_what_was_written(
            rows in prop::collection::vec(
                prop::collection::vec("[a\",;\n\ré ]{0,6}", 2..5), 1..20),
            crlf: bool, semicolon: bool,
        ) {
            let delimiter = if semicolon { b';' } else { b',' };
            let mut writer = csv::WriterBuilder::new()
                .flexible(true)
                .delimiter(delimiter)
                .terminator(if crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') })
                .from_writer(Vec::new());
            for row in &rows {
                writer.write_record(row).unwrap();
            }
            let read: Vec<_> =
                cut(&writer.into_inner().unwrap(), delimiter).into_iter().map(|row| row.1).collect();
            prop_assert_eq!(read, rows);
        }

        #[test]
        fn no_bytes_panic(bytes in prop::collection::vec(prop_oneof![
            Just(b'"'), Just(b','), Just(b'\n'), Just(b'\r'), any::<u8>()], 0..200)) {
            cut(&bytes, b',');
        }
    }
}
