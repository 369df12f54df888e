//! The check itself: header, then every cell and rule row by row, then uniqueness.
//!
//! In: a file and a [`Schema`]. Out: problems, as they are found, and a [`Summary`]. One thread
//! reads and cuts the file into batches, the caller's checks them; a few batches go round between
//! the two, so that memory stays the same however long the file is. Problems come in the order of
//! rows, repeated keys after all others, again in the order of rows: that a key is repeated is
//! known only at the end, and then the file is read once more to say what stands there.

use std::{
    io::{self, Read, Seek, SeekFrom},
    sync::mpsc,
};

use super::{
    Encoding, Schema, SchemaError,
    distinct::{self, Duplicate, Duplicates, Keys},
    header::{self, Columns},
    report::{Report, Summary},
    row_check::RowCheck,
    rows::{Batch, Flaw, MOST_COLUMNS, Rows},
    source::{self, Source},
};
use crate::{CellProblem, Shown};

/// Batches on their way between the two threads.
const BATCHES: usize = 4;

/// Checks a CSV file against a schema.
///
/// `sink` gets every problem, named as in `file`; an error it returns ends the check. `progress`
/// gets the bytes of the file read so far. The file is read from where it stands.
///
/// # Errors
///
/// When the file cannot be read, a temporary file cannot be used or the sink fails; never for what
/// stands in the file.
pub fn check<R: Read + Seek + Send>(
    reader: R,
    schema: &Schema,
    file: &str,
    sink: &mut impl FnMut(CellProblem) -> io::Result<()>,
    progress: &mut impl FnMut(u64),
) -> Result<Summary, SchemaError> {
    check_within(reader, schema, file, sink, progress, distinct::ENTRIES)
}

/// Checks with that many entries of uniqueness in memory.
pub(super) fn check_within<R: Read + Seek + Send>(
    mut reader: R,
    schema: &Schema,
    file: &str,
    sink: &mut impl FnMut(CellProblem) -> io::Result<()>,
    progress: &mut impl FnMut(u64),
    entries: usize,
) -> Result<Summary, SchemaError> {
    let start = reader.stream_position().map_err(SchemaError::Read)?;
    let mut report = Report::new(file, sink);
    let (mut rows, columns) = match open(&mut reader, schema, &mut report)? {
        Opened::Table(rows, columns) => (rows, columns),
        Opened::No(encoding, delimiter) => return Ok(report.summary(0, encoding, delimiter)),
    };
    let delimiter = rows.delimiter();
    let keys = Keys::new(keys(schema, &columns), entries)?;
    let mut row_check = RowCheck::new(schema, &columns, keys);
    let encoding = each_batch(&mut rows, |batch| {
        progress(batch.bytes_read);
        row_check.batch(batch, &mut report)
    })?;
    let (keys, row_count) = row_check.finish();
    let key_fields = keys.fields();
    let mut duplicates = keys.finish().map_err(SchemaError::Spill)?;
    if let Some(first) = duplicates.next().map_err(SchemaError::Spill)? {
        reader.seek(SeekFrom::Start(start)).map_err(SchemaError::Read)?;
        let mut rows = Rows::new(Source::new(&mut reader));
        rows.set_delimiter(delimiter);
        rows.header(&mut Batch::default()).map_err(SchemaError::Read)?;
        rows.set_width(columns.columns.len());
        let names = Repeated { schema, columns: &columns, key_fields: &key_fields };
        names.report(&mut rows, first, &mut duplicates, &mut report)?;
    }
    Ok(report.summary(row_count, encoding, delimiter))
}

enum Opened<R> {
    Table(Box<Rows<R>>, Columns),
    /// Nothing to check, and said so.
    No(Encoding, u8),
}

fn open<'r, R: Read, S: FnMut(CellProblem) -> io::Result<()>>(
    reader: &'r mut R,
    schema: &Schema,
    report: &mut Report<'_, S>,
) -> Result<Opened<&'r mut R>, SchemaError> {
    let mut rows = Rows::new(Source::new(reader));
    let start = rows.peek().map_err(SchemaError::Read)?;
    let what = if start.is_empty() { Some("an empty file") } else { source::not_text(start) };
    let delimiter = header::delimiter(start, schema);
    if let Some(what) = what {
        let fix = "export the table as CSV (UTF-8), with a header";
        report.problem(0, "", Shown::value(what), "a table of comma-separated text", fix)?;
        return Ok(Opened::No(Encoding::Utf8, delimiter));
    }
    rows.set_delimiter(delimiter);
    let mut batch = Batch::default();
    let header = rows.header(&mut batch).map_err(SchemaError::Read)?;
    let encoding = rows.source().encoding();
    let names: Vec<String> = match header {
        Some(row) if row.flaw == Flaw::None && row.cells as usize <= MOST_COLUMNS => batch
            .cells(row)
            .iter()
            .map(|cell| String::from_utf8_lossy(&batch.text(*cell)).into_owned())
            .collect(),
        _ => {
            report.problem(
                1,
                "",
                Shown::Withheld,
                format!("a header of 1 to {MOST_COLUMNS} columns in one line"),
                "put the schema's field names into the first row; close every quotation mark",
            )?;
            return Ok(Opened::No(encoding, delimiter));
        }
    };
    match header::columns(&names, schema) {
        Err(fault) => {
            report.header(fault)?;
            Ok(Opened::No(encoding, delimiter))
        }
        Ok((columns, faults)) => {
            for fault in faults {
                report.header(fault)?;
            }
            rows.set_width(columns.columns.len());
            Ok(Opened::Table(Box::new(rows), columns))
        }
    }
}

/// The fields of each key whose columns are all there.
fn keys(schema: &Schema, columns: &Columns) -> Vec<Vec<usize>> {
    let mut keys = Vec::new();
    if !schema.primary_key.is_empty() {
        keys.push(schema.primary_key.clone());
    }
    for (field, definition) in schema.fields.iter().enumerate() {
        if definition.unique && schema.primary_key != [field] {
            keys.push(vec![field]);
        }
    }
    keys.retain(|key| key.iter().all(|&field| columns.of_field[field].is_some()));
    keys
}

/// Hands over every batch of the file, which another thread cuts meanwhile.
fn each_batch<R: Read + Send>(
    rows: &mut Rows<R>,
    mut take: impl FnMut(&Batch) -> Result<(), SchemaError>,
) -> Result<Encoding, SchemaError> {
    let cut = std::thread::scope(|scope| {
        let (full, batches) = mpsc::sync_channel::<Batch>(BATCHES);
        let (empty, emptied) = mpsc::sync_channel(BATCHES);
        for _ in 0..BATCHES {
            let _ = empty.send(Batch::default());
        }
        let cutter = scope.spawn(|| -> io::Result<()> {
            // Owned here, so that the other thread hears of the end.
            let full = full;
            for mut batch in emptied {
                rows.next_batch(&mut batch)?;
                if batch.rows.is_empty() || full.send(batch).is_err() {
                    break;
                }
            }
            Ok(())
        });
        let mut outcome = Ok(());
        for batch in batches {
            outcome = take(&batch);
            if outcome.is_err() {
                break;
            }
            // The cutter may have come to its end already.
            let _ = empty.send(batch);
        }
        drop(empty);
        match cutter.join() {
            Ok(cut) => outcome.and(cut.map_err(SchemaError::Read)),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    });
    cut.map(|()| rows.source().encoding())
}

/// Says what stands in the rows whose keys are repeated.
struct Repeated<'a> {
    schema: &'a Schema,
    columns: &'a Columns,
    key_fields: &'a [Vec<usize>],
}

impl Repeated<'_> {
    fn report<R: Read + Send, S: FnMut(CellProblem) -> io::Result<()>>(
        &self,
        rows: &mut Rows<R>,
        first: Duplicate,
        duplicates: &mut Duplicates,
        report: &mut Report<'_, S>,
    ) -> Result<(), SchemaError> {
        let mut next = Some(first);
        each_batch(rows, |batch| {
            while let Some(duplicate) = next
                && let Some(row) = duplicate
                    .row
                    .checked_sub(batch.first_row)
                    .and_then(|row| batch.rows.get(row as usize))
            {
                let cells =
                    (row.cells as usize == self.columns.columns.len()).then(|| batch.cells(*row));
                let shown = |column: usize| match cells {
                    Some(cells) => self.columns.shown(column, &batch.text(cells[column])),
                    None => Shown::Withheld,
                };
                self.one(duplicate, shown, report)?;
                next = duplicates.next().map_err(SchemaError::Spill)?;
            }
            Ok(())
        })?;
        // Only a file that became shorter meanwhile leaves any.
        while let Some(duplicate) = next {
            self.one(duplicate, |_| Shown::Withheld, report)?;
            next = duplicates.next().map_err(SchemaError::Spill)?;
        }
        Ok(())
    }

    fn one<S: FnMut(CellProblem) -> io::Result<()>>(
        &self,
        duplicate: Duplicate,
        shown: impl Fn(usize) -> Shown,
        report: &mut Report<'_, S>,
    ) -> Result<(), SchemaError> {
        let key = &self.key_fields[duplicate.key];
        let columns: Vec<usize> =
            key.iter().filter_map(|&field| self.columns.of_field[field]).collect();
        let names: Vec<&str> =
            columns.iter().map(|&column| self.columns.columns[column].name.as_str()).collect();
        let values: Vec<String> = columns.iter().map(|&column| shown(column).to_string()).collect();
        let withheld = columns.iter().all(|&column| shown(column) == Shown::Withheld);
        let value = if withheld { Shown::Withheld } else { Shown::Value(values.join(", ")) };
        let what = if *key == self.schema.primary_key { "key" } else { "value" };
        report.problem(
            duplicate.row,
            &names.join(", "),
            value,
            format!(
                "a {what} that no other row has; it stands first in row {}",
                duplicate.first_row
            ),
            "correct the value, or delete the repeated row",
        )
    }
}
