//! Why a ledger refuses.

use std::path::PathBuf;

use crate::budget::{BudgetError, Rho};
use crate::released::Regime;

/// Why a ledger refuses. Nothing is spent then, unless it says so.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LedgerError {
    /// A ledger would be overwritten.
    #[error("there is a file at {0} already; a ledger is never made twice")]
    AlreadyThere(PathBuf),
    /// No ledger.
    #[error(
        "there is no ledger at {0}; make one with `clearway release ledger init`, once for each data set"
    )]
    Missing(PathBuf),
    /// The disk.
    #[error("cannot {what} {path}: {source}")]
    Disk {
        /// What was tried.
        what: &'static str,
        /// With which file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A line that does not fit.
    #[error(
        "the ledger at {path} does not verify: line {line}: {fault}; nothing is spent. Compare it with a copy"
    )]
    Unverified {
        /// The ledger.
        path: PathBuf,
        /// The line, from 1.
        line: u64,
        /// What is wrong with it.
        fault: LineFault,
    },
    /// Everything that is wrong with what was asked.
    #[error("{}", .0.join("; "))]
    Invalid(Vec<String>),
    /// More than is left.
    #[error(
        "this release costs rho {asked}, and of {budget} only {left} is left: epsilon {epsilon_left:.4} at delta {delta:e}. Ask for at most that: a budget is never refilled"
    )]
    Overspent {
        /// What was asked.
        asked: Rho,
        /// What is left.
        left: Rho,
        /// What there was.
        budget: Rho,
        /// Epsilon of what is left.
        epsilon_left: f64,
        /// At this delta.
        delta: f64,
    },
    /// Another regime.
    #[error("{}", regime_reason(*.before, *.asked))]
    OtherRegime {
        /// The regime of the data set.
        before: Regime,
        /// What was asked.
        asked: Regime,
    },
    /// A second k-anonymous release.
    #[error(
        "a k-anonymous release of this data set was made already ({0}). A second one gives away who was added between the two: it is refused"
    )]
    SecondKAnonymous(String),
    /// A name that was used.
    #[error("a release named \"{0}\" is in the ledger already; give this one another name")]
    NameUsed(String),
    /// Noise with a seed.
    #[error("noise with a seed is for tests: it is never released and spends nothing")]
    TestNoise,
    /// A private release without noise.
    #[error("a private release needs a source of noise")]
    NoNoise,
    /// Noise that could be released, and no ledger to write it into.
    #[error("nothing is released without a ledger; noise with a seed, for tests, needs none")]
    NoLedger,
    /// A release that the ledger does not know, or only as begun.
    #[error("the ledger knows no completed release named \"{0}\"")]
    NotCompleted(String),
    /// An entry that is completed already, or is not there.
    #[error("entry {0} of the ledger is not one that was begun and not completed")]
    NotPending(u64),
    /// Files that are not what was released.
    #[error("{} of the release's files are not what the ledger says: {}. They were changed, or are of another release of the same name, such as a test", .0.len(), .0.join("; "))]
    Files(Vec<String>),
    /// A parameter of privacy.
    #[error(transparent)]
    Budget(#[from] BudgetError),
}

/// What is wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LineFault {
    /// Nothing in the file.
    #[error("the file is empty: making the ledger was interrupted; remove it and make it again")]
    Empty,
    /// Not a line of a ledger.
    #[error("it is not a line of a ledger ({0})")]
    Form(String),
    /// Changed.
    #[error("its hash does not fit what it says: it was changed")]
    Hash,
    /// Left out, put in, or moved.
    #[error("it does not follow the line before: a line was left out, put in or moved")]
    Order,
    /// Something that a ledger never does.
    #[error("{0}")]
    Rule(String),
}

fn regime_reason(before: Regime, asked: Regime) -> String {
    match (before, asked) {
        (Regime::Private, _) => {
            "this data set was released under differential privacy; an exact release would make its epsilon unbounded: it is refused".to_owned()
        }
        (_, Regime::Private) => {
            "exact counts of this data set were released, so that its epsilon is unbounded; a private release would promise what no longer holds: it is refused".to_owned()
        }
        (before, asked) => format!(
            "this data set is released as {}, once and for all; {} is refused",
            regime_name(before),
            regime_name(asked)
        ),
    }
}

fn regime_name(regime: Regime) -> &'static str {
    match regime {
        Regime::Suppressed => "suppressed tables",
        Regime::Private => "differentially private",
        Regime::KAnonymous => "k-anonymous aggregates",
    }
}
