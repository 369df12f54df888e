//! All pairs of rows that are alike, exactly.
//!
//! In: one or two matrices and a [`Threshold`] ([`Comparison`]). Out: the pairs that hold, to a
//! sink as they are found, as a list of bounded length, or the best few of each row. Rows are
//! compared in tiles of fixed size by all threads of rayon's pool; the answer, and the order in
//! which a sink sees it, depend on neither the number of threads nor the path.
//!
//! Cost for n and m rows of w words: time in n·m·w, less what the length filter and the early exit
//! save; memory two copies of the matrices and at most [`TILES_AT_ONCE`] tiles of pairs.

use std::ops::{ControlFlow, Range};

use rayon::prelude::*;

use super::kernel::{self, Path, Sides};
use super::matrix::{BitMatrix, ones};
use super::sorted::{LANES, SortedRows};
use super::threshold::{Bound, Threshold};

/// Left and right rows of a tile: with 1,024 bits 16 kB and 512 kB, for the first and second cache.
pub(super) const TILE: (usize, usize) = (128, 4096);
/// Tiles compared before the sink gets their pairs, in order: 200 MB of pairs if all hold.
const TILES_AT_ONCE: usize = 32;

/// Two rows that are alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SimilarPair {
    /// The row of the left matrix; within one matrix the smaller row.
    pub first: u32,
    /// The row of the right matrix; within one matrix the larger row.
    pub second: u32,
    /// Bits set in both.
    pub shared: u32,
    /// Bits set in the one and bits set in the other, added up.
    pub total: u32,
}

impl SimilarPair {
    /// The Dice coefficient: `2·shared / total`.
    pub fn dice(self) -> f64 {
        2.0 * f64::from(self.shared) / f64::from(self.total)
    }

    /// In how many bits the two differ.
    pub fn hamming(self) -> u32 {
        self.total - 2 * self.shared
    }
}

/// Why rows cannot be compared as asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CompareError {
    /// The two matrices differ in the length of a row.
    #[error("rows of {left} bits against rows of {right}: encode both by the same schema")]
    Widths {
        /// Bits in a row of the left matrix.
        left: usize,
        /// Bits in a row of the right one.
        right: usize,
    },
    /// More pairs hold than the caller has room for.
    #[error("more than {most} pairs are alike: raise the threshold or the limit")]
    TooMany {
        /// The caller's limit.
        most: usize,
    },
    /// A search for no pair, or for every single one.
    #[error(
        "the share of pairs to find must be above 0 and below 1; for all of them compare exactly"
    )]
    Recall,
    /// The processor has no such instructions.
    #[error("this processor has no {path:?}")]
    NoPath {
        /// The path that was asked for.
        path: Path,
    },
}

/// What is to be compared, and how alike a pair must be.
#[derive(Debug, Clone, Copy)]
pub struct Comparison<'a> {
    pub(super) left: &'a BitMatrix,
    /// None: the left matrix with itself.
    pub(super) right: Option<&'a BitMatrix>,
    pub(super) threshold: Threshold,
    pub(super) path: Path,
}

impl<'a> Comparison<'a> {
    /// Every row of one matrix with every row of another.
    ///
    /// # Errors
    ///
    /// [`CompareError::Widths`] when their rows differ in length.
    pub fn between(
        left: &'a BitMatrix,
        right: &'a BitMatrix,
        threshold: Threshold,
    ) -> Result<Comparison<'a>, CompareError> {
        if left.bits() != right.bits() {
            return Err(CompareError::Widths { left: left.bits(), right: right.bits() });
        }
        Ok(Comparison { left, right: Some(right), threshold, path: Path::best() })
    }

    /// Every row of a matrix with every later row.
    pub fn within(rows: &'a BitMatrix, threshold: Threshold) -> Comparison<'a> {
        Comparison { left: rows, right: None, threshold, path: Path::best() }
    }

    /// The same on a chosen path: for tests and measurements, as the answer is the same.
    ///
    /// # Errors
    ///
    /// [`CompareError::NoPath`] when the processor lacks it.
    pub fn on(self, path: Path) -> Result<Comparison<'a>, CompareError> {
        if path.is_here() {
            Ok(Comparison { path, ..self })
        } else {
            Err(CompareError::NoPath { path })
        }
    }

    /// Hands all pairs that hold to a sink, tile by tile, until it has enough. Within a tile the
    /// pairs are sorted; tiles come by the number of bits that are set in their rows.
    pub fn each(&self, mut sink: impl FnMut(&[SimilarPair]) -> ControlFlow<()>) {
        let prepared = Prepared::new(self);
        let mut tiles = prepared.tiles();
        loop {
            let some: Vec<_> = tiles.by_ref().take(TILES_AT_ONCE).collect();
            if some.is_empty() {
                return;
            }
            let found: Vec<Vec<SimilarPair>> =
                some.into_par_iter().map(|(left, right)| prepared.tile(left, right)).collect();
            for pairs in found.iter().filter(|pairs| !pairs.is_empty()) {
                if sink(pairs).is_break() {
                    return;
                }
            }
        }
    }

    /// All pairs that hold, sorted.
    ///
    /// # Errors
    ///
    /// [`CompareError::TooMany`] when there are more than `most`; found out as soon as there are.
    pub fn pairs(&self, most: usize) -> Result<Vec<SimilarPair>, CompareError> {
        let mut all = vec![];
        let mut fits = true;
        self.each(|pairs| {
            fits = all.len() + pairs.len() <= most;
            if !fits {
                return ControlFlow::Break(());
            }
            all.extend_from_slice(pairs);
            ControlFlow::Continue(())
        });
        if !fits {
            return Err(CompareError::TooMany { most });
        }
        all.par_sort_unstable();
        Ok(all)
    }
}

/// Both sides laid out for the kernel.
pub(super) struct Prepared {
    pub(super) left: SortedRows,
    /// None: the left side with itself.
    pub(super) right: Option<SortedRows>,
    pub(super) bound: Bound,
    path: Path,
}

impl Prepared {
    pub(super) fn new(comparison: &Comparison<'_>) -> Prepared {
        let bound = Bound::new(comparison.threshold, comparison.left.bits());
        let mut left = SortedRows::new(comparison.left);
        let mut right = comparison.right.map(SortedRows::new);
        let prefix =
            cheapest_prefix(&left, right.as_ref().unwrap_or(&left), &bound, comparison.path);
        left.set_prefix(prefix);
        if let Some(right) = &mut right {
            right.set_prefix(prefix);
        }
        Prepared { left, right, bound, path: comparison.path }
    }

    pub(super) fn right(&self) -> &SortedRows {
        self.right.as_ref().unwrap_or(&self.left)
    }

    /// The right rows that some left rows can be alike, by their lengths.
    pub(super) fn partners(&self, left: &Range<usize>) -> Range<usize> {
        let (fewest, most) = (self.left.ones[left.start], self.left.ones[left.end - 1]);
        let (fewest, _) = self.bound.partners[fewest as usize];
        let (_, most) = self.bound.partners[most as usize];
        self.right().with_ones((fewest, most))
    }

    /// The tiles in which a pair can hold.
    fn tiles(&self) -> impl Iterator<Item = (Range<usize>, Range<usize>)> {
        let rows = self.left.rows();
        (0..rows).step_by(TILE.0).flat_map(move |start| {
            let left = start..rows.min(start + TILE.0);
            let mut partners = self.partners(&left);
            if self.right.is_none() {
                partners.start = partners.start.max(left.start);
            }
            let end = partners.end;
            let first = partners.start / LANES * LANES;
            (first..end)
                .step_by(TILE.1)
                .map(move |start| (left.clone(), start..end.min(start + TILE.1)))
        })
    }

    /// The pairs of a tile that hold, sorted.
    fn tile(&self, left: Range<usize>, right: Range<usize>) -> Vec<SimilarPair> {
        let within = self.right.is_none();
        let mut pairs = vec![];
        self.hits(left, right, |a, b, pair| {
            if !within {
                pairs.push(pair);
            } else if a < b {
                let (first, second) = (pair.first.min(pair.second), pair.first.max(pair.second));
                pairs.push(SimilarPair { first, second, ..pair });
            }
        });
        pairs.sort_unstable();
        pairs
    }

    /// The pairs of some left and right rows that hold, each with its sorted positions.
    pub(super) fn hits(
        &self,
        left: Range<usize>,
        right: Range<usize>,
        mut take: impl FnMut(u32, u32, SimilarPair),
    ) {
        let sides = Sides { left: &self.left, right: self.right(), bound: &self.bound };
        let mut hits = vec![];
        kernel::compare(self.path, sides, left, right, &mut hits);
        for hit in hits {
            let (a, b) = (hit.left as usize, hit.right as usize);
            let pair = SimilarPair {
                first: self.left.original[a],
                second: self.right().original[b],
                shared: hit.shared,
                total: self.left.ones[a] + self.right().ones[b],
            };
            take(hit.left, hit.right, pair);
        }
    }
}

/// Pairs looked at to choose the prefix.
const SAMPLE: usize = 4096;

/// The number of words to compare first that costs least, by a sample of pairs spread evenly over
/// both sides. The answer does not depend on it.
fn cheapest_prefix(left: &SortedRows, right: &SortedRows, bound: &Bound, path: Path) -> usize {
    let words = left.words_per_row;
    let mut alive = vec![0u32; words + 1];
    let mut sampled = 0;
    for at in 0..SAMPLE {
        if left.rows() == 0 || right.rows() == 0 {
            break;
        }
        // Left rows in order; right rows scattered by a stride near the golden ratio, so that the
        // two do not go hand in hand.
        let a = at * left.rows() / SAMPLE;
        let b = (at * 2531 % SAMPLE) * right.rows() / SAMPLE;
        let (ones_a, ones_b) = (left.ones[a], right.ones[b]);
        let (fewest, most) = bound.partners[ones_a as usize];
        if !(fewest..=most).contains(&ones_b) || left.original[a] == right.original[b] {
            continue;
        }
        sampled += 1;
        let least = bound.least_shared[(ones_a + ones_b) as usize];
        let (row_a, row_b) = (left.row(a), right.row(b));
        let mut shared = 0;
        for prefix in 0..=words {
            let rests = ones(&row_a[prefix..]).div_ceil(2) + ones(&row_b[prefix..]).div_ceil(2);
            alive[prefix] += u32::from(shared + rests >= least);
            shared += row_a.iter().zip(row_b).nth(prefix).map_or(0, |(a, b)| (a & b).count_ones());
        }
    }
    let cost = |prefix: usize| {
        let alive = f64::from(alive[prefix]) / f64::from(sampled.max(1));
        let rest = (words - prefix) as f64;
        // In words for one pair. A register lives as long as one of its lanes; to look into what a
        // register holds costs about four words, and one register alone counts at half the pace.
        let lanes = if path == Path::Avx512 { LANES as i32 } else { 1 };
        let of_register = 1.0 - (1.0 - alive).powi(lanes);
        prefix as f64 + of_register * (2.0 * rest + 4.0)
    };
    (1..words)
        .min_by(|one, other| cost(*one).total_cmp(&cost(*other)))
        .map_or(words, |prefix| if cost(prefix) < words as f64 { prefix } else { words })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::dice::tests::{matrix, rows, threshold};

    const PATHS: [Path; 3] = [Path::Scalar, Path::Avx2, Path::Avx512];

    /// Every pair by the formula.
    fn naive(comparison: &Comparison<'_>) -> Vec<SimilarPair> {
        let (left, right) = (comparison.left, comparison.right.unwrap_or(comparison.left));
        let mut pairs = vec![];
        for first in 0..left.rows() {
            let start = if comparison.right.is_none() { first + 1 } else { 0 };
            for second in start..right.rows() {
                let both = left.row(first).iter().zip(right.row(second));
                let shared = both.map(|(a, b)| (a & b).count_ones()).sum();
                let total = left.ones()[first] + right.ones()[second];
                if comparison.threshold.holds(shared, total) {
                    let (first, second) = (first as u32, second as u32);
                    pairs.push(SimilarPair { first, second, shared, total });
                }
            }
        }
        pairs
    }

    proptest! {
        #[test]
        fn every_path_finds_what_the_formula_says(
            words in 1usize..20, left in rows(80), right in rows(80), threshold in threshold(),
        ) {
            let (left, right) = (matrix(words, left), matrix(words, right));
            let between = Comparison::between(&left, &right, threshold).unwrap();
            for comparison in [between, Comparison::within(&left, threshold)] {
                let expected = naive(&comparison);
                for path in PATHS.into_iter().filter(|path| path.is_here()) {
                    let found = comparison.on(path).unwrap().pairs(usize::MAX).unwrap();
                    prop_assert_eq!(&found, &expected, "{:?}", path);
                }
            }
        }

        /// Also at ranges that are no whole groups, and with every prefix.
        #[test]
        fn kernels_agree_on_any_block(
            words in 1usize..18, rows in rows(60), threshold in threshold(),
            prefix in any::<prop::sample::Index>(), ends in any::<[prop::sample::Index; 4]>(),
        ) {
            let mut sorted = SortedRows::new(&matrix(words, rows));
            sorted.set_prefix(prefix.index(words + 1));
            let bound = Bound::new(threshold, words * 64);
            let end = ends.map(|end| end.index(sorted.rows() + 1));
            let (left, right) = (end[0].min(end[1])..end[0].max(end[1]), end[2].min(end[3])..end[2].max(end[3]));
            let sides = Sides { left: &sorted, right: &sorted, bound: &bound };
            let found = |path| {
                let mut hits = vec![];
                kernel::compare(path, sides, left.clone(), right.clone(), &mut hits);
                hits.sort_unstable();
                hits
            };
            let expected = found(Path::Scalar);
            for path in PATHS.into_iter().filter(|path| path.is_here()) {
                prop_assert_eq!(&found(path), &expected, "{:?}", path);
            }
        }
    }

    /// More rows than a tile and a wave of tiles, on one thread and on several.
    #[test]
    fn tiles_and_threads_change_nothing() {
        let drawn = (0..5000u64).map(|row| ((row * 7 % 10) as u8, row << 20));
        let rows = matrix(3, drawn.collect());
        let comparison = Comparison::within(&rows, Threshold::dice(19, 20).unwrap());
        let expected = naive(&comparison);
        assert!(expected.len() > 100_000, "{}", expected.len());
        let mut orders = vec![];
        for (threads, path) in [(1, Path::Scalar), (3, Path::best())] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let comparison = comparison.on(path).unwrap();
            assert_eq!(pool.install(|| comparison.pairs(usize::MAX)).unwrap(), expected);
            let mut order = vec![];
            pool.install(|| {
                comparison.each(|pairs| {
                    order.extend_from_slice(pairs);
                    ControlFlow::Continue(())
                });
            });
            orders.push(order);
        }
        assert_eq!(orders[0], orders[1]);
    }

    #[test]
    fn no_more_pairs_than_asked_for() {
        let rows = BitMatrix::new(64, vec![7; 10]).unwrap();
        let comparison = Comparison::within(&rows, Threshold::hamming(0));
        assert_eq!(comparison.pairs(45).unwrap().len(), 45);
        assert_eq!(comparison.pairs(44), Err(CompareError::TooMany { most: 44 }));
    }

    #[test]
    fn rows_of_other_lengths() {
        let (one, other) = (matrix(1, vec![]), matrix(2, vec![]));
        let error = CompareError::Widths { left: 64, right: 128 };
        assert_eq!(Comparison::between(&one, &other, Threshold::hamming(0)).err(), Some(error));
    }

    #[test]
    fn measures_of_a_pair() {
        let pair = SimilarPair { first: 0, second: 1, shared: 320, total: 800 };
        assert_eq!((pair.dice(), pair.hamming()), (0.8, 160));
    }
}
