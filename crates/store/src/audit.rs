//! The audit: who did what, when, in what role, for what purpose and why, in one chain.
//!
//! In: every change, written in the transaction that makes it, together with those that share its commit
//! (`unwritten`). Out: the rows ([`AuditRow`]), and whether the chain holds ([`Store::verify_audit`]). Each row has the BLAKE3 hash of the row before
//! and of itself, so that a row that was changed, removed or put elsewhere shows. Whoever can write
//! the whole file can make the whole chain anew, or leave its end out: only a checkpoint that is kept
//! elsewhere shows that ([`AuditHead`]).
//!
//! The reason of an act stands beside the chain, which holds a salted hash of it. An order can destroy
//! a reason (Penal Code 236.14); the chain holds without it, and nobody can try what it may have been.

use jiff::Timestamp;
use serde::Serialize;

use crate::database::{Row, Transaction, query};
use crate::{Act, Permission, Scope, Store, StoreError};

mod chain;
mod reasons;
#[cfg(test)]
mod tests;
mod unwritten;

pub use chain::{AuditFinding, AuditFindingKind, AuditVerified};
pub(crate) use unwritten::{Unnumbered, Unwritten};

/// What an act was done to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Subject {
    Return,
    Agency,
    Import,
    Mode,
    Release,
    Order,
    Sent,
    KnownAgency,
    Received,
    Refused,
    Count,
    Link,
    Audit,
    Member,
    Joined,
    Compartment,
    Page,
    Draft,
    Filing,
    Job,
    Reminder,
}

impl Subject {
    const ALL: [(Subject, &'static str); 21] = [
        (Subject::Return, "return"),
        (Subject::Agency, "agency"),
        (Subject::Import, "import"),
        (Subject::Mode, "mode"),
        (Subject::Release, "release"),
        (Subject::Order, "order"),
        (Subject::Sent, "sent"),
        (Subject::KnownAgency, "known_agency"),
        (Subject::Received, "received"),
        (Subject::Refused, "refused"),
        (Subject::Count, "count"),
        (Subject::Link, "link"),
        (Subject::Audit, "audit"),
        (Subject::Member, "member"),
        (Subject::Joined, "joined_agency"),
        (Subject::Compartment, "compartment"),
        (Subject::Page, "page"),
        (Subject::Draft, "draft"),
        (Subject::Filing, "filing"),
        (Subject::Job, "job"),
        (Subject::Reminder, "reminder"),
    ];

    pub(crate) fn as_str(self) -> &'static str {
        Subject::ALL.iter().find(|(known, _)| *known == self).map_or("", |(_, word)| word)
    }
}

/// What an act can be done to, as rows of the audit say it.
pub fn audit_subjects() -> impl Iterator<Item = &'static str> {
    Subject::ALL.iter().map(|(_, word)| *word)
}

/// What somebody did last, by an index alone and with the reasons of no more than that: the audit only ever
/// grows.
const OWN_ACTS: &str = "SELECT latest.*, audit_reason.why
    FROM (SELECT * FROM audit_row WHERE who = $1 ORDER BY id DESC LIMIT $2) AS latest
    LEFT JOIN audit_reason ON audit_reason.row_id = latest.id ORDER BY latest.id DESC";

/// One thing that was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AuditRow {
    /// Its place in the chain, from 1.
    pub id: i64,
    /// When (UTC).
    pub at: String,
    /// Who did it.
    pub who: String,
    /// In what role.
    pub role: String,
    /// For what purpose.
    pub purpose: String,
    /// To what: `return`, `agency`, `import`, `mode`, `release`, `order`, `sent`, `known_agency`,
    /// `received`, `refused`, `count`, `link`, `audit`, `member`, `joined_agency`, `compartment`, `page`,
    /// `draft`, `filing`, `job`, `reminder`.
    pub subject: String,
    /// The number of that; 0 when it was done to all of them.
    pub subject_id: i64,
    /// What was done.
    pub act: String,
    /// Why; nothing where that was destroyed by order.
    pub why: Option<String>,
}

/// The end of the chain. Kept elsewhere, it shows later whether everything before it is still as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AuditHead {
    /// How many rows there are.
    pub rows: i64,
    /// The hash of the last, in hexadecimal; zeros where there is none.
    pub hash: String,
    /// The rows whose reasons were destroyed by order: a backup of before still has them.
    pub destroyed: Vec<i64>,
}

/// Which rows are asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Those of one person.
    pub who: Option<String>,
    /// Those about one sort of thing, and of one of them.
    pub subject: Option<(String, Option<i64>)>,
    /// Those from this moment on (UTC, as in the rows).
    pub since: Option<String>,
}

impl Store {
    /// Writes down that somebody saw a page, and what was on it: one row for a view.
    ///
    /// # Errors
    ///
    /// [`StoreError::Database`].
    pub async fn viewed(
        &self,
        scope: &Scope,
        page: &str,
        numbers: &[i64],
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let numbers: Vec<String> = numbers.iter().map(i64::to_string).collect();
        let why = format!("{page} {}", numbers.join(" "));
        self.expect_door(scope)?;
        let subject = (Subject::Page.as_str(), 0);
        let row = by(scope, subject, "viewed", at.to_string(), why.trim_end())?;
        Ok(self.database.note(row).await?)
    }

    /// What the scope's own member did and saw, newest first: her access report.
    ///
    /// # Errors
    ///
    /// [`StoreError::Database`].
    pub async fn own_acts(&self, scope: &Scope, most: u32) -> Result<Vec<AuditRow>, StoreError> {
        self.expect_door(scope)?;
        let rows = query(OWN_ACTS)
            .bind(scope.who())
            .bind(i64::from(most))
            .fetch_all(&mut self.window().await?)
            .await?;
        rows.iter().map(read).collect()
    }

    /// Rows of the audit, in order: to an agency's auditor those of its own members, and what anybody did
    /// to the agency, its members and its compartments.
    ///
    /// # Errors
    ///
    /// [`StoreError::Database`].
    pub async fn audit(
        &self,
        scope: &Scope,
        filter: &AuditFilter,
    ) -> Result<Vec<AuditRow>, StoreError> {
        let (subject, id) = match &filter.subject {
            Some((subject, id)) => (Some(subject.as_str()), *id),
            None => (None, None),
        };
        let rows = query(
            "SELECT audit_row.*, audit_reason.why FROM audit_row
             LEFT JOIN audit_reason ON audit_reason.row_id = audit_row.id
             WHERE ($1 IS NULL OR who = $1) AND ($2 IS NULL OR subject = $2)
               AND ($3 IS NULL OR subject_id = $3) AND ($4 IS NULL OR at >= $4)
               AND ($5 = '*'
                    OR EXISTS (SELECT 1 FROM member WHERE member.name = who AND member.agency = $5)
                    OR subject = 'member' AND EXISTS (SELECT 1 FROM member
                        WHERE member.id = subject_id AND member.agency = $5)
                    OR subject = 'compartment' AND EXISTS (SELECT 1 FROM compartment
                        WHERE compartment.id = subject_id AND compartment.agency = $5)
                    OR subject = 'joined_agency' AND EXISTS (SELECT 1 FROM agency
                        WHERE agency.id = subject_id AND agency.code = $5))
             ORDER BY audit_row.id",
        )
        .bind(&filter.who)
        .bind(subject)
        .bind(id)
        .bind(&filter.since)
        .bind(scope.agency().unwrap_or("*"))
        // Whose member somebody is must be known of all agencies to leave the others out.
        .fetch_all(&mut self.window_for(scope, Permission::ReadAudit).await?)
        .await?;
        rows.iter().map(read).collect()
    }

    /// The end of the chain as it is now.
    ///
    /// # Errors
    ///
    /// [`StoreError::Database`].
    pub async fn audit_head(&self, scope: &Scope) -> Result<AuditHead, StoreError> {
        let mut moment = self.read(scope, Permission::ReadAudit).await?;
        let (rows, hash) = last(&mut moment).await?;
        let destroyed = chain::destroyed(&mut moment).await?;
        Ok(AuditHead { rows, hash: hex(&hash), destroyed })
    }

    /// Whether the chain holds, and agrees with the heads that were kept elsewhere. Reads every row once.
    ///
    /// # Errors
    ///
    /// [`StoreError::Database`].
    pub async fn verify_audit(
        &self,
        scope: &Scope,
        kept: &[AuditHead],
    ) -> Result<AuditVerified, StoreError> {
        let mut moment = self.read(scope, Permission::ReadAudit).await?;
        chain::verify(&mut moment, kept).await
    }
}

fn read(row: &Row) -> Result<AuditRow, StoreError> {
    Ok(AuditRow {
        id: row.try_get("id")?,
        at: row.try_get("at")?,
        who: row.try_get("who")?,
        role: row.try_get("role")?,
        purpose: row.try_get("purpose")?,
        subject: row.try_get("subject")?,
        subject_id: row.try_get("subject_id")?,
        act: row.try_get("act")?,
        why: row.try_get("why")?,
    })
}

/// Writes down what is being done, in the transaction that does it.
pub(crate) async fn write(
    transaction: &mut Transaction,
    (subject, subject_id): (Subject, i64),
    act: &str,
    scope: &Scope,
    at: Timestamp,
    why: &str,
) -> Result<(), StoreError> {
    let row = by(scope, (subject.as_str(), subject_id), act, at.to_string(), why)?;
    Ok(transaction.note(row).await?)
}

/// A row that has no place yet.
fn by(
    scope: &Scope,
    (subject, subject_id): (&str, i64),
    act: &str,
    at: String,
    why: &str,
) -> Result<Unnumbered, StoreError> {
    let row = AuditRow {
        id: 0,
        at,
        who: scope.who().to_owned(),
        role: scope.role().to_string(),
        purpose: scope.purpose().as_str().to_owned(),
        subject: subject.to_owned(),
        subject_id,
        act: act.to_owned(),
        // PostgreSQL's text has no zero, and one row that cannot be written would fail its whole group.
        why: Some(why.replace('\0', "\u{2400}")),
    };
    let mut salt = [0; 32];
    getrandom::fill(&mut salt).map_err(|error| StoreError::NoRandomness(error.to_string()))?;
    Ok(Unnumbered { row, salt })
}

const LAST: &str = "SELECT id, hash FROM audit_row ORDER BY id DESC LIMIT 1";

/// How many rows there are, and the hash of the last.
async fn last(connection: &mut Transaction) -> Result<(i64, [u8; 32]), StoreError> {
    end(&query(LAST).fetch_all(connection).await?)
}

/// The same of what [`LAST`] found; zeros where there is no row.
fn end(found: &[Row]) -> Result<(i64, [u8; 32]), StoreError> {
    let Some(row) = found.first() else { return Ok((0, [0; 32])) };
    let (id, hash): (i64, &[u8]) = (row.try_get("id")?, row.try_get("hash")?);
    let what = "a hash of another length";
    let hash =
        hash.try_into().map_err(|_| StoreError::DamagedRow { table: "audit_row", id, what })?;
    Ok((id, hash))
}

/// The acts on all things of one sort, with their numbers, in order.
pub(crate) async fn of(
    connection: &mut Transaction,
    subject: Subject,
) -> Result<Vec<(i64, Act)>, StoreError> {
    let rows = query(
        "SELECT subject_id, act, who, at, COALESCE(why, '') AS why FROM audit_row
         LEFT JOIN audit_reason ON audit_reason.row_id = audit_row.id
         WHERE subject = $1 ORDER BY audit_row.id",
    )
    .bind(subject.as_str())
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            let act = Act {
                act: row.try_get("act")?,
                who: row.try_get("who")?,
                at: row.try_get("at")?,
                why: row.try_get("why")?,
            };
            Ok((row.try_get("subject_id")?, act))
        })
        .collect()
}

/// The acts on one of them.
pub(crate) fn on(acts: &[(i64, Act)], id: i64) -> Vec<Act> {
    acts.iter().filter(|(subject, _)| *subject == id).map(|(_, act)| act.clone()).collect()
}

/// Carries over what was written down before there was a chain: two logs, put together by time.
pub(crate) async fn carry_over(connection: &mut Transaction) -> Result<(), StoreError> {
    let returns = "SELECT 'return' AS subject, return_id AS subject_id, act, who, at, why
        FROM act ORDER BY id";
    let others = "SELECT subject, subject_id, act, who, at, why FROM record_act ORDER BY id";
    let [returns, others] =
        [query(returns).fetch_all(connection).await?, query(others).fetch_all(connection).await?];
    let number = returns.len() + others.len();
    let mut logs = [returns.iter().peekable(), others.iter().peekable()];
    let mut latest = String::new();
    loop {
        let mut next: Option<(String, usize)> = None;
        for (log, rows) in logs.iter_mut().enumerate() {
            let Some(row) = rows.peek() else { continue };
            let at: String = row.try_get("at")?;
            if next.as_ref().is_none_or(|(earliest, _)| at < *earliest) {
                next = Some((at, log));
            }
        }
        let Some(row) = next.and_then(|(_, log)| logs[log].next()) else { break };
        let scope = Scope::command_line(row.try_get::<String>("who")?);
        let of = (row.try_get("subject")?, row.try_get("subject_id")?);
        latest = row.try_get("at")?;
        let (act, why) = (row.try_get("act")?, row.try_get("why")?);
        connection.note(by(&scope, of, act, latest.clone(), why)?).await?;
    }
    if number > 0 {
        // Whoever reads the chain must know that nothing held these rows before.
        let scope = Scope::command_line("clearway");
        let why = format!("the {number} rows before were in no chain");
        let subject = (Subject::Audit.as_str(), 0);
        connection.note(by(&scope, subject, "carried_over", latest, &why)?).await?;
    }
    Ok(connection.run("DROP TABLE act; DROP TABLE record_act;").await?)
}

/// Bytes as lower-case digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
