//! Where a figure was counted.
//!
//! In: a figure. Out: the places it names; the state when it names none.

use records::Dimension;

use crate::ReportedFigure;

/// The dimensions that say where; every other one is part of the category.
pub(crate) const PLACES: [Dimension; 4] =
    [Dimension::Place, Dimension::County, Dimension::TaskForce, Dimension::Agency];

/// Where a figure was counted: every place it names, or the state.
pub(crate) fn place(figure: &ReportedFigure, state: &str) -> String {
    let named: Vec<&str> = named(figure).collect();
    if named.is_empty() { state.to_owned() } else { named.join("; ") }
}

/// The narrowest place it names, or the state.
pub(crate) fn narrowest(figure: &ReportedFigure, state: &str) -> String {
    named(figure).next().unwrap_or(state).to_owned()
}

fn named(figure: &ReportedFigure) -> impl Iterator<Item = &str> {
    PLACES.iter().filter_map(|place| figure.dimensions.get(place)).map(|(_, label)| label.as_str())
}
