//! The clearinghouse's side: files whose content was refused, and rows that had to be removed.

use records::disclosure::OrderKind;
use records::record::{OpaqueId, RecordKind};
use store::{
    DestructionList, NewPurge, NewReceived, NewRefused, PurgeKind, PurgedCell, ReceivedOutcome,
    ReceivedTable, Store, StoreError, WithdrawnRecord,
};

use crate::made::{at, scope};
use crate::made_records::{known, received, received_withdrawal};
use crate::stores::with_store;

fn refused(agency: &str, sequence: u64, corrects: Option<&str>) -> NewRefused {
    NewRefused {
        agency: agency.to_owned(),
        sequence,
        own_sequence: sequence,
        digest: format!("{agency}-{sequence}"),
        corrects: corrects.map(str::to_owned),
        manifest_json: "{}".to_owned(),
        answer_json: "{\"why\":1}".to_owned(),
    }
}

async fn know(store: &Store, code: &str) {
    store.accept_agency(&scope(), &known(code, false), "by phone", at()).await.unwrap();
}

async fn accept(store: &Store, new: &NewReceived) -> Result<ReceivedOutcome, StoreError> {
    store.accept_submission(&scope(), new, at()).await
}

async fn refuse(store: &Store, new: &NewRefused) -> Result<i64, StoreError> {
    store.refuse_submission(&scope(), new, at()).await
}

#[test]
fn a_refused_file_is_kept_once_and_has_its_number() {
    with_store(async |store| {
        let one = refused("fresno-pd", 1, None);
        assert!(matches!(refuse(&store, &one).await, Err(StoreError::NoSuchAgency(_))));
        know(&store, "fresno-pd").await;
        know(&store, "kern-da").await;
        assert_eq!(refuse(&store, &one).await.unwrap(), 1);
        assert_eq!(refuse(&store, &one).await.unwrap(), 1);
        refuse(&store, &refused("kern-da", 1, None)).await.unwrap();
        let kept = store.refused_files(&scope(), Some("fresno-pd")).await.unwrap();
        assert_eq!(kept.len(), 1);
        assert_eq!((kept[0].sequence, kept[0].answer_json.as_str()), (1, "{\"why\":1}"));
        assert_eq!(store.refused_files(&scope(), None).await.unwrap().len(), 2);
        let taken = NewReceived {
            digest: "other".to_owned(),
            ..received("fresno-pd", 1, "2026-Q3", "2026-Q3")
        };
        let taken = accept(&store, &taken).await;
        assert!(matches!(taken, Err(StoreError::SequenceTaken { sequence: 1, .. })), "{taken:?}");
        accept(&store, &received("fresno-pd", 2, "2026-Q3", "2026-Q3")).await.unwrap();
        let taken = refuse(&store, &refused("fresno-pd", 2, None)).await;
        assert!(matches!(taken, Err(StoreError::SequenceTaken { sequence: 2, .. })), "{taken:?}");
    });
}

#[test]
fn behind_refused_corrections_stands_what_they_would_have_replaced() {
    with_store(async |store| {
        know(&store, "fresno-pd").await;
        accept(&store, &received("fresno-pd", 1, "2026-Q3", "2026-Q3")).await.unwrap();
        refuse(&store, &refused("fresno-pd", 2, Some("fresno-pd-1"))).await.unwrap();
        refuse(&store, &refused("fresno-pd", 3, Some("fresno-pd-2"))).await.unwrap();
        let fourth = NewReceived {
            corrects: Some("fresno-pd-3".to_owned()),
            ..received("fresno-pd", 4, "2026-Q3", "2026-Q3")
        };
        accept(&store, &fourth).await.unwrap();
        let kept = store.received(&scope()).await.unwrap();
        assert_eq!((kept[0].replaced_by, kept[1].replaced_by), (Some(2), None));
        // What corrects a refused file that corrected nothing is new.
        refuse(&store, &refused("fresno-pd", 5, None)).await.unwrap();
        let sixth = NewReceived {
            corrects: Some("fresno-pd-5".to_owned()),
            ..received("fresno-pd", 6, "2026-Q4", "2026-Q4")
        };
        accept(&store, &sixth).await.unwrap();
        assert_eq!(store.standing_submissions(&scope()).await.unwrap().len(), 2);
    });
}

fn with_victims(sequence: u64, quarter: &str) -> NewReceived {
    let table = ReceivedTable { record: RecordKind::Victim, file: "v.parquet".into(), rows: 9 };
    NewReceived { tables: vec![table], ..received("fresno-pd", sequence, quarter, quarter) }
}

fn withdrawal(sequence: u64, people: &[(u8, OrderKind)]) -> NewReceived {
    let withdrawn = people.iter().map(|(number, order)| WithdrawnRecord {
        record: RecordKind::Victim,
        id: OpaqueId([*number; 16]),
        order: *order,
        ordered_on: "2026-10-05".parse().unwrap(),
    });
    NewReceived { withdrawn: withdrawn.collect(), ..received_withdrawal("fresno-pd", sequence) }
}

/// What is due in each table, by the first byte of the ids.
async fn due(store: &Store) -> Vec<Vec<(u8, PurgeKind)>> {
    let due = store.purges_due(&scope()).await.unwrap();
    due.iter().map(|due| due.ids.iter().map(|(id, kind)| (id.0[0], *kind)).collect()).collect()
}

#[test]
fn what_was_taken_back_is_due_until_it_was_looked_for() {
    use OrderKind::{ReleaseRevoked, Sealing, Vacatur};
    with_store(async |store| {
        know(&store, "fresno-pd").await;
        accept(&store, &with_victims(1, "2026-Q2")).await.unwrap();
        accept(&store, &withdrawal(2, &[(1, Sealing), (2, ReleaseRevoked)])).await.unwrap();
        accept(&store, &with_victims(3, "2026-Q3")).await.unwrap();
        let sealed = (1, PurgeKind::Sealing);
        let revoked = (2, PurgeKind::ReleaseRevoked);
        // A revoked release is about what was sent before.
        assert_eq!(due(&store).await, [vec![sealed, revoked], vec![sealed]]);
        let through = store.purges_due(&scope()).await.unwrap()[0].through;
        store.purged_through(&scope(), 1, RecordKind::Victim, through).await.unwrap();
        assert_eq!(due(&store).await, [vec![], vec![sealed]]);
        // An order takes her out of every count, whatever else is said of her.
        accept(&store, &withdrawal(4, &[(2, Vacatur), (2, ReleaseRevoked)])).await.unwrap();
        let vacated = (2, PurgeKind::Vacatur);
        assert_eq!(due(&store).await, [vec![vacated], vec![sealed, vacated]]);
        know(&store, "kern-da").await;
        let others = NewReceived {
            agency: "kern-da".to_owned(),
            folder: "received/kern-da-1".to_owned(),
            digest: "kern-da-1".to_owned(),
            ..with_victims(1, "2026-Q3")
        };
        accept(&store, &others).await.unwrap();
        assert_eq!(due(&store).await[2], [], "ids are an agency's own");
    });
}

#[test]
fn a_table_has_another_file_and_fewer_rows_in_one_step() {
    with_store(async |store| {
        know(&store, "fresno-pd").await;
        accept(&store, &with_victims(1, "2026-Q3")).await.unwrap();
        let cell = PurgedCell {
            counted_as: Some("victim_served".to_owned()),
            quarter: Some("2026-Q3".parse().unwrap()),
            field: None,
            code: None,
            records: 2,
            people: 1,
        };
        let new = NewPurge {
            submission: 1,
            record: RecordKind::Victim,
            old_file: "v.parquet".to_owned(),
            new_file: "v-2.parquet".to_owned(),
            rows_left: 7,
            kind: PurgeKind::ReleaseRevoked,
            rows: 2,
            cells: vec![cell.clone()],
        };
        store.purge(&scope(), &new, at()).await.unwrap();
        let again = store.purge(&scope(), &new, at()).await;
        assert!(matches!(again, Err(StoreError::TableChanged { id: 1, .. })), "{again:?}");
        let kept = &store.received(&scope()).await.unwrap()[0];
        assert_eq!((kept.tables[0].file.as_str(), kept.tables[0].rows), ("v-2.parquet", 7));
        assert_eq!(kept.acts.last().unwrap().why, "release_revoked of 2 victim rows");
        let cells = store.purged_cells(&scope()).await.unwrap();
        assert_eq!((cells.len(), cells[0].submission, &cells[0].cell), (1, 1, &cell));
        let rows = store.purged_rows(&scope()).await.unwrap();
        assert_eq!(
            rows.into_iter().collect::<Vec<_>>(),
            [((1, RecordKind::Victim, PurgeKind::ReleaseRevoked), 2)]
        );
        store.withdraw_submission(&scope(), 1, "why", at()).await.unwrap();
        assert!(store.purged_cells(&scope()).await.unwrap().is_empty());
    });
}

#[test]
fn a_withdrawal_that_came_after_a_backup_is_asked_for_until_it_is_received_again() {
    let (folder, again) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let store = Store::open(folder.path()).await.unwrap();
        know(&store, "fresno-pd").await;
        accept(&store, &with_victims(1, "2026-Q2")).await.unwrap();
        let copy = again.path().join("clearway.sqlite");
        store.back_up(&scope(), &copy, || Ok::<(), StoreError>(())).await.unwrap();
        let taken_back = withdrawal(2, &[(1, OrderKind::Sealing)]);
        accept(&store, &taken_back).await.unwrap();
        let list = DestructionList::read(&folder.path().join("destroyed.json")).unwrap();
        let restored = Store::open(again.path()).await.unwrap();
        for list in [list, DestructionList::read(&folder.path().join("destroyed.json")).unwrap()] {
            let done = restored.replay(&scope(), &list, None, at()).await.unwrap();
            assert_eq!(done.withdrawals_missing, std::slice::from_ref(&taken_back.digest));
        }
        let own = DestructionList::read(&again.path().join("destroyed.json")).unwrap();
        let done = restored.replay(&scope(), &own, None, at()).await.unwrap();
        assert_eq!(done.withdrawals_missing.len(), 1, "the restored folder remembers it");
        accept(&restored, &taken_back).await.unwrap();
        let done = restored.replay(&scope(), &own, None, at()).await.unwrap();
        assert!(done.withdrawals_missing.is_empty());
    });
}
