//! Bytes to batches of rows.
//!
//! In: a file of whoever sent it. Out: an iterator over its rows in the columns of the kind, or
//! why it is no such table. What a file says about itself is not believed where memory hangs on
//! it: nothing compressed, no encoding in which few bytes stand for many, and no dictionary that
//! claims more words than it has bytes for.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use datafusion::arrow::datatypes::{DataType, Field as Column};
use datafusion::parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader,
    ParquetRecordBatchReaderBuilder,
};
use datafusion::parquet::basic::{Compression, Encoding};
use datafusion::parquet::column::page::{Page, PageReader};
use datafusion::parquet::file::metadata::ParquetMetaData;
use datafusion::parquet::file::serialized_reader::SerializedPageReader;
use records::record::RecordKind;

use super::{ExpectedTable, footer};
use crate::QueryError;
use crate::schema::{self, KIND_KEY};

/// Rows looked at together.
const BATCH_ROWS: usize = 4096;
/// The largest page that is read; ours have a megabyte.
const LARGEST_PAGE: usize = 64 << 20;

/// A table that can be read.
pub(super) struct Table {
    /// How many rows it says it has.
    pub(super) rows: u64,
    /// Its rows.
    pub(super) batches: ParquetRecordBatchReader,
}

/// What is said of a file whose bytes do not fit together. The reader's own words are not passed
/// on: they may repeat what stands in the file.
pub(super) fn damaged(path: &Path, kind: RecordKind) -> QueryError {
    not_a_table(path, kind, "it is damaged or no Parquet file; ask for it to be sent again")
}

fn not_a_table(path: &Path, kind: RecordKind, what: &str) -> QueryError {
    QueryError::NotATable { path: path.to_owned(), kind, what: what.to_owned() }
}

/// Opens a table and looks at everything but its rows.
pub(super) fn open(path: &Path, expected: &ExpectedTable) -> Result<Table, QueryError> {
    let kind = expected.kind;
    let failed = |source| QueryError::File { path: path.to_owned(), source };
    let damaged = || damaged(path, kind);
    let file = File::open(path).map_err(failed)?;
    let size = file.metadata().map_err(failed)?.len();
    if !footer::is_like_ours(&file, size).map_err(failed)? {
        return Err(damaged());
    }
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let metadata = ArrowReaderMetadata::load(&file, options.clone()).map_err(|_| damaged())?;
    of_kind(metadata.metadata(), kind).map_err(|what| not_a_table(path, kind, what))?;
    same_columns(&metadata, kind).map_err(|what| not_a_table(path, kind, &what))?;
    let file = Arc::new(file);
    let rows =
        within_limits(&file, size, metadata.metadata()).map_err(|refused| match refused {
            Some(what) => not_a_table(path, kind, what),
            None => damaged(),
        })?;

    let read_as = options.with_schema(schema::columns_read(kind));
    let metadata = ArrowReaderMetadata::try_new(metadata.metadata().clone(), read_as)
        .map_err(|_| damaged())?;
    let file = File::open(path).map_err(failed)?;
    let batches = ParquetRecordBatchReaderBuilder::new_with_metadata(file, metadata)
        .with_batch_size(BATCH_ROWS)
        .with_limit(usize::try_from(expected.rows).unwrap_or(usize::MAX))
        .build()
        .map_err(|_| damaged())?;
    Ok(Table { rows, batches })
}

fn of_kind(metadata: &ParquetMetaData, kind: RecordKind) -> Result<(), &'static str> {
    let said = metadata.file_metadata().key_value_metadata().map_or(&[][..], Vec::as_slice);
    match said {
        [said] if said.key == KIND_KEY => match said.value.as_deref() == Some(kind.as_str()) {
            true => Ok(()),
            false => Err("it says that its records are of another kind"),
        },
        // A description of the columns in other words, too: who reads it later would go by it.
        _ => Err("it must say of which kind its records are, and nothing else about itself"),
    }
}

/// Names, types and order. The name that stands there instead is not told: it may be anything.
fn same_columns(metadata: &ArrowReaderMetadata, kind: RecordKind) -> Result<(), String> {
    let expected = schema::columns(kind);
    let found = metadata.schema().fields();
    let fits = |found: &Column, column: &Column| {
        found.name() == column.name() && found.data_type() == column.data_type()
    };
    for (at, column) in expected.fields().iter().enumerate() {
        if !found.get(at).is_some_and(|found| fits(found, column)) {
            let of = match column.data_type() {
                DataType::FixedSizeBinary(_) => "of 16 bytes",
                DataType::Boolean => "of yes or no",
                DataType::Int64 => "of whole numbers of 64 bits",
                DataType::Date32 => "of days",
                _ => "of text",
            };
            return Err(format!("column {} must be `{}`, {of}", at + 1, column.name()));
        }
    }
    match found.len() == expected.fields().len() {
        true => Ok(()),
        false => Err(format!("it has more than its {} columns", expected.fields().len())),
    }
}

/// Looks at every page before a reader does, and says how many rows there are; `Err(None)` is a
/// file that does not read.
fn within_limits(
    file: &Arc<File>,
    size: u64,
    metadata: &ParquetMetaData,
) -> Result<u64, Option<&'static str>> {
    let mut rows = 0u64;
    for group in metadata.row_groups() {
        let group_rows = u64::try_from(group.num_rows()).map_err(|_| None)?;
        rows = rows.checked_add(group_rows).ok_or(None)?;
        for column in group.columns() {
            if column.compression() != Compression::UNCOMPRESSED {
                return Err(Some("it is compressed, and coded tables are not"));
            }
            let start = column.dictionary_page_offset().unwrap_or(column.data_page_offset());
            let start = u64::try_from(start).map_err(|_| None)?;
            let length = u64::try_from(column.compressed_size()).map_err(|_| None)?;
            if start.checked_add(length).is_none_or(|end| end > size) {
                return Err(None);
            }
            let group_rows = usize::try_from(group_rows).map_err(|_| None)?;
            let mut pages = SerializedPageReader::new(file.clone(), column, group_rows, None)
                .map_err(|_| None)?;
            while let Some(page) = pages.get_next_page().map_err(|_| None)? {
                plain_page(&page)?;
            }
        }
    }
    match u64::try_from(metadata.file_metadata().num_rows()) {
        Ok(said) if said == rows => Ok(rows),
        _ => Err(None),
    }
}

fn plain_page(page: &Page) -> Result<(), Option<&'static str>> {
    let (bytes, words) = (page.buffer().len(), page.num_values() as usize);
    if bytes > LARGEST_PAGE {
        return Err(Some("it has a page of more than 64 megabytes"));
    }
    // Every word of a dictionary has its length before it, in four bytes.
    if matches!(page, Page::DictionaryPage { .. }) && words > bytes / 4 {
        return Err(None);
    }
    let plain =
        [Encoding::PLAIN, Encoding::RLE, Encoding::RLE_DICTIONARY, Encoding::PLAIN_DICTIONARY];
    match plain.contains(&page.encoding()) {
        true => Ok(()),
        false => Err(Some("it is encoded in a way that coded tables are not")),
    }
}
