//! The sampler must leave alone what it claims to sample (Geweke 2004, "Getting it right", JASA
//! 99(467)).
//!
//! With `p(N)` proportional to `1 / N` the number of people seen says nothing of the classes: given
//! it they have their prior distribution. So drawing people's histories given the classes, then
//! everything else given the histories by one sweep, and so on in turn, must give back the prior.
//! A wrong conditional or acceptance ratio anywhere in the sweep gives something else.

use rand_core::SeedableRng;

use super::*;
use crate::latent_class::unseen::shift;
use crate::latent_class::variates::uniform;

const ROUNDS: usize = 120_000;
const BATCH: usize = 400;

#[test]
fn sweeps_leave_the_prior_as_it_is() {
    let prior = Prior { classes: 3, shape: 2.0, rate: 2.0 };
    let mut model = Model { prior, lists: 3, seen: Vec::new(), people: 4 };
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    let mut expected = Vec::with_capacity(ROUNDS);
    let mut parameters = from_prior(&model, &mut rng);
    for _ in 0..ROUNDS {
        parameters = from_prior(&model, &mut rng);
        model.seen = people_seen(&model, &parameters, &mut rng);
        let allocation = model.allocate(&parameters, &mut rng);
        expected.push(summary(&model, &parameters, &allocation));
    }
    let mut found = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        model.seen = people_seen(&model, &parameters, &mut rng);
        let mut allocation = model.allocate(&parameters, &mut rng);
        // More often than in a sweep: `allocate` has just hidden what one wrong step would do.
        for _ in 0..4 {
            shift(&model, &mut allocation, parameters.concentration, &mut rng);
        }
        parameters = model.describe(&allocation, parameters.concentration, &mut rng);
        found.push(summary(&model, &parameters, &allocation));
    }
    let scores = NAMES.iter().enumerate().map(|(at, name)| {
        let ((mean, error), (found, its)) = (batched(&expected, at), batched(&found, at));
        (name, mean, found, (found - mean) / (error * error + its * its).sqrt())
    });
    let scores: Vec<_> = scores.collect();
    assert!(scores.iter().all(|(.., score)| score.abs() < 4.0), "{scores:#?}");
}

const NAMES: [&str; 9] = [
    "concentration",
    "square root of the concentration",
    "first weight",
    "square of the first weight",
    "capture in the first class",
    "square of a capture in the last class",
    "probability of being seen",
    "logarithm of the population",
    "classes with people",
];

fn summary(model: &Model, parameters: &Parameters, allocation: &Allocation) -> [f64; 9] {
    let first = parameters.weights[0];
    let last = parameters.capture[parameters.capture.len() - 1].0;
    let seen = (0..model.prior.classes)
        .map(|class| parameters.weights[class] * model.on_a_list(parameters, class));
    let totals = allocation.totals();
    [
        parameters.concentration,
        parameters.concentration.sqrt(),
        first,
        first * first,
        parameters.capture[0].0,
        last * last,
        seen.sum(),
        libm::log(totals.iter().sum::<u64>() as f64),
        totals.iter().filter(|total| **total > 0).count() as f64,
    ]
}

/// The mean and its standard error from the means of batches, which are nearly independent.
fn batched(rows: &[[f64; 9]], at: usize) -> (f64, f64) {
    let means: Vec<f64> = rows
        .chunks_exact(BATCH)
        .map(|rows| rows.iter().map(|row| row[at]).sum::<f64>() / BATCH as f64)
        .collect();
    let count = means.len() as f64;
    let mean = means.iter().sum::<f64>() / count;
    let squares: f64 = means.iter().map(|batch| (batch - mean) * (batch - mean)).sum();
    (mean, (squares / (count - 1.0) / count).sqrt())
}

fn from_prior(model: &Model, rng: &mut ChaCha8Rng) -> Parameters {
    let Prior { classes, shape, rate } = model.prior;
    let concentration = gamma(shape, rng) / rate;
    let mut left = 1.0;
    let mut weights = Vec::new();
    for _ in 1..classes {
        let broken_off = 1.0 - libm::pow(uniform(rng), 1.0 / concentration);
        weights.push(left * broken_off);
        left *= 1.0 - broken_off;
    }
    weights.push(left);
    let capture = (0..classes * model.lists).map(|_| uniform(rng)).map(|on| (on, 1.0 - on));
    Parameters { concentration, weights, capture: capture.collect() }
}

/// The histories of as many people as are seen.
fn people_seen(
    model: &Model,
    parameters: &Parameters,
    rng: &mut ChaCha8Rng,
) -> Vec<(ListSet, u64)> {
    let histories: Vec<ListSet> = (1..1 << model.lists).map(ListSet).collect();
    let weights: Vec<f64> = histories
        .iter()
        .map(|history| {
            (0..model.prior.classes)
                .map(|class| {
                    parameters.weights[class] * model.probability(parameters, class, *history)
                })
                .sum()
        })
        .collect();
    let mut seen = Vec::new();
    multinomial(model.people, &weights, rng, |at, count| seen.push((histories[at], count)));
    seen
}
