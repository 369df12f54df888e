//! Real rows to synthetic ones: measure, rebuild, fit, select, again, and fit for good.

use crate::budget::{Delta, Rho, epsilon_at, gaussian_for, gaussian_rho, largest_rho};
use crate::noise::NoiseSource;
use crate::rows::Rows;

use super::chance::hash;
use super::fit::Fit;
use super::marginal::{Columns, count_all};
use super::model::Model;
use super::plan::{ROUNDS, SELECTED_EACH_ROUND, Spending, plan, rows_part, spending};
use super::plausible::Plausible;
use super::residual::Residuals;
use super::select::Candidates;
use super::settings::{MicrodataError, MicrodataSettings, Spend, check, sizes};
use super::sheet::{
    DataSheet, LINKAGE, MarginalAccuracy, Measured, NEIGHBOURS, UNIT, not_measured,
};
use super::start::start;
use super::sweep::Choice;
use super::zeros::Zeros;

/// Synthetic rows and what to know of them.
#[derive(Debug, Clone)]
pub struct Synthetic {
    /// The rows.
    pub rows: Rows,
    /// The data sheet that goes with them.
    pub sheet: DataSheet,
    /// What was spent.
    pub spent: Rho,
}

/// How far the work is: steps done, of all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Steps done.
    pub done: usize,
    /// Steps in all.
    pub of: usize,
}

const FIRST_SWEEPS: usize = 2;
const LAST_SWEEPS: usize = 6;
const STEPS: usize = 2 + FIRST_SWEEPS + 2 * ROUNDS + LAST_SWEEPS;

/// Makes synthetic rows.
///
/// Linear in the rows; for 27 columns of which 21 are flags some ten seconds of one core for 50,000.
///
/// # Errors
/// Rows, structural zeros or a budget that cannot be used; nothing is spent then. No randomness.
pub fn synthesize(
    rows: &Rows,
    settings: &MicrodataSettings,
    source: &mut NoiseSource,
    progress: &mut dyn FnMut(Progress),
) -> Result<Synthetic, MicrodataError> {
    let zeros = check(rows, &settings.zeros)?;
    let sizes = sizes(rows.schema());
    let data: Vec<&[u16]> = (0..sizes.len()).map(|column| rows.column(column)).collect();
    // A budget that is too small for any part is refused before the first draw.
    plan(rows.schema(), 1, settings.spend.at_least())?;
    let mut done = 0;
    let mut step = || {
        done += 1;
        progress(Progress { done, of: STEPS });
    };

    let mut measuring = Measuring::new(&sizes);
    let paid = measuring.rows(rows.count(), settings.spend, source)?;
    let spending = spending(&sizes, paid.rows, paid.left);
    let (base, costs): (Vec<Columns>, Vec<Rho>) = spending.base.iter().cloned().unzip();
    let counted = count_all(&data, &base, &sizes);
    for ((columns, rho), counts) in base.iter().zip(costs).zip(&counted) {
        measuring.marginal(columns, counts, rho, false, source)?;
    }
    step();

    let mut model = Model::of(&measuring.residuals, &zeros, &[]);
    let seed = measuring.seed;
    let mut fit = Fit::new(&sizes, &zeros, start(&model, &zeros, model.rows as usize, seed));
    fit.hold(&model);
    step();
    for sweep in 0..FIRST_SWEEPS {
        fit.sweep(Choice::Drawn, hash(seed, 1, sweep as u64));
        step();
    }
    select(&data, &spending, &zeros, &mut measuring, &mut model, &mut fit, source, &mut step)?;
    fit.plausible = Some(Plausible::new(&model, &fit.rows));
    for sweep in 0..LAST_SWEEPS {
        let choice = if sweep < 2 { Choice::Best } else { Choice::BestWhereAlone };
        fit.sweep(choice, hash(seed, 3, sweep as u64));
        step();
    }

    let columns = by_column(&fit.rows, sizes.len());
    let sheet = measuring.sheet(&model, &columns, rows, paid.delta, settings.zeros.len());
    let spent = measuring.spent;
    Ok(Synthetic { rows: Rows::new(rows.schema().clone(), columns), sheet, spent })
}

/// Rounds of selection: what the rows are furthest from is measured, and the rows fitted to it.
#[expect(clippy::too_many_arguments, reason = "the state of one run, which nobody else holds")]
fn select(
    data: &[&[u16]],
    spending: &Spending,
    zeros: &Zeros,
    measuring: &mut Measuring,
    model: &mut Model,
    fit: &mut Fit<'_>,
    source: &mut NoiseSource,
    step: &mut dyn FnMut(),
) -> Result<(), MicrodataError> {
    let sizes = model.sizes.clone();
    let mut candidates = Candidates::new(spending.candidates.clone(), data, &sizes);
    let mut selected: Vec<Columns> = Vec::new();
    for round in 0..ROUNDS {
        let many = SELECTED_EACH_ROUND.min(spending.selected - selected.len());
        let synthetic = by_column(&fit.rows, sizes.len());
        let each = spending.selection;
        if many > 0 {
            let sigma = libm::sqrt(gaussian_for(spending.selected_measurement, 1)?.variance());
            let found = candidates.select(many, each, sigma, &synthetic, &sizes, source)?;
            measuring.spent = measuring.spent.plus(found.spent);
            for (columns, counts) in found.marginals {
                let rho = spending.selected_measurement;
                measuring.marginal(&columns, &counts, rho, true, source)?;
                selected.push(columns);
            }
            *model = Model::of(&measuring.residuals, zeros, &selected);
            fit.hold(model);
        }
        step();
        if many > 0 {
            fit.sweep(Choice::Drawn, hash(measuring.seed, 2, round as u64));
        }
        step();
    }
    Ok(())
}

/// What has been measured so far.
struct Measuring {
    residuals: Residuals,
    measured: Vec<Measured>,
    spent: Rho,
    /// Follows from noised counts.
    seed: u64,
}

/// What the number of rows leaves to spend.
struct Paid {
    rows: Rho,
    left: Rho,
    delta: Delta,
}

impl Measuring {
    fn new(sizes: &[usize]) -> Measuring {
        let residuals = Residuals::new(sizes);
        Measuring { residuals, measured: vec![], spent: Rho::ZERO, seed: 0 }
    }

    /// Measures the number of rows; delta and the rest of the budget follow from it.
    fn rows(
        &mut self,
        count: usize,
        spend: Spend,
        source: &mut NoiseSource,
    ) -> Result<Paid, MicrodataError> {
        let cost = rows_part(spend.at_least());
        let gaussian = gaussian_for(cost, 1)?;
        let noised = count as i64 + gaussian.draw(source)?;
        self.residuals.take(&[], &[noised], gaussian.variance());
        self.spent = self.spent.plus(gaussian_rho(&gaussian, 1));
        self.seed = hash(self.seed, noised as u64, 0);
        let people = Delta::for_people(u64::try_from(noised).unwrap_or(0));
        let (whole, delta) = match spend {
            Spend::Rho(rho) => (rho, people),
            Spend::Epsilon { epsilon, delta, at_most } => {
                let delta = delta.unwrap_or(people);
                let asked = largest_rho(epsilon, delta);
                (at_most.map_or(asked, |most| asked.min(most)), delta)
            }
        };
        let left = whole.minus(self.spent).unwrap_or(Rho::ZERO);
        Ok(Paid { rows: cost, left, delta })
    }

    fn marginal(
        &mut self,
        columns: &[usize],
        counts: &[u32],
        rho: Rho,
        selected: bool,
        source: &mut NoiseSource,
    ) -> Result<(), MicrodataError> {
        let gaussian = gaussian_for(rho, 1)?;
        let noise = gaussian.draw_many(counts.len(), source)?;
        let noised: Vec<i64> =
            counts.iter().zip(noise).map(|(&count, noise)| i64::from(count) + noise).collect();
        self.residuals.take(columns, &noised, gaussian.variance());
        self.seed = noised.iter().fold(self.seed, |seed, &count| hash(seed, count as u64, 1));
        let rho = gaussian_rho(&gaussian, 1);
        self.spent = self.spent.plus(rho);
        let sigma = libm::sqrt(gaussian.variance());
        self.measured.push(Measured { columns: columns.to_vec(), rho, sigma, selected });
        Ok(())
    }

    fn sheet(
        &self,
        model: &Model,
        columns: &[Vec<u16>],
        rows: &Rows,
        delta: Delta,
        structural_zeros: usize,
    ) -> DataSheet {
        let data: Vec<&[u16]> = columns.iter().map(Vec::as_slice).collect();
        let tables: std::collections::BTreeMap<_, _> =
            model.tables().map(|table| (&table.columns, table)).collect();
        let measured: Vec<MarginalAccuracy> = self
            .measured
            .iter()
            .filter_map(|measured| {
                let table = tables.get(&measured.columns)?;
                let schema = rows.schema();
                Some(MarginalAccuracy::of(measured, table, &data, &model.sizes, schema))
            })
            .collect();
        DataSheet {
            unit: UNIT,
            neighbours: NEIGHBOURS,
            linkage: LINKAGE,
            rows: data.first().map_or(0, |column| column.len() as u64),
            rows_sigma: libm::sqrt(self.residuals.marginal(&[]).1),
            rho: self.spent,
            epsilon: epsilon_at(self.spent, delta),
            delta,
            measured,
            structural_zeros,
            not_measured: not_measured(columns.len(), model.triple.len()),
        }
    }
}

fn by_column(rows: &[u16], columns: usize) -> Vec<Vec<u16>> {
    (0..columns)
        .map(|column| rows.iter().skip(column).step_by(columns).copied().collect())
        .collect()
}
