//! Whether the intervals of sensitive cells are wide enough, and what has to be hidden where they
//! are not.
//!
//! In: which cells are hidden ([`Dependence`]), their true values, and what each sensitive cell needs. Out: the cells
//! whose interval is too small, each with an inequality that every sufficient choice of hidden cells
//! satisfies: the capacity constraint of Fischetti and Salazar 2001, "Solving the cell suppression
//! problem on tabular data with linear constraints", Management Science 47, section 3.
//!
//! If the best that an attacker cannot rule out is `x_p = v + Σ slope · (x − true)` over cells that are
//! published, or hidden and at their bound, then hiding a published cell adds at most its slope times
//! how far it can move: to the least that a hidden cell can be, or without end.

use super::chance::Chance;
use super::cover::CoverRow;
use super::dependence::Dependence;
use super::primary::Need;
use super::programme::{Extreme, NEAR, Programme};

/// Moves of every cell to its middle before programmes are solved.
const SWEEPS: u32 = 3;

/// How far below the least a bound may be, half of it at least.
const LESS: f64 = 1e-5;

/// What is known of a need.
pub(super) enum Met {
    /// Met.
    Yes,
    /// Not met; every choice that meets it satisfies the row.
    No(CoverRow),
    /// The work ran out.
    GaveUp,
}

/// Programmes over the hidden cells.
pub(super) struct Protect<'a> {
    dependence: &'a Dependence,
    value: &'a [f64],
    /// The least that a hidden cell can be, as anybody knows.
    least: f64,
    programme: Programme,
    /// Cells that were basic at the start.
    basic: Vec<bool>,
}

impl<'a> Protect<'a> {
    /// Starts at the true values; `budget` is in entries touched.
    pub(super) fn new(
        dependence: &'a Dependence,
        value: &'a [f64],
        least: f64,
        budget: u64,
    ) -> Protect<'a> {
        let hidden = &dependence.hidden;
        let tableau = dependence.tableau.restricted(hidden);
        let mut chance = Chance::new(5);
        let bounds = hidden
            .iter()
            .zip(value)
            .map(|(&hidden, &value)| {
                // A little less than the least, each a little differently: bounds of small whole
                // numbers meet in corners that a programme takes for ever to leave. Too little to
                // change a whole number; the audit does without.
                let less = LESS * (1.0 + chance.below(1000) as f64 / 1000.0);
                if hidden { (least - less, f64::INFINITY) } else { (value, value) }
            })
            .collect();
        let mut basic = vec![false; value.len()];
        tableau.basics().iter().for_each(|&cell| basic[cell as usize] = true);
        let mut programme = Programme::at(tableau, value.to_vec(), bounds, budget);
        for _ in 0..SWEEPS {
            programme.centre();
        }
        Protect { dependence, value, least, programme, basic }
    }

    /// Whether a cell's interval is as wide as it needs to be; `always` are the cells that are
    /// hidden in any case.
    pub(super) fn meets(&mut self, cell: u32, need: Need, always: &[bool]) -> Met {
        let at = cell as usize;
        let true_value = self.value[at];
        // Past the sides on their own, as far as the width asks for.
        let reached = self.programme.reached[at];
        let least = self.least;
        let whole =
            |(low, high): (f64, f64)| ((low - NEAR).ceil().max(least), (high + NEAR).floor());
        if is_met(whole(reached), need) {
            return Met::Yes;
        }
        self.programme.back_to(self.value);
        let highest = need.high.max(whole(reached).0 + need.width);
        let high = self.programme.extreme(cell, 1.0, highest);
        let up = if high == Extreme::Enough { Vec::new() } else { self.slopes(cell, 1.0) };
        let unbounded = high == Extreme::Unbounded;
        let upper = if unbounded { f64::INFINITY } else { whole(self.programme.reached[at]).1 };
        let lowest = need.low.min(upper - need.width).max(least);
        if high == Extreme::Enough {
            self.programme.back_to(self.value);
        }
        let low = self.programme.extreme(cell, -1.0, lowest);
        let down = if low == Extreme::Enough { Vec::new() } else { self.slopes(cell, -1.0) };
        let reached = self.programme.reached[at];
        let lower = whole(reached).0;
        if is_met((lower, upper), need) {
            return Met::Yes;
        }
        if [high, low].contains(&Extreme::GaveUp) {
            return Met::GaveUp;
        }
        let (slopes, need) = if upper < need.high {
            (up, need.high - true_value)
        } else if lower > need.low {
            (down, true_value - need.low)
        } else {
            // What whole numbers take away has to be made good by hiding more.
            let width = need.width.max((reached.1 - reached.0 + NEAR).floor() + 1.0);
            (up.into_iter().chain(down).collect(), width)
        };
        Met::No(self.row(slopes, need, always))
    }

    /// The work done, in entries touched.
    pub(super) fn work(&self) -> u64 {
        self.programme.tableau.work
    }

    /// For every cell how far it can take `cell` in a direction at the present end of the programme:
    /// its slope times how far it may move.
    fn slopes(&self, cell: u32, direction: f64) -> Vec<(u32, f64)> {
        let mut slopes: Vec<(u32, f64)> = Vec::new();
        let Some(row) = self.programme.tableau.row(cell) else { return slopes };
        let mut published = vec![0.0; self.value.len()];
        let mut add = |of: u32, times: f64| {
            for &(other, entry) in self.dependence.tableau.row(of).unwrap_or_default() {
                if !self.dependence.hidden[other as usize] {
                    published[other as usize] += times * entry;
                }
            }
        };
        add(cell, -1.0);
        for &(hidden, entry) in row {
            let slope = -entry * direction;
            if slope < -NEAR {
                slopes.push((hidden, -slope * (self.value[hidden as usize] - self.least)));
            }
            if self.basic[hidden as usize] {
                add(hidden, -entry);
            }
        }
        for (other, slope) in published.into_iter().enumerate() {
            let slope = slope * direction;
            if slope > NEAR {
                slopes.push((other as u32, f64::INFINITY));
            } else if slope < -NEAR {
                slopes.push((other as u32, -slope * (self.value[other] - self.least)));
            }
        }
        slopes
    }

    fn row(&self, slopes: Vec<(u32, f64)>, need: f64, always: &[bool]) -> CoverRow {
        let mut sums: std::collections::BTreeMap<u32, f64> = std::collections::BTreeMap::new();
        let mut need = need;
        for (cell, adds) in slopes {
            if always[cell as usize] {
                need -= adds;
            } else {
                *sums.entry(cell).or_default() += adds;
            }
        }
        let entries = sums.into_iter().filter(|(_, adds)| *adds > NEAR).collect();
        CoverRow { entries, need }
    }
}

fn is_met((low, high): (f64, f64), need: Need) -> bool {
    low <= need.low && high >= need.high && high - low >= need.width
}
