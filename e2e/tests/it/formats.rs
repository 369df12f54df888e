//! One table in every form in which an office may send it.

use rust_xlsxwriter::Workbook;
use serde_json::{Map, Value};

/// A table of text.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    /// The column names.
    pub(crate) header: Vec<String>,
    /// The rows.
    pub(crate) rows: Vec<Vec<String>>,
}

impl Table {
    /// A table from a header and rows of text.
    pub(crate) fn new<const N: usize>(header: [&str; N], rows: &[[&str; N]]) -> Table {
        let owned = |cells: &[&str; N]| cells.iter().map(|cell| (*cell).to_owned()).collect();
        Table { header: owned(&header), rows: rows.iter().map(owned).collect() }
    }

    /// Delimited text, with quotes where they are needed.
    pub(crate) fn delimited(&self, delimiter: u8) -> String {
        let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
        writer.write_record(&self.header).expect("a header");
        for row in &self.rows {
            writer.write_record(row).expect("a row");
        }
        String::from_utf8(writer.into_inner().expect("all rows")).expect("text")
    }

    /// Comma-separated.
    pub(crate) fn csv(&self) -> String {
        self.delimited(b',')
    }

    /// A workbook; what reads as a number is written as one.
    pub(crate) fn xlsx(&self) -> Vec<u8> {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet();
        for (row, cells) in std::iter::once(&self.header).chain(&self.rows).enumerate() {
            for (column, cell) in cells.iter().enumerate() {
                let (row, column) = (row as u32, column as u16);
                match cell.parse::<f64>() {
                    Ok(number) => sheet.write_number(row, column, number),
                    Err(_) => sheet.write_string(row, column, cell),
                }
                .expect("a cell");
            }
        }
        workbook.save_to_buffer().expect("a workbook")
    }

    /// The smallest OpenDocument spreadsheet that holds the table.
    pub(crate) fn ods(&self) -> Vec<u8> {
        let cell = |text: &String| match text.parse::<f64>() {
            Ok(_) => format!(
                "<table:table-cell office:value-type=\"float\" office:value=\"{text}\"><text:p>{text}</text:p></table:table-cell>"
            ),
            Err(_) => format!(
                "<table:table-cell office:value-type=\"string\"><text:p>{}</text:p></table:table-cell>",
                text.replace('&', "&amp;").replace('<', "&lt;")
            ),
        };
        let row = |cells: &Vec<String>| {
            let cells: String = cells.iter().map(cell).collect();
            format!("<table:table-row>{cells}</table:table-row>")
        };
        let rows: String = std::iter::once(&self.header).chain(&self.rows).map(row).collect();
        let content = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\
             <office:document-content xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
             xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" \
             xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\" office:version=\"1.3\">\
             <office:body><office:spreadsheet><table:table table:name=\"Return\">{rows}</table:table>\
             </office:spreadsheet></office:body></office:document-content>"
        );
        let kind = "application/vnd.oasis.opendocument.spreadsheet";
        let manifest = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\
             <manifest:manifest xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\">\
             <manifest:file-entry manifest:full-path=\"/\" manifest:media-type=\"{kind}\"/>\
             <manifest:file-entry manifest:full-path=\"content.xml\" manifest:media-type=\"text/xml\"/>\
             </manifest:manifest>"
        );
        zip(&[
            ("mimetype", kind.as_bytes()),
            ("content.xml", content.as_bytes()),
            ("META-INF/manifest.xml", manifest.as_bytes()),
        ])
    }

    /// A JSON list of objects; digits are written as numbers, empty cells as null.
    pub(crate) fn json(&self) -> String {
        Value::Array(self.objects()).to_string()
    }

    /// One JSON object a line.
    pub(crate) fn json_lines(&self) -> String {
        self.objects().iter().map(|object| format!("{object}\n")).collect()
    }

    fn objects(&self) -> Vec<Value> {
        let value = |cell: &String| match (cell.as_str(), cell.parse::<i64>()) {
            ("", _) => Value::Null,
            (_, Ok(number)) => number.into(),
            _ => cell.as_str().into(),
        };
        let object = |row: &Vec<String>| {
            let pairs = self.header.iter().cloned().zip(row.iter().map(value));
            Value::Object(pairs.collect::<Map<_, _>>())
        };
        self.rows.iter().map(object).collect()
    }
}

/// A text in the bytes of Windows-1252; only letters of Latin-1, and the en dash.
pub(crate) fn windows_1252(text: &str) -> Vec<u8> {
    let byte = |letter: char| match letter {
        '–' => 0x96,
        other => u8::try_from(u32::from(other)).expect("a letter of Latin-1"),
    };
    text.chars().map(byte).collect()
}

/// A zip archive of files stored as they are.
fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut archive, mut directory) = (Vec::new(), Vec::new());
    for (name, bytes) in files {
        let offset = archive.len() as u32;
        let mut entry = Vec::new();
        // Version 2.0, no flags, stored, 1 January 1980.
        entry.extend([20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0]);
        entry.extend(crc32(bytes).to_le_bytes());
        entry.extend((bytes.len() as u32).to_le_bytes());
        entry.extend((bytes.len() as u32).to_le_bytes());
        entry.extend((name.len() as u16).to_le_bytes());
        entry.extend([0, 0]);
        archive.extend(*b"PK\x03\x04");
        archive.extend(&entry);
        archive.extend(name.as_bytes());
        archive.extend(*bytes);
        directory.extend(*b"PK\x01\x02\x14\x00");
        directory.extend(&entry);
        directory.extend([0; 10]);
        directory.extend(offset.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let start = archive.len() as u32;
    archive.extend(&directory);
    archive.extend(*b"PK\x05\x06\x00\x00\x00\x00");
    archive.extend((files.len() as u16).to_le_bytes());
    archive.extend((files.len() as u16).to_le_bytes());
    archive.extend((directory.len() as u32).to_le_bytes());
    archive.extend(start.to_le_bytes());
    archive.extend([0, 0]);
    archive
}

/// The checksum of zip archives: CRC-32 of ISO 3309.
fn crc32(bytes: &[u8]) -> u32 {
    let step = |sum: u32, byte: &u8| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| (sum >> 1) ^ (0xEDB8_8320 * (sum & 1)))
    };
    !bytes.iter().fold(!0, step)
}
