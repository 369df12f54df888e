//! A submission or withdrawal of an agency in, replaced, taken back, brought back.
//!
//! In: a file that was opened, checked and answered, its tables already in a folder. Out: its
//! number. All of it or nothing; nothing is deleted. What an agency has withdrawn by order stays
//! withdrawn, whatever becomes of any submission.

use jiff::Timestamp;
use records::Quarter;
use records::record::RecordKind;
use serde::Serialize;

use crate::audit::{self, Subject};
use crate::columns::{Columns, signed};
use crate::database::{Transaction, placeholders, query, scalar};
use crate::{
    Permission, ReceivedEncodings, Scope, SentKind, Store, StoreError, WithdrawnRecord,
    known_agencies, refused_files,
};

/// Rows in one statement.
const BATCH: usize = 500;

/// A file of an agency, ready to go in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewReceived {
    /// The agency's code.
    pub agency: String,
    /// What the file is.
    pub kind: SentKind,
    /// Its place among everything of the agency: 1, 2, …
    pub sequence: u64,
    /// The agency's own number of it; the same until the agency begins anew.
    pub own_sequence: u64,
    /// BLAKE3 of its manifest, in hexadecimal.
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
    /// The manifest.
    pub manifest_json: String,
    /// Where its tables lie, below the data folder.
    pub folder: String,
    /// The quality report that the agency gets.
    pub answer_json: String,
    /// Its coded tables.
    pub tables: Vec<ReceivedTable>,
    /// Encodings of the people in it.
    pub encodings: Option<ReceivedEncodings>,
    /// What the agency counted itself.
    pub totals: Vec<ReceivedTotal>,
    /// What it takes back.
    pub withdrawn: Vec<WithdrawnRecord>,
    /// The digests of submissions whose place it takes too: they are from before a new beginning.
    pub displaces: Vec<String>,
}

/// A coded table of a submission.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReceivedTable {
    /// The kind of record.
    pub record: RecordKind,
    /// Its file, in the folder.
    pub file: String,
    /// How many rows.
    pub rows: u64,
}

/// A total that the agency counted over all its records, those that stay behind too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReceivedTotal {
    /// The kind of record.
    pub record: RecordKind,
    /// Of victims: which count.
    pub counted_as: Option<String>,
    /// The state quarter; nothing for the whole period.
    pub quarter: Option<Quarter>,
    /// The field that it is broken down by; nothing for all records.
    pub field: Option<String>,
    /// The field's code.
    pub code: Option<String>,
    /// How many records.
    pub records: u64,
    /// How many people, each once.
    pub people: u64,
    /// Of the records, those that came as coded rows.
    pub coded_records: u64,
    /// Of the people, those of whom coded rows came.
    pub coded_people: u64,
}

/// The state of a file received.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ReceivedState {
    /// It counts.
    Accepted,
    /// Another one has taken its place.
    Replaced,
    /// Taken back.
    Withdrawn,
}

impl ReceivedState {
    pub(crate) fn from_word(word: &str) -> Option<ReceivedState> {
        [ReceivedState::Accepted, ReceivedState::Replaced, ReceivedState::Withdrawn]
            .into_iter()
            .find(|state| state.as_str() == word)
    }

    /// Its word.
    pub fn as_str(self) -> &'static str {
        match self {
            ReceivedState::Accepted => "accepted",
            ReceivedState::Replaced => "replaced",
            ReceivedState::Withdrawn => "withdrawn",
        }
    }
}

/// What became of a file received.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReceivedOutcome {
    /// It is in, under this number.
    New(i64),
    /// It was in already, under this number; nothing has changed.
    Already(i64, ReceivedState),
}

impl Store {
    /// Takes a file in, in one transaction; the submission that it corrects becomes replaced.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoSuchAgency`]; [`StoreError::SequenceTaken`];
    /// [`StoreError::NoSuchSubmission`] and [`StoreError::WrongReceivedState`] for `corrects`;
    /// [`StoreError::Overlaps`]; [`StoreError::Database`].
    pub async fn accept_submission(
        &self,
        scope: &Scope,
        new: &NewReceived,
        at: Timestamp,
    ) -> Result<ReceivedOutcome, StoreError> {
        let mut transaction = self.change(scope, Permission::ReceiveSubmissions).await?;
        if let Some(found) = find(&mut transaction, Name::Digest(&new.digest)).await? {
            drop(transaction);
            // An earlier call may have been killed before this.
            self.list_withdrawal(new.kind).await?;
            return Ok(ReceivedOutcome::Already(found.id, found.state));
        }
        let (_, known) = known_agencies::standing(&mut transaction, &new.agency)
            .await?
            .ok_or_else(|| StoreError::NoSuchAgency(new.agency.clone()))?;
        expect_sequence_free(&mut transaction, &new.agency, new.sequence).await?;
        let corrected = corrected(&mut transaction, new).await?;
        let displaced = displaced(&mut transaction, new).await?;
        for old in &displaced {
            // It stands in nobody's way from here on; by what it is replaced is written below.
            set_state(&mut transaction, *old, ReceivedState::Replaced, None).await?;
        }
        if let (Some(first), Some(last)) = (new.first_quarter, new.last_quarter) {
            expect_no_overlap(&mut transaction, &new.agency, (first, last), corrected).await?;
        }
        let id = insert(&mut transaction, new, known.agency.practice, at).await?;
        insert_parts(&mut transaction, id, new).await?;
        let subject = (Subject::Received, id);
        audit::write(&mut transaction, subject, "received", scope, at, "sent").await?;
        for old in corrected.into_iter().chain(displaced) {
            set_state(&mut transaction, old, ReceivedState::Replaced, Some(id)).await?;
            let why = format!("replaced by {id}");
            let subject = (Subject::Received, old);
            audit::write(&mut transaction, subject, "replaced", scope, at, &why).await?;
        }
        transaction.commit().await?;
        self.list_withdrawal(new.kind).await?;
        Ok(ReceivedOutcome::New(id))
    }

    /// Whoever restores an older backup must know that a withdrawal came.
    async fn list_withdrawal(&self, kind: SentKind) -> Result<(), StoreError> {
        match kind {
            SentKind::Withdrawal => self.list_destroyed().await,
            SentKind::Submission => Ok(()),
        }
    }

    /// Takes a submission out of every count. It is kept, and so is what it replaced, as it is.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoSuchSubmission`], [`StoreError::IsWithdrawal`],
    /// [`StoreError::WrongReceivedState`], [`StoreError::Database`].
    pub async fn withdraw_submission(
        &self,
        scope: &Scope,
        id: i64,
        why: &str,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut transaction = self.change(scope, Permission::ReceiveSubmissions).await?;
        let found = submission(&mut transaction, id).await?;
        if found.state != ReceivedState::Accepted {
            let fix = "only one that is accepted can be withdrawn";
            return Err(found.wrong_state(fix));
        }
        set_state(&mut transaction, id, ReceivedState::Withdrawn, None).await?;
        audit::write(&mut transaction, (Subject::Received, id), "withdrawn", scope, at, why)
            .await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Brings a submission back that was withdrawn, or whose correction was.
    ///
    /// # Errors
    ///
    /// [`StoreError::Overlaps`] when another one of the agency stands for its quarters;
    /// [`StoreError::NoSuchSubmission`], [`StoreError::IsWithdrawal`],
    /// [`StoreError::WrongReceivedState`], [`StoreError::Database`].
    pub async fn restore_submission(
        &self,
        scope: &Scope,
        id: i64,
        why: &str,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut transaction = self.change(scope, Permission::ReceiveSubmissions).await?;
        let found = submission(&mut transaction, id).await?;
        if found.state == ReceivedState::Accepted {
            return Err(found.wrong_state("it counts already, and there is nothing to undo"));
        }
        if let Some(quarters) = found.quarters {
            expect_no_overlap(&mut transaction, &found.agency, quarters, None).await?;
        }
        set_state(&mut transaction, id, ReceivedState::Accepted, None).await?;
        audit::write(&mut transaction, (Subject::Received, id), "restored", scope, at, why).await?;
        transaction.commit().await?;
        Ok(())
    }
}

/// How a file received is asked for.
#[derive(Clone, Copy)]
enum Name<'n> {
    Id(i64),
    Digest(&'n str),
}

/// What is asked of a file received before anything is done to it.
struct Found {
    id: i64,
    agency: String,
    kind: SentKind,
    state: ReceivedState,
    quarters: Option<(Quarter, Quarter)>,
}

impl Found {
    fn wrong_state(&self, fix: &'static str) -> StoreError {
        StoreError::WrongReceivedState { id: self.id, state: self.state.as_str(), fix }
    }
}

async fn find(transaction: &mut Transaction, name: Name<'_>) -> Result<Option<Found>, StoreError> {
    let (id, digest) = match name {
        Name::Id(id) => (Some(id), None),
        Name::Digest(digest) => (None, Some(digest)),
    };
    let row = query(
        "SELECT id, agency, kind, state, first_quarter, last_quarter FROM received_file
         WHERE id = $1 OR digest = $2",
    )
    .bind(id)
    .bind(digest)
    .fetch_optional(transaction)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let columns = Columns::of("received_file", "id", &row)?;
    let first = columns.optional_quarter("first_quarter")?;
    Ok(Some(Found {
        id: columns.number(),
        agency: columns.text("agency")?,
        kind: columns.word("kind", SentKind::from_word)?,
        state: columns.word("state", ReceivedState::from_word)?,
        quarters: first.zip(columns.optional_quarter("last_quarter")?),
    }))
}

async fn submission(transaction: &mut Transaction, id: i64) -> Result<Found, StoreError> {
    let found = find(transaction, Name::Id(id))
        .await?
        .ok_or_else(|| StoreError::NoSuchSubmission(id.to_string()))?;
    match found.kind {
        SentKind::Submission => Ok(found),
        SentKind::Withdrawal => Err(StoreError::IsWithdrawal(id)),
    }
}

/// The submission that a new one corrects, which must not have been replaced yet.
async fn corrected(
    transaction: &mut Transaction,
    new: &NewReceived,
) -> Result<Option<i64>, StoreError> {
    let Some(digest) = &new.corrects else { return Ok(None) };
    // Behind files whose content was refused stands what they would have replaced.
    let Some(digest) = refused_files::behind(transaction, &new.agency, digest).await? else {
        return Ok(None);
    };
    let found = find(transaction, Name::Digest(&digest))
        .await?
        .filter(|found| found.agency == new.agency)
        .ok_or_else(|| StoreError::NoSuchSubmission(digest.clone()))?;
    match (found.kind, found.state) {
        (SentKind::Withdrawal, _) => Err(StoreError::IsWithdrawal(found.id)),
        // The agency cannot know that one was withdrawn here: its correction is still one.
        (_, ReceivedState::Accepted | ReceivedState::Withdrawn) => Ok(Some(found.id)),
        _ => Err(found.wrong_state("one that was replaced cannot be corrected again")),
    }
}

/// The submissions from before a new beginning whose place a new one takes.
async fn displaced(
    transaction: &mut Transaction,
    new: &NewReceived,
) -> Result<Vec<i64>, StoreError> {
    let mut displaced = Vec::new();
    for digest in &new.displaces {
        let found = find(transaction, Name::Digest(digest))
            .await?
            .filter(|found| found.agency == new.agency && found.kind == SentKind::Submission)
            .ok_or_else(|| StoreError::NoSuchSubmission(digest.clone()))?;
        if found.state != ReceivedState::Accepted {
            return Err(found.wrong_state("only one that counts can be displaced"));
        }
        if new.corrects.as_ref() != Some(digest) {
            displaced.push(found.id);
        }
    }
    Ok(displaced)
}

/// Refuses a number that another file of the agency has, accepted or refused.
pub(crate) async fn expect_sequence_free(
    transaction: &mut Transaction,
    agency: &str,
    sequence: u64,
) -> Result<(), StoreError> {
    let taken: bool = scalar(
        "SELECT EXISTS (SELECT 1 FROM received_file WHERE agency = $1 AND sequence = $2)
            OR EXISTS (SELECT 1 FROM refused_file WHERE agency = $1 AND sequence = $2)",
    )
    .bind(agency)
    .bind(signed(sequence))
    .fetch_one(transaction)
    .await?;
    if taken {
        return Err(StoreError::SequenceTaken { agency: agency.to_owned(), sequence });
    }
    Ok(())
}

/// Refuses quarters for which another submission of the agency stands. Quarters are text that
/// sorts as they do.
async fn expect_no_overlap(
    transaction: &mut Transaction,
    agency: &str,
    (first, last): (Quarter, Quarter),
    but: Option<i64>,
) -> Result<(), StoreError> {
    let row = query(
        "SELECT id, sequence FROM received_file
         WHERE agency = $1 AND kind = 'submission' AND state = 'accepted' AND id IS DISTINCT FROM $2
            AND first_quarter <= $4 AND last_quarter >= $3
         ORDER BY sequence LIMIT 1",
    )
    .bind(agency)
    .bind(but)
    .bind(first.to_string())
    .bind(last.to_string())
    .fetch_optional(transaction)
    .await?;
    let Some(row) = row else { return Ok(()) };
    let columns = Columns::of("received_file", "id", &row)?;
    Err(StoreError::Overlaps { id: columns.number(), sequence: columns.count("sequence")? })
}

pub(crate) async fn set_state(
    transaction: &mut Transaction,
    id: i64,
    state: ReceivedState,
    replaced_by: Option<i64>,
) -> Result<(), StoreError> {
    query("UPDATE received_file SET state = $1, replaced_by = $2 WHERE id = $3")
        .bind(state.as_str())
        .bind(replaced_by)
        .bind(id)
        .execute(transaction)
        .await?;
    Ok(())
}

async fn insert(
    transaction: &mut Transaction,
    new: &NewReceived,
    practice: bool,
    at: Timestamp,
) -> Result<i64, StoreError> {
    let id = scalar(
        "INSERT INTO received_file (agency, practice, kind, sequence, digest, previous, corrects,
            first_quarter, last_quarter, definition_version, manifest_json, folder, answer_json,
            state, received_at, own_sequence)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 'accepted', $14, $15) RETURNING id",
    )
    .bind(&new.agency)
    .bind(practice)
    .bind(new.kind.as_str())
    .bind(signed(new.sequence))
    .bind(&new.digest)
    .bind(&new.previous)
    .bind(&new.corrects)
    .bind(new.first_quarter.map(|quarter| quarter.to_string()))
    .bind(new.last_quarter.map(|quarter| quarter.to_string()))
    .bind(&new.definition_version)
    .bind(&new.manifest_json)
    .bind(&new.folder)
    .bind(&new.answer_json)
    .bind(at.to_string())
    .bind(signed(new.own_sequence))
    .fetch_one(transaction)
        .await?;
    Ok(id)
}

async fn insert_parts(
    transaction: &mut Transaction,
    id: i64,
    new: &NewReceived,
) -> Result<(), StoreError> {
    for table in &new.tables {
        let sql = "INSERT INTO received_table (received_id, record, file, row_count)
            VALUES ($1, $2, $3, $4)";
        query(sql)
            .bind(id)
            .bind(table.record.as_str())
            .bind(&table.file)
            .bind(signed(table.rows))
            .execute(transaction)
            .await?;
    }
    if let Some(encodings) = &new.encodings {
        let sql = "INSERT INTO received_encodings (received_id, file, row_count, key_fingerprint)
            VALUES ($1, $2, $3, $4)";
        query(sql)
            .bind(id)
            .bind(&encodings.file)
            .bind(signed(encodings.rows))
            .bind(&encodings.key_fingerprint)
            .execute(transaction)
            .await?;
    }
    for totals in new.totals.chunks(BATCH) {
        let sql = format!(
            "INSERT INTO received_total (received_id, record, counted_as, quarter, field, code,
                records, people, coded_records, coded_people) VALUES {}",
            placeholders(0, totals.len(), 10)
        );
        let mut query = query(sql);
        for total in totals {
            query = query
                .bind(id)
                .bind(total.record.as_str())
                .bind(&total.counted_as)
                .bind(total.quarter.map(|quarter| quarter.to_string()))
                .bind(&total.field)
                .bind(&total.code)
                .bind(signed(total.records))
                .bind(signed(total.people))
                .bind(signed(total.coded_records))
                .bind(signed(total.coded_people));
        }
        query.execute(transaction).await?;
    }
    for withdrawn in new.withdrawn.chunks(BATCH) {
        let sql = format!(
            "INSERT INTO received_withdrawn (received_id, record, record_id, order_kind, ordered_on)
             VALUES {}",
            placeholders(0, withdrawn.len(), 5)
        );
        let mut query = query(sql);
        for one in withdrawn {
            query = query
                .bind(id)
                .bind(one.record.as_str())
                .bind(&one.id.0[..])
                .bind(one.order.as_str())
                .bind(one.ordered_on.to_string());
        }
        query.execute(transaction).await?;
    }
    Ok(())
}
