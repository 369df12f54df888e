//! One hash table of a search: rows with the same sampled bits lie side by side.
//!
//! In: rows word by word ([`Columns`]) and which bits to sample ([`Sample`]). Out: the rows ordered
//! by those bits ([`Table`]), each with a sketch: a few of its words, by which most pairs of a
//! bucket are turned away without a look at the rows themselves. Cost: linear, by counting.

use super::matrix::BitMatrix;

/// The rows that have any bit set, word by word, so that a table reads only the words it samples.
pub(crate) struct Columns {
    /// The number of each row in the matrix.
    pub(crate) rows: Vec<u32>,
    words: Vec<u64>,
}

/// What a table looks at.
#[derive(Debug, Clone)]
pub(crate) struct Sample {
    /// Places of the bits of the key.
    pub(crate) bits: Vec<u32>,
    /// The words of the sketch.
    pub(crate) sketch: Vec<usize>,
}

/// See the module.
pub(crate) struct Table {
    /// Where the rows of each key begin, and at last where they end.
    pub(crate) starts: Vec<u32>,
    /// The numbers of the rows in the matrix, by key.
    pub(crate) rows: Vec<u32>,
    /// The sketches in the same order, word by word.
    pub(crate) sketches: Vec<Vec<u64>>,
}

/// Rows whose keys are made at a time; they stay in the first cache.
const ROWS_AT_ONCE: usize = 2048;

impl Columns {
    pub(crate) fn new(matrix: &BitMatrix) -> Columns {
        let filled = |row: &u32| matrix.ones()[*row as usize] > 0;
        let rows: Vec<u32> = (0..).take(matrix.rows()).filter(filled).collect();
        let mut words = vec![0; rows.len() * matrix.words_per_row()];
        // A few rows at a time, so that what is read stays in the cache until all of it is used.
        for start in (0..rows.len()).step_by(64) {
            let some = &rows[start..rows.len().min(start + 64)];
            for word in 0..matrix.words_per_row() {
                let column = &mut words[word * rows.len() + start..][..some.len()];
                for (value, row) in column.iter_mut().zip(some) {
                    *value = matrix.row(*row as usize)[word];
                }
            }
        }
        Columns { rows, words }
    }

    pub(crate) fn word(&self, word: usize) -> &[u64] {
        &self.words[word * self.rows.len()..][..self.rows.len()]
    }

    /// The sampled bits of each row, as a number.
    pub(crate) fn keys(&self, bits: &[u32]) -> Vec<u32> {
        let mut keys = vec![0u32; self.rows.len()];
        for (at, keys) in keys.chunks_mut(ROWS_AT_ONCE).enumerate() {
            for (place, bit) in bits.iter().enumerate() {
                let column = &self.word((bit / 64) as usize)[at * ROWS_AT_ONCE..][..keys.len()];
                for (key, word) in keys.iter_mut().zip(column) {
                    *key |= ((word >> (bit % 64)) as u32 & 1) << place;
                }
            }
        }
        keys
    }
}

impl Table {
    /// Orders rows by the bits of a sample; those with the same bits stay in their order.
    pub(crate) fn new(columns: &Columns, sample: &Sample) -> Table {
        let keys = columns.keys(&sample.bits);
        let mut starts = vec![0u32; (1 << sample.bits.len()) + 1];
        keys.iter().for_each(|key| starts[*key as usize + 1] += 1);
        for key in 1..starts.len() {
            starts[key] += starts[key - 1];
        }
        let mut ends = starts.clone();
        let places: Vec<u32> = keys
            .iter()
            .map(|key| {
                let end = &mut ends[*key as usize];
                *end += 1;
                *end - 1
            })
            .collect();
        let mut rows = vec![0; keys.len()];
        places.iter().zip(&columns.rows).for_each(|(place, row)| rows[*place as usize] = *row);
        let sketches = sample.sketch.iter().map(|word| {
            let mut sketch = vec![0; keys.len()];
            let column = columns.word(*word);
            places.iter().zip(column).for_each(|(place, word)| sketch[*place as usize] = *word);
            sketch
        });
        Table { starts, rows, sketches: sketches.collect() }
    }

    /// The places of the rows with a key.
    pub(crate) fn bucket(&self, key: usize) -> std::ops::Range<usize> {
        self.starts[key] as usize..self.starts[key + 1] as usize
    }
}
