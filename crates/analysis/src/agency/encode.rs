//! An agency's people to encodings that its disclosure modes and releases let leave.
//!
//! In: the cells of people, named by the own numbers of the agency's victims; the linkage key; the
//! day. Out: an encoded table of those who may leave, which of the agency's numbers is which row,
//! and how many stay behind, for which reason. This is the only place where a permit becomes the
//! permission that the encoder asks for.

use std::collections::BTreeMap;

use jiff::civil::Date;
use linkage::LinkageKey;
use linkage::encode::PeopleCells;
use linkage::encode::hardened::{
    About, DiffusionSettings, EncodedTable, Mapping, Permission, PersonRecord, encode, os_random,
};
use records::disclosure::{CLEARINGHOUSE, Disclosure, PersonPermit, StaysBehind};
use records::record::Personal;
use store::{Scope, Store};
use submission::{Keys, linkage_fingerprint};

use super::AgencyError;
use super::plan::agency_card;
use crate::encodings::day_number;

/// People encoded.
#[derive(Debug)]
pub struct PeopleEncoded {
    /// Those who may leave.
    pub table: EncodedTable,
    /// Which of the agency's numbers is which row.
    pub mapping: Mapping,
    /// How many stay behind, by reason.
    pub stay_behind: BTreeMap<StaysBehind, usize>,
}

/// Encodes the people of a file, as far as they may leave that day.
///
/// # Errors
///
/// [`AgencyError::NobodyMayBeEncoded`] when nobody may; when the key is not here, or a row cannot
/// be encoded.
pub async fn encode_people(
    store: &Store,
    scope: &Scope,
    keys: &Keys,
    as_of: Date,
    linkage_key: &str,
    period: &str,
    people: &PeopleCells,
) -> Result<PeopleEncoded, AgencyError> {
    let own = agency_card(keys.data())?;
    let secret = keys.linkage_key(linkage_key)?;
    let (key, fingerprint) = (LinkageKey::new(*secret), linkage_fingerprint(&secret));
    let modes = store.standing_modes(scope).await?;
    let releases = store.releases(scope, &keys.records_key()).await?;
    let disclosure = Disclosure::on(as_of, CLEARINGHOUSE, &modes, releases);
    // Without own numbers rows are called by their place; a release can be asked for nobody then.
    let named = !people.missing().iter().any(|column| column == "rec_id");
    let places: Vec<String> = (1..=people.len()).map(|row| row.to_string()).collect();
    let mut records = Vec::with_capacity(people.len());
    let mut stay_behind = BTreeMap::new();
    for (row, place) in places.iter().enumerate() {
        let (rec_id, cells) = people.person(row);
        match disclosure.permit_person(&Personal::new(rec_id)) {
            Ok(permit) => {
                let rec_id = if named { rec_id } else { place };
                records.push(PersonRecord { rec_id, cells, permission: permission(permit) });
            }
            Err(reason) => *stay_behind.entry(reason).or_default() += 1,
        }
    }
    if records.is_empty() && !stay_behind.is_empty() {
        return Err(AgencyError::NobodyMayBeEncoded { reasons: stay_behind });
    }
    let about = About { agency: own.code(), period, key_fingerprint: &fingerprint };
    let settings = DiffusionSettings::BUILT_IN;
    let (table, mapping) = encode(&key, about, &records, settings, os_random)?;
    Ok(PeopleEncoded { table, mapping, stay_behind })
}

/// The permission that the encoder asks for.
pub(super) fn permission(permit: PersonPermit) -> Permission {
    match permit.expires_on() {
        Some(until) => Permission::WithRelease { until: day_number(until) },
        None => Permission::Encoded,
    }
}
