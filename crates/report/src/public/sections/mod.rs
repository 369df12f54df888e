//! Each message with its chart and table, one file each.
//!
//! In: a report in the words of a language. Out: its [`Section`]s. A finding compares two numbers
//! only when their intervals do not overlap, and says so when they do; nothing is computed from
//! numbers that would stand for one that is hidden.

mod age_sex;
mod county;
mod estimate;
mod kind;
mod labor;
mod quarter;

use disclosure::PublishedValue;

use super::in_words::InWords;
use super::section::{Chart, RowShown, Section, TableShown};
use super::slice::Slice;
use crate::charts::Tone;

/// What the sections are about; tables of other counted units are among the data files.
pub(super) const PEOPLE: &str = "people";

/// The names of all sections that there can be.
pub(super) const IDS: [&str; 6] =
    [quarter::ID, kind::ID, labor::ID, age_sex::ID, county::ID, estimate::ID];

/// All sections for which something was released.
pub(super) fn all(words: &InWords<'_>) -> Vec<Section> {
    [
        quarter::section(words),
        kind::section(words),
        labor::section(words),
        age_sex::section(words),
        county::section(words),
        estimate::section(words),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What a section says before everything around it is added.
struct Said {
    id: &'static str,
    heading: &'static str,
    message: String,
    chart: Option<Chart>,
    table: TableShown,
    notes: Vec<String>,
}

impl Said {
    /// The section of a margin, with its notes and its source.
    fn of(self, words: &InWords<'_>, slice: &Slice<'_>) -> Section {
        let subtitle = (words.words.messages.subtitle)(words.state(), &words.period());
        let values = slice.cells.iter().map(|(_, value)| *value).chain(slice.total);
        let mut notes = self.notes;
        notes.extend(words.value_notes(values));
        notes.push(coverage(words));
        Section {
            id: self.id,
            heading: self.heading.to_owned(),
            message: self.message,
            subtitle,
            chart: self.chart,
            table: self.table,
            notes,
            source: words.stamp(slice.released.receipt()),
            receipt: slice.released.receipt().clone(),
            data: slice.released.value().name.clone(),
        }
    }
}

/// How many agencies reported.
fn coverage(words: &InWords<'_>) -> String {
    let number = |number: u32| words.language.number(u64::from(number));
    let coverage = &words.report.coverage;
    (words.words.notes.coverage_reported)(&number(coverage.reported), &number(coverage.expected))
}

/// Every cell of a margin as a table, the total last.
fn table(words: &InWords<'_>, slice: &Slice<'_>) -> TableShown {
    let names = &words.words.names;
    let heads = slice.dimensions.iter().map(|one| names.or_code("dimension", &one.name));
    let mut columns: Vec<String> = heads.collect();
    let caption = (words.words.data.table)(
        &names.or_code("counted", &slice.released.value().counted),
        &columns.join(", ").to_lowercase(),
    );
    columns.extend(value_columns(words, slice.has_intervals()));
    let row = |at: &[&str], value: PublishedValue| RowShown {
        names: at
            .iter()
            .zip(&slice.dimensions)
            .map(|(category, dimension)| words.category(&dimension.name, category))
            .collect(),
        cells: words.cells(value, slice.has_intervals()),
        total: false,
    };
    let mut rows: Vec<RowShown> = slice.cells.iter().map(|(at, value)| row(at, *value)).collect();
    rows.extend(slice.total.map(|total| total_row(words, total, slice)));
    TableShown { caption, named_by: slice.dimensions.len(), columns, rows }
}

/// The row of everything summed, as it was released.
fn total_row(words: &InWords<'_>, total: PublishedValue, slice: &Slice<'_>) -> RowShown {
    let all = std::iter::once(words.words.values.all.to_owned());
    let names =
        all.chain(std::iter::repeat_n(String::new(), slice.dimensions.len().saturating_sub(1)));
    RowShown {
        names: names.collect(),
        cells: words.cells(total, slice.has_intervals()),
        total: true,
    }
}

/// The heads of the columns of a number.
fn value_columns(words: &InWords<'_>, intervals: bool) -> Vec<String> {
    let values = &words.words.values;
    let heads = [values.people, values.between];
    heads[..if intervals { 2 } else { 1 }].iter().map(|head| (*head).to_owned()).collect()
}

/// The colour of a kind of exploitation.
fn tone(exploitation: &str) -> Tone {
    match exploitation {
        "sex" => Tone::Sex,
        "labor" => Tone::Labor,
        _ => Tone::Other,
    }
}
