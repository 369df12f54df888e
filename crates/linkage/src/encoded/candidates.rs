//! Pairs of records worth comparing.
//!
//! In: the rows. Out: pairs that share an exact key of some kind in any slot, or the whole filter
//! of a group; each pair once, at the first pass that has it, in an order that depends on nothing
//! but the rows. A pass is a kind of key or a group; its keys are sorted, so that records with the
//! same key stand together.
//!
//! A block of more than [`LARGEST`] records is cut by the next kind of key that its records have,
//! and what is still too large into runs; the pairs that are lost by this are counted. Keys have 20
//! bits or more, so that such blocks come of placeholders and shelters. A pair that was cut is still
//! found at another pass that has it.
//!
//! Cost: for one pass at a time 16 bytes for each key; then 8 for each pair and a byte for each key.

use std::ops::Range;

use rayon::prelude::*;

use super::rows::Rows;
use crate::dice::{BitMatrix, CompareError, Comparison, Threshold};
use crate::encode::hardened::{GROUPS, KEYS, KINDS};

/// Records of a block that are compared with each other.
const LARGEST: usize = 254;

/// The share of bits in which filters differ that are near: what differs more is found by no group
/// alone.
const NEAR: f64 = 0.3;
/// Near pairs for each record at most.
const MOST_EACH: usize = 100;

/// Pairs to compare.
pub(super) struct Candidates {
    /// The pairs, smaller record first.
    pub(super) pairs: Vec<(u32, u32)>,
    /// For each record and each of its keys, how many records have the key; at most 255.
    pub(super) block_sizes: Vec<[u8; KEYS]>,
    /// Pairs of too large blocks that are not compared for their sake.
    pub(super) pairs_cut: u64,
}

/// Finds the candidates.
pub(super) fn candidates(rows: &Rows<'_>, slots: &[Range<usize>; KINDS]) -> Candidates {
    let mut found =
        Candidates { pairs: Vec::new(), block_sizes: vec![[0; KEYS]; rows.len()], pairs_cut: 0 };
    for pass in 0..KINDS + GROUPS {
        let mut entries = entries(rows, slots, pass);
        entries.par_sort_unstable();
        let blocks = entries.chunk_by(|one, other| one.0 == other.0);
        let blocks: Vec<&[(u64, u32)]> = blocks.filter(|block| block.len() > 1).collect();
        if let Some(slots) = slots.get(pass) {
            count(rows, slots, &blocks, &mut found.block_sizes);
        }
        let search = Search { rows, slots, sizes: &found.block_sizes };
        let parts: Vec<(Vec<(u32, u32)>, u64)> = blocks
            .par_chunks(256)
            .map(|blocks| {
                let (mut pairs, mut cut) = (Vec::new(), 0);
                for block in blocks {
                    let records: Vec<u32> = block.iter().map(|entry| entry.1).collect();
                    cut += pairs_of(&search, pass, block[0].0, &records, &mut pairs);
                }
                (pairs, cut)
            })
            .collect();
        for (pairs, cut) in parts {
            found.pairs.extend(pairs);
            found.pairs_cut += cut;
        }
    }
    found.pairs.par_sort_unstable();
    // What too large blocks kept may come again.
    found.pairs.dedup();
    found
}

/// Adds all pairs whose filters of some group differ in few bits.
///
/// # Errors
///
/// [`CompareError::TooMany`] when there are more than a hundred for each record.
pub(super) fn add_all_near(rows: &Rows<'_>, found: &mut Candidates) -> Result<(), CompareError> {
    let differ = (rows.bits() as f64 * NEAR) as u32;
    for group in 0..GROUPS {
        let own: Vec<u32> = (0..rows.len() as u32)
            .filter(|record| rows.present(*record) >> group & 1 == 1)
            .collect();
        let words = own.iter().flat_map(|record| rows.filter(*record, group)).copied().collect();
        let Ok(matrix) = BitMatrix::new(rows.bits(), words) else { continue };
        let near = Comparison::within(&matrix, Threshold::hamming(differ));
        let pairs = near.pairs(MOST_EACH * rows.len().max(100))?;
        let record = |row: u32| own[row as usize];
        found.pairs.extend(pairs.iter().map(|pair| (record(pair.first), record(pair.second))));
    }
    found.pairs.par_sort_unstable();
    found.pairs.dedup();
    Ok(())
}

/// The keys of a pass with their records, no key twice for one record.
fn entries(rows: &Rows<'_>, slots: &[Range<usize>; KINDS], pass: usize) -> Vec<(u64, u32)> {
    (0..rows.len() as u32)
        .into_par_iter()
        .flat_map_iter(|record| {
            let own = match slots.get(pass) {
                Some(slots) => &rows.keys(record)[slots.clone()],
                None => &[],
            };
            let whole = (pass >= KINDS).then(|| whole_filter(rows, record, pass - KINDS)).flatten();
            let first =
                |(at, key): (usize, &u64)| (*key != 0 && !own[..at].contains(key)).then_some(*key);
            own.iter().enumerate().filter_map(first).chain(whole).map(move |key| (key, record))
        })
        .collect()
}

/// A filter as a number; `None` when the record has none.
fn whole_filter(rows: &Rows<'_>, record: u32, group: usize) -> Option<u64> {
    let has = rows.present(record) >> group & 1 == 1;
    has.then(|| {
        rows.filter(record, group).iter().fold(0, |hash: u64, word| {
            // Filters are as good as random; an odd multiplier keeps the words apart.
            (hash.rotate_left(23) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15)
        })
    })
}

/// Notes how many records have a key.
fn count(
    rows: &Rows<'_>,
    slots: &Range<usize>,
    blocks: &[&[(u64, u32)]],
    sizes: &mut [[u8; KEYS]],
) {
    for block in blocks {
        let size = block.len().min(255) as u8;
        for (key, record) in *block {
            let keys = rows.keys(*record);
            for slot in slots.clone().filter(|slot| keys[*slot] == *key) {
                sizes[*record as usize][slot] = size;
            }
        }
    }
}

/// Adds the pairs of a block that no earlier key has; returns how many were cut.
fn pairs_of(
    search: &Search<'_>,
    pass: usize,
    key: u64,
    records: &[u32],
    pairs: &mut Vec<(u32, u32)>,
) -> u64 {
    let compare = |records: &[u32], pairs: &mut Vec<(u32, u32)>| {
        for (at, one) in records.iter().enumerate() {
            for other in &records[at + 1..] {
                if search.is_first(pass, key, *one, *other) {
                    pairs.push((*one.min(other), *one.max(other)));
                }
            }
        }
    };
    if records.len() <= LARGEST {
        compare(records, pairs);
        return 0;
    }
    // By any other key; records without one stand together.
    let other_key = |record: &u32| {
        let keys = search.rows.keys(*record);
        (0..KINDS).filter(|kind| *kind != pass).find_map(|kind| {
            keys[search.slots[kind].clone()].iter().find(|key| **key != 0).copied()
        })
    };
    let mut keyed: Vec<(Option<u64>, u32)> =
        records.iter().map(|record| (other_key(record), *record)).collect();
    keyed.sort_unstable();
    let pairs_in = |size: usize| (size * (size - 1) / 2) as u64;
    let mut kept = 0;
    for block in keyed.chunk_by(|one, other| one.0 == other.0) {
        for run in block.chunks(LARGEST) {
            let records: Vec<u32> = run.iter().map(|entry| entry.1).collect();
            compare(&records, pairs);
            kept += pairs_in(records.len());
        }
    }
    pairs_in(records.len()) - kept
}

/// What tells whether a pair was found before.
struct Search<'a> {
    rows: &'a Rows<'a>,
    slots: &'a [Range<usize>; KINDS],
    sizes: &'a [[u8; KEYS]],
}

impl Search<'_> {
    /// Whether two records share no key of an earlier pass that was compared in full, and no
    /// smaller key of this one.
    fn is_first(&self, pass: usize, key: u64, one: u32, other: u32) -> bool {
        let (keys, theirs) = (self.rows.keys(one), self.rows.keys(other));
        let sizes = &self.sizes[one as usize];
        let shares = |range: &Range<usize>, below: u64| {
            range.clone().any(|slot| {
                keys[slot] != 0
                    && keys[slot] < below
                    && usize::from(sizes[slot]) <= LARGEST
                    && theirs[range.clone()].contains(&keys[slot])
            })
        };
        let earlier = self.slots[..pass.min(KINDS)].iter().any(|range| shares(range, u64::MAX));
        let smaller = self.slots.get(pass).is_some_and(|range| shares(range, key));
        let both = self.rows.present(one) & self.rows.present(other);
        let same_filter = |group: usize| {
            both >> group & 1 == 1 && self.rows.filter(one, group) == self.rows.filter(other, group)
        };
        !earlier && !smaller && !(0..pass.saturating_sub(KINDS)).any(same_filter)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::LinkageKey;
    use crate::dice::BitMatrix;
    use crate::encode::hardened::{About, DiffusionSettings, EncodedTable, encode};
    use crate::encoded::rows::slots_of;

    /// A table whose rows have these keys in these slots, and no filters.
    fn table(agency: &str, rows: &[Vec<(usize, u64)>]) -> EncodedTable {
        let about = About { agency, period: "p", key_fingerprint: "f" };
        let key = LinkageKey::new([1; 32]);
        let nobody = encode(&key, about, &[], DiffusionSettings::BUILT_IN, |_| Ok(()));
        let (mut table, _) = nobody.unwrap();
        let count = rows.len();
        table.rec_ids = vec![[0; 16]; count];
        table.expires_on = vec![0; count];
        table.present = vec![0; count];
        let bits = table.header.filter_bits;
        let empty = BitMatrix::new(bits, vec![0; bits / 64 * count]).unwrap();
        table.groups = vec![empty; GROUPS];
        table.keys = vec![[0; KEYS]; count];
        for (keys, row) in table.keys.iter_mut().zip(rows) {
            row.iter().for_each(|(slot, key)| keys[*slot] = *key);
        }
        table
    }

    fn all_pairs(rows: &Rows<'_>, slots: &[Range<usize>; KINDS]) -> Vec<(u32, u32)> {
        let shares = |one: u32, other: u32| {
            slots.iter().any(|range| {
                let theirs = &rows.keys(other)[range.clone()];
                rows.keys(one)[range.clone()].iter().any(|key| *key != 0 && theirs.contains(key))
            })
        };
        let records = rows.len() as u32;
        (0..records)
            .flat_map(|one| (one + 1..records).map(move |other| (one, other)))
            .filter(|(one, other)| shares(*one, *other))
            .collect()
    }

    proptest! {
        /// The pairs are those that share a key of one kind, each once, whichever slots hold it.
        #[test]
        fn the_same_as_looking_at_all_pairs(
            first in prop::collection::vec(prop::collection::vec((0..KEYS, 1..9_u64), 0..6), 0..12),
            second in prop::collection::vec(prop::collection::vec((0..KEYS, 1..9_u64), 0..6), 0..12),
        ) {
            let tables = [table("one", &first), table("two", &second)];
            let rows = Rows::new(&tables);
            let slots = slots_of(&rows);
            let found = candidates(&rows, &slots);
            prop_assert_eq!(found.pairs_cut, 0);
            prop_assert_eq!(found.pairs, all_pairs(&rows, &slots));
        }
    }

    #[test]
    fn too_large_blocks_are_cut_and_counted() {
        // All share a key; every two share another, of the last kind.
        let records = 600;
        let nobody = [table("one", &[])];
        let last = slots_of(&Rows::new(&nobody))[KINDS - 1].start;
        let rows: Vec<Vec<(usize, u64)>> =
            (0..records).map(|row| vec![(0, 7), (last, 10 + row / 2)]).collect();
        let tables = [table("one", &rows)];
        let rows = Rows::new(&tables);
        let found = candidates(&rows, &slots_of(&rows));
        let pairs: Vec<(u32, u32)> =
            (0..records as u32 / 2).map(|two| (2 * two, 2 * two + 1)).collect();
        assert!(found.pairs == pairs, "{} pairs", found.pairs.len());
        assert_eq!(found.pairs_cut, records * (records - 1) / 2 - records / 2);
    }
}
