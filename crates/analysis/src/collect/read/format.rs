//! Which format a file is in: by its content, then by its name.

use std::path::Path;

use super::json;
use super::refusal::{DAMAGED, EMPTY, ENCRYPTED, Refusal};

/// The largest file that is read, in bytes.
pub const LARGEST_FILE: usize = 256 << 20;

/// Whether a file's name says that it may hold a table.
pub fn is_table_file(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str());
    extension.is_some_and(|extension| {
        ["csv", "tsv", "txt", "json", "jsonl", "ndjson", "xlsx", "xlsm", "xls", "ods"]
            .contains(&extension.to_ascii_lowercase().as_str())
    })
}

/// How a file is read.
pub(crate) enum Format {
    Workbook,
    Json,
    Delimited,
}

/// Which format it is, or why it is none.
pub(crate) fn recognise(file_name: &str, bytes: &[u8]) -> Result<Format, Refusal> {
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
        return Err(DAMAGED);
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
        ENCRYPTED
    } else {
        Refusal {
            found: "a workbook in the format of Excel 97 to 2003 (.xls)",
            expected: "a workbook as XLSX or ODS",
            fix: "open it and save it as XLSX",
        }
    }
}
