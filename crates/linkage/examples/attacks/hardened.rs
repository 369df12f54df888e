//! People in the hardened form.
//!
//! In: what agencies wrote down and a key. Out: what whoever receives the tables sees: the filters
//! of each group, the exact keys of each kind, and which of them a row has.

use linkage::LinkageKey;
use linkage::encode::hardened::{
    About, DiffusionSettings, EncodedTable, GROUPS, KINDS, Permission, PersonCells, PersonRecord,
    encode,
};

use super::people::Written;
use super::view::{Layer, View};

/// A table under a key, its rows in the order of the people.
pub(crate) fn table(
    people: &[Written],
    key: [u8; 32],
    settings: DiffusionSettings,
) -> Result<EncodedTable, Box<dyn std::error::Error>> {
    let names: Vec<String> = (0..people.len()).map(|row| row.to_string()).collect();
    let records: Vec<PersonRecord> = people
        .iter()
        .zip(&names)
        .map(|(one, rec_id)| PersonRecord {
            rec_id,
            cells: cells(one),
            permission: Permission::Unattached,
        })
        .collect();
    let mut drawn = 0_u64;
    let random = |bytes: &mut [u8]| {
        for eight in bytes.chunks_mut(8) {
            drawn += 1;
            let number = drawn.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_le_bytes();
            eight.copy_from_slice(&number[..eight.len()]);
        }
        Ok(())
    };
    let key = LinkageKey::new(key);
    let key_fingerprint = key.fingerprint();
    let about = About { agency: "agency", period: "2026-Q1", key_fingerprint: &key_fingerprint };
    let (table, mapping) = encode(&key, about, &records, settings, random)?;
    // The order of the table says nothing; here it is undone, to be able to count what was found.
    let mut place = vec![0; people.len()];
    for (rec_id, row) in mapping.pairs() {
        let at =
            table.rec_ids.iter().position(|known| known == row).ok_or("a row without a record")?;
        place[rec_id.parse::<usize>()?] = at;
    }
    let groups = table.groups.iter().map(|matrix| {
        let words = place.iter().flat_map(|&at| matrix.row(at)).copied().collect();
        linkage::BitMatrix::new(matrix.bits(), words)
    });
    Ok(EncodedTable {
        header: table.header.clone(),
        rec_ids: place.iter().map(|&at| table.rec_ids[at]).collect(),
        expires_on: place.iter().map(|&at| table.expires_on[at]).collect(),
        present: place.iter().map(|&at| table.present[at]).collect(),
        groups: groups.collect::<Result<_, _>>()?,
        keys: place.iter().map(|&at| table.keys[at]).collect(),
    })
}

fn cells(one: &Written) -> PersonCells<'_> {
    PersonCells {
        given_name: &one.given_name,
        surname: &one.surname,
        alias: &one.alias,
        sex: &one.sex,
        birth_date: &one.birth_date,
        phone: &one.phone,
        street: &one.street,
        zip: &one.zip,
    }
}

/// What is seen of such a table.
pub(crate) fn view(table: &EncodedTable) -> View {
    let rows = table.rec_ids.len();
    let filters = table.groups.iter().take(GROUPS).enumerate().map(|(group, matrix)| {
        let present = (0..rows).map(|row| table.has(row, group)).collect();
        Layer::Agreement(matrix.clone(), present)
    });
    let keys = (0..KINDS)
        .map(|kind| Layer::Equal((0..rows).map(|row| table.keys_of(row, kind).to_vec()).collect()));
    View { rows, layers: filters.chain(keys).collect() }
}
