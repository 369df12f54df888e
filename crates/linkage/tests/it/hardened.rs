//! The hardened form: what is the same, what differs, and what damaged files say.

use linkage::LinkageKey;
use linkage::encode::hardened::{
    About, ClkFileError, DiffusionSettings, EncodeError, EncodedTable, GROUPS, KINDS,
    NotComparable, Permission, PersonCells, PersonRecord, check_comparable, encode,
};
use proptest::prelude::*;

const PERSON: PersonCells = PersonCells {
    given_name: "Guadalupe",
    surname: "García López",
    alias: "Nena",
    sex: "F",
    birth_date: "1999-02-03",
    phone: "(559) 555-0147",
    street: "12 Practice Lane",
    zip: "93721",
};

/// All tests but one encode under one key.
fn about<'a>(agency: &'a str, period: &'a str) -> About<'a> {
    About { agency, period, key_fingerprint: "d4055d62e7f5554d" }
}

fn record<'r>(rec_id: &'r str, cells: PersonCells<'r>) -> PersonRecord<'r> {
    PersonRecord { rec_id, cells, permission: Permission::Unattached }
}

/// Counts instead of chance: rows keep no order that a test relies on.
fn counting() -> impl FnMut(&mut [u8]) -> Result<(), EncodeError> {
    let mut next = 0_u64;
    move |bytes: &mut [u8]| {
        for byte in bytes.chunks_mut(8) {
            next += 1;
            let length = byte.len();
            byte.copy_from_slice(&next.to_le_bytes()[..length]);
        }
        Ok(())
    }
}

fn table_of(key: u8, period: &str, persons: &[PersonCells]) -> EncodedTable {
    let ids: Vec<String> = (0..persons.len()).map(|id| format!("R{id}")).collect();
    let records: Vec<PersonRecord> =
        ids.iter().zip(persons).map(|(id, &person)| record(id, person)).collect();
    let key = LinkageKey::new([key; 32]);
    let built_in = DiffusionSettings::BUILT_IN;
    let (table, mapping) =
        encode(&key, about("police-1", period), &records, built_in, counting()).unwrap();
    // Rows back in the order of the records.
    let row_of = |id: &str| {
        let (_, row) = mapping.pairs().find(|(rec_id, _)| *rec_id == id).unwrap();
        table.rec_ids.iter().position(|rec_id| rec_id == row).unwrap()
    };
    let order: Vec<usize> = ids.iter().map(|id| row_of(id)).collect();
    let groups = (0..GROUPS).map(|group| {
        let words = order.iter().flat_map(|&row| table.groups[group].row(row).to_vec()).collect();
        linkage::BitMatrix::new(table.header.filter_bits, words).unwrap()
    });
    EncodedTable {
        rec_ids: order.iter().map(|&row| table.rec_ids[row]).collect(),
        expires_on: order.iter().map(|&row| table.expires_on[row]).collect(),
        present: order.iter().map(|&row| table.present[row]).collect(),
        keys: order.iter().map(|&row| table.keys[row]).collect(),
        groups: groups.collect(),
        header: table.header,
    }
}

/// The distance of two persons in every group.
fn distances(one: PersonCells, other: PersonCells) -> Vec<Option<f32>> {
    let table = table_of(7, "2026-Q1", &[one, other]);
    (0..GROUPS).map(|group| table.distance(0, &table, 1, group)).collect()
}

#[test]
fn writing_a_name_in_another_way_changes_little() {
    let same = |other: PersonCells| distances(PERSON, other);
    let written = PersonCells {
        given_name: "GUADALUPE",
        surname: "lopez-garcia",
        phone: "559.555.0147",
        street: "12 Practice Ln #4",
        ..PERSON
    };
    assert_eq!(same(written), vec![Some(0.0); GROUPS]);
    // A nickname, a letter, a swapped date: nearer than another person.
    let other =
        PersonCells { given_name: "Destiny", surname: "Smith", birth_date: "1987-11-25", ..PERSON };
    let far = same(other)[2].unwrap();
    for near in [
        PersonCells { given_name: "Lupe", ..PERSON },
        PersonCells { surname: "Garsia López", ..PERSON },
        PersonCells { birth_date: "1999-03-02", ..PERSON },
        PersonCells { surname: "García", ..PERSON },
    ] {
        let distance = same(near)[2].unwrap();
        assert!(0.0 < distance && distance < 0.9 * far, "{distance} {far}");
    }
}

/// The group of given name and birth date parts a sister from the same person; those in which
/// surname and street or phone agree are nearer.
#[test]
fn relatives_are_apart_where_they_should_be() {
    let sister = PersonCells { given_name: "Destiny", birth_date: "2001-10-17", ..PERSON };
    let distances = distances(PERSON, sister);
    assert!(distances[0].unwrap() > 0.35, "{distances:?}");
    assert!(distances[3].unwrap() < distances[0].unwrap(), "{distances:?}");
    assert!(distances[4].unwrap() < distances[0].unwrap(), "{distances:?}");
}

#[test]
fn a_group_of_which_too_little_is_present_is_left_out() {
    let groups = |person: PersonCells| {
        let table = table_of(7, "2026-Q1", &[person]);
        (0..GROUPS).filter(|&group| table.has(0, group)).collect::<Vec<_>>()
    };
    assert_eq!(groups(PERSON), [0, 1, 2, 3, 4, 5]);
    assert_eq!(groups(PersonCells { birth_date: "1999", ..PERSON }), [2, 3, 4, 5]);
    assert_eq!(groups(PersonCells { given_name: "G.", ..PERSON }), [1]);
    assert_eq!(groups(PersonCells { phone: "000-0000", street: "", ..PERSON }), [0, 1, 2, 5]);
    assert_eq!(groups(PersonCells::default()), Vec::<usize>::new());
}

/// A lone cell, or two, never reach the least domain.
#[test]
fn no_key_of_fewer_than_three_fields() {
    let only =
        PersonCells { given_name: "Ana", birth_date: "1999-02-03", ..PersonCells::default() };
    let table = table_of(7, "2026-Q1", &[only]);
    assert!((0..KINDS).all(|kind| table.keys_of(0, kind).iter().all(|&key| key == 0)));
}

#[test]
fn names_in_the_wrong_column_still_meet() {
    let swapped = PersonCells { given_name: "García", surname: "Guadalupe", ..PERSON };
    let alias = PersonCells { given_name: "Nena", surname: "Smith", alias: "", ..PERSON };
    let table = table_of(7, "2026-Q1", &[PERSON, swapped, alias]);
    for row in [1, 2] {
        let there = table.keys_of(row, 0);
        assert!(table.keys_of(0, 0).iter().any(|key| *key != 0 && there.contains(key)), "{row}");
    }
}

#[test]
fn another_key_or_period_is_another_code() {
    let one = table_of(7, "2026-Q1", &[PERSON]);
    for other in [table_of(8, "2026-Q1", &[PERSON]), table_of(7, "2026-Q2", &[PERSON])] {
        for group in 0..GROUPS {
            let distance = one.distance(0, &other, 0, group).unwrap();
            assert!((0.35..0.65).contains(&distance), "{group} {distance}");
        }
        assert!(one.keys[0].iter().all(|key| *key == 0 || !other.keys[0].contains(key)));
    }
}

#[test]
fn tables_that_cannot_be_compared_are_named() {
    let header = table_of(7, "2026-Q1", &[PERSON]).header;
    let named = |agency: &str| linkage::encode::hardened::TableHeader {
        agency: agency.to_owned(),
        ..header.clone()
    };
    let refused = |other: linkage::encode::hardened::TableHeader| {
        check_comparable([&header, &other]).unwrap_err()
    };
    assert_eq!(check_comparable([&header, &named("shelter-1")]), Ok(()));
    assert!(matches!(refused(named("police-1")), NotComparable::SameAgency { .. }));
    let mut other = named("shelter-1");
    other.key_fingerprint = "0000000000000000".to_owned();
    assert_eq!(
        refused(other).to_string(),
        "police-1 and shelter-1 were encoded under two keys (d4055d62e7f5554d, 0000000000000000); \
         compare fingerprints over the phone: clearway keys fingerprint NAME"
    );
    let mut other = named("shelter-1");
    other.schema_digest = String::new();
    assert!(matches!(refused(other), NotComparable::Schemas { .. }));
    let mut other = named("shelter-1");
    other.period = "2026-Q2".to_owned();
    assert!(matches!(refused(other), NotComparable::Periods { .. }));
}

#[test]
fn bad_records_are_named_and_not_shown() {
    let long = "Xochitl".repeat(1000);
    let refused = |records: &[PersonRecord]| {
        let key = LinkageKey::new([7; 32]);
        let built_in = DiffusionSettings::BUILT_IN;
        encode(&key, about("police-1", "2026"), records, built_in, counting())
            .unwrap_err()
            .to_string()
    };
    let twice = [record("A", PERSON), record("B", PERSON), record("A", PERSON)];
    assert_eq!(
        refused(&twice),
        "rows 1 and 3 have the same rec_id; give every record of the agency one of its own"
    );
    let error = refused(&[record("A", PersonCells { surname: &long, ..PERSON })]);
    assert_eq!(
        error,
        "row 1, column surname: 7000 bytes, expected at most 1000; a quotation mark may be missing"
    );
    let error = refused(&[record("A", PersonCells { birth_date: "3 February", ..PERSON })]);
    assert_eq!(
        error,
        "row 1, column birth_date: expected YYYY-MM-DD or YYYY; correct it or leave it empty"
    );
    let failing = |_: &mut [u8]| Err(EncodeError::Random("none".to_owned()));
    let key = LinkageKey::new([7; 32]);
    let built_in = DiffusionSettings::BUILT_IN;
    let error =
        encode(&key, about("police-1", "2026"), &twice[..1], built_in, failing).unwrap_err();
    assert_eq!(error, EncodeError::Random("none".to_owned()));
}

#[test]
fn the_end_of_a_release_travels() {
    let permission = Permission::WithRelease { until: 20_270_630 };
    let record = PersonRecord { rec_id: "A", cells: PERSON, permission };
    let key = LinkageKey::new([7; 32]);
    let built_in = DiffusionSettings::BUILT_IN;
    let (table, _) =
        encode(&key, about("shelter-1", "2026"), &[record], built_in, counting()).unwrap();
    let back = EncodedTable::from_bytes(&table.to_bytes()).unwrap();
    assert_eq!((back.expires_on, back.header.unattached), (vec![20_270_630], false));
}

#[test]
fn a_file_is_whole_or_not_there() {
    let folder = std::env::temp_dir().join(format!("clearway-clk-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("a.clk");
    let table = table_of(7, "2026-Q1", &[PERSON]);
    table.write(&path).unwrap();
    assert_eq!(EncodedTable::read(&path).unwrap(), table);
    // A folder stands in the way: the rename fails and leaves nothing behind.
    let taken = folder.join("b.clk");
    std::fs::create_dir_all(taken.join("full")).unwrap();
    assert!(matches!(table.write(&taken), Err(ClkFileError::Io { .. })));
    let mut left: Vec<_> =
        std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["a.clk", "b.clk"]);
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn two_rows_of_one_name_are_refused() {
    let mut table = table_of(7, "2026-Q1", &[PERSON, PERSON, PERSON]);
    table.rec_ids[2] = table.rec_ids[0];
    let error = EncodedTable::from_bytes(&table.to_bytes()).unwrap_err();
    assert!(matches!(error, ClkFileError::SameRecId { first: 1, second: 3 }));
}

#[test]
fn nobody_is_a_table_too() {
    let table = table_of(7, "2026-Q1", &[]);
    assert_eq!(EncodedTable::from_bytes(&table.to_bytes()).unwrap(), table);
    assert!(table.is_empty());
}

#[test]
fn debug_shows_nobody() {
    let table = table_of(7, "2026-Q1", &[PERSON]);
    assert_eq!(format!("{table:?}"), "1 rows of police-1 [withheld]");
    assert!(!format!("{:?}", record("A", PERSON)).contains("Guadalupe"));
}

fn cells() -> impl Strategy<Value = [String; 8]> {
    let name = || prop_oneof!["[A-Ca-cáñ' -]{0,8}", "\\PC{0,8}"];
    let birth = prop_oneof![Just(String::new()), "19[0-9]{2}", "19[0-9]{2}-0[1-9]-1[0-9]"];
    let any = || prop_oneof!["[0-9 ()-]{0,14}", "[0-9]{1,4} [A-Za-z]{1,6} St", "\\PC{0,8}"];
    (name(), name(), name(), "[FMXfmx]?", birth, any(), any(), name())
        .prop_map(|(a, b, c, d, e, f, g, h)| [a, b, c, d, e, f, g, h])
}

fn person(cells: &[String; 8]) -> PersonCells<'_> {
    let [given_name, surname, alias, sex, birth_date, phone, street, zip] = cells;
    PersonCells { given_name, surname, alias, sex, birth_date, phone, street, zip }
}

proptest! {
    // Every case sets up the keys of a table anew, the slowest part of a small one.
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// The same person is the same bits, whoever else is in the table, with one thread or many.
    #[test]
    fn equal_persons_are_equal_codes(people in prop::collection::vec(cells(), 1..12)) {
        let mut persons: Vec<PersonCells> = people.iter().map(person).collect();
        persons.push(persons[0]);
        let table = table_of(7, "2026-Q1", &persons);
        let last = persons.len() - 1;
        prop_assert_eq!(table.present[0], table.present[last]);
        prop_assert_eq!(table.keys[0], table.keys[last]);
        let alone = table_of(7, "2026-Q1", &persons[..1]);
        for group in 0..GROUPS {
            prop_assert_eq!(table.groups[group].row(0), table.groups[group].row(last));
            prop_assert_eq!(table.groups[group].row(0), alone.groups[group].row(0));
        }
        let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
        prop_assert_eq!(pool.install(|| table_of(7, "2026-Q1", &persons)), table);
    }

    /// A file is read back as it was written.
    #[test]
    fn files_are_read_back(people in prop::collection::vec(cells(), 0..6)) {
        let persons: Vec<PersonCells> = people.iter().map(person).collect();
        let table = table_of(7, "2026-Q1", &persons);
        prop_assert_eq!(EncodedTable::from_bytes(&table.to_bytes()).unwrap(), table);
    }
}

/// A file of two rows.
fn file() -> &'static [u8] {
    static FILE: std::sync::OnceLock<Vec<u8>> = std::sync::OnceLock::new();
    let other = PersonCells { birth_date: "", ..PERSON };
    FILE.get_or_init(|| table_of(7, "2026-Q1", &[PERSON, other]).to_bytes())
}

proptest! {
    /// Cut off anywhere, or one bit changed anywhere, it is an error.
    #[test]
    fn damage_is_an_error(at: prop::sample::Index, bit in 0u8..8) {
        let mut bytes = file().to_vec();
        let at = at.index(bytes.len());
        prop_assert!(EncodedTable::from_bytes(&bytes[..at]).is_err());
        bytes[at] ^= 1 << bit;
        prop_assert!(EncodedTable::from_bytes(&bytes).is_err());
        bytes.push(0);
        prop_assert!(EncodedTable::from_bytes(&bytes).is_err());
    }

    /// Bytes that are anything are an error and not a panic.
    #[test]
    fn anything_is_an_error(mut bytes in prop::collection::vec(any::<u8>(), 0..300), marked: bool) {
        if marked {
            bytes.splice(0..0, *b"CLEARCLK\x01\0\0\0\x10\0\0\0");
        }
        prop_assert!(EncodedTable::from_bytes(&bytes).is_err());
    }
}
