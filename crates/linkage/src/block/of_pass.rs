//! The entries of one kind of keys.
//!
//! In: the keys of all records. Out: key · 2³² + record, ascending, without keys that only one
//! record has; too large blocks cut by more fields, in the keys too. Keys are hashed, so their first
//! bits part the entries evenly: each bucket is sorted and sifted by itself, by all threads, and the
//! answer is the same whatever their number. Cost: the entries twice.

use rayon::prelude::*;

use crate::block::keys::{self, KEYS, Pass};
use crate::block::{RUN, same_key};
use crate::people::{PersonTable, Row, mix};

/// Entries apart by the first bits of their keys, which are hashed: about as many in each.
type Buckets = Vec<Vec<u64>>;

const BUCKETS: usize = 64;

fn bucket(entry: u64) -> usize {
    (entry >> 58) as usize
}

/// Puts lists of entries into sorted buckets.
fn in_buckets(lists: impl IndexedParallelIterator<Item = impl Iterator<Item = u64>>) -> Buckets {
    let parts: Vec<Buckets> = lists
        .map(|entries| {
            let mut buckets = vec![Vec::new(); BUCKETS];
            entries.for_each(|entry| buckets[bucket(entry)].push(entry));
            buckets
        })
        .collect();
    (0..BUCKETS)
        .into_par_iter()
        .map(|bucket| {
            let mut entries: Vec<u64> = Vec::new();
            parts.iter().for_each(|part| entries.extend(&part[bucket]));
            entries.sort_unstable();
            entries
        })
        .collect()
}

/// How often too large blocks are looked at.
pub(crate) const ROUNDS: usize = 3;

/// What a round makes of blocks.
#[derive(Default)]
pub(crate) struct Settled {
    /// Entries of blocks that are not too large.
    pub(crate) done: Vec<u64>,
    /// Entries of blocks that are to be cut by one more field.
    pub(crate) cut: Vec<u64>,
    /// Entries of blocks that were cut into runs, with the key of their run.
    pub(crate) run: Vec<(u64, u32)>,
    /// Pairs of too large blocks, less those of the blocks that these became.
    pub(crate) pairs_cut: i64,
}

/// What becomes of the entries of a bucket.
struct Sifted {
    /// Of blocks that are not too large.
    done: Vec<u64>,
    /// Of blocks that are to be cut by one more field, or that were cut into runs, with the finer
    /// key of each.
    cut: Vec<(u64, u32)>,
    /// Pairs of too large blocks, less those of the blocks that these became.
    pairs_cut: i64,
}

/// The entries of a pass, sorted; too large blocks cut by more fields.
pub(super) fn of_pass(
    people: &PersonTable,
    keys: &mut [[u32; KEYS]],
    pass: Pass,
    pairs_cut: &mut u64,
) -> Vec<u64> {
    let mut fresh = in_buckets(keys.par_chunks(RUN).enumerate().map(|(chunk, keys)| {
        (chunk * RUN..).zip(keys).flat_map(|(record, keys)| {
            keys::of_pass(keys, pass).map(move |key| u64::from(key) << 32 | record as u64)
        })
    }));
    let mut done = Vec::new();
    // Of finer blocks: few.
    let mut finer = Vec::new();
    let mut lost = 0;
    for round in 0..ROUNDS {
        let sifted: Vec<Sifted> =
            fresh.into_par_iter().map(|bucket| sift(people, &bucket, pass, round)).collect();
        for (entry, key) in sifted.iter().flat_map(|sifted| &sifted.cut) {
            keys::replace(&mut keys[*entry as u32 as usize], pass, (*entry >> 32) as u32, *key);
        }
        lost += sifted.iter().map(|sifted| sifted.pairs_cut).sum::<i64>();
        // What lacks the field is not compared here.
        let cut = |sifted: &Sifted| -> Vec<u64> {
            let known = sifted.cut.iter().filter(|(_, key)| *key != 0);
            known.map(|(entry, key)| u64::from(*key) << 32 | entry & 0xffff_ffff).collect()
        };
        let cut: Vec<Vec<u64>> = sifted.par_iter().map(cut).collect();
        let sifted = sifted.into_iter().map(|sifted| sifted.done);
        if round == 0 {
            done = sifted.collect();
        } else {
            finer.extend(sifted.flatten());
        }
        if round + 1 == ROUNDS {
            finer.extend(cut.iter().flatten());
            break;
        }
        fresh = in_buckets(cut.into_par_iter().map(Vec::into_iter));
    }
    *pairs_cut += lost as u64;
    let finer = in_buckets([finer.into_iter()].into_par_iter());
    done.par_iter_mut().zip(finer).for_each(|(done, finer)| {
        done.extend(finer);
        // Two sorted halves: merged.
        done.sort();
    });
    done.concat()
}

/// Sorts out the blocks of a bucket that are too large, and gives those the finer keys.
fn sift(people: &PersonTable, bucket: &[u64], pass: Pass, round: usize) -> Sifted {
    let Settled { done, cut, run, pairs_cut } = settle(bucket, pass, round);
    let row = |entry: u64| &people.rows[entry as u32 as usize];
    let finer = |entry| (entry, finer_key(people, row(entry), pass, round, entry));
    let cut = cut.into_iter().map(finer).chain(run).collect();
    Sifted { done, cut, pairs_cut }
}

/// Sorts out the blocks that are too large; entries ascend.
pub(crate) fn settle(entries: &[u64], pass: Pass, round: usize) -> Settled {
    let pairs = |block: &[u64]| (block.len() * (block.len() - 1) / 2) as i64;
    let limit = pass.limit();
    let mut settled = Settled::default();
    for block in entries.chunk_by(same_key).filter(|block| block.len() > 1) {
        if block.len() <= limit {
            settled.done.extend_from_slice(block);
            settled.pairs_cut -= if round > 0 { pairs(block) } else { 0 };
            continue;
        }
        settled.pairs_cut += pairs(block);
        if round + 1 < ROUNDS {
            settled.cut.extend_from_slice(block);
            continue;
        }
        // Runs of neighbours, each a block of its own.
        for (number, run) in (1..).zip(block.chunks(limit)) {
            settled.pairs_cut -= pairs(run);
            let key = mix(run[0] >> 32, number) as u32 | 1;
            settled.run.extend(run.iter().map(|entry| (*entry, key)));
        }
    }
    settled
}

/// The key of an entry of a too large block, cut by one more field; 0 when that is missing.
pub(crate) fn finer_key(
    people: &PersonTable,
    row: &Row,
    pass: Pass,
    round: usize,
    entry: u64,
) -> u32 {
    match keys::finer(people, row, pass, round) {
        0 => 0,
        finer => mix(entry >> 32, finer) as u32 | 1,
    }
}
