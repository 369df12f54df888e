//! Agreement of given names, middle names and aliases.

use crate::compare::surname;
use crate::compare::word::{Alike, Words, alike, shared};
use crate::people::{NONE, Name, PersonTable, Row};

/// Levels, from 0 missing and 1 different.
pub(crate) const LEVELS: usize = 12;
pub(crate) const DIFFERENT: usize = 1;
/// One is the first letter of the other.
pub(crate) const INITIAL: usize = 2;
/// A typing error apart.
pub(crate) const TYPO: usize = 3;
/// They sound alike, or one is a nickname of the other.
pub(crate) const VARIANT: usize = 4;
/// One of several words is the same.
pub(crate) const PART: usize = 5;
/// The alias of one is a given name or an alias of the other.
pub(crate) const ALIAS: usize = 6;
/// A word of each alias is the same, and given names differ.
pub(crate) const BOTH_ALIASES: usize = 7;
/// Given name and surname have changed places.
pub(crate) const SWAPPED: usize = 8;
/// The same; of names that are common, less common, rare.
pub(crate) const EXACT: usize = 9;

/// The level of two people's given names, and the words that agree: one word twice, or two that are
/// alike.
#[inline]
pub(crate) fn level(people: &PersonTable, one: &Row, other: &Row) -> (usize, Words) {
    let names = &people.names;
    let (a, b) = (&names.names[one.given as usize], &names.names[other.given as usize]);
    let missing = a.whole == NONE || b.whole == NONE;
    let mut best = (if missing { 0 } else { DIFFERENT }, [NONE; 2]);
    if !missing {
        best = of_names(people, a, b);
        if best.0 >= VARIANT {
            return best;
        }
    }
    // A middle name used as the given name.
    if (one.middle | other.middle) != 0 && best.0 < TYPO {
        let (middle, its) =
            (&names.names[one.middle as usize], &names.names[other.middle as usize]);
        if let Some(word) = shared(&a.words, &its.words).or(shared(&middle.words, &b.words)) {
            // An initial says too little.
            if names.words[word as usize].length > 1 {
                return (PART, [word; 2]);
            }
        }
    }
    if (one.alias | other.alias) != 0 && best.0 < TYPO {
        let (alias, its) = (&names.names[one.alias as usize], &names.names[other.alias as usize]);
        if let Some(word) = by_alias(people, a, its).or(by_alias(people, b, alias)) {
            return (ALIAS, [word; 2]);
        }
        if let Some(word) = shared(&alias.words, &its.words) {
            return (BOTH_ALIASES, [word; 2]);
        }
    }
    best
}

/// The level of two names as such.
#[inline]
fn of_names(people: &PersonTable, a: &Name, b: &Name) -> (usize, Words) {
    if a.whole == b.whole {
        return (EXACT, [a.whole; 2]);
    }
    let words = &people.names.words;
    if let Some(word) = shared(&a.words, &b.words) {
        return (PART, [word; 2]);
    }
    let mut best = Alike::No;
    let mut pair = [NONE; 2];
    let mut try_pair = |one: u32, other: u32| {
        let how = alike(&words[one as usize], &words[other as usize]);
        if how > best {
            best = how;
            pair = [one, other];
            if how == Alike::Initial {
                // An initial says nothing of how common the name is.
                let longer = words[one as usize].length >= words[other as usize].length;
                pair = [if longer { one } else { other }; 2];
            }
        }
    };
    try_pair(a.whole, b.whole);
    if a.words[1] != NONE || b.words[1] != NONE {
        for one in a.words.iter().filter(|word| **word != NONE) {
            for other in b.words.iter().filter(|word| **word != NONE) {
                try_pair(*one, *other);
            }
        }
    }
    let level = match best {
        Alike::No => return (DIFFERENT, [NONE; 2]),
        Alike::Initial => INITIAL,
        Alike::Typo => TYPO,
        Alike::Variant => VARIANT,
    };
    (level, pair)
}

/// A word of a name that is in an alias, or sounds like one.
#[inline]
fn by_alias(people: &PersonTable, name: &Name, alias: &Name) -> Option<u32> {
    if alias.whole == NONE {
        return None;
    }
    let words = &people.names.words;
    shared(&name.words, &alias.words).or_else(|| {
        let first = name.words[0];
        let near =
            |other: &u32| alike(&words[first as usize], &words[*other as usize]) >= Alike::Typo;
        alias.words.iter().copied().find(|other| *other != NONE && near(other))
    })
}

/// Given name and surname that have changed places: the level of the surname, the words that agree
/// of the first's given name, and those of its surname.
#[inline]
pub(crate) fn swapped(
    people: &PersonTable,
    one: &Row,
    other: &Row,
) -> Option<(usize, Words, Words)> {
    let name = |number: u32| &people.names.names[number as usize];
    let given = shared(&name(one.given).words, &name(other.surname).words);
    let surname = shared(&name(one.surname).words, &name(other.given).words);
    let words = &people.names.words;
    let near = |one: u32, other: u32| {
        let (one, other) = (name(one).whole, name(other).whole);
        let both = one != NONE && other != NONE;
        let near = both && alike(&words[one as usize], &words[other as usize]) >= Alike::Typo;
        near.then_some([one, other])
    };
    // Agreement on one of the two is not enough: many given names are surnames too.
    match (given, surname) {
        (Some(given), Some(surname)) => Some((surname::SHARED_TWO, [given; 2], [surname; 2])),
        // The other name is missing: as much as the given name alone.
        (Some(given), None) if one.surname == 0 || other.given == 0 => {
            Some((0, [given; 2], [NONE; 2]))
        }
        (None, Some(surname)) if one.given == 0 || other.surname == 0 => {
            Some((0, [surname; 2], [NONE; 2]))
        }
        (Some(given), None) => {
            near(one.surname, other.given).map(|surname| (surname::SHARED_TWO, [given; 2], surname))
        }
        (None, Some(surname)) => {
            near(one.given, other.surname).map(|given| (surname::SHARED_TWO, given, [surname; 2]))
        }
        (None, None) => None,
    }
}

/// Middle names: 0 missing, 1 different, 2 the same, alike, or one the initial of the other.
#[inline]
pub(crate) fn middle_level(people: &PersonTable, one: &Row, other: &Row) -> usize {
    let names = &people.names;
    let of = |row: &Row| match names.names[row.middle as usize].words[0] {
        // Often written into the column of the given name.
        NONE => names.names[row.given as usize].words[1],
        middle => middle,
    };
    let (a, b) = (of(one), of(other));
    // Within one and the same given name, it is counted there.
    let counted = one.middle == 0 && other.middle == 0 && one.given == other.given;
    if a == NONE || b == NONE || counted {
        return 0;
    }
    let same = a == b || alike(&names.words[a as usize], &names.words[b as usize]) > Alike::No;
    1 + usize::from(same)
}
