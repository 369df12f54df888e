//! What an attacker would do with a release, and how often it works.
//!
//! Each attack is a pure function of the real rows, what was released and a seed. It says how often
//! it succeeds beside how often the same guess succeeds *without* the person's row in the release
//! ([`Attack`]): that is what a release of everybody else, or of no one, would allow anyway. What a
//! release teaches about groups is its purpose; what it teaches about one person because her row
//! went in is a leak.
//!
//! | module | the attacker's question | baseline |
//! |---|---|---|
//! | `audit` | which hidden cells follow from what is shown? | none may |
//! | `small_cells` | does a cell show fewer people than the threshold? | none may |
//! | `amounts_beside_others` | are amounts known together with another exact release? | none may |
//! | `subtraction` | which small groups are left when shown counts are subtracted? | none may |
//! | `differencing` | does an earlier release, subtracted, show a small group, or one person? | none may; 1/2 |
//! | `noised` | was her count of one added before the noise? (knows all else) | 1/2 |
//! | `membership` | was her row used? (by marginals, by the nearest row) | 1/2 |
//! | `linkage` | is the one row like her hers? | the other person most like her |
//! | `linkage_to_aggregates` | what have all who are like her in common? | the other person most like her |
//! | `singling_out` | is there exactly one such person? | the same from half the people about the other half |
//!
//! # Verdict
//!
//! A release is vetoed when the lower end of the 99 % interval of (success - baseline) is above the
//! allowed excess. Attacks whose findings are certain (the first four) allow nothing. Elsewhere the
//! allowed excess is 0.05, and where a release claims ρ-zCDP, ½√(ρ/2) for questions of membership:
//! no test of whether a person is in can be right more often than ½ + ½√(ρ/2), by Pinsker's
//! inequality from Bun and Steinke (2016), definition 1.1. Passing is not called proof: these are
//! the attacks we know.

mod attack;
mod audit;
mod bitmaps;
mod cells;
mod differencing;
mod experiment;
mod hits;
mod linkage;
mod linkage_to_aggregates;
#[cfg(test)]
pub(crate) mod made_up;
mod marginals;
mod membership;
mod nearest;
mod noised;
mod numbers;
mod random;
mod shared_noise;
mod singling_out;
mod subtraction;
#[cfg(test)]
mod tests;

pub(crate) use differencing::small_differences_of;
pub(crate) use numbers::{Numbers, agree, numbers_of_aggregates, numbers_of_tables};
pub(crate) use random::{as_released, together};

pub use attack::{Attack, AttackError, Stop, Trials, Verdict, claimed_excess};
pub use audit::{AuditOutcome, amounts_beside_others, audit, small_cells};
pub use differencing::{crossings, hidden_and_shown, small_differences};
pub use experiment::{
    Growth, NoisyCounts, differencing_exact, differencing_noised, k_anonymous_rows,
};
pub use linkage::{linkage, quasi_identifiers};
pub use linkage_to_aggregates::linkage_to_aggregates;
pub use membership::{membership_by_marginals, membership_by_nearest};
pub use noised::membership_in_noised;
pub use singling_out::{singling_out, singling_out_by_one_column};
pub use subtraction::subtraction;
