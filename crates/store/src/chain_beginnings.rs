//! That an agency was let begin its chain of files anew.
//!
//! In: an agency whose folder was lost or restored, and why somebody lets it begin anew. Out: the
//! place after which the new numbering starts. It holds for one beginning: the first file after it
//! ends it. What stands goes on standing.

use jiff::Timestamp;
use serde::Serialize;

use crate::audit::{self, Subject};
use crate::columns::{Columns, signed};
use crate::database::{Transaction, query, scalar};
use crate::{Permission, Scope, Store, StoreError, known_agencies};

/// A new beginning of an agency's files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChainBeginning {
    /// The last place before it.
    pub after: u64,
    /// Whether files stood that came under other keys, with other opaque ids.
    pub new_keys: bool,
    /// When (UTC).
    pub begun_at: String,
    /// Whether no file has come since.
    pub open: bool,
}

/// What became of the wish to begin anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BegunAnew {
    /// The next file may be a first one.
    New,
    /// It may already; nothing has changed.
    Already,
    /// Nothing has come from the agency yet: its first file is a first one anyway.
    NothingCame,
}

impl Store {
    /// Lets an agency whose card stands begin anew with its next file.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoSuchAgency`], [`StoreError::Database`].
    pub async fn begin_anew(
        &self,
        scope: &Scope,
        code: &str,
        why: &str,
        at: Timestamp,
    ) -> Result<BegunAnew, StoreError> {
        let mut transaction = self.change(scope, Permission::ManageAgencies).await?;
        let (card, known) = known_agencies::standing(&mut transaction, code)
            .await?
            .ok_or_else(|| StoreError::NoSuchAgency(code.to_owned()))?;
        let last = last_place(&mut transaction, code).await?;
        if last == 0 {
            return Ok(BegunAnew::NothingCame);
        }
        let open = "SELECT EXISTS (SELECT 1 FROM chain_beginning
            WHERE agency = $1 AND after_sequence = $2)";
        let is_open = scalar(open).bind(code).bind(last).fetch_one(&mut transaction).await?;
        if is_open {
            return Ok(BegunAnew::Already);
        }
        let new_keys = stands_under_other_keys(&mut transaction, code, &known.agency.fingerprint);
        let new_keys = new_keys.await?;
        query(
            "INSERT INTO chain_beginning (agency, after_sequence, new_keys, begun_at)
             VALUES ($1, $2, $3, $4)",
        )
        .bind(code)
        .bind(last)
        .bind(new_keys)
        .bind(at.to_string())
        .execute(&mut transaction)
        .await?;
        let subject = (Subject::KnownAgency, card);
        audit::write(&mut transaction, subject, "begins_anew", scope, at, why).await?;
        transaction.commit().await?;
        Ok(BegunAnew::New)
    }

    /// The last new beginning of an agency.
    ///
    /// # Errors
    ///
    /// [`StoreError::DamagedRow`], [`StoreError::Database`].
    pub async fn chain_beginning(
        &self,
        scope: &Scope,
        code: &str,
    ) -> Result<Option<ChainBeginning>, StoreError> {
        let mut moment = self.read(scope, Permission::ReadSubmissions).await?;
        let last = last_place(&mut moment, code).await?;
        let row = query(
            "SELECT * FROM chain_beginning WHERE agency = $1 ORDER BY after_sequence DESC LIMIT 1",
        )
        .bind(code)
        .fetch_optional(&mut moment)
        .await?;
        let Some(row) = row else { return Ok(None) };
        let columns = Columns::of("chain_beginning", "id", &row)?;
        let after = columns.count("after_sequence")?;
        Ok(Some(ChainBeginning {
            after,
            new_keys: columns.flag("new_keys")?,
            begun_at: columns.text("begun_at")?,
            open: signed(after) == last,
        }))
    }
}

/// The last place that a file of an agency has; 0 when nothing came.
async fn last_place(transaction: &mut Transaction, code: &str) -> Result<i64, StoreError> {
    let last = scalar(
        "SELECT COALESCE(MAX(sequence), 0) FROM (
            SELECT sequence FROM received_file WHERE agency = $1
            UNION ALL SELECT sequence FROM refused_file WHERE agency = $1) AS place",
    );
    Ok(last.bind(code).fetch_one(transaction).await?)
}

/// Whether a submission stands that came before a card of these keys was accepted.
async fn stands_under_other_keys(
    transaction: &mut Transaction,
    code: &str,
    fingerprint: &str,
) -> Result<bool, StoreError> {
    // Acts are numbered in their order; times may be equal.
    let before = scalar(
        "SELECT EXISTS (
            SELECT 1 FROM received_file
            JOIN audit_row AS came ON came.subject = 'received'
                AND came.subject_id = received_file.id AND came.act = 'received'
            WHERE agency = $1 AND kind = 'submission' AND state = 'accepted'
                AND came.id < (
                    SELECT MIN(accepted.id) FROM known_agency
                    JOIN audit_row AS accepted ON accepted.subject = 'known_agency'
                        AND accepted.subject_id = known_agency.id AND accepted.act = 'accepted'
                    WHERE known_agency.code = $1 AND known_agency.fingerprint = $2))",
    );
    Ok(before.bind(code).bind(fingerprint).fetch_one(transaction).await?)
}
