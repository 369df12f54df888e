//! Marginals rebuilt from noised ones by their residuals: the best linear unbiased estimate from
//! everything that was measured, in closed form.
//!
//! The residual of a set of columns is the part of a marginal that no smaller marginal says: its
//! table summed over the other columns and centred along each of its own. Every noised marginal that
//! contains the set gives an estimate of it, with noise of one shape and of a variance that is that
//! of its cells times the number of cells summed; they are averaged by their precisions. Noise of
//! different residuals of one marginal is uncorrelated, so that any marginal is the sum of what its
//! residuals say. Mullins et al. (2024), "Efficient and private marginal reconstruction with local
//! non-negativity", arXiv 2410.01091, section 4: ReM by Gaussian least squares.

use std::collections::BTreeMap;

use super::marginal::{Columns, cells};

/// Estimates of residuals, each the mean of all measurements of it.
pub(crate) struct Residuals {
    pub(crate) sizes: Vec<usize>,
    by_columns: BTreeMap<Columns, Residual>,
}

struct Residual {
    weighted: Vec<f64>,
    weight: f64,
}

impl Residuals {
    pub(crate) fn new(sizes: &[usize]) -> Residuals {
        Residuals { sizes: sizes.to_vec(), by_columns: BTreeMap::new() }
    }

    /// Takes in a marginal whose cells have independent noise of one variance.
    pub(crate) fn take(&mut self, columns: &[usize], noised: &[i64], variance: f64) {
        let values: Vec<f64> = noised.iter().map(|&count| count as f64).collect();
        for subset in subsets(columns) {
            let mut table = values.clone();
            let mut dims: Vec<usize> = columns.iter().map(|&column| self.sizes[column]).collect();
            let mut spread = variance;
            for axis in 0..columns.len() {
                if subset.contains(&columns[axis]) {
                    centre(&mut table, &dims, axis);
                } else {
                    table = sum_over(&table, &dims, axis);
                    spread *= dims[axis] as f64;
                    dims[axis] = 1;
                }
            }
            let entry = self
                .by_columns
                .entry(subset)
                .or_insert_with(|| Residual { weighted: vec![0.0; table.len()], weight: 0.0 });
            for (into, from) in entry.weighted.iter_mut().zip(&table) {
                *into += from / spread;
            }
            entry.weight += 1.0 / spread;
        }
    }

    /// The best linear unbiased estimate of a marginal and the variance of each of its cells;
    /// residuals that nothing measured are taken to be zero.
    pub(crate) fn marginal(&self, columns: &[usize]) -> (Vec<f64>, f64) {
        let dims: Vec<usize> = columns.iter().map(|&column| self.sizes[column]).collect();
        let mut table = vec![0.0; cells(columns, &self.sizes)];
        let mut variance = 0.0;
        for subset in subsets(columns) {
            let Some(residual) = self.by_columns.get(&subset) else { continue };
            let mut scale = 1.0 / residual.weight;
            let mut part = scale;
            let mut strides = vec![0; columns.len()];
            let mut stride = 1;
            for axis in (0..columns.len()).rev() {
                let size = dims[axis] as f64;
                if subset.contains(&columns[axis]) {
                    strides[axis] = stride;
                    stride *= dims[axis];
                    part *= 1.0 - 1.0 / size;
                } else {
                    scale /= size;
                    part /= size * size;
                }
            }
            variance += part;
            let mut codes = vec![0_usize; columns.len()];
            for cell in &mut table {
                let at: usize =
                    codes.iter().zip(&strides).map(|(code, stride)| code * stride).sum();
                *cell += residual.weighted[at] * scale;
                for (code, &dim) in codes.iter_mut().zip(&dims).rev() {
                    *code += 1;
                    if *code < dim {
                        break;
                    }
                    *code = 0;
                }
            }
        }
        (table, variance)
    }
}

fn subsets(columns: &[usize]) -> Vec<Columns> {
    (0..1_usize << columns.len())
        .map(|bits| {
            let kept = columns.iter().enumerate().filter(|(at, _)| bits >> at & 1 == 1);
            kept.map(|(_, &column)| column).collect()
        })
        .collect()
}

fn centre(table: &mut [f64], dims: &[usize], axis: usize) {
    let inner: usize = dims[axis + 1..].iter().product();
    for block in table.chunks_mut(dims[axis] * inner) {
        for at in 0..inner {
            let mean = block[at..].iter().step_by(inner).sum::<f64>() / dims[axis] as f64;
            block[at..].iter_mut().step_by(inner).for_each(|cell| *cell -= mean);
        }
    }
}

fn sum_over(table: &[f64], dims: &[usize], axis: usize) -> Vec<f64> {
    let inner: usize = dims[axis + 1..].iter().product();
    table
        .chunks(dims[axis] * inner)
        .flat_map(|block| (0..inner).map(move |at| block[at..].iter().step_by(inner).sum::<f64>()))
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SIZES: [usize; 3] = [2, 3, 4];

    proptest! {
        #[test]
        fn a_marginal_alone_is_rebuilt_as_it_was_measured(counts in proptest::collection::vec(-50..50_i64, 24)) {
            let mut residuals = Residuals::new(&SIZES);
            residuals.take(&[0, 1, 2], &counts, 9.0);
            let (rebuilt, variance) = residuals.marginal(&[0, 1, 2]);
            for (rebuilt, count) in rebuilt.iter().zip(&counts) {
                prop_assert!((rebuilt - *count as f64).abs() < 1e-9);
            }
            prop_assert!((variance - 9.0).abs() < 1e-9);
            // A sum over four cells has four times the variance.
            prop_assert!((residuals.marginal(&[0, 1]).1 - 36.0).abs() < 1e-9);
        }

        #[test]
        fn marginals_agree_with_each_other(
            ab in proptest::collection::vec(-50..50_i64, 6),
            bc in proptest::collection::vec(-50..50_i64, 12),
            b in proptest::collection::vec(-50..50_i64, 3),
        ) {
            let mut residuals = Residuals::new(&SIZES);
            residuals.take(&[0, 1], &ab, 4.0);
            residuals.take(&[1, 2], &bc, 2.0);
            residuals.take(&[1], &b, 1.0);
            let (from_ab, from_bc, alone) =
                (residuals.marginal(&[0, 1]).0, residuals.marginal(&[1, 2]).0, residuals.marginal(&[1]).0);
            for code in 0..3 {
                let ab = from_ab[code] + from_ab[3 + code];
                let bc: f64 = from_bc[code * 4..][..4].iter().sum();
                prop_assert!((ab - alone[code]).abs() < 1e-9 && (bc - alone[code]).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn two_measurements_are_averaged_by_their_precision() {
        let mut residuals = Residuals::new(&[2]);
        residuals.take(&[0], &[10, 20], 1.0);
        residuals.take(&[0], &[20, 30], 3.0);
        let (rebuilt, variance) = residuals.marginal(&[0]);
        assert!((rebuilt[0] - 12.5).abs() < 1e-9 && (rebuilt[1] - 22.5).abs() < 1e-9);
        assert!((variance - 0.75).abs() < 1e-9);
    }
}
