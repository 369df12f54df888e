//! The files that an agency has sent to the clearinghouse.
//!
//! In: a manifest, before its file is written. Out: the same manifest, when the same content is to
//! be sent again after the machine stopped in between. The numbers have no gap, and each file
//! names the one before it.

use jiff::Timestamp;
use records::Quarter;
use records::record::{OpaqueId, RecordKind};
use serde::Serialize;

use crate::audit::{self, Subject};
use crate::columns::{Columns, signed};
use crate::database::{Row, Transaction, placeholders, query, scalar};
use crate::{Permission, Scope, Store, StoreError, WithdrawnRecord};

/// Records in one statement.
const BATCH: usize = 1000;

/// What a file sent is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SentKind {
    /// Coded tables and totals of a span of quarters.
    Submission,
    /// Records that are taken back.
    Withdrawal,
}

impl SentKind {
    pub(crate) fn from_word(word: &str) -> Option<SentKind> {
        [SentKind::Submission, SentKind::Withdrawal].into_iter().find(|kind| kind.as_str() == word)
    }

    /// Its word.
    pub fn as_str(self) -> &'static str {
        match self {
            SentKind::Submission => "submission",
            SentKind::Withdrawal => "withdrawal",
        }
    }
}

/// A file that is about to be written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NewSent {
    /// Its number: 1, 2, … without a gap.
    pub sequence: u64,
    /// What it is.
    pub kind: SentKind,
    /// Its first state quarter; nothing for a withdrawal.
    pub first_quarter: Option<Quarter>,
    /// Its last state quarter.
    pub last_quarter: Option<Quarter>,
    /// BLAKE3 of its manifest, in hexadecimal.
    pub digest: String,
    /// The digest of the file before it.
    pub previous: Option<String>,
    /// The digest of the file that it replaces.
    pub corrects: Option<String>,
    /// The fingerprint of the clearinghouse.
    pub recipient: String,
    /// A digest of what goes in, without what changes from one try to the next.
    pub content_digest: String,
    /// The manifest.
    pub manifest_json: String,
    /// The name of the file.
    pub file_name: String,
}

/// A record that goes in a submission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SentRecord {
    /// The kind of record.
    pub record: RecordKind,
    /// The record, or of kind victim the person.
    pub id: OpaqueId,
    /// The person under whose release it goes, when it does.
    pub under_release_of: Option<OpaqueId>,
}

/// A file sent, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StoredSent {
    /// What was written down.
    pub sent: NewSent,
    /// When (UTC).
    pub sent_at: String,
    /// When the file was known to be whole on the disk (UTC).
    pub written_at: Option<String>,
    /// The number of the file that replaces it.
    pub corrected_by: Option<u64>,
}

impl Store {
    /// Writes down a file that is about to be written, and what is in it: the records of a
    /// submission, or what a withdrawal takes back.
    ///
    /// # Errors
    ///
    /// [`StoreError::OutOfSequence`], [`StoreError::NotThePrevious`], [`StoreError::NoSuchSent`]
    /// for `corrects`, [`StoreError::Database`].
    pub async fn record_sent(
        &self,
        scope: &Scope,
        new: &NewSent,
        records: impl IntoIterator<Item = SentRecord>,
        withdrawn: &[WithdrawnRecord],
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut transaction = self.change(scope, Permission::SendSubmissions).await?;
        expect_next(&mut transaction, new).await?;
        insert(&mut transaction, new, at).await?;
        let mut batch = Vec::with_capacity(BATCH);
        for record in records {
            batch.push(record);
            if batch.len() == BATCH {
                insert_records(&mut transaction, new.sequence, &batch).await?;
                batch.clear();
            }
        }
        insert_records(&mut transaction, new.sequence, &batch).await?;
        for batch in withdrawn.chunks(BATCH) {
            insert_withdrawn(&mut transaction, new.sequence, batch).await?;
        }
        let subject = (Subject::Sent, signed(new.sequence));
        audit::write(&mut transaction, subject, "sent", scope, at, new.kind.as_str()).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Marks that a file is whole on the disk; again, it changes nothing.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoSuchSent`], [`StoreError::Database`].
    pub async fn mark_written(
        &self,
        scope: &Scope,
        sequence: u64,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut transaction = self.change(scope, Permission::SendSubmissions).await?;
        let written: Option<Option<String>> =
            scalar("SELECT written_at FROM sent_file WHERE sequence = $1")
                .bind(signed(sequence))
                .fetch_optional(&mut transaction)
                .await?;
        if written.ok_or_else(|| StoreError::NoSuchSent(sequence.to_string()))?.is_some() {
            return Ok(());
        }
        query("UPDATE sent_file SET written_at = $1 WHERE sequence = $2")
            .bind(at.to_string())
            .bind(signed(sequence))
            .execute(&mut transaction)
            .await?;
        let subject = (Subject::Sent, signed(sequence));
        audit::write(&mut transaction, subject, "written", scope, at, "on the disk").await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Frees the number of a file that was written down and never written, because what is to be
    /// sent has changed since. That its records are marked as sent stays: it can only lead to a
    /// withdrawal too many.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotDiscardable`] when it is not the last one or was written;
    /// [`StoreError::NoSuchSent`], [`StoreError::Database`].
    pub async fn discard_unwritten(
        &self,
        scope: &Scope,
        sequence: u64,
        why: &str,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut transaction = self.change(scope, Permission::SendSubmissions).await?;
        let all = read(&mut transaction, "").await?;
        let found = all.iter().find(|one| one.sent.sequence == sequence);
        let found = found.ok_or_else(|| StoreError::NoSuchSent(sequence.to_string()))?;
        let last = all.last().map(|one| one.sent.sequence);
        if found.written_at.is_some() || last != Some(sequence) {
            return Err(StoreError::NotDiscardable(sequence));
        }
        for sql in [
            "DELETE FROM sent_withdrawn WHERE sequence = $1",
            "DELETE FROM sent_file WHERE sequence = $1",
        ] {
            query(sql).bind(signed(sequence)).execute(&mut transaction).await?;
        }
        let subject = (Subject::Sent, signed(sequence));
        audit::write(&mut transaction, subject, "discarded", scope, at, why).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Every file sent, in order.
    ///
    /// # Errors
    ///
    /// [`StoreError::DamagedRow`], [`StoreError::Database`].
    pub async fn sent(&self, scope: &Scope) -> Result<Vec<StoredSent>, StoreError> {
        let mut connection = self.read(scope, Permission::ReadOwnAgency).await?;
        read(&mut connection, "").await
    }

    /// How many records each submission was the last to hold, by kind, without those taken back.
    ///
    /// # Errors
    ///
    /// [`StoreError::DamagedRow`], [`StoreError::Database`].
    pub async fn sent_rows(
        &self,
        scope: &Scope,
    ) -> Result<Vec<(RecordKind, u64, u64)>, StoreError> {
        let rows = query(
            "SELECT record, sequence, COUNT(*) AS records FROM sent_record
             WHERE NOT EXISTS (
                SELECT 1 FROM sent_withdrawn
                WHERE sent_withdrawn.record = sent_record.record
                    AND sent_withdrawn.record_id = sent_record.record_id
                    AND sent_withdrawn.sequence > sent_record.sequence)
             GROUP BY record, sequence ORDER BY sequence, record",
        )
        .fetch_all(&mut self.read(scope, Permission::SendSubmissions).await?)
        .await?;
        rows.iter()
            .map(|row| {
                let columns = Columns::of("sent_record", "sequence", row)?;
                let sequence = columns.count("sequence")?;
                Ok((columns.kind("record")?, sequence, columns.count("records")?))
            })
            .collect()
    }

    /// The latest file of a content that no later file replaces.
    ///
    /// # Errors
    ///
    /// [`StoreError::DamagedRow`], [`StoreError::Database`].
    pub async fn sent_with_content(
        &self,
        scope: &Scope,
        content_digest: &str,
    ) -> Result<Option<StoredSent>, StoreError> {
        let mut connection = self.read(scope, Permission::SendSubmissions).await?;
        let found = read(&mut connection, content_digest).await?;
        Ok(found.into_iter().rev().find(|one| one.corrected_by.is_none()))
    }
}

/// The files sent, in order: all of them, or those of one content.
async fn read(
    connection: &mut Transaction,
    content_digest: &str,
) -> Result<Vec<StoredSent>, StoreError> {
    let rows = query(
        "SELECT sent_file.*, (
            SELECT MAX(later.sequence) FROM sent_file AS later
            WHERE later.corrects = sent_file.digest
         ) AS corrected_by
         FROM sent_file WHERE $1 IN ('', content_digest) ORDER BY sequence",
    )
    .bind(content_digest)
    .fetch_all(connection)
    .await?;
    rows.iter().map(stored).collect()
}

fn stored(row: &Row) -> Result<StoredSent, StoreError> {
    let columns = Columns::of("sent_file", "sequence", row)?;
    Ok(StoredSent {
        sent: NewSent {
            sequence: columns.count("sequence")?,
            kind: columns.word("kind", SentKind::from_word)?,
            first_quarter: columns.optional_quarter("first_quarter")?,
            last_quarter: columns.optional_quarter("last_quarter")?,
            digest: columns.text("digest")?,
            previous: columns.optional_text("previous")?,
            corrects: columns.optional_text("corrects")?,
            recipient: columns.text("recipient")?,
            content_digest: columns.text("content_digest")?,
            manifest_json: columns.text("manifest_json")?,
            file_name: columns.text("file_name")?,
        },
        sent_at: columns.text("sent_at")?,
        written_at: columns.optional_text("written_at")?,
        corrected_by: columns.optional_integer("corrected_by")?.map(i64::unsigned_abs),
    })
}

/// Refuses a file that is not the next one, or names another than the last as the one before.
async fn expect_next(transaction: &mut Transaction, new: &NewSent) -> Result<(), StoreError> {
    let sent = read(transaction, "").await?;
    let expected = sent.last().map_or(1, |last| last.sent.sequence + 1);
    if new.sequence != expected {
        return Err(StoreError::OutOfSequence { expected, found: new.sequence });
    }
    if new.previous.as_ref() != sent.last().map(|last| &last.sent.digest) {
        return Err(StoreError::NotThePrevious);
    }
    match &new.corrects {
        Some(digest) if !sent.iter().any(|one| one.sent.digest == *digest) => {
            Err(StoreError::NoSuchSent(digest.clone()))
        }
        _ => Ok(()),
    }
}

async fn insert(
    transaction: &mut Transaction,
    new: &NewSent,
    at: Timestamp,
) -> Result<(), StoreError> {
    query(
        "INSERT INTO sent_file (sequence, kind, first_quarter, last_quarter, digest, previous,
            corrects, recipient, content_digest, manifest_json, file_name, sent_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    )
    .bind(signed(new.sequence))
    .bind(new.kind.as_str())
    .bind(new.first_quarter.map(|quarter| quarter.to_string()))
    .bind(new.last_quarter.map(|quarter| quarter.to_string()))
    .bind(&new.digest)
    .bind(&new.previous)
    .bind(&new.corrects)
    .bind(&new.recipient)
    .bind(&new.content_digest)
    .bind(&new.manifest_json)
    .bind(&new.file_name)
    .bind(at.to_string())
    .execute(transaction)
    .await?;
    Ok(())
}

async fn insert_records(
    transaction: &mut Transaction,
    sequence: u64,
    records: &[SentRecord],
) -> Result<(), StoreError> {
    if records.is_empty() {
        return Ok(());
    }
    // A record that once left under a release is taken back with it, whatever lets it leave later.
    let sql = format!(
        "INSERT OR FAIL INTO sent_record (record, record_id, sequence, person_id) VALUES {}
         ON CONFLICT (record, record_id) DO UPDATE SET sequence = excluded.sequence,
            person_id = COALESCE(excluded.person_id, sent_record.person_id)",
        placeholders(0, records.len(), 4)
    );
    let mut query = query(sql);
    for record in records {
        query = query
            .bind(record.record.as_str())
            .bind(&record.id.0[..])
            .bind(signed(sequence))
            .bind(record.under_release_of.as_ref().map(|person| &person.0[..]));
    }
    query.execute(transaction).await?;
    Ok(())
}

async fn insert_withdrawn(
    transaction: &mut Transaction,
    sequence: u64,
    withdrawn: &[WithdrawnRecord],
) -> Result<(), StoreError> {
    let sql = format!(
        "INSERT INTO sent_withdrawn (sequence, record, record_id, order_kind, ordered_on)
         VALUES {} ON CONFLICT DO NOTHING",
        placeholders(0, withdrawn.len(), 5)
    );
    let mut query = query(sql);
    for one in withdrawn {
        query = query
            .bind(signed(sequence))
            .bind(one.record.as_str())
            .bind(&one.id.0[..])
            .bind(one.order.as_str())
            .bind(one.ordered_on.to_string());
    }
    query.execute(transaction).await?;
    Ok(())
}
