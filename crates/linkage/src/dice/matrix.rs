//! A matrix of bits: one filter a row.
//!
//! In: the words of all rows, one row after the other. Out: [`BitMatrix`], with the number of bits
//! set in each row counted once. Assumes that all rows have the same number of bits, a multiple of
//! 64; a shorter filter is padded with zeros, which changes neither its Dice coefficient nor its
//! Hamming distance. Which bit of a filter is which bit of a word does not matter, as long as it
//! is the same for all.

use std::fmt;

/// The longest row: its words and the sum of two counts stay small integers everywhere.
const MOST_BITS: usize = 1 << 16;

/// Filters as rows of bits, row-major. An encoding of a person counts as the person's name
/// (28 CFR 94.115): its `Debug` withholds the bits.
#[derive(Clone, PartialEq, Eq)]
pub struct BitMatrix {
    words_per_row: usize,
    words: Vec<u64>,
    ones: Vec<u32>,
}

/// Why words are no matrix.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MatrixError {
    /// Rows are not a whole number of words, or too long.
    #[error("rows of {bits} bits: pad them with zeros to a multiple of 64, up to {MOST_BITS}")]
    Bits {
        /// Bits in a row.
        bits: usize,
    },
    /// The last row is cut short.
    #[error("{words} words end within a row of {words_per_row}: is something cut off?")]
    Words {
        /// Words given.
        words: usize,
        /// Words in a row.
        words_per_row: usize,
    },
    /// Rows have numbers of 32 bits.
    #[error("{rows} rows are more than can be numbered: split them")]
    Rows {
        /// Rows given.
        rows: usize,
    },
}

impl BitMatrix {
    /// Takes the words of all rows; a row has `bits / 64` of them.
    ///
    /// # Errors
    ///
    /// [`MatrixError`] when `bits` is no multiple of 64 from 64 to 65,536, when the words are not
    /// whole rows, or when there are 4,294,967,295 rows or more.
    pub fn new(bits: usize, words: Vec<u64>) -> Result<BitMatrix, MatrixError> {
        if bits == 0 || !bits.is_multiple_of(64) || bits > MOST_BITS {
            return Err(MatrixError::Bits { bits });
        }
        let words_per_row = bits / 64;
        if !words.len().is_multiple_of(words_per_row) {
            return Err(MatrixError::Words { words: words.len(), words_per_row });
        }
        let rows = words.len() / words_per_row;
        if rows >= u32::MAX as usize {
            return Err(MatrixError::Rows { rows });
        }
        let ones = words.chunks_exact(words_per_row).map(ones).collect();
        Ok(BitMatrix { words_per_row, words, ones })
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.ones.len()
    }

    /// How many bits a row has.
    pub fn bits(&self) -> usize {
        self.words_per_row * 64
    }

    /// How many words a row has.
    pub fn words_per_row(&self) -> usize {
        self.words_per_row
    }

    /// The words of a row.
    ///
    /// # Panics
    ///
    /// When there is no such row, as a slice does.
    pub fn row(&self, row: usize) -> &[u64] {
        &self.words[row * self.words_per_row..][..self.words_per_row]
    }

    /// How many bits each row has set.
    pub fn ones(&self) -> &[u32] {
        &self.ones
    }

    /// All words, row after row.
    pub fn words(&self) -> &[u64] {
        &self.words
    }
}

impl fmt::Debug for BitMatrix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BitMatrix({} rows of {} bits, [withheld])", self.rows(), self.bits())
    }
}

/// How many bits are set in some words.
pub(crate) fn ones(words: &[u64]) -> u32 {
    words.iter().map(|word| word.count_ones()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_and_counts() {
        let matrix = BitMatrix::new(128, vec![0b1011, 1, 0, 0, u64::MAX, 7]).unwrap();
        assert_eq!((matrix.rows(), matrix.bits(), matrix.words_per_row()), (3, 128, 2));
        assert_eq!(matrix.ones(), [4, 0, 67]);
        assert_eq!(matrix.row(2), [u64::MAX, 7]);
        assert_eq!(BitMatrix::new(64, vec![]).unwrap().rows(), 0);
    }

    #[test]
    fn what_is_no_matrix() {
        for bits in [0, 63, 100, MOST_BITS + 64] {
            assert_eq!(BitMatrix::new(bits, vec![]), Err(MatrixError::Bits { bits }));
        }
        let error = MatrixError::Words { words: 3, words_per_row: 2 };
        assert_eq!(BitMatrix::new(128, vec![0; 3]), Err(error));
    }

    #[test]
    fn debug_shows_no_bits() {
        let matrix = BitMatrix::new(64, vec![41, 42]).unwrap();
        assert_eq!(format!("{matrix:?}"), "BitMatrix(2 rows of 64 bits, [withheld])");
    }
}
