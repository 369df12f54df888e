//! Agreement of surnames: double ones in either order, or with one part missing.

use crate::compare::word::{Alike, Words, alike, part_of, shared};
use crate::people::{NONE, PersonTable, Row};

/// Levels, from 0 missing and 1 different.
pub(crate) const LEVELS: usize = 10;
pub(crate) const DIFFERENT: usize = 1;
/// A typing error apart.
pub(crate) const TYPO: usize = 2;
/// They sound alike.
pub(crate) const SOUND: usize = 3;
/// One word of a double surname is the same: a common one, or, one level up, a rare one.
pub(crate) const SHARED_COMMON: usize = 4;
/// Two words are the same, in another order or with more.
pub(crate) const SHARED_TWO: usize = 6;
/// The same; of names that are common, less common, rare.
pub(crate) const EXACT: usize = 7;

/// The level of two people's surnames, and the words that agree: one word twice, or two that are
/// alike.
#[inline]
pub(crate) fn level(people: &PersonTable, one: &Row, other: &Row) -> (usize, Words) {
    let names = &people.names;
    let (a, b) = (&names.names[one.surname as usize], &names.names[other.surname as usize]);
    if a.whole == NONE || b.whole == NONE {
        return (0, [NONE; 2]);
    }
    if a.whole == b.whole {
        return (EXACT, [a.whole; 2]);
    }
    let words = &names.words;
    let whole = (&words[a.whole as usize], &words[b.whole as usize]);
    let single = a.words[1] == NONE && b.words[1] == NONE;
    if !single && let Some(word) = shared(&a.words, &b.words) {
        let both = a.words.iter().filter(|word| **word != NONE && b.words.contains(word)).count();
        return (if both > 1 { SHARED_TWO } else { SHARED_COMMON }, [word; 2]);
    }
    let mut best = alike(whole.0, whole.1);
    let mut pair = [a.whole, b.whole];
    if best < Alike::Variant && !single {
        for one in a.words.iter().filter(|word| **word != NONE) {
            for other in b.words.iter().filter(|word| **word != NONE) {
                let how = alike(&words[*one as usize], &words[*other as usize]);
                if how > best {
                    (best, pair) = (how, [*one, *other]);
                }
            }
        }
    }
    match best {
        Alike::Variant => (SOUND, pair),
        Alike::Typo => (TYPO, pair),
        // Surnames that were run together.
        _ if part_of(whole.0, whole.1) => {
            let short = if whole.0.length < whole.1.length { a.whole } else { b.whole };
            (SHARED_COMMON, [short; 2])
        }
        _ => (DIFFERENT, [NONE; 2]),
    }
}
