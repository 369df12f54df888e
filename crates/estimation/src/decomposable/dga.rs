//! What the R package dga says of the same table.
//!
//! dga looks only at the numbers of unseen people that its user gives and takes them for all there
//! are. Where they lie further apart than a posterior is wide, or hold but one of the few numbers
//! near a peak, their median is not that of the posterior. A researcher who compares needs it all
//! the same: without it nobody can tell a difference of numbers from a difference of methods.

use std::collections::BTreeMap;

use super::graphs::Graph;
use super::likelihood::Likelihood;
use super::points::Point;
use super::posterior::likely;
use crate::estimate::Diagnostic;

/// The numbers of unseen people with which dga is taken to be run: so many, equally spaced from 1 to
/// [`DGA_TIMES_SEEN`] times the people seen and rounded, as R's `round(seq(1, 30 * n, length = 1000))`.
pub const DGA_NUMBERS: u32 = 1_000;

/// The last of the [`DGA_NUMBERS`], in people seen.
pub const DGA_TIMES_SEEN: u64 = 30;

/// Median and quantiles at dga's numbers, in people, as diagnostics.
///
/// All graphs are looked at once more, as those that are the likeliest at these numbers need not be
/// so between them: graphs × 1,000 × cliques and separators additions.
pub(super) fn as_dga_says(
    likelihood: &Likelihood,
    graphs: &[Graph],
    seen: u64,
    level: f64,
) -> BTreeMap<&'static str, Diagnostic> {
    let numbers = numbers(seen);
    let masses = likely(likelihood, graphs, &numbers).masses(likelihood, &numbers, true, |_| true);
    let tail = (1.0 - level) / 2.0;
    let quantiles = [("dga_low", tail), ("dga_median", 0.5), ("dga_high", 1.0 - tail)];
    let mut said: BTreeMap<_, _> = quantiles
        .into_iter()
        .filter_map(|(name, part)| {
            let unseen = masses.quantile(&numbers, part)?;
            Some((name, Diagnostic::Number(seen as f64 + unseen)))
        })
        .collect();
    said.insert("dga_numbers", Diagnostic::Text(numbers_in_words()));
    said
}

/// Rounded as R does it; a number comes twice when there are fewer whole numbers than are wanted.
fn numbers(seen: u64) -> Vec<Point> {
    let last = (DGA_TIMES_SEEN * seen - 1) as f64;
    let at = |step: u32| 1.0 + last * f64::from(step) / f64::from(DGA_NUMBERS - 1);
    (0..DGA_NUMBERS).map(|step| Point::whole(at(step).round_ties_even() as u64)).collect()
}

fn numbers_in_words() -> String {
    format!(
        "the dga numbers are for comparison: what the R package dga says when it is given {DGA_NUMBERS} numbers \
         of unseen people, equally spaced from 1 to {DGA_TIMES_SEEN} times the people seen; where they differ \
         believe the population, which looks between these numbers and beyond them"
    )
}
