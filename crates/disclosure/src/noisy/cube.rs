//! A table with all its margins in one array.
//!
//! Each axis has one place more than it has categories: place 0 is the total over the axis, place
//! `code + 1` a category. The last axis varies fastest. A margin is the set of axes that it keeps,
//! as bits: bit i for axis i.

/// The form of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cube {
    pub(super) sizes: Vec<usize>,
    strides: Vec<usize>,
    length: usize,
}

impl Cube {
    /// For axes of so many categories.
    pub(super) fn new(sizes: Vec<usize>) -> Cube {
        let mut strides = vec![1; sizes.len()];
        let mut length = 1;
        for (axis, &size) in sizes.iter().enumerate().rev() {
            strides[axis] = length;
            length *= size + 1;
        }
        Cube { sizes, strides, length }
    }

    /// How many cells there are, margins included.
    pub(super) fn length(&self) -> usize {
        self.length
    }

    pub(super) fn stride(&self, axis: usize) -> usize {
        self.strides[axis]
    }

    /// The place on every axis of a cell.
    pub(super) fn places(&self, at: usize) -> Vec<usize> {
        let mut rest = at;
        let place = |&stride: &usize| {
            let place = rest / stride;
            rest %= stride;
            place
        };
        self.strides.iter().map(place).collect()
    }

    /// Where the cell is that has these places.
    pub(super) fn at(&self, places: &[usize]) -> usize {
        places.iter().zip(&self.strides).map(|(place, stride)| place * stride).sum()
    }

    /// The margin that keeps every axis.
    pub(super) fn finest(&self) -> usize {
        (1 << self.sizes.len()) - 1
    }

    /// How many cells a margin has.
    pub(super) fn cells(&self, margin: usize) -> usize {
        axes(margin).map(|axis| self.sizes[axis]).product()
    }

    /// Where the cells of a margin are, in its own order; with `totals`, those of its margins too.
    pub(super) fn positions(&self, margin: usize, totals: bool) -> Vec<usize> {
        let mut positions = vec![0];
        for axis in axes(margin) {
            let places = usize::from(!totals)..=self.sizes[axis];
            positions = positions
                .into_iter()
                .flat_map(|at| places.clone().map(move |place| at + place * self.strides[axis]))
                .collect();
        }
        positions
    }

    /// The margin that each cell belongs to.
    pub(super) fn margins(&self) -> Vec<u16> {
        let mut margins = vec![0; self.length];
        for margin in 0..=self.finest() {
            for at in self.positions(margin, false) {
                margins[at] = margin as u16;
            }
        }
        margins
    }

    /// Fills every total from the finest cells.
    pub(super) fn sum_up<T: Copy + Default + std::ops::AddAssign>(&self, values: &mut [T]) {
        self.along_axes(values, |total, categories, stride| {
            total.fill(T::default());
            for category in categories.chunks_exact(stride) {
                for (total, &value) in total.iter_mut().zip(category) {
                    *total += value;
                }
            }
        });
    }

    /// From sums to what each margin says beyond its own margins: along each axis, the difference
    /// from the mean. The differences of a margin are orthogonal to those of every other.
    pub(super) fn to_differences(&self, values: &mut [f64]) {
        self.along_axes(values, |total, categories, stride| {
            let share = 1.0 / (categories.len() / stride) as f64;
            for category in categories.chunks_exact_mut(stride) {
                for (value, &total) in category.iter_mut().zip(total.iter()) {
                    *value -= total * share;
                }
            }
        });
    }

    /// The way back.
    pub(super) fn undo_differences(&self, values: &mut [f64]) {
        self.along_axes(values, |total, categories, stride| {
            let share = 1.0 / (categories.len() / stride) as f64;
            for category in categories.chunks_exact_mut(stride) {
                for (value, &total) in category.iter_mut().zip(total.iter()) {
                    *value += total * share;
                }
            }
        });
    }

    fn along_axes<T>(&self, values: &mut [T], mut each: impl FnMut(&mut [T], &mut [T], usize)) {
        for (axis, &size) in self.sizes.iter().enumerate() {
            let stride = self.strides[axis];
            for block in values.chunks_exact_mut(stride * (size + 1)) {
                let (total, categories) = block.split_at_mut(stride);
                each(total, categories, stride);
            }
        }
    }
}

/// The axes of a margin.
pub(super) fn axes(margin: usize) -> impl Iterator<Item = usize> {
    (0..usize::BITS as usize).filter(move |axis| margin >> axis & 1 == 1)
}

/// The margins of a margin, itself and the total included.
pub(super) fn within(margin: usize) -> impl Iterator<Item = usize> {
    (0..=margin).filter(move |inner| inner & !margin == 0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn sums_and_differences_go_there_and_back(
            sizes in proptest::collection::vec(1..5_usize, 1..5), seed in 0..1000_u64,
        ) {
            let cube = Cube::new(sizes);
            let mut values = vec![0.0; cube.length()];
            for (index, at) in cube.positions(cube.finest(), false).into_iter().enumerate() {
                values[at] = ((index as u64 * 7919 + seed) % 31) as f64;
            }
            cube.sum_up(&mut values);
            let margins = cube.margins();
            let total: f64 = (0..cube.length())
                .filter(|&at| usize::from(margins[at]) == cube.finest())
                .map(|at| values[at])
                .sum();
            prop_assert_eq!(values[0], total);
            let before = values.clone();
            cube.to_differences(&mut values);
            // Along each axis differences add up to nothing.
            let mut sums = values.clone();
            cube.sum_up(&mut sums);
            prop_assert!((0..cube.length()).all(|at| usize::from(margins[at]) == cube.finest() || sums[at].abs() < 1e-9));
            cube.undo_differences(&mut values);
            prop_assert!(values.iter().zip(&before).all(|(a, b)| (a - b).abs() < 1e-9));
        }
    }

    #[test]
    fn positions_are_those_of_the_margin() {
        let cube = Cube::new(vec![2, 3]);
        assert_eq!(cube.length(), 12);
        assert_eq!(cube.positions(0, false), [0]);
        assert_eq!(cube.positions(0b10, false), [1, 2, 3]);
        assert_eq!(cube.positions(0b01, true), [0, 4, 8]);
        assert_eq!(cube.positions(0b11, false), [5, 6, 7, 9, 10, 11]);
        assert_eq!(within(0b101).collect::<Vec<_>>(), [0, 1, 4, 5]);
    }
}
