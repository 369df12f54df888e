//! Groups of a dimension's categories, such as the counties of a task force, shown as sums.
//!
//! They cost nothing more: a group is the sum of its categories, in what is printed as in the
//! estimate that its interval is around.

use super::cube::Cube;
use super::design::NoisyDesign;

/// A group of categories of one dimension. Groups may lie in one another; as each lists its
/// categories themselves, they cannot go round in a circle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The dimension.
    pub dimension: String,
    /// Its name.
    pub name: String,
    /// The codes that it sums up, each once.
    pub codes: Vec<u16>,
}

/// A table with the places of groups after those of categories on every axis.
pub(super) struct Grouped {
    base: Cube,
    pub(super) cube: Cube,
    /// For each axis the codes of its groups.
    groups: Vec<Vec<Vec<u16>>>,
}

impl Grouped {
    pub(super) fn new(design: &NoisyDesign) -> Grouped {
        let base = design.cube.clone();
        let groups: Vec<Vec<Vec<u16>>> = (0..base.sizes.len())
            .map(|axis| design.groups(axis).map(|group| group.codes.clone()).collect())
            .collect();
        let sizes = base.sizes.iter().zip(&groups).map(|(size, groups)| size + groups.len());
        Grouped { cube: Cube::new(sizes.collect()), base, groups }
    }

    /// Values of the table with its margins, and those of the groups.
    pub(super) fn extend<T: Copy + Default + std::ops::AddAssign>(&self, values: &[T]) -> Vec<T> {
        let mut extended = vec![T::default(); self.cube.length()];
        for (at, &value) in values.iter().enumerate() {
            let places = self.base.places(at);
            extended[self.cube.at(&places)] = value;
        }
        for (axis, groups) in self.groups.iter().enumerate() {
            let stride = self.cube.stride(axis);
            let first = self.base.sizes[axis] + 1;
            for block in extended.chunks_exact_mut(stride * (self.cube.sizes[axis] + 1)) {
                for (group, codes) in (first..).zip(groups) {
                    for within in 0..stride {
                        let mut sum = T::default();
                        for &code in codes {
                            sum += block[(usize::from(code) + 1) * stride + within];
                        }
                        block[group * stride + within] = sum;
                    }
                }
            }
        }
        extended
    }

    /// For each axis how many categories a cell sums up: none for the total, one for a category.
    pub(super) fn summed(&self, at: usize) -> Vec<usize> {
        let place =
            |(axis, place): (usize, usize)| match place.checked_sub(self.base.sizes[axis] + 1) {
                Some(group) => self.groups[axis][group].len(),
                None => place.min(1),
            };
        self.cube.places(at).into_iter().enumerate().map(place).collect()
    }

    /// For each category and group of an axis the place of the smallest group that it lies in.
    pub(super) fn parents(&self, axis: usize) -> Vec<Option<usize>> {
        let (size, groups) = (self.base.sizes[axis], &self.groups[axis]);
        if groups.is_empty() {
            return Vec::new();
        }
        let smallest = |codes: &[u16], but: Option<usize>| {
            (0..groups.len())
                .filter(|&group| Some(group) != but)
                .filter(|&group| codes.iter().all(|code| groups[group].contains(code)))
                .filter(|&group| but.is_none() || groups[group].len() > codes.len())
                .min_by_key(|&group| groups[group].len())
                .map(|group| size + group)
        };
        (0..size)
            .map(|code| smallest(&[code as u16], None))
            .chain((0..groups.len()).map(|group| smallest(&groups[group], Some(group))))
            .collect()
    }
}
