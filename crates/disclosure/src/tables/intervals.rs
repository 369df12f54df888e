//! The interval of everything that is not known.
//!
//! In: what an attacker knows ([`Attack`]). Out: for each unknown the least and greatest whole number
//! that it can be, or that the equations contradict one another, or that the work ran out. Unknowns
//! that do not hang together are taken apart and done side by side.

use rayon::prelude::*;

use super::attack::{Attack, Equation, Unknown};
use super::audit::{AuditFailure, Recovery};
use super::dense_tableau::DenseTableau;
use super::programme::{Entries, Extreme, NEAR, NoSolution, Programme};
use super::rules::Rules;
use super::tableau::Tableau;
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

/// A value for a cell of a table, by their places, of a solution that is known.
pub(super) type Solution<'a> = &'a (dyn Fn(usize, usize) -> u64 + Sync);

/// Works out every interval.
pub(super) fn intervals(
    attack: &Attack,
    rules: &Rules,
    published: &[PublishedTable],
    solution: Option<Solution<'_>>,
) -> Result<Vec<Interval>, AuditFailure> {
    let known = solution.map(|solution| known(attack, published, solution)).transpose()?;
    let parts = parts(attack);
    let total: usize = parts.iter().map(|part| part.unknown.len()).sum();
    let work = rules.work_millions.saturating_mul(1_000_000);
    let answers: Vec<Result<Vec<Interval>, PartFailure>> = parts
        .par_iter()
        .map(|part| {
            // A fixed share of the work for each part, so that the answer is the same on any
            // number of threads.
            let share = work as f64 * part.unknown.len() as f64 / total.max(1) as f64;
            part.intervals(attack, rules, share as u64, published, known.as_deref())
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
    solution: Solution<'_>,
) -> Result<Vec<f64>, AuditFailure> {
    let contradiction =
        |table: usize| AuditFailure::Contradiction { table: published[table].name.clone() };
    let mut values = Vec::with_capacity(attack.unknown.len());
    for unknown in &attack.unknown {
        let value = solution(unknown.table, unknown.cell);
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

enum PartFailure {
    Contradiction,
    OutOfWork(usize),
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

impl Part {
    fn intervals(
        &self,
        attack: &Attack,
        rules: &Rules,
        work: u64,
        published: &[PublishedTable],
        known: Option<&[f64]>,
    ) -> Result<Vec<Interval>, PartFailure> {
        let count = self.unknown.len();
        let local = |unknown: u32| self.unknown.partition_point(|&known| known < unknown) as u32;
        let constant = count as u32;
        let mut tableau = Tableau::new(count + 1);
        let mut equations: Vec<Entries> = Vec::new();
        for &at in &self.equations {
            let equation = &attack.equations[at];
            let mut entries: Entries =
                equation.entries.iter().map(|&(unknown, sign)| (local(unknown), sign)).collect();
            entries.push((constant, equation.constant));
            let worth = |variable: u32| (variable != constant).then_some(0);
            tableau.add(&entries, worth).map_err(|()| PartFailure::Contradiction)?;
            equations.push(entries);
        }
        let mut bounds: Vec<(f64, f64)> = self
            .unknown
            .iter()
            .map(|&at| &attack.unknown[at as usize])
            .map(|at| (at.low as f64, at.high.map_or(f64::INFINITY, |high| high as f64)))
            .collect();
        bounds.push((1.0, 1.0));
        let tableau = DenseTableau::new(&tableau, |_| true);
        let mut programme = match known {
            Some(known) => {
                let values = self.unknown.iter().map(|&at| known[at as usize]).chain([1.0]);
                Programme::at(&equations, tableau, values.collect(), bounds, work)
            }
            None => Programme::solve(&equations, tableau, bounds, work).map_err(|no| match no {
                NoSolution::Contradiction => PartFailure::Contradiction,
                NoSolution::GaveUp => PartFailure::OutOfWork(count),
            })?,
        };

        // First whether each is wide enough, then, as far as a smaller amount of work goes, exactly.
        // Programmes start at the mean of solutions so far, from the middle outwards: there is room
        // to move, and a corner of a table of small counts has none.
        for _ in 0..SWEEPS {
            programme.centre();
        }
        let mut decided = vec![true; count];
        let mut mean = programme.value().to_vec();
        let mut solutions = 1.0;
        for (variable, &unknown) in self.unknown.iter().enumerate() {
            let rounded = attack.unknown[unknown as usize].rounded;
            let asked = rounded.map_or(rules.width, |within| within.min(rules.width)) as f64;
            for direction in [1.0, -1.0] {
                let Some(end) = far_enough(&programme, variable as u32, direction, asked) else {
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
            let at = &attack.unknown[unknown as usize];
            let exact = at.rounded.is_none() && both_ways(&mut programme, &mean, variable as u32);
            let reached = programme.reached[variable];
            let row = programme.tableau.row(variable as u32);
            let fixed = row.is_some_and(|mut row| row.all(|(other, _)| other == constant));
            let interval = Interval {
                low: (reached.0 - NEAR).ceil().max(0.0) as u64,
                high: (reached.1 < UNBOUNDED).then(|| (reached.1 + NEAR).floor() as u64),
                exact,
                how: fixed.then(|| self.how(attack, unknown, published)),
            };
            if !decided[variable] && !is_wide_enough(&interval, at, rules) {
                undecided += 1;
            }
            intervals.push(interval);
        }
        if undecided > 0 { Err(PartFailure::OutOfWork(undecided)) } else { Ok(intervals) }
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
                Recovery::Subtraction {
                    table: table.name.clone(),
                    dimension: table.dimensions[equation.dimension].name.clone(),
                }
            }
            None => Recovery::SeveralTotals,
        }
    }
}

/// How far a variable has to go in a direction until its least and greatest value are `asked`
/// apart as whole numbers; nothing if they are, or if bounds end there.
fn far_enough(programme: &Programme<'_>, variable: u32, direction: f64, asked: f64) -> Option<f64> {
    let reached = programme.reached[variable as usize];
    let (least, greatest) = ((reached.0 - NEAR).ceil(), (reached.1 + NEAR).floor());
    let (lower, upper) = programme.bounds(variable);
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
fn both_ways(programme: &mut Programme<'_>, solution: &[f64], variable: u32) -> bool {
    let (lower, upper) = programme.bounds(variable);
    let high = programme.extreme_from(solution, variable, 1.0, upper);
    if high == Extreme::Unbounded {
        programme.reached[variable as usize].1 = UNBOUNDED;
    }
    let low = programme.extreme_from(solution, variable, -1.0, lower);
    ![high, low].contains(&Extreme::GaveUp)
}

/// Whether an interval says little enough.
pub(super) fn is_wide_enough(interval: &Interval, unknown: &Unknown, rules: &Rules) -> bool {
    let Some(high) = interval.high else { return true };
    let width = high.saturating_sub(interval.low);
    // Zero, rounded, stands for as many values as a number may be off.
    let asked = unknown.rounded.map_or(rules.width, |within| within.min(rules.width));
    width >= asked || (width >= 1 && interval.low >= rules.threshold)
}
