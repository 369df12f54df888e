//! As many people, drawn with replacement.
//!
//! How many of `n` draws fall on each history is multinomial. It is drawn by halving the
//! histories: of the draws on a run of histories, those on its first half are binomial. A binomial
//! is drawn as if each draw were a number between zero and one, compared with the chance digit by
//! digit in base two: the digits of all draws that are still undecided are the bits of one random
//! word after another, and half of them are decided with each. So counts are exact, whatever the
//! chance, and a resample takes about `n log2(histories) / 32` random words of 64 bits.

use rand_core::RngCore;

use crate::histories::{CaptureHistories, ListSet};

/// Draws people of a table with replacement.
#[derive(Debug, Clone)]
pub(crate) struct Resampler {
    /// Cells with people.
    cells: Vec<usize>,
    /// How many people are in the cells before each of these, and in all.
    before: Vec<u64>,
}

impl Resampler {
    pub(crate) fn new(histories: &CaptureHistories) -> Resampler {
        // By the names of the lists, so that a seed draws the same people in any order of lists.
        let names = histories.lists();
        let mut by_name: Vec<usize> = (0..names.len()).collect();
        by_name.sort_unstable_by_key(|list| &names[*list]);
        let named = |history: ListSet| {
            by_name.iter().fold(0, |bits, list| bits << 1 | history.0 >> list & 1)
        };
        let mut counts = histories.counts().to_vec();
        counts.sort_unstable_by_key(|(history, _)| named(*history));
        let mut before = vec![0];
        let mut sum = 0;
        for (_, count) in &counts {
            sum += count;
            before.push(sum);
        }
        Resampler { cells: counts.iter().map(|(history, _)| history.cell()).collect(), before }
    }

    /// A resample into the cells with people; the others are left as they are.
    pub(crate) fn draw(&self, random: &mut impl RngCore, cells: &mut [f64]) {
        let people = self.before[self.cells.len()];
        self.divide(0, self.cells.len(), people, random, cells);
    }

    /// Divides `draws` among the cells from one place to before another.
    fn divide(
        &self,
        from: usize,
        to: usize,
        draws: u64,
        random: &mut impl RngCore,
        cells: &mut [f64],
    ) {
        match to - from {
            0 => {}
            1 => cells[self.cells[from]] = draws as f64,
            several => {
                let middle = from + several / 2;
                let part = self.before[middle] - self.before[from];
                let whole = self.before[to] - self.before[from];
                let first = binomial(draws, part, whole, random);
                self.divide(from, middle, first, random, cells);
                self.divide(middle, to, draws - first, random, cells);
            }
        }
    }
}

/// How many of some draws succeed, each with chance `part / whole`; `whole` is below `2^63`.
fn binomial(draws: u64, part: u64, whole: u64, random: &mut impl RngCore) -> u64 {
    let (mut below, mut undecided, mut rest) = (0, draws, part);
    while undecided > 0 && rest > 0 {
        let zeros = heads(undecided, random);
        rest *= 2;
        if rest >= whole {
            // The chance's digit is one: a draw whose digit is zero is below it.
            rest -= whole;
            below += zeros;
            undecided -= zeros;
        } else {
            undecided = zeros;
        }
    }
    below
}

/// How many of some fair coins show heads.
fn heads(coins: u64, random: &mut impl RngCore) -> u64 {
    let words: u64 = (0..coins / 64).map(|_| u64::from(random.next_u64().count_ones())).sum();
    match coins % 64 {
        0 => words,
        left => words + u64::from((random.next_u64() >> (64 - left)).count_ones()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rand_chacha::ChaCha8Rng;
    use rand_core::SeedableRng;

    use super::*;

    fn counts(of: &[u64]) -> CaptureHistories {
        let lists = ["A", "B", "C"].map(str::to_owned).to_vec();
        let cells = of.iter().zip(1..).map(|(count, cell)| (ListSet(cell), *count));
        CaptureHistories::new(lists, cells).expect("a table")
    }

    #[test]
    fn counts_have_the_mean_and_the_variance_of_a_multinomial() {
        let seen = [300, 40, 0, 7, 1, 150, 2];
        let people: u64 = seen.iter().sum();
        let resampler = Resampler::new(&counts(&seen));
        let mut random = ChaCha8Rng::seed_from_u64(5);
        let rounds = 20_000_u32;
        let (mut sums, mut squares) = ([0.0; 8], [0.0; 8]);
        for _ in 0..rounds {
            let mut cells = [0.0; 8];
            resampler.draw(&mut random, &mut cells);
            assert_eq!(cells.iter().sum::<f64>(), people as f64);
            for at in 0..8 {
                sums[at] += cells[at];
                squares[at] += cells[at] * cells[at];
            }
        }
        for (at, count) in seen.iter().enumerate() {
            let chance = *count as f64 / people as f64;
            let (mean, variance) = (*count as f64, *count as f64 * (1.0 - chance));
            let found = sums[at + 1] / f64::from(rounds);
            let spread = squares[at + 1] / f64::from(rounds) - found * found;
            // Five standard errors; that of a variance is at most that of a Poisson's.
            let error = 5.0 * (variance / f64::from(rounds)).sqrt();
            assert!((found - mean).abs() <= error, "{at}: {found} for {mean}");
            let error = 5.0 * ((2.0 * variance * variance + variance) / f64::from(rounds)).sqrt();
            assert!((spread - variance).abs() <= error, "{at}: {spread} for {variance}");
        }
    }

    #[test]
    fn binomials_of_few_draws_have_their_chances() {
        let mut random = ChaCha8Rng::seed_from_u64(9);
        let rounds = 40_000;
        let mut found = [0_u32; 4];
        for _ in 0..rounds {
            found[binomial(3, 2, 7, &mut random) as usize] += 1;
        }
        let chances = [125.0, 150.0, 60.0, 8.0].map(|ways| ways / 343.0);
        let square: f64 = found
            .iter()
            .zip(chances)
            .map(|(found, chance)| {
                let expected = chance * f64::from(rounds);
                (f64::from(*found) - expected) * (f64::from(*found) - expected) / expected
            })
            .sum();
        // The upper 0.001 of chi squared on three degrees of freedom.
        assert!(square < 16.27, "{square}");
    }

    proptest! {
        #[test]
        fn nobody_new_is_drawn(seen in proptest::collection::vec(0_u64..90, 7), seed: u64) {
            let mut cells = [0.0; 8];
            Resampler::new(&counts(&seen)).draw(&mut ChaCha8Rng::seed_from_u64(seed), &mut cells);
            prop_assert_eq!(cells.iter().sum::<f64>(), seen.iter().sum::<u64>() as f64);
            for (cell, count) in cells[1..].iter().zip(seen) {
                prop_assert!(count > 0 || *cell == 0.0);
            }
        }
    }
}
