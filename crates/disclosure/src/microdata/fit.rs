//! Integer rows and how far they are from the marginals that they are to have.
//!
//! The distance is `Σ (count - likely count)² / (2 (variance + ½))` over the cells of all held
//! marginals: minus the logarithm of how likely the counts are, but for a constant. Each row in a
//! combination of two codes that may not exist costs [`DOUBT`] times the chance that it does not.
//! What one row more costs is kept for every cell, laid out so that the costs of all codes of a
//! column lie together whatever the column: a change is weighed in one addition for each marginal.

#[cfg(test)]
mod tests;

use rayon::prelude::*;

use super::model::{Model, RARE, Table, each_cell};
use super::plausible::Plausible;
use super::view::{Place, View, steps};
use super::zeros::Zeros;

/// What a row in a pair of codes costs that surely does not exist.
const DOUBT: f64 = 8.0;
/// What it costs more where counts are very noisy.
const NOISY_DOUBT: f64 = 12.0;
/// The variance of noise at which half of that is added.
const CLEAR: f64 = 4.0;

pub(crate) struct Fit<'a> {
    pub(crate) sizes: &'a [usize],
    pub(crate) zeros: &'a Zeros,
    /// Row by row.
    pub(crate) rows: Vec<u16>,
    pub(crate) plausible: Option<Plausible>,
    /// All held marginals, one after the other, each once for each of its columns with the codes of
    /// that column together: what one row more costs, and twice the weight of the cell.
    cost: Vec<f32>,
    twice_weight: Vec<f32>,
    /// For each column the marginals that it is in.
    views: Vec<Vec<View>>,
    /// The same, no more than a look at a row needs.
    places: Vec<Vec<Place>>,
    /// For each code of each column how many rows have it, and how few may.
    shown: Vec<Vec<(u32, u32)>>,
}

impl<'a> Fit<'a> {
    pub(crate) fn new(sizes: &'a [usize], zeros: &'a Zeros, rows: Vec<u16>) -> Fit<'a> {
        let (cost, twice_weight, views, places, shown) = (vec![], vec![], vec![], vec![], vec![]);
        Fit { sizes, zeros, rows, plausible: None, cost, twice_weight, views, places, shown }
    }

    /// How many rows there are.
    pub(crate) fn count(&self) -> usize {
        self.rows.len() / self.sizes.len()
    }

    /// Fits the rows to a model from now on.
    pub(crate) fn hold(&mut self, model: &Model) {
        let tables: Vec<&Table> = model.tables().collect();
        let held: Vec<_> = tables.par_iter().map(|table| self.held(table)).collect();
        self.views = vec![Vec::new(); self.sizes.len()];
        (self.cost, self.twice_weight) = (Vec::new(), Vec::new());
        for (table, (cost, twice_weight)) in tables.iter().zip(held) {
            for (axis, &column) in table.columns.iter().enumerate() {
                let view = View::new(&table.columns, self.sizes, axis, self.cost.len());
                self.views[column].push(view);
            }
            self.cost.extend(cost);
            self.twice_weight.extend(twice_weight);
        }
        let places = |views: &Vec<View>| views.iter().map(|view| view.place).collect();
        self.places = self.views.iter().map(places).collect();
        self.shown = (model.single.iter().enumerate())
            .map(|(column, table)| {
                let mut shown: Vec<_> =
                    (0..table.mean.len()).map(|code| (0, table.least(code))).collect();
                let codes = self.rows.iter().skip(column).step_by(self.sizes.len());
                codes.for_each(|&code| shown[usize::from(code)].0 += 1);
                shown
            })
            .collect();
    }

    /// Costs and weights of a marginal, laid out for each of its columns.
    fn held(&self, table: &Table) -> (Vec<f32>, Vec<f32>) {
        let columns = &table.columns;
        let all: Vec<Vec<usize>> =
            (0..columns.len()).map(|last| steps(columns, self.sizes, last)).collect();
        let cells = table.mean.len();
        let mut counts = vec![0_u32; cells];
        for row in self.rows.chunks(self.sizes.len()) {
            let at =
                |at: usize, &column: &usize| at * self.sizes[column] + usize::from(row[column]);
            counts[columns.iter().fold(0, at)] += 1;
        }
        let mut cost = vec![0.0_f32; cells * columns.len()];
        let mut twice_weight = cost.clone();
        let doubt = DOUBT + NOISY_DOUBT * table.noise / (table.noise + CLEAR);
        each_cell(columns, self.sizes, |cell, codes| {
            let weight = 0.5 / (table.variance[cell] + 0.5);
            let over = f64::from(counts[cell]) - table.mean[cell];
            let doubt = if columns.len() == 2 { doubt * table.absent[cell] } else { 0.0 };
            for (axis, steps) in all.iter().enumerate() {
                let at: usize = codes.iter().zip(steps).map(|(code, step)| code * step).sum();
                cost[axis * cells + at] = (weight * (2.0 * over + 1.0) + doubt) as f32;
                twice_weight[axis * cells + at] = (2.0 * weight) as f32;
            }
        });
        (cost, twice_weight)
    }

    /// Whether a row may give up a code: rare values are not deleted because what they come with
    /// is uncertain.
    pub(crate) fn may_leave(&self, column: usize, code: u16) -> bool {
        let (shown, least) = self.shown[column][usize::from(code)];
        let free = self.plausible.is_none() && least > RARE;
        code == 0 || shown > least || free
    }

    /// What it would cost to give a column of a row another code.
    pub(crate) fn cost(&self, row: &[u16], column: usize, code: u16) -> f32 {
        if self.zeros.excluded(row, column).any(|excluded| excluded == code) {
            return f32::INFINITY;
        }
        let (own, code) = (usize::from(row[column]), usize::from(code));
        let mut cost = 0.0;
        for place in &self.places[column] {
            let at = place.of(row);
            // One row less costs what one row more does, less twice the weight.
            cost += self.cost[at + code] - self.cost[at + own] + self.twice_weight[at + own];
        }
        cost
    }

    /// What it would cost to give a column of a row each code; nothing for the one that it has.
    pub(crate) fn costs(&self, row: &[u16], column: usize, costs: &mut Vec<f32>) {
        let size = self.sizes[column];
        let own = usize::from(row[column]);
        costs.clear();
        let mut leaving = 0.0;
        if size == 2 {
            let (mut blank, mut value) = (0.0, 0.0);
            for place in &self.places[column] {
                let at = place.of(row);
                let both = &self.cost[at..at + 2];
                blank += both[0];
                value += both[1];
                leaving += self.twice_weight[at + own];
            }
            costs.extend([blank, value]);
        } else {
            costs.resize(size, 0.0);
            for place in &self.places[column] {
                let at = place.of(row);
                for (cost, more) in costs.iter_mut().zip(&self.cost[at..at + size]) {
                    *cost += more;
                }
                leaving += self.twice_weight[at + own];
            }
        }
        let stays = costs[own] - leaving;
        costs.iter_mut().for_each(|cost| *cost -= stays);
        costs[own] = 0.0;
        for code in self.zeros.excluded(row, column) {
            if usize::from(code) != own {
                costs[usize::from(code)] = f32::INFINITY;
            }
        }
    }

    /// Gives a column of a row another code.
    pub(crate) fn change(&mut self, row: usize, column: usize, code: u16) {
        let columns = self.sizes.len();
        let at = row * columns + column;
        let old = std::mem::replace(&mut self.rows[at], code);
        let row = &self.rows[row * columns..][..columns];
        for view in &self.views[column] {
            let begin = view.place.of(row);
            for (code, sign) in [(usize::from(old), -1.0), (usize::from(code), 1.0)] {
                let more = sign * self.twice_weight[begin + code];
                self.cost[begin + code] += more;
                for at in view.elsewhere(row, code) {
                    self.cost[at] += more;
                }
            }
        }
        self.shown[column][usize::from(old)].0 -= 1;
        self.shown[column][usize::from(code)].0 += 1;
        if let Some(plausible) = &mut self.plausible {
            plausible.change(row, column, old, code);
        }
    }
}
