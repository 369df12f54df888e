//! How a budget is spent, and what accuracy to expect: a pure function of public inputs.

use serde::Serialize;

use crate::budget::{BudgetError, Rho, gaussian_for, selection_for};
use crate::schema::Schema;

use super::marginal::{Columns, cells, choices};
use super::settings::sizes;

/// Parts of a thousand of the budget: the number of rows, all marginals of one column, all of two;
/// what is left goes to marginals of three columns, which are selected.
const ROWS_PART: u64 = 5;
const ONES_PART: f64 = 115.0;
const TWOS_PART: f64 = 780.0;
const THREES_PART: f64 = 100.0;
/// Of what is spent on three columns, the tenth part is for the selection (AIM, section 4).
const SELECTION_PART: f64 = 0.1;
/// Rounds of selection, and how many marginals each selects.
pub(crate) const ROUNDS: usize = 2;
pub(crate) const SELECTED_EACH_ROUND: usize = 12;
/// Marginals of three columns with more cells are not selected, and no more than this in all.
const CANDIDATE_CELLS: usize = 1 << 17;
const CANDIDATE_CELLS_IN_ALL: usize = 1 << 24;

/// What a release of microdata would measure, and how exactly.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MicrodataPlan {
    /// What it would spend.
    pub rho: Rho,
    /// The standard deviation of the noise in the number of rows.
    pub rows_sigma: f64,
    /// The marginals that are measured in any case.
    pub measured: Vec<PlannedMarginal>,
    /// How many marginals of three columns would be selected.
    pub selected: usize,
    /// The standard deviation of the noise in each cell of those.
    pub selected_sigma: f64,
}

/// A marginal that is measured in any case.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PlannedMarginal {
    /// Its columns.
    pub columns: Vec<String>,
    /// How many cells it has.
    pub cells: usize,
    /// The standard deviation of the noise in each.
    pub sigma: f64,
    /// The expected total variation between the marginal and its noised counts before anything is
    /// made of other marginals or of what is known of counts: an upper bound in all but name.
    pub noise_total_variation: f64,
}

/// How a budget is spent.
pub(crate) struct Spending {
    pub(crate) rows: Rho,
    pub(crate) base: Vec<(Columns, Rho)>,
    pub(crate) candidates: Vec<Columns>,
    pub(crate) selected: usize,
    /// For each marginal that is selected: its selection, its measurement.
    pub(crate) selection: Rho,
    pub(crate) selected_measurement: Rho,
}

/// What is spent on the number of rows.
pub(crate) fn rows_part(rho: Rho) -> Rho {
    rho.share(ROWS_PART, 1000)
}

/// Splits what is left of a budget after the number of rows.
pub(crate) fn spending(sizes: &[usize], rows: Rho, left: Rho) -> Spending {
    let candidates = candidates(sizes);
    let selected = candidates.len().min(ROUNDS * SELECTED_EACH_ROUND);
    let ones = choices(sizes.len(), 1);
    let twos = choices(sizes.len(), 2);
    let mut weights = Vec::new();
    for (of, part) in [(&ones, ONES_PART), (&twos, TWOS_PART)] {
        // The least sum of errors over all cells: `Σ cells σ` under `Σ 1/σ²`.
        let each: Vec<f64> =
            of.iter().map(|columns| libm::cbrt((cells(columns, sizes) as f64).powi(2))).collect();
        let total: f64 = each.iter().sum();
        weights.extend(each.into_iter().map(|weight| part * weight / total));
    }
    let three = THREES_PART / selected.max(1) as f64;
    for _ in 0..selected {
        weights.extend([three * SELECTION_PART, three * (1.0 - SELECTION_PART)]);
    }
    let parts = left.split(&weights);
    let base: Vec<(Columns, Rho)> =
        ones.into_iter().chain(twos).zip(parts.iter().copied()).collect();
    // The least of the parts, which differ by rounding; a thousand-millionth less for a selection,
    // whose cost is rounded up.
    let least = |offset: usize| {
        let of = parts[base.len()..].iter().skip(offset).step_by(2).min();
        of.copied().unwrap_or(Rho::ZERO)
    };
    let selection = least(0).minus(Rho::from_billionths(1)).unwrap_or(Rho::ZERO);
    let selected_measurement = least(1);
    Spending { rows, base, candidates, selected, selection, selected_measurement }
}

/// The marginals of three columns that may be selected, the smallest first.
fn candidates(sizes: &[usize]) -> Vec<Columns> {
    let mut all = choices(sizes.len(), 3);
    all.sort_by_key(|columns| cells(columns, sizes));
    let mut in_all = 0;
    all.retain(|columns| {
        let cells = cells(columns, sizes);
        in_all += cells;
        cells <= CANDIDATE_CELLS && in_all <= CANDIDATE_CELLS_IN_ALL
    });
    all
}

/// What accuracy to expect from a budget for about so many rows, before anything is spent.
///
/// # Errors
/// A budget that is too small to measure everything.
pub fn plan(schema: &Schema, rows_about: u64, rho: Rho) -> Result<MicrodataPlan, BudgetError> {
    let sizes = sizes(schema);
    let rows = rows_part(rho);
    let spending = spending(&sizes, rows, rho.minus(rows).unwrap_or(Rho::ZERO));
    let sigma = |rho: Rho| Ok::<_, BudgetError>(libm::sqrt(gaussian_for(rho, 1)?.variance()));
    let measured = spending
        .base
        .iter()
        .map(|(columns, rho)| {
            let (cells, sigma) = (cells(columns, &sizes), sigma(*rho)?);
            Ok(PlannedMarginal {
                columns: columns.iter().map(|&at| schema.columns[at].name.clone()).collect(),
                cells,
                sigma,
                noise_total_variation: noise_total_variation(cells, sigma, rows_about as f64),
            })
        })
        .collect::<Result<Vec<_>, BudgetError>>()?;
    if spending.selected > 0 {
        selection_for(spending.selection, 1)?;
    }
    let selected_sigma =
        if spending.selected == 0 { 0.0 } else { sigma(spending.selected_measurement)? };
    let rows_sigma = sigma(spending.rows)?;
    Ok(MicrodataPlan { rho, rows_sigma, measured, selected: spending.selected, selected_sigma })
}

/// `½ Σ E|noise| / n`, at most 1.
pub(crate) fn noise_total_variation(cells: usize, sigma: f64, rows: f64) -> f64 {
    let mean_distance = sigma * libm::sqrt(2.0 / std::f64::consts::PI);
    (0.5 * cells as f64 * mean_distance / rows.max(1.0)).min(1.0)
}
