//! Filters compared: which of many rows of bits are alike.
//!
//! In: filters of the same length as rows of a [`BitMatrix`], and a [`Threshold`]. Out: pairs of
//! rows ([`SimilarPair`]): all of them ([`Comparison::pairs`], [`Comparison::each`]), the best few of
//! each row ([`Comparison::best`]), or nearly all of them much sooner ([`Comparison::search`]).
//! Assumes nothing of where the bits come from; the search is fast when most rows are unlike.
//!
//! | module | what |
//! |---|---|
//! | `matrix` | rows of bits |
//! | `threshold` | Dice and Hamming as the least number of shared bits, in integers |
//! | `sorted` | rows by the number of their bits, laid out for registers |
//! | `kernel` | block against block: plain, AVX2, AVX-512; the only `unsafe` |
//! | `comparison` | all pairs, tile by tile |
//! | `best` | the best few partners of each row |
//! | `plan` | what a search samples, chosen from the data |
//! | `tables` | rows ordered by sampled bits |
//! | `search` | tables until enough of the pairs are found |
//!
//! # Examples
//!
//! ```
//! use linkage::dice::{BitMatrix, Comparison, Threshold};
//!
//! let filters = BitMatrix::new(64, vec![0b1111_0000, 0b0111_0000, 0b0000_1111])?;
//! let alike = Comparison::within(&filters, Threshold::dice(4, 5)?).pairs(1000)?;
//! assert_eq!(alike.len(), 1);
//! assert_eq!((alike[0].first, alike[0].second, alike[0].shared), (0, 1, 3));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod best;
mod comparison;
mod kernel;
mod matrix;
mod plan;
mod search;
mod sorted;
mod tables;
mod threshold;

pub use comparison::{CompareError, Comparison, SimilarPair};
pub use kernel::Path;
pub use matrix::{BitMatrix, MatrixError};
pub use search::Found;
pub use threshold::{NoFraction, Threshold};

#[cfg(test)]
mod tests {
    //! Rows and thresholds for the tests of the modules.

    use proptest::prelude::*;

    use super::plan::Random;
    use super::{BitMatrix, Threshold};

    /// Rows of all kinds: empty, full, sparse, dense, and repeated with a few bits turned over.
    pub(super) fn matrix(words_per_row: usize, rows: Vec<(u8, u64)>) -> BitMatrix {
        let mut words: Vec<u64> = vec![];
        for (kind, seed) in rows {
            let mut random = Random(seed);
            let mut next = || random.next();
            let before = words.len().checked_sub(words_per_row);
            for word in 0..words_per_row {
                let value = match (kind, before) {
                    (0, _) => 0,
                    (1, _) => u64::MAX,
                    (2, _) => next() & next() & next(),
                    (3 | 4, _) | (_, None) => next() & (next() | next()),
                    (_, Some(before)) => words[before + word] ^ (next() & next() & next() & next()),
                };
                words.push(value);
            }
        }
        BitMatrix::new(words_per_row * 64, words).unwrap()
    }

    pub(super) fn rows(most: usize) -> impl Strategy<Value = Vec<(u8, u64)>> {
        prop::collection::vec((0u8..10, any::<u64>()), 0..most)
    }

    pub(super) fn threshold() -> impl Strategy<Value = Threshold> {
        prop_oneof![
            (0u32..=20).prop_map(|n| Threshold::dice(n, 20).unwrap()),
            (0u32..700).prop_map(Threshold::hamming),
        ]
    }
}
