//! People identified by age and gender.

use super::{PEOPLE, Said, table};
use crate::charts::Tone;
use crate::public::charts::Item;
use crate::public::charts::rows::Rows;
use crate::public::in_words::InWords;
use crate::public::section::Section;
use crate::public::slice::{Bounds, Slice};

pub(super) const ID: &str = "people-by-age-and-sex";

/// Margins that would do, the best first.
const WANTED: [&[&str]; 5] = [&["sex", "age"], &["gender", "age"], &["age"], &["sex"], &["gender"]];

/// The section, if a table by age or gender was released.
pub(super) fn section(words: &InWords<'_>) -> Option<Section> {
    let slice = WANTED.iter().find_map(|wanted| Slice::of(words.report, PEOPLE, wanted))?;
    let message = message(words, &slice);
    let groups = groups(words, &slice);
    let drawn = told_from_nobody(&groups);
    let items = |groups: &[(String, Vec<Item>)]| -> usize {
        groups.iter().map(|(_, items)| items.len()).sum()
    };
    let notes = (items(&drawn) < items(&groups))
        .then(|| words.words.messages.not_drawn.to_owned())
        .into_iter()
        .collect();
    let chart = Rows { id: ID, groups: drawn }.draw(words, &message);
    let heading = words.words.messages.age_sex;
    let table = table(words, &slice);
    Some(Said { id: ID, heading, message, chart: Some(chart), table, notes }.of(words, &slice))
}

/// Without the numbers that may be those of nobody: they are in the table. A hidden one stays.
/// Where nothing else is left, all are.
fn told_from_nobody(groups: &[(String, Vec<Item>)]) -> Vec<(String, Vec<Item>)> {
    let told = |item: &&Item| Bounds::of(item.value).is_none_or(|bounds| bounds.low > 0);
    let left: Vec<(String, Vec<Item>)> = groups
        .iter()
        .map(|(name, items)| (name.clone(), items.iter().filter(told).cloned().collect()))
        .filter(|(_, items): &(String, Vec<Item>)| !items.is_empty())
        .collect();
    if left.is_empty() { groups.to_vec() } else { left }
}

/// With two dimensions a group for each gender, else one without a name.
fn groups(words: &InWords<'_>, slice: &Slice<'_>) -> Vec<(String, Vec<Item>)> {
    let mut groups: Vec<(String, Vec<Item>)> = Vec::new();
    for (at, value) in &slice.cells {
        let mut names = named(words, slice, at);
        let label = names.pop().unwrap_or_default();
        let group = names.pop().unwrap_or_default();
        let item = Item { label, value: *value, tone: Tone::Plain };
        match groups.iter_mut().find(|(name, _)| *name == group) {
            Some((_, items)) => items.push(item),
            None => groups.push((group, vec![item])),
        }
    }
    groups
}

fn named(words: &InWords<'_>, slice: &Slice<'_>, at: &[&str]) -> Vec<String> {
    let names = at.iter().zip(&slice.dimensions);
    names.map(|(category, dimension)| words.category(&dimension.name, category)).collect()
}

/// The largest group, if it is larger than the next whatever the noise was.
fn message(words: &InWords<'_>, slice: &Slice<'_>) -> String {
    let messages = &words.words.messages;
    let mut shown: Vec<_> = slice.shown().collect();
    shown.sort_by_key(|(_, bounds)| std::cmp::Reverse(bounds.number));
    let Some((at, largest)) = shown.first() else { return messages.all_hidden.to_owned() };
    if shown[1..].iter().any(|(_, other)| !largest.above(*other)) {
        return messages.none_largest.to_owned();
    }
    let number = slice.at(at).map_or(String::new(), |value| words.said(value));
    (messages.largest)(&named(words, slice, at).join(", "), &number)
}
