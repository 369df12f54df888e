//! An agency's records: in, replaced, taken back, brought back.

use std::ops::ControlFlow;

use records::record::{FollowUp, Personal, RecordKind};
use store::{ImportCounts, ImportOutcome, ImportState, RecordOrder, Store, StoreError};

use crate::made::{at, scope};
use crate::made_records::{import, imported, keys, new_import, record, service, standing, victim};
use crate::stores::with_store;

fn counts(id: i64, added: u64, replaced: u64, unchanged: u64) -> ImportCounts {
    ImportCounts { id, added, replaced, unchanged, ..ImportCounts::default() }
}

#[test]
fn what_goes_in_comes_out_the_same_in_the_order_of_the_keys() {
    with_store(async |store| {
        let full = record(
            RecordKind::Victim,
            &[
                ("reference", "V-1"),
                ("given_name", "José \"Pepe\""),
                ("birth_date", "2009-02-03"),
                ("phone", "+1 (555) 010-9999"),
                ("counted_as", "victim_identified"),
                ("date", "2026-08-12"),
                ("status", "confirmed"),
                ("trafficking_type", "labor"),
                ("age", "minor"),
                ("sector", "agriculture; construction"),
            ],
        );
        let records = [victim("V-3", "Ana", "2026-07-01"), full, victim("V-2", "Li", "2026-07-01")];
        assert_eq!(imported(&store, "a", &records).await, counts(1, 3, 0, 0));
        let [third, first, second] = records;
        assert_eq!(standing(&store, RecordKind::Victim).await, [first, second, third]);
        assert!(standing(&store, RecordKind::Arrest).await.is_empty());
    });
}

#[test]
fn the_same_file_again_changes_nothing_while_it_is_in() {
    with_store(async |store| {
        let records = [victim("V-1", "Ana", "2026-07-01")];
        imported(&store, "a", &records).await;
        let again = import(&store, "a", &records).await.unwrap();
        assert_eq!(again, ImportOutcome::Already(1));
        assert_eq!(store.imports(&scope()).await.unwrap()[0].acts.len(), 1);
        store.withdraw_import(&scope(), 1, "wrong folder", at()).await.unwrap();
        assert!(standing(&store, RecordKind::Victim).await.is_empty());
        assert_eq!(imported(&store, "a", &records).await, counts(2, 1, 0, 0));
        let restored = store.restore_import(&scope(), 1, "undo", at()).await;
        assert!(matches!(restored, Err(StoreError::InAgain { id: 1, again: 2 })), "{restored:?}");
    });
}

#[test]
fn one_file_may_bring_several_kinds() {
    with_store(async |store| {
        imported(&store, "a", &[victim("V-1", "Ana", "2026-07-01")]).await;
        assert_eq!(imported(&store, "a", &[service("S-1", "V-1")]).await, counts(2, 1, 0, 0));
    });
}

#[test]
fn another_content_replaces_and_its_withdrawal_gives_the_first_back() {
    with_store(async |store| {
        let first = victim("V-1", "Ana", "2026-07-01");
        let other = victim("V-2", "Li", "2026-07-01");
        let mended = victim("V-1", "Anna", "2026-07-02");
        imported(&store, "a", &[first.clone(), other.clone()]).await;
        let second = imported(&store, "b", &[mended.clone(), other.clone()]).await;
        assert_eq!(second, counts(2, 0, 1, 1));
        assert_eq!(standing(&store, RecordKind::Victim).await, [mended.clone(), other.clone()]);
        store.withdraw_import(&scope(), 2, "mistyped", at()).await.unwrap();
        assert_eq!(standing(&store, RecordKind::Victim).await, [first, other.clone()]);
        store.restore_import(&scope(), 2, "it was right", at()).await.unwrap();
        assert_eq!(standing(&store, RecordKind::Victim).await, [mended.clone(), other.clone()]);
        // What an earlier import said does not come back before what a later one says.
        store.withdraw_import(&scope(), 1, "old", at()).await.unwrap();
        assert_eq!(standing(&store, RecordKind::Victim).await, [mended.clone(), other.clone()]);
        store.restore_import(&scope(), 1, "undo", at()).await.unwrap();
        assert_eq!(standing(&store, RecordKind::Victim).await, [mended, other]);
        let imports = store.imports(&scope()).await.unwrap();
        assert_eq!([imports[0].current, imports[1].current], [0, 2]);
        assert_eq!([imports[0].state, imports[1].state], [ImportState::In; 2]);
        let acts: Vec<&str> = imports[1].acts.iter().map(|act| act.act.as_str()).collect();
        assert_eq!(acts, ["received", "withdrawn", "restored"]);
        assert_eq!(imports[1].acts[1].why, "mistyped");
    });
}

#[test]
fn an_import_is_taken_back_once() {
    with_store(async |store| {
        imported(&store, "a", &[victim("V-1", "Ana", "2026-07-01")]).await;
        let restored = store.restore_import(&scope(), 1, "no", at()).await;
        assert!(matches!(restored, Err(StoreError::WrongImportState { id: 1, state: "in" })));
        store.withdraw_import(&scope(), 1, "why", at()).await.unwrap();
        let again = store.withdraw_import(&scope(), 1, "why", at()).await;
        assert!(matches!(again, Err(StoreError::WrongImportState { id: 1, state: "withdrawn" })));
        let none = store.withdraw_import(&scope(), 9, "why", at()).await;
        assert!(matches!(none, Err(StoreError::NoSuchImport(9))));
    });
}

#[test]
fn one_person_in_three_quarters_is_three_records() {
    with_store(async |store| {
        let days = ["2026-01-05", "2026-04-05", "2026-09-30"];
        let records = days.map(|day| victim("V-1", "Ana", day));
        imported(&store, "a", &records).await;
        assert_eq!(standing(&store, RecordKind::Victim).await, records);
        // The same quarter again is the same record.
        let mended = imported(&store, "b", &[victim("V-1", "Ana", "2026-03-31")]).await;
        assert_eq!(mended, counts(2, 0, 1, 0));
        let by_quarter = store.record_counts(&scope()).await.unwrap();
        let by_quarter: Vec<(String, u64)> =
            by_quarter.iter().map(|count| (count.quarter.to_string(), count.records)).collect();
        let expected = ["2026-Q1", "2026-Q2", "2026-Q3"].map(|quarter| (quarter.to_owned(), 1));
        assert_eq!(by_quarter, expected);
    });
}

async fn days_seen(store: &Store, first: &str, last: &str) -> Vec<String> {
    let mut days = Vec::new();
    let quarters = Some((first.parse().unwrap(), last.parse().unwrap()));
    let mut visit = |record: records::record::AgencyRecord| {
        days.push(record.date("date").unwrap().to_string());
        ControlFlow::Continue(())
    };
    store
        .for_each_record(
            &scope(),
            keys().records,
            RecordKind::Victim,
            quarters,
            RecordOrder::AsTheyCame,
            &mut visit,
        )
        .await
        .unwrap();
    days
}

#[test]
fn quarters_are_whole_and_both_ends_count() {
    with_store(async |store| {
        let days = ["2025-12-31", "2026-01-01", "2026-03-31", "2026-04-01", "2026-06-30"];
        let records: Vec<_> = days
            .iter()
            .enumerate()
            .map(|(at, day)| victim(&format!("V-{at}"), "Ana", day))
            .collect();
        imported(&store, "a", &records).await;
        assert_eq!(days_seen(&store, "2026-Q1", "2026-Q1").await, ["2026-01-01", "2026-03-31"]);
        assert_eq!(days_seen(&store, "2025-Q4", "2026-Q2").await, days);
        assert!(days_seen(&store, "2026-Q3", "2026-Q4").await.is_empty());
    });
}

#[test]
fn many_pages_and_batches_come_back_whole_and_can_break_off() {
    with_store(async |store| {
        let many = 4_321;
        let records: Vec<_> = (0..many)
            .map(|number| {
                victim(&format!("V-{:05}", (number * 7919) % 50_000), "Ana", "2026-07-01")
            })
            .collect();
        assert_eq!(imported(&store, "a", &records).await, counts(1, many, 0, 0));
        assert_eq!(imported(&store, "b", &records).await, counts(2, 0, 0, many));
        let mut sorted = records;
        sorted.sort_by_key(|record| record.key());
        assert_eq!(standing(&store, RecordKind::Victim).await, sorted);
        let mut seen = 0;
        let mut visit = |_| {
            seen += 1;
            if seen == 2_500 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        store
            .for_each_record(
                &scope(),
                keys().records,
                RecordKind::Victim,
                None,
                RecordOrder::AsTheyCame,
                &mut visit,
            )
            .await
            .unwrap();
        assert_eq!(seen, 2_500);
    });
}

#[test]
fn a_file_that_fails_half_way_leaves_nothing_and_can_be_sent_again() {
    with_store(async |store| {
        imported(&store, "a", &[victim("V-00001", "Ana", "2026-07-01")]).await;
        let records: Vec<_> = (0..1_000)
            .map(|number| victim(&format!("V-{number:05}"), "Bea", "2026-07-01"))
            .collect();
        let failing = records
            .iter()
            .cloned()
            .map(Ok)
            .chain([Err(StoreError::NoSuchReturn("the disk is gone".to_owned()))]);
        let new = new_import("b", RecordKind::Victim);
        let failed = store.import_records(&scope(), &new, keys(), failing, at()).await;
        assert!(matches!(failed, Err(StoreError::NoSuchReturn(_))), "{failed:?}");
        assert_eq!(standing(&store, RecordKind::Victim).await.len(), 1);
        assert_eq!(store.imports(&scope()).await.unwrap().len(), 1);
        // PostgreSQL counts the one that failed.
        let again = imported(&store, "b", &records).await;
        assert_eq!(again, counts(again.id, 999, 1, 0));
    });
}

#[test]
fn every_contradiction_of_a_file_is_named_and_nothing_goes_in() {
    with_store(async |store| {
        let mut records: Vec<_> = (0..20_500)
            .map(|number| victim(&format!("V-{number:05}"), "Ana", "2026-07-01"))
            .collect();
        // In one batch, and far apart; a row that stands there twice word for word is no harm.
        records.insert(10, victim("V-00003", "Bea", "2026-07-01"));
        records.push(victim("V-00000", "Bea", "2026-07-01"));
        records.push(victim("V-00001", "Ana", "2026-07-01"));
        let refused = import(&store, "a", &records).await;
        let Err(StoreError::Contradictory { rows }) = refused else { panic!("{refused:?}") };
        assert_eq!(rows, [(4, 11), (1, 20_502)]);
        assert!(standing(&store, RecordKind::Victim).await.is_empty());
        records.retain(|record| record.personal("given_name") == Some(&Personal::new("Ana")));
        let counts = imported(&store, "a", &records).await;
        assert_eq!((counts.added, counts.repeated), (20_500, 1));
    });
}

#[test]
fn a_record_of_another_kind_is_refused() {
    with_store(async |store| {
        let records = [victim("V-1", "Ana", "2026-07-01"), service("S-1", "V-1")];
        let refused = import(&store, "a", &records).await;
        assert!(matches!(refused, Err(StoreError::OtherKind { row: 2, .. })), "{refused:?}");
        assert!(standing(&store, RecordKind::Victim).await.is_empty());
    });
}

#[test]
fn tasks_are_open_until_a_corrected_record_closes_them() {
    with_store(async |store| {
        let unclassified = |day| {
            record(
                RecordKind::Victim,
                &[
                    ("reference", "V-1"),
                    ("birth_date", "2010-01-02"),
                    ("counted_as", "victim_served"),
                    ("date", day),
                    ("trafficking_type", "not_yet_classified"),
                    ("age", "adult"),
                ],
            )
        };
        let arrest = record(
            RecordKind::Arrest,
            &[
                ("reference", "A-1"),
                ("date", "2026-07-09"),
                ("statute", "647(b)"),
                ("conduct", "not_yet_determined"),
            ],
        );
        imported(&store, "a", &[unclassified("2026-07-05"), unclassified("2026-04-05")]).await;
        imported(&store, "b", &[arrest]).await;
        let open = store.follow_ups(&scope(), keys().records).await.unwrap();
        let listed: Vec<(RecordKind, FollowUp, String)> =
            open.iter().map(|one| (one.record, one.follow_up, one.since.to_string())).collect();
        let since = |day: &str| day.to_owned();
        assert_eq!(
            listed,
            [
                (RecordKind::Victim, FollowUp::NotYetClassified, since("2026-04-05")),
                (RecordKind::Victim, FollowUp::MinorByBirthDate, since("2026-04-05")),
                (RecordKind::Arrest, FollowUp::MayBeVictim, since("2026-07-09")),
                (RecordKind::Arrest, FollowUp::ConductNotDetermined, since("2026-07-09")),
            ]
        );
        assert_eq!(open[0].reference, Personal::new("V-1"));
        assert!(!format!("{open:?}").contains("V-1"));
        imported(&store, "c", &[victim("V-1", "Ana", "2026-07-05")]).await;
        let open = store.follow_ups(&scope(), keys().records).await.unwrap();
        assert_eq!(open.len(), 4, "the record of the second quarter still asks");
        imported(&store, "d", &[victim("V-1", "Ana", "2026-04-05")]).await;
        assert_eq!(store.follow_ups(&scope(), keys().records).await.unwrap().len(), 2);
    });
}
