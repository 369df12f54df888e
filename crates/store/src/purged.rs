//! Rows that had to be removed from tables received, and which those are.
//!
//! In: what agencies have taken back, and which tables have been looked through for it. Out: what is
//! still to be looked for in which table; then, table by table, the file that is written anew and
//! how many rows are left. What is removed by a release that was revoked or has ended is kept as
//! numbers by cell: the person is in the agency's totals still, as one who stayed behind. No id of
//! anybody removed is kept by this module.

use std::collections::BTreeMap;

use jiff::Timestamp;
use records::Quarter;
use records::disclosure::OrderKind;
use records::record::{OpaqueId, RecordKind};
use serde::Serialize;

use crate::audit::{self, Subject};
use crate::columns::{Columns, signed};
use crate::database::{Transaction, placeholders, query, scalar};
use crate::received::ReceivedTable;
use crate::{Permission, Scope, Store, StoreError};

/// Cells in one statement.
const BATCH: usize = 500;

/// Why rows are removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PurgeKind {
    /// The record is sealed.
    Sealing,
    /// It is vacated.
    Vacatur,
    /// It is to be destroyed.
    Destruction,
    /// The person has revoked her release.
    ReleaseRevoked,
    /// Her release has ended.
    ReleaseExpired,
}

impl PurgeKind {
    /// All of them, those first after which the record is in no count at all.
    pub const ALL: [PurgeKind; 5] = [
        PurgeKind::Destruction,
        PurgeKind::Vacatur,
        PurgeKind::Sealing,
        PurgeKind::ReleaseRevoked,
        PurgeKind::ReleaseExpired,
    ];

    /// Its word.
    pub fn as_str(self) -> &'static str {
        match self {
            PurgeKind::Sealing => OrderKind::Sealing.as_str(),
            PurgeKind::Vacatur => OrderKind::Vacatur.as_str(),
            PurgeKind::Destruction => OrderKind::Destruction.as_str(),
            PurgeKind::ReleaseRevoked => OrderKind::ReleaseRevoked.as_str(),
            PurgeKind::ReleaseExpired => "release_expired",
        }
    }

    fn from_word(word: &str) -> Option<PurgeKind> {
        PurgeKind::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// Whether the person is counted on among those who stayed with the agency.
    pub fn stays_in_totals(self) -> bool {
        matches!(self, PurgeKind::ReleaseRevoked | PurgeKind::ReleaseExpired)
    }
}

impl From<OrderKind> for PurgeKind {
    fn from(order: OrderKind) -> PurgeKind {
        match order {
            OrderKind::Sealing => PurgeKind::Sealing,
            OrderKind::Vacatur => PurgeKind::Vacatur,
            OrderKind::Destruction => PurgeKind::Destruction,
            OrderKind::ReleaseRevoked => PurgeKind::ReleaseRevoked,
        }
    }
}

/// A table, and what has not been looked for in it yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PurgeDue {
    /// The submission.
    pub submission: i64,
    /// Where its tables lie, below the data folder.
    pub folder: String,
    /// Its manifest.
    pub manifest_json: String,
    /// The table as it is now.
    pub table: ReceivedTable,
    /// Records (of kind victim: people) that were taken back, with why; sorted.
    pub ids: BTreeMap<OpaqueId, PurgeKind>,
    /// The last withdrawal that is among them.
    pub through: i64,
}

/// What the removal of rows changes in a cell of totals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PurgedCell {
    /// Of victims: which count.
    pub counted_as: Option<String>,
    /// The state quarter; nothing for the whole period.
    pub quarter: Option<Quarter>,
    /// The field; nothing for all records.
    pub field: Option<String>,
    /// The field's code.
    pub code: Option<String>,
    /// Rows removed.
    pub records: u64,
    /// People of whom no row of this cell is left.
    pub people: u64,
}

/// Rows removed from a table for one reason: a file that takes the place of another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPurge {
    /// The submission.
    pub submission: i64,
    /// The kind of record.
    pub record: RecordKind,
    /// The file until now.
    pub old_file: String,
    /// The file from now on, in the same folder.
    pub new_file: String,
    /// How many rows are in it.
    pub rows_left: u64,
    /// Why.
    pub kind: PurgeKind,
    /// How many rows were removed.
    pub rows: u64,
    /// What they filled, when [`PurgeKind::stays_in_totals`].
    pub cells: Vec<PurgedCell>,
}

/// A cell of a submission that counts, from which rows were removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StoredPurge {
    /// The agency's code.
    pub agency: String,
    /// The submission.
    pub submission: i64,
    /// The kind of record.
    pub record: RecordKind,
    /// Why: [`PurgeKind::ReleaseRevoked`] or [`PurgeKind::ReleaseExpired`].
    pub kind: PurgeKind,
    /// The cell, and what was removed of it.
    pub cell: PurgedCell,
}

impl Store {
    /// Every table received, whatever became of its submission, with what was taken back since it
    /// was last looked through. A revoked release concerns files with a lower number only.
    ///
    /// # Errors
    ///
    /// [`StoreError::DamagedRow`], [`StoreError::Database`].
    pub async fn purges_due(&self, scope: &Scope) -> Result<Vec<PurgeDue>, StoreError> {
        let mut moment = self.read(scope, Permission::ReceiveSubmissions).await?;
        let tables = query(
            "SELECT received_table.*, folder, manifest_json,
                (SELECT COALESCE(MAX(id), 0) FROM received_withdrawn) AS through
             FROM received_table JOIN received_file ON received_file.id = received_id
             ORDER BY received_id, record",
        )
        .fetch_all(&mut moment)
        .await?;
        let mut due = Vec::new();
        for row in &tables {
            let columns = Columns::of("received_table", "received_id", row)?;
            let table = ReceivedTable {
                record: columns.kind("record")?,
                file: columns.text("file")?,
                rows: columns.count("row_count")?,
            };
            let since = columns.integer("purged_through")?;
            due.push(PurgeDue {
                submission: columns.number(),
                folder: columns.text("folder")?,
                manifest_json: columns.text("manifest_json")?,
                ids: taken_back(&mut moment, columns.number(), table.record, since).await?,
                through: columns.integer("through")?,
                table,
            });
        }
        Ok(due)
    }

    /// Puts a file in the place of another from which rows were removed, in one transaction.
    ///
    /// # Errors
    ///
    /// [`StoreError::TableChanged`]; [`StoreError::Database`].
    pub async fn purge(
        &self,
        scope: &Scope,
        new: &NewPurge,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut transaction = self.change(scope, Permission::ReceiveSubmissions).await?;
        let changed = query(
            "UPDATE received_table SET file = $1, row_count = $2
             WHERE received_id = $3 AND record = $4 AND file = $5",
        )
        .bind(&new.new_file)
        .bind(signed(new.rows_left))
        .bind(new.submission)
        .bind(new.record.as_str())
        .bind(&new.old_file)
        .execute(&mut transaction)
        .await?;
        if changed != 1 {
            let (id, record) = (new.submission, new.record);
            return Err(StoreError::TableChanged { id, record });
        }
        let id = scalar(
            "INSERT INTO purged_row (received_id, record, order_kind, row_count, purged_at)
             VALUES ($1, $2, $3, $4, $5) RETURNING id",
        )
        .bind(new.submission)
        .bind(new.record.as_str())
        .bind(new.kind.as_str())
        .bind(signed(new.rows))
        .bind(at.to_string())
        .fetch_one(&mut transaction)
        .await?;
        insert_cells(&mut transaction, id, &new.cells).await?;
        let subject = (Subject::Received, new.submission);
        let why = format!("{} of {} {} rows", new.kind.as_str(), new.rows, new.record);
        audit::write(&mut transaction, subject, "purged", scope, at, &why).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Says that a table was looked through for everything taken back until then.
    ///
    /// # Errors
    ///
    /// [`StoreError::Database`].
    pub async fn purged_through(
        &self,
        scope: &Scope,
        submission: i64,
        record: RecordKind,
        through: i64,
    ) -> Result<(), StoreError> {
        let mut transaction = self.change(scope, Permission::ReceiveSubmissions).await?;
        query(
            "UPDATE received_table SET purged_through =
                CASE WHEN purged_through < $1 THEN $1 ELSE purged_through END
             WHERE received_id = $2 AND record = $3",
        )
        .bind(through)
        .bind(submission)
        .bind(record.as_str())
        .execute(&mut transaction)
        .await?;
        transaction.commit().await?;
        Ok(())
    }

    /// What releases that were revoked or have ended took out of the submissions that count, by
    /// agency, submission and cell. It is to be added to what stayed with the agency.
    ///
    /// # Errors
    ///
    /// [`StoreError::DamagedRow`], [`StoreError::Database`].
    pub async fn purged_cells(&self, scope: &Scope) -> Result<Vec<StoredPurge>, StoreError> {
        let rows = query(
            "SELECT purged_cell.*, agency, received_id, record, order_kind
             FROM purged_cell JOIN purged_row ON purged_row.id = purged_row_id
             JOIN received_file ON received_file.id = received_id
             WHERE state = 'accepted'
             ORDER BY agency, first_quarter, purged_cell.id",
        )
        .fetch_all(&mut self.read(scope, Permission::ReadSubmissions).await?)
        .await?;
        rows.iter()
            .map(|row| {
                let columns = Columns::of("purged_cell", "id", row)?;
                Ok(StoredPurge {
                    agency: columns.text("agency")?,
                    submission: columns.integer("received_id")?,
                    record: columns.kind("record")?,
                    kind: columns.word("order_kind", PurgeKind::from_word)?,
                    cell: PurgedCell {
                        counted_as: columns.optional_text("counted_as")?,
                        quarter: columns.optional_quarter("quarter")?,
                        field: columns.optional_text("field")?,
                        code: columns.optional_text("code")?,
                        records: columns.count("records")?,
                        people: columns.count("people")?,
                    },
                })
            })
            .collect()
    }

    /// How many rows were removed of each submission, by kind and reason.
    ///
    /// # Errors
    ///
    /// [`StoreError::DamagedRow`], [`StoreError::Database`].
    pub async fn purged_rows(
        &self,
        scope: &Scope,
    ) -> Result<BTreeMap<(i64, RecordKind, PurgeKind), u64>, StoreError> {
        let rows = query("SELECT * FROM purged_row ORDER BY id")
            .fetch_all(&mut self.read(scope, Permission::ReadSubmissions).await?)
            .await?;
        let mut sums = BTreeMap::new();
        for row in &rows {
            let columns = Columns::of("purged_row", "id", row)?;
            let kind = columns.word("order_kind", PurgeKind::from_word)?;
            let key = (columns.integer("received_id")?, columns.kind("record")?, kind);
            *sums.entry(key).or_default() += columns.count("row_count")?;
        }
        Ok(sums)
    }
}

/// What the agency of a submission has taken back of one kind since a withdrawal.
pub(crate) async fn taken_back(
    moment: &mut Transaction,
    submission: i64,
    record: RecordKind,
    since: i64,
) -> Result<BTreeMap<OpaqueId, PurgeKind>, StoreError> {
    let rows = query(
        "SELECT received_withdrawn.* FROM received_withdrawn
         JOIN received_file AS withdrawal ON withdrawal.id = received_withdrawn.received_id
         JOIN received_file AS submission
            ON submission.id = $1 AND submission.agency = withdrawal.agency
         WHERE received_withdrawn.id > $2 AND received_withdrawn.record = $3
            AND (order_kind <> 'release_revoked' OR submission.sequence < withdrawal.sequence)
         ORDER BY received_withdrawn.id",
    )
    .bind(submission)
    .bind(since)
    .bind(record.as_str())
    .fetch_all(moment)
    .await?;
    let mut ids: BTreeMap<OpaqueId, PurgeKind> = BTreeMap::new();
    for row in &rows {
        let columns = Columns::of("received_withdrawn", "id", row)?;
        let kind = columns.word("order_kind", OrderKind::from_word)?.into();
        let kept = ids.entry(columns.opaque_id("record_id")?).or_insert(kind);
        // Of two orders the one that takes her out of every count.
        if kept.stays_in_totals() {
            *kept = kind;
        }
    }
    Ok(ids)
}

async fn insert_cells(
    transaction: &mut Transaction,
    id: i64,
    cells: &[PurgedCell],
) -> Result<(), StoreError> {
    for cells in cells.chunks(BATCH) {
        let sql = format!(
            "INSERT INTO purged_cell (purged_row_id, counted_as, quarter, field, code, records,
                people) VALUES {}",
            placeholders(0, cells.len(), 7)
        );
        let mut query = query(sql);
        for cell in cells {
            query = query
                .bind(id)
                .bind(&cell.counted_as)
                .bind(cell.quarter.map(|quarter| quarter.to_string()))
                .bind(&cell.field)
                .bind(&cell.code)
                .bind(signed(cell.records))
                .bind(signed(cell.people));
        }
        query.execute(transaction).await?;
    }
    Ok(())
}
