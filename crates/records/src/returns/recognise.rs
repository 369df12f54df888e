//! Which mapping reads a table: its header decides.
//!
//! In: a header and the mappings. Out: the one mapping that knows it, the candidates when several
//! do, the nearest when a column is missing, misspelt or too many, or nothing.

use std::collections::BTreeSet;

use super::Mapping;
use super::mapping::fold_header;

/// How much of two headers must agree for one to be a slip of the other.
const NEAR: f64 = 0.6;

/// What a header was recognised as.
#[derive(Debug, Clone, PartialEq)]
pub enum Recognised<'a> {
    /// One mapping knows every column, and all that it needs are there.
    As(&'a Mapping),
    /// Several mappings read this header; none is guessed at.
    Ambiguous(Vec<&'a Mapping>),
    /// Nearly this kind of return: columns are missing, misspelt or too many.
    Nearly(&'a Mapping),
    /// No kind of return.
    No,
}

/// Recognises a table by its header.
///
/// The order of columns, capitals and separators do not matter. Costs one pass over all mappings.
pub fn recognise<'a>(header: &[String], mappings: &'a [Mapping]) -> Recognised<'a> {
    let found: BTreeSet<String> = header.iter().map(|name| fold_header(name)).collect();
    let knows = |mapping: &&Mapping| {
        let all = names(mapping, |_| true);
        let needed = names(mapping, |optional| !optional);
        needed.is_subset(&found) && found.is_subset(&all)
    };
    let fitting: Vec<&Mapping> = mappings.iter().filter(knows).collect();
    match fitting.as_slice() {
        [one] => return Recognised::As(one),
        [] => {}
        _ => return Recognised::Ambiguous(fitting),
    }
    let mut best: Option<(f64, &Mapping)> = None;
    for mapping in mappings {
        let score = likeness(&found, mapping);
        if score >= NEAR && best.is_none_or(|(so_far, _)| score > so_far) {
            best = Some((score, mapping));
        }
    }
    best.map_or(Recognised::No, |(_, mapping)| Recognised::Nearly(mapping))
}

fn names(mapping: &Mapping, wanted: impl Fn(bool) -> bool) -> BTreeSet<String> {
    let columns = mapping.columns.iter().filter(|column| wanted(column.optional));
    columns.map(|column| fold_header(&column.name)).collect()
}

/// The share of the columns found that the mapping needs or knows, a misspelt one counting half:
/// the smaller of "how much of what it needs is there" and "how much of what is there it knows".
fn likeness(found: &BTreeSet<String>, mapping: &Mapping) -> f64 {
    let needed = names(mapping, |optional| !optional);
    let all = names(mapping, |_| true);
    let weight = |name: &String, among: &BTreeSet<String>| {
        if among.contains(name) {
            1.0
        } else if among.iter().any(|other| within_two_edits(name, other)) {
            0.5
        } else {
            0.0
        }
    };
    let present: f64 = needed.iter().map(|name| weight(name, found)).sum();
    let known: f64 = found.iter().map(|name| weight(name, &all)).sum();
    let of_needed = present / needed.len().max(1) as f64;
    let of_found = known / found.len().max(1) as f64;
    of_needed.min(of_found)
}

/// Whether two words of at least four letters differ by two edits at most (Levenshtein).
pub(crate) fn within_two_edits(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    if one.len().min(other.len()) < 4 || one.len().abs_diff(other.len()) > 2 {
        return one == other;
    }
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in other.iter().enumerate() {
            let change = diagonal + usize::from(a != b);
            diagonal = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[other.len()] <= 2
}
