//! What may be released, and what the gate allows.

use crate::aggregates::Aggregates;
use crate::attacks::{AuditOutcome, Stop};
use crate::published::PublishedTable;
use crate::rows::Rows;

/// Something that is to be released, or was.
#[derive(Debug, Clone, PartialEq)]
pub enum Candidate {
    /// Tables of exact or rounded counts with cells hidden.
    Tables(Vec<PublishedTable>),
    /// Tables of noised counts.
    Noisy {
        /// The tables.
        tables: Vec<PublishedTable>,
        /// What they cost together under zero-concentrated accounting.
        rho: f64,
    },
    /// Rows about people who do not exist.
    Microdata {
        /// The rows.
        rows: Rows,
        /// What they cost; nothing if they claim no differential privacy.
        rho: Option<f64>,
    },
    /// Counts of combinations that at least k people share.
    Aggregates(Aggregates),
}

/// What the gate allows.
#[derive(Debug, Clone, PartialEq)]
pub struct Limits {
    /// The fewest people that an exact number may be of.
    pub threshold: u64,
    /// How far an attack may be above its baseline.
    pub allowed_excess: f64,
    /// How far a test of membership in microdata may be, whatever ρ they claim.
    pub most_membership_excess: f64,
    /// People attacked.
    pub trials: usize,
    /// Draws them.
    pub seed: u64,
    /// Seconds of wall-clock time for each attack.
    pub seconds: u64,
    /// Columns that an outsider may know; all demographic ones if none is named.
    pub quasi_identifiers: Vec<String>,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            threshold: 10,
            allowed_excess: 0.05,
            most_membership_excess: 0.2,
            trials: 1000,
            seed: 1,
            seconds: 300,
            quasi_identifiers: Vec::new(),
        }
    }
}

/// The audit of tables, which solves linear programmes over all of them together.
pub type Audit<'a> = &'a (dyn Fn(&[&PublishedTable], &Stop) -> Result<AuditOutcome, String> + Sync);
