//! Two officers let somebody read for some hours; everybody sees it.
//!
//! In: a member of the agency who must read what she was not let in to, with the reason. Out: after two
//! administrators have handed over, a grant that ends by itself. While it is open, and for a week after,
//! it stands on the pages of every colleague.

use jiff::{SignedDuration, Timestamp};
use sealing::RequestId;
use serde::Serialize;

use super::EMERGENCY;
use super::compartments::{self, CompartmentName};
use crate::accounts::sessions::Session;
use crate::audit::{self, Subject};
use crate::database::{Transaction, query, scalar};
use crate::{Permission, Scope, Store, StoreError};

/// For how long an emergency is shown to everybody.
const SHOWN: SignedDuration = SignedDuration::from_hours(7 * 24);

/// An emergency, as everybody of the agency sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Emergency {
    /// Who asked.
    pub name: String,
    /// What she reads.
    pub compartment: CompartmentName,
    /// Why.
    pub why: String,
    /// When she asked (UTC).
    pub asked_at: String,
    /// Until when she reads (UTC); nothing while officers have not handed over.
    pub until: Option<String>,
}

impl Store {
    /// Asks to read, for four hours, what the member was not let in to. Asked again, or by
    /// somebody who reads it anyway, it changes nothing.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotPermitted`], also for administrators and auditors, who have no content;
    /// [`StoreError::NoKeyToCompartment`] when the agency has none of that name;
    /// [`StoreError::Database`].
    pub async fn ask_in_emergency(
        &self,
        session: &Session,
        name: CompartmentName,
        why: &str,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let scope = session.scope();
        let mut transaction = self.change(scope, Permission::AskInEmergency).await?;
        let compartment = compartments::number(&mut transaction, scope.agency(), name).await?;
        let open: Option<i64> = scalar(
            "SELECT member_id FROM recovery_request
             WHERE member_id = $1 AND compartment_id = $2 AND done_at IS NULL
             UNION SELECT member_id FROM compartment_grant
             WHERE member_id = $1 AND compartment_id = $2 AND until IS NULL",
        )
        .bind(session.member().0)
        .bind(compartment)
        .fetch_optional(&mut transaction)
        .await?;
        if open.is_some() {
            return Ok(());
        }
        query(
            "INSERT INTO recovery_request
                (id, member_id, compartment_id, public_key, emergency, asked_at)
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(&RequestId::generate()?.bytes()[..])
        .bind(session.member().0)
        .bind(compartment)
        .bind(session.key().public().to_bytes())
        .bind(why)
        .bind(at.to_string())
        .execute(&mut transaction)
        .await?;
        let subject = (Subject::Compartment, compartment);
        audit::write(&mut transaction, subject, "emergency_asked", scope, at, why).await?;
        transaction.commit().await?;
        Ok(())
    }
}

/// The emergencies of the scope's agency that wait, or began in the last week, newest first. Every member
/// sees them. One that did not begin within a day is over.
pub(super) async fn shown(
    moment: &mut Transaction,
    scope: &Scope,
    at: Timestamp,
) -> Result<Vec<Emergency>, StoreError> {
    let rows = query(
        "SELECT member.name AS member_name, compartment.name AS compartment_name,
            emergency, asked_at, done_at
         FROM recovery_request
         JOIN member ON member.id = recovery_request.member_id
         JOIN compartment ON compartment.id = recovery_request.compartment_id
         WHERE emergency IS NOT NULL AND (done_at IS NULL OR done_at > $1)
            AND ($2 = '*' OR compartment.agency = $2)
         ORDER BY asked_at DESC, recovery_request.id",
    )
    .bind((at - SHOWN).to_string())
    .bind(scope.agency().unwrap_or("*"))
    .fetch_all(moment)
    .await?;
    let damaged = |what| StoreError::DamagedRow { table: "recovery_request", id: 0, what };
    rows.iter()
        .map(|row| {
            let done: Option<&str> = row.try_get("done_at")?;
            let done: Option<Timestamp> = done
                .map(|text| text.parse().map_err(|_| damaged("a time that is none")))
                .transpose()?;
            Ok(Emergency {
                name: row.try_get("member_name")?,
                compartment: CompartmentName::from_word(row.try_get("compartment_name")?)
                    .ok_or_else(|| damaged("a compartment that is none"))?,
                why: row.try_get("emergency")?,
                asked_at: row.try_get("asked_at")?,
                until: done.map(|done| (done + EMERGENCY).to_string()),
            })
        })
        .collect()
}
