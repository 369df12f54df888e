//! Rows in the order of the number of bits they have set, laid out for the kernels.
//!
//! In: a [`BitMatrix`]. Out: [`SortedRows`]: the rows one after the other, and the same rows in
//! groups of eight with their words interleaved, so that one 512-bit register holds one word of
//! eight rows and no sum ever crosses lanes. Sorting makes the length filter a range, and the rows
//! of a group alike in length. Cost: two copies of the matrix.

use super::matrix::{BitMatrix, ones};

/// Rows that share a register.
pub(crate) const LANES: usize = 8;

/// See the module.
pub(crate) struct SortedRows {
    pub(crate) words_per_row: usize,
    /// Row after row.
    pub(crate) words: Vec<u64>,
    /// Group after group, in it word after word, of it lane after lane; the last group is filled
    /// with rows without any bit.
    pub(crate) lanes: Vec<u64>,
    /// Bits set in each row; never falls.
    pub(crate) ones: Vec<u32>,
    /// Words that are compared first.
    pub(crate) prefix: usize,
    /// Half the bits set in the words after the prefix, rounded up; filled up to whole groups.
    pub(crate) half_rest: Vec<i64>,
    /// The number that each row has in the matrix.
    pub(crate) original: Vec<u32>,
}

impl SortedRows {
    /// Sorts rows; those with the same number of bits stay in their order.
    pub(crate) fn new(matrix: &BitMatrix) -> SortedRows {
        let words_per_row = matrix.words_per_row();
        let mut original: Vec<u32> = (0..).take(matrix.rows()).collect();
        original.sort_by_key(|row| matrix.ones()[*row as usize]);
        let mut words = Vec::with_capacity(matrix.words().len());
        original.iter().for_each(|row| words.extend_from_slice(matrix.row(*row as usize)));
        let groups = matrix.rows().div_ceil(LANES);
        let mut lanes = vec![0; groups * LANES * words_per_row];
        for (row, of_row) in words.chunks_exact(words_per_row).enumerate() {
            let start = row / LANES * LANES * words_per_row + row % LANES;
            for (word, value) in of_row.iter().enumerate() {
                lanes[start + word * LANES] = *value;
            }
        }
        SortedRows {
            words_per_row,
            words,
            lanes,
            ones: original.iter().map(|row| matrix.ones()[*row as usize]).collect(),
            prefix: words_per_row,
            half_rest: vec![0; groups * LANES],
            original,
        }
    }

    pub(crate) fn rows(&self) -> usize {
        self.ones.len()
    }

    pub(crate) fn row(&self, row: usize) -> &[u64] {
        &self.words[row * self.words_per_row..][..self.words_per_row]
    }

    /// The rows whose number of bits is within a range, both ends included.
    pub(crate) fn with_ones(&self, (fewest, most): (u32, u32)) -> std::ops::Range<usize> {
        let start = self.ones.partition_point(|ones| *ones < fewest);
        start..self.ones.partition_point(|ones| *ones <= most).max(start)
    }

    /// Lets the kernels compare so many words first, and the rest only where it can matter.
    pub(crate) fn set_prefix(&mut self, prefix: usize) {
        self.prefix = prefix;
        let rows = self.words.chunks_exact(self.words_per_row);
        for (half_rest, row) in self.half_rest.iter_mut().zip(rows) {
            *half_rest = i64::from(ones(&row[prefix..]).div_ceil(2));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorted_and_interleaved() {
        let mut words: Vec<u64> = (0..10).flat_map(|row| [(1 << (10 - row)) - 1, row]).collect();
        words.extend([0, 0]);
        let matrix = BitMatrix::new(128, words).unwrap();
        let mut sorted = SortedRows::new(&matrix);
        assert_eq!(sorted.original, [10, 8, 9, 6, 7, 4, 5, 2, 3, 0, 1]);
        assert_eq!(sorted.ones, [0, 3, 3, 6, 6, 7, 7, 9, 9, 10, 10]);
        assert_eq!(sorted.with_ones((3, 6)), 1..5);
        assert_eq!(sorted.with_ones((4, 5)), 3..3);
        assert_eq!(sorted.lanes.len(), 2 * LANES * 2);
        for row in 0..11 {
            for word in 0..2 {
                let at = row / LANES * LANES * 2 + word * LANES + row % LANES;
                assert_eq!(sorted.lanes[at], sorted.row(row)[word], "row {row}, word {word}");
            }
        }
        sorted.set_prefix(1);
        assert_eq!(sorted.half_rest[..11], [0, 1, 1, 1, 2, 1, 1, 1, 1, 0, 1]);
        assert!(sorted.half_rest[11..].iter().all(|half| *half == 0));
    }
}
