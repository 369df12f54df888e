//! Totals beside a naive count of the same records.

use std::collections::{BTreeMap, BTreeSet};

use analysis::agency::Tally;
use proptest::prelude::*;
use records::Quarter;
use records::record::{AgencyRecord, Personal, RecordKind};
use submission::Total;

use crate::made_agency::record;

type Place = (Option<&'static str>, Option<Quarter>, Option<&'static str>, Option<&'static str>);

/// For each cell, every record and every person in it, kept as they are.
fn naive(kind: RecordKind, records: &[AgencyRecord]) -> Vec<Total> {
    let mut cells: BTreeMap<Place, (u64, BTreeSet<Personal>)> = BTreeMap::new();
    for record in records {
        let counted_as = if kind == RecordKind::Victim { record.code("counted_as") } else { None };
        let counted_as = counted_as.map(|code| code.as_str());
        let mut places = vec![(None, None)];
        places.extend(record.cells_of_totals().map(|(field, code)| (Some(field), code)));
        for (field, code) in places {
            for quarter in [None, record.quarter()] {
                let cell = cells.entry((counted_as, quarter, field, code)).or_default();
                cell.0 += 1;
                cell.1.extend(record.person().cloned());
            }
        }
    }
    cells
        .into_iter()
        .map(|((counted_as, quarter, field, code), (records, people))| Total {
            record: kind,
            counted_as,
            quarter,
            field,
            code,
            records,
            people: people.len() as u64,
        })
        .collect()
}

fn tallied(kind: RecordKind, records: &[AgencyRecord]) -> Vec<Total> {
    let mut tally = Tally::new(kind);
    records.iter().for_each(|record| tally.add(record));
    tally.finish()
}

fn any_victim() -> impl Strategy<Value = AgencyRecord> {
    let counted_as = prop::sample::select(vec!["victim_identified", "victim_served"]);
    let kind = prop::sample::select(vec!["sex", "labor", "both"]);
    let sector = prop::sample::select(vec!["", "farming", "farming; construction_sites"]);
    (0..6u8, counted_as, 1..9i8, kind, sector).prop_map(
        |(person, counted_as, month, kind, sector)| {
            record(
                RecordKind::Victim,
                &[
                    ("reference", &format!("V-{person}")),
                    ("counted_as", counted_as),
                    ("date", &format!("2026-0{month}-01")),
                    ("trafficking_type", kind),
                    ("age", "adult"),
                    ("sector", sector),
                ],
            )
        },
    )
}

fn any_service(at: usize) -> impl Strategy<Value = AgencyRecord> {
    let help = prop::sample::select(vec!["shelter", "case_management"]);
    (0..6u8, help, 1..9i8).prop_map(move |(person, help, month)| {
        record(
            RecordKind::Service,
            &[
                ("reference", &format!("S-{at}")),
                ("victim", &format!("V-{person}")),
                ("date", &format!("2026-0{month}-01")),
                ("service", help),
            ],
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn victims_are_counted_as_by_hand(mut records in prop::collection::vec(any_victim(), 0..40)) {
        // As the store hands them out: by key, each key once.
        records.sort_by_key(AgencyRecord::key);
        records.dedup_by_key(|record| record.key());
        prop_assert_eq!(tallied(RecordKind::Victim, &records), naive(RecordKind::Victim, &records));
    }

    #[test]
    fn services_are_counted_as_by_hand(
        records in prop::collection::vec(any::<u8>(), 0..40)
            .prop_flat_map(|them| (0..them.len()).map(any_service).collect::<Vec<_>>()),
    ) {
        prop_assert_eq!(tallied(RecordKind::Service, &records), naive(RecordKind::Service, &records));
    }
}
