//! The clearinghouse's side: cards, submissions, withdrawals, counts.

use records::disclosure::OrderKind;
use records::record::{OpaqueId, RecordKind};
use store::{
    AgencyAccepted, CardState, NewAgency, NewCount, NewReceived, ReceivedOutcome, ReceivedState,
    ReceivedTable, ReceivedTotal, Store, StoreError, TotalFilter, WithdrawnRecord,
};

use crate::made::{at, scope};
use crate::made_records::{known, received, received_withdrawal};
use crate::stores::with_store;

async fn know(store: &Store, code: &str, practice: bool) {
    store.accept_agency(&scope(), &known(code, practice), "by phone", at()).await.unwrap();
}

async fn accept(store: &Store, new: &NewReceived) -> Result<ReceivedOutcome, StoreError> {
    store.accept_submission(&scope(), new, at()).await
}

fn total(records: u64, people: u64) -> ReceivedTotal {
    ReceivedTotal {
        record: RecordKind::Victim,
        counted_as: Some("victim_served".to_owned()),
        quarter: Some("2026-Q3".parse().unwrap()),
        field: Some("age".to_owned()),
        code: Some("minor".to_owned()),
        records,
        people,
        coded_records: 5,
        coded_people: 4,
    }
}

fn withdrawn(number: u8) -> WithdrawnRecord {
    WithdrawnRecord {
        record: RecordKind::Victim,
        id: OpaqueId([number; 16]),
        order: OrderKind::Sealing,
        ordered_on: "2026-10-05".parse().unwrap(),
    }
}

#[test]
fn a_card_is_accepted_replaced_and_forgotten_and_every_one_is_kept() {
    with_store(async |store| {
        let first = known("fresno-pd", false);
        let accept = async |card: &NewAgency| {
            store.accept_agency(&scope(), card, "by phone", at()).await.unwrap()
        };
        assert_eq!(accept(&first).await, AgencyAccepted::New);
        assert_eq!(accept(&first).await, AgencyAccepted::Already);
        let second = NewAgency { card: "new keys".to_owned(), ..first.clone() };
        assert_eq!(accept(&second).await, AgencyAccepted::Replaced);
        assert_eq!(accept(&known("alameda-da", false)).await, AgencyAccepted::New);
        let agencies = store.agencies(&scope()).await.unwrap();
        let codes: Vec<&str> = agencies.iter().map(|one| one.agency.code.as_str()).collect();
        assert_eq!(codes, ["alameda-da", "fresno-pd"]);
        assert_eq!(agencies[1].agency, second);
        assert_eq!(agencies[1].accepted_by, "tester");
        let card = store.agency_card(&scope(), "fresno-pd").await.unwrap();
        assert_eq!(card.as_deref(), Some("new keys"));
        store.forget_agency(&scope(), "fresno-pd", "closed", at()).await.unwrap();
        let again = store.forget_agency(&scope(), "fresno-pd", "closed", at()).await;
        assert!(matches!(again, Err(StoreError::NoSuchAgency(_))), "{again:?}");
        assert_eq!(store.agency_card(&scope(), "fresno-pd").await.unwrap(), None);
        let cards = store.agency_cards(&scope(), "fresno-pd").await.unwrap();
        let states: Vec<CardState> = cards.iter().map(|(_, state)| *state).collect();
        assert_eq!(states, [CardState::Replaced, CardState::Forgotten]);
        assert_eq!(accept(&first).await, AgencyAccepted::New);
    });
}

#[test]
fn made_up_and_real_never_meet_under_one_code() {
    with_store(async |store| {
        know(&store, "fresno-pd", true).await;
        know(&store, "fresno-pd", false).await;
        accept(&store, &received("fresno-pd", 1, "2026-Q3", "2026-Q3")).await.unwrap();
        let practice = known("fresno-pd", true);
        let refused = store.accept_agency(&scope(), &practice, "why", at()).await;
        assert!(matches!(refused, Err(StoreError::AgencyFixed { .. })), "{refused:?}");
        assert!(!store.received(&scope()).await.unwrap()[0].practice);
    });
}

#[test]
fn a_submission_comes_out_as_it_went_in_and_goes_in_once() {
    with_store(async |store| {
        know(&store, "fresno-pd", false).await;
        let new = NewReceived {
            tables: vec![
                ReceivedTable { record: RecordKind::Arrest, file: "arrests".into(), rows: 4 },
                ReceivedTable { record: RecordKind::Victim, file: "victims".into(), rows: 12 },
            ],
            totals: vec![total(12, 11)],
            ..received("fresno-pd", 1, "2026-Q3", "2026-Q4")
        };
        assert_eq!(accept(&store, &new).await.unwrap(), ReceivedOutcome::New(1));
        let again = ReceivedOutcome::Already(1, ReceivedState::Accepted);
        assert_eq!(accept(&store, &new).await.unwrap(), again);
        let kept = store.received(&scope()).await.unwrap();
        assert_eq!(kept.len(), 1);
        let kept = &kept[0];
        assert_eq!(
            (kept.agency.as_str(), kept.sequence, kept.state),
            ("fresno-pd", 1, ReceivedState::Accepted)
        );
        assert_eq!((kept.first_quarter, kept.last_quarter), (new.first_quarter, new.last_quarter));
        let kinds: Vec<RecordKind> = kept.tables.iter().map(|table| table.record).collect();
        assert_eq!(kinds, [RecordKind::Victim, RecordKind::Arrest]);
        assert_eq!(kept.answer_json, new.answer_json);
        assert_eq!(kept.acts.len(), 1);
        let totals = store.totals(&scope(), &TotalFilter::default()).await.unwrap();
        assert_eq!(totals.len(), 1);
        assert_eq!((totals[0].submission, &totals[0].total), (1, &new.totals[0]));
        assert_eq!(store.received_folders(&scope()).await.unwrap(), ["received/fresno-pd-1"]);
    });
}

#[test]
fn what_cannot_go_in_leaves_nothing_behind() {
    with_store(async |store| {
        let new = received("fresno-pd", 1, "2026-Q3", "2026-Q3");
        let refused = accept(&store, &new).await;
        assert!(matches!(refused, Err(StoreError::NoSuchAgency(_))), "{refused:?}");
        know(&store, "fresno-pd", false).await;
        accept(&store, &new).await.unwrap();
        let taken = NewReceived { digest: "other".into(), folder: "other".into(), ..new.clone() };
        let refused = accept(&store, &taken).await;
        assert!(matches!(refused, Err(StoreError::SequenceTaken { sequence: 1, .. })));
        let overlapping = received("fresno-pd", 2, "2026-Q2", "2026-Q3");
        let refused = accept(&store, &overlapping).await;
        assert!(matches!(refused, Err(StoreError::Overlaps { id: 1, sequence: 1 })));
        let unknown = NewReceived { corrects: Some("nothing".into()), ..overlapping.clone() };
        let refused = accept(&store, &unknown).await;
        assert!(matches!(refused, Err(StoreError::NoSuchSubmission(_))), "{refused:?}");
        // The same folder: the insert fails after the checks, and all of it is undone.
        let same_folder = NewReceived {
            folder: new.folder.clone(),
            ..received("fresno-pd", 2, "2026-Q4", "2026-Q4")
        };
        let refused = accept(&store, &same_folder).await;
        assert!(matches!(refused, Err(StoreError::Database(_))), "{refused:?}");
        assert_eq!(store.received(&scope()).await.unwrap().len(), 1);
        // Beside it in time, or of another agency, is no overlap.
        accept(&store, &received("fresno-pd", 2, "2026-Q4", "2027-Q1")).await.unwrap();
        know(&store, "kern-da", false).await;
        accept(&store, &received("kern-da", 1, "2026-Q3", "2026-Q3")).await.unwrap();
        let mut other_agencys = received("kern-da", 2, "2026-Q3", "2026-Q3");
        other_agencys.corrects = Some("fresno-pd-1".into());
        let refused = accept(&store, &other_agencys).await;
        assert!(matches!(refused, Err(StoreError::NoSuchSubmission(_))), "{refused:?}");
    });
}

async fn correction(store: &Store) {
    know(store, "fresno-pd", false).await;
    let first = NewReceived {
        totals: vec![total(12, 11)],
        ..received("fresno-pd", 1, "2026-Q3", "2026-Q3")
    };
    let second = NewReceived {
        corrects: Some("fresno-pd-1".into()),
        totals: vec![total(10, 10)],
        ..received("fresno-pd", 2, "2026-Q3", "2026-Q3")
    };
    accept(store, &first).await.unwrap();
    accept(store, &second).await.unwrap();
}

async fn states(store: &Store) -> Vec<ReceivedState> {
    store.received(&scope()).await.unwrap().iter().map(|one| one.state).collect()
}

async fn people(store: &Store) -> Vec<u64> {
    let totals = store.totals(&scope(), &TotalFilter::default()).await.unwrap();
    totals.iter().map(|one| one.total.people).collect()
}

#[test]
fn a_correction_takes_the_place_and_the_first_can_come_back_when_it_is_withdrawn() {
    with_store(async |store| {
        use ReceivedState::{Accepted, Replaced, Withdrawn};
        correction(&store).await;
        assert_eq!(states(&store).await, [Replaced, Accepted]);
        assert_eq!(people(&store).await, [10]);
        assert_eq!(store.received(&scope()).await.unwrap()[0].replaced_by, Some(2));
        let refused = store.restore_submission(&scope(), 1, "why", at()).await;
        assert!(matches!(refused, Err(StoreError::Overlaps { id: 2, .. })), "{refused:?}");
        let refused = store.withdraw_submission(&scope(), 1, "why", at()).await;
        assert!(matches!(refused, Err(StoreError::WrongReceivedState { id: 1, .. })));
        store.withdraw_submission(&scope(), 2, "asked by phone", at()).await.unwrap();
        assert!(people(&store).await.is_empty());
        assert!(store.standing_submissions(&scope()).await.unwrap().is_empty());
        store.restore_submission(&scope(), 1, "it was right", at()).await.unwrap();
        assert_eq!(states(&store).await, [Accepted, Withdrawn]);
        assert_eq!(people(&store).await, [11]);
        let refused = store.restore_submission(&scope(), 2, "undo", at()).await;
        assert!(matches!(refused, Err(StoreError::Overlaps { id: 1, .. })), "{refused:?}");
        let refused = store.restore_submission(&scope(), 1, "undo", at()).await;
        assert!(matches!(refused, Err(StoreError::WrongReceivedState { id: 1, .. })));
        let none = store.restore_submission(&scope(), 9, "undo", at()).await;
        assert!(matches!(none, Err(StoreError::NoSuchSubmission(_))), "{none:?}");
        let acts = &store.received(&scope()).await.unwrap()[1].acts;
        assert_eq!(acts.last().unwrap().why, "asked by phone");
    });
}

#[test]
fn a_replaced_submission_cannot_be_corrected_or_sent_again() {
    with_store(async |store| {
        correction(&store).await;
        let third = NewReceived {
            corrects: Some("fresno-pd-1".into()),
            ..received("fresno-pd", 3, "2026-Q3", "2026-Q3")
        };
        let refused = accept(&store, &third).await;
        assert!(matches!(refused, Err(StoreError::WrongReceivedState { id: 1, .. })));
        let old = received("fresno-pd", 1, "2026-Q3", "2026-Q3");
        let already = ReceivedOutcome::Already(1, ReceivedState::Replaced);
        assert_eq!(accept(&store, &old).await.unwrap(), already);
    });
}

#[test]
fn what_was_taken_back_by_order_stays_so_and_is_a_note_beside_earlier_counts() {
    with_store(async |store| {
        know(&store, "fresno-pd", false).await;
        let made_up = known("practice-pd", true);
        let refused = store.accept_agency(&scope(), &made_up, "by phone", at()).await;
        assert!(matches!(refused, Err(StoreError::OtherWorld { practice: true, .. })));
        accept(&store, &received("fresno-pd", 1, "2026-Q3", "2026-Q3")).await.unwrap();
        let count = NewCount {
            first_quarter: "2026-Q3".parse().unwrap(),
            last_quarter: "2026-Q3".parse().unwrap(),
            as_of: "2026-10-31".parse().unwrap(),
            definition_version: "2026.1".to_owned(),
            practice: false,
            raw: 120,
            low: 80,
            high: 120,
            unduplicated: Some(95),
        };
        assert_eq!(store.log_count(&scope(), &count, at()).await.unwrap(), 1);
        let withdrawal = NewReceived {
            withdrawn: vec![withdrawn(2), withdrawn(1)],
            ..received_withdrawal("fresno-pd", 2)
        };
        assert_eq!(accept(&store, &withdrawal).await.unwrap(), ReceivedOutcome::New(2));
        let later = NewCount { unduplicated: None, ..count.clone() };
        store.log_count(&scope(), &later, at()).await.unwrap();
        let counts = store.counts(&scope()).await.unwrap();
        assert_eq!((counts[0].withdrawn_so_far, counts[0].withdrawn_since), (0, 2));
        assert_eq!((counts[1].withdrawn_so_far, counts[1].withdrawn_since), (2, 0));
        assert_eq!([&counts[0].count, &counts[1].count], [&count, &later]);
        store.withdraw_submission(&scope(), 1, "why", at()).await.unwrap();
        let refused = store.withdraw_submission(&scope(), 2, "why", at()).await;
        assert!(matches!(refused, Err(StoreError::IsWithdrawal(2))), "{refused:?}");
        let removed = store.withdrawn_records(&scope()).await.unwrap();
        let removed: Vec<_> =
            removed.iter().map(|one| (one.agency.as_str(), one.id, one.sequence)).collect();
        let id = |number| OpaqueId([number; 16]);
        assert_eq!(removed, [("fresno-pd", id(1), 2), ("fresno-pd", id(2), 2)]);
        let received = store.received_of(&scope(), "fresno-pd").await.unwrap();
        assert_eq!(received.iter().map(|one| one.withdrawn).collect::<Vec<_>>(), [0, 2]);
        let standing = store.standing_submissions(&scope()).await.unwrap();
        assert!(standing.is_empty(), "a withdrawal is no submission");
    });
}

#[test]
fn totals_are_asked_for_by_agency_kind_and_standing() {
    with_store(async |store| {
        for agency in ["fresno-pd", "kern-da"] {
            know(&store, agency, false).await;
            let arrests = ReceivedTotal {
                record: RecordKind::Arrest,
                counted_as: None,
                quarter: None,
                field: None,
                code: None,
                records: 4,
                people: 0,
                coded_records: 0,
                coded_people: 0,
            };
            let mut totals = vec![total(12, 11); 700];
            totals.push(arrests);
            let new = NewReceived { totals, ..received(agency, 1, "2026-Q3", "2026-Q3") };
            accept(&store, &new).await.unwrap();
        }
        let many = async |filter: TotalFilter| store.totals(&scope(), &filter).await.unwrap().len();
        assert_eq!(many(TotalFilter::default()).await, 1_402);
        let real = TotalFilter { practice: Some(false), ..TotalFilter::default() };
        assert_eq!(many(real).await, 1_402);
        let made_up = TotalFilter { practice: Some(true), ..TotalFilter::default() };
        assert_eq!(many(made_up).await, 0);
        let arrests = TotalFilter { record: Some(RecordKind::Arrest), ..TotalFilter::default() };
        assert_eq!(many(arrests).await, 2);
        let one = TotalFilter {
            agency: Some("kern-da".to_owned()),
            record: Some(RecordKind::Arrest),
            practice: Some(false),
        };
        assert_eq!(many(one).await, 1);
    });
}
