//! Pairs added one by one.

use statrs::function::gamma::gamma_lr;

use super::existence::existence_of;
use super::reduce::reduce;
use super::{Existence, Fit, FitError, Fitter, Model, Table};
use crate::histories::{CaptureHistories, ListSet};

/// A pair comes into the model when what is seen of it has a chance below this.
pub const STEPWISE_THRESHOLD: f64 = 0.02;

/// A model found step by step.
#[derive(Debug, Clone, PartialEq)]
pub struct Stepwise {
    /// Pairs in the order in which they came in.
    pub added: Vec<ListSet>,
    /// The model.
    pub model: Model,
    /// Its fit.
    pub fit: Fit,
}

/// Adds pairs one by one to the model in which no lists interact.
///
/// In each step the number of people on both lists of a pair is Poisson under the model so far; the
/// smaller of its two one-sided tails, the number seen included, is the pair's chance. The pair of
/// the smallest chance below `threshold` whose model has an estimate comes in; of equal ones the
/// first (Chan, Silverman and Vincent 2021, "Multiple systems estimation for sparse capture data",
/// section 4). It fails where the threshold decides: a pair just above it is left out, and the
/// estimate does not say so. At most `lists (lists - 1) / 2` fits.
///
/// # Errors
///
/// [`FitError`]: not even the model without interactions has an estimate.
pub fn stepwise(histories: &CaptureHistories, threshold: f64) -> Result<Stepwise, FitError> {
    let table = Table::new(histories);
    let mut fitter = Fitter::new(table.lists);
    stepwise_of(&table, &mut fitter, threshold)
}

/// [`stepwise`] of a table that is ready for fitting.
pub(crate) fn stepwise_of(
    table: &Table,
    fitter: &mut Fitter,
    threshold: f64,
) -> Result<Stepwise, FitError> {
    let mut model = Model::independence(table.lists);
    match existence_of(&model, table) {
        Existence::Estimable => {}
        other => return Err(FitError::Existence(other)),
    }
    let mut added = Vec::new();
    let mut left: Vec<ListSet> = pairs(table.lists).collect();
    let mut reduced = reduce(&model, table);
    let mut fit = fitter.fit(table, &reduced, None).ok_or(FitError::Unsettled)?;
    while let Some(place) = next_pair(table, fitter, &model, &left, threshold) {
        let pair = left.remove(place);
        model = model.with(pair);
        added.push(pair);
        let start = started(&reduced.terms, fitter.parameters(), pair);
        reduced = reduce(&model, table);
        let warm = (start.len() == reduced.terms.len()).then_some(start.as_slice());
        fit = fitter.fit(table, &reduced, warm).ok_or(FitError::Unsettled)?;
    }
    Ok(Stepwise { added, model, fit })
}

/// All pairs of lists, by their first list and then their second.
fn pairs(lists: usize) -> impl Iterator<Item = ListSet> {
    (0..lists)
        .flat_map(move |one| (one + 1..lists).map(move |other| ListSet(1 << one | 1 << other)))
}

/// The place of the pair to come in.
fn next_pair(
    table: &Table,
    fitter: &Fitter,
    model: &Model,
    left: &[ListSet],
    threshold: f64,
) -> Option<usize> {
    let mut chances: Vec<(f64, usize)> = left
        .iter()
        .enumerate()
        .map(|(place, pair)| {
            let (seen, expected) = (table.margins[pair.cell()], fitter.expected()[pair.cell()]);
            (smaller_tail(seen, expected), place)
        })
        .filter(|(chance, _)| *chance < threshold)
        .collect();
    chances.sort_by(|a, b| a.0.total_cmp(&b.0));
    let works =
        |place: usize| existence_of(&model.with(left[place]), table) == Existence::Estimable;
    chances.into_iter().map(|(_, place)| place).find(|place| works(*place))
}

/// The smaller of the chances that a Poisson variable is at most, and at least, what was seen.
fn smaller_tail(seen: f64, expected: f64) -> f64 {
    if expected <= 0.0 {
        return 1.0;
    }
    // At least `seen` people have come in by the time `expected`: a gamma variable.
    let at_least = if seen == 0.0 { 1.0 } else { gamma_lr(seen, expected) };
    let at_most = 1.0 - gamma_lr(seen + 1.0, expected);
    at_least.min(at_most)
}

/// Parameters of the model so far, with a zero for the pair that came in, in the order of terms.
fn started(terms: &[ListSet], parameters: &[f64], pair: ListSet) -> Vec<f64> {
    let place = terms
        .iter()
        .position(|term| {
            term.len() >= 2 && super::model::in_order(*term) > super::model::in_order(pair)
        })
        .unwrap_or(terms.len());
    let mut start = parameters.to_vec();
    start.insert(place, 0.0);
    start
}
