//! Withdrawal: what orders and revoked releases take back → one sealed file.
//!
//! In: the records that were sent and must be in no later count. Out: a file that names them by
//! their opaque ids, or that there is nothing to take back.

use std::path::Path;

use jiff::Timestamp;
use jiff::civil::Date;
use records::Quarter;
use store::{Scope, Store, WithdrawnRecord};
use submission::{
    Card, FORMAT, Keys, Manifest, ManifestKind, WITHDRAWN_FILE, Withdrawn, write_withdrawn,
};

use super::plan::{agency_card, expect_clearinghouse};
use super::sending::{Sending, content_digest};
use super::submit::definition_version;
use super::work_folder::WorkFolder;
use super::{AgencyError, Sent};

/// What was taken back.
#[derive(Debug)]
pub struct Withdrew {
    /// The file; nothing when there is nothing to take back.
    pub sent: Option<Sent>,
    /// The records named in it.
    pub records: Vec<WithdrawnRecord>,
    /// The numbers of files of an earlier run, now handed over.
    pub handed_over: Vec<u64>,
}

/// Takes back from the clearinghouse what orders and revoked releases demand.
///
/// # Errors
///
/// [`AgencyError`]. Nothing was sent then, and the same command can be run again.
pub async fn withdraw(
    store: &Store,
    scope: &Scope,
    keys: &Keys,
    recipient: &Card,
    as_of: Date,
    out: &Path,
    at: Timestamp,
) -> Result<Withdrew, AgencyError> {
    let work = WorkFolder::take(keys.data())?;
    let own = agency_card(keys.data())?;
    expect_clearinghouse(&own, recipient)?;
    let sent = store.sent(scope).await?;
    let handed_over = work.settle(&sent, out)?;
    let records = store.withdrawals_to_send(scope).await?;
    if records.is_empty() {
        return Ok(Withdrew { sent: None, records, handed_over });
    }
    let folder = work.making()?;
    let rows: Vec<Withdrawn> = records.iter().map(row).collect();
    let listed = write_withdrawn(&folder.path().join(WITHDRAWN_FILE), &rows)?;
    // What is taken back may have gone in any submission so far.
    let quarter = Quarter::containing(as_of);
    let first_quarter = sent.iter().filter_map(|one| one.sent.first_quarter).min();
    let last_quarter = sent.iter().filter_map(|one| one.sent.last_quarter).max();
    let manifest = Manifest {
        format: FORMAT,
        kind: ManifestKind::Withdrawal,
        agency: own.code().to_owned(),
        practice: own.about().practice,
        first_quarter: first_quarter.unwrap_or(quarter),
        last_quarter: last_quarter.unwrap_or(quarter),
        calendar_offset_days: own.about().calendar_offset_days,
        definition_version: definition_version(),
        as_of,
        recipient: recipient.fingerprint(),
        sequence: 0,
        previous: None,
        corrects: None,
        linkage_key_fingerprint: None,
        modes: Vec::new(),
        tables: Vec::new(),
        encodings: None,
        totals: None,
        withdrawn: Some(listed),
    };
    let content = content_digest(&manifest);
    let sending = Sending { store, scope, work: &work, keys, recipient, out, at };
    let sent = match sending.resume(&content, folder.path()).await? {
        Some(resumed) => resumed,
        None => sending.send(manifest, &content, folder.path(), [], &records).await?,
    };
    Ok(Withdrew { sent: Some(sent), records, handed_over })
}

fn row(one: &WithdrawnRecord) -> Withdrawn {
    let WithdrawnRecord { record, id, order, ordered_on } = *one;
    Withdrawn { record, id, order, ordered_on }
}
