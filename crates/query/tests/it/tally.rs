//! Records by every field, by the engine and by hand.

use std::collections::BTreeMap;

use jiff::civil::date;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use query::{CellKey, QueryError, Sum, TallyAnswer, TallyQuestion, tally_on};
use records::record::{AgencyRecord, Field, Leaves, OpaqueId, OpaqueIds, RecordKind};

use crate::made::{coded, engine, quarter, records, registered, write};

fn id(agency: u16, record: &AgencyRecord) -> OpaqueId {
    OpaqueIds::new([agency as u8; 32]).id(record.kind(), record.own_reference())
}

fn by_hand(rows: &[(u16, u64, AgencyRecord)], question: &TallyQuestion) -> TallyAnswer {
    let mut cells: BTreeMap<CellKey, u64> = BTreeMap::new();
    let mut sums: BTreeMap<(usize, records::Quarter), (i64, u64)> = BTreeMap::new();
    for (agency, sequence, record) in rows {
        let day = record.quarter().unwrap();
        let gone = question.removed.iter().any(|(of, gone, before)| {
            (*of, *gone) == (*agency, id(*agency, record))
                && before.is_none_or(|before| *sequence < before)
        });
        if gone || !(question.first..=question.last).contains(&day) {
            continue;
        }
        let counted_as = match record.kind() {
            RecordKind::Victim => record.code("counted_as").map(|code| code.as_str()),
            _ => None,
        };
        let of_fields = record.cells_of_totals().map(|(field, code)| (Some(field), code));
        for (field, code) in [(None, None)].into_iter().chain(of_fields) {
            let key = CellKey { counted_as, quarter: Some(day), field, code };
            *cells.entry(key).or_default() += 1;
        }
        for (at, field) in Field::of(record.kind()).iter().enumerate() {
            if let (Leaves::Number, Some(number)) = (field.leaves, record.number(field.name)) {
                let sum = sums.entry((at, day)).or_default();
                *sum = (sum.0 + number, sum.1 + 1);
            }
        }
    }
    let sums = sums.into_iter().map(|((at, quarter), (sum, records))| {
        let field = Field::of(question.kind)[at].name;
        Sum { quarter, field, sum, records }
    });
    TallyAnswer { cells, sums: sums.collect() }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_engine_tallies_as_a_hand_does(
        (kind, submissions) in select(RecordKind::ALL.to_vec()).prop_flat_map(|kind| {
            prop::collection::vec(records(kind), 1..5).prop_map(move |some| (kind, some))
        }),
        removed in prop::collection::vec((any::<Index>(), prop::option::of(1..4u64)), 0..4),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let mut rows: Vec<(u16, u64, AgencyRecord)> = Vec::new();
        let mut tables = Vec::new();
        for (at, records) in submissions.into_iter().enumerate() {
            let (agency, sequence) = (at as u16 % 2, at as u64 + 1);
            let path = folder.path().join(format!("{at}.parquet"));
            let of: Vec<_> = records.iter().map(|one| coded(one, agency as u8)).collect();
            tables.push(registered(agency, sequence, &path, write(&path, kind, &of)));
            rows.extend(records.into_iter().map(|record| (agency, sequence, record)));
        }
        let removed = removed.into_iter().filter(|_| !rows.is_empty()).map(|(which, before)| {
            let (agency, _, record) = which.get(&rows);
            (*agency, id(*agency, record), before)
        });
        let question = TallyQuestion {
            kind,
            removed: removed.collect(),
            tables,
            first: quarter("2025-Q2"),
            last: quarter("2026-Q3"),
            as_of: date(2026, 11, 1),
        };
        let expected = by_hand(&rows, &question);
        for threads in [1, 4] {
            let answer = engine().block_on(tally_on(&question, threads)).unwrap();
            prop_assert_eq!(answer, expected.clone());
        }
    }
}

#[test]
fn a_table_that_lost_rows_is_not_counted() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("contacts.parquet");
    write(&path, RecordKind::Contact, &[]);
    let question = TallyQuestion {
        kind: RecordKind::Contact,
        tables: vec![registered(0, 1, &path, 1)],
        removed: vec![],
        first: quarter("2026-Q1"),
        last: quarter("2026-Q4"),
        as_of: date(2027, 1, 1),
    };
    let refused = engine().block_on(tally_on(&question, 1)).unwrap_err();
    assert!(matches!(refused, QueryError::Rows { expected: 1, found: 0, .. }));
}
