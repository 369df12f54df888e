//! What is to be sent: which quarters, to whom, under which key; and what stands on that day.
//!
//! In: a [`Plan`], the agency's store and keys. Out: [`Ready`], by which the same pass over the
//! records makes a submission or a preview.

use std::collections::{BTreeSet, HashSet};
use std::path::Path;

use jiff::civil::{Date, date};
use linkage::LinkageKey;
use records::Quarter;
use records::disclosure::{CLEARINGHOUSE, Disclosure, DisclosureMode, Mode};
use records::record::{OpaqueId, RecordKind};
use store::{Scope, SentKind, Store, StoredSent};
use submission::{Card, Keys, KeysError, Role, SealError, linkage_fingerprint};

use super::AgencyError;
use super::setup::own_card;

/// The linkage key that the agencies of a state share, unless another is named.
pub const DEFAULT_LINKAGE_KEY: &str = "state";

/// No agency has coded records of an earlier day; an earlier period is a typing error.
pub(crate) const EARLIEST: Date = date(1990, 1, 1);

/// What is to be sent.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The first and last quarter; nothing for those of the file that is corrected, or else the
    /// last quarter that has ended.
    pub period: Option<(Quarter, Quarter)>,
    /// The day as of which it speaks, and on which modes and releases must stand.
    pub as_of: Date,
    /// The clearinghouse.
    pub recipient: Card,
    /// The name of the linkage key; nothing for [`DEFAULT_LINKAGE_KEY`].
    pub linkage_key: Option<String>,
    /// The number of the file that it replaces.
    pub corrects: Option<u64>,
}

/// What a pass over the records needs.
pub(super) struct Ready {
    /// The card of this agency.
    pub own: Card,
    /// The keys of this agency.
    pub keys: Keys,
    /// The first quarter.
    pub first: Quarter,
    /// The last quarter.
    pub last: Quarter,
    /// The kinds of records that the agency keeps, in any quarter.
    pub kinds: Vec<RecordKind>,
    /// The modes that stand, for their signatories.
    pub modes: Vec<DisclosureMode>,
    /// What may leave that day.
    pub disclosure: Disclosure,
    /// The key under which people are encoded, its name and its fingerprint; nothing when no row
    /// of a victim may leave.
    pub linkage: Option<Linkage>,
    /// The people whose records are sealed or vacated.
    pub sealed: HashSet<OpaqueId>,
    /// Every file sent so far.
    pub sent: Vec<StoredSent>,
    /// Quarters that have ended, hold records, and were never sent, without those of this plan.
    pub unsent: Vec<Quarter>,
}

/// The linkage key of a plan.
pub(super) struct Linkage {
    pub name: String,
    pub fingerprint: String,
    pub key: LinkageKey,
}

/// Looks up everything that a plan rests on.
pub(super) async fn ready(
    store: &Store,
    scope: &Scope,
    keys: &Keys,
    plan: &Plan,
) -> Result<Ready, AgencyError> {
    let own = agency_card(keys.data())?;
    expect_clearinghouse(&own, &plan.recipient)?;
    let counts = store.record_counts(scope).await?;
    let kinds: BTreeSet<RecordKind> = counts.iter().map(|count| count.record).collect();
    if kinds.is_empty() {
        return Err(AgencyError::NoRecords);
    }
    let sent = store.sent(scope).await?;
    let corrected = submission(&sent, plan.corrects)?;
    let of_corrected = corrected.and_then(|one| one.sent.first_quarter.zip(one.sent.last_quarter));
    let last_complete = last_complete_quarter(plan.as_of);
    let (first, last) = plan.period.or(of_corrected).unwrap_or((last_complete, last_complete));
    if last < first {
        return Err(AgencyError::Backwards);
    }
    let begins = |quarter: Quarter| quarter.period().start();
    if begins(last).is_some_and(|day| day > plan.as_of)
        || begins(first).is_none_or(|day| day < EARLIEST)
    {
        return Err(AgencyError::NoSuchPeriod { first, last, as_of: plan.as_of });
    }
    if let (Some((from, to)), Some(sequence)) = (of_corrected, plan.corrects)
        && (from < first || last < to)
    {
        return Err(AgencyError::DropsQuarters { sequence, first: from, last: to });
    }
    let modes = store.standing_modes(scope).await?;
    let releases = store.releases(scope, &keys.records_key()).await?;
    let disclosure = Disclosure::on(plan.as_of, CLEARINGHOUSE, &modes, releases);
    let rows_of_victims = kinds.contains(&RecordKind::Victim)
        && disclosure.mode(RecordKind::Victim) != Mode::TotalsOnly;
    let linkage = if rows_of_victims { Some(linkage(keys, plan)?) } else { None };
    let mut unsent = unsent_quarters(store, scope, plan.as_of).await?;
    unsent.retain(|quarter| *quarter < first || last < *quarter);
    let kinds = kinds.into_iter().collect();
    let sealed = store.sealed_people(scope).await?;
    let keys = keys.clone();
    Ok(Ready { own, keys, first, last, kinds, modes, disclosure, linkage, sealed, sent, unsent })
}

/// The last quarter that has ended on a day.
pub fn last_complete_quarter(day: Date) -> Quarter {
    let start = Quarter::containing(day).period().start();
    let before = start.and_then(|start| start.yesterday().ok());
    Quarter::containing(before.unwrap_or(date(1, 1, 1)))
}

/// The quarters that have ended on a day, hold records, and are in no submission that stands.
///
/// # Errors
///
/// [`AgencyError::Store`].
pub async fn unsent_quarters(
    store: &Store,
    scope: &Scope,
    day: Date,
) -> Result<Vec<Quarter>, AgencyError> {
    let sent = store.sent(scope).await?;
    let last = last_complete_quarter(day);
    let counts = store.record_counts(scope).await?;
    let quarters: BTreeSet<Quarter> = counts.iter().map(|count| count.quarter).collect();
    let is_sent = |quarter: Quarter| standing(&sent).any(|one| covers(one, quarter, quarter));
    Ok(quarters.into_iter().filter(|quarter| *quarter <= last && !is_sent(*quarter)).collect())
}

/// The submissions that stand: whole on the disk, and replaced by none.
pub(super) fn standing(sent: &[StoredSent]) -> impl Iterator<Item = &StoredSent> {
    sent.iter().filter(|one| {
        one.sent.kind == SentKind::Submission
            && one.written_at.is_some()
            && replaced_by(sent, one).is_none()
    })
}

/// The number of the correction that has replaced a file. One that was never written stands in
/// nobody's way.
fn replaced_by(sent: &[StoredSent], one: &StoredSent) -> Option<u64> {
    let by = one.corrected_by?;
    sent.iter().any(|one| one.sent.sequence == by && one.written_at.is_some()).then_some(by)
}

/// Whether a submission is about some of these quarters.
pub(super) fn covers(one: &StoredSent, first: Quarter, last: Quarter) -> bool {
    let quarters = one.sent.first_quarter.zip(one.sent.last_quarter);
    quarters.is_some_and(|(its_first, its_last)| its_first <= last && first <= its_last)
}

/// The submission of that number, when it can be corrected.
pub(super) fn corrected(
    sent: &[StoredSent],
    sequence: Option<u64>,
) -> Result<Option<&StoredSent>, AgencyError> {
    let found = submission(sent, sequence)?;
    match found.and_then(|one| Some((one.sent.sequence, replaced_by(sent, one)?))) {
        Some((sequence, by)) => Err(AgencyError::CorrectedAlready { sequence, by }),
        None => Ok(found),
    }
}

/// The submission of that number.
fn submission(
    sent: &[StoredSent],
    sequence: Option<u64>,
) -> Result<Option<&StoredSent>, AgencyError> {
    let Some(sequence) = sequence else { return Ok(None) };
    let submissions = || {
        sent.iter().filter(|one| one.sent.kind == SentKind::Submission && one.written_at.is_some())
    };
    match submissions().find(|one| one.sent.sequence == sequence) {
        Some(found) => Ok(Some(found)),
        None => {
            let sent = submissions().map(|one| one.sent.sequence).collect();
            Err(AgencyError::NoSuchSubmission { sequence, sent })
        }
    }
}

/// The own card of an agency; a clearinghouse sends nothing.
pub(super) fn agency_card(data: &Path) -> Result<Card, AgencyError> {
    let own = own_card(data)?;
    match own.about().role {
        Role::Agency => Ok(own),
        role => Err(AgencyError::WrongRole {
            is: role.with_article(),
            wanted: Role::Agency.with_article(),
        }),
    }
}

/// Looks at the recipient before any work is done for it.
pub(super) fn expect_clearinghouse(own: &Card, recipient: &Card) -> Result<(), AgencyError> {
    if recipient.about().role != Role::Clearinghouse {
        return Err(SealError::NotAClearinghouse { code: recipient.code().to_owned() }.into());
    }
    if recipient.about().practice != own.about().practice {
        return Err(SealError::PracticeMixed.into());
    }
    Ok(())
}

fn linkage(keys: &Keys, plan: &Plan) -> Result<Linkage, AgencyError> {
    let name = plan.linkage_key.as_deref().unwrap_or(DEFAULT_LINKAGE_KEY);
    let secret = keys.linkage_key(name).map_err(|error| match error {
        KeysError::NoLinkageKey { name } => AgencyError::NoLinkageKey { name },
        other => other.into(),
    })?;
    Ok(Linkage {
        name: name.to_owned(),
        fingerprint: linkage_fingerprint(&secret),
        key: LinkageKey::new(*secret),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_complete_quarter_ended_before_the_day() {
        for (day, quarter) in [
            (date(2026, 10, 1), "2026-Q3"),
            (date(2026, 9, 30), "2026-Q2"),
            (date(2027, 1, 15), "2026-Q4"),
        ] {
            assert_eq!(last_complete_quarter(day).to_string(), quarter, "{day}");
        }
    }
}
