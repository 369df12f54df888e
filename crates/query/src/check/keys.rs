//! That no record stands there twice.
//!
//! In: rows in the order of the table. Out: a problem for each that was there before: of victims
//! the same person, count and quarter, of other kinds the same id; and for a victim whose rows do
//! not stand together, by which people are counted without a list of them for each cell.

use std::collections::{BTreeSet, HashSet};

use records::Quarter;
use records::record::{OpaqueId, RecordKind};

use super::Problems;
use super::row::Row;

/// What was seen so far.
pub(super) struct Keys {
    of_victims: bool,
    seen: HashSet<OpaqueId>,
    person: Option<[u8; 16]>,
    of_person: BTreeSet<(&'static str, Quarter)>,
}

impl Keys {
    pub(super) fn new(kind: RecordKind) -> Keys {
        let of_victims = kind == RecordKind::Victim;
        Keys { of_victims, seen: HashSet::new(), person: None, of_person: BTreeSet::new() }
    }

    /// The different ids seen.
    pub(super) fn finish(self) -> HashSet<OpaqueId> {
        self.seen
    }

    pub(super) fn check(&mut self, row: &Row, number: u64, problems: &mut Problems) {
        let Some(id) = row.id else { return };
        if self.of_victims && self.person == Some(id) {
            if let (Some(counted_as), Some(quarter)) = (row.counted_as, row.quarter)
                && !self.of_person.insert((counted_as, quarter))
            {
                problems.add(number, "", "one row for each person, count and quarter");
            }
            return;
        }
        if !self.seen.insert(OpaqueId(id)) {
            let expected = match self.of_victims {
                true => "all rows of a person one after the other",
                false => "each id once",
            };
            problems.add(number, "reference", expected);
        }
        self.person = Some(id);
        self.of_person.clear();
        self.of_person.extend(row.counted_as.zip(row.quarter));
    }
}
