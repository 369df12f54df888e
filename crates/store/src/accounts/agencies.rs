//! The agencies whose members sign in here.
//!
//! In: code, name, legal entity, county. Out: a row that everything of the agency hangs on. Police and
//! prosecutors are never on one installation with victim-service providers: they have files of their
//! own and no administrator in common. Practice agencies, which are made up, may meet.

use jiff::Timestamp;
use sealing::Suite;
use serde::Serialize;

use crate::audit::{self, Subject};
use crate::database::{Row, Transaction, query, scalar};
use crate::world::expect_same_world;
use crate::{Permission, Scope, Store, StoreError};

/// An agency that joins.
#[derive(Debug, Clone)]
pub struct NewAgencyHere {
    /// Its code: lower-case letters, digits and hyphens.
    pub code: String,
    /// Its name.
    pub label: String,
    /// Code of `definitions/legal_entities.csv`.
    pub legal_entity: String,
    /// Code of its county, where it has one.
    pub county: Option<String>,
    /// Whether it is the one that counts for the state: its collectors, analysts, reviewers and
    /// publishers see what others have sent.
    pub clearinghouse: bool,
    /// Whether it is made up, for practice.
    pub practice: bool,
}

/// An agency whose members sign in here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct JoinedAgency {
    /// Its number.
    pub id: i64,
    /// Its code.
    pub code: String,
    /// Its name.
    pub label: String,
    /// Code of `definitions/legal_entities.csv`.
    pub legal_entity: String,
    /// Code of its county.
    pub county: Option<String>,
    /// Whether it is the one that counts for the state.
    pub clearinghouse: bool,
    /// Whether it is made up, for practice.
    pub practice: bool,
    /// When it joined (UTC).
    pub added_at: String,
    /// From when on its returns are real (UTC); nothing before, and of one that is made up.
    pub live_at: Option<String>,
    /// When it left (UTC).
    pub left_at: Option<String>,
}

/// On which side of the wall a legal entity stands; others stand on neither.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    CriminalJustice,
    Provider,
    Neither,
}

impl Side {
    fn of(legal_entity: &str) -> Side {
        match legal_entity {
            "police" | "prosecutor" => Side::CriminalJustice,
            "covered_provider" | "hotline" => Side::Provider,
            _ => Side::Neither,
        }
    }
}

/// With what the text of an agency is encrypted: criminal-justice information with AES-256 (CJIS
/// Security Policy 5.9.5, §5.10.1.2).
pub(super) fn suite(legal_entity: &str) -> Suite {
    match Side::of(legal_entity) {
        Side::CriminalJustice => Suite::Aes256Gcm,
        Side::Provider | Side::Neither => Suite::ChaCha20Poly1305,
    }
}

impl Store {
    /// Lets an agency in.
    ///
    /// # Errors
    ///
    /// [`StoreError::AgencyThere`], also for a second clearinghouse; [`StoreError::OtherSide`], [`StoreError::NotPermitted`],
    /// [`StoreError::Database`].
    pub async fn add_agency(
        &self,
        scope: &Scope,
        new: &NewAgencyHere,
        at: Timestamp,
    ) -> Result<i64, StoreError> {
        let mut transaction = self.change(scope, Permission::ManageInstallation).await?;
        let of = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if new.code.is_empty() || !new.code.chars().all(of) {
            return Err(StoreError::AgencyCode(new.code.clone()));
        }
        let others = all(&mut transaction).await?;
        if others.iter().any(|other| other.code == new.code) {
            return Err(StoreError::AgencyThere(new.code.clone()));
        }
        if let Some(other) = others.iter().find(|other| other.clearinghouse && new.clearinghouse) {
            return Err(StoreError::AgencyThere(other.code.clone()));
        }
        expect_same_world(&mut transaction, &new.code, new.practice).await?;
        // The clearinghouse holds no names. What an agency leaves behind when it goes still stands here.
        let side_of = |entity: &str, clearinghouse: bool| match clearinghouse {
            true => Side::Neither,
            false => Side::of(entity),
        };
        let side = side_of(&new.legal_entity, new.clearinghouse);
        let own = query("SELECT code, legal_entity, practice FROM agency_self")
            .fetch_optional(&mut transaction)
            .await?;
        let own = own.map(|row| -> Result<_, StoreError> {
            let entity: &str = row.try_get("legal_entity")?;
            Ok((row.try_get("code")?, Side::of(entity), row.try_get("practice")?))
        });
        let theirs = others.into_iter().map(|other| {
            (other.code, side_of(&other.legal_entity, other.clearinghouse), other.practice)
        });
        let mut here: Vec<(String, Side, bool)> = theirs.collect();
        here.extend(own.transpose()?);
        let across = here.into_iter().find(|(_, theirs, practice)| {
            let meet = *theirs != side && *theirs != Side::Neither && side != Side::Neither;
            meet && !(*practice && new.practice)
        });
        if let Some((other, ..)) = across {
            return Err(StoreError::OtherSide { code: new.code.clone(), other });
        }
        let id: i64 = scalar(
            "INSERT INTO agency
                (code, label, legal_entity, county, practice, added_at, clearinghouse)
             VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id",
        )
        .bind(&new.code)
        .bind(&new.label)
        .bind(&new.legal_entity)
        .bind(&new.county)
        .bind(new.practice)
        .bind(at.to_string())
        .bind(new.clearinghouse)
        .fetch_one(&mut transaction)
        .await?;
        audit::write(&mut transaction, (Subject::Joined, id), "joined", scope, at, &new.code)
            .await?;
        transaction.commit().await?;
        Ok(id)
    }

    /// The agencies whose members sign in here, by code.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotPermitted`], [`StoreError::Database`].
    pub async fn joined_agencies(&self, scope: &Scope) -> Result<Vec<JoinedAgency>, StoreError> {
        all(&mut self.read(scope, Permission::ReadMembers).await?).await
    }
}

/// Every agency, also one that has left, by code.
pub(super) async fn all(transaction: &mut Transaction) -> Result<Vec<JoinedAgency>, StoreError> {
    let rows = query("SELECT * FROM agency ORDER BY code").fetch_all(transaction).await?;
    rows.iter().map(read).collect()
}

/// The number of an agency that belongs to this installation, whoever asks.
pub(crate) async fn number(transaction: &mut Transaction, code: &str) -> Result<i64, StoreError> {
    let id: Option<i64> = scalar("SELECT id FROM agency WHERE code = $1 AND left_at IS NULL")
        .bind(code)
        .fetch_optional(transaction)
        .await?;
    id.ok_or_else(|| StoreError::NoSuchAgencyHere(code.to_owned()))
}

/// An agency that has not left, and that the scope is of.
pub(super) async fn find(
    transaction: &mut Transaction,
    scope: &Scope,
    code: &str,
) -> Result<JoinedAgency, StoreError> {
    let row = query("SELECT * FROM agency WHERE code = $1 AND left_at IS NULL")
        .bind(code)
        .fetch_optional(transaction)
        .await?;
    let within = scope.agency().is_none_or(|own| own == code);
    match row {
        Some(row) if within => read(&row),
        _ => Err(StoreError::NoSuchAgencyHere(code.to_owned())),
    }
}

/// An agency as its row says.
pub(super) fn read(row: &Row) -> Result<JoinedAgency, StoreError> {
    Ok(JoinedAgency {
        id: row.try_get("id")?,
        code: row.try_get("code")?,
        label: row.try_get("label")?,
        legal_entity: row.try_get("legal_entity")?,
        county: row.try_get("county")?,
        clearinghouse: row.try_get("clearinghouse")?,
        practice: row.try_get("practice")?,
        added_at: row.try_get("added_at")?,
        live_at: row.try_get("live_at")?,
        left_at: row.try_get("left_at")?,
    })
}
