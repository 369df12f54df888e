//! A population from interactions that lean on one another: the headline's range.
//!
//! No model is chosen. Every pair of lists interacts, and the strengths of the pairs are draws
//! from one normal distribution whose mean and spread are unknown too (partial pooling; Gelman and
//! Hill 2007, chapter 12). People differ in how easily any list sees them, so pairs mostly depend
//! on each other alike and positively (Chao 1987; Darroch et al. 1993): a mean above zero is the
//! likelier one beforehand. What lists that all leave somebody out have in common cannot be learnt
//! from them (Aleshin-Guendel, Sadinle and Wakefield 2023, "The central role of the identifying
//! assumption in population size estimation"): the number of people unseen is uncertain by
//! [`BEYOND_SPREAD`] more on the logarithmic scale.
//!
//! For each mean and spread on a grid the posterior is approximated around its mode (Laplace; Rue,
//! Martino and Chopin 2009, section 3); the answer is the mixture over the grid.
//!
//! It fails where dependence is far from what is assumed: lists that divide the people among
//! themselves by agreement, or a group that no list can reach.

mod data;
mod mode;

use rayon::prelude::*;

use crate::histories::CaptureHistories;
use crate::normal;
use data::Data;

/// The mean strength of pairs that is likeliest beforehand, as a log odds ratio.
pub const COMMON_STRENGTH: f64 = 0.45;

/// The standard deviation of that mean, beforehand.
pub const COMMON_STRENGTH_SPREAD: f64 = 0.3;

/// The scale of the half-normal distribution, beforehand, of how far pairs differ.
pub const PAIRS_SPREAD: f64 = 0.5;

/// The standard deviation of interactions of three lists, beforehand; for four to six lists.
pub const TRIPLES_SPREAD: f64 = 0.35;

/// The log odds of being on a list and on no other, beforehand, and their standard deviation: from
/// one in 2,700 people to 98 of 100. It settles what a stratum that is all on one list leaves open.
pub const BEING_ON_A_LIST: (f64, f64) = (-2.0, 3.0);

/// What the lists cannot tell: the standard deviation of the logarithm of the number unseen that
/// is left when all parameters are known.
pub const BEYOND_SPREAD: f64 = 0.35;

/// Triples are left out for more lists than these.
const MOST_LISTS_WITH_TRIPLES: usize = 6;

/// Mean strengths looked at.
const STRENGTHS: std::ops::RangeInclusive<i32> = -4..=8;
const STRENGTH_STEP: f64 = 0.15;

/// Spreads looked at; the weights of a half-normal density with cells of these widths.
const SPREADS: [f64; 7] = [0.1, 0.2, 0.35, 0.5, 0.75, 1.0, 1.5];

/// What is known of a population.
#[derive(Debug, Clone, PartialEq)]
pub struct Pooled {
    parts: Vec<Part>,
}

/// What is known of a population in strata, and of all of it.
#[derive(Debug, Clone, PartialEq)]
pub struct PooledStrata {
    /// All strata together.
    pub whole: Pooled,
    /// Each stratum, in the order given.
    pub strata: Vec<Pooled>,
}

/// A normal distribution of the logarithm of the number unseen.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Part {
    weight: f64,
    /// People seen.
    seen: f64,
    mean: f64,
    spread: f64,
    strength: f64,
}

/// The posterior of the population; none when a list is empty, since then nothing is known of it.
///
/// 91 fits, each of `O(lists^2)` parameters, in parallel; the same digits on any number of threads.
///
/// # Examples
///
/// ```
/// use estimation::{pooled, read_histories};
///
/// let file = "P,Q,E,count\n1,0,0,69\n0,1,0,55\n0,0,1,63\n1,1,0,21\n1,0,1,17\n0,1,1,18\n1,1,1,28\n";
/// let read = read_histories(file.as_bytes(), None)?;
/// let known = pooled(&read.tables[0].histories).ok_or("an empty list")?;
/// let (low, high) = (known.quantile(0.025), known.quantile(0.975));
/// assert!(271.0 < low && low < known.quantile(0.5) && known.quantile(0.5) < high);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn pooled(histories: &CaptureHistories) -> Option<Pooled> {
    pooled_strata(&[histories]).map(|all| all.whole)
}

/// The posterior of a population in strata that share their interactions: how often each list sees
/// people differs from stratum to stratum, how lists depend on each other does not. So a small
/// stratum leans on the large ones. What no list can tell is taken as the same in all.
///
/// None when there is no stratum, when the strata have different lists, or when some list has
/// nobody at all.
pub fn pooled_strata(strata: &[&CaptureHistories]) -> Option<PooledStrata> {
    let data = Data::new(strata)?;
    let grid: Vec<(f64, f64)> = STRENGTHS
        .flat_map(|step| SPREADS.map(|spread| (f64::from(step) * STRENGTH_STEP, spread)))
        .collect();
    let fits: Vec<_> =
        grid.par_iter().map(|(strength, spread)| data.fit(*strength, *spread)).collect();
    let fits: Vec<data::Fitted> = fits.into_iter().flatten().collect();
    let highest = fits.iter().map(|one| one.evidence).max_by(f64::total_cmp)?;
    let weights: Vec<f64> = fits.iter().map(|one| libm::exp(one.evidence - highest)).collect();
    let sum: f64 = weights.iter().sum();
    let known = |seen: f64, of: &dyn Fn(&data::Fitted) -> (f64, f64)| {
        let parts = fits.iter().zip(&weights).map(|(fit, weight)| {
            let (mean, variance) = of(fit);
            let spread = (variance + BEYOND_SPREAD * BEYOND_SPREAD).sqrt();
            Part { weight: weight / sum, seen, mean, spread, strength: fit.strength }
        });
        Pooled { parts: parts.collect() }
    };
    let seen: Vec<f64> = strata.iter().map(|stratum| stratum.people() as f64).collect();
    Some(PooledStrata {
        whole: known(seen.iter().sum(), &|fit| fit.whole),
        strata: (0..strata.len()).map(|at| known(seen[at], &|fit| fit.strata[at])).collect(),
    })
}

impl Pooled {
    /// What is known when each of several posteriors is as likely to be the right one; none of none.
    pub fn any_of(all: &[Pooled]) -> Option<Pooled> {
        let share = 1.0 / all.len() as f64;
        let parts = all.iter().flat_map(|one| &one.parts);
        let parts: Vec<Part> =
            parts.map(|part| Part { weight: part.weight * share, ..*part }).collect();
        (!parts.is_empty()).then_some(Pooled { parts })
    }

    /// The population below which a share of the probability lies; people, those seen included.
    ///
    /// # Panics
    ///
    /// When the share is not between 0 and 1.
    pub fn quantile(&self, share: f64) -> f64 {
        assert!(share > 0.0 && share < 1.0, "a share between 0 and 1");
        let ends = |of: &dyn Fn(&Part) -> f64, pick: fn(f64, f64) -> f64| {
            self.parts.iter().map(of).reduce(pick).unwrap_or(0.0)
        };
        let seen = ends(&|part| part.seen, f64::min);
        let more = ends(&|part| part.seen, f64::max) - seen;
        // Logarithms of the people beyond those seen at least.
        let mut low = ends(&|part| part.mean - 10.0 * part.spread, f64::min);
        let most = ends(&|part| part.mean + 10.0 * part.spread, f64::max);
        let mut high = libm::log(libm::exp(most) + more);
        // Halved until the ends are neighbours, to the last digit or nearly.
        for _ in 0..100 {
            let middle = 0.5 * (low + high);
            if self.below(seen + libm::exp(middle)) < share { low = middle } else { high = middle }
        }
        seen + libm::exp(0.5 * (low + high))
    }

    /// The mean strength of the interaction of two lists: a log odds ratio.
    pub fn common_strength(&self) -> f64 {
        self.parts.iter().map(|part| part.weight * part.strength).sum()
    }

    /// The probability that the population is below a number.
    fn below(&self, people: f64) -> f64 {
        let beyond = self.parts.iter().filter(|part| people > part.seen);
        beyond
            .map(|part| {
                part.weight
                    * normal::below((libm::log(people - part.seen) - part.mean) / part.spread)
            })
            .sum()
    }
}

#[cfg(test)]
mod tests;
