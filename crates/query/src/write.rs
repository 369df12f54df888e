//! Coded records to a coded table.
//!
//! In: coded records of one kind. Out: a Parquet file. Equal records
//! in equal order give equal bytes: nothing in the file speaks of when or where it was written. It
//! is not compressed, because ids do not compress, codes are small as they are, and who reads a
//! stranger's file has then nothing to inflate.

use std::fmt;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use datafusion::arrow::array::{
    ArrayRef, BooleanBuilder, Date32Builder, FixedSizeBinaryBuilder, Int64Builder, RecordBatch,
    StringBuilder,
};
use datafusion::arrow::datatypes::{DataType, SchemaRef};
use datafusion::arrow::error::ArrowError;
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::arrow::arrow_writer::ArrowWriterOptions;
use datafusion::parquet::basic::Compression;
use datafusion::parquet::errors::ParquetError;
use datafusion::parquet::file::metadata::KeyValue;
use datafusion::parquet::file::properties::WriterProperties;
use datafusion::parquet::schema::types::ColumnPath;
use jiff::civil::{Date, date};
use records::record::{CodedRecord, CodedValue, RecordKind};

use crate::QueryError;
use crate::schema::{self, BETWEEN_CODES, ID_BYTES, KIND_KEY};

/// Rows held in memory before they are encoded.
const BATCH_ROWS: usize = 8192;
/// Rows in a row group: what is held encoded, and what a reader takes in at once.
const GROUP_ROWS: usize = 128 * 1024;

/// Writes the coded table of one kind of record, row by row; memory is flat.
pub struct TableWriter {
    path: PathBuf,
    kind: RecordKind,
    writer: ArrowWriter<File>,
    columns: SchemaRef,
    cells: Vec<Cells>,
    in_batch: usize,
    rows: u64,
}

impl fmt::Debug for TableWriter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("TableWriter");
        shown.field("path", &self.path).field("kind", &self.kind).field("rows", &self.rows);
        shown.finish_non_exhaustive()
    }
}

/// The cells of one column that are not written yet.
enum Cells {
    Ids(FixedSizeBinaryBuilder),
    Texts(StringBuilder),
    YesNo(BooleanBuilder),
    Numbers(Int64Builder),
    Days(Date32Builder),
}

impl TableWriter {
    /// Begins a table at `path`; an older file there is replaced.
    ///
    /// # Errors
    ///
    /// [`QueryError::File`].
    pub fn create(path: &Path, kind: RecordKind) -> Result<TableWriter, QueryError> {
        let failed = |source| QueryError::File { path: path.to_owned(), source };
        let columns = schema::columns(kind);
        let file = File::create(path).map_err(failed)?;
        let writer = ArrowWriter::try_new_with_options(file, columns.clone(), options(kind))
            .map_err(|error| failed(of_parquet(error)))?;
        let cells = columns.fields().iter().map(|column| Cells::of(column.data_type())).collect();
        let path = path.to_owned();
        Ok(TableWriter { path, kind, writer, columns, cells, in_batch: 0, rows: 0 })
    }

    /// Writes one record.
    ///
    /// # Errors
    ///
    /// [`QueryError::OtherKind`], [`QueryError::File`].
    pub fn write(&mut self, record: &CodedRecord) -> Result<(), QueryError> {
        if record.kind() != self.kind {
            return Err(QueryError::OtherKind { expected: self.kind, found: record.kind() });
        }
        let mut row = Ok(());
        let values = record.values().iter();
        for (cells, value) in self.cells.iter_mut().zip(values) {
            row = row.and(cells.push(value));
        }
        if let [.., Cells::Days(days)] = self.cells.as_mut_slice() {
            days.append_option(record.expires_on().map(day_number));
        }
        row.map_err(|error| self.failed(ParquetError::from(error)))?;
        self.rows += 1;
        self.in_batch += 1;
        if self.in_batch == BATCH_ROWS { self.write_batch() } else { Ok(()) }
    }

    /// Ends the table, on the disk; how many rows it has.
    ///
    /// # Errors
    ///
    /// [`QueryError::File`].
    pub fn finish(mut self) -> Result<u64, QueryError> {
        self.write_batch()?;
        let TableWriter { path, writer, rows, .. } = self;
        let failed = |source| QueryError::File { path: path.clone(), source };
        let file = writer.into_inner().map_err(|error| failed(of_parquet(error)))?;
        file.sync_all().map_err(failed)?;
        Ok(rows)
    }

    fn write_batch(&mut self) -> Result<(), QueryError> {
        self.in_batch = 0;
        let cells: Vec<ArrayRef> = self.cells.iter_mut().map(Cells::finish).collect();
        let batch = RecordBatch::try_new(self.columns.clone(), cells).map_err(ParquetError::from);
        batch.and_then(|batch| self.writer.write(&batch)).map_err(|error| self.failed(error))
    }

    fn failed(&self, error: ParquetError) -> QueryError {
        QueryError::File { path: self.path.clone(), source: of_parquet(error) }
    }
}

impl Cells {
    fn of(cell_type: &DataType) -> Cells {
        match cell_type {
            DataType::FixedSizeBinary(_) => Cells::Ids(FixedSizeBinaryBuilder::new(ID_BYTES)),
            DataType::Boolean => Cells::YesNo(BooleanBuilder::new()),
            DataType::Int64 => Cells::Numbers(Int64Builder::new()),
            DataType::Date32 => Cells::Days(Date32Builder::new()),
            _ => Cells::Texts(StringBuilder::new()),
        }
    }

    /// Appends a value; one that the column cannot hold does not occur, by the fields' own tests,
    /// and would be nothing.
    fn push(&mut self, value: &CodedValue) -> Result<(), ArrowError> {
        match (self, value) {
            (Cells::Ids(cells), CodedValue::Id(id)) => cells.append_value(id.0)?,
            (Cells::Ids(cells), _) => cells.append_null(),
            (Cells::Texts(cells), CodedValue::Code(code)) => cells.append_value(code.as_str()),
            (Cells::Texts(cells), CodedValue::Codes(codes)) if !codes.is_empty() => {
                let words: Vec<&str> = codes.iter().map(|code| code.as_str()).collect();
                cells.append_value(words.join(BETWEEN_CODES));
            }
            (Cells::Texts(cells), CodedValue::Quarter(quarter)) => {
                cells.append_value(quarter.to_string());
            }
            (Cells::Texts(cells), _) => cells.append_null(),
            (Cells::YesNo(cells), CodedValue::YesNo(answer)) => cells.append_value(*answer),
            (Cells::YesNo(cells), _) => cells.append_null(),
            (Cells::Numbers(cells), CodedValue::Number(number)) => cells.append_value(*number),
            (Cells::Numbers(cells), _) => cells.append_null(),
            (Cells::Days(cells), _) => cells.append_null(),
        }
        Ok(())
    }

    fn finish(&mut self) -> ArrayRef {
        match self {
            Cells::Ids(cells) => Arc::new(cells.finish()),
            Cells::Texts(cells) => Arc::new(cells.finish()),
            Cells::YesNo(cells) => Arc::new(cells.finish()),
            Cells::Numbers(cells) => Arc::new(cells.finish()),
            Cells::Days(cells) => Arc::new(cells.finish()),
        }
    }
}

/// How a coded table is written.
pub(crate) fn options(kind: RecordKind) -> ArrowWriterOptions {
    ArrowWriterOptions::new()
        .with_properties(properties(kind))
        // The columns say what they are; a second description could say otherwise.
        .with_skip_arrow_metadata(true)
}

fn properties(kind: RecordKind) -> WriterProperties {
    let of_kind = KeyValue::new(KIND_KEY.to_owned(), kind.as_str().to_owned());
    let properties = WriterProperties::builder()
        .set_created_by("clearway".to_owned())
        .set_key_value_metadata(Some(vec![of_kind]))
        .set_compression(Compression::UNCOMPRESSED)
        .set_max_row_group_row_count(Some(GROUP_ROWS));
    // A dictionary of ids is as long as the ids.
    let ids = schema::columns(kind).fields().iter().fold(properties, |properties, column| {
        match column.data_type() {
            DataType::FixedSizeBinary(_) => properties
                .set_column_dictionary_enabled(ColumnPath::from(column.name().as_str()), false),
            _ => properties,
        }
    });
    ids.build()
}

/// The days since the first of 1970, as Parquet counts them.
pub(crate) fn day_number(day: Date) -> i32 {
    const EPOCH: Date = date(1970, 1, 1);
    day.duration_since(EPOCH).as_hours().div_euclid(24) as i32
}

pub(crate) fn of_parquet(error: ParquetError) -> std::io::Error {
    match error {
        ParquetError::External(source) => match source.downcast::<std::io::Error>() {
            Ok(error) => *error,
            Err(other) => std::io::Error::other(other),
        },
        other => std::io::Error::other(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_from_1970() {
        let days = [(date(1970, 1, 1), 0), (date(1969, 12, 31), -1), (date(2026, 7, 1), 20635)];
        for (day, number) in days {
            assert_eq!(day_number(day), number, "{day}");
        }
    }
}
