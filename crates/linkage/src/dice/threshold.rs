//! How alike two rows must be, in integers.
//!
//! In: a Dice coefficient as a fraction, or a Hamming distance. Out: the least number of shared
//! bits, by the number of bits set in the two rows together ([`Bound`]). Both measures are the same
//! comparison with another table: of two rows with `a` and `b` bits set and `c` shared, Dice is
//! `2c / (a + b)` and Hamming `a + b - 2c`. No floats, so that no two machines differ about a pair
//! that is exactly at the threshold.

/// How alike two rows must be to be a pair. Two rows without any bit are never a pair, whatever the
/// threshold: nothing is known of either.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Threshold(Measure);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Measure {
    Dice { numerator: u32, denominator: u32 },
    Hamming { distance: u32 },
}

/// A Dice coefficient that is no fraction from 0 to 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a Dice coefficient of {numerator}/{denominator}: give a fraction from 0 to 1")]
pub struct NoFraction {
    numerator: u32,
    denominator: u32,
}

impl Threshold {
    /// Pairs with `2·|a∧b| · denominator ≥ numerator · (|a| + |b|)`.
    ///
    /// # Errors
    ///
    /// [`NoFraction`] when the fraction is not from 0 to 1.
    pub fn dice(numerator: u32, denominator: u32) -> Result<Threshold, NoFraction> {
        if denominator == 0 || numerator > denominator {
            return Err(NoFraction { numerator, denominator });
        }
        Ok(Threshold(Measure::Dice { numerator, denominator }))
    }

    /// Pairs that differ in at most so many bits: the measure for diffused filters, of which about
    /// half the bits are set.
    pub fn hamming(distance: u32) -> Threshold {
        Threshold(Measure::Hamming { distance })
    }

    /// Whether two rows with `total` bits set between them, of which they share `shared`, are a
    /// pair.
    pub fn holds(self, shared: u32, total: u32) -> bool {
        total > 0 && shared >= self.least_shared(total)
    }

    /// The least number of shared bits at which two rows with `total` bits set are a pair.
    fn least_shared(self, total: u32) -> u32 {
        match self.0 {
            Measure::Dice { numerator, denominator } => {
                let least =
                    (u64::from(numerator) * u64::from(total)).div_ceil(2 * u64::from(denominator));
                // At most half of `total`, as the fraction is at most 1.
                u32::try_from(least).unwrap_or(u32::MAX)
            }
            Measure::Hamming { distance } => total.saturating_sub(distance).div_ceil(2),
        }
    }
}

/// A threshold for rows of some length, as tables.
pub(crate) struct Bound {
    /// By the bits set in two rows together, the least number of them that must be shared. It never
    /// falls, and rises by at most one for two more bits.
    pub(crate) least_shared: Vec<u32>,
    /// By the bits set in a row, the fewest and the most that a partner can have set. Neither falls.
    pub(crate) partners: Vec<(u32, u32)>,
}

impl Bound {
    pub(crate) fn new(threshold: Threshold, bits: usize) -> Bound {
        // A matrix has at most 2¹⁶ bits in a row.
        let bits = bits as u32;
        let least_shared: Vec<u32> =
            (0..=2 * bits).map(|total| threshold.least_shared(total)).collect();
        let possible =
            |ones: u32, partner: u32| ones.min(partner) >= least_shared[(ones + partner) as usize];
        let (mut fewest, mut most) = (0, 0);
        let partners = (0..=bits)
            .map(|ones| {
                // `ones` itself is always possible, so both end.
                while !possible(ones, fewest) {
                    fewest += 1;
                }
                most = most.max(ones);
                while most < bits && possible(ones, most + 1) {
                    most += 1;
                }
                (fewest, most)
            })
            .collect();
        Bound { least_shared, partners }
    }

    /// Whether a pair of rows holds; see [`Threshold::holds`].
    pub(crate) fn holds(&self, shared: u32, total: u32) -> bool {
        total > 0 && shared >= self.least_shared[total as usize]
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_fraction_is_from_0_to_1() {
        assert!(Threshold::dice(0, 1).is_ok());
        assert!(Threshold::dice(7, 7).is_ok());
        for (numerator, denominator) in [(0, 0), (3, 2)] {
            let error = NoFraction { numerator, denominator };
            assert_eq!(Threshold::dice(numerator, denominator), Err(error));
        }
    }

    #[test]
    fn exactly_at_the_threshold_is_a_pair() {
        let threshold = Threshold::dice(4, 5).unwrap();
        assert!(threshold.holds(320, 800));
        assert!(!threshold.holds(319, 800));
        assert!(!threshold.holds(320, 801));
        assert!(Threshold::hamming(160).holds(320, 800));
        assert!(!Threshold::hamming(159).holds(320, 800));
        assert!(!Threshold::hamming(0).holds(0, 0), "nothing is known of two empty rows");
    }

    proptest! {
        #[test]
        fn holds_as_the_formula_says(
            numerator in 0u32..40, more in 0u32..40, shared in 0u32..200, apart in 0u32..200,
        ) {
            let (denominator, total) = (numerator + more.max(1), 2 * shared + apart);
            let dice = Threshold::dice(numerator, denominator).unwrap();
            let formula = 2 * shared * denominator >= numerator * total;
            prop_assert_eq!(dice.holds(shared, total), total > 0 && formula);
            let hamming = Threshold::hamming(more);
            prop_assert_eq!(hamming.holds(shared, total), total > 0 && apart <= more);
        }

        /// No pair that holds has a partner outside the range, whatever they share.
        #[test]
        fn partners_lose_no_pair(numerator in 0u32..21, distance in 0u32..64) {
            for threshold in [Threshold::dice(numerator, 20).unwrap(), Threshold::hamming(distance)] {
                let bound = Bound::new(threshold, 64);
                for (ones, partner) in (0..=64u32).flat_map(|a| (0..=64u32).map(move |b| (a, b))) {
                    let (fewest, most) = bound.partners[ones as usize];
                    let possible = ones.min(partner) >= bound.least_shared[(ones + partner) as usize];
                    prop_assert_eq!(possible, (fewest..=most).contains(&partner));
                }
                prop_assert!(bound.partners.is_sorted_by_key(|(fewest, _)| *fewest));
                prop_assert!(bound.partners.is_sorted_by_key(|(_, most)| *most));
            }
        }
    }
}
