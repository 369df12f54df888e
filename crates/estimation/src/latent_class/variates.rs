//! Random variates that `rand_distr` does not have, made of those that it has.
//!
//! Its gamma variates (Marsaglia and Tsang 2000) and binomial variates (inversion, and from a mean
//! of 10 BTPE, Kachitvichyanukul and Schmeiser 1988) are exact up to rounding; its Poisson variates
//! from a mean of 12 (Ahrens and Dieter 1982) compare with a density of which a polynomial with
//! coefficients of ten decimals is a part.
//!
//! It takes logarithms from the machine, not from `libm`, but only to accept or reject (and in the
//! far tail of the normal distribution): a last digit of another machine changes nothing unless a
//! uniform number falls into that gap, which happens once in about 10^15 draws.

use rand_core::RngCore;
use rand_distr::{Binomial, Distribution, Gamma, Open01, Poisson, StandardUniform};

/// The least shape that is told from zero: logarithms of its variates are still finite.
pub(super) const LEAST_SHAPE: f64 = 1e-300;

/// The largest mean of a count of people: the count stays exact as a float.
const LARGEST_MEAN: f64 = 1e15;

/// Between zero and one, zero included.
pub(super) fn uniform(rng: &mut impl RngCore) -> f64 {
    StandardUniform.sample(rng)
}

/// Gamma with rate one; the shape is positive.
pub(super) fn gamma(shape: f64, rng: &mut impl RngCore) -> f64 {
    Gamma::new(shape, 1.0).expect("the shape is positive").sample(rng)
}

/// The logarithm of a gamma variate with rate one; the variate itself is zero as a float when the
/// shape is small. `G(shape) = G(shape + 1) U^(1/shape)` (Marsaglia and Tsang 2000).
pub(super) fn log_gamma(shape: f64, rng: &mut impl RngCore) -> f64 {
    let shape = shape.max(LEAST_SHAPE);
    if shape >= 1.0 {
        return libm::log(gamma(shape, rng));
    }
    let uniform: f64 = Open01.sample(rng);
    libm::log(gamma(shape + 1.0, rng)) + libm::log(uniform) / shape
}

/// A beta variate and one minus it, each to full relative precision. Shapes are at least one.
pub(super) fn beta(first: f64, second: f64, rng: &mut impl RngCore) -> (f64, f64) {
    let (first, second) = (gamma(first, rng), gamma(second, rng));
    (first / (first + second), second / (first + second))
}

fn binomial(count: u64, probability: f64, rng: &mut impl RngCore) -> u64 {
    let probability = probability.clamp(0.0, 1.0);
    Binomial::new(count, probability).expect("the probability is one").sample(rng)
}

/// Parts a count by weights that need not sum to one; `take` gets each part that is not zero with
/// its place. Binomials in turn: the first class against all others, and so on.
pub(super) fn multinomial(
    count: u64,
    weights: &[f64],
    rng: &mut impl RngCore,
    mut take: impl FnMut(usize, u64),
) {
    let mut left = count;
    let mut weight_left: f64 = weights.iter().sum();
    let last = weights.iter().rposition(|weight| *weight > 0.0).unwrap_or(0);
    for (place, weight) in weights.iter().enumerate() {
        if left == 0 {
            return;
        }
        let part = if place == last { left } else { binomial(left, weight / weight_left, rng) };
        weight_left -= weight;
        left -= part;
        if part > 0 {
            take(place, part);
        }
    }
}

/// How many failures come before the given number of successes, at `odds` failures to one success:
/// a Poisson variate whose mean is a gamma variate.
pub(super) fn failures_before(successes: u64, odds: f64, rng: &mut impl RngCore) -> u64 {
    let mean = (gamma(successes as f64, rng) * odds).min(LARGEST_MEAN);
    match Poisson::new(mean) {
        Ok(poisson) => poisson.sample(rng) as u64,
        Err(_) => 0, // The mean is zero.
    }
}

#[cfg(test)]
mod tests {
    use rand_chacha::ChaCha8Rng;
    use rand_core::SeedableRng;

    use super::*;

    const DRAWS: usize = 40_000;

    /// The mean and the variance of the draws must be those of the distribution; within five
    /// standard errors, that of the variance taken from the draws.
    fn assert_moments(what: &str, draws: &[f64], mean: f64, variance: f64) {
        let count = draws.len() as f64;
        let found = draws.iter().sum::<f64>() / count;
        let squares: Vec<f64> = draws.iter().map(|draw| (draw - mean) * (draw - mean)).collect();
        let spread = squares.iter().sum::<f64>() / count;
        let error: f64 = squares.iter().map(|square| (square - spread) * (square - spread)).sum();
        assert!(
            (found - mean).abs() < 5.0 * (variance / count).sqrt(),
            "{what}: mean {found}, expected {mean}"
        );
        assert!(
            (spread - variance).abs() < 5.0 * error.sqrt() / count,
            "{what}: variance {spread}, expected {variance}"
        );
    }

    #[test]
    fn logarithms_of_gamma_variates_have_their_moments() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        // The mean is digamma(shape), the variance trigamma(shape): by the recurrence from 0.25
        // (Abramowitz and Stegun 6.3.5, 6.4.6) and at 1 and 3 in closed form.
        let euler = 0.577_215_664_901_532_9;
        let basel = std::f64::consts::PI * std::f64::consts::PI / 6.0;
        let catalan = 0.915_965_594_177_219;
        let quarter = -euler - std::f64::consts::FRAC_PI_2 - 3.0 * std::f64::consts::LN_2;
        for (shape, mean, variance) in [
            (0.25, quarter, 6.0 * basel + 8.0 * catalan),
            (1.0, -euler, basel),
            (3.0, 1.5 - euler, basel - 1.25),
        ] {
            let draws: Vec<f64> = (0..DRAWS).map(|_| log_gamma(shape, &mut rng)).collect();
            assert_moments(&format!("shape {shape}"), &draws, mean, variance);
        }
        assert!(log_gamma(LEAST_SHAPE, &mut rng).is_finite());
    }

    #[test]
    fn betas_have_their_moments_and_sum_to_one() {
        let mut rng = ChaCha8Rng::seed_from_u64(2);
        let pairs: Vec<(f64, f64)> = (0..DRAWS).map(|_| beta(2.0, 5.0, &mut rng)).collect();
        let first: Vec<f64> = pairs.iter().map(|(on, _)| *on).collect();
        assert_moments("beta", &first, 2.0 / 7.0, 10.0 / (49.0 * 8.0));
        assert!(pairs.iter().all(|(on, off)| (on + off - 1.0).abs() < 1e-15));
    }

    #[test]
    fn counts_are_parted_whole_and_in_proportion() {
        let mut rng = ChaCha8Rng::seed_from_u64(3);
        let weights = [0.2, 0.0, 0.6, 1.2];
        for count in [3_u64, 400] {
            let mut parts = vec![Vec::new(); weights.len()];
            for _ in 0..DRAWS {
                let mut taken = [0; 4];
                multinomial(count, &weights, &mut rng, |place, part| taken[place] += part);
                assert_eq!(taken.iter().sum::<u64>(), count);
                assert_eq!(taken[1], 0);
                taken.iter().zip(&mut parts).for_each(|(part, all)| all.push(*part as f64));
            }
            for (place, part) in parts.iter().enumerate().filter(|(place, _)| *place != 1) {
                let (count, share) = (count as f64, weights[place] / 2.0);
                let variance = count * share * (1.0 - share);
                assert_moments(&format!("part {place} of {count}"), part, count * share, variance);
            }
        }
    }

    #[test]
    fn failures_are_negative_binomial() {
        let mut rng = ChaCha8Rng::seed_from_u64(4);
        for (successes, odds) in [(1, 0.5), (20, 3.0), (3000, 7.0)] {
            let draws: Vec<f64> =
                (0..DRAWS).map(|_| failures_before(successes, odds, &mut rng) as f64).collect();
            let mean = successes as f64 * odds;
            assert_moments(&format!("{successes} at {odds}"), &draws, mean, mean * (1.0 + odds));
        }
        assert_eq!(failures_before(5, 0.0, &mut rng), 0);
    }
}
