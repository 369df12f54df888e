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
    let unfinished = unfinished(out);
    let summary = write(plan, &unfinished, done).and_then(|summary| {
        fs::rename(&unfinished, out).map_err(|source| refused(out, source))?;
        Ok(summary)
    });
    if summary.is_err() {
        // What is left of it is of no use; that it cannot be removed is no news beside the error.
        let _ = fs::remove_file(&unfinished);
    }
    summary
}

fn write(
    plan: &PeopleSetPlan,
    path: &Path,
    done: &mut dyn FnMut(u64),
) -> Result<PeopleSetSummary, SimulationError> {
    let file = File::create(path).map_err(|source| refused(path, source))?;
    let mut writer = csv::Writer::from_writer(BufWriter::new(file));
    let failed = |error: csv::Error| refused(path, io::Error::from(error));
    writer.write_record(PeopleSetRow::COLUMNS).map_err(failed)?;
    let mut rows = 0;
    let summary = people_set(plan, &mut |row| {
        rows += 1;
        if rows % ROWS_BETWEEN_NEWS == 0 {
            done(rows);
        }
        writer.write_record(row.cells()).map_err(failed)
    })?;
    let inner = writer.into_inner().map_err(|error| refused(path, error.into_error()));
    inner?.flush().map_err(|source| refused(path, source))?;
    Ok(summary)
}

fn unfinished(out: &Path) -> PathBuf {
    let mut name = out.file_name().map_or_else(OsString::new, OsString::from);
    name.push(".unfinished");
    out.with_file_name(name)
}

fn refused(path: &Path, source: io::Error) -> SimulationError {
    SimulationError::Write { path: path.to_owned(), source }
}
