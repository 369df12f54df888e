//! A coded table written anew without some rows, and when the releases in it end.
//!
//! In: a coded table, and which rows must go: records or people that were taken back, or rows whose
//! release has ended. Out: another file beside it with every other row, on the disk as a whole or
//! not at all; the old file is left to the caller, who first writes down that the new one counts.
//! Rows keep their order. Memory is flat.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::path::Path;

use datafusion::arrow::array::{
    Array, BooleanArray, Date32Array, FixedSizeBinaryArray, RecordBatch,
};
use datafusion::arrow::compute::filter_record_batch;
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::arrow::ProjectionMask;
use datafusion::parquet::arrow::arrow_reader::{
    ArrowReaderOptions, ParquetRecordBatchReaderBuilder,
};
use jiff::ToSpan;
use jiff::civil::{Date, date};
use records::record::{Field, OpaqueId, RecordKind};

use crate::schema::EXPIRES_ON;
use crate::write::{day_number, of_parquet, options};
use crate::{QueryError, schema};

/// The day from which days are counted in Parquet.
const FIRST_DAY: Date = date(1970, 1, 1);
const BATCH_ROWS: usize = 8192;

/// Which rows are removed.
pub enum Remove<'r> {
    /// Those of these records; of victims: of these people.
    Ids(&'r dyn Fn(OpaqueId) -> bool),
    /// Those whose release ended before that day.
    EndedBefore(Date),
}

/// What a removal came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Purged {
    /// Rows removed.
    pub removed: u64,
    /// Rows left.
    pub left: u64,
}

/// Writes a table of a kind to `to`, in the same folder, without some rows; nothing is written when
/// there is none to remove.
///
/// # Errors
///
/// [`QueryError::File`], [`QueryError::NotATable`].
pub fn purge_table(
    from: &Path,
    to: &Path,
    kind: RecordKind,
    remove: &Remove<'_>,
) -> Result<Option<Purged>, QueryError> {
    let column = match remove {
        Remove::Ids(_) => reference(kind),
        Remove::EndedBefore(_) => EXPIRES_ON,
    };
    let mut removed = 0;
    for_each_batch(from, kind, Some(column), |batch| {
        removed += kept(from, kind, batch, column, remove)?.false_count() as u64;
        Ok(())
    })?;
    if removed == 0 {
        return Ok(None);
    }
    let part = to.with_extension("part");
    let on = |path: &Path| {
        let path = path.to_owned();
        move |source| QueryError::File { path, source }
    };
    let file = private(&part).map_err(on(&part))?;
    let broken = |error| QueryError::File { path: part.clone(), source: of_parquet(error) };
    let mut writer = ArrowWriter::try_new_with_options(file, schema::columns(kind), options(kind))
        .map_err(broken)?;
    let mut left = 0;
    for_each_batch(from, kind, None, |batch| {
        let kept = kept(from, kind, batch, column, remove)?;
        let batch = filter_record_batch(batch, &kept).map_err(|_| damaged(from, kind))?;
        left += batch.num_rows() as u64;
        writer.write(&batch).map_err(broken)
    })?;
    let file = writer.into_inner().map_err(broken)?;
    file.sync_all().map_err(on(&part))?;
    fs::rename(&part, to).map_err(on(to))?;
    if cfg!(unix) {
        let folder = to.parent().unwrap_or(Path::new("."));
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(on(folder))?;
    }
    Ok(Some(Purged { removed, left }))
}

/// How many rows of a table came under releases, by the last day of the release.
///
/// # Errors
///
/// [`QueryError::File`], [`QueryError::NotATable`].
pub fn releases_end(path: &Path, kind: RecordKind) -> Result<BTreeMap<Date, u64>, QueryError> {
    let mut days: BTreeMap<i32, u64> = BTreeMap::new();
    for_each_batch(path, kind, Some(EXPIRES_ON), |batch| {
        for day in dates(path, kind, batch)?.iter().flatten() {
            *days.entry(day).or_default() += 1;
        }
        Ok(())
    })?;
    Ok(days.into_iter().map(|(day, rows)| (FIRST_DAY.saturating_add(day.days()), rows)).collect())
}

/// Which rows of a batch stay.
fn kept(
    path: &Path,
    kind: RecordKind,
    batch: &RecordBatch,
    column: &str,
    remove: &Remove<'_>,
) -> Result<BooleanArray, QueryError> {
    match remove {
        Remove::Ids(is_removed) => {
            let ids = batch
                .column_by_name(column)
                .and_then(|ids| ids.as_any().downcast_ref::<FixedSizeBinaryArray>())
                .filter(|ids| ids.value_length() == 16)
                .ok_or_else(|| damaged(path, kind))?;
            let stays = |id: Option<&[u8]>| {
                let id = id.and_then(|id| <[u8; 16]>::try_from(id).ok());
                Some(!id.is_some_and(|id| is_removed(OpaqueId(id))))
            };
            Ok(ids.iter().map(stays).collect())
        }
        Remove::EndedBefore(day) => {
            let first_kept = day_number(*day);
            let stays = |day: Option<i32>| Some(day.is_none_or(|day| first_kept <= day));
            Ok(dates(path, kind, batch)?.iter().map(stays).collect())
        }
    }
}

fn dates<'b>(
    path: &Path,
    kind: RecordKind,
    batch: &'b RecordBatch,
) -> Result<&'b Date32Array, QueryError> {
    batch
        .column_by_name(EXPIRES_ON)
        .and_then(|days| days.as_any().downcast_ref::<Date32Array>())
        .ok_or_else(|| damaged(path, kind))
}

/// The column with a record's own id.
fn reference(kind: RecordKind) -> &'static str {
    Field::leaving(kind).next().map_or("reference", |field| field.name)
}

fn open(
    path: &Path,
    kind: RecordKind,
) -> Result<ParquetRecordBatchReaderBuilder<File>, QueryError> {
    let file =
        File::open(path).map_err(|source| QueryError::File { path: path.to_owned(), source })?;
    // By the columns alone, not by what a stranger's file says they were made from.
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    ParquetRecordBatchReaderBuilder::try_new_with_options(file, options)
        .map_err(|_| damaged(path, kind))
}

/// Reads a table batch by batch: one column of it, or all.
fn for_each_batch(
    path: &Path,
    kind: RecordKind,
    column: Option<&str>,
    mut look: impl FnMut(&RecordBatch) -> Result<(), QueryError>,
) -> Result<(), QueryError> {
    let mut builder = open(path, kind)?.with_batch_size(BATCH_ROWS);
    if let Some(column) = column {
        let mask = ProjectionMask::columns(builder.parquet_schema(), [column]);
        builder = builder.with_projection(mask);
    }
    let reader = builder.build().map_err(|_| damaged(path, kind))?;
    for batch in reader {
        look(&batch.map_err(|_| damaged(path, kind))?)?;
    }
    Ok(())
}

/// The reader's own words are not passed on: they may repeat what stands in the file.
fn damaged(path: &Path, kind: RecordKind) -> QueryError {
    let what = "it is damaged; restore it from a backup".to_owned();
    QueryError::NotATable { path: path.to_owned(), kind, what }
}

/// A file that its owner alone can read; what an earlier run left there is overwritten.
fn private(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
