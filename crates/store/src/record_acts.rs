//! Who changed what about records, submissions and agencies, when and why.
//!
//! In: every change of both sides. Out: a log that the database refuses to change or to shorten.
//! A reason is written by the person who acts and must not be about a client.

use jiff::Timestamp;
use serde::Serialize;
use sqlx::sqlite::SqliteConnection;
use sqlx::{Row, Sqlite, Transaction};

use crate::{Act, Scope, Store, StoreError};

/// What an act was done to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Subject {
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
}

impl Subject {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Subject::Agency => "agency",
            Subject::Import => "import",
            Subject::Mode => "mode",
            Subject::Release => "release",
            Subject::Order => "order",
            Subject::Sent => "sent",
            Subject::KnownAgency => "known_agency",
            Subject::Received => "received",
            Subject::Refused => "refused",
            Subject::Count => "count",
            Subject::Link => "link",
        }
    }
}

/// One thing that was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RecordAct {
    /// Its number.
    pub id: i64,
    /// To what: `agency`, `import`, `mode`, `release`, `order`, `sent`, `known_agency`,
    /// `received`, `refused`, `count`, `link`.
    pub subject: String,
    /// The number of that; 0 when it was done to all of them.
    pub subject_id: i64,
    /// What was done.
    pub act: String,
    /// Who did it.
    pub who: String,
    /// When (UTC).
    pub at: String,
    /// Why.
    pub why: String,
}

impl Store {
    /// Every act on records, submissions and agencies, in order.
    ///
    /// # Errors
    ///
    /// [`StoreError::Database`].
    pub async fn record_acts(&self, _scope: &Scope) -> Result<Vec<RecordAct>, StoreError> {
        let rows =
            sqlx::query("SELECT * FROM record_act ORDER BY id").fetch_all(&self.pool).await?;
        rows.iter()
            .map(|row| {
                Ok(RecordAct {
                    id: row.try_get("id")?,
                    subject: row.try_get("subject")?,
                    subject_id: row.try_get("subject_id")?,
                    act: row.try_get("act")?,
                    who: row.try_get("who")?,
                    at: row.try_get("at")?,
                    why: row.try_get("why")?,
                })
            })
            .collect()
    }
}

/// Writes down what is being done.
pub(crate) async fn write(
    transaction: &mut Transaction<'_, Sqlite>,
    (subject, subject_id): (Subject, i64),
    act: &str,
    scope: &Scope,
    at: Timestamp,
    why: &str,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO record_act (subject, subject_id, act, who, at, why)
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(subject.as_str())
    .bind(subject_id)
    .bind(act)
    .bind(scope.who())
    .bind(at.to_string())
    .bind(why)
    .execute(&mut **transaction)
    .await?;
    Ok(())
}

/// The acts on all things of one sort, with their numbers, in order.
pub(crate) async fn of(
    connection: &mut SqliteConnection,
    subject: Subject,
) -> Result<Vec<(i64, Act)>, StoreError> {
    let rows = sqlx::query("SELECT * FROM record_act WHERE subject = $1 ORDER BY id")
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A row of each table that is written once; `made_by` and the like are any text.
    const ROWS: &str = "
        INSERT INTO record_act VALUES (1, 'import', 1, 'received', 'w', 'a', 'y');
        INSERT INTO disclosure_mode VALUES
            (1, 'victim', 'r', 'encoded', 'b', 's', '2026-01-01', '2026-12-31', NULL),
            (2, 'arrest', 'r', 'encoded', 'b', 's', '2026-01-01', '2026-12-31', 'a');
        INSERT INTO order_entered VALUES
            (1, 'victim', x'00', 'sealing', 'c', '2026-01-01', NULL, 0, 'a');
        INSERT INTO sent_file VALUES
            (1, 'submission', NULL, NULL, 'd', NULL, NULL, 'r', 'c', '{}', 'f', 'a', 'a');
        INSERT INTO received_file VALUES (1, 'x', 0, 'submission', 1, 'd', NULL, NULL, NULL, NULL,
            'v', '{}', 'f', '{}', 'accepted', NULL, 'a', NULL);
        INSERT INTO chain_beginning VALUES (1, 'x', 1, 0, 'a');
        INSERT INTO received_total VALUES (1, 1, 'victim', NULL, NULL, NULL, NULL, 1, 1, 0, 0);
        INSERT INTO received_withdrawn VALUES (1, 1, 'victim', x'00', 'sealing', '2026-01-01');
        INSERT INTO refused_file VALUES (1, 'x', 2, 'e', NULL, '{}', '{}', 'a', NULL);
        INSERT INTO purged_row VALUES (1, 1, 'victim', 'sealing', 1, 'a');
        INSERT INTO purged_cell VALUES (1, 1, NULL, NULL, NULL, NULL, 1, 1);
        INSERT INTO people_count VALUES
            (1, 'q', 'q', 'd', 'v', 0, 1, 1, 1, NULL, 0, 0, 'a', 'w');";

    #[test]
    fn what_is_written_once_is_not_changed_and_not_deleted() {
        let folder = tempfile::tempdir().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let store = Store::open(folder.path()).await.unwrap();
            sqlx::raw_sql(ROWS).execute(&store.pool).await.unwrap();
            for refused in [
                "UPDATE record_act SET why = 'z'",
                "DELETE FROM record_act",
                "UPDATE disclosure_mode SET expires_on = '2099-12-31', revoked_at = 'a'",
                "UPDATE disclosure_mode SET revoked_at = NULL WHERE id = 2",
                "DELETE FROM disclosure_mode",
                "UPDATE order_entered SET order_kind = 'release_revoked'",
                "DELETE FROM order_entered",
                "UPDATE sent_file SET manifest_json = '{ }'",
                "DELETE FROM sent_file",
                "UPDATE received_total SET people = 2",
                "DELETE FROM received_total",
                "UPDATE received_withdrawn SET order_kind = 'vacatur'",
                "DELETE FROM received_withdrawn",
                "UPDATE refused_file SET answer_json = ''",
                "DELETE FROM refused_file",
                "UPDATE chain_beginning SET after_sequence = 2",
                "DELETE FROM chain_beginning",
                "UPDATE purged_row SET row_count = 2",
                "DELETE FROM purged_row",
                "UPDATE purged_cell SET people = 2",
                "DELETE FROM purged_cell",
                "UPDATE people_count SET raw = 2",
                "DELETE FROM people_count",
            ] {
                let done = sqlx::query(refused).execute(&store.pool).await;
                assert!(done.is_err(), "{refused}");
            }
            let revoke = "UPDATE disclosure_mode SET revoked_at = 'a' WHERE id = 1";
            sqlx::query(revoke).execute(&store.pool).await.unwrap();
        });
    }
}
