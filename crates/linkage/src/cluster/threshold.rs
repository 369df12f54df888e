//! A threshold without truth.
//!
//! In: scored pairs. Out: the log odds from which pairs are taken for matches, so that the
//! expected F1 is highest. Assumes calibrated probabilities and that all matches are among the
//! pairs. With k pairs above the threshold whose probabilities sum to s, and S the sum over all
//! pairs, the expected F1 is close to 2s / (k + S); the best threshold is half of the best F1
//! (Lipton, Elkan, Naryanaswamy 2014, section 3). Cost: one pass, 64 KiB.

use super::ScoredPair;

/// What a threshold is expected to give.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ExpectedF1 {
    /// The log odds from which pairs are matches.
    pub threshold: f32,
    /// The expected share of true matches among the pairs above it.
    pub precision: f64,
    /// The expected share of the true matches that are above it.
    pub recall: f64,
    /// The expected F1.
    pub f1: f64,
}

/// The probability that belongs to log odds.
pub(crate) fn probability(log_odds: f32) -> f64 {
    1.0 / (1.0 + libm::exp(-f64::from(log_odds)))
}

/// A probability in parts of 2³²: sums of many are the same in whatever order they are added.
pub(crate) fn share(log_odds: f32) -> u64 {
    (probability(log_odds) * SHARES).round() as u64
}

/// A sum of [`share`]s as a number.
pub(crate) fn of_shares(sum: u64) -> f64 {
    sum as f64 / SHARES
}

const SHARES: f64 = 4_294_967_296.0;

/// Log odds from -16 to 16 in steps of 1/128; what is outside is as good as certain.
const STEPS: f32 = 128.0;
const BINS: usize = 4096;

/// How many pairs have which log odds.
pub(crate) struct Bins(Vec<u64>);

impl Bins {
    pub(crate) fn new() -> Bins {
        Bins(vec![0; BINS])
    }

    pub(crate) fn add(&mut self, log_odds: f32) {
        let bin = ((log_odds + 16.0) * STEPS).clamp(0.0, (BINS - 1) as f32);
        self.0[bin as usize] += 1;
    }

    /// The threshold with the highest expected F1.
    pub(crate) fn best(&self) -> ExpectedF1 {
        best(&self.0)
    }
}

/// Finds the threshold with the highest expected F1; 0 when there is no pair.
pub fn best_expected_f1(pairs: &[ScoredPair]) -> ExpectedF1 {
    let mut bins = Bins::new();
    pairs.iter().for_each(|pair| bins.add(pair.log_odds));
    bins.best()
}

fn best(bins: &[u64]) -> ExpectedF1 {
    let lower_end = |bin: usize| bin as f32 / STEPS - 16.0;
    let sum_in = |bin: usize| bins[bin] as f64 * probability(lower_end(bin) + 0.5 / STEPS);
    let total: f64 = (0..BINS).map(sum_in).sum();
    let mut best = ExpectedF1 { threshold: 0.0, precision: 0.0, recall: 0.0, f1: 0.0 };
    let (mut above, mut sum) = (0_u64, 0.0);
    for bin in (0..BINS).rev().filter(|bin| bins[*bin] > 0) {
        above += bins[bin];
        sum += sum_in(bin);
        let f1 = 2.0 * sum / (above as f64 + total);
        if f1 > best.f1 {
            let (precision, recall) = (sum / above as f64, sum / total);
            best = ExpectedF1 { threshold: lower_end(bin), precision, recall, f1 };
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn pairs(log_odds: &[f32]) -> Vec<ScoredPair> {
        let pair = |log_odds: &f32| ScoredPair { first: 0, second: 1, log_odds: *log_odds };
        log_odds.iter().map(pair).collect()
    }

    #[test]
    fn no_pairs_and_sure_pairs() {
        assert_eq!(best_expected_f1(&[]).threshold, 0.0);
        let found = best_expected_f1(&pairs(&[9.0, 9.0, -9.0]));
        assert_eq!(found.threshold, 9.0);
        assert!(found.f1 > 0.999, "{found:?}");
    }

    proptest! {
        /// The threshold is half of the F1, up to the gap between neighbouring probabilities.
        #[test]
        fn the_best_threshold_is_half_of_the_best_f1(seed in 0..1000u32) {
            let log_odds: Vec<f32> =
                (0..2000).map(|i| ((i * 7919 + seed * 31) % 2000) as f32 / 200.0 - 5.0).collect();
            let found = best_expected_f1(&pairs(&log_odds));
            let half = found.f1 / 2.0;
            prop_assert!((probability(found.threshold) - half).abs() < 0.01, "{:?}", found);
        }
    }
}
