//! Maximum likelihood by Newton's method.
//!
//! With the means summed over supersets, `Z[S] = sum of the means of all histories that contain S`,
//! the gradient is `people on all of S - Z[S]` and the information between terms `S` and `T` is
//! `Z[S union T]`: a step costs two sums over the lattice, an exponential for each history and an
//! elimination, `O(lists 2^lists + terms^3)`. The likelihood is strictly concave where there is
//! an estimate ([`super::existence`]); a step that lowers it is halved.

use super::reduce::Reduced;
use super::{Fit, Table};
use crate::lattice;

/// How often a step is taken before giving up.
const MOST_STEPS: usize = 100;

/// How often a step is halved before giving up.
const MOST_HALVES: usize = 60;

/// The squared Newton decrement at which the last step was taken: about twice the likelihood that
/// is still missing before it.
const DECREMENT: f64 = 1e-9;

/// How high a likelihood reached.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Reached {
    /// The highest, as far as was asked for.
    Highest(f64),
    /// It is nowhere above this.
    AtMost(f64),
    /// The steps did not settle.
    Unsettled,
}

/// Room to fit models of a number of lists, used again and again.
#[derive(Debug)]
pub(crate) struct Fitter {
    /// Means by history.
    means: Vec<f64>,
    /// Means summed over supersets.
    sums: Vec<f64>,
    /// How the logarithms of the means change with the step.
    changes: Vec<f64>,
    parameters: Vec<f64>,
    gradient: Vec<f64>,
    step: Vec<f64>,
    /// Rows of the upper triangle, each with its part of the gradient.
    information: Vec<f64>,
}

impl Fitter {
    pub(crate) fn new(lists: usize) -> Fitter {
        let cells = 1 << lists;
        Fitter {
            means: vec![0.0; cells],
            sums: vec![0.0; cells],
            changes: vec![0.0; cells],
            parameters: Vec::new(),
            gradient: Vec::new(),
            step: Vec::new(),
            information: Vec::new(),
        }
    }

    /// Parameters of the last fit, in the order of the reduced model's terms.
    pub(crate) fn parameters(&self) -> &[f64] {
        &self.parameters
    }

    /// Means of the last fit by what people are on at least: over all histories that are left.
    pub(crate) fn expected(&self) -> &[f64] {
        &self.sums
    }

    /// Fits what is left of a model that has an estimate, from `start` (parameters in the order of
    /// the terms) when given; without one, from a first guess. None when the steps do not settle.
    pub(crate) fn fit(
        &mut self,
        table: &Table,
        reduced: &Reduced,
        start: Option<&[f64]>,
    ) -> Option<Fit> {
        let likelihood = self.maximise(table, reduced, start)?;
        Some(self.summary(table, reduced.parameters, likelihood))
    }

    /// The same; the logarithm of the highest likelihood, without factorials.
    pub(crate) fn maximise(
        &mut self,
        table: &Table,
        reduced: &Reduced,
        start: Option<&[f64]>,
    ) -> Option<f64> {
        match self.reach(table, reduced, start, f64::NEG_INFINITY) {
            Reached::Highest(likelihood) => Some(likelihood),
            Reached::AtMost(_) | Reached::Unsettled => None,
        }
    }

    /// As [`Fitter::maximise`], but gives up as soon as the likelihood is sure to stay below
    /// `least`.
    pub(crate) fn reach(
        &mut self,
        table: &Table,
        reduced: &Reduced,
        start: Option<&[f64]>,
        least: f64,
    ) -> Reached {
        self.try_to_reach(table, reduced, start, least).unwrap_or(Reached::Unsettled)
    }

    fn try_to_reach(
        &mut self,
        table: &Table,
        reduced: &Reduced,
        start: Option<&[f64]>,
        least: f64,
    ) -> Option<Reached> {
        let mut likelihood = self.start(table, reduced, start)?;
        for _ in 0..MOST_STEPS {
            let decrement = self.newton_step(table, reduced)?;
            if least > f64::NEG_INFINITY
                && let Some(most) = self.most(reduced, likelihood)
                && most < least
            {
                return Some(Reached::AtMost(most));
            }
            likelihood = self.take_step(table, reduced, likelihood)?;
            if decrement < DECREMENT {
                return Some(Reached::Highest(likelihood));
            }
        }
        None
    }

    /// The likelihood at the start. None when it is not finite.
    fn start(&mut self, table: &Table, reduced: &Reduced, start: Option<&[f64]>) -> Option<f64> {
        self.parameters.clear();
        match start {
            Some(start) => self.parameters.extend_from_slice(start),
            None => self.first_guess(table, reduced)?,
        }
        let likelihood = self.evaluate(table, reduced);
        likelihood.is_finite().then_some(likelihood)
    }

    /// Takes the step, or the first of its halves that does not lower the likelihood.
    fn take_step(&mut self, table: &Table, reduced: &Reduced, likelihood: f64) -> Option<f64> {
        // Near the maximum the last digits of the likelihood say nothing.
        let least = likelihood - 1e-9 * likelihood.abs().max(1.0);
        for (parameter, step) in self.parameters.iter_mut().zip(&self.step) {
            *parameter += step;
        }
        for _ in 0..MOST_HALVES {
            let next = self.evaluate(table, reduced);
            if next.is_finite() && next >= least {
                return Some(next);
            }
            for (parameter, step) in self.parameters.iter_mut().zip(&mut self.step) {
                *step *= 0.5;
                *parameter -= *step;
            }
        }
        None
    }

    /// How many people there are by the last fit.
    pub(crate) fn population(&self, table: &Table) -> f64 {
        table.people() + libm::exp(self.parameters[0])
    }

    /// What is told of the last fit.
    pub(crate) fn summary(&self, table: &Table, parameters: usize, likelihood: f64) -> Fit {
        let log_likelihood = likelihood - table.log_factorials();
        Fit {
            population: self.population(table),
            log_likelihood,
            parameters,
            aic: 2.0 * parameters as f64 - 2.0 * log_likelihood,
            bic: libm::log(table.people()) * parameters as f64 - 2.0 * log_likelihood,
        }
    }

    /// Least squares on the logarithms of the counts, weighted by the counts, both with a tenth of
    /// a person more (the first step of iteratively reweighted least squares).
    fn first_guess(&mut self, table: &Table, reduced: &Reduced) -> Option<()> {
        self.means.fill(0.0);
        self.sums.fill(0.0);
        for cell in &reduced.cells {
            let count = table.cells[cell.cell()] + 0.1;
            self.means[cell.cell()] = count * libm::log(count);
            self.sums[cell.cell()] = count;
        }
        lattice::sum_supersets(&mut self.means);
        lattice::sum_supersets(&mut self.sums);
        self.gradient.clear();
        self.gradient.extend(reduced.terms.iter().map(|term| self.means[term.cell()]));
        self.solve(reduced)?;
        self.parameters.extend_from_slice(&self.step);
        Some(())
    }

    /// Means and their sums at the parameters; the log likelihood without factorials.
    fn evaluate(&mut self, table: &Table, reduced: &Reduced) -> f64 {
        self.sums.fill(0.0);
        for (term, parameter) in reduced.terms.iter().zip(&self.parameters) {
            self.sums[term.cell()] = *parameter;
        }
        lattice::sum_subsets(&mut self.sums);
        self.means.fill(0.0);
        for cell in &reduced.cells {
            self.means[cell.cell()] = libm::exp(self.sums[cell.cell()]);
        }
        self.sums.copy_from_slice(&self.means);
        lattice::sum_supersets(&mut self.sums);
        let seen = reduced.terms.iter().zip(&self.parameters);
        seen.map(|(term, parameter)| parameter * table.margins[term.cell()]).sum::<f64>()
            - self.sums[0]
    }

    /// A number that the log likelihood is nowhere above, by the step at parameters that have
    /// `likelihood`; close when the step is short. None when it is too long to say.
    ///
    /// Any table `v` without negative counts that has the sums of what was seen over all terms says
    /// so: for all means `m` of the model the likelihood is `sum(v log m - m)`, which is at most
    /// `sum(v log v - v)`. Means `m` changed to `m (1 + x)` by a Newton step have those sums, and
    /// `log(1 + x)` is at most `x - x^2 / 2 + x^3 / 3`.
    fn most(&mut self, reduced: &Reduced, likelihood: f64) -> Option<f64> {
        self.changes.fill(0.0);
        for (term, step) in reduced.terms.iter().zip(&self.step) {
            self.changes[term.cell()] = *step;
        }
        lattice::sum_subsets(&mut self.changes);
        let mut most = likelihood;
        for cell in &reduced.cells {
            let change = self.changes[cell.cell()];
            if change < -1.0 {
                return None;
            }
            let square = change * change;
            most += self.means[cell.cell()]
                * square
                * (0.5 - change * (1.0 / 6.0) + square * (1.0 / 3.0));
        }
        Some(most)
    }

    /// The Newton step at the sums, into `step`; the squared decrement.
    fn newton_step(&mut self, table: &Table, reduced: &Reduced) -> Option<f64> {
        self.gradient.clear();
        self.gradient.extend(
            reduced.terms.iter().map(|term| table.margins[term.cell()] - self.sums[term.cell()]),
        );
        self.solve(reduced)?;
        Some(self.step.iter().zip(&self.gradient).map(|(step, slope)| step * slope).sum())
    }

    /// `information step = gradient` by elimination, which needs no pivoting as the information is
    /// positive definite. None when it is not.
    fn solve(&mut self, reduced: &Reduced) -> Option<()> {
        let size = reduced.terms.len();
        // The gradient is one more column; what is to the left of the diagonal is never read.
        let width = size + 1;
        self.information.resize(size * width, 0.0);
        for (row, one) in reduced.terms.iter().enumerate() {
            let values = &mut self.information[row * width..(row + 1) * width];
            for (value, other) in values[row..size].iter_mut().zip(&reduced.terms[row..]) {
                *value = self.sums[usize::from(one.0 | other.0)];
            }
            values[size] = self.gradient[row];
        }
        for (pivot, term) in reduced.terms.iter().enumerate() {
            let (done, below) = self.information.split_at_mut((pivot + 1) * width);
            let pivot_row = &done[pivot * width..];
            let left = pivot_row[pivot];
            if left <= self.sums[term.cell()] * 1e-14 || !left.is_finite() {
                return None;
            }
            let inverse = 1.0 / left;
            for (values, row) in below.chunks_exact_mut(width).zip(pivot + 1..) {
                let factor = pivot_row[row] * inverse;
                for (value, by) in values[row..].iter_mut().zip(&pivot_row[row..]) {
                    *value -= factor * by;
                }
            }
        }
        self.step.clear();
        self.step.resize(size, 0.0);
        for row in (0..size).rev() {
            let values = &self.information[row * width..(row + 1) * width];
            let known = values[row + 1..size].iter().zip(&self.step[row + 1..]);
            let rest: f64 = known.map(|(value, step)| value * step).sum();
            self.step[row] = (values[size] - rest) / values[row];
        }
        Some(())
    }
}
