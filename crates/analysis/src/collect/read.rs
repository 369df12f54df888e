//! Tables as they stand in a file, every cell as text.
//!
//! In: a file's name and its bytes. Out: its tables ([`Sheet`]), or every problem that stands in
//! the way, not only the first. What a table means is not decided here.
//!
//! The format is recognised by the content, then by the name: CSV with any of four delimiters
//! (`delimited`) in UTF-8, UTF-16 or Windows-1252 (`text`), JSON (`json`), XLSX and ODS
//! (`workbook`). `table` then makes header and rows of the raw cells and looks at every one.
//!
//! A table of whose header no column is known is taken for notes (a read-me sheet, a file that is
//! no return): nobody will read its cells as figures, so its layout is not judged, only its
//! characters. Layout is judged as soon as one column is known.
//!
//! To add a format: a file here that makes `RawRow`s of bytes, and its recognition in
//! [`read_all`].

mod archive;
mod delimited;
mod inflate;
mod json;
mod limits;
mod personal;
mod table;
mod text;
mod workbook;

use std::fmt;
use std::path::Path;

use records::{CellProblem, Shown};

pub use personal::personal;

/// The largest file that is read, in bytes.
pub const LARGEST_FILE: usize = 256 << 20;

/// The most cells that one table may have, empty ones between others included.
pub const MOST_CELLS: usize = 2_000_000;

/// One table as it stands in a file, every cell as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// The file as it was named.
    pub file: String,
    /// The sheet's name; empty for CSV and JSON.
    pub name: String,
    /// Whether the workbook hides the sheet.
    pub hidden: bool,
    /// The column names.
    pub header: Vec<String>,
    /// The row in which the header stands, counted from 1.
    pub header_row: u64,
    /// The rows that are not wholly empty, each with as many cells as the header.
    pub rows: Vec<Row>,
}

/// One row of a table. Its `Debug` withholds the cells: they may be about a person.
#[derive(Clone, PartialEq, Eq)]
pub struct Row {
    /// The row as a spreadsheet shows it, counted from 1, the header included.
    pub number: u64,
    /// The cells, trimmed, in the order of the header.
    pub cells: Vec<String>,
}

impl fmt::Debug for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Row {} of {} cells [withheld]", self.number, self.cells.len())
    }
}

/// A file's tables and problems, both as far as they could be read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// The tables. With problems present they serve to recognise the file, never to import it.
    pub sheets: Vec<Sheet>,
    /// Every problem.
    pub problems: Vec<CellProblem>,
}

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
    match recognise(file_name, bytes) {
        Ok(Format::Workbook) => workbook::read(&file, bytes),
        Ok(Format::Json) => with_text(&file, bytes, json::read),
        Ok(Format::Delimited) => with_text(&file, bytes, delimited::read),
        Err(refusal) => Reading { sheets: Vec::new(), problems: vec![file.refused(refusal)] },
    }
}

/// Whether a file's name says that it may hold a table.
pub fn is_table_file(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    extension.is_some_and(|extension| {
        ["csv", "tsv", "txt", "json", "jsonl", "ndjson", "xlsx", "xlsm", "xls", "ods"]
            .contains(&extension.to_ascii_lowercase().as_str())
    })
}

enum Format {
    Workbook,
    Json,
    Delimited,
}

/// Why a whole file cannot be read: what is there, what was expected, how to mend it.
struct Refusal {
    found: &'static str,
    expected: &'static str,
    fix: &'static str,
}

/// The file being read.
struct File<'a> {
    name: &'a str,
    known: &'a dyn Fn(&str) -> bool,
}

impl File<'_> {
    fn refused(&self, refusal: Refusal) -> CellProblem {
        CellProblem {
            file: self.name.to_owned(),
            row: 0,
            column: String::new(),
            value: Shown::Value(refusal.found.to_owned()),
            expected: refusal.expected.to_owned(),
            fix: refusal.fix.to_owned(),
        }
    }
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

const EMPTY: Refusal = Refusal {
    found: "an empty file",
    expected: "a header row and rows below it",
    fix: "send the file again; if there is nothing to report, write rows with 0, unknown or \
          not collected",
};

fn recognise(file_name: &str, bytes: &[u8]) -> Result<Format, Refusal> {
    if bytes.is_empty() {
        return Err(EMPTY);
    }
    if bytes.len() > LARGEST_FILE {
        return Err(Refusal {
            found: "a file of more than 256 MiB",
            expected: "a table of totals",
            fix: "send totals, or divide the table into several files",
        });
    }
    let extension = Path::new(file_name)
        .extension()
        .map(|extension| extension.to_string_lossy().to_ascii_lowercase())
        .unwrap_or_default();
    if bytes.starts_with(b"PK") && bytes.get(2).is_some_and(|byte| *byte < 9) {
        return Ok(Format::Workbook);
    }
    if bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        return Err(old_or_encrypted(bytes));
    }
    if matches!(extension.as_str(), "xlsx" | "xlsm" | "ods" | "xls" | "xlsb")
        && (bytes.contains(&0) || std::str::from_utf8(bytes).is_err())
    {
        return Err(workbook::DAMAGED);
    }
    if bytes.starts_with(b"%PDF") {
        return Err(Refusal {
            found: "a PDF document",
            expected: "a table as CSV, XLSX, ODS or JSON",
            fix: "send the spreadsheet that the PDF was made from",
        });
    }
    let start: String = String::from_utf8_lossy(&bytes[..bytes.len().min(200)])
        .trim_start_matches('\u{feff}')
        .trim()
        .to_lowercase();
    if ["<html", "<!doctype", "<?xml", "<table"].iter().any(|tag| start.starts_with(tag)) {
        return Err(Refusal {
            found: "a web page or XML document",
            expected: "a table as CSV, XLSX, ODS or JSON",
            fix: "open it in a spreadsheet and save it as XLSX or CSV",
        });
    }
    let json_name = matches!(extension.as_str(), "json" | "jsonl" | "ndjson");
    if json_name || json::looks_like(&start) {
        return Ok(Format::Json);
    }
    Ok(Format::Delimited)
}

/// An OLE file is an old workbook, or a new one behind a password.
fn old_or_encrypted(bytes: &[u8]) -> Refusal {
    let encrypted: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    if bytes.windows(encrypted.len()).any(|window| window == encrypted) {
        workbook::ENCRYPTED
    } else {
        Refusal {
            found: "a workbook in the format of Excel 97 to 2003 (.xls)",
            expected: "a workbook as XLSX or ODS",
            fix: "open it and save it as XLSX",
        }
    }
}
