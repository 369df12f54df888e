//! Several chains side by side, each with its own start and its own random numbers.

use rand_chacha::ChaCha8Rng;
use rand_core::SeedableRng;
use rayon::prelude::*;

use super::model::{Allocation, Model};
use super::unseen::shift;
use super::variates::uniform;

/// One chain.
#[derive(Debug, Clone)]
pub(super) struct Chain {
    rng: ChaCha8Rng,
    allocation: Allocation,
    concentration: f64,
    /// What was kept, in order.
    pub(super) draws: Vec<Draw>,
}

/// What is kept of a sweep.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Draw {
    /// Everybody.
    pub(super) population: u64,
    /// Classes with people.
    pub(super) classes: usize,
}

impl Chain {
    /// A chain at its start. Starts differ in how many people are unseen (an eighth of those seen,
    /// then twice as many from chain to chain) and in how many classes hold them (few, then all);
    /// each history goes to a class at random.
    pub(super) fn start(model: &Model, number: usize, seed: u64) -> Chain {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(number as u64);
        let classes =
            if number.is_multiple_of(2) { model.prior.classes.min(2) } else { model.prior.classes };
        let mut allocation = model.nobody();
        for (history, count) in &model.seen {
            let class = (uniform(&mut rng) * classes as f64) as usize;
            allocation.add_seen(model.lists, class, *history, *count);
        }
        let unseen = (model.people >> 3).max(1) << (number % 8);
        for (class, seen) in allocation.seen.iter().enumerate() {
            let part = unseen as f64 * *seen as f64 / model.people as f64;
            allocation.unseen[class] = part as u64;
        }
        let concentration = model.prior.shape / model.prior.rate;
        Chain { rng, allocation, concentration, draws: Vec::new() }
    }

    fn run(&mut self, model: &Model, draws: usize, thinning: usize) {
        for _ in 0..draws {
            for _ in 0..thinning {
                self.sweep(model);
            }
            let totals = self.allocation.totals();
            self.draws.push(Draw {
                population: totals.iter().sum(),
                classes: totals.iter().filter(|total| **total > 0).count(),
            });
        }
    }

    fn sweep(&mut self, model: &Model) {
        let parameters = model.describe(&self.allocation, self.concentration, &mut self.rng);
        self.concentration = parameters.concentration;
        self.allocation = model.allocate(&parameters, &mut self.rng);
        shift(model, &mut self.allocation, self.concentration, &mut self.rng);
    }
}

/// All chains go on for as many draws, each after `thinning` sweeps.
pub(super) fn extend(chains: &mut [Chain], model: &Model, draws: usize, thinning: usize) {
    chains.par_iter_mut().for_each(|chain| chain.run(model, draws, thinning));
}
