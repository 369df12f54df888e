//! How well draws fit a distribution, by Pearson's chi-square against exact chances.

use std::collections::BTreeMap;

/// How often each number was drawn.
pub(super) fn draws(count: usize, mut draw: impl FnMut() -> i64) -> BTreeMap<i64, u64> {
    let mut drawn = BTreeMap::new();
    for _ in 0..count {
        *drawn.entry(draw()).or_insert(0) += 1;
    }
    drawn
}

/// The chances of 0, ±1, ±2, … of a discrete Gaussian; the first is of zero.
pub(super) fn gaussian_chances(variance: f64) -> Vec<f64> {
    chances(|x| x * x / (2.0 * variance))
}

/// The chances of 0, ±1, ±2, … of a discrete Laplace distribution.
pub(super) fn laplace_chances(scale: f64) -> Vec<f64> {
    chances(|x| x / scale)
}

fn chances(exponent: impl Fn(f64) -> f64) -> Vec<f64> {
    let weights: Vec<f64> = (0..)
        .map(|x| exponent(f64::from(x)))
        .take_while(|&exponent| exponent < 60.0)
        .map(|exponent| libm::exp(-exponent))
        .collect();
    // From the smallest, so that nothing is lost in the sum.
    let total = weights.iter().rev().sum::<f64>() * 2.0 - weights[0];
    weights.iter().map(|weight| weight / total).collect()
}

/// Chi-square of draws against the chances of a symmetric distribution, as standard deviations of a
/// normal variable (Wilson and Hilferty 1931). Numbers of fewer than ten expected draws are pooled,
/// each side by itself.
pub(super) fn misfit(drawn: &BTreeMap<i64, u64>, chances: &[f64]) -> f64 {
    let total = drawn.values().sum::<u64>() as f64;
    let kept = chances.iter().take_while(|&&chance| chance * total >= 10.0).count() as i64;
    let mut chi_square = 0.0;
    let mut add = |seen: u64, expected: f64| {
        if expected > 0.0 {
            chi_square += (seen as f64 - expected) * (seen as f64 - expected) / expected;
        } else {
            assert_eq!(seen, 0, "a number without a chance was drawn");
        }
    };
    for (number, chance) in
        (1 - kept..kept).map(|number| (number, chances[number.unsigned_abs() as usize]))
    {
        add(drawn.get(&number).copied().unwrap_or(0), chance * total);
    }
    let tail = chances[kept as usize..].iter().rev().sum::<f64>() * total;
    add(drawn.range(..=-kept).map(|(_, seen)| seen).sum(), tail);
    add(drawn.range(kept..).map(|(_, seen)| seen).sum(), tail);
    let freedom = (2 * kept) as f64;
    let ninth = 2.0 / (9.0 * freedom);
    ((chi_square / freedom).cbrt() - (1.0 - ninth)) / ninth.sqrt()
}
