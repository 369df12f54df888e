//! What mechanisms cost, and the mechanism for a cost.

use super::{BudgetError, Rho};
use crate::noise::{DiscreteGaussian, ExponentialMechanism};

/// The discrete Gaussian that costs at most `rho` for counts that one person changes by a vector
/// whose squares add up to at most `squared_sensitivity`.
///
/// σ² = Δ²/(2ρ), a fraction that is exact: ρ = Δ²/(2σ²). Source: Canonne, Kamath, Steinke (2020),
/// theorem 14 (for vectors of counts, each with its own noise).
///
/// # Errors
/// A rho of zero, or a fraction too long for exact arithmetic.
pub fn gaussian_for(rho: Rho, squared_sensitivity: u64) -> Result<DiscreteGaussian, BudgetError> {
    let fault = BudgetError::NoMechanism { rho, sensitivity: squared_sensitivity };
    let (Some(numerator), Some(denominator)) =
        (squared_sensitivity.checked_mul(1_000_000_000), rho.billionths().checked_mul(2))
    else {
        return Err(fault);
    };
    DiscreteGaussian::with_variance(numerator, denominator).map_err(|_| fault)
}

/// What it costs to add draws of a discrete Gaussian to such counts: Δ²/(2σ²), rounded up.
pub fn gaussian_rho(gaussian: &DiscreteGaussian, squared_sensitivity: u64) -> Rho {
    let (numerator, denominator) = gaussian.variance_fraction();
    let top = u128::from(squared_sensitivity) * u128::from(denominator) * 1_000_000_000;
    Rho::from_billionths(u64::try_from(top.div_ceil(2 * u128::from(numerator))).unwrap_or(u64::MAX))
}

/// The exponential mechanism that costs at most `rho` for whole-number scores that one person
/// changes by at most `sensitivity`: the rate √(2ρ)/Δ, rounded down.
///
/// # Errors
/// A rho or sensitivity of zero, or so large a sensitivity that the rate is below 2^-40.
pub fn selection_for(rho: Rho, sensitivity: u64) -> Result<ExponentialMechanism, BudgetError> {
    let fault = BudgetError::NoMechanism { rho, sensitivity };
    // The square of the rate in 2^-40: 2ρ · 2^80 / Δ². Below 2^97 / 10^9 · … for ρ to 1000: in range.
    let squared = (u128::from(rho.billionths().min(1_000_000_000_000)) << 81) / 1_000_000_000;
    let squared_sensitivity = u128::from(sensitivity) * u128::from(sensitivity);
    let rate = squared.checked_div(squared_sensitivity).map_or(0, u128::isqrt);
    let rate = u64::try_from(rate).map_err(|_| fault.clone())?;
    ExponentialMechanism::with_rate(rate, 1 << 40).map_err(|_| fault)
}

/// What a selection costs: ½(Δ·rate)², rounded up.
pub fn selection_rho(mechanism: &ExponentialMechanism, sensitivity: u64) -> Rho {
    let loss = mechanism.rate() * sensitivity as f64;
    // A thousand-millionth more than the truth at most, and never less: the product is rounded by
    // less than one part in 10^15.
    let billionths = (0.5e9 * loss * loss * (1.0 + 1e-15)).ceil();
    Rho::from_billionths(billionths as u64)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_gaussian_for_a_rho_is_exact() {
        let gaussian = gaussian_for("0.125".parse().unwrap(), 1).unwrap();
        assert_eq!(gaussian.variance_fraction(), (4, 1));
        assert!(gaussian_for(Rho::ZERO, 1).is_err());
        assert!(selection_for(Rho::ZERO, 1).is_err());
        assert!(selection_for("0.1".parse().unwrap(), 0).is_err());
    }

    proptest! {
        /// What is set up for a cost costs that, to a thousand-millionth, and never more.
        #[test]
        fn mechanisms_cost_what_they_are_set_up_for(billionths in 1..20_000_000_000_u64, sensitivity in 1..1000_u64) {
            let rho = Rho::from_billionths(billionths);
            let gaussian = gaussian_for(rho, sensitivity).unwrap();
            prop_assert_eq!(gaussian_rho(&gaussian, sensitivity), rho);
            let mechanism = selection_for(rho, sensitivity).unwrap();
            let cost = selection_rho(&mechanism, sensitivity);
            prop_assert!(cost <= rho);
            prop_assert!(cost.billionths() + 2 + billionths / 100_000 >= billionths, "{cost} {rho}");
        }
    }
}
