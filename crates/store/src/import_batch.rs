//! The records of one import, a batch at a time.
//!
//! In: records in the order of the file. Out: rows of `agency_record`, and of `record_content` for
//! what is new, sealed. For each batch the current digests of its keys are read in one statement and the
//! new rows written in two, so that a million records take seconds; in memory are one window of
//! records, the orders, and the pairs of records that contradict each other.
//!
//! `OR FAIL`: a statement that fails takes the whole transaction with it, so SQLite need not copy
//! every page first in order to undo the statement alone.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use records::record::{AgencyRecord, FollowUp, OpaqueId, Personal, RecordKind};

use crate::database::{Transaction, placeholders, query, scalar};
use crate::follow_ups::words;
use crate::imports::{retire_earlier, set_counts};
use crate::orders::{Barred, barred};
use crate::own_key::{self, Pseudonym};
use crate::{ImportCounts, NewImport, OwnKeys, StoreError};

/// Records in one statement: more gain nothing.
const BATCH: usize = 400;
/// Records that are sorted by own number before they are written: so they are shown later. A few
/// megabytes.
const WINDOW: usize = 20_000;

/// An import that is going in.
pub(crate) struct Importing<'i> {
    counts: ImportCounts,
    kind: RecordKind,
    keys: OwnKeys<'i>,
    barred: HashSet<(RecordKind, OpaqueId, Barred)>,
    taken: u64,
    next_row: i64,
    window: Vec<Incoming>,
    contradictory: Vec<(u64, u64)>,
}

/// A record on its way in.
struct Incoming {
    /// Its place in the file, from 1.
    row_number: u64,
    /// In clear, for the order only.
    number: Personal,
    key: Vec<u8>,
    person: Option<Pseudonym>,
    day: String,
    follow_ups: Option<String>,
    content: Personal,
    digest: Pseudonym,
}

/// What stands of a key.
struct Standing {
    import_id: i64,
    row_number: u64,
    content_id: i64,
    digest: Vec<u8>,
}

/// A row to be written: that this import states a record, and where its content is.
struct Stated<'b> {
    incoming: &'b Incoming,
    content_id: i64,
}

impl<'i> Importing<'i> {
    /// Opens an import.
    pub(crate) async fn begin(
        transaction: &mut Transaction,
        new: &NewImport,
        keys: OwnKeys<'i>,
        at: Timestamp,
    ) -> Result<Importing<'i>, StoreError> {
        own_key::expect_key(transaction, keys.records).await?;
        // Not the largest row that is there: orders delete rows, and their numbers stay used.
        let next_row: i64 = scalar("SELECT COALESCE(MAX(last_row), 0) + 1 FROM record_import")
            .fetch_one(transaction)
            .await?;
        let id = scalar(
            "INSERT INTO record_import (digest, file_name, kind, format, definition_version, state,
                first_row, last_row, added, replaced, unchanged, repeated, barred, received_at)
             VALUES ($1, $2, $3, $4, $5, 'in', $6, $7, 0, 0, 0, 0, 0, $8) RETURNING id",
        )
        .bind(&new.digest)
        .bind(&new.file_name)
        .bind(new.kind.as_str())
        .bind(&new.format)
        .bind(&new.definition_version)
        .bind(next_row)
        .bind(next_row - 1)
        .bind(at.to_string())
        .fetch_one(transaction)
        .await?;
        Ok(Importing {
            counts: ImportCounts { id, ..ImportCounts::default() },
            kind: new.kind,
            keys,
            barred: barred(transaction).await?,
            taken: 0,
            next_row,
            window: Vec::new(),
            contradictory: Vec::new(),
        })
    }

    /// Takes one record; writes when a window is full.
    pub(crate) async fn take(
        &mut self,
        transaction: &mut Transaction,
        record: &AgencyRecord,
    ) -> Result<(), StoreError> {
        self.taken += 1;
        if record.kind() != self.kind {
            let (row, found) = (self.taken, record.kind());
            return Err(StoreError::OtherKind { row, expected: self.kind, found });
        }
        if self.is_barred(record) {
            self.counts.barred += 1;
            return Ok(());
        }
        let own = self.keys.records;
        let names_person = self.kind != RecordKind::Victim;
        let person = record.person().filter(|_| names_person);
        let key = own_key::key_of(own, record);
        let content = Personal::new(record.to_own_store());
        self.window.push(Incoming {
            row_number: self.taken,
            number: record.key(),
            digest: own_key::digest(own, &key, &content),
            key,
            person: person.map(|person| own_key::person(own, person)),
            // Every kind requires its day.
            day: record.date("date").map(|day| day.to_string()).unwrap_or_default(),
            follow_ups: words(&FollowUp::of(record)),
            content,
        });
        if self.window.len() == WINDOW {
            self.write_window(transaction).await?;
        }
        Ok(())
    }

    /// Writes what is left and closes the import.
    pub(crate) async fn finish(
        mut self,
        transaction: &mut Transaction,
    ) -> Result<ImportCounts, StoreError> {
        self.write_window(transaction).await?;
        self.contradictory.sort_by_key(|(_, later)| *later);
        if !self.contradictory.is_empty() {
            return Err(StoreError::Contradictory { rows: self.contradictory });
        }
        set_counts(transaction, &self.counts, self.next_row - 1).await?;
        if self.counts.replaced + self.counts.unchanged > 0 {
            retire_earlier(transaction, self.counts.id).await?;
        }
        Ok(self.counts)
    }

    /// Whether an order keeps a record out: one about the record, or one to destroy everything
    /// about the person whom it names.
    fn is_barred(&self, record: &AgencyRecord) -> bool {
        if self.barred.is_empty() {
            return false;
        }
        let own = self.keys.ids.id(self.kind, record.own_reference());
        let person = record.person().map(|person| self.keys.ids.id(RecordKind::Victim, person));
        self.barred.contains(&(self.kind, own, Barred::Itself))
            || person.is_some_and(|person| {
                self.barred.contains(&(RecordKind::Victim, person, Barred::WithAllThatNamesHer))
            })
    }

    async fn write_window(&mut self, transaction: &mut Transaction) -> Result<(), StoreError> {
        let mut window = std::mem::take(&mut self.window);
        window.sort_by(|a, b| (&a.number, a.row_number).cmp(&(&b.number, b.row_number)));
        for batch in window.chunks(BATCH) {
            self.write_batch(transaction, batch).await?;
        }
        Ok(())
    }

    async fn write_batch(
        &mut self,
        transaction: &mut Transaction,
        batch: &[Incoming],
    ) -> Result<(), StoreError> {
        let standing = self.standing(transaction, batch).await?;
        let mut in_batch: HashMap<&[u8], &Incoming> = HashMap::new();
        let mut rows: Vec<Stated<'_>> = Vec::with_capacity(batch.len());
        for incoming in batch {
            let earlier =
                in_batch.get(&incoming.key[..]).map(|one| (one.row_number, &one.digest[..]));
            let before = standing.get(&incoming.key);
            let in_file = earlier.or_else(|| {
                let one = before.filter(|one| one.import_id == self.counts.id)?;
                Some((one.row_number, &one.digest[..]))
            });
            match in_file {
                Some((_, digest)) if digest == incoming.digest => self.counts.repeated += 1,
                Some((row_number, _)) => {
                    self.contradictory.push((row_number, incoming.row_number));
                }
                None => {
                    let own = self.next_row + rows.len() as i64;
                    let content_id = match before {
                        Some(one) if one.digest == incoming.digest => {
                            self.counts.unchanged += 1;
                            one.content_id
                        }
                        Some(_) => {
                            self.counts.replaced += 1;
                            own
                        }
                        None => {
                            self.counts.added += 1;
                            own
                        }
                    };
                    rows.push(Stated { incoming, content_id });
                    in_batch.insert(&incoming.key, incoming);
                }
            }
        }
        self.insert(transaction, &rows).await?;
        self.next_row += rows.len() as i64;
        Ok(())
    }

    /// What is current of the keys of a batch; of two imports the later, which may be this one.
    async fn standing(
        &self,
        transaction: &mut Transaction,
        batch: &[Incoming],
    ) -> Result<HashMap<Vec<u8>, Standing>, StoreError> {
        let sql = format!(
            "SELECT key, import_id, row_number, content_id, digest FROM agency_record
             WHERE current = 1 AND kind = $1 AND key IN {}",
            placeholders(1, 1, batch.len())
        );
        let mut query = query(sql).bind(self.kind.as_str());
        for incoming in batch {
            query = query.bind(&incoming.key[..]);
        }
        let mut standing: HashMap<Vec<u8>, Standing> = HashMap::new();
        for row in query.fetch_all(transaction).await? {
            let key: Vec<u8> = row.try_get(0)?;
            let found = Standing {
                import_id: row.try_get(1)?,
                row_number: row.try_get::<i64>(2)?.unsigned_abs(),
                content_id: row.try_get(3)?,
                digest: row.try_get(4)?,
            };
            if standing.get(&key).is_none_or(|other| other.import_id < found.import_id) {
                standing.insert(key, found);
            }
        }
        Ok(standing)
    }

    async fn insert(
        &self,
        transaction: &mut Transaction,
        rows: &[Stated<'_>],
    ) -> Result<(), StoreError> {
        let number = |at: usize| self.next_row + at as i64;
        let fresh = || rows.iter().enumerate().filter(|(at, row)| row.content_id == number(*at));
        let contents = fresh().count();
        if contents > 0 {
            let sql = format!(
                "INSERT OR FAIL INTO record_content VALUES {}",
                placeholders(0, contents, 2)
            );
            let mut query = query(sql);
            for (_, row) in fresh() {
                let (own, content) = (self.keys.records, &row.incoming.content);
                let sealed = own_key::seal_content(own, row.content_id, content)?;
                query = query.bind(row.content_id).bind(sealed);
            }
            query.execute(transaction).await?;
        }
        if rows.is_empty() {
            return Ok(());
        }
        let sql = format!(
            "INSERT OR FAIL INTO agency_record (id, import_id, kind, key, row_number, person, day,
                follow_ups, content_id, digest, current) VALUES {}",
            placeholders(0, rows.len(), 11)
        );
        let mut query = query(sql);
        for (at, row) in rows.iter().enumerate() {
            query = query
                .bind(number(at))
                .bind(self.counts.id)
                .bind(self.kind.as_str())
                .bind(&row.incoming.key[..])
                .bind(row.incoming.row_number as i64)
                .bind(row.incoming.person.as_ref().map(|person| &person[..]))
                .bind(&row.incoming.day)
                .bind(&row.incoming.follow_ups)
                .bind(row.content_id)
                .bind(&row.incoming.digest[..])
                .bind(1_i64);
        }
        query.execute(transaction).await?;
        Ok(())
    }
}
