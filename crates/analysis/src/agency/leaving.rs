//! One kind of record of a period: each leaves as a coded row, or stays behind for a reason.
//!
//! In: the records that stand, and what may leave that day. Out: coded rows, one at a time, in the
//! order of the records' keys, so that all rows of a person stand together; and how many stay
//! behind, why, with the totals over all of them. Memory is flat for victims.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use linkage::{Encoding, LinkageKey, Sex, Slk581};
use records::disclosure::{Permit, StaysBehind};
use records::record::{AgencyRecord, CodedRecord, CodedValue, OpaqueId, OpaqueIds, RecordKind};
use store::{Scope, SentRecord, Store};
use submission::Total;

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
    /// Of these rows, those with an encoding.
    pub encoded: u64,
    /// Different people who are encoded.
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
    /// Of a victim with enough of a name: the encoding.
    pub encoding: Option<Encoding>,
    /// By what the agency will know it again when it has to take it back.
    pub sent: Option<SentRecord>,
}

/// Passes all records of a kind by, and shows each row that leaves to `row`.
pub(super) async fn pass(
    store: &Store,
    scope: &Scope,
    ready: &Ready,
    kind: RecordKind,
    row: &mut dyn FnMut(Row<'_>) -> Result<(), AgencyError>,
) -> Result<KindLeaving, AgencyError> {
    let ids = ready.keys.opaque_ids();
    let key = ready.linkage.as_ref().map(|linkage| &linkage.key);
    let mut passing = Passing {
        ids: &ids,
        key: key.filter(|_| kind == RecordKind::Victim),
        tally: Tally::new(kind),
        encoded_person: None,
        found: KindLeaving {
            record: kind,
            records: 0,
            coded: 0,
            encoded: 0,
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
    store.for_each_record(scope, kind, Some((ready.first, ready.last)), &mut visit).await?;
    match failed {
        Some(error) => Err(error),
        None => Ok(KindLeaving { totals: passing.tally.finish(), ..passing.found }),
    }
}

/// What is known of the records that have passed.
struct Passing<'p> {
    ids: &'p OpaqueIds,
    key: Option<&'p LinkageKey>,
    tally: Tally,
    encoded_person: Option<OpaqueId>,
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
        let encoding = self.key.and_then(|key| encode(permit, key));
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
        if encoding.is_some() {
            self.found.encoded += 1;
            if self.encoded_person != person {
                self.found.people_encoded += 1;
                self.encoded_person = person;
            }
        }
        row(Row { coded: &coded, encoding, sent })
    }
}

/// The encoding of the person, when enough of a name and the date of birth are recorded.
fn encode(permit: Permit<'_>, key: &LinkageKey) -> Option<Encoding> {
    let identity = permit.identity();
    let sex = Sex::from_code(identity.slk_sex());
    let (surname, given_name) = (identity.part("surname"), identity.part("given_name"));
    let slk = Slk581::new(surname, given_name, identity.part("birth_date"), sex).ok()?;
    Some(key.encode(&slk))
}
