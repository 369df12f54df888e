//! What exact releases say of combinations of categories, so that two of them can be compared.

use std::collections::{BTreeMap, BTreeSet};

use crate::aggregates::Aggregates;
use crate::published::{CellKey, PublishedDimension, PublishedTable, PublishedValue, WhyHidden};

/// What is said of a combination: column and category of each part, totals left out.
type Said = Vec<(String, String)>;

/// Numbers of exact releases: at least, at most.
pub(crate) type Numbers = BTreeMap<(String, Said), (u64, u64)>;

/// The numbers of tables of counts that are exact, or rounded without chance; what is noised has none.
pub(crate) fn numbers_of_tables(tables: &[PublishedTable]) -> Numbers {
    let mut numbers = Numbers::new();
    for table in tables.iter().filter(|table| table.amount.is_none()) {
        for cell in &table.cells {
            let (low, high) = match cell.value {
                PublishedValue::Exact(count) => (count, count),
                PublishedValue::Rounded { value, within } => {
                    (value.saturating_sub(within), value.saturating_add(within))
                }
                PublishedValue::Noised { .. } | PublishedValue::Hidden(_) => continue,
            };
            let said = said(&cell.at, &table.dimensions);
            numbers.insert((table.counted.clone(), said), (low, high));
        }
    }
    numbers
}

/// The numbers of aggregates, which are rounded down.
pub(crate) fn numbers_of_aggregates(aggregates: &Aggregates) -> Numbers {
    let slack = aggregates.plan.precision.max(1) - 1;
    let words = |&(column, code): &(u16, u16)| {
        let column = &aggregates.schema.columns[usize::from(column)];
        (column.name.clone(), column.word(code).unwrap_or("").to_owned())
    };
    let all = std::iter::once((Said::new(), aggregates.protected_rows));
    let combinations = aggregates.combinations.iter().map(|combination| {
        let mut said: Said = combination.selections.iter().map(words).collect();
        said.sort();
        (said, combination.protected_count)
    });
    all.chain(combinations)
        .map(|(said, count)| (("people".to_owned(), said), (count, count + slack)))
        .collect()
}

/// The cells that tables of counts hide so as to protect somebody.
pub(super) fn hidden_in_tables(tables: &[PublishedTable]) -> BTreeSet<(String, Said)> {
    let hidden = PublishedValue::Hidden(WhyHidden::Suppressed);
    let counts = tables.iter().filter(|table| table.amount.is_none());
    let cells = counts.flat_map(|table| {
        let cells = table.cells.iter().filter(|cell| cell.value == hidden);
        cells.map(|cell| (table.counted.clone(), said(&cell.at, &table.dimensions)))
    });
    cells.collect()
}

/// Whether two releases could be of the same people: no number of one contradicts the other.
pub(crate) fn agree(one: &Numbers, other: &Numbers) -> bool {
    one.iter().all(|(said, &(low, high))| {
        other
            .get(said)
            .is_none_or(|&(low_there, high_there)| low <= high_there && low_there <= high)
    })
}

fn said(at: &CellKey, dimensions: &[PublishedDimension]) -> Said {
    let parts = at.iter().zip(dimensions).filter_map(|(place, dimension)| {
        let word = dimension.categories.get((*place)?)?;
        Some((dimension.name.clone(), word.clone()))
    });
    let mut said: Said = parts.collect();
    said.sort();
    said
}
