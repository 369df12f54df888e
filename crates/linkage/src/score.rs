//! Clusters held against the truth, where somebody knows it.
//!
//! In: the person of each record as found and as in truth, and its agency. Out: precision, recall
//! and F1 of pairs, of pairs across agencies and of whole persons ([`Scores`]), and how often pairs
//! of a probability are matches ([`CalibrationBin`]). Records without a truth ([`NO_TRUTH`]) are
//! left out of all of it. Only for measuring: nothing here may reach what finds the clusters.
//!
//! Pairs are counted from the sizes of groups, n(n - 1)/2 each, and never listed. Cost: three sorts
//! of 12 bytes for each record; one pass over the scored pairs.

mod calibration;

pub use calibration::{CalibrationBin, calibration};

use rayon::slice::ParallelSliceMut;

/// The truth of a record of which nobody knows it.
pub const NO_TRUTH: u32 = u32::MAX;

/// How much of what was found is right, and how much of what is right was found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rates {
    /// Right ones among those found; 1 when nothing was found.
    pub precision: f64,
    /// Found ones among those that are right; 1 when there is nothing to find.
    pub recall: f64,
    /// The harmonic mean of both.
    pub f1: f64,
}

/// Clusters held against the truth.
#[derive(Debug, Clone, PartialEq)]
pub struct Scores {
    /// Pairs of records of one person.
    pub pairs: Rates,
    /// Of these, pairs of records of two agencies.
    pub cross: Rates,
    /// Persons with exactly their records, those with one record included.
    pub clusters: Rates,
    /// Records of the largest cluster.
    pub largest: u64,
    /// Persons in truth.
    pub persons_true: u64,
}

impl Rates {
    fn of(both: u64, found: u64, right: u64) -> Rates {
        let share = |of: u64| if of == 0 { 1.0 } else { both as f64 / of as f64 };
        let f1 = if found + right == 0 { 1.0 } else { 2.0 * both as f64 / (found + right) as f64 };
        Rates { precision: share(found), recall: share(right), f1 }
    }
}

/// A record: person found, person in truth, agency.
type Row = (u32, u32, u16);

/// Holds clusters against the truth. The three slices have one entry for each record.
pub fn score(person: &[u32], truth: &[u32], agency: &[u16]) -> Scores {
    let mut rows: Vec<Row> = person
        .iter()
        .zip(truth)
        .zip(agency)
        .map(|((person, truth), agency)| (*person, *truth, *agency))
        .filter(|(_, truth, _)| *truth != NO_TRUTH)
        .collect();
    rows.par_sort_unstable_by_key(|(_, truth, agency)| (*truth, *agency));
    let right = pairs(&rows, |row| row.1);
    let right_cross = right - pairs(&rows, |row| (row.1, row.2));
    let persons_true = runs(&rows, |row| row.1).count() as u64;
    let most = rows.iter().map(|row| row.1).max().map_or(0, |most| most as usize + 1);
    let mut size_of_truth = vec![0_u32; most];
    rows.iter().for_each(|row| size_of_truth[row.1 as usize] += 1);
    rows.par_sort_unstable_by_key(|(person, _, agency)| (*person, *agency));
    let found = pairs(&rows, |row| row.0);
    let found_cross = found - pairs(&rows, |row| (row.0, row.2));
    rows.par_sort_unstable();
    let both = pairs(&rows, |row| (row.0, row.1));
    let both_cross = both - pairs(&rows, |row| *row);
    let (mut clusters, mut exact, mut largest) = (0, 0, 0);
    for cluster in runs(&rows, |row| row.0) {
        let truth = cluster[0].1;
        let whole = cluster.len() == size_of_truth[truth as usize] as usize;
        exact += u64::from(whole && cluster.iter().all(|row| row.1 == truth));
        clusters += 1;
        largest = largest.max(cluster.len() as u64);
    }
    Scores {
        pairs: Rates::of(both, found, right),
        cross: Rates::of(both_cross, found_cross, right_cross),
        clusters: Rates::of(exact, clusters, persons_true),
        largest,
        persons_true,
    }
}

/// Runs of rows with the same key.
fn runs<K: PartialEq>(rows: &[Row], key: impl Fn(&Row) -> K) -> impl Iterator<Item = &[Row]> {
    rows.chunk_by(move |one, two| key(one) == key(two))
}

/// Pairs within runs of the same key.
fn pairs<K: PartialEq>(rows: &[Row], key: impl Fn(&Row) -> K) -> u64 {
    runs(rows, key).map(|run| run.len() as u64 * (run.len() as u64 - 1) / 2).sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_small_case_by_hand() {
        // Found {0,1,2} {3} {4}; truth {0,1} {2,3} and nobody knows 4.
        let scores = score(&[0, 0, 0, 1, 2], &[5, 5, 9, 9, NO_TRUTH], &[0, 0, 1, 2, 0]);
        let third = 1.0 / 3.0;
        assert_eq!(scores.pairs, Rates { precision: third, recall: 0.5, f1: 0.4 });
        // 0 and 1 are of one agency: across, two pairs are found, one is right, none is both.
        assert_eq!(scores.cross, Rates { precision: 0.0, recall: 0.0, f1: 0.0 });
        assert_eq!(scores.clusters, Rates { precision: 0.0, recall: 0.0, f1: 0.0 });
        assert_eq!((scores.largest, scores.persons_true), (3, 2));
    }

    #[test]
    fn nothing_to_find() {
        let scores = score(&[], &[], &[]);
        assert_eq!(scores.pairs, Rates { precision: 1.0, recall: 1.0, f1: 1.0 });
    }

    proptest! {
        /// The same as listing all pairs.
        #[test]
        fn counting_equals_listing(
            rows in prop::collection::vec((0..6u32, 0..6u32, 0..3u16), 0..40),
        ) {
            let person: Vec<u32> = rows.iter().map(|row| row.0).collect();
            let truth: Vec<u32> = rows.iter().map(|row| if row.1 == 5 { NO_TRUTH } else { row.1 }).collect();
            let agency: Vec<u16> = rows.iter().map(|row| row.2).collect();
            let mut counts = [[0_u64; 3]; 2];
            for first in 0..rows.len() {
                for second in first + 1..rows.len() {
                    if truth[first] == NO_TRUTH || truth[second] == NO_TRUTH {
                        continue;
                    }
                    let found = u64::from(person[first] == person[second]);
                    let right = u64::from(truth[first] == truth[second]);
                    let across = agency[first] != agency[second];
                    for counts in counts.iter_mut().take(1 + usize::from(across)) {
                        counts[0] += found * right;
                        counts[1] += found;
                        counts[2] += right;
                    }
                }
            }
            let scores = score(&person, &truth, &agency);
            prop_assert_eq!(scores.pairs, Rates::of(counts[0][0], counts[0][1], counts[0][2]));
            prop_assert_eq!(scores.cross, Rates::of(counts[1][0], counts[1][1], counts[1][2]));
        }

        /// The truth itself is without fault.
        #[test]
        fn the_truth_scores_one(truth in prop::collection::vec(0..9u32, 1..40)) {
            let scores = score(&truth, &truth, &vec![0; truth.len()]);
            prop_assert_eq!((scores.pairs.f1, scores.clusters.f1), (1.0, 1.0));
        }
    }
}
