//! Random draws for differential privacy, exact to the last bit.
//!
//! In: rational parameters (the variance of a Gaussian, the scale of a Laplace distribution, a rate
//! for selection). Out: integers, from the discrete distributions themselves: no floating-point
//! number takes part in a draw, since rounding is what breaks privacy in practice (Mironov 2012,
//! "On significance of the least significant bits for differential privacy", CCS).
//!
//! Randomness is the operating system's ([`NoiseSource::operating_system`]). A source with a seed
//! exists for tests ([`NoiseSource::test`]); what is drawn from it is never released.
//!
//! Source: Canonne, Kamath, Steinke (2020), "The discrete Gaussian for differential privacy",
//! NeurIPS, arXiv 2004.00010, algorithms 1 to 3. What is assumed and proved is in
//! `notes/noise.md`. The time of a draw depends on what is drawn: nobody outside may time it.

mod bernoulli;
mod gaussian;
mod laplace;
mod select;
mod source;
#[cfg(test)]
mod test_fit;

pub use gaussian::DiscreteGaussian;
pub use laplace::DiscreteLaplace;
pub use select::ExponentialMechanism;
pub use source::NoiseSource;

/// Why nothing could be drawn.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NoiseError {
    /// The operating system gave no random bytes.
    #[error("the operating system gives no random bytes: {0}")]
    NoRandomness(String),
    /// A parameter of zero, or one that exact arithmetic in 128 bits cannot hold.
    #[error("{what} is {numerator}/{denominator}; both numbers must be from 1 to 2^46 - 1")]
    Parameter {
        /// Which parameter.
        what: &'static str,
        /// Its numerator.
        numerator: u64,
        /// Its denominator.
        denominator: u64,
    },
    /// Nothing to select from.
    #[error("there is nothing to select from")]
    NoCandidates,
}

/// Numerators and denominators are below this: see the bounds beside each product.
const PARAMETER_LIMIT: u64 = 1 << 46;

/// A fraction in lowest terms, both numbers from 1 to 2^46 - 1.
fn lowest_terms(
    what: &'static str,
    numerator: u64,
    denominator: u64,
) -> Result<(u64, u64), NoiseError> {
    let (mut a, mut b) = (numerator, denominator);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    let common = a.max(1);
    let (top, bottom) = (numerator / common, denominator / common);
    let allowed = 1..PARAMETER_LIMIT;
    if allowed.contains(&top) && allowed.contains(&bottom) {
        Ok((top, bottom))
    } else {
        Err(NoiseError::Parameter { what, numerator, denominator })
    }
}
