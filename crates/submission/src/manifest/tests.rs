use jiff::civil::date;
use proptest::option::of;
use proptest::prelude::*;

use super::*;
use crate::examples::card;
use crate::{Card, Role};

pub(crate) fn quarter(text: &str) -> Quarter {
    text.parse().unwrap()
}

fn digest(byte: u8) -> String {
    crate::hex::encode(&[byte; 32])
}

fn listed(rows: u64) -> Listed {
    Listed { rows, bytes: 100, blake3: digest(3) }
}

fn example() -> Manifest {
    Manifest {
        format: FORMAT,
        kind: ManifestKind::Submission,
        agency: "practice-police-1".to_owned(),
        practice: true,
        first_quarter: quarter("2026-Q3"),
        last_quarter: quarter("2026-Q4"),
        calendar_offset_days: 15,
        definition_version: "2026.1".to_owned(),
        as_of: date(2027, 1, 20),
        recipient: "0000 1111 2222 3333 4444 5555 6666 7777".to_owned(),
        sequence: 2,
        previous: Some(digest(1)),
        corrects: Some(digest(1)),
        linkage_key_fingerprint: Some("0000 1111 2222 3333 4444 5555 6666 7777".to_owned()),
        modes: vec![
            ManifestMode {
                record: RecordKind::Victim,
                mode: Mode::Encoded,
                basis: "statistics_agreement".to_owned(),
                expires_on: Some(date(2027, 12, 31)),
            },
            ManifestMode {
                record: RecordKind::Arrest,
                mode: Mode::TotalsOnly,
                basis: "default".to_owned(),
                expires_on: None,
            },
        ],
        tables: vec![
            ManifestTable { record: RecordKind::Victim, left_behind: 0, coded: Some(listed(12)) },
            ManifestTable { record: RecordKind::Arrest, left_behind: 4, coded: None },
        ],
        encodings: Some(listed(9)),
        totals: Some(listed(30)),
        withdrawn: None,
    }
}

/// These bytes are signed. If they change, every manifest out there has another digest, and the
/// format number must change too.
#[test]
fn the_canonical_bytes_stay_what_they_are() {
    let manifest = example();
    assert_eq!(manifest.problems(), []);
    insta::assert_snapshot!(String::from_utf8(manifest.canonical()).unwrap(), @r#"{"format":2,"kind":"submission","agency":"practice-police-1","practice":true,"first_quarter":"2026-Q3","last_quarter":"2026-Q4","calendar_offset_days":15,"definition_version":"2026.1","as_of":"2027-01-20","recipient":"0000 1111 2222 3333 4444 5555 6666 7777","sequence":2,"previous":"0101010101010101010101010101010101010101010101010101010101010101","corrects":"0101010101010101010101010101010101010101010101010101010101010101","linkage_key_fingerprint":"0000 1111 2222 3333 4444 5555 6666 7777","modes":[{"record":"victim","mode":"encoded","basis":"statistics_agreement","expires_on":"2027-12-31"},{"record":"arrest","mode":"totals_only","basis":"default","expires_on":null}],"tables":[{"record":"victim","left_behind":0,"coded":{"rows":12,"bytes":100,"blake3":"0303030303030303030303030303030303030303030303030303030303030303"}},{"record":"arrest","left_behind":4,"coded":null}],"encodings":{"rows":9,"bytes":100,"blake3":"0303030303030303030303030303030303030303030303030303030303030303"},"totals":{"rows":30,"bytes":100,"blake3":"0303030303030303030303030303030303030303030303030303030303030303"},"withdrawn":null}"#);
    insta::assert_snapshot!(manifest.digest(), @"9ee91ab3ca9ee3b609deea3589d23dabcc2fb56d778cf7338f189d9384450594");
    insta::assert_snapshot!(manifest.file_name(), @"practice-police-1-2026-Q3-2026-Q4-2.clearway");
    let files: Vec<String> = manifest.files().into_iter().map(|(name, _)| name).collect();
    assert_eq!(files, ["victims.parquet", "encodings.clk", "totals.csv"]);
}

#[test]
fn a_manifest_that_contradicts_itself_says_how() {
    let mut manifest = example();
    manifest.format = 1;
    manifest.agency = "../Police".to_owned();
    manifest.definition_version = "1999.1".to_owned();
    manifest.recipient = String::new();
    manifest.previous = None;
    manifest.corrects = Some("x".to_owned());
    manifest.last_quarter = quarter("2026-Q1");
    manifest.modes[0].mode = Mode::TotalsOnly;
    manifest.modes[0].basis = "because".to_owned();
    manifest.tables.reverse();
    manifest.totals = None;
    manifest.withdrawn = Some(Listed { bytes: MOST_LIST_BYTES + 1, ..listed(1) });
    let problems: Vec<String> = manifest.problems().iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(problems.join("\n"), @r#"
    its format is not 2
    "agency" is not a code of lower-case letters, digits and hyphens
    "definition_version" is not a version of the definitions that is known here
    "recipient" is not a fingerprint of eight groups of four hex digits
    "corrects" is not a BLAKE3 digest of 64 hex digits
    its last quarter is before its first
    sequence 1 has no "previous", and every later one has
    "tables" is not sorted, or names a kind of record twice
    a submission has totals
    a submission withdraws nothing
    "withdrawn" is larger than 64 MiB; send a shorter period
    the basis of victim is not one of legal_bases
    victim rows leave, but their mode that day is totals_only, expired or not stated
    "#);
}

#[test]
fn a_withdrawal_has_its_list_and_nothing_else() {
    let mut manifest = example();
    manifest.kind = ManifestKind::Withdrawal;
    assert_eq!(manifest.problems().len(), 3);
    manifest.tables.clear();
    assert!(manifest.problems().contains(&ManifestProblem::Encodings));
    manifest.encodings = None;
    assert!(manifest.problems().contains(&ManifestProblem::Encodings));
    manifest.linkage_key_fingerprint = None;
    manifest.corrects = None;
    manifest.totals = None;
    manifest.withdrawn = Some(listed(1));
    assert_eq!(manifest.problems(), []);
}

#[test]
fn no_more_people_are_encoded_than_rows_leave() {
    let mut manifest = example();
    manifest.encodings = Some(listed(12));
    assert_eq!(manifest.problems(), []);
    manifest.encodings = Some(listed(13));
    assert_eq!(manifest.problems(), [ManifestProblem::Encodings]);
}

#[test]
fn rows_need_a_mode_that_is_in_force() {
    let no_mode = [ManifestProblem::NoMode { record: RecordKind::Victim }];
    for break_it in [
        |mode: &mut ManifestMode| mode.expires_on = Some(date(2027, 1, 19)),
        |mode: &mut ManifestMode| mode.expires_on = None,
        |mode: &mut ManifestMode| mode.mode = Mode::TotalsOnly,
    ] {
        let mut manifest = example();
        break_it(&mut manifest.modes[0]);
        assert_eq!(manifest.problems(), no_mode);
    }
}

#[test]
fn the_law_is_asked_again() {
    let entity =
        |code: &str| records::record::Code::get(records::register::Kind::LegalEntity, code);
    let manifest = example();
    assert!(manifest.modes_not_open_to(entity("police").unwrap()).is_empty());
    let provider = manifest.modes_not_open_to(entity("covered_provider").unwrap());
    assert!(!provider.is_empty());
    assert!(provider.iter().all(|(record, _)| *record == RecordKind::Victim));
}

#[test]
fn a_file_is_listed_by_its_bytes() {
    let folder = crate::examples::folder();
    crate::examples::put(folder.path(), "a", b"twelve");
    let listed = Listed::of(&folder.path().join("a"), 1).unwrap();
    let expected = blake3::hash(b"twelve").to_hex().to_string();
    assert_eq!((listed.rows, listed.bytes, listed.blake3), (1, 6, expected));
}

#[test]
fn the_recipient_is_a_card() {
    let state: Card = card("state", Role::Clearinghouse);
    let manifest = Manifest { recipient: state.fingerprint(), ..example() };
    assert_eq!(manifest.problems(), []);
}

pub(crate) fn any_quarter() -> impl Strategy<Value = Quarter> {
    (1990..2100i16, 1..=4i8).prop_map(|(year, number)| Quarter::new(year, number).unwrap())
}

fn any_listed() -> impl Strategy<Value = Listed> {
    (any::<u64>(), any::<u64>(), any::<u8>()).prop_map(|(rows, bytes, byte)| Listed {
        rows,
        bytes,
        blake3: digest(byte),
    })
}

fn any_table() -> impl Strategy<Value = ManifestTable> {
    (0..9usize, any::<u64>(), of(any_listed())).prop_map(|(kind, left_behind, coded)| {
        ManifestTable { record: RecordKind::ALL[kind], left_behind, coded }
    })
}

fn any_mode() -> impl Strategy<Value = ManifestMode> {
    (0..9usize, 0..3usize, ".{0,9}", of(1..28i8)).prop_map(|(kind, mode, basis, day)| {
        ManifestMode {
            record: RecordKind::ALL[kind],
            mode: [Mode::TotalsOnly, Mode::WithRelease, Mode::Encoded][mode],
            basis,
            expires_on: day.map(|day| date(2027, 2, day)),
        }
    })
}

fn any_manifest() -> impl Strategy<Value = Manifest> {
    let texts = (".{0,20}", ".{0,9}", ".{0,9}", of(".{0,9}"), of(".{0,9}"), of(".{0,9}"));
    let lists = (
        proptest::collection::vec(any_mode(), 0..4),
        proptest::collection::vec(any_table(), 0..4),
        of(any_listed()),
        of(any_listed()),
        of(any_listed()),
    );
    let numbers = (any::<u32>(), any::<bool>(), any::<bool>(), any::<i32>(), any::<u64>());
    (texts, lists, numbers, any_quarter(), any_quarter()).prop_map(
        |(texts, lists, numbers, first_quarter, last_quarter)| Manifest {
            format: numbers.0,
            kind: if numbers.1 { ManifestKind::Submission } else { ManifestKind::Withdrawal },
            agency: texts.0,
            practice: numbers.2,
            first_quarter,
            last_quarter,
            calendar_offset_days: numbers.3,
            definition_version: texts.1,
            as_of: first_quarter.period().start().unwrap(),
            recipient: texts.2,
            sequence: numbers.4,
            previous: texts.3,
            corrects: texts.4,
            linkage_key_fingerprint: texts.5,
            modes: lists.0,
            tables: lists.1,
            encodings: lists.4,
            totals: lists.2,
            withdrawn: lists.3,
        },
    )
}

proptest! {
    /// Whatever it says, its bytes say all of it, in one way only; and looking at it never panics.
    #[test]
    fn manifests_round_trip(manifest in any_manifest()) {
        let bytes = manifest.canonical();
        let read: Manifest = serde_json::from_slice(&bytes).unwrap();
        prop_assert_eq!(read.canonical(), bytes);
        prop_assert_eq!(&read, &manifest);
        let _ = manifest.problems();
    }
}
