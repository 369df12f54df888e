//! The releases that single clients have signed.
//!
//! In: what `releases.csv` says. Out: the releases, and which were revoked. A release is known by
//! the person, the recipient and the day on which it was signed; a revocation is never taken back.

use jiff::Timestamp;
use records::disclosure::Release;
use records::record::RecordKind;
use sealing::RecordsKey;

use crate::audit::{self, Subject};
use crate::columns::Columns;
use crate::database::{query, scalar};
use crate::orders::{Barred, barred};
use crate::own_key;
use crate::{OwnKeys, Permission, Scope, Store, StoreError};

impl Store {
    /// Adds releases, and what has changed in those that are there; how many that were. A release
    /// of a person whose records were destroyed by order is left out.
    ///
    /// # Errors
    ///
    /// [`StoreError::OtherRecordsKey`], [`StoreError::Database`].
    pub async fn add_releases(
        &self,
        scope: &Scope,
        releases: &[Release],
        keys: OwnKeys<'_>,
        at: Timestamp,
    ) -> Result<u64, StoreError> {
        let mut transaction = self.change(scope, Permission::ChangeOwnRecords).await?;
        own_key::expect_key(&mut transaction, keys.records).await?;
        let barred = barred(&mut transaction).await?;
        let mut changed = 0;
        for release in releases {
            let id = keys.ids.id(RecordKind::Victim, &release.victim);
            if barred.contains(&(RecordKind::Victim, id, Barred::WithAllThatNamesHer)) {
                continue;
            }
            let (content, digest) = own_key::seal_release(keys.records, release)?;
            let upsert = query(
                "INSERT INTO release (victim, victim_id, recipient, content, digest, signed_on,
                    expires_on, revoked_on)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
                 ON CONFLICT (victim, recipient, signed_on) DO UPDATE SET
                    content = excluded.content, digest = excluded.digest,
                    expires_on = excluded.expires_on,
                    revoked_on = COALESCE(release.revoked_on, excluded.revoked_on)
                 WHERE (release.digest, release.expires_on)
                        IS DISTINCT FROM (excluded.digest, excluded.expires_on)
                    OR (release.revoked_on IS NULL AND excluded.revoked_on IS NOT NULL)",
            )
            .bind(&own_key::signatory(keys.records, &release.victim)[..])
            .bind(&id.0[..])
            .bind(&release.recipient)
            .bind(content)
            .bind(&digest[..])
            .bind(release.signed_on.to_string())
            .bind(release.expires_on.to_string())
            .bind(release.revoked_on.map(|day| day.to_string()))
            .execute(&mut transaction)
            .await?;
            changed += upsert;
        }
        if changed > 0 {
            let why = format!("{changed} new or changed");
            audit::write(&mut transaction, (Subject::Release, 0), "added", scope, at, &why).await?;
        }
        transaction.commit().await?;
        Ok(changed)
    }

    /// Whether each release is of somebody whom this agency knows: by her own record, by one that
    /// names her, or by an order about her.
    ///
    /// # Errors
    ///
    /// [`StoreError::OtherRecordsKey`], [`StoreError::Database`].
    pub async fn are_known(
        &self,
        scope: &Scope,
        releases: &[Release],
        keys: OwnKeys<'_>,
    ) -> Result<Vec<bool>, StoreError> {
        let mut moment = self.read(scope, Permission::ReadOwnRecords).await?;
        own_key::known_key(&mut moment, keys.records).await?;
        let mut known = Vec::with_capacity(releases.len());
        for release in releases {
            let beginning = own_key::beginning(keys.records, RecordKind::Victim, &release.victim);
            let is_known = scalar(
                "SELECT EXISTS (SELECT 1 FROM agency_record
                    WHERE kind = 'victim' AND key BETWEEN $1 AND $2)
                 OR EXISTS (SELECT 1 FROM agency_record WHERE person = $3)
                 OR EXISTS (SELECT 1 FROM order_entered WHERE record = 'victim' AND record_id = $4)",
            )
            .bind(&beginning[..])
            .bind(own_key::end_of(&beginning))
            .bind(&own_key::person(keys.records, &release.victim)[..])
            .bind(&keys.ids.id(RecordKind::Victim, &release.victim).0[..])
            .fetch_one(&mut moment)
            .await?;
            known.push(is_known);
        }
        Ok(known)
    }

    /// Every release, by person, recipient and day.
    ///
    /// # Errors
    ///
    /// [`StoreError::OtherRecordsKey`], [`StoreError::DamagedRow`], [`StoreError::Database`].
    pub async fn releases(
        &self,
        scope: &Scope,
        key: &RecordsKey,
    ) -> Result<Vec<Release>, StoreError> {
        let mut moment = self.read(scope, Permission::ReadOwnRecords).await?;
        own_key::known_key(&mut moment, key).await?;
        let rows = query("SELECT * FROM release").fetch_all(&mut moment).await?;
        let mut releases = Vec::with_capacity(rows.len());
        for row in &rows {
            let columns = Columns::of("release", "id", row)?;
            let (victim, purpose) = own_key::open_release(key, &columns)?;
            releases.push(Release {
                victim,
                recipient: columns.text("recipient")?,
                purpose,
                signed_on: columns.day("signed_on")?,
                expires_on: columns.day("expires_on")?,
                revoked_on: columns.optional_day("revoked_on")?,
            });
        }
        releases.sort_by(|a, b| {
            let order = |one: &Release| (one.recipient.clone(), one.signed_on);
            a.victim.cmp(&b.victim).then_with(|| order(a).cmp(&order(b)))
        });
        Ok(releases)
    }

    /// How many releases there are. Needs no key.
    ///
    /// # Errors
    ///
    /// [`StoreError::Database`].
    pub async fn count_releases(&self, scope: &Scope) -> Result<u64, StoreError> {
        let mut moment = self.read(scope, Permission::ReadOwnRecords).await?;
        let count: i64 = scalar("SELECT COUNT(*) FROM release").fetch_one(&mut moment).await?;
        Ok(count.unsigned_abs())
    }
}
