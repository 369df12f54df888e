//! Marginals: how many rows have each combination of some columns' codes.

use rayon::prelude::*;

/// Columns of a marginal, in rising order; at most three.
pub(crate) type Columns = Vec<usize>;

/// How many cells a marginal has.
pub(crate) fn cells(columns: &[usize], sizes: &[usize]) -> usize {
    columns.iter().map(|&column| sizes[column]).product()
}

/// Counts one marginal, the last column's codes lying together.
pub(crate) fn count(data: &[&[u16]], columns: &[usize], sizes: &[usize]) -> Vec<u32> {
    let mut counts = vec![0_u32; cells(columns, sizes)];
    match *columns {
        [] => {
            counts[0] =
                u32::try_from(data.first().map_or(0, |column| column.len())).unwrap_or(u32::MAX)
        }
        [a] => data[a].iter().for_each(|&a| counts[usize::from(a)] += 1),
        [a, b] => {
            let width = sizes[b];
            for (&a, &b) in data[a].iter().zip(data[b]) {
                counts[usize::from(a) * width + usize::from(b)] += 1;
            }
        }
        [a, b, c] => {
            let (middle, width) = (sizes[b], sizes[c]);
            for ((&a, &b), &c) in data[a].iter().zip(data[b]).zip(data[c]) {
                counts[(usize::from(a) * middle + usize::from(b)) * width + usize::from(c)] += 1;
            }
        }
        _ => unreachable!("at most three columns"),
    }
    counts
}

/// Counts many marginals, on all cores, in their order.
pub(crate) fn count_all(data: &[&[u16]], of: &[Columns], sizes: &[usize]) -> Vec<Vec<u32>> {
    of.par_iter().map(|columns| count(data, columns, sizes)).collect()
}

/// Every choice of `order` columns out of `columns`, in the order of their places.
pub(crate) fn choices(columns: usize, order: usize) -> Vec<Columns> {
    let mut all: Vec<Columns> = vec![vec![]];
    for _ in 0..order {
        all = all
            .into_iter()
            .flat_map(|chosen| {
                let first = chosen.last().map_or(0, |&last| last + 1);
                (first..columns).map(move |next| [chosen.as_slice(), &[next]].concat())
            })
            .collect();
    }
    all
}
