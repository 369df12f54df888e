//! Successes of so many tries, and how surely.

/// The 0.995 quantile of the normal distribution: intervals are of 99 %.
const QUANTILE: f64 = 2.575_829_303_548_901;

/// Successes of so many tries; a half success is a tie.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Hits {
    pub(super) successes: f64,
    pub(super) trials: u64,
}

impl Hits {
    pub(super) fn share(self) -> f64 {
        if self.trials == 0 { 0.0 } else { self.successes / self.trials as f64 }
    }

    /// Wilson's interval (1927); all of 0 to 1 without a trial.
    pub(super) fn interval(self) -> [f64; 2] {
        if self.trials == 0 {
            return [0.0, 1.0];
        }
        let (trials, share, square) = (self.trials as f64, self.share(), QUANTILE * QUANTILE);
        let middle = share + square / (2.0 * trials);
        let half =
            QUANTILE * (share * (1.0 - share) / trials + square / (4.0 * trials * trials)).sqrt();
        let whole = 1.0 + square / trials;
        // Clamped, which leaves what is no number as it is.
        [((middle - half) / whole).clamp(0.0, 1.0), ((middle + half) / whole).clamp(0.0, 1.0)]
    }
}

impl FromIterator<f64> for Hits {
    fn from_iter<I: IntoIterator<Item = f64>>(successes: I) -> Hits {
        successes.into_iter().fold(Hits::default(), |hits, success| Hits {
            successes: hits.successes + success,
            trials: hits.trials + 1,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Newcombe (1998), Statistics in Medicine 17, 857-872, table I: 81 of 263 by Wilson.
    #[test]
    fn wilson_as_newcombe_prints_it() {
        let at_95 = |hits: Hits| {
            let (n, p, z) = (hits.trials as f64, hits.share(), 1.959_964_f64);
            (p + z * z / (2.0 * n) - z * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt())
                / (1.0 + z * z / n)
        };
        let hits = Hits { successes: 81.0, trials: 263 };
        assert!((at_95(hits) - 0.2553).abs() < 1e-4);
        assert!(hits.interval()[0] < at_95(hits));
    }
}
