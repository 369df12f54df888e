//! Scored pairs to people.
//!
//! In: how many records there are and which agency each is of, the scored pairs
//! ([`ScoredPair`]), a function that scores a pair that was no candidate, and what reviewers
//! decided ([`Constraints`]). Out: people, each record's probability, every merge and why, what is
//! left for reviewers, and draws from the posterior with the count of each ([`Linked`]).
//!
//! | part | what |
//! |---|---|
//! | `threshold` | the threshold with the highest expected F1, without truth |
//! | `agencies` | how much less likely each agency is to hold two records of a person |
//! | `components` | pieces of work that do not touch |
//! | `evidence` | all cross pairs of two groups |
//! | `agglomerate` | merging in the order of the evidence |
//! | `cores`, `uncertain` | what is left to chance |
//! | `balance` | draws that hold as many matches as the probabilities say |
//! | `draws`, `toss`, `tally` | clusterings drawn from the posterior, counted |
//! | `review`, `review_file` | what a reviewer could settle, and decisions coming back |
//! | `chunk` | the same for a table that is not in memory, some components at a time |
//! | `count` | people beside records, overlaps of agencies |
//! | `clusters_file`, `histories` | the clusters, and capture histories, as CSV |
//! | `one_component`, `link` | the path through all of these |
//!
//! A connected component of likely pairs is no person: a mother's record looks like her daughter's,
//! the daughter's like her aunt's. Here a record joins others only when the evidence across ALL
//! pairs supports it. Assumes that log odds are calibrated for pairs; where pairs of a group err
//! together, the mean keeps that error from adding up.

mod agencies;
mod agglomerate;
mod balance;
mod chunk;
mod clusters_file;
mod components;
mod cores;
mod count;
mod draws;
mod evidence;
mod groups;
mod histories;
mod link;
mod one_component;
mod review;
mod review_file;
mod settings;
mod tally;
mod threshold;
mod toss;
mod uncertain;

pub(crate) use threshold::probability;

pub use chunk::{ALONE, Chunk, Clustered, Clustering, PairSums, number_people, sample_every};
pub use clusters_file::{PeopleRow, write_clusters, write_people};
pub use count::{ASSUMED_MISSED, ASSUMED_MISSED_IN_THE_CLEAR, Count};
pub use histories::write_histories;
pub use link::{Linked, link_pairs};
pub use review::Undecided;
pub use review_file::{DECISION_COLUMNS, Decisions, DecisionsError, read_decisions, write_review};
pub use settings::{ClusterError, ClusterSettings, Constraints, MOST_LISTS};
pub use tally::Draw;
pub use threshold::{ExpectedF1, best_expected_f1};

/// Which record is in which cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clusters {
    /// For each record its cluster. Clusters are numbered from 0 by their smallest record.
    pub cluster_of: Vec<u32>,
    /// How many clusters there are.
    pub clusters: u32,
}

/// Two records and how much speaks for their being one person.
///
/// `first` is below `second`; both number records from 0. `log_odds` is the natural logarithm of
/// the posterior odds, `ln(p / (1 - p))`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScoredPair {
    /// The lower record.
    pub first: u32,
    /// The higher record.
    pub second: u32,
    /// The natural logarithm of the posterior odds that the two are one person.
    pub log_odds: f32,
}

/// Two groups of records that became one, and why.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Merge {
    /// The first record of the pair that speaks most for it.
    pub first: u32,
    /// Its second record.
    pub second: u32,
    /// The log odds of this pair.
    pub strongest: f32,
    /// The first record of the pair that speaks least for it.
    pub weakest_first: u32,
    /// Its second record.
    pub weakest_second: u32,
    /// The log odds of this pair.
    pub weakest: f32,
    /// How many pairs there are across the two groups.
    pub pairs: u32,
    /// What was taken off because one agency now holds two records of the person; at most 0.
    pub penalty: f32,
    /// The mean log odds over all pairs across, the penalty and the shift: what was held to the threshold.
    pub support: f32,
}
