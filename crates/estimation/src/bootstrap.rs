//! Intervals from resampled people, the model chosen anew for each resample.
//!
//! In: a table and a way to choose a model. As many people as the table has are drawn from it with
//! replacement, a model is chosen and fitted as it was for the table itself, and so again for each
//! replicate; and once for the table without one person of each history. Out: an interval that is
//! bias-corrected and accelerated (Efron 1987, "Better bootstrap confidence intervals", JASA 82;
//! with the choice in each replicate: Silverman, Chan and Vincent 2024, "Bootstrapping multiple
//! systems estimates to account for model selection", Statistics and Computing 34). Time grows
//! linearly with the replicates and is shared by all cores.
//!
//! Each replicate has a random stream of its own: the same seed gives the same digits on any number
//! of threads, and the first replicates of many are those of few.
//!
//! It fails where the table is far from the population's: histories that nobody of the table has,
//! nobody of a resample has either; where several models lead to populations far apart the
//! replicates cluster about each, and the ends jump as the level or the seed changes.
//!
//! | file | what |
//! |---|---|
//! | `resample` | as many people, drawn with replacement |
//! | `bca` | bias correction, acceleration, quantiles |
//! | `stepwise` | pairs added anew for each replicate |
//! | `lowest_bic` | the model of lowest BIC chosen anew for each replicate |

mod bca;
mod lowest_bic;
#[cfg(test)]
mod properties;
mod resample;
mod stepwise;

use rand_chacha::ChaCha8Rng;
use rand_core::SeedableRng;
use rayon::prelude::*;

use crate::estimate::{Interval, IntervalKind};
use crate::histories::CaptureHistories;
use crate::loglinear::Table;
use resample::Resampler;

pub use lowest_bic::{Candidates, bootstrap_lowest_bic};
pub use stepwise::bootstrap_stepwise;

/// How many replicates are made one after the other, in the same room.
const PIECE: usize = 50;

/// How often people are drawn anew, and from which seed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resampling {
    /// How many replicates; a thousand for ends within a few per cent, twenty thousand for ends
    /// that another seed hardly moves. None at all is taken as one.
    pub replicates: usize,
    /// The seed of all streams.
    pub seed: u64,
}

/// Estimates from resampled people.
#[derive(Debug, Clone, PartialEq)]
pub struct Bootstrap {
    /// The estimate for the table itself, people.
    pub population: f64,
    /// Estimates for the replicates, ascending; infinite without one, which is the worst that the
    /// people who were drawn allow.
    pub replicates: Vec<f64>,
    /// How many replicates have no estimate.
    pub without_estimate: usize,
    /// How many people leave a table without an estimate when they are missing; they are left out
    /// of the acceleration.
    pub jackknife_without_estimate: u64,
    /// The normal quantile of the share of replicates below the estimate (`z0`).
    pub bias_correction: f64,
    /// A sixth of the skewness of the estimates with one person less (`a`).
    pub acceleration: f64,
}

impl Bootstrap {
    /// The interval of a level strictly between zero and one. Its lower end is never below the
    /// number of people seen; either end is infinite where it falls among replicates without an
    /// estimate. `O(1)`: several levels of one bootstrap cost nothing.
    ///
    /// Quantiles are R's type 8 (Hyndman and Fan 1996). An end that is asked for beyond the first
    /// or last replicate is that replicate: with `b` replicates levels above about `1 - 2 / b` say
    /// no more.
    pub fn interval(&self, level: f64) -> Interval {
        let end = |share: f64| {
            let share = bca::corrected(share, self.bias_correction, self.acceleration);
            bca::quantile(&self.replicates, share)
        };
        let outside = 0.5 * (1.0 - level);
        Interval { level, low: end(outside), high: end(1.0 - outside), kind: IntervalKind::Bca }
    }
}

/// A way to choose a model and estimate the population.
trait Choice: Sync {
    /// Room that is used again for each table.
    type Room;

    fn room(&self) -> Self::Room;

    /// None without an estimate.
    fn population(&self, table: &Table, room: &mut Self::Room) -> Option<f64>;
}

/// A resample as a table.
#[cfg(test)]
pub(crate) fn resample_for_tests(histories: &CaptureHistories, seed: u64) -> CaptureHistories {
    let mut cells = histories.cells();
    Resampler::new(histories).draw(&mut ChaCha8Rng::seed_from_u64(seed), &mut cells);
    let drawn = cells.iter().zip(0..).filter(|(count, _)| **count > 0.0);
    let drawn = drawn.map(|(count, cell)| (crate::ListSet(cell), *count as u64));
    CaptureHistories::new(histories.lists().to_vec(), drawn).expect("a table")
}

/// Replicates and jackknife of a choice that found `population` for the table itself.
fn bootstrap(
    histories: &CaptureHistories,
    population: f64,
    choice: &impl Choice,
    resampling: Resampling,
) -> Bootstrap {
    let resampler = Resampler::new(histories);
    let mut replicates = in_pieces(
        resampling.replicates.max(1),
        histories,
        choice,
        &|replicate, table: &mut Table| {
            let mut random = ChaCha8Rng::seed_from_u64(resampling.seed);
            random.set_stream(replicate as u64);
            resampler.draw(&mut random, &mut table.cells);
        },
    );
    replicates.sort_unstable_by(f64::total_cmp);
    let without_estimate = replicates.iter().filter(|one| one.is_infinite()).count();

    let counts = histories.counts();
    let one_less = in_pieces(counts.len(), histories, choice, &|place, table: &mut Table| {
        for (at, (history, count)) in counts.iter().enumerate() {
            table.cells[history.cell()] = (count - u64::from(at == place)) as f64;
        }
    });
    let with_people = one_less.into_iter().zip(counts.iter().map(|(_, count)| *count));
    let (mut jackknife, mut jackknife_without_estimate) = (Vec::new(), 0);
    for (population, people) in with_people {
        if population.is_finite() {
            jackknife.push((population, people as f64));
        } else {
            jackknife_without_estimate += people;
        }
    }
    Bootstrap {
        population,
        bias_correction: bca::bias_correction(&replicates, population),
        acceleration: bca::acceleration(&jackknife),
        replicates,
        without_estimate,
        jackknife_without_estimate,
    }
}

/// The populations of numbered tables, each made of the one before in the same piece; infinite
/// without an estimate. Pieces do not depend on how many threads there are.
fn in_pieces<C: Choice>(
    tables: usize,
    histories: &CaptureHistories,
    choice: &C,
    make: &(impl Fn(usize, &mut Table) + Sync),
) -> Vec<f64> {
    let pieces = (0..tables.div_ceil(PIECE)).into_par_iter();
    pieces
        .flat_map_iter(|piece| {
            let mut room = choice.room();
            let mut table = Table::new(histories);
            let numbers = piece * PIECE..tables.min((piece + 1) * PIECE);
            let of_piece: Vec<f64> = numbers
                .map(|number| {
                    make(number, &mut table);
                    table.add_up();
                    choice.population(&table, &mut room).unwrap_or(f64::INFINITY)
                })
                .collect();
            of_piece
        })
        .collect()
}
