//! What a ledger allows.

use super::day::is_day;
use super::entry::{DataSet, Proposal};
use super::error::LedgerError;
use super::file::Chain;
use crate::budget::{Budget, Rho, epsilon_at};
use crate::noise::NoiseSource;
use crate::released::Regime;

/// Everything that is wrong with a data set and its budget.
pub(super) fn faults_of_data_set(data_set: &DataSet, budget: &Budget) -> Vec<String> {
    let mut faults = Vec::new();
    if data_set.name.trim().is_empty() {
        faults.push("the data set needs a name".to_owned());
    }
    if data_set.unit.trim().is_empty() {
        faults.push("the ledger needs a unit, such as \"one person\"".to_owned());
    }
    if data_set.rows_per_person == 0 {
        faults.push("rows for each person must be at least 1".to_owned());
    }
    if budget.rho == Rho::ZERO {
        faults.push("the budget must be above 0".to_owned());
    }
    faults
}

/// Everything that is wrong with a proposal in itself.
pub(super) fn faults_of_proposal(proposal: &Proposal) -> Vec<String> {
    let mut faults = Vec::new();
    if proposal.name.trim().is_empty() {
        faults.push("the release needs a name".to_owned());
    }
    if !is_day(&proposal.day) {
        faults.push(format!("the day must be YYYY-MM-DD, not \"{}\"", proposal.day));
    }
    if proposal.parts.is_empty() {
        faults.push("the release has no part: say what is published and what it costs".to_owned());
    }
    let private = proposal.regime == Regime::Private;
    for part in &proposal.parts {
        if private == (part.rho == Rho::ZERO) {
            let words = if private {
                "costs nothing in a private release"
            } else {
                "has a rho in an exact release"
            };
            faults.push(format!("the part \"{}\" {words}", part.what));
        }
    }
    faults
}

/// Private releases draw from the operating system's generator; noise with a seed never gets in.
pub(super) fn check_noise(
    proposal: &Proposal,
    noise: Option<&NoiseSource>,
) -> Result<(), LedgerError> {
    match noise {
        Some(source) if !source.releasable() => Err(LedgerError::TestNoise),
        None if proposal.regime == Regime::Private => Err(LedgerError::NoNoise),
        _ => Ok(()),
    }
}

/// Whether a proposal may be begun after what is there.
pub(super) fn allow(chain: &Chain, proposal: &Proposal) -> Result<(), LedgerError> {
    if let Some(before) = chain.regime().filter(|&before| before != proposal.regime) {
        return Err(LedgerError::OtherRegime { before, asked: proposal.regime });
    }
    let mut completed = chain.entries.iter().filter(|entry| entry.completed.is_some());
    if completed.clone().any(|entry| entry.proposal.name == proposal.name) {
        return Err(LedgerError::NameUsed(proposal.name.clone()));
    }
    match proposal.regime {
        Regime::KAnonymous => match completed.next() {
            Some(entry) => Err(LedgerError::SecondKAnonymous(entry.proposal.name.clone())),
            None => Ok(()),
        },
        Regime::Private if proposal.rho() > chain.remaining() => {
            Err(overspend(chain, proposal.rho()))
        }
        Regime::Private | Regime::Suppressed => Ok(()),
    }
}

/// More than is left; after an exact release that is so for anything, for another reason.
pub(super) fn overspend(chain: &Chain, asked: Rho) -> LedgerError {
    match chain.regime() {
        Some(before @ (Regime::Suppressed | Regime::KAnonymous)) => {
            LedgerError::OtherRegime { before, asked: Regime::Private }
        }
        Some(Regime::Private) | None => LedgerError::Overspent {
            asked,
            left: chain.remaining(),
            budget: chain.budget.rho,
            epsilon_left: epsilon_at(chain.remaining(), chain.budget.delta),
            delta: chain.budget.delta.value(),
        },
    }
}
