//! How low and how high each variable of a system of equations can be: linear programmes, one after
//! the other from wherever the last one ended.
//!
//! In: a [`Tableau`] with bounds of each variable and, if there is one, a solution within them.
//! Out: the least and greatest value of a variable, and along the way, for every variable, values
//! that some solution has (`reached`): most programmes need not be solved at all.
//!
//! The simplex method with bounded variables (Chvátal 1983, "Linear Programming", chapter 8):
//! nonbasic variables rest anywhere between their bounds, the steepest moves first, and after
//! [`PATIENCE`] moves without progress any of those that improve. Tables of small counts are so
//! degenerate that Bland's rule, which is sure to end, takes longer than anybody waits.

use super::chance::Chance;
use super::tableau::Tableau;

/// Moves without progress before chance decides.
const PATIENCE: u32 = 20;
/// Moves without progress before giving up.
const MOST_IDLE: u32 = 3_000;
/// Orders in which a solution is looked for.
pub(super) const ATTEMPTS: usize = 4;
/// Values nearer than this are equal.
pub(super) const NEAR: f64 = 1e-7;
/// Smaller lengths are none.
const SMALL: f64 = 1e-9;
/// Smaller entries are no pivots.
const PIVOT: f64 = 1e-7;

/// Further than this no move without end is followed.
const FAR: f64 = 1e6;

/// Variables between bounds that satisfy the equations of a tableau.
#[derive(Debug, Clone)]
pub(super) struct Programme {
    pub(super) tableau: Tableau,
    value: Vec<f64>,
    lower: Vec<f64>,
    upper: Vec<f64>,
    /// The least and greatest value seen in a solution, by variable.
    pub(super) reached: Vec<(f64, f64)>,
    column: Vec<(u32, f64)>,
    /// How much work may still be done, in entries touched; then answers are [`Extreme::GaveUp`].
    budget: u64,
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

enum Step {
    Moved(f64),
    Unbounded,
}

impl Programme {
    /// Starts at a solution: values within bounds that satisfy the tableau.
    pub(super) fn at(
        tableau: Tableau,
        value: Vec<f64>,
        bounds: Vec<(f64, f64)>,
        budget: u64,
    ) -> Programme {
        let (lower, upper) = bounds.into_iter().unzip();
        let reached = value.iter().map(|&value| (value, value)).collect();
        let budget = tableau.work.saturating_add(budget);
        let chance = Chance::new(3);
        Programme { tableau, value, lower, upper, reached, column: Vec::new(), budget, chance }
    }

    /// Goes back to a solution; what is basic stays so.
    pub(super) fn back_to(&mut self, value: &[f64]) {
        self.value.copy_from_slice(value);
    }

    /// Finds a solution: nonbasic variables at their lower bounds first, then one basic variable
    /// after the other is brought within its bounds, those that are within staying there. Each attempt,
    /// of [`ATTEMPTS`], takes them in another order: after thousands of moves a corner of small counts can
    /// look like a contradiction that is none.
    pub(super) fn solve(
        tableau: Tableau,
        bounds: Vec<(f64, f64)>,
        budget: u64,
        attempt: usize,
    ) -> Result<Programme, NoSolution> {
        let value = bounds.iter().map(|bounds| bounds.0).collect();
        let mut programme = Programme::at(tableau, value, bounds, budget);
        programme.recompute();
        let count = programme.value.len();
        for turn in 0..count {
            let at = (turn + attempt * (count / ATTEMPTS)) % count;
            let variable = at as u32;
            let direction = -programme.outside(variable);
            if direction == 0.0 {
                continue;
            }
            let bound = if direction > 0.0 { programme.lower[at] } else { programme.upper[at] };
            programme.reached[at] = (programme.value[at], programme.value[at]);
            match programme.extreme(variable, direction, bound) {
                Extreme::Enough => (),
                // Others outside their bounds do not stop it, so nothing brings it within; unless
                // sums of many moves have strayed from what the equations say.
                Extreme::At(_) | Extreme::Unbounded => {
                    programme.recompute();
                    let value = programme.value[at];
                    programme.reached[at] = (value, value);
                    match programme.extreme(variable, direction, bound) {
                        Extreme::Enough => (),
                        Extreme::GaveUp => return Err(NoSolution::GaveUp),
                        _ => return Err(NoSolution::Contradiction),
                    }
                }
                Extreme::GaveUp => return Err(NoSolution::GaveUp),
            }
        }
        programme.recompute();
        programme.reached = programme.value.iter().map(|&value| (value, value)).collect();
        Ok(programme)
    }

    /// Allows so much more work from now on.
    pub(super) fn allow(&mut self, work: u64) {
        self.budget = self.tableau.work.saturating_add(work);
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

    /// Moves a nonbasic variable as far as bounds allow, and pivots if a basic one stops it.
    fn step(&mut self, enter: u32, direction: f64, any: bool) -> Step {
        let mut column = std::mem::take(&mut self.column);
        self.tableau.column(enter, &mut column);
        let at = enter as usize;
        let mut length = if direction > 0.0 {
            self.upper[at] - self.value[at]
        } else {
            self.value[at] - self.lower[at]
        };
        let mut leave: Option<(u32, f64)> = None;
        for &(basic, entry) in &column {
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
                        self.chance.below(3) == 0
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
        if length == f64::INFINITY {
            self.column = column;
            return Step::Unbounded;
        }
        self.tableau.work += column.len() as u64;
        for &(basic, entry) in &column {
            self.set(basic, self.value[basic as usize] - entry * direction * length);
        }
        self.set(enter, self.value[at] + direction * length);
        self.column = column;
        if let Some((leave, _)) = leave {
            self.tableau.pivot(leave, enter);
        }
        Step::Moved(length)
    }

    /// Moves each nonbasic variable to the middle of where it can go, all others that are nonbasic
    /// staying: towards the inside of what is possible, without a pivot. Both ends of each move are
    /// solutions, so this shows most of what can be reached. Costs the tableau's entries.
    pub(super) fn centre(&mut self) {
        let mut column = std::mem::take(&mut self.column);
        for variable in 0..self.value.len() as u32 {
            let at = variable as usize;
            if self.tableau.row(variable).is_some() || self.lower[at] == self.upper[at] {
                continue;
            }
            self.tableau.column(variable, &mut column);
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
        for at in 0..self.tableau.basics().len() {
            let basic = self.tableau.basics()[at];
            let row = self.tableau.row(basic).unwrap_or_default();
            let sum: f64 = row.iter().map(|&(v, entry)| -entry * self.value[v as usize]).sum();
            self.value[basic as usize] = sum;
        }
    }

    /// Takes a variable as low (`direction` −1) or as high (1) as it goes, or to `enough`.
    pub(super) fn extreme(&mut self, variable: u32, direction: f64, enough: f64) -> Extreme {
        let at = variable as usize;
        let mut idle = 0;
        loop {
            let reached = self.reached[at];
            if direction * (if direction > 0.0 { reached.1 } else { reached.0 })
                >= direction * enough - NEAR
            {
                return Extreme::Enough;
            }
            if self.tableau.work > self.budget || idle > MOST_IDLE {
                return Extreme::GaveUp;
            }
            let any = idle > PATIENCE;
            let (enter, towards) = match self.improving(variable, direction, any) {
                Some(found) => found,
                None => return Extreme::At(self.value[at]),
            };
            match self.step(enter, towards, any) {
                Step::Moved(length) => idle = if length > SMALL { 0 } else { idle + 1 },
                Step::Unbounded => return Extreme::Unbounded,
            }
        }
    }

    /// The move that takes a variable further fastest, or any that does; nothing if none does.
    fn improving(&mut self, variable: u32, direction: f64, any: bool) -> Option<(u32, f64)> {
        let Some(row) = self.tableau.row(variable) else {
            return self.movable(variable, direction).then_some((variable, direction));
        };
        let mut chance = self.chance.clone();
        let slopes = row.iter().map(|&(candidate, entry)| (candidate, -entry * direction));
        let found = self.steepest(slopes, any, &mut chance);
        self.chance = chance;
        found
    }

    /// The steepest of the moves that bounds allow, or any of them; and its direction.
    fn steepest(
        &self,
        slopes: impl Iterator<Item = (u32, f64)>,
        any: bool,
        chance: &mut Chance,
    ) -> Option<(u32, f64)> {
        let mut best: Option<(u32, f64)> = None;
        let mut seen = 0;
        for (candidate, slope) in slopes {
            if slope.abs() > PIVOT && self.movable(candidate, slope) {
                seen += 1;
                let better = match best {
                    None => true,
                    Some(_) if any => chance.below(seen) == 0,
                    Some((_, steepest)) => slope.abs() > steepest.abs() + SMALL,
                };
                if better {
                    best = Some((candidate, slope));
                }
            }
        }
        best.map(|(candidate, slope)| (candidate, slope.signum()))
    }

    /// The present solution.
    pub(super) fn value(&self) -> &[f64] {
        &self.value
    }

    /// The bounds that a variable had from the start.
    pub(super) fn bounds(&self, variable: u32) -> (f64, f64) {
        (self.lower[variable as usize], self.upper[variable as usize])
    }
}
