//! The first rows: each column given the two placed columns that say most about it.
//!
//! A Bayesian network of in-degree two whose order and parents follow from the mutual information
//! of likely pairs (as in PrivBayes, Zhang et al. 2017, but after the noise, so that nothing is
//! spent). Rows are not drawn one by one: among the rows with the same codes of the parents every
//! code gets its share, rounded, so that the rows begin with the counts that they are to have.

use rayon::prelude::*;

use super::chance::{hash, unit};
use super::model::{Model, RARE};
use super::zeros::Zeros;

/// Makes rows, row by row in one vector.
pub(crate) fn start(model: &Model, zeros: &Zeros, rows: usize, seed: u64) -> Vec<u16> {
    let columns = model.sizes.len();
    let mut codes = vec![0_u16; rows * columns];
    let mut placed = vec![false; columns];
    for (column, parents) in order(model) {
        let key = |row: &[u16]| {
            parents.iter().fold(0_u64, |key, &at| key * (1 << 16) + u64::from(row[at]))
        };
        // Rows of one key together, in an order that no other column has.
        let mut members: Vec<(u64, u64, usize)> = codes
            .par_chunks(columns)
            .enumerate()
            .map(|(row, codes)| (key(codes), hash(seed, column as u64, row as u64), row))
            .collect();
        members.par_sort_unstable();
        let groups: Vec<&[(u64, u64, usize)]> = members.chunk_by(|a, b| a.0 == b.0).collect();
        let given: Vec<Vec<(usize, u16)>> = groups
            .into_par_iter()
            .map(|group| {
                let first = &codes[group[0].2 * columns..][..columns];
                let sums = cumulated(model, first, column, &parents);
                let total = sums.last().copied().unwrap_or(0.0);
                let offset = unit(seed, column as u64, group[0].0 ^ 0x0ff5e7);
                let share = |place: usize| (place as f64 + offset) / group.len() as f64;
                let code = |place| sums.partition_point(|&sum| sum <= share(place) * total);
                let within = |code: usize| code.min(sums.len() - 1) as u16;
                (group.iter().enumerate())
                    .map(|(place, &(_, _, row))| (row, within(code(place))))
                    .collect()
            })
            .collect();
        for (row, code) in given.into_iter().flatten() {
            let own = &mut codes[row * columns..][..columns];
            own[column] = code;
            if !zeros.all.is_empty() && zeros.excludes(own, &placed, column, code) {
                let own = row * columns..(row + 1) * columns;
                replace(model, zeros, &mut codes[own], &placed, column);
            }
        }
        keep_rare(model, zeros, &mut codes, (column, &parents), &placed);
        placed[column] = true;
    }
    for row in codes.chunks_mut(columns) {
        if zeros.broken(row) {
            row.copy_from_slice(&zeros.possible);
        }
    }
    codes
}

/// Gives values that have too few rows the rows that suit them best, of values that can spare them.
fn keep_rare(
    model: &Model,
    zeros: &Zeros,
    codes: &mut [u16],
    (column, parents): (usize, &[usize]),
    placed: &[bool],
) {
    let columns = model.sizes.len();
    let table = &model.single[column];
    let mut shown = vec![0_u32; table.mean.len()];
    codes.iter().skip(column).step_by(columns).for_each(|&code| shown[usize::from(code)] += 1);
    let spare = |shown: &[u32], code: u16| {
        let code = usize::from(code);
        shown[code] > table.least(code) && f64::from(shown[code]) > table.mean[code]
    };
    for rare in 1..table.mean.len() {
        let lacks = table.least(rare).saturating_sub(shown[rare]) as usize;
        if lacks == 0 || table.least(rare) > RARE {
            continue;
        }
        let suits = |row: &[u16]| -> f64 {
            let with = |&parent: &usize| model.both(column, rare, parent, usize::from(row[parent]));
            let alone = |&parent: &usize| model.column(parent, usize::from(row[parent])).max(1e-9);
            parents.iter().map(|parent| with(parent) / alone(parent)).product()
        };
        let mut rows: Vec<(f64, usize)> = codes
            .par_chunks(columns)
            .enumerate()
            .filter(|(_, row)| spare(&shown, row[column]))
            .filter(|(_, row)| !zeros.excludes(row, placed, column, rare as u16))
            .map(|(at, row)| (suits(row), at))
            .collect();
        rows.par_sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let mut given = 0;
        for (_, row) in rows {
            let own = &mut codes[row * columns + column];
            if given < lacks && spare(&shown, *own) {
                shown[usize::from(*own)] -= 1;
                shown[rare] += 1;
                *own = rare as u16;
                given += 1;
            }
        }
    }
}

/// Gives a row the likeliest code of a column that the placed ones allow, if there is one.
fn replace(model: &Model, zeros: &Zeros, row: &mut [u16], placed: &[bool], column: usize) {
    let allowed = (0..model.sizes[column] as u16)
        .filter(|&code| !zeros.excludes(row, placed, column, code))
        .max_by(|&a, &b| {
            let count = |code: u16| model.column(column, usize::from(code));
            count(a).total_cmp(&count(b))
        });
    if let Some(code) = allowed {
        row[column] = code;
    }
}

/// Weights of a column's codes given its parents, summed up; by their own count where the parents
/// allow none.
fn cumulated(model: &Model, row: &[u16], column: usize, parents: &[usize]) -> Vec<f64> {
    let mut sums = Vec::with_capacity(model.sizes[column]);
    for with_parents in [true, false] {
        sums.clear();
        let mut total = 0.0;
        for code in 0..model.sizes[column] {
            let own = model.column(column, code);
            let mut weight = own;
            if with_parents && weight > 0.0 {
                for &parent in parents {
                    weight *= model.both(column, code, parent, usize::from(row[parent])) / own;
                }
            }
            total += weight;
            sums.push(total);
        }
        if total > 0.0 {
            break;
        }
    }
    sums
}

/// The columns in the order in which they are placed, each with at most two placed before.
fn order(model: &Model) -> Vec<(usize, Vec<usize>)> {
    let columns = model.sizes.len();
    let mut says = vec![vec![0.0; columns]; columns];
    for table in &model.pair {
        let (a, b) = (table.columns[0], table.columns[1]);
        let information: f64 = table
            .mean
            .iter()
            .enumerate()
            .map(|(cell, &count)| {
                let alone =
                    model.column(a, cell / model.sizes[b]) * model.column(b, cell % model.sizes[b]);
                if count > 0.0 && alone > 0.0 {
                    count * libm::log(count * model.rows / alone)
                } else {
                    0.0
                }
            })
            .sum();
        (says[a][b], says[b][a]) = (information, information);
    }
    let mut left: Vec<usize> = (0..columns).collect();
    let mut order: Vec<(usize, Vec<usize>)> = Vec::new();
    while !left.is_empty() {
        let known = |column: usize| -> f64 {
            if order.is_empty() {
                says[column].iter().sum()
            } else {
                order.iter().map(|(placed, _)| says[column][*placed]).fold(0.0, f64::max)
            }
        };
        let next = (0..left.len())
            .fold(0, |best, at| if known(left[at]) > known(left[best]) { at } else { best });
        let column = left.remove(next);
        let mut parents: Vec<usize> = order.iter().map(|(placed, _)| *placed).collect();
        parents.sort_by(|&a, &b| says[column][b].total_cmp(&says[column][a]));
        parents.truncate(2);
        order.push((column, parents));
    }
    order
}
