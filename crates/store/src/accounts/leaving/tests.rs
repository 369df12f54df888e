//! Members and agencies go, and come back, on both databases.

use jiff::SignedDuration;

use super::*;
use crate::accounts::made::{PASSPHRASE, Person, agency, clearinghouse, joins, operator, start};
use crate::accounts::{CompartmentName, Session};
use crate::stores::with_store;

async fn session(store: &Store, person: &Person) -> Session {
    person.comes_in(store, start()).await.unwrap().session
}

/// Two administrators, a coordinator with a draft.
async fn people(store: &Store) -> (Session, Session, Person, Session) {
    agency(store, "kern-da", "prosecutor").await.unwrap();
    let first = joins(store, "kern-da", "first", Role::Administrator).await;
    let second = joins(store, "kern-da", "second", Role::Administrator).await;
    let coordinator = joins(store, "kern-da", "cora", Role::Coordinator).await;
    let (one, two) = (session(store, &first).await, session(store, &second).await);
    let cora = session(store, &coordinator).await;
    store.make_compartment(&cora, CompartmentName::Returns, start()).await.unwrap();
    let quarter = "2026-Q3".parse().unwrap();
    store.save_draft(&cora, quarter, "twelve", 0, start()).await.unwrap();
    (one, two, coordinator, cora)
}

#[test]
fn an_agency_leaves_by_two_comes_back_and_is_destroyed_after_thirty_days() {
    with_store(async |store| {
        let (one, two, coordinator, _) = people(&store).await;
        let at = start();
        assert!(matches!(store.agree_to_leave(one.scope(), at).await, Err(StoreError::NotLeaving)));
        store.ask_to_leave(one.scope(), "agreement over", at).await.unwrap();
        let again = store.ask_to_leave(two.scope(), "again", at).await;
        assert!(matches!(again, Err(StoreError::LeavingAsked)));
        let alone = store.agree_to_leave(one.scope(), at).await;
        assert!(matches!(alone, Err(StoreError::SecondAdministrator)));
        store.stay(two.scope(), at).await.unwrap();
        store.ask_to_leave(one.scope(), "agreement over", at).await.unwrap();
        let (counts, asked) = store.leaving(two.scope()).await.unwrap();
        assert_eq!(asked.unwrap().asked_by, "first");
        assert_eq!((counts.drafts, counts.keys, counts.members), (1, 1, 3));
        let receipt = store.agree_to_leave(two.scope(), at).await.unwrap();
        assert_eq!(receipt.by, ["first", "second"]);
        assert_eq!(receipt.destroy_after, "2026-12-30T08:00:00Z");
        let later = at + SignedDuration::from_hours(1);
        assert!(coordinator.comes_in(&store, later).await.is_err(), "nobody comes in");

        // Within the time it comes back as it was.
        assert!(
            store
                .destroy_what_left(at + GRACE - SignedDuration::from_secs(1))
                .await
                .unwrap()
                .is_empty()
        );
        store.bring_agency_back(&operator(), "kern-da", "a mistake", later).await.unwrap();
        let back = coordinator.comes_in(&store, later).await.unwrap().session;
        let quarter = "2026-Q3".parse().unwrap();
        let draft = store.own_quarter(&back, quarter, None, later).await.unwrap().draft.unwrap();
        assert_eq!(&draft.body[..], "twelve");
        assert!(store.destroy_what_left(at + GRACE).await.unwrap().is_empty(), "it is back");

        // By the operator, for good.
        let receipt =
            store.let_agency_go(&operator(), "kern-da", "is closed", later).await.unwrap();
        assert_eq!(receipt.by, ["root"]);
        let over = later + GRACE;
        let receipts = store.destroy_what_left(over).await.unwrap();
        assert_eq!((receipts.len(), receipts[0].counts.drafts), (1, 1));
        assert_eq!(receipts[0].destroyed_at, Some(over.to_string()));
        assert!(store.destroy_what_left(over).await.unwrap().is_empty(), "once");
        let refused = store.bring_agency_back(&operator(), "kern-da", "late", over).await;
        assert!(matches!(refused, Err(StoreError::NotLeaving)));
        let mut moment = store.window().await.unwrap();
        for table in [
            "SELECT COUNT(*) FROM draft",
            "SELECT COUNT(*) FROM compartment_grant",
            "SELECT COUNT(*) FROM recovery_share",
            "SELECT COUNT(*) FROM member WHERE state <> 'off' OR by_passphrase IS NOT NULL",
        ] {
            let left: i64 = scalar(table).fetch_one(&mut moment).await.unwrap();
            assert_eq!(left, 0, "{table}");
        }
        drop(moment);
        let all = store.leavings(&operator()).await.unwrap();
        assert_eq!(all.last().unwrap().receipt.as_ref(), receipts.first());
        let text = receipts[0].to_string();
        assert!(
            text.contains("Drafts that were destroyed: 1") && text.contains("The audit stays.")
        );
        assert!(store.verify_audit(&operator(), &[]).await.unwrap().findings.is_empty());
    });
}

#[test]
fn what_was_sent_is_withdrawn_only_where_the_agreement_asks() {
    with_store(async |store| {
        let (one, ..) = people(&store).await;
        let paper = crate::Agreement {
            title: "Agreement".to_owned(),
            reference: "1".to_owned(),
            signatory: "District Attorney".to_owned(),
            signed_on: "2026-11-01".parse().unwrap(),
            valid_until: "2027-11-01".parse().unwrap(),
            withdraws: true,
        };
        let mut transaction = store.door().await.unwrap();
        let sent = "INSERT INTO received_file VALUES (1, 'kern-da', 1, 'submission', 1, 'd', NULL,
                NULL, '2026-Q3', '2026-Q3', 'v', '{}', 'f', '{}', 'accepted', NULL, 'a', NULL);
            INSERT INTO received_encodings (received_id, file, row_count, key_fingerprint)
                VALUES (1, 'e', 3, 'k')";
        transaction.run(sent).await.unwrap();
        transaction.commit().await.unwrap();
        let state = async || {
            let mut moment = store.window().await.unwrap();
            let sql = "SELECT state || COALESCE((SELECT file FROM received_encodings), '-')
                FROM received_file";
            let state: String = scalar(sql).fetch_one(&mut moment).await.unwrap();
            state
        };
        assert!(!store.leaving(one.scope()).await.unwrap().0.withdraws);
        store.enter_agreement(one.scope(), &paper, start()).await.unwrap();
        let receipt = store.let_agency_go(&operator(), "kern-da", "over", start()).await.unwrap();
        assert_eq!((receipt.counts.submissions, receipt.counts.withdraws), (1, true));
        assert_eq!(state().await, "acceptede", "not before the time is over");
        store.destroy_what_left(start() + GRACE).await.unwrap();
        assert_eq!(state().await, "withdrawn-");
    });
}

#[test]
fn a_member_goes_when_nothing_is_in_her_hands_alone() {
    with_store(async |store| {
        let (one, two, coordinator, cora) = people(&store).await;
        let at = start();
        let leaves =
            async |name: &str| store.member_leaves(one.scope(), name, "has another job", at).await;
        let refused = leaves("cora").await.unwrap_err();
        assert_eq!(
            refused.to_string(),
            "she alone reads returns: let a colleague in first, or turn her off meanwhile"
        );
        let handover = store.handover(one.scope(), "cora").await.unwrap();
        assert_eq!(handover.only_reader_of, [CompartmentName::Returns]);
        assert_eq!(handover.sessions, 1);
        let colleague = joins(&store, "kern-da", "dora", Role::Coordinator).await;
        let id = store.compartments(&operator()).await.unwrap()[0].id;
        store.let_in(&cora, id, "dora", &colleague.fingerprint, at).await.unwrap();
        // A colleague who is off does not read either.
        store.turn_member(one.scope(), "dora", false, "on leave", at).await.unwrap();
        assert!(!store.handover(one.scope(), "cora").await.unwrap().is_done());
        store.turn_member(one.scope(), "dora", true, "is back", at).await.unwrap();
        let handover = leaves("cora").await.unwrap();
        assert_eq!((&handover.reads[..], handover.sessions), (&[CompartmentName::Returns][..], 1));
        assert_eq!(store.compartments(&operator()).await.unwrap()[0].readers, ["dora"]);
        let later = at + SignedDuration::from_mins(1);
        assert!(coordinator.comes_in(&store, later).await.is_err());
        let on = store.turn_member(one.scope(), "cora", true, "is back", later).await;
        assert!(on.is_err(), "her keys are gone: she is invited again");
        let again = store.invite_again(one.scope(), "cora", "is back", later).await.unwrap();
        store.accept_invitation("cora", &again.code, PASSPHRASE, later).await.unwrap();
        assert!(store.open_recoveries(&operator()).await.unwrap().is_empty(), "she asks anew");

        // An administrator hands over the recovery of what was shared out to her.
        assert!(matches!(leaves("second").await, Err(StoreError::AtTheTerminal)));
        let gone = async || store.member_leaves(&operator(), "second", "retired", later).await;
        let refused = gone().await.unwrap_err();
        let StoreError::HandoverFirst(handover) = &refused else { panic!("{refused:?}") };
        assert_eq!(handover.only_officer_of, [CompartmentName::Returns]);
        joins(&store, "kern-da", "third", Role::Administrator).await;
        assert!(gone().await.is_err(), "it is not shared out to the third yet");
        // Whoever reads it shares it out anew by signing in.
        let dora = colleague.comes_in(&store, later).await.unwrap().session;
        assert!(gone().await.unwrap().is_done());
        // The text is there for the others, and two of them give it back.
        let quarter = "2026-Q3".parse().unwrap();
        let body = store.own_quarter(&dora, quarter, None, later).await.unwrap().draft.unwrap();
        assert_eq!(&body.body[..], "twelve");
        drop(two);
    });
}

#[test]
fn the_clearinghouse_does_not_leave_and_no_agency_sees_how_another_does() {
    with_store(async |store| {
        people(&store).await;
        clearinghouse(&store).await;
        let chief = joins(&store, "state", "chief", Role::Administrator).await;
        let chief = session(&store, &chief).await;
        let refused = store.ask_to_leave(chief.scope(), "why", start()).await;
        assert!(matches!(refused, Err(StoreError::ClearinghouseStays)));
        assert_eq!(
            store.leaving(chief.scope()).await.unwrap().0,
            LeavingCounts { members: 1, ..LeavingCounts::default() }
        );
        assert!(store.handover(chief.scope(), "cora").await.is_err());
        assert!(store.member_leaves(chief.scope(), "cora", "why", start()).await.is_err());
    });
}
