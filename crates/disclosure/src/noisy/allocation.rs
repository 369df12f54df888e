//! How the budget is shared among the margins, and how exact each becomes.
//!
//! Every margin T may be counted with Gaussian noise of variance 1/q(T), at a cost in proportion to
//! q(T). Split into orthogonal differences (see [`Cube::to_differences`]), the count of T says
//! something about each margin S within it, with the variance N(T∖S)/q(T), where N counts the cells
//! summed over: so S is known with the precision p(S) = Σ q(T)/N(T∖S) over all T that contain it. A
//! cell of a margin U is Σ over S within U of a difference of S divided by N(U∖S), and these are
//! independent: its variance is Σ Π(1 - 1/n over the axes of S) / (p(S) N(U∖S)²).
//!
//! Shared so that the sum over margins of the variance of a cell is least. It is convex in q;
//! solved by multiplicative steps (Yu 2010, "Monotonic convergence of a general algorithm for
//! computing optimal designs", Annals of Statistics 38(3), theorem 1). Where every q comes out
//! positive, no Gaussian mechanism of this cost is better: it is the optimum of ResidualPlanner
//! (Xiao, He, Zhang, Kifer 2023, NeurIPS, arXiv 2305.08175, theorem 3), p(S) ∝ √(c(S)/v(S)).

use super::cube::{Cube, axes, within};

const STEPS: usize = 400;
/// A margin that would get less than this share is not counted by itself.
const LEAST_SHARE: f64 = 1e-4;

/// For each margin its share of the budget; they add up to one, the finest has some.
pub(super) fn shares(cube: &Cube) -> Vec<f64> {
    let margins = cube.finest() + 1;
    let weights: Vec<f64> = (0..margins).map(|inner| weight(cube, inner)).collect();
    let mut shares = vec![1.0 / margins as f64; margins];
    for _ in 0..STEPS {
        let precision = precisions(cube, &shares);
        for (margin, share) in shares.iter_mut().enumerate() {
            let gain: f64 = within(margin)
                .map(|inner| {
                    weights[inner]
                        / (precision[inner] * precision[inner])
                        / cube.cells(margin & !inner) as f64
                })
                .sum();
            *share *= gain.sqrt();
        }
        normalise(&mut shares);
    }
    for share in &mut shares {
        if *share < LEAST_SHARE {
            *share = 0.0;
        }
    }
    let finest = cube.finest();
    shares[finest] = shares[finest].max(LEAST_SHARE);
    normalise(&mut shares);
    shares
}

fn normalise(shares: &mut [f64]) {
    let total: f64 = shares.iter().sum();
    for share in shares {
        *share /= total;
    }
}

/// c(S): how much a unit of variance in the differences of S costs, over all margins.
fn weight(cube: &Cube, inner: usize) -> f64 {
    let over: f64 = (0..=cube.finest())
        .filter(|margin| inner & !margin == 0)
        .map(|margin| {
            let summed = cube.cells(margin & !inner) as f64;
            1.0 / (summed * summed)
        })
        .sum();
    over * spread(cube, inner)
}

/// The variance of one difference from means, of counts of variance one.
fn spread(cube: &Cube, inner: usize) -> f64 {
    axes(inner).map(|axis| 1.0 - 1.0 / cube.sizes[axis] as f64).product()
}

/// p(S) for every margin, from the precision with which each is counted (zero if it is not).
pub(super) fn precisions(cube: &Cube, counted: &[f64]) -> Vec<f64> {
    let mut precisions = vec![0.0; counted.len()];
    for (margin, &precision) in
        counted.iter().enumerate().filter(|(_, precision)| **precision > 0.0)
    {
        for inner in within(margin) {
            precisions[inner] += precision / cube.cells(margin & !inner) as f64;
        }
    }
    precisions
}

/// The variance after least squares of a cell that sums up so many categories on each axis, none
/// standing for the total: m of n categories have m(1 - m/n) in place of 1 - 1/n, and (m/n)² in
/// place of 1/n².
pub(super) fn variance(cube: &Cube, precisions: &[f64], summed: &[usize]) -> f64 {
    let kept =
        (0..summed.len()).filter(|&axis| summed[axis] > 0).fold(0, |kept, axis| kept | 1 << axis);
    let share = |axis: usize| summed[axis] as f64 / cube.sizes[axis] as f64;
    within(kept)
        .map(|inner| {
            let spread: f64 =
                axes(inner).map(|axis| summed[axis] as f64 * (1.0 - share(axis))).product();
            let over: f64 = axes(kept & !inner).map(|axis| share(axis) * share(axis)).product();
            spread * over / precisions[inner]
        })
        .sum()
}

/// The same for a cell of a margin.
pub(super) fn variance_of_margin(cube: &Cube, precisions: &[f64], margin: usize) -> f64 {
    let summed: Vec<usize> = (0..cube.sizes.len()).map(|axis| margin >> axis & 1).collect();
    variance(cube, precisions, &summed)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn loss(cube: &Cube, shares: &[f64]) -> f64 {
        let precisions = precisions(cube, shares);
        (0..=cube.finest()).map(|margin| variance_of_margin(cube, &precisions, margin)).sum()
    }

    /// What no Gaussian mechanism can beat: (Σ √(c v))² for a budget of one.
    fn least_loss(cube: &Cube) -> f64 {
        let sum: f64 = (0..=cube.finest())
            .map(|inner| (weight(cube, inner) * spread(cube, inner)).sqrt())
            .sum();
        sum * sum
    }

    proptest! {
        #[test]
        fn shares_are_as_good_as_any_gaussian_mechanism(sizes in proptest::collection::vec(2..12_usize, 1..5)) {
            let cube = Cube::new(sizes);
            let shares = shares(&cube);
            prop_assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-9);
            prop_assert!(shares[cube.finest()] > 0.0);
            let (found, least) = (loss(&cube, &shares), least_loss(&cube));
            prop_assert!(found > least * (1.0 - 1e-9) && found < least * 1.02, "{found} {least}");
            let even = vec![1.0 / shares.len() as f64; shares.len()];
            prop_assert!(found <= loss(&cube, &even) * (1.0 + 1e-9));
        }
    }
}
