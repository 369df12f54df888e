//! What a release costs in privacy, and what that amounts to.
//!
//! In: rho of zero-concentrated differential privacy ([`Rho`], held as a whole number of
//! thousand-millionths, so that sums are exact), or epsilon at a delta. Out: the one from the other,
//! rounded so that it is never better than the truth: a cost up, what may be spent down.
//!
//! Zero-concentrated differential privacy: Bun and Steinke (2016), "Concentrated differential
//! privacy", TCC, arXiv 1605.02065, definition 1.1; costs add up (lemma 2.3). What is assumed
//! stands in `notes/budget.md`.

mod convert;
mod costs;
mod parameters;
mod rho;

pub use convert::{attack_success_bound, epsilon_at, largest_rho};
pub use costs::{gaussian_for, gaussian_rho, selection_for, selection_rho};
pub use parameters::{Budget, Delta, Epsilon};
pub use rho::Rho;

/// Why a privacy parameter cannot be used.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum BudgetError {
    /// Epsilon of zero or less, infinite, or not a number.
    #[error("epsilon must be a number above 0, such as 4; it is {0}")]
    Epsilon(String),
    /// Delta outside its range.
    #[error("delta must be a number above 0 and below 1, such as 0.000001; it is {0}")]
    Delta(String),
    /// Rho that is no decimal number above zero.
    #[error("rho must be a decimal number above 0 and at most 1000, such as 0.5; it is {0}")]
    Rho(String),
    /// So small an epsilon that not a thousand-millionth of rho is left.
    #[error("epsilon {epsilon} at delta {delta} leaves no rho to spend; ask for more")]
    NothingToSpend {
        /// Epsilon.
        epsilon: f64,
        /// Delta.
        delta: f64,
    },
    /// So large an epsilon that nobody is protected.
    #[error(
        "epsilon {epsilon} at delta {delta} is more than rho {}: it protects nobody; ask for less, such as 4",
        Rho::MOST
    )]
    TooMuch {
        /// Epsilon.
        epsilon: f64,
        /// Delta.
        delta: f64,
    },
    /// A mechanism that cannot be set up for such a cost.
    #[error("no mechanism of sensitivity {sensitivity} costs at most rho {rho}")]
    NoMechanism {
        /// What it may cost.
        rho: Rho,
        /// By how much one person changes what is measured.
        sensitivity: u64,
    },
}
