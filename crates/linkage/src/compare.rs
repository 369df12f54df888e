//! How two people agree, field by field.
//!
//! In: two rows of a table. Out: a [`Comparison`]: a cell for each of six fields, and how common
//! the values are on which they agree. Fields that depend on one another are one field with a cell
//! for every combination: given name × surname × sex, and phone × address, so that no
//! independence is assumed inside. A missing value is a level of its own, and what is compared in
//! `weigh` is always within the same pattern of missing values.
//!
//! Levels follow Winkler (1990, string comparators in the Fellegi-Sunter model) and the practice
//! of comparison levels in Splink; what is ours: reordered and dropped parts of double surnames,
//! aliases, given name and surname swapped, how widely a phone or an address is shared, and
//! 1 January taken as a year that was made a date.
//!
//! Cost: numbers are compared first; letters only when the letters that both have leave a chance.
//! About 50 ns a pair when the rows are in the cache.

mod birth;
mod by_name;
mod contact;
mod frequency;
mod given;
mod in_words;
mod surname;
mod word;

pub(crate) use by_name::{ByName, SharingName};
pub(crate) use frequency::{Counts, Frequencies};
pub(crate) use in_words::in_words;

use crate::people::{PersonTable, Row};
use word::Words;

/// Cells of given name × surname × sex.
pub(crate) const NAME: usize = 0;
/// Cells of the birth date.
pub(crate) const BIRTH: usize = 1;
/// Cells of phone × address.
pub(crate) const CONTACT: usize = 2;
/// Cells of the middle name.
pub(crate) const MIDDLE: usize = 3;
/// Cells of the origin, apart for pairs with given names alike, surnames related, both and neither.
pub(crate) const ORIGIN: usize = 4;
/// Cells of the agency.
pub(crate) const AGENCY: usize = 5;

/// How many cells each field has.
pub(crate) const CELLS: [usize; 6] = [
    given::LEVELS * surname::LEVELS * 3,
    birth::LEVELS,
    contact::PHONE_LEVELS * contact::ADDRESS_LEVELS,
    3,
    16,
    2,
];

/// How two people agree.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Comparison {
    /// The cell of each field.
    pub(crate) cells: [u16; 6],
    /// How common the given name they agree on is, relative to what is usual at this level.
    pub(crate) given: f32,
    /// Likewise the surname.
    pub(crate) surname: f32,
    /// Likewise the birth date.
    pub(crate) birth: f32,
}

/// Compares two people.
#[inline]
pub(crate) fn compare(
    people: &PersonTable,
    frequencies: &Frequencies,
    one: &Row,
    other: &Row,
) -> Comparison {
    let (given, given_words, surname, surname_words) = names(people, one, other);
    let sex = match (one.sex, other.sex) {
        (0, _) | (_, 0) => 0,
        (one, other) if one == other => 1,
        _ => 2,
    };
    let together = if given == given::EXACT && surname == surname::EXACT {
        frequencies.together(given_words[0], surname_words[0], one.name_years)
    } else {
        1.0
    };
    let (birth, birth_value) = birth::level(one.birth, other.birth, frequencies);
    let (given, given_tf, surname, surname_tf) = if given == given::SWAPPED {
        (given, frequencies.swapped(given_words, surname_words), surname, 1.0)
    } else {
        let (given, given_tf) = frequencies.given_level(given, given_words);
        let (surname, surname_tf) = frequencies.surname_level(surname, surname_words);
        (given, given_tf, surname, surname_tf)
    };
    Comparison {
        cells: [
            name_cell(given, surname, sex) as u16,
            birth as u16,
            contact::cell(one, other) as u16,
            given::middle_level(people, one, other) as u16,
            origin_cell(frequencies.origin_level(one.origin, other.origin), given, surname) as u16,
            u16::from(one.agency == other.agency),
        ],
        given: given_tf * together,
        surname: surname_tf,
        birth: birth_value,
    }
}

/// The levels of given name and surname, and the words they agree on.
#[inline]
fn names(people: &PersonTable, one: &Row, other: &Row) -> (usize, Words, usize, Words) {
    let (given, given_words) = given::level(people, one, other);
    let (surname, surname_words) = surname::level(people, one, other);
    if given <= given::DIFFERENT
        && surname <= surname::DIFFERENT
        && let Some((level, given_words, surname_words)) = given::swapped(people, one, other)
    {
        let given = if level == 0 { given::PART } else { given::SWAPPED };
        return (given, given_words, level, surname_words);
    }
    (given, given_words, surname, surname_words)
}

/// The cell of a level of the origin: names say where somebody is from.
fn origin_cell(origin: usize, given: usize, surname: usize) -> usize {
    let (given, surname) = (given >= given::VARIANT, surname >= surname::TYPO);
    origin * 4 + usize::from(given) * 2 + usize::from(surname)
}

/// The cell of levels of given name, surname and sex.
pub(crate) fn name_cell(given: usize, surname: usize, sex: usize) -> usize {
    (given * surname::LEVELS + surname) * 3 + sex
}

/// What a cell of the name says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct NameLevels {
    pub(crate) given: usize,
    pub(crate) surname: usize,
    pub(crate) sex: usize,
}

impl NameLevels {
    pub(crate) fn of(cell: usize) -> NameLevels {
        let given_surname = cell / 3;
        NameLevels {
            given: given_surname / surname::LEVELS,
            surname: given_surname % surname::LEVELS,
            sex: cell % 3,
        }
    }

    /// The surnames agree at least in part, or nearly.
    pub(crate) fn surnames_related(self) -> bool {
        self.surname >= surname::TYPO
    }
}

/// The pattern of missing values that a cell belongs to: chances add up to one within it.
pub(crate) fn group(field: usize, cell: usize) -> usize {
    match field {
        NAME => {
            let levels = NameLevels::of(cell);
            usize::from(levels.given == 0)
                + 2 * usize::from(levels.surname == 0)
                + 4 * usize::from(levels.sex == 0)
        }
        BIRTH => birth::group(cell),
        CONTACT => contact::group(cell),
        MIDDLE => usize::from(cell == 0),
        ORIGIN => usize::from(cell / 4 == 0) + 2 * (cell % 4),
        _ => 0,
    }
}

pub(crate) use birth::{EXACT as BIRTH_EXACT, EXACT_HEAPED as BIRTH_EXACT_HEAPED};
pub(crate) use contact::{
    ADDRESS_LEVELS, address_key, own_place, same_or_shared_place, same_place, shared_by,
};
pub(crate) use given::{
    DIFFERENT as GIVEN_DIFFERENT, EXACT as GIVEN_EXACT, LEVELS as GIVEN_LEVELS, SWAPPED, VARIANT,
};
pub(crate) use surname::{
    EXACT as SURNAME_EXACT, LEVELS as SURNAME_LEVELS, SOUND as SURNAME_SOUND,
};

#[cfg(test)]
mod tests;
