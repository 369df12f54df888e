//! People identified by county: a map, and every county in a table.

use std::collections::BTreeSet;

use disclosure::{PublishedValue, Regime, WhyHidden};

use super::{PEOPLE, Said, table};
use crate::CountyShape;
use crate::public::charts::map::Map;
use crate::public::in_words::InWords;
use crate::public::section::{RowShown, Section};
use crate::public::slice::Slice;

pub(super) const ID: &str = "people-by-county";
const COUNTY: &str = "county";

/// The section, if a table by county was released.
pub(super) fn section(words: &InWords<'_>) -> Option<Section> {
    let slice = Slice::of(words.report, PEOPLE, &[COUNTY])?;
    let absent = absent(slice.released.receipt().regime);
    let of = |shape: &CountyShape| slice.at(&[&shape.code]).or_else(|| slice.at(&[&shape.name]));
    let unnamed: Vec<&CountyShape> =
        words.report.counties.iter().filter(|shape| of(shape).is_none()).collect();
    let counties = words.report.counties.iter();
    let counties = counties.map(|shape| (shape, of(shape).unwrap_or(absent))).collect();
    let message = message(words, &slice, (unnamed.len(), absent));
    let chart = Map { id: ID, counties }.draw(words, &message);

    let mut table = table(words, &slice);
    let row = |shape: &&CountyShape| RowShown {
        names: vec![shape.name.clone()],
        cells: words.cells(absent, slice.has_intervals()),
        total: false,
    };
    table.rows.extend(unnamed.iter().map(row));
    let county = |row: &RowShown| row.names.iter().all(|name| is_county(words, name));
    let blank = words.category(COUNTY, "");
    table.rows.sort_by_key(|row| {
        (row.total, row.names.contains(&blank), !county(row), row.names.clone())
    });

    let mut notes = vec![words.words.messages.county_note.to_owned()];
    notes.extend(words.value_notes(unnamed.iter().map(|_| absent)));
    let heading = words.words.messages.county;
    let mut section = Said { id: ID, heading, message, chart, table, notes }.of(words, &slice);
    let mut said = BTreeSet::new();
    section.notes.retain(|note| said.insert(note.clone()));
    Some(section)
}

/// What a county shows that its table does not name: a table of combinations that several people
/// share names none that too few share.
fn absent(regime: Regime) -> PublishedValue {
    match regime {
        Regime::KAnonymous => PublishedValue::Hidden(WhyHidden::Suppressed),
        Regime::Suppressed | Regime::Private => PublishedValue::Hidden(WhyHidden::NotReported),
    }
}

/// Whether a code or printed name is that of a county of the map, where there is one: a column may
/// also say that agencies disagree.
fn is_county(words: &InWords<'_>, name: &str) -> bool {
    let mut counties = words.report.counties.iter();
    match words.report.counties.is_empty() {
        true => !name.is_empty(),
        false => counties.any(|shape| shape.code == name || shape.name == name),
    }
}

/// In how many counties people were identified for certain, and how many are hidden.
fn message(
    words: &InWords<'_>,
    slice: &Slice<'_>,
    (unnamed, absent): (usize, PublishedValue),
) -> String {
    let named = |at: &[&str]| at.iter().all(|name| is_county(words, name));
    let with = slice.shown().filter(|(at, bounds)| named(at) && bounds.low > 0).count();
    let all = slice.cells.iter().filter(|(at, _)| named(at)).count() + unnamed;
    let left_out =
        if absent == PublishedValue::Hidden(WhyHidden::Suppressed) { unnamed } else { 0 };
    let number = |number: usize| words.language.number(number as u64);
    (words.words.messages.counties)(&number(with), &number(all), slice.hidden() + left_out)
}
