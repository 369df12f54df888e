//! What a reviewer could settle.
//!
//! In: groups of records whose being one person is uncertain. Out: for each the pair of records to
//! look at, from the one whose answer moves the count most ([`Undecided`]). With the probability p
//! that two groups are one person, the expected count is p lower than if they are two; the answer
//! moves it by 1 - p with probability p, and by p otherwise: 2p(1 - p) people on average.

use super::agglomerate::Joined;
use super::threshold::probability;

/// Two records to be looked at by a person.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Undecided {
    /// The first record of the pair that speaks most for the two groups being one person.
    pub first: u32,
    /// Its second record.
    pub second: u32,
    /// The log odds of this pair alone.
    pub strongest: f32,
    /// The log odds of the pair across the two groups that speaks most against.
    pub weakest: f32,
    /// How many pairs there are across the two groups.
    pub pairs: u32,
    /// The log odds taken off because one agency would hold two records of the person.
    pub penalty: f32,
    /// The probability that the two groups of records are one person.
    pub probability: f32,
    /// Whether they are one person in the clusters.
    pub linked: bool,
}

impl Undecided {
    /// What is uncertain of two groups; none when it is not.
    pub(super) fn of(joined: &Joined, records: &[u32], linked: bool) -> Option<Undecided> {
        let probability = probability(joined.support) as f32;
        (0.02..=0.98).contains(&probability).then(|| Undecided {
            first: records[joined.across.strongest.one as usize],
            second: records[joined.across.strongest.two as usize],
            strongest: joined.across.strongest.log_odds,
            weakest: joined.across.weakest.log_odds,
            pairs: joined.across.pairs,
            penalty: joined.penalty,
            probability,
            linked,
        })
    }

    /// By how many people the answer is expected to move the count.
    pub fn effect(&self) -> f32 {
        2.0 * self.probability * (1.0 - self.probability)
    }
}

/// Keeps those whose answers move the count most, in this order.
pub(super) fn keep_most_telling(undecided: &mut Vec<Undecided>, most: usize) {
    undecided.sort_unstable_by(|one, two| {
        let order = two.effect().total_cmp(&one.effect());
        order.then_with(|| (one.first, one.second).cmp(&(two.first, two.second)))
    });
    undecided.truncate(most);
}
