//! Controlled rounding: whole numbers near a fit, such that every margin is near it too.
//!
//! Cells are rounded so that the sums from the first cell on are within one half; then people are
//! moved along one dimension, always to what brings the margins nearer to those of the fit, by a
//! weighted sum of squares over all margins, until no such move is left. The total stays what it is.

use super::cube::{Cube, within};

/// Rounds over all cells; a few are enough, as every step must fit better.
const ROUNDS: usize = 30;
/// So much better, at least, that rounding of the sums cannot turn steps into circles.
const BETTER: f64 = -1e-9;

/// The whole-number cells, as a cube with its totals. `start` has the finest cells of the fit.
pub(super) fn whole_numbers(
    cube: &Cube,
    impossible: &[bool],
    weights: Vec<f64>,
    start: &[f64],
) -> Vec<i64> {
    let mut search = Search::new(cube, impossible, weights, start);
    for _ in 0..ROUNDS {
        let mut moved = false;
        for axis in 0..search.cube.sizes.len() {
            moved |= search.moves_along(axis);
        }
        if !moved {
            break;
        }
    }
    let mut values = search.values;
    search.cube.sum_up(&mut values);
    values
}

fn rounded(cube: &Cube, impossible: &[bool], start: &[f64]) -> Vec<i64> {
    let mut values = vec![0; cube.length()];
    let (mut exact, mut whole) = (0.0, 0);
    for at in cube.positions(cube.finest(), false) {
        if impossible[at] {
            continue;
        }
        exact += start[at];
        let next = ((exact + 0.5).floor() as i64).max(whole);
        values[at] = next - whole;
        whole = next;
    }
    values
}

struct Search<'a> {
    cube: &'a Cube,
    impossible: &'a [bool],
    /// The finest cells.
    values: Vec<i64>,
    /// For each cell of every margin: its sum less that of the fit.
    off: Vec<f64>,
    /// What a square counts for, by margin.
    weights: Vec<f64>,
}

impl<'a> Search<'a> {
    fn new(cube: &'a Cube, impossible: &'a [bool], weights: Vec<f64>, start: &[f64]) -> Search<'a> {
        let values = rounded(cube, impossible, start);
        let mut off: Vec<f64> =
            values.iter().zip(start).map(|(&whole, &exact)| whole as f64 - exact).collect();
        cube.sum_up(&mut off);
        Search { cube, impossible, values, off, weights }
    }

    /// By how much the sum of squares grows with one person more, and with one less, in a cell.
    fn costs(&self, at: usize) -> (f64, f64) {
        let (mut more, mut less) = (0.0, 0.0);
        for margin in 0..=self.cube.finest() {
            let slope = 2.0 * self.off[self.within(at, margin)];
            more += self.weights[margin] * (1.0 + slope);
            less += self.weights[margin] * (1.0 - slope);
        }
        (more, less)
    }

    /// Where the cell of a margin is that a finest cell belongs to.
    fn within(&self, at: usize, margin: usize) -> usize {
        let mut found = 0;
        let mut rest = at;
        for (axis, &size) in self.cube.sizes.iter().enumerate() {
            let stride = self.cube.stride(axis);
            debug_assert!(rest / stride <= size);
            let place = rest / stride;
            rest %= stride;
            if margin >> axis & 1 == 1 {
                found += place * stride;
            }
        }
        found
    }

    fn change(&mut self, at: usize, by: i64) {
        self.values[at] += by;
        for margin in 0..=self.cube.finest() {
            let place = self.within(at, margin);
            self.off[place] += by as f64;
        }
    }

    /// Moves one person at a time between cells that differ along one dimension only.
    fn moves_along(&mut self, axis: usize) -> bool {
        let finest = self.cube.finest();
        // What both cells share is not changed by a move, but is in the costs of both.
        let shared: f64 =
            within(finest & !(1 << axis)).map(|margin| 2.0 * self.weights[margin]).sum();
        let stride = self.cube.stride(axis);
        let mut moved = false;
        for line in self.cube.positions(finest & !(1 << axis), false) {
            for _ in 0..self.cube.sizes[axis] {
                let mut to: Option<(f64, usize)> = None;
                let mut from: Option<(f64, usize)> = None;
                for place in 1..=self.cube.sizes[axis] {
                    let at = line + place * stride;
                    if self.impossible[at] {
                        continue;
                    }
                    let (more, less) = self.costs(at);
                    if to.is_none_or(|(best, _)| more < best) {
                        to = Some((more, at));
                    }
                    if self.values[at] > 0 && from.is_none_or(|(best, _)| less < best) {
                        from = Some((less, at));
                    }
                }
                let (Some((more, to)), Some((less, from))) = (to, from) else { break };
                if to == from || more + less - shared >= BETTER {
                    break;
                }
                self.change(to, 1);
                self.change(from, -1);
                moved = true;
            }
        }
        moved
    }
}
