//! Entries of blocking keys to blocks, round by round, and back to the partitions.

use linkage::partitioned::{
    Mark, ROUNDS, RowNumbers, Values, entry_in_partition, entry_key, finer_entry, keys_in_order,
    keys_of, pairs_in_blocks, range_of, replace_key, settle_blocks,
};

use super::numbers::{Numbers, Writer};
use super::spread::{by_pass, key_ranges};
use super::{Part, Prepared, Work, finish};
use crate::QueryError;

/// The blocks of a table.
pub(super) struct Blocks {
    /// Entries of blocks by pass and range of keys.
    pub(super) done: Vec<Vec<Numbers<1>>>,
    /// For each partition its entries, ascending.
    pub(super) own: Vec<Numbers<1>>,
    /// For each partition the keys that became others: pass and new key, the entry.
    pub(super) replaced: Vec<Numbers<2>>,
    /// How many pairs there are, those counted twice that share two keys.
    pub(super) pairs: u64,
    /// Pairs that are not compared because their blocks were too large.
    pub(super) pairs_cut: u64,
}

/// Makes the blocks.
pub(super) fn block(
    work: &Work,
    values: &Values,
    parts: &[Part],
    mut fresh: Vec<Vec<Numbers<1>>>,
) -> Result<Blocks, QueryError> {
    let ranges = key_ranges(work, values);
    let mut done = by_pass(work, "done", ranges);
    let mut replaced: Vec<Writer<2>> = work.writers("replaced", parts.len());
    let mut pairs_cut = 0_i64;
    for round in 0..ROUNDS {
        let mut cut: Vec<Writer<2>> = work.writers(&format!("cut-{round}"), parts.len());
        for (pass, of_pass) in fresh.into_iter().enumerate() {
            for range in of_pass {
                let mut entries = flat(range.load()?);
                let blocked = settle_blocks(&mut entries, pass, round);
                pairs_cut += blocked.pairs_cut;
                for entry in blocked.done {
                    done[pass][range_of(entry_key(entry), ranges)].push([entry])?;
                }
                for entry in blocked.cut {
                    cut[work.part_of(entry as u32)].push([pass as u64, entry])?;
                }
                for (entry, key) in blocked.replaced {
                    let by = (pass as u64) << 32 | u64::from(key);
                    replaced[work.part_of(entry as u32)].push([by, entry])?;
                }
            }
        }
        let mut next = by_pass(work, &format!("keys-{round}"), ranges);
        for ((part, cut), replaced) in parts.iter().zip(finish(cut)?).zip(&mut replaced) {
            finer(values, part, round, &cut, replaced, &mut next)?;
        }
        fresh = next.into_iter().map(finish).collect::<Result<_, _>>()?;
    }
    let done = done.into_iter().map(finish).collect::<Result<Vec<_>, _>>()?;
    let (own, pairs) = own(work, &done, parts)?;
    let pairs_cut = u64::try_from(pairs_cut).unwrap_or(0);
    Ok(Blocks { done, own, replaced: finish(replaced)?, pairs, pairs_cut })
}

fn flat(rows: Vec<[u64; 1]>) -> Vec<u64> {
    rows.into_flattened()
}

/// Gives the entries of too large blocks finer keys: those of one partition.
fn finer(
    values: &Values,
    part: &Part,
    round: usize,
    cut: &Numbers<2>,
    replaced: &mut Writer<2>,
    next: &mut [Vec<Writer<1>>],
) -> Result<(), QueryError> {
    if cut.rows == 0 {
        return Ok(());
    }
    let rows: Vec<RowNumbers> = part.rows.load()?;
    cut.each(|[pass, entry]| {
        let row = &rows[(entry as u32 - part.first) as usize];
        let finer = finer_entry(values, row, pass as usize, round, entry);
        replaced.push([pass << 32 | finer >> 32, entry])?;
        // What lacks the field is not compared here.
        match entry_key(finer) {
            0 => Ok(()),
            key => {
                let writers = &mut next[pass as usize];
                let range = range_of(key, writers.len());
                writers[range].push([finer])
            }
        }
    })
}

/// The entries of each partition, and how many pairs there are in all.
fn own(
    work: &Work,
    done: &[Vec<Numbers<1>>],
    parts: &[Part],
) -> Result<(Vec<Numbers<1>>, u64), QueryError> {
    let mut writers: Vec<Writer<1>> = work.writers("own", parts.len());
    let mut pairs = 0;
    for (pass, ranges) in done.iter().enumerate() {
        for range in ranges {
            let entries = sorted(range)?;
            pairs += pairs_in_blocks(&entries);
            for entry in entries {
                let part = work.part_of(entry as u32);
                writers[part].push([entry_in_partition(pass, entry, parts[part].first)])?;
            }
        }
    }
    Ok((finish(writers)?, pairs))
}

/// The entries of a range of blocks, in order.
pub(super) fn sorted(range: &Numbers<1>) -> Result<Vec<u64>, QueryError> {
    let mut entries = flat(range.load()?);
    entries.sort_unstable();
    Ok(entries)
}

/// Puts marks and keys to the rows of each partition.
pub(super) fn prepare(
    work: &Work,
    values: &Values,
    parts: Vec<Part>,
    marks: &[Numbers<1>],
    replaced: &[Numbers<2>],
) -> Result<Vec<Prepared>, QueryError> {
    let mut prepared = Vec::with_capacity(parts.len());
    for ((part, marks), replaced) in parts.into_iter().zip(marks).zip(replaced) {
        let mut rows: Vec<RowNumbers> = part.rows.load()?;
        let mut keys: Vec<_> = rows.iter().map(|row| keys_of(values, row)).collect();
        let place = |record: u32| (record - part.first) as usize;
        marks.each(|[mark]| {
            let mark = Mark(mark);
            mark.put(&mut rows[place(mark.record())]);
            Ok(())
        })?;
        replaced.each(|[by, entry]| {
            let keys = &mut keys[place(entry as u32)];
            replace_key(keys, (by >> 32) as usize, (entry >> 32) as u32, by as u32);
            Ok(())
        })?;
        let mut writer = work.writer(&format!("prepared-{}", part.first));
        for (row, keys) in rows.iter().zip(&keys) {
            let keys = keys_in_order(keys);
            let mut numbers = row.iter().chain(&keys).copied();
            writer.push(std::array::from_fn(|_| numbers.next().unwrap_or_default()))?;
        }
        prepared.push(Prepared { first: part.first, rows: writer.finish()?, ids: part.ids });
    }
    Ok(prepared)
}
