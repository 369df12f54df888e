//! What the whole table shares: its names, how often each value stands, and who shares phones,
//! addresses and full names.

use std::fmt;

use rayon::slice::ParallelSliceMut;

use super::numbers::{RowNumbers, to_row};
use crate::compare::{Counts, Frequencies, SharingName, address_key, shared_by};
use crate::people::{
    Interner, NONE, Names, PersonTable, WidelyShared, mix, name_and_year, same_name, years_of,
};
use crate::weigh::rarities;

/// What the whole table shares.
pub struct Values {
    /// Without any row.
    pub(super) people: PersonTable,
    pub(super) counts: Counts,
    /// Who shares a given name, and who a surname.
    sharing: [SharingName; 2],
    /// To be used once all names were taken in ([`Values::names_taken`]).
    pub(super) frequencies: Frequencies,
    /// Namesakes with years of birth apart, by how rare their names are.
    pub(super) apart: [[f64; 3]; 3],
    /// Records that share a phone widely, and an address; with the value, to bring them in order.
    widely: [Vec<(u64, Vec<u32>)>; 2],
}

/// What the others of a table say of a record: the record, what is said, the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark(pub u64);

impl Mark {
    const YEARS: u8 = 2;

    /// Of a phone (0), an address (1), or a full name.
    fn new(record: u32, what: u8, value: u8) -> Mark {
        Mark(u64::from(record) << 32 | u64::from(what) << 8 | u64::from(value))
    }

    /// The record.
    #[must_use]
    pub fn record(self) -> u32 {
        (self.0 >> 32) as u32
    }

    /// Puts it into the record's row.
    pub fn put(self, row: &mut RowNumbers) {
        let mut changed = to_row(row);
        let value = self.0 as u8;
        match (self.0 >> 8) as u8 {
            0 => changed.phone_shared = value,
            1 => changed.address_shared = value,
            _ => changed.name_years = value,
        }
        *row = super::numbers::of_row(&changed);
    }
}

impl Values {
    pub(super) fn new(names: Interner, agencies: Interner, counts: Counts) -> Values {
        let of_cells = Names::new(&names);
        drop(names);
        let sharing = [SharingName::new(), SharingName::new()];
        let frequencies = Frequencies::new(&counts, &of_cells, sharing.each_ref());
        let people = PersonTable::without_rows(of_cells, agencies);
        Values {
            people,
            counts,
            sharing,
            frequencies,
            apart: Default::default(),
            widely: Default::default(),
        }
    }

    /// How many records there are.
    #[must_use]
    pub fn records(&self) -> u32 {
        self.counts.records as u32
    }

    /// How many agencies there are, and one more for records without.
    #[must_use]
    pub fn agencies(&self) -> usize {
        self.people.agencies()
    }

    /// The name of an agency as in the file.
    #[must_use]
    pub fn agency_name(&self, agency: u16) -> String {
        self.people.agency_name(u32::from(agency))
    }

    /// Given name and surname as entries, to be taken in with others of their range
    /// ([`Values::take_names`]): a hash that ranges are made by, the name with the year of birth.
    #[must_use]
    pub fn name_entries(&self, row: &RowNumbers) -> [Option<(u64, u64)>; 2] {
        let row = to_row(row);
        [row.given, row.surname].map(|name| {
            let whole = self.people.names.names[name as usize].whole;
            let entry = u64::from(whole) << 12 | u64::from(row.birth.year());
            (whole != NONE).then(|| (mix(u64::from(whole), 0xa076_1d64_78bd_642f), entry))
        })
    }

    /// Takes in all given names (`which` 0) or surnames (1) of a range.
    pub fn take_names(&mut self, which: usize, entries: &mut [u64]) {
        entries.par_sort_unstable();
        for same in entries.chunk_by(|one, other| same_name(*one, *other)) {
            self.sharing[which].add(same.iter().map(|entry| (entry & 0xfff) as u32));
        }
    }

    /// Counts how common names are; to be called when all were taken in, before full names are.
    pub fn names_taken(&mut self) {
        let sharing = self.sharing.each_ref();
        self.frequencies = Frequencies::new(&self.counts, &self.people.names, sharing);
    }

    /// The full name as an entry, to be taken in with others of its range
    /// ([`Values::take_full_names`]):
    /// a hash that ranges are made by, the names, the record. None without a full name.
    #[must_use]
    pub fn full_name_entry(&self, record: u32, row: &RowNumbers) -> Option<[u64; 3]> {
        let row = to_row(row);
        let names = &self.people.names.names;
        let whole = |name: u32| u64::from(names[name as usize].whole);
        (row.given != 0 && row.surname != 0).then(|| {
            let both = whole(row.given) << 32 | whole(row.surname);
            [name_and_year(&row, names), both, u64::from(record)]
        })
    }

    /// Phone and address as entries: a hash that ranges are made by, the value, the record.
    #[must_use]
    pub fn contact_entries(record: u32, row: &RowNumbers) -> [Option<[u64; 3]>; 2] {
        let row = to_row(row);
        [row.phone, address_key(&row)].map(|value| {
            let hash = mix(value, 0xa076_1d64_78bd_642f);
            (value != 0).then_some([hash, value, u64::from(record)])
        })
    }

    /// Takes in all full names of a range.
    pub fn take_full_names(&mut self, entries: &mut [[u64; 3]]) -> Vec<Mark> {
        entries.par_sort_unstable_by_key(|entry| (entry[0], entry[2]));
        let mut marks = Vec::with_capacity(entries.len());
        for same in entries.chunk_by(|one, other| same_name(one[0], other[0])) {
            let (years, apart) = years_of(same.iter().map(|entry| entry[0]));
            marks.extend(same.iter().map(|entry| Mark::new(entry[2] as u32, Mark::YEARS, years)));
            if apart > 0 {
                let both = same[0][1];
                let (given, surname) =
                    rarities(&self.frequencies, (both >> 32) as u32, both as u32);
                self.apart[given][surname] += apart as f64;
            }
        }
        marks
    }

    /// Takes in all phones (`which` 0) or addresses (1) of a range.
    pub fn take_contacts(&mut self, which: usize, entries: &mut [[u64; 3]]) -> Vec<Mark> {
        entries.par_sort_unstable();
        let mut marks = Vec::new();
        for same in entries.chunk_by(|one, other| one[1] == other[1]) {
            let shared = shared_by(same.len() as u32);
            let records = same.iter().map(|entry| entry[2] as u32);
            if shared > 0 {
                marks.extend(records.clone().map(|record| Mark::new(record, which as u8, shared)));
            }
            if shared == 2 {
                self.widely[which].push((same[0][1], records.collect()));
            }
        }
        marks
    }

    /// Brings what was taken in into its order; to be called when everything was.
    pub fn taken(&mut self) {
        for groups in &mut self.widely {
            groups.sort_unstable();
        }
        self.people.shared = std::mem::take(&mut self.widely).map(|groups| {
            let mut widely = WidelyShared::default();
            groups.into_iter().for_each(|(_, records)| widely.add(records.into_iter()));
            widely
        });
    }
}

impl fmt::Debug for Values {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Values {{ of {} records [withheld] }}", self.counts.records)
    }
}
