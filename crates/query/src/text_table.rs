//! Any Parquet table as rows of text, and rows of text as a Parquet table.
//!
//! In: a file of columns of text, whole numbers, truth values and days, and lists of them. Out: its
//! header and rows as text, a row at a time. It is an agency's own table, names included: nothing of
//! a cell is ever part of an error. Numbers with decimals, times and structures are refused by
//! their column.

use std::fs::File;
use std::io::Write;
use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, RecordBatch, StringArray};
use datafusion::arrow::datatypes::{DataType, Field, Schema};
use datafusion::arrow::util::display::{ArrayFormatter, FormatOptions};
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::arrow::arrow_reader::{
    ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};

/// Rows that are decoded at once.
const BATCH: usize = 2000;

/// Why a Parquet file does not read as a table of text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TextTableError {
    /// It is damaged, or no Parquet file.
    #[error("it does not read as a Parquet file")]
    Damaged,
    /// A column holds what no cell of a table says.
    #[error(
        "column number {place} holds {holds}, and a cell holds text, a whole number, a day, or true or false"
    )]
    Holds {
        /// The column, counted from 1. Its name may be anything and is not shown.
        place: usize,
        /// The type of what it holds.
        holds: String,
    },
    /// It cannot be written.
    #[error("it cannot be written")]
    Write,
}

/// A Parquet table, a row of text at a time.
pub struct TextTable {
    header: Vec<String>,
    reader: ParquetRecordBatchReader,
    rows: std::vec::IntoIter<Vec<String>>,
    failed: bool,
}

impl TextTable {
    /// Opens a file, from its beginning.
    ///
    /// # Errors
    ///
    /// [`TextTableError::Damaged`]; [`TextTableError::Holds`] for the first column that holds
    /// something else.
    pub fn open(file: File) -> Result<TextTable, TextTableError> {
        let damaged = |_| TextTableError::Damaged;
        let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(damaged)?;
        let fields = builder.schema().fields();
        for (at, field) in fields.iter().enumerate() {
            if !is_cell(field.data_type(), true) {
                return Err(TextTableError::Holds {
                    place: at + 1,
                    // The words of a nested type name its parts.
                    holds: match field.data_type() {
                        nested if nested.is_nested() => "columns within a column".to_owned(),
                        plain => plain.to_string(),
                    },
                });
            }
        }
        let header = fields.iter().map(|field| field.name().clone()).collect();
        let reader = builder.with_batch_size(BATCH).build().map_err(damaged)?;
        Ok(TextTable { header, reader, rows: Vec::new().into_iter(), failed: false })
    }

    /// The names of its columns.
    pub fn header(&self) -> &[String] {
        &self.header
    }
}

impl Iterator for TextTable {
    type Item = Result<Vec<String>, TextTableError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(row) = self.rows.next() {
                return Some(Ok(row));
            }
            if self.failed {
                return None;
            }
            let batch = self.reader.next()?.ok().and_then(|batch| texts(&batch));
            let Some(rows) = batch else {
                self.failed = true;
                return Some(Err(TextTableError::Damaged));
            };
            self.rows = rows.into_iter();
        }
    }
}

/// Whether a column of that type can be said in cells.
fn is_cell(holds: &DataType, list: bool) -> bool {
    match holds {
        DataType::Dictionary(_, values) => is_cell(values, false),
        DataType::List(values) | DataType::LargeList(values) => {
            list && is_cell(values.data_type(), false)
        }
        DataType::Utf8
        | DataType::LargeUtf8
        | DataType::Utf8View
        | DataType::Boolean
        | DataType::Date32
        | DataType::Date64
        | DataType::Null => true,
        whole => whole.is_integer(),
    }
}

fn texts(batch: &RecordBatch) -> Option<Vec<Vec<String>>> {
    let mut rows = vec![Vec::with_capacity(batch.num_columns()); batch.num_rows()];
    for column in batch.columns() {
        let options = FormatOptions::new().with_date_format(Some("%Y-%m-%d"));
        let options = options.with_datetime_format(Some("%Y-%m-%d"));
        let format = |values: &dyn Array| -> Option<Vec<String>> {
            let formatter = ArrayFormatter::try_new(values, &options).ok()?;
            (0..values.len()).map(|at| formatter.value(at).try_to_string().ok()).collect()
        };
        let cells: Vec<String> = match column.data_type() {
            DataType::List(_) | DataType::LargeList(_) => (0..column.len())
                .map(|at| match list_at(column, at) {
                    Some(values) => Some(format(&values)?.join("; ")),
                    None => Some(String::new()),
                })
                .collect::<Option<_>>()?,
            _ => format(column)?,
        };
        for (row, cell) in rows.iter_mut().zip(cells) {
            row.push(cell);
        }
    }
    Some(rows)
}

/// The values of a list; nothing where there is none.
fn list_at(column: &ArrayRef, at: usize) -> Option<ArrayRef> {
    use datafusion::arrow::array::AsArray;
    if column.is_null(at) {
        return None;
    }
    Some(match column.data_type() {
        DataType::LargeList(_) => column.as_list::<i64>().value(at),
        _ => column.as_list::<i32>().value(at),
    })
}

/// Writes rows of text as a Parquet table; an empty cell is null.
pub struct TextTableWriter<W: Write + Send> {
    schema: Arc<Schema>,
    writer: ArrowWriter<W>,
    rows: Vec<Vec<String>>,
}

impl<W: Write + Send> TextTableWriter<W> {
    /// Begins a table.
    ///
    /// # Errors
    ///
    /// [`TextTableError::Write`].
    pub fn create(out: W, header: &[&str]) -> Result<TextTableWriter<W>, TextTableError> {
        let fields = header.iter().map(|name| Field::new(*name, DataType::Utf8, true));
        let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
        let writer = ArrowWriter::try_new(out, Arc::clone(&schema), None);
        let writer = writer.map_err(|_| TextTableError::Write)?;
        Ok(TextTableWriter { schema, writer, rows: Vec::new() })
    }

    /// Adds a row, with a cell for each column.
    ///
    /// # Errors
    ///
    /// [`TextTableError::Write`].
    pub fn push(&mut self, row: Vec<String>) -> Result<(), TextTableError> {
        self.rows.push(row);
        if self.rows.len() == BATCH { self.write() } else { Ok(()) }
    }

    /// Ends the table.
    ///
    /// # Errors
    ///
    /// [`TextTableError::Write`].
    pub fn finish(mut self) -> Result<W, TextTableError> {
        self.write()?;
        self.writer.into_inner().map_err(|_| TextTableError::Write)
    }

    fn write(&mut self) -> Result<(), TextTableError> {
        let columns = (0..self.schema.fields().len()).map(|at| {
            let cells = self.rows.iter().map(|row| row.get(at).filter(|cell| !cell.is_empty()));
            let column: StringArray = cells.collect();
            Arc::new(column) as ArrayRef
        });
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), columns.collect());
        let batch = batch.map_err(|_| TextTableError::Write)?;
        self.rows.clear();
        self.writer.write(&batch).map_err(|_| TextTableError::Write)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Seek;

    use datafusion::arrow::array::{
        BooleanArray, Date32Array, Float64Array, Int64Array, StringArray, StringViewArray,
        TimestampSecondArray,
    };

    use super::*;

    fn file(columns: Vec<(&str, ArrayRef)>) -> File {
        let batch = RecordBatch::try_from_iter_with_nullable(
            columns.into_iter().map(|(name, column)| (name, column, true)),
        )
        .unwrap();
        let mut file = tempfile::tempfile().unwrap();
        let mut writer = ArrowWriter::try_new(&mut file, batch.schema(), None).unwrap();
        writer.write(&batch).unwrap();
        writer.close().unwrap();
        file.rewind().unwrap();
        file
    }

    #[test]
    fn every_cell_is_text() {
        let table = TextTable::open(file(vec![
            ("reference", Arc::new(StringArray::from(vec![Some("a"), None])) as ArrayRef),
            ("seen", Arc::new(StringViewArray::from(vec!["x", "y"]))),
            ("date", Arc::new(Date32Array::from(vec![Some(20_635), None]))),
            ("seats", Arc::new(Int64Array::from(vec![12, -1]))),
            ("connected", Arc::new(BooleanArray::from(vec![Some(true), None]))),
        ]));
        let table = table.unwrap();
        assert_eq!(table.header()[2], "date");
        let rows: Result<Vec<_>, _> = table.collect();
        let expected = [["a", "x", "2026-07-01", "12", "true"], ["", "y", "", "-1", ""]];
        assert_eq!(rows.unwrap(), expected);
    }

    #[test]
    fn what_no_cell_says_is_refused_by_its_column() {
        for (column, holds) in [
            (Arc::new(Float64Array::from(vec![1.5])) as ArrayRef, "Float64"),
            (Arc::new(TimestampSecondArray::from(vec![1])), "Timestamp(s)"),
        ] {
            let found = TextTable::open(file(vec![("age", column)])).err();
            let expected = TextTableError::Holds { place: 1, holds: holds.into() };
            assert_eq!(found, Some(expected));
        }
        let mut damaged = tempfile::tempfile().unwrap();
        damaged.write_all(b"PAR1 and no more").unwrap();
        assert_eq!(TextTable::open(damaged).err(), Some(TextTableError::Damaged));
    }

    #[test]
    fn what_is_written_is_read_again() {
        let rows: Vec<Vec<String>> =
            (0..4500).map(|row| vec![row.to_string(), String::new(), "ñ, \"".into()]).collect();
        let mut writer = TextTableWriter::create(Vec::new(), &["a", "b", "c"]).unwrap();
        rows.iter().for_each(|row| writer.push(row.clone()).unwrap());
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&writer.finish().unwrap()).unwrap();
        file.rewind().unwrap();
        let again: Result<Vec<_>, _> = TextTable::open(file).unwrap().collect();
        assert_eq!(again.unwrap(), rows);
    }
}
