//! Sums over all subsets and all supersets of every set of lists.
//!
//! Cells are indexed by the bits of a set. Both take `lists * 2^(lists - 1)` additions, in place.

/// Each cell becomes the sum over its subsets, itself included.
pub(crate) fn sum_subsets(cells: &mut [f64]) {
    let mut half = 1;
    while half < cells.len() {
        for block in cells.chunks_exact_mut(2 * half) {
            let (without, with) = block.split_at_mut(half);
            for (without, with) in without.iter().zip(with) {
                *with += without;
            }
        }
        half *= 2;
    }
}

/// Each cell becomes the sum over its supersets, itself included.
pub(crate) fn sum_supersets(cells: &mut [f64]) {
    let mut half = 1;
    while half < cells.len() {
        for block in cells.chunks_exact_mut(2 * half) {
            let (without, with) = block.split_at_mut(half);
            for (without, with) in without.iter_mut().zip(with) {
                *without += *with;
            }
        }
        half *= 2;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn sums_are_those_of_the_definition(values in proptest::collection::vec(0_u32..100, 32)) {
            let cells: Vec<f64> = values.iter().map(|value| f64::from(*value)).collect();
            let (mut subsets, mut supersets) = (cells.clone(), cells.clone());
            sum_subsets(&mut subsets);
            sum_supersets(&mut supersets);
            for set in 0..32_usize {
                let sum = |within: &dyn Fn(usize) -> bool| -> f64 {
                    (0..32).filter(|other| within(*other)).map(|other| cells[other]).sum()
                };
                prop_assert_eq!(subsets[set], sum(&|other| other & set == other));
                prop_assert_eq!(supersets[set], sum(&|other| other & set == set));
            }
        }
    }
}
