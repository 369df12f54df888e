//! An agency's people to encodings that its disclosure modes and releases let leave.
//!
//! In: the cells of people, named by the own numbers of the agency's victims; the linkage key; the
//! day. Out: an encoded table of those who may leave, which of the agency's numbers is which row,
//! and how many stay behind, for which reason. This is the only place where a permit becomes the
//! permission that the encoder asks for.

use std::collections::BTreeMap;
use std::path::Path;

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
    data: &Path,
    as_of: Date,
    linkage_key: &str,
    period: &str,
    people: &PeopleCells,
) -> Result<PeopleEncoded, AgencyError> {
    let own = agency_card(data)?;
    let secret = Keys::open(data)?.linkage_key(linkage_key)?;
    let (key, fingerprint) = (LinkageKey::new(*secret), linkage_fingerprint(&secret));
    let modes = store.standing_modes(scope).await?;
    let releases = store.releases(scope).await?;
    let disclosure = Disclosure::on(as_of, CLEARINGHOUSE, &modes, releases);
    let mut records = Vec::with_capacity(people.len());
    let mut stay_behind = BTreeMap::new();
    for row in 0..people.len() {
        let (rec_id, cells) = people.person(row);
        match disclosure.permit_person(&Personal::new(rec_id)) {
            Ok(permit) => {
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

fn permission(permit: PersonPermit) -> Permission {
    let number = |date: Date| {
        let year = u32::try_from(date.year()).unwrap_or(0);
        (year * 100 + u32::from(date.month().unsigned_abs())) * 100
            + u32::from(date.day().unsigned_abs())
    };
    match permit.expires_on() {
        Some(until) => Permission::WithRelease { until: number(until) },
        None => Permission::Encoded,
    }
}
