//! What an agency has to take back from the clearinghouse.
//!
//! In: the orders entered, the releases revoked, and which records have gone. Out: the records
//! that a withdrawal must name: those that went in a submission and, since then, in no withdrawal
//! whose file was written.

use std::collections::BTreeMap;

use jiff::civil::Date;
use records::disclosure::{CLEARINGHOUSE, OrderKind};
use records::record::{OpaqueId, RecordKind};

use crate::columns::Columns;
use crate::database::query;
use crate::{Permission, Scope, Store, StoreError};

/// A record that an agency takes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct WithdrawnRecord {
    /// The kind of record.
    pub record: RecordKind,
    /// The record, or of kind victim the person.
    pub id: OpaqueId,
    /// Why.
    pub order: OrderKind,
    /// Since when.
    pub ordered_on: Date,
}

impl Store {
    /// The records to be taken back, by kind and id, each once. When several orders are about one,
    /// the furthest is named. A revoked release takes back what left under the person's release,
    /// unless she has signed another one that reaches further.
    ///
    /// # Errors
    ///
    /// [`StoreError::DamagedRow`], [`StoreError::Database`].
    pub async fn withdrawals_to_send(
        &self,
        scope: &Scope,
    ) -> Result<Vec<WithdrawnRecord>, StoreError> {
        let rows = query(
            "WITH
             -- Who has revoked, and when: by the releases kept here, or by an order.
             revoked AS (
                SELECT victim_id AS person_id, revoked_on FROM release
                WHERE revoked_on IS NOT NULL AND recipient = $1
                UNION
                SELECT record_id, ordered_on FROM order_entered
                WHERE order_kind = 'release_revoked' AND record = 'victim'
             ),
             taken_back AS (
                SELECT record, record_id, order_kind, ordered_on FROM order_entered
                WHERE order_kind <> 'release_revoked' OR record <> 'victim'
                UNION ALL
                -- What names a person whose records are sealed or destroyed, though it may be here
                -- no more.
                SELECT sent_record.record, sent_record.record_id, order_kind, ordered_on
                FROM order_entered
                JOIN sent_record ON sent_record.person_id = order_entered.record_id
                WHERE order_kind <> 'release_revoked' AND order_entered.record = 'victim'
                UNION ALL
                SELECT sent_record.record, sent_record.record_id, 'release_revoked', revoked_on
                FROM revoked JOIN sent_record ON sent_record.person_id = revoked.person_id
                WHERE NOT EXISTS (
                    SELECT 1 FROM release WHERE release.victim_id = revoked.person_id
                        AND release.recipient = $1 AND release.revoked_on IS NULL
                        AND release.expires_on >= revoked.revoked_on
                )
             )
             SELECT sent_record.sequence, taken_back.* FROM taken_back
             JOIN sent_record ON sent_record.record = taken_back.record
                AND sent_record.record_id = taken_back.record_id
             WHERE NOT EXISTS (
                SELECT 1 FROM sent_withdrawn
                JOIN sent_file ON sent_file.sequence = sent_withdrawn.sequence
                WHERE sent_withdrawn.record = sent_record.record
                    AND sent_withdrawn.record_id = sent_record.record_id
                    AND sent_withdrawn.sequence > sent_record.sequence
                    AND sent_file.written_at IS NOT NULL
             )",
        )
        .bind(CLEARINGHOUSE)
        .fetch_all(&mut self.read(scope, Permission::SendSubmissions).await?)
        .await?;
        let mut by_record: BTreeMap<(RecordKind, OpaqueId), WithdrawnRecord> = BTreeMap::new();
        for row in &rows {
            let one = read(&Columns::of("sent_record", "sequence", row)?)?;
            let kept = by_record.entry((one.record, one.id)).or_insert(one);
            if rank(&one) < rank(kept) {
                *kept = one;
            }
        }
        Ok(by_record.into_values().collect())
    }
}

/// The furthest order first; of two of a kind the earlier.
fn rank(one: &WithdrawnRecord) -> (u8, Date) {
    let order = match one.order {
        OrderKind::Destruction => 0,
        OrderKind::Vacatur => 1,
        OrderKind::Sealing => 2,
        OrderKind::ReleaseRevoked => 3,
    };
    (order, one.ordered_on)
}

/// A withdrawn record, from the four columns that every table has for one.
pub(crate) fn read(columns: &Columns<'_>) -> Result<WithdrawnRecord, StoreError> {
    Ok(WithdrawnRecord {
        record: columns.kind("record")?,
        id: columns.opaque_id("record_id")?,
        order: columns.word("order_kind", OrderKind::from_word)?,
        ordered_on: columns.day("ordered_on")?,
    })
}
