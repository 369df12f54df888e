//! What is uncertain in a component, in the form that draws are made from.
//!
//! In: an agglomeration that has merged what is as good as certain; its groups are the cores. Out:
//! cores that uncertain pairs hold together, directly or through others ([`Uncertain`]): each
//! stands alone, with everything a draw asks for. Two cores without a scored pair between them
//! count as [`LEAST`](super::evidence::LEAST) for each pair of their records.

use super::agglomerate::Agglomeration;
use super::evidence::{Edge, LEAST, penalty, weight};
use crate::trees::Trees;

/// From these log odds on (one wrong in a thousand), a merge is the same in all draws.
pub(super) const CERTAIN: f32 = 7.0;

/// Records that are one person in every draw.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Core {
    /// The records, by their places in the component.
    pub(super) records: Vec<u32>,
    /// The agency of each record.
    pub(super) agencies: Vec<u16>,
}

/// Two cores, by number, and the evidence across them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct CorePair {
    pub(super) one: u32,
    pub(super) two: u32,
    /// The sum of the log odds; minus infinity when a reviewer called them different.
    pub(super) sum: f32,
    /// The pairs summed.
    pub(super) pairs: u32,
    /// The highest of them.
    pub(super) strongest: f32,
    /// Of these, pairs that were scored as candidates.
    pub(super) scored: u32,
    /// What they say of the groups, and the penalty.
    pub(super) support: f32,
}

/// Cores between which there is something to toss for.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Uncertain {
    pub(super) cores: Vec<Core>,
    /// From the highest support; all that have a scored pair.
    pub(super) pairs: Vec<CorePair>,
    /// How many of the pairs, the first ones, are worth a toss.
    pub(super) tossed: usize,
}

/// The cores of a component: what is uncertain, and the cores about which nothing is.
pub(super) fn uncertain<F: Fn(u32, u32) -> f32, A: Fn(u32) -> u16>(
    work: &mut Agglomeration<'_, F, A>,
    edges: &[Edge],
    floor: f32,
) -> (Vec<Uncertain>, Vec<Core>) {
    let mut number = vec![u32::MAX; work.evidence.size()];
    let mut cores: Vec<Core> = Vec::new();
    for (record, group) in work.groups.all() {
        let number = &mut number[group as usize];
        if *number == u32::MAX {
            *number = cores.len() as u32;
            let size = work.groups.size(group) as usize;
            cores.push(Core {
                records: Vec::with_capacity(size),
                agencies: Vec::with_capacity(size),
            });
        }
        let core = &mut cores[*number as usize];
        core.records.push(record);
        core.agencies.push((work.agency)(record));
    }
    if cores.len() == 1 {
        return (Vec::new(), cores);
    }
    let core_of = |record: u32| number[work.groups.of(record) as usize];
    let mut between: Vec<(u32, u32, bool)> = edges
        .iter()
        .map(|edge| (core_of(edge.one), core_of(edge.two), edge.log_odds < floor))
        .filter(|(one, two, _)| one != two)
        .map(|(one, two, below)| (one.min(two), one.max(two), below))
        .collect();
    between.sort_unstable();
    let mut trees = Trees::new(cores.len());
    let mut pairs = Vec::new();
    for run in between.chunk_by(|left, right| (left.0, left.1) == (right.0, right.1)) {
        let (one, two, below) = run[0];
        let (left, right) = (&cores[one as usize].records, &cores[two as usize].records);
        let groups = (work.groups.of(left[0]), work.groups.of(right[0]));
        let scored = run.len() as u32;
        if work.is_forbidden(groups.0, groups.1) {
            let (sum, support) = (f32::NEG_INFINITY, f32::NEG_INFINITY);
            let strongest = f32::NEG_INFINITY;
            pairs.push(CorePair { one, two, sum, pairs: 1, strongest, scored, support });
            continue;
        }
        let Some(across) = work.evidence.across(left, right) else { continue };
        let support = across.weight() + penalty(left, right, &work.agency, work.penalties);
        // A pair below the floor speaks in the mean, but is no reason to ask.
        let support = if below { f32::NEG_INFINITY } else { support };
        pairs.push(CorePair {
            one,
            two,
            sum: across.sum,
            pairs: across.pairs,
            strongest: across.strongest.log_odds,
            scored,
            support,
        });
        if support >= floor {
            trees.join(one, two);
        }
    }
    split(cores, &pairs, &trees.into_roots(), floor)
}

/// Cuts cores into those that hang together, and those that stand alone.
fn split(
    cores: Vec<Core>,
    pairs: &[CorePair],
    roots: &[u32],
    floor: f32,
) -> (Vec<Uncertain>, Vec<Core>) {
    let mut members = vec![0_u32; cores.len()];
    roots.iter().for_each(|root| members[*root as usize] += 1);
    let (mut parts, mut alone) = (Vec::<Uncertain>::new(), Vec::new());
    let mut part_of = vec![usize::MAX; cores.len()];
    let mut place = vec![0_u32; cores.len()];
    for (at, core) in cores.into_iter().enumerate() {
        let root = roots[at] as usize;
        if members[root] == 1 {
            alone.push(core);
            continue;
        }
        if part_of[root] == usize::MAX {
            part_of[root] = parts.len();
            parts.push(Uncertain { cores: Vec::new(), pairs: Vec::new(), tossed: 0 });
        }
        let part = &mut parts[part_of[root]];
        place[at] = part.cores.len() as u32;
        part.cores.push(core);
    }
    for pair in pairs {
        let root = roots[pair.one as usize];
        if root == roots[pair.two as usize] {
            let (one, two) = (place[pair.one as usize], place[pair.two as usize]);
            parts[part_of[root as usize]].pairs.push(CorePair { one, two, ..*pair });
        }
    }
    for part in &mut parts {
        part.pairs.sort_by(|left, right| {
            let order = right.support.total_cmp(&left.support);
            order.then_with(|| (left.one, left.two).cmp(&(right.one, right.two)))
        });
        part.tossed = part.pairs.partition_point(|pair| pair.support >= floor);
    }
    (parts, alone)
}

impl Uncertain {
    /// Where the evidence across each two cores stands among the pairs.
    pub(super) fn index(&self) -> Index {
        let mut ends = vec![0_u32; self.cores.len() + 1];
        self.pairs.iter().for_each(|pair| ends[pair.one as usize + 1] += 1);
        (1..ends.len()).for_each(|at| ends[at] += ends[at - 1]);
        let mut next = ends.clone();
        let mut entries = vec![(0, 0); self.pairs.len()];
        for (at, pair) in (0_u32..).zip(&self.pairs) {
            let next = &mut next[pair.one as usize];
            entries[*next as usize] = (pair.two, at);
            *next += 1;
        }
        for range in ends.windows(2) {
            entries[range[0] as usize..range[1] as usize].sort_unstable();
        }
        Index { ends, entries }
    }

    /// What the pairs across two groups of cores say of them.
    pub(super) fn weight(
        &self,
        index: &Index,
        group: impl Iterator<Item = u32>,
        other: impl Iterator<Item = u32> + Clone,
    ) -> f32 {
        let (mut sum, mut pairs, mut strongest) = (0.0, 0, LEAST);
        for left in group {
            for right in other.clone() {
                let (one, two) = (left.min(right), left.max(right));
                if let Some(at) = index.get(one, two) {
                    let pair = &self.pairs[at as usize];
                    sum += pair.sum;
                    pairs += pair.pairs;
                    strongest = strongest.max(pair.strongest);
                } else {
                    let size = |core: u32| self.cores[core as usize].records.len() as u32;
                    sum += LEAST * (size(one) * size(two)) as f32;
                    pairs += size(one) * size(two);
                }
            }
        }
        weight(sum, pairs, strongest)
    }
}

/// Where the evidence across two cores stands: for each lower core the higher ones.
pub(super) struct Index {
    ends: Vec<u32>,
    entries: Vec<(u32, u32)>,
}

impl Index {
    fn get(&self, one: u32, two: u32) -> Option<u32> {
        let range = self.ends[one as usize] as usize..self.ends[one as usize + 1] as usize;
        let entries = &self.entries[range];
        let found = entries.binary_search_by(|entry| entry.0.cmp(&two)).ok();
        found.map(|at| entries[at].1)
    }
}
