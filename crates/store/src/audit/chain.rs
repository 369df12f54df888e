//! The hashes of the chain, and whether they hold.

use std::collections::HashSet;

use serde::Serialize;

use super::reasons::REASON_DESTROYED;
use super::{AuditHead, AuditRow, Subject, hex, read};
use crate::StoreError;
use crate::database::{Row, Transaction, query, scalar};

/// What is wrong with the chain at one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AuditFinding {
    /// The row, or the first row that is missing.
    pub row: i64,
    /// What is wrong.
    pub kind: AuditFindingKind,
}

/// What can be wrong with the chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum AuditFindingKind {
    /// The hash is not that of the row before and of this one.
    #[error("was changed, or stands where another row stood")]
    Changed,
    /// Rows are not there.
    #[error("is missing, with all rows up to {last}")]
    Missing {
        /// The last that is not there.
        last: i64,
    },
    /// The reason is not the one that was given.
    #[error("has another reason than was given")]
    ReasonChanged,
    /// The reason is gone, and no row says that it was destroyed.
    #[error("has lost its reason, and no order destroyed it")]
    ReasonMissing,
    /// The reason was destroyed, and is there again, as from an old backup.
    #[error("has a reason that an order destroyed; destroy it again")]
    ReasonBack,
    /// The row is not the one that a checkpoint names.
    #[error("is another than the checkpoint says: the chain was made anew, or its end is missing")]
    NotTheCheckpoint,
}

/// What came of looking at the whole chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AuditVerified {
    /// Where it ends.
    pub head: AuditHead,
    /// Everything that is wrong; nothing where the chain holds.
    pub findings: Vec<AuditFinding>,
}

/// The salted hash of a reason.
pub(super) fn commitment(salt: &[u8; 32], why: &str) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new_keyed(salt);
    hasher.update(why.as_bytes());
    hasher.finalize().into()
}

/// The hash of a row: of what it is, the hash before, and every field with its length.
pub(super) fn hash(before: &[u8; 32], row: &AuditRow, reason: &[u8; 32]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new_derive_key("clearway 2026 row of the audit");
    hasher.update(before);
    hasher.update(&row.id.to_le_bytes());
    hasher.update(&row.subject_id.to_le_bytes());
    hasher.update(reason);
    for field in [&row.at, &row.who, &row.role, &row.purpose, &row.subject, &row.act] {
        hasher.update(&(field.len() as u64).to_le_bytes());
        hasher.update(field.as_bytes());
    }
    hasher.finalize().into()
}

/// Looks at every row.
pub(super) async fn verify(
    connection: &mut Transaction,
    kept: &[AuditHead],
) -> Result<AuditVerified, StoreError> {
    let here = destroyed(connection).await?;
    let elsewhere = kept.iter().flat_map(|kept| &kept.destroyed);
    let destroyed: HashSet<i64> = here.iter().chain(elsewhere).copied().collect();
    let mut findings = Vec::new();
    let strange: Vec<i64> =
        scalar("SELECT id FROM audit_row WHERE id < 1 ORDER BY id").fetch_all(connection).await?;
    for row in strange {
        findings.push(AuditFinding { row, kind: AuditFindingKind::Changed });
    }
    let mut head = AuditHead { rows: 0, hash: hex(&[0; 32]), destroyed: here };
    let mut before = [0; 32];
    let check_kept = |head: &AuditHead, findings: &mut Vec<AuditFinding>| {
        let differs = kept.iter().any(|kept| kept.rows == head.rows && kept.hash != head.hash);
        if differs {
            findings
                .push(AuditFinding { row: head.rows, kind: AuditFindingKind::NotTheCheckpoint });
        }
    };
    check_kept(&head, &mut findings);
    // In pieces, so that a long chain need not be held.
    loop {
        let rows = query(
            "SELECT audit_row.*, audit_reason.why, audit_reason.salt FROM audit_row
             LEFT JOIN audit_reason ON audit_reason.row_id = audit_row.id
             WHERE audit_row.id > $1 ORDER BY audit_row.id LIMIT 10000",
        )
        .bind(head.rows)
        .fetch_all(connection)
        .await?;
        if rows.is_empty() {
            break;
        }
        for found in &rows {
            let row = read(found)?;
            let mut note = |row: i64, kind| findings.push(AuditFinding { row, kind });
            if row.id != head.rows + 1 {
                note(head.rows + 1, AuditFindingKind::Missing { last: row.id - 1 });
            }
            let (reason, stored) = (bytes(found, "reason")?, bytes(found, "hash")?);
            match (&row.why, optional_bytes(found, "salt")?) {
                (Some(_), _) if destroyed.contains(&row.id) => {
                    note(row.id, AuditFindingKind::ReasonBack);
                }
                (Some(why), Some(salt)) if commitment(&salt, why) == reason => {}
                (Some(_), _) => note(row.id, AuditFindingKind::ReasonChanged),
                (None, _) if destroyed.contains(&row.id) => {}
                (None, _) => note(row.id, AuditFindingKind::ReasonMissing),
            }
            // After a gap there is nothing to begin with: the row is believed, the gap is said.
            if row.id == head.rows + 1 && hash(&before, &row, &reason) != stored {
                note(row.id, AuditFindingKind::Changed);
            }
            (head.rows, head.hash) = (row.id, hex(&stored));
            before = stored;
            check_kept(&head, &mut findings);
        }
    }
    let beyond = kept.iter().map(|kept| kept.rows).filter(|&rows| rows > head.rows).max();
    if let Some(last) = beyond {
        findings
            .push(AuditFinding { row: head.rows + 1, kind: AuditFindingKind::Missing { last } });
    }
    Ok(AuditVerified { head, findings })
}

/// The rows whose reason an order destroyed.
pub(super) async fn destroyed(connection: &mut Transaction) -> Result<Vec<i64>, StoreError> {
    let rows = scalar(
        "SELECT DISTINCT subject_id FROM audit_row
         WHERE id >= 1 AND subject = $1 AND act = $2 ORDER BY subject_id",
    );
    Ok(rows.bind(Subject::Audit.as_str()).bind(REASON_DESTROYED).fetch_all(connection).await?)
}

/// A column of 32 bytes; zeros, which fit nothing, where it has another length.
fn bytes(row: &Row, column: &str) -> Result<[u8; 32], StoreError> {
    Ok(optional_bytes(row, column)?.unwrap_or_default())
}

fn optional_bytes(row: &Row, column: &str) -> Result<Option<[u8; 32]>, StoreError> {
    let found: Option<&[u8]> = row.try_get(column)?;
    Ok(found.and_then(|bytes| bytes.try_into().ok()))
}
