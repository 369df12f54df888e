//! The model and one sweep of its Gibbs sampler.
//!
//! Everybody, seen or not, belongs to one of K classes; in a class lists are independent of one
//! another. Class weights are sticks broken off in turn, `V_k ~ Beta(1, concentration)`, the last
//! stick whole; `concentration ~ Gamma(shape, rate)`; each class is on each list with its own
//! probability, uniform a priori; `p(N)` is proportional to `1 / N`. The model and its conditional
//! distributions are those of Manrique-Vallier (2016), over the counts of histories instead of over
//! people: a sweep costs distinct histories times classes, however many people there are.

use rand_chacha::ChaCha8Rng;

use super::variates::{LEAST_SHAPE, beta, failures_before, gamma, log_gamma, multinomial};
use crate::histories::{CaptureHistories, ListSet};

/// What is believed of the classes before any list is seen.
#[derive(Debug, Clone, Copy)]
pub(super) struct Prior {
    /// The most classes.
    pub(super) classes: usize,
    /// Shape of the concentration's gamma distribution.
    pub(super) shape: f64,
    /// Rate of the same.
    pub(super) rate: f64,
}

/// What does not change while sampling.
#[derive(Debug, Clone)]
pub(super) struct Model {
    pub(super) prior: Prior,
    /// How many lists.
    pub(super) lists: usize,
    /// The histories that somebody has, and how many people have each.
    pub(super) seen: Vec<(ListSet, u64)>,
    /// How many people are on a list.
    pub(super) people: u64,
}

/// Which class people are in, as counts.
#[derive(Debug, Clone)]
pub(super) struct Allocation {
    /// People on a list, by class.
    pub(super) seen: Vec<u64>,
    /// People on no list, by class.
    pub(super) unseen: Vec<u64>,
    /// People of a class on a list, by class and then list.
    pub(super) captures: Vec<u64>,
}

/// What the classes are like.
#[derive(Debug, Clone)]
pub(super) struct Parameters {
    pub(super) concentration: f64,
    /// The part of the population in each class.
    pub(super) weights: Vec<f64>,
    /// The probability of being on a list and of not being on it, by class and then list.
    pub(super) capture: Vec<(f64, f64)>,
}

impl Model {
    pub(super) fn new(histories: &CaptureHistories, prior: Prior) -> Model {
        Model {
            prior,
            lists: histories.lists().len(),
            seen: histories.counts().to_vec(),
            people: histories.people(),
        }
    }

    /// Puts everybody into classes, given what the classes are like: those seen, then how many are
    /// unseen, then those.
    pub(super) fn allocate(&self, parameters: &Parameters, rng: &mut ChaCha8Rng) -> Allocation {
        let mut allocation = self.nobody();
        let mut weights = vec![0.0; self.prior.classes];
        for (history, count) in &self.seen {
            for (class, weight) in weights.iter_mut().enumerate() {
                *weight = parameters.weights[class] * self.probability(parameters, class, *history);
            }
            multinomial(*count, &weights, rng, |class, part| {
                allocation.add_seen(self.lists, class, *history, part);
            });
        }
        let mut on_a_list = 0.0;
        for (class, weight) in weights.iter_mut().enumerate() {
            *weight =
                parameters.weights[class] * self.probability(parameters, class, ListSet::default());
            on_a_list += parameters.weights[class] * self.on_a_list(parameters, class);
        }
        let odds = weights.iter().sum::<f64>() / on_a_list;
        let unseen = failures_before(self.people, odds, rng);
        multinomial(unseen, &weights, rng, |class, part| allocation.unseen[class] = part);
        allocation
    }

    /// What the classes are like, given who is in them and the concentration, which is then drawn
    /// anew given the sticks.
    pub(super) fn describe(
        &self,
        allocation: &Allocation,
        concentration: f64,
        rng: &mut ChaCha8Rng,
    ) -> Parameters {
        let totals = allocation.totals();
        let mut capture = Vec::with_capacity(allocation.captures.len());
        for (place, on) in allocation.captures.iter().enumerate() {
            let off = totals[place / self.lists] - on;
            capture.push(beta(1.0 + *on as f64, 1.0 + off as f64, rng));
        }
        let mut weights = Vec::with_capacity(totals.len());
        let mut behind: u64 = totals.iter().sum();
        let mut log_left = 0.0;
        for total in &totals[..totals.len() - 1] {
            behind -= total;
            let broken_off = log_gamma(1.0 + *total as f64, rng);
            let left = log_gamma(concentration + behind as f64, rng);
            let both = log_sum(broken_off, left);
            weights.push(libm::exp(log_left + broken_off - both));
            log_left += left - both;
        }
        weights.push(libm::exp(log_left));
        // What is left of the whole stick is the product of all 1 - V.
        let sticks = (totals.len() - 1) as f64;
        let drawn = gamma(self.prior.shape + sticks, rng) / (self.prior.rate - log_left);
        Parameters { concentration: drawn.max(LEAST_SHAPE), weights, capture }
    }

    /// Classes with nobody in them.
    pub(super) fn nobody(&self) -> Allocation {
        Allocation {
            seen: vec![0; self.prior.classes],
            unseen: vec![0; self.prior.classes],
            captures: vec![0; self.prior.classes * self.lists],
        }
    }

    /// How probable a history is in a class.
    pub(super) fn probability(
        &self,
        parameters: &Parameters,
        class: usize,
        history: ListSet,
    ) -> f64 {
        let mut product = 1.0;
        for (list, (on, off)) in self.of_class(parameters, class).iter().enumerate() {
            product *= if history.0 >> list & 1 == 1 { on } else { off };
        }
        product
    }

    /// How probable it is in a class to be on any list; without taking a difference, which would
    /// lose the digits of a small one.
    pub(super) fn on_a_list(&self, parameters: &Parameters, class: usize) -> f64 {
        self.of_class(parameters, class).iter().fold(0.0, |seen, (on, off)| on + off * seen)
    }

    fn of_class<'a>(&self, parameters: &'a Parameters, class: usize) -> &'a [(f64, f64)] {
        &parameters.capture[class * self.lists..(class + 1) * self.lists]
    }
}

impl Allocation {
    /// People with one history into a class.
    pub(super) fn add_seen(&mut self, lists: usize, class: usize, history: ListSet, count: u64) {
        self.seen[class] += count;
        for list in history.lists() {
            self.captures[class * lists + list] += count;
        }
    }

    /// Two classes change places.
    pub(super) fn swap(&mut self, lists: usize, first: usize, second: usize) {
        self.seen.swap(first, second);
        self.unseen.swap(first, second);
        for list in 0..lists {
            self.captures.swap(first * lists + list, second * lists + list);
        }
    }

    /// Everybody, by class.
    pub(super) fn totals(&self) -> Vec<u64> {
        self.seen.iter().zip(&self.unseen).map(|(seen, unseen)| seen + unseen).collect()
    }
}

/// The logarithm of the sum of two numbers given as logarithms.
fn log_sum(first: f64, second: f64) -> f64 {
    let (small, large) = if first < second { (first, second) } else { (second, first) };
    large + libm::log1p(libm::exp(small - large))
}

#[cfg(test)]
mod tests;
