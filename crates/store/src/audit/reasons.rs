//! Reasons that an order destroys.
//!
//! In: numbers of rows, and by what authority. Out: rows without their reasons, each with a row that says
//! so; the chain holds.

use jiff::Timestamp;

use super::{Subject, last, write};
use crate::database::{Transaction, query};
use crate::{Permission, Scope, Store, StoreError};

/// The act that says that a reason is gone.
pub(super) const REASON_DESTROYED: &str = "reason_destroyed";

impl Store {
    /// Destroys the reasons of these rows, as an order demands it. Each leaves a row that says so, and why
    /// it was destroyed. Those that are gone already stay gone, and nothing is written about them.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoSuchAuditRow`], [`StoreError::ReasonIsKept`], and nothing is destroyed then;
    /// [`StoreError::Database`].
    pub async fn destroy_audit_reasons(
        &self,
        scope: &Scope,
        rows: &[i64],
        why: &str,
        at: Timestamp,
    ) -> Result<u64, StoreError> {
        let mut transaction = self.change(scope, Permission::DestroyReasons).await?;
        let mut destroyed = 0;
        let (known, _) = last(&mut transaction).await?;
        for &row in rows {
            if !(1..=known).contains(&row) {
                return Err(StoreError::NoSuchAuditRow(row));
            }
            if !forget(&mut transaction, row).await? {
                continue;
            }
            let subject = (Subject::Audit, row);
            write(&mut transaction, subject, REASON_DESTROYED, scope, at, why).await?;
            query("DELETE FROM audit_reason WHERE row_id = $1")
                .bind(row)
                .execute(&mut transaction)
                .await?;
            destroyed += 1;
        }
        transaction.commit().await?;
        self.forget_pages().await?;
        Ok(destroyed)
    }
}

/// Takes the reason of a row from where it also stands; whether there is one.
async fn forget(connection: &mut Transaction, row: i64) -> Result<bool, StoreError> {
    let found = query(
        "SELECT subject, subject_id, act, why FROM audit_row
         JOIN audit_reason ON audit_reason.row_id = audit_row.id WHERE audit_row.id = $1",
    );
    let Some(found) = found.bind(row).fetch_optional(connection).await? else {
        return Ok(false);
    };
    let (subject, act): (String, String) = (found.try_get("subject")?, found.try_get("act")?);
    let because = match (subject.as_str(), act.as_str()) {
        ("order", _) => Some("it is the authority of an order, which the list of orders keeps"),
        ("audit", _) => Some("it says what was done to the audit itself"),
        _ => None,
    };
    if let Some(because) = because {
        return Err(StoreError::ReasonIsKept { row, because });
    }
    if (subject.as_str(), act.as_str()) == ("return", "answered") {
        let (id, why): (i64, String) = (found.try_get("subject_id")?, found.try_get("why")?);
        query(
            "UPDATE classification SET answer = '(destroyed by order)'
             WHERE return_id = $1 AND answer = $2",
        )
        .bind(id)
        .bind(why)
        .execute(connection)
        .await?;
    }
    Ok(true)
}
