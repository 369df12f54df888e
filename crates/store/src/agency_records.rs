//! The records of an agency that stand.
//!
//! In: a kind of record, the key that opens it, and the quarters wanted. Out: the records, one at a time,
//! as they came in or with those of a person together; or how many there are. Memory is flat: records
//! are read a page at a time.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use jiff::civil::Date;
use records::Quarter;
use records::record::{AgencyRecord, RecordKind};
use sealing::RecordsKey;
use serde::Serialize;

use crate::columns::Columns;
use crate::database::{Row, Transaction, Value, query};
use crate::own_key;
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

/// In what order records are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordOrder {
    /// As the files came in; of one file by own number, 20,000 at a time.
    AsTheyCame,
    /// All records of a person, or of an own number, together; otherwise in no order that means
    /// anything, but always the same.
    ByPerson,
}

/// Which records are wanted, and where the next page begins.
struct Pages<'p> {
    kind: RecordKind,
    first_day: &'p str,
    last_day: &'p str,
}

impl Store {
    /// Shows every record of a kind that stands to `visit`, in that order, until it
    /// breaks off; with `quarters`, those whose day lies from the first to the last of them. What
    /// is seen is the state of one moment, whatever comes in meanwhile.
    ///
    /// # Errors
    ///
    /// [`StoreError::DamagedRow`] for a record that does not open, or does not read by today's
    /// definitions; [`StoreError::OtherRecordsKey`], [`StoreError::Database`].
    pub async fn for_each_record(
        &self,
        scope: &Scope,
        key: &RecordsKey,
        kind: RecordKind,
        quarters: Option<(Quarter, Quarter)>,
        order: RecordOrder,
        visit: &mut dyn FnMut(AgencyRecord) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        let day = |day: Option<Date>, open: &str| match day {
            Some(day) => day.to_string(),
            None => open.to_owned(),
        };
        let first_day = day(quarters.and_then(|(first, _)| first.period().start()), "");
        let last_day = day(quarters.and_then(|(_, last)| last.period().end()), "~");
        let pages = Pages { kind, first_day: &first_day, last_day: &last_day };
        // One transaction, so that all pages are of one moment.
        let mut moment = self.read(scope, Permission::ReadOwnRecords).await?;
        own_key::known_key(&mut moment, key).await?;
        let mut show = |rows: &[Row]| {
            for row in rows {
                let columns = Columns::of("agency_record", "id", row)?;
                if visit(own_key::open_record(key, kind, &columns)?).is_break() {
                    return Ok(ControlFlow::Break(()));
                }
            }
            Ok(ControlFlow::Continue(()))
        };
        match order {
            RecordOrder::AsTheyCame => pages.as_they_came(&mut moment, &mut show).await,
            RecordOrder::ByPerson => pages.by_person(&mut moment, &mut show).await,
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

/// Takes a page of rows; what is wrong with one ends it all.
type Show<'s> = dyn FnMut(&[Row]) -> Result<ControlFlow<()>, StoreError> + 's;

impl Pages<'_> {
    /// Import after import, by the rows' numbers, which are those of the pages in the file of the
    /// database: it is read from front to back.
    async fn as_they_came(
        &self,
        moment: &mut Transaction,
        show: &mut Show<'_>,
    ) -> Result<(), StoreError> {
        let imports =
            query("SELECT first_row, last_row FROM record_import WHERE kind = $1 ORDER BY id")
                .bind(self.kind.as_str())
                .fetch_all(moment)
                .await?;
        for import in imports {
            let (mut next, last): (i64, i64) = (import.try_get(0)?, import.try_get(1)?);
            loop {
                let between = "agency_record.id BETWEEN $4 AND $5 ORDER BY agency_record.id";
                let rows = self.page(moment, between, [next.into(), last.into()]).await?;
                if show(&rows)?.is_break() {
                    return Ok(());
                }
                match rows.last() {
                    Some(last) if rows.len() as i64 == PAGE => {
                        next = last.try_get::<i64>("id")? + 1;
                    }
                    _ => break,
                }
            }
        }
        Ok(())
    }

    async fn by_person(
        &self,
        moment: &mut Transaction,
        show: &mut Show<'_>,
    ) -> Result<(), StoreError> {
        let mut after: Vec<u8> = Vec::new();
        loop {
            let after_key = "agency_record.kind = $4 AND agency_record.key > $5
                ORDER BY agency_record.key";
            let rows =
                self.page(moment, after_key, [self.kind.as_str().into(), after.into()]).await?;
            if show(&rows)?.is_break() {
                return Ok(());
            }
            match rows.last() {
                Some(last) if rows.len() as i64 == PAGE => after = last.try_get("key")?,
                _ => return Ok(()),
            }
        }
    }

    async fn page(
        &self,
        moment: &mut Transaction,
        which: &str,
        values: [Value; 2],
    ) -> Result<Vec<Row>, StoreError> {
        let [from, to] = values;
        let rows = query(format!(
            "SELECT agency_record.id, agency_record.key, agency_record.content_id,
                record_content.content
             FROM agency_record JOIN record_content ON record_content.id = agency_record.content_id
             WHERE agency_record.current = 1 AND agency_record.day BETWEEN $1 AND $2 AND {which}
             LIMIT $3"
        ))
        .bind(self.first_day)
        .bind(self.last_day)
        .bind(PAGE)
        .bind(from)
        .bind(to)
        .fetch_all(moment)
        .await?;
        Ok(rows)
    }
}
