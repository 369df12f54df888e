//! Labor trafficking in its own right: by quarter where that was released, else as one number.

use disclosure::PublishedValue;
use records::Quarter;

use super::{PEOPLE, Said, kind, quarter, table, value_columns};
use crate::charts::Tone;
use crate::public::charts::Item;
use crate::public::charts::columns::Columns;
use crate::public::charts::rows::Rows;
use crate::public::in_words::InWords;
use crate::public::section::{Chart, RowShown, Section, TableShown};
use crate::public::slice::Slice;

pub(super) const ID: &str = "labor-trafficking";
const LABOR: &str = "labor";
const BOTH: &str = "both";

/// The section, if labor trafficking is a category of a table.
pub(super) fn section(words: &InWords<'_>) -> Option<Section> {
    let kinds = Slice::of(words.report, PEOPLE, &["exploitation"])?;
    let labor = kinds.at(&[LABOR])?;
    let message = message(words, labor, kinds.at(&[BOTH]));
    let messages = &words.words.messages;
    let mut notes = vec![messages.labor_note.to_owned()];
    let (slice, chart, table) = match by_quarter(words, &message) {
        Some(quarters) => {
            notes.extend(quarter::over_time(words));
            quarters
        }
        None => alone(words, kinds, &message),
    };
    let heading = messages.labor;
    Some(Said { id: ID, heading, message, chart: Some(chart), table, notes }.of(words, &slice))
}

fn message(words: &InWords<'_>, labor: PublishedValue, both: Option<PublishedValue>) -> String {
    let messages = &words.words.messages;
    match (labor, both) {
        (PublishedValue::Hidden(_), _) => messages.labor_hidden.to_owned(),
        (labor, Some(both)) => (messages.labor_found)(&words.said(labor), &words.said(both)),
        (labor, None) => {
            format!("{}: {}", words.category("exploitation", LABOR), words.said(labor))
        }
    }
}

/// One bar each for labor trafficking and for both.
fn alone<'a>(
    words: &InWords<'_>,
    kinds: Slice<'a>,
    message: &str,
) -> (Slice<'a>, Chart, TableShown) {
    let of_labor = Slice {
        cells: kinds.cells.into_iter().filter(|(at, _)| [LABOR, BOTH].contains(&at[0])).collect(),
        total: None,
        ..kinds
    };
    let items = kind::items(words, &of_labor);
    let chart = Rows { id: ID, groups: vec![(String::new(), items)] }.draw(words, message);
    let table = table(words, &of_labor);
    (of_labor, chart, table)
}

/// Labor trafficking by quarter, with both beside it in the table.
fn by_quarter<'a>(words: &InWords<'a>, message: &str) -> Option<(Slice<'a>, Chart, TableShown)> {
    let slice = Slice::of(words.report, PEOPLE, &["quarter", "exploitation"])?;
    let of_labor = Slice {
        cells: slice.cells.into_iter().filter(|(at, _)| [LABOR, BOTH].contains(&at[1])).collect(),
        total: None,
        ..slice
    };
    let mut quarters: Vec<(Quarter, &str)> = Vec::new();
    for (at, _) in of_labor.cells.iter().filter(|(at, _)| at[1] == LABOR) {
        quarters.push((at[0].parse().ok()?, at[0]));
    }
    quarters.sort();
    let columns = quarters.iter().filter_map(|(quarter, code)| {
        let value = of_labor.at(&[code, LABOR])?;
        Some((*quarter, Item { label: words.quarter(*quarter), value, tone: Tone::Labor }))
    });
    let chart = Columns { id: ID, quarters: columns.collect() }.draw(words, message);
    let table = quarters_table(words, &of_labor, &quarters);
    Some((of_labor, chart, table))
}

fn quarters_table(
    words: &InWords<'_>,
    slice: &Slice<'_>,
    quarters: &[(Quarter, &str)],
) -> TableShown {
    let names = &words.words.names;
    let counted = names.or_code("counted", PEOPLE);
    let kinds = [LABOR, BOTH].map(|kind| words.category("exploitation", kind));
    let by = names.or_code("dimension", "quarter").to_lowercase();
    let caption = (words.words.data.table)(&format!("{counted}, {}", kinds[0].to_lowercase()), &by);
    let dimensions = ["quarter", "exploitation"].map(|one| names.or_code("dimension", one));
    let mut columns = dimensions.to_vec();
    columns.extend(value_columns(words, slice.has_intervals()));
    let rows = quarters.iter().flat_map(|(quarter, code)| {
        [LABOR, BOTH].into_iter().zip(&kinds).filter_map(move |(kind, name)| {
            let value = slice.at(&[code, kind])?;
            let names = vec![words.quarter(*quarter), name.clone()];
            Some(RowShown { names, cells: words.cells(value, slice.has_intervals()), total: false })
        })
    });
    TableShown { caption, named_by: 2, columns, rows: rows.collect() }
}
