//! The discrete Laplace distribution: each whole number x with a chance in proportion to
//! exp(-|x| / scale).

use super::{NoiseError, NoiseSource, bernoulli, lowest_terms};

/// A discrete Laplace distribution around zero whose scale is a fraction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DiscreteLaplace {
    numerator: u64,
    denominator: u64,
}

impl DiscreteLaplace {
    /// With the scale `numerator / denominator`.
    ///
    /// # Errors
    /// A number of zero, or of 2^46 and more in lowest terms.
    pub fn with_scale(numerator: u64, denominator: u64) -> Result<DiscreteLaplace, NoiseError> {
        let (numerator, denominator) = lowest_terms("the scale", numerator, denominator)?;
        Ok(DiscreteLaplace { numerator, denominator })
    }

    /// One draw. Canonne, Kamath, Steinke (2020), algorithm 2.
    ///
    /// # Errors
    /// The operating system gives no random bytes.
    #[inline]
    pub fn draw(&self, source: &mut NoiseSource) -> Result<i64, NoiseError> {
        loop {
            // The sign is drawn along with the remainder, to save bits.
            let drawn = source.below(2 * self.numerator)?;
            let (negative, remainder) = (drawn & 1 == 1, drawn >> 1);
            let (top, bottom) = (u128::from(remainder), u128::from(self.numerator));
            if !bernoulli::exponential(top, bottom, source)? {
                continue;
            }
            let mut quotient = 0_u64;
            while bernoulli::exponential(1, 1, source)? {
                quotient += 1;
            }
            // Below 2^46 each, so this is exact for any quotient that will ever be drawn: one of
            // 2^17 has a chance below 2^-189000.
            let size = quotient.saturating_mul(self.numerator).saturating_add(remainder)
                / self.denominator;
            if negative && size == 0 {
                // Otherwise zero would be drawn twice as often.
                continue;
            }
            let size = i64::try_from(size).unwrap_or(i64::MAX);
            return Ok(if negative { -size } else { size });
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::noise::test_fit::{draws, laplace_chances, misfit};

    #[test]
    fn draws_have_the_exact_chances() {
        for (index, (top, bottom)) in
            [(1, 2), (1, 1), (5, 3), (20, 1), (1000, 7)].iter().enumerate()
        {
            let laplace = DiscreteLaplace::with_scale(*top, *bottom).unwrap();
            let mut source = NoiseSource::test(index as u64);
            let drawn = draws(200_000, || laplace.draw(&mut source).unwrap());
            let misfit = misfit(&drawn, &laplace_chances(*top as f64 / *bottom as f64));
            assert!(misfit < 4.0, "{top}/{bottom}: {misfit} standard deviations");
        }
    }

    /// What the test above is worth: the mistakes that are easily made are all found by it.
    #[test]
    fn broken_samplers_are_caught() {
        let laplace = DiscreteLaplace::with_scale(5, 1).unwrap();
        let chances = laplace_chances(5.0);
        let mut source = NoiseSource::test(9);
        // Zero with both signs: not drawn again.
        let twice_zero = draws(200_000, || {
            let drawn = laplace.draw(&mut source).unwrap();
            // A draw that should have been made again stays zero.
            let again = source.below(1_000_000).unwrap() < 99_668;
            if again { 0 } else { drawn }
        });
        assert!(misfit(&twice_zero, &chances) > 10.0);
        // The sign drawn after one is added.
        let off_by_one = draws(200_000, || {
            let drawn = laplace.draw(&mut source).unwrap();
            if drawn < 0 { drawn + 1 } else { drawn }
        });
        assert!(misfit(&off_by_one, &chances) > 10.0);
        // The remainder not thinned by its own coin: uniform between multiples of the scale.
        let unthinned = draws(200_000, || {
            let size = laplace.draw(&mut source).unwrap();
            size - size % 5 + size.signum() * source.below(5).unwrap() as i64
        });
        assert!(misfit(&unthinned, &chances) > 10.0);
    }

    proptest! {
        #[test]
        fn any_scale_in_range_can_be_drawn(top in 1..1_u64 << 46, bottom in 1..1_u64 << 46, seed: u64) {
            let laplace = DiscreteLaplace::with_scale(top, bottom).unwrap();
            let scale = top as f64 / bottom as f64;
            let drawn = laplace.draw(&mut NoiseSource::test(seed)).unwrap();
            prop_assert!((drawn.unsigned_abs() as f64) <= 60.0 * scale);
        }
    }

    #[test]
    fn parameters_out_of_range_are_refused() {
        for (top, bottom) in [(0, 1), (1, 0), (0, 0), (1 << 46, 1), (1, 1 << 46)] {
            assert!(DiscreteLaplace::with_scale(top, bottom).is_err(), "{top}/{bottom}");
        }
        assert!(DiscreteLaplace::with_scale(1 << 50, 1 << 49).is_ok());
    }
}
