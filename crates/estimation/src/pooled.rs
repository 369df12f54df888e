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

use rayon::prelude::*;

use crate::cholesky::Cholesky;
use crate::histories::{CaptureHistories, ListSet, MOST_LISTS};
use crate::lattice;

/// The mean strength of pairs that is likeliest beforehand, as a log odds ratio.
pub const COMMON_STRENGTH: f64 = 0.45;

/// The standard deviation of that mean, beforehand.
pub const COMMON_STRENGTH_SPREAD: f64 = 0.3;

/// The scale of the half-normal distribution, beforehand, of how far pairs differ.
pub const PAIRS_SPREAD: f64 = 0.5;

/// The standard deviation of interactions of three lists, beforehand; for four to six lists.
pub const TRIPLES_SPREAD: f64 = 0.35;

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

/// What is known of the population.
#[derive(Debug, Clone, PartialEq)]
pub struct Pooled {
    seen: f64,
    parts: Vec<Part>,
}

/// A normal distribution of the logarithm of the number unseen.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Part {
    weight: f64,
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
    let data = Data::new(histories)?;
    let grid: Vec<(f64, f64)> = STRENGTHS
        .flat_map(|step| SPREADS.map(|spread| (f64::from(step) * STRENGTH_STEP, spread)))
        .collect();
    let fits: Vec<Option<(f64, Part)>> =
        grid.par_iter().map(|(strength, spread)| data.fit(*strength, *spread)).collect();
    let fits: Vec<(f64, Part)> = fits.into_iter().flatten().collect();
    let highest = fits.iter().map(|(evidence, _)| *evidence).max_by(f64::total_cmp)?;
    let weight = |evidence: f64| libm::exp(evidence - highest);
    let sum: f64 = fits.iter().map(|(evidence, _)| weight(*evidence)).sum();
    let parts = fits
        .into_iter()
        .map(|(evidence, part)| Part { weight: weight(evidence) / sum, ..part })
        .collect();
    Some(Pooled { seen: data.margins[0], parts })
}

impl Pooled {
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
        let mut low = ends(&|part| part.mean - 10.0 * part.spread, f64::min);
        let mut high = ends(&|part| part.mean + 10.0 * part.spread, f64::max);
        // Halved until the ends are neighbours, to the last digit or nearly.
        for _ in 0..100 {
            let middle = 0.5 * (low + high);
            if self.below(middle) < share { low = middle } else { high = middle }
        }
        self.seen + libm::exp(0.5 * (low + high))
    }

    /// The mean strength of the interaction of two lists: a log odds ratio.
    pub fn common_strength(&self) -> f64 {
        self.parts.iter().map(|part| part.weight * part.strength).sum()
    }

    /// The probability that the logarithm of the number unseen is below a value.
    fn below(&self, value: f64) -> f64 {
        let normal = |of: f64| 0.5 * libm::erfc(-of * std::f64::consts::FRAC_1_SQRT_2);
        self.parts.iter().map(|part| part.weight * normal((value - part.mean) / part.spread)).sum()
    }
}

/// A table ready for fitting.
struct Data {
    cells: Vec<f64>,
    margins: Vec<f64>,
    terms: Vec<ListSet>,
}

impl Data {
    fn new(histories: &CaptureHistories) -> Option<Data> {
        let lists = histories.lists().len();
        debug_assert!(lists <= MOST_LISTS);
        let cells = histories.cells();
        let mut margins = cells.clone();
        lattice::sum_supersets(&mut margins);
        if (0..lists).any(|list| margins[1 << list] == 0.0) {
            return None;
        }
        let largest = if (4..=MOST_LISTS_WITH_TRIPLES).contains(&lists) { 3 } else { 2 };
        let sets = (0..1_u32 << lists).map(|set| ListSet(set as u16));
        let mut terms: Vec<ListSet> = sets.filter(|set| set.len() <= largest).collect();
        terms.sort_by_key(|set| set.len());
        Some(Data { cells, margins, terms })
    }

    /// The posterior of the number unseen for one mean and spread of the pairs, and the logarithm
    /// of how well these explain the counts, up to a constant.
    fn fit(&self, strength: f64, spread: f64) -> Option<(f64, Part)> {
        let prior: Vec<(f64, f64)> = self
            .terms
            .iter()
            .map(|term| match term.len() {
                0 | 1 => (0.0, 0.0),
                2 => (strength, 1.0 / (spread * spread)),
                _ => (0.0, 1.0 / (TRIPLES_SPREAD * TRIPLES_SPREAD)),
            })
            .collect();
        let mut mode = Mode::start(self, &prior)?;
        for _ in 0..200 {
            let gain = mode.step(self, &prior)?;
            if gain < 1e-10 {
                let mut first = vec![0.0; self.terms.len()];
                first[0] = 1.0;
                mode.cholesky.solve(&mut first);
                let precisions = prior.iter().filter(|(_, precision)| *precision > 0.0);
                let scale: f64 = precisions.map(|(_, precision)| 0.5 * libm::log(*precision)).sum();
                let square = |of: f64| of * of;
                let beforehand = -0.5
                    * square((strength - COMMON_STRENGTH) / COMMON_STRENGTH_SPREAD)
                    - 0.5 * square(spread / PAIRS_SPREAD);
                let evidence =
                    mode.likelihood + scale - 0.5 * mode.cholesky.log_determinant() + beforehand;
                let spread = (first[0] + square(BEYOND_SPREAD)).sqrt();
                let part = Part { weight: 0.0, mean: mode.parameters[0], spread, strength };
                return Some((evidence, part));
            }
        }
        None
    }
}

/// The search for the likeliest parameters.
struct Mode {
    parameters: Vec<f64>,
    /// Means of all histories, summed over supersets.
    sums: Vec<f64>,
    /// Penalised by the prior.
    likelihood: f64,
    cholesky: Cholesky,
}

impl Mode {
    /// Weighted least squares on the logarithms of the counts, with the prior.
    fn start(data: &Data, prior: &[(f64, f64)]) -> Option<Mode> {
        let counts: Vec<f64> = data.cells.iter().skip(1).map(|count| count + 0.1).collect();
        let mut weights = vec![0.0];
        let mut values = vec![0.0];
        weights.extend(&counts);
        values.extend(counts.iter().map(|count| count * libm::log(*count)));
        lattice::sum_supersets(&mut weights);
        lattice::sum_supersets(&mut values);
        let mut mode = Mode {
            parameters: data.terms.iter().map(|term| values[term.cell()]).collect(),
            sums: weights,
            likelihood: f64::NEG_INFINITY,
            cholesky: Cholesky::default(),
        };
        mode.factor(data, prior)?;
        for (value, (mean, precision)) in mode.parameters.iter_mut().zip(prior) {
            *value += mean * precision;
        }
        mode.cholesky.solve(&mut mode.parameters);
        mode.likelihood = mode.evaluate(data, prior);
        mode.likelihood.is_finite().then_some(mode)
    }

    /// One Newton step, halved while it does not help; how much it promised.
    fn step(&mut self, data: &Data, prior: &[(f64, f64)]) -> Option<f64> {
        let slope: Vec<f64> = (data.terms.iter().zip(prior).zip(&self.parameters))
            .map(|((term, (mean, precision)), value)| {
                data.margins[term.cell()] - self.sums[term.cell()] - precision * (value - mean)
            })
            .collect();
        self.factor(data, prior)?;
        let mut step = slope.clone();
        self.cholesky.solve(&mut step);
        let gain = step.iter().zip(&slope).map(|(by, slope)| by * slope).sum();
        for _ in 0..60 {
            self.parameters.iter_mut().zip(&step).for_each(|(value, by)| *value += by);
            let next = self.evaluate(data, prior);
            if next.is_finite() && next >= self.likelihood - 1e-9 * self.likelihood.abs().max(1.0) {
                self.likelihood = next;
                return Some(gain);
            }
            for (value, by) in self.parameters.iter_mut().zip(&mut step) {
                *value -= *by;
                *by *= 0.5;
            }
        }
        None
    }

    fn factor(&mut self, data: &Data, prior: &[(f64, f64)]) -> Option<()> {
        let (sums, terms) = (&self.sums, &data.terms);
        let entry = |row: usize, column: usize| {
            let own = if row == column { prior[row].1 } else { 0.0 };
            sums[usize::from(terms[row].0 | terms[column].0)] + own
        };
        self.cholesky.factor(terms.len(), entry).then_some(())
    }

    /// Means at the parameters; the penalised log likelihood without constants.
    fn evaluate(&mut self, data: &Data, prior: &[(f64, f64)]) -> f64 {
        self.sums.fill(0.0);
        for (term, value) in data.terms.iter().zip(&self.parameters) {
            self.sums[term.cell()] = *value;
        }
        lattice::sum_subsets(&mut self.sums);
        self.sums[0] = 0.0;
        for mean in &mut self.sums[1..] {
            *mean = libm::exp(*mean);
        }
        lattice::sum_supersets(&mut self.sums);
        let terms = data.terms.iter().zip(prior).zip(&self.parameters);
        let seen: f64 = terms
            .map(|((term, (mean, precision)), value)| {
                value * data.margins[term.cell()]
                    - 0.5 * precision * (value - mean) * (value - mean)
            })
            .sum();
        seen - self.sums[0]
    }
}
