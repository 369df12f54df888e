//! Submit: the records of a period → coded tables and totals → one sealed file.
//!
//! In: a [`Plan`]. Out: a file in the folder named, or that the same was sent before. The tables
//! are made in a private folder beside the database and hold no name.

use std::path::Path;

use jiff::Timestamp;
use query::TableWriter;
use records::Quarter;
use records::register::Register;
use store::{Scope, SentRecord, Store};
use submission::{
    ENCODINGS_FILE, FORMAT, Keys, Listed, Manifest, ManifestKind, ManifestMode, ManifestTable,
    TOTALS_FILE, Total, table_file, write_totals,
};
use tempfile::TempDir;

use super::leaving::{Passed, Row, pass};
use super::plan::{Ready, corrected, covers, ready, standing};
use super::sending::{Sending, content_digest};
use super::work_folder::WorkFolder;
use super::{AgencyError, KindLeaving, Outcome, Plan, Sent};

/// A submission that is made and not sent: its files lie in a private folder, which goes with it.
struct Prepared {
    /// The manifest, still without a place in the chain.
    manifest: Manifest,
    /// What became of the records, by kind.
    kinds: Vec<KindLeaving>,
    folder: TempDir,
    records: Vec<SentRecord>,
}

/// What was sent, now or before.
#[derive(Debug)]
pub struct Submitted {
    /// The file.
    pub sent: Sent,
    /// Its first quarter.
    pub first: Quarter,
    /// Its last quarter.
    pub last: Quarter,
    /// What became of the records, by kind.
    pub kinds: Vec<KindLeaving>,
    /// Cells of totals in it.
    pub totals: u64,
    /// Quarters that have ended, hold records and are in no file.
    pub unsent: Vec<Quarter>,
    /// Records that must be taken back by a withdrawal.
    pub to_withdraw: u64,
    /// The numbers of files of an earlier run, now handed over.
    pub handed_over: Vec<u64>,
}

/// Sends the records of a period to the clearinghouse; with `again`, a file that was sent before is
/// written once more.
///
/// # Errors
///
/// [`AgencyError`]. Nothing was sent then, and the same command can be run again.
pub async fn submit(
    store: &Store,
    scope: &Scope,
    keys: &Keys,
    plan: &Plan,
    out: &Path,
    again: bool,
    at: Timestamp,
) -> Result<Submitted, AgencyError> {
    let work = WorkFolder::take(keys.data())?;
    let handed_over = work.settle(&store.sent(scope).await?, out)?;
    let ready = ready(store, scope, keys, plan).await?;
    let prepared = build(store, scope, &work, &ready, plan).await?;
    let keys = &ready.keys;
    let sending = Sending { store, scope, work: &work, keys, recipient: &plan.recipient, out, at };
    let content = content_digest(&prepared.manifest);
    let folder = prepared.folder.path();
    let sent = match sending.resume(&content, folder).await? {
        Some(resumed) => resumed,
        None => match store.sent_with_content(scope, &content).await? {
            Some(found) => {
                let is_here = handed_over.contains(&found.sent.sequence);
                let already = sending.already(found, folder, again).await?;
                // A run that was stopped made it; this one hands it over.
                let outcome = if is_here { Outcome::Sent } else { already.outcome };
                Sent { outcome, ..already }
            }
            None => {
                let manifest = in_its_place(&ready, plan, prepared.manifest)?;
                sending.send(manifest, &content, folder, prepared.records, &[]).await?
            }
        },
    };
    let totals = prepared.kinds.iter().map(|kind| kind.totals.len() as u64).sum();
    Ok(Submitted {
        sent,
        first: ready.first,
        last: ready.last,
        kinds: prepared.kinds,
        totals,
        unsent: ready.unsent,
        to_withdraw: store.withdrawals_to_send(scope).await?.len() as u64,
        handed_over,
    })
}

/// Makes the files of a submission and its manifest, and sends nothing.
async fn build(
    store: &Store,
    scope: &Scope,
    work: &WorkFolder,
    ready: &Ready,
    plan: &Plan,
) -> Result<Prepared, AgencyError> {
    let folder = work.making()?;
    let (mut kinds, mut tables, mut encoded) = (Vec::new(), Vec::new(), None);
    let mut records = Vec::new();
    for &kind in &ready.kinds {
        let path = folder.path().join(table_file(kind));
        let mut table: Option<TableWriter> = None;
        let mut row = |row: Row<'_>| {
            let open = match &mut table {
                Some(open) => open,
                none => none.insert(TableWriter::create(&path, kind)?),
            };
            open.write(row.coded)?;
            // A person has a row for each count and quarter, and all of them stand together.
            records.extend(row.sent.filter(|sent| records.last() != Some(sent)));
            Ok(())
        };
        let Passed { found: leaving, encodings } =
            pass(store, scope, ready, kind, &mut row).await?;
        let coded = match table {
            Some(table) => Some(listed(&path, table.finish()?)?),
            None => None,
        };
        if let Some(encodings) = encodings {
            let path = folder.path().join(ENCODINGS_FILE);
            encodings.write(&path)?;
            encoded = Some(listed(&path, encodings.len() as u64)?);
        }
        tables.push(ManifestTable { record: kind, left_behind: leaving.stay_behind(), coded });
        kinds.push(leaving);
    }
    let totals: Vec<Total> = kinds.iter().flat_map(|kind| kind.totals.iter().copied()).collect();
    let totals = write_totals(&folder.path().join(TOTALS_FILE), &totals)?;
    let manifest = manifest(ready, plan, tables, encoded, totals);
    Ok(Prepared { manifest, kinds, folder, records })
}

fn listed(path: &Path, rows: u64) -> Result<Listed, AgencyError> {
    Listed::of(path, rows).map_err(|source| AgencyError::File { path: path.to_owned(), source })
}

fn manifest(
    ready: &Ready,
    plan: &Plan,
    tables: Vec<ManifestTable>,
    encodings: Option<Listed>,
    totals: Listed,
) -> Manifest {
    let about = ready.own.about();
    let linkage = ready.linkage.as_ref().filter(|_| encodings.is_some());
    let modes = ready.kinds.iter().map(|&record| {
        let basis = ready.disclosure.basis(record);
        ManifestMode {
            record,
            mode: ready.disclosure.mode(record),
            basis: basis.map_or("default", |(basis, _)| basis.as_str()).to_owned(),
            expires_on: basis.map(|(_, expires_on)| expires_on),
        }
    });
    Manifest {
        format: FORMAT,
        kind: ManifestKind::Submission,
        agency: about.code.clone(),
        practice: about.practice,
        first_quarter: ready.first,
        last_quarter: ready.last,
        calendar_offset_days: about.calendar_offset_days,
        definition_version: definition_version(),
        as_of: plan.as_of,
        recipient: plan.recipient.fingerprint(),
        sequence: 0,
        previous: None,
        corrects: None,
        linkage_key_fingerprint: linkage.map(|linkage| linkage.fingerprint.clone()),
        modes: modes.collect(),
        tables,
        encodings,
        totals: Some(totals),
        withdrawn: None,
    }
}

pub(super) fn definition_version() -> String {
    Register::embedded().current_version().name.clone()
}

/// A manifest that replaces what it should and is about no quarter of another that stands.
fn in_its_place(
    ready: &Ready,
    plan: &Plan,
    mut manifest: Manifest,
) -> Result<Manifest, AgencyError> {
    let corrected = corrected(&ready.sent, plan.corrects)?;
    let overlaps = standing(&ready.sent)
        .filter(|one| {
            corrected.is_none_or(|corrected| corrected.sent.sequence != one.sent.sequence)
        })
        .find(|one| covers(one, ready.first, ready.last));
    if let Some(one) = overlaps {
        return Err(AgencyError::Overlaps {
            sequence: one.sent.sequence,
            first: one.sent.first_quarter.unwrap_or(ready.first),
            last: one.sent.last_quarter.unwrap_or(ready.last),
        });
    }
    manifest.corrects = corrected.map(|one| one.sent.digest.clone());
    Ok(manifest)
}
