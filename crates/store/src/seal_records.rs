//! Records that an earlier version kept in clear, sealed.
//!
//! In: the key. Out: everything that waited in the `unsealed_` tables stands sealed, in one transaction;
//! killed at any moment, it is all there or still waits. Then the pages that held it are overwritten, which the
//! next opening does if this one was killed before, or somebody was reading: a row without content waits for it.

use jiff::Timestamp;
use records::disclosure::Release;
use records::record::{AgencyRecord, Personal};
use sealing::RecordsKey;

use crate::audit::{self, Subject};
use crate::columns::Columns;
use crate::database::{Transaction, query, scalar};
use crate::own_key;
use crate::{Permission, Scope, Store, StoreError};

/// Rows sealed at once.
const PAGE: i64 = 2000;

/// That pages wait to be overwritten. No content has the number 0.
const PAGES_WAIT: &str = "INSERT INTO unsealed_record_content (id, content) VALUES (0, '')";

impl Store {
    /// Whether records of an earlier version wait to be sealed, or the pages that held them to be overwritten.
    ///
    /// # Errors
    ///
    /// [`StoreError::Database`].
    pub async fn holds_unsealed(&self) -> Result<bool, StoreError> {
        let waits = "SELECT EXISTS (SELECT 1 FROM unsealed_agency_record)
            OR EXISTS (SELECT 1 FROM unsealed_record_content)
            OR EXISTS (SELECT 1 FROM unsealed_release)";
        Ok(scalar(waits).fetch_one(&mut self.window().await?).await?)
    }

    /// Seals what an earlier version kept in clear; how many records and releases.
    ///
    /// # Errors
    ///
    /// [`StoreError::OtherRecordsKey`], [`StoreError::DamagedRow`]; [`StoreError::Database`], which may also mean
    /// that all is sealed and the pages still wait.
    pub async fn seal_records(
        &self,
        scope: &Scope,
        key: &RecordsKey,
        at: Timestamp,
    ) -> Result<u64, StoreError> {
        let sealed = self.seal_rows(scope, key, at).await?;
        self.forget_pages().await?;
        let mut transaction = self.change(scope, Permission::ChangeOwnRecords).await?;
        query("DELETE FROM unsealed_record_content").execute(&mut transaction).await?;
        transaction.commit().await?;
        Ok(sealed)
    }

    async fn seal_rows(
        &self,
        scope: &Scope,
        key: &RecordsKey,
        at: Timestamp,
    ) -> Result<u64, StoreError> {
        let mut transaction = self.change(scope, Permission::ChangeOwnRecords).await?;
        own_key::expect_key(&mut transaction, key).await?;
        let records = seal_all_records(&mut transaction, key).await?;
        let releases = seal_all_releases(&mut transaction, key).await?;
        for emptying in [
            "DELETE FROM unsealed_agency_record",
            "DELETE FROM unsealed_record_content",
            "DELETE FROM unsealed_release",
            PAGES_WAIT,
        ] {
            query(emptying).execute(&mut transaction).await?;
        }
        if records + releases > 0 {
            let why =
                format!("{records} records and {releases} releases of an earlier version sealed");
            let subject = (Subject::Agency, 1);
            audit::write(&mut transaction, subject, "changed", scope, at, &why).await?;
        }
        transaction.commit().await?;
        Ok(records + releases)
    }
}

async fn seal_all_records(
    transaction: &mut Transaction,
    key: &RecordsKey,
) -> Result<u64, StoreError> {
    let (mut after, mut sealed) = (0, 0);
    loop {
        let rows = query(
            "SELECT unsealed_agency_record.*, unsealed_record_content.content
             FROM unsealed_agency_record JOIN unsealed_record_content
                ON unsealed_record_content.id = unsealed_agency_record.content_id
             WHERE unsealed_agency_record.id > $1 ORDER BY unsealed_agency_record.id LIMIT $2",
        )
        .bind(after)
        .bind(PAGE)
        .fetch_all(transaction)
        .await?;
        for row in &rows {
            seal_record(transaction, key, &Columns::of("agency_record", "id", row)?).await?;
        }
        sealed += rows.len() as u64;
        match rows.last() {
            Some(last) if rows.len() as i64 == PAGE => after = last.try_get("id")?,
            _ => return Ok(sealed),
        }
    }
}

async fn seal_record(
    transaction: &mut Transaction,
    key: &RecordsKey,
    columns: &Columns<'_>,
) -> Result<(), StoreError> {
    let (kind, content_id) = (columns.kind("kind")?, columns.integer("content_id")?);
    let content = Personal::new(columns.text("content")?);
    let record = AgencyRecord::from_own_store(kind, content.in_own_store())
        .ok_or_else(|| columns.damaged("no record of its kind by today's definitions"))?;
    let own = own_key::key_of(key, &record);
    let person = columns.optional_text("person")?.map(Personal::new);
    query(
        "INSERT INTO agency_record (id, import_id, kind, key, row_number, person, day, follow_ups,
            content_id, digest, current) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
    )
    .bind(columns.number())
    .bind(columns.integer("import_id")?)
    .bind(kind.as_str())
    .bind(&own[..])
    .bind(columns.integer("row_number")?)
    .bind(person.map(|person| own_key::person(key, &person)).as_ref().map(|it| &it[..]))
    .bind(columns.text("day")?)
    .bind(columns.optional_text("follow_ups")?)
    .bind(content_id)
    .bind(&own_key::digest(key, &own, &content)[..])
    .bind(columns.integer("current")?)
    .execute(transaction)
    .await?;
    // Several rows may have one content.
    query("INSERT INTO record_content (id, content) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING")
        .bind(content_id)
        .bind(own_key::seal_content(key, content_id, &content)?)
        .execute(transaction)
        .await?;
    Ok(())
}

async fn seal_all_releases(
    transaction: &mut Transaction,
    key: &RecordsKey,
) -> Result<u64, StoreError> {
    let rows = query("SELECT * FROM unsealed_release ORDER BY id").fetch_all(transaction).await?;
    for row in &rows {
        let columns = Columns::of("release", "id", row)?;
        let release = Release {
            victim: Personal::new(columns.text("victim")?),
            recipient: columns.text("recipient")?,
            purpose: columns.text("purpose")?,
            signed_on: columns.day("signed_on")?,
            expires_on: columns.day("expires_on")?,
            revoked_on: columns.optional_day("revoked_on")?,
        };
        let (content, digest) = own_key::seal_release(key, &release)?;
        query(
            "INSERT INTO release (id, victim, victim_id, recipient, content, digest, signed_on,
                expires_on, revoked_on) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(columns.number())
        .bind(&own_key::signatory(key, &release.victim)[..])
        .bind(columns.bytes("victim_id")?)
        .bind(&release.recipient)
        .bind(content)
        .bind(&digest[..])
        .bind(release.signed_on.to_string())
        .bind(release.expires_on.to_string())
        .bind(release.revoked_on.map(|day| day.to_string()))
        .execute(transaction)
        .await?;
    }
    Ok(rows.len() as u64)
}

#[cfg(test)]
mod killed;

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use records::record::{Columns as Header, RecordKind};

    use super::*;
    use crate::stores::with_store;
    use crate::{RecordOrder, StoreError};

    const PLANTED: [&str; 3] = ["V-88231", "Qwzxmarisol", "qwzx purpose"];

    fn victim(reference: &str, given_name: &str) -> AgencyRecord {
        let header = ["reference", "given_name", "counted_as", "date", "trafficking_type", "age"];
        let cells = [reference, given_name, "victim_served", "2026-07-02", "sex", "adult"];
        let columns = Header::of(RecordKind::Victim, "made.csv", &header).unwrap();
        columns.record(2, &cells, &mut Vec::new()).unwrap()
    }

    /// What an earlier version wrote: two records with one content each, and a release.
    async fn written_in_clear(store: &Store) {
        let mut transaction = store.database.change(None).await.unwrap();
        for (id, record) in [(1_i64, victim("V-88231", "Qwzxmarisol")), (2, victim("V-2", "Ana"))] {
            query(
                "INSERT INTO unsealed_agency_record (id, import_id, kind, key, row_number, person,
                    day, follow_ups, content_id, current)
                 VALUES ($1, 1, 'victim', $2, $1, NULL, '2026-07-02', 'may_be_victim', $1, 1)",
            )
            .bind(id)
            .bind(record.key().in_own_store())
            .execute(&mut transaction)
            .await
            .unwrap();
            query("INSERT INTO unsealed_record_content (id, content) VALUES ($1, $2)")
                .bind(id)
                .bind(record.to_own_store())
                .execute(&mut transaction)
                .await
                .unwrap();
        }
        query(
            "INSERT INTO unsealed_release (victim, victim_id, recipient, purpose, signed_on,
                expires_on) VALUES ('V-88231', $1, 'clearinghouse', 'qwzx purpose', '2026-01-01',
                '2030-01-01')",
        )
        .bind(&[1_u8; 16][..])
        .execute(&mut transaction)
        .await
        .unwrap();
        let import = "INSERT INTO record_import (digest, file_name, kind, format,
            definition_version, state, first_row, last_row, added, replaced, unchanged, repeated,
            barred, received_at) VALUES ('d', 'v.csv', 'victim', 'csv', '1', 'in', 1, 2, 2, 0, 0,
            0, 0, 'now')";
        transaction.run(import).await.unwrap();
        transaction.commit().await.unwrap();
    }

    fn at() -> Timestamp {
        "2026-12-01T10:00:00Z".parse().unwrap()
    }

    #[test]
    fn what_stood_in_clear_is_sealed_once_and_its_pages_are_overwritten() {
        with_store(async |store| {
            let (scope, key) = (Scope::command_line("tester"), RecordsKey::new(&[7; 32]));
            assert!(!store.holds_unsealed().await.unwrap());
            written_in_clear(&store).await;
            let file = store.folder.join(Store::FILE);
            let holds = |text: &str| {
                let bytes = std::fs::read(&file).unwrap();
                bytes.windows(text.len()).any(|window| window == text.as_bytes())
            };
            let in_file = !store.database.keeps_apart();
            if in_file {
                store.forget_pages().await.unwrap();
                assert!(PLANTED.iter().all(|text| holds(text)), "the check can fail");
            }
            assert!(store.holds_unsealed().await.unwrap());
            assert_eq!(store.seal_records(&scope, &key, at()).await.unwrap(), 3);
            assert!(!store.holds_unsealed().await.unwrap());
            assert!(!in_file || !PLANTED.iter().any(|text| holds(text)));

            let mut shown = Vec::new();
            let mut visit = |record: AgencyRecord| {
                shown.push(record);
                ControlFlow::Continue(())
            };
            let (kind, order) = (RecordKind::Victim, RecordOrder::AsTheyCame);
            store.for_each_record(&scope, &key, kind, None, order, &mut visit).await.unwrap();
            assert_eq!(shown, [victim("V-88231", "Qwzxmarisol"), victim("V-2", "Ana")]);
            let releases = store.releases(&scope, &key).await.unwrap();
            assert_eq!(releases[0].victim, Personal::new("V-88231"));
            assert_eq!(releases[0].purpose, "qwzx purpose");
            let open = store.follow_ups(&scope, &key).await.unwrap();
            assert_eq!(open.len(), 2);
            assert_eq!(store.seal_records(&scope, &key, at()).await.unwrap(), 0);
        });
    }

    #[test]
    fn pages_that_were_not_overwritten_are_by_the_next_opening() {
        with_store(async |store| {
            let (scope, key) = (Scope::command_line("tester"), RecordsKey::new(&[7; 32]));
            written_in_clear(&store).await;
            store.forget_pages().await.unwrap();
            assert_eq!(store.seal_rows(&scope, &key, at()).await.unwrap(), 3);
            // Killed here.
            assert!(store.holds_unsealed().await.unwrap());
            assert_eq!(store.seal_records(&scope, &key, at()).await.unwrap(), 0);
            assert!(!store.holds_unsealed().await.unwrap());
            if !store.database.keeps_apart() {
                let bytes = std::fs::read(store.folder.join(Store::FILE)).unwrap();
                let holds = |text: &&str| bytes.windows(text.len()).any(|at| at == text.as_bytes());
                assert_eq!(PLANTED.iter().find(|text| holds(text)), None);
            }
        });
    }

    #[test]
    fn another_key_changes_nothing() {
        with_store(async |store| {
            let (scope, key) = (Scope::command_line("tester"), RecordsKey::new(&[7; 32]));
            store.seal_records(&scope, &key, at()).await.unwrap();
            written_in_clear(&store).await;
            let other = RecordsKey::new(&[8; 32]);
            let refused = store.seal_records(&scope, &other, at()).await.unwrap_err();
            assert!(matches!(refused, StoreError::OtherRecordsKey));
            assert!(store.holds_unsealed().await.unwrap());
            let refused = store.releases(&scope, &other).await.unwrap_err();
            assert!(matches!(refused, StoreError::OtherRecordsKey));
            assert_eq!(store.seal_records(&scope, &key, at()).await.unwrap(), 3);
        });
    }
}
