//! Pairs that are alike without comparing all: faster, and a few are missed.
//!
//! In: a [`Comparison`], the share of the pairs that must be found, a seed. Out: pairs, each
//! verified exactly, and an estimate of the share found ([`Found`]). Rows that have the same value
//! in a few bits drawn at random meet in a bucket (see `plan`); in a bucket sketches of a few words
//! are compared by the kernel, and rows whose sketches are near are compared exactly. Tables are
//! added until the share is reached.
//!
//! How it is known without knowing the pairs that were missed: a pair that differs in d of the bits
//! that keys are drawn from is found by L tables with a probability P(d) that is computed, not
//! fitted; so every pair found stands for 1 / P(d) pairs that are there (Horvitz and Thompson 1952).
//! Assumes that the places of the bits are as good as random, which hashing into a filter makes
//! them.
//!
//! The same seed finds the same pairs on every machine and any number of threads. Cost for n rows
//! with filters as linkage makes them: about n^1.3; memory a copy of the matrices and, for each of a
//! few tables at once, 12 to 36 bytes a row.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::comparison::{CompareError, Comparison, SimilarPair};
use super::kernel::{self, Bucket};
use super::plan::Plan;
use super::tables::{Columns, Table};
use super::threshold::Bound;

/// Tables made at once, and after which the share found is looked at.
const TABLES_AT_ONCE: usize = 4;
/// Pieces into which the buckets of a table are dealt.
const PIECES: usize = 32;
/// Pairs of sketches compared before those that pass are verified: 8 MB if all pass.
const SIFTED_AT_ONCE: usize = 1 << 20;

/// Rows that are verified together, so that some can be fetched while others are counted.
const VERIFIED_AT_ONCE: usize = 4096;

/// What a search found.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The pairs, sorted; each holds exactly.
    pub pairs: Vec<SimilarPair>,
    /// The estimated share of all pairs that hold which was found.
    pub recall: f64,
    /// Tables that were made; 0 when all pairs were compared.
    pub tables: usize,
    /// Bits of a key; 0 when all pairs were compared.
    pub key_bits: usize,
}

impl Comparison<'_> {
    /// Finds most of the pairs that hold; all of them, where that is cheaper.
    ///
    /// # Errors
    ///
    /// [`CompareError::Recall`] when `recall` is not above 0 and below 1;
    /// [`CompareError::TooMany`] when more than `most` pairs are found.
    pub fn search(&self, recall: f64, seed: u64, most: usize) -> Result<Found, CompareError> {
        if !(recall > 0.0 && recall < 1.0) {
            return Err(CompareError::Recall);
        }
        // Half way further, as the share is an estimate.
        let recall = recall + (1.0 - recall) / 2.0;
        let bound = Bound::new(self.threshold, self.left.bits());
        let plan = Plan::new(self, &bound, recall, seed);
        let sampled = match plan.tables {
            Some(enough) => self.sampled(&bound, &plan, recall, enough, most)?,
            None => None,
        };
        let all = || {
            let pairs = self.pairs(most)?;
            Ok(Found { pairs, recall: 1.0, tables: 0, key_bits: 0 })
        };
        sampled.map_or_else(all, Ok)
    }

    /// The search by tables; none when twice as many as should be enough were not.
    fn sampled(
        &self,
        bound: &Bound,
        plan: &Plan,
        recall: f64,
        enough: usize,
        most: usize,
    ) -> Result<Option<Found>, CompareError> {
        let search = Search {
            comparison: self,
            left: Columns::new(self.left),
            right: self.right.map(Columns::new),
            bound,
            plan,
            most,
        };
        let mut found = Found { pairs: vec![], recall: 0.0, tables: 0, key_bits: plan.key_bits };
        let mut by_distance = vec![0; self.left.bits() + 1];
        while found.tables < 2 * enough + TABLES_AT_ONCE {
            let tables: Vec<Option<Vec<SimilarPair>>> = (found.tables..)
                .take(TABLES_AT_ONCE)
                .collect::<Vec<usize>>()
                .into_par_iter()
                .map(|table| search.table(table))
                .collect();
            let too_many = CompareError::TooMany { most };
            let mut new =
                tables.into_iter().collect::<Option<Vec<_>>>().ok_or(too_many.clone())?.concat();
            new.par_sort_unstable();
            new.dedup();
            new.retain(|pair| found.pairs.binary_search(pair).is_err());
            search.count(&new, &mut by_distance);
            found.pairs.extend(new);
            // Two sorted runs, which the sort sees.
            found.pairs.sort();
            if found.pairs.len() > most {
                return Err(too_many);
            }
            found.tables += TABLES_AT_ONCE;
            found.recall = plan.recall(&by_distance, found.tables);
            // An estimate from pairs that stand for few others each; or all that can be asked for.
            let at_threshold = plan.finds(plan.at_threshold, found.tables);
            if (found.recall >= recall && at_threshold >= 0.8) || at_threshold >= recall {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }
}

/// Rows whose sketches are near, until they are verified; and the pairs among them that hold.
struct Near {
    rows: Vec<(u32, u32)>,
    shared: Vec<u32>,
    pairs: Vec<SimilarPair>,
}

struct Search<'a> {
    comparison: &'a Comparison<'a>,
    left: Columns,
    right: Option<Columns>,
    bound: &'a Bound,
    plan: &'a Plan,
    most: usize,
}

impl Search<'_> {
    /// The pairs that a table finds; none when they are too many.
    fn table(&self, number: usize) -> Option<Vec<SimilarPair>> {
        let sample = self.plan.sample(number);
        let left = Table::new(&self.left, &sample);
        let right = self.right.as_ref().map(|columns| Table::new(columns, &sample));
        let right = right.as_ref().unwrap_or(&left);
        let keys = 1usize << self.plan.key_bits;
        let found = AtomicUsize::new(0);
        let pieces: Vec<Vec<SimilarPair>> = (0..PIECES)
            .into_par_iter()
            .map(|piece| {
                let mut near = Near { rows: vec![], shared: vec![], pairs: vec![] };
                let mut counted = 0;
                for key in piece * keys / PIECES..(piece + 1) * keys / PIECES {
                    self.bucket((&left, left.bucket(key)), (right, right.bucket(key)), &mut near);
                    let new = near.pairs.len() - counted;
                    counted += new;
                    if found.fetch_add(new, Ordering::Relaxed) + new > self.most {
                        break;
                    }
                }
                self.verify(&mut near);
                found.fetch_add(near.pairs.len() - counted, Ordering::Relaxed);
                near.pairs
            })
            .collect();
        // A table finds a pair once: so many are too many, in whatever order they were found.
        (found.into_inner() <= self.most).then(|| pieces.concat())
    }

    /// The pairs of a bucket that are near; many at a time are verified.
    fn bucket(
        &self,
        (left, left_places): (&Table, Range<usize>),
        (right, right_places): (&Table, Range<usize>),
        near: &mut Near,
    ) {
        if left_places.is_empty() || right_places.is_empty() {
            return;
        }
        let step = (SIFTED_AT_ONCE / right_places.len()).max(4);
        for start in left_places.clone().step_by(step) {
            let bucket = Bucket {
                left: &left.sketches,
                right: &right.sketches,
                left_places: start..left_places.end.min(start + step),
                right_places: right_places.clone(),
                within: self.right.is_none(),
                most: self.plan.most_apart,
            };
            let before = near.rows.len();
            kernel::sift(self.comparison.path, &bucket, &mut near.rows);
            for (a, b) in &mut near.rows[before..] {
                (*a, *b) = (left.rows[*a as usize], right.rows[*b as usize]);
            }
            if near.rows.len() >= VERIFIED_AT_ONCE {
                self.verify(near);
            }
            if near.pairs.len() > self.most {
                return;
            }
        }
    }

    /// Keeps of the rows that are near the pairs that hold.
    fn verify(&self, near: &mut Near) {
        let left = self.comparison.left;
        let right = self.comparison.right.unwrap_or(left);
        kernel::shared(self.comparison.path, (left, right), &near.rows, &mut near.shared);
        for ((first, second), shared) in near.rows.drain(..).zip(near.shared.drain(..)) {
            let total = left.ones()[first as usize] + right.ones()[second as usize];
            if self.bound.holds(shared, total) {
                near.pairs.push(SimilarPair { first, second, shared, total });
            }
        }
    }

    /// Counts pairs by the number of places in which they differ.
    fn count(&self, pairs: &[SimilarPair], by_distance: &mut [usize]) {
        let left = self.comparison.left;
        let right = self.comparison.right.unwrap_or(left);
        for pair in pairs {
            let rows = left.row(pair.first as usize).iter().zip(right.row(pair.second as usize));
            let apart =
                rows.zip(&self.plan.mask).map(|((a, b), mask)| ((a ^ b) & mask).count_ones());
            by_distance[apart.sum::<u32>() as usize] += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::kernel::Path;
    use super::super::threshold::Threshold;
    use super::*;
    use crate::dice::BitMatrix;
    use crate::dice::tests::{matrix, rows, threshold};

    /// Rows that are alike in twos and threes, by a few bits more or less, among many others.
    fn families(rows: u64) -> BitMatrix {
        let kinds =
            (0..rows).map(|row| (if row % 3 == 0 { 3 } else { 5 + (row % 2) as u8 }, row << 24));
        matrix(8, kinds.collect())
    }

    /// By tables, however few the rows.
    fn sampled(comparison: &Comparison<'_>, recall: f64, seed: u64) -> Option<Found> {
        let bound = Bound::new(comparison.threshold, comparison.left.bits());
        let plan = Plan::new(comparison, &bound, recall, seed);
        comparison.sampled(&bound, &plan, recall, 50, usize::MAX).unwrap()
    }

    #[test]
    fn finds_the_share_that_was_asked_for() {
        let rows = families(6000);
        for threshold in [Threshold::dice(17, 20).unwrap(), Threshold::hamming(70)] {
            let comparison = Comparison::within(&rows, threshold);
            let all = comparison.pairs(usize::MAX).unwrap();
            assert!(all.len() > 3000, "{}", all.len());
            for seed in 0..5 {
                let found = sampled(&comparison, 0.995, seed).unwrap();
                let recall = found.pairs.len() as f64 / all.len() as f64;
                assert!(recall >= 0.99, "{recall}, said to be {}", found.recall);
                assert!((recall - found.recall).abs() < 0.01, "{recall}, {}", found.recall);
            }
        }
    }

    #[test]
    fn paths_and_threads_change_nothing() {
        let (left, right) = (families(3000), families(2000));
        let comparison =
            Comparison::between(&left, &right, Threshold::dice(9, 10).unwrap()).unwrap();
        let expected = sampled(&comparison, 0.9, 7).unwrap();
        assert!(expected.pairs.len() > 1000);
        for (threads, path) in [(1, Path::Scalar), (3, Path::Avx2), (2, Path::Avx512)] {
            if path.is_here() {
                let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
                let comparison = comparison.on(path).unwrap();
                let found = pool.install(|| sampled(&comparison, 0.9, 7)).unwrap();
                assert_eq!(found, expected);
            }
        }
        assert_ne!(sampled(&comparison, 0.9, 8).unwrap().pairs, expected.pairs);
    }

    #[test]
    fn what_cannot_be_asked() {
        let rows = BitMatrix::new(64, vec![7; 10]).unwrap();
        let comparison = Comparison::within(&rows, Threshold::hamming(0));
        for recall in [0.0, 1.0, f64::NAN] {
            assert_eq!(comparison.search(recall, 1, 100), Err(CompareError::Recall));
        }
        assert_eq!(comparison.search(0.9, 1, 44), Err(CompareError::TooMany { most: 44 }));
        assert_eq!(comparison.search(0.9, 1, 45).unwrap().pairs.len(), 45);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        /// Whatever the rows: none, empty ones, equal ones; and never a pair that does not hold.
        #[test]
        fn finds_only_pairs_that_hold(
            words in 1usize..9, left in rows(60), right in rows(60), threshold in threshold(),
            seed: u64,
        ) {
            let (left, right) = (matrix(words, left), matrix(words, right));
            let between = Comparison::between(&left, &right, threshold).unwrap();
            for comparison in [between, Comparison::within(&left, threshold)] {
                let all = comparison.pairs(usize::MAX).unwrap();
                let searched = comparison.search(0.9, seed, usize::MAX).unwrap();
                prop_assert!(searched.tables > 0 || searched.pairs == all);
                for found in [Some(searched), sampled(&comparison, 0.9, seed)].into_iter().flatten() {
                    prop_assert!(found.pairs.is_sorted());
                    prop_assert!(found.pairs.iter().all(|pair| all.binary_search(pair).is_ok()));
                }
            }
        }
    }
}
