//! Cholesky's factor of small symmetric matrices.

/// The lower factor of a positive definite matrix, by rows in a square.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cholesky {
    size: usize,
    factor: Vec<f64>,
}

impl Cholesky {
    /// Factors the matrix with these entries; only `row >= column` is asked for. False when it is
    /// not positive definite. `size^3 / 3` steps.
    pub(crate) fn factor(&mut self, size: usize, entry: impl Fn(usize, usize) -> f64) -> bool {
        self.size = size;
        self.factor.clear();
        self.factor.resize(size * size, 0.0);
        for row in 0..size {
            let (done, rest) = self.factor.split_at_mut(row * size);
            let this = &mut rest[..size];
            for column in 0..row {
                let other = &done[column * size..column * size + column + 1];
                this[column] = (entry(row, column) - dot(&this[..column], other)) / other[column];
            }
            let whole = entry(row, row);
            let left = whole - dot(&this[..row], &this[..row]);
            if left <= whole * 1e-14 || !left.is_finite() {
                return false;
            }
            this[row] = left.sqrt();
        }
        true
    }

    /// Solves `matrix x = right`, in place.
    pub(crate) fn solve(&self, right: &mut [f64]) {
        let size = self.size;
        for row in 0..size {
            let of = &self.factor[row * size..row * size + row];
            right[row] = (right[row] - dot(of, &right[..row])) / self.factor[row * size + row];
        }
        for row in (0..size).rev() {
            let value = right[row] / self.factor[row * size + row];
            right[row] = value;
            let of = &self.factor[row * size..row * size + row];
            for (below, factor) in right[..row].iter_mut().zip(of) {
                *below -= factor * value;
            }
        }
    }

    /// The logarithm of the matrix's determinant.
    pub(crate) fn log_determinant(&self) -> f64 {
        (0..self.size).map(|at| 2.0 * libm::log(self.factor[at * self.size + at])).sum()
    }
}

fn dot(one: &[f64], other: &[f64]) -> f64 {
    one.iter().zip(other).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solves_and_knows_the_determinant() {
        let matrix = [[4.0, 2.0, 1.0], [2.0, 5.0, 3.0], [1.0, 3.0, 6.0]];
        let mut cholesky = Cholesky::default();
        assert!(cholesky.factor(3, |row, column| matrix[row][column]));
        let mut solved = [11.0, 21.0, 25.0];
        cholesky.solve(&mut solved);
        for (found, expected) in solved.iter().zip([1.0, 2.0, 3.0]) {
            assert!((found - expected).abs() < 1e-12, "{solved:?}");
        }
        assert!((cholesky.log_determinant() - libm::log(67.0)).abs() < 1e-12);
        assert!(!cholesky.factor(2, |_, _| 1.0));
    }
}
