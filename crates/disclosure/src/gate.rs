//! The gate: every attack that applies to a release, and a refusal if one of them works.
//!
//! In: what is to be released ([`Candidate`]), what was released of the same data set before, the
//! real rows, and limits. Out: a [`GateReport`] with each attack's success beside its baseline.
//!
//! It fails closed: an attack that panics, runs out of time or cannot be carried out is a refusal,
//! and so is a release to which no attack applies. Attacks veto; passing them is not called proof.

mod candidate;
mod conduct;
mod plan;
mod report;
#[cfg(test)]
mod tests;

pub use candidate::{Audit, Candidate, Limits};
pub use report::{GateReport, Undone};

use crate::attacks::{Attack, AttackError, Trials};
use crate::rows::Rows;

/// Attacks a release.
///
/// Work: on 50,000 rows of 27 columns seconds of CPU for microdata, less for the rest.
pub fn check(
    release: &Candidate,
    earlier: &[Candidate],
    rows: &Rows,
    limits: &Limits,
    audit: Audit<'_>,
) -> GateReport {
    let mut attacks = Vec::new();
    let mut undone = Vec::new();
    for (name, attack) in plan::attacks(release, earlier, rows, limits, audit) {
        match conduct::in_time(attack, limits) {
            Ok(mut done) => attacks.append(&mut done),
            Err(why) => undone.push(Undone { attack: name.to_owned(), why: why.to_string() }),
        }
    }
    GateReport { attacks, undone }
}

/// An attack that has yet to be carried out.
type Planned<'a> = Box<dyn Fn(Trials<'_>) -> Result<Vec<Attack>, AttackError> + Send + Sync + 'a>;
