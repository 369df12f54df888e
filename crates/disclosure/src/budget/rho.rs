//! Rho, in whole parts, so that sums are exact.

use std::fmt;
use std::iter::Sum;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::BudgetError;

/// Parts of one: rho is a whole number of them.
const PARTS: u64 = 1_000_000_000;
/// More than this protects nobody.
const LARGEST: u64 = 1000;

/// Rho of zero-concentrated differential privacy, in thousand-millionths.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Rho(u64);

impl Rho {
    /// Nothing spent.
    pub const ZERO: Rho = Rho(0);
    /// More than this protects nobody.
    pub const MOST: Rho = Rho(LARGEST * PARTS);

    /// From a whole number of thousand-millionths.
    pub const fn from_billionths(billionths: u64) -> Rho {
        Rho(billionths)
    }

    /// The whole number of thousand-millionths.
    pub const fn billionths(self) -> u64 {
        self.0
    }

    /// As a number, for formulas and print.
    pub fn value(self) -> f64 {
        self.0 as f64 / PARTS as f64
    }

    /// The sum; at the end of the range it stays there, which is more than any budget.
    #[must_use]
    pub const fn plus(self, other: Rho) -> Rho {
        Rho(self.0.saturating_add(other.0))
    }

    /// What is left after `other`, or nothing where it is more than there is.
    pub fn minus(self, other: Rho) -> Option<Rho> {
        self.0.checked_sub(other.0).map(Rho)
    }

    /// The share `numerator / denominator`, rounded down; a fraction of at most one.
    #[must_use]
    pub fn share(self, numerator: u64, denominator: u64) -> Rho {
        let part = u128::from(self.0) * u128::from(numerator) / u128::from(denominator.max(1));
        Rho(u64::try_from(part).unwrap_or(u64::MAX).min(self.0))
    }

    /// All of it in parts that are in proportion to weights: they add up to exactly this, and every
    /// part whose weight is above zero gets something as long as there are enough thousand-millionths.
    pub fn split(self, weights: &[f64]) -> Vec<Rho> {
        let weights: Vec<f64> =
            weights.iter().map(|&weight| if weight > 0.0 { weight } else { 0.0 }).collect();
        let total: f64 = weights.iter().sum();
        if total <= 0.0 || !total.is_finite() {
            return vec![Rho::ZERO; weights.len()];
        }
        let mut left = self.0;
        let mut parts: Vec<Rho> = weights
            .iter()
            .map(|weight| {
                let part = ((self.0 as f64 * (weight / total)) as u64).min(left);
                left -= part;
                Rho(part)
            })
            .collect();
        // What rounding left over, one each, to those that have least.
        let mut order: Vec<usize> =
            (0..parts.len()).filter(|&index| weights[index] > 0.0).collect();
        order.sort_by_key(|&index| (parts[index], index));
        while left > 0 {
            for &index in &order {
                if left > 0 {
                    parts[index].0 += 1;
                    left -= 1;
                }
            }
        }
        parts
    }
}

impl Sum for Rho {
    fn sum<I: Iterator<Item = Rho>>(parts: I) -> Rho {
        parts.fold(Rho::ZERO, Rho::plus)
    }
}

impl fmt::Display for Rho {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.0 / PARTS, self.0 % PARTS);
        let decimals = format!("{part:09}");
        let decimals = decimals.trim_end_matches('0');
        if decimals.is_empty() {
            write!(formatter, "{whole}")
        } else {
            write!(formatter, "{whole}.{decimals}")
        }
    }
}

impl fmt::Debug for Rho {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Rho({self})")
    }
}

impl FromStr for Rho {
    type Err = BudgetError;

    /// A decimal number from 0 to 1000; more than nine places are cut off, which spends less.
    fn from_str(text: &str) -> Result<Rho, BudgetError> {
        let fault = || BudgetError::Rho(text.to_owned());
        let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
        let digits = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(whole) || !digits(decimals) || (whole.is_empty() && decimals.is_empty()) {
            return Err(fault());
        }
        let whole: u64 = if whole.is_empty() { 0 } else { whole.parse().map_err(|_| fault())? };
        let nine: String = decimals.chars().chain("000000000".chars()).take(9).collect();
        let part: u64 = nine.parse().map_err(|_| fault())?;
        whole
            .checked_mul(PARTS)
            .map(|whole| whole + part)
            .filter(|&all| all <= LARGEST * PARTS)
            .map(Rho)
            .ok_or_else(fault)
    }
}

impl TryFrom<String> for Rho {
    type Error = BudgetError;

    fn try_from(text: String) -> Result<Rho, BudgetError> {
        text.parse()
    }
}

impl From<Rho> for String {
    fn from(rho: Rho) -> String {
        rho.to_string()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn rho_is_read_and_shown_exactly() {
        let rho: Rho = "0.25".parse().unwrap();
        assert_eq!((rho.billionths(), rho.to_string().as_str()), (250_000_000, "0.25"));
        assert_eq!("3".parse::<Rho>().unwrap().to_string(), "3");
        assert_eq!("0.1234567899".parse::<Rho>().unwrap().to_string(), "0.123456789");
        assert_eq!(serde_json::to_string(&rho).unwrap(), "\"0.25\"");
        assert!(serde_json::from_str::<Rho>("\"-1\"").is_err());
    }

    proptest! {
        #[test]
        fn what_is_shown_is_read_again(billionths in 0..=LARGEST * PARTS) {
            let rho = Rho::from_billionths(billionths);
            prop_assert_eq!(rho.to_string().parse::<Rho>().unwrap(), rho);
        }

        /// Nothing is lost and nothing is made in a split.
        #[test]
        fn parts_add_up_to_the_whole(
            billionths in 0..10_000_000_000_u64,
            weights in proptest::collection::vec(0.001..1000.0_f64, 1..50),
        ) {
            let whole = Rho::from_billionths(billionths);
            let parts = whole.split(&weights);
            prop_assert_eq!(parts.iter().copied().sum::<Rho>(), whole);
            prop_assert_eq!(parts.len(), weights.len());
        }

        #[test]
        fn a_share_never_exceeds_its_part(billionths in 0..10_000_000_000_u64, top in 0..1000_u64, bottom in 1..1000_u64) {
            let whole = Rho::from_billionths(billionths);
            let share = whole.share(top, bottom);
            prop_assert!(share <= whole);
            prop_assert!(u128::from(share.billionths()) * u128::from(bottom) <= u128::from(billionths) * u128::from(top));
        }
    }
}
