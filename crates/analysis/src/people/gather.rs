//! The store → the tables to be read, who stays out, who stayed behind.
//!
//! In: the submissions that count, their totals and what was taken back. Out: [`Gathered`].
//! Assumes that each submission was checked when it came in: its totals hold its coded rows.

use std::collections::{BTreeMap, BTreeSet};

use query::{PeopleQuestion, Removed};
use records::Quarter;
use records::disclosure::{Mode, OrderKind};
use records::record::{OpaqueId, RecordKind};
use store::{NewAgency, Scope, Store, StoreError, StoredReceived, StoredTotal, TotalFilter};
use submission::Manifest;

use super::{PeopleError, PeoplePlan};
use crate::tables::OpenTables;

/// Everything a count of people is made from, read once.
pub(super) struct Gathered {
    pub(super) first: Quarter,
    pub(super) last: Quarter,
    /// In the order of their codes.
    pub(super) agencies: Vec<Agency>,
    /// The kinds of list, by code; a bit of a capture history is a place here.
    pub(super) lists: Vec<String>,
    pub(super) question: PeopleQuestion,
    /// Who came only in totals.
    pub(super) left_behind: LeftBehind,
}

/// One agency and what it sent.
pub(super) struct Agency {
    pub(super) code: String,
    pub(super) label: String,
    pub(super) legal_entity: String,
    /// The mode of its victims, as its last submission has it.
    pub(super) mode: Mode,
    pub(super) submissions: u32,
    pub(super) quarters: BTreeSet<Quarter>,
}

impl Agency {
    fn of(about: NewAgency) -> Agency {
        Agency {
            code: about.code,
            label: about.label,
            legal_entity: about.legal_entity,
            mode: Mode::TotalsOnly,
            submissions: 0,
            quarters: BTreeSet::new(),
        }
    }
}

/// People who came only in totals, by agency.
#[derive(Default)]
pub(super) struct LeftBehind {
    /// All of them; who is in the totals of two submissions of an agency is two.
    pub(super) people: Vec<u64>,
    /// The most people that one total of an agency counts, those in codes among them, without
    /// those whom an order took away since: so many different people it lists at least.
    pub(super) largest_total: Vec<u64>,
    /// By field and code.
    pub(super) by_code: BTreeMap<(String, Option<String>), u64>,
    /// By quarter.
    pub(super) by_quarter: BTreeMap<Quarter, u64>,
}

/// A record that counts no more: of an agency, and only from submissions with a lower number.
pub(crate) type Removal = (RecordKind, OpaqueId, Option<u64>);

/// What each agency has taken back. A revoked release removes rows of earlier files only, for the
/// person may sign again; any other order removes the record for good.
pub(crate) async fn removals(
    store: &Store,
    scope: &Scope,
) -> Result<BTreeMap<String, Vec<Removal>>, StoreError> {
    let mut removals: BTreeMap<String, Vec<Removal>> = BTreeMap::new();
    for one in store.withdrawn_records(scope).await? {
        let before = (one.order == OrderKind::ReleaseRevoked).then_some(one.sequence);
        removals.entry(one.agency).or_default().push((one.record, one.id, before));
    }
    Ok(removals)
}

/// The totals of a kind of record. Whoever left in codes under a release that was revoked or has
/// ended since is in them as one who stayed behind.
pub(crate) async fn totals_of(
    store: &Store,
    scope: &Scope,
    record: RecordKind,
    practice: bool,
) -> Result<Vec<StoredTotal>, StoreError> {
    let filter =
        TotalFilter { record: Some(record), practice: Some(practice), ..TotalFilter::default() };
    let mut totals = store.totals(scope, &filter).await?;
    let purged = store.purged_cells(scope).await?;
    type Key = (i64, Option<String>, Option<Quarter>, Option<String>, Option<String>);
    let mut gone: BTreeMap<Key, (u64, u64)> = BTreeMap::new();
    for one in purged.into_iter().filter(|one| one.record == record) {
        let cell = one.cell;
        let key = (one.submission, cell.counted_as, cell.quarter, cell.field, cell.code);
        let (records, people) = gone.entry(key).or_default();
        (*records, *people) = (*records + cell.records, *people + cell.people);
    }
    if gone.is_empty() {
        return Ok(totals);
    }
    for stored in &mut totals {
        let total = &mut stored.total;
        let key = (
            stored.submission,
            total.counted_as.clone(),
            total.quarter,
            total.field.clone(),
            total.code.clone(),
        );
        if let Some((records, people)) = gone.get(&key) {
            total.coded_records = total.coded_records.saturating_sub(*records);
            total.coded_people = total.coded_people.saturating_sub(*people);
        }
    }
    Ok(totals)
}

/// Reads the store, beside the tables that were opened; nothing when no submission of the period speaks of victims.
pub(super) async fn run(
    store: &Store,
    scope: &Scope,
    tables: &OpenTables,
    plan: &PeoplePlan,
) -> Result<Option<Gathered>, PeopleError> {
    let mut received: Vec<&StoredReceived> = tables.submissions().iter().collect();
    received.retain(|one| quarters(one).is_some());
    let sent = received.iter().filter_map(|one| quarters(one));
    let all = sent.clone().map(|(first, _)| first).min().zip(sent.map(|(_, last)| last).max());
    let Some((first, last)) = plan.period.or(all) else { return Ok(None) };
    received.retain(|one| quarters(one).is_some_and(|(from, to)| from <= last && first <= to));
    let totals = totals_of(store, scope, RecordKind::Victim, plan.practice).await?;
    if !totals.iter().any(|total| received.iter().any(|one| one.id == total.submission)) {
        return Ok(None);
    }
    let agencies = agencies(store, scope, &received, plan).await?;
    let place = |code: &str| agencies.iter().position(|agency| agency.code == code);
    let entities: BTreeSet<&str> =
        agencies.iter().map(|agency| agency.legal_entity.as_str()).collect();
    let lists: Vec<String> = entities.into_iter().map(str::to_owned).collect();
    if u16::try_from(agencies.len()).is_err() {
        return Err(PeopleError::TooMany(agencies.len()));
    }
    let list_of = |agency: &Agency| lists.iter().position(|list| *list == agency.legal_entity);
    let removals = removals(store, scope).await?;
    let of_people = |(code, removals): (&String, &Vec<Removal>)| {
        let agency = place(code).and_then(|at| u16::try_from(at).ok());
        let people = removals.iter().filter(|(record, ..)| *record == RecordKind::Victim);
        let removed = people.map(|(_, id, before)| (*id, *before)).collect::<Vec<_>>();
        agency.map(|agency| (agency, removed))
    };
    let removed = removals.iter().filter_map(of_people).flat_map(|(agency, removed)| {
        removed.into_iter().map(move |(id, before)| Removed { agency, id, before })
    });
    let table = |one: &StoredReceived| {
        let agency = u16::try_from(place(&one.agency)?).ok()?;
        tables.registered(one.id, RecordKind::Victim, agency)
    };
    let question = PeopleQuestion {
        tables: received.iter().filter_map(|one| table(one)).collect(),
        list_of_agency: agencies
            .iter()
            .map(|agency| list_of(agency).and_then(|at| u8::try_from(at).ok()).unwrap_or_default())
            .collect(),
        removed: removed.collect(),
        first,
        last,
        as_of: plan.as_of,
    };
    let ordered_away = removals.iter().map(|(agency, removals)| {
        let people = removals
            .iter()
            .filter(|(record, _, before)| *record == RecordKind::Victim && before.is_none());
        (agency.clone(), people.count() as u64)
    });
    let left_behind =
        left_behind(&received, &totals, &agencies, &ordered_away.collect(), (first, last));
    Ok(Some(Gathered { first, last, agencies, lists, question, left_behind }))
}

fn quarters(received: &StoredReceived) -> Option<(Quarter, Quarter)> {
    received.first_quarter.zip(received.last_quarter)
}

async fn agencies(
    store: &Store,
    scope: &Scope,
    received: &[&StoredReceived],
    plan: &PeoplePlan,
) -> Result<Vec<Agency>, StoreError> {
    let mut agencies: BTreeMap<String, Agency> = BTreeMap::new();
    for known in store.agencies(scope).await? {
        if known.agency.practice == plan.practice {
            agencies.insert(known.agency.code.clone(), Agency::of(known.agency));
        }
    }
    // An agency of which nothing is taken any more still sent what it sent.
    for one in received.iter().filter(|one| !agencies.contains_key(&one.agency)).collect::<Vec<_>>()
    {
        let last = store.agency_cards(scope, &one.agency).await?.pop();
        if let Some((known, _)) = last {
            agencies.insert(one.agency.clone(), Agency::of(known.agency));
        }
    }
    for one in received {
        let Some(agency) = agencies.get_mut(&one.agency) else { continue };
        agency.submissions += 1;
        if let Some((from, to)) = quarters(one) {
            agency.quarters.extend(from.up_to(to));
        }
        let manifest: Option<Manifest> = serde_json::from_str(&one.manifest_json).ok();
        let modes = manifest.map(|manifest| manifest.modes).unwrap_or_default();
        let of_victims = modes.iter().find(|mode| mode.record == RecordKind::Victim);
        agency.mode = of_victims.map_or(Mode::TotalsOnly, |mode| mode.mode);
    }
    Ok(agencies.into_values().collect())
}

/// Who came only in totals. Of a submission that lies inside the period its own total over all its
/// quarters is taken; of another one its quarters that do are added up.
fn left_behind(
    received: &[&StoredReceived],
    totals: &[StoredTotal],
    agencies: &[Agency],
    ordered_away: &BTreeMap<String, u64>,
    (first, last): (Quarter, Quarter),
) -> LeftBehind {
    let none = || vec![0; agencies.len()];
    let mut left = LeftBehind { people: none(), largest_total: none(), ..LeftBehind::default() };
    let inside: BTreeMap<i64, bool> = received
        .iter()
        .filter_map(|one| {
            let (from, to) = quarters(one)?;
            Some((one.id, first <= from && to <= last))
        })
        .collect();
    for stored in totals {
        let Some(inside) = inside.get(&stored.submission) else { continue };
        let total = &stored.total;
        let people = total.people.saturating_sub(total.coded_people);
        let in_period = total.quarter.is_some_and(|quarter| first <= quarter && quarter <= last);
        if total.field.is_none()
            && let Some(quarter) = total.quarter.filter(|_| in_period)
        {
            *left.by_quarter.entry(quarter).or_default() += people;
        }
        let counts = if *inside { total.quarter.is_none() } else { in_period };
        if !counts {
            continue;
        }
        match &total.field {
            None => {
                let at = agencies.iter().position(|agency| agency.code == stored.agency);
                if let Some(at) = at {
                    left.people[at] += people;
                    let gone = ordered_away.get(&stored.agency).copied().unwrap_or_default();
                    let different = total.people.saturating_sub(gone);
                    left.largest_total[at] = left.largest_total[at].max(different);
                }
            }
            Some(field) => {
                *left.by_code.entry((field.clone(), total.code.clone())).or_default() += people;
            }
        }
    }
    left
}
