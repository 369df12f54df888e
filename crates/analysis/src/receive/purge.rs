//! Rows that were taken back, or whose release has ended, removed from every table for good.
//!
//! In: what the store has not looked for yet in which table, and today. Out: tables written anew
//! without those rows. Each step is safe under `kill -9`: the new file is whole before one
//! transaction names it with its number of rows and what was removed; the old one is deleted after
//! that, or by the next run. A row removed twice is no row the second time.
//!
//! People whose release was revoked or has ended are in the agency's totals still. What their rows
//! filled is written down by cell, so that a count can add it to what stayed with the agency.
//! Other orders take a record out of every count; nothing is written down for those.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::Timestamp;
use jiff::civil::Date;
use query::{Cell, CellKey, Purged, QueryError, Remove, check_table, purge_table};
use records::record::RecordKind;
use serde::Serialize;
use store::{NewPurge, PurgeDue, PurgeKind, PurgedCell, Scope, Store};
use submission::{Keys, Manifest};

use super::content::expected;
use super::{DUE_DAYS, Lock, ReceiveError, Receiver, manifest, on, place, purge_links};
use crate::disk;

/// Rows that were removed from a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PurgedTable {
    /// The submission, by its number here.
    pub submission: i64,
    /// The kind of record.
    pub record: RecordKind,
    /// Why.
    pub kind: PurgeKind,
    /// How many rows.
    pub rows: u64,
}

/// Removes rows, while nobody receives or reads.
///
/// # Errors
///
/// [`ReceiveError`].
pub async fn purge_now(receiver: &Receiver<'_>) -> Result<Vec<PurgedTable>, ReceiveError> {
    let _lock = Lock::receive(receiver.data)?;
    place::sweep(receiver).await?;
    purge(receiver).await
}

/// The same where the data folder has the keys of a clearinghouse, before anything is counted on a day: what
/// is taken away by then is looked at no more.
///
/// # Errors
///
/// [`ReceiveError`].
pub async fn purge_before_count(
    store: &Store,
    scope: &Scope,
    data: &Path,
    at: Timestamp,
    today: Date,
) -> Result<(), ReceiveError> {
    if Keys::exist(data) {
        let receiver = Receiver { store, scope, data, at, today, due_days: DUE_DAYS };
        purge_now(&receiver).await?;
    }
    Ok(())
}

/// Removes rows; to be called by whoever holds the lock.
pub(super) async fn purge(receiver: &Receiver<'_>) -> Result<Vec<PurgedTable>, ReceiveError> {
    let mut removed = Vec::new();
    for mut due in receiver.store.purges_due(receiver.scope).await? {
        let manifest = manifest(&due.manifest_json, "a submission", due.submission.unsigned_abs())?;
        for kind in PurgeKind::ALL {
            let rows = of_kind(receiver, &manifest, &mut due, kind).await?;
            if rows > 0 {
                let (submission, record) = (due.submission, due.table.record);
                removed.push(PurgedTable { submission, record, kind, rows });
            }
        }
        let PurgeDue { submission, table, through, .. } = &due;
        let store = receiver.store;
        store.purged_through(receiver.scope, *submission, table.record, *through).await?;
    }
    purge_links::purge(receiver).await?;
    Ok(removed)
}

/// Removes the rows of one table for one reason; how many.
async fn of_kind(
    receiver: &Receiver<'_>,
    manifest: &Manifest,
    due: &mut PurgeDue,
    kind: PurgeKind,
) -> Result<u64, ReceiveError> {
    let record = due.table.record;
    let folder = receiver.data.join(&due.folder);
    let from = folder.join(&due.table.file);
    let new_file = next_name(&due.table.file);
    let to = folder.join(&new_file);
    let ids = &due.ids;
    let is_removed = |id| ids.get(&id) == Some(&kind);
    let remove = match kind {
        PurgeKind::ReleaseExpired if expected(manifest, record, 0).with_release => {
            Remove::EndedBefore(receiver.today)
        }
        PurgeKind::ReleaseExpired => return Ok(0),
        _ if ids.values().any(|why| *why == kind) => Remove::Ids(&is_removed),
        _ => return Ok(0),
    };
    let Some(Purged { removed, left }) = purge_table(&from, &to, record, &remove)? else {
        return Ok(0);
    };
    if removed + left != due.table.rows {
        let found = removed + left;
        return Err(QueryError::Rows { path: from, expected: due.table.rows, found }.into());
    }
    // The new table is read again in any case: from now on there is no other.
    let cells_left = cells(&to, manifest, record, left)?;
    let cells = match kind.stays_in_totals() {
        true => difference(&cells(&from, manifest, record, due.table.rows)?, &cells_left),
        false => Vec::new(),
    };
    let new = NewPurge {
        submission: due.submission,
        record,
        old_file: due.table.file.clone(),
        new_file: new_file.clone(),
        rows_left: left,
        kind,
        rows: removed,
        cells,
    };
    receiver.store.purge(receiver.scope, &new, receiver.at).await?;
    disk::remove(&from).map_err(on(&from))?;
    due.table.file = new_file;
    due.table.rows = left;
    Ok(removed)
}

fn cells(
    path: &std::path::Path,
    manifest: &Manifest,
    record: RecordKind,
    rows: u64,
) -> Result<BTreeMap<CellKey, Cell>, ReceiveError> {
    let checked = check_table(path, &expected(manifest, record, rows))?;
    match checked.problems.first() {
        None => Ok(checked.cells),
        Some(problem) => Err(QueryError::NotATable {
            path: path.to_owned(),
            kind: record,
            what: format!("row {}: expected {}", problem.row, problem.expected),
        }
        .into()),
    }
}

/// What each cell lost: its rows, and people of whom nothing is left in it.
fn difference(
    before: &BTreeMap<CellKey, Cell>,
    after: &BTreeMap<CellKey, Cell>,
) -> Vec<PurgedCell> {
    let text = |word: Option<&'static str>| word.map(str::to_owned);
    before
        .iter()
        .filter_map(|(key, before)| {
            let left = after.get(key).copied().unwrap_or_default();
            let records = before.records.saturating_sub(left.records);
            let people = before.people.saturating_sub(left.people);
            (records > 0).then(|| PurgedCell {
                counted_as: text(key.counted_as),
                quarter: key.quarter,
                field: text(key.field),
                code: text(key.code),
                records,
                people,
            })
        })
        .collect()
}

/// `victims.parquet`, `victims-2.parquet`, `victims-3.parquet`.
pub(super) fn next_name(file: &str) -> String {
    let (stem, ending) = file.rsplit_once('.').unwrap_or((file, "parquet"));
    let numbered =
        stem.rsplit_once('-').and_then(|(stem, number)| Some((stem, number.parse().ok()?)));
    let (stem, number): (&str, u64) = numbered.unwrap_or((stem, 1));
    format!("{stem}-{}.{ending}", number + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_file_has_a_name_of_its_own() {
        assert_eq!(next_name("victims.parquet"), "victims-2.parquet");
        assert_eq!(next_name("encodings.clk"), "encodings-2.clk");
        assert_eq!(next_name("training_sessions-9.parquet"), "training_sessions-10.parquet");
    }
}
