//! Whether a model has an estimate for a table.
//!
//! After [`super::reduce`] has dropped what empty overlaps drop, a finite estimate exists exactly
//! when no direction of the parameters leaves the means of all histories with people as they are,
//! raises no other mean and lowers one (Haberman 1974; Fienberg and Rinaldo 2012, "Maximum
//! likelihood estimation in log-linear models", section 3). The parameters are identifiable
//! exactly when no direction leaves all means as they are. Directions that leave the means of
//! histories with people alone are the null space of a small matrix of zeros and ones. It is mostly
//! empty (then all is well) or a line (then signs decide); otherwise a linear programme does.
//!
//! When a model has an estimate, so has every model within it: a direction of the smaller one is
//! one of the larger one, which keeps fewer histories, so it would have to leave all their means as
//! they are; then it is zero, as the larger one's parameters are identifiable.

use std::fmt;

use microlp::{ComparisonOp, OptimizationDirection, Problem, SolveOutcome};

use super::reduce::reduce;
use super::{Model, Table};
use crate::histories::{CaptureHistories, ListSet};

/// Whether a model has an estimate for a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existence {
    /// It has one.
    Estimable,
    /// The likelihood has no maximum with a finite population.
    NoEstimate,
    /// Several populations are equally likely.
    NotIdentifiable,
    /// Both of these.
    Neither,
}

impl fmt::Display for Existence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Existence::Estimable => "it has one",
            Existence::NoEstimate => "the likelihood grows without end as parameters do",
            Existence::NotIdentifiable => "several populations are equally likely",
            Existence::Neither => {
                "the likelihood grows without end as parameters do, and several populations are equally likely"
            }
        })
    }
}

/// Whether a model has an estimate for a table, in the extended sense that parameters of empty
/// overlaps may be minus infinity.
///
/// # Panics
///
/// When the model is not about as many lists as the table has.
///
/// # Examples
///
/// The made-up table of Chan, Silverman and Vincent (2021), table 2:
///
/// ```
/// use estimation::loglinear::{Existence, Model, existence};
/// use estimation::{CaptureHistories, ListSet};
///
/// let lists = ["A", "B", "C"].map(str::to_owned).to_vec();
/// let seen = [(ListSet(1), 40), (ListSet(2), 30), (ListSet(4), 20), (ListSet(3), 6)];
/// let table = CaptureHistories::new(lists, seen)?;
/// let (a_b, a_c, b_c) = (ListSet(3), ListSet(5), ListSet(6));
/// assert_eq!(existence(&table, &Model::of(3, [a_c, b_c])), Existence::Estimable);
/// assert_eq!(existence(&table, &Model::of(3, [a_b])), Existence::NoEstimate);
/// assert_eq!(existence(&table, &Model::of(3, [a_b, a_c, b_c])), Existence::NotIdentifiable);
/// # Ok::<(), estimation::HistoriesError>(())
/// ```
pub fn existence(histories: &CaptureHistories, model: &Model) -> Existence {
    assert_eq!(histories.lists().len(), model.lists(), "a model of as many lists");
    existence_of(model, &Table::new(histories))
}

/// [`existence`] of a table that is ready for fitting.
pub(crate) fn existence_of(model: &Model, table: &Table) -> Existence {
    let reduced = reduce(model, table);
    let mut columns = Columns::of_seen(table);
    for term in &reduced.terms {
        columns.push(*term);
    }
    columns.judge(&reduced.cells)
}

/// Terms as columns over the histories with people: whether each depends on those before it.
#[derive(Debug, Clone)]
pub(crate) struct Columns {
    /// Histories with people.
    seen: Vec<ListSet>,
    terms: Vec<ListSet>,
    /// Columns that depend on none before them, each reduced by those.
    basis: Vec<Pivoted>,
    /// Directions that leave the means of all histories with people as they are, by term.
    null: Vec<Vec<f64>>,
}

#[derive(Debug, Clone)]
struct Pivoted {
    /// Values by history with people, the pivot's being one.
    values: Vec<f64>,
    pivot: usize,
    /// The combination of terms that gives the values.
    by_term: Vec<f64>,
}

/// Below this a sum of products of small integers and their quotients is zero.
const ZERO: f64 = 1e-7;

impl Columns {
    /// No terms yet.
    pub(crate) fn of_seen(table: &Table) -> Columns {
        let all = table.cells.iter().enumerate();
        let seen = all.filter(|(_, count)| **count > 0.0).map(|(cell, _)| ListSet(cell as u16));
        Columns { seen: seen.collect(), terms: Vec::new(), basis: Vec::new(), null: Vec::new() }
    }

    /// Adds a term that somebody is on all lists of.
    pub(crate) fn push(&mut self, term: ListSet) {
        self.terms.push(term);
        let mut values: Vec<f64> =
            self.seen.iter().map(|cell| f64::from(u8::from(cell.holds(term)))).collect();
        let mut by_term = vec![0.0; self.terms.len()];
        by_term[self.terms.len() - 1] = 1.0;
        for known in &self.basis {
            let factor = values[known.pivot];
            if factor != 0.0 {
                subtract(&mut values, &known.values, factor);
                subtract(&mut by_term, &known.by_term, factor);
            }
        }
        let largest =
            (0..values.len()).max_by(|a, b| values[*a].abs().total_cmp(&values[*b].abs()));
        match largest.filter(|at| values[*at].abs() > ZERO) {
            None => self.null.push(by_term),
            Some(pivot) => {
                let scale = 1.0 / values[pivot];
                values.iter_mut().chain(&mut by_term).for_each(|value| *value *= scale);
                self.basis.push(Pivoted { values, pivot, by_term });
            }
        }
    }

    /// Whether no direction leaves the means of all histories with people as they are.
    pub(crate) fn is_independent(&self) -> bool {
        self.null.is_empty()
    }

    /// Takes the last term off again.
    pub(crate) fn pop(&mut self) {
        let terms = self.terms.len();
        self.terms.pop();
        // What the last term gave has a combination as long as all terms.
        if self.null.last().is_some_and(|last| last.len() == terms) {
            self.null.pop();
        } else {
            self.basis.pop();
        }
    }

    /// Whether there is an estimate when the means of `cells`, ascending, are above zero.
    pub(crate) fn judge(&self, cells: &[ListSet]) -> Existence {
        if self.null.is_empty() {
            return Existence::Estimable;
        }
        let unseen = cells.iter().filter(|cell| self.seen.binary_search(cell).is_err());
        let slopes: Vec<Vec<f64>> = unseen
            .map(|cell| self.null.iter().map(|direction| self.slope(*cell, direction)).collect())
            .filter(|slopes: &Vec<f64>| slopes.iter().any(|slope| *slope != 0.0))
            .collect();
        let identifiable = rank(slopes.clone()) == self.null.len();
        match (falls_without_end(&slopes, self.null.len()), identifiable) {
            (false, true) => Existence::Estimable,
            (true, true) => Existence::NoEstimate,
            (false, false) => Existence::NotIdentifiable,
            (true, false) => Existence::Neither,
        }
    }

    /// How the logarithm of a history's mean changes along a direction.
    fn slope(&self, cell: ListSet, direction: &[f64]) -> f64 {
        let terms = self.terms.iter().zip(direction);
        let slope: f64 = terms.filter(|(term, _)| cell.holds(**term)).map(|(_, by)| by).sum();
        if slope.abs() < ZERO { 0.0 } else { slope }
    }
}

fn subtract(from: &mut [f64], other: &[f64], factor: f64) {
    for (value, known) in from.iter_mut().zip(other) {
        *value -= factor * known;
    }
}

/// The rank of a small matrix, given by rows.
fn rank(mut rows: Vec<Vec<f64>>) -> usize {
    let columns = rows.first().map_or(0, Vec::len);
    let mut found = 0;
    for column in 0..columns {
        let candidates = found..rows.len();
        let largest =
            candidates.max_by(|a, b| rows[*a][column].abs().total_cmp(&rows[*b][column].abs()));
        let Some(pivot) = largest.filter(|row| rows[*row][column].abs() > ZERO) else { continue };
        rows.swap(found, pivot);
        let (above, below) = rows.split_at_mut(found + 1);
        let by = &above[found];
        for row in below {
            let factor = row[column] / by[column];
            subtract(row, by, factor);
        }
        found += 1;
    }
    found
}

/// Whether some combination of directions lowers a mean and raises none.
fn falls_without_end(slopes: &[Vec<f64>], directions: usize) -> bool {
    if directions == 1 {
        let (some_up, some_down) =
            (slopes.iter().any(|slope| slope[0] > 0.0), slopes.iter().any(|slope| slope[0] < 0.0));
        return some_up != some_down;
    }
    // The fall of all means together, none by more than one and none rising. A direction that
    // works can be made longer until a mean falls by one: the optimum is zero, or at least one.
    let mut problem = Problem::new(OptimizationDirection::Maximize);
    let falls = |of: usize| -slopes.iter().map(|slope| slope[of]).sum::<f64>();
    let weights: Vec<_> = (0..directions)
        .map(|of| problem.add_var(falls(of), (f64::NEG_INFINITY, f64::INFINITY)))
        .collect();
    for slope in slopes {
        let fall: Vec<_> = weights.iter().zip(slope).map(|(weight, by)| (*weight, -by)).collect();
        problem.add_constraint(&fall, ComparisonOp::Ge, 0.0);
        problem.add_constraint(&fall, ComparisonOp::Le, 1.0);
    }
    // Zero always satisfies it; what cannot be solved is no model to rely on.
    match problem.solve() {
        Ok(SolveOutcome::Solution(solution)) => solution.objective() > 0.5,
        Ok(SolveOutcome::Interrupted(_)) | Err(_) => true,
    }
}
