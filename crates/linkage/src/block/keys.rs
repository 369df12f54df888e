//! The keys of a record.

use std::ops::Range;

use crate::compare::address_key;
use crate::people::{NONE, PersonTable, Row, mix};

/// Keys of a record, over all passes.
pub(crate) const KEYS: usize = 24;

/// A kind of keys.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Pass {
    /// The phone.
    Phone,
    /// House number and street, and house number and postcode.
    Address,
    /// The birth date and the town.
    BirthAndTown,
    /// The birth date with a given name, a surname or an alias.
    BirthAndName,
    /// A given name or an alias with a surname, in any order.
    Names,
    /// A given name with the beginning of a surname, and the other way round.
    Beginnings,
    /// A given name or a surname with the year of birth.
    NameAndYear,
    /// A given name with the postcode.
    NameAndPlace,
}

/// All kinds.
pub(crate) const PASSES: [Pass; 8] = [
    Pass::Phone,
    Pass::Address,
    Pass::BirthAndTown,
    Pass::BirthAndName,
    Pass::Names,
    Pass::Beginnings,
    Pass::NameAndYear,
    Pass::NameAndPlace,
];

impl Pass {
    /// Which of a record's keys are of this kind.
    pub(crate) fn keys(self) -> Range<usize> {
        match self {
            Pass::Phone => 0..1,
            Pass::Address => 1..3,
            Pass::BirthAndTown => 3..4,
            Pass::BirthAndName => 4..10,
            Pass::Names => 10..17,
            Pass::Beginnings => 17..19,
            Pass::NameAndYear => 19..23,
            Pass::NameAndPlace => 23..24,
        }
    }

    /// Records of a block, at most; the weaker the key, the fewer.
    pub(crate) fn limit(self) -> usize {
        match self {
            Pass::NameAndYear | Pass::NameAndPlace => 12,
            Pass::Beginnings | Pass::Names => 30,
            _ => 50,
        }
    }
}

/// A number for how a word sounds, the same for a name and its nicknames; 0 for none.
fn name_key(people: &PersonTable, word: u32) -> u64 {
    let word = &people.names.words[word as usize];
    match (word.length, word.groups[0]) {
        (0 | 1, _) => 0,
        (_, 0) => u64::from(word.sound),
        (_, group) => u64::from(group) << 32,
    }
}

/// The first letters of a word; 0 for none.
fn beginning(people: &PersonTable, word: u32) -> u64 {
    let letters = &people.names.words[word as usize].letters;
    let first = u64::from(u32::from_le_bytes([letters[0], letters[1], letters[2], letters[3]]));
    if letters[1] == 0 { 0 } else { first | 1 << 40 }
}

/// The keys of a record; 0 where there is none.
pub(crate) fn keys(people: &PersonTable, row: &Row) -> [u32; KEYS] {
    let names = &people.names;
    let words = |name: u32| names.names[name as usize].words.map(|word| name_key(people, word));
    let [given, second, _] = words(row.given);
    let [surname, second_surname, _] = words(row.surname);
    let [alias, second_alias, _] = words(row.alias);
    let date = if row.birth.day() == 0 { 0 } else { u64::from(row.birth.unswapped()) };

    let mut keys = [0; KEYS];
    let key = |pass: Pass, one: u64, other: u64| {
        if one == 0 || other == 0 { 0 } else { mix(mix(pass as u64 + 1, one), other) as u32 | 1 }
    };
    keys[0] = key(Pass::Phone, row.phone, 1);
    keys[1] = key(Pass::Address, address_key(row), 1);
    keys[2] = key(Pass::Address, u64::from(row.house), u64::from(row.zip));
    keys[3] = key(Pass::BirthAndTown, date, u64::from(row.city));
    let of_date = [given, second, surname, second_surname, alias, second_alias];
    for (at, name) in Pass::BirthAndName.keys().zip(of_date) {
        keys[at] = key(Pass::BirthAndName, date, name);
    }
    // Without an order, so that changed places do not matter.
    let of_names = [
        (given, surname),
        (given, second_surname),
        (second, surname),
        (alias, surname),
        (alias, second_surname),
        (second, second_surname),
        (second_alias, surname),
    ];
    for (at, (one, other)) in Pass::Names.keys().zip(of_names) {
        keys[at] = key(Pass::Names, one.min(other), one.max(other));
    }
    let first_word = |name: u32| names.names[name as usize].words[0];
    keys[17] = key(Pass::Beginnings, given, beginning(people, first_word(row.surname)));
    keys[18] = key(Pass::Beginnings, surname, beginning(people, first_word(row.given)));
    let year = u64::from(row.birth.year());
    for (at, name) in Pass::NameAndYear.keys().zip([given, surname, second_surname, alias]) {
        keys[at] = key(Pass::NameAndYear, name, year);
    }
    keys[23] = key(Pass::NameAndPlace, given, u64::from(row.zip));
    keys
}

/// The keys of a pass among the keys of a record, each once.
pub(crate) fn of_pass(keys: &[u32; KEYS], pass: Pass) -> impl Iterator<Item = u32> {
    let own = &keys[pass.keys()];
    let fresh = move |(at, key): &(usize, &u32)| **key != 0 && !own[..*at].contains(key);
    own.iter().enumerate().filter(fresh).map(|(_, key)| *key)
}

/// Puts a finer key in the place of a key of a record.
pub(crate) fn replace(keys: &mut [u32; KEYS], pass: Pass, key: u32, finer: u32) {
    for own in keys[pass.keys()].iter_mut().filter(|own| **own == key) {
        *own = finer;
    }
}

/// One more field, by which a too large block is cut; 0 when it is missing.
pub(crate) fn finer(people: &PersonTable, row: &Row, pass: Pass, round: usize) -> u64 {
    let first = |name: u32| match people.names.names[name as usize].words[0] {
        NONE => 0,
        word => name_key(people, word),
    };
    match (pass, round) {
        (Pass::Names | Pass::Beginnings, 0) => u64::from(row.birth.year()),
        (Pass::Names | Pass::Beginnings, _) => u64::from(row.birth.month()),
        (Pass::BirthAndName | Pass::BirthAndTown, 0) => first(row.surname),
        (Pass::BirthAndName | Pass::BirthAndTown, _) => first(row.given),
        (Pass::Phone | Pass::Address, 0) => first(row.given),
        (Pass::Phone | Pass::Address, _) => first(row.surname),
        (Pass::NameAndYear, 0) => u64::from(row.city),
        (Pass::NameAndYear, _) => u64::from(row.birth.month()),
        (Pass::NameAndPlace, 0) => u64::from(row.birth.year()),
        (Pass::NameAndPlace, _) => u64::from(row.birth.month()),
    }
}
