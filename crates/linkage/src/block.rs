//! Which pairs are compared at all.
//!
//! In: a table. Out: [`Blocks`]: records sorted by hashed keys, so that records with the same key
//! stand together; [`Blocks::pairs`] streams every pair of records that share a key, each pair
//! once: at the smallest key that the two share. Keys are made of how names sound, so that
//! spelling and nicknames do not part a person's records; several kinds of keys stand side by side,
//! so that a pair is missed only when it fails all of them. Method: disjunctive blocking (Christen
//! 2012, "A survey of indexing techniques for scalable record linkage and deduplication", section
//! 3.1), here with integer keys and no index but the sorted array.
//!
//! A block of too many records (fewer, the weaker the key) is cut by one more field, and by another; what is still
//! too large is cut into runs, and the pairs that are lost by this are counted
//! ([`Blocks::pairs_cut`]).
//!
//! Cost: 24 keys of 4 bytes a record, and 8 bytes for each key that is shared; sorting them.

mod keys;

use rayon::prelude::*;

use crate::people::{PersonTable, mix};
use keys::{KEYS, PASSES, Pass};

/// Entries that one task goes through.
const RUN: usize = 1 << 12;

/// Records by key.
pub(crate) struct Blocks {
    /// The keys of each record, ascending; 0 is none.
    keys: Vec<[u32; KEYS]>,
    /// Key · 2³² + record, ascending; without keys that only one record has. An array a pass.
    entries: Vec<Vec<u64>>,
    /// Pairs of too large blocks that are not compared there.
    pub(crate) pairs_cut: u64,
}

impl Blocks {
    /// Sorts the records of a table by their keys.
    pub(crate) fn new(people: &PersonTable) -> Blocks {
        let mut keys: Vec<[u32; KEYS]> =
            people.rows.par_iter().map(|row| keys::keys(people, row)).collect();
        let mut entries = Vec::new();
        let mut pairs_cut = 0;
        for pass in PASSES {
            entries.push(of_pass(people, &mut keys, pass, &mut pairs_cut));
        }
        keys.par_iter_mut().for_each(|keys| keys.sort_unstable());
        Blocks { keys, entries, pairs_cut }
    }

    /// Goes through all pairs once, in tasks of fixed size; `each` gets pairs (smaller record
    /// first) and adds to the result of its task. The results come in a fixed order.
    /// Only every so many-th task is done: keys are hashed, so these are pairs drawn at random.
    pub(crate) fn pairs<T: Send>(
        &self,
        every: usize,
        start: impl Fn() -> T + Sync,
        each: impl Fn(&mut T, u32, u32) + Sync,
    ) -> Vec<T> {
        let runs: Vec<&[u64]> =
            self.entries.iter().flat_map(|entries| runs(entries)).step_by(every).collect();
        runs.into_par_iter()
            .map(|run| {
                let mut result = start();
                for block in run.chunk_by(same_key) {
                    self.block(block, &mut result, &each);
                }
                result
            })
            .collect()
    }

    /// How many pairs there are, those counted twice that share two keys.
    pub(crate) fn pairs_at_most(&self) -> u64 {
        let pairs = |block: &[u64]| (block.len() * (block.len() - 1) / 2) as u64;
        let of_pass = |entries: &Vec<u64>| entries.chunk_by(same_key).map(pairs).sum::<u64>();
        self.entries.par_iter().map(of_pass).sum()
    }

    fn block<T>(&self, block: &[u64], result: &mut T, each: &impl Fn(&mut T, u32, u32)) {
        let key = (block[0] >> 32) as u32;
        for (at, one) in block.iter().enumerate() {
            let one = *one as u32;
            let keys = &self.keys[one as usize];
            for other in &block[at + 1..] {
                let other = *other as u32;
                if first_shared(keys, &self.keys[other as usize], key) && one != other {
                    each(result, one.min(other), one.max(other));
                }
            }
        }
    }
}

fn same_key(one: &u64, other: &u64) -> bool {
    one >> 32 == other >> 32
}

/// Whether no smaller key is shared.
#[inline]
fn first_shared(one: &[u32; KEYS], other: &[u32; KEYS], key: u32) -> bool {
    for smaller in one.iter().filter(|smaller| **smaller != 0) {
        if *smaller >= key {
            return true;
        }
        if other.iter().fold(false, |found, theirs| found | (theirs == smaller)) {
            return false;
        }
    }
    true
}

/// Cuts sorted entries into runs of whole blocks.
fn runs(mut entries: &[u64]) -> Vec<&[u64]> {
    let mut runs = Vec::new();
    while entries.len() > RUN {
        let more =
            entries[RUN..].iter().take_while(|entry| same_key(entry, &entries[RUN - 1])).count();
        let (run, rest) = entries.split_at(RUN + more);
        runs.push(run);
        entries = rest;
    }
    runs.push(entries);
    runs
}

/// The entries of a pass, sorted; too large blocks cut by more fields.
fn of_pass(
    people: &PersonTable,
    keys: &mut [[u32; KEYS]],
    pass: Pass,
    pairs_cut: &mut u64,
) -> Vec<u64> {
    let mut fresh: Vec<u64> = keys
        .par_iter()
        .enumerate()
        .flat_map_iter(|(record, keys)| {
            let own = &keys[pass.keys()];
            own.iter().enumerate().filter_map(move |(at, key)| {
                // A record is in a block once.
                let again = own[..at].contains(key);
                (*key != 0 && !again).then_some(u64::from(*key) << 32 | record as u64)
            })
        })
        .collect();
    let mut done = Vec::new();
    let limit = pass.limit();
    for round in 0..3 {
        fresh.par_sort_unstable();
        let mut cut = Vec::new();
        for block in fresh.chunk_by(same_key) {
            let pairs = |records: usize| (records * records.saturating_sub(1) / 2) as u64;
            match block.len() {
                1 => {}
                small if small <= limit => done.extend_from_slice(block),
                large if round < 2 => {
                    *pairs_cut += pairs(large);
                    cut.extend_from_slice(block);
                }
                large => {
                    // Runs of neighbours, each a block of its own.
                    *pairs_cut += pairs(large);
                    for (number, run) in (1..).zip(block.chunks(limit)) {
                        *pairs_cut -= pairs(run.len());
                        let key = mix(run[0] >> 32, number) as u32 | 1;
                        for entry in run {
                            replace(keys, pass, entry, key);
                            done.push(u64::from(key) << 32 | entry & 0xffff_ffff);
                        }
                    }
                }
            }
            if round > 0 && block.len() <= limit {
                *pairs_cut -= pairs(block.len());
            }
        }
        for entry in &mut cut {
            let record = *entry as u32;
            let finer = keys::finer(people, &people.rows[record as usize], pass, round);
            let key = if finer == 0 { 0 } else { mix(*entry >> 32, finer) as u32 | 1 };
            replace(keys, pass, entry, key);
            *entry = u64::from(key) << 32 | u64::from(record);
        }
        // What lacks the field is not compared here.
        cut.retain(|entry| entry >> 32 != 0);
        fresh = cut;
    }
    done.par_sort_unstable();
    done
}

/// Puts a finer key in the place of a key of a record.
fn replace(keys: &mut [[u32; KEYS]], pass: Pass, entry: &u64, finer: u32) {
    let key = (*entry >> 32) as u32;
    for own in &mut keys[*entry as u32 as usize][pass.keys()] {
        if *own == key {
            *own = finer;
        }
    }
}

#[cfg(test)]
mod tests;
