//! One component to people: merging groups of records in the order of the evidence.
//!
//! Average linkage (Sokal, Michener 1958) on log odds: the two groups with the highest mean over
//! all cross pairs, less the penalty for agencies in both, become one, as long as that is at least
//! the threshold. A mean is never above its largest pair, so pairs wait in a heap under their own
//! log odds, which bounds the mean; what comes out is judged, and goes back under its mean unless
//! that is still the highest. Cost for a component of m pairs: m log m, and the cross pairs of
//! the groups judged.

use std::cmp::Ordering;
use std::collections::{BinaryHeap, HashMap};

use super::evidence::{Across, Edge, Evidence, penalty};
use super::groups::Groups;

/// A pair that may lead two groups together.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Waiting {
    /// No more than this can speak for its groups.
    at_most: f32,
    one: u32,
    two: u32,
    /// The records of both groups when they were judged; 0 when they were not.
    judged: u32,
}

impl Eq for Waiting {}

impl Ord for Waiting {
    fn cmp(&self, other: &Waiting) -> Ordering {
        let pair = |waiting: &Waiting| (waiting.one, waiting.two, waiting.judged);
        self.at_most.total_cmp(&other.at_most).then_with(|| pair(other).cmp(&pair(self)))
    }
}

impl PartialOrd for Waiting {
    fn partial_cmp(&self, other: &Waiting) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Two groups that became one, and why; records by their places in the component.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Joined {
    pub(super) across: Across,
    /// The mean of the log odds, the penalty and the shift.
    pub(super) support: f32,
    pub(super) penalty: f32,
}

/// How often pairs that were dropped are looked at again.
const PASSES: u32 = 3;

/// A component at work.
pub(super) struct Agglomeration<'a, F, A> {
    pub(super) evidence: Evidence<'a, F>,
    pub(super) agency: A,
    pub(super) penalties: &'a [f32],
    pub(super) forbidden: &'a [(u32, u32)],
    /// Added to what speaks for two groups.
    shift: f32,
    pub(super) largest: usize,
    pub(super) groups: Groups,
    pub(super) joined: Vec<Joined>,
    pub(super) refused_for_size: u32,
    waiting: BinaryHeap<Waiting>,
    /// Groups that were judged, and their records then: as long as neither grows, other pairs
    /// between them have nothing to add.
    judged: HashMap<(u32, u32), u32>,
    /// Pairs whose groups had too little support when they were judged.
    dropped: Vec<Waiting>,
    lowest: f32,
    /// The members of the two groups at hand.
    members: [Vec<u32>; 2],
}

impl<'a, F: Fn(u32, u32) -> f32, A: Fn(u32) -> u16> Agglomeration<'a, F, A> {
    /// Starts with every record alone, but for those that a reviewer called the same.
    #[expect(clippy::too_many_arguments, reason = "the parts of one component, made in one place")]
    pub(super) fn new(
        evidence: Evidence<'a, F>,
        edges: &[Edge],
        agency: A,
        penalties: &'a [f32],
        same: &[(u32, u32)],
        forbidden: &'a [(u32, u32)],
        largest: usize,
        (shift, lowest): (f32, f32),
    ) -> Self {
        let size = evidence.size();
        let mut groups = Groups::alone(size);
        for (one, two) in same {
            groups.merge(groups.of(*one), groups.of(*two));
        }
        let waiting = edges
            .iter()
            .filter(|edge| edge.log_odds + shift >= lowest)
            .map(|edge| Waiting {
                at_most: edge.log_odds + shift,
                one: edge.one,
                two: edge.two,
                judged: 0,
            })
            .collect();
        Agglomeration {
            evidence,
            agency,
            penalties,
            forbidden,
            shift,
            largest,
            groups,
            joined: Vec::new(),
            refused_for_size: 0,
            waiting,
            judged: HashMap::new(),
            dropped: Vec::new(),
            lowest,
            members: [Vec::new(), Vec::new()],
        }
    }

    /// Whether a reviewer said that the two groups are different people.
    pub(super) fn is_forbidden(&self, one: u32, two: u32) -> bool {
        self.forbidden.iter().any(|(left, right)| {
            let (left, right) = (self.groups.of(*left), self.groups.of(*right));
            (left, right) == (one, two) || (right, left) == (one, two)
        })
    }

    /// The evidence across two groups, and the penalty.
    pub(super) fn judge(&mut self, one: u32, two: u32) -> Option<Joined> {
        let [left, right] = &mut self.members;
        left.clear();
        left.extend(self.groups.members(one));
        right.clear();
        right.extend(self.groups.members(two));
        let across = self.evidence.across(left, right)?;
        let penalty = penalty(left, right, &self.agency, self.penalties);
        Some(Joined { across, support: across.weight() + penalty + self.shift, penalty })
    }

    /// Merges as long as the support is at least `stop`, which is at least the lowest.
    pub(super) fn merge_down_to(&mut self, stop: f32) {
        for _ in 0..PASSES {
            while let Some(next) = self.waiting.peek().copied().filter(|next| next.at_most >= stop)
            {
                self.waiting.pop();
                self.consider(next, stop);
            }
            // Groups that have grown since may have more support than their parts had.
            let (waiting, judged) = (self.waiting.len(), std::mem::take(&mut self.dropped));
            for pair in judged {
                self.reconsider(pair);
            }
            if self.waiting.len() == waiting {
                return;
            }
        }
    }

    fn consider(&mut self, next: Waiting, stop: f32) {
        let (one, two) = (self.groups.of(next.one), self.groups.of(next.two));
        if one == two || self.is_forbidden(one, two) {
            return;
        }
        let ordered = (one.min(two), one.max(two));
        let size = (self.groups.size(one) + self.groups.size(two)) as usize;
        if next.judged == 0 && self.judged.get(&ordered) == Some(&(size as u32)) {
            return;
        }
        if size > self.largest {
            self.refused_for_size += 1;
            self.judged.insert(ordered, size as u32);
            return;
        }
        let Some(joined) = self.judge(one, two) else { return };
        let highest = self.waiting.peek().is_none_or(|other| joined.support >= other.at_most);
        if joined.support >= stop && (highest || next.judged as usize == size) {
            self.groups.merge(one, two);
            self.joined.push(joined);
            return;
        }
        self.judged.insert(ordered, size as u32);
        let again = Waiting { at_most: joined.support, judged: size as u32, ..next };
        if joined.support >= self.lowest {
            self.waiting.push(again);
        } else {
            self.dropped.push(again);
        }
    }

    /// Looks again at a pair that was dropped, when its groups have grown.
    fn reconsider(&mut self, pair: Waiting) {
        let (one, two) = (self.groups.of(pair.one), self.groups.of(pair.two));
        let size = (self.groups.size(one) + self.groups.size(two)) as usize;
        if one == two || size > self.largest {
            return;
        }
        let Some(joined) = (size != pair.judged as usize).then(|| self.judge(one, two)).flatten()
        else {
            self.dropped.push(pair);
            return;
        };
        let again = Waiting { at_most: joined.support, judged: size as u32, ..pair };
        if joined.support >= self.lowest {
            self.waiting.push(again);
        } else {
            self.dropped.push(again);
        }
    }
}
