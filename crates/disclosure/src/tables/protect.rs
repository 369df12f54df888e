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

use std::cell::Cell;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::circuits::{self, Circuits};
use super::cover::CoverRow;
use super::dense_tableau::DenseTableau;
use super::dependence::Dependence;
use super::exchange::Exchange;
use super::neighbourhood::{self, Neighbourhood};
use super::primary::Need;
use super::programme::{Entries, Extreme, NEAR, Programme};
use super::shown::Shown;

/// How far below the least a bound may be, half of it at least.
const LESS: f64 = 1e-5;

/// What is asked of a hidden cell's interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Requirement {
    pub(super) cell: u32,
    pub(super) need: Need,
    /// A cell whose number the attacker knows, as she is alone in it.
    pub(super) knows: Option<u32>,
    /// For cells that may be published, what is no small number any more: whatever cannot be smaller needs
    /// no width.
    pub(super) large: Option<f64>,
}

impl Requirement {
    /// Whether an interval, or a part of one, is as wide as is asked.
    pub(super) fn is_met_by(&self, (low, high): (f64, f64)) -> bool {
        let need = self.need;
        let is_met = low <= need.low && high >= need.high && high - low >= need.width;
        // An interval that holds this one has the width once it can be small.
        let cannot_be_small =
            |large: f64| low >= large && high > low && high - (large - 1.0) >= need.width;
        is_met || self.large.is_some_and(cannot_be_small)
    }
}

/// The whole numbers within the interval of a cell that is `least` at least.
pub(super) fn whole_numbers(least: f64, (low, high): (f64, f64)) -> (f64, f64) {
    ((low - NEAR).ceil().max(least), (high + NEAR).floor())
}

/// What is known of a requirement.
pub(super) enum Met {
    /// Met, as these show.
    Yes(Arc<Shown>),
    /// Not met; every choice that meets it satisfies the row.
    No(CoverRow),
    /// A part of the equations does not tell; with more of them one may know.
    Unknown,
    /// The work ran out.
    GaveUp,
}

/// How much may be asked: so many sizes of parts of the equations, and after those all of them.
pub(super) const STEPS: usize = circuits::SIZES.len() + 1;
/// How many of those are quick. Tests have tables small enough for the rest.
pub(super) const QUICK_STEPS: usize = if cfg!(test) { 1 } else { 3 };

/// Programmes over the hidden cells, one after the other.
pub(super) struct Protect<'a> {
    dependence: &'a Dependence,
    value: &'a [f64],
    /// The least that each cell can be if it is hidden, as anybody knows.
    least: &'a [f64],
    /// Cells that are hidden in any case.
    always: &'a [bool],
    /// Cells that have been published since.
    published: Vec<bool>,
    /// If there are so many hidden cells that a part of them is asked first.
    circuits: Option<Circuits>,
    exchange: Option<&'a Exchange>,
    /// Whether all hidden cells together are not too many.
    fits: bool,
    /// All hidden cells together, once they have been asked.
    whole: Option<Whole<'a>>,
    /// Work of other programmes.
    spent: Cell<u64>,
}

/// All hidden cells together.
struct Whole<'a> {
    programme: Programme<'a>,
    /// Cells that were basic at the start.
    basic: Vec<bool>,
}

/// How far a cell goes.
struct Reach {
    /// The least and greatest whole number.
    whole: (f64, f64),
    length: f64,
    gave_up: bool,
    /// Variables that are not at their true value at either end, in order, and what they are there.
    moved: Vec<(u32, (f64, f64))>,
    /// What stops it at either end, if something does.
    slopes: [Vec<(u32, f64)>; 2],
}

impl<'a> Protect<'a> {
    /// Starts at the true values.
    pub(super) fn new(
        dependence: &'a Dependence,
        value: &'a [f64],
        least: &'a [f64],
        always: &'a [bool],
        exchange: Option<&'a Exchange>,
    ) -> Protect<'a> {
        let (basic, nonbasic) = dependence.size();
        let published = vec![false; value.len()];
        let in_parts = neighbourhood::pays(basic, nonbasic);
        Protect {
            dependence,
            value,
            least,
            always,
            published,
            circuits: in_parts.then(|| Circuits::of(dependence)),
            exchange,
            fits: neighbourhood::fits(basic, nonbasic),
            whole: None,
            spent: Cell::new(0),
        }
    }

    /// Publishes a hidden cell, or hides it again.
    pub(super) fn publish(&mut self, cell: u32, published: bool) {
        self.published[cell as usize] = published;
        let bounds = if published { self.held(cell) } else { self.bounds_of(cell) };
        if let Some(whole) = &mut self.whole {
            whole.programme.bound(cell, bounds);
        }
    }

    fn held(&self, cell: u32) -> (f64, f64) {
        (self.value[cell as usize], self.value[cell as usize])
    }

    /// A little less than the least, for each cell a little differently: bounds of small whole numbers meet
    /// in corners that a programme takes for ever to leave. Too little to change a whole number; the
    /// audit does without.
    fn bounds_of(&self, cell: u32) -> (f64, f64) {
        let part = f64::from(cell.wrapping_mul(2_654_435_769) >> 22) / 1024.0;
        (self.least[cell as usize] - LESS * (1.0 + part), f64::INFINITY)
    }

    /// Whether a requirement is met, asking so much: less than [`STEPS`].
    pub(super) fn meets(&mut self, asked: Requirement, step: usize) -> Met {
        if let Some(circuits) = &self.circuits
            && step + 1 < STEPS
        {
            return self.meets_in_part(circuits, asked, step);
        }
        if !self.fits {
            return Met::GaveUp;
        }
        let reach = self.reach_in_whole(asked);
        if asked.is_met_by(reach.whole) {
            Met::Yes(self.shown(reach.moved))
        } else if reach.gave_up {
            Met::GaveUp
        } else {
            Met::No(self.row(reach, asked))
        }
    }

    fn whole_numbers(&self, cell: u32, reached: (f64, f64)) -> (f64, f64) {
        whole_numbers(self.least[cell as usize], reached)
    }

    fn shown(&self, mut moved: Vec<(u32, (f64, f64))>) -> Arc<Shown> {
        moved.sort_unstable_by_key(|(cell, _)| *cell);
        let (cells, ends) = moved.into_iter().unzip();
        Arc::new(Shown { cells, ends })
    }

    /// Whether a requirement is met, if a part of the equations can tell.
    fn meets_in_part(&self, circuits: &Circuits, asked: Requirement, step: usize) -> Met {
        let held = |cell: u32| self.published[cell as usize] || asked.knows == Some(cell);
        let bounds = |cell| if held(cell) { self.held(cell) } else { self.bounds_of(cell) };
        let enough = |reached| asked.is_met_by(self.whole_numbers(asked.cell, reached));
        // Looked for once: with more of the equations it is the same one.
        if step == 0
            && let Some(moved) = circuits.way(asked.cell, self.value, bounds, enough)
        {
            return Met::Yes(self.shown(moved));
        }
        let is_free = |cell: u32| self.dependence.hidden[cell as usize] && !held(cell);
        let (equations, links) = (&self.dependence.equations, &self.dependence.links);
        let mut near = Neighbourhood::new(equations, links, is_free, asked.cell);
        near.grow(neighbourhood::SIZES[step]);
        let outer = near.outer();
        let start = outer.values(self.value);
        let mut programme = outer.programme(start.clone(), bounds, u64::MAX);
        let reach = self.reach(&mut programme, &start, 0, asked, |programme, direction| {
            let row: Entries = programme.tableau.row(0).into_iter().flatten().collect();
            let others = near.entries_of_others(&outer, &row).into_iter();
            let free = row.iter().map(|&(at, entry)| (outer.variables[at as usize], entry));
            let slope = |(cell, entry): (u32, f64)| (cell, -entry * direction);
            let free = free.map(slope).filter(|(_, slope)| *slope < -NEAR);
            let others = others.map(slope).filter(|(_, slope)| slope.abs() > NEAR);
            free.chain(others).collect()
        });
        self.spent.set(self.spent.get() + programme.tableau.work);
        if !reach.gave_up && !asked.is_met_by(reach.whole) {
            return Met::No(self.row(reach, asked));
        }

        if step == 0
            && let Some(exchange) = self.exchange
        {
            let room = |cell: u32| {
                if !is_free(cell) {
                    return (0.0, 0.0);
                }
                let ((lower, upper), value) = (bounds(cell), self.value[cell as usize]);
                (value - lower, upper - value)
            };
            let mut work = 0;
            let moved = exchange.way(asked.cell, self.value, room, enough, &mut work);
            self.spent.set(self.spent.get() + work);
            if let Some(moved) = moved {
                return Met::Yes(self.shown(moved));
            }
        }
        let Some(inner) = circuits.around(asked.cell, circuits::SIZES[step]) else {
            return Met::Unknown;
        };
        let start = inner.values(self.value);
        let mut programme = inner.programme(start.clone(), bounds, u64::MAX);
        let reach = self.reach(&mut programme, &start, 0, asked, |_, _| Vec::new());
        self.spent.set(self.spent.get() + programme.tableau.work);
        if asked.is_met_by(reach.whole) {
            let of = |(at, reached): (u32, _)| (inner.variables[at as usize], reached);
            return Met::Yes(self.shown(reach.moved.into_iter().map(of).collect()));
        }
        Met::Unknown
    }

    /// How far all hidden cells together let one go.
    fn reach_in_whole(&mut self, asked: Requirement) -> Reach {
        let whole = self.whole.take();
        let mut whole = whole.unwrap_or_else(|| self.whole());
        let programme = &mut whole.programme;
        if let Some(knows) = asked.knows {
            programme.bound(knows, self.held(knows));
        }
        let start = self.value;
        let reach = self.reach(programme, start, asked.cell, asked, |programme, direction| {
            self.slopes(programme, &whole.basic, asked.cell, direction)
        });
        if let Some(knows) = asked.knows {
            programme.bound(knows, self.bounds_of(knows));
        }
        self.whole = Some(whole);
        reach
    }

    fn whole(&self) -> Whole<'a> {
        let dependence = self.dependence;
        let hidden = &dependence.hidden;
        let tableau = DenseTableau::new(&dependence.tableau, |cell| hidden[cell as usize]);
        let free = |cell: u32| hidden[cell as usize] && !self.published[cell as usize];
        let bounds = (0..self.value.len() as u32)
            .map(|cell| if free(cell) { self.bounds_of(cell) } else { self.held(cell) });
        let bounds = bounds.collect();
        let mut basic = vec![false; self.value.len()];
        tableau.basics().iter().for_each(|&cell| basic[cell as usize] = true);
        let value = self.value.to_vec();
        let programme = Programme::at(&dependence.equations, tableau, value, bounds, u64::MAX);
        Whole { programme, basic }
    }

    /// Takes a variable, which stands for a cell, as far up and down from a solution as is asked. `slopes` of a
    /// programme that ended in a direction, for every cell: how it takes the one with it.
    fn reach(
        &self,
        programme: &mut Programme<'_>,
        start: &[f64],
        variable: u32,
        asked: Requirement,
        slopes: impl Fn(&Programme<'_>, f64) -> Vec<(u32, f64)>,
    ) -> Reach {
        let (need, least) = (asked.need, self.least[asked.cell as usize]);
        let at = variable as usize;
        let whole = |reached| self.whole_numbers(asked.cell, reached);
        let adds = |programme: &Programme<'_>, direction, end| match end {
            Extreme::At(_) => self.adds(slopes(programme, direction)),
            _ => Vec::new(),
        };
        programme.forget(variable, start[at]);
        let highest = need.high.max(start[at] + need.width);
        let up = programme.extreme_from(start, variable, 1.0, highest);
        let up_slopes = adds(programme, 1.0, up);
        let one_end = programme.value().to_vec();
        let upper = match up {
            Extreme::Unbounded => f64::INFINITY,
            _ => whole(programme.reached[at]).1,
        };
        let lowest = need.low.min(upper - need.width).max(least);
        let down = programme.extreme_from(start, variable, -1.0, lowest);
        let down_slopes = adds(programme, -1.0, down);
        let ends = one_end.into_iter().zip(programme.value().iter().copied());
        let has_moved = |(start, (one, other)): (f64, (f64, f64))| {
            (one - start).abs().max((other - start).abs()) > NEAR
        };
        let moved = start.iter().copied().zip(ends).zip(0..);
        let moved = moved.filter(|&(of, _)| has_moved(of)).map(|((_, ends), at)| (at, ends));
        let (low, high) = programme.reached[at];
        Reach {
            whole: (whole((low, high)).0, upper),
            length: high - low,
            gave_up: [up, down].contains(&Extreme::GaveUp),
            moved: moved.collect(),
            slopes: [up_slopes, down_slopes],
        }
    }

    /// How much is worth asking before one looks for cells that a person may come from.
    pub(super) fn steps(&self) -> usize {
        if self.circuits.is_some() && self.exchange.is_some() { QUICK_STEPS } else { STEPS }
    }

    /// The work done, in entries touched.
    pub(super) fn work(&self) -> u64 {
        self.spent.get() + self.whole.as_ref().map_or(0, |whole| whole.programme.tableau.work)
    }

    /// For every cell how it takes `cell` in a direction at the present end of the whole programme.
    fn slopes(
        &self,
        programme: &Programme<'_>,
        basic: &[bool],
        cell: u32,
        direction: f64,
    ) -> Vec<(u32, f64)> {
        let mut slopes: Vec<(u32, f64)> = Vec::new();
        let Some(row) = programme.tableau.row(cell) else { return slopes };
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
            if basic[hidden as usize] {
                add(hidden, -entry);
            }
        }
        let published = published.into_iter().map(|slope| slope * direction);
        slopes.extend((0..).zip(published).filter(|(_, slope)| slope.abs() > NEAR));
        slopes
    }

    /// How far each cell can take the one asked for: its slope times how far it may move.
    fn adds(&self, mut slopes: Vec<(u32, f64)>) -> Vec<(u32, f64)> {
        for (cell, slope) in &mut slopes {
            *slope = if *slope > 0.0 {
                f64::INFINITY
            } else {
                -*slope * (self.value[*cell as usize] - self.least[*cell as usize])
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::tests_support::{cube_of, dimension};
    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]

        /// What a few circuits or equations say, all of them say.
        #[test]
        fn a_part_never_contradicts_the_whole(
            counts in proptest::collection::vec(0_u64..5, 36),
            pattern in proptest::collection::vec(any::<bool>(), 79),
            width in 1_u64..4,
        ) {
            prop_assume!(counts.iter().sum::<u64>() > 0);
            let cube = cube_of(&[dimension("a", 4), dimension("b", 3), dimension("c", 3)], &counts);
            let value: Vec<f64> = cube.cells.iter().map(|cell| cell.value as f64).collect();
            let live: Vec<bool> = value.iter().map(|value| *value > 0.0).collect();
            let mut dependence = Dependence::new(cube.relations.iter(), &live);
            dependence.set(|cell| cell > 0 && live[cell] && pattern[cell % pattern.len()]);
            let least = vec![1.0; value.len()];
            let always = dependence.hidden.clone();
            let mut whole = Protect::new(&dependence, &value, &least, &always, None);
            let exchange = Exchange::of(&cube);
            let mut parts = Protect::new(&dependence, &value, &least, &always, Some(&exchange));
            parts.circuits = Some(Circuits::of(&dependence));
            for cell in (0..value.len() as u32).filter(|&cell| dependence.hidden[cell as usize]) {
                let of = value[cell as usize];
                let need = Need { low: of, high: of, width: width as f64 };
                let asked = Requirement { cell, need, knows: None, large: None };
                let known = whole.meets(asked, 0);
                for step in 0..STEPS {
                    match (parts.meets(asked, step), &known) {
                        (Met::Yes(shown), known) => {
                            prop_assert!(matches!(known, Met::Yes(_)));
                            prop_assert!(shown.cells.iter().all(|&of| dependence.hidden[of as usize]));
                        }
                        (Met::No(row), known) => {
                            prop_assert!(matches!(known, Met::No(_)));
                            // Hiding what is hidden already does not satisfy it.
                            let hidden = |entry: &&(u32, f64)| dependence.hidden[entry.0 as usize];
                            let have: f64 = row.entries.iter().filter(hidden).map(|of| of.1).sum();
                            prop_assert!(have < row.need);
                        }
                        (Met::Unknown, _) => prop_assert!(step + 1 < STEPS),
                        (Met::GaveUp, _) => prop_assert!(false, "nothing here is much work"),
                    }
                }
            }
        }
    }
}
