//! The releases that single clients have signed.
//!
//! In: what `releases.csv` says. Out: the releases, and which were revoked. A release is known by
//! the person, the recipient and the day on which it was signed; a revocation is never taken back.

use jiff::Timestamp;
use records::disclosure::Release;
use records::record::{OpaqueIds, Personal, RecordKind};

use crate::audit::{self, Subject};
use crate::columns::Columns;
use crate::database::{query, scalar};
use crate::orders::{Barred, barred};
use crate::{Permission, Scope, Store, StoreError};

impl Store {
    /// Adds releases, and what has changed in those that are there; how many that were. A release
    /// of a person whose records were destroyed by order is left out.
    ///
    /// # Errors
    ///
    /// [`StoreError::Database`].
    pub async fn add_releases(
        &self,
        scope: &Scope,
        releases: &[Release],
        ids: &OpaqueIds,
        at: Timestamp,
    ) -> Result<u64, StoreError> {
        let mut transaction = self.change(scope, Permission::ChangeOwnRecords).await?;
        let barred = barred(&mut transaction).await?;
        let mut changed = 0;
        for release in releases {
            let id = ids.id(RecordKind::Victim, &release.victim);
            if barred.contains(&(RecordKind::Victim, id, Barred::WithAllThatNamesHer)) {
                continue;
            }
            let upsert = query(
                "INSERT INTO release (victim, victim_id, recipient, purpose, signed_on, expires_on,
                    revoked_on)
                 VALUES ($1, $2, $3, $4, $5, $6, $7)
                 ON CONFLICT (victim, recipient, signed_on) DO UPDATE SET
                    purpose = excluded.purpose, expires_on = excluded.expires_on,
                    revoked_on = COALESCE(release.revoked_on, excluded.revoked_on)
                 WHERE (release.purpose, release.expires_on)
                        IS DISTINCT FROM (excluded.purpose, excluded.expires_on)
                    OR (release.revoked_on IS NULL AND excluded.revoked_on IS NOT NULL)",
            )
            .bind(release.victim.in_own_store())
            .bind(&id.0[..])
            .bind(&release.recipient)
            .bind(&release.purpose)
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
    /// [`StoreError::Database`].
    pub async fn are_known(
        &self,
        scope: &Scope,
        releases: &[Release],
        ids: &OpaqueIds,
    ) -> Result<Vec<bool>, StoreError> {
        let mut moment = self.read(scope, Permission::ReadOwnRecords).await?;
        let mut known = Vec::with_capacity(releases.len());
        for release in releases {
            let victim = release.victim.in_own_store();
            let is_known = scalar(
                "SELECT EXISTS (SELECT 1 FROM agency_record
                    WHERE kind = 'victim' AND key BETWEEN $1 AND $2)
                 OR EXISTS (SELECT 1 FROM agency_record WHERE person = $3)
                 OR EXISTS (SELECT 1 FROM order_entered WHERE record = 'victim' AND record_id = $4)",
            )
            .bind(format!("{victim}\u{1f}"))
            .bind(format!("{victim}\u{1f}\u{10ffff}"))
            .bind(victim)
            .bind(&ids.id(RecordKind::Victim, &release.victim).0[..])
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
    /// [`StoreError::DamagedRow`], [`StoreError::Database`].
    pub async fn releases(&self, scope: &Scope) -> Result<Vec<Release>, StoreError> {
        let rows = query("SELECT * FROM release ORDER BY victim, recipient, signed_on")
            .fetch_all(&mut self.read(scope, Permission::ReadOwnRecords).await?)
            .await?;
        rows.iter()
            .map(|row| {
                let columns = Columns::of("release", "id", row)?;
                Ok(Release {
                    victim: Personal::new(columns.text("victim")?),
                    recipient: columns.text("recipient")?,
                    purpose: columns.text("purpose")?,
                    signed_on: columns.day("signed_on")?,
                    expires_on: columns.day("expires_on")?,
                    revoked_on: columns.optional_day("revoked_on")?,
                })
            })
            .collect()
    }
}
