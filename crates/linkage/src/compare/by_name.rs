//! Who has a name, and how many of those who share one are strangers.
//!
//! A file counts a person as often as she is recorded, so of two records with one rare name most
//! are of one person, and how common the name is among people cannot be told from its count alone.
//! But years of birth that are clearly apart tell strangers: among names of the same count, the
//! pairs whose years are apart, over the share of all pairs whose years are, are the pairs of
//! strangers.

use rayon::prelude::*;

use crate::people::{NONE, PersonTable, Row, years_apart};

/// Records in the order of a name of theirs.
pub(crate) struct ByName {
    /// The number of the name's whole word · 2³² + record, ascending; who lacks the name is left
    /// out.
    pub(crate) records: Vec<u64>,
    /// The share of strangers among pairs that share a name, by the class of its count.
    strangers: [f32; CLASSES],
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
        let strangers = strangers(people, &records);
        ByName { records, strangers }
    }

    /// How many records of strangers a record meets that has a name of a count.
    pub(crate) fn strangers_met(&self, count: u32) -> f32 {
        // What is seen once has not met anybody yet.
        self.strangers[class_of(count)] * (count as f32 - 1.0).max(0.5)
    }
}

fn strangers(people: &PersonTable, by_name: &[u64]) -> [f32; CLASSES] {
    let pairs = |count: usize| count as f64 * (count as f64 - 1.0) / 2.0;
    let year = |entry: &u64| people.rows[*entry as u32 as usize].birth.year();
    let sorted_years = |entries: &[u64]| {
        let mut years: Vec<u32> = entries.iter().map(year).filter(|year| *year != 0).collect();
        years.sort_unstable();
        years
    };
    let of_all = sorted_years(by_name);
    let apart_of_all = years_apart(of_all.iter().copied()) as f64 / pairs(of_all.len()).max(1.0);
    let (mut apart, mut known) = ([0.0; CLASSES], [0.0; CLASSES]);
    for of_name in by_name.chunk_by(|one, other| one >> 32 == other >> 32) {
        let class = class_of(of_name.len() as u32);
        if of_name.len() > 1 {
            let years = sorted_years(of_name);
            apart[class] += years_apart(years.iter().copied()) as f64;
            known[class] += pairs(years.len());
        }
    }
    std::array::from_fn(|class| {
        let count = if class <= 8 { class.max(2) as f64 } else { f64::exp2(class as f64 - 6.0) };
        // Without a look at the years: two records, the pair itself, are taken off.
        let usual = (count - 2.0).max(0.5) / (count - 1.0);
        let strangers = apart[class] / apart_of_all.max(0.01);
        (((strangers + LEANING * usual) / (known[class] + LEANING)) as f32).min(1.0)
    })
}
