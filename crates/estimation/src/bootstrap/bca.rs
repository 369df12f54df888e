//! Intervals from replicates: bias-corrected and accelerated.

use crate::normal;

/// Replicates this close to the estimate, relative to it, are equal to it: a fit that starts
/// elsewhere ends that close.
const EQUAL: f64 = 1e-9;

/// The normal quantile of the share of replicates below the estimate, those equal to it counted
/// half (`z0` of Efron 1987, equation 2.8). A share of nothing or of all counts as half a
/// replicate, so that it stays finite. `replicates` is ascending, and not empty.
pub(super) fn bias_correction(replicates: &[f64], estimate: f64) -> f64 {
    let near = EQUAL * estimate.abs();
    let below = replicates.partition_point(|one| *one < estimate - near);
    let to = replicates.partition_point(|one| *one <= estimate + near);
    let all = replicates.len() as f64;
    let share = (0.5 * (below + to) as f64).clamp(0.5, all - 0.5) / all;
    normal::quantile(share)
}

/// A sixth of the skewness of the estimates with one person less (`a` of Efron 1987, section 10,
/// by the jackknife as Efron and Tibshirani 1993, equation 14.15). `jackknife` has estimates and
/// how many people give each. Zero when they are all equal.
pub(super) fn acceleration(jackknife: &[(f64, f64)]) -> f64 {
    let people: f64 = jackknife.iter().map(|(_, people)| people).sum();
    let mean = jackknife.iter().map(|(value, people)| value * people).sum::<f64>() / people;
    let power = |exponent: i32| -> f64 {
        jackknife.iter().map(|(value, people)| people * (mean - value).powi(exponent)).sum()
    };
    let square = power(2);
    // What is left of equal estimates is rounding.
    if square > (EQUAL * mean).powi(2) * people {
        power(3) / (6.0 * square * square.sqrt())
    } else {
        0.0
    }
}

/// The share of replicates below an end of the interval, for the share that the end should have
/// (Efron 1987, equation 2.3).
pub(super) fn corrected(share: f64, bias_correction: f64, acceleration: f64) -> f64 {
    let shifted = bias_correction + normal::quantile(share);
    let scale = 1.0 - acceleration * shifted;
    if scale <= 0.0 {
        // Beyond the pole of the transformation: all of them, or none.
        return if shifted > 0.0 { 1.0 } else { 0.0 };
    }
    normal::below(bias_correction + shifted / scale)
}

/// The quantile of a sample by R's type 8, which is about unbiased for the median (Hyndman and Fan
/// 1996, definition 8). `sorted` is ascending and not empty; its last values may be infinite.
pub(super) fn quantile(sorted: &[f64], share: f64) -> f64 {
    let place = sorted.len() as f64 * share + (share + 1.0) / 3.0;
    let at = |rank: f64| sorted[(rank.max(1.0) as usize).min(sorted.len()) - 1];
    // R takes places this close to a whole number as whole.
    let whole = (place + 4.0 * f64::EPSILON).floor();
    let (low, high, part) = (at(whole), at(whole + 1.0), place - whole);
    if part.abs() < 4.0 * f64::EPSILON || low == high { low } else { low + part * (high - low) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn quantiles_are_those_of_r() {
        // quantile(c(1, 2, 4, 8, 16), c(0.05, 0.2, 0.5, 0.7, 0.99), type = 8) of R 4.2.2.
        let sample = [1.0, 2.0, 4.0, 8.0, 16.0];
        for (share, expected) in [
            (0.05, 1.0),
            (0.2, 1.4),
            (0.5, 4.0),
            (0.7, 8.0 + 8.0 * 0.066_666_666_666_666_67),
            (0.99, 16.0),
        ] {
            assert!((quantile(&sample, share) - expected).abs() < 1e-12, "{share}");
        }
        let some = [1.0, 2.0, f64::INFINITY];
        assert_eq!(quantile(&some, 0.5), 2.0);
        assert_eq!(quantile(&some, 0.6), f64::INFINITY);
    }

    #[test]
    fn constants_by_hand() {
        // Three below, two equal, three above: no correction. Five below of eight.
        let even = [1.0, 2.0, 3.0, 5.0, 5.0, 6.0, 7.0, f64::INFINITY];
        assert!(bias_correction(&even, 5.0).abs() < 1e-15);
        assert!((bias_correction(&even, 5.5) - 0.318_639_363_964_375_1).abs() < 1e-12);
        assert!(bias_correction(&even, 0.0) < -1.5 && bias_correction(&even, 0.0).is_finite());
        // Values 0, 0, 0, 4 have mean 1: (1 + 1 + 1 - 27) / (6 * 12^1.5).
        let skewed = [(0.0, 3.0), (4.0, 1.0)];
        assert!((acceleration(&skewed) + 24.0 / (6.0 * 12.0_f64.powi(3).sqrt())).abs() < 1e-15);
        assert_eq!(acceleration(&[(7.0, 3.0), (7.0 + 1e-12, 2.0)]), 0.0);
    }

    proptest! {
        #[test]
        fn nothing_to_correct_gives_percentiles(share in 0.001..0.999_f64) {
            prop_assert!((corrected(share, 0.0, 0.0) - share).abs() < 1e-14);
        }

        #[test]
        fn ends_stay_in_order(
            low in 0.001..0.5_f64, more in 0.001..0.499_f64, bias in -2.0..2.0_f64, by in -0.3..0.3_f64,
        ) {
            prop_assert!(corrected(low, bias, by) <= corrected(low + more, bias, by));
        }
    }
}
