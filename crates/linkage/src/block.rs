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
//! A block of too many records (fewer, the weaker the key) is cut by one more field, and by another;
//! what is still too large is cut into runs, and the pairs that are lost by this are counted
//! ([`Blocks::pairs_cut`]).
//!
//! Cost: 24 keys of 4 bytes a record, and 8 bytes for each key that is shared; sorting them.

pub(crate) mod keys;
mod of_pass;

use rayon::prelude::*;

use crate::people::{PersonTable, Row};
pub(crate) use keys::{KEYS, PASSES};
use of_pass::of_pass;
pub(crate) use of_pass::{ROUNDS, Settled, finer_key, settle};

/// Entries that one task goes through.
pub(crate) const RUN: usize = 1 << 12;

/// Entries whose records are fetched together.
const FETCHED: usize = 1 << 8;

/// Records by key.
pub(crate) struct Blocks {
    /// The keys of each record, ascending; 0 is none.
    pub(crate) keys: Vec<[u32; KEYS]>,
    /// Key · 2³² + record, ascending; without keys that only one record has. An array a pass.
    pub(crate) entries: Vec<Vec<u64>>,
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
        rows: &[Row],
        every: usize,
        start: impl Fn() -> T + Sync,
        each: impl Fn(&mut T, (u32, &Row), (u32, &Row)) + Sync,
    ) -> Vec<T> {
        let tasks: Vec<&[u64]> =
            self.entries.iter().flat_map(|entries| runs(entries, RUN)).step_by(every).collect();
        tasks
            .into_par_iter()
            .map(|task| {
                let mut result = start();
                let mut fetched = Vec::new();
                for run in runs(task, FETCHED) {
                    // Records lie anywhere: fetched one after the other, with nothing to be decided
                    // in between, they are waited for together.
                    fetched.clear();
                    fetched.extend(run.iter().map(|entry| {
                        let record = *entry as u32;
                        let row = rows[record as usize];
                        Fetched { row, keys: self.keys[record as usize], record }
                    }));
                    let mut rest = fetched.as_slice();
                    for block in run.chunk_by(same_key) {
                        let records;
                        (records, rest) = rest.split_at(block.len());
                        pairs_of_block((block[0] >> 32) as u32, records, &mut result, &each);
                    }
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
}

/// A record at hand.
struct Fetched {
    row: Row,
    keys: [u32; KEYS],
    record: u32,
}

/// Gives the pairs of a block that share no smaller key.
fn pairs_of_block<T>(
    key: u32,
    records: &[Fetched],
    result: &mut T,
    each: &impl Fn(&mut T, (u32, &Row), (u32, &Row)),
) {
    for (at, one) in records.iter().enumerate() {
        for other in &records[at + 1..] {
            if first_shared(&one.keys, &other.keys, key) && one.record != other.record {
                let swap = one.record > other.record;
                let (first, second) = if swap { (other, one) } else { (one, other) };
                each(result, (first.record, &first.row), (second.record, &second.row));
            }
        }
    }
}

pub(crate) fn same_key(one: &u64, other: &u64) -> bool {
    one >> 32 == other >> 32
}

/// Whether no smaller key is shared.
#[inline]
pub(crate) fn first_shared(one: &[u32; KEYS], other: &[u32; KEYS], key: u32) -> bool {
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

/// Cuts sorted entries into runs of whole blocks, of so many entries or a few more.
pub(crate) fn runs(mut entries: &[u64], many: usize) -> Vec<&[u64]> {
    let mut runs = Vec::new();
    while entries.len() > many {
        let more =
            entries[many..].iter().take_while(|entry| same_key(entry, &entries[many - 1])).count();
        let (run, rest) = entries.split_at(many + more);
        runs.push(run);
        entries = rest;
    }
    runs.push(entries);
    runs
}

#[cfg(test)]
mod tests;
