//! What an agency sent by mail, entered for it by the collector.
//!
//! In: a checked return, as the collector received it. Out: a filing that waits, first for the agency's
//! commander, who confirms that it is what the agency sent or says what is wrong with it, and only then
//! for the collector.

use jiff::Timestamp;
use records::Quarter;

use super::{Filing, expect_own, waiting};
use crate::accounts::{agencies, joining};
use crate::audit::{self, Subject};
use crate::database::{Transaction, query, scalar};
use crate::{NewReturn, Permission, Scope, Store, StoreError};

impl Store {
    /// The codes of the agencies that may file, for whoever enters something for them.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotPermitted`], [`StoreError::Database`].
    pub async fn agencies_that_file(&self, scope: &Scope) -> Result<Vec<String>, StoreError> {
        let rows = query(
            "SELECT code FROM agency WHERE left_at IS NULL AND clearinghouse = 0 ORDER BY code",
        )
        .fetch_all(&mut self.read(scope, Permission::AcceptReturns).await?)
        .await?;
        rows.iter().map(|row| Ok(row.try_get("code")?)).collect()
    }

    /// Enters what came by mail. Returns its number.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoSuchAgencyHere`], [`StoreError::NotLive`]; [`StoreError::OtherReturn`] when `new` speaks of another agency or
    /// quarter; [`StoreError::FilingWaits`] while an earlier one waits; [`StoreError::NotPermitted`],
    /// [`StoreError::Database`].
    pub async fn receive_filing(
        &self,
        scope: &Scope,
        (agency, quarter): (&str, Quarter),
        (csv, new): (&str, &NewReturn),
        at: Timestamp,
    ) -> Result<i64, StoreError> {
        let mut transaction = self.change(scope, Permission::AcceptReturns).await?;
        agencies::number(&mut transaction, agency).await?;
        joining::expect_live(&mut transaction, agency).await?;
        expect_own((agency, &quarter.to_string()), new)?;
        let id: Option<i64> = scalar(
            "INSERT INTO filing
                (agency, quarter, csv, digest, signed_by, signed_at, received_by, state)
             VALUES ($1, $2, $3, $4, $5, $6, $5, 'waiting') ON CONFLICT DO NOTHING RETURNING id",
        )
        .bind(agency)
        .bind(quarter.to_string())
        .bind(csv)
        .bind(blake3::hash(csv.as_bytes()).to_hex().to_string())
        .bind(scope.who())
        .bind(at.to_string())
        .fetch_optional(&mut transaction)
        .await?;
        let id = id.ok_or(StoreError::FilingWaits)?;
        let why = format!("{agency} {quarter}, by mail");
        audit::write(&mut transaction, (Subject::Filing, id), "received", scope, at, &why).await?;
        transaction.commit().await?;
        Ok(id)
    }

    /// The agency's commander confirms that what came by mail is what the agency sent.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoSuchFiling`] when nothing of this number waits for this agency's commander;
    /// [`StoreError::NotPermitted`], [`StoreError::Database`].
    pub async fn confirm_filing(
        &self,
        scope: &Scope,
        id: i64,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut transaction = self.change(scope, Permission::SignReturns).await?;
        expect_to_confirm(&mut transaction, scope, id).await?;
        query("UPDATE filing SET confirmed_by = $1, confirmed_at = $2 WHERE id = $3")
            .bind(scope.who())
            .bind(at.to_string())
            .bind(id)
            .execute(&mut transaction)
            .await?;
        audit::write(&mut transaction, (Subject::Filing, id), "confirmed", scope, at, "").await?;
        transaction.commit().await?;
        Ok(())
    }

    /// The agency's commander says that what came by mail is not what the agency sent, and why; it waits no
    /// more.
    ///
    /// # Errors
    ///
    /// Those of [`Store::confirm_filing`].
    pub async fn dispute_filing(
        &self,
        scope: &Scope,
        id: i64,
        why: &str,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut transaction = self.change(scope, Permission::SignReturns).await?;
        expect_to_confirm(&mut transaction, scope, id).await?;
        query(
            "UPDATE filing SET state = 'returned', question = $1, decided_by = $2, decided_at = $3
             WHERE id = $4",
        )
        .bind(why)
        .bind(scope.who())
        .bind(at.to_string())
        .bind(id)
        .execute(&mut transaction)
        .await?;
        audit::write(&mut transaction, (Subject::Filing, id), "disputed", scope, at, why).await?;
        transaction.commit().await?;
        Ok(())
    }
}

/// What waits for the commander of the scope's own agency.
async fn expect_to_confirm(
    transaction: &mut Transaction,
    scope: &Scope,
    id: i64,
) -> Result<Filing, StoreError> {
    let filing = waiting(transaction, id).await?;
    match filing.awaits_its_agency() && scope.agency() == Some(filing.agency.as_str()) {
        true => Ok(filing),
        false => Err(StoreError::NoSuchFiling(id)),
    }
}
