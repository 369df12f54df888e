//! An agency leaves: two of its administrators say so, or the operator; thirty days later what only its
//! members could read is destroyed.
//!
//! In: why it leaves. Out: a receipt ([`LeavingReceipt`]) of what stays, what is destroyed and when. From
//! the second consent on nobody of it comes in; until the last day the operator can bring it back as it was.
//! What was accepted, and the audit, stay.

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use sealing::MemberId;
use serde::{Deserialize, Serialize};

use super::agencies::{self, JoinedAgency};
use super::joining::{agreement, own_agency};
use super::{members, turnover};
use crate::audit::{self, Subject};
use crate::columns::Columns;
use crate::database::{Row, Transaction, query, scalar};
use crate::received::{ReceivedState, set_state};
use crate::{Permission, Purpose, Role, Scope, Store, StoreError};

/// How long an agency that has left can come back as it was.
const GRACE: SignedDuration = SignedDuration::from_hours(30 * 24);

/// What leaving means for an agency, in numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeavingCounts {
    /// Returns of totals that were accepted: they stay.
    pub returns: u64,
    /// Submissions that count: they stay, unless the agreement asks that they be withdrawn.
    pub submissions: u64,
    /// Whether the agreement asks for that.
    pub withdraws: bool,
    /// Drafts, which are destroyed.
    pub drafts: u64,
    /// Keys to sealed text that members hold, which are destroyed, and with them what was sealed.
    pub keys: u64,
    /// Members who can sign in.
    pub members: u64,
}

/// That an agency leaves, and how far it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Leaving {
    /// The agency.
    pub agency: String,
    /// Why.
    pub why: String,
    /// The administrator who asked, or the operator.
    pub asked_by: String,
    /// When (UTC).
    pub asked_at: String,
    /// The second administrator.
    pub agreed_by: Option<String>,
    /// When it left (UTC); nothing while a second administrator must consent.
    pub left_at: Option<String>,
    /// Until when it can come back (UTC).
    pub destroy_after: Option<String>,
    /// When it ended, in coming back or in destruction (UTC).
    pub ended_at: Option<String>,
    /// What was destroyed and what stays, once it was.
    pub receipt: Option<LeavingReceipt>,
}

/// What an agency is given when it leaves, and once more when what it kept is destroyed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeavingReceipt {
    /// The agency's code.
    pub agency: String,
    /// Its name.
    pub label: String,
    /// Who asked, and who consented.
    pub by: Vec<String>,
    /// When it left (UTC).
    pub left_at: String,
    /// Until when it can come back (UTC).
    pub destroy_after: String,
    /// When what it kept was destroyed (UTC); nothing before.
    pub destroyed_at: Option<String>,
    /// How much there was of everything.
    pub counts: LeavingCounts,
}

impl fmt::Display for LeavingReceipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let LeavingCounts { returns, submissions, withdraws, drafts, keys, members } = self.counts;
        let done = self.destroyed_at.is_some();
        writeln!(f, "Receipt: {} ({}) left on {}", self.label, self.agency, self.left_at)?;
        writeln!(f, "By: {}", self.by.join(" and "))?;
        match &self.destroyed_at {
            Some(at) => writeln!(f, "Destroyed on {at}, after the time to come back was over")?,
            None => writeln!(f, "It can come back until {}: ask the operator", self.destroy_after)?,
        }
        writeln!(f, "Accounts off, sessions ended: {members}")?;
        let kept = if done { "were" } else { "will be" };
        writeln!(f, "Drafts that {kept} destroyed: {drafts}")?;
        writeln!(
            f,
            "Keys to sealed text that {kept} destroyed, and what is sealed with them: {keys}"
        )?;
        match withdraws {
            true => writeln!(
                f,
                "Submissions that {kept} withdrawn, as the agreement asks: {submissions}"
            )?,
            false => writeln!(f, "Submissions that stay: {submissions}")?,
        }
        writeln!(f, "Returns of totals that stay: {returns}")?;
        write!(f, "The audit stays.")
    }
}

impl Store {
    /// What leaving would mean for the scope's agency, and whether it was asked for. Permission: change
    /// members.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoSuchAgencyHere`], [`StoreError::NotPermitted`], [`StoreError::Database`].
    pub async fn leaving(
        &self,
        scope: &Scope,
    ) -> Result<(LeavingCounts, Option<Leaving>), StoreError> {
        let mut moment = self.read(scope, Permission::ManageMembers).await?;
        let agency = own_agency(&mut moment, scope).await?;
        let counts = counts(&mut moment, &agency.code).await?;
        let open = open(&mut moment, &agency.code).await?;
        Ok((counts, open.map(|(_, leaving)| leaving)))
    }

    /// Asks that the scope's agency leaves; nothing happens before a second administrator consents.
    /// Permission: change members.
    ///
    /// # Errors
    ///
    /// [`StoreError::LeavingAsked`]; [`StoreError::ClearinghouseStays`];
    /// [`StoreError::NoSuchAgencyHere`], [`StoreError::NotPermitted`], [`StoreError::Database`].
    pub async fn ask_to_leave(
        &self,
        scope: &Scope,
        why: &str,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut transaction = self.change(scope, Permission::ManageMembers).await?;
        let agency = own_agency(&mut transaction, scope).await?;
        if agency.clearinghouse {
            return Err(StoreError::ClearinghouseStays);
        }
        ask(&mut transaction, scope, &agency, why, at).await?.ok_or(StoreError::LeavingAsked)?;
        let subject = (Subject::Joined, agency.id);
        audit::write(&mut transaction, subject, "leaving_asked", scope, at, why).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Takes back that the scope's agency leaves, while no second administrator has consented. Permission:
    /// change members.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotLeaving`], [`StoreError::NotPermitted`], [`StoreError::Database`].
    pub async fn stay(&self, scope: &Scope, at: Timestamp) -> Result<(), StoreError> {
        let mut transaction = self.change(scope, Permission::ManageMembers).await?;
        let agency = own_agency(&mut transaction, scope).await?;
        let (id, _) = open(&mut transaction, &agency.code).await?.ok_or(StoreError::NotLeaving)?;
        end(&mut transaction, id, "taken_back", at).await?;
        let subject = (Subject::Joined, agency.id);
        audit::write(&mut transaction, subject, "stays", scope, at, "").await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Consents to what another administrator asked: the agency leaves. Permission: change members.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotLeaving`] when nobody has asked; [`StoreError::SecondAdministrator`] when it was
    /// she herself; [`StoreError::NotPermitted`], [`StoreError::Database`].
    pub async fn agree_to_leave(
        &self,
        scope: &Scope,
        at: Timestamp,
    ) -> Result<LeavingReceipt, StoreError> {
        let mut transaction = self.change(scope, Permission::ManageMembers).await?;
        let agency = own_agency(&mut transaction, scope).await?;
        let (id, asked) =
            open(&mut transaction, &agency.code).await?.ok_or(StoreError::NotLeaving)?;
        if asked.asked_by == scope.who() {
            return Err(StoreError::SecondAdministrator);
        }
        let receipt = goes(&mut transaction, scope, (id, &asked), &agency, at).await?;
        transaction.commit().await?;
        Ok(receipt)
    }

    /// Lets an agency go, for the installation: its members can sign in no more, its sessions end.
    /// Permission: let agencies in and go.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoSuchAgencyHere`], [`StoreError::NotPermitted`], [`StoreError::Database`].
    pub async fn let_agency_go(
        &self,
        scope: &Scope,
        code: &str,
        why: &str,
        at: Timestamp,
    ) -> Result<LeavingReceipt, StoreError> {
        let mut transaction = self.change(scope, Permission::ManageInstallation).await?;
        let agency = agencies::find(&mut transaction, scope, code).await?;
        ask(&mut transaction, scope, &agency, why, at).await?;
        let (id, asked) = open(&mut transaction, code).await?.ok_or(StoreError::NotLeaving)?;
        let receipt = goes(&mut transaction, scope, (id, &asked), &agency, at).await?;
        transaction.commit().await?;
        Ok(receipt)
    }

    /// Brings an agency back as it was, within thirty days of its leaving. Permission: let agencies in and
    /// go.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotLeaving`] when it has not left, or what it kept is destroyed;
    /// [`StoreError::NotPermitted`], [`StoreError::Database`].
    pub async fn bring_agency_back(
        &self,
        scope: &Scope,
        code: &str,
        why: &str,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut transaction = self.change(scope, Permission::ManageInstallation).await?;
        let (id, leaving) = open(&mut transaction, code).await?.ok_or(StoreError::NotLeaving)?;
        if leaving.left_at.is_none() {
            return Err(StoreError::NotLeaving);
        }
        let agency: i64 = scalar("UPDATE agency SET left_at = NULL WHERE code = $1 RETURNING id")
            .bind(code)
            .fetch_one(&mut transaction)
            .await?;
        query(
            "UPDATE member SET state = 'active', last_seen_on = $1
             WHERE id IN (SELECT member_id FROM leaving_member WHERE leaving_id = $2)",
        )
        .bind(members::day(at))
        .bind(id)
        .execute(&mut transaction)
        .await?;
        end(&mut transaction, id, "taken_back", at).await?;
        audit::write(&mut transaction, (Subject::Joined, agency), "came_back", scope, at, why)
            .await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Every leaving that there was, oldest first, with the receipts. Permission: let agencies in and go.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotPermitted`], [`StoreError::DamagedRow`], [`StoreError::Database`].
    pub async fn leavings(&self, scope: &Scope) -> Result<Vec<Leaving>, StoreError> {
        let mut moment = self.read(scope, Permission::ManageInstallation).await?;
        let rows = query("SELECT * FROM leaving ORDER BY id").fetch_all(&mut moment).await?;
        rows.iter().map(|row| Ok(read(row)?.1)).collect()
    }

    /// Destroys what agencies kept that have left thirty days ago. Returns their receipts. Like the end of
    /// a session, it is nobody's act: the server does it when the time is over.
    ///
    /// # Errors
    ///
    /// [`StoreError::DamagedRow`], [`StoreError::Database`].
    pub async fn destroy_what_left(
        &self,
        at: Timestamp,
    ) -> Result<Vec<LeavingReceipt>, StoreError> {
        let mut transaction = self.door().await?;
        let rows =
            query("SELECT * FROM leaving WHERE ended IS NULL AND destroy_after <= $1 ORDER BY id")
                .bind(at.to_string())
                .fetch_all(&mut transaction)
                .await?;
        let mut receipts = Vec::with_capacity(rows.len());
        for row in &rows {
            let (id, leaving) = read(row)?;
            receipts.push(destroy(&mut transaction, id, &leaving, at).await?);
        }
        transaction.commit().await?;
        if !receipts.is_empty() {
            self.forget_pages().await?;
        }
        Ok(receipts)
    }
}

/// Asks; nothing when it was asked already.
async fn ask(
    transaction: &mut Transaction,
    scope: &Scope,
    agency: &JoinedAgency,
    why: &str,
    at: Timestamp,
) -> Result<Option<i64>, StoreError> {
    Ok(scalar(
        "INSERT INTO leaving (agency, why, asked_by, asked_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT DO NOTHING RETURNING id",
    )
    .bind(&agency.code)
    .bind(why)
    .bind(scope.who())
    .bind(at.to_string())
    .fetch_optional(transaction)
    .await?)
}

/// The agency has left: nobody of it comes in, and nothing is destroyed yet.
async fn goes(
    transaction: &mut Transaction,
    scope: &Scope,
    (id, asked): (i64, &Leaving),
    agency: &JoinedAgency,
    at: Timestamp,
) -> Result<LeavingReceipt, StoreError> {
    let counts = counts(transaction, &agency.code).await?;
    let (left_at, destroy_after) = (at.to_string(), (at + GRACE).to_string());
    query(
        "INSERT INTO leaving_member (leaving_id, member_id)
         SELECT $1, id FROM member WHERE agency = $2 AND state = 'active'",
    )
    .bind(id)
    .bind(&agency.code)
    .execute(transaction)
    .await?;
    for sql in [
        "DELETE FROM session WHERE member_id IN (SELECT id FROM member WHERE agency = $1)",
        "UPDATE member SET state = 'off', invitation = NULL WHERE agency = $1",
    ] {
        query(sql).bind(&agency.code).execute(transaction).await?;
    }
    query("UPDATE leaving SET agreed_by = $1, left_at = $2, destroy_after = $3 WHERE id = $4")
        .bind(scope.who())
        .bind(&left_at)
        .bind(&destroy_after)
        .bind(id)
        .execute(transaction)
        .await?;
    query("UPDATE agency SET left_at = $1, live_asked_by = NULL WHERE id = $2")
        .bind(&left_at)
        .bind(agency.id)
        .execute(transaction)
        .await?;
    let subject = (Subject::Joined, agency.id);
    audit::write(transaction, subject, "left", scope, at, &asked.why).await?;
    let by = by(&asked.asked_by, scope.who());
    let (code, label) = (agency.code.clone(), agency.label.clone());
    Ok(LeavingReceipt {
        agency: code,
        label,
        by,
        left_at,
        destroy_after,
        destroyed_at: None,
        counts,
    })
}

/// Destroys what an agency kept.
async fn destroy(
    transaction: &mut Transaction,
    id: i64,
    leaving: &Leaving,
    at: Timestamp,
) -> Result<LeavingReceipt, StoreError> {
    let code = &leaving.agency;
    let mut counts = counts(transaction, code).await?;
    counts.members = members_of(transaction, id).await?;
    let row = query("SELECT * FROM agency WHERE code = $1").bind(code).fetch_optional(transaction);
    let row = row.await?.ok_or_else(|| StoreError::NoSuchAgencyHere(code.clone()))?;
    let agency = agencies::read(&row)?;
    let clearway = Scope::of("clearway", Some(code.clone()), Role::Operator, Purpose::Accounts);
    if counts.withdraws {
        withdraw(transaction, &clearway, code, at).await?;
    }
    for sql in
        ["DELETE FROM draft WHERE agency = $1", "DELETE FROM identity_provider WHERE agency = $1"]
    {
        query(sql).bind(code).execute(transaction).await?;
    }
    let all: Vec<i64> =
        scalar("SELECT id FROM member WHERE agency = $1").bind(code).fetch_all(transaction).await?;
    for member in all {
        turnover::destroy_keys(transaction, MemberId(member)).await?;
    }
    let receipt = LeavingReceipt {
        agency: code.clone(),
        label: agency.label,
        by: by(&leaving.asked_by, leaving.agreed_by.as_deref().unwrap_or_default()),
        left_at: leaving.left_at.clone().unwrap_or_default(),
        destroy_after: leaving.destroy_after.clone().unwrap_or_default(),
        destroyed_at: Some(at.to_string()),
        counts,
    };
    end(transaction, id, "destroyed", at).await?;
    query("UPDATE leaving SET receipt = $1 WHERE id = $2")
        .bind(serde_json::to_string(&receipt).unwrap_or_default())
        .bind(id)
        .execute(transaction)
        .await?;
    let subject = (Subject::Joined, agency.id);
    audit::write(transaction, subject, "destroyed", &clearway, at, "").await?;
    Ok(receipt)
}

/// Takes out of every count what an agency has sent, and lets go of its encodings.
async fn withdraw(
    transaction: &mut Transaction,
    scope: &Scope,
    agency: &str,
    at: Timestamp,
) -> Result<(), StoreError> {
    let standing: Vec<i64> =
        scalar("SELECT id FROM received_file WHERE agency = $1 AND state = 'accepted' ORDER BY id")
            .bind(agency)
            .fetch_all(transaction)
            .await?;
    for id in standing {
        set_state(transaction, id, ReceivedState::Withdrawn, None).await?;
        let (subject, why) = ((Subject::Received, id), "the agency has left");
        audit::write(transaction, subject, "withdrawn", scope, at, why).await?;
    }
    query(
        "UPDATE received_encodings SET file = NULL WHERE file IS NOT NULL
            AND received_id IN (SELECT id FROM received_file WHERE agency = $1)",
    )
    .bind(agency)
    .execute(transaction)
    .await?;
    Ok(())
}

async fn counts(transaction: &mut Transaction, agency: &str) -> Result<LeavingCounts, StoreError> {
    let mut number = async |sql: &'static str| -> Result<u64, StoreError> {
        let found: i64 = scalar(sql).bind(agency).fetch_one(transaction).await?;
        Ok(found.unsigned_abs())
    };
    let mut counts = LeavingCounts {
        returns: number("SELECT COUNT(*) FROM filing WHERE agency = $1 AND state = 'accepted'")
            .await?,
        submissions: number(
            "SELECT COUNT(*) FROM received_file
             WHERE agency = $1 AND state = 'accepted' AND kind = 'submission'",
        )
        .await?,
        withdraws: false,
        drafts: number("SELECT COUNT(*) FROM draft WHERE agency = $1").await?,
        keys: number(
            "SELECT COUNT(*) FROM compartment_grant
             JOIN compartment ON compartment.id = compartment_id WHERE agency = $1",
        )
        .await?,
        members: number("SELECT COUNT(*) FROM member WHERE agency = $1 AND state = 'active'")
            .await?,
    };
    counts.withdraws = agreement(transaction, agency).await?.is_some_and(|paper| paper.withdraws);
    Ok(counts)
}

async fn members_of(transaction: &mut Transaction, leaving: i64) -> Result<u64, StoreError> {
    let found: i64 = scalar("SELECT COUNT(*) FROM leaving_member WHERE leaving_id = $1")
        .bind(leaving)
        .fetch_one(transaction)
        .await?;
    Ok(found.unsigned_abs())
}

fn by(asked: &str, agreed: &str) -> Vec<String> {
    let mut by = vec![asked.to_owned(), agreed.to_owned()];
    by.dedup();
    by
}

async fn end(
    transaction: &mut Transaction,
    id: i64,
    how: &'static str,
    at: Timestamp,
) -> Result<(), StoreError> {
    query("UPDATE leaving SET ended = $1, ended_at = $2 WHERE id = $3")
        .bind(how)
        .bind(at.to_string())
        .bind(id)
        .execute(transaction)
        .await?;
    Ok(())
}

/// The leaving of an agency that has not ended.
async fn open(
    transaction: &mut Transaction,
    agency: &str,
) -> Result<Option<(i64, Leaving)>, StoreError> {
    let row = query("SELECT * FROM leaving WHERE agency = $1 AND ended IS NULL")
        .bind(agency)
        .fetch_optional(transaction)
        .await?;
    row.as_ref().map(read).transpose()
}

fn read(row: &Row) -> Result<(i64, Leaving), StoreError> {
    let columns = Columns::of("leaving", "id", row)?;
    let receipt = columns.optional_text("receipt")?;
    let receipt = receipt.map(|text| {
        serde_json::from_str(&text).map_err(|_| columns.damaged("a receipt that does not read"))
    });
    let leaving = Leaving {
        agency: columns.text("agency")?,
        why: columns.text("why")?,
        asked_by: columns.text("asked_by")?,
        asked_at: columns.text("asked_at")?,
        agreed_by: columns.optional_text("agreed_by")?,
        left_at: columns.optional_text("left_at")?,
        destroy_after: columns.optional_text("destroy_after")?,
        ended_at: columns.optional_text("ended_at")?,
        receipt: receipt.transpose()?,
    };
    Ok((columns.number(), leaving))
}

#[cfg(test)]
mod tests;
