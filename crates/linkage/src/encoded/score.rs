//! Candidates to scored pairs.
//!
//! In: the comparer and the candidates. Out: pairs with log odds, and a model that answers for any
//! pair ([`EncodedModel`]). Patterns of cells are counted once and carry both learning and scoring.

use rayon::prelude::*;

use super::compare::Comparer;
use super::learn::{Pattern, learn};
use super::mixture::{Cells, Mixture, SAME, STRANGERS, cells, zeros};
use crate::cluster::ScoredPair;

/// Random pairs from which the cells of strangers are counted.
const RANDOM_PAIRS: u64 = 200_000;

/// Pairs with lower log odds are not given back.
const FLOOR: f32 = -6.0;

/// No pair speaks more than this for or against one person: clustering takes no more from a pair,
/// so a threshold above it would never be reached.
pub(super) const MOST_LOG_ODDS: f64 = 11.5;

/// Pairs of one person that share no key, for one that does: of records with several errors. It is
/// assumed; what it weighs is little, as pairs that are no candidates only ever join groups that
/// candidates brought together.
const NOT_FOUND: f64 = 0.3;

/// The weights.
pub(super) struct EncodedModel<'a> {
    comparer: &'a Comparer<'a>,
    mixture: Mixture,
    /// Pairs of records for each candidate.
    all_by_candidates: f64,
}

/// Scores candidates.
pub(super) fn score<'a>(
    comparer: &'a Comparer<'a>,
    candidates: &[(u32, u32)],
) -> (Vec<ScoredPair>, EncodedModel<'a>) {
    let records = comparer.rows.len() as u64;
    let compared: Vec<Cells> =
        candidates.par_iter().map(|(one, two)| cells(&comparer.compare(*one, *two))).collect();
    let mut sorted = compared.clone();
    sorted.par_sort_unstable();
    let patterns: Vec<Pattern> =
        sorted.chunk_by(|one, two| one == two).map(|run| (run[0], run.len() as f64)).collect();
    drop(sorted);
    let mut strangers = zeros();
    for random in random_pairs(comparer, records) {
        for (field, cell) in random.iter().enumerate() {
            strangers[field][usize::from(*cell)] += 1.0;
        }
    }
    let all = records as f64 * (records as f64 - 1.0) / 2.0;
    let mixture = learn(&patterns, &strangers, all);
    let model = EncodedModel {
        comparer,
        mixture,
        all_by_candidates: all / (candidates.len() as f64).max(1.0),
    };
    let log_odds: Vec<f32> = patterns.iter().map(|(cells, _)| model.of_candidate(cells)).collect();
    let pairs = candidates
        .par_iter()
        .zip(&compared)
        .filter_map(|((first, second), cells)| {
            let at = patterns.binary_search_by(|pattern| pattern.0.cmp(cells)).ok()?;
            let log_odds = log_odds[at];
            (log_odds >= FLOOR).then_some(ScoredPair { first: *first, second: *second, log_odds })
        })
        .collect();
    (pairs, model)
}

/// The cells of pairs drawn at random, the same for the same records.
fn random_pairs(comparer: &Comparer<'_>, records: u64) -> Vec<Cells> {
    if records < 2 {
        return Vec::new();
    }
    let mix = |number| mix(number) % records;
    (0..RANDOM_PAIRS)
        .into_par_iter()
        .map(|number| (mix(2 * number) as u32, mix(2 * number + 1) as u32))
        .filter(|(one, two)| one != two)
        .map(|(one, two)| cells(&comparer.compare(one.min(two), one.max(two))))
        .collect()
}

impl EncodedModel<'_> {
    fn of_candidate(&self, cells: &Cells) -> f32 {
        let chance = self.mixture.of(cells);
        let other: f64 = chance[SAME + 1..].iter().sum();
        log_odds(chance[SAME], other)
    }

    /// The log odds that any two records are one person.
    pub(super) fn log_odds(&self, one: u32, other: u32) -> f32 {
        let pair = self.comparer.compare(one.min(other), one.max(other));
        let cells = cells(&pair);
        if pair.shared > 0 {
            return self.of_candidate(&cells);
        }
        let mut chance = self.mixture.of(&cells);
        chance[STRANGERS] *= self.all_by_candidates / self.mixture.shares[STRANGERS];
        let others: f64 = chance[SAME + 1..].iter().sum();
        log_odds(chance[SAME] * NOT_FOUND, others)
    }
}

fn log_odds(same: f64, other: f64) -> f32 {
    (libm::log(same.max(1e-300)) - libm::log(other.max(1e-300)))
        .clamp(-MOST_LOG_ODDS, MOST_LOG_ODDS) as f32
}

/// A number that looks drawn at random, the same for the same number.
pub(super) fn mix(number: u64) -> u64 {
    let mixed = (number + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed ^ mixed >> 31
}
