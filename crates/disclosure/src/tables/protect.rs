//! Whether the interval of a hidden cell is wide enough, and what has to be hidden where it is not.
//!
//! In: which cells are hidden, their true values, and what a cell needs ([`Requirement`]). Out: the
//! hidden cells that move when the interval is gone through from end to end, which are all that
//! has to stay hidden for it; or an inequality that every sufficient choice of hidden cells satisfies:
//! the capacity constraint of Fischetti and Salazar 2001, "Solving the cell suppression
//! problem on tabular data with linear constraints", Management Science 47, section 3.
//!
//! If the best that an attacker cannot rule out is `x_p = v + Σ slope · (x − true)` over cells that are
//! published, or hidden and at their bound, then hiding a published cell adds at most its slope times
//! how far it can move: to the least that a hidden cell can be, or without end.

use std::collections::BTreeMap;

use super::cover::CoverRow;
use super::dense_tableau::DenseTableau;
use super::dependence::Dependence;
use super::primary::Need;
use super::programme::{Extreme, NEAR, Programme};

/// How far below the least a bound may be, half of it at least.
const LESS: f64 = 1e-5;

/// What is asked of a hidden cell's interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Requirement {
    pub(super) cell: u32,
    pub(super) need: Need,
    /// A cell whose number the attacker knows, as she is alone in it.
    pub(super) knows: Option<u32>,
}

/// What is known of a requirement.
pub(super) enum Met {
    /// Met as long as these cells stay hidden; in order.
    Yes(Vec<u32>),
    /// Not met; every choice that meets it satisfies the row.
    No(CoverRow),
    /// The work ran out.
    GaveUp,
}

/// Programmes over the hidden cells, one after the other.
pub(super) struct Protect<'a> {
    dependence: &'a Dependence,
    value: &'a [f64],
    /// The least that a hidden cell can be, as anybody knows.
    least: f64,
    /// Cells that are hidden in any case.
    always: &'a [bool],
    /// What is no small number any more.
    large: f64,
    programme: Programme<'a>,
    /// Cells that were basic at the start.
    basic: Vec<bool>,
    /// Cells that have been published since.
    published: Vec<bool>,
}

/// How far a cell goes.
struct Reach {
    /// The least and greatest whole number.
    whole: (f64, f64),
    length: f64,
    gave_up: bool,
    /// Cells that are not at their true value at either end; in order.
    moved: Vec<u32>,
    /// What stops it at either end, if something does.
    slopes: [Vec<(u32, f64)>; 2],
}

impl<'a> Protect<'a> {
    /// Starts at the true values.
    pub(super) fn new(
        dependence: &'a Dependence,
        value: &'a [f64],
        least: f64,
        always: &'a [bool],
        large: f64,
    ) -> Protect<'a> {
        let hidden = &dependence.hidden;
        let tableau = DenseTableau::new(&dependence.tableau, |cell| hidden[cell as usize]);
        let bounds = (0..).zip(hidden.iter().zip(value)).map(|(cell, (&hidden, &value))| {
            if hidden { bounds_of(cell, least) } else { (value, value) }
        });
        let bounds = bounds.collect();
        let mut basic = vec![false; value.len()];
        tableau.basics().iter().for_each(|&cell| basic[cell as usize] = true);
        let programme =
            Programme::at(&dependence.equations, tableau, value.to_vec(), bounds, u64::MAX);
        let published = vec![false; value.len()];
        Protect { dependence, value, least, always, large, programme, basic, published }
    }

    /// Publishes a hidden cell, or hides it again.
    pub(super) fn publish(&mut self, cell: u32, published: bool) {
        self.published[cell as usize] = published;
        self.hold(cell, published);
    }

    /// Keeps a cell at its true value, or no longer.
    fn hold(&mut self, cell: u32, held: bool) {
        let value = self.value[cell as usize];
        let bounds = if held { (value, value) } else { bounds_of(cell, self.least) };
        self.programme.bound(cell, bounds);
    }

    /// Whether a requirement is met.
    pub(super) fn meets(&mut self, asked: Requirement) -> Met {
        if let Some(knows) = asked.knows {
            self.hold(knows, true);
        }
        let reach = self.reach(asked);
        if let Some(knows) = asked.knows {
            self.hold(knows, false);
        }
        if is_met(reach.whole, asked.need) {
            return Met::Yes(reach.moved);
        }
        if reach.gave_up {
            return Met::GaveUp;
        }
        // Whatever cannot be small needs no width; an interval that holds this one has it once it can.
        let (low, high) = reach.whole;
        let cannot_be_small = low >= self.large && high > low;
        if !self.always[asked.cell as usize]
            && cannot_be_small
            && high - (self.large - 1.0) >= asked.need.width
        {
            return Met::Yes(reach.moved);
        }
        Met::No(self.row(reach, asked))
    }

    fn reach(&mut self, asked: Requirement) -> Reach {
        let (cell, need, least) = (asked.cell, asked.need, self.least);
        let at = cell as usize;
        let whole =
            |(low, high): (f64, f64)| ((low - NEAR).ceil().max(least), (high + NEAR).floor());
        self.programme.forget(cell, self.value[at]);
        let mut moved = vec![false; self.value.len()];
        let highest = need.high.max(self.value[at] + need.width);
        let up = self.programme.extreme_from(self.value, cell, 1.0, highest);
        let up_slopes = self.slopes(cell, 1.0, up);
        self.note_moved(&mut moved);
        let upper = match up {
            Extreme::Unbounded => f64::INFINITY,
            _ => whole(self.programme.reached[at]).1,
        };
        let lowest = need.low.min(upper - need.width).max(least);
        let down = self.programme.extreme_from(self.value, cell, -1.0, lowest);
        let down_slopes = self.slopes(cell, -1.0, down);
        self.note_moved(&mut moved);
        let (low, high) = self.programme.reached[at];
        Reach {
            whole: (whole((low, high)).0, upper),
            length: high - low,
            gave_up: [up, down].contains(&Extreme::GaveUp),
            moved: (0..).zip(moved).filter(|(_, moved)| *moved).map(|(cell, _)| cell).collect(),
            slopes: [up_slopes, down_slopes],
        }
    }

    fn note_moved(&self, moved: &mut [bool]) {
        for (moved, (value, of)) in
            moved.iter_mut().zip(self.programme.value().iter().zip(self.value))
        {
            *moved |= (value - of).abs() > NEAR;
        }
    }

    /// The work done, in entries touched.
    pub(super) fn work(&self) -> u64 {
        self.programme.tableau.work
    }

    /// For every cell how far it can take `cell` in a direction at the present end of the programme:
    /// its slope times how far it may move. Nothing if the programme did not end for that.
    fn slopes(&self, cell: u32, direction: f64, end: Extreme) -> Vec<(u32, f64)> {
        let mut slopes: Vec<(u32, f64)> = Vec::new();
        let (Some(row), Extreme::At(_)) = (self.programme.tableau.row(cell), end) else {
            return slopes;
        };
        let mut published = vec![0.0; self.value.len()];
        let mut add = |of: u32, times: f64| {
            for &(other, entry) in self.dependence.tableau.row(of).unwrap_or_default() {
                if !self.dependence.hidden[other as usize] {
                    published[other as usize] += times * entry;
                }
            }
        };
        add(cell, -1.0);
        for (hidden, entry) in row {
            let slope = -entry * direction;
            if slope < -NEAR || self.published[hidden as usize] {
                slopes.push((hidden, slope));
            }
            if self.basic[hidden as usize] {
                add(hidden, -entry);
            }
        }
        let published = published.into_iter().map(|slope| slope * direction);
        slopes.extend((0..).zip(published).filter(|(_, slope)| slope.abs() > NEAR));
        for (other, slope) in &mut slopes {
            *slope = if *slope > 0.0 {
                f64::INFINITY
            } else {
                -*slope * (self.value[*other as usize] - self.least)
            };
        }
        slopes
    }

    /// What must be hidden for a requirement that is not met.
    fn row(&self, reach: Reach, asked: Requirement) -> CoverRow {
        let true_value = self.value[asked.cell as usize];
        let need = asked.need;
        let [up, down] = reach.slopes;
        let (lower, upper) = reach.whole;
        let (slopes, mut short) = if upper < need.high {
            (up, need.high - true_value)
        } else if lower > need.low {
            (down, true_value - need.low)
        } else {
            // What whole numbers take away has to be made good by hiding more.
            let width = need.width.max((reach.length + NEAR).floor() + 1.0);
            (up.into_iter().chain(down).collect(), width)
        };
        let mut sums: BTreeMap<u32, f64> = BTreeMap::new();
        for (cell, adds) in slopes {
            if asked.knows == Some(cell) {
                continue;
            } else if self.always[cell as usize] {
                short -= adds;
            } else {
                *sums.entry(cell).or_default() += adds;
            }
        }
        let entries = sums.into_iter().filter(|(_, adds)| *adds > NEAR).collect();
        let only_with = (!self.always[asked.cell as usize]).then_some(asked.cell);
        CoverRow { entries, need: short, only_with }
    }
}

/// A little less than the least, for each cell a little differently: bounds of small whole numbers meet
/// in corners that a programme takes for ever to leave. Too little to change a whole number; the
/// audit does without.
fn bounds_of(cell: u32, least: f64) -> (f64, f64) {
    let part = f64::from(cell.wrapping_mul(2_654_435_769) >> 22) / 1024.0;
    (least - LESS * (1.0 + part), f64::INFINITY)
}

fn is_met((low, high): (f64, f64), need: Need) -> bool {
    low <= need.low && high >= need.high && high - low >= need.width
}
