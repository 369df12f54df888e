//! Orders that take records out for good: sealing, vacatur, destruction.
//!
//! In: orders, by own number. Out: what they destroyed. Every row of the record, those of earlier
//! imports and those that were taken back included, is deleted and overwritten in the file; only
//! the opaque id is kept, which keeps the record out when it is imported again. An order about a
//! person is about all her rows. An order to destroy is also about the services and letters that
//! name her, and her releases: they are destroyed. An order to seal or vacate keeps them in the
//! agency's own store, whose work they are, and lets them neither leave nor count
//! ([`Store::sealed_people`]): what left before is taken back, as under an order to destroy. (Penal
//! Code 236.14: agencies seal, and destroy later; until then nobody is to find her by what names
//! her.) That a release is revoked destroys nothing.

use std::collections::{BTreeSet, HashSet};

use jiff::Timestamp;
use jiff::civil::Date;
use records::disclosure::{Order, OrderKind};
use records::record::{OpaqueId, Personal, RecordKind};
use sealing::RecordsKey;

use crate::audit::{self, Subject};
use crate::columns::{Columns, signed};
use crate::database::{Transaction, query, scalar};
use crate::own_key;
use crate::{OwnKeys, Permission, Scope, Store, StoreError};

/// What became of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Applied {
    /// The kind of record.
    pub record: RecordKind,
    /// All that is left of it.
    pub id: OpaqueId,
    /// What was ordered.
    pub order: OrderKind,
    /// When.
    pub ordered_on: Date,
    /// Whether anything was there to be destroyed.
    pub found: bool,
    /// Rows that it destroyed, those of earlier contents and of what names the person included.
    pub rows: u64,
    /// Whether the order was not there before.
    pub new: bool,
}

/// How far a record is kept out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Barred {
    /// The record itself.
    Itself,
    /// Everything that names the person.
    WithAllThatNamesHer,
}

impl Store {
    /// Carries orders out, in one transaction, and has them overwritten in the file.
    ///
    /// # Errors
    ///
    /// [`StoreError::OtherRecordsKey`], [`StoreError::Database`].
    pub async fn apply_orders(
        &self,
        scope: &Scope,
        orders: &[Order],
        keys: OwnKeys<'_>,
        at: Timestamp,
    ) -> Result<Vec<Applied>, StoreError> {
        let mut transaction = self.change(scope, Permission::ChangeOwnRecords).await?;
        own_key::expect_key(&mut transaction, keys.records).await?;
        let mut applied = Vec::with_capacity(orders.len());
        for order in orders {
            let id = keys.ids.id(order.record, &order.reference);
            let one = match entered(&mut transaction, order, id).await? {
                Some(before) => before,
                None => apply(&mut transaction, order, id, keys, scope, at).await?,
            };
            applied.push(one);
        }
        transaction.commit().await?;
        self.forget_pages().await?;
        Ok(applied)
    }

    /// Every order, in the order in which they were entered, with those about records that named
    /// a person whose records were to be sealed or destroyed.
    ///
    /// # Errors
    ///
    /// [`StoreError::DamagedRow`], [`StoreError::Database`].
    pub async fn orders(&self, scope: &Scope) -> Result<Vec<Applied>, StoreError> {
        let rows = query("SELECT * FROM order_entered ORDER BY id")
            .fetch_all(&mut self.read(scope, Permission::ReadOwnAgency).await?)
            .await?;
        rows.iter().map(|row| read(&Columns::of("order_entered", "id", row)?)).collect()
    }

    /// The people whose records are sealed or vacated: what names them neither leaves nor counts.
    ///
    /// # Errors
    ///
    /// [`StoreError::DamagedRow`], [`StoreError::Database`].
    pub async fn sealed_people(&self, scope: &Scope) -> Result<HashSet<OpaqueId>, StoreError> {
        let rows = query(
            "SELECT id, record_id FROM order_entered
             WHERE record = 'victim' AND order_kind IN ('sealing', 'vacatur')",
        )
        .fetch_all(&mut self.read(scope, Permission::ReadOwnRecords).await?)
        .await?;
        let id = |row| Columns::of("order_entered", "id", row)?.opaque_id("record_id");
        rows.iter().map(id).collect()
    }
}

/// The records that orders keep out.
pub(crate) async fn barred(
    transaction: &mut Transaction,
) -> Result<HashSet<(RecordKind, OpaqueId, Barred)>, StoreError> {
    let rows = query(
        "SELECT id, record, record_id, order_kind FROM order_entered
         WHERE order_kind <> 'release_revoked'
            -- What names a person whose record is sealed stays in the agency's own store.
            AND (follows IS NULL OR order_kind = 'destruction')",
    )
    .fetch_all(transaction)
    .await?;
    let mut barred = HashSet::new();
    for row in &rows {
        let columns = Columns::of("order_entered", "id", row)?;
        let (kind, id) = (columns.kind("record")?, columns.opaque_id("record_id")?);
        barred.insert((kind, id, Barred::Itself));
        let order = columns.word("order_kind", OrderKind::from_word)?;
        if kind == RecordKind::Victim && order == OrderKind::Destruction {
            barred.insert((kind, id, Barred::WithAllThatNamesHer));
        }
    }
    Ok(barred)
}

/// The order, if it is there already.
async fn entered(
    transaction: &mut Transaction,
    order: &Order,
    id: OpaqueId,
) -> Result<Option<Applied>, StoreError> {
    let row = query(
        "SELECT * FROM order_entered
         WHERE record = $1 AND record_id = $2 AND order_kind = $3 AND ordered_on = $4",
    )
    .bind(order.record.as_str())
    .bind(&id.0[..])
    .bind(order.order.as_str())
    .bind(order.ordered_on.to_string())
    .fetch_optional(transaction)
    .await?;
    row.as_ref().map(|row| read(&Columns::of("order_entered", "id", row)?)).transpose()
}

fn read(columns: &Columns<'_>) -> Result<Applied, StoreError> {
    let rows = columns.count("destroyed")?;
    Ok(Applied {
        record: columns.kind("record")?,
        id: columns.opaque_id("record_id")?,
        order: columns.word("order_kind", OrderKind::from_word)?,
        ordered_on: columns.day("ordered_on")?,
        found: rows > 0,
        rows,
        new: false,
    })
}

async fn apply(
    transaction: &mut Transaction,
    order: &Order,
    id: OpaqueId,
    keys: OwnKeys<'_>,
    scope: &Scope,
    at: Timestamp,
) -> Result<Applied, StoreError> {
    let (own, about_person) = (keys.records, order.record == RecordKind::Victim);
    let mut rows = 0;
    let mut named = BTreeSet::new();
    match order.order {
        OrderKind::ReleaseRevoked if about_person => {
            revoke_releases(transaction, own, order).await?
        }
        OrderKind::ReleaseRevoked => {}
        OrderKind::Sealing | OrderKind::Vacatur => {
            rows = destroy(transaction, own, order.record, &order.reference).await?;
            if about_person {
                named = naming(transaction, own, &order.reference).await?;
            }
        }
        OrderKind::Destruction => {
            rows = destroy(transaction, own, order.record, &order.reference).await?;
            if about_person {
                named = naming(transaction, own, &order.reference).await?;
                forget_releases(transaction, own, &order.reference).await?;
            }
        }
    }
    let mut with_her = Vec::with_capacity(named.len());
    for (kind, reference) in named {
        let destroyed = match order.order {
            OrderKind::Destruction => destroy(transaction, own, kind, &reference).await?,
            _ => 0,
        };
        rows += destroyed;
        with_her.push((kind, keys.ids.id(kind, &reference), destroyed));
    }
    let entry = Entry { order, follows: None, at };
    let number = entry.write(transaction, order.record, id, rows).await?;
    let entry = Entry { order, follows: Some(number), at };
    for (kind, id, destroyed) in with_her {
        entry.write(transaction, kind, id, destroyed).await?;
    }
    let act = order.order.as_str();
    let subject = (Subject::Order, number);
    audit::write(transaction, subject, act, scope, at, &order.authority).await?;
    let Order { record, order, ordered_on, .. } = *order;
    Ok(Applied { record, id, order, ordered_on, found: rows > 0, rows, new: true })
}

/// A row of `order_entered`.
struct Entry<'o> {
    order: &'o Order,
    follows: Option<i64>,
    at: Timestamp,
}

impl Entry<'_> {
    async fn write(
        &self,
        transaction: &mut Transaction,
        record: RecordKind,
        id: OpaqueId,
        destroyed: u64,
    ) -> Result<i64, StoreError> {
        let new: Option<i64> = scalar(
            "INSERT INTO order_entered (record, record_id, order_kind, authority, ordered_on,
                follows, destroyed, entered_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING RETURNING id",
        )
        .bind(record.as_str())
        .bind(&id.0[..])
        .bind(self.order.order.as_str())
        .bind(&self.order.authority)
        .bind(self.order.ordered_on.to_string())
        .bind(self.follows)
        .bind(signed(destroyed))
        .bind(self.at.to_string())
        .fetch_optional(transaction)
        .await?;
        if let Some(new) = new {
            return Ok(new);
        }
        // It was entered before.
        Ok(scalar(
            "SELECT id FROM order_entered
             WHERE record = $1 AND record_id = $2 AND order_kind = $3 AND ordered_on = $4",
        )
        .bind(record.as_str())
        .bind(&id.0[..])
        .bind(self.order.order.as_str())
        .bind(self.order.ordered_on.to_string())
        .fetch_one(transaction)
        .await?)
    }
}

/// Deletes every row of a record, whatever its import and state; how many there were.
async fn destroy(
    transaction: &mut Transaction,
    key: &RecordsKey,
    kind: RecordKind,
    reference: &Personal,
) -> Result<u64, StoreError> {
    let first = own_key::beginning(key, kind, reference);
    let last = own_key::end_of(&first);
    let mut deleted = 0;
    for sql in [
        "DELETE FROM record_content WHERE id IN (
            SELECT content_id FROM agency_record WHERE kind = $1 AND key BETWEEN $2 AND $3)",
        "DELETE FROM agency_record WHERE kind = $1 AND key BETWEEN $2 AND $3",
    ] {
        let delete = query(sql).bind(kind.as_str()).bind(&first[..]).bind(&last[..]);
        deleted = delete.execute(transaction).await?;
    }
    Ok(deleted)
}

/// The services and letters that name a person, by kind and own number.
async fn naming(
    transaction: &mut Transaction,
    key: &RecordsKey,
    person: &Personal,
) -> Result<BTreeSet<(RecordKind, Personal)>, StoreError> {
    let rows = query(
        "SELECT agency_record.id, agency_record.kind, agency_record.content_id,
            record_content.content
         FROM agency_record JOIN record_content ON record_content.id = agency_record.content_id
         WHERE agency_record.person = $1",
    )
    .bind(&own_key::person(key, person)[..])
    .fetch_all(transaction)
    .await?;
    rows.iter()
        .map(|row| {
            let columns = Columns::of("agency_record", "id", row)?;
            let kind = columns.kind("kind")?;
            let record = own_key::open_record(key, kind, &columns)?;
            Ok((kind, record.own_reference().clone()))
        })
        .collect()
}

async fn revoke_releases(
    transaction: &mut Transaction,
    key: &RecordsKey,
    order: &Order,
) -> Result<(), StoreError> {
    query("UPDATE release SET revoked_on = $1 WHERE victim = $2 AND revoked_on IS NULL")
        .bind(order.ordered_on.to_string())
        .bind(&own_key::signatory(key, &order.reference)[..])
        .execute(transaction)
        .await?;
    Ok(())
}

async fn forget_releases(
    transaction: &mut Transaction,
    key: &RecordsKey,
    person: &Personal,
) -> Result<(), StoreError> {
    query("DELETE FROM release WHERE victim = $1")
        .bind(&own_key::signatory(key, person)[..])
        .execute(transaction)
        .await?;
    Ok(())
}
