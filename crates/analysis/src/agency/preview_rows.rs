//! The coded rows themselves, as CSV, for whoever wants to read each of them before they leave.
//!
//! In: coded rows of one kind. Out: `victims.csv` and so on in a folder, with ids in hexadecimal.
//! Encodings are in a file of their own and are not shown.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use records::record::{CodedRecord, CodedValue, Field, RecordKind};

use super::AgencyError;

/// A file of coded rows.
pub(super) struct RowFile {
    path: PathBuf,
    writer: csv::Writer<File>,
}

impl RowFile {
    /// Begins the file of a kind, with its header.
    pub(super) fn create(folder: &Path, kind: RecordKind) -> Result<RowFile, AgencyError> {
        let path = folder.join(format!("{}.csv", kind.plural()));
        let failed = |source| AgencyError::File { path: path.clone(), source };
        fs::create_dir_all(folder).map_err(failed)?;
        let file = File::create(&path).map_err(failed)?;
        let mut rows = RowFile { writer: csv::Writer::from_writer(file), path };
        let mut header: Vec<&str> = Field::leaving(kind).map(|field| field.name).collect();
        header.push("expires_on");
        rows.record(&header)?;
        Ok(rows)
    }

    /// Writes a row.
    pub(super) fn write(&mut self, coded: &CodedRecord) -> Result<(), AgencyError> {
        let mut cells: Vec<String> = coded.values().iter().map(text).collect();
        cells.push(coded.expires_on().map(|day| day.to_string()).unwrap_or_default());
        self.record(&cells)
    }

    /// Ends the file.
    pub(super) fn finish(mut self) -> Result<(), AgencyError> {
        let flushed = self.writer.flush();
        flushed.map_err(|source| AgencyError::File { path: self.path, source })
    }

    fn record<T: AsRef<[u8]>>(&mut self, cells: &[T]) -> Result<(), AgencyError> {
        self.writer
            .write_record(cells)
            .map_err(|error| AgencyError::File { path: self.path.clone(), source: error.into() })
    }
}

fn text(value: &CodedValue) -> String {
    match value {
        CodedValue::Absent => String::new(),
        CodedValue::Id(id) => id.to_string(),
        CodedValue::Code(code) => code.as_str().to_owned(),
        CodedValue::Codes(codes) => {
            codes.iter().map(|code| code.as_str()).collect::<Vec<_>>().join("; ")
        }
        CodedValue::Quarter(quarter) => quarter.to_string(),
        CodedValue::Number(number) => number.to_string(),
        CodedValue::YesNo(answer) => if *answer { "yes" } else { "no" }.to_owned(),
    }
}
