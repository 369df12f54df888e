//! People identified by quarter.

use records::Quarter;

use super::{PEOPLE, Said, table};
use crate::charts::Tone;
use crate::public::charts::Item;
use crate::public::charts::columns::Columns;
use crate::public::in_words::InWords;
use crate::public::section::Section;
use crate::public::slice::{Bounds, Slice};

pub(super) const ID: &str = "people-by-quarter";

/// The section, if a table by quarter was released.
pub(super) fn section(words: &InWords<'_>) -> Option<Section> {
    let slice = Slice::of(words.report, PEOPLE, &["quarter"])?;
    let message = message(words, &slice);
    let chart = Columns { id: ID, quarters: quarters(words, &slice) }.draw(words, &message);
    let heading = words.words.messages.quarter;
    let table = table(words, &slice);
    let notes = over_time(words);
    Some(Said { id: ID, heading, message, chart: Some(chart), table, notes }.of(words, &slice))
}

/// The quarters of a margin by quarter; a blank is none.
fn quarters(words: &InWords<'_>, slice: &Slice<'_>) -> Vec<(Quarter, Item)> {
    let mut quarters: Vec<(Quarter, Item)> = slice
        .cells
        .iter()
        .filter_map(|(at, value)| {
            let quarter: Quarter = at.first()?.parse().ok()?;
            Some((
                quarter,
                Item { label: words.quarter(quarter), value: *value, tone: Tone::Plain },
            ))
        })
        .collect();
    quarters.sort_by_key(|(quarter, _)| *quarter);
    quarters
}

/// What must be said with any comparison over time.
pub(super) fn over_time(words: &InWords<'_>) -> Vec<String> {
    let both = words.report.coverage.at_both_ends;
    let number = both.map(|agencies| words.language.number(u64::from(agencies)));
    let mut notes: Vec<String> =
        number.iter().map(|number| (words.words.messages.both_ends)(number)).collect();
    notes.push(words.words.messages.who_looked.to_owned());
    notes
}

/// The fewest and the most, if the protection of the numbers does not leave open which is which.
fn message(words: &InWords<'_>, slice: &Slice<'_>) -> String {
    let messages = &words.words.messages;
    let dated = slice.shown().filter(|(at, _)| at.iter().all(|name| !name.is_empty()));
    let shown: Vec<_> = dated.collect();
    let by = |(_, bounds): &&(&[&str], Bounds)| bounds.number;
    let (Some(fewest), Some(most)) = (shown.iter().min_by_key(by), shown.iter().max_by_key(by))
    else {
        return messages.all_hidden.to_owned();
    };
    let name = |at: &[&str]| words.category("quarter", at[0]);
    let said = |at: &[&str]| slice.at(at).map_or(String::new(), |value| words.said(value));
    if shown.len() == 1 {
        return (messages.one_quarter)(&name(most.0), &said(most.0));
    }
    if most.1.above(fewest.1) {
        let [low, high] = [name(fewest.0), name(most.0)];
        let [fewest, most] = [said(fewest.0), said(most.0)];
        return (messages.quarters_differ)([&low, &fewest, &high, &most], slice.hidden() > 0);
    }
    let [low, high] = [fewest.1.number, most.1.number].map(|number| words.language.number(number));
    if low == high && !slice.has_intervals() {
        (messages.quarters_same)(&low)
    } else {
        (messages.quarters_alike)(&low, &high)
    }
}
