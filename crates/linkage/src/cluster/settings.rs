//! How to cluster, and what can be wrong with the input.

/// How scored pairs become people.
#[derive(Debug, Clone, PartialEq)]
pub struct ClusterSettings {
    /// The log odds from which two groups of records are taken for one person; by default the
    /// value with the highest expected F1 (see [`best_expected_f1`](crate::best_expected_f1)).
    pub threshold: Option<f32>,
    /// No person gets more records than this; what would join them is refused and counted.
    pub largest: u32,
    /// How many clusterings are drawn from the posterior, at least 1.
    pub draws: u32,
    /// The seed of the draws.
    pub seed: u64,
    /// The standard deviation of an error that all log odds of a draw share. Probabilities are
    /// estimates, and an error in the weights moves all of them the same way, which independent
    /// draws would average out.
    pub shared_error: f32,
    /// The list that each agency belongs to, below [`MOST_LISTS`]; empty for no capture histories.
    pub lists: Vec<u8>,
    /// How many uncertain pairs to give to reviewers.
    pub review: usize,
}

/// Capture histories are tabled for at most so many lists.
pub const MOST_LISTS: u8 = 12;

impl Default for ClusterSettings {
    fn default() -> ClusterSettings {
        ClusterSettings {
            threshold: None,
            largest: 40,
            draws: 40,
            seed: 1,
            shared_error: 0.3,
            lists: Vec::new(),
            review: 1_000,
        }
    }
}

/// What reviewers decided; record numbers, in either order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Constraints {
    /// One person.
    pub same: Vec<(u32, u32)>,
    /// Not one person.
    pub different: Vec<(u32, u32)>,
}

/// Why records cannot be clustered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ClusterError {
    /// More records than a record number can name.
    #[error("{records} records are more than can be numbered: at most 4,294,967,294 at once")]
    TooManyRecords {
        /// How many there are.
        records: usize,
    },
    /// A pair that names no two records in order, or whose log odds are no number.
    #[error(
        "scored pair {index} ({first}, {second}) is wrong: expected first < second < {records} \
         and log odds that are a number"
    )]
    Pair {
        /// Its place among the pairs.
        index: usize,
        /// Its first record.
        first: u32,
        /// Its second record.
        second: u32,
        /// How many records there are.
        records: usize,
    },
    /// A decision about a record that there is not, or about one record and itself.
    #[error(
        "a decision names the records {first} and {second}: expected two records below {records}"
    )]
    Decision {
        /// Its first record.
        first: u32,
        /// Its second record.
        second: u32,
        /// How many records there are.
        records: usize,
    },
    /// Decisions that cannot all be right.
    #[error(
        "decisions contradict each other: records {first} and {second} are said to be different \
         people, and through other decisions the same; withdraw one of them"
    )]
    Contradiction {
        /// The first record of the pair that was said to be different.
        first: u32,
        /// Its second record.
        second: u32,
    },
    /// An agency without a list, or a list beyond what can be tabled.
    #[error("agency {agency} has no list from 0 to {}: name one for each agency", MOST_LISTS - 1)]
    List {
        /// The number of the agency.
        agency: u16,
    },
}
