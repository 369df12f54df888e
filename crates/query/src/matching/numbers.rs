//! Rows of numbers as Parquet: what a step leaves for the next.
//!
//! Nothing of them is compressed or in a dictionary: they are hashes, and are read once or twice.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, BinaryArray, RecordBatch, UInt64Array};
use datafusion::arrow::datatypes::{DataType, Field as Column, Schema, SchemaRef};
use datafusion::common::cast::{as_binary_array, as_uint64_array};
use datafusion::parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use datafusion::parquet::arrow::{ArrowWriter, ProjectionMask};
use datafusion::parquet::file::properties::{EnabledStatistics, WriterProperties};

use crate::QueryError;
use crate::engine::Spent;
use crate::write::of_parquet;

/// Rows written, and read, together.
const BATCH_ROWS: usize = 4096;
/// Numbers of a row group: what a writer holds.
const GROUP_NUMBERS: usize = 1 << 15;

/// A file of rows of `K` numbers; it is removed when it is no longer needed.
#[derive(Debug)]
pub(super) struct Numbers<const K: usize> {
    file: Option<Spent>,
    pub(super) rows: u64,
}

/// Writes rows of `K` numbers. Without any row there is no file.
pub(super) struct Writer<const K: usize> {
    path: PathBuf,
    writer: Option<ArrowWriter<File>>,
    columns: [Vec<u64>; K],
    rows: u64,
}

fn failed<E>(path: &Path) -> impl Fn(E) -> QueryError
where
    datafusion::parquet::errors::ParquetError: From<E>,
{
    move |error| QueryError::File { path: path.to_owned(), source: of_parquet(error.into()) }
}

fn disk(path: &Path) -> impl Fn(std::io::Error) -> QueryError {
    move |source| QueryError::File { path: path.to_owned(), source }
}

fn create(path: &Path, schema: SchemaRef, rows: usize) -> Result<ArrowWriter<File>, QueryError> {
    let properties = WriterProperties::builder()
        .set_dictionary_enabled(false)
        .set_statistics_enabled(EnabledStatistics::None)
        .set_max_row_group_row_count(Some(rows))
        .build();
    let file = File::create_new(path).map_err(disk(path))?;
    ArrowWriter::try_new(file, schema, Some(properties)).map_err(failed(path))
}

impl<const K: usize> Writer<K> {
    pub(super) fn new(path: PathBuf) -> Writer<K> {
        Writer { path, writer: None, columns: std::array::from_fn(|_| Vec::new()), rows: 0 }
    }

    pub(super) fn push(&mut self, row: [u64; K]) -> Result<(), QueryError> {
        self.columns.iter_mut().zip(row).for_each(|(column, number)| column.push(number));
        self.rows += 1;
        if self.columns[0].len() == BATCH_ROWS { self.write() } else { Ok(()) }
    }

    fn write(&mut self) -> Result<(), QueryError> {
        let names = (0..K).map(|at| Column::new(format!("number_{at}"), DataType::UInt64, false));
        let schema: SchemaRef = Arc::new(Schema::new(names.collect::<Vec<_>>()));
        let writer = match &mut self.writer {
            Some(writer) => writer,
            None => {
                let rows = (GROUP_NUMBERS / K).max(BATCH_ROWS);
                self.writer.insert(create(&self.path, schema.clone(), rows)?)
            }
        };
        let columns = self
            .columns
            .each_mut()
            .map(|column| Arc::new(UInt64Array::from(std::mem::take(column))) as ArrayRef);
        let batch = RecordBatch::try_new(schema, columns.to_vec()).map_err(failed(&self.path))?;
        writer.write(&batch).map_err(failed(&self.path))
    }

    pub(super) fn finish(mut self) -> Result<Numbers<K>, QueryError> {
        if !self.columns[0].is_empty() {
            self.write()?;
        }
        let file = match self.writer {
            Some(writer) => {
                writer.close().map_err(failed(&self.path))?;
                Some(Spent(self.path))
            }
            None => None,
        };
        Ok(Numbers { file, rows: self.rows })
    }
}

impl<const K: usize> Numbers<K> {
    /// Goes through the first `M` numbers of all rows.
    pub(super) fn each<const M: usize>(
        &self,
        mut take: impl FnMut([u64; M]) -> Result<(), QueryError>,
    ) -> Result<(), QueryError> {
        let Some(Spent(path)) = &self.file else { return Ok(()) };
        let mut found = 0;
        read(path, M, |batch| {
            let columns: Vec<&UInt64Array> = batch
                .columns()
                .iter()
                .map(|column| as_uint64_array(column))
                .collect::<Result<_, _>>()?;
            found += batch.num_rows() as u64;
            (0..batch.num_rows())
                .try_for_each(|row| take(std::array::from_fn(|column| columns[column].value(row))))
        })?;
        whole(path, self.rows, found)
    }

    /// All rows.
    pub(super) fn load(&self) -> Result<Vec<[u64; K]>, QueryError> {
        let mut rows = Vec::with_capacity(usize::try_from(self.rows).unwrap_or(0));
        self.each(|row| {
            rows.push(row);
            Ok(())
        })?;
        Ok(rows)
    }
}

/// A file of texts, as ids are.
#[derive(Debug)]
pub(super) struct Texts {
    file: Spent,
    rows: u64,
}

impl Texts {
    /// Writes texts that stand one after the other.
    pub(super) fn write(path: PathBuf, bytes: &[u8], ends: &[u32]) -> Result<Texts, QueryError> {
        let column = Column::new("id", DataType::Binary, false);
        let schema: SchemaRef = Arc::new(Schema::new(vec![column]));
        let mut writer = create(&path, schema.clone(), GROUP_NUMBERS)?;
        let mut start = 0;
        for ends in ends.chunks(BATCH_ROWS) {
            let texts = ends.iter().map(|end| {
                let text = &bytes[start as usize..*end as usize];
                start = *end;
                text
            });
            let texts: ArrayRef = Arc::new(BinaryArray::from_iter_values(texts));
            let batch = RecordBatch::try_new(schema.clone(), vec![texts]).map_err(failed(&path))?;
            writer.write(&batch).map_err(failed(&path))?;
        }
        writer.close().map_err(failed(&path))?;
        Ok(Texts { file: Spent(path), rows: ends.len() as u64 })
    }

    /// All texts.
    pub(super) fn load(&self) -> Result<Vec<BinaryArray>, QueryError> {
        let mut texts = Vec::new();
        let Spent(path) = &self.file;
        read(path, 1, |batch| {
            texts.push(as_binary_array(batch.column(0))?.clone());
            Ok(())
        })?;
        whole(path, self.rows, texts.iter().map(|texts| texts.len() as u64).sum())?;
        Ok(texts)
    }
}

fn read(
    path: &Path,
    columns: usize,
    mut take: impl FnMut(&RecordBatch) -> Result<(), QueryError>,
) -> Result<(), QueryError> {
    let file = File::open(path).map_err(disk(path))?;
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).map_err(failed(path))?;
    let first = ProjectionMask::leaves(reader.parquet_schema(), 0..columns);
    let reader = reader.with_projection(first).with_batch_size(BATCH_ROWS);
    for batch in reader.build().map_err(failed(path))? {
        take(&batch.map_err(failed(path))?)?;
    }
    Ok(())
}

/// All that was written must be there: what reads on would not notice.
fn whole(path: &Path, expected: u64, found: u64) -> Result<(), QueryError> {
    if found == expected {
        return Ok(());
    }
    Err(QueryError::Partition { path: path.to_owned(), expected, found })
}
