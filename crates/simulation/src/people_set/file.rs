//! A people set as one CSV file.
//!
//! In: a [`PeopleSetPlan`] and a path. Out: the file, UTF-8 with a header, and the truth in
//! numbers. The file appears when it is whole; until then it has another name beside it.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use crate::error::SimulationError;

use super::{PeopleSetPlan, PeopleSetRow, PeopleSetSummary, people_set};

const ROWS_BETWEEN_NEWS: u64 = 1_000;

/// Writes a people set; `done` learns now and then how many rows there are.
///
/// # Errors
///
/// [`SimulationError`] when the plan cannot be made or the file cannot be written; then there is
/// no new file.
pub fn write_people_set(
    plan: &PeopleSetPlan,
    out: &Path,
    done: &mut dyn FnMut(u64),
) -> Result<PeopleSetSummary, SimulationError> {
    csv_when_whole(out, &PeopleSetRow::COLUMNS, |write| {
        let mut rows = 0;
        people_set(plan, &mut |row| {
            rows += 1;
            if rows % ROWS_BETWEEN_NEWS == 0 {
                done(rows);
            }
            let cells: [&str; PeopleSetRow::COLUMNS.len()] =
                row.cells().each_ref().map(String::as_str);
            write(&cells)
        })
    })
}

/// Writes a CSV file that appears when it is whole; `rows` is given what writes a row.
pub(crate) fn csv_when_whole<T>(
    out: &Path,
    header: &[&str],
    rows: impl FnOnce(&mut WriteRow<'_>) -> Result<T, SimulationError>,
) -> Result<T, SimulationError> {
    let unfinished = unfinished(out);
    let written = write(&unfinished, header, rows).and_then(|told| {
        fs::rename(&unfinished, out).map_err(|source| refused(out, source))?;
        Ok(told)
    });
    if written.is_err() {
        // What is left of it is of no use; that it cannot be removed is no news beside the error.
        let _ = fs::remove_file(&unfinished);
    }
    written
}

/// What writes a row.
type WriteRow<'a> = dyn FnMut(&[&str]) -> Result<(), SimulationError> + 'a;

fn write<T>(
    path: &Path,
    header: &[&str],
    rows: impl FnOnce(&mut WriteRow<'_>) -> Result<T, SimulationError>,
) -> Result<T, SimulationError> {
    let file = File::create(path).map_err(|source| refused(path, source))?;
    let mut writer = csv::Writer::from_writer(BufWriter::new(file));
    let failed = |error: csv::Error| refused(path, io::Error::from(error));
    writer.write_record(header).map_err(failed)?;
    let told = rows(&mut |cells| writer.write_record(cells).map_err(failed))?;
    let inner = writer.into_inner().map_err(|error| refused(path, error.into_error()));
    inner?.flush().map_err(|source| refused(path, source))?;
    Ok(told)
}

fn unfinished(out: &Path) -> PathBuf {
    let mut name = out.file_name().map_or_else(OsString::new, OsString::from);
    name.push(".unfinished");
    out.with_file_name(name)
}

pub(crate) fn refused(path: &Path, source: io::Error) -> SimulationError {
    SimulationError::Write { path: path.to_owned(), source }
}
