//! Rows and keys as numbers of 64 bits, which any table can hold; and a partition at work.

use std::fmt;

use crate::block::KEYS;
use crate::people::{BirthDate, Row};

/// Numbers that make a row.
pub const ROW_NUMBERS: usize = 7;
/// Numbers that make the keys of a row.
pub const KEY_NUMBERS: usize = KEYS / 2;

/// A row: personal, though no name can be read off it without the table's names.
pub type RowNumbers = [u64; ROW_NUMBERS];
/// The blocking keys of a row.
pub type KeyNumbers = [u64; KEY_NUMBERS];

fn two(high: u32, low: u32) -> u64 {
    u64::from(high) << 32 | u64::from(low)
}

fn high(number: u64) -> u32 {
    (number >> 32) as u32
}

pub(super) fn of_row(row: &Row) -> RowNumbers {
    let small = [row.sex, row.name_years, row.phone_shared, row.address_shared];
    [
        row.phone,
        two(row.given, row.middle),
        two(row.surname, row.alias),
        two(row.birth.0, row.house),
        two(row.street, row.street_sound),
        two(row.zip, row.city),
        two(u32::from(row.origin) << 16 | u32::from(row.agency), u32::from_le_bytes(small)),
    ]
}

pub(crate) fn to_row(numbers: &RowNumbers) -> Row {
    let [phone, first_names, last_names, born, street, place, rest] = *numbers;
    let [sex, name_years, phone_shared, address_shared] = (rest as u32).to_le_bytes();
    Row {
        phone,
        given: high(first_names),
        middle: first_names as u32,
        surname: high(last_names),
        alias: last_names as u32,
        birth: BirthDate(high(born)),
        house: born as u32,
        street: high(street),
        street_sound: street as u32,
        zip: high(place),
        city: place as u32,
        origin: (rest >> 48) as u16,
        agency: (rest >> 32) as u16,
        sex,
        name_years,
        phone_shared,
        address_shared,
    }
}

/// The number of a row's agency.
#[must_use]
pub fn agency_of(row: &RowNumbers) -> u16 {
    to_row(row).agency
}

pub(super) fn of_keys(keys: &[u32; KEYS]) -> KeyNumbers {
    std::array::from_fn(|at| two(keys[2 * at], keys[2 * at + 1]))
}

pub(super) fn to_keys(numbers: &KeyNumbers) -> [u32; KEYS] {
    std::array::from_fn(|at| match at % 2 {
        0 => high(numbers[at / 2]),
        _ => numbers[at / 2] as u32,
    })
}

/// Rows of a table that follow each other, or were gathered, with their keys and their entries in
/// blocks: about 240 bytes a record. Shows nothing of them.
#[derive(Default)]
pub struct Partition {
    /// The number of the first record in the table.
    pub(super) first: u32,
    pub(super) rows: Vec<Row>,
    /// The keys of each record, ascending.
    pub(super) keys: Vec<[u32; KEYS]>,
    /// Entries in blocks ([`super::entry_in_partition`]), ascending.
    pub(super) entries: Vec<u64>,
}

impl Partition {
    /// Without any record yet; `first` is the number of the first record to come, and there is room
    /// for so many records and entries.
    #[must_use]
    pub fn with_room(first: u32, records: usize, entries: usize) -> Partition {
        Partition {
            first,
            rows: Vec::with_capacity(records),
            keys: Vec::with_capacity(records),
            entries: Vec::with_capacity(entries),
        }
    }

    /// Adds a record.
    pub fn push(&mut self, row: &RowNumbers, keys: &KeyNumbers) {
        self.rows.push(to_row(row));
        self.keys.push(to_keys(keys));
    }

    /// Adds an entry of a block, in order.
    pub fn push_entry(&mut self, entry: u64) {
        self.entries.push(entry);
    }
}

impl fmt::Debug for Partition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Partition {{ {} records from {} [withheld] }}", self.rows.len(), self.first)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Whatever numbers are written come back.
        #[test]
        fn rows_and_keys_come_back(
            row in prop::array::uniform7(any::<u64>()),
            keys in prop::array::uniform24(any::<u32>()),
        ) {
            prop_assert_eq!(of_row(&to_row(&row)), row);
            prop_assert_eq!(to_keys(&of_keys(&keys)), keys);
        }
    }
}
