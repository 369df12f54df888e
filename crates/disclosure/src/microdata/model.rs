//! What the marginals most likely were, from all that was measured.
//!
//! In: residuals of everything that was noised. Out: for each column, each pair and each selected
//! triple of columns the likely count of every cell and how sure that is; nothing negative, nothing
//! where a structural zero is, pairs in agreement with columns and triples with pairs.

use rayon::prelude::*;

use super::denoise::{Noised, Posterior, counts_up_to, denoise, rake, ratios};
use super::marginal::{Columns, choices};
use super::residual::Residuals;
use super::zeros::Zeros;

/// Tables with fewer cells learn the distribution of their ratios together.
const SMALL: usize = 32;
const RAKING_ROUNDS: usize = 6;

/// What a marginal most likely was.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    pub(crate) columns: Columns,
    pub(crate) mean: Vec<f64>,
    pub(crate) variance: Vec<f64>,
    /// The chance that nobody has the combination.
    pub(crate) absent: Vec<f64>,
    /// The variance of the noise that it was measured with.
    pub(crate) noise: f64,
}

/// The share of a value's likely people that no wish for plausible combinations takes away.
const KEPT: f64 = 0.98;
/// A value of so many people at most is rare.
pub(crate) const RARE: u32 = 200;
/// A value is kept with one row at least unless it is likelier than this that nobody has it.
const LIKELY_ABSENT: f64 = 0.6;

impl Table {
    /// How many rows must have the value of a cell at least.
    pub(crate) fn least(&self, cell: usize) -> u32 {
        let least = (KEPT * self.mean[cell] - 0.5).ceil().max(0.0) as u32;
        if least == 0 && self.absent[cell] < LIKELY_ABSENT { 1 } else { least }
    }
}

/// What all marginals most likely were.
pub(crate) struct Model {
    pub(crate) sizes: Vec<usize>,
    pub(crate) rows: f64,
    pub(crate) single: Vec<Table>,
    /// In the order of [`choices`].
    pub(crate) pair: Vec<Table>,
    pub(crate) triple: Vec<Table>,
}

/// A marginal as it was rebuilt, before it is denoised.
struct Raw {
    columns: Columns,
    counts: Vec<f64>,
    variance: Vec<f64>,
    expected: Vec<f64>,
}

impl Model {
    pub(crate) fn of(residuals: &Residuals, zeros: &Zeros, selected: &[Columns]) -> Model {
        let sizes = residuals.sizes.clone();
        let rows = residuals.marginal(&[]).0[0].round().max(1.0);
        let raw = |columns: &[usize], expected: &dyn Fn(&[usize]) -> f64| {
            let (counts, variance) = residuals.marginal(columns);
            let mut raw = Raw {
                columns: columns.to_vec(),
                variance: vec![variance; counts.len()],
                expected: Vec::with_capacity(counts.len()),
                counts,
            };
            each_cell(columns, &sizes, |cell, codes| {
                if zeros.contains(columns, codes) {
                    (raw.counts[cell], raw.variance[cell]) = (0.0, 0.0);
                    raw.expected.push(0.0);
                } else {
                    raw.expected.push(expected(codes));
                }
            });
            raw
        };
        let raws = choices(sizes.len(), 1).iter().map(|at| raw(at, &|_| 1.0)).collect();
        let mut single = denoised(raws, &counts_up_to(2.0 * rows));
        for table in &mut single {
            scale_to(table, rows);
        }
        let mut model = Model { sizes: sizes.clone(), rows, single, pair: vec![], triple: vec![] };
        let raws = choices(sizes.len(), 2)
            .par_iter()
            .map(|at| {
                let both =
                    |codes: &[usize]| model.column(at[0], codes[0]) * model.column(at[1], codes[1]);
                raw(at, &|codes| both(codes) / rows)
            })
            .collect();
        let mut pair = denoised(raws, &ratios());
        pair.par_iter_mut().for_each(|table| {
            let dims: Vec<usize> = table.columns.iter().map(|&column| sizes[column]).collect();
            let margin = |at: usize| model.single[table.columns[at]].mean.as_slice();
            rake(&mut table.mean, &dims, &[(&[0], margin(0)), (&[1], margin(1))], RAKING_ROUNDS);
        });
        model.pair = pair;
        let raws = selected
            .par_iter()
            .map(|at| raw(at, &|codes| model.expected_by_pairs(&[at[0], at[1], at[2]], codes)))
            .collect();
        let mut triple = denoised(raws, &ratios());
        triple.par_iter_mut().for_each(|table| {
            let dims: Vec<usize> = table.columns.iter().map(|&column| sizes[column]).collect();
            let margin = |a: usize, b: usize| {
                model.pair[model.pair_place(table.columns[a], table.columns[b])].mean.as_slice()
            };
            let margins = [
                (&[0, 1][..], margin(0, 1)),
                (&[0, 2][..], margin(0, 2)),
                (&[1, 2][..], margin(1, 2)),
            ];
            rake(&mut table.mean, &dims, &margins, RAKING_ROUNDS);
        });
        model.triple = triple;
        model
    }

    /// The likely count of a code.
    pub(crate) fn column(&self, column: usize, code: usize) -> f64 {
        self.single[column].mean[code]
    }

    /// The likely count of two codes.
    pub(crate) fn both(&self, a: usize, code_a: usize, b: usize, code_b: usize) -> f64 {
        if a < b {
            self.pair[self.pair_place(a, b)].mean[code_a * self.sizes[b] + code_b]
        } else {
            self.both(b, code_b, a, code_a)
        }
    }

    /// The chance that nobody has three codes, by the pairs alone: all three pairs must exist, and
    /// then a count that varies as much as it is large (a geometric distribution) must not be zero.
    pub(crate) fn absent_by_pairs(&self, columns: &[usize; 3], codes: &[usize; 3]) -> f64 {
        let exists = |a: usize, b: usize| {
            let table = &self.pair[self.pair_place(columns[a], columns[b])];
            1.0 - table.absent[codes[a] * self.sizes[columns[b]] + codes[b]]
        };
        let exist = exists(0, 1).min(exists(0, 2)).min(exists(1, 2));
        if exist <= 1e-6 {
            return 1.0;
        }
        let expected = self.expected_by_pairs(columns, codes) / exist;
        1.0 - exist * expected / (1.0 + expected)
    }

    fn pair_place(&self, a: usize, b: usize) -> usize {
        a * (2 * self.sizes.len() - a - 1) / 2 + b - a - 1
    }

    /// What the pairs let expect of three codes: `n_ab n_ac n_bc / (n_a n_b n_c)`, which is exact
    /// where two columns are independent given the third (Kirkwood 1935), and at most each pair.
    pub(crate) fn expected_by_pairs(&self, columns: &[usize; 3], codes: &[usize]) -> f64 {
        let [a, b, c] = *columns;
        let ab = self.both(a, codes[0], b, codes[1]);
        let ac = self.both(a, codes[0], c, codes[2]);
        let bc = self.both(b, codes[1], c, codes[2]);
        let below = self.column(a, codes[0]) * self.column(b, codes[1]) * self.column(c, codes[2]);
        if below > 0.0 { (ab * ac * bc / below).min(ab).min(ac).min(bc) } else { 0.0 }
    }

    /// All tables.
    pub(crate) fn tables(&self) -> impl Iterator<Item = &Table> {
        self.single.iter().chain(&self.pair).chain(&self.triple)
    }
}

/// Calls `with` for each cell of a marginal, in order, with its codes.
pub(crate) fn each_cell(columns: &[usize], sizes: &[usize], mut with: impl FnMut(usize, &[usize])) {
    let many: usize = columns.iter().map(|&column| sizes[column]).product();
    let mut codes = vec![0_usize; columns.len()];
    for cell in 0..many {
        with(cell, &codes);
        for (code, &column) in codes.iter_mut().zip(columns).rev() {
            *code += 1;
            if *code < sizes[column] {
                break;
            }
            *code = 0;
        }
    }
}

/// Denoises tables, large ones each by itself and small ones together.
fn denoised(raws: Vec<Raw>, grid: &[f64]) -> Vec<Table> {
    let is_small = |raw: &Raw| raw.counts.len() < SMALL;
    let all = |of: fn(&Raw) -> &Vec<f64>| -> Vec<f64> {
        raws.iter().filter(|raw| is_small(raw)).flat_map(|raw| of(raw).iter().copied()).collect()
    };
    let (counts, variance, expected) =
        (all(|raw| &raw.counts), all(|raw| &raw.variance), all(|raw| &raw.expected));
    let together =
        denoise(&Noised { counts: &counts, variance: &variance, expected: &expected }, grid);
    let mut taken = 0;
    let starts: Vec<usize> = raws
        .iter()
        .map(|raw| {
            let start = taken;
            taken += if is_small(raw) { raw.counts.len() } else { 0 };
            start
        })
        .collect();
    raws.into_par_iter()
        .zip(starts)
        .map(|(raw, start)| {
            let Posterior { mut mean, variance, absent } = if is_small(&raw) {
                let range = start..start + raw.counts.len();
                Posterior {
                    mean: together.mean[range.clone()].to_vec(),
                    variance: together.variance[range.clone()].to_vec(),
                    absent: together.absent[range].to_vec(),
                }
            } else {
                let (counts, variance, expected) = (&raw.counts, &raw.variance, &raw.expected);
                denoise(&Noised { counts, variance, expected }, grid)
            };
            mean.iter_mut().for_each(|count| *count = count.max(0.0));
            let noise = raw.variance.iter().copied().fold(0.0, f64::max);
            Table { columns: raw.columns, mean, variance, absent, noise }
        })
        .collect()
}

/// Makes a table add up to the number of rows by its less certain cells, and never below zero.
fn scale_to(table: &mut Table, rows: f64) {
    for _ in 0..4 {
        let over = table.mean.iter().sum::<f64>() - rows;
        let movable = |(&mean, &variance): (&f64, &f64)| if mean > 0.0 { variance } else { 0.0 };
        let room: f64 = table.mean.iter().zip(&table.variance).map(movable).sum();
        if room <= 0.0 || over.abs() < 1e-9 {
            break;
        }
        for (mean, variance) in table.mean.iter_mut().zip(&table.variance) {
            if *mean > 0.0 {
                *mean = (*mean - over * variance / room).max(0.0);
            }
        }
    }
    let total: f64 = table.mean.iter().sum();
    if total > 0.0 {
        table.mean.iter_mut().for_each(|mean| *mean *= rows / total);
    }
}
