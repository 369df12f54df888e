//! What noised counts most likely were, by empirical Bayes.
//!
//! In: counts with Gaussian noise of known variance, and what each would be by smaller marginals.
//! Out: for each the mean and the variance given its noised count. A count is taken to be its
//! expectation times a ratio; the distribution of ratios is estimated from the noised counts by
//! maximum likelihood over a grid that holds zero (Kiefer and Wolfowitz 1956; fitted by
//! expectation-maximisation). Only noised numbers come in, so that nothing is spent.

/// Noised counts.
pub(crate) struct Noised<'a> {
    pub(crate) counts: &'a [f64],
    pub(crate) variance: &'a [f64],
    pub(crate) expected: &'a [f64],
}

/// Mean and variance of counts given what was noised.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Posterior {
    pub(crate) mean: Vec<f64>,
    pub(crate) variance: Vec<f64>,
    /// The chance that a number of people with this distribution is zero.
    pub(crate) absent: Vec<f64>,
}

const STEPS: usize = 25;
/// A count so many standard deviations above zero stands as it was noised: the grid is coarser than
/// its noise.
const FAR: f64 = 4.0;

/// Ratios between a count and what smaller marginals let expect.
pub(crate) fn ratios() -> Vec<f64> {
    std::iter::once(0.0)
        .chain((0..34).map(|step| libm::exp2(-5.0 + 0.4 * f64::from(step))))
        .collect()
}

/// Counts themselves, where nothing smaller is known.
pub(crate) fn counts_up_to(most: f64) -> Vec<f64> {
    let counts = (0..90).map(|step| libm::exp2(-1.5 + f64::from(step) / 3.0));
    std::iter::once(0.0).chain(counts.take_while(|&count| count < most)).collect()
}

pub(crate) fn denoise(noised: &Noised<'_>, grid: &[f64]) -> Posterior {
    let points = grid.len();
    let mut likelihood = vec![0.0_f64; noised.counts.len() * points];
    for (cell, row) in likelihood.chunks_mut(points).enumerate() {
        let exponent = |ratio: f64| {
            let away = noised.counts[cell] - ratio * noised.expected[cell];
            -away * away / (2.0 * noised.variance[cell].max(1e-3))
        };
        let best = grid.iter().map(|&ratio| exponent(ratio)).fold(f64::MIN, f64::max);
        for (into, &ratio) in row.iter_mut().zip(grid) {
            let below = exponent(ratio) - best;
            *into = if below < -40.0 { 0.0 } else { libm::exp(below) };
        }
    }
    let prior = maximum_likelihood(&likelihood, points);
    let mut answer = Posterior { mean: vec![], variance: vec![], absent: vec![] };
    for (cell, row) in likelihood.chunks(points).enumerate() {
        let (count, variance) = (noised.counts[cell], noised.variance[cell]);
        if count > FAR * libm::sqrt(variance) {
            answer.mean.push(count);
            answer.variance.push(variance);
            answer.absent.push(0.0);
            continue;
        }
        let (mut total, mut first, mut second, mut absent) = (0.0, 0.0, 0.0, 0.0);
        for ((l, p), &ratio) in row.iter().zip(&prior).zip(grid) {
            let count = ratio * noised.expected[cell];
            total += l * p;
            first += l * p * count;
            second += l * p * count * count;
            if l * p > 1e-12 {
                absent += l * p * libm::exp(-count);
            }
        }
        let mean = first / total;
        answer.mean.push(mean);
        answer.absent.push(absent / total);
        answer.variance.push((second / total - mean * mean).clamp(0.0, variance));
    }
    answer
}

/// The weights of the points of the grid under which the noised counts are likeliest.
fn maximum_likelihood(likelihood: &[f64], points: usize) -> Vec<f64> {
    let mut prior = vec![1.0 / points as f64; points];
    for _ in 0..STEPS {
        // A little of everything: no count is ruled out because no other was like it.
        let mut next = vec![1e-6; points];
        for row in likelihood.chunks(points) {
            let total: f64 = row.iter().zip(&prior).map(|(l, p)| l * p).sum();
            for ((into, l), p) in next.iter_mut().zip(row).zip(&prior) {
                *into += l * p / total;
            }
        }
        let total: f64 = next.iter().sum();
        prior = next.into_iter().map(|weight| weight / total).collect();
    }
    prior
}

/// A margin of a table: the axes that it keeps, and its cells.
pub(crate) type Margin<'a> = (&'a [usize], &'a [f64]);

/// Scales a table to its margins in turn (Deming and Stephan 1940).
pub(crate) fn rake(table: &mut [f64], dims: &[usize], margins: &[Margin<'_>], rounds: usize) {
    let places: Vec<Vec<usize>> = margins.iter().map(|(axes, _)| places(dims, axes)).collect();
    for _ in 0..rounds {
        for ((_, want), places) in margins.iter().zip(&places) {
            let mut scale = vec![0.0; want.len()];
            for (&at, cell) in places.iter().zip(&*table) {
                scale[at] += cell;
            }
            for (scale, want) in scale.iter_mut().zip(*want) {
                *scale = if *scale > 0.0 { want / *scale } else { 0.0 };
            }
            for (&at, cell) in places.iter().zip(&mut *table) {
                *cell *= scale[at];
            }
        }
    }
}

/// For each cell of a table the place of its cell in the margin that keeps some axes.
fn places(dims: &[usize], axes: &[usize]) -> Vec<usize> {
    let mut places = vec![0];
    for (axis, &dim) in dims.iter().enumerate() {
        let kept = axes.contains(&axis);
        places = places
            .into_iter()
            .flat_map(|at| (0..dim).map(move |code| if kept { at * dim + code } else { at }))
            .collect();
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_around_zero_is_told_from_counts() {
        let noise = [-6.0, 4.0, -2.0, 7.0, -5.0, 1.0, 3.0, -8.0, 2.0, 5.0, -1.0, -4.0];
        let counts: Vec<f64> =
            noise.iter().cycle().take(60).copied().chain([400.0, 420.0, 380.0]).collect();
        let many = counts.len();
        let noised =
            Noised { counts: &counts, variance: &vec![25.0; many], expected: &vec![20.0; many] };
        let posterior = denoise(&noised, &ratios());
        assert!(posterior.mean[..60].iter().all(|&mean| mean < 1.5), "{:?}", posterior.mean);
        assert_eq!(posterior.mean[60..], [400.0, 420.0, 380.0]);
    }

    #[test]
    fn a_raked_table_has_its_margins() {
        let mut table = vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
        rake(&mut table, &[2, 3], &[(&[0], &[10.0, 20.0]), (&[1], &[6.0, 9.0, 15.0])], 50);
        assert!((table[..3].iter().sum::<f64>() - 10.0).abs() < 1e-9);
        assert!((table[2] + table[5] - 15.0).abs() < 1e-9);
    }
}
