//! The encodings of one linkage key → clusters, draws, uncertain pairs.
//!
//! In: rows of encodings, the agency of each, what reviewers decided. Out: [`Compared`]. The one
//! call of the linkage engine is [`link_encodings`].

use std::collections::BTreeMap;

use linkage::encode::hardened::EncodedTable;
use linkage::{
    ClusterSettings, Constraints, EncodedSettings, LinkEncodedError, Linked, LinkedTables,
    link_encoded,
};
use records::record::OpaqueId;
use serde_json::json;
use store::PairDecision;

use super::gather::OfKey;
use super::{KeyLinked, LinkError};
use crate::encodings::rows_of;

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
    let LinkedTables { linked, count, candidates: pairs, .. } =
        link_encodings(&key.table, &key.agency, &constraints, seed)?;
    let people = u64::from(linked.clusters.clusters);
    // At most: as drawn. At least: less what no codes can show and what is assumed to be missed.
    let low = count.low;
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

/// Compares rows of encodings, which stand in the order of their agencies: who is whom, and how many
/// people that may be. Weights are learnt from the encodings themselves.
///
/// # Errors
///
/// [`LinkEncodedError`], as [`link_encoded`].
fn link_encodings(
    table: &EncodedTable,
    agency: &[u16],
    constraints: &Constraints,
    seed: u64,
) -> Result<LinkedTables, LinkEncodedError> {
    let mut first = 0;
    let tables = agency.chunk_by(|one, other| one == other).filter_map(|rows| {
        let places: Vec<(usize, usize)> = (first..first + rows.len()).map(|row| (0, row)).collect();
        first += rows.len();
        let mut of_agency = rows_of(&[table], &places)?;
        of_agency.header.agency = rows.first()?.to_string();
        Some(of_agency)
    });
    let tables: Vec<EncodedTable> = tables.collect();
    let settings = EncodedSettings {
        exact: false,
        clusters: ClusterSettings { seed, ..ClusterSettings::default() },
        constraints: constraints.clone(),
    };
    link_encoded(&tables, &settings, &mut |_| ())
}
