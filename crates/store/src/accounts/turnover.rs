//! A member leaves her agency for good: what must be handed over before, and what is taken from her.
//!
//! In: a member. Out: what only she can read and what only she holds for recovery ([`Handover`]); once that
//! is in other hands, she is off, her sessions end, and her keys are destroyed. Turning her off is another
//! thing: it can be undone and destroys nothing, and can always be done at once.

use std::collections::BTreeSet;

use jiff::Timestamp;
use sealing::MemberId;
use serde::Serialize;

use super::compartments::{self, CompartmentName};
use super::members;
use crate::audit::{self, Subject};
use crate::database::{Transaction, query, scalar};
use crate::{Permission, Role, Scope, Store, StoreError};

/// What stands between a member and her leaving.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Handover {
    /// What she reads, and what is taken from her.
    pub reads: Vec<CompartmentName>,
    /// Of these, what nobody else can read: another is let in before she goes.
    pub only_reader_of: Vec<CompartmentName>,
    /// Of an administrator: what no two others hold the recovery of.
    pub only_officer_of: Vec<CompartmentName>,
    /// Where she is signed in now.
    pub sessions: u64,
}

impl Handover {
    /// Whether everything is in other hands.
    pub fn is_done(&self) -> bool {
        self.only_reader_of.is_empty() && self.only_officer_of.is_empty()
    }
}

impl Store {
    /// What a member must hand over before she leaves, and what is taken from her. Permission: see members.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoSuchMember`], [`StoreError::NotPermitted`], [`StoreError::Database`].
    pub async fn handover(&self, scope: &Scope, name: &str) -> Result<Handover, StoreError> {
        let mut moment = self.read(scope, Permission::ReadMembers).await?;
        let member = members::find(&mut moment, scope, name).await?;
        handover(&mut moment, &member).await
    }

    /// A member leaves for good: she is off, her sessions end, her keys and what they opened are gone. If
    /// she ever comes back, she is invited again. Permission: change members; an administrator leaves on
    /// the terminal only.
    ///
    /// # Errors
    ///
    /// [`StoreError::HandoverFirst`] while something is in her hands alone;
    /// [`StoreError::AtTheTerminal`], [`StoreError::NoSuchMember`], [`StoreError::NotPermitted`],
    /// [`StoreError::Database`].
    pub async fn member_leaves(
        &self,
        scope: &Scope,
        name: &str,
        why: &str,
        at: Timestamp,
    ) -> Result<Handover, StoreError> {
        let mut transaction = self.change(scope, Permission::ManageMembers).await?;
        let member = members::find(&mut transaction, scope, name).await?;
        members::expect_no_administrator(scope, &[&member.roles])?;
        let handover = handover(&mut transaction, &member).await?;
        if !handover.is_done() {
            return Err(StoreError::HandoverFirst(handover));
        }
        destroy_keys(&mut transaction, MemberId(member.id)).await?;
        audit::write(&mut transaction, (Subject::Member, member.id), "has_left", scope, at, why)
            .await?;
        transaction.commit().await?;
        Ok(handover)
    }
}

/// Turns a member off and destroys her keys, with all that they opened.
pub(super) async fn destroy_keys(
    transaction: &mut Transaction,
    member: MemberId,
) -> Result<(), StoreError> {
    members::end_sessions(transaction, member).await?;
    for sql in [
        "DELETE FROM passkey WHERE member_id = $1",
        "DELETE FROM passkey_challenge WHERE member_id = $1",
        "DELETE FROM identity_link WHERE member_id = $1",
        "DELETE FROM identity_asked WHERE member_id = $1",
        "DELETE FROM compartment_grant WHERE member_id = $1",
        "DELETE FROM recovery_hand WHERE officer_id = $1 OR other_id = $1",
        "DELETE FROM recovery_request WHERE member_id = $1",
        "DELETE FROM recovery_share WHERE officer_id = $1 OR other_id = $1",
        "UPDATE member SET state = 'off', invitation = NULL, invited_until = NULL,
            public_key = NULL, by_passphrase = NULL, personal_public_key = NULL,
            personal_grant = NULL, totp = NULL, totp_step = NULL WHERE id = $1",
    ] {
        query(sql).bind(member.0).execute(transaction).await?;
    }
    Ok(())
}

async fn handover(
    transaction: &mut Transaction,
    member: &members::Member,
) -> Result<Handover, StoreError> {
    let sessions: i64 = scalar("SELECT COUNT(*) FROM session WHERE member_id = $1")
        .bind(member.id)
        .fetch_one(transaction)
        .await?;
    let mut found = Handover { sessions: sessions.unsigned_abs(), ..Handover::default() };
    let rows = query("SELECT * FROM compartment WHERE agency = $1 ORDER BY name")
        .bind(&member.agency)
        .fetch_all(transaction)
        .await?;
    for row in &rows {
        let (id, name) = (row.try_get("id")?, compartments::name_of(row)?);
        let readers: Vec<i64> = scalar(
            "SELECT member.id FROM compartment_grant
             JOIN member ON member.id = compartment_grant.member_id
             WHERE compartment_id = $1 AND until IS NULL
                AND (member.state = 'active' OR member.id = $2)",
        )
        .bind(id)
        .bind(member.id)
        .fetch_all(transaction)
        .await?;
        if readers.contains(&member.id) {
            found.reads.push(name);
            if readers.len() == 1 {
                found.only_reader_of.push(name);
            }
        }
        let is_officer = member.roles.contains(&Role::Administrator);
        if is_officer && !two_others_recover(transaction, id, member).await? {
            found.only_officer_of.push(name);
        }
    }
    Ok(found)
}

/// Whether two other administrators hold the halves of a compartment, under the keys that they have now.
async fn two_others_recover(
    transaction: &mut Transaction,
    compartment: i64,
    member: &members::Member,
) -> Result<bool, StoreError> {
    let officers =
        compartments::in_roles(transaction, &member.agency, &[Role::Administrator]).await?;
    let rows = query(
        "SELECT officer_id, other_id, officer_key FROM recovery_share
         WHERE compartment_id = $1 AND officer_id <> $2 AND other_id <> $2",
    )
    .bind(compartment)
    .bind(member.id)
    .fetch_all(transaction)
    .await?;
    let mut held = BTreeSet::new();
    for row in &rows {
        let (officer, other): (i64, i64) = (row.try_get("officer_id")?, row.try_get("other_id")?);
        if compartments::is_key_of(&officers, officer, row.try_get("officer_key")?) {
            held.insert((officer, other));
        }
    }
    Ok(held.iter().any(|(one, two)| held.contains(&(*two, *one))))
}
