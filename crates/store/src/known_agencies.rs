//! The agencies whose cards the clearinghouse has accepted.
//!
//! In: a card that somebody has checked, by voice, by its fingerprint. Out: the card that stands
//! for a code, and every earlier one.

use jiff::Timestamp;
use serde::Serialize;

use crate::audit::{self, Subject};
use crate::columns::Columns;
use crate::database::{Row, Transaction, query, scalar};
use crate::world::expect_same_world;
use crate::{Permission, Scope, Store, StoreError};

/// What an agency's card says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NewAgency {
    /// Its code in the state.
    pub code: String,
    /// The card, as it came.
    pub card: String,
    /// The fingerprint of its public keys.
    pub fingerprint: String,
    /// What it is in law: a code of `legal_entities.csv`.
    pub legal_entity: String,
    /// Its name.
    pub label: String,
    /// The task force that it belongs to, by code.
    pub task_force: Option<String>,
    /// Its county, by code.
    pub county: Option<String>,
    /// How many days its quarters start after the state's.
    pub calendar_offset_days: i64,
    /// Whether everything it sends is made up.
    pub practice: bool,
}

/// What became of a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AgencyAccepted {
    /// No card stood for that code.
    New,
    /// It takes the place of another one.
    Replaced,
    /// It stands already; nothing has changed.
    Already,
}

/// The state of a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CardState {
    /// It stands.
    Accepted,
    /// Another one has taken its place.
    Replaced,
    /// Nothing is taken from the agency any more.
    Forgotten,
}

impl CardState {
    fn from_word(word: &str) -> Option<CardState> {
        match word {
            "accepted" => Some(CardState::Accepted),
            "replaced" => Some(CardState::Replaced),
            "forgotten" => Some(CardState::Forgotten),
            _ => None,
        }
    }
}

/// An agency whose card was accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KnownAgency {
    /// What its card says.
    pub agency: NewAgency,
    /// When it was accepted (UTC).
    pub accepted_at: String,
    /// By whom.
    pub accepted_by: String,
}

impl Store {
    /// Accepts a card; an earlier one of the same code is kept as replaced.
    ///
    /// # Errors
    ///
    /// [`StoreError::AgencyFixed`] when the practice mark would change and submissions are in;
    /// [`StoreError::Database`].
    pub async fn accept_agency(
        &self,
        scope: &Scope,
        agency: &NewAgency,
        why: &str,
        at: Timestamp,
    ) -> Result<AgencyAccepted, StoreError> {
        let mut transaction = self.change(scope, Permission::ManageAgencies).await?;
        let before = standing(&mut transaction, &agency.code).await?;
        if before.as_ref().is_some_and(|(_, known)| known.agency == *agency) {
            return Ok(AgencyAccepted::Already);
        }
        expect_same_practice(&mut transaction, agency).await?;
        expect_same_world(&mut transaction, &agency.code, agency.practice).await?;
        if let Some((id, _)) = &before {
            set_state(&mut transaction, *id, "replaced").await?;
        }
        let id = insert(&mut transaction, agency, scope, at).await?;
        audit::write(&mut transaction, (Subject::KnownAgency, id), "accepted", scope, at, why)
            .await?;
        transaction.commit().await?;
        Ok(if before.is_some() { AgencyAccepted::Replaced } else { AgencyAccepted::New })
    }

    /// Takes nothing more from an agency. What it has sent stays.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoSuchAgency`], [`StoreError::Database`].
    pub async fn forget_agency(
        &self,
        scope: &Scope,
        code: &str,
        why: &str,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut transaction = self.change(scope, Permission::ManageAgencies).await?;
        let (id, _) = standing(&mut transaction, code)
            .await?
            .ok_or_else(|| StoreError::NoSuchAgency(code.to_owned()))?;
        set_state(&mut transaction, id, "forgotten").await?;
        let subject = (Subject::KnownAgency, id);
        audit::write(&mut transaction, subject, "forgotten", scope, at, why).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Every agency whose card stands, by code.
    ///
    /// # Errors
    ///
    /// [`StoreError::Database`].
    pub async fn agencies(&self, scope: &Scope) -> Result<Vec<KnownAgency>, StoreError> {
        let rows = query("SELECT * FROM known_agency WHERE state = 'accepted' ORDER BY code")
            .fetch_all(&mut self.read(scope, Permission::ReadAgencies).await?)
            .await?;
        rows.iter().map(read).collect()
    }

    /// Every card that was ever accepted for a code, in order.
    ///
    /// # Errors
    ///
    /// [`StoreError::DamagedRow`], [`StoreError::Database`].
    pub async fn agency_cards(
        &self,
        scope: &Scope,
        code: &str,
    ) -> Result<Vec<(KnownAgency, CardState)>, StoreError> {
        let rows = query("SELECT * FROM known_agency WHERE code = $1 ORDER BY id")
            .bind(code)
            .fetch_all(&mut self.read(scope, Permission::ReadAgencies).await?)
            .await?;
        rows.iter()
            .map(|row| {
                let columns = Columns::of("known_agency", "id", row)?;
                Ok((read(row)?, columns.word("state", CardState::from_word)?))
            })
            .collect()
    }

    /// The card that stands for a code.
    ///
    /// # Errors
    ///
    /// [`StoreError::Database`].
    pub async fn agency_card(
        &self,
        scope: &Scope,
        code: &str,
    ) -> Result<Option<String>, StoreError> {
        let card = scalar("SELECT card FROM known_agency WHERE code = $1 AND state = 'accepted'")
            .bind(code)
            .fetch_optional(&mut self.read(scope, Permission::ReadAgencies).await?)
            .await?;
        Ok(card)
    }
}

/// The card that stands for a code, with its number.
pub(crate) async fn standing(
    transaction: &mut Transaction,
    code: &str,
) -> Result<Option<(i64, KnownAgency)>, StoreError> {
    let row = query("SELECT * FROM known_agency WHERE code = $1 AND state = 'accepted'")
        .bind(code)
        .fetch_optional(transaction)
        .await?;
    row.map(|row| Ok((Columns::of("known_agency", "id", &row)?.number(), read(&row)?))).transpose()
}

fn read(row: &Row) -> Result<KnownAgency, StoreError> {
    let columns = Columns::of("known_agency", "id", row)?;
    Ok(KnownAgency {
        agency: NewAgency {
            code: columns.text("code")?,
            card: columns.text("card")?,
            fingerprint: columns.text("fingerprint")?,
            legal_entity: columns.text("legal_entity")?,
            label: columns.text("label")?,
            task_force: columns.optional_text("task_force")?,
            county: columns.optional_text("county")?,
            calendar_offset_days: columns.integer("calendar_offset_days")?,
            practice: columns.flag("practice")?,
        },
        accepted_at: columns.text("accepted_at")?,
        accepted_by: columns.text("accepted_by")?,
    })
}

/// Made-up figures and real ones never meet under one code.
async fn expect_same_practice(
    transaction: &mut Transaction,
    agency: &NewAgency,
) -> Result<(), StoreError> {
    let differs: bool =
        scalar("SELECT EXISTS (SELECT 1 FROM received_file WHERE agency = $1 AND practice <> $2)")
            .bind(&agency.code)
            .bind(agency.practice)
            .fetch_one(transaction)
            .await?;
    if differs {
        return Err(StoreError::AgencyFixed {
            what: "practice mark",
            because: "submissions came in under it",
        });
    }
    Ok(())
}

async fn set_state(transaction: &mut Transaction, id: i64, state: &str) -> Result<(), StoreError> {
    query("UPDATE known_agency SET state = $1 WHERE id = $2")
        .bind(state)
        .bind(id)
        .execute(transaction)
        .await?;
    Ok(())
}

async fn insert(
    transaction: &mut Transaction,
    agency: &NewAgency,
    scope: &Scope,
    at: Timestamp,
) -> Result<i64, StoreError> {
    let id = scalar(
        "INSERT INTO known_agency (code, card, fingerprint, legal_entity, label, task_force,
            county, calendar_offset_days, practice, state, accepted_at, accepted_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'accepted', $10, $11) RETURNING id",
    )
    .bind(&agency.code)
    .bind(&agency.card)
    .bind(&agency.fingerprint)
    .bind(&agency.legal_entity)
    .bind(&agency.label)
    .bind(&agency.task_force)
    .bind(&agency.county)
    .bind(agency.calendar_offset_days)
    .bind(agency.practice)
    .bind(at.to_string())
    .bind(scope.who())
    .fetch_one(transaction)
    .await?;
    Ok(id)
}
