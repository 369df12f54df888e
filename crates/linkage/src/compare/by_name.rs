//! Who has a name, and how many of those who share one are strangers.
//!
//! A file counts a person as often as she is recorded, so of two records with one rare name most
//! are of one person, and how common the name is among people cannot be told from its count alone.
//! But years of birth that are clearly apart tell strangers: among names of the same count, the
//! pairs whose years are apart, over the share of all pairs whose years are, are the pairs of
//! strangers.

use std::iter::repeat_n;

use rayon::prelude::*;

use crate::people::{NONE, PersonTable, Row, years_apart};

/// Records in the order of a name of theirs.
pub(crate) struct ByName {
    /// The number of the name's whole word · 2³² + record, ascending; who lacks the name is left
    /// out.
    pub(crate) records: Vec<u64>,
    pub(crate) sharing: SharingName,
}

impl ByName {
    pub(crate) fn new(people: &PersonTable, name_of: fn(&Row) -> u32) -> ByName {
        let name = |row: &Row| people.names.names[name_of(row) as usize].whole;
        let mut records: Vec<u64> = people
            .rows
            .par_iter()
            .enumerate()
            .filter(|(_, row)| name(row) != NONE)
            .map(|(record, row)| u64::from(name(row)) << 32 | record as u64)
            .collect();
        records.par_sort_unstable();
        let mut sharing = SharingName::new();
        let year = |entry: &u64| people.rows[*entry as u32 as usize].birth.year();
        for of_name in records.chunk_by(|one, other| one >> 32 == other >> 32) {
            sharing.add(of_name.iter().map(year));
        }
        ByName { records, sharing }
    }
}

/// Classes of counts: 2 to 8 one by one, then doubling.
const CLASSES: usize = 33;

/// So many pairs as were expected without any look at the years are put in.
const LEANING: f64 = 20.0;

fn class_of(count: u32) -> usize {
    match count {
        0..=8 => count.max(2) as usize,
        _ => 6 + count.ilog2() as usize,
    }
    .min(CLASSES - 1)
}

/// Pairs of records that share a name, in whole numbers, so that no order of the names can change
/// them.
pub(crate) struct SharingName {
    /// How often each year of birth stands; a year has twelve bits.
    years: Vec<usize>,
    /// Pairs with known years of birth, and those of them whose years are clearly apart, by the
    /// class of the name's count.
    known: [u64; CLASSES],
    apart: [u64; CLASSES],
}

fn pairs(count: usize) -> u64 {
    count as u64 * (count as u64).saturating_sub(1) / 2
}

impl SharingName {
    pub(crate) fn new() -> SharingName {
        SharingName { years: vec![0; 1 << 12], known: [0; CLASSES], apart: [0; CLASSES] }
    }

    /// Adds all records of one name, by their years of birth, 0 where that is missing.
    pub(crate) fn add(&mut self, years: impl Iterator<Item = u32>) {
        let mut records = 0;
        let mut years: Vec<u32> =
            years.inspect(|_| records += 1).filter(|year| *year != 0).collect();
        years.iter().for_each(|year| self.years[*year as usize] += 1);
        if records > 1 {
            years.sort_unstable();
            let class = class_of(records);
            self.known[class] += pairs(years.len());
            self.apart[class] += years_apart(years.into_iter());
        }
    }

    /// Which of those who share a name are strangers.
    pub(crate) fn strangers(&self) -> Strangers {
        let of_all = (0..).zip(&self.years).flat_map(|(year, count)| repeat_n(year, *count));
        let known = pairs(self.years.iter().sum()) as f64;
        let apart_of_all = years_apart(of_all) as f64 / known.max(1.0);
        Strangers(std::array::from_fn(|class| {
            let count =
                if class <= 8 { class.max(2) as f64 } else { f64::exp2(class as f64 - 6.0) };
            // Without a look at the years: two records, the pair itself, are taken off.
            let usual = (count - 2.0).max(0.5) / (count - 1.0);
            let (known, apart) = (self.known[class] as f64, self.apart[class] as f64);
            let strangers = apart / apart_of_all.max(0.01);
            (((strangers + LEANING * usual) / (known + LEANING)) as f32).min(1.0)
        }))
    }
}

/// The share of strangers among pairs that share a name, by the class of its count.
pub(crate) struct Strangers([f32; CLASSES]);

impl Strangers {
    /// How many records of strangers a record meets that has a name of a count.
    pub(crate) fn met(&self, count: u32) -> f32 {
        // What is seen once has not met anybody yet.
        self.0[class_of(count)] * (count as f32 - 1.0).max(0.5)
    }
}
