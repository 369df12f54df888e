//! What speaks for and against groups of records of one component being one person.
//!
//! In: the component's records and scored pairs, and a function for pairs that were no candidates.
//! Out: the evidence across two groups ([`Across`]): the mean of the log odds of ALL cross pairs,
//! the strongest and the weakest of them, and the penalty of agencies that would hold two records
//! of the person. The mean, not the sum: what relatives share (surname, address, phone) they share
//! in every cross pair, so the pairs do not speak independently, and the prior odds are paid once.
//!
//! A pair that was no candidate is asked for once and remembered, as long as two groups have at
//! most [`MOST_ASKED`] pairs. In larger groups it counts as [`LEAST`] without asking, as nearly all
//! of these pairs turn out to be.

use std::collections::HashMap;

/// Groups with more pairs are compared without asking for any.
const MOST_ASKED: usize = 8;

/// No pair speaks more for a person than this.
const MOST: f32 = 12.0;

/// No pair speaks more against one than this: one bad record, all wrong in one field, must not
/// veto what the others say.
pub(super) const LEAST: f32 = -4.0;

/// Components up to this size keep their pairs in a square.
const DENSE: usize = 64;

/// A pair of records of a component, by their places in it, and its log odds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Edge {
    pub(super) one: u32,
    pub(super) two: u32,
    pub(super) log_odds: f32,
}

/// The evidence across two groups.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Across {
    pub(super) sum: f32,
    pub(super) pairs: u32,
    pub(super) strongest: Edge,
    pub(super) weakest: Edge,
}

impl Across {
    /// What the pairs say of the groups: half the mean of all, half the strongest.
    pub(super) fn weight(&self) -> f32 {
        weight(self.sum, self.pairs, self.strongest.log_odds)
    }
}

/// What is taken off for every factor of e in the number of pairs: the strongest of many pairs is
/// strong by chance.
const MANY: f32 = 0.35;

/// Half the mean of all pairs, half the strongest, less what chance makes of many.
pub(super) fn weight(sum: f32, pairs: u32, strongest: f32) -> f32 {
    let many = if pairs > 1 { MANY * libm::logf(pairs as f32) } else { 0.0 };
    (sum / pairs.max(1) as f32 + strongest) / 2.0 - many
}

/// The evidence within one component.
pub(super) struct Evidence<'a, F> {
    records: &'a [u32],
    known: Known,
    log_odds: &'a F,
}

enum Known {
    /// Row by row, NaN where nobody asked yet.
    Square(Vec<f32>),
    /// For each record its pairs with higher ones, and what was asked since.
    Sparse { ends: Vec<u32>, pairs: Vec<(u32, f32)>, asked: HashMap<(u32, u32), f32> },
}

impl Known {
    fn sparse(size: usize, edges: &[Edge]) -> Known {
        let mut ends = vec![0_u32; size + 1];
        edges.iter().for_each(|edge| ends[edge.one as usize + 1] += 1);
        (1..ends.len()).for_each(|at| ends[at] += ends[at - 1]);
        let mut next = ends.clone();
        let mut pairs = vec![(0, 0.0); edges.len()];
        for edge in edges {
            let next = &mut next[edge.one as usize];
            pairs[*next as usize] = (edge.two, edge.log_odds.clamp(LEAST, MOST));
            *next += 1;
        }
        for range in ends.windows(2) {
            pairs[range[0] as usize..range[1] as usize].sort_unstable_by_key(|pair| pair.0);
        }
        Known::Sparse { ends, pairs, asked: HashMap::new() }
    }
}

impl<'a, F: Fn(u32, u32) -> f32> Evidence<'a, F> {
    pub(super) fn new(records: &'a [u32], edges: &[Edge], log_odds: &'a F) -> Evidence<'a, F> {
        let size = records.len();
        let known = if size <= DENSE {
            let mut square = vec![f32::NAN; size * size];
            for edge in edges {
                let cell = edge.one as usize * size + edge.two as usize;
                square[cell] = edge.log_odds.clamp(LEAST, MOST);
            }
            Known::Square(square)
        } else {
            Known::sparse(size, edges)
        };
        Evidence { records, known, log_odds }
    }

    /// How many records there are.
    pub(super) fn size(&self) -> usize {
        self.records.len()
    }

    /// The log odds of a pair, `one` below `two`; asks for it when it is unknown and `may_ask`.
    fn between(&mut self, one: u32, two: u32, may_ask: bool) -> f32 {
        let size = self.records.len();
        let ask = || {
            let answer = (self.log_odds)(self.records[one as usize], self.records[two as usize]);
            if answer.is_nan() { LEAST } else { answer.clamp(LEAST, MOST) }
        };
        match &mut self.known {
            Known::Square(square) => {
                let cell = &mut square[one as usize * size + two as usize];
                if cell.is_nan() && may_ask {
                    *cell = ask();
                }
                if cell.is_nan() { LEAST } else { *cell }
            }
            Known::Sparse { ends, pairs, asked } => {
                let range = ends[one as usize] as usize..ends[one as usize + 1] as usize;
                let pairs = &pairs[range];
                match pairs.binary_search_by_key(&two, |pair| pair.0) {
                    Ok(at) => pairs[at].1,
                    Err(_) if may_ask => *asked.entry((one, two)).or_insert_with(ask),
                    Err(_) => asked.get(&(one, two)).copied().unwrap_or(LEAST),
                }
            }
        }
    }

    /// The evidence across two groups; none when one is empty.
    pub(super) fn across(&mut self, group: &[u32], other: &[u32]) -> Option<Across> {
        let may_ask = group.len() * other.len() <= MOST_ASKED;
        let mut across: Option<Across> = None;
        for &left in group {
            for &right in other {
                let (one, two) = (left.min(right), left.max(right));
                let log_odds = self.between(one, two, may_ask);
                let edge = Edge { one, two, log_odds };
                let so_far = across.get_or_insert(Across {
                    sum: 0.0,
                    pairs: 0,
                    strongest: edge,
                    weakest: edge,
                });
                so_far.sum += log_odds;
                so_far.pairs += 1;
                if log_odds > so_far.strongest.log_odds {
                    so_far.strongest = edge;
                }
                if log_odds < so_far.weakest.log_odds {
                    so_far.weakest = edge;
                }
            }
        }
        across
    }
}

/// What is taken off for every record beyond the first of the smaller group. One poor record is
/// reason enough for no strong pair with a large group; where both groups have several records,
/// each had its own chance to show one.
const SEVERAL: f32 = 1.0;

fn several(size: usize, other: usize) -> f32 {
    -SEVERAL * (size.min(other).max(1) - 1) as f32
}

/// The penalty of two groups becoming one: for each agency, one for every record of it in the
/// group that has fewer.
pub(super) fn penalty(
    group: &[u32],
    other: &[u32],
    agency: impl Fn(u32) -> u16,
    penalties: &[f32],
) -> f32 {
    if let ([one], [two]) = (group, other) {
        let (one, two) = (agency(*one), agency(*two));
        return if one == two { penalties[usize::from(one)] } else { 0.0 };
    }
    let agencies = |group: &[u32]| group.iter().map(|record| agency(*record)).collect::<Vec<_>>();
    penalty_of(&agencies(group), &agencies(other), penalties)
}

/// The penalty of two groups whose records are of these agencies.
pub(super) fn penalty_of(group: &[u16], other: &[u16], penalties: &[f32]) -> f32 {
    let mut sum = several(group.len(), other.len());
    for (at, agency) in group.iter().enumerate() {
        let there = other.iter().filter(|one| *one == agency).count();
        // The n-th of its agency in the group meets the n-th in the other.
        let earlier = group[..at].iter().filter(|one| *one == agency).count();
        if earlier < there {
            sum += penalties[usize::from(*agency)];
        }
    }
    sum
}
