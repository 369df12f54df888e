//! Long analyses, one at a time, on a thread of their own.
//!
//! In: a job that somebody has asked for, and her scope. Out: its steps, its end and its outcome in the
//! store. A job ends early when it is cancelled, takes too long, or the server stops: it is left at the
//! next place where it waits for the database or the disk, and what it has written so far is no result.
//!
//! | module | what |
//! |---|---|
//! | `report` | the state report, written as `clearway report` writes it |
//! | `people` | people, nobody counted twice |
//! | `estimate` | how many people are on no list |
//! | `steps` | how far a job is |
//!
//! To add a kind: its word in `store::JobKind`, its file here, its line in `work`, its words in
//! `state.ftl`.

mod estimate;
mod people;
mod report;
mod steps;

use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use store::{JobKind, JobState, Scope, Store, office_day};
use tokio::sync::watch;

use crate::clock::Clock;
use crate::site::Site;
use crate::until::until;
use steps::Steps;

/// Why a running job is to end before it is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stop {
    /// Somebody said so.
    Cancelled,
    /// The server stops.
    Server,
}

/// The jobs of a server: one runs, the others wait for their turn.
#[derive(Debug, Default)]
pub(crate) struct Jobs {
    turn: tokio::sync::Mutex<()>,
    running: Mutex<Option<(i64, watch::Sender<Option<Stop>>)>>,
}

/// What a job has to do with.
struct Task {
    store: Store,
    scope: Scope,
    id: i64,
    kind: JobKind,
    state: String,
    clock: Clock,
}

impl Task {
    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    fn today(&self) -> jiff::civil::Date {
        office_day(self.now())
    }

    fn data(&self) -> &Path {
        self.store.folder()
    }
}

/// What is wrong with a job, in words that may be kept.
type Outcome = Result<String, String>;

impl Jobs {
    /// Lets a job that was asked for take its turn.
    pub(crate) fn take_turn(site: &Site, id: i64, kind: JobKind, scope: Scope) {
        let site = site.clone();
        tokio::spawn(async move {
            let _turn = site.jobs.turn.lock().await;
            let (store, state) = (site.store.clone(), site.state.to_string());
            let clock = site.clock.clone();
            site.jobs.run(Task { store, scope, id, kind, state, clock }, site.job_limit).await;
        });
    }

    /// Stops a job where it runs; whether it did.
    pub(crate) fn cancel(&self, id: i64) -> bool {
        self.stop(Stop::Cancelled, Some(id))
    }

    /// Stops what runs, because the server does.
    pub(crate) async fn close(&self, within: Duration) {
        if self.stop(Stop::Server, None) {
            let _ = tokio::time::timeout(within, self.turn.lock()).await;
        }
    }

    fn stop(&self, why: Stop, id: Option<i64>) -> bool {
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        let found = running.as_ref().filter(|(running, _)| id.is_none_or(|id| id == *running));
        if let Some((_, stop)) = found {
            stop.send_replace(Some(why));
        }
        found.is_some()
    }

    fn now_running(&self, job: Option<(i64, watch::Sender<Option<Stop>>)>) {
        *self.running.lock().unwrap_or_else(PoisonError::into_inner) = job;
    }

    async fn run(&self, task: Task, limit: Duration) {
        let (stop, mut stops) = watch::channel(None);
        self.now_running(Some((task.id, stop)));
        let (store, scope, id, clock) =
            (task.store.clone(), task.scope.clone(), task.id, task.clock.clone());
        let runtime = tokio::runtime::Handle::current();
        let worked = tokio::task::spawn_blocking(move || {
            runtime.block_on(async move {
                let stopped = async {
                    let _ = stops.wait_for(Option::is_some).await;
                };
                let done = until(pin!(stopped), tokio::time::timeout(limit, work(&task))).await;
                let why = *stops.borrow();
                (done, why)
            })
        });
        let (state, outcome) = match worked.await {
            Ok((Some(Ok(Ok(Some(outcome)))), _)) => (JobState::Done, outcome),
            // It was cancelled before its turn came.
            Ok((Some(Ok(Ok(None))), _)) => return self.now_running(None),
            Ok((Some(Ok(Err(why))), _)) => (JobState::Failed, why),
            Ok((Some(Err(_)), _)) => {
                let minutes = limit.as_secs() / 60;
                (JobState::Failed, format!("it took longer than {minutes} minutes"))
            }
            Ok((None, Some(Stop::Server))) => (JobState::Interrupted, String::new()),
            Ok((None, _)) => (JobState::Cancelled, String::new()),
            Err(_) => (JobState::Failed, "an error of the program".to_owned()),
        };
        // What cannot be written down now is found interrupted at the next start.
        let _ = store.end_job(&scope, id, state, &outcome, clock.now()).await;
        self.now_running(None);
    }
}

/// Does a job when its turn has come; nothing for one that waits no more.
async fn work(task: &Task) -> Result<Option<String>, String> {
    let steps = match task.kind {
        JobKind::Report => report::STEPS,
        JobKind::People => people::STEPS,
        JobKind::Estimate => estimate::STEPS,
    };
    let begun = task.store.begin_job(&task.scope, task.id, steps, task.now()).await;
    if !begun.map_err(said)? {
        return Ok(None);
    }
    let steps = Steps::of(task);
    match task.kind {
        JobKind::Report => report::run(task, steps).await,
        JobKind::People => people::run(task, steps).await,
        JobKind::Estimate => estimate::run(task, steps).await,
    }
    .map(Some)
}

/// An error in words. Those of the analysis say numbers and codes, never anything about a person.
fn said(error: impl std::fmt::Display) -> String {
    error.to_string()
}

/// Where the pages of a report job are.
pub(crate) fn report_folder(data: &Path, id: i64) -> PathBuf {
    data.join("report").join(id.to_string())
}
