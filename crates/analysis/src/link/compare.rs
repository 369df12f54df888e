//! The encodings of one linkage key → clusters, draws, uncertain pairs.
//!
//! In: rows of encodings, the agency of each, what reviewers decided. Out: [`Compared`]. The one
//! call of the linkage engine is in [`run`].

use std::collections::BTreeMap;

use linkage::{ClusterSettings, Constraints, EncodedSettings, Linked, LinkedTables, link_encoded};
use records::record::OpaqueId;
use serde_json::json;
use store::PairDecision;

use super::gather::OfKey;
use super::{KeyLinked, LinkError};

/// What the encodings of one key came to.
pub(super) struct Compared {
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
            encoded: key.len() as u64,
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
        (0..key.len()).zip(0..).map(|(row, number)| (key.node(row), number)).collect();
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
    let settings = EncodedSettings {
        exact: false,
        clusters: ClusterSettings { seed, ..ClusterSettings::default() },
        constraints,
    };
    // Weights are learnt from the encodings themselves.
    let LinkedTables { linked, count, candidates: pairs, .. } =
        link_encoded(&key.tables, &settings, &mut |_| ())?;
    let people = u64::from(linked.clusters.clusters);
    // At most: as drawn. At least: less what no codes can show and what is assumed to be missed.
    Ok(Compared {
        probability: linked.probability.iter().map(|p| (p * 10_000.0) as u16).collect(),
        people,
        low: count.low.min(people),
        high: count.high_drawn.max(people),
        linked,
        pairs,
    })
}
