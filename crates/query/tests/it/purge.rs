//! Tables written anew without some rows.

use std::collections::BTreeMap;
use std::fs;

use jiff::civil::{Date, date};
use proptest::prelude::*;
use query::{Purged, QueryError, Remove, check_table, purge_table, releases_end};
use records::record::{CodedRecord, CodedValue, OpaqueId, RecordKind};

use crate::made::{coded, expected, records, released, victim, write};

fn id(record: &CodedRecord) -> OpaqueId {
    match record.values()[0] {
        CodedValue::Id(id) => id,
        ref other => panic!("{other:?}"),
    }
}

fn any_kind() -> impl Strategy<Value = (RecordKind, Vec<CodedRecord>)> {
    proptest::sample::select(RecordKind::ALL.to_vec()).prop_flat_map(|kind| {
        records(kind).prop_map(move |records| {
            (kind, records.iter().map(|record| coded(record, 1)).collect())
        })
    })
}

proptest! {
    // Each case waits for the disk.
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// What is left is the table that would have been written without them, byte for byte.
    #[test]
    fn every_other_row_stays_as_it_is((kind, records) in any_kind(), parity in 0..3u8) {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        write(&at("all"), kind, &records);
        let gone = |id: OpaqueId| id.0[0] % 3 == parity;
        let left: Vec<CodedRecord> =
            records.iter().filter(|record| !gone(id(record))).cloned().collect();
        let before = fs::read(at("all")).unwrap();
        let purged = purge_table(&at("all"), &at("left"), kind, &Remove::Ids(&gone)).unwrap();
        prop_assert_eq!(fs::read(at("all")).unwrap(), before);
        if left.len() == records.len() {
            prop_assert_eq!(purged, None);
            prop_assert!(!at("left").exists());
            return Ok(());
        }
        let (rows, all) = (left.len() as u64, records.len() as u64);
        prop_assert_eq!(purged, Some(Purged { removed: all - rows, left: rows }));
        write(&at("wanted"), kind, &left);
        prop_assert_eq!(fs::read(at("left")).unwrap(), fs::read(at("wanted")).unwrap());
        // And again there is nothing to remove.
        let again = purge_table(&at("left"), &at("again"), kind, &Remove::Ids(&gone)).unwrap();
        prop_assert_eq!(again, None);
        prop_assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3);
    }
}

#[test]
fn a_release_holds_through_its_last_day() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let days = [date(2026, 11, 29), date(2026, 11, 30), date(2026, 12, 1), date(2026, 11, 30)];
    let rows: Vec<CodedRecord> = days
        .iter()
        .zip(["1", "2", "3", "4"])
        .map(|(day, own)| released(&victim(own, "2026-Q1", &[]), 1, *day))
        .collect();
    write(&at("all"), RecordKind::Victim, &rows);
    let ends: BTreeMap<Date, u64> = releases_end(&at("all"), RecordKind::Victim).unwrap();
    assert_eq!(ends, BTreeMap::from([(days[0], 1), (days[1], 2), (days[2], 1)]));
    let on = |day| {
        let to = at(&day_name(day));
        purge_table(&at("all"), &to, RecordKind::Victim, &Remove::EndedBefore(day)).unwrap()
    };
    assert_eq!(on(date(2026, 11, 29)), None);
    assert_eq!(on(date(2026, 11, 30)), Some(Purged { removed: 1, left: 3 }));
    assert_eq!(on(date(2026, 12, 2)), Some(Purged { removed: 4, left: 0 }));
    let none = check_table(&at(&day_name(date(2026, 12, 2))), &expected(RecordKind::Victim, 0));
    assert!(none.unwrap().problems.is_empty());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(at(&day_name(date(2026, 12, 2)))).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

fn day_name(day: Date) -> String {
    format!("{day}.parquet")
}

#[test]
fn many_rows_are_written_anew_in_groups() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let row = coded(&victim("1", "2026-Q1", &[]), 1);
    let other = coded(&victim("2", "2026-Q1", &[]), 1);
    let gone = id(&other);
    let mut rows = vec![row; 20_000];
    rows.push(other);
    write(&at("all"), RecordKind::Victim, &rows);
    let remove = |found: OpaqueId| found == gone;
    let remove = Remove::Ids(&remove);
    let purged = purge_table(&at("all"), &at("left"), RecordKind::Victim, &remove).unwrap();
    assert_eq!(purged, Some(Purged { removed: 1, left: 20_000 }));
}

#[test]
fn what_is_no_table_is_not_written_anew() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::write(at("all"), b"reference,surname\n").unwrap();
    let all = |_| true;
    let purge = |from: &str| {
        purge_table(&at(from), &at("left"), RecordKind::Victim, &Remove::Ids(&all)).unwrap_err()
    };
    assert!(matches!(purge("all"), QueryError::NotATable { .. }));
    assert!(matches!(purge("none"), QueryError::File { .. }));
    assert!(!at("left").exists());
}
