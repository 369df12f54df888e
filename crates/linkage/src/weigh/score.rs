//! From a table to scored pairs.

use rayon::prelude::*;

use crate::block::Blocks;
use crate::cluster::ScoredPair;
use crate::compare::{AGENCY, ByName, CELLS, Counts, Frequencies, compare, in_words};
use crate::people::PersonTable;
use crate::weigh::learn::{Pattern, learn};
use crate::weigh::mixture::{SAME, Weights};
use crate::weigh::random_pairs::{drawn, namesakes_apart, strangers};

/// How pairs are scored.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Pairs with lower log odds are not given back.
    pub floor: f32,
    /// Candidates from which the weights are learnt, about.
    pub learn_from: u64,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings { floor: -6.0, learn_from: 2_000_000 }
    }
}

/// What is being done, for who wants to show or time it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Phase {
    /// Counting how common values are.
    Count,
    /// Sorting records by blocking keys.
    Block,
    /// Learning the weights.
    Learn,
    /// Scoring all candidates.
    Score,
}

/// The weights, for any pair of the table they were learnt from.
pub struct Model {
    pub(crate) frequencies: Frequencies,
    pub(crate) weights: Weights,
}

impl Model {
    /// The log odds that two records are one person; any two records of the table.
    pub fn log_odds(&self, people: &PersonTable, one: u32, other: u32) -> f32 {
        let (one, other) = (one.min(other) as usize, one.max(other) as usize);
        match (people.rows.get(one), people.rows.get(other)) {
            (Some(one), Some(other)) => {
                self.weights.log_odds(&compare(people, &self.frequencies, one, other))
            }
            _ => f32::NEG_INFINITY,
        }
    }

    /// How two records of the table agree, field by field and in words; never what they say.
    pub fn agreement(
        &self,
        people: &PersonTable,
        one: u32,
        other: u32,
    ) -> Vec<(&'static str, &'static str)> {
        let row = |record: u32| people.rows.get(record as usize);
        let (Some(one), Some(other)) = (row(one), row(other)) else { return Vec::new() };
        in_words(&compare(people, &self.frequencies, one, other))
    }
}

/// Scored pairs and what came with them.
pub struct ScoredPairs {
    /// Pairs above the floor; the same order whatever the number of threads.
    pub pairs: Vec<ScoredPair>,
    /// The weights.
    pub model: Model,
    /// Pairs that were compared.
    pub candidates: u64,
    /// Pairs of too large blocks that were not compared there.
    pub pairs_cut: u64,
    /// Pairs of one person that the weights expect in the table.
    pub expected_matches: f64,
}

/// Scores the pairs of a table that may be one person. `progress` is called at the start of each
/// phase.
pub fn score_pairs(
    people: &PersonTable,
    settings: &Settings,
    progress: &mut dyn FnMut(Phase),
) -> ScoredPairs {
    progress(Phase::Count);
    let counts = Counts::of(people);
    let (by_given, by_surname) = rayon::join(
        || ByName::new(people, |row| row.given),
        || ByName::new(people, |row| row.surname),
    );
    let sharing = [&by_given.sharing, &by_surname.sharing];
    let mut frequencies = Frequencies::new(&counts, &people.names, sharing);
    let by_name = [by_given.records.as_slice(), &by_surname.records];
    let drawn = drawn(people, &frequencies, &counts, by_name);
    drop((by_given, by_surname));
    let apart = namesakes_apart(people, &frequencies);
    let (strangers, together) = strangers(drawn, &frequencies, &counts, &people.names, apart);
    frequencies.usual_together = together;
    drop(counts);
    progress(Phase::Block);
    let blocks = Blocks::new(people);
    progress(Phase::Learn);
    let patterns = patterns(people, &frequencies, &blocks, settings.learn_from);
    let mixture = learn(&patterns, strangers, people.len());
    drop(patterns);
    progress(Phase::Score);
    let weights = Weights::new(&mixture, settings.floor);
    let scored = blocks.pairs(
        &people.rows,
        1,
        || (0, Vec::new()),
        |(count, pairs): &mut (u64, Vec<ScoredPair>), (first, one), (second, other)| {
            *count += 1;
            let pair = compare(people, &frequencies, one, other);
            if let Some(log_odds) = weights.above_floor(&pair) {
                pairs.push(ScoredPair { first, second, log_odds });
            }
        },
    );
    let candidates = scored.iter().map(|(count, _)| count).sum();
    let mut pairs = Vec::with_capacity(scored.iter().map(|(_, pairs)| pairs.len()).sum());
    scored.into_iter().for_each(|(_, more)| pairs.extend(more));
    let all_pairs = people.len() as f64 * (people.len() as f64 - 1.0) / 2.0;
    let expected_matches = mixture.shares[SAME] * all_pairs;
    let pairs_cut = blocks.pairs_cut;
    ScoredPairs {
        pairs,
        model: Model { frequencies, weights },
        candidates,
        pairs_cut,
        expected_matches,
    }
}

/// The patterns of some candidates, each weighed so that they stand for all.
fn patterns(
    people: &PersonTable,
    frequencies: &Frequencies,
    blocks: &Blocks,
    about: u64,
) -> Vec<Pattern> {
    let every = every(blocks.pairs_at_most(), about);
    let mut codes: Vec<u32> = blocks
        .pairs(&people.rows, every, Vec::new, |codes: &mut Vec<u32>, (_, one), (_, other)| {
            codes.push(code(&compare(people, frequencies, one, other).cells));
        })
        .concat();
    weighed(&mut codes, every)
}

/// Every so many-th run of blocks is learnt from, so that there are about so many pairs.
pub(crate) fn every(pairs: u64, about: u64) -> usize {
    (pairs / about.max(1)).max(1) as usize
}

/// Counts the patterns of pairs of which every so many-th was looked at.
pub(crate) fn weighed(codes: &mut [u32], every: usize) -> Vec<Pattern> {
    codes.par_sort_unstable();
    codes
        .chunk_by(|one, other| one == other)
        .map(|same| Pattern { cells: cells(same[0]), pairs: (same.len() * every) as f64 })
        .collect()
}

/// A pattern as one number: fewer than 2³² in all.
pub(crate) fn code(cells: &[u16; 6]) -> u32 {
    cells.iter().zip(CELLS).fold(0, |code, (cell, count)| code * count as u32 + u32::from(*cell))
}

fn cells(mut code: u32) -> [u16; 6] {
    let mut cells = [0; 6];
    for field in (0..=AGENCY).rev() {
        cells[field] = (code % CELLS[field] as u32) as u16;
        code /= CELLS[field] as u32;
    }
    cells
}
