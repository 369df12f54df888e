//! The people of a submission to encodings.
//!
//! In: records whose leaving is permitted, one after the other; a person has several in a period.
//! Out: one row for each person with enough of a name, called by her opaque id, in the order of
//! the ids, so that neither name nor order says anything. Nobody is encoded without a
//! [`PersonPermit`]: for a client of a covered provider that is her own release (34 U.S.C.
//! 12291(b)(2)); and her name is reached only through the [`Permit`] of a record.
//!
//! Of each part of an identity the last that was recorded is taken. Names are in memory while a
//! submission is made, and wiped afterwards.

use std::collections::BTreeMap;

use jiff::civil::Date;
use linkage::LinkageKey;
use linkage::encode::hardened::{
    About, CELL_LIMIT, DiffusionSettings, EncodeError, EncodedTable, Permission, PersonCells,
    PersonRecord, encode, os_random,
};
use records::disclosure::{Permit, PersonPermit};
use records::record::OpaqueId;
use zeroize::Zeroizing;

use super::AgencyError;
use super::encode::permission;
use crate::encodings::rows_of;

/// The fields of a victim that are mixed, and what they are to the encoder, in its order.
const FIELDS: [&str; 6] =
    ["given_name", "surname", "other_names", "birth_date", "phone", "postcode"];

/// How an encoding looks: the first bytes of one of a made-up person under a key of zeros.
pub(super) fn example() -> String {
    let cells = PersonCells {
        given_name: "Practice",
        surname: "Example",
        birth_date: "1999-02-03",
        sex: "F",
        ..PersonCells::default()
    };
    let record = PersonRecord { rec_id: "example", cells, permission: Permission::Unattached };
    let key = LinkageKey::new([0; 32]);
    let about = About { agency: "example", period: "example", key_fingerprint: "example" };
    let encoded = encode(&key, about, &[record], DiffusionSettings::BUILT_IN, os_random);
    let Ok((table, _)) = encoded else { return String::new() };
    let words = table.groups.iter().find(|_| !table.is_empty()).map(|group| group.row(0));
    let bytes = words.unwrap_or_default().iter().flat_map(|word| word.to_le_bytes()).take(12);
    bytes.map(|byte| format!("{byte:02x}")).collect()
}

/// The people of a period who may be encoded.
pub(super) struct People<'k> {
    key: &'k LinkageKey,
    people: BTreeMap<OpaqueId, Person>,
}

/// A person as her records describe her, the last that says something of each part.
struct Person {
    parts: [(Option<Date>, Zeroizing<String>); FIELDS.len()],
    sex: (Option<Date>, &'static str),
    permit: PersonPermit,
}

impl<'k> People<'k> {
    pub(super) fn new(key: &'k LinkageKey) -> People<'k> {
        People { key, people: BTreeMap::new() }
    }

    /// Takes what a permitted record says of a person.
    pub(super) fn add(
        &mut self,
        of_person: PersonPermit,
        permit: Permit<'_>,
        id: OpaqueId,
        day: Option<Date>,
    ) {
        let identity = permit.identity();
        let person = self.people.entry(id).or_insert_with(|| Person {
            parts: std::array::from_fn(|_| (None, Zeroizing::new(String::new()))),
            sex: (None, ""),
            permit: of_person,
        });
        for (known, field) in person.parts.iter_mut().zip(FIELDS) {
            let text = identity.part(field).trim();
            // What is longer is no name, and would keep everybody else from being encoded.
            if !text.is_empty() && text.len() <= CELL_LIMIT && known.0 <= day {
                *known = (day, Zeroizing::new(text.to_owned()));
            }
        }
        let sex = match identity.slk_sex() {
            "1" => "M",
            "2" => "F",
            _ => "",
        };
        if !sex.is_empty() && person.sex.0 <= day {
            person.sex = (day, sex);
        }
    }

    /// Encodes them. What belongs to one key can be compared whatever the period it was sent for,
    /// so the key's fingerprint stands where the encoder has a period.
    pub(super) fn encode(
        &self,
        agency: &str,
        fingerprint: &str,
    ) -> Result<EncodedTable, AgencyError> {
        let ids: Vec<String> = self.people.keys().map(ToString::to_string).collect();
        let records: Vec<PersonRecord> =
            ids.iter().zip(self.people.values()).map(|(id, person)| person.record(id)).collect();
        let settings = DiffusionSettings::BUILT_IN;
        let about = About { agency, period: fingerprint, key_fingerprint: fingerprint };
        let (mut table, mapping) = encode(self.key, about, &records, settings, os_random)?;
        let drawn: BTreeMap<&[u8; 16], usize> =
            table.rec_ids.iter().enumerate().map(|(row, drawn)| (drawn, row)).collect();
        let row_of: BTreeMap<&str, usize> =
            mapping.pairs().filter_map(|(id, row)| Some((id, *drawn.get(row)?))).collect();
        let mut rows = Vec::new();
        let mut names = Vec::new();
        for (id, text) in self.people.keys().zip(&ids) {
            let Some(row) = row_of.get(text.as_str()) else { continue };
            // Nobody can be found by an encoding in which nothing is.
            if table.says_something(*row) {
                rows.push((0, *row));
                names.push(id.0);
            }
        }
        drop(drawn);
        table = rows_of(&[&table], &rows)
            .ok_or(AgencyError::Encode(EncodeError::Random("filters of two lengths".to_owned())))?;
        table.rec_ids = names;
        Ok(table)
    }
}

impl Person {
    fn record<'r>(&'r self, id: &'r str) -> PersonRecord<'r> {
        let [given_name, surname, alias, birth_date, phone, postcode] = &self.parts;
        let cells = PersonCells {
            given_name: &given_name.1,
            surname: &surname.1,
            alias: &alias.1,
            sex: self.sex.1,
            birth_date: &birth_date.1,
            phone: &phone.1,
            zip: &postcode.1,
            ..PersonCells::default()
        };
        PersonRecord { rec_id: id, cells, permission: permission(self.permit) }
    }
}
