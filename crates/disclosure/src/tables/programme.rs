//! How low and how high each variable of a system of equations can be: linear programmes, one after
//! the other from wherever the last one ended.
//!
//! In: equations, bounds of each variable and, if there is one, a solution within them.
//! Out: the least and greatest value of a variable, and along the way, for every variable, values
//! that some solution has (`reached`): most programmes need not be solved at all.
//!
//! The simplex method with bounded variables (Chvátal 1983, "Linear Programming", chapter 8):
//! nonbasic variables rest anywhere between their bounds, of the steepest moves the one that goes furthest first, and after
//! [`PATIENCE`] moves without progress any of those that improve. Tables of small counts are so
//! degenerate that Bland's rule, which is sure to end, takes longer than anybody waits.

use super::chance::Chance;
use super::dense_tableau::DenseTableau;
use super::tableau::Tableau;
use crate::attacks::Stop;

/// Moves without progress before chance decides.
const PATIENCE: u32 = 20;
/// Of so many nonbasic variables one of the steepest moves is tried: that costs a small part of a pivot.
const LOOKED_AT: usize = 256;
/// Moves without progress before giving up.
const MOST_IDLE: u32 = 3_000;
/// How often variables are gone through until all are within their bounds.
const PASSES: usize = 4;
/// How far a solution may be from what the equations say before its tableau is made anew.
const DRIFT: f64 = 1e-7;
/// Values nearer than this are equal.
pub(super) const NEAR: f64 = 1e-7;
/// Smaller lengths are none.
const SMALL: f64 = 1e-9;
/// Smaller entries are no pivots.
const PIVOT: f64 = 1e-5;

/// Further than this no move without end is followed.
pub(super) const FAR: f64 = 1e4;

/// Variables with entries, of an equation.
pub(super) type Entries = Vec<(u32, f64)>;

/// Variables between bounds that satisfy equations.
///
/// Thousands of pivots let a tableau drift away from the equations that it was made of, so every
/// solution is held against those.
#[derive(Debug, Clone)]
pub(super) struct Programme<'a> {
    equations: &'a [Entries],
    /// What each equation adds up to.
    sums: Vec<f64>,
    /// For each variable its entries in a sum of all equations, each times a number of its own: a move that
    /// leaves that sum where it is leaves each equation true, but for a coincidence (Freivalds 1979).
    check: Vec<f64>,
    /// How far moves have taken that sum away.
    strayed: f64,
    pub(super) tableau: DenseTableau,
    value: Vec<f64>,
    lower: Vec<f64>,
    upper: Vec<f64>,
    /// The least and greatest value seen in a solution, by variable.
    pub(super) reached: Vec<(f64, f64)>,
    column: Vec<(u32, f64)>,
    /// How much work may still be done, in entries touched; then answers are [`Extreme::GaveUp`].
    budget: u64,
    /// Once it is set nothing more is done, as if the work had run out.
    pub(super) stop: Option<&'a Stop>,
    chance: Chance,
}

/// How far a variable goes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Extreme {
    /// No further than this.
    At(f64),
    /// As far as was asked for.
    Enough,
    /// Without end.
    Unbounded,
    /// The work ran out.
    GaveUp,
}

/// The equations cannot all be true within the bounds, or the work ran out before one knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoSolution {
    Contradiction,
    GaveUp,
}

/// A move of a nonbasic variable.
struct Step {
    enter: u32,
    /// 1 up, −1 down.
    towards: f64,
    /// How far it takes what it is made for, for each unit.
    slope: f64,
    length: f64,
    leave: Option<u32>,
}

impl Step {
    fn gain(&self) -> f64 {
        self.slope * self.length
    }
}

impl<'a> Programme<'a> {
    /// Starts at a solution: values within bounds that satisfy the equations. `tableau` says the same as
    /// the equations of the variables that are in it.
    pub(super) fn at(
        equations: &'a [Entries],
        tableau: DenseTableau,
        value: Vec<f64>,
        bounds: Vec<(f64, f64)>,
        budget: u64,
    ) -> Programme<'a> {
        let (lower, upper) = bounds.into_iter().unzip();
        let reached = value.iter().map(|&value| (value, value)).collect();
        let budget = tableau.work.saturating_add(budget);
        let sums = equations.iter().map(|equation| sum(equation, &value)).collect();
        let (column, mut chance) = (Vec::new(), Chance::new(3));
        let mut check = vec![0.0; value.len()];
        for equation in equations {
            let times = 1.0 + chance.below(1 << 20) as f64 / f64::from(1 << 20);
            equation
                .iter()
                .for_each(|&(variable, entry)| check[variable as usize] += times * entry);
        }
        let strayed = 0.0;
        Programme {
            equations,
            sums,
            check,
            strayed,
            tableau,
            value,
            lower,
            upper,
            reached,
            column,
            budget,
            stop: None,
            chance,
        }
    }

    /// How far a move of one by a nonbasic variable, and what goes with it, is from leaving equations true.
    fn strays(&self, enter: u32, column: &[(u32, f64)]) -> f64 {
        let with = column.iter().map(|&(basic, entry)| entry * self.check[basic as usize]);
        (self.check[enter as usize] - with.sum::<f64>()).abs()
    }

    /// Finds a solution of equations that add up to 0: nonbasic variables at their lower bounds first, then one
    /// basic variable after the other is brought within its bounds, those that are within staying there.
    pub(super) fn solve(
        equations: &'a [Entries],
        tableau: DenseTableau,
        bounds: Vec<(f64, f64)>,
        budget: u64,
        stop: Option<&'a Stop>,
    ) -> Result<Programme<'a>, NoSolution> {
        let value = bounds.iter().map(|bounds| bounds.0).collect();
        let mut programme = Programme::at(equations, tableau, value, bounds, budget);
        programme.stop = stop;
        programme.sums.fill(0.0);
        programme.recompute();
        for _ in 0..PASSES {
            let mut all_within = true;
            for variable in 0..programme.value.len() as u32 {
                if programme.outside(variable) != 0.0 {
                    all_within = false;
                    programme.bring_within(variable)?;
                }
            }
            if all_within {
                programme.reached = programme.value.iter().map(|&value| (value, value)).collect();
                return Ok(programme);
            }
        }
        Err(NoSolution::GaveUp)
    }

    fn bring_within(&mut self, variable: u32) -> Result<(), NoSolution> {
        let at = variable as usize;
        let mut is_fresh = false;
        loop {
            let direction = -self.outside(variable);
            if direction == 0.0 {
                return Ok(());
            }
            let bound = if direction > 0.0 { self.lower[at] } else { self.upper[at] };
            self.forget(variable, self.value[at]);
            let end = self.extreme(variable, direction, bound);
            if end == Extreme::GaveUp {
                return Err(NoSolution::GaveUp);
            }
            if self.has_drifted() {
                self.renew();
                self.recompute();
                is_fresh = false;
            } else if end == Extreme::Enough {
                return Ok(());
            } else if is_fresh {
                // Others outside their bounds do not stop it, so nothing brings it within.
                return Err(NoSolution::Contradiction);
            } else {
                // Unless it only looks like that after thousands of pivots.
                self.renew();
                self.recompute();
                is_fresh = true;
            }
        }
    }

    /// Whether the present values, or some on the way there, are no solution any more.
    fn has_drifted(&self) -> bool {
        if self.strayed > DRIFT {
            return true;
        }
        let off = |(equation, sum_of): (&Entries, &f64)| {
            (sum(equation, &self.value) - sum_of).abs() > DRIFT
        };
        self.equations.iter().zip(&self.sums).any(off)
    }

    fn all_within(&self) -> bool {
        (0..self.value.len() as u32).all(|variable| self.outside(variable) == 0.0)
    }

    /// Makes the tableau anew from the equations; what is basic stays so where it can.
    fn renew(&mut self) {
        let mut fresh = Tableau::new(self.value.len());
        for equation in self.equations {
            let entries = equation.iter().filter(|(variable, _)| self.tableau.has(*variable));
            let entries: Entries = entries.copied().collect();
            // What never moves does not become basic, if it can be helped.
            let worth = |variable: u32| {
                let moves = self.lower[variable as usize] < self.upper[variable as usize];
                Some(2 * u32::from(self.tableau.row(variable).is_some()) + u32::from(moves))
            };
            let added = fresh.add(&entries, worth);
            debug_assert!(added.is_ok(), "every variable may be basic");
        }
        let work = self.tableau.work + fresh.work;
        self.tableau = DenseTableau::new(&fresh, |variable| self.tableau.has(variable));
        self.tableau.work = work;
    }

    /// Takes a variable as low (`direction` −1) or as high (1) as it goes from a solution, or to `enough`.
    pub(super) fn extreme_from(
        &mut self,
        solution: &[f64],
        variable: u32,
        direction: f64,
        enough: f64,
    ) -> Extreme {
        for _ in 0..2 {
            self.value.copy_from_slice(solution);
            self.strayed = 0.0;
            let reached = self.reached.clone();
            let end = self.extreme(variable, direction, enough);
            if !self.has_drifted() && self.all_within() {
                return end;
            }
            self.reached = reached;
            self.renew();
        }
        Extreme::GaveUp
    }

    /// Allows so much more work from now on.
    pub(super) fn allow(&mut self, work: u64) {
        self.budget = self.tableau.work.saturating_add(work);
    }

    /// Whether the work that is allowed has been done, or somebody has stopped it.
    pub(super) fn is_spent(&self) -> bool {
        self.tableau.work > self.budget || self.stop.is_some_and(|stop| stop.check().is_err())
    }

    /// Bounds a variable from now on; solutions to start from must be within.
    pub(super) fn bound(&mut self, variable: u32, (lower, upper): (f64, f64)) {
        self.lower[variable as usize] = lower;
        self.upper[variable as usize] = upper;
    }

    /// Forgets how far a variable was seen to go, but for this value.
    pub(super) fn forget(&mut self, variable: u32, value: f64) {
        self.reached[variable as usize] = (value, value);
    }

    /// 1 above its bounds, −1 below, 0 within.
    fn outside(&self, variable: u32) -> f64 {
        let at = variable as usize;
        if self.value[at] > self.upper[at] + NEAR {
            1.0
        } else if self.value[at] < self.lower[at] - NEAR {
            -1.0
        } else {
            0.0
        }
    }

    fn movable(&self, variable: u32, direction: f64) -> bool {
        let at = variable as usize;
        if direction > 0.0 {
            self.value[at] < self.upper[at] - SMALL
        } else {
            self.value[at] > self.lower[at] + SMALL
        }
    }

    /// How far bounds allow a nonbasic variable to move, and the basic one that stops it, if one
    /// does; without end if nothing does.
    fn room(&mut self, enter: u32, direction: f64, any: bool) -> (f64, Option<u32>) {
        let at = enter as usize;
        let mut length = if direction > 0.0 {
            self.upper[at] - self.value[at]
        } else {
            self.value[at] - self.lower[at]
        };
        let mut chance = self.chance.clone();
        let mut leave: Option<(u32, f64)> = None;
        for (basic, entry) in self.tableau.column(enter) {
            let speed = -entry * direction;
            if speed.abs() < PIVOT {
                continue;
            }
            let b = basic as usize;
            // What is outside its bounds stops where it comes within them.
            let stop = match (self.outside(basic), speed > 0.0) {
                (-1.0, true) => self.lower[b],
                (1.0, false) => self.upper[b],
                (0.0, true) => self.upper[b],
                (0.0, false) => self.lower[b],
                _ => continue,
            };
            let room = ((stop - self.value[b]) / speed).max(0.0);
            let closer = match leave {
                _ if room < length - SMALL => true,
                Some((_, size)) if room <= length + SMALL => {
                    if any {
                        chance.below(3) == 0
                    } else {
                        entry.abs() > size.abs()
                    }
                }
                _ => false,
            };
            if closer {
                length = length.min(room);
                leave = Some((basic, entry));
            }
        }
        self.chance = chance;
        (length, leave.map(|(leave, _)| leave))
    }

    /// Moves a nonbasic variable, and with it the basic ones.
    fn go(&mut self, enter: u32, distance: f64) {
        let mut column = std::mem::take(&mut self.column);
        column.clear();
        column.extend(self.tableau.column(enter));
        self.strayed += self.strays(enter, &column) * distance.abs();
        for &(basic, entry) in &column {
            self.set(basic, self.value[basic as usize] - entry * distance);
        }
        self.set(enter, self.value[enter as usize] + distance);
        self.column = column;
    }

    /// Moves each nonbasic variable to the middle of where it can go, all others that are nonbasic
    /// staying: towards the inside of what is possible, without a pivot. Both ends of each move are
    /// solutions, so this shows most of what can be reached. Costs the tableau's entries.
    pub(super) fn centre(&mut self) {
        let before = (self.value.clone(), self.reached.clone());
        let mut column = std::mem::take(&mut self.column);
        for variable in 0..self.value.len() as u32 {
            let at = variable as usize;
            if self.tableau.row(variable).is_some() || self.lower[at] == self.upper[at] {
                continue;
            }
            column.clear();
            column.extend(self.tableau.column(variable));
            self.tableau.work += column.len() as u64;
            let mut up = (self.upper[at] - self.value[at]).min(FAR);
            let mut down = self.value[at] - self.lower[at];
            for &(basic, entry) in column.iter().filter(|(_, entry)| entry.abs() > PIVOT) {
                let b = basic as usize;
                let (above, below) = (self.upper[b] - self.value[b], self.value[b] - self.lower[b]);
                let (with, against) = if entry > 0.0 { (below, above) } else { (above, below) };
                up = up.min(with / entry.abs());
                down = down.min(against / entry.abs());
            }
            if up.max(0.0) + down.max(0.0) <= NEAR {
                continue;
            }
            let (up, down) = (up.max(0.0), down.max(0.0));
            if self.strays(variable, &column) * (up + down) > DRIFT {
                continue;
            }
            for length in [up, -down] {
                self.see(variable, self.value[at] + length);
                for &(basic, entry) in &column {
                    self.see(basic, self.value[basic as usize] - entry * length);
                }
            }
            let length = (up - down) / 2.0;
            for &(basic, entry) in &column {
                self.value[basic as usize] -= entry * length;
            }
            self.value[at] += length;
        }
        self.column = column;
        if self.has_drifted() || !self.all_within() {
            (self.value, self.reached) = before;
        }
    }

    fn see(&mut self, variable: u32, value: f64) {
        let reached = &mut self.reached[variable as usize];
        reached.0 = reached.0.min(value);
        reached.1 = reached.1.max(value);
    }

    fn set(&mut self, variable: u32, value: f64) {
        let at = variable as usize;
        let whole = value.round();
        let value = if (value - whole).abs() < SMALL { whole } else { value };
        self.value[at] = value;
        self.see(variable, value);
    }

    /// Basic variables from nonbasic ones.
    fn recompute(&mut self) {
        self.strayed = 0.0;
        for at in 0..self.tableau.basics().len() {
            let basic = self.tableau.basics()[at];
            let row = self.tableau.row(basic).into_iter().flatten();
            let sum: f64 = row.map(|(v, entry)| -entry * self.value[v as usize]).sum();
            self.value[basic as usize] = sum;
        }
    }

    fn extreme(&mut self, variable: u32, direction: f64, enough: f64) -> Extreme {
        let at = variable as usize;
        let mut idle = 0;
        loop {
            let reached = self.reached[at];
            if direction * (if direction > 0.0 { reached.1 } else { reached.0 })
                >= direction * enough - NEAR
            {
                return Extreme::Enough;
            }
            if self.is_spent() || idle > MOST_IDLE {
                return Extreme::GaveUp;
            }
            let any = idle > PATIENCE;
            let Some(step) = self.best_step(variable, direction, any) else {
                return Extreme::At(self.value[at]);
            };
            // No further than is asked for; then nothing has to make way.
            let left = (enough - self.value[at]).abs() / step.slope;
            if step.length.min(left) == f64::INFINITY {
                // Far enough that whoever checks the solution sees the way.
                self.go(step.enter, FAR * step.towards);
                return Extreme::Unbounded;
            }
            self.go(step.enter, step.length.min(left) * step.towards);
            if let Some(leave) = step.leave
                && step.length < left
            {
                self.tableau.pivot(leave, step.enter);
            }
            idle = if step.length > SMALL { 0 } else { idle + 1 };
        }
    }

    /// Of the steepest moves that take a variable further, the one that takes it furthest; or any
    /// move that does. Nothing if none does.
    fn best_step(&mut self, variable: u32, direction: f64, any: bool) -> Option<Step> {
        let mut slopes: Vec<(u32, f64)> = match self.tableau.row(variable) {
            None => vec![(variable, direction)],
            Some(row) => row.map(|(candidate, entry)| (candidate, -entry * direction)).collect(),
        };
        slopes.retain(|&(candidate, slope)| slope.abs() > PIVOT && self.movable(candidate, slope));
        if any && !slopes.is_empty() {
            slopes = vec![slopes[self.chance.below(slopes.len())]];
        }
        let looked_at = self.tableau.columns() / LOOKED_AT + 1;
        if slopes.len() > looked_at {
            let steeper = |a: &(u32, f64), b: &(u32, f64)| b.1.abs().total_cmp(&a.1.abs());
            slopes.select_nth_unstable_by(looked_at, |a, b| steeper(a, b).then(a.0.cmp(&b.0)));
            slopes.truncate(looked_at);
        }
        let mut best: Option<Step> = None;
        for (enter, slope) in slopes {
            let (length, leave) = self.room(enter, slope.signum(), any);
            let step = Step { enter, towards: slope.signum(), slope: slope.abs(), length, leave };
            let further = |best: &Step| step.gain() > best.gain() + SMALL;
            if best.as_ref().is_none_or(further) {
                best = Some(step);
            }
        }
        best
    }

    /// The present solution.
    pub(super) fn value(&self) -> &[f64] {
        &self.value
    }
}

fn sum(equation: &Entries, value: &[f64]) -> f64 {
    equation.iter().map(|&(variable, entry)| entry * value[variable as usize]).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// x0 + x1 = 4 and x1 + x2 = 3, all between 0 and 9; the fourth is 1.
    fn equations() -> Vec<Entries> {
        vec![vec![(0, 1.0), (1, 1.0), (3, -4.0)], vec![(1, 1.0), (2, 1.0), (3, -3.0)]]
    }

    fn solved(equations: &[Entries]) -> Programme<'_> {
        let mut tableau = Tableau::new(4);
        for equation in equations {
            tableau.add(equation, |variable| (variable != 3).then_some(0)).unwrap();
        }
        let tableau = DenseTableau::new(&tableau, |_| true);
        let bounds = vec![(0.0, 9.0), (0.0, 9.0), (0.0, 9.0), (1.0, 1.0)];
        Programme::solve(equations, tableau, bounds, 1_000_000, None).unwrap()
    }

    #[test]
    fn least_and_greatest_values_by_hand() {
        let equations = equations();
        let mut programme = solved(&equations);
        let start = programme.value().to_vec();
        for (variable, least, greatest) in [(0, 1.0, 4.0), (1, 0.0, 3.0), (2, 0.0, 3.0)] {
            for (direction, end) in [(1.0, greatest), (-1.0, least)] {
                let found = programme.extreme_from(&start, variable, direction, direction * 100.0);
                let reached = programme.reached[variable as usize];
                assert_eq!(if direction > 0.0 { reached.1 } else { reached.0 }, end, "{found:?}");
            }
        }
    }

    #[test]
    fn a_tableau_that_has_drifted_is_made_anew() {
        let equations = equations();
        let mut programme = solved(&equations);
        let start = programme.value().to_vec();
        // Another system of equations: whatever it reaches is no solution of ours.
        let mut other = Tableau::new(4);
        other
            .add(&[(0, 1.0), (1, 0.5), (3, -4.0)], |variable| (variable == 0).then_some(0))
            .unwrap();
        other
            .add(&[(2, 1.0), (1, 0.25), (3, -3.0)], |variable| (variable == 2).then_some(0))
            .unwrap();
        programme.tableau = DenseTableau::new(&other, |_| true);
        for (direction, end) in [(1.0, 4.0), (-1.0, 1.0)] {
            programme.extreme_from(&start, 0, direction, direction * 100.0);
            let reached = programme.reached[0];
            assert_eq!(if direction > 0.0 { reached.1 } else { reached.0 }, end);
        }
    }

    #[test]
    fn a_contradiction_is_one() {
        let equations = [vec![(0, 1.0), (1, 1.0), (2, -3.0)], vec![(0, 1.0), (1, -1.0), (2, -1.0)]];
        let mut tableau = Tableau::new(3);
        for equation in &equations {
            tableau.add(equation, |variable| (variable != 2).then_some(0)).unwrap();
        }
        // x0 = 2, x1 = 1.
        let solve = |upper| {
            let tableau = DenseTableau::new(&tableau, |_| true);
            let bounds = vec![(0.0, upper), (0.0, 9.0), (1.0, 1.0)];
            Programme::solve(&equations, tableau, bounds, 1000, None)
                .map(|solved| solved.value().to_vec())
        };
        assert_eq!(solve(9.0), Ok(vec![2.0, 1.0, 1.0]));
        assert_eq!(solve(1.5), Err(NoSolution::Contradiction));
    }
}
