//! The encodings of one linkage key → clusters, draws, uncertain pairs.
//!
//! In: rows of encodings, the agency of each, what reviewers decided. Out: [`Compared`]. The one
//! call of the linkage engine is [`link_encodings`].

use std::collections::BTreeMap;

use linkage::encode::hardened::{EncodedTable, KINDS};
use linkage::{ClusterError, ClusterSettings, Constraints, Linked, ScoredPair, link_pairs};
use records::record::OpaqueId;
use serde_json::json;
use store::PairDecision;

use super::gather::OfKey;
use super::{KeyLinked, LinkError};

/// Exact keys that so many rows have say nothing.
const LARGEST_BLOCK: usize = 64;

/// What the encodings of one key came to.
pub(super) struct Compared {
    /// The cluster of each row.
    pub(super) cluster_of: Vec<u32>,
    /// How probable it is that a row belongs there, in ten-thousandths.
    pub(super) probability: Vec<u16>,
    pub(super) people: u64,
    pub(super) low: u64,
    pub(super) high: u64,
    pub(super) linked: Linked,
    pub(super) pairs: u64,
}

impl Compared {
    pub(super) fn told(&self, key: &OfKey) -> KeyLinked {
        KeyLinked {
            fingerprint: key.fingerprint.clone(),
            encoded: key.table.len() as u64,
            people: self.people,
            low: self.low,
            high: self.high,
            threshold: self.linked.threshold,
            pairs: self.pairs,
        }
    }
}

/// What must be known to repeat it, beside the seed.
pub(super) fn parameters(compared: &[Compared]) -> String {
    let settings = ClusterSettings::default();
    let of_key = |one: &Compared| json!({"threshold": one.linked.threshold, "pairs": one.pairs});
    json!({
        "draws": settings.draws,
        "largest": settings.largest,
        "shared_error": settings.shared_error,
        "keys": compared.iter().map(of_key).collect::<Vec<_>>(),
    })
    .to_string()
}

pub(super) fn run(
    key: &OfKey,
    agencies: &[String],
    decisions: &[PairDecision],
    seed: u64,
) -> Result<Compared, LinkError> {
    let rows: BTreeMap<(u16, OpaqueId), u32> =
        (0..key.table.len()).zip(0..).map(|(row, number)| (key.node(row), number)).collect();
    let row_of = |(agency, id): &(String, OpaqueId)| {
        let place = agencies.binary_search(agency).ok()?;
        rows.get(&(u16::try_from(place).ok()?, *id)).copied()
    };
    let mut constraints = Constraints::default();
    for one in decisions {
        // A decision about somebody who came under another key says nothing here.
        let Some(pair) = row_of(&one.first).zip(row_of(&one.second)) else { continue };
        if one.same { constraints.same.push(pair) } else { constraints.different.push(pair) }
    }
    let (linked, pairs) = link_encodings(&key.table, &key.agency, &constraints, seed)?;
    let people = u64::from(linked.clusters.clusters);
    // At most: as drawn. At least: less what is assumed to be missed in every draw.
    let low = linked.count(&key.agency).low;
    let mut drawn: Vec<u64> = linked.draws.iter().map(|draw| draw.persons).collect();
    drawn.sort_unstable();
    let high = drawn.get(drawn.len().saturating_sub(1) * 39 / 40).copied().unwrap_or(people);
    Ok(Compared {
        cluster_of: linked.clusters.cluster_of.clone(),
        probability: linked.probability.iter().map(|p| (p * 10_000.0) as u16).collect(),
        people,
        low: low.min(people),
        high: high.max(people),
        linked,
        pairs,
    })
}

/// Compares rows of encodings: who is whom, and how many pairs were compared.
///
/// # Errors
///
/// [`ClusterError`], as [`link_pairs`].
pub fn link_encodings(
    table: &EncodedTable,
    agency: &[u16],
    constraints: &Constraints,
    seed: u64,
) -> Result<(Linked, u64), ClusterError> {
    // At even odds: weights that were not learnt say nothing of where else to draw the line.
    let settings = ClusterSettings { seed, threshold: Some(0.0), ..ClusterSettings::default() };
    let score = |one: u32, two: u32| log_odds(table, one as usize, two as usize);
    let pairs: Vec<ScoredPair> = candidates(table)
        .into_iter()
        .map(|(first, second)| ScoredPair { first, second, log_odds: score(first, second) })
        .collect();
    let linked = link_pairs(agency, &pairs, &score, constraints, &settings)?;
    Ok((linked, pairs.len() as u64))
}

/// Pairs of rows that share an exact key, in order, each once.
fn candidates(table: &EncodedTable) -> Vec<(u32, u32)> {
    let mut keyed: Vec<(usize, u64, u32)> = Vec::new();
    for (row, number) in (0..table.len()).zip(0..) {
        for kind in 0..KINDS {
            let keys = table.keys_of(row, kind).iter().filter(|key| **key != 0);
            keyed.extend(keys.map(|key| (kind, *key, number)));
        }
    }
    keyed.sort_unstable();
    keyed.dedup();
    let mut pairs = Vec::new();
    for block in keyed.chunk_by(|one, two| (one.0, one.1) == (two.0, two.1)) {
        if block.len() > LARGEST_BLOCK {
            continue;
        }
        for (at, (_, _, first)) in block.iter().enumerate() {
            pairs.extend(block[at + 1..].iter().map(|(_, _, second)| (*first, *second)));
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

/// How much each kind of exact key speaks for one person when two rows share it, beside what speaks
/// against any two rows. Assumed: no truth is known here, and until weights are learnt from the
/// encodings themselves these are what the kinds' domains suggest.
const BASE: f32 = -6.0;
const WEIGHTS: [f32; KINDS] = [4.0, 4.0, 4.0, 1.5, 3.0, 3.0, 3.0, 2.0];

fn log_odds(table: &EncodedTable, one: usize, two: usize) -> f32 {
    let shares = |kind: &usize| {
        let others = table.keys_of(two, *kind);
        table.keys_of(one, *kind).iter().any(|key| *key != 0 && others.contains(key))
    };
    BASE + (0..KINDS).filter(shares).map(|kind| WEIGHTS[kind]).sum::<f32>()
}
