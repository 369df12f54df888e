//! The records of an agency that stand.
//!
//! In: a kind of record, and the quarters wanted. Out: the records, one at a time, in the order of
//! their keys; or how many there are. Memory is flat: records are read a page at a time.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use jiff::civil::Date;
use records::Quarter;
use records::record::{AgencyRecord, Personal, RecordKind};
use serde::Serialize;

use crate::columns::Columns;
use crate::database::query;
use crate::{Permission, Scope, Store, StoreError};

/// Records read at once.
const PAGE: i64 = 2000;

/// How many records of a kind stand in a quarter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct RecordCount {
    /// The kind.
    pub record: RecordKind,
    /// The state quarter of the records' day.
    pub quarter: Quarter,
    /// How many.
    pub records: u64,
}

impl Store {
    /// Shows every record of a kind that stands to `visit`, in the order of their keys, until it
    /// breaks off; with `quarters`, those whose day lies from the first to the last of them. What
    /// is seen is the state of one moment, whatever comes in meanwhile.
    ///
    /// # Errors
    ///
    /// [`StoreError::DamagedRow`] for a record that does not read by today's definitions;
    /// [`StoreError::Database`].
    pub async fn for_each_record(
        &self,
        scope: &Scope,
        kind: RecordKind,
        quarters: Option<(Quarter, Quarter)>,
        visit: &mut dyn FnMut(AgencyRecord) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        let day = |day: Option<Date>, open: &str| match day {
            Some(day) => day.to_string(),
            None => open.to_owned(),
        };
        let first_day = day(quarters.and_then(|(first, _)| first.period().start()), "");
        let last_day = day(quarters.and_then(|(_, last)| last.period().end()), "~");
        let mut after = Personal::new("");
        // One transaction, so that all pages are of one moment.
        let mut moment = self.read(scope, Permission::ReadOwnRecords).await?;
        loop {
            let rows = query(
                "SELECT agency_record.id, agency_record.key, record_content.content
                 FROM agency_record
                 JOIN record_content ON record_content.id = agency_record.content_id
                 WHERE agency_record.kind = $1 AND agency_record.key > $2
                    AND agency_record.current = 1 AND agency_record.day BETWEEN $3 AND $4
                 ORDER BY agency_record.key LIMIT $5",
            )
            .bind(kind.as_str())
            .bind(after.in_own_store())
            .bind(&first_day)
            .bind(&last_day)
            .bind(PAGE)
            .fetch_all(&mut moment)
            .await?;
            for row in &rows {
                let columns = Columns::of("agency_record", "id", row)?;
                let record = AgencyRecord::from_own_store(kind, row.try_get("content")?)
                    .ok_or_else(|| {
                        columns.damaged("no record of its kind by today's definitions")
                    })?;
                if visit(record).is_break() {
                    return Ok(());
                }
            }
            match rows.last() {
                Some(last) if rows.len() as i64 == PAGE => {
                    after = Personal::new(last.try_get::<String>("key")?);
                }
                _ => return Ok(()),
            }
        }
    }

    /// How many records stand, by kind and quarter.
    ///
    /// # Errors
    ///
    /// [`StoreError::DamagedRow`], [`StoreError::Database`].
    pub async fn record_counts(&self, scope: &Scope) -> Result<Vec<RecordCount>, StoreError> {
        let rows = query(
            "SELECT MIN(id) AS id, kind, MIN(day) AS day, COUNT(*) AS records FROM agency_record
             WHERE current = 1 GROUP BY kind, substr(day, 1, 7)",
        )
        .fetch_all(&mut self.read(scope, Permission::ReadOwnAgency).await?)
        .await?;
        let mut by_quarter: BTreeMap<(RecordKind, Quarter), u64> = BTreeMap::new();
        for row in &rows {
            let columns = Columns::of("agency_record", "id", row)?;
            let quarter = Quarter::containing(columns.day("day")?);
            *by_quarter.entry((columns.kind("kind")?, quarter)).or_default() +=
                columns.count("records")?;
        }
        Ok(by_quarter
            .into_iter()
            .map(|((record, quarter), records)| RecordCount { record, quarter, records })
            .collect())
    }
}
