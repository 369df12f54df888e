//! A log of the counts of people that were made.
//!
//! In: what a count came to. Out: every count, with the records that were taken back since: a
//! later withdrawal is a note beside an earlier count and never changes it.

use jiff::Timestamp;
use jiff::civil::Date;
use records::Quarter;
use serde::Serialize;

use crate::audit::{self, Subject};
use crate::columns::{Columns, signed};
use crate::database::{query, scalar};
use crate::{Permission, Scope, Store, StoreError};

/// A count that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NewCount {
    /// Its first state quarter.
    pub first_quarter: Quarter,
    /// Its last state quarter.
    pub last_quarter: Quarter,
    /// The day on which it was true.
    pub as_of: Date,
    /// The register's version that it follows.
    pub definition_version: String,
    /// Whether all of it is made up.
    pub practice: bool,
    /// People as the agencies count them, added up.
    pub raw: u64,
    /// The fewest people there can be.
    pub low: u64,
    /// The most.
    pub high: u64,
    /// People after linkage; nothing when nothing could be linked.
    pub unduplicated: Option<u64>,
}

/// A count as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StoredCount {
    /// Its number.
    pub id: i64,
    /// What it came to.
    pub count: NewCount,
    /// When it was made (UTC).
    pub made_at: String,
    /// By whom.
    pub made_by: String,
    /// Records that had been taken back by then, made up or real as the count.
    pub withdrawn_so_far: u64,
    /// Records that were taken back since. They may have been in it or not.
    pub withdrawn_since: u64,
}

impl Store {
    /// Writes a count down; its number.
    ///
    /// # Errors
    ///
    /// [`StoreError::Database`].
    pub async fn log_count(
        &self,
        scope: &Scope,
        count: &NewCount,
        at: Timestamp,
    ) -> Result<i64, StoreError> {
        let mut transaction = self.change(scope, Permission::Count).await?;
        let id = scalar(
            "INSERT INTO people_count (first_quarter, last_quarter, as_of, definition_version,
                practice, raw, low, high, unduplicated, made_at, made_by, withdrawn_so_far,
                last_withdrawn)
             SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11,
                COUNT(*) FILTER (WHERE received_file.practice = $5),
                COALESCE(MAX(received_withdrawn.id), 0)
             FROM received_withdrawn
             JOIN received_file ON received_file.id = received_withdrawn.received_id RETURNING id",
        )
        .bind(count.first_quarter.to_string())
        .bind(count.last_quarter.to_string())
        .bind(count.as_of.to_string())
        .bind(&count.definition_version)
        .bind(count.practice)
        .bind(signed(count.raw))
        .bind(signed(count.low))
        .bind(signed(count.high))
        .bind(count.unduplicated.map(signed))
        .bind(at.to_string())
        .bind(scope.who())
        .fetch_one(&mut transaction)
        .await?;
        audit::write(&mut transaction, (Subject::Count, id), "counted", scope, at, "count").await?;
        transaction.commit().await?;
        Ok(id)
    }

    /// Every count that was made, in order.
    ///
    /// # Errors
    ///
    /// [`StoreError::DamagedRow`], [`StoreError::Database`].
    pub async fn counts(&self, scope: &Scope) -> Result<Vec<StoredCount>, StoreError> {
        let rows = query(
            "SELECT people_count.*, (
                SELECT COUNT(*) FROM received_withdrawn
                JOIN received_file ON received_file.id = received_withdrawn.received_id
                WHERE received_withdrawn.id > people_count.last_withdrawn
                    AND received_file.practice = people_count.practice
             ) AS withdrawn_since
             FROM people_count ORDER BY id",
        )
        .fetch_all(&mut self.read(scope, Permission::ReadCounts).await?)
        .await?;
        rows.iter()
            .map(|row| {
                let columns = Columns::of("people_count", "id", row)?;
                let quarter = |column| columns.word(column, |text| text.parse().ok());
                Ok(StoredCount {
                    id: columns.number(),
                    count: NewCount {
                        first_quarter: quarter("first_quarter")?,
                        last_quarter: quarter("last_quarter")?,
                        as_of: columns.day("as_of")?,
                        definition_version: columns.text("definition_version")?,
                        practice: columns.flag("practice")?,
                        raw: columns.count("raw")?,
                        low: columns.count("low")?,
                        high: columns.count("high")?,
                        unduplicated: columns
                            .optional_integer("unduplicated")?
                            .map(i64::unsigned_abs),
                    },
                    made_at: columns.text("made_at")?,
                    made_by: columns.text("made_by")?,
                    withdrawn_so_far: columns.count("withdrawn_so_far")?,
                    withdrawn_since: columns.count("withdrawn_since")?,
                })
            })
            .collect()
    }
}
