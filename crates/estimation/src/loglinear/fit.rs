//! Maximum likelihood by Newton's method.
//!
//! With the means summed over supersets, `Z[S] = sum of the means of all histories that contain S`,
//! the gradient is `people on all of S - Z[S]` and the information between terms `S` and `T` is
//! `Z[S union T]`: a step costs two sums over the lattice, an exponential for each history and a
//! Cholesky factor, `O(lists 2^lists + terms^3)`. The likelihood is strictly concave where there is
//! an estimate ([`super::existence`]); a step that lowers it is halved.

use super::reduce::{Reduced, reduce};
use super::{Existence, Model, Table, existence::existence_of};
use crate::histories::CaptureHistories;
use crate::lattice;

/// How often a step is taken, or halved, before giving up.
const MOST_STEPS: usize = 100;

/// The squared Newton decrement at which the last step was taken: about twice the likelihood that
/// is still missing before it.
const DECREMENT: f64 = 1e-9;

/// A fitted model.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// How many people there are, those on no list included; not rounded.
    pub population: f64,
    /// The logarithm of the likelihood, factorials included.
    pub log_likelihood: f64,
    /// Parameters: one for each term, also those that are minus infinity, and the empty one.
    pub parameters: usize,
    /// Akaike's criterion: `2 parameters - 2 log likelihood`.
    pub aic: f64,
    /// Schwarz's criterion: `log(people seen) parameters - 2 log likelihood`.
    pub bic: f64,
}

/// A model that has no estimate for a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FitError {
    /// The likelihood has no maximum, or many.
    #[error("the model has no single estimate for these lists: {0}")]
    Existence(Existence),
    /// The steps did not settle.
    #[error("the fit did not settle; the counts are too uneven for this model")]
    Unsettled,
}

/// Fits a model to a table.
///
/// # Errors
///
/// [`FitError`]: the model has no estimate for this table, as [`super::existence`] says, or the
/// steps did not settle.
///
/// # Panics
///
/// When the model is not about as many lists as the table has.
///
/// # Examples
///
/// ```
/// use estimation::loglinear::{Model, fit};
/// use estimation::read_histories;
///
/// // Hepatitis A in a college, Taiwan 1995 (Chao et al. 1997): no list depends on another.
/// let file = "P,Q,E,count\n1,0,0,69\n0,1,0,55\n0,0,1,63\n1,1,0,21\n1,0,1,17\n0,1,1,18\n1,1,1,28\n";
/// let read = read_histories(file.as_bytes(), None)?;
/// let fit = fit(&read.tables[0].histories, &Model::independence(3))?;
/// assert!((fit.population - 388.483495).abs() < 1e-6);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn fit(histories: &CaptureHistories, model: &Model) -> Result<Fit, FitError> {
    assert_eq!(histories.lists().len(), model.lists(), "a model of as many lists");
    let table = Table::new(histories);
    match existence_of(model, &table) {
        Existence::Estimable => {}
        other => return Err(FitError::Existence(other)),
    }
    let reduced = reduce(model, &table);
    let mut fitter = Fitter::new(table.lists);
    fitter.fit(&table, &reduced, None).ok_or(FitError::Unsettled)
}

/// Room to fit models of a number of lists, used again and again.
#[derive(Debug)]
pub(crate) struct Fitter {
    /// Means by history, and work space of the same size.
    means: Vec<f64>,
    sums: Vec<f64>,
    parameters: Vec<f64>,
    gradient: Vec<f64>,
    step: Vec<f64>,
    /// Rows of the lower triangle.
    information: Vec<f64>,
}

impl Fitter {
    pub(crate) fn new(lists: usize) -> Fitter {
        let cells = 1 << lists;
        Fitter {
            means: vec![0.0; cells],
            sums: vec![0.0; cells],
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
    /// the terms) when given. None when the steps do not settle.
    pub(crate) fn fit(
        &mut self,
        table: &Table,
        reduced: &Reduced,
        start: Option<&[f64]>,
    ) -> Option<Fit> {
        self.parameters.clear();
        match start {
            Some(start) => self.parameters.extend_from_slice(start),
            None => self.first_guess(table, reduced)?,
        }
        let mut likelihood = self.evaluate(table, reduced);
        if !likelihood.is_finite() {
            return None;
        }
        for _ in 0..MOST_STEPS {
            let decrement = self.newton_step(table, reduced)?;
            let mut left = 60;
            let next = loop {
                for (parameter, step) in self.parameters.iter_mut().zip(&self.step) {
                    *parameter += step;
                }
                let next = self.evaluate(table, reduced);
                // Near the maximum the last digits of the likelihood say nothing.
                if next.is_finite() && (next >= likelihood - 1e-9 * likelihood.abs().max(1.0)) {
                    break next;
                }
                left -= 1;
                if left == 0 {
                    return None;
                }
                for (parameter, step) in self.parameters.iter_mut().zip(&mut self.step) {
                    *parameter -= *step;
                    *step *= 0.5;
                }
            };
            likelihood = next;
            if decrement < DECREMENT {
                return Some(self.summary(table, reduced.parameters, likelihood));
            }
        }
        None
    }

    fn summary(&self, table: &Table, parameters: usize, likelihood: f64) -> Fit {
        let log_likelihood = likelihood - table.log_factorials;
        Fit {
            population: table.people() + libm::exp(self.parameters[0]),
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
        self.means.fill(0.0);
        for (term, parameter) in reduced.terms.iter().zip(&self.parameters) {
            self.means[term.cell()] = *parameter;
        }
        lattice::sum_subsets(&mut self.means);
        self.sums.fill(0.0);
        for cell in &reduced.cells {
            self.sums[cell.cell()] = libm::exp(self.means[cell.cell()]);
        }
        lattice::sum_supersets(&mut self.sums);
        let seen = reduced.terms.iter().zip(&self.parameters);
        seen.map(|(term, parameter)| parameter * table.margins[term.cell()]).sum::<f64>()
            - self.sums[0]
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

    /// `information step = gradient` by Cholesky's factor. None when the information is not
    /// positive definite.
    fn solve(&mut self, reduced: &Reduced) -> Option<()> {
        let size = reduced.terms.len();
        self.information.clear();
        self.information.resize(size * size, 0.0);
        for (row, one) in reduced.terms.iter().enumerate() {
            for (column, other) in reduced.terms[..=row].iter().enumerate() {
                self.information[row * size + column] = self.sums[usize::from(one.0 | other.0)];
            }
        }
        for row in 0..size {
            let (done, rest) = self.information.split_at_mut(row * size);
            let this = &mut rest[..size];
            for column in 0..row {
                let other = &done[column * size..column * size + column + 1];
                let dot: f64 = this[..column].iter().zip(other).map(|(a, b)| a * b).sum();
                this[column] = (this[column] - dot) / other[column];
            }
            let square: f64 = this[..row].iter().map(|value| value * value).sum();
            let left = this[row] - square;
            if left <= this[row] * 1e-14 || !left.is_finite() {
                return None;
            }
            this[row] = left.sqrt();
        }
        self.step.clear();
        self.step.extend_from_slice(&self.gradient);
        for row in 0..size {
            let of = &self.information[row * size..row * size + size];
            let dot: f64 = of[..row].iter().zip(&self.step).map(|(a, b)| a * b).sum();
            self.step[row] = (self.step[row] - dot) / of[row];
        }
        for row in (0..size).rev() {
            let value = self.step[row] / self.information[row * size + row];
            self.step[row] = value;
            let of = &self.information[row * size..row * size + row];
            for (below, factor) in self.step[..row].iter_mut().zip(of) {
                *below -= factor * value;
            }
        }
        Some(())
    }
}
