use std::future::poll_fn;
use std::path::Path;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;
use std::time::Duration;

use proptest::prelude::*;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, Error};
use tempfile::TempDir;
use tokio::task::JoinHandle;

use crate::audit::{self, Subject};
use crate::database::{Database, Transaction, query, scalar};
use crate::stores::with_store;
use crate::{AuditFilter, Scope, Store, StoreError};

const TABLE: &str = "CREATE TABLE note (
    n INTEGER PRIMARY KEY, said TEXT NOT NULL,
    answers INTEGER REFERENCES note (n) DEFERRABLE INITIALLY DEFERRED) STRICT";

fn with_notes(story: impl AsyncFn(Database, &Path)) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let folder = TempDir::new().unwrap();
        let database = Database::open(folder.path(), None).await.unwrap();
        let mut change = database.change(None).await.unwrap();
        change.run(TABLE).await.unwrap();
        change.commit().await.unwrap();
        story(database, folder.path()).await;
    });
}

/// Notes something, with the number after the last one.
async fn note(change: &mut Transaction, said: &str) -> Result<(), Error> {
    let last: i64 =
        scalar("SELECT COALESCE(MAX(n), 0) FROM note").fetch_one(&mut *change).await.unwrap();
    let insert = query("INSERT INTO note (n, said) VALUES ($1, $2)").bind(last + 1).bind(said);
    insert.execute(change).await.map(|_| ())
}

async fn note_alone(database: &Database, said: &str) -> Result<(), Error> {
    let mut change = database.change(None).await?;
    note(&mut change, said).await?;
    change.commit().await
}

/// What everybody reads: what is durable.
async fn notes(database: &Database) -> Vec<(i64, String)> {
    let mut moment = database.read(None).await.unwrap();
    let rows = query("SELECT n, said FROM note ORDER BY n").fetch_all(&mut moment).await.unwrap();
    rows.iter().map(|row| (row.try_get("n").unwrap(), row.try_get("said").unwrap())).collect()
}

async fn said(database: &Database) -> Vec<String> {
    notes(database).await.into_iter().map(|(_, said)| said).collect()
}

type Waiting = JoinHandle<Result<Transaction, Error>>;

/// Two changes of one group: they wait while another one holds the connection.
async fn two(database: &Database) -> (Waiting, Waiting) {
    let held = database.change(None).await.unwrap();
    let wait = || {
        let database = database.clone();
        tokio::spawn(async move { database.change(None).await })
    };
    let both = (wait(), wait());
    for _ in 0..10 {
        tokio::task::yield_now().await;
    }
    drop(held);
    both
}

#[test]
fn nobody_is_told_before_the_group_is_durable() {
    with_notes(async |database, _| {
        let (first, second) = two(&database).await;
        let mut first = first.await.unwrap().unwrap();
        note(&mut first, "first").await.unwrap();
        let told = tokio::spawn(first.commit());
        // The second has its turn although nothing is durable, and sees what the first did.
        let mut second = second.await.unwrap().unwrap();
        let seen: i64 = scalar("SELECT COUNT(*) FROM note").fetch_one(&mut second).await.unwrap();
        assert_eq!(seen, 1);
        tokio::time::sleep(Duration::from_millis(20)).await;
        assert!(!told.is_finished() && said(&database).await.is_empty());
        note(&mut second, "second").await.unwrap();
        second.commit().await.unwrap();
        told.await.unwrap().unwrap();
        assert_eq!(said(&database).await, ["first", "second"]);
    });
}

#[test]
fn one_that_is_dropped_is_undone_alone() {
    with_notes(async |database, _| {
        for dropped in [0, 1] {
            let (first, second) = two(&database).await;
            let mut told = Vec::new();
            for (at, waiting) in [first, second].into_iter().enumerate() {
                let mut change = waiting.await.unwrap().unwrap();
                note(&mut change, &format!("{at} of {dropped}")).await.unwrap();
                if at != dropped {
                    told.push(tokio::spawn(change.commit()));
                }
            }
            for one in told {
                one.await.unwrap().unwrap();
            }
        }
        assert_eq!(said(&database).await, ["1 of 0", "0 of 1"]);
    });
}

#[test]
fn after_a_failed_statement_a_change_takes_no_other() {
    with_notes(async |database, _| {
        let (first, second) = two(&database).await;
        let mut first = first.await.unwrap().unwrap();
        note(&mut first, "first").await.unwrap();
        assert!(first.run("INSERT INTO note (n, said) VALUES (1, 'again')").await.is_err());
        let after = note_is_refused(&mut first).await;
        assert!(after.contains("UNIQUE"), "{after}");
        assert!(first.commit().await.unwrap_err().to_string().contains("UNIQUE"));
        let mut second = second.await.unwrap().unwrap();
        note(&mut second, "second").await.unwrap();
        second.commit().await.unwrap();
        assert_eq!(said(&database).await, ["second"]);
    });
}

async fn note_is_refused(change: &mut Transaction) -> String {
    change.run("INSERT INTO note (n, said) VALUES (7, 'after')").await.unwrap_err().to_string()
}

#[test]
fn a_commit_that_fails_fails_everybody() {
    with_notes(async |database, _| {
        note_alone(&database, "before").await.unwrap();
        let (first, second) = two(&database).await;
        let mut first = first.await.unwrap().unwrap();
        note(&mut first, "first").await.unwrap();
        let told = tokio::spawn(first.commit());
        let mut second = second.await.unwrap().unwrap();
        // What SQLite looks at when it commits, and not before.
        second.run("INSERT INTO note (n, said, answers) VALUES (8, 'b', 99)").await.unwrap();
        for outcome in [second.commit().await, told.await.unwrap()] {
            let error = outcome.unwrap_err();
            let code = error.as_database_error().unwrap().code().unwrap().into_owned();
            assert_eq!(code, "787", "{error}");
        }
        assert_eq!(said(&database).await, ["before"]);
        note_alone(&database, "after").await.unwrap();
        assert_eq!(said(&database).await, ["before", "after"]);
    });
}

#[test]
fn a_full_disk_loses_nothing_that_was_acknowledged() {
    with_notes(async |database, folder| {
        let (first, second) = two(&database).await;
        let mut first = first.await.unwrap().unwrap();
        first.run("PRAGMA max_page_count = 20").await.unwrap();
        note(&mut first, "first").await.unwrap();
        let told = tokio::spawn(first.commit());
        let mut second = second.await.unwrap().unwrap();
        let full = note(&mut second, &"long ".repeat(100_000)).await.unwrap_err();
        assert_eq!(full.as_database_error().unwrap().code().unwrap(), "13", "{full}");
        assert!(second.commit().await.is_err());
        let kept = told.await.unwrap().is_ok();
        assert_eq!(said(&database).await.len(), usize::from(kept));
        // When there is room again, and for whoever opens it then, it goes on.
        let mut change = database.change(None).await.unwrap();
        change.run("PRAGMA max_page_count = 100000").await.unwrap();
        note(&mut change, &"long ".repeat(100_000)).await.unwrap();
        change.commit().await.unwrap();
        database.close().await;
        let again = Database::open(folder, None).await.unwrap();
        assert_eq!(said(&again).await.len(), 1 + usize::from(kept));
    });
}

/// A future that is given up when it was asked so often.
async fn given_up_after<T>(polls: usize, work: impl Future<Output = T>) -> Option<T> {
    let (mut work, mut asked) = (pin!(work), 0);
    poll_fn(|context| {
        asked += 1;
        match asked > polls {
            true => Poll::Ready(None),
            false => work.as_mut().poll(context).map(Some),
        }
    })
    .await
}

#[test]
fn one_that_is_given_up_at_any_moment_is_in_nobodys_way() {
    with_notes(async |database, folder| {
        let (mut finished, mut told) = (0, Vec::new());
        for polls in 0..24 {
            let name = format!("given up {polls}");
            let beside = {
                let database = database.clone();
                tokio::spawn(async move { note_alone(&database, "beside").await })
            };
            let given_up = given_up_after(polls, note_alone(&database, &name)).await;
            beside.await.unwrap().unwrap();
            finished += usize::from(given_up.is_some());
            told.extend(given_up.map(|_| name));
            // The file is free at once, also for another process.
            let file = SqliteConnectOptions::new().filename(folder.join(Store::FILE));
            let other = file.busy_timeout(Duration::from_secs(5)).connect().await;
            let mut other = other.unwrap();
            sqlx::raw_sql("BEGIN IMMEDIATE; ROLLBACK").execute(&mut other).await.unwrap();
            other.close().await.unwrap();
        }
        let notes = notes(&database).await;
        assert!((1..24).contains(&finished), "some are given up, some are not: {finished}");
        assert!(told.iter().all(|name| notes.iter().any(|(_, said)| said == name)));
        assert_eq!(notes.iter().filter(|(_, said)| said == "beside").count(), 24);
    });
}

#[test]
fn another_process_has_its_turn_while_many_write() {
    with_notes(async |database, folder| {
        let go_on = Arc::new(AtomicBool::new(true));
        let busy: Vec<_> = (0..16)
            .map(|_| {
                let (database, go_on) = (database.clone(), go_on.clone());
                tokio::spawn(async move {
                    while go_on.load(Ordering::Relaxed) {
                        note_alone(&database, "busy").await.unwrap();
                    }
                })
            })
            .collect();
        let file = SqliteConnectOptions::new().filename(folder.join(Store::FILE));
        let mut other = file.busy_timeout(Duration::from_secs(15)).connect().await.unwrap();
        for _ in 0..3 {
            let sql = "BEGIN IMMEDIATE;
                INSERT INTO note (n, said) SELECT MAX(n) + 1, 'other' FROM note; COMMIT";
            sqlx::raw_sql(sql).execute(&mut other).await.unwrap();
        }
        go_on.store(false, Ordering::Relaxed);
        for one in busy {
            one.await.unwrap();
        }
        let others = said(&database).await.iter().filter(|said| *said == "other").count();
        assert_eq!(others, 3);
    });
}

/// On PostgreSQL, what a group's connection says of itself.
async fn says(change: &mut Transaction, what: &str) -> String {
    scalar(format!("SELECT CAST({what} AS TEXT)")).fetch_one(change).await.unwrap()
}

#[test]
fn each_change_of_a_group_meets_the_rows_of_its_own_agency() {
    with_store(async |store| {
        if !store.database.keeps_apart() {
            return;
        }
        let first = store.database.change(Some("first")).await.unwrap();
        let come = ["o'brien", "undone", "*"].map(|agency| {
            let database = store.database.clone();
            tokio::spawn(async move { database.change(Some(agency)).await })
        });
        tokio::time::sleep(Duration::from_millis(50)).await;
        first.commit().await.unwrap();
        let mut kept = Vec::new();
        for (waiting, agency) in come.into_iter().zip(["o'brien", "undone", "*"]) {
            let mut change = waiting.await.unwrap().unwrap();
            assert_eq!(says(&mut change, "current_setting('clearway.agency')").await, agency);
            match agency {
                "undone" => drop(change),
                _ => kept.push(tokio::spawn(change.commit())),
            }
        }
        for commit in kept {
            commit.await.unwrap().unwrap();
        }
    });
}

#[test]
fn a_connection_that_postgresql_ended_is_made_anew_before_anybody_is_told() {
    with_store(async |store| {
        if !store.database.keeps_apart() {
            return;
        }
        let mut change = store.database.change(None).await.unwrap();
        let writer = says(&mut change, "pg_backend_pid()").await;
        change.commit().await.unwrap();
        let mut moment = store.database.read(None).await.unwrap();
        assert_eq!(says(&mut moment, &format!("pg_terminate_backend({writer})")).await, "true");
        drop(moment);
        tokio::time::sleep(Duration::from_millis(100)).await;
        let mut change = store.database.change(None).await.unwrap();
        assert_ne!(says(&mut change, "pg_backend_pid()").await, writer);
        change.commit().await.unwrap();
    });
}

#[test]
fn whoever_comes_after_the_end_is_refused() {
    with_notes(async |database, _| {
        let other = database.clone();
        database.close().await;
        assert!(matches!(note_alone(&other, "late").await, Err(Error::PoolClosed)));
    });
}

/// How somebody's change goes.
#[derive(Debug, Clone, Copy)]
enum Course {
    Commits,
    IsDropped,
    Fails,
    IsGivenUp(usize),
}

fn course() -> impl Strategy<Value = Course> {
    prop_oneof![
        4 => Just(Course::Commits),
        1 => Just(Course::IsDropped),
        1 => Just(Course::Fails),
        2 => (0..16_usize).prop_map(Course::IsGivenUp),
    ]
}

/// Goes its course `late` turns of the runtime from now; whether it was told that it is durable.
async fn goes(database: Database, name: String, late: u8, course: Course) -> bool {
    for _ in 0..late {
        tokio::task::yield_now().await;
    }
    match course {
        Course::Commits => note_alone(&database, &name).await.is_ok(),
        Course::IsDropped => {
            note(&mut database.change(None).await.unwrap(), &name).await.unwrap();
            false
        }
        Course::Fails => {
            let mut change = database.change(None).await.unwrap();
            note(&mut change, &name).await.unwrap();
            change.run("INSERT INTO note (n, said) VALUES (1, NULL)").await.unwrap_err();
            false
        }
        Course::IsGivenUp(polls) => {
            given_up_after(polls, note_alone(&database, &name)).await.is_some()
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn what_is_told_is_there_and_what_is_undone_is_not(
        schedule in proptest::collection::vec((0..12_u8, course()), 1..24),
    ) {
        with_notes(async |database, _| {
            let all: Vec<_> = schedule
                .iter()
                .enumerate()
                .map(|(at, &(late, course))| {
                    tokio::spawn(goes(database.clone(), at.to_string(), late, course))
                })
                .collect();
            let mut told = Vec::new();
            for one in all {
                told.push(one.await.unwrap());
            }
            // One after the other: after whoever was given up, too.
            note_alone(&database, "last").await.unwrap();
            let notes = notes(&database).await;
            assert!(notes.iter().map(|(n, _)| *n).eq(1..=notes.len() as i64), "{notes:?}");
            assert_eq!(notes.last().unwrap().1, "last");
            for (at, (_, course)) in schedule.iter().enumerate() {
                let times = notes.iter().filter(|(_, said)| *said == at.to_string()).count();
                match course {
                    Course::Commits => assert!(told[at] && times == 1),
                    Course::IsDropped | Course::Fails => assert_eq!(times, 0),
                    Course::IsGivenUp(_) if told[at] => assert_eq!(times, 1),
                    Course::IsGivenUp(_) => assert!(times <= 1),
                }
            }
        });
    }
}

/// How somebody acts whose acts are audited.
#[derive(Debug, Clone)]
struct Acts {
    course: Course,
    /// So many rows.
    rows: usize,
    /// After so many she reads the audit.
    reads_after: Option<usize>,
    late: u8,
}

fn acts() -> impl Strategy<Value = Acts> {
    let rows = prop_oneof![6 => 1..5_usize, 1 => 30..70_usize];
    (course(), rows, proptest::option::of(0..5_usize), 0..12_u8)
        .prop_map(|(course, rows, reads_after, late)| Acts { course, rows, reads_after, late })
}

/// What is wanted of the audit by `name`, and whether it was told that it is durable.
async fn act(store: &Store, scope: &Scope, name: &str, acts: &Acts) -> Result<(), StoreError> {
    if acts.rows == 1 && acts.reads_after.is_none() {
        return store.viewed(scope, name, &[], jiff::Timestamp::UNIX_EPOCH).await;
    }
    let mut change = store.database.change(None).await?;
    for at in 0..acts.rows {
        let (subject, now) = ((Subject::Page, at as i64), jiff::Timestamp::UNIX_EPOCH);
        audit::write(&mut change, subject, "acted", scope, now, name).await?;
        if acts.reads_after == Some(at) {
            let seen = scalar(
                "SELECT COUNT(*) FROM audit_row JOIN audit_reason ON row_id = id WHERE why = $1",
            );
            let seen: i64 = seen.bind(name).fetch_one(&mut change).await?;
            assert_eq!(seen, at as i64 + 1, "a change finds its own rows");
        }
    }
    match acts.course {
        Course::IsDropped => return Err(StoreError::NotSignedIn),
        Course::Fails => change.run("INSERT INTO nowhere VALUES (1)").await?,
        Course::Commits | Course::IsGivenUp(_) => {}
    }
    Ok(change.commit().await?)
}

async fn acts_late(store: Store, name: String, acts: Acts) -> bool {
    let scope = Scope::command_line("tester");
    for _ in 0..acts.late {
        tokio::task::yield_now().await;
    }
    match acts.course {
        Course::IsGivenUp(polls) => {
            let given_up = given_up_after(polls, act(&store, &scope, &name, &acts)).await;
            given_up.is_some_and(|done| done.is_ok())
        }
        _ => act(&store, &scope, &name, &acts).await.is_ok(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4))]

    #[test]
    fn the_audit_holds_the_rows_of_what_was_kept_and_no_others(
        schedules in proptest::collection::vec(proptest::collection::vec(acts(), 1..20), 8),
    ) {
        with_store(async |store| {
            let mut known = 0;
            for (round, schedule) in schedules.iter().enumerate() {
                let all: Vec<_> = schedule
                    .iter()
                    .enumerate()
                    .map(|(at, acts)| {
                        let name = format!("{round}/{at}");
                        tokio::spawn(acts_late(store.clone(), name, acts.clone()))
                    })
                    .collect();
                let mut told = Vec::new();
                for one in all {
                    told.push(one.await.unwrap());
                }
                // After whoever was given up, too.
                let scope = Scope::command_line("tester");
                store.viewed(&scope, "last", &[], jiff::Timestamp::UNIX_EPOCH).await.unwrap();
                let verified = store.verify_audit(&scope, &[]).await.unwrap();
                assert_eq!(verified.findings, []);
                let rows = store.audit(&scope, &AuditFilter::default()).await.unwrap();
                let new = &rows[known..];
                known = rows.len();
                // Nobody's rows stand between somebody's.
                let mut found: Vec<(&str, usize)> = Vec::new();
                for row in new {
                    let why = row.why.as_deref().unwrap();
                    match found.last_mut() {
                        Some((last, number)) if *last == why => *number += 1,
                        _ => found.push((why, 1)),
                    }
                }
                assert_eq!(found.pop(), Some(("last", 1)));
                for (at, (acts, told)) in schedule.iter().zip(told).enumerate() {
                    let name = format!("{round}/{at}");
                    let mine: Vec<_> = found.iter().filter(|(why, _)| *why == name).collect();
                    let is_alone = acts.rows == 1 && acts.reads_after.is_none();
                    match acts.course {
                        Course::IsDropped | Course::Fails if !is_alone => {
                            assert!(!told && mine.is_empty(), "{acts:?} {mine:?}");
                        }
                        Course::IsGivenUp(_) if !told && mine.is_empty() => {}
                        _ => {
                            assert_eq!(mine, [&(&name[..], acts.rows)], "{acts:?}");
                            assert!(told || matches!(acts.course, Course::IsGivenUp(_)));
                        }
                    }
                }
            }
        });
    }
}

#[test]
fn a_row_that_cannot_be_written_fails_its_whole_group_and_nothing_after_it() {
    with_store(async |store| {
        let scope = Scope::command_line("tester");
        let now = jiff::Timestamp::UNIX_EPOCH;
        let (first, second) = two(&store.database).await;
        let mut first = first.await.unwrap().unwrap();
        audit::write(&mut first, (Subject::Page, 0), "acted", &scope, now, "first").await.unwrap();
        let told = tokio::spawn(first.commit());
        let mut second = second.await.unwrap().unwrap();
        // Nothing of the audit can be written any more.
        second.run("ALTER TABLE audit_reason RENAME TO reason").await.unwrap();
        audit::write(&mut second, (Subject::Page, 0), "acted", &scope, now, "second")
            .await
            .unwrap();
        assert!(second.commit().await.is_err() && told.await.unwrap().is_err());
        assert_eq!(store.audit_head(&scope).await.unwrap().rows, 0);
        store.viewed(&scope, "after\0zero", &[], now).await.unwrap();
        let rows = store.audit(&scope, &AuditFilter::default()).await.unwrap();
        let why: Vec<_> = rows.iter().filter_map(|row| row.why.as_deref()).collect();
        assert_eq!(why, ["after\u{2400}zero"]);
    });
}

#[test]
fn thousands_of_rows_of_one_change_are_written_meanwhile_and_go_with_it() {
    with_store(async |store| {
        let scope = Scope::command_line("tester");
        let now = jiff::Timestamp::UNIX_EPOCH;
        for is_kept in [false, true] {
            let (first, second) = two(&store.database).await;
            let mut first = first.await.unwrap().unwrap();
            audit::write(&mut first, (Subject::Page, 0), "acted", &scope, now, "first")
                .await
                .unwrap();
            let told = tokio::spawn(first.commit());
            let mut second = second.await.unwrap().unwrap();
            for at in 0..2500 {
                let subject = (Subject::Page, at);
                audit::write(&mut second, subject, "acted", &scope, now, "many").await.unwrap();
            }
            // In capitals it does not read as a statement that wants to see them all.
            let there = scalar("SELECT COUNT(*) FROM AUDIT_ROW").fetch_one(&mut second).await;
            let there: i64 = there.unwrap();
            let waiting = 2501 - (there - i64::from(is_kept));
            assert!((0..1024).contains(&waiting), "{waiting} wait");
            match is_kept {
                true => second.commit().await.unwrap(),
                false => drop(second),
            }
            told.await.unwrap().unwrap();
        }
        let verified = store.verify_audit(&scope, &[]).await.unwrap();
        assert_eq!((verified.findings, verified.head.rows), (vec![], 2502));
    });
}
