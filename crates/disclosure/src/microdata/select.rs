//! Which marginals of three columns to measure: those on which the rows so far are furthest from
//! the truth, beyond what noise would hide.
//!
//! Score of a marginal, as in AIM (McKenna, Mullins, Sheldon, Miklau 2022, algorithm 1, arXiv
//! 2201.12677): the distance `Σ |real - synthetic|`, which one person changes by at most 1, minus
//! the noise expected in the cells that synthetic rows have, which depends on noised numbers alone.

use rayon::prelude::*;

use crate::budget::{Rho, selection_for, selection_rho};
use crate::noise::NoiseSource;

use super::marginal::{Columns, count};
use super::settings::MicrodataError;

/// Candidates with their real counts, which are confidential.
pub(crate) struct Candidates {
    of: Vec<Columns>,
    real: Vec<Vec<u32>>,
}

/// Marginals that were selected, with their real counts, and what the selection cost.
pub(crate) struct Selected {
    pub(crate) marginals: Vec<(Columns, Vec<u32>)>,
    pub(crate) spent: Rho,
}

impl Candidates {
    pub(crate) fn new(of: Vec<Columns>, data: &[&[u16]], sizes: &[usize]) -> Candidates {
        let real = of.par_iter().map(|columns| count(data, columns, sizes)).collect();
        Candidates { of, real }
    }

    /// Selects some, one after the other, each by the exponential mechanism at a cost of `each`;
    /// they are no candidates any more.
    pub(crate) fn select(
        &mut self,
        many: usize,
        each: Rho,
        sigma: f64,
        synthetic: &[Vec<u16>],
        sizes: &[usize],
        source: &mut NoiseSource,
    ) -> Result<Selected, MicrodataError> {
        if many == 0 {
            return Ok(Selected { marginals: vec![], spent: Rho::ZERO });
        }
        let data: Vec<&[u16]> = synthetic.iter().map(Vec::as_slice).collect();
        let noise = sigma * libm::sqrt(2.0 / std::f64::consts::PI);
        let mut scores: Vec<i64> = self
            .of
            .par_iter()
            .zip(&self.real)
            .map(|(columns, real)| {
                let synthetic = count(&data, columns, sizes);
                let cells = synthetic.iter().filter(|&&count| count > 0).count();
                let distance: u64 = real
                    .iter()
                    .zip(&synthetic)
                    .map(|(real, synthetic)| u64::from(real.abs_diff(*synthetic)))
                    .sum();
                distance as i64 - (noise * cells as f64) as i64
            })
            .collect();
        let mechanism = selection_for(each, 1)?;
        let mut selected = Vec::new();
        let mut spent = Rho::ZERO;
        for _ in 0..many.min(self.of.len()) {
            let at = mechanism.select(&scores, source)?;
            scores.swap_remove(at);
            selected.push((self.of.swap_remove(at), self.real.swap_remove(at)));
            spent = spent.plus(selection_rho(&mechanism, 1));
        }
        Ok(Selected { marginals: selected, spent })
    }
}
