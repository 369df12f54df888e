//! Tables of all strata, and what is learnt from them for one mean and spread of the pairs.

use super::mode::Mode;
use super::{
    BEING_ON_A_LIST, COMMON_STRENGTH, COMMON_STRENGTH_SPREAD, MOST_LISTS_WITH_TRIPLES,
    PAIRS_SPREAD, TRIPLES_SPREAD,
};
use crate::histories::{CaptureHistories, ListSet};
use crate::lattice;

/// The squared Newton decrement at which a mode is found.
const DECREMENT: f64 = 1e-10;

/// Tables ready for fitting.
pub(super) struct Data {
    pub(super) strata: Vec<Stratum>,
    pub(super) parameters: Vec<Parameter>,
}

/// One stratum's table.
pub(super) struct Stratum {
    pub(super) cells: Vec<f64>,
    pub(super) margins: Vec<f64>,
    /// Lists that have nobody of this stratum: histories with them are left out.
    pub(super) empty: ListSet,
}

/// A parameter: a term of one stratum, or of all.
#[derive(Debug, Clone, Copy)]
pub(super) struct Parameter {
    pub(super) stratum: Option<usize>,
    pub(super) term: ListSet,
}

/// The likeliest parameters, summed up.
pub(super) struct Fitted {
    /// The logarithm of how well the mean and spread explain the counts, up to a constant.
    pub(super) evidence: f64,
    pub(super) strength: f64,
    /// Mean and variance of the logarithm of the number unseen: of all, and of each stratum.
    pub(super) whole: (f64, f64),
    pub(super) strata: Vec<(f64, f64)>,
}

impl Data {
    pub(super) fn new(strata: &[&CaptureHistories]) -> Option<Data> {
        let lists = strata.first()?.lists();
        if strata.iter().any(|stratum| stratum.lists() != lists || stratum.people() == 0) {
            return None;
        }
        let strata: Vec<Stratum> = strata.iter().map(|stratum| Stratum::new(stratum)).collect();
        let empty_in_all = strata.iter().fold(u16::MAX, |all, stratum| all & stratum.empty.0);
        if empty_in_all != 0 {
            return None;
        }
        let of_strata = strata.iter().enumerate().flat_map(|(at, stratum)| {
            let singles =
                (0..lists.len()).map(ListSet::one).filter(|one| !stratum.empty.holds(*one));
            let terms = [ListSet::default()].into_iter().chain(singles);
            terms.map(move |term| Parameter { stratum: Some(at), term })
        });
        let largest = if (4..=MOST_LISTS_WITH_TRIPLES).contains(&lists.len()) { 3 } else { 2 };
        let sets = (0..1_u32 << lists.len()).map(|set| ListSet(set as u16));
        let of_all = sets
            .filter(|set| (2..=largest).contains(&set.len()))
            .map(|term| Parameter { stratum: None, term });
        let parameters = of_strata.chain(of_all).collect();
        Some(Data { strata, parameters })
    }

    /// The posterior of the numbers unseen for one mean and spread of the pairs.
    pub(super) fn fit(&self, strength: f64, spread: f64) -> Option<Fitted> {
        let prior: Vec<(f64, f64)> = (self.parameters.iter())
            .map(|parameter| match parameter.term.len() {
                0 => (0.0, 0.0),
                1 => (BEING_ON_A_LIST.0, 1.0 / (BEING_ON_A_LIST.1 * BEING_ON_A_LIST.1)),
                2 => (strength, 1.0 / (spread * spread)),
                _ => (0.0, 1.0 / (TRIPLES_SPREAD * TRIPLES_SPREAD)),
            })
            .collect();
        let mut mode = Mode::start(self, &prior)?;
        for _ in 0..200 {
            if mode.step(self, &prior)? < DECREMENT {
                return Some(self.fitted(&mode, &prior, strength, spread));
            }
        }
        None
    }

    fn fitted(&self, mode: &Mode, prior: &[(f64, f64)], strength: f64, spread: f64) -> Fitted {
        let precisions = prior.iter().filter(|(_, precision)| *precision > 0.0);
        let scale: f64 = precisions.map(|(_, precision)| 0.5 * libm::log(*precision)).sum();
        let square = |of: f64| of * of;
        let beforehand = -0.5 * square((strength - COMMON_STRENGTH) / COMMON_STRENGTH_SPREAD)
            - 0.5 * square(spread / PAIRS_SPREAD);
        let evidence = mode.likelihood() + scale - 0.5 * mode.log_determinant() + beforehand;
        let firsts: Vec<usize> =
            (0..self.parameters.len()).filter(|at| self.parameters[*at].term.is_empty()).collect();
        let strata: Vec<(f64, f64)> = firsts
            .iter()
            .map(|at| (mode.parameters()[*at], mode.variance(&[(*at, 1.0)])))
            .collect();
        // The logarithm of a sum moves with the logarithms of its parts by their shares.
        let sum: f64 = strata.iter().map(|(log, _)| libm::exp(*log)).sum();
        let shares: Vec<(usize, f64)> =
            firsts.iter().zip(&strata).map(|(at, (log, _))| (*at, libm::exp(*log) / sum)).collect();
        Fitted { evidence, strength, whole: (libm::log(sum), mode.variance(&shares)), strata }
    }
}

impl Stratum {
    fn new(histories: &CaptureHistories) -> Stratum {
        let cells = histories.cells();
        let mut margins = cells.clone();
        lattice::sum_supersets(&mut margins);
        let nobody = |list: &usize| margins[1 << list] == 0.0;
        let empty =
            (0..histories.lists().len()).filter(nobody).fold(0, |all, list| all | 1 << list);
        Stratum { cells, margins, empty: ListSet(empty) }
    }

    /// Whether a history has a mean above zero.
    pub(super) fn has(&self, cell: usize) -> bool {
        cell != 0 && cell & self.empty.cell() == 0
    }
}
