//! Epsilon, delta and a budget, each checked once.

use serde::{Deserialize, Serialize};

use super::{BudgetError, Rho, epsilon_at, largest_rho};

/// Epsilon of differential privacy: a finite number above zero.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Epsilon(f64);

impl Epsilon {
    /// Checks it.
    ///
    /// # Errors
    /// Zero, less, infinite, or not a number.
    pub fn new(value: f64) -> Result<Epsilon, BudgetError> {
        if value > 0.0 && value.is_finite() {
            Ok(Epsilon(value))
        } else {
            Err(BudgetError::Epsilon(value.to_string()))
        }
    }

    /// The number.
    pub fn value(self) -> f64 {
        self.0
    }
}

/// Delta of differential privacy: a number strictly between zero and one.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Delta(f64);

impl Delta {
    /// What a ledger reckons with unless it is told otherwise: one in a million.
    pub const LEDGER: Delta = Delta(1e-6);

    /// Checks it.
    ///
    /// # Errors
    /// Outside zero to one, or not a number.
    pub fn new(value: f64) -> Result<Delta, BudgetError> {
        if value > 0.0 && value < 1.0 {
            Ok(Delta(value))
        } else {
            Err(BudgetError::Delta(value.to_string()))
        }
    }

    /// 1 / (n ln n) for a noised number of people, and never above that of three people.
    pub fn for_people(people: u64) -> Delta {
        let people = people.max(3) as f64;
        Delta(1.0 / (people * libm::log(people)))
    }

    /// The number.
    pub fn value(self) -> f64 {
        self.0
    }
}

impl TryFrom<f64> for Delta {
    type Error = BudgetError;

    fn try_from(value: f64) -> Result<Delta, BudgetError> {
        Delta::new(value)
    }
}

impl From<Delta> for f64 {
    fn from(delta: Delta) -> f64 {
        delta.0
    }
}

/// What may be spent on one person in all, at the delta that it is reckoned with.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Budget {
    /// What may be spent.
    pub rho: Rho,
    /// The delta at which epsilon is told.
    pub delta: Delta,
}

impl Budget {
    /// The largest rho whose epsilon at a delta is at most the one given.
    ///
    /// # Errors
    /// An epsilon too small for any rho, or so large that it protects nobody.
    pub fn from_epsilon(epsilon: Epsilon, delta: Delta) -> Result<Budget, BudgetError> {
        let rho = largest_rho(epsilon, delta);
        if rho == Rho::ZERO {
            return Err(BudgetError::NothingToSpend { epsilon: epsilon.0, delta: delta.0 });
        }
        if rho > Rho::MOST {
            return Err(BudgetError::TooMuch { epsilon: epsilon.0, delta: delta.0 });
        }
        Ok(Budget { rho, delta })
    }

    /// From what a user writes: `4` is an epsilon, `rho:0.5` a rho.
    ///
    /// # Errors
    /// Zero, less, not a number, or too small.
    pub fn parse(text: &str, delta: Delta) -> Result<Budget, BudgetError> {
        if let Some(rho) = text.trim().strip_prefix("rho:") {
            let rho: Rho = rho.parse()?;
            if rho == Rho::ZERO {
                return Err(BudgetError::Rho(text.to_owned()));
            }
            return Ok(Budget { rho, delta });
        }
        let epsilon: f64 =
            text.trim().parse().map_err(|_| BudgetError::Epsilon(format!("{text:?}")))?;
        Budget::from_epsilon(Epsilon::new(epsilon)?, delta)
    }

    /// Epsilon of all of it, at its delta.
    pub fn epsilon(self) -> f64 {
        epsilon_at(self.rho, self.delta)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_parameter_is_refused() {
        for text in [
            "0", "-1", "NaN", "inf", "four", "", "rho:", "rho:0", "rho:-1", "rho:1e3", "rho:1001",
            "rho:NaN", "1e-9", "1e9", "1e300", "5000",
        ] {
            assert!(Budget::parse(text, Delta::LEDGER).is_err(), "{text}");
        }
        for delta in [0.0, 1.0, -1.0, f64::NAN] {
            assert!(Delta::new(delta).is_err());
        }
    }
}
