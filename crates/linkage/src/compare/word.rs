//! How alike two words are.
//!
//! Exact by number; then sound and nickname groups by number; then letters: one edit (insertion,
//! deletion, substitution or transposition of neighbours; Damerau 1964), or Jaro-Winkler (Winkler
//! 1990) of at least 0.9, with sets of letters as bits.

use crate::people::{LETTERS, NONE, Word};

/// Two words that agree, of which either says how common they are: the same twice, or two alike.
pub(crate) type Words = [u32; 2];

/// How alike two words are, from least to most.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Alike {
    /// Not at all.
    No,
    /// One is the first letter of the other.
    Initial,
    /// A typing error apart.
    Typo,
    /// They sound alike, or one is a nickname of the other.
    Variant,
}

/// How alike two different words are; of which at least one is missing: not at all.
#[inline]
pub(crate) fn alike(one: &Word, other: &Word) -> Alike {
    if one.length == 0 || other.length == 0 {
        return Alike::No;
    }
    if one.length == 1 || other.length == 1 {
        return if one.letters[0] == other.letters[0] { Alike::Initial } else { Alike::No };
    }
    let share_group = one.groups[0] != 0
        && other.groups[0] != 0
        && one.groups.iter().any(|group| *group != 0 && other.groups.contains(group));
    if one.sound == other.sound || share_group {
        return Alike::Variant;
    }
    // Letters that only one of the two has: an edit changes at most two of them.
    let apart = (one.mask ^ other.mask).count_ones();
    if apart > 6 {
        return Alike::No;
    }
    let shortest = one.length.min(other.length);
    if shortest >= 3 && apart <= 2 && one_edit(one, other) {
        return Alike::Typo;
    }
    if shortest >= 5 && at_most(one, other) >= 0.899 && jaro_winkler(one, other) >= 0.9 {
        return Alike::Typo;
    }
    Alike::No
}

/// Whether one edit makes one word the other.
fn one_edit(one: &Word, other: &Word) -> bool {
    let (one, other) =
        (&one.letters[..one.length as usize], &other.letters[..other.length as usize]);
    let start = one.iter().zip(other).take_while(|(a, b)| a == b).count();
    let (one, other) = (&one[start..], &other[start..]);
    let end = one.iter().rev().zip(other.iter().rev()).take_while(|(a, b)| a == b).count();
    match (&one[..one.len() - end], &other[..other.len() - end]) {
        ([], []) | ([_], []) | ([], [_]) | ([_], [_]) => true,
        ([a, b], [c, d]) => a == d && b == c,
        _ => false,
    }
}

/// What the similarity of Jaro and Winkler cannot be above, but for the last digits: as if every
/// letter that is in both words were matched in its place.
fn at_most(one: &Word, other: &Word) -> f32 {
    let (long, its) = (usize::from(one.length), usize::from(other.length));
    if long.max(its) == LETTERS {
        // There may be letters in the set that are not kept.
        return 1.0;
    }
    let only = |one: &Word, other: &Word| (one.mask & !other.mask).count_ones() as usize;
    let matches = (long - only(one, other)).min(its - only(other, one)) as f32;
    let jaro = (matches / long as f32 + matches / its as f32 + 1.0) / 3.0;
    jaro + common_start(&one.letters, &other.letters) as f32 * 0.1 * (1.0 - jaro)
}

/// How many of the first four letters are the same.
fn common_start(one: &[u8], other: &[u8]) -> usize {
    one.iter().zip(other).take(4).take_while(|(a, b)| a == b).count()
}

/// The similarity of Jaro and Winkler: 0 to 1.
fn jaro_winkler(one: &Word, other: &Word) -> f32 {
    let (a, b) = (&one.letters[..one.length as usize], &other.letters[..other.length as usize]);
    let window = (a.len().max(b.len()) / 2).saturating_sub(1);
    let mut places = [0u32; 32];
    for (at, letter) in b.iter().enumerate() {
        places[usize::from(letter & 31)] |= 1 << at;
    }
    let mut taken = 0u32;
    let mut matched = [0u8; LETTERS];
    let mut matches = 0;
    for (at, letter) in a.iter().enumerate() {
        let from = at.saturating_sub(window);
        let within = (u32::MAX >> (31 - (at + window).min(31))) & (u32::MAX << from);
        let mut free = places[usize::from(letter & 31)] & within & !taken;
        // Letters of other scripts may share a place in the table.
        while free != 0 && b[free.trailing_zeros() as usize] != *letter {
            free &= free - 1;
        }
        if free != 0 {
            taken |= free & free.wrapping_neg();
            matched[matches] = *letter;
            matches += 1;
        }
    }
    if matches == 0 {
        return 0.0;
    }
    let mut out_of_place = 0;
    let mut rest = taken;
    for letter in &matched[..matches] {
        out_of_place += usize::from(b[rest.trailing_zeros() as usize] != *letter);
        rest &= rest - 1;
    }
    let m = matches as f32;
    let jaro =
        (m / a.len() as f32 + m / b.len() as f32 + (m - (out_of_place / 2) as f32) / m) / 3.0;
    jaro + common_start(a, b) as f32 * 0.1 * (1.0 - jaro)
}

/// Whether the shorter word is the beginning or the end of the longer one, and more than a few letters.
#[inline]
pub(crate) fn part_of(one: &Word, other: &Word) -> bool {
    let (short, long) = if one.length <= other.length { (one, other) } else { (other, one) };
    if short.length < 4 || short.mask & !long.mask != 0 {
        return false;
    }
    let (short, long) =
        (&short.letters[..short.length as usize], &long.letters[..long.length as usize]);
    long.starts_with(short) || long.ends_with(short)
}

/// The first word that both have.
#[inline]
pub(crate) fn shared(one: &[u32], other: &[u32]) -> Option<u32> {
    one.iter().copied().find(|word| *word != NONE && other.contains(word))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn word(text: &str) -> Word {
        let mut letters = [0; LETTERS];
        letters[..text.len()].copy_from_slice(text.as_bytes());
        let mask = text.bytes().fold(0, |mask, letter| mask | 1 << (letter & 31));
        // Sounds that differ, so that letters decide.
        let sound =
            text.bytes().fold(1, |hash: u32, letter| hash.wrapping_mul(31) + u32::from(letter));
        Word { letters, length: text.len() as u8, mask, sound, groups: [0; 4] }
    }

    #[test]
    fn published_similarities() {
        // Winkler (1990), table 1, as repeated by most libraries.
        for (one, other, expected) in [
            ("MARTHA", "MARHTA", 0.961),
            ("DWAYNE", "DUANE", 0.840),
            ("DIXON", "DICKSONX", 0.813),
            ("JONES", "JOHNSON", 0.832),
        ] {
            let found = jaro_winkler(&word(one), &word(other));
            assert!((found - expected).abs() < 0.001, "{one} {other} {found}");
        }
    }

    /// The distance of Damerau and Levenshtein by the textbook (optimal string alignment).
    fn distance(one: &[u8], other: &[u8]) -> usize {
        let mut table = vec![vec![0; other.len() + 1]; one.len() + 1];
        for i in 0..=one.len() {
            for j in 0..=other.len() {
                table[i][j] = if i == 0 || j == 0 {
                    i + j
                } else {
                    let mut least = (table[i - 1][j] + 1)
                        .min(table[i][j - 1] + 1)
                        .min(table[i - 1][j - 1] + usize::from(one[i - 1] != other[j - 1]));
                    if i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1] {
                        least = least.min(table[i - 2][j - 2] + 1);
                    }
                    least
                };
            }
        }
        table[one.len()][other.len()]
    }

    proptest! {
        #[test]
        fn one_edit_is_a_distance_of_at_most_one(one in "[A-C]{1,8}", other in "[A-C]{1,8}") {
            let found = one_edit(&word(&one), &word(&other));
            prop_assert_eq!(found, distance(one.as_bytes(), other.as_bytes()) <= 1);
        }

        /// What is refused for its letters alone would have been refused.
        #[test]
        fn no_similarity_is_above_what_it_cannot_be(one in "[A-F]{1,20}", other in "[A-F]{1,20}") {
            let (a, b) = (word(&one), word(&other));
            prop_assert!(jaro_winkler(&a, &b) <= at_most(&a, &b) + 1e-5);
        }

        /// The order cannot matter, and what is alike is found although letters are looked at first.
        #[test]
        fn alike_both_ways(one in "[A-F]{1,12}", other in "[A-F]{1,12}") {
            let (a, b) = (word(&one), word(&other));
            prop_assert_eq!(alike(&a, &b), alike(&b, &a));
            if one != other && one.len().min(other.len()) >= 3 && distance(one.as_bytes(), other.as_bytes()) == 1 {
                prop_assert!(alike(&a, &b) >= Alike::Typo);
            }
        }
    }
}
