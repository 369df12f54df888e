//! Plain filters, one for each person, to people.
//!
//! In: for each agency the filters that clkhash or another tool made. Out: people
//! ([`LinkedTables`]). All there is of two records is one Dice coefficient, so relatives and twins
//! at one address are as alike as a person's own records with two errors: NOTHING here parts them.
//! The hardened form does.
//!
//! Pairs above a coefficient that few random pairs reach are searched or, with `exact`, all
//! compared. Between it and 1 the coefficients are those of two kinds of pairs, of one person rising
//! towards 1 and of two falling from the lower end, both exponentially; expectation maximisation
//! finds how many there are of each and how steep they are, so the log odds are a line in the
//! coefficient. Cost: that of the search ([`crate::dice`]).

use super::link::{EncodedPhase, EncodedSettings, LinkEncodedError, LinkedTables};
use super::score::MOST_LOG_ODDS;
use crate::cluster::{ASSUMED_MISSED, ClusterError, ScoredPair, link_pairs};
use crate::dice::{BitMatrix, CompareError, Comparison, Threshold};

/// An agency's filters.
#[derive(Debug, Clone)]
pub struct ClkTable {
    /// The agency.
    pub agency: String,
    /// A filter for each record.
    pub clks: BitMatrix,
}

/// Coefficients are taken in thousandths.
const UNIT: u32 = 1000;
/// Random pairs from which the lowest coefficient is found.
const RANDOM_PAIRS: u64 = 100_000;
/// Pairs of strangers that may be compared for each record, about; and all pairs at most.
const STRANGERS_EACH: f64 = 5.0;
const MOST_EACH: usize = 100;
/// The share of pairs that the search finds at least.
const RECALL: f64 = 0.99;

/// Links plain filters, within and across agencies. `progress` is called at the start of each phase.
///
/// # Errors
///
/// [`LinkEncodedError`] when filters have different lengths, an agency is there twice, or there are
/// too many rows.
pub fn link_clks(
    tables: &[ClkTable],
    settings: &EncodedSettings,
    progress: &mut dyn FnMut(EncodedPhase),
) -> Result<LinkedTables, LinkEncodedError> {
    let (rows, agency) = together(tables)?;
    progress(EncodedPhase::Block);
    let mut lowest = lowest(&rows);
    let pairs = loop {
        // A coefficient up to 1 is a fraction.
        let threshold = Threshold::dice(lowest, UNIT)
            .unwrap_or_else(|_| unreachable!("{lowest} of {UNIT} is a fraction"));
        let comparison = Comparison::within(&rows, threshold);
        let most = MOST_EACH * rows.rows().max(100);
        let found = if settings.exact {
            comparison.pairs(most)
        } else {
            comparison.search(RECALL, settings.clusters.seed, most).map(|found| found.pairs)
        };
        match found {
            Ok(mut pairs) => {
                // Two filters without a bit say nothing.
                pairs.retain(|pair| pair.total > 0);
                break pairs;
            }
            Err(CompareError::TooMany { .. }) if lowest < UNIT => lowest = (lowest + 30).min(UNIT),
            Err(error) => return Err(error.into()),
        }
    };
    progress(EncodedPhase::Score);
    let lowest = f64::from(lowest) / f64::from(UNIT);
    let coefficients: Vec<f64> = pairs.iter().map(|pair| pair.dice()).collect();
    let line = Line::learn(&coefficients, lowest);
    let scored: Vec<ScoredPair> = pairs
        .iter()
        .zip(&coefficients)
        .map(|(pair, dice)| ScoredPair {
            first: pair.first,
            second: pair.second,
            log_odds: line.log_odds(*dice),
        })
        .collect();
    progress(EncodedPhase::Cluster);
    let log_odds = |one: u32, other: u32| line.log_odds(dice(&rows, one, other));
    let linked =
        link_pairs(&agency, &scored, &log_odds, &settings.constraints, &settings.clusters)?;
    let count = linked.count(&agency, ASSUMED_MISSED);
    let candidates = pairs.len() as u64;
    Ok(LinkedTables { agency, pairs: scored, linked, count, seen: 1.0, candidates, pairs_cut: 0 })
}

/// All filters in one matrix, and the agency of each.
fn together(tables: &[ClkTable]) -> Result<(BitMatrix, Vec<u16>), LinkEncodedError> {
    if tables.len() > usize::from(u16::MAX) {
        return Err(LinkEncodedError::TooManyTables { tables: tables.len() });
    }
    let bits = tables.first().map_or(64, |table| table.clks.bits());
    let (mut words, mut agency) = (Vec::new(), Vec::new());
    for (number, table) in (0..).zip(tables) {
        if table.clks.bits() != bits {
            return Err(LinkEncodedError::Widths {
                one: tables[0].agency.clone(),
                bits,
                other: table.agency.clone(),
                other_bits: table.clks.bits(),
            });
        }
        words.extend_from_slice(table.clks.words());
        agency.resize(agency.len() + table.clks.rows(), number);
    }
    let records = agency.len();
    let matrix =
        BitMatrix::new(bits, words).map_err(|_| ClusterError::TooManyRecords { records })?;
    Ok((matrix, agency))
}

fn dice(rows: &BitMatrix, one: u32, other: u32) -> f64 {
    let (one, other) = (one as usize, other as usize);
    let words = rows.row(one).iter().zip(rows.row(other));
    let shared: u32 = words.map(|(one, other)| (one & other).count_ones()).sum();
    let total = rows.ones()[one] + rows.ones()[other];
    if total == 0 { 0.0 } else { 2.0 * f64::from(shared) / f64::from(total) }
}

/// The coefficient, in thousandths, that few pairs of strangers reach: as many deviations above the
/// mean of random pairs as leave [`STRANGERS_EACH`] for each record, if they are normal.
fn lowest(rows: &BitMatrix) -> u32 {
    let records = rows.rows() as u64;
    if records < 2 {
        return UNIT;
    }
    let (mut sum, mut squares, mut pairs) = (0.0, 0.0, 0.0);
    for number in 0..RANDOM_PAIRS {
        let one = super::score::mix(2 * number) % records;
        let other = super::score::mix(2 * number + 1) % records;
        if one != other {
            let dice = dice(rows, one as u32, other as u32);
            (sum, squares, pairs) = (sum + dice, squares + dice * dice, pairs + 1.0);
        }
    }
    let mean = sum / f64::max(pairs, 1.0);
    let deviation = libm::sqrt((squares / f64::max(pairs, 1.0) - mean * mean).max(0.0));
    let share = (2.0 * STRANGERS_EACH / records as f64).min(0.2);
    let mut deviations = 0.0;
    while libm::erfc(deviations / std::f64::consts::SQRT_2) / 2.0 > share {
        deviations += 0.05;
    }
    let lowest = (mean + deviations * deviation).clamp(0.3, 0.95);
    (lowest * f64::from(UNIT)) as u32
}

/// Log odds as a line in the coefficient.
#[derive(Debug, Clone, Copy)]
struct Line {
    at_one: f64,
    slope: f64,
}

impl Line {
    fn log_odds(&self, dice: f64) -> f32 {
        (self.at_one - self.slope * (1.0 - dice)).clamp(-MOST_LOG_ODDS, MOST_LOG_ODDS) as f32
    }

    /// Learns the line from the coefficients of pairs, all from `lowest` to 1.
    fn learn(coefficients: &[f64], lowest: f64) -> Line {
        let width = (1.0 - lowest).max(1e-6);
        // Places from 0, the lower end, to 1.
        let places: Vec<f64> =
            coefficients.iter().map(|dice| ((dice - lowest) / width).clamp(0.0, 1.0)).collect();
        let (mut share, mut rise, mut fall) = (0.3, 5.0, 5.0);
        for _ in 0..200 {
            let (mut same, mut same_sum, mut sum) = (0.5, 0.25, 0.25);
            for place in &places {
                let one = share * density(rise, 1.0 - place);
                let two = (1.0 - share) * density(fall, *place);
                let probability = one / (one + two).max(1e-300);
                same += probability;
                same_sum += probability * (1.0 - place);
                sum += (1.0 - probability) * place;
            }
            let others = places.len() as f64 - same + 1.0;
            share = same / (same + others);
            rise = steepness(same_sum / same);
            fall = steepness((sum / others).max(1e-6));
        }
        let log = |density: f64| libm::log(density.max(1e-300));
        let at_one = log(share / (1.0 - share)) + log(density(rise, 0.0)) - log(density(fall, 1.0));
        Line { at_one, slope: (rise + fall) / width }
    }
}

/// The density at a place of an exponential that ends at 1.
fn density(steepness: f64, place: f64) -> f64 {
    steepness * libm::exp(-steepness * place) / (1.0 - libm::exp(-steepness))
}

/// The steepness whose exponential has a mean; at least a tenth, so that it falls.
fn steepness(mean: f64) -> f64 {
    let (mut low, mut high) = (0.1, 200.0);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        let its_mean = 1.0 / middle - 1.0 / (libm::exp(middle) - 1.0);
        if its_mean > mean { low = middle } else { high = middle }
    }
    f64::midpoint(low, high)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// The mean of an exponential gives its steepness back.
        #[test]
        fn steepness_is_found_from_the_mean(steep in 0.2..50.0_f64) {
            let mean = 1.0 / steep - 1.0 / (libm::exp(steep) - 1.0);
            prop_assert!((steepness(mean) / steep - 1.0).abs() < 1e-3);
        }

        /// Two heaps of coefficients are told apart between them.
        #[test]
        fn heaps_are_told_apart(same in 50..500_usize, others in 50..500_usize) {
            let low = (0..others).map(|at| 0.6 + 0.1 * at as f64 / others as f64);
            let high = (0..same).map(|at| 0.93 + 0.07 * at as f64 / same as f64);
            let line = Line::learn(&low.chain(high).collect::<Vec<_>>(), 0.6);
            prop_assert!(line.log_odds(0.95) > 0.0, "{:?}", line);
            prop_assert!(line.log_odds(0.68) < 0.0, "{:?}", line);
        }
    }
}
