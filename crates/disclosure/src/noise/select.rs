//! Selection of one candidate by its score.

use super::{NoiseError, NoiseSource, bernoulli, lowest_terms};

/// The exponential mechanism: candidate r with a chance in proportion to exp(rate · score r).
///
/// With a score that one person changes by at most Δ it is 2Δ·rate-differentially private (McSherry
/// and Talwar 2007, theorem 6) and, its range being bounded, ½(Δ·rate)²-zero-concentrated (Cesar
/// and Rogers 2021, "Bounding, concentrating, and truncating", ALT, lemma 3.2; with ε = 2Δ·rate
/// that is ε²/8).
/// Permute-and-flip (McKenna and Sheldon 2020) is better at the same ε, but no bound below ε²/2 is
/// proved for it: at the same cost in ρ it would have half the rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExponentialMechanism {
    numerator: u64,
    denominator: u64,
}

impl ExponentialMechanism {
    /// With the rate `numerator / denominator` for each point of score.
    ///
    /// # Errors
    /// A number of zero, or of 2^46 and more in lowest terms.
    pub fn with_rate(numerator: u64, denominator: u64) -> Result<ExponentialMechanism, NoiseError> {
        let (numerator, denominator) = lowest_terms("the rate", numerator, denominator)?;
        Ok(ExponentialMechanism { numerator, denominator })
    }

    /// The rate for each point of score.
    pub fn rate(&self) -> f64 {
        self.numerator as f64 / self.denominator as f64
    }

    /// The place of the candidate that is selected.
    ///
    /// A candidate is drawn evenly and kept with the chance exp(-rate · (best - score)), until one
    /// is kept: exact, and at most as many tries as candidates on average.
    ///
    /// # Errors
    /// No candidates, or the operating system gives no random bytes.
    pub fn select(&self, scores: &[i64], source: &mut NoiseSource) -> Result<usize, NoiseError> {
        let best = scores.iter().copied().max().ok_or(NoiseError::NoCandidates)?;
        loop {
            let candidate = source.below(scores.len() as u64)? as usize;
            // Below 2^64 · 2^46.
            let numerator =
                u128::from(best.abs_diff(scores[candidate])) * u128::from(self.numerator);
            if bernoulli::exponential(numerator, u128::from(self.denominator), source)? {
                return Ok(candidate);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn candidates_are_selected_with_their_chances() {
        let scores = [10, 7, 10, -5, 4];
        let mechanism = ExponentialMechanism::with_rate(2, 7).unwrap();
        let weights = scores.map(|score| libm::exp(f64::from(score) * 2.0 / 7.0));
        let total: f64 = weights.iter().sum();
        let scores = scores.map(i64::from);
        let mut source = NoiseSource::test(8);
        let mut seen = [0_u32; 5];
        for _ in 0..100_000 {
            seen[mechanism.select(&scores, &mut source).unwrap()] += 1;
        }
        for (seen, weight) in seen.into_iter().zip(weights) {
            let chance = weight / total;
            let error = (chance * (1.0 - chance) / 1e5).sqrt();
            assert!((f64::from(seen) / 1e5 - chance).abs() < 4.5 * error, "{seen} for {chance}");
        }
    }

    #[test]
    fn extreme_scores_select_the_best_and_no_candidate_is_refused() {
        let mechanism = ExponentialMechanism::with_rate((1 << 46) - 1, 1).unwrap();
        let mut source = NoiseSource::test(1);
        assert_eq!(mechanism.select(&[i64::MIN, i64::MAX, 0], &mut source), Ok(1));
        assert_eq!(mechanism.select(&[], &mut source), Err(NoiseError::NoCandidates));
    }
}
