//! A margin of the released tables: every cell over some dimensions, all others summed.
//!
//! In: released tables, what is counted, and dimensions. Out: a [`Slice`] of the table with the
//! fewest dimensions that has them, absent when there is none. Nothing is ever added or subtracted
//! here: a number that was not released does not come into being.

use std::collections::BTreeSet;

use disclosure::{PublishedDimension, PublishedTable, PublishedValue, Released, WhyHidden};

use super::PublicReport;

/// One margin.
#[derive(Debug, Clone)]
pub(super) struct Slice<'a> {
    pub(super) released: &'a Released<PublishedTable>,
    /// Its dimensions, in the order asked for.
    pub(super) dimensions: Vec<&'a PublishedDimension>,
    /// Its cells: for each dimension the category, then the value.
    pub(super) cells: Vec<(Vec<&'a str>, PublishedValue)>,
    /// Everything summed.
    pub(super) total: Option<PublishedValue>,
}

impl<'a> Slice<'a> {
    /// The margin over `wanted`; a group of a hierarchy is not among its categories.
    pub(super) fn of(
        report: &PublicReport<'a>,
        counted: &str,
        wanted: &[&str],
    ) -> Option<Slice<'a>> {
        let (released, places) = report
            .tables
            .iter()
            .filter(|table| table.value().counts(counted))
            .filter_map(|table| Some((table, places(table.value(), wanted)?)))
            .min_by_key(|(table, _)| table.value().dimensions.len())?;
        let table = released.value();
        let dimensions: Vec<_> = places.iter().map(|place| &table.dimensions[*place]).collect();
        let mut cells = cells_over(table, &places);
        cells.extend(left_out(&dimensions, &cells));
        // The blank stands last.
        cells.sort_by_key(|(at, _): &(Vec<usize>, _)| {
            let places = at.iter().zip(&dimensions);
            let order = |(at, dimension): (&usize, &&PublishedDimension)| {
                (dimension.categories[*at].is_empty(), *at)
            };
            places.map(order).collect::<Vec<_>>()
        });
        let named = |at: &[usize]| {
            let names = at.iter().zip(&dimensions);
            names.map(|(at, dimension)| dimension.categories[*at].as_str()).collect()
        };
        let cells = cells.iter().map(|(at, value)| (named(at), *value)).collect();
        let total = table.at(&vec![None; table.dimensions.len()]);
        Some(Slice { released, dimensions, cells, total })
    }

    /// The value of a category, or of categories.
    pub(super) fn at(&self, names: &[&str]) -> Option<PublishedValue> {
        self.cells.iter().find(|(at, _)| at == names).map(|(_, value)| *value)
    }

    /// Cells that show a number.
    pub(super) fn shown(&self) -> impl Iterator<Item = (&[&'a str], Bounds)> {
        self.cells.iter().filter_map(|(at, value)| Some((at.as_slice(), Bounds::of(*value)?)))
    }

    /// How many cells are hidden to protect people.
    pub(super) fn hidden(&self) -> usize {
        let hidden = PublishedValue::Hidden(WhyHidden::Suppressed);
        self.cells.iter().filter(|(_, value)| *value == hidden).count()
    }

    /// Whether any number has an interval: it carries noise or is rounded.
    pub(super) fn has_intervals(&self) -> bool {
        let mut values = self.cells.iter().map(|(_, value)| *value).chain(self.total);
        values.any(has_interval)
    }
}

/// The cells over some dimensions, all others summed.
fn cells_over(table: &PublishedTable, places: &[usize]) -> Vec<(Vec<usize>, PublishedValue)> {
    let mut cells = Vec::new();
    for cell in &table.cells {
        let elsewhere =
            (0..cell.at.len()).any(|place| !places.contains(&place) && cell.at[place].is_some());
        let at: Option<Vec<usize>> = places.iter().map(|place| cell.at[*place]).collect();
        if let Some(at) = at.filter(|_| !elsewhere)
            && at.iter().zip(places).all(|(at, place)| is_leaf(&table.dimensions[*place], *at))
        {
            cells.push((at, cell.value));
        }
    }
    cells
}

/// Combinations of categories without a cell, as hidden: a table may leave out what it may not show.
fn left_out(
    dimensions: &[&PublishedDimension],
    cells: &[(Vec<usize>, PublishedValue)],
) -> Vec<(Vec<usize>, PublishedValue)> {
    let mut all: Vec<Vec<usize>> = vec![Vec::new()];
    for dimension in dimensions {
        let named = |at: &usize| is_leaf(dimension, *at) && !dimension.categories[*at].is_empty();
        let leaves: Vec<usize> = (0..dimension.categories.len()).filter(named).collect();
        let longer =
            |at: Vec<usize>| leaves.iter().map(move |leaf| [at.clone(), vec![*leaf]].concat());
        all = all.into_iter().flat_map(longer).collect();
    }
    let known: BTreeSet<&Vec<usize>> = cells.iter().map(|(at, _)| at).collect();
    all.retain(|at| !dimensions.is_empty() && !known.contains(at));
    all.into_iter().map(|at| (at, PublishedValue::Hidden(WhyHidden::Suppressed))).collect()
}

fn places(table: &PublishedTable, wanted: &[&str]) -> Option<Vec<usize>> {
    let place = |name: &&str| table.dimensions.iter().position(|dimension| dimension.name == *name);
    wanted.iter().map(place).collect()
}

fn is_leaf(dimension: &PublishedDimension, at: usize) -> bool {
    !dimension.parents.contains(&Some(at))
}

/// Whether a value is a number that noise or rounding has moved.
pub(super) fn has_interval(value: PublishedValue) -> bool {
    matches!(value, PublishedValue::Noised { .. } | PublishedValue::Rounded { .. })
}

/// A number with its interval; an exact one is its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bounds {
    pub(super) number: u64,
    pub(super) low: u64,
    pub(super) high: u64,
}

impl Bounds {
    /// The bounds of a value that shows a number.
    pub(super) fn of(value: PublishedValue) -> Option<Bounds> {
        match value {
            PublishedValue::Noised { value, low, high } => {
                Some(Bounds { number: value, low, high })
            }
            PublishedValue::Exact(number) => Some(Bounds { number, low: number, high: number }),
            PublishedValue::Rounded { value, within } => Some(Bounds {
                number: value,
                low: value.saturating_sub(within),
                high: value.saturating_add(within),
            }),
            PublishedValue::Hidden(_) => None,
        }
    }

    /// Whether it lies above another whatever noise or rounding moved them.
    pub(super) fn above(self, other: Bounds) -> bool {
        self.low > other.high
    }
}
