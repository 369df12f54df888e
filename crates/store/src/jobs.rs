//! Long analyses that were asked for in the browser.
//!
//! In: what somebody asks for ([`JobKind`]), and how it goes. Out: every [`Job`], also after the server has
//! died: what ran then is marked interrupted when it starts again, and can be asked for anew. What a job
//! does is not known here.

use jiff::Timestamp;
use serde::Serialize;

use crate::audit::{self, Subject};
use crate::columns::Columns;
use crate::database::{Row, Transaction, query, scalar};
use crate::{Permission, Purpose, Role, Scope, Store, StoreError};

/// How many jobs a list has at most.
const LISTED: i64 = 50;

/// What can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum JobKind {
    /// The state report as pages.
    Report,
    /// People, nobody counted twice.
    People,
    /// How many people are on no list.
    Estimate,
}

impl JobKind {
    /// Every kind.
    pub const ALL: [JobKind; 3] = [JobKind::Report, JobKind::People, JobKind::Estimate];

    /// Its word.
    pub fn as_str(self) -> &'static str {
        match self {
            JobKind::Report => "report",
            JobKind::People => "people",
            JobKind::Estimate => "estimate",
        }
    }

    /// The kind of a word.
    pub fn from_word(word: &str) -> Option<JobKind> {
        JobKind::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// What whoever asks for it must be allowed to do. All of them show counts.
    pub fn permission(self) -> Permission {
        match self {
            JobKind::Report => Permission::ReadCounts,
            JobKind::People | JobKind::Estimate => Permission::Count,
        }
    }
}

/// How far a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// Another one runs.
    Waiting,
    /// It is being done.
    Running,
    /// It is done.
    Done,
    /// It could not be done.
    Failed,
    /// Somebody stopped it.
    Cancelled,
    /// The server stopped while it ran.
    Interrupted,
}

impl JobState {
    const ALL: [JobState; 6] = [
        JobState::Waiting,
        JobState::Running,
        JobState::Done,
        JobState::Failed,
        JobState::Cancelled,
        JobState::Interrupted,
    ];

    /// Its word.
    pub fn as_str(self) -> &'static str {
        match self {
            JobState::Waiting => "waiting",
            JobState::Running => "running",
            JobState::Done => "done",
            JobState::Failed => "failed",
            JobState::Cancelled => "cancelled",
            JobState::Interrupted => "interrupted",
        }
    }

    fn from_word(word: &str) -> Option<JobState> {
        JobState::ALL.into_iter().find(|state| state.as_str() == word)
    }

    /// Whether it has not ended.
    pub fn is_open(self) -> bool {
        matches!(self, JobState::Waiting | JobState::Running)
    }
}

/// What was asked for, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Job {
    /// Its number.
    pub id: i64,
    /// What.
    pub kind: JobKind,
    /// By whom.
    pub asked_by: String,
    /// When (UTC).
    pub asked_at: String,
    /// How far it is.
    pub state: JobState,
    /// Steps that are done.
    pub steps_done: i64,
    /// Steps in all.
    pub steps: i64,
    /// When it began (UTC).
    pub started_at: Option<String>,
    /// When it ended (UTC).
    pub ended_at: Option<String>,
    /// Of one that is done, its numbers as they may be printed, with spaces between them; of one that
    /// failed, why.
    pub outcome: Option<String>,
}

impl Store {
    /// Asks for a job, which then waits; its number.
    ///
    /// # Errors
    ///
    /// [`StoreError::JobOpen`] while one of this kind waits or runs; [`StoreError::NotPermitted`],
    /// [`StoreError::Database`].
    pub async fn ask_job(
        &self,
        scope: &Scope,
        kind: JobKind,
        at: Timestamp,
    ) -> Result<i64, StoreError> {
        let mut transaction = self.change(scope, kind.permission()).await?;
        let id: Option<i64> = scalar(
            "INSERT INTO job (kind, agency, asked_by, role, asked_at, state, steps_done, steps)
             VALUES ($1, $2, $3, $4, $5, 'waiting', 0, 1) ON CONFLICT DO NOTHING RETURNING id",
        )
        .bind(kind.as_str())
        .bind(scope.agency().unwrap_or_default())
        .bind(scope.who())
        .bind(scope.role().as_str())
        .bind(at.to_string())
        .fetch_optional(&mut transaction)
        .await?;
        let id = id.ok_or(StoreError::JobOpen)?;
        audit::write(&mut transaction, (Subject::Job, id), "asked", scope, at, kind.as_str())
            .await?;
        transaction.commit().await?;
        Ok(id)
    }

    /// The latest jobs, newest first.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotPermitted`], [`StoreError::DamagedRow`], [`StoreError::Database`].
    pub async fn jobs(&self, scope: &Scope) -> Result<Vec<Job>, StoreError> {
        let rows = query("SELECT * FROM job ORDER BY id DESC LIMIT $1")
            .bind(LISTED)
            .fetch_all(&mut self.read(scope, Permission::ReadCounts).await?)
            .await?;
        rows.iter().map(read).collect()
    }

    /// One job.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoSuchJob`], [`StoreError::NotPermitted`], [`StoreError::DamagedRow`],
    /// [`StoreError::Database`].
    pub async fn job(&self, scope: &Scope, id: i64) -> Result<Job, StoreError> {
        find(&mut self.read(scope, Permission::ReadCounts).await?, id).await
    }

    /// Begins a job that waits; whether it did wait.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotPermitted`], [`StoreError::Database`].
    pub async fn begin_job(
        &self,
        scope: &Scope,
        id: i64,
        steps: i64,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.change(scope, Permission::ReadCounts).await?;
        let begun = query(
            "UPDATE job SET state = 'running', started_at = $1, steps = $2
             WHERE id = $3 AND state = 'waiting'",
        )
        .bind(at.to_string())
        .bind(steps)
        .bind(id)
        .execute(&mut transaction)
        .await?;
        transaction.commit().await?;
        Ok(begun > 0)
    }

    /// Writes down how many steps of a running job are done.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotPermitted`], [`StoreError::Database`].
    pub async fn job_steps(
        &self,
        scope: &Scope,
        id: i64,
        steps_done: i64,
    ) -> Result<(), StoreError> {
        let mut transaction = self.change(scope, Permission::ReadCounts).await?;
        query("UPDATE job SET steps_done = $1 WHERE id = $2 AND state = 'running'")
            .bind(steps_done)
            .bind(id)
            .execute(&mut transaction)
            .await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Ends a job that waits or runs; whether it did.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotPermitted`], [`StoreError::Database`].
    pub async fn end_job(
        &self,
        scope: &Scope,
        id: i64,
        state: JobState,
        outcome: &str,
        at: Timestamp,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.change(scope, Permission::ReadCounts).await?;
        let ended = end(&mut transaction, scope, id, (state, outcome), at).await?;
        transaction.commit().await?;
        Ok(ended)
    }

    /// Marks as interrupted what was waiting or running when the server died, before it answers anybody:
    /// nobody is signed in then, and each act is written in the name of whoever had asked. How many.
    ///
    /// # Errors
    ///
    /// [`StoreError::DamagedRow`], [`StoreError::Database`].
    pub async fn interrupt_jobs(&self, at: Timestamp) -> Result<usize, StoreError> {
        let mut transaction = self.door().await?;
        let rows = query("SELECT * FROM job WHERE state IN ('waiting', 'running') ORDER BY id")
            .fetch_all(&mut transaction)
            .await?;
        for row in &rows {
            let columns = Columns::of("job", "id", row)?;
            let (who, agency) = (columns.text("asked_by")?, columns.text("agency")?);
            let role = columns.word("role", Role::from_word)?;
            let asker = Scope::of(who, Some(agency), role, Purpose::Other);
            let ended = (JobState::Interrupted, "");
            end(&mut transaction, &asker, columns.number(), ended, at).await?;
        }
        transaction.commit().await?;
        Ok(rows.len())
    }
}

async fn end(
    transaction: &mut Transaction,
    scope: &Scope,
    id: i64,
    (state, outcome): (JobState, &str),
    at: Timestamp,
) -> Result<bool, StoreError> {
    let ended = query(
        "UPDATE job SET state = $1, outcome = $2, ended_at = $3,
            steps_done = CASE WHEN $1 = 'done' THEN steps ELSE steps_done END
         WHERE id = $4 AND state IN ('waiting', 'running')",
    )
    .bind(state.as_str())
    .bind(Some(outcome).filter(|outcome| !outcome.is_empty()))
    .bind(at.to_string())
    .bind(id)
    .execute(transaction)
    .await?;
    if ended > 0 {
        audit::write(transaction, (Subject::Job, id), state.as_str(), scope, at, outcome).await?;
    }
    Ok(ended > 0)
}

async fn find(transaction: &mut Transaction, id: i64) -> Result<Job, StoreError> {
    let row = query("SELECT * FROM job WHERE id = $1").bind(id).fetch_optional(transaction).await?;
    read(&row.ok_or(StoreError::NoSuchJob(id))?)
}

fn read(row: &Row) -> Result<Job, StoreError> {
    let columns = Columns::of("job", "id", row)?;
    Ok(Job {
        id: columns.number(),
        kind: columns.word("kind", JobKind::from_word)?,
        asked_by: columns.text("asked_by")?,
        asked_at: columns.text("asked_at")?,
        state: columns.word("state", JobState::from_word)?,
        steps_done: columns.integer("steps_done")?,
        steps: columns.integer("steps")?,
        started_at: columns.optional_text("started_at")?,
        ended_at: columns.optional_text("ended_at")?,
        outcome: columns.optional_text("outcome")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::made::{clearinghouse, joins, start};
    use crate::stores::with_store;
    use crate::{AuditFilter, Session};

    async fn of_the_state(store: &Store, name: &'static str, role: Role) -> Session {
        let person = joins(store, "state", name, role).await;
        person.comes_in(store, start()).await.unwrap().session
    }

    #[test]
    fn a_job_is_asked_for_begun_and_ended_once() {
        with_store(async |store| {
            clearinghouse(&store).await;
            let ana = of_the_state(&store, "ana", Role::Analyst).await;
            let pia = of_the_state(&store, "pia", Role::Publisher).await;
            let colin = of_the_state(&store, "colin", Role::Collector).await;
            let (store, at) = (store.for_server(), start());
            let (ana, pia, colin) = (ana.scope(), pia.scope(), colin.scope());
            let refused = store.ask_job(pia, JobKind::People, at).await;
            assert!(matches!(refused, Err(StoreError::NotPermitted { .. })), "she does not count");
            assert!(store.jobs(colin).await.is_err(), "he sees no counts");

            let id = store.ask_job(pia, JobKind::Report, at).await.unwrap();
            let again = store.ask_job(ana, JobKind::Report, at).await;
            assert!(matches!(again, Err(StoreError::JobOpen)));
            let other = store.ask_job(ana, JobKind::Estimate, at).await.unwrap();
            assert!(store.begin_job(pia, id, 4, at).await.unwrap());
            assert!(!store.begin_job(pia, id, 4, at).await.unwrap(), "once");
            store.job_steps(pia, id, 2).await.unwrap();
            let job = store.job(ana, id).await.unwrap();
            assert_eq!((job.state, job.steps_done, job.steps), (JobState::Running, 2, 4));
            assert!(store.end_job(pia, id, JobState::Done, "431", at).await.unwrap());
            assert!(!store.end_job(ana, id, JobState::Cancelled, "", at).await.unwrap());
            let job = store.job(pia, id).await.unwrap();
            assert_eq!((job.state, job.steps_done), (JobState::Done, 4));
            assert_eq!(job.outcome.as_deref(), Some("431"));
            assert!(store.end_job(ana, other, JobState::Cancelled, "", at).await.unwrap());
            assert!(!store.begin_job(ana, other, 1, at).await.unwrap(), "it waits no more");
            assert!(matches!(store.job(ana, 99).await, Err(StoreError::NoSuchJob(99))));
            let states: Vec<JobState> =
                store.jobs(ana).await.unwrap().iter().map(|job| job.state).collect();
            assert_eq!(states, [JobState::Cancelled, JobState::Done], "newest first");
        });
    }

    #[test]
    fn what_ran_when_the_server_died_is_interrupted_and_can_be_asked_for_again() {
        with_store(async |store| {
            clearinghouse(&store).await;
            let ana = of_the_state(&store, "ana", Role::Analyst).await;
            let (server, at, scope) = (store.clone().for_server(), start(), ana.scope());
            let running = server.ask_job(scope, JobKind::Report, at).await.unwrap();
            server.begin_job(scope, running, 3, at).await.unwrap();
            let waiting = server.ask_job(scope, JobKind::People, at).await.unwrap();
            let estimate = server.ask_job(scope, JobKind::Estimate, at).await.unwrap();
            server.end_job(scope, estimate, JobState::Failed, "no lists", at).await.unwrap();
            assert_eq!(server.interrupt_jobs(at).await.unwrap(), 2);
            assert_eq!(server.interrupt_jobs(at).await.unwrap(), 0);
            for id in [running, waiting] {
                let job = server.job(scope, id).await.unwrap();
                assert_eq!(job.state, JobState::Interrupted);
            }
            let failed = server.job(scope, estimate).await.unwrap();
            assert_eq!(failed.outcome.as_deref(), Some("no lists"));
            server.ask_job(scope, JobKind::Report, at).await.unwrap();
            let operator = Scope::command_line("root");
            let audit = store.audit(&operator, &AuditFilter::default()).await.unwrap();
            let acts: Vec<(&str, &str)> = audit
                .iter()
                .filter(|row| row.subject == "job")
                .map(|row| (&*row.act, &*row.who))
                .collect();
            let asked = ("asked", "ana");
            let interrupted = ("interrupted", "ana");
            assert_eq!(
                acts,
                [asked, asked, asked, ("failed", "ana"), interrupted, interrupted, asked]
            );
        });
    }
}
