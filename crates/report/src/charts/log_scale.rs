//! A logarithmic scale: equal steps are equal factors.
//!
//! In: the lowest and the highest number to be shown. Out: where a number stands, as a share of the
//! way, and round numbers to name on the axis.

/// A logarithmic scale between two numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LogScale {
    low: f64,
    high: f64,
}

/// Digits that may be named within a power of ten; the first set that is not too many is taken.
const DIGITS: [&[f64]; 4] =
    [&[1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0], &[1.0, 2.0, 5.0], &[1.0, 3.0], &[1.0]];

impl LogScale {
    /// A scale that holds both numbers; it begins at one or above, and its end is at least a fifth
    /// above its beginning.
    pub fn new(low: f64, high: f64) -> LogScale {
        let low = low.max(1.0);
        LogScale { low, high: high.max(low * 1.2) }
    }

    /// How far along a number stands: 0 at the beginning, 1 at the end, outside of both beyond them.
    pub fn share(&self, number: f64) -> f64 {
        (number.max(f64::MIN_POSITIVE) / self.low).ln() / (self.high / self.low).ln()
    }

    /// Whether a number stands on the scale.
    pub fn holds(&self, number: f64) -> bool {
        (self.low..=self.high).contains(&number)
    }

    /// Round numbers on the scale, at most so many, ascending.
    pub fn ticks(&self, most: usize) -> Vec<f64> {
        let sets = DIGITS.iter().map(|digits| self.of_digits(digits));
        let fits = |ticks: &Vec<f64>| (2..=most).contains(&ticks.len());
        sets.clone().find(fits).unwrap_or_else(|| {
            // Less than a factor of two, or many powers of ten.
            let powers = self.of_digits(&[1.0]);
            if powers.len() > most {
                let step = powers.len().div_ceil(most.max(1));
                powers.into_iter().step_by(step).collect()
            } else {
                self.even(most)
            }
        })
    }

    fn of_digits(&self, digits: &[f64]) -> Vec<f64> {
        let powers = self.low.log10().floor() as i32..=self.high.log10().ceil() as i32;
        let all =
            powers.flat_map(|power| digits.iter().map(move |digit| digit * 10f64.powi(power)));
        all.filter(|tick| self.holds(*tick)).collect()
    }

    /// Numbers as far apart as their differences, for a short scale.
    fn even(&self, most: usize) -> Vec<f64> {
        let least = (self.high - self.low) / most.max(1) as f64;
        let power = 10f64.powf(least.log10().floor());
        let step = [1.0, 2.0, 5.0, 10.0].map(|digit| digit * power).into_iter();
        let step = step.filter(|step| *step >= least).fold(f64::INFINITY, f64::min).max(1.0);
        let first = (self.low / step).ceil() as u64;
        let ticks = (first..).map(|times| times as f64 * step);
        ticks.take_while(|tick| *tick <= self.high).take(most).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::LogScale;

    #[test]
    fn equal_factors_are_equal_steps() {
        let scale = LogScale::new(100.0, 10_000.0);
        assert_eq!([100.0, 1000.0, 10_000.0].map(|at| scale.share(at)), [0.0, 0.5, 1.0]);
        assert!(scale.share(1e6) > 1.0 && scale.share(10.0) < 0.0 && scale.share(0.0) < 0.0);
    }

    #[test]
    fn ticks_are_round_on_the_scale_and_not_too_many() {
        let ticks = |low, high| LogScale::new(low, high).ticks(6);
        assert_eq!(ticks(2744.0, 42_000.0), [5_000.0, 10_000.0, 20_000.0]);
        assert_eq!(ticks(123.0, 180.0), [130.0, 140.0, 150.0, 160.0, 170.0, 180.0]);
        assert_eq!(ticks(90.0, 1000.0), [100.0, 200.0, 500.0, 1000.0]);
        for (low, high) in [(0.0, 1e15), (1.0, 1.0), (5.0, 6.0), (1e5, 1.21e5), (1.0, 3e9)] {
            let ticks = ticks(low, high);
            assert!((1..=6).contains(&ticks.len()) && ticks.is_sorted(), "{low} {high}: {ticks:?}");
        }
    }
}
