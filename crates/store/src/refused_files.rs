//! Files whose signature holds and whose content was refused.
//!
//! In: a file that was in its place and did not hold what it should, with the answer that says why.
//! Out: the same again. Nothing of its content is kept. It has its number all the same, so that the
//! agency's next file can follow it, and what corrects it replaces what it would have replaced.

use jiff::Timestamp;
use serde::Serialize;

use crate::audit::{self, Subject};
use crate::columns::{Columns, signed};
use crate::database::{Transaction, query, scalar};
use crate::received::expect_sequence_free;
use crate::received_lists::own_sequence;
use crate::{Permission, Scope, Store, StoreError, known_agencies};

/// A file whose content is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRefused {
    /// The agency's code.
    pub agency: String,
    /// Its place among everything of the agency: 1, 2, …
    pub sequence: u64,
    /// The agency's own number of it; the same until the agency begins anew.
    pub own_sequence: u64,
    /// BLAKE3 of its manifest, in hexadecimal.
    pub digest: String,
    /// The digest of the one that it would have replaced.
    pub corrects: Option<String>,
    /// The manifest.
    pub manifest_json: String,
    /// The quality report that the agency gets, with every reason.
    pub answer_json: String,
}

/// A file whose content was refused, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StoredRefused {
    /// Its number among those refused.
    pub id: i64,
    /// The agency's code.
    pub agency: String,
    /// Its place among everything of the agency: 1, 2, …
    pub sequence: u64,
    /// The agency's own number of it; the same until the agency begins anew.
    pub own_sequence: u64,
    /// BLAKE3 of its manifest.
    pub digest: String,
    /// The digest of the one that it would have replaced.
    pub corrects: Option<String>,
    /// The manifest.
    pub manifest_json: String,
    /// The quality report that the agency got.
    pub answer_json: String,
    /// When (UTC).
    pub refused_at: String,
}

impl Store {
    /// Keeps that a file was refused, and why; its number. The same file again changes nothing.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoSuchAgency`]; [`StoreError::SequenceTaken`]; [`StoreError::Database`].
    pub async fn refuse_submission(
        &self,
        scope: &Scope,
        new: &NewRefused,
        at: Timestamp,
    ) -> Result<i64, StoreError> {
        let mut transaction = self.change(scope, Permission::ReceiveSubmissions).await?;
        let found = scalar("SELECT id FROM refused_file WHERE digest = $1")
            .bind(&new.digest)
            .fetch_optional(&mut transaction)
            .await?;
        if let Some(id) = found {
            return Ok(id);
        }
        known_agencies::standing(&mut transaction, &new.agency)
            .await?
            .ok_or_else(|| StoreError::NoSuchAgency(new.agency.clone()))?;
        expect_sequence_free(&mut transaction, &new.agency, new.sequence).await?;
        let id = scalar(
            "INSERT INTO refused_file (agency, sequence, digest, corrects, manifest_json,
                answer_json, refused_at, own_sequence)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id",
        )
        .bind(&new.agency)
        .bind(signed(new.sequence))
        .bind(&new.digest)
        .bind(&new.corrects)
        .bind(&new.manifest_json)
        .bind(&new.answer_json)
        .bind(at.to_string())
        .bind(signed(new.own_sequence))
        .fetch_one(&mut transaction)
        .await?;
        let subject = (Subject::Refused, id);
        audit::write(&mut transaction, subject, "refused", scope, at, "its content").await?;
        transaction.commit().await?;
        Ok(id)
    }

    /// The files whose content was refused, in order: of one agency, or all.
    ///
    /// # Errors
    ///
    /// [`StoreError::DamagedRow`], [`StoreError::Database`].
    pub async fn refused_files(
        &self,
        scope: &Scope,
        agency: Option<&str>,
    ) -> Result<Vec<StoredRefused>, StoreError> {
        let sql = "SELECT * FROM refused_file WHERE COALESCE($1, agency) = agency ORDER BY id";
        let rows = query(sql)
            .bind(agency)
            .fetch_all(&mut self.read(scope, Permission::ReadSubmissions).await?)
            .await?;
        rows.iter()
            .map(|row| {
                let columns = Columns::of("refused_file", "id", row)?;
                Ok(StoredRefused {
                    id: columns.number(),
                    agency: columns.text("agency")?,
                    sequence: columns.count("sequence")?,
                    own_sequence: own_sequence(&columns)?,
                    digest: columns.text("digest")?,
                    corrects: columns.optional_text("corrects")?,
                    manifest_json: columns.text("manifest_json")?,
                    answer_json: columns.text("answer_json")?,
                    refused_at: columns.text("refused_at")?,
                })
            })
            .collect()
    }
}

/// The digest that a correction of `digest` is really about: that of the first file of the agency
/// behind it whose content was not refused; nothing when there is none.
pub(crate) async fn behind(
    transaction: &mut Transaction,
    agency: &str,
    digest: &str,
) -> Result<Option<String>, StoreError> {
    let mut digest = digest.to_owned();
    let mut below = i64::MAX;
    loop {
        // A file corrects one with a lower number, so this ends.
        let refused = query(
            "SELECT sequence, corrects FROM refused_file
             WHERE agency = $1 AND digest = $2 AND sequence < $3",
        )
        .bind(agency)
        .bind(&digest)
        .bind(below)
        .fetch_optional(transaction)
        .await?;
        let Some(refused) = refused else { return Ok(Some(digest)) };
        let Some(corrects) = refused.try_get("corrects")? else { return Ok(None) };
        (digest, below) = (corrects, refused.try_get("sequence")?);
    }
}
