//! Draws that hold as many matches as the probabilities say.
//!
//! A pair's probability is calibrated among all pairs. The support of two groups is not the
//! probability of a pair: it is a mean that a weak pair pulls down, and it is asked for only after
//! stronger evidence placed the records. What must still hold is the sum: over draws, the scored
//! pairs within people are on average as many as the sum of the probabilities of all scored pairs.
//! So one shift is added to all supports, chosen to make it hold (a moment condition; the same idea
//! as calibration-in-the-large, Steyerberg 2019, section 15.1).
//!
//! In: the uncertain parts of a sample of components, and how many pairs there should be. Out: the
//! shift. Cost: [`ROUNDS`] times about [`TOSSES`] tosses.

use rayon::prelude::*;

use super::draws::{DrawSettings, draw};
use super::groups::Groups;
use super::uncertain::Uncertain;

const ROUNDS: usize = 6;

/// Tosses in a round, about: the more there are to make, the fewer draws it takes to average.
const TOSSES: usize = 200_000;

/// No shift is larger; one that large says that pairs and groups do not fit together at all.
const MOST: f32 = 2.0;

/// Finds the shift: the uncertain parts of a sample with the smallest record of each, and the pairs
/// that should be found across their cores.
pub(super) fn balance(parts: &[(u32, Uncertain)], wanted: f64, settings: DrawSettings<'_>) -> f32 {
    let (mut low, mut high) = (-MOST, MOST);
    let tosses: usize = parts.iter().map(|(_, part)| part.tossed).sum();
    let draws = (TOSSES / tosses.max(1)).clamp(1, 8);
    for _ in 0..ROUNDS {
        let middle = (low + high) / 2.0;
        let shifts = vec![middle; draws];
        let settings = DrawSettings { shifts: &shifts, ..settings };
        let found: u64 =
            parts.par_iter().map(|(name, part)| found_across(part, *name, settings)).sum();
        if (found as f64) < wanted * draws as f64 {
            low = middle;
        } else {
            high = middle;
        }
    }
    (low + high) / 2.0
}

/// The scored pairs across cores that are within people, over all draws.
fn found_across(part: &Uncertain, name: u32, settings: DrawSettings<'_>) -> u64 {
    let count = |found: &mut u64, _: usize, groups: &Groups| {
        let together = part.pairs.iter().filter(|pair| groups.of(pair.one) == groups.of(pair.two));
        *found += together.map(|pair| u64::from(pair.scored)).sum::<u64>();
    };
    let mut found = 0;
    draw(part, name, settings, &mut found, count, || 0, |found, more| *found += more);
    found
}
