//! Every two partitions to scored pairs.

use linkage::ScoredPair;
use linkage::partitioned::{Learnt, Partition};

use super::numbers::{Numbers, Writer};
use super::{Prepared, Work, apart};
use crate::QueryError;

/// Scored pairs of two partitions: the records, then the agency when both are of one (one more than
/// its number; 0 for none) and the log odds.
pub(super) type Pairs = Numbers<2>;

/// Scores all pairs of blocks; how many were compared.
pub(super) fn score(
    work: &Work,
    learnt: &Learnt,
    parts: &[Prepared],
    entries: &[Numbers<1>],
) -> Result<(Vec<Pairs>, u64), QueryError> {
    let (mut files, mut compared) = (Vec::new(), 0);
    for (at, (part, own)) in parts.iter().zip(entries).enumerate() {
        let first = load(part, own)?;
        let mut write = |there: usize, second: Option<&Partition>| {
            let (pairs, more) = learnt.score(&first, second);
            compared += more;
            let mut writer: Writer<2> = work.writer(&format!("scored-{at}-{there}"));
            pairs.into_iter().try_for_each(|(pair, within)| writer.push(numbers(pair, within)))?;
            files.push(writer.finish()?);
            Ok::<(), QueryError>(())
        };
        write(at, None)?;
        for (there, (part, own)) in parts.iter().zip(entries).enumerate().skip(at + 1) {
            write(there, Some(&load(part, own)?))?;
        }
    }
    Ok((files, compared))
}

fn load(part: &Prepared, entries: &Numbers<1>) -> Result<Partition, QueryError> {
    let (rows, own) = (part.rows.rows as usize, entries.rows as usize);
    let mut partition = Partition::with_room(part.first, rows, own);
    part.rows.each(|prepared| {
        let (row, keys) = apart(&prepared);
        partition.push(&row, &keys);
        Ok(())
    })?;
    entries.each(|[entry]| {
        partition.push_entry(entry);
        Ok(())
    })?;
    Ok(partition)
}

fn numbers(pair: ScoredPair, within: Option<u16>) -> [u64; 2] {
    let within = within.map_or(0, |agency| u64::from(agency) + 1);
    let records = u64::from(pair.first) << 32 | u64::from(pair.second);
    [records, within << 32 | u64::from(pair.log_odds.to_bits())]
}

/// A scored pair, and the agency when both are of one.
pub(super) fn pair([records, scored]: [u64; 2]) -> (ScoredPair, Option<u16>) {
    let pair = ScoredPair {
        first: (records >> 32) as u32,
        second: records as u32,
        log_odds: f32::from_bits(scored as u32),
    };
    (pair, (scored >> 32).checked_sub(1).map(|agency| agency as u16))
}
