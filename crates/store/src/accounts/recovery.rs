//! Two officers give a member back what she could read.
//!
//! In: a member who has lost her passphrase and accepted a new invitation. Out: her old compartments, under
//! her new key, after two administrators of her agency have each handed her their half. Neither half says
//! anything, and neither officer reads the text.

use jiff::Timestamp;
use sealing::{HandedShare, MemberId, MemberPublicKey, RecoveryRequest, RequestId, SealedShare};
use serde::Serialize;

use super::EMERGENCY;
use super::compartments::{self, CompartmentName};
use crate::accounts::sessions::Session;
use crate::audit::{self, Subject, hex};
use crate::database::{Row, Transaction, query};
use crate::{Permission, Scope, Store, StoreError};

/// A member who waits for two officers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OpenRecovery {
    /// The number of the request, in hexadecimal.
    pub id: String,
    /// Who asks.
    pub name: String,
    /// What she asks for.
    pub compartment: CompartmentName,
    /// The fingerprint of her new key: ask her for it, by telephone or face to face.
    pub fingerprint: String,
    /// Why she must read for some hours what she could not before; nothing when she lost her key.
    pub emergency: Option<String>,
    /// When she asked (UTC).
    pub asked_at: String,
    /// The officers who have handed over.
    pub handed: Vec<String>,
}

/// A request as it is kept.
struct Kept {
    request: RecoveryRequest,
    compartment: i64,
    name: CompartmentName,
    agency: String,
    member: String,
    emergency: Option<String>,
    asked_at: String,
}

impl Store {
    /// The requests of the scope's agency that still wait.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotPermitted`], [`StoreError::Sealing`], [`StoreError::Database`].
    pub async fn open_recoveries(&self, scope: &Scope) -> Result<Vec<OpenRecovery>, StoreError> {
        let mut moment = self.read(scope, Permission::ReadMembers).await?;
        let mut found = Vec::new();
        for kept in open(&mut moment).await? {
            if scope.agency().is_some_and(|own| own != kept.agency) {
                continue;
            }
            let rows = query(
                "SELECT DISTINCT member.name FROM recovery_hand
                 JOIN member ON member.id = recovery_hand.officer_id
                 WHERE request_id = $1 ORDER BY member.name",
            )
            .bind(&kept.request.id().bytes()[..])
            .fetch_all(&mut moment)
            .await?;
            let handed = rows.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?;
            found.push(OpenRecovery {
                id: hex(kept.request.id().bytes()),
                name: kept.member,
                compartment: kept.name,
                fingerprint: kept.request.member().fingerprint().to_string(),
                emergency: kept.emergency,
                asked_at: kept.asked_at,
                handed,
            });
        }
        Ok(found)
    }

    /// Hands an officer's halves over to a member whose fingerprint she has compared with her.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoSuchRecovery`] when there is no such request, the officer holds no share for it,
    /// or the fingerprint is another; [`StoreError::NotPermitted`], [`StoreError::Recovery`],
    /// [`StoreError::Database`].
    pub async fn hand_over(
        &self,
        session: &Session,
        request: &str,
        fingerprint: &str,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let scope = session.scope();
        let mut transaction = self.change(scope, Permission::ManageMembers).await?;
        let kept = open(&mut transaction)
            .await?
            .into_iter()
            .find(|kept| {
                hex(kept.request.id().bytes()) == request
                    && kept.request.member().fingerprint().to_string() == fingerprint
                    && scope.agency().is_none_or(|own| own == kept.agency)
            })
            .ok_or(StoreError::NoSuchRecovery)?;
        let shares = query(
            "SELECT sealed FROM recovery_share WHERE compartment_id = $1 AND officer_id = $2",
        )
        .bind(kept.compartment)
        .bind(session.member().0)
        .fetch_all(&mut transaction)
        .await?;
        if shares.is_empty() {
            return Err(StoreError::NoSuchRecovery);
        }
        for row in &shares {
            let share = SealedShare::from_bytes(row.try_get(0)?)?;
            let handed = share.hand_over(session.key(), &kept.request)?;
            query(
                "INSERT INTO recovery_hand (request_id, officer_id, other_id, sealed)
                 VALUES ($1, $2, $3, $4)
                 ON CONFLICT (request_id, officer_id, other_id) DO UPDATE SET
                    sealed = excluded.sealed",
            )
            .bind(&kept.request.id().bytes()[..])
            .bind(share.officer().0)
            .bind(share.other_officer().0)
            .bind(handed.to_bytes())
            .execute(&mut transaction)
            .await?;
        }
        let (subject, why) = ((Subject::Compartment, kept.compartment), kept.member);
        audit::write(&mut transaction, subject, "handed_over", scope, at, &why).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Takes back every compartment for which two officers have handed over. Returns which.
    ///
    /// # Errors
    ///
    /// [`StoreError::Sealing`] for damaged rows; [`StoreError::Database`].
    pub async fn take_back(
        &self,
        session: &Session,
        at: Timestamp,
    ) -> Result<Vec<CompartmentName>, StoreError> {
        let mut transaction = self.door().await?;
        let mut back = Vec::new();
        for kept in open(&mut transaction).await? {
            if kept.request.member() != session.key().public() {
                continue;
            }
            let rows = query("SELECT sealed FROM recovery_hand WHERE request_id = $1")
                .bind(&kept.request.id().bytes()[..])
                .fetch_all(&mut transaction)
                .await?;
            let mut handed = Vec::with_capacity(rows.len());
            for row in &rows {
                handed.push(HandedShare::from_bytes(row.try_get(0)?)?);
            }
            let pairs = handed.iter().enumerate().flat_map(|(at, one)| {
                let of_pair = |two: &&HandedShare| {
                    two.officer() == one.other_officer() && two.other_officer() == one.officer()
                };
                handed[at + 1..].iter().filter(of_pair).map(move |two| (one, two))
            });
            // Halves of different generations do not fit, nor does a false one; others may.
            let fits = |(one, two)| kept.request.combine(session.key(), one, two).ok();
            let Some(key) = pairs.filter_map(fits).next() else { continue };
            let until = kept.emergency.as_ref().map(|_| at + EMERGENCY);
            compartments::grant_to(&mut transaction, &key, session, until).await?;
            let id = kept.request.id();
            query("UPDATE recovery_request SET done_at = $1 WHERE id = $2")
                .bind(at.to_string())
                .bind(&id.bytes()[..])
                .execute(&mut transaction)
                .await?;
            query("DELETE FROM recovery_hand WHERE request_id = $1")
                .bind(&id.bytes()[..])
                .execute(&mut transaction)
                .await?;
            let (subject, scope) = ((Subject::Compartment, kept.compartment), session.scope());
            let (act, why) = match kept.emergency {
                Some(why) => ("emergency_began", why),
                None => ("recovered", String::new()),
            };
            audit::write(&mut transaction, subject, act, scope, at, &why).await?;
            back.push(kept.name);
        }
        transaction.commit().await?;
        Ok(back)
    }
}

async fn open(transaction: &mut Transaction) -> Result<Vec<Kept>, StoreError> {
    let rows = query(
        "SELECT recovery_request.*, member.name AS member_name FROM recovery_request
         JOIN member ON member.id = recovery_request.member_id
         WHERE done_at IS NULL ORDER BY asked_at, recovery_request.id",
    )
    .fetch_all(transaction)
    .await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in &rows {
        let compartment = row.try_get("compartment_id")?;
        let Some(known) = compartments::public(transaction, compartment).await? else { continue };
        let member = MemberId(row.try_get("member_id")?);
        let key = MemberPublicKey::from_bytes(member, row.try_get("public_key")?)?;
        found.push(Kept {
            request: RecoveryRequest::new(request_id(row)?, key, known.public),
            compartment,
            name: known.name,
            agency: known.agency,
            member: row.try_get("member_name")?,
            emergency: row.try_get("emergency")?,
            asked_at: row.try_get("asked_at")?,
        });
    }
    Ok(found)
}

fn request_id(row: &Row) -> Result<RequestId, StoreError> {
    let bytes: &[u8] = row.try_get("id")?;
    let damaged = StoreError::DamagedRow { table: "recovery_request", id: 0, what: "its number" };
    Ok(RequestId::from_bytes(bytes.try_into().map_err(|_| damaged)?))
}
