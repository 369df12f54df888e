//! Nodes of a similarity graph as points, and two clouds of points laid on each other.
//!
//! In: similarities, layer by layer. Out: for each node its coordinates along the leading
//! eigenvectors of the centered similarities; and for two graphs the coordinates of the one in the
//! system of the other, without any known pair.
//!
//! Two samples of one population have nearly the same leading eigenvectors, as functions of the
//! people, up to sign and order. Signs and order are chosen so that the values along each are
//! distributed alike; then nearest neighbors and the linear map that fits them are found in turn,
//! along more and more directions (as ZoomOut does with shapes, Melzi and others 2019). Cost: rows² × directions for each
//! step of the iteration that finds the eigenvectors.

use rayon::prelude::*;

use super::view::Similarities;

/// Steps of the subspace iteration.
const STEPS: usize = 40;
/// At how many shares of the nodes two distributions are compared.
const QUANTILES: usize = 24;

/// Points, row after row.
#[derive(Clone)]
pub(crate) struct Points {
    pub(crate) width: usize,
    pub(crate) values: Vec<f32>,
}

impl Points {
    pub(crate) fn rows(&self) -> impl Iterator<Item = &[f32]> {
        self.values.chunks(self.width)
    }

    /// The first coordinates.
    pub(crate) fn narrowed(&self, width: usize) -> Points {
        let width = width.min(self.width);
        Points { width, values: self.rows().flat_map(|row| &row[..width]).copied().collect() }
    }

    fn column(&self, column: usize) -> Vec<f32> {
        self.rows().map(|row| row[column]).collect()
    }
}

/// Coordinates of the nodes along the leading eigenvectors of one layer.
pub(crate) fn embed(layer: &Similarities, directions: usize) -> Points {
    let rows = layer.rows;
    let centered = centered(layer);
    // A fixed start that is along no direction in particular.
    let mut points = Points { width: directions, values: Vec::with_capacity(rows * directions) };
    let mut state = 0x9e37_79b9_u64;
    points.values.extend((0..rows * directions).map(|_| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f32 / 8_388_608.0 - 1.0
    }));
    let mut lengths = orthonormal(&mut points);
    for _ in 0..STEPS {
        points = times(&centered, rows, &points);
        lengths = orthonormal(&mut points);
    }
    for row in points.values.chunks_mut(directions) {
        row.iter_mut().zip(&lengths).for_each(|(value, length)| *value *= length.max(0.0).sqrt());
    }
    points
}

/// Similarities less the means of their row and column, without those of a node with itself.
fn centered(layer: &Similarities) -> Vec<f32> {
    let rows = layer.rows;
    let means: Vec<f32> = (0..rows)
        .map(|node| {
            (layer.row(node).iter().sum::<f32>() - layer.row(node)[node]) / (rows - 1) as f32
        })
        .collect();
    let mean = means.iter().sum::<f32>() / rows as f32;
    let of_row = |node: usize| {
        let means = &means;
        layer.row(node).iter().enumerate().map(move |(other, value)| {
            if other == node { 0.0 } else { value - means[node] - means[other] + mean }
        })
    };
    (0..rows).flat_map(of_row).collect()
}

fn times(matrix: &[f32], rows: usize, points: &Points) -> Points {
    let width = points.width;
    let of_row = |row: &[f32]| {
        let mut sums = vec![0.0; width];
        for (value, point) in row.iter().zip(points.rows()) {
            sums.iter_mut().zip(point).for_each(|(sum, one)| *sum += value * one);
        }
        sums
    };
    Points { width, values: matrix.par_chunks(rows).flat_map_iter(of_row).collect() }
}

/// Makes columns orthonormal (Gram and Schmidt); gives their lengths.
fn orthonormal(points: &mut Points) -> Vec<f32> {
    let width = points.width;
    let mut columns: Vec<Vec<f32>> = (0..width).map(|column| points.column(column)).collect();
    let mut lengths = Vec::with_capacity(width);
    for at in 0..width {
        let (before, rest) = columns.split_at_mut(at);
        let column = &mut rest[0];
        for other in before.iter() {
            let along: f32 = column.iter().zip(other).map(|(a, b)| a * b).sum();
            column.iter_mut().zip(other).for_each(|(value, one)| *value -= along * one);
        }
        let length = column.iter().map(|value| value * value).sum::<f32>().sqrt();
        column.iter_mut().for_each(|value| *value /= length.max(1e-12));
        lengths.push(length);
    }
    for (row, values) in points.values.chunks_mut(width).enumerate() {
        values.iter_mut().zip(&columns).for_each(|(value, column)| *value = column[row]);
    }
    lengths
}

/// Which direction of the other graph is meant by each direction of one, and with which sign.
pub(crate) fn aligned(here: &Points, there: &Points) -> Points {
    let width = here.width;
    let of_here: Vec<Vec<f32>> = (0..width).map(|at| quantiles(here.column(at), 1.0)).collect();
    let [plus, minus] = [1.0, -1.0].map(|sign| {
        (0..width).map(|at| quantiles(there.column(at), sign)).collect::<Vec<Vec<f32>>>()
    });
    let apart = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| (a - b).abs()).sum::<f32>();
    let mut all: Vec<(f32, usize, usize, f32)> = Vec::new();
    for (at, one) in of_here.iter().enumerate() {
        // Eigenvalues change little: only directions of about the same rank are meant.
        for other in at.saturating_sub(3)..(at + 4).min(width) {
            all.push((apart(one, &plus[other]), at, other, 1.0));
            all.push((apart(one, &minus[other]), at, other, -1.0));
        }
    }
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut taken, mut meant) = (vec![false; width], vec![None; width]);
    for (_, at, other, sign) in all {
        if meant[at].is_none() && !taken[other] {
            (meant[at], taken[other]) = (Some((other, sign)), true);
        }
    }
    let values = there.rows().flat_map(|row| {
        meant.iter().map(|meant| meant.map_or(0.0, |(other, sign)| sign * row[other]))
    });
    Points { width, values: values.collect() }
}

fn quantiles(mut column: Vec<f32>, sign: f32) -> Vec<f32> {
    column.iter_mut().for_each(|value| *value *= sign);
    column.sort_by(f32::total_cmp);
    let last = column.len() - 1;
    (0..QUANTILES).map(|at| column[at * last / (QUANTILES - 1)]).collect()
}

/// `there` in the system of `here`, by the linear map that fits the pairs best (ridge regression).
pub(crate) fn mapped(here: &Points, there: &Points, pairs: &[(usize, usize, f32)]) -> Points {
    let width = there.width;
    let (mut squares, mut products) =
        (vec![0.0_f64; width * width], vec![0.0_f64; width * here.width]);
    for &(one, other, _) in pairs {
        let target = &here.values[one * here.width..(one + 1) * here.width];
        let source = &there.values[other * width..(other + 1) * width];
        for (at, &value) in source.iter().enumerate() {
            for (also, &second) in source.iter().enumerate() {
                squares[at * width + also] += f64::from(value * second);
            }
            for (also, &wanted) in target.iter().enumerate() {
                products[at * here.width + also] += f64::from(value * wanted);
            }
        }
    }
    let trace: f64 = (0..width).map(|at| squares[at * width + at]).sum();
    (0..width).for_each(|at| squares[at * width + at] += 1e-3 * trace / width as f64 + 1e-9);
    solve(&mut squares, &mut products, width, here.width);
    let values = there.rows().flat_map(|row| {
        (0..here.width).map(|column| {
            let parts = row.iter().enumerate();
            parts.map(|(at, value)| value * products[at * here.width + column] as f32).sum::<f32>()
        })
    });
    Points { width: here.width, values: values.collect() }
}

/// Gauss and Jordan; the matrix is positive definite, so no pivot is needed.
fn solve(matrix: &mut [f64], right: &mut [f64], width: usize, columns: usize) {
    for at in 0..width {
        let pivot = matrix[at * width + at];
        for other in (0..width).filter(|&other| other != at) {
            let factor = matrix[other * width + at] / pivot;
            for column in 0..width {
                matrix[other * width + column] -= factor * matrix[at * width + column];
            }
            for column in 0..columns {
                right[other * columns + column] -= factor * right[at * columns + column];
            }
        }
        matrix[at * width..(at + 1) * width].iter_mut().for_each(|value| *value /= pivot);
        right[at * columns..(at + 1) * columns].iter_mut().for_each(|value| *value /= pivot);
    }
}
