//! Encoded tables to people: the path through the parts of this module.

use super::candidates::{add_all_near, candidates};
use super::compare::Comparer;
use super::rows::{Rows, slots_of};
use super::score::score;
use super::unseen::persons;
use crate::cluster::{
    ASSUMED_MISSED, ClusterError, ClusterSettings, Constraints, Count, Linked, ScoredPair,
    link_pairs, probability,
};
use crate::dice::CompareError;
use crate::encode::hardened::{EncodedTable, NotComparable, check_comparable};

/// Groups of names, birth date and sex: what a whole record has.
const WHOLE: u8 = 0b111;

/// How far the estimated share of merges that codes cannot show may be off, either way, as a share
/// of itself. Assumed: where the truth is known, on made-up lists by two generators, it was up to
/// a half.
const SEEN_ERROR: f64 = 0.5;

/// No estimate below it is believed: too little would then be seen to estimate from.
const LEAST_SEEN: f64 = 0.3;

/// How encoded tables are linked.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct EncodedSettings {
    /// Compares all pairs of rows instead of those that share a key: for small tables.
    pub exact: bool,
    /// How pairs become people.
    pub clusters: ClusterSettings,
    /// What reviewers decided.
    pub constraints: Constraints,
}

/// What is being done, for who wants to show or time it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum EncodedPhase {
    /// Finding pairs to compare.
    Block,
    /// Comparing them, learning the weights, scoring.
    Score,
    /// Scored pairs to people.
    Cluster,
}

/// Rows of tables as people. Records are numbered table after table, row after row; the agency of
/// a record is the number of its table.
#[derive(Debug, Clone, PartialEq)]
pub struct LinkedTables {
    /// The agency of each record.
    pub agency: Vec<u16>,
    /// The scored pairs, for calibration and review; similarities stay here.
    pub pairs: Vec<ScoredPair>,
    /// The people.
    pub linked: Linked,
    /// The people counted, for matches that no codes can show as well.
    pub count: Count,
    /// The share of merges that codes can show: an estimate. Clusters are more than people, as the
    /// other merges are of records that have nothing in common to compare.
    pub seen: f64,
    /// Pairs that were compared.
    pub candidates: u64,
    /// Pairs of too large blocks that were not compared for their sake.
    pub pairs_cut: u64,
}

/// Why encoded tables cannot be linked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LinkEncodedError {
    /// They do not fit together.
    #[error(transparent)]
    NotComparable(#[from] NotComparable),
    /// Their pairs cannot be clustered.
    #[error(transparent)]
    Cluster(#[from] ClusterError),
    /// Filters cannot be compared.
    #[error(transparent)]
    Compare(#[from] CompareError),
    /// Filters of two lengths.
    #[error(
        "{one} has filters of {bits} bits, {other} of {other_bits}; encode both with one schema"
    )]
    Widths {
        /// An agency.
        one: String,
        /// Bits of its filters.
        bits: usize,
        /// Another agency.
        other: String,
        /// Bits of its filters.
        other_bits: usize,
    },
    /// There are more agencies than can be numbered.
    #[error("{tables} tables are more than can be numbered: at most 65,535 at once")]
    TooManyTables {
        /// How many there are.
        tables: usize,
    },
}

/// Links the rows of encoded tables, within and across them. `progress` is called at the start of
/// each phase.
///
/// # Errors
///
/// [`LinkEncodedError`] when tables are of two keys, periods or schemas or of one agency, when there
/// are too many rows, and when decisions of reviewers contradict each other.
pub fn link_encoded(
    tables: &[EncodedTable],
    settings: &EncodedSettings,
    progress: &mut dyn FnMut(EncodedPhase),
) -> Result<LinkedTables, LinkEncodedError> {
    check_comparable(tables.iter().map(|table| &table.header))?;
    if tables.len() > usize::from(u16::MAX) {
        return Err(LinkEncodedError::TooManyTables { tables: tables.len() });
    }
    let records: usize = tables.iter().map(EncodedTable::len).sum();
    if records >= u32::MAX as usize {
        return Err(ClusterError::TooManyRecords { records }.into());
    }
    linked(&Rows::new(tables), settings, progress)
}

fn linked(
    rows: &Rows<'_>,
    settings: &EncodedSettings,
    progress: &mut dyn FnMut(EncodedPhase),
) -> Result<LinkedTables, LinkEncodedError> {
    progress(EncodedPhase::Block);
    let mut found = candidates(rows, &slots_of(rows));
    if settings.exact {
        add_all_near(rows, &mut found)?;
    }
    progress(EncodedPhase::Score);
    let comparer = Comparer::new(rows, &found.block_sizes);
    let (pairs, model) = score(&comparer, &found.pairs);
    progress(EncodedPhase::Cluster);
    let linked = link_pairs(
        &rows.agency,
        &pairs,
        &|one, other| model.log_odds(one, other),
        &settings.constraints,
        &settings.clusters,
    )?;
    let seen = seen(rows, &comparer, &pairs, &linked);
    let candidates = found.pairs.len() as u64;
    let pairs_cut = found.pairs_cut;
    let off = (1.0 - seen) * SEEN_ERROR;
    let count = linked.count_seen(&rows.agency, (seen - off, seen + off), ASSUMED_MISSED);
    Ok(LinkedTables {
        agency: rows.agency.to_vec(),
        pairs,
        count,
        linked,
        seen,
        candidates,
        pairs_cut,
    })
}

/// The share of merges that codes can show.
fn seen(rows: &Rows<'_>, comparer: &Comparer<'_>, pairs: &[ScoredPair], linked: &Linked) -> f64 {
    let whole: Vec<bool> =
        (0..rows.len() as u32).map(|record| rows.present(record) & WHOLE == WHOLE).collect();
    let mut matches = [0.0; 3];
    for pair in pairs {
        if whole[pair.first as usize] && whole[pair.second as usize] {
            let probability = probability(pair.log_odds);
            let (names, birth) = comparer.meets(pair.first, pair.second);
            for (sum, met) in matches.iter_mut().zip([names, birth, names && birth]) {
                *sum += if met { probability } else { 0.0 };
            }
        }
    }
    let persons = persons(&linked.clusters.cluster_of, &whole, matches);
    let merges = |persons: f64| rows.len() as f64 - persons;
    let found = merges(f64::from(linked.clusters.clusters));
    if found > 0.0 { (found / merges(persons)).clamp(LEAST_SEEN, 1.0) } else { 1.0 }
}
