//! What it costs to show a combination of three values that no real person may have.
//!
//! A triple of values, none of them blank, is absent from the real rows with a chance that follows
//! from noised marginals: its own where it was measured, else its three pairs. The first row that
//! shows it costs [`PRICE`] times that chance, beyond what is [`FREE`]: rows of rare values settle on
//! few combinations that are likely to be real instead of many that are not. Synthetic rows are
//! never compared with the real ones.

use rayon::prelude::*;

use super::marginal::{Columns, cells, choices};
use super::model::Model;

/// What a combination that is surely not real costs, in the unit of the fit: half the square of a
/// standard deviation.
const PRICE: f64 = 2.5;
/// The chance of being absent that costs nothing.
const FREE: f64 = 0.08;
/// Combinations of columns beyond so many cells in all, the largest, are not looked at.
const MOST_CELLS: usize = 1 << 23;

pub(crate) struct Plausible {
    columns: usize,
    /// Values of each column, the blank aside.
    values: Vec<usize>,
    /// For each combination of columns `(a columns + b) columns + c` where its cells begin.
    begins: Vec<usize>,
    cells: Vec<Cell>,
}

#[derive(Clone, Copy, Default)]
struct Cell {
    /// How many rows show it.
    shown: u32,
    /// What the first of them costs.
    price: f32,
}

impl Cell {
    /// What the row costs that is the `number`th to show it: only the first does. A price on all of
    /// them drives rows away from what is common and merely not known well.
    fn cost_of(self, number: u32) -> f32 {
        if number == 1 { self.price } else { 0.0 }
    }
}

const NOWHERE: usize = usize::MAX;

impl Plausible {
    pub(crate) fn new(model: &Model, rows: &[u16]) -> Plausible {
        let columns = model.sizes.len();
        let values: Vec<usize> = model.sizes.iter().map(|size| size - 1).collect();
        let mut kept = choices(columns, 3);
        kept.sort_by_key(|of| cells(of, &values));
        let mut in_all = 0;
        kept.retain(|of| {
            in_all += cells(of, &values);
            in_all <= MOST_CELLS
        });
        kept.sort_unstable();
        let parts: Vec<Vec<Cell>> =
            kept.par_iter().map(|of| combination(model, rows, of, &values)).collect();
        let mut begins = vec![NOWHERE; columns * columns * columns];
        let mut all = Vec::with_capacity(parts.iter().map(Vec::len).sum());
        for (of, part) in kept.iter().zip(parts) {
            begins[(of[0] * columns + of[1]) * columns + of[2]] = all.len();
            all.extend(part);
        }
        Plausible { columns, values, begins, cells: all }
    }

    /// Where three values stand, the columns in rising order.
    fn place(&self, [a, b, c]: [usize; 3], [x, y, z]: [usize; 3]) -> Option<usize> {
        let begin = self.begins[(a * self.columns + b) * self.columns + c];
        (begin != NOWHERE).then(|| begin + (x * self.values[b] + y) * self.values[c] + z)
    }

    /// What a row would save by leaving its code, for each column.
    pub(crate) fn savings(&self, row: &[u16]) -> Vec<f32> {
        let mut savings = vec![0.0; self.columns];
        let filled: Vec<usize> = (0..self.columns).filter(|&column| row[column] > 0).collect();
        for (first, &a) in filled.iter().enumerate() {
            for (second, &b) in filled.iter().enumerate().skip(first + 1) {
                for &c in &filled[second + 1..] {
                    let codes = [a, b, c].map(|column| usize::from(row[column]) - 1);
                    let Some(at) = self.place([a, b, c], codes) else { continue };
                    let cell = self.cells[at];
                    for column in [a, b, c] {
                        savings[column] += cell.cost_of(cell.shown);
                    }
                }
            }
        }
        savings
    }

    /// What a code would cost a row by the combinations that it would show; no more is added up
    /// once it is above `enough`.
    pub(crate) fn entering(&self, row: &[u16], column: usize, code: u16, enough: f32) -> f32 {
        let mut cost = 0.0;
        self.with_pairs(row, column, code, |at| {
            cost += self.cells[at].cost_of(self.cells[at].shown + 1);
            cost <= enough
        });
        cost
    }

    /// What a row would save by leaving its code of one column.
    pub(crate) fn saving(&self, row: &[u16], column: usize) -> f32 {
        let mut saving = 0.0;
        self.with_pairs(row, column, row[column], |at| {
            saving += self.cells[at].cost_of(self.cells[at].shown);
            true
        });
        saving
    }

    /// Counts a change of a row's column from one code to another; `row` has either.
    pub(crate) fn change(&mut self, row: &[u16], column: usize, old: u16, new: u16) {
        let (mut left, mut entered) = (Vec::new(), Vec::new());
        for (code, places) in [(old, &mut left), (new, &mut entered)] {
            self.with_pairs(row, column, code, |at| {
                places.push(at);
                true
            });
        }
        left.into_iter().for_each(|at| self.cells[at].shown -= 1);
        entered.into_iter().for_each(|at| self.cells[at].shown += 1);
    }

    /// Calls `with` for the combination of a code with every two other values of a row, until it
    /// says that it has seen enough.
    fn with_pairs(
        &self,
        row: &[u16],
        column: usize,
        code: u16,
        mut with: impl FnMut(usize) -> bool,
    ) {
        if code == 0 {
            return;
        }
        let own = usize::from(code) - 1;
        let filled = |from: usize| (from..self.columns).filter(|&at| at != column && row[at] > 0);
        for a in filled(0) {
            let x = usize::from(row[a]) - 1;
            for b in filled(a + 1) {
                let y = usize::from(row[b]) - 1;
                let (of, codes) = if column < a {
                    ([column, a, b], [own, x, y])
                } else if column < b {
                    ([a, column, b], [x, own, y])
                } else {
                    ([a, b, column], [x, y, own])
                };
                if self.place(of, codes).is_some_and(|at| !with(at)) {
                    return;
                }
            }
        }
    }
}

/// The cells of a combination of columns.
fn combination(model: &Model, rows: &[u16], of: &Columns, values: &[usize]) -> Vec<Cell> {
    let columns = [of[0], of[1], of[2]];
    let [a, b, c] = columns;
    let measured = model.triple.iter().find(|table| table.columns == *of);
    let mut found = Vec::with_capacity(cells(of, values));
    for x in 1..=values[a] {
        for y in 1..=values[b] {
            for z in 1..=values[c] {
                let absent = match measured {
                    Some(table) => table.absent[(x * model.sizes[b] + y) * model.sizes[c] + z],
                    None => model.absent_by_pairs(&columns, &[x, y, z]),
                };
                let price = (PRICE * (absent - FREE).max(0.0)) as f32;
                found.push(Cell { shown: 0, price });
            }
        }
    }
    for row in rows.chunks(values.len()) {
        if row[a] > 0 && row[b] > 0 && row[c] > 0 {
            let [x, y, z] = columns.map(|column| usize::from(row[column]) - 1);
            found[(x * values[b] + y) * values[c] + z].shown += 1;
        }
    }
    found
}
