//! People identified by kind of trafficking.

use super::{PEOPLE, Said, table, tone};
use crate::public::charts::Item;
use crate::public::charts::rows::Rows;
use crate::public::in_words::InWords;
use crate::public::section::Section;
use crate::public::slice::Slice;
use crate::words;

pub(super) const ID: &str = "people-by-kind";

/// Kinds that the law names, in the order of the chart.
const NAMED: [&str; 3] = ["sex", "labor", "both"];

/// The section, if a table by kind was released.
pub(super) fn section(words: &InWords<'_>) -> Option<Section> {
    let slice = Slice::of(words.report, PEOPLE, &["exploitation"])?;
    let items = items(words, &slice);
    let message = message(words, &slice, &items);
    let chart = Rows { id: ID, groups: vec![(String::new(), items)] }.draw(words, &message);
    let heading = words.words.messages.kind;
    let table = table(words, &slice);
    Some(
        Said { id: ID, heading, message, chart: Some(chart), table, notes: Vec::new() }
            .of(words, &slice),
    )
}

/// The kinds that have a name in law, each with its number; all kinds where none has one.
fn message(words: &InWords<'_>, slice: &Slice<'_>, items: &[Item]) -> String {
    if slice.shown().next().is_none() {
        return words.words.messages.all_hidden.to_owned();
    }
    let named = slice.cells.iter().filter(|(at, _)| NAMED.contains(&at[0])).count();
    let said = if named == 0 { items } else { &items[..named] };
    let each = said.iter().map(|item| format!("{}: {}", item.label, words.said(item.value)));
    words::capital(&each.map(|one| small(&one)).collect::<Vec<_>>().join("; "))
}

/// The same text with its first letter small.
fn small(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// The kinds with their values: sex, labor, both, then what is neither.
pub(super) fn items(words: &InWords<'_>, slice: &Slice<'_>) -> Vec<Item> {
    let mut items: Vec<(&str, Item)> = slice
        .cells
        .iter()
        .map(|(at, value)| {
            let label = words.category("exploitation", at[0]);
            (at[0], Item { label, value: *value, tone: tone(at[0]) })
        })
        .collect();
    items.sort_by_key(|(kind, _)| {
        NAMED.iter().position(|named| named == kind).unwrap_or(NAMED.len())
    });
    items.into_iter().map(|(_, item)| item).collect()
}
