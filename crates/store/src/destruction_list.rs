//! What was ordered destroyed, kept outside the backups.
//!
//! In: the orders that were entered, the reasons of the audit that were destroyed, and which withdrawals
//! came to the clearinghouse. Out: `destroyed.json` in the data folder, written anew after every
//! destruction, which no backup holds. A restored backup is brought to it before anybody uses it, so that
//! what was ordered destroyed stays destroyed. It names records by opaque ids only.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::Path;

use jiff::Timestamp;
use records::disclosure::{Order, OrderKind};
use records::record::{OpaqueId, Personal, RecordKind};
use serde::{Deserialize, Serialize};

use crate::audit::{self, Subject};
use crate::columns::Columns;
use crate::database::{query, scalar};
use crate::own_key;
use crate::{OwnKeys, Permission, Scope, Store, StoreError};

/// Records read at once.
const PAGE: i64 = 2000;

/// What was ordered destroyed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DestructionList {
    /// Orders about an agency's own records, in the order in which they were entered.
    orders: Vec<ListedOrder>,
    /// Rows of the audit whose reasons were destroyed.
    audit_rows: Vec<i64>,
    /// Digests of the withdrawals that the clearinghouse has received.
    withdrawals: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct ListedOrder {
    record: String,
    id: String,
    order: String,
    authority: String,
    ordered_on: String,
    /// Whether it came with an order about the person whom the record names.
    follows: bool,
}

/// What a restored database was brought to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Replayed {
    /// Orders carried out anew.
    pub orders: u64,
    /// Rows that they destroyed.
    pub rows: u64,
    /// Reasons of the audit destroyed anew.
    pub reasons: u64,
    /// Withdrawals that agencies sent after the backup: they must be received again before anything is
    /// counted.
    pub withdrawals_missing: Vec<String>,
}

impl DestructionList {
    /// The file's name in the data folder.
    pub const FILE: &str = "destroyed.json";

    /// Reads a list that was written.
    ///
    /// # Errors
    ///
    /// [`StoreError::DestructionList`].
    pub fn read(file: &Path) -> Result<DestructionList, StoreError> {
        let wrong = |what: String| StoreError::DestructionList { file: file.to_owned(), what };
        let text = fs::read_to_string(file).map_err(|error| wrong(error.to_string()))?;
        serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))
    }

    fn write(&self, file: &Path) -> Result<(), StoreError> {
        let wrong = |what: String| StoreError::DestructionList { file: file.to_owned(), what };
        let text = serde_json::to_string_pretty(self).map_err(|error| wrong(error.to_string()))?;
        let new = file.with_extension("json.new");
        fs::write(&new, text).map_err(|error| wrong(error.to_string()))?;
        fs::File::open(&new)
            .and_then(|open| open.sync_all())
            .and_then(|()| fs::rename(&new, file))
            .map_err(|error| wrong(error.to_string()))
    }
}

impl Store {
    /// Writes the list anew beside the database.
    pub(crate) async fn list_destroyed(&self) -> Result<(), StoreError> {
        let list = self.destroyed().await?;
        list.write(&self.folder.join(DestructionList::FILE))
    }

    async fn destroyed(&self) -> Result<DestructionList, StoreError> {
        let mut moment = self.window().await?;
        let rows = query("SELECT * FROM order_entered ORDER BY id").fetch_all(&mut moment).await?;
        let mut list = DestructionList::default();
        for row in &rows {
            let columns = Columns::of("order_entered", "id", row)?;
            list.orders.push(ListedOrder {
                record: columns.text("record")?,
                id: columns.opaque_id("record_id")?.to_string(),
                order: columns.text("order_kind")?,
                authority: columns.text("authority")?,
                ordered_on: columns.text("ordered_on")?,
                follows: columns.optional_integer("follows")?.is_some(),
            });
        }
        list.audit_rows = scalar(
            "SELECT DISTINCT subject_id FROM audit_row
             WHERE id >= 1 AND subject = 'audit' AND act = 'reason_destroyed' ORDER BY subject_id",
        )
        .fetch_all(&mut moment)
        .await?;
        list.withdrawals =
            scalar("SELECT digest FROM received_file WHERE kind = 'withdrawal' ORDER BY id")
                .fetch_all(&mut moment)
                .await?;
        Ok(list)
    }

    /// Brings a restored database to the list. Twice is as good as once.
    ///
    /// Opens every record once, as the list has opaque ids only.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotPermitted`], [`StoreError::KeysNeeded`] when an order is missing here, there are
    /// records, and the keys are not given ([`Store::misses_orders_of`]), [`StoreError::DestructionList`] for words that mean nothing,
    /// [`StoreError::Database`].
    pub async fn replay(
        &self,
        scope: &Scope,
        list: &DestructionList,
        keys: Option<OwnKeys<'_>>,
        at: Timestamp,
    ) -> Result<Replayed, StoreError> {
        let mut done = Replayed::default();
        let here = self.destroyed().await?;
        let known: HashSet<(&str, &str, &str)> =
            here.orders.iter().map(|order| order.names()).collect();
        let missing = list.orders.iter().filter(|order| !known.contains(&order.names()));
        let missing: Vec<(&ListedOrder, Read)> = missing
            .map(|order| Ok((order, order.read(self)?)))
            .collect::<Result<_, StoreError>>()?;
        if !missing.is_empty() {
            let references = match keys {
                Some(keys) => self.references(scope, &missing, keys).await?,
                None if self.has_records().await? => return Err(StoreError::KeysNeeded),
                None => HashMap::new(),
            };
            let (mut found, mut others) = (Vec::new(), Vec::new());
            for (order, read) in missing {
                // An order about what a record named is carried out with the one about the person.
                match references.get(&(read.0, read.1)).filter(|_| !order.follows) {
                    Some(reference) => found.push(Order {
                        record: read.0,
                        reference: reference.clone(),
                        order: read.2,
                        authority: order.authority.clone(),
                        ordered_on: read.3,
                    }),
                    // What names a person whose record is sealed stays; the order about her says so.
                    None if order.follows && read.2 != OrderKind::Destruction => {}
                    // The record came after the backup: the order keeps it out all the same.
                    None => others.push((order, read)),
                }
            }
            done.orders = (found.len() + others.len()) as u64;
            if let Some(keys) = keys.filter(|_| !found.is_empty()) {
                let applied = self.apply_orders(scope, &found, keys, at).await?;
                done.rows = applied.iter().map(|one| one.rows).sum();
            }
            self.enter(scope, &others, at).await?;
        }
        let rows = self.audit_head(scope).await?.rows;
        let gone: HashSet<i64> = here.audit_rows.iter().copied().collect();
        let again: Vec<i64> = list
            .audit_rows
            .iter()
            .copied()
            .filter(|row| *row <= rows && !gone.contains(row))
            .collect();
        if !again.is_empty() {
            let why = "destroyed before the backup was restored";
            done.reasons = self.destroy_audit_reasons(scope, &again, why, at).await?;
        }
        let received: HashSet<&String> = here.withdrawals.iter().collect();
        done.withdrawals_missing =
            list.withdrawals.iter().filter(|digest| !received.contains(digest)).cloned().collect();
        // What must still be received again stays on the list.
        let mut after = self.destroyed().await?;
        after.withdrawals.extend(done.withdrawals_missing.iter().cloned());
        after.write(&self.folder.join(DestructionList::FILE))?;
        Ok(done)
    }

    /// Writes into the audit that a backup was brought back: rows after it are of another time.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotPermitted`], [`StoreError::Database`].
    pub async fn note_restored(
        &self,
        scope: &Scope,
        made_at: &str,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut transaction = self.change(scope, Permission::BackUp).await?;
        let why = format!("from the backup of {made_at}");
        audit::write(&mut transaction, (Subject::Audit, 0), "restored", scope, at, &why).await?;
        // Nobody is signed in to what was brought back.
        query("DELETE FROM session").execute(&mut transaction).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// The own numbers behind opaque ids, of the records that are there.
    async fn references(
        &self,
        scope: &Scope,
        orders: &[(&ListedOrder, Read)],
        keys: OwnKeys<'_>,
    ) -> Result<HashMap<(RecordKind, OpaqueId), Personal>, StoreError> {
        let mut moment = self.read(scope, Permission::ReadOwnRecords).await?;
        own_key::known_key(&mut moment, keys.records).await?;
        let wanted: HashSet<(RecordKind, OpaqueId)> =
            orders.iter().map(|(_, read)| (read.0, read.1)).collect();
        let mut found = HashMap::new();
        let mut look = |kind: RecordKind, reference: &Personal| {
            let id = keys.ids.id(kind, reference);
            if wanted.contains(&(kind, id)) {
                found.insert((kind, id), reference.clone());
            }
        };
        let mut after = 0;
        loop {
            let rows = query(
                "SELECT agency_record.id, agency_record.kind, agency_record.content_id,
                    record_content.content
                 FROM agency_record
                 JOIN record_content ON record_content.id = agency_record.content_id
                 WHERE agency_record.id > $1 ORDER BY agency_record.id LIMIT $2",
            )
            .bind(after)
            .bind(PAGE)
            .fetch_all(&mut moment)
            .await?;
            for row in &rows {
                let columns = Columns::of("agency_record", "id", row)?;
                let kind = columns.kind("kind")?;
                let record = own_key::open_record(keys.records, kind, &columns)?;
                look(kind, record.own_reference());
                // A person whom only a service or a letter names.
                record.person().into_iter().for_each(|person| look(RecordKind::Victim, person));
            }
            match rows.last() {
                Some(last) if rows.len() as i64 == PAGE => after = last.try_get("id")?,
                _ => break,
            }
        }
        // A person whom only a release names.
        for row in query("SELECT * FROM release").fetch_all(&mut moment).await? {
            let columns = Columns::of("release", "id", &row)?;
            look(RecordKind::Victim, &own_key::open_release(keys.records, &columns)?.0);
        }
        Ok(found)
    }

    /// Whether the list has orders that are not entered here, so that [`Store::replay`] needs the keys.
    ///
    /// # Errors
    ///
    /// [`StoreError::Database`].
    pub async fn misses_orders_of(&self, list: &DestructionList) -> Result<bool, StoreError> {
        let here = self.destroyed().await?;
        let known: HashSet<(&str, &str, &str)> =
            here.orders.iter().map(|order| order.names()).collect();
        Ok(list.orders.iter().any(|order| !known.contains(&order.names())))
    }

    /// Whether there is anything that an order could be about.
    async fn has_records(&self) -> Result<bool, StoreError> {
        let there = "SELECT EXISTS (SELECT 1 FROM agency_record) OR EXISTS (SELECT 1 FROM release)
            OR EXISTS (SELECT 1 FROM unsealed_agency_record)
            OR EXISTS (SELECT 1 FROM unsealed_release)";
        Ok(scalar(there).fetch_one(&mut self.window().await?).await?)
    }

    /// Writes orders down about records that are not there.
    async fn enter(
        &self,
        scope: &Scope,
        orders: &[(&ListedOrder, Read)],
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut transaction = self.change(scope, Permission::ChangeOwnRecords).await?;
        for (order, (record, id, kind, day)) in orders {
            query(
                "INSERT INTO order_entered (record, record_id, order_kind, authority, ordered_on,
                    follows, destroyed, entered_at)
                 VALUES ($1, $2, $3, $4, $5, NULL, 0, $6) ON CONFLICT DO NOTHING",
            )
            .bind(record.as_str())
            .bind(&id.0[..])
            .bind(kind.as_str())
            .bind(&order.authority)
            .bind(day.to_string())
            .bind(at.to_string())
            .execute(&mut transaction)
            .await?;
        }
        transaction.commit().await?;
        Ok(())
    }
}

/// A listed order, understood.
type Read = (RecordKind, OpaqueId, OrderKind, jiff::civil::Date);

impl ListedOrder {
    fn names(&self) -> (&str, &str, &str) {
        (&self.id, &self.order, &self.ordered_on)
    }

    fn read(&self, store: &Store) -> Result<Read, StoreError> {
        let understood = || {
            let id = (0..16)
                .map(|at| u8::from_str_radix(self.id.get(2 * at..2 * at + 2)?, 16).ok())
                .collect::<Option<Vec<u8>>>()
                .filter(|_| self.id.len() == 32)?;
            Some((
                RecordKind::from_word(&self.record)?,
                OpaqueId(id.try_into().ok()?),
                OrderKind::from_word(&self.order)?,
                self.ordered_on.parse().ok()?,
            ))
        };
        understood().ok_or_else(|| StoreError::DestructionList {
            file: store.folder.join(DestructionList::FILE),
            what: format!("an order that cannot be read: {} {}", self.record, self.order),
        })
    }
}
