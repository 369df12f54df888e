//! Blocking keys to blocks, by ranges of keys; see `block` for what they are.
//!
//! An entry is key · 2³² + record, within a pass. In a partition it is pass · 2⁶¹ + key · 2²⁹ +
//! the record's place, so that ascending entries are in the order of passes and keys.

use rayon::slice::ParallelSliceMut;

use super::Values;
use super::numbers::{KeyNumbers, RowNumbers, of_keys, to_keys, to_row};
use crate::block::{self, RUN, Settled, keys};

/// Kinds of keys.
pub const PASSES: usize = block::PASSES.len();
/// How often too large blocks are looked at.
pub const ROUNDS: usize = block::ROUNDS;
/// More records than this cannot be in one partition.
pub const MOST_IN_PARTITION: usize = 1 << 29;

/// What a round makes of the blocks of a range.
#[derive(Debug, Default)]
pub struct Blocked {
    /// Entries that need no finer key, or have it already.
    pub done: Vec<u64>,
    /// Entries of too large blocks: their records need a finer key ([`finer_entry`]).
    pub cut: Vec<u64>,
    /// Entries whose key becomes another ([`replace_key`]), and that key.
    pub replaced: Vec<(u64, u32)>,
    /// Pairs that are not compared any more, less those that are again.
    pub pairs_cut: i64,
}

/// The keys of a row.
#[must_use]
pub fn keys_of(values: &Values, row: &RowNumbers) -> KeyNumbers {
    of_keys(&keys::keys(&values.people, &to_row(row)))
}

/// The entries of a record in the blocks of each pass.
pub fn block_entries(keys: &KeyNumbers, record: u32) -> impl Iterator<Item = (usize, u64)> {
    let keys = to_keys(keys);
    block::PASSES.into_iter().enumerate().flat_map(move |(at, pass)| {
        let own: Vec<u32> = keys::of_pass(&keys, pass).collect();
        own.into_iter().map(move |key| (at, u64::from(key) << 32 | u64::from(record)))
    })
}

/// The key of an entry, as a number that ranges are made by.
#[must_use]
pub fn entry_key(entry: u64) -> u64 {
    entry >> 32 << 32
}

/// Looks at all blocks of a range of keys of a pass.
pub fn settle_blocks(entries: &mut [u64], pass: usize, round: usize) -> Blocked {
    entries.par_sort_unstable();
    let settled = block::settle(entries, block::PASSES[pass], round);
    let Settled { mut done, cut, run: replaced, pairs_cut } = settled;
    let in_run = |(entry, key): &(u64, u32)| u64::from(*key) << 32 | entry & 0xffff_ffff;
    done.extend(replaced.iter().map(in_run));
    Blocked { done, cut, replaced, pairs_cut }
}

/// What an entry of a too large block becomes; with key 0, it is in no block any more.
#[must_use]
pub fn finer_entry(
    values: &Values,
    row: &RowNumbers,
    pass: usize,
    round: usize,
    entry: u64,
) -> u64 {
    let pass = block::PASSES[pass];
    let key = block::finer_key(&values.people, &to_row(row), pass, round, entry);
    u64::from(key) << 32 | entry & 0xffff_ffff
}

/// Puts another key in the place of a key of a record.
pub fn replace_key(keys: &mut KeyNumbers, pass: usize, key: u32, by: u32) {
    let mut changed = to_keys(keys);
    keys::replace(&mut changed, block::PASSES[pass], key, by);
    *keys = of_keys(&changed);
}

/// How many pairs the blocks of sorted entries have, those counted twice that share two keys.
#[must_use]
pub fn pairs_in_blocks(entries: &[u64]) -> u64 {
    let pairs = |block: &[u64]| (block.len() * (block.len() - 1) / 2) as u64;
    entries.chunk_by(block::same_key).map(pairs).sum()
}

/// The keys in their order, as they are compared with those of others.
#[must_use]
pub fn keys_in_order(keys: &KeyNumbers) -> KeyNumbers {
    let mut keys = to_keys(keys);
    keys.sort_unstable();
    of_keys(&keys)
}

/// An entry as a partition holds it, whose first record has this number.
#[must_use]
pub fn entry_in_partition(pass: usize, entry: u64, first: u32) -> u64 {
    (pass as u64) << 61 | (entry >> 32) << 29 | u64::from(entry as u32 - first)
}

/// Tells of each entry, as all of them come in order, whether it is in a run from which the weights
/// are learnt, as the run in memory cuts them.
#[derive(Debug)]
pub struct Runs {
    every: usize,
    run: usize,
    in_run: usize,
    key: u64,
}

impl Runs {
    /// At the first entry; every so many-th run is learnt from.
    pub(super) fn new(every: usize) -> Runs {
        Runs { every, run: 0, in_run: 0, key: 0 }
    }

    /// Whether the next entry is learnt from.
    pub fn learnt_from(&mut self, entry: u64) -> bool {
        if self.in_run >= RUN && entry_key(entry) != self.key {
            (self.run, self.in_run) = (self.run + 1, 0);
        }
        self.in_run += 1;
        self.key = entry_key(entry);
        self.run.is_multiple_of(self.every)
    }

    /// A pass ends: its last run, and one without entries after a run that is as long as the rest.
    pub fn end_pass(&mut self) {
        self.run += 1 + usize::from(self.in_run > RUN);
        self.in_run = 0;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// The same runs as those that the sorted array is cut into.
        #[test]
        fn runs_are_those_of_the_whole_array(
            sizes in prop::collection::vec(prop::collection::vec(1usize..1500, 0..14), 1..4),
            every in 1usize..4,
        ) {
            let passes: Vec<Vec<u64>> = sizes
                .iter()
                .map(|sizes| {
                    let block = |(key, size): (u64, &usize)| {
                        (0..*size as u64).map(move |record| key << 32 | record)
                    };
                    (1..).zip(sizes).flat_map(block).collect()
                })
                .collect();
            let expected: Vec<u64> = passes
                .iter()
                .flat_map(|entries| block::runs(entries, RUN))
                .step_by(every)
                .flatten()
                .copied()
                .collect();
            let mut runs = Runs::new(every);
            let mut found: Vec<u64> = Vec::new();
            for entries in &passes {
                found.extend(entries.iter().filter(|entry| runs.learnt_from(**entry)));
                runs.end_pass();
            }
            prop_assert_eq!(found, expected);
        }
    }
}
