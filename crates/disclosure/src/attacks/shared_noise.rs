//! How far the share of successes may be off when trials share noise.
//!
//! People of one cell share its noise, so that a thousand trials on sixteen cells are no thousand
//! independent ones: where the noise of a large cell comes out near zero, all its people are found at
//! once. What the share would do is drawn: noise of the claimed scale for each cell, a thousand
//! times, and the same trials on it.

use super::attack::{AttackError, Trials};
use super::random::{generator, normal};

/// How often noise is drawn.
const DRAWS: usize = 1000;

/// A trial: its score under noise alone, in standard deviations, and what one person is in them.
pub(super) struct Trial {
    /// Cells with what a standard deviation of their noise is in the score's; squares sum to 1.
    pub(super) parts: Vec<(usize, f64)>,
    /// What one person adds to the score.
    pub(super) person: f64,
}

/// How far below and above its mean the share of successes lies in 99 of 100 draws; of `cells` cells.
///
/// Work: 1,000 times the cells of all trials.
///
/// # Errors
/// Stopped.
pub(super) fn spread(
    tried: &[Trial],
    cells: usize,
    trials: Trials<'_>,
) -> Result<[f64; 2], AttackError> {
    if tried.is_empty() {
        return Ok([1.0, 1.0]);
    }
    let mut draws = generator(trials.seed, 8);
    let mut noise = vec![0.0; cells];
    let mut shares = Vec::with_capacity(DRAWS);
    for _ in 0..DRAWS {
        trials.stop.check()?;
        noise.fill_with(|| normal(&mut draws));
        let near = |trial: &&Trial| {
            let score: f64 = trial.parts.iter().map(|(cell, part)| part * noise[*cell]).sum();
            score.abs() < trial.person / 2.0
        };
        // Right in both worlds when the noise is less than half a person, else in one of the two.
        let right = tried.iter().filter(near).count();
        shares.push(0.5 + 0.5 * right as f64 / tried.len() as f64);
    }
    shares.sort_by(f64::total_cmp);
    let mean = shares.iter().sum::<f64>() / DRAWS as f64;
    let at = |part: f64| shares[(part * (DRAWS - 1) as f64) as usize];
    Ok([at(0.995) - mean, mean - at(0.005)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attacks::attack::Stop;

    #[test]
    fn trials_on_one_cell_are_one_trial_and_on_many_cells_are_many() {
        let stop = Stop::default();
        let trials = Trials { number: 0, seed: 1, stop: &stop };
        let spread_of = |cells: usize| {
            let trial = |place| Trial { parts: vec![(place % cells, 1.0)], person: 0.5 };
            spread(&(0..1000).map(trial).collect::<Vec<_>>(), cells, trials).unwrap()
        };
        // One cell: all of them or none, by the chance that |z| < ¼, which is .197.
        let [below, above] = spread_of(1);
        assert!((below - 0.4).abs() < 0.03 && (above - 0.1).abs() < 0.03, "{below} {above}");
        // A thousand: half the normal approximation's 2.576 √(.197 · .803 / 1000).
        let [below, above] = spread_of(1000);
        assert!(
            (below - 0.0162).abs() < 0.003 && (above - 0.0162).abs() < 0.003,
            "{below} {above}"
        );
    }
}
