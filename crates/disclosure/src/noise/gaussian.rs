//! The discrete Gaussian distribution: each whole number x with a chance in proportion to
//! exp(-x² / (2 variance)).

use super::{DiscreteLaplace, NoiseError, NoiseSource, bernoulli, lowest_terms};

/// A discrete Gaussian distribution around zero whose variance parameter is a fraction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DiscreteGaussian {
    numerator: u64,
    denominator: u64,
    /// The scale of the Laplace draws that are thinned: the floor of sigma, and one.
    scale: u64,
    laplace: DiscreteLaplace,
}

impl DiscreteGaussian {
    /// With the variance parameter σ² = `numerator / denominator`.
    ///
    /// # Errors
    /// A number of zero, or of 2^46 and more in lowest terms.
    pub fn with_variance(numerator: u64, denominator: u64) -> Result<DiscreteGaussian, NoiseError> {
        let (numerator, denominator) = lowest_terms("the variance", numerator, denominator)?;
        let scale = (numerator / denominator).isqrt() + 1;
        let laplace = DiscreteLaplace::with_scale(scale, 1)?;
        Ok(DiscreteGaussian { numerator, denominator, scale, laplace })
    }

    /// The variance parameter σ²; the variance itself is never above it (Canonne, Kamath, Steinke
    /// 2020, corollary 9).
    pub fn variance(&self) -> f64 {
        self.numerator as f64 / self.denominator as f64
    }

    /// Its numerator and denominator, in lowest terms.
    pub fn variance_fraction(&self) -> (u64, u64) {
        (self.numerator, self.denominator)
    }

    /// One draw. Canonne, Kamath, Steinke (2020), algorithm 3.
    ///
    /// # Errors
    /// The operating system gives no random bytes.
    #[inline]
    pub fn draw(&self, source: &mut NoiseSource) -> Result<i64, NoiseError> {
        let (top, bottom) = (u128::from(self.numerator), u128::from(self.denominator));
        let scale = u128::from(self.scale);
        // (|y| - σ²/t)² / (2σ²) over one denominator. As t² is at most 4σ² or 1, it is at most
        // 8·2^92 or 2·2^92, below 2^96.
        let denominator = 2 * top * bottom * scale * scale;
        loop {
            let drawn = self.laplace.draw(source)?;
            let size = u128::from(drawn.unsigned_abs());
            // Too large for 128 bits is an exponent of more than 2^30: no heads, whatever it is.
            let difference = size.saturating_mul(bottom * scale).abs_diff(top);
            let numerator = difference.saturating_mul(difference);
            if bernoulli::exponential(numerator, denominator, source)? {
                return Ok(drawn);
            }
        }
    }

    /// Draws for many counts with one distribution.
    ///
    /// # Errors
    /// The operating system gives no random bytes.
    pub fn draw_many(
        &self,
        count: usize,
        source: &mut NoiseSource,
    ) -> Result<Vec<i64>, NoiseError> {
        (0..count).map(|_| self.draw(source)).collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::noise::test_fit::{draws, gaussian_chances, misfit};

    const VARIANCES: [(u64, u64); 7] =
        [(1, 4), (1, 1), (7, 3), (40, 1), (400, 1), (500_000_000, 1_234_567), (1_000_000, 7)];

    #[test]
    fn draws_have_the_exact_chances() {
        for (index, (top, bottom)) in VARIANCES.into_iter().enumerate() {
            let gaussian = DiscreteGaussian::with_variance(top, bottom).unwrap();
            let mut source = NoiseSource::test(index as u64);
            let drawn = draws(200_000, || gaussian.draw(&mut source).unwrap());
            let misfit = misfit(&drawn, &gaussian_chances(gaussian.variance()));
            assert!(misfit < 4.0, "{top}/{bottom}: {misfit} standard deviations");
        }
    }

    #[test]
    fn draws_of_the_operating_system_have_them_too() {
        let gaussian = DiscreteGaussian::with_variance(9, 2).unwrap();
        let mut source = NoiseSource::operating_system().unwrap();
        let drawn = draws(200_000, || gaussian.draw(&mut source).unwrap());
        // Fails by chance once in ten thousand million runs.
        assert!(misfit(&drawn, &gaussian_chances(4.5)) < 6.5);
    }

    /// What the test above is worth: samplers with the usual mistakes do not pass it.
    #[test]
    fn broken_samplers_are_caught() {
        let mut source = NoiseSource::test(5);
        let mut uniform = move || (source.below(1 << 52).unwrap() as f64 + 0.5) / 2_f64.powi(52);
        let mut polar = move || {
            let angle = std::f64::consts::TAU * uniform();
            (-2.0 * libm::log(uniform())).sqrt() * libm::cos(angle)
        };
        // A continuous Gaussian that is rounded: its variance is larger by a twelfth.
        let rounded = draws(200_000, || (polar() * 2_f64.sqrt()).round() as i64);
        assert!(misfit(&rounded, &gaussian_chances(2.0)) > 10.0);
        // One that is cut off towards zero.
        let cut = draws(200_000, || (polar() * 20.0) as i64);
        assert!(misfit(&cut, &gaussian_chances(400.0)) > 10.0);

        // Right, but for a variance that is five in a hundred too small.
        let mut source = NoiseSource::test(6);
        let narrow = DiscreteGaussian::with_variance(380, 1).unwrap();
        let drawn = draws(200_000, || narrow.draw(&mut source).unwrap());
        assert!(misfit(&drawn, &gaussian_chances(400.0)) > 8.0);

        // Laplace draws that are thinned around the wrong place.
        let laplace = DiscreteLaplace::with_scale(3, 1).unwrap();
        let wrong = draws(200_000, || {
            loop {
                let drawn = laplace.draw(&mut source).unwrap();
                let off = u128::from(drawn.unsigned_abs() + 1).abs_diff(2);
                if bernoulli::exponential(off * off, 12, &mut source).unwrap() {
                    return drawn;
                }
            }
        });
        assert!(misfit(&wrong, &gaussian_chances(6.0)) > 10.0);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn any_variance_in_range_can_be_drawn(top in 1..1_u64 << 46, bottom in 1..1_u64 << 46, seed: u64) {
            let gaussian = DiscreteGaussian::with_variance(top, bottom).unwrap();
            let drawn = gaussian.draw(&mut NoiseSource::test(seed)).unwrap();
            prop_assert!((drawn.unsigned_abs() as f64) <= 40.0 * gaussian.variance().sqrt());
        }

        /// Symmetric, with the variance that its parameter promises, whatever the parameter.
        #[test]
        fn moments_are_those_of_the_parameter(top in 1..1_u64 << 30, bottom in 1..1000_u64, seed: u64) {
            let gaussian = DiscreteGaussian::with_variance(top, bottom).unwrap();
            let drawn = gaussian.draw_many(4000, &mut NoiseSource::test(seed)).unwrap();
            let variance = gaussian_variance(gaussian.variance());
            let mean = drawn.iter().sum::<i64>() as f64 / 4000.0;
            prop_assert!(mean.abs() <= 6.0 * (variance / 4000.0).sqrt());
            let seen = drawn.iter().map(|&x| x as f64 * x as f64).sum::<f64>() / 4000.0;
            prop_assert!((seen / variance - 1.0).abs() < 6.0 * (2.0 / 4000.0_f64).sqrt() + 0.02);
        }
    }

    fn gaussian_variance(parameter: f64) -> f64 {
        if parameter > 20.0 {
            return parameter;
        }
        let chances = gaussian_chances(parameter);
        2.0 * chances.iter().enumerate().map(|(x, chance)| (x * x) as f64 * chance).sum::<f64>()
    }
}
