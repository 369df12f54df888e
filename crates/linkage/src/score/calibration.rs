//! Whether probabilities mean what they say.

use super::NO_TRUTH;
use crate::cluster::{ScoredPair, probability};

/// Pairs of about one probability.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CalibrationBin {
    /// The lowest probability of the bin.
    pub from: f64,
    /// The highest; belongs to the next bin, but for 1.
    pub to: f64,
    /// Pairs in it.
    pub pairs: u64,
    /// Their mean probability; 0 when there are none.
    pub predicted: f64,
    /// The share of them that are one person; 0 when there are none.
    pub observed: f64,
}

/// Holds the probabilities of pairs against the truth, in ten bins of the same width.
///
/// `penalties` is for each agency what is taken off the log odds of its own pairs.
pub fn calibration(
    pairs: &[ScoredPair],
    truth: &[u32],
    agency: &[u16],
    penalties: &[f32],
) -> Vec<CalibrationBin> {
    const BINS: usize = 10;
    let mut sums = [(0_u64, 0.0, 0_u64); BINS];
    for pair in pairs {
        let (first, second) = (pair.first as usize, pair.second as usize);
        if truth[first] == NO_TRUTH || truth[second] == NO_TRUTH {
            continue;
        }
        let within = agency[first] == agency[second];
        let penalty = penalties.get(usize::from(agency[first])).filter(|_| within);
        let predicted = probability(pair.log_odds + penalty.copied().unwrap_or(0.0));
        let bin = &mut sums[((predicted * BINS as f64) as usize).min(BINS - 1)];
        bin.0 += 1;
        bin.1 += predicted;
        bin.2 += u64::from(truth[first] == truth[second]);
    }
    let bin = |(at, (pairs, predicted, matches)): (usize, (u64, f64, u64))| {
        let mean = |sum: f64| if pairs == 0 { 0.0 } else { sum / pairs as f64 };
        CalibrationBin {
            from: at as f64 / BINS as f64,
            to: (at + 1) as f64 / BINS as f64,
            pairs,
            predicted: mean(predicted),
            observed: mean(matches as f64),
        }
    };
    sums.into_iter().enumerate().map(bin).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_fall_into_their_bins() {
        let pair = |first, second, log_odds| ScoredPair { first, second, log_odds };
        let pairs = [pair(0, 1, 9.0), pair(0, 2, 9.0), pair(1, 2, 9.0), pair(0, 3, 0.0)];
        // 1 and 2 are of one agency, whose penalty takes their pair to even odds.
        let bins = calibration(&pairs, &[1, 1, 2, NO_TRUTH], &[0, 1, 1, 0], &[0.0, -9.0]);
        assert_eq!((bins[9].pairs, bins[9].observed), (2, 0.5));
        assert!((bins[9].predicted - 0.999_877).abs() < 1e-5);
        assert_eq!((bins[5].pairs, bins[5].predicted, bins[5].observed), (1, 0.5, 0.0));
        assert_eq!(bins.iter().map(|bin| bin.pairs).sum::<u64>(), 3, "without a truth, no pair");
    }
}
