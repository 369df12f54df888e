//! A year of reminders, and that none goes twice.

use jiff::civil::date;
use jiff::tz::TimeZone;
use proptest::prelude::*;

use super::*;
use crate::Role;
use crate::accounts::made::{agency, clearinghouse, joins, operator, start};
use crate::stores::with_store;
use crate::{CompartmentName, Session};

fn noon(day: Date) -> Timestamp {
    day.at(20, 0, 0, 0).to_zoned(TimeZone::UTC).unwrap().timestamp()
}

/// Commander and collector, signed in; the commander's agency has a contact.
async fn people(store: &Store) -> [Session; 2] {
    agency(store, "kern-da", "prosecutor").await.unwrap();
    clearinghouse(store).await;
    for name in ["first", "second"] {
        joins(store, "kern-da", name, Role::Administrator).await;
    }
    let cora = joins(store, "kern-da", "cora", Role::Coordinator).await;
    let ben = joins(store, "kern-da", "ben", Role::Commander).await;
    let colin = joins(store, "state", "colin", Role::Collector).await;
    let print = ben.fingerprint.clone();
    let cora = cora.comes_in(store, start()).await.unwrap().session;
    let name = CompartmentName::Returns;
    let compartment = store.make_compartment(&cora, name, start()).await.unwrap();
    store.let_in(&cora, compartment, "ben", &print, start()).await.unwrap();
    let address: MailAddress = "returns@kern.example".parse().unwrap();
    store.set_contact(cora.scope(), &address, "en", start()).await.unwrap();
    let ben = ben.comes_in(store, start()).await.unwrap().session;
    [ben, colin.comes_in(store, start()).await.unwrap().session]
}

/// What goes on a day, as quarter and kind.
async fn goes(store: &Store, day: Date) -> Vec<(String, ReminderKind)> {
    let send = |_: &Reminder| Ok::<(), StoreError>(());
    let sent = store.send_reminders(&operator(), noon(day), send).await.unwrap();
    sent.iter().map(|one| (one.quarter.to_string(), one.kind)).collect()
}

#[test]
fn nobody_is_reminded_of_a_quarter_from_before_she_was_live() {
    with_store(async |store| {
        people(&store).await;
        let sql = "UPDATE agency SET added_at = '2027-01-05T08:00:00Z' WHERE code = 'kern-da'";
        let mut transaction = store.database.change(None).await.unwrap();
        query(sql).execute(&mut transaction).await.unwrap();
        transaction.commit().await.unwrap();
        assert_eq!(goes(&store, date(2027, 1, 31)).await, [], "2026-Q4 is not owed");
        let first = [("2027-Q1".to_owned(), ReminderKind::DueSoon)];
        assert_eq!(goes(&store, date(2027, 4, 25)).await, first);
    });
}

#[test]
fn an_agency_hears_of_each_stage_once() {
    with_store(async |store| {
        let [ben, colin] = people(&store).await;
        let mut heard = Vec::new();
        let mut day = date(2027, 1, 15);
        while day < date(2027, 3, 20) {
            for (quarter, kind) in goes(&store, day).await {
                heard.push((day.to_string(), quarter, kind));
            }
            day = day.tomorrow().unwrap();
        }
        let heard: Vec<(&str, &str, ReminderKind)> =
            heard.iter().map(|(day, quarter, kind)| (&day[..], &quarter[..], *kind)).collect();
        assert_eq!(
            heard,
            [
                ("2027-01-23", "2026-Q4", ReminderKind::DueSoon),
                ("2027-01-31", "2026-Q4", ReminderKind::Overdue1),
                ("2027-02-06", "2026-Q4", ReminderKind::Overdue7),
                ("2027-02-13", "2026-Q4", ReminderKind::Overdue14),
                ("2027-03-01", "2026-Q4", ReminderKind::Overdue30),
            ],
            "and nothing about quarters long gone"
        );

        // More time is another last day, of which it hears anew.
        let quarter = "2026-Q4".parse().unwrap();
        let until = date(2027, 3, 25);
        store.extend(colin.scope(), "kern-da", quarter, until, "flood", noon(day)).await.unwrap();
        assert_eq!(goes(&store, day).await, [("2026-Q4".to_owned(), ReminderKind::DueSoon)]);
        assert_eq!(goes(&store, day).await, []);

        let id = store.sign_return(&ben, quarter, "a,b\n", 0, noon(day)).await.unwrap();
        assert_eq!(goes(&store, day).await, [], "it waits");
        store.give_back(colin.scope(), id, "a question", noon(day)).await.unwrap();
        assert_eq!(goes(&store, day).await, [("2026-Q4".to_owned(), ReminderKind::GivenBack)]);
        assert_eq!(goes(&store, day).await, []);
        let sent = store.reminders_sent(ben.scope()).await;
        assert!(sent.is_err(), "a commander does not see to the contact");
        let audit = store.audit(&operator(), &crate::AuditFilter::default()).await.unwrap();
        let reminded: Vec<&str> = audit
            .iter()
            .filter(|row| row.act == "reminded")
            .filter_map(|row| row.why.as_deref())
            .collect();
        assert_eq!(reminded.len(), 7);
        assert!(reminded.contains(&"kern-da 2026-Q4 given_back"), "{reminded:?}");
    });
}

#[test]
fn what_cannot_be_sent_is_due_again_and_what_went_is_not() {
    with_store(async |store| {
        let [_, colin] = people(&store).await;
        agency(&store, "fresno-pd", "police").await.unwrap();
        let fay = joins(&store, "fresno-pd", "fay", Role::Coordinator).await;
        let fay = fay.comes_in(&store, start()).await.unwrap().session;
        let address: MailAddress = "fay@fresno.example".parse().unwrap();
        store.set_contact(fay.scope(), &address, "es", start()).await.unwrap();
        // It has never filed, but what came by mail is filed for it.
        let at = noon(date(2026, 12, 1));
        let quarter: Quarter = "2026-Q3".parse().unwrap();
        let new = crate::filings::made::made_return("fresno-pd", quarter);
        let mail = (crate::filings::made::MADE_CSV, &new);
        store.receive_filing(colin.scope(), ("fresno-pd", quarter), mail, at).await.unwrap();
        let due = store.reminders_due(&operator(), at).await.unwrap();
        let kinds: Vec<(&str, ReminderKind)> =
            due.iter().map(|one| (one.agency.as_str(), one.kind)).collect();
        let (first, second) =
            (("fresno-pd", ReminderKind::ToConfirm), ("kern-da", ReminderKind::Overdue30));
        assert_eq!(kinds, [first, second]);
        // The disk is full at the second.
        let mut tried = 0;
        let full = |_: &Reminder| {
            tried += 1;
            if tried == 2 { Err(StoreError::MailAddress) } else { Ok(()) }
        };
        assert!(store.send_reminders(&operator(), at, full).await.is_err());
        let left = store.reminders_due(&operator(), at).await.unwrap();
        assert_eq!(left.iter().map(|one| &one.agency[..]).collect::<Vec<_>>(), ["kern-da"]);
        let sent = store.reminders_sent(fay.scope()).await.unwrap();
        assert_eq!((sent.len(), sent[0].kind), (1, ReminderKind::ToConfirm));
        let nobody = store.reminders_due(colin.scope(), at).await;
        assert!(matches!(nobody, Err(StoreError::NotPermitted { .. })), "no member sends them");
        let told = format!("{due:?}") + &serde_json_of(&due);
        assert!(!told.contains('@'), "{told}");
    });
}

/// What a program would be told.
fn serde_json_of(due: &[Reminder]) -> String {
    serde_json::to_string(due).unwrap()
}

#[test]
fn every_kind_is_found_by_its_word() {
    for kind in ReminderKind::ALL {
        assert_eq!(ReminderKind::from_word(kind.as_str()), Some(kind));
    }
}

proptest! {
    /// Closer to its day, or later, a return calls for the same stage or a later one, never an earlier.
    #[test]
    fn stages_follow_each_other(until_due in -60..60i32) {
        let later: Vec<ReminderKind> =
            (-60..=until_due).rev().filter_map(ReminderKind::of_days).collect();
        prop_assert!(later.is_sorted());
    }
}
