//! Every hierarchical model up to an order; choice and averaging.

use rayon::prelude::*;

use super::fitter::Fitter;
use super::reduce::reduce;
use super::{Fit, Model, ModelSpace, Table};
use crate::histories::CaptureHistories;

/// The most lists all models of which are looked at.
pub const MOST_LISTS_OF_ALL_MODELS: usize = 6;

/// Models are fitted in pieces of so many, each with room of its own.
const PIECE: usize = 64;

/// All models that have an estimate for a table, each with its fit.
#[derive(Debug, Clone)]
pub struct AllModels {
    /// By BIC, the lowest first; of equal ones the one with fewer terms.
    pub by_bic: Vec<Scored>,
    /// How many models there are, with an estimate or without.
    pub models: usize,
}

/// A model and its fit.
#[derive(Debug, Clone, PartialEq)]
pub struct Scored {
    /// The model.
    pub model: Model,
    /// Its fit.
    pub fit: Fit,
}

/// An average over models.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weighted {
    /// The population, averaged.
    pub population: f64,
    /// Its standard deviation between the models, which is no interval: sampling is not in it.
    pub between: f64,
    /// The weight of the heaviest model.
    pub heaviest: f64,
}

impl AllModels {
    /// Fits every hierarchical model whose interactions are of at most `order` lists and that has
    /// an estimate: for three lists 8, for four 113 without the one of all four, for five 6,893
    /// without the one of all five; for six 32,768 of pairs. Parallel; the same digits on any number
    /// of threads. None for more than [`MOST_LISTS_OF_ALL_MODELS`] lists.
    ///
    /// It fails where several models fit alike and say different things; [`AllModels::weighted_by_aic`]
    /// and a bootstrap that chooses anew say how far apart they are.
    pub fn fit(histories: &CaptureHistories, order: usize) -> Option<AllModels> {
        if histories.lists().len() > MOST_LISTS_OF_ALL_MODELS {
            return None;
        }
        let table = Table::new(histories);
        let space = ModelSpace::new(table.lists, order);
        let fitted = fit_all(&table, &space);
        let scored = |one: Fitted| Scored { model: space.model(one.model), fit: one.fit };
        let by_bic = fitted.into_iter().map(scored).collect();
        Some(AllModels { by_bic, models: space.models.len() })
    }

    /// The average with Akaike weights, `exp(-(AIC - lowest AIC) / 2)` (Burnham and Anderson 2002,
    /// section 2.9). None when no model has an estimate.
    pub fn weighted_by_aic(&self) -> Option<Weighted> {
        let lowest = self.by_bic.iter().map(|one| one.fit.aic).min_by(f64::total_cmp)?;
        let weights: Vec<(f64, f64)> = self
            .by_bic
            .iter()
            .map(|one| (libm::exp(-0.5 * (one.fit.aic - lowest)), one.fit.population))
            .collect();
        let sum: f64 = weights.iter().map(|(weight, _)| weight).sum();
        let population = weights.iter().map(|(weight, of)| weight * of).sum::<f64>() / sum;
        let square = |of: f64| (of - population) * (of - population);
        let variance = weights.iter().map(|(weight, of)| weight * square(*of)).sum::<f64>() / sum;
        // The weight of the lowest is one before they are made to add up.
        Some(Weighted { population, between: variance.sqrt(), heaviest: 1.0 / sum })
    }
}

/// A model of a space, its fit, and its finite parameters in the order of terms.
#[derive(Debug, Clone)]
pub(crate) struct Fitted {
    pub(crate) model: u64,
    pub(crate) fit: Fit,
    pub(crate) parameters: Vec<f64>,
}

/// All models of a space that have an estimate, by BIC, and of equal ones by terms.
pub(crate) fn fit_all(table: &Table, space: &ModelSpace) -> Vec<Fitted> {
    let mut fitted: Vec<Fitted> = space
        .estimable(table)
        .par_chunks(PIECE)
        .flat_map_iter(|piece| {
            let mut fitter = Fitter::new(table.lists);
            let fits: Vec<Fitted> = piece
                .iter()
                .filter_map(|model| {
                    let reduced = reduce(&space.model(*model), table);
                    let fit = fitter.fit(table, &reduced, None)?;
                    Some(Fitted { model: *model, fit, parameters: fitter.parameters().to_vec() })
                })
                .collect();
            fits
        })
        .collect();
    fitted.sort_by(|a, b| {
        a.fit.bic.total_cmp(&b.fit.bic).then(a.fit.parameters.cmp(&b.fit.parameters))
    });
    fitted
}
