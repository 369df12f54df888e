//! How near synthetic rows are to the real ones.
//!
//! For whoever holds the real rows: what this says is not private and is in no data sheet.

use std::collections::HashMap;

use rayon::prelude::*;

use super::marginal::{cells, choices, count};
use crate::rows::Rows;

/// Combinations are counted in a dense array up to this many cells, beyond it in a map.
const DENSE_CELLS: usize = 1 << 22;

/// The real count from which a combination that is not in the synthetic rows is said to be missed.
pub const MISSED_FROM: u64 = 10;

/// How near synthetic rows are to real ones over all marginals of one order.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Accuracy {
    /// How many columns each marginal has.
    pub order: usize,
    /// How many marginals there are.
    pub marginals: usize,
    /// The mean of the total variation `½ Σ |p - q|` over them, a blank being a value.
    pub total_variation: f64,
    /// The largest of them.
    pub worst_total_variation: f64,
    /// Different combinations of values, none of them blank, in the synthetic rows.
    pub combinations: u64,
    /// Those of them that no real row has.
    pub fabricated: u64,
    /// How often synthetic rows show any combination.
    pub shown: u64,
    /// How often they show a fabricated one.
    pub fabricated_shown: u64,
    /// Combinations that at least [`MISSED_FROM`] real rows have.
    pub frequent: u64,
    /// Those of them that no synthetic row has.
    pub missed: u64,
}

impl Accuracy {
    /// Fabricated combinations as a share of all in the synthetic rows.
    pub fn fabricated_share(&self) -> f64 {
        share(self.fabricated, self.combinations)
    }

    /// How often a combination that is shown is fabricated.
    pub fn fabricated_mass(&self) -> f64 {
        share(self.fabricated_shown, self.shown)
    }

    /// Missed combinations as a share of the frequent ones.
    pub fn missed_share(&self) -> f64 {
        share(self.missed, self.frequent)
    }
}

fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// Compares synthetic rows with real ones over all marginals of `order` columns.
///
/// # Panics
/// Rows of different schemas, or no rows.
pub fn accuracy(real: &Rows, synthetic: &Rows, order: usize) -> Accuracy {
    assert_eq!(real.schema(), synthetic.schema(), "rows of one schema");
    assert!(real.count() > 0 && synthetic.count() > 0, "rows to compare");
    let sizes: Vec<usize> = real.schema().columns.iter().map(|column| column.codes()).collect();
    let columns_of =
        |rows| -> Vec<&[u16]> { (0..sizes.len()).map(|at| Rows::column(rows, at)).collect() };
    let (real_data, synthetic_data) = (columns_of(real), columns_of(synthetic));
    let marginals = choices(sizes.len(), order);
    let parts: Vec<Accuracy> = marginals
        .par_iter()
        .map(|columns| {
            let mut sum = Sum::new(real.count(), synthetic.count());
            if order <= 3 && cells(columns, &sizes) <= DENSE_CELLS {
                let of_real = count(&real_data, columns, &sizes);
                let of_synthetic = count(&synthetic_data, columns, &sizes);
                let mut codes = vec![0_usize; order];
                for (real, synthetic) in of_real.into_iter().zip(of_synthetic) {
                    sum.add(
                        u64::from(real),
                        u64::from(synthetic),
                        codes.iter().all(|&code| code > 0),
                    );
                    next(&mut codes, columns, &sizes);
                }
            } else {
                for (key, (real, synthetic)) in count_in_map(&real_data, &synthetic_data, columns) {
                    sum.add(real, synthetic, key.iter().all(|&code| code > 0));
                }
            }
            sum.accuracy
        })
        .collect();
    let mut total = Accuracy { order, marginals: marginals.len(), ..Sum::new(1, 1).accuracy };
    for part in &parts {
        total.total_variation += part.total_variation / parts.len() as f64;
        total.worst_total_variation = total.worst_total_variation.max(part.total_variation);
        total.combinations += part.combinations;
        total.fabricated += part.fabricated;
        total.shown += part.shown;
        total.fabricated_shown += part.fabricated_shown;
        total.frequent += part.frequent;
        total.missed += part.missed;
    }
    total
}

fn next(codes: &mut [usize], columns: &[usize], sizes: &[usize]) {
    for (code, &column) in codes.iter_mut().zip(columns).rev() {
        *code += 1;
        if *code < sizes[column] {
            return;
        }
        *code = 0;
    }
}

type CountsByCodes = HashMap<Vec<u16>, (u64, u64)>;

fn count_in_map(real: &[&[u16]], synthetic: &[&[u16]], columns: &[usize]) -> CountsByCodes {
    let mut counts = CountsByCodes::new();
    let key = |data: &[&[u16]], row: usize| -> Vec<u16> {
        columns.iter().map(|&column| data[column][row]).collect()
    };
    let rows = |data: &[&[u16]]| columns.first().map_or(0, |&column| data[column].len());
    (0..rows(real)).for_each(|row| counts.entry(key(real, row)).or_default().0 += 1);
    (0..rows(synthetic)).for_each(|row| counts.entry(key(synthetic, row)).or_default().1 += 1);
    counts
}

struct Sum {
    real_rows: f64,
    synthetic_rows: f64,
    accuracy: Accuracy,
}

impl Sum {
    fn new(real_rows: usize, synthetic_rows: usize) -> Sum {
        let accuracy = Accuracy {
            order: 0,
            marginals: 0,
            total_variation: 0.0,
            worst_total_variation: 0.0,
            combinations: 0,
            fabricated: 0,
            shown: 0,
            fabricated_shown: 0,
            frequent: 0,
            missed: 0,
        };
        Sum { real_rows: real_rows as f64, synthetic_rows: synthetic_rows as f64, accuracy }
    }

    fn add(&mut self, real: u64, synthetic: u64, no_blank: bool) {
        let sum = &mut self.accuracy;
        sum.total_variation +=
            0.5 * (real as f64 / self.real_rows - synthetic as f64 / self.synthetic_rows).abs();
        if !no_blank {
            return;
        }
        sum.shown += synthetic;
        sum.combinations += u64::from(synthetic > 0);
        if real == 0 {
            sum.fabricated += u64::from(synthetic > 0);
            sum.fabricated_shown += synthetic;
        }
        if real >= MISSED_FROM {
            sum.frequent += 1;
            sum.missed += u64::from(synthetic == 0);
        }
    }
}
