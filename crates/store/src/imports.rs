//! An agency's records in, taken back, brought back: all of a file or nothing.
//!
//! In: checked records, one at a time. Out: the import's number and what it changed. Of the
//! imports that are in, the latest that states a record makes it current; what it says otherwise
//! than before takes the place of the earlier content, which is kept until an order destroys it.
//! Memory is flat: records go in as they come, a batch at a time, in one transaction. `OR FAIL` is
//! as in `import_batch`.

use jiff::Timestamp;
use records::record::{AgencyRecord, RecordKind};
use serde::Serialize;

use crate::audit::{self, Subject};
use crate::columns::{Columns, signed};
use crate::database::{Transaction, query, scalar};
use crate::import_batch::Importing;
use crate::{Act, OwnKeys, Permission, Scope, Store, StoreError};

/// A file of records that is to go in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewImport {
    /// BLAKE3 of the file's bytes, in hexadecimal.
    pub digest: String,
    /// The file's name.
    pub file_name: String,
    /// The kind of its records. A file that holds several kinds is an import for each.
    pub kind: RecordKind,
    /// How it was read: `csv`, `parquet`, `htcds` …
    pub format: String,
    /// The register's version that checked it.
    pub definition_version: String,
}

/// What became of a file of records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportOutcome {
    /// It is in.
    In(ImportCounts),
    /// The same bytes are in already, under this number; nothing has changed.
    Already(i64),
}

/// What an import did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct ImportCounts {
    /// Its number.
    pub id: i64,
    /// Records that were not there.
    pub added: u64,
    /// Records that say something else than before.
    pub replaced: u64,
    /// Records that say the same as before.
    pub unchanged: u64,
    /// Rows that stood in the file more than once, word for word.
    pub repeated: u64,
    /// Records that an order keeps out.
    pub barred: u64,
}

/// The state of an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportState {
    /// Its records count, where no later import states them.
    In,
    /// Taken back.
    Withdrawn,
}

impl ImportState {
    fn from_word(word: &str) -> Option<ImportState> {
        [ImportState::In, ImportState::Withdrawn].into_iter().find(|state| state.as_str() == word)
    }

    /// Its word.
    pub fn as_str(self) -> &'static str {
        match self {
            ImportState::In => "in",
            ImportState::Withdrawn => "withdrawn",
        }
    }
}

/// An import as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StoredImport {
    /// Its number.
    pub id: i64,
    /// BLAKE3 of the file's bytes.
    pub digest: String,
    /// The file's name.
    pub file_name: String,
    /// The kind of its records.
    pub kind: RecordKind,
    /// How it was read.
    pub format: String,
    /// The register's version that checked it.
    pub definition_version: String,
    /// Its state.
    pub state: ImportState,
    /// Records that were not there before it.
    pub added: u64,
    /// Records that said something else before it.
    pub replaced: u64,
    /// Records that said the same before it.
    pub unchanged: u64,
    /// Rows that stood in the file more than once.
    pub repeated: u64,
    /// Records that an order kept out.
    pub barred: u64,
    /// Records that are as this import says, now.
    pub current: u64,
    /// When it came in (UTC).
    pub received_at: String,
    /// What was done to it, in order.
    pub acts: Vec<Act>,
}

impl Store {
    /// Takes the records of a file in, in one transaction. When `records` fails, nothing goes in,
    /// so a file can be checked and taken in while it is read once.
    ///
    /// # Errors
    ///
    /// What `records` gives; [`StoreError::OtherRecordsKey`]; [`StoreError::OtherKind`]; [`StoreError::Contradictory`] with every
    /// pair of records that have one key and say different things; [`StoreError::Database`].
    pub async fn import_records<E: From<StoreError>>(
        &self,
        scope: &Scope,
        new: &NewImport,
        keys: OwnKeys<'_>,
        records: impl IntoIterator<Item = Result<AgencyRecord, E>>,
        at: Timestamp,
    ) -> Result<ImportOutcome, E> {
        let mut transaction = self.change(scope, Permission::ChangeOwnRecords).await?;
        if let Some(id) = standing(&mut transaction, &new.digest, new.kind).await? {
            return Ok(ImportOutcome::Already(id));
        }
        let mut importing = Importing::begin(&mut transaction, new, keys, at).await?;
        for record in records {
            importing.take(&mut transaction, &record?).await?;
        }
        let counts = importing.finish(&mut transaction).await?;
        let subject = (Subject::Import, counts.id);
        audit::write(&mut transaction, subject, "received", scope, at, "imported").await?;
        commit(transaction).await?;
        Ok(ImportOutcome::In(counts))
    }

    /// Takes an import back: what it replaced stands again, and what it added is gone.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoSuchImport`], [`StoreError::WrongImportState`], [`StoreError::Database`].
    pub async fn withdraw_import(
        &self,
        scope: &Scope,
        id: i64,
        why: &str,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut transaction = self.change(scope, Permission::ChangeOwnRecords).await?;
        expect_state(&mut transaction, id, ImportState::In).await?;
        set_state(&mut transaction, id, ImportState::Withdrawn).await?;
        // Of every record that was as this import says, the latest other import that is in.
        query(
            "UPDATE OR FAIL agency_record SET current = 1 WHERE id IN (
                SELECT (
                    SELECT earlier.id FROM agency_record AS earlier
                    JOIN record_import ON record_import.id = earlier.import_id
                    WHERE earlier.kind = mine.kind AND earlier.key = mine.key
                        AND record_import.state = 'in'
                    ORDER BY earlier.import_id DESC LIMIT 1
                )
                FROM record_import AS this
                JOIN agency_record AS mine ON mine.id BETWEEN this.first_row AND this.last_row
                WHERE this.id = $1 AND mine.current = 1
             )",
        )
        .bind(id)
        .execute(&mut transaction)
        .await?;
        query(
            "UPDATE OR FAIL agency_record SET current = 0
             WHERE current = 1 AND id BETWEEN (SELECT first_row FROM record_import WHERE id = $1)
                AND (SELECT last_row FROM record_import WHERE id = $1)",
        )
        .bind(id)
        .execute(&mut transaction)
        .await?;
        audit::write(&mut transaction, (Subject::Import, id), "withdrawn", scope, at, why).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Brings an import back that was taken back. A later import that states the same records
    /// goes before it.
    ///
    /// # Errors
    ///
    /// [`StoreError::InAgain`] when the same file has come in meanwhile;
    /// [`StoreError::NoSuchImport`], [`StoreError::WrongImportState`], [`StoreError::Database`].
    pub async fn restore_import(
        &self,
        scope: &Scope,
        id: i64,
        why: &str,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut transaction = self.change(scope, Permission::ChangeOwnRecords).await?;
        let (digest, kind) = expect_state(&mut transaction, id, ImportState::Withdrawn).await?;
        if let Some(again) = standing(&mut transaction, &digest, kind).await? {
            return Err(StoreError::InAgain { id, again });
        }
        set_state(&mut transaction, id, ImportState::In).await?;
        retire_earlier(&mut transaction, id).await?;
        query(
            "UPDATE OR FAIL agency_record SET current = 1
             WHERE id BETWEEN (SELECT first_row FROM record_import WHERE id = $1)
                AND (SELECT last_row FROM record_import WHERE id = $1)
                AND NOT EXISTS (
                    SELECT 1 FROM agency_record AS later
                    WHERE later.kind = agency_record.kind AND later.key = agency_record.key
                        AND later.current = 1
                )",
        )
        .bind(id)
        .execute(&mut transaction)
        .await?;
        audit::write(&mut transaction, (Subject::Import, id), "restored", scope, at, why).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Every import, in the order in which they came in.
    ///
    /// # Errors
    ///
    /// [`StoreError::DamagedRow`], [`StoreError::Database`].
    pub async fn imports(&self, scope: &Scope) -> Result<Vec<StoredImport>, StoreError> {
        let mut connection = self.read(scope, Permission::ReadOwnAgency).await?;
        let rows = query(
            "SELECT record_import.*, COALESCE(standing.records, 0) AS current
             FROM record_import
             LEFT JOIN (
                SELECT import_id, COUNT(*) AS records FROM agency_record
                WHERE current = 1 GROUP BY import_id
             ) AS standing ON standing.import_id = record_import.id
             ORDER BY record_import.id",
        )
        .fetch_all(&mut connection)
        .await?;
        let acts = audit::of(&mut connection, Subject::Import).await?;
        let mut imports = Vec::with_capacity(rows.len());
        for row in &rows {
            let columns = Columns::of("record_import", "id", row)?;
            let id = columns.number();
            imports.push(StoredImport {
                id,
                digest: columns.text("digest")?,
                file_name: columns.text("file_name")?,
                kind: columns.kind("kind")?,
                format: columns.text("format")?,
                definition_version: columns.text("definition_version")?,
                state: columns.word("state", ImportState::from_word)?,
                added: columns.count("added")?,
                replaced: columns.count("replaced")?,
                unchanged: columns.count("unchanged")?,
                repeated: columns.count("repeated")?,
                barred: columns.count("barred")?,
                current: columns.count("current")?,
                received_at: columns.text("received_at")?,
                acts: audit::on(&acts, id),
            });
        }
        Ok(imports)
    }
}

/// What is current from earlier imports and stated by this one is current no more.
pub(crate) async fn retire_earlier(
    transaction: &mut Transaction,
    id: i64,
) -> Result<(), StoreError> {
    query(
        "UPDATE OR FAIL agency_record SET current = 0 WHERE id IN (
            SELECT earlier.id FROM record_import AS this
            JOIN agency_record AS mine ON mine.id BETWEEN this.first_row AND this.last_row
            JOIN agency_record AS earlier ON earlier.kind = mine.kind AND earlier.key = mine.key
                AND earlier.import_id < this.id AND earlier.current = 1
            WHERE this.id = $1
         )",
    )
    .bind(id)
    .execute(transaction)
    .await?;
    Ok(())
}

async fn commit(transaction: Transaction) -> Result<(), StoreError> {
    Ok(transaction.commit().await?)
}

async fn standing(
    transaction: &mut Transaction,
    digest: &str,
    kind: RecordKind,
) -> Result<Option<i64>, StoreError> {
    let id =
        scalar("SELECT id FROM record_import WHERE digest = $1 AND kind = $2 AND state = 'in'")
            .bind(digest)
            .bind(kind.as_str())
            .fetch_optional(transaction)
            .await?;
    Ok(id)
}

/// The digest and kind of an import that is in a state.
async fn expect_state(
    transaction: &mut Transaction,
    id: i64,
    wanted: ImportState,
) -> Result<(String, RecordKind), StoreError> {
    let row = query("SELECT id, digest, kind, state FROM record_import WHERE id = $1")
        .bind(id)
        .fetch_optional(transaction)
        .await?
        .ok_or(StoreError::NoSuchImport(id))?;
    let columns = Columns::of("record_import", "id", &row)?;
    let state = columns.word("state", ImportState::from_word)?;
    if state != wanted {
        return Err(StoreError::WrongImportState { id, state: state.as_str() });
    }
    Ok((row.try_get("digest")?, columns.kind("kind")?))
}

async fn set_state(
    transaction: &mut Transaction,
    id: i64,
    state: ImportState,
) -> Result<(), StoreError> {
    query("UPDATE record_import SET state = $1 WHERE id = $2")
        .bind(state.as_str())
        .bind(id)
        .execute(transaction)
        .await?;
    Ok(())
}

/// Writes the counts of a finished import beside it.
pub(crate) async fn set_counts(
    transaction: &mut Transaction,
    counts: &ImportCounts,
    last_row: i64,
) -> Result<(), StoreError> {
    query(
        "UPDATE record_import SET last_row = $1, added = $2, replaced = $3, unchanged = $4,
            repeated = $5, barred = $6 WHERE id = $7",
    )
    .bind(last_row)
    .bind(signed(counts.added))
    .bind(signed(counts.replaced))
    .bind(signed(counts.unchanged))
    .bind(signed(counts.repeated))
    .bind(signed(counts.barred))
    .bind(counts.id)
    .execute(transaction)
    .await?;
    Ok(())
}
