//! The interval of everything that is not known.
//!
//! In: what an attacker knows ([`Attack`]). Out: for each unknown the least and greatest whole number
//! that it can be, or that the equations contradict one another, or that the work ran out. Unknowns
//! that do not hang together are taken apart and done side by side.

use std::sync::Arc;

use rayon::prelude::*;

use super::attack::{Attack, Equation, Unknown};
use super::audit::{AuditFailure, Recovery};
use super::cube::Cube;
use super::dense_tableau::DenseTableau;
use super::neighbourhood::{self, Links, Neighbourhood};
use super::programme::{Entries, Extreme, NEAR, NoSolution, Programme};
use super::rules::Rules;
use super::shown::{Shown, seen_in};
use super::tableau::Tableau;
use crate::attacks::Stop;
use crate::published::PublishedTable;

/// How much work is spent on exact intervals once all are known to be wide enough, in entries
/// touched, for each part that hangs together.
const EXACT_WORK: u64 = 60_000_000;
/// Moves of every variable to its middle before programmes are solved.
const SWEEPS: u32 = 8;
/// Stands for no limit.
const UNBOUNDED: f64 = 1e15;

/// The interval of one unknown.
#[derive(Debug, Clone)]
pub(super) struct Interval {
    pub(super) low: u64,
    pub(super) high: Option<u64>,
    pub(super) exact: bool,
    pub(super) how: Option<Recovery>,
}

/// What was counted, and other solutions that somebody has found.
#[derive(Clone, Copy)]
pub(super) struct Counted<'a> {
    pub(super) cube: &'a Cube,
    pub(super) shown: &'a [Arc<Shown>],
}

/// Works out every interval.
pub(super) fn intervals(
    attack: &Attack,
    rules: &Rules,
    published: &[PublishedTable],
    counted: Option<Counted<'_>>,
    stop: &Stop,
) -> Result<Vec<Interval>, AuditFailure> {
    let known = counted.map(|counted| known(attack, published, counted.cube)).transpose()?;
    let reached = counted.zip(known.as_ref());
    let reached = reached.map(|(of, known)| seen_in(attack, of.cube, known, of.shown));
    let known = known.zip(reached).map(|(solution, reached)| Seen { solution, reached });
    let parts = parts(attack);
    let of_part = |part: &Part| part.asked(attack, rules).iter().flatten().count();
    let total: usize = parts.iter().map(of_part).sum();
    let work = rules.work_millions.saturating_mul(1_000_000);
    let answers: Vec<Result<Vec<Interval>, PartFailure>> = parts
        .par_iter()
        .map(|part| {
            // A fixed share of the work for each part, so that the answer is the same on any
            // number of threads.
            let share = work as f64 * of_part(part) as f64 / total.max(1) as f64;
            let asked = Asked { rules, work: share as u64, published, stop };
            part.intervals(attack, &asked, known.as_ref())
        })
        .collect();
    let mut undecided = 0;
    let mut all: Vec<Option<Interval>> = vec![None; attack.unknown.len()];
    for (part, answer) in parts.iter().zip(answers) {
        match answer {
            Ok(intervals) => {
                for (&unknown, interval) in part.unknown.iter().zip(intervals) {
                    all[unknown as usize] = Some(interval);
                }
            }
            Err(PartFailure::Contradiction) => {
                let table = part.equations.first().map_or(0, |&at| attack.equations[at].table);
                return Err(AuditFailure::Contradiction { table: published[table].name.clone() });
            }
            Err(PartFailure::OutOfWork(cells)) => undecided += cells,
            Err(PartFailure::Stopped) => return Err(AuditFailure::Stopped),
        }
    }
    if undecided > 0 {
        return Err(AuditFailure::OutOfWork { work_millions: rules.work_millions, undecided });
    }
    Ok(all.into_iter().flatten().collect())
}

/// The values of a solution, if it is one.
fn known(
    attack: &Attack,
    published: &[PublishedTable],
    solution: &Cube,
) -> Result<Vec<f64>, AuditFailure> {
    let contradiction =
        |table: usize| AuditFailure::Contradiction { table: published[table].name.clone() };
    let mut values = Vec::with_capacity(attack.unknown.len());
    for unknown in &attack.unknown {
        let value = match &unknown.behind {
            Some((ring, at)) => solution.joint[*ring].values.get(at).copied().unwrap_or(0),
            None => solution.cells[solution.cells_of_table[unknown.table][unknown.cell]].value,
        };
        if value < unknown.low || unknown.high.is_some_and(|high| high < value) {
            return Err(contradiction(unknown.table));
        }
        values.push(value as f64);
    }
    for equation in &attack.equations {
        let entries = equation.entries.iter();
        let sum: f64 = entries.map(|&(unknown, sign)| sign * values[unknown as usize]).sum();
        if sum + equation.constant != 0.0 {
            return Err(contradiction(equation.table));
        }
    }
    Ok(values)
}

/// Unknowns that hang together by equations.
struct Part {
    unknown: Vec<u32>,
    equations: Vec<usize>,
}

/// A solution, and what others have been seen to reach.
#[derive(Clone)]
struct Seen {
    solution: Vec<f64>,
    reached: Vec<(f64, f64)>,
}

impl Seen {
    fn all_wide_enough(&self, asked: &[Option<u64>], threshold: u64) -> bool {
        let mut all = asked.iter().zip(&self.reached);
        all.all(|(asked, &reached)| {
            asked.is_none_or(|asked| is_wide(&interval(reached), asked, threshold))
        })
    }
}

/// Equations, bounds and what is asked of each variable, to be answered by small parts of the equations.
struct Around<'a> {
    equations: &'a [Entries],
    links: Links,
    bounds: &'a [(f64, f64)],
    asked: &'a [Option<u64>],
    threshold: u64,
    stop: &'a Stop,
}

impl Around<'_> {
    /// Goes from a solution as far as neighbourhoods of each variable allow, until it is far enough or they are
    /// large. Everything else stays, so whatever is reached is reached in the whole.
    fn look(&self, mut seen: Seen, work: u64) -> Seen {
        let before = seen.reached.clone();
        let mut left = work;
        for (variable, asked) in (0..).zip(self.asked) {
            let Some(asked) = *asked else { continue };
            let is_free = |other: u32| {
                let (lower, upper) = self.bounds[other as usize];
                lower < upper
            };
            let is_wide = |reached| is_wide(&interval(reached), asked, self.threshold);
            let bounds = self.bounds[variable as usize];
            if left == 0 || self.stop.check().is_err() {
                break;
            }
            if !is_free(variable) || is_wide(seen.reached[variable as usize]) {
                continue;
            }
            let mut near = Neighbourhood::new(self.equations, &self.links, is_free, variable);
            for size in neighbourhood::SIZES {
                let more = near.grow(size);
                let inner = near.inner();
                let start = inner.values(&seen.solution);
                let mut programme = inner.programme(start, |of| self.bounds[of as usize], left);
                for _ in 0..2 {
                    programme.centre();
                }
                let middle = programme.value().to_vec();
                for direction in [1.0, -1.0] {
                    let end = far_enough(programme.reached[0], bounds, direction, asked as f64);
                    if let Some(end) = end {
                        programme.extreme_from(&middle, 0, direction, end);
                    }
                }
                left = left.saturating_sub(programme.tableau.work);
                for (&of, (value, reached)) in
                    inner.variables.iter().zip(middle.iter().zip(&programme.reached))
                {
                    seen.solution[of as usize] = *value;
                    let known = &mut seen.reached[of as usize];
                    *known = (known.0.min(reached.0), known.1.max(reached.1));
                }
                if !more || left == 0 || is_wide(seen.reached[variable as usize]) {
                    break;
                }
            }
        }
        // Each step was held against its own equations; all of them together against all.
        let off = |equation: &Entries| {
            let sum: f64 =
                equation.iter().map(|&(at, entry)| entry * seen.solution[at as usize]).sum();
            sum.abs() > NEAR
        };
        if self.equations.iter().any(off) {
            seen.reached = before;
        }
        seen
    }
}

enum PartFailure {
    Contradiction,
    OutOfWork(usize),
    Stopped,
}

/// What is asked of a part, and how much work may be done for it.
struct Asked<'a> {
    rules: &'a Rules,
    work: u64,
    published: &'a [PublishedTable],
    stop: &'a Stop,
}

impl Asked<'_> {
    fn go_on(&self) -> Result<(), PartFailure> {
        self.stop.check().map_err(|_| PartFailure::Stopped)
    }
}

fn parts(attack: &Attack) -> Vec<Part> {
    let mut group: Vec<usize> = (0..attack.unknown.len()).collect();
    for equation in &attack.equations {
        for pair in equation.entries.windows(2) {
            let one = root(&mut group, pair[0].0 as usize);
            let other = root(&mut group, pair[1].0 as usize);
            group[one.max(other)] = one.min(other);
        }
    }
    let mut parts: Vec<Part> = Vec::new();
    let mut place = vec![usize::MAX; group.len()];
    for unknown in 0..group.len() {
        let root = root(&mut group, unknown);
        if place[root] == usize::MAX {
            place[root] = parts.len();
            parts.push(Part { unknown: Vec::new(), equations: Vec::new() });
        }
        parts[place[root]].unknown.push(unknown as u32);
    }
    for (at, equation) in attack.equations.iter().enumerate() {
        let root = root(&mut group, equation.entries[0].0 as usize);
        parts[place[root]].equations.push(at);
    }
    parts
}

fn root(group: &mut [usize], mut at: usize) -> usize {
    while group[at] != at {
        group[at] = group[group[at]];
        at = group[at];
    }
    at
}

/// The equations of a part; its unknowns are numbered anew, and the last variable is 1.
struct OfPart {
    equations: Vec<Entries>,
    bounds: Vec<(f64, f64)>,
}

impl Part {
    /// Of what is known of all unknowns that of these.
    fn of<T: Copy>(&self, all: &[T]) -> impl Iterator<Item = T> {
        self.unknown.iter().map(|&at| all[at as usize])
    }

    fn system(&self, attack: &Attack) -> OfPart {
        let local = |unknown: u32| self.unknown.partition_point(|&known| known < unknown) as u32;
        let constant = self.unknown.len() as u32;
        let equations = self.equations.iter().map(|&at| {
            let equation = &attack.equations[at];
            let entries = equation.entries.iter().map(|&(unknown, sign)| (local(unknown), sign));
            entries.chain([(constant, equation.constant)]).collect()
        });
        let bounds = self.unknown.iter().map(|&at| {
            let at = &attack.unknown[at as usize];
            (at.low as f64, at.high.map_or(f64::INFINITY, |high| high as f64))
        });
        OfPart { equations: equations.collect(), bounds: bounds.chain([(1.0, 1.0)]).collect() }
    }

    /// How wide each interval must be, where somebody asks.
    fn asked(&self, attack: &Attack, rules: &Rules) -> Vec<Option<u64>> {
        self.unknown.iter().map(|&at| attack.unknown[at as usize].asked(rules.width)).collect()
    }

    fn intervals(
        &self,
        attack: &Attack,
        of: &Asked<'_>,
        known: Option<&Seen>,
    ) -> Result<Vec<Interval>, PartFailure> {
        let &Asked { rules, work, published, stop } = of;
        let count = self.unknown.len();
        let constant = count as u32;
        let OfPart { equations, bounds } = self.system(attack);
        let asked = self.asked(attack, rules);
        let known = known.map(|known| Seen {
            solution: self.of(&known.solution).chain([1.0]).collect(),
            reached: self.of(&known.reached).chain([(1.0, 1.0)]).collect(),
        });
        let around = Around {
            links: Links::new(&equations, count + 1),
            equations: &equations,
            bounds: &bounds,
            asked: &asked,
            threshold: rules.threshold,
            stop,
        };
        // Half of the variables are basic.
        let in_parts = neighbourhood::pays(equations.len().div_ceil(2), count.div_ceil(2));
        let mut seen: Option<Seen> = None;
        if in_parts && let Some(known) = &known {
            let found = around.look(known.clone(), work);
            of.go_on()?;
            if found.all_wide_enough(&asked, rules.threshold) {
                return Ok(self.told(attack, &found.reached));
            }
            seen = Some(found);
        }

        let mut tableau = Tableau::new(count + 1);
        for equation in &equations {
            of.go_on()?;
            let worth = |variable: u32| (variable != constant).then_some(0);
            tableau.add(equation, worth).map_err(|()| PartFailure::Contradiction)?;
        }
        let rows = tableau.basics().len();
        if !neighbourhood::fits(rows, count + 1 - rows) {
            return Err(PartFailure::OutOfWork(count));
        }
        let tableau = DenseTableau::new(&tableau, |_| true);
        let mut programme = match known {
            Some(known) => {
                let mut programme =
                    Programme::at(&equations, tableau, known.solution, bounds.clone(), work);
                programme.reached = known.reached;
                programme.stop = Some(stop);
                programme
            }
            None => Programme::solve(&equations, tableau, bounds.clone(), work, Some(stop))
                .map_err(|no| match no {
                    NoSolution::Contradiction => PartFailure::Contradiction,
                    NoSolution::GaveUp if stop.check().is_err() => PartFailure::Stopped,
                    NoSolution::GaveUp => PartFailure::OutOfWork(count),
                })?,
        };

        // First whether each is wide enough, then, as far as a smaller amount of work goes, exactly.
        // Programmes start at the mean of solutions so far, from the middle outwards: there is room
        // to move, and a corner of a table of small counts has none.
        for _ in 0..SWEEPS {
            programme.centre();
        }
        if in_parts && seen.is_none() {
            let start =
                Seen { solution: programme.value().to_vec(), reached: programme.reached.clone() };
            let found = around.look(start, work);
            if found.all_wide_enough(&asked, rules.threshold) {
                return Ok(self.told(attack, &found.reached));
            }
            seen = Some(found);
        }
        if let Some(seen) = seen {
            for (known, seen) in programme.reached.iter_mut().zip(seen.reached) {
                *known = (known.0.min(seen.0), known.1.max(seen.1));
            }
        }
        let mut decided = vec![true; count];
        let mut mean = programme.value().to_vec();
        let mut solutions = 1.0;
        for variable in 0..count {
            let Some(asked) = asked[variable] else { continue };
            for direction in [1.0, -1.0] {
                of.go_on()?;
                let (reached, bounds) = (programme.reached[variable], bounds[variable]);
                let Some(end) = far_enough(reached, bounds, direction, asked as f64) else {
                    continue;
                };
                let found = programme.extreme_from(&mean, variable as u32, direction, end);
                if found == Extreme::GaveUp {
                    decided[variable] = false;
                    continue;
                }
                if found == Extreme::Unbounded {
                    programme.reached[variable].1 = UNBOUNDED;
                }
                solutions += 1.0;
                for (mean, value) in mean.iter_mut().zip(programme.value()) {
                    *mean += (value - *mean) / solutions;
                }
            }
        }
        programme.allow(work.min(EXACT_WORK));
        let mut undecided = 0;
        let mut intervals = Vec::with_capacity(count);
        for (variable, &unknown) in self.unknown.iter().enumerate() {
            of.go_on()?;
            let at = &attack.unknown[unknown as usize];
            let exact = at.suppressed
                && both_ways(&mut programme, &mean, variable as u32, bounds[variable]);
            // What was asked how wide it is, and is not, goes no further.
            let reached = interval(programme.reached[variable]);
            let width = reached.high.map(|high| high.saturating_sub(reached.low));
            let is_narrow = asked[variable].zip(width).is_some_and(|(asked, width)| width < asked);
            let exact = exact || decided[variable] && is_narrow;
            let row = programme.tableau.row(variable as u32);
            let fixed = row.is_some_and(|mut row| row.all(|(other, _)| other == constant));
            let interval = Interval {
                exact,
                how: fixed.then(|| self.how(attack, unknown, published)),
                ..reached
            };
            if !decided[variable] && !is_wide_enough(&interval, at, rules) {
                undecided += 1;
            }
            intervals.push(interval);
        }
        of.go_on()?;
        if undecided > 0 { Err(PartFailure::OutOfWork(undecided)) } else { Ok(intervals) }
    }

    /// The intervals, as far as they have been seen.
    fn told(&self, attack: &Attack, reached: &[(f64, f64)]) -> Vec<Interval> {
        let intervals = self.unknown.iter().zip(reached).map(|(&unknown, reached)| {
            // What another table shows has no other value.
            let shown = attack.unknown[unknown as usize].shown_by.is_some();
            Interval { exact: shown, ..interval(*reached) }
        });
        intervals.collect()
    }

    /// How a cell that equations determine is worked out.
    fn how(&self, attack: &Attack, unknown: u32, published: &[PublishedTable]) -> Recovery {
        if let Some(by) = attack.unknown[unknown as usize].shown_by {
            return Recovery::Shown { by: published[by].name.clone() };
        }
        let alone =
            |equation: &&Equation| matches!(equation.entries[..], [(only, _)] if only == unknown);
        match self.equations.iter().map(|&at| &attack.equations[at]).find(alone) {
            Some(equation) => {
                let table = &published[equation.table];
                match table.dimensions.get(equation.dimension) {
                    Some(of) => Recovery::Subtraction {
                        table: table.name.clone(),
                        dimension: of.name.clone(),
                    },
                    None => Recovery::Bounds,
                }
            }
            None => Recovery::SeveralTotals,
        }
    }
}

/// The whole numbers within what has been seen.
fn interval(reached: (f64, f64)) -> Interval {
    Interval {
        low: (reached.0 - NEAR).ceil().max(0.0) as u64,
        high: (reached.1 < UNBOUNDED).then(|| (reached.1 + NEAR).floor() as u64),
        exact: false,
        how: None,
    }
}

/// How far a variable has to go in a direction until its least and greatest value are `asked`
/// apart as whole numbers; nothing if they are, or if bounds end there.
fn far_enough(
    reached: (f64, f64),
    (lower, upper): (f64, f64),
    direction: f64,
    asked: f64,
) -> Option<f64> {
    let (least, greatest) = ((reached.0 - NEAR).ceil(), (reached.1 + NEAR).floor());
    if greatest - least >= asked {
        return None;
    }
    let (end, here) = if direction > 0.0 {
        (upper.min(least + asked), reached.1)
    } else {
        (lower.max(greatest - asked), reached.0)
    };
    (direction * here < direction * end - NEAR).then_some(end)
}

/// Takes a variable up and down as far as it goes; says whether the work sufficed.
fn both_ways(
    programme: &mut Programme<'_>,
    solution: &[f64],
    variable: u32,
    (lower, upper): (f64, f64),
) -> bool {
    if programme.is_spent() {
        return false;
    }
    let high = programme.extreme_from(solution, variable, 1.0, upper);
    if high == Extreme::Unbounded {
        programme.reached[variable as usize].1 = UNBOUNDED;
    }
    let low = programme.extreme_from(solution, variable, -1.0, lower);
    ![high, low].contains(&Extreme::GaveUp)
}

/// Whether an interval says little enough.
pub(super) fn is_wide_enough(interval: &Interval, unknown: &Unknown, rules: &Rules) -> bool {
    unknown.asked(rules.width).is_none_or(|asked| is_wide(interval, asked, rules.threshold))
}

/// What cannot be small needs no more than two values. Of an interval of which only a part is known, that part
/// must be wide whether or not the rest of it goes below the threshold.
fn is_wide(interval: &Interval, asked: u64, threshold: u64) -> bool {
    let Some(high) = interval.high else { return true };
    let width = high.saturating_sub(interval.low);
    let is_large = width >= 1 && interval.low >= threshold;
    width >= asked || is_large && (interval.exact || high.saturating_sub(threshold - 1) >= asked)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::suppress::published;
    use super::super::tests_support::{cube_of, dimension};
    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]

        /// Whatever small parts of the equations reach is reached in the whole, too.
        #[test]
        fn what_parts_reach_is_within_the_intervals(
            counts in proptest::collection::vec(0_u64..6, 36),
            pattern in proptest::collection::vec(any::<bool>(), 79),
        ) {
            prop_assume!(counts.iter().sum::<u64>() > 0);
            let cube = cube_of(&[dimension("a", 4), dimension("b", 3), dimension("c", 3)], &counts);
            let hidden: Vec<bool> = (0..cube.cells.len())
                .map(|cell| cell > 0 && cube.cells[cell].value > 0 && pattern[cell % pattern.len()])
                .collect();
            let tables = published(&cube, &hidden);
            let rules = Rules { threshold: 2, width: 3, ..Rules::default() };
            let attack = Attack::new(&tables, rules.zeros).unwrap();
            let stop = Stop::default();
            let counted = Counted { cube: &cube, shown: &[] };
            let whole = intervals(&attack, &rules, &tables, Some(counted), &stop).unwrap();
            let known = known(&attack, &tables, &cube).unwrap();
            for part in parts(&attack) {
                let system = part.system(&attack);
                let start: Vec<f64> =
                    part.unknown.iter().map(|&at| known[at as usize]).chain([1.0]).collect();
                let around = Around {
                    links: Links::new(&system.equations, start.len()),
                    equations: &system.equations,
                    bounds: &system.bounds,
                    asked: &part.asked(&attack, &rules),
                    threshold: rules.threshold,
                    stop: &stop,
                };
                let seen = around.look(
                    Seen { reached: start.iter().map(|&value| (value, value)).collect(), solution: start },
                    u64::MAX,
                );
                for (&unknown, &reached) in part.unknown.iter().zip(&seen.reached) {
                    let (seen, whole) = (interval(reached), &whole[unknown as usize]);
                    prop_assert!(whole.exact);
                    prop_assert!(whole.low <= seen.low);
                    prop_assert!(seen.high.is_some_and(|seen| whole.high.is_none_or(|high| seen <= high)));
                }
            }
        }
    }
}
