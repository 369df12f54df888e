//! What is uncertain in a component, in the form that draws are made from.
//!
//! In: an agglomeration that has merged what is as good as certain; its groups are the cores. Out:
//! cores that uncertain pairs hold together, directly or through others ([`Uncertain`]): each
//! stands alone, with everything a draw asks for. Two cores without a scored pair between them
//! count as [`LEAST`](super::evidence::LEAST) for each pair of their records.

use super::agglomerate::Agglomeration;
use super::cores::Cores;
use super::evidence::{Edge, LEAST, penalty, weight};
use crate::trees::Trees;

/// From these log odds on (one wrong in a thousand), a merge is the same in all draws.
pub(super) const CERTAIN: f32 = 7.0;

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
#[derive(Debug, Default)]
pub(super) struct Uncertain {
    pub(super) cores: Cores,
    /// From the highest support; all that have a scored pair.
    pub(super) pairs: Vec<CorePair>,
    /// How many of the pairs, the first ones, are worth a toss.
    pub(super) tossed: usize,
    index: Index,
}

/// The cores of a component: what is uncertain, and the cores about which nothing is.
pub(super) fn uncertain<F: Fn(u32, u32) -> f32, A: Fn(u32) -> u16>(
    work: &mut Agglomeration<'_, F, A>,
    edges: &[Edge],
    floor: f32,
) -> (Vec<Uncertain>, Cores) {
    let (cores, core_of) = Cores::of(work);
    if cores.len() == 1 {
        return (Vec::new(), cores);
    }
    let core_of = |record: u32| core_of[record as usize];
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
        let (left, right) = (cores.records(one), cores.records(two));
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
    split(&cores, &pairs, &trees.into_roots(), floor)
}

/// Cuts cores into those that hang together, and those that stand alone.
fn split(cores: &Cores, pairs: &[CorePair], roots: &[u32], floor: f32) -> (Vec<Uncertain>, Cores) {
    let mut members = vec![0_u32; cores.len()];
    roots.iter().for_each(|root| members[*root as usize] += 1);
    let (mut parts, mut alone) = (Vec::<Uncertain>::new(), Cores::default());
    let mut part_of = vec![usize::MAX; cores.len()];
    let mut place = vec![0_u32; cores.len()];
    for core in cores.numbers() {
        let root = roots[core as usize] as usize;
        if members[root] == 1 {
            alone.push(cores, core);
            continue;
        }
        if part_of[root] == usize::MAX {
            part_of[root] = parts.len();
            parts.push(Uncertain::default());
        }
        let part = &mut parts[part_of[root]];
        place[core as usize] = part.cores.len() as u32;
        part.cores.push(cores, core);
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
        part.index = Index::new(part.cores.len(), &part.pairs);
    }
    (parts, alone)
}

impl Uncertain {
    /// What the pairs across two groups of cores say of them; none when one of these pairs stands
    /// before that of a number.
    pub(super) fn weight(
        &self,
        number: u32,
        group: impl Iterator<Item = u32>,
        other: impl Iterator<Item = u32> + Clone,
    ) -> Option<f32> {
        let (mut sum, mut pairs, mut strongest) = (0.0, 0, LEAST);
        for left in group {
            for right in other.clone() {
                let (one, two) = (left.min(right), left.max(right));
                if let Some(across) = self.index.get(one, two) {
                    if across.number < number {
                        return None;
                    }
                    sum += across.sum;
                    pairs += across.pairs;
                    strongest = strongest.max(across.strongest);
                } else {
                    let size = |core: u32| self.cores.records(core).len() as u32;
                    sum += LEAST * (size(one) * size(two)) as f32;
                    pairs += size(one) * size(two);
                }
            }
        }
        Some(weight(sum, pairs, strongest))
    }
}

/// The evidence across two cores: for each lower core that with higher ones.
#[derive(Debug, Default)]
struct Index {
    ends: Vec<u32>,
    entries: Vec<Entry>,
}

/// A pair of cores, by the higher one.
#[derive(Debug, Clone, Copy, Default)]
struct Entry {
    two: u32,
    /// Its place among the pairs.
    number: u32,
    sum: f32,
    pairs: u32,
    strongest: f32,
}

impl Index {
    fn new(cores: usize, all: &[CorePair]) -> Index {
        let mut ends = vec![0_u32; cores + 1];
        all.iter().for_each(|pair| ends[pair.one as usize + 1] += 1);
        (1..ends.len()).for_each(|at| ends[at] += ends[at - 1]);
        let mut next = ends.clone();
        let mut entries = vec![Entry::default(); all.len()];
        for (number, pair) in (0_u32..).zip(all) {
            let CorePair { two, sum, pairs, strongest, .. } = *pair;
            let next = &mut next[pair.one as usize];
            entries[*next as usize] = Entry { two, number, sum, pairs, strongest };
            *next += 1;
        }
        for range in ends.windows(2) {
            entries[range[0] as usize..range[1] as usize].sort_unstable_by_key(|entry| entry.two);
        }
        Index { ends, entries }
    }

    #[inline]
    fn get(&self, one: u32, two: u32) -> Option<&Entry> {
        let range = self.ends[one as usize] as usize..self.ends[one as usize + 1] as usize;
        // Few, as a rule.
        self.entries[range].iter().find(|entry| entry.two >= two).filter(|entry| entry.two == two)
    }
}
