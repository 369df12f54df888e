//! What the clearinghouse has received, as lists.
//!
//! In: nothing, or one agency. Out: files with their tables and acts, the totals that stand, the
//! records that were taken back, the folders that a row names.

use std::collections::BTreeMap;

use jiff::civil::Date;
use records::Quarter;
use records::disclosure::OrderKind;
use records::record::{OpaqueId, RecordKind};
use serde::Serialize;

use crate::audit::{self, Subject};
use crate::columns::Columns;
use crate::database::{Row, Transaction, query, scalar};
use crate::received::{ReceivedState, ReceivedTable, ReceivedTotal};
use crate::{Act, Permission, Scope, SentKind, Store, StoreError, withdrawals};

/// A file received, as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StoredReceived {
    /// Its number here.
    pub id: i64,
    /// The agency's code.
    pub agency: String,
    /// Whether everything in it is made up.
    pub practice: bool,
    /// What it is.
    pub kind: SentKind,
    /// Its place among everything of the agency: 1, 2, …
    pub sequence: u64,
    /// The agency's own number of it; the same until the agency begins anew.
    pub own_sequence: u64,
    /// BLAKE3 of its manifest.
    pub digest: String,
    /// The digest of the one before it.
    pub previous: Option<String>,
    /// The digest of the one that it replaces.
    pub corrects: Option<String>,
    /// Its first state quarter; nothing for a withdrawal.
    pub first_quarter: Option<Quarter>,
    /// Its last state quarter.
    pub last_quarter: Option<Quarter>,
    /// The register's version that it follows.
    pub definition_version: String,
    /// Where its tables lie, below the data folder.
    pub folder: String,
    /// The manifest.
    pub manifest_json: String,
    /// The quality report that the agency got.
    pub answer_json: String,
    /// Its state.
    pub state: ReceivedState,
    /// The one that took its place.
    pub replaced_by: Option<i64>,
    /// Its coded tables.
    pub tables: Vec<ReceivedTable>,
    /// How many records it takes back.
    pub withdrawn: u64,
    /// When it came in (UTC).
    pub received_at: String,
    /// What was done to it, in order.
    pub acts: Vec<Act>,
}

/// Which totals are wanted; everything by default.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TotalFilter {
    /// Those of one agency.
    pub agency: Option<String>,
    /// Those of one kind of record.
    pub record: Option<RecordKind>,
    /// Only made-up ones, or only real ones.
    pub practice: Option<bool>,
}

/// A total that stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StoredTotal {
    /// The agency's code.
    pub agency: String,
    /// The submission that states it.
    pub submission: i64,
    /// What it states.
    pub total: ReceivedTotal,
}

/// A record that an agency has taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemovedRecord {
    /// The agency's code.
    pub agency: String,
    /// The kind of record.
    pub record: RecordKind,
    /// The record, or of kind victim the person.
    pub id: OpaqueId,
    /// Why.
    pub order: OrderKind,
    /// Since when.
    pub ordered_on: Date,
    /// The place of the withdrawal among the agency's files. A revoked release removes rows of earlier files only,
    /// for the person may sign again; any other order removes the record for good.
    pub sequence: u64,
}

/// Which files received are wanted.
const ALL: &str = "SELECT * FROM received_file WHERE $1 IN ('', agency) ORDER BY id";
const STANDING: &str = "SELECT * FROM received_file WHERE $1 IN ('', agency) AND state = 'accepted'
    AND kind = 'submission' ORDER BY agency, first_quarter, id";

impl Store {
    /// Every file received, in the order in which they came in.
    ///
    /// # Errors
    ///
    /// [`StoreError::DamagedRow`], [`StoreError::Database`].
    pub async fn received(&self, scope: &Scope) -> Result<Vec<StoredReceived>, StoreError> {
        self.list(scope, ALL, "").await
    }

    /// Every file received of one agency, whatever its state, in the order in which they came in.
    ///
    /// # Errors
    ///
    /// [`StoreError::DamagedRow`], [`StoreError::Database`].
    pub async fn received_of(
        &self,
        scope: &Scope,
        agency: &str,
    ) -> Result<Vec<StoredReceived>, StoreError> {
        self.list(scope, ALL, agency).await
    }

    /// The submissions that count, by agency and quarter.
    ///
    /// # Errors
    ///
    /// [`StoreError::DamagedRow`], [`StoreError::Database`].
    pub async fn standing_submissions(
        &self,
        scope: &Scope,
    ) -> Result<Vec<StoredReceived>, StoreError> {
        self.list(scope, STANDING, "").await
    }

    /// The totals of the submissions that count, by agency and quarter, as they were sent.
    ///
    /// # Errors
    ///
    /// [`StoreError::DamagedRow`], [`StoreError::Database`].
    pub async fn totals(
        &self,
        scope: &Scope,
        filter: &TotalFilter,
    ) -> Result<Vec<StoredTotal>, StoreError> {
        let rows = query(
            "SELECT received_total.*, received_file.agency FROM received_total
             JOIN received_file ON received_file.id = received_total.received_id
             WHERE received_file.state = 'accepted'
                AND COALESCE($1, received_file.agency) = received_file.agency
                AND COALESCE($2, received_total.record) = received_total.record
                AND COALESCE($3, received_file.practice) = received_file.practice
             ORDER BY received_file.agency, received_file.first_quarter, received_total.id",
        )
        .bind(&filter.agency)
        .bind(filter.record.map(RecordKind::as_str))
        .bind(filter.practice)
        .fetch_all(&mut self.read(scope, Permission::ReadSubmissions).await?)
        .await?;
        rows.iter().map(total).collect()
    }

    /// Every record that an agency has taken back, by agency, kind, id and number.
    ///
    /// # Errors
    ///
    /// [`StoreError::DamagedRow`], [`StoreError::Database`].
    pub async fn withdrawn_records(&self, scope: &Scope) -> Result<Vec<RemovedRecord>, StoreError> {
        let rows = query(
            "SELECT received_withdrawn.*, received_file.agency, received_file.sequence
             FROM received_withdrawn
             JOIN received_file ON received_file.id = received_withdrawn.received_id
             ORDER BY agency, record, record_id, sequence, received_withdrawn.id",
        )
        .fetch_all(&mut self.read(scope, Permission::ReadSubmissions).await?)
        .await?;
        rows.iter()
            .map(|row| {
                let columns = Columns::of("received_withdrawn", "id", row)?;
                let one = withdrawals::read(&columns)?;
                Ok(RemovedRecord {
                    agency: columns.text("agency")?,
                    record: one.record,
                    id: one.id,
                    order: one.order,
                    ordered_on: one.ordered_on,
                    sequence: columns.count("sequence")?,
                })
            })
            .collect()
    }

    /// Every folder that a row names, sorted. What else lies beside them was left behind when the
    /// machine stopped between writing a folder and its row.
    ///
    /// # Errors
    ///
    /// [`StoreError::Database`].
    pub async fn received_folders(&self, scope: &Scope) -> Result<Vec<String>, StoreError> {
        let folders = scalar("SELECT folder FROM received_file ORDER BY folder");
        Ok(folders.fetch_all(&mut self.read(scope, Permission::ReadSubmissions).await?).await?)
    }

    async fn list(
        &self,
        scope: &Scope,
        sql: &'static str,
        agency: &str,
    ) -> Result<Vec<StoredReceived>, StoreError> {
        // One transaction, so that files and acts are of one moment.
        let mut moment = self.read(scope, Permission::ReadSubmissions).await?;
        let rows = query(sql).bind(agency).fetch_all(&mut moment).await?;
        let acts = audit::of(&mut moment, Subject::Received).await?;
        let mut tables = tables(&mut moment).await?;
        let withdrawn = withdrawn(&mut moment).await?;
        rows.iter()
            .map(|row| {
                let mut one = file(row)?;
                one.tables = tables.remove(&one.id).unwrap_or_default();
                one.withdrawn = withdrawn.get(&one.id).copied().unwrap_or_default();
                one.acts = audit::on(&acts, one.id);
                Ok(one)
            })
            .collect()
    }
}

fn file(row: &Row) -> Result<StoredReceived, StoreError> {
    let columns = Columns::of("received_file", "id", row)?;
    Ok(StoredReceived {
        id: columns.number(),
        agency: columns.text("agency")?,
        practice: columns.flag("practice")?,
        kind: columns.word("kind", SentKind::from_word)?,
        sequence: columns.count("sequence")?,
        own_sequence: own_sequence(&columns)?,
        digest: columns.text("digest")?,
        previous: columns.optional_text("previous")?,
        corrects: columns.optional_text("corrects")?,
        first_quarter: columns.optional_quarter("first_quarter")?,
        last_quarter: columns.optional_quarter("last_quarter")?,
        definition_version: columns.text("definition_version")?,
        folder: columns.text("folder")?,
        manifest_json: columns.text("manifest_json")?,
        answer_json: columns.text("answer_json")?,
        state: columns.word("state", ReceivedState::from_word)?,
        replaced_by: columns.optional_integer("replaced_by")?,
        tables: Vec::new(),
        withdrawn: 0,
        received_at: columns.text("received_at")?,
        acts: Vec::new(),
    })
}

/// The agency's own number of a file.
pub(crate) fn own_sequence(columns: &Columns<'_>) -> Result<u64, StoreError> {
    match columns.optional_integer("own_sequence")? {
        Some(_) => columns.count("own_sequence"),
        None => columns.count("sequence"),
    }
}

fn total(row: &Row) -> Result<StoredTotal, StoreError> {
    let columns = Columns::of("received_total", "id", row)?;
    Ok(StoredTotal {
        agency: columns.text("agency")?,
        submission: columns.integer("received_id")?,
        total: ReceivedTotal {
            record: columns.kind("record")?,
            counted_as: columns.optional_text("counted_as")?,
            quarter: columns.optional_quarter("quarter")?,
            field: columns.optional_text("field")?,
            code: columns.optional_text("code")?,
            records: columns.count("records")?,
            people: columns.count("people")?,
            coded_records: columns.count("coded_records")?,
            coded_people: columns.count("coded_people")?,
        },
    })
}

/// The tables of every file, in the order of the kinds of record.
async fn tables(
    connection: &mut Transaction,
) -> Result<BTreeMap<i64, Vec<ReceivedTable>>, StoreError> {
    let rows = query("SELECT * FROM received_table").fetch_all(connection).await?;
    let mut tables: BTreeMap<i64, Vec<ReceivedTable>> = BTreeMap::new();
    for row in &rows {
        let columns = Columns::of("received_table", "received_id", row)?;
        tables.entry(columns.number()).or_default().push(ReceivedTable {
            record: columns.kind("record")?,
            file: columns.text("file")?,
            rows: columns.count("row_count")?,
        });
    }
    for of_one in tables.values_mut() {
        of_one.sort_by_key(|table| table.record);
    }
    Ok(tables)
}

/// How many records each file takes back.
async fn withdrawn(connection: &mut Transaction) -> Result<BTreeMap<i64, u64>, StoreError> {
    let rows = query(
        "SELECT received_id, COUNT(*) AS records FROM received_withdrawn GROUP BY received_id",
    )
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            let columns = Columns::of("received_withdrawn", "received_id", row)?;
            Ok((row.try_get("received_id")?, columns.count("records")?))
        })
        .collect()
}
