//! Totals: how many records, and how many people, by kind, quarter and code.
//!
//! In: the records of one kind, in the order of their keys. Out: [`Total`]s over all of them,
//! those that stay behind too. All rows of a person stand together among victims, so that memory
//! does not grow with them; services and letters name people in any order and keep a set.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use query::CellKey;
use records::record::{AgencyRecord, Personal, RecordKind};
use submission::Total;

/// Counts the records of one kind.
#[derive(Debug)]
pub struct Tally {
    kind: RecordKind,
    cells: BTreeMap<CellKey, (u64, u64)>,
    people: People,
}

/// Who was seen in which cell.
#[derive(Debug)]
enum People {
    /// The person whose rows pass by, and the cells that she is in.
    OneByOne { person: Option<Personal>, cells: BTreeSet<CellKey> },
    /// Everybody, by a number of her own, and who is in which cell.
    All { numbers: HashMap<Personal, u32>, seen: HashSet<(CellKey, u32)> },
}

impl Tally {
    /// Begins a count.
    pub fn new(kind: RecordKind) -> Tally {
        let people = if kind == RecordKind::Victim {
            People::OneByOne { person: None, cells: BTreeSet::new() }
        } else {
            People::All { numbers: HashMap::new(), seen: HashSet::new() }
        };
        Tally { kind, cells: BTreeMap::new(), people }
    }

    /// Counts one record. Victims come in the order of their keys.
    pub fn add(&mut self, record: &AgencyRecord) {
        let counted_as = match self.kind {
            RecordKind::Victim => record.code("counted_as").map(|code| code.as_str()),
            _ => None,
        };
        let person = record.person();
        let number = self.begin(person);
        for quarter in [None, record.quarter()] {
            self.add_to(CellKey { counted_as, quarter, field: None, code: None }, person, number);
            for (field, code) in record.cells_of_totals() {
                let key = CellKey { counted_as, quarter, field: Some(field), code };
                self.add_to(key, person, number);
            }
        }
    }

    /// The totals, in order.
    pub fn finish(mut self) -> Vec<Total> {
        self.end_person();
        let total = |(key, (records, people)): (&CellKey, &(u64, u64))| Total {
            record: self.kind,
            counted_as: key.counted_as,
            quarter: key.quarter,
            field: key.field,
            code: key.code,
            records: *records,
            people: *people,
        };
        self.cells.iter().map(total).collect()
    }

    /// Makes ready for a record of a person; her number where people have one.
    fn begin(&mut self, person: Option<&Personal>) -> u32 {
        if let People::OneByOne { person: before, .. } = &self.people
            && before.as_ref() != person
        {
            self.end_person();
        }
        match &mut self.people {
            People::OneByOne { person: now, .. } => {
                if now.is_none() {
                    *now = person.cloned();
                }
                0
            }
            People::All { numbers, .. } => person.map_or(0, |person| {
                let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
                *numbers.entry(person.clone()).or_insert(next)
            }),
        }
    }

    fn add_to(&mut self, key: CellKey, person: Option<&Personal>, number: u32) {
        let (records, people) = self.cells.entry(key).or_default();
        *records += 1;
        if person.is_none() {
            return;
        }
        match &mut self.people {
            People::OneByOne { cells, .. } => {
                cells.insert(key);
            }
            People::All { seen, .. } => *people += u64::from(seen.insert((key, number))),
        }
    }

    /// The rows of a person have passed: she is one in each of her cells.
    fn end_person(&mut self) {
        let People::OneByOne { person, cells } = &mut self.people else { return };
        *person = None;
        for key in std::mem::take(cells) {
            self.cells.entry(key).or_default().1 += 1;
        }
    }
}
