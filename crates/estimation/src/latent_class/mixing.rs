//! Whether chains agree, and how many independent draws theirs are worth.
//!
//! Vehtari, Gelman, Simpson, Carpenter and Bürkner (2021), "Rank-normalization, folding, and
//! localization: an improved R-hat for assessing convergence of MCMC", Bayesian Analysis 16(2),
//! sections 3 and 4. Chains come in as equally long rows of draws.

use crate::normal;

/// What chains say of themselves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Mixing {
    /// R-hat, the larger of the rank-normalised one and the one folded at the median.
    pub(super) rhat: f64,
    /// How many independent draws the middle of the distribution has.
    pub(super) bulk: f64,
    /// The same of its 5 % and 95 % quantiles, the smaller of both.
    pub(super) tail: f64,
}

impl Mixing {
    /// Of chains of the same length.
    pub(super) fn of(chains: &[Vec<f64>]) -> Mixing {
        let halves = split(chains);
        let mut sorted: Vec<f64> = halves.concat();
        sorted.sort_by(f64::total_cmp);
        let at = |quantile: f64| sorted[((sorted.len() - 1) as f64 * quantile) as usize];
        let median = at(0.5);
        let folded = mapped(&halves, |value| (value - median).abs());
        let normal = rank_normalised(&halves);
        let below = |limit: f64| {
            effective(&mapped(&halves, |value| if value <= limit { 1.0 } else { 0.0 }))
        };
        Mixing {
            rhat: rhat(&normal).max(rhat(&rank_normalised(&folded))),
            bulk: effective(&normal),
            tail: below(at(0.05)).min(below(at(0.95))),
        }
    }
}

/// Each chain as its two halves, so that a drift shows as a difference between chains.
fn split(chains: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let half = chains[0].len() / 2;
    chains
        .iter()
        .flat_map(|chain| [chain[..half].to_vec(), chain[chain.len() - half..].to_vec()])
        .collect()
}

fn mapped(chains: &[Vec<f64>], to: impl Fn(f64) -> f64) -> Vec<Vec<f64>> {
    chains.iter().map(|chain| chain.iter().map(|value| to(*value)).collect()).collect()
}

/// Ranks among all draws, ties sharing theirs, as quantiles of the normal distribution (Blom 1958).
fn rank_normalised(chains: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let all: Vec<f64> = chains.concat();
    let mut order: Vec<usize> = (0..all.len()).collect();
    order.sort_by(|first, second| all[*first].total_cmp(&all[*second]));
    let mut scores = vec![0.0; all.len()];
    for ties in order.chunk_by(|first, second| all[*first] == all[*second]) {
        let before = order.partition_point(|place| all[*place] < all[ties[0]]);
        let rank = before as f64 + (ties.len() + 1) as f64 / 2.0;
        let score = normal::quantile((rank - 0.375) / (all.len() as f64 + 0.25));
        ties.iter().for_each(|place| scores[*place] = score);
    }
    scores.chunks(chains[0].len()).map(<[f64]>::to_vec).collect()
}

/// The variance within chains, and the variance of the distribution as all of them see it.
fn variances(chains: &[Vec<f64>]) -> (f64, f64) {
    let length = chains[0].len() as f64;
    let means: Vec<f64> = chains.iter().map(|chain| mean(chain)).collect();
    let within = mean(
        &chains.iter().zip(&means).map(|(chain, mean)| spread(chain, *mean)).collect::<Vec<_>>(),
    );
    let between = spread(&means, mean(&means));
    (within, within * (length - 1.0) / length + between)
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn spread(values: &[f64], mean: f64) -> f64 {
    let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
    squares / (values.len() - 1) as f64
}

fn rhat(chains: &[Vec<f64>]) -> f64 {
    let (within, all) = variances(chains);
    // One and the same value everywhere: chains agree; one value for each of them: they do not.
    if all == 0.0 { 1.0 } else { (all / within).sqrt() }
}

/// Effective sample size: draws over one plus twice the sum of autocorrelations, which is cut where
/// the sums of neighbours are no longer positive and made to fall (Geyer 1992).
fn effective(chains: &[Vec<f64>]) -> f64 {
    let length = chains[0].len();
    let draws = (length * chains.len()) as f64;
    let (within, all) = variances(chains);
    if all == 0.0 {
        return draws;
    }
    let means: Vec<f64> = chains.iter().map(|chain| mean(chain)).collect();
    let correlation = |lag: usize| -> f64 {
        let products = chains.iter().zip(&means).map(|(chain, mean)| {
            let pairs = chain.iter().zip(&chain[lag..]);
            pairs.map(|(now, later)| (now - mean) * (later - mean)).sum::<f64>()
        });
        let covariance = products.sum::<f64>() / draws;
        1.0 - (within - covariance) / all
    };
    let mut sum = 0.0;
    let (mut least, mut last) = (f64::INFINITY, 0.0);
    for lag in (0..length - 1).step_by(2) {
        // The correlation at no lag is one by definition.
        let first = if lag == 0 { 1.0 } else { correlation(lag) };
        let pair = first + correlation(lag + 1);
        if pair <= 0.0 {
            // Of the pair that is cut the first half stays, once.
            last = first.max(0.0);
            break;
        }
        least = least.min(pair);
        sum += least;
    }
    let times = (2.0 * sum - 1.0 + last).max(1.0 / libm::log10(draws));
    draws / times
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Four chains of 200 draws, each 0.8 times the one before plus a number from -0.5 to 0.5 of a
    /// congruential generator; the last chain is shifted.
    fn chains(shift: f64) -> Vec<Vec<f64>> {
        let chain = |number: u64| {
            let (mut state, mut value) = (number + 1, 0.0);
            let draw = |_| {
                state = (state * 1_103_515_245 + 12_345) % (1 << 31);
                value = 0.8 * value + state as f64 / f64::from(1_u32 << 31) - 0.5;
                value + if number == 3 { shift } else { 0.0 }
            };
            (0..200).map(draw).collect()
        };
        (0..4).map(chain).collect()
    }

    fn assert_near(found: Mixing, rhat: f64, bulk: f64, tail: f64) {
        let near = |found: f64, expected: f64| (found / expected - 1.0).abs() < 1e-9;
        assert!(near(found.rhat, rhat), "{found:?}");
        assert!(near(found.bulk, bulk) && near(found.tail, tail), "{found:?}");
    }

    #[test]
    fn it_says_what_arviz_says() {
        // Measured with arviz-stats 0.8.0: rhat (rank), ess (bulk), ess (tail, 0.05 and 0.95).
        let chains = chains(0.3);
        assert_near(
            Mixing::of(&chains),
            1.0163808430905465,
            134.93699376667547,
            250.55142670291792,
        );
        let ties = mapped(&chains, |value| (value * 4.0).round_ties_even());
        assert_near(Mixing::of(&ties), 1.0166173975905022, 134.59902851327524, 177.1348806807097);
    }

    #[test]
    fn chains_apart_do_not_agree() {
        assert!(Mixing::of(&chains(3.0)).rhat > 1.3);
        let stuck = vec![vec![1.0; 50], vec![2.0; 50]];
        assert!(Mixing::of(&stuck).rhat > 1e6);
    }

    #[test]
    fn chains_of_one_width_do_not_hide_another() {
        let mut chains = chains(0.0);
        chains[0].iter_mut().for_each(|value| *value *= 6.0);
        let plain = rhat(&rank_normalised(&split(&chains)));
        assert!(Mixing::of(&chains).rhat > plain.max(1.1), "{plain}");
    }

    #[test]
    fn chains_that_never_move_agree() {
        let same = Mixing::of(&[vec![5.0; 20], vec![5.0; 20]]);
        assert_eq!((same.rhat, same.bulk, same.tail), (1.0, 40.0, 40.0));
    }
}
