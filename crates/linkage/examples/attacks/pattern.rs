//! Re-identification by frequent patterns of bits.
//!
//! In: filters, and people of the same population in clear as sets of tokens. Out: which bits were
//! taken for which token, and for every row the one person who has the tokens that it seems to
//! have, where there is just one.
//!
//! After Christen, Vidanage, Ranbaduge and Schnell (2018), Pattern-mining based cryptanalysis of
//! Bloom filters for privacy-preserving record linkage: in a partition of the rows the most frequent
//! token, when it is clearly ahead of the next, belongs to the bits that are most often set
//! together; rows with and without them are two partitions, in which the next tokens are looked
//! for. The patterns are grown bit by bit instead of mined with FP-growth, and no language model
//! extends them. Written from general knowledge of the paper. Cost: columns² × rows / 64 for each
//! partition.

use std::collections::{BTreeMap, BTreeSet};

use linkage::BitMatrix;

/// A token must be ahead of the next by this share.
const AHEAD: f64 = 0.02;
/// Partitions are not cut further below so many rows.
const LEAST_ROWS: usize = 60;
/// So many rows must have a pattern, against those expected.
const TOLERANCE: f64 = 0.12;
/// Bits in a pattern.
const LEAST_BITS: usize = 6;
const MOST_BITS: usize = 14;

/// The tokens that somebody has.
pub(crate) type Tokens = BTreeSet<String>;

/// Bits that were taken for a token.
pub(crate) struct Assigned {
    pub(crate) token: String,
    pub(crate) bits: Vec<usize>,
}

struct Partition {
    rows: Vec<usize>,
    people: Vec<usize>,
    used: Vec<usize>,
    done: Vec<String>,
}

/// Which bits are which tokens, as far as frequency tells.
pub(crate) fn patterns(filters: &BitMatrix, people: &[Tokens]) -> Vec<Assigned> {
    let mut waiting = vec![Partition {
        rows: (0..filters.rows()).collect(),
        people: (0..people.len()).collect(),
        used: Vec::new(),
        done: Vec::new(),
    }];
    let mut assigned: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    while let Some(partition) = waiting.pop() {
        let Some(token) = clear_first(&partition, people) else { continue };
        let (with, without): (Vec<usize>, Vec<usize>) =
            partition.people.iter().partition(|&&one| people[one].contains(&token));
        let share = with.len() as f64 / partition.people.len() as f64;
        let expected = share * partition.rows.len() as f64;
        let Some(bits) = frequent(filters, &partition, expected) else { continue };
        let (covered, rest): (Vec<usize>, Vec<usize>) =
            partition.rows.iter().partition(|&&row| has(filters, row, &bits));
        let mut done = partition.done.clone();
        done.push(token.clone());
        let used = [partition.used.as_slice(), &bits].concat();
        for (rows, people) in [(covered, with), (rest, without)] {
            if rows.len() >= LEAST_ROWS && people.len() >= LEAST_ROWS {
                waiting.push(Partition { rows, people, used: used.clone(), done: done.clone() });
            }
        }
        assigned.entry(token).or_insert(bits);
    }
    assigned.into_iter().map(|(token, bits)| Assigned { token, bits }).collect()
}

/// The most frequent token, where it is clearly so and not in everybody.
fn clear_first(partition: &Partition, people: &[Tokens]) -> Option<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for &one in &partition.people {
        for token in people[one].iter().filter(|token| !partition.done.contains(token)) {
            *counts.entry(token).or_default() += 1;
        }
    }
    let most = partition.people.len() * 9 / 10;
    let mut order: Vec<(usize, &str)> =
        counts.into_iter().filter(|&(_, n)| n < most).map(|(token, n)| (n, token)).collect();
    order.sort_by(|a, b| b.cmp(a));
    let (first, next) = (order.first()?, order.get(1)?);
    let ahead = (first.0 - next.0) as f64 >= AHEAD * first.0 as f64;
    (ahead && first.0 >= LEAST_ROWS / 2).then(|| first.1.to_owned())
}

/// Bits that about as many rows have together as are expected.
fn frequent(filters: &BitMatrix, partition: &Partition, expected: f64) -> Option<Vec<usize>> {
    let words = partition.rows.len().div_ceil(64);
    let mut columns: Vec<(usize, Vec<u64>)> = Vec::new();
    for bit in (0..filters.bits()).filter(|bit| !partition.used.contains(bit)) {
        let mut column = vec![0_u64; words];
        for (at, &row) in partition.rows.iter().enumerate() {
            column[at / 64] |= (filters.row(row)[bit / 64] >> (bit % 64) & 1) << (at % 64);
        }
        if f64::from(count(&column)) >= (1.0 - TOLERANCE) * expected {
            columns.push((bit, column));
        }
    }
    let mut best: Option<(f64, Vec<usize>)> = None;
    // Every column begins a pattern; each time the bit is added that keeps most rows.
    for (bit, column) in &columns {
        let (mut bits, mut cover) = (vec![*bit], column.clone());
        while bits.len() < MOST_BITS {
            let next = columns
                .iter()
                .filter(|(other, _)| !bits.contains(other))
                .map(|(other, column)| (both(&cover, column), *other, column))
                .max_by_key(|(n, other, _)| (*n, usize::MAX - other));
            match next {
                Some((n, other, column)) if f64::from(n) >= (1.0 - TOLERANCE) * expected => {
                    bits.push(other);
                    cover.iter_mut().zip(column).for_each(|(all, one)| *all &= one);
                }
                _ => break,
            }
        }
        let covered = f64::from(count(&cover));
        let near = covered <= (1.0 + TOLERANCE) * expected;
        // The longest pattern with the number of rows expected.
        let score = bits.len() as f64 - (covered / expected - 1.0).abs();
        if near && bits.len() >= LEAST_BITS && best.as_ref().is_none_or(|(most, _)| score > *most) {
            best = Some((score, bits));
        }
    }
    best.map(|(_, bits)| bits)
}

fn count(column: &[u64]) -> u32 {
    column.iter().map(|word| word.count_ones()).sum()
}

fn both(one: &[u64], other: &[u64]) -> u32 {
    one.iter().zip(other).map(|(a, b)| (a & b).count_ones()).sum()
}

fn has(filters: &BitMatrix, row: usize, bits: &[usize]) -> bool {
    bits.iter().all(|bit| filters.row(row)[bit / 64] >> (bit % 64) & 1 == 1)
}

/// For every row the one person who has just the tokens that its bits seem to say.
pub(crate) fn attack(
    filters: &BitMatrix,
    people: &[Tokens],
    assigned: &[Assigned],
) -> Vec<Option<usize>> {
    if assigned.is_empty() {
        return vec![None; filters.rows()];
    }
    let mut by_tokens: BTreeMap<Vec<bool>, Vec<usize>> = BTreeMap::new();
    for (at, person) in people.iter().enumerate() {
        let tokens = assigned.iter().map(|one| person.contains(&one.token)).collect();
        by_tokens.entry(tokens).or_default().push(at);
    }
    (0..filters.rows())
        .map(|row| {
            let seems: Vec<bool> =
                assigned.iter().map(|one| has(filters, row, &one.bits)).collect();
            match by_tokens.get(&seems).map(Vec::as_slice) {
                Some([one]) => Some(*one),
                _ => None,
            }
        })
        .collect()
}

/// The share of the patterns that are right: nine in ten rows that have one have its token, and
/// the other way round.
pub(crate) fn right(filters: &BitMatrix, truly: &[Tokens], assigned: &[Assigned]) -> usize {
    let is_right = |one: &&Assigned| {
        let rows = 0..filters.rows();
        let [mut seems, mut truth, mut agree] = [0_usize; 3];
        for row in rows {
            let (pattern, token) = (has(filters, row, &one.bits), truly[row].contains(&one.token));
            seems += usize::from(pattern);
            truth += usize::from(token);
            agree += usize::from(pattern && token);
        }
        10 * agree >= 9 * seems && 10 * agree >= 9 * truth
    };
    assigned.iter().filter(is_right).count()
}
