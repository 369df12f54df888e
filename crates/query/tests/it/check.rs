//! What is written is what is read, and what is wrong is named without a value.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use jiff::civil::date;
use proptest::prelude::*;
use proptest::sample::select;
use query::{Cell, CellKey, ExpectedTable, QueryError, TableChecked, TableWriter, check_table};
use records::record::{AgencyRecord, CodedRecord, OpaqueIds, RecordKind};

use crate::made::{coded, expected, quarter, record_with, records, released, victim, write};

/// The cells of records, by what the agency itself counts.
fn cells_of(records: &[AgencyRecord]) -> BTreeMap<CellKey, Cell> {
    let mut cells: BTreeMap<CellKey, (u64, BTreeSet<String>)> = BTreeMap::new();
    for record in records {
        let counted_as = match record.kind() {
            RecordKind::Victim => record.code("counted_as").map(|code| code.as_str()),
            _ => None,
        };
        for quarter in [None, record.quarter()] {
            let of_fields = record.cells_of_totals().map(|(field, code)| (Some(field), code));
            for (field, code) in [(None, None)].into_iter().chain(of_fields) {
                let cell = cells.entry(CellKey { counted_as, quarter, field, code }).or_default();
                cell.0 += 1;
                cell.1.extend(record.person().map(|person| person.in_own_store().to_owned()));
            }
        }
    }
    let of =
        |(records, people): (u64, BTreeSet<String>)| Cell { records, people: people.len() as u64 };
    cells.into_iter().map(|(key, cell)| (key, of(cell))).collect()
}

fn rows_of(records: &[AgencyRecord]) -> Vec<CodedRecord> {
    records.iter().map(|record| coded(record, 7)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_written_has_no_problems_and_the_cells_of_the_agency(
        records in select(RecordKind::ALL.to_vec()).prop_flat_map(|kind| {
            records(kind).prop_map(move |records| (kind, records))
        }),
    ) {
        let (kind, records) = records;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a table.parquet");
        let rows = rows_of(&records);
        prop_assert_eq!(write(&path, kind, &rows), records.len() as u64);
        let checked = check_table(&path, &expected(kind, records.len() as u64)).unwrap();
        prop_assert_eq!(&checked.problems, &[]);
        prop_assert_eq!(checked.cells, cells_of(&records));
        let ids = OpaqueIds::new([7; 32]);
        let own = records.iter().map(|record| ids.id(kind, record.own_reference()));
        prop_assert_eq!(checked.ids, own.collect::<HashSet<_>>());

        // The same records, the same bytes.
        let again = folder.path().join("again.parquet");
        write(&again, kind, &rows);
        prop_assert_eq!(std::fs::read(&path).unwrap(), std::fs::read(&again).unwrap());
    }
}

fn check(rows: &[CodedRecord], expected: &ExpectedTable) -> TableChecked {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("table.parquet");
    write(&path, expected.kind, rows);
    check_table(&path, expected).unwrap()
}

fn told(checked: &TableChecked) -> Vec<String> {
    let problems = checked.problems.iter();
    problems.map(|one| format!("{} {}: {}", one.row, one.column, one.expected)).collect()
}

#[test]
fn each_problem_is_told_by_row_and_column() {
    let served = coded(&victim("1", "2026-Q3", &[]), 7);
    let rows = [
        served.clone(),
        served.clone(),
        released(&victim("2", "2025-Q4", &[]), 7, date(2027, 1, 1)),
        served,
    ];
    let manifest = ExpectedTable {
        first: quarter("2026-Q1"),
        last: quarter("2026-Q4"),
        ..expected(RecordKind::Victim, 3)
    };
    let checked = check(&rows, &manifest);
    assert_eq!(
        told(&checked),
        [
            "0 : 3 rows, as the manifest says, and not 4",
            "2 : one row for each person, count and quarter",
            "3 date: a quarter from 2026-Q1 to 2026-Q4",
            "3 expires_on: nothing: no release is needed",
        ]
    );
    let checked = check(&rows, &ExpectedTable { rows: 4, with_release: true, ..manifest });
    assert_eq!(checked.problems.last().unwrap().column, "reference", "{:?}", told(&checked));
    assert_eq!(
        told(&checked).iter().filter(|told| told.contains("expires_on: the last day")).count(),
        3
    );
}

#[test]
fn the_first_hundred_are_told_and_the_others_counted() {
    let training = [
        ("reference", "1"),
        ("date", "2026-07-01"),
        ("audience", "law_enforcement"),
        ("seats", "12"),
    ];
    let kind = RecordKind::TrainingSession;
    let row = coded(&record_with(kind, &training), 7);
    let checked = check(&vec![row; 250], &expected(kind, 250));
    assert_eq!((checked.problems.len(), checked.more_problems), (100, 149));
    assert_eq!(told(&checked)[0], "2 reference: each id once");
}

#[test]
fn a_table_takes_one_kind() {
    let folder = tempfile::tempdir().unwrap();
    let mut table =
        TableWriter::create(&folder.path().join("table.parquet"), RecordKind::Letter).unwrap();
    let refused = table.write(&coded(&victim("1", "2026-Q3", &[]), 7));
    assert!(matches!(refused, Err(QueryError::OtherKind { .. })));
    let nowhere = TableWriter::create(&folder.path().join("no/table.parquet"), RecordKind::Letter);
    assert!(matches!(nowhere, Err(QueryError::File { .. })));
}
