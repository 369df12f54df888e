//! What happens to a name between a mouth and a form.
//!
//! In: a name. Out: the name as somebody typed, heard or stripped it. Assumes the letters of
//! `data/letters.csv`; others are kept.

use crate::chance::Chance;
use crate::world::Names;

/// A slip of the hand: a neighboring key, a letter lost, doubled, or changed places with the next.
pub(crate) fn typo(names: &Names, name: &str, chance: &mut Chance) -> String {
    let mut letters: Vec<char> = name.chars().collect();
    if letters.len() < 2 {
        letters.extend(name.chars());
        return letters.into_iter().collect();
    }
    let at = chance.below(letters.len() - 1);
    let (here, next) = (letters[at], letters[at + 1]);
    let neighbors = names.keyboard.get(&here.to_ascii_lowercase());
    let neighbor = neighbors.and_then(|keys| chance.one_of(keys)).copied();
    match (chance.below(4), neighbor) {
        (0 | 1, Some(key)) => {
            letters[at] = if here.is_uppercase() { key.to_ascii_uppercase() } else { key };
        }
        (2, _) if here != next => {
            letters.swap(at, at + 1);
        }
        (3, _) => letters.insert(at, here),
        _ => {
            letters.remove(at);
        }
    }
    letters.into_iter().collect()
}

/// Whether [`spelling_variant`] has another way to write a name.
pub(super) fn has_variant(names: &Names, name: &str) -> bool {
    let known = names.has_spelling_variant.get(name);
    known.copied().unwrap_or_else(|| names.heard_otherwise(name))
}

/// Another way to write what was heard, at the first place where it applies; the same name when
/// there is none.
pub(crate) fn spelling_variant(names: &Names, name: &str, chance: &mut Chance) -> String {
    let lower = name.to_lowercase();
    let fits: Vec<_> =
        names.spelling_variants.iter().filter(|(heard, _)| lower.contains(heard)).collect();
    match chance.one_of(&fits) {
        Some((heard, written)) => capitalized(&lower.replacen(heard.as_str(), written, 1)),
        None => name.to_owned(),
    }
}

/// Whether a name has a mark or an apostrophe.
pub(super) fn has_marks(name: &str) -> bool {
    name.chars().any(|letter| !letter.is_ascii() || letter == '\'')
}

/// A name without marks and apostrophes.
pub(super) fn without_marks(names: &Names, name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    for letter in name.chars().filter(|letter| *letter != '\'') {
        let lower = letter.to_lowercase().next().unwrap_or(letter);
        match names.plain_letters.get(&lower) {
            Some(text) if letter.is_uppercase() => plain.push_str(&text.to_ascii_uppercase()),
            Some(text) => plain.push_str(text),
            None => plain.push(letter),
        }
    }
    plain
}

/// Capitals where words begin, small letters elsewhere.
pub(super) fn capitalized(text: &str) -> String {
    let mut starts = true;
    let mut capitalized = String::with_capacity(text.len());
    for letter in text.chars() {
        if starts {
            capitalized.extend(letter.to_uppercase());
        } else {
            capitalized.extend(letter.to_lowercase());
        }
        starts = letter == ' ' || letter == '-';
    }
    capitalized
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::chance::Stream;
    use crate::world::World;

    fn names() -> &'static Names {
        &World::get().unwrap().names
    }

    /// Letters to insert, remove, replace or exchange.
    fn steps(from: &str, to: &str) -> usize {
        let (from, to): (Vec<char>, Vec<char>) = (from.chars().collect(), to.chars().collect());
        let mut table = vec![vec![0; to.len() + 1]; from.len() + 1];
        for i in 0..=from.len() {
            for j in 0..=to.len() {
                table[i][j] = match (i, j) {
                    (0, _) => j,
                    (_, 0) => i,
                    _ => {
                        let cost = usize::from(from[i - 1] != to[j - 1]);
                        let mut best = (table[i - 1][j - 1] + cost)
                            .min(table[i - 1][j] + 1)
                            .min(table[i][j - 1] + 1);
                        let crossed =
                            i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1];
                        if crossed {
                            best = best.min(table[i - 2][j - 2] + 1);
                        }
                        best
                    }
                };
            }
        }
        table[from.len()][to.len()]
    }

    proptest! {
        /// A typo is one slip.
        #[test]
        fn a_typo_is_one_slip(name in "[A-Z][a-zéñ]{1,9}", seed: u64) {
            let typed = typo(names(), &name, &mut Chance::of(seed, Stream::Record, 0));
            prop_assert_eq!(steps(&name, &typed), 1, "{} {}", name, typed);
        }

        /// Marks are taken off once and for all, and letters stay.
        #[test]
        fn marks_are_taken_off(name in "[A-Zéñáíóúüđơễ' -]{1,12}") {
            let plain = without_marks(names(), &name);
            prop_assert!(!has_marks(&plain) && plain.is_ascii());
            prop_assert_eq!(&without_marks(names(), &plain), &plain);
            let apostrophes = name.chars().filter(|letter| *letter == '\'').count();
            prop_assert_eq!(plain.len() + apostrophes, name.chars().count());
        }

        /// A variant differs where there is one and no rule maps a text to itself.
        #[test]
        fn a_variant_differs_where_there_is_one(at in 0..20_000usize, seed: u64) {
            let surnames = names().heritages.iter().flat_map(|list| list.surnames.items());
            let surnames: Vec<&String> = surnames.collect();
            let name = surnames[at % surnames.len()];
            let variant = spelling_variant(names(), name, &mut Chance::of(seed, Stream::Record, 0));
            prop_assert_eq!(variant.to_lowercase() != name.to_lowercase(), has_variant(names(), name));
        }

        /// No text makes any of them panic.
        #[test]
        fn any_text_is_taken(text in ".{0,12}", seed: u64) {
            let chance = &mut Chance::of(seed, Stream::Record, 0);
            typo(names(), &text, chance);
            spelling_variant(names(), &text, chance);
            without_marks(names(), &text);
            capitalized(&text);
        }
    }
}
