//! Coins that fall with the probability that belongs to log odds.
//!
//! Millions are tossed, and an exponential costs more than all else in a toss. The probabilities of
//! evenly spaced log odds are tabled: a toss below that of the next lower ones or not below that of
//! the next higher ones is decided, and only for the few between is the probability itself taken.
//! The answer is the same as without the table.

use std::sync::LazyLock;

use super::threshold::probability;

/// Log odds from -16 to 16 are tabled, so many for each.
const STEPS: usize = 32;
const MOST: f64 = 16.0;

/// The last digits of the probability may be off; so much is left to it.
const SLACK: f64 = 1e-12;

static PROBABILITIES: LazyLock<Vec<f64>> = LazyLock::new(|| {
    let steps = MOST as usize * 2 * STEPS;
    (0..=steps).map(|step| probability((step as f64 / STEPS as f64 - MOST) as f32)).collect()
});

/// A coin for any log odds.
#[derive(Clone, Copy)]
pub(super) struct Coin(&'static [f64]);

impl Coin {
    pub(super) fn new() -> Coin {
        Coin(&PROBABILITIES)
    }

    /// Whether a number drawn evenly from 0 to 1 is below the probability of the log odds.
    #[inline]
    pub(super) fn falls(self, drawn: f64, log_odds: f32) -> bool {
        let step = (f64::from(log_odds) + MOST) * STEPS as f64;
        if (0.0..(self.0.len() - 1) as f64).contains(&step) {
            let (low, high) = (self.0[step as usize], self.0[step as usize + 1]);
            if drawn < low - SLACK {
                return true;
            }
            if drawn >= high + SLACK {
                return false;
            }
        }
        drawn < probability(log_odds)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_table_changes_nothing(
            log_odds in prop_oneof![-20f32..20.0, (-640i32..640).prop_map(|step| step as f32 / 32.0)],
            drawn in 0f64..1.0,
            near in -1e-11..1e-11,
        ) {
            let exact = probability(log_odds);
            for drawn in [drawn, exact, exact + near, exact + near * 1e6] {
                prop_assert_eq!(Coin::new().falls(drawn, log_odds), drawn < exact);
            }
        }
    }

    #[test]
    fn certain_and_impossible() {
        let falls = |log_odds| Coin::new().falls(0.5, log_odds);
        assert_eq!(
            [f32::NEG_INFINITY, f32::INFINITY, -1e30, 1e30].map(falls),
            [false, true, false, true]
        );
    }
}
