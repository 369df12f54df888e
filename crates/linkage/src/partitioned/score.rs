//! Two partitions, or one with itself, to scored pairs.

use std::fmt;
use std::ops::Range;

use rayon::prelude::*;

use super::numbers::{Partition, RowNumbers, to_row};
use crate::block::first_shared;
use crate::cluster::ScoredPair;
use crate::compare::{Frequencies, compare, in_words};
use crate::people::{PersonTable, Row};
use crate::weigh::{Mixture, Model, Settings, Weights};

/// The weights, and what they need to know of the whole table.
pub struct Learnt {
    people: PersonTable,
    model: Model,
}

impl fmt::Debug for Learnt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Learnt").finish_non_exhaustive()
    }
}

/// A scored pair, and the agency when both records are of one.
pub type WithAgency = (ScoredPair, Option<u16>);

/// Blocks that one task goes through.
const TASK: usize = 1 << 10;

impl Learnt {
    pub(super) fn new(
        people: PersonTable,
        frequencies: Frequencies,
        mixture: &Mixture,
        settings: &Settings,
    ) -> Learnt {
        let weights = Weights::new(mixture, settings.floor);
        Learnt { people, model: Model { frequencies, weights } }
    }

    /// How two rows agree, field by field and in words; never what they say. The record of `one`
    /// before that of `other`.
    #[must_use]
    pub fn agreement(
        &self,
        one: &RowNumbers,
        other: &RowNumbers,
    ) -> Vec<(&'static str, &'static str)> {
        let (one, other) = (to_row(one), to_row(other));
        in_words(&compare(&self.people, &self.model.frequencies, &one, &other))
    }

    /// The name of an agency as in the file.
    #[must_use]
    pub fn agency_name(&self, agency: u16) -> String {
        self.people.agency_name(u32::from(agency))
    }

    /// The log odds that two rows are one person; the record of `one` before that of `other`.
    pub(crate) fn log_odds(&self, one: &Row, other: &Row) -> f32 {
        let pair = compare(&self.people, &self.model.frequencies, one, other);
        self.model.weights.log_odds(&pair)
    }

    /// Scores the pairs of blocks across two partitions, of which `second` comes later; or within
    /// one, when there is no second. Gives those above the floor, each with the agency when both
    /// are of one, and how many pairs were compared.
    #[must_use]
    pub fn score(&self, first: &Partition, second: Option<&Partition>) -> (Vec<WithAgency>, u64) {
        let shared = match second {
            Some(second) => shared_blocks(&first.entries, &second.entries),
            None => own_blocks(&first.entries),
        };
        let other = second.unwrap_or(first);
        let scored: Vec<(Vec<WithAgency>, u64)> = shared
            .par_chunks(TASK)
            .map(|blocks| {
                let (mut pairs, mut compared) = (Vec::new(), 0);
                for (here, there) in blocks {
                    let key = (first.entries[here.start] >> 29) as u32;
                    for at in here.clone() {
                        let there =
                            if second.is_some() { there.clone() } else { at + 1..there.end };
                        let one = place(first.entries[at]);
                        for two in other.entries[there].iter().map(|entry| place(*entry)) {
                            // A record may be in a block twice.
                            let apart = second.is_some() || one != two;
                            if apart && first_shared(&first.keys[one], &other.keys[two], key) {
                                compared += 1;
                                pairs.extend(self.pair(first, one, other, two));
                            }
                        }
                    }
                }
                (pairs, compared)
            })
            .collect();
        let compared = scored.iter().map(|(_, compared)| compared).sum();
        (scored.into_iter().flat_map(|(pairs, _)| pairs).collect(), compared)
    }

    fn pair(
        &self,
        first: &Partition,
        one: usize,
        second: &Partition,
        two: usize,
    ) -> Option<WithAgency> {
        let (left, right) = (&first.rows[one], &second.rows[two]);
        let pair = compare(&self.people, &self.model.frequencies, left, right);
        let log_odds = self.model.weights.above_floor(&pair)?;
        let (first, second) = (first.first + one as u32, second.first + two as u32);
        let within = (left.agency == right.agency).then_some(left.agency);
        Some((ScoredPair { first, second, log_odds }, within))
    }
}

/// The place of a record in its partition.
fn place(entry: u64) -> usize {
    (entry & ((1 << 29) - 1)) as usize
}

type Block = (Range<usize>, Range<usize>);

/// Where the blocks of two or more records stand.
fn own_blocks(entries: &[u64]) -> Vec<Block> {
    let mut start = 0;
    let mut blocks = Vec::new();
    for block in entries.chunk_by(|one, other| one >> 29 == other >> 29) {
        if block.len() > 1 {
            blocks.push((start..start + block.len(), start..start + block.len()));
        }
        start += block.len();
    }
    blocks
}

/// Where the blocks stand that both have records of.
fn shared_blocks(ones: &[u64], others: &[u64]) -> Vec<Block> {
    let mut blocks = Vec::new();
    let (mut at, mut there) = (0, 0);
    while let (Some(one), Some(other)) = (ones.get(at), others.get(there)) {
        let block = (one >> 29).min(other >> 29);
        let end = |entries: &[u64], from: usize| {
            from + entries[from..].iter().take_while(|entry| **entry >> 29 == block).count()
        };
        let (here, over_there) = (at..end(ones, at), there..end(others, there));
        (at, there) = (here.end, over_there.end);
        if !here.is_empty() && !over_there.is_empty() {
            blocks.push((here, over_there));
        }
    }
    blocks
}
