//! Moves of the unseen people that do not wait for the classes to follow.
//!
//! The Gibbs sampler draws the unseen given what the classes are like, and what the classes are
//! like given the unseen; where most people are unseen each holds the other in place. Here weights
//! and probabilities are integrated out (all are beta integrals), so that only the classes of the
//! people seen and the concentration stay: Metropolis-Hastings steps on what is left, after which
//! the classes must be described anew (a partially collapsed sampler, van Dyk and Park 2008). The
//! posterior is the same. On the British table eight chains of 64,000 sweeps have an R-hat below 1.01
//! with these moves, and 1.03 and 1.69 (two seeds) without them.

use rand_chacha::ChaCha8Rng;

use super::model::{Allocation, Model};
use super::variates::uniform;

/// How wide steps of a class's unseen are, as a factor up or down; one is picked at random.
const FACTORS: [f64; 4] = [1.1, 1.4, 2.5, 8.0];

/// Moves the unseen of each class in which somebody was seen, and swaps the places of two classes.
pub(super) fn shift(
    model: &Model,
    allocation: &mut Allocation,
    concentration: f64,
    rng: &mut ChaCha8Rng,
) {
    let mut totals = allocation.totals();
    for class in 0..model.prior.classes {
        // Who was seen does not change here, so that leaving classes out by it is no bias.
        if allocation.seen[class] > 0 {
            rescale(model, allocation, &mut totals, concentration, class, rng);
        }
    }
    swap(model, allocation, &mut totals, concentration, rng);
}

/// Another number of unseen people for one class.
fn rescale(
    model: &Model,
    allocation: &mut Allocation,
    totals: &mut [u64],
    concentration: f64,
    class: usize,
    rng: &mut ChaCha8Rng,
) {
    let factor = FACTORS[below(FACTORS.len() as u64, rng) as usize];
    let from = allocation.unseen[class];
    let (low, width) = window(from, factor);
    let to = low + below(width, rng);
    let (low_back, width_back) = window(to, factor);
    if to == from || !(low_back..low_back + width_back).contains(&from) {
        return;
    }
    let seen = allocation.seen[class];
    let captures = &allocation.captures[class * model.lists..(class + 1) * model.lists];
    let mut density = |unseen: u64| {
        totals[class] = seen + unseen;
        log_unseen(unseen, captures, totals, class) + log_sticks(totals, class, concentration)
    };
    let (before, after) = (density(from), density(to));
    let ratio = after - before + libm::log(width as f64 / width_back as f64);
    if libm::log(uniform(rng)) < ratio {
        allocation.unseen[class] = to;
    } else {
        totals[class] = seen + from;
    }
}

/// A whole number under a limit.
fn below(limit: u64, rng: &mut ChaCha8Rng) -> u64 {
    ((uniform(rng) * limit as f64) as u64).min(limit - 1)
}

/// Where a step from here may lead: the least, and how many there are.
fn window(from: u64, factor: f64) -> (u64, u64) {
    let low = (from as f64 / factor) as u64;
    let high = (from as f64 * factor) as u64 + 2;
    (low, high - low + 1)
}

/// With [`log_sticks`], the logarithm of `p(seen, unseen | concentration)` but for what does not
/// depend on the unseen of class k, of which `x_j` people are on list j and `t_k` are in all:
/// `(N - 1)! / n0_k! * prod_j B(1 + x_j, 1 + t_k - x_j)`.
fn log_unseen(unseen: u64, captures: &[u64], totals: &[u64], class: usize) -> f64 {
    let population: u64 = totals.iter().sum();
    let total = totals[class];
    let mut density = libm::lgamma(population as f64) - libm::lgamma(unseen as f64 + 1.0);
    for on in captures {
        density += libm::lgamma(1.0 + (total - on) as f64);
    }
    density - captures.len() as f64 * libm::lgamma(2.0 + total as f64)
}

/// The logarithm of the probability of the classes' sizes, sticks integrated out, up to stick
/// `last`; those behind it know only the classes behind it:
/// `prod_{l <= last} B(1 + t_l, concentration + sum_{m > l} t_m)`.
fn log_sticks(totals: &[u64], last: usize, concentration: f64) -> f64 {
    let mut behind: u64 = totals.iter().sum();
    let mut density = 0.0;
    for total in &totals[..(last + 1).min(totals.len() - 1)] {
        behind -= total;
        let (total, behind) = (*total as f64, behind as f64 + concentration);
        density += libm::lgamma(1.0 + total) + libm::lgamma(behind);
        density -= libm::lgamma(1.0 + total + behind);
    }
    density
}

/// Two classes change places: only the order of the sticks knows which is which (Papaspiliopoulos
/// and Roberts 2008).
fn swap(
    model: &Model,
    allocation: &mut Allocation,
    totals: &mut [u64],
    concentration: f64,
    rng: &mut ChaCha8Rng,
) {
    let classes = model.prior.classes as u64;
    let (first, second) = (below(classes, rng) as usize, below(classes, rng) as usize);
    let last = first.max(second);
    let before = log_sticks(totals, last, concentration);
    totals.swap(first, second);
    let ratio = log_sticks(totals, last, concentration) - before;
    if libm::log(uniform(rng)) < ratio {
        allocation.swap(model.lists, first, second);
    }
}
