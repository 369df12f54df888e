//! Orders: what they destroy, what they keep out, what must be taken back at the clearinghouse.

use std::path::Path;

use records::disclosure::{OrderKind, Release};
use records::record::{OpaqueId, Personal, RecordKind};
use store::{DestructionList, Scope, SentKind, SentRecord, Store, StoreError, WithdrawnRecord};

use crate::made::{at, scope};
use crate::made_records::{
    ids, imported, keys, new_sent, order, record, release, service, standing, victim,
};
use crate::stores::with_store;

fn id(kind: RecordKind, reference: &str) -> OpaqueId {
    ids().id(kind, &Personal::new(reference))
}

async fn apply(
    store: &Store,
    kind: RecordKind,
    reference: &str,
    what: OrderKind,
) -> store::Applied {
    let order = order(kind, reference, what);
    store.apply_orders(&scope(), &[order], keys(), at()).await.unwrap()[0]
}

#[test]
fn a_sealed_arrest_is_gone_with_its_history_and_stays_out() {
    with_store(async |store| {
        let arrest = |reference: &str, conduct: &str| {
            record(
                RecordKind::Arrest,
                &[
                    ("reference", reference),
                    ("date", "2026-07-09"),
                    ("statute", "236.1"),
                    ("conduct", conduct),
                ],
            )
        };
        let kept = arrest("A-10", "not_yet_determined");
        imported(&store, "a", &[arrest("A-1", "not_yet_determined"), kept.clone()]).await;
        imported(&store, "b", &[arrest("A-1", "human_trafficking")]).await;
        let applied = apply(&store, RecordKind::Arrest, "A-1", OrderKind::Vacatur).await;
        assert!(applied.found && applied.new);
        assert_eq!((applied.rows, applied.id), (2, id(RecordKind::Arrest, "A-1")));
        assert_eq!(standing(&store, RecordKind::Arrest).await, std::slice::from_ref(&kept));
        let again =
            imported(&store, "c", &[arrest("A-1", "human_trafficking"), kept.clone()]).await;
        assert_eq!((again.barred, again.added, again.unchanged), (1, 0, 1));
        store.withdraw_import(&scope(), 2, "why", at()).await.unwrap();
        store.restore_import(&scope(), 2, "undo", at()).await.unwrap();
        assert_eq!(standing(&store, RecordKind::Arrest).await, [kept]);
        // The same order again is the same order.
        let again = apply(&store, RecordKind::Arrest, "A-1", OrderKind::Vacatur).await;
        assert_eq!(again, store::Applied { new: false, ..applied });
        assert_eq!(store.orders(&scope()).await.unwrap().len(), 1);
    });
}

#[test]
fn an_order_about_a_record_that_is_not_there_keeps_it_out() {
    with_store(async |store| {
        let applied = apply(&store, RecordKind::Victim, "V-1", OrderKind::Sealing).await;
        assert!(applied.new && !applied.found);
        let records = [victim("V-1", "Ana", "2026-07-01"), victim("V-12", "Li", "2026-07-01")];
        let counts = imported(&store, "a", &records).await;
        assert_eq!((counts.added, counts.barred), (1, 1));
    });
}

#[test]
fn destruction_of_a_person_takes_every_quarter_and_all_that_names_her() {
    with_store(async |store| {
        let days = ["2026-01-05", "2026-04-05"];
        let [first, second] = days.map(|day| victim("V-1", "Ana", day));
        let other = victim("V-12", "Li", "2026-07-01");
        imported(&store, "a", &[first, second, other.clone()]).await;
        imported(&store, "b", &[service("S-1", "V-1"), service("S-2", "V-12")]).await;
        let signed = [release("V-1", "2026-01-01", "2026-12-31")];
        store.add_releases(&scope(), &signed, keys(), at()).await.unwrap();
        let applied = apply(&store, RecordKind::Victim, "V-1", OrderKind::Destruction).await;
        assert_eq!(applied.rows, 3);
        assert_eq!(standing(&store, RecordKind::Victim).await, [other]);
        assert_eq!(standing(&store, RecordKind::Service).await, [service("S-2", "V-12")]);
        assert!(store.releases(&scope(), keys().records).await.unwrap().is_empty());
        // Neither what named her nor anything new that does comes in again.
        let again = [service("S-1", "V-12"), service("S-3", "V-1"), service("S-4", "V-12")];
        let counts = imported(&store, "c", &again).await;
        assert_eq!((counts.added, counts.barred), (1, 2));
        assert_eq!(store.add_releases(&scope(), &signed, keys(), at()).await.unwrap(), 0);
        let entered = store.orders(&scope()).await.unwrap();
        let entered: Vec<_> = entered.iter().map(|one| (one.record, one.id, one.rows)).collect();
        assert_eq!(
            entered,
            [
                (RecordKind::Victim, id(RecordKind::Victim, "V-1"), 3),
                (RecordKind::Service, id(RecordKind::Service, "S-1"), 1),
            ]
        );
    });
}

#[test]
fn sealing_of_a_person_keeps_her_services_here_and_takes_them_back_there() {
    with_store(async |store| {
        use RecordKind::{Service, Victim};
        imported(&store, "a", &[victim("V-1", "Ana", "2026-07-01")]).await;
        imported(&store, "b", &[service("S-1", "V-1"), service("S-2", "V-12")]).await;
        let went = [("S-1", Service), ("S-2", Service), ("V-1", Victim)]
            .map(|(reference, kind)| went(kind, reference, None));
        submit(&store, 1, &went).await;
        assert!(store.sealed_people(&scope()).await.unwrap().is_empty());
        apply(&store, Victim, "V-1", OrderKind::Sealing).await;
        assert!(standing(&store, Victim).await.is_empty());
        assert_eq!(standing(&store, Service).await.len(), 2);
        let sealed = store.sealed_people(&scope()).await.unwrap();
        assert!(sealed.contains(&id(Victim, "V-1")) && sealed.len() == 1);
        assert_eq!(
            to_send(&store).await,
            [
                taken_back(Victim, "V-1", OrderKind::Sealing, "2026-10-05"),
                taken_back(Service, "S-1", OrderKind::Sealing, "2026-10-05"),
            ]
        );
        // The agency goes on working with its own records.
        let again = imported(&store, "c", &[service("S-1", "V-1"), service("S-3", "V-1")]).await;
        assert_eq!((again.barred, again.unchanged, again.added), (0, 1, 1));
        // A later order to destroy finds nothing of her own, and takes these.
        let applied = apply(&store, Victim, "V-1", OrderKind::Destruction).await;
        assert_eq!(applied.rows, 3);
        assert_eq!(standing(&store, Service).await, [service("S-2", "V-12")]);
    });
}

/// Whether any file in a folder holds these bytes.
fn on_disk(folder: &Path, bytes: impl AsRef<[u8]>) -> bool {
    let bytes = bytes.as_ref();
    std::fs::read_dir(folder).unwrap().any(|entry| {
        let content = std::fs::read(entry.unwrap().path()).unwrap();
        content.windows(bytes.len()).any(|window| window == bytes)
    })
}

#[test]
fn what_is_destroyed_is_overwritten_in_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let store = Store::open(folder.path()).await.unwrap();
        let people: Vec<_> = (0..500)
            .map(|number| victim(&format!("Ref{number:04}"), "Anahit", "2026-07-01"))
            .collect();
        imported(&store, "a", &people).await;
        imported(&store, "b", &[victim("Ref0250", "Marisolita", "2026-07-01")]).await;
        imported(&store, "c", &[victim("Ref0250", "Marisolina", "2026-07-01")]).await;
        imported(&store, "d", &[service("S-1", "Ref0250")]).await;
        let signed = [release("Ref0250", "2026-01-01", "2026-12-31")];
        store.add_releases(&scope(), &signed, keys(), at()).await.unwrap();
        // Names and numbers never lie there; what stands for a number does until the order.
        let mark = |sort: &str, number: &str| keys().records.pseudonym(sort, number);
        let of_her = ["victim", "person named", "release"].map(|sort| mark(sort, "Ref0250"));
        assert!(of_her.iter().all(|mark| on_disk(folder.path(), mark)));
        apply(&store, RecordKind::Victim, "Ref0250", OrderKind::Destruction).await;
        for gone in ["Marisolita", "Marisolina", "Ref0250"] {
            assert!(!on_disk(folder.path(), gone), "{gone} can still be read");
        }
        assert!(!of_her.iter().any(|mark| on_disk(folder.path(), mark)));
        assert!(on_disk(folder.path(), mark("victim", "Ref0251")));
        store.close().await;
    });
}

fn went(kind: RecordKind, reference: &str, person: Option<&str>) -> SentRecord {
    SentRecord {
        record: kind,
        id: id(kind, reference),
        under_release_of: person.map(|person| id(RecordKind::Victim, person)),
    }
}

async fn submit(store: &Store, sequence: u64, records: &[SentRecord]) {
    let new = new_sent(sequence, SentKind::Submission);
    store.record_sent(&scope(), &new, records.iter().copied(), &[], at()).await.unwrap();
    store.mark_written(&scope(), sequence, at()).await.unwrap();
}

async fn to_send(store: &Store) -> Vec<WithdrawnRecord> {
    store.withdrawals_to_send(&scope()).await.unwrap()
}

fn taken_back(kind: RecordKind, reference: &str, why: OrderKind, on: &str) -> WithdrawnRecord {
    WithdrawnRecord {
        record: kind,
        id: id(kind, reference),
        order: why,
        ordered_on: on.parse().unwrap(),
    }
}

#[test]
fn what_went_and_is_ordered_out_is_taken_back_until_a_withdrawal_is_written() {
    with_store(async |store| {
        use RecordKind::{Arrest, Victim};
        submit(&store, 1, &[went(Victim, "V-1", None), went(Arrest, "A-1", None)]).await;
        assert!(to_send(&store).await.is_empty());
        apply(&store, Victim, "V-1", OrderKind::Sealing).await;
        apply(&store, Victim, "V-1", OrderKind::Destruction).await;
        apply(&store, Victim, "V-9", OrderKind::Sealing).await;
        let expected = [taken_back(Victim, "V-1", OrderKind::Destruction, "2026-10-05")];
        assert_eq!(to_send(&store).await, expected);
        let new = new_sent(2, SentKind::Withdrawal);
        store.record_sent(&scope(), &new, [], &expected, at()).await.unwrap();
        // The machine may stop here: the same withdrawal is asked for again.
        assert_eq!(to_send(&store).await, expected);
        store.mark_written(&scope(), 2, at()).await.unwrap();
        assert!(to_send(&store).await.is_empty());
        apply(&store, Arrest, "A-1", OrderKind::Vacatur).await;
        assert_eq!(
            to_send(&store).await,
            [taken_back(Arrest, "A-1", OrderKind::Vacatur, "2026-10-05")]
        );
    });
}

#[test]
fn a_destroyed_persons_services_are_taken_back_though_they_are_here_no_more() {
    with_store(async |store| {
        use RecordKind::{Service, Victim};
        let records = [went(Victim, "V-1", Some("V-1")), went(Service, "S-1", Some("V-1"))];
        submit(&store, 1, &records).await;
        apply(&store, Victim, "V-1", OrderKind::Destruction).await;
        assert_eq!(
            to_send(&store).await,
            [
                taken_back(Victim, "V-1", OrderKind::Destruction, "2026-10-05"),
                taken_back(Service, "S-1", OrderKind::Destruction, "2026-10-05"),
            ]
        );
    });
}

async fn revoke(store: &Store, signed: &Release, on: &str) {
    let revoked = Release { revoked_on: Some(on.parse().unwrap()), ..signed.clone() };
    store.add_releases(&scope(), &[revoked], keys(), at()).await.unwrap();
}

#[test]
fn a_revoked_release_takes_back_what_left_under_it_until_she_signs_again() {
    with_store(async |store| {
        use RecordKind::{Service, Victim};
        let first = release("V-1", "2026-01-01", "2026-12-31");
        let expired = release("V-1", "2024-01-01", "2024-12-31");
        let signed = [first.clone(), expired, release("V-2", "2026-01-01", "2026-12-31")];
        store.add_releases(&scope(), &signed, keys(), at()).await.unwrap();
        let under = [
            went(Victim, "V-1", Some("V-1")),
            went(Service, "S-1", Some("V-1")),
            went(Victim, "V-2", Some("V-2")),
            // Not under a release: its revocation is no reason to take it back.
            went(Service, "S-2", None),
        ];
        submit(&store, 1, &under).await;
        revoke(&store, &first, "2026-09-01").await;
        let expected = [
            taken_back(Victim, "V-1", OrderKind::ReleaseRevoked, "2026-09-01"),
            taken_back(Service, "S-1", OrderKind::ReleaseRevoked, "2026-09-01"),
        ];
        assert_eq!(to_send(&store).await, expected);
        let new = new_sent(2, SentKind::Withdrawal);
        store.record_sent(&scope(), &new, [], &expected, at()).await.unwrap();
        store.mark_written(&scope(), 2, at()).await.unwrap();
        let again = release("V-1", "2026-10-01", "2027-09-30");
        store.add_releases(&scope(), std::slice::from_ref(&again), keys(), at()).await.unwrap();
        submit(&store, 3, &under[..1]).await;
        assert!(to_send(&store).await.is_empty());
        revoke(&store, &again, "2026-11-01").await;
        let listed = to_send(&store).await;
        assert_eq!(listed.len(), 1);
        assert_eq!(listed[0].id, id(Victim, "V-1"));
    });
}

#[test]
fn an_order_that_a_release_is_revoked_destroys_nothing() {
    with_store(async |store| {
        use RecordKind::Victim;
        imported(&store, "a", &[victim("V-1", "Ana", "2026-07-01")]).await;
        let signed = [release("V-1", "2026-01-01", "2026-12-31")];
        store.add_releases(&scope(), &signed, keys(), at()).await.unwrap();
        submit(&store, 1, &[went(Victim, "V-1", Some("V-1"))]).await;
        let applied = apply(&store, Victim, "V-1", OrderKind::ReleaseRevoked).await;
        assert!(applied.new && !applied.found);
        assert_eq!(standing(&store, Victim).await.len(), 1);
        let kept = store.releases(&scope(), keys().records).await.unwrap();
        assert_eq!(kept[0].revoked_on, Some("2026-10-05".parse().unwrap()));
        let expected = [taken_back(Victim, "V-1", OrderKind::ReleaseRevoked, "2026-10-05")];
        assert_eq!(to_send(&store).await, expected);
        // It bars nothing: the person is still counted here.
        assert_eq!(imported(&store, "b", &[victim("V-1", "Ana", "2026-07-02")]).await.barred, 0);
    });
}

#[test]
fn who_ordered_and_who_carried_it_out_is_written_down_and_no_number_of_hers() {
    with_store(async |store| {
        imported(&store, "a", &[victim("V-71", "Ana", "2026-07-01")]).await;
        let clerk = Scope::command_line("clerk");
        let order = order(RecordKind::Victim, "V-71", OrderKind::Sealing);
        let applied = store.apply_orders(&clerk, &[order], keys(), at()).await.unwrap();
        let acts = store.audit(&scope(), &store::AuditFilter::default()).await.unwrap();
        let last = acts.last().unwrap();
        assert_eq!((last.subject.as_str(), last.act.as_str()), ("order", "sealing"));
        assert_eq!((last.who.as_str(), last.why.as_deref().unwrap()), ("clerk", "Superior Court"));
        assert!(!format!("{applied:?} {acts:?}").contains("V-71"));
    });
}

#[test]
fn a_restored_backup_is_brought_to_what_was_destroyed_since() {
    let (folder, again) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let store = Store::open(folder.path()).await.unwrap();
        let people: Vec<_> = (0..3)
            .map(|number| victim(&format!("V-{number}"), "Marisolita", "2026-07-01"))
            .collect();
        imported(&store, "a", &people).await;
        imported(&store, "b", &[service("S-1", "V-1")]).await;
        let copy = again.path().join("clearway.sqlite");
        let head = store.back_up(&scope(), &copy, || Ok::<(), StoreError>(())).await.unwrap();
        assert_eq!(head.rows, 2);
        imported(&store, "c", &[victim("V-7", "Marisolita", "2026-07-01")]).await;
        let destruction = |name: &str| order(RecordKind::Victim, name, OrderKind::Destruction);
        let orders = [destruction("V-1"), destruction("V-7")];
        let applied = store.apply_orders(&scope(), &orders, keys(), at()).await.unwrap();
        assert_eq!(applied[0].rows, 2);

        let list = DestructionList::read(&folder.path().join("destroyed.json")).unwrap();
        let restored = Store::open(again.path()).await.unwrap();
        assert_eq!(standing(&restored, RecordKind::Service).await.len(), 1);
        let done = restored.replay(&scope(), &list, Some(keys()), at()).await.unwrap();
        // The two of V-1, the order about what names her, and the one about whom the backup never had.
        assert_eq!((done.rows, done.reasons), (2, 0));
        assert_eq!(standing(&restored, RecordKind::Victim).await.len(), 2);
        assert!(standing(&restored, RecordKind::Service).await.is_empty());
        let counts = imported(&restored, "d", &people).await;
        assert_eq!((counts.unchanged, counts.barred), (2, 1));
        let counts = imported(&restored, "e", &[victim("V-7", "Ana", "2026-07-01")]).await;
        assert_eq!(counts.barred, 1, "kept out, though it was not there to be destroyed");
        let twice = restored.replay(&scope(), &list, Some(keys()), at()).await.unwrap();
        assert_eq!((twice.orders, twice.rows), (0, 0));
    });
}
