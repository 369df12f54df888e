//! A quarter from the first draft to the return, and what is late.

use jiff::civil::date;
use records::Answer;

use super::made::{MADE_CSV as CSV, made_return, read_return};
use super::*;
use crate::accounts::made::{Person, agency, clearinghouse, joins, start};
use crate::stores::with_store;

mod load;

fn quarter() -> Quarter {
    "2026-Q3".parse().unwrap()
}

/// The quarter, as its agency sees it.
async fn own(store: &Store, session: &Session, at: Timestamp) -> OwnQuarter {
    store.own_quarter(session, quarter(), None, at).await.unwrap()
}

/// Coordinator, commander and collector, signed in.
async fn people(store: &Store) -> [Session; 3] {
    agency(store, "kern-da", "prosecutor").await.unwrap();
    clearinghouse(store).await;
    for name in ["first", "second"] {
        joins(store, "kern-da", name, crate::Role::Administrator).await;
    }
    let coordinator = joins(store, "kern-da", "cora", crate::Role::Coordinator).await;
    let commander = joins(store, "kern-da", "ben", crate::Role::Commander).await;
    let collector = joins(store, "state", "colin", crate::Role::Collector).await;
    let name = CompartmentName::Returns;
    let print = commander.fingerprint.clone();
    let session = async |person: Person| person.comes_in(store, start()).await.unwrap().session;
    let people = [session(coordinator).await, session(commander).await, session(collector).await];
    let compartment = store.make_compartment(&people[0], name, start()).await.unwrap();
    store.let_in(&people[0], compartment, "ben", &print, start()).await.unwrap();
    people
}

#[test]
fn a_return_goes_from_draft_to_signature_to_acceptance() {
    with_store(async |store| {
        let [cora, ben, colin] = people(&store).await;
        let store = store.for_server();
        let at = start();
        assert!(own(&store, &cora, at).await.draft.is_none());
        assert_eq!(store.save_draft(&cora, quarter(), "twelve", 0, at).await.unwrap(), 1);
        // Two people at once: the second is told, and nothing of the first is lost.
        let over = store.save_draft(&ben, quarter(), "thirteen", 0, at).await;
        assert!(matches!(over, Err(StoreError::DraftChanged { by }) if by == "cora"));
        assert_eq!(store.save_draft(&ben, quarter(), "twelve, seen", 1, at).await.unwrap(), 2);
        let draft = own(&store, &cora, at).await.draft.unwrap();
        assert_eq!(
            (&draft.body[..], draft.version, &draft.saved_by[..]),
            ("twelve, seen", 2, "ben")
        );
        let states = store.own_quarter(&colin, quarter(), None, at).await;
        assert!(states.is_err(), "a draft is not the state's");

        assert!(matches!(
            store.sign_return(&cora, quarter(), CSV, 2, at).await,
            Err(StoreError::NotPermitted { .. })
        ));
        let unseen = store.sign_return(&ben, quarter(), CSV, 1, at).await;
        assert!(matches!(unseen, Err(StoreError::DraftChanged { .. })), "what he has not seen");
        let id = store.sign_return(&ben, quarter(), CSV, 2, at).await.unwrap();
        assert!(own(&store, &cora, at).await.draft.is_none());
        let again = store.sign_return(&ben, quarter(), CSV, 0, at).await;
        assert!(matches!(again, Err(StoreError::FilingWaits)));

        // Given back with a question, corrected, signed again, accepted.
        store.give_back(colin.scope(), id, "is 12 the whole quarter?", at).await.unwrap();
        assert!(store.give_back(colin.scope(), id, "again", at).await.is_err());
        let corrected = "measure,value\nvictim_identified,13\n";
        let second = store.sign_return(&ben, quarter(), corrected, 0, at).await.unwrap();
        let other = store
            .accept_filing(colin.scope(), second, &read_return("kern-da", quarter(), CSV), None, at)
            .await;
        assert!(matches!(other, Err(StoreError::NoSuchFiling(_))), "other bytes than were signed");
        let mut new = read_return("kern-da", quarter(), corrected);
        new.checked.figures[0].reporter = "fresno-pd".to_owned();
        let others = store.accept_filing(colin.scope(), second, &new, None, at).await;
        assert!(matches!(others, Err(StoreError::OtherReturn { .. })), "another agency's figures");
        let new = read_return("kern-da", quarter(), corrected);
        let taken = store.accept_filing(cora.scope(), second, &new, None, at).await;
        assert!(matches!(taken, Err(StoreError::NotPermitted { .. })));
        let accepted = store.accept_filing(colin.scope(), second, &new, None, at).await.unwrap();
        let Accepted::New(return_id) = accepted else { panic!("{accepted:?}") };
        let filings = store.filings(cora.scope()).await.unwrap();
        let states: Vec<FilingState> = filings.iter().map(|filing| filing.state).collect();
        assert_eq!(states, [FilingState::Accepted, FilingState::Returned]);
        assert_eq!(filings[0].return_id, Some(return_id));
        assert_eq!(filings[1].question.as_deref(), Some("is 12 the whole quarter?"));
        assert_eq!(store.returns(colin.scope()).await.unwrap().len(), 1);
    });
}

#[test]
fn a_correction_keeps_the_old_value_and_what_was_typed_comes_back() {
    with_store(async |store| {
        let [cora, ben, colin] = people(&store).await;
        let store = store.for_server();
        let at = start();
        assert!(own(&store, &cora, at).await.standing.is_empty());
        store.save_draft(&cora, quarter(), "as typed", 0, at).await.unwrap();
        let saved = store.drafts_saved(ben.scope()).await.unwrap();
        assert_eq!((saved.len(), saved[0].quarter, &saved[0].saved_by[..]), (1, quarter(), "cora"));
        let first = store.sign_return(&ben, quarter(), CSV, 1, at).await.unwrap();
        let typed = store.typed(&cora, first, at).await.unwrap().unwrap();
        assert_eq!(&typed[..], "as typed");
        assert!(store.typed(&colin, first, at).await.is_err(), "what was typed is the agency's");
        assert!(store.typed(&cora, 99, at).await.is_err());
        let new = read_return("kern-da", quarter(), CSV);
        store.accept_filing(colin.scope(), first, &new, None, at).await.unwrap();
        assert_eq!(store.own_quarters(cora.scope()).await.unwrap(), [quarter()]);

        let corrected = "measure,value\nvictim_identified,11\n";
        let mut new = read_return("kern-da", quarter(), corrected);
        new.checked.figures[0].answer = Answer::exactly(11);
        let silent = store.sign_return(&ben, quarter(), corrected, 0, at).await.unwrap();
        let refused = store.accept_filing(colin.scope(), silent, &new, None, at).await;
        assert!(matches!(refused, Err(StoreError::Conflicts(_))), "another value without a reason");
        store.give_back(colin.scope(), silent, "why?", at).await.unwrap();
        let why = "one was counted twice";
        let second = store.sign_correction(&ben, quarter(), (corrected, why), 0, at).await.unwrap();
        store.accept_filing(colin.scope(), second, &new, None, at).await.unwrap();
        let stands = own(&store, &cora, at).await.standing;
        assert_eq!(stands[0].figure.answer, Answer::exactly(11));
        let answers = store.answers(colin.scope(), &stands[0].id).await.unwrap();
        let all: Vec<String> = answers.iter().map(|one| one.figure.answer.to_string()).collect();
        assert_eq!(all, ["12", "11"], "the old value is kept");
        let returns = store.returns(colin.scope()).await.unwrap();
        assert_eq!(returns[0].corrected_by, Some(returns[1].id));
        let act = returns[0].acts.iter().find(|act| act.act == "corrected").unwrap();
        assert_eq!(act.why, why);
        let filings = store.filings(cora.scope()).await.unwrap();
        assert_eq!(filings[0].reason.as_deref(), Some(why));
        assert!(store.own_quarter(&colin, quarter(), None, at).await.is_err(), "her own only");
    });
}

#[test]
fn what_is_late_is_listed_with_what_was_granted() {
    with_store(async |store| {
        let [_, ben, colin] = people(&store).await;
        let two = ("2026-Q2".parse().unwrap(), quarter());
        let late = async |today| {
            let found = store.lateness(colin.scope(), two, today).await.unwrap();
            let told = found.iter().map(|one| (one.due_on.to_string(), one.state, one.days_late));
            told.collect::<Vec<_>>()
        };
        let (july, october) = ("2026-07-30".to_owned(), "2026-10-30".to_owned());
        assert_eq!(
            late(date(2026, 10, 31)).await,
            [(july.clone(), None, 93), (october.clone(), None, 1)]
        );
        let (first, until) = ("2026-Q2".parse().unwrap(), date(2026, 12, 31));
        store.extend(colin.scope(), "kern-da", first, until, "flood", start()).await.unwrap();
        // Signed on 30 November, a month after the last day, and late for ever.
        store.sign_return(&ben, quarter(), CSV, 0, start()).await.unwrap();
        let waiting = Some(FilingState::Waiting);
        assert_eq!(
            late(date(2026, 12, 20)).await,
            [("2026-12-31".to_owned(), None, 0), (october.clone(), waiting, 31)]
        );
        let id = store.filings(colin.scope()).await.unwrap()[0].id;
        store.give_back(colin.scope(), id, "why?", start()).await.unwrap();
        let returned = Some(FilingState::Returned);
        assert_eq!(late(date(2026, 12, 20)).await[1], (october, returned, 51));
    });
}

/// Says when kern-da went live, or of a made-up agency was let in.
async fn since(store: &Store, column: &str, at: &str) {
    let sql = match column {
        "live_at" => "UPDATE agency SET live_at = $1 WHERE code = 'kern-da'",
        _ => "UPDATE agency SET added_at = $1 WHERE code = 'kern-da'",
    };
    let mut transaction = store.database.change(None).await.unwrap();
    query(sql).bind(at).execute(&mut transaction).await.unwrap();
    transaction.commit().await.unwrap();
}

#[test]
fn a_quarter_is_owed_when_it_ended_after_its_agency_went_live() {
    with_store(async |store| {
        let [_, ben, colin] = people(&store).await;
        let two: (Quarter, Quarter) = ("2026-Q1".parse().unwrap(), "2026-Q2".parse().unwrap());
        let told = async || {
            let found = store.lateness(colin.scope(), two, date(2026, 11, 30)).await.unwrap();
            found.iter().map(|one| (one.owed, one.days_late)).collect::<Vec<_>>()
        };
        // A quarter ends with the last hour of its last day in California.
        for (column, at, expected) in [
            ("added_at", "2026-04-01T07:59:59Z", [(true, 214), (true, 123)]),
            ("added_at", "2026-04-01T08:00:00Z", [(false, 0), (true, 123)]),
            ("added_at", "2026-11-30T08:00:00Z", [(false, 0), (false, 0)]),
            ("live_at", "2026-04-01T07:59:59Z", [(true, 214), (true, 123)]),
            ("live_at", "2026-04-01T08:00:00Z", [(false, 0), (true, 123)]),
        ] {
            since(&store, column, at).await;
            assert_eq!(told().await, expected, "{column} {at}");
        }
        // What is filed without being owed is not late, and neither given back.
        let id = store.sign_return(&ben, two.0, CSV, 0, start()).await.unwrap();
        assert_eq!(told().await[0], (false, 0));
        store.give_back(colin.scope(), id, "why?", start()).await.unwrap();
        assert_eq!(told().await[0], (false, 0));
        // Whoever was given a day has been asked.
        let until = date(2026, 11, 15);
        store.extend(colin.scope(), "kern-da", two.0, until, "back data", start()).await.unwrap();
        assert_eq!(told().await[0], (true, 15));
    });
}

#[test]
fn what_came_by_mail_waits_for_its_own_commander_first() {
    with_store(async |store| {
        let [cora, ben, colin] = people(&store).await;
        agency(&store, "fresno-pd", "police").await.unwrap();
        let other = joins(&store, "fresno-pd", "fred", crate::Role::Commander).await;
        let other = other.comes_in(&store, start()).await.unwrap().session;
        let (store, at) = (store.clone().for_server(), start());
        let new = made_return("kern-da", quarter());
        let enter = async |scope: &Scope, agency: &str| {
            store.receive_filing(scope, (agency, quarter()), (CSV, &new), at).await
        };
        let refused = enter(cora.scope(), "kern-da").await;
        assert!(matches!(refused, Err(StoreError::NotPermitted { .. })), "only the collector");
        let nobody = enter(colin.scope(), "nobody").await;
        assert!(matches!(nobody, Err(StoreError::NoSuchAgencyHere(_))));
        let others = enter(colin.scope(), "fresno-pd").await;
        assert!(matches!(others, Err(StoreError::OtherReturn { .. })));
        let id = enter(colin.scope(), "kern-da").await.unwrap();
        assert!(matches!(enter(colin.scope(), "kern-da").await, Err(StoreError::FilingWaits)));

        let filing = store.filing(cora.scope(), id).await.unwrap().unwrap();
        assert!(filing.awaits_its_agency());
        assert_eq!(filing.received_by.as_deref(), Some("colin"));
        assert_eq!(store.filing(other.scope(), id).await.unwrap(), None, "not another agency's");
        let late = (quarter(), quarter());
        let late = store.lateness(colin.scope(), late, date(2026, 12, 1)).await.unwrap();
        assert!(late[0].awaits_its_agency);
        let early = store.accept_filing(colin.scope(), id, &new, None, at).await;
        assert!(matches!(early, Err(StoreError::NotConfirmed(_))));
        let confirms =
            async |session: &Session| store.confirm_filing(session.scope(), id, at).await;
        assert!(matches!(confirms(&cora).await, Err(StoreError::NotPermitted { .. })));
        assert!(matches!(confirms(&colin).await, Err(StoreError::NotPermitted { .. })));
        assert!(confirms(&other).await.is_err(), "not another agency's commander");
        confirms(&ben).await.unwrap();
        assert!(matches!(confirms(&ben).await, Err(StoreError::NoSuchFiling(_))), "once");
        let disputed = store.dispute_filing(ben.scope(), id, "it is not", at).await;
        assert!(matches!(disputed, Err(StoreError::NoSuchFiling(_))), "he has confirmed it");
        store.accept_filing(colin.scope(), id, &new, None, at).await.unwrap();
        let filing = store.filing(ben.scope(), id).await.unwrap().unwrap();
        assert_eq!(filing.confirmed_by.as_deref(), Some("ben"));

        // Another quarter, which the agency did not send like that.
        let next: Quarter = "2026-Q2".parse().unwrap();
        let new = made_return("kern-da", next);
        let mail = (CSV, &new);
        let id = store.receive_filing(colin.scope(), ("kern-da", next), mail, at).await.unwrap();
        store.dispute_filing(ben.scope(), id, "12 is of another year", at).await.unwrap();
        let filing = store.filing(colin.scope(), id).await.unwrap().unwrap();
        assert_eq!(filing.state, FilingState::Returned);
        assert_eq!(filing.question.as_deref(), Some("12 is of another year"));
        // What the collector signed nothing for can be signed now.
        store.sign_return(&ben, next, CSV, 0, at).await.unwrap();
    });
}

#[test]
fn a_return_that_came_as_a_file_is_not_late() {
    with_store(async |store| {
        let [_, _, colin] = people(&store).await;
        let new = made_return("kern-da", quarter());
        store.accept(colin.scope(), &new, None, start()).await.unwrap();
        let quarters = (quarter(), quarter());
        let late = store.lateness(colin.scope(), quarters, date(2027, 1, 1)).await.unwrap();
        assert_eq!((late[0].state, late[0].days_late), (Some(FilingState::Accepted), 31));
        assert_eq!(late[0].filing, None);
    });
}

#[test]
fn nothing_of_a_draft_stands_in_the_files() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let store = Store::open(folder.path()).await.unwrap();
        let [cora, ..] = people(&store).await;
        let planted = "PLANTED-IN-A-DRAFT";
        store.save_draft(&cora, quarter(), planted, 0, start()).await.unwrap();
        let read = own(&store, &cora, start()).await.draft.unwrap();
        assert_eq!(&read.body[..], planted);
        let mut seen = 0;
        for entry in std::fs::read_dir(folder.path()).unwrap() {
            let bytes = std::fs::read(entry.unwrap().path()).unwrap();
            seen += bytes.len();
            let found = bytes.windows(planted.len()).any(|window| window == planted.as_bytes());
            assert!(!found);
            let passphrase = crate::accounts::made::PASSPHRASE.as_bytes();
            assert!(!bytes.windows(passphrase.len()).any(|window| window == passphrase));
        }
        assert!(seen > 100_000, "the files were looked at");
    });
}
