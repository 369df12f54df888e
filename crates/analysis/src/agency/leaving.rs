//! One kind of record of a period: each leaves as a coded row, or stays behind for a reason.
//!
//! In: the records that stand, and what may leave that day. Out: coded rows, one at a time, all rows of a
//! person together and otherwise in an order that says nothing; the encodings of the
//! people in them; and how many stay behind, why, with the totals over all of them. Memory is flat
//! but for the people who are encoded.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use linkage::encode::hardened::EncodedTable;
use records::disclosure::{Disclosure, Permit, StaysBehind};
use records::record::{AgencyRecord, CodedRecord, CodedValue, OpaqueId, OpaqueIds, RecordKind};
use store::{RecordOrder, Scope, SentRecord, Store};
use submission::Total;

use super::leaving_people::People;
use super::plan::Ready;
use super::{AgencyError, Tally};

/// What became of the records of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KindLeaving {
    /// The kind.
    pub record: RecordKind,
    /// All records of the period.
    pub records: u64,
    /// Those that leave as a coded row.
    pub coded: u64,
    /// Different people in these rows, of victims.
    pub people: u64,
    /// Of these, those who are encoded.
    pub people_encoded: u64,
    /// Those that stay behind, by reason.
    pub left_behind: BTreeMap<StaysBehind, u64>,
    /// Records that name somebody whose own record is sealed or vacated. They are in no row, in no
    /// total and not among [`KindLeaving::records`].
    pub sealed: u64,
    /// The totals over all records.
    pub totals: Vec<Total>,
}

impl KindLeaving {
    /// How many stay behind.
    pub fn stay_behind(&self) -> u64 {
        self.left_behind.values().sum()
    }
}

/// A row that leaves.
pub(super) struct Row<'r> {
    /// The record as it leaves.
    pub coded: &'r CodedRecord,
    /// By what the agency will know it again when it has to take it back.
    pub sent: Option<SentRecord>,
}

/// What has passed.
pub(super) struct Passed {
    /// What became of the records.
    pub found: KindLeaving,
    /// The encodings of people; nothing when rows of this kind leave without.
    pub encodings: Option<EncodedTable>,
}

/// Passes all records of a kind by, and shows each row that leaves to `row`.
pub(super) async fn pass(
    store: &Store,
    scope: &Scope,
    ready: &Ready,
    kind: RecordKind,
    row: &mut dyn FnMut(Row<'_>) -> Result<(), AgencyError>,
) -> Result<Passed, AgencyError> {
    let ids = ready.keys.opaque_ids();
    let linkage = ready.linkage.as_ref().filter(|_| kind == RecordKind::Victim);
    let mut passing = Passing {
        ids: &ids,
        disclosure: &ready.disclosure,
        people: linkage.map(|linkage| People::new(&linkage.key)),
        tally: Tally::new(kind),
        last_person: None,
        found: KindLeaving {
            record: kind,
            records: 0,
            coded: 0,
            people: 0,
            people_encoded: 0,
            left_behind: BTreeMap::new(),
            sealed: 0,
            totals: Vec::new(),
        },
    };
    let mut failed = None;
    let mut visit = |record: AgencyRecord| {
        // A person's own rows are gone already; this is what names her.
        let person = record.person().map(|person| ids.id(RecordKind::Victim, person));
        if person.is_some_and(|person| ready.sealed.contains(&person)) {
            passing.found.sealed += 1;
            return ControlFlow::Continue(());
        }
        passing.found.records += 1;
        passing.tally.add(&record);
        let passed = match ready.disclosure.permit(&record) {
            Ok(permit) => passing.leave(permit, &record, row),
            Err(reason) => {
                *passing.found.left_behind.entry(reason).or_default() += 1;
                Ok(())
            }
        };
        match passed {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                failed = Some(error);
                ControlFlow::Break(())
            }
        }
    };
    let (key, quarters) = (ready.keys.records_key(), Some((ready.first, ready.last)));
    let order = RecordOrder::ByPerson;
    store.for_each_record(scope, &key, kind, quarters, order, &mut visit).await?;
    if let Some(error) = failed {
        return Err(error);
    }
    let Passing { people, tally, found, .. } = passing;
    let encodings = match people.zip(linkage).filter(|_| found.coded > 0) {
        Some((people, linkage)) => Some(people.encode(ready.own.code(), &linkage.fingerprint)?),
        None => None,
    };
    let people_encoded = encodings.as_ref().map_or(0, |encodings| encodings.len() as u64);
    let found = KindLeaving { totals: tally.finish(), people_encoded, ..found };
    Ok(Passed { found, encodings })
}

/// What is known of the records that have passed.
struct Passing<'p> {
    ids: &'p OpaqueIds,
    disclosure: &'p Disclosure,
    people: Option<People<'p>>,
    tally: Tally,
    last_person: Option<OpaqueId>,
    found: KindLeaving,
}

impl Passing<'_> {
    fn leave(
        &mut self,
        permit: Permit<'_>,
        record: &AgencyRecord,
        row: &mut dyn FnMut(Row<'_>) -> Result<(), AgencyError>,
    ) -> Result<(), AgencyError> {
        let coded = permit.code(self.ids);
        // The own number is the first field of every kind, and it always leaves as an id.
        let id = coded.values().iter().find_map(|value| match value {
            CodedValue::Id(id) => Some(*id),
            _ => None,
        });
        let person = record.person().map(|person| self.ids.id(RecordKind::Victim, person));
        let under_release_of = person.filter(|_| coded.expires_on().is_some());
        let kind = record.kind();
        let sent = id.map(|id| SentRecord { record: kind, id, under_release_of });
        self.found.coded += 1;
        if let Some((own, person)) =
            record.person().zip(person).filter(|_| kind == RecordKind::Victim)
        {
            if self.last_person.replace(person) != Some(person) {
                self.found.people += 1;
            }
            if let (Some(people), Ok(of_person)) =
                (&mut self.people, self.disclosure.permit_person(own))
            {
                people.add(of_person, permit, person, record.date("date"));
            }
        }
        row(Row { coded: &coded, sent })
    }
}
