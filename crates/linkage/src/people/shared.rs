//! What is shared: phones, addresses and full names.
//!
//! In: the rows of a table. Out, in each row: by how many its phone and address are shared, and in
//! how many years of birth its full name is seen; beside them who shares a phone or an address
//! widely ([`WidelyShared`]), so that pairs of them can be drawn. Three sorts.

use rayon::prelude::*;

use crate::compare::{address_key, shared_by};
use crate::people::intern::mix;
use crate::people::names::Name;
use crate::people::table::Row;

/// Who shares phones, or addresses, widely.
#[derive(Default)]
pub(crate) struct WidelyShared {
    /// Records whose value more than a few have, and by how many it is shared.
    more_than_few: Vec<(u32, u8)>,
    /// Records one group after the other, where each group ends, and how many pairs there are up
    /// to its end.
    records: Vec<u32>,
    ends: Vec<(u64, usize)>,
}

impl WidelyShared {
    /// Adds those who share one value.
    pub(crate) fn add(&mut self, group: impl ExactSizeIterator<Item = u32>) {
        let records = group.len() as u64;
        self.records.extend(group);
        self.ends.push((self.pairs() + records * (records - 1) / 2, self.records.len()));
    }

    /// How many pairs share a value widely.
    pub(crate) fn pairs(&self) -> u64 {
        self.ends.last().map_or(0, |(pairs, _)| *pairs)
    }

    /// A pair drawn at random.
    pub(crate) fn draw(&self, counter: u64) -> Option<(u32, u32)> {
        let pair = below(counter * 3 + 1, self.pairs())? as u64;
        let group = self.ends.partition_point(|(pairs, _)| *pairs <= pair);
        let from = group.checked_sub(1).map_or(0, |before| self.ends[before].1);
        let members = &self.records[from..self.ends[group].1];
        let one = below(counter * 3 + 2, members.len() as u64)?;
        let other = below(counter * 3 + 3, members.len() as u64 - 1)?;
        let other = if other >= one { other + 1 } else { other };
        Some((members[one], members[other]))
    }
}

/// Counts what is shared, and says it in each row.
pub(crate) fn count(rows: &mut [Row], names: &[Name]) -> (Vec<Namesakes>, [WidelyShared; 2]) {
    let ((name_years, namesakes), shared) =
        rayon::join(|| count_years(rows, names), || count_shared(rows));
    for (row, years) in rows.iter_mut().zip(name_years) {
        row.name_years = years;
    }
    for (record, by) in &shared[0].more_than_few {
        rows[*record as usize].phone_shared = *by;
    }
    for (record, by) in &shared[1].more_than_few {
        rows[*record as usize].address_shared = *by;
    }
    (namesakes, shared)
}

/// For each record in how many years of birth its full name is seen; and the namesakes.
fn count_years(rows: &[Row], names: &[Name]) -> (Vec<u8>, Vec<Namesakes>) {
    let mut name_years = vec![0; rows.len()];
    let mut namesakes = Vec::new();
    let mut order: Vec<(u64, u32)> = (0..)
        .zip(rows.iter())
        .filter(|(_, row)| row.given != 0 && row.surname != 0)
        .map(|(record, row)| (name_and_year(row, names), record))
        .collect();
    order.par_sort_unstable();
    for same in order.chunk_by(|(one, _), (other, _)| same_name(*one, *other)) {
        let (years, apart) = years_of(same.iter().map(|(key, _)| *key));
        for (_, record) in same {
            name_years[*record as usize] = years;
        }
        if apart > 0 {
            namesakes.push(Namesakes { record: same[0].1, apart });
        }
    }
    (name_years, namesakes)
}

/// A number for the full name, the year of birth in its last twelve bits.
pub(crate) fn name_and_year(row: &Row, names: &[Name]) -> u64 {
    let whole = |name: u32| u64::from(names[name as usize].whole);
    let name = mix(whole(row.given) << 32 | whole(row.surname), 0xa076_1d64_78bd_642f);
    name & !0xfff | u64::from(row.birth.year())
}

/// Whether two numbers are of one full name.
pub(crate) fn same_name(one: u64, other: u64) -> bool {
    one >> 12 == other >> 12
}

/// In how many years of birth one full name is seen, and how many pairs of its records have years
/// that are clearly apart; from the ascending numbers of its records.
pub(crate) fn years_of(numbers: impl Iterator<Item = u64>) -> (u8, u64) {
    let known: Vec<u32> =
        numbers.map(|number| (number & 0xfff) as u32).filter(|year| *year != 0).collect();
    let years = known.chunk_by(|one, other| one == other).count().min(255) as u8;
    (years, if years > 1 { years_apart(known.into_iter()) } else { 0 })
}

/// People of one full name.
pub(crate) struct Namesakes {
    /// One of their records.
    pub(crate) record: u32,
    /// Pairs of their records with years of birth more than [`YEARS_APART`] apart: hardly ever of
    /// one person.
    pub(crate) apart: u64,
}

/// A year of birth is hardly ever wrong by more.
const YEARS_APART: u32 = 2;

/// How many pairs of years, ascending and 0 where missing, are clearly apart.
pub(crate) fn years_apart(years: impl Iterator<Item = u32>) -> u64 {
    let known: Vec<u32> = years.filter(|year| *year != 0).collect();
    let mut from = 0;
    let mut apart = 0;
    for year in &known {
        while known[from] + YEARS_APART < *year {
            from += 1;
        }
        apart += from as u64;
    }
    apart
}

/// Who shares phones with more than a few, and who addresses.
fn count_shared(rows: &[Row]) -> [WidelyShared; 2] {
    type Of = fn(&Row) -> u64;
    let phone: Of = |row| row.phone;
    let address: Of = address_key;
    let widely: Vec<WidelyShared> = [phone, address]
        .into_par_iter()
        .map(|of| {
            let mut order: Vec<(u64, u32)> = (0..)
                .zip(rows.iter())
                .filter(|(_, row)| of(row) != 0)
                .map(|(record, row)| (of(row), record))
                .collect();
            order.par_sort_unstable();
            let mut widely = WidelyShared::default();
            for same in order.chunk_by(|(one, _), (other, _)| one == other) {
                let shared = shared_by(same.len() as u32);
                if shared > 0 {
                    widely.more_than_few.extend(same.iter().map(|(_, record)| (*record, shared)));
                }
                if shared == 2 {
                    widely.add(same.iter().map(|(_, record)| *record));
                }
            }
            widely
        })
        .collect();
    <[WidelyShared; 2]>::try_from(widely).unwrap_or_default()
}

/// A number below a bound, by a counter.
pub(crate) fn below(counter: u64, bound: u64) -> Option<usize> {
    let drawn = mix(mix(counter, 0xd1b5_4a32_d192_ed03), 0x8cb9_2ba7_2f3d_8dd7);
    (bound > 0).then(|| ((u128::from(drawn) * u128::from(bound)) >> 64) as usize)
}
