//! The signed disclosure modes of an agency.
//!
//! In: modes that were signed, and that one is revoked. Out: the modes that stand. Nothing is
//! deleted. A revoked mode ends the older ones of its kind of record and recipient too: what
//! follows is totals only, never an older paper.

use jiff::Timestamp;
use jiff::civil::Date;
use records::disclosure::{DisclosureMode, Mode};
use records::record::{Code, RecordKind};
use records::register::Kind;
use serde::Serialize;

use crate::audit::{self, Subject};
use crate::columns::Columns;
use crate::database::{Transaction, query, scalar};
use crate::{Act, Permission, Scope, Store, StoreError, agency};

/// A disclosure mode as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StoredMode {
    /// Its number.
    pub id: i64,
    /// The kind of record.
    pub record: RecordKind,
    /// Who receives.
    pub recipient: String,
    /// How far records leave.
    pub mode: Mode,
    /// The basis cited: a code of `legal_bases.csv`.
    pub basis: String,
    /// Who signed it.
    pub signatory: String,
    /// When.
    pub signed_on: Date,
    /// Its last day.
    pub expires_on: Date,
    /// When it was revoked (UTC).
    pub revoked_at: Option<String>,
    /// What was done to it, in order.
    pub acts: Vec<Act>,
}

impl Store {
    /// Adds signed modes; how many were not there. The same again adds nothing, revoked or not.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoAgency`]; [`StoreError::ModeNotOpen`] when the law does not open one to
    /// this agency; [`StoreError::Database`].
    pub async fn add_modes(
        &self,
        scope: &Scope,
        modes: &[DisclosureMode],
        at: Timestamp,
    ) -> Result<u64, StoreError> {
        let mut transaction = self.change(scope, Permission::SignPapers).await?;
        let agency = agency::read(&mut transaction).await?.ok_or(StoreError::NoAgency)?;
        let mut added = 0;
        for mode in modes {
            // Checked again: the mode may have been made for another entity.
            signed_by(agency.legal_entity, mode).map_err(StoreError::ModeNotOpen)?;
            let insert: Option<i64> = scalar(
                "INSERT INTO disclosure_mode
                    (record, recipient, mode, basis, signatory, signed_on, expires_on)
                 VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING RETURNING id",
            )
            .bind(mode.record().as_str())
            .bind(mode.recipient())
            .bind(mode.mode().as_str())
            .bind(mode.basis().as_str())
            .bind(mode.signatory())
            .bind(mode.signed_on().to_string())
            .bind(mode.expires_on().to_string())
            .fetch_optional(&mut transaction)
            .await?;
            if let Some(id) = insert {
                added += 1;
                audit::write(&mut transaction, (Subject::Mode, id), "added", scope, at, "signed")
                    .await?;
            }
        }
        transaction.commit().await?;
        Ok(added)
    }

    /// Revokes a mode.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoSuchMode`] when there is none, or it is revoked already;
    /// [`StoreError::Database`].
    pub async fn revoke_mode(
        &self,
        scope: &Scope,
        id: i64,
        why: &str,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut transaction = self.change(scope, Permission::SignPapers).await?;
        let update = query(
            "UPDATE disclosure_mode SET revoked_at = $1 WHERE id = $2 AND revoked_at IS NULL",
        )
        .bind(at.to_string())
        .bind(id)
        .execute(&mut transaction)
        .await?;
        if update == 0 {
            return Err(StoreError::NoSuchMode(id));
        }
        audit::write(&mut transaction, (Subject::Mode, id), "revoked", scope, at, why).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Every mode that was ever signed, in the order in which they were added.
    ///
    /// # Errors
    ///
    /// [`StoreError::DamagedRow`], [`StoreError::Database`].
    pub async fn modes(&self, scope: &Scope) -> Result<Vec<StoredMode>, StoreError> {
        let mut connection = self.read(scope, Permission::ReadOwnAgency).await?;
        read(&mut connection).await
    }

    /// The modes that stand, as [`records::disclosure::Disclosure::on`] wants them: those that no
    /// revoked mode of the same kind of record and recipient, signed on the same day or later, has
    /// ended.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoAgency`] when modes were signed and no agency is set;
    /// [`StoreError::ModeClosed`] when today's definitions do not open one any more;
    /// [`StoreError::DamagedRow`], [`StoreError::Database`].
    pub async fn standing_modes(&self, scope: &Scope) -> Result<Vec<DisclosureMode>, StoreError> {
        let mut connection = self.read(scope, Permission::ReadOwnAgency).await?;
        let modes = read(&mut connection).await?;
        let agency = agency::read(&mut connection).await?;
        let mut standing = Vec::new();
        for mode in modes.iter().filter(|mode| !is_ended(mode, &modes)) {
            let entity = agency.as_ref().ok_or(StoreError::NoAgency)?.legal_entity;
            standing.push(restored(mode, entity)?);
        }
        Ok(standing)
    }
}

fn is_ended(mode: &StoredMode, modes: &[StoredMode]) -> bool {
    modes.iter().any(|other| {
        other.revoked_at.is_some()
            && (other.record, &other.recipient) == (mode.record, &mode.recipient)
            && (other.signed_on, other.id) >= (mode.signed_on, mode.id)
    })
}

fn signed_by(
    entity: Code,
    mode: &DisclosureMode,
) -> Result<DisclosureMode, Vec<records::disclosure::ModeProblem>> {
    DisclosureMode::new(
        entity,
        mode.record(),
        mode.recipient(),
        mode.mode(),
        mode.basis(),
        mode.signatory(),
        mode.signed_on(),
        mode.expires_on(),
    )
}

fn restored(mode: &StoredMode, entity: Code) -> Result<DisclosureMode, StoreError> {
    let basis = Code::get(Kind::LegalBasis, &mode.basis).ok_or(StoreError::DamagedRow {
        table: "disclosure_mode",
        id: mode.id,
        what: "a basis that means nothing",
    })?;
    DisclosureMode::new(
        entity,
        mode.record,
        &mode.recipient,
        mode.mode,
        basis,
        &mode.signatory,
        mode.signed_on,
        mode.expires_on,
    )
    .map_err(|problems| StoreError::ModeClosed { id: mode.id, problems })
}

async fn read(connection: &mut Transaction) -> Result<Vec<StoredMode>, StoreError> {
    let rows = query("SELECT * FROM disclosure_mode ORDER BY id").fetch_all(connection).await?;
    let acts = audit::of(connection, Subject::Mode).await?;
    let mut modes = Vec::with_capacity(rows.len());
    for row in &rows {
        let columns = Columns::of("disclosure_mode", "id", row)?;
        modes.push(StoredMode {
            id: columns.number(),
            record: columns.kind("record")?,
            recipient: columns.text("recipient")?,
            mode: columns.word("mode", Mode::from_word)?,
            basis: columns.text("basis")?,
            signatory: columns.text("signatory")?,
            signed_on: columns.day("signed_on")?,
            expires_on: columns.day("expires_on")?,
            revoked_at: columns.optional_text("revoked_at")?,
            acts: audit::on(&acts, columns.number()),
        });
    }
    Ok(modes)
}
