//! From noised margins to one table: least squares, then nothing below zero, then whole numbers.
//!
//! Least squares weighs every noised margin by its precision; it is closed, as differences of
//! margins are orthogonal (see `allocation`), and unbiased. Its numbers can be below zero. Cutting
//! them off one by one would add people to every sparse table: with σ = 3 and a thousand empty
//! cells, a thousand people. So all cells are fitted at once, none below zero and their sum the
//! unbiased total, to the same weighted sum of squares. The total of people is then as good as its
//! interval says, and no margin is off on average. Solved by the alternating direction method of
//! multipliers (Boyd and others 2011, section 5.2), each step closed: one in the differences, one a
//! projection on a simplex (Michelot 1986, "A finite algorithm for finding the projection of a point
//! onto the canonical simplex", JOTA 50).

use super::cube::Cube;
use super::measure::NoisyCounts;
use super::table::NoisyTable;
use super::whole_numbers::whole_numbers;

const ROUNDS: usize = 300;
/// People; what is left is far below one, and whole numbers are searched for afterwards.
const CLOSE_ENOUGH: f64 = 0.01;
/// Boyd and others 2011, section 3.4.3.
const OVER_RELAXATION: f64 = 1.6;

impl NoisyCounts {
    /// The table that fits the noised counts best, in whole numbers of people. The same counts give
    /// the same table.
    pub fn fit(&self) -> NoisyTable {
        let differences = self.differences();
        let unbiased = self.unbiased_from(&differences);
        let start = self.not_below_zero(&differences, &unbiased);
        let design = &self.design;
        let weights =
            (0..=design.cube.finest()).map(|margin| 1.0 / design.variance(margin)).collect();
        let fitted = whole_numbers(&design.cube, &design.impossible, weights, &start);
        NoisyTable::new(self, &unbiased, fitted)
    }

    /// The unbiased estimate of every cell, margins included: the least squares.
    #[cfg(test)]
    pub(super) fn unbiased(&self) -> Vec<f64> {
        self.unbiased_from(&self.differences())
    }

    fn unbiased_from(&self, differences: &[f64]) -> Vec<f64> {
        let mut cells = differences.to_vec();
        self.design.cube.undo_differences(&mut cells);
        cells
    }

    /// The best estimate of every margin's differences.
    fn differences(&self) -> Vec<f64> {
        let design = &self.design;
        let cube = &design.cube;
        let mut sums = vec![0.0; cube.length()];
        for (counted, noised) in design.counted.iter().zip(&self.margins) {
            // The margin as a table of its own, with its own totals.
            let axes = super::cube::axes(counted.margin);
            let own = Cube::new(axes.map(|axis| cube.sizes[axis]).collect());
            let mut values = vec![0.0; own.length()];
            for (at, &value) in own.positions(own.finest(), false).into_iter().zip(noised) {
                values[at] = value as f64;
            }
            own.sum_up(&mut values);
            own.to_differences(&mut values);
            let margins = own_margins(cube, counted.margin);
            let precision = 1.0 / counted.noise.variance();
            for ((at, inner), value) in margins.into_iter().zip(values) {
                let summed = cube.cells(counted.margin & !inner) as f64;
                sums[at] += value * precision / summed;
            }
        }
        for (sum, margin) in sums.iter_mut().zip(cube.margins()) {
            *sum /= design.precisions[usize::from(margin)];
        }
        sums
    }

    /// The finest cells of the best fit without anything below zero, as a cube with its totals.
    fn not_below_zero(&self, differences: &[f64], unbiased: &[f64]) -> Vec<f64> {
        let design = &self.design;
        let cube = &design.cube;
        let finest = cube.finest();
        // A step pulls the finest cells half way to what was counted, and totals nearly all of it.
        let penalty = design.precisions[finest];
        let pull: Vec<f64> = (0..=finest)
            .map(|margin| {
                let held = penalty / cube.cells(finest & !margin) as f64;
                design.precisions[margin] / (design.precisions[margin] + held)
            })
            .collect();
        let margins = cube.margins();
        // Those that can have people first; the others stay zero.
        let (mut cells, none): (Vec<usize>, Vec<usize>) =
            cube.positions(finest, false).into_iter().partition(|&at| !design.impossible[at]);
        let possible = cells.len();
        cells.extend(none);
        let nearest = |cells: &mut [f64]| {
            let (cells, none) = cells.split_at_mut(possible);
            onto_simplex(cells, unbiased[0].round().max(0.0));
            none.fill(0.0);
        };
        let mut fitted: Vec<f64> = cells.iter().map(|&at| unbiased[at]).collect();
        nearest(&mut fitted);
        let mut dual = vec![0.0; cells.len()];
        let mut step = vec![0.0; cube.length()];
        let mut next = vec![0.0; cells.len()];
        for _ in 0..ROUNDS {
            for ((&at, &fitted), &dual) in cells.iter().zip(&fitted).zip(&dual) {
                step[at] = fitted - dual;
            }
            cube.sum_up(&mut step);
            cube.to_differences(&mut step);
            for ((value, &wanted), &margin) in step.iter_mut().zip(differences).zip(&margins) {
                *value += pull[usize::from(margin)] * (wanted - *value);
            }
            cube.undo_differences(&mut step);
            for ((&at, &fitted), dual) in cells.iter().zip(&fitted).zip(&mut dual) {
                *dual += OVER_RELAXATION * step[at] + (1.0 - OVER_RELAXATION) * fitted;
            }
            next.copy_from_slice(&dual);
            nearest(&mut next);
            let mut farthest = 0.0_f64;
            for (((&at, dual), &next), fitted) in
                cells.iter().zip(&mut dual).zip(&next).zip(&mut fitted)
            {
                *dual -= next;
                farthest = farthest.max((next - *fitted).abs()).max((step[at] - next).abs());
                *fitted = next;
            }
            if farthest < CLOSE_ENOUGH {
                break;
            }
        }
        let mut cube_of_it = vec![0.0; cube.length()];
        for (&at, value) in cells.iter().zip(fitted) {
            cube_of_it[at] = value;
        }
        cube_of_it
    }
}

/// Moves cells to the nearest that are none below zero and add up to a total.
fn onto_simplex(cells: &mut [f64], total: f64) {
    let mut above = f64::NEG_INFINITY;
    loop {
        let (mut sum, mut count) = (0.0, 0_u32);
        for &value in cells.iter().filter(|&&value| value > above) {
            sum += value;
            count += 1;
        }
        let next = (sum - total) / f64::from(count.max(1));
        // Rises to the level that all cells are lowered by; rounding may stop it.
        if next <= above || count == 0 {
            break;
        }
        above = next;
    }
    for value in cells {
        *value = (*value - above).max(0.0);
    }
}

/// For each cell of a margin taken as a table of its own, totals included: where it is in the whole
/// table, and which margin it is.
fn own_margins(cube: &Cube, margin: usize) -> Vec<(usize, usize)> {
    let mut cells = vec![(0, 0)];
    for axis in super::cube::axes(margin) {
        let stride = cube.stride(axis);
        cells = cells
            .into_iter()
            .flat_map(|(at, inner)| {
                (0..=cube.sizes[axis]).map(move |place| {
                    (at + place * stride, if place == 0 { inner } else { inner | 1 << axis })
                })
            })
            .collect();
    }
    cells
}
