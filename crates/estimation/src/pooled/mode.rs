//! The likeliest parameters of all strata, by Newton's method.

use super::data::{Data, Parameter};
use crate::cholesky::Cholesky;
use crate::lattice;

/// The search for the likeliest parameters.
pub(super) struct Mode {
    parameters: Vec<f64>,
    /// By stratum: means of its histories, summed over supersets.
    sums: Vec<Vec<f64>>,
    /// Penalised by the prior; without constants.
    likelihood: f64,
    cholesky: Cholesky,
}

impl Mode {
    /// Weighted least squares on the logarithms of the counts, with the prior.
    pub(super) fn start(data: &Data, prior: &[(f64, f64)]) -> Option<Mode> {
        let raised = |of: fn(f64) -> f64| -> Vec<Vec<f64>> {
            let all = data.strata.iter().map(|stratum| {
                let cells = stratum.cells.iter().enumerate();
                let mut values: Vec<f64> = cells
                    .map(|(at, count)| if stratum.has(at) { of(count + 0.1) } else { 0.0 })
                    .collect();
                lattice::sum_supersets(&mut values);
                values
            });
            all.collect()
        };
        let values = raised(|count| count * libm::log(count));
        let mut mode = Mode {
            parameters: Vec::new(),
            sums: raised(|count| count),
            likelihood: f64::NEG_INFINITY,
            cholesky: Cholesky::default(),
        };
        mode.factor(data, prior)?;
        let right = data.parameters.iter().zip(prior);
        mode.parameters = right
            .map(|(of, (mean, precision))| total(&values, of, of) + mean * precision)
            .collect();
        mode.cholesky.solve(&mut mode.parameters);
        mode.likelihood = mode.evaluate(data, prior);
        mode.likelihood.is_finite().then_some(mode)
    }

    pub(super) fn parameters(&self) -> &[f64] {
        &self.parameters
    }

    pub(super) fn likelihood(&self) -> f64 {
        self.likelihood
    }

    /// Of the information at the last step.
    pub(super) fn log_determinant(&self) -> f64 {
        self.cholesky.log_determinant()
    }

    /// The variance of a weighted sum of parameters.
    pub(super) fn variance(&self, weights: &[(usize, f64)]) -> f64 {
        let mut solved = vec![0.0; self.parameters.len()];
        weights.iter().for_each(|(at, weight)| solved[*at] = *weight);
        self.cholesky.solve(&mut solved);
        weights.iter().map(|(at, weight)| weight * solved[*at]).sum()
    }

    /// One Newton step, halved while it does not help; how much it promised.
    pub(super) fn step(&mut self, data: &Data, prior: &[(f64, f64)]) -> Option<f64> {
        let slope: Vec<f64> = (data.parameters.iter().zip(prior).zip(&self.parameters))
            .map(|((of, (mean, precision)), value)| {
                seen(data, of) - total(&self.sums, of, of) - precision * (value - mean)
            })
            .collect();
        self.factor(data, prior)?;
        let mut step = slope.clone();
        self.cholesky.solve(&mut step);
        let gain = step.iter().zip(&slope).map(|(by, slope)| by * slope).sum();
        for _ in 0..60 {
            self.parameters.iter_mut().zip(&step).for_each(|(value, by)| *value += by);
            let next = self.evaluate(data, prior);
            // Near the maximum the last digits of the likelihood say nothing.
            if next.is_finite() && next >= self.likelihood - 1e-9 * self.likelihood.abs().max(1.0) {
                self.likelihood = next;
                return Some(gain);
            }
            for (value, by) in self.parameters.iter_mut().zip(&mut step) {
                *value -= *by;
                *by *= 0.5;
            }
        }
        None
    }

    fn factor(&mut self, data: &Data, prior: &[(f64, f64)]) -> Option<()> {
        let (sums, parameters) = (&self.sums, &data.parameters);
        let entry = |row: usize, column: usize| {
            let own = if row == column { prior[row].1 } else { 0.0 };
            total(sums, &parameters[row], &parameters[column]) + own
        };
        self.cholesky.factor(parameters.len(), entry).then_some(())
    }

    /// Means at the parameters; the penalised log likelihood without constants.
    fn evaluate(&mut self, data: &Data, prior: &[(f64, f64)]) -> f64 {
        let mut expected = 0.0;
        for (at, (stratum, sums)) in data.strata.iter().zip(&mut self.sums).enumerate() {
            sums.fill(0.0);
            for (of, value) in data.parameters.iter().zip(&self.parameters) {
                if of.stratum.is_none_or(|own| own == at) {
                    sums[of.term.cell()] = *value;
                }
            }
            lattice::sum_subsets(sums);
            for (cell, mean) in sums.iter_mut().enumerate() {
                *mean = if stratum.has(cell) { libm::exp(*mean) } else { 0.0 };
            }
            lattice::sum_supersets(sums);
            expected += sums[0];
        }
        let terms = data.parameters.iter().zip(prior).zip(&self.parameters);
        let gained: f64 = terms
            .map(|((of, (mean, precision)), value)| {
                value * seen(data, of) - 0.5 * precision * (value - mean) * (value - mean)
            })
            .sum();
        gained - expected
    }
}

/// How many people are on all lists of a parameter's term, in its strata.
fn seen(data: &Data, of: &Parameter) -> f64 {
    match of.stratum {
        Some(at) => data.strata[at].margins[of.term.cell()],
        None => data.strata.iter().map(|stratum| stratum.margins[of.term.cell()]).sum(),
    }
}

/// The sum, over the strata that two parameters share, of what is on all lists of both.
fn total(sums: &[Vec<f64>], one: &Parameter, other: &Parameter) -> f64 {
    let cell = usize::from(one.term.0 | other.term.0);
    match (one.stratum, other.stratum) {
        (Some(at), Some(and)) if at != and => 0.0,
        (Some(at), _) | (_, Some(at)) => sums[at][cell],
        (None, None) => sums.iter().map(|sums| sums[cell]).sum(),
    }
}
