//! What a researcher must know of synthetic rows: how they were made, and how exact they are.

use serde::Serialize;

use crate::budget::{Delta, Rho};
use crate::schema::Schema;

use super::marginal::{Columns, count};
use super::model::Table;
use super::plan::noise_total_variation;

/// Stands for 95 % of a normal distribution.
const NORMAL_95: f64 = 1.959_963_984_540_054;

/// The data sheet of synthetic rows. Nothing in it depends on real rows but through noise.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DataSheet {
    /// What one row is.
    pub unit: &'static str,
    /// Which tables are neighbours.
    pub neighbours: &'static str,
    /// What is assumed of the linkage.
    pub linkage: &'static str,
    /// How many rows there are: the real number with noise.
    pub rows: u64,
    /// The standard deviation of that noise.
    pub rows_sigma: f64,
    /// What was spent, selection and the number of rows included.
    pub rho: Rho,
    /// What rho amounts to at delta.
    pub epsilon: f64,
    /// Delta.
    pub delta: Delta,
    /// Every marginal that was measured.
    pub measured: Vec<MarginalAccuracy>,
    /// How many combinations of columns the public structural zeros exclude.
    pub structural_zeros: usize,
    /// What was not measured.
    pub not_measured: String,
}

/// How exact a measured marginal is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MarginalAccuracy {
    /// Its columns.
    pub columns: Vec<String>,
    /// How many cells it has.
    pub cells: usize,
    /// Whether it was selected because rows were far from it.
    pub selected: bool,
    /// What its measurement cost.
    pub rho: Rho,
    /// The standard deviation of the noise in each cell.
    pub sigma: f64,
    /// Half the width of an interval that holds a real count in 95 of 100 cells, around the noised
    /// count: from the scale of the noise alone.
    pub half_width_95: f64,
    /// The expected total variation between real and noised counts, from the scale of the noise.
    pub noise_total_variation: f64,
    /// The total variation between the rows and what the counts most likely were.
    pub rows_from_likely: f64,
    /// The total variation to expect between the rows and the real counts: the above and the
    /// uncertainty of what the counts most likely were, which rests on a model.
    pub expected_total_variation: f64,
}

pub(crate) const UNIT: &str = "one row is one person, and nobody has more than one";
pub(crate) const NEIGHBOURS: &str = "tables that differ by one added or removed row";
pub(crate) const LINKAGE: &str =
    "who is the same person is held fixed: linking records is no part of the protection";

/// A marginal that was measured, and at what cost.
pub(crate) struct Measured {
    pub(crate) columns: Columns,
    pub(crate) rho: Rho,
    pub(crate) sigma: f64,
    pub(crate) selected: bool,
}

impl MarginalAccuracy {
    pub(crate) fn of(
        measured: &Measured,
        likely: &Table,
        data: &[&[u16]],
        sizes: &[usize],
        schema: &Schema,
    ) -> MarginalAccuracy {
        let rows = data.first().map_or(1.0, |column| column.len() as f64);
        let counts = count(data, &measured.columns, sizes);
        let (mut distance, mut unsure) = (0.0, 0.0);
        for ((&count, &mean), &variance) in counts.iter().zip(&likely.mean).zip(&likely.variance) {
            let away = f64::from(count) - mean;
            distance += away.abs();
            // E|X| ≤ √E X².
            unsure += libm::sqrt(away * away + variance);
        }
        MarginalAccuracy {
            columns: measured.columns.iter().map(|&at| schema.columns[at].name.clone()).collect(),
            cells: counts.len(),
            selected: measured.selected,
            rho: measured.rho,
            sigma: measured.sigma,
            half_width_95: NORMAL_95 * measured.sigma,
            noise_total_variation: noise_total_variation(counts.len(), measured.sigma, rows),
            rows_from_likely: (0.5 * distance / rows).min(1.0),
            expected_total_variation: (0.5 * unsure / rows).min(1.0),
        }
    }
}

/// Says what was not measured.
pub(crate) fn not_measured(columns: usize, selected: usize) -> String {
    let triples = columns * columns.saturating_sub(1) * columns.saturating_sub(2) / 6;
    format!(
        "{} of {triples} marginals of three columns and all of four or more: there the rows follow from smaller marginals",
        triples - selected
    )
}
