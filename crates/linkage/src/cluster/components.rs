//! Groups of records that cannot share a person with anybody outside.
//!
//! In: scored pairs and the pairs that reviewers called the same. Out: the connected components of
//! two or more records under pairs above a low floor, each with its records in order and its
//! pairs. They are no people yet, only pieces of work that do not touch. Cost: linear; 4 bytes for
//! each pair, 16 for each record.

use super::ScoredPair;
use crate::trees::Trees;

/// The components, laid out one after the other.
pub(super) struct Components {
    /// The records of component c, in order, stand from `record_ends[c - 1]` to `record_ends[c]`.
    pub(super) records: Vec<u32>,
    /// Where the records of each component end.
    pub(super) record_ends: Vec<u32>,
    /// The places of each component's pairs, laid out alike.
    pub(super) pairs: Vec<u32>,
    /// Where the pairs of each component end.
    pub(super) pair_ends: Vec<u32>,
    /// For each record its place within its component; 0 for a record in none.
    pub(super) place: Vec<u32>,
}

/// The component of a record that is in none.
const NONE: u32 = u32::MAX;

/// Finds the components under pairs from `floor` on.
pub(super) fn components(
    records: usize,
    pairs: &[ScoredPair],
    floor: f32,
    same: &[(u32, u32)],
) -> Components {
    let parent = connect(records, pairs, floor, same);
    let mut size = vec![0_u32; records];
    parent.iter().for_each(|root| size[*root as usize] += 1);
    lay_out(parent, size, pairs)
}

/// For each record the smallest record of its component.
fn connect(records: usize, pairs: &[ScoredPair], floor: f32, same: &[(u32, u32)]) -> Vec<u32> {
    let mut trees = Trees::new(records);
    let strong = pairs.iter().filter(|pair| pair.log_odds >= floor);
    for (one, two) in strong.map(|pair| (pair.first, pair.second)).chain(same.iter().copied()) {
        trees.join(one, two);
    }
    trees.into_roots()
}

fn lay_out(mut component: Vec<u32>, mut place: Vec<u32>, pairs: &[ScoredPair]) -> Components {
    let records = component.len();
    // `component` is the root and `place`, at a root, the size. Number the components.
    let mut record_ends = Vec::new();
    let mut total = 0;
    for record in 0..records {
        let up = component[record];
        if up as usize != record {
            // The root is lower and has its number already.
            component[record] = component[up as usize];
        } else if place[record] > 1 {
            component[record] = record_ends.len() as u32;
            total += place[record];
            record_ends.push(total);
        } else {
            component[record] = NONE;
        }
    }
    place.fill(0);
    let mut next = starts(&record_ends);
    let mut laid_out = vec![0_u32; total as usize];
    for (record, component) in component.iter().enumerate().filter(|(_, c)| **c != NONE) {
        let at = &mut next[*component as usize];
        laid_out[*at as usize] = record as u32;
        let start = if *component == 0 { 0 } else { record_ends[*component as usize - 1] };
        place[record] = *at - start;
        *at += 1;
    }
    let of = |pair: &ScoredPair| {
        let here = component[pair.first as usize];
        (here != NONE && here == component[pair.second as usize]).then_some(here as usize)
    };
    let mut pair_ends = vec![0_u32; record_ends.len()];
    for at in pairs.iter().filter_map(of) {
        pair_ends[at] += 1;
    }
    let mut sum = 0;
    for end in &mut pair_ends {
        sum += *end;
        *end = sum;
    }
    let mut next = starts(&pair_ends);
    let mut within = vec![0_u32; sum as usize];
    for (index, pair) in pairs.iter().enumerate() {
        if let Some(at) = of(pair) {
            within[next[at] as usize] = index as u32;
            next[at] += 1;
        }
    }
    Components { records: laid_out, record_ends, pairs: within, pair_ends, place }
}

fn starts(ends: &[u32]) -> Vec<u32> {
    std::iter::once(0).chain(ends.iter().copied()).take(ends.len()).collect()
}

impl Components {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.record_ends.len()
    }

    /// The records and the places of the pairs of a component.
    pub(super) fn get(&self, component: usize) -> (&[u32], &[u32]) {
        let range = |ends: &[u32]| {
            let start = if component == 0 { 0 } else { ends[component - 1] };
            start as usize..ends[component] as usize
        };
        (&self.records[range(&self.record_ends)], &self.pairs[range(&self.pair_ends)])
    }

    /// Cuts the components into so many parts, or fewer, of about the same number of pairs.
    pub(super) fn parts(&self, parts: u32) -> Vec<std::ops::Range<usize>> {
        let total = self.pairs.len() + self.records.len();
        let load = |at: usize| (self.pair_ends[at] + self.record_ends[at]) as usize;
        let (mut cut, mut start) = (Vec::new(), 0);
        for end in 0..self.len() {
            if load(end) * parts as usize >= total * (cut.len() + 1) || end + 1 == self.len() {
                cut.push(start..end + 1);
                start = end + 1;
            }
        }
        cut
    }
}
