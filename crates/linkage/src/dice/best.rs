//! The best few partners of each row.
//!
//! In: a [`Comparison`] and how many partners a row may have. Out: for each left row its best
//! partners; within one matrix the best among all other rows. Rows that are alike to the same degree
//! come by their number, so that the answer depends on nothing but the rows. Cost: as for all pairs,
//! within one matrix twice that; memory the answer, and the pairs of a tile for each thread.

use std::cmp::Ordering;

use rayon::prelude::*;

use super::comparison::{Comparison, Prepared, SimilarPair, TILE};

impl Comparison<'_> {
    /// The best `most` partners of each left row, in the order of the rows, among those that hold:
    /// by Dice coefficient, then by their numbers. `first` is the left row, also within one matrix.
    pub fn best(&self, most: usize) -> Vec<Vec<SimilarPair>> {
        let prepared = Prepared::new(self);
        let rows = prepared.left.rows();
        let blocks: Vec<usize> = (0..rows).step_by(TILE.0).collect();
        let of_sorted: Vec<Vec<SimilarPair>> = blocks
            .into_par_iter()
            .flat_map_iter(|start| of_block(&prepared, start..rows.min(start + TILE.0), most))
            .collect();
        let mut best = vec![vec![]; rows];
        for (row, pairs) in prepared.left.original.iter().zip(of_sorted) {
            best[*row as usize] = pairs;
        }
        best
    }
}

/// The best partners of some sorted rows.
fn of_block(
    prepared: &Prepared,
    rows: std::ops::Range<usize>,
    most: usize,
) -> Vec<Vec<SimilarPair>> {
    let mut best = vec![vec![]; rows.len()];
    let partners = prepared.partners(&rows);
    for start in partners.clone().step_by(TILE.1) {
        let tile = start..partners.end.min(start + TILE.1);
        prepared.hits(rows.clone(), tile, |a, b, pair| {
            if prepared.right.is_some() || a != b {
                best[a as usize - rows.start].push(pair);
            }
        });
        best.iter_mut().for_each(|pairs| keep_best(pairs, most));
    }
    best
}

fn keep_best(pairs: &mut Vec<SimilarPair>, most: usize) {
    pairs.sort_unstable_by(better_first);
    pairs.truncate(most);
}

/// By `shared / total`, the larger first, in integers; then by the partner.
fn better_first(one: &SimilarPair, other: &SimilarPair) -> Ordering {
    let share = |of: &SimilarPair, by: &SimilarPair| u64::from(of.shared) * u64::from(by.total);
    share(other, one).cmp(&share(one, other)).then(one.second.cmp(&other.second))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::dice::tests::{matrix, rows, threshold};

    proptest! {
        #[test]
        fn best_are_the_first_of_all(
            words in 1usize..5, left in rows(60), right in rows(60), threshold in threshold(),
            most in 0usize..6,
        ) {
            let (left, right) = (matrix(words, left), matrix(words, right));
            let between = Comparison::between(&left, &right, threshold).unwrap();
            for comparison in [between, Comparison::within(&left, threshold)] {
                let mut expected = vec![vec![]; left.rows()];
                for pair in comparison.pairs(usize::MAX).unwrap() {
                    expected[pair.first as usize].push(pair);
                    if comparison.right.is_none() {
                        let (first, second) = (pair.second, pair.first);
                        expected[first as usize].push(SimilarPair { first, second, ..pair });
                    }
                }
                expected.iter_mut().for_each(|pairs| keep_best(pairs, most));
                prop_assert_eq!(comparison.best(most), expected);
            }
        }
    }

    #[test]
    fn equally_good_come_by_number() {
        let same = matrix(1, vec![(3, 5); 4]);
        let best = Comparison::within(&same, crate::dice::Threshold::hamming(0)).best(2);
        let partners: Vec<Vec<u32>> =
            best.iter().map(|pairs| pairs.iter().map(|pair| pair.second).collect()).collect();
        assert_eq!(partners, [[1, 2], [0, 2], [0, 1], [0, 1]]);
    }
}
