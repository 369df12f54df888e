//! Tables as they stand in a file, every cell as text.
//!
//! In: a file's name and its bytes. Out: its tables ([`Sheet`]), or every problem that stands in
//! the way, not only the first. What a table means is not decided here.
//!
//! The format is recognised by the content, then by the name (`format`): CSV with any of four
//! delimiters (`delimited`) in UTF-8, UTF-16 or Windows-1252 (`text`), JSON (`json`), XLSX and ODS
//! (`workbook`, which unpacks with `archive` and looks at `limits` first). `table` then makes
//! header and rows of the raw cells and looks at every one; `personal` finds what is about a person.
//!
//! A table of whose header no column is known is taken for notes (a read-me sheet, a file that is
//! no return): nobody will read its cells as figures, so its layout is not judged, only its
//! characters. Layout is judged as soon as one column is known.
//!
//! To add a format: a file here that makes `RawRow`s of bytes, and its recognition in
//! `format`.

mod archive;
mod delimited;
mod format;
mod json;
mod limits;
mod personal;
mod refusal;
mod sheet;
mod table;
mod text;
mod workbook;

use records::CellProblem;

use sheet::File;

pub(crate) use format::{Format, recognise};
pub use format::{LARGEST_FILE, is_table_file};
pub use personal::personal;
pub(crate) use refusal::{EMPTY, Refusal, TOO_LARGE, TOO_MANY_CELLS};
pub use sheet::{MOST_CELLS, Reading, Row, Sheet};
pub(crate) use table::RawRow;
pub(crate) use workbook::raw as raw_sheets;

/// Reads a file's tables.
///
/// `known` tells whether a header is a known column that is not about a person: only the values
/// of such columns are printed in problems.
///
/// # Errors
///
/// Every problem of the file.
///
/// # Examples
///
/// ```
/// use analysis::collect::read::read;
///
/// let known = |header: &str| header == "year";
/// let sheets = read("arrests.csv", b"year;arrests\n2011;12\n", &known).unwrap();
/// assert_eq!(sheets[0].header, ["year", "arrests"]);
/// assert_eq!(sheets[0].rows[0].number, 2);
/// ```
pub fn read(
    file_name: &str,
    bytes: &[u8],
    known: &dyn Fn(&str) -> bool,
) -> Result<Vec<Sheet>, Vec<CellProblem>> {
    let reading = read_all(file_name, bytes, known);
    if reading.problems.is_empty() { Ok(reading.sheets) } else { Err(reading.problems) }
}

/// Reads a file's tables and problems, so that a broken file can still be recognised by its header.
pub fn read_all(file_name: &str, bytes: &[u8], known: &dyn Fn(&str) -> bool) -> Reading {
    let file = File { name: file_name, known };
    match format::recognise(file_name, bytes) {
        Ok(Format::Workbook) => workbook::read(&file, bytes),
        Ok(Format::Json) => with_text(&file, bytes, json::read),
        Ok(Format::Delimited) => with_text(&file, bytes, delimited::read),
        Err(refusal) => Reading { sheets: Vec::new(), problems: vec![file.refused(refusal)] },
    }
}

/// The table of rows that nobody had to take apart, the header first; its cells are looked at as those of a
/// text are.
pub(crate) fn rows(
    file_name: &str,
    rows: Vec<Vec<String>>,
    known: &dyn Fn(&str) -> bool,
) -> Reading {
    let file = File { name: file_name, known };
    let rows = (1..).zip(rows).map(|(number, cells)| RawRow { number, cells }).collect();
    let mut reading = Reading::default();
    table::shape(&file, delimited::SOURCE, rows, Vec::new(), &mut reading);
    reading
}

fn with_text(file: &File<'_>, bytes: &[u8], read: fn(&File<'_>, &str) -> Reading) -> Reading {
    match text::decode(bytes) {
        Ok(text) if text.trim().is_empty() => {
            Reading { sheets: Vec::new(), problems: vec![file.refused(EMPTY)] }
        }
        Ok(text) => read(file, &text),
        Err(refusal) => Reading { sheets: Vec::new(), problems: vec![file.refused(refusal)] },
    }
}
