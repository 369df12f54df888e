//! The people who sign in: invited, active, off; in which roles.
//!
//! In: a name and roles, from an administrator of the agency. Out: an [`Invitation`] whose code is shown
//! once. Whoever sees to accounts sees no content, so the role of an administrator stands alone.

use jiff::Timestamp;
use sealing::MemberId;
use serde::Serialize;
use zeroize::Zeroizing;

use super::{INVITATION, agencies, compartments, sign_in};
use crate::audit::{self, Subject};
use crate::database::{Row, Transaction, query, scalar};
use crate::{Permission, Role, Scope, Store, StoreError};

/// The letters of an invitation: none that is read as another.
const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";

/// Somebody to be invited.
#[derive(Debug, Clone)]
pub struct NewMember {
    /// The code of her agency.
    pub agency: String,
    /// By which she will sign in: 3 to 64 of lower-case letters, digits, `.`, `-`, `_` and `@`.
    pub name: String,
    /// What she will do.
    pub roles: Vec<Role>,
}

/// What an invited person needs, once.
#[derive(Debug)]
pub struct Invitation {
    /// Her number.
    pub member: i64,
    /// Sixteen letters in groups of four, 80 random bits.
    pub code: Zeroizing<String>,
    /// Until when it can be accepted (UTC).
    pub until: String,
}

/// Whether a member can sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MemberState {
    /// She has not accepted her invitation yet.
    Invited,
    /// She can.
    Active,
    /// She cannot, until an administrator lets her.
    Off,
}

impl MemberState {
    pub(super) fn from_word(word: &str) -> Option<MemberState> {
        match word {
            "invited" => Some(MemberState::Invited),
            "active" => Some(MemberState::Active),
            "off" => Some(MemberState::Off),
            _ => None,
        }
    }
}

/// A person who signs in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Member {
    /// Her number.
    pub id: i64,
    /// Her agency.
    pub agency: String,
    /// By which she signs in.
    pub name: String,
    /// Whether she can.
    pub state: MemberState,
    /// In which roles.
    pub roles: Vec<Role>,
    /// The day of her last sign-in.
    pub last_seen_on: Option<String>,
}

impl Store {
    /// Invites somebody.
    ///
    /// # Errors
    ///
    /// [`StoreError::MemberName`], [`StoreError::MemberThere`], [`StoreError::RolesConflict`],
    /// [`StoreError::NoSuchAgencyHere`], also for another agency than the scope's;
    /// [`StoreError::NotPermitted`], [`StoreError::Database`].
    pub async fn invite(
        &self,
        scope: &Scope,
        new: &NewMember,
        at: Timestamp,
    ) -> Result<Invitation, StoreError> {
        expect_name(&new.name)?;
        let mut transaction = self.change(scope, Permission::ManageMembers).await?;
        let agency = agencies::find(&mut transaction, scope, &new.agency).await?;
        expect_roles(&new.roles, agency.clearinghouse)?;
        expect_no_administrator(scope, &[&new.roles])?;
        let (code, digest) = new_code()?;
        let until = (at + INVITATION).to_string();
        let id: Option<i64> = scalar(
            "INSERT INTO member (agency, name, state, invitation, invited_until)
             VALUES ($1, $2, 'invited', $3, $4) ON CONFLICT DO NOTHING RETURNING id",
        )
        .bind(&new.agency)
        .bind(&new.name)
        .bind(digest)
        .bind(&until)
        .fetch_optional(&mut transaction)
        .await?;
        let member = id.ok_or_else(|| StoreError::MemberThere(new.name.clone()))?;
        write_roles(&mut transaction, member, &new.roles).await?;
        let why = words(&new.roles);
        audit::write(&mut transaction, (Subject::Member, member), "invited", scope, at, &why)
            .await?;
        transaction.commit().await?;
        Ok(Invitation { member, code, until })
    }

    /// Invites a member anew who has lost her passphrase: her old key is gone, and with it what it
    /// opened, until two recovery officers hand her a new way to it.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoSuchMember`], [`StoreError::NotPermitted`], [`StoreError::Database`].
    pub async fn invite_again(
        &self,
        scope: &Scope,
        name: &str,
        why: &str,
        at: Timestamp,
    ) -> Result<Invitation, StoreError> {
        let mut transaction = self.change(scope, Permission::ManageMembers).await?;
        let member = find(&mut transaction, scope, name).await?;
        expect_no_administrator(scope, &[&member.roles])?;
        let (code, digest) = new_code()?;
        let until = (at + INVITATION).to_string();
        // Her key stays until she accepts: a code that nobody uses destroys nothing.
        query(
            "UPDATE member SET invitation = $1, invited_until = $2, state = 'invited' WHERE id = $3",
        )
        .bind(digest)
        .bind(&until)
        .bind(member.id)
        .execute(&mut transaction)
        .await?;
        end_sessions(&mut transaction, MemberId(member.id)).await?;
        let subject = (Subject::Member, member.id);
        audit::write(&mut transaction, subject, "invited_again", scope, at, why).await?;
        transaction.commit().await?;
        Ok(Invitation { member: member.id, code, until })
    }

    /// Gives a member other roles, and takes from her what none of them reads. Where she is signed in, she
    /// signs in again.
    ///
    /// # Errors
    ///
    /// [`StoreError::RolesConflict`], [`StoreError::NoSuchMember`], [`StoreError::NotPermitted`],
    /// [`StoreError::Database`].
    pub async fn set_roles(
        &self,
        scope: &Scope,
        name: &str,
        roles: &[Role],
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut transaction = self.change(scope, Permission::ManageMembers).await?;
        let member = find(&mut transaction, scope, name).await?;
        let agency = agencies::find(&mut transaction, scope, &member.agency).await?;
        expect_roles(roles, agency.clearinghouse)?;
        expect_no_administrator(scope, &[&member.roles, roles])?;
        write_roles(&mut transaction, member.id, roles).await?;
        compartments::take_from(&mut transaction, MemberId(member.id), roles).await?;
        end_sessions(&mut transaction, MemberId(member.id)).await?;
        let (subject, why) = ((Subject::Member, member.id), words(roles));
        audit::write(&mut transaction, subject, "roles", scope, at, &why).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Turns a member off, or on again; on again, her 90 days begin anew, and failed tries are forgotten.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoSuchMember`], also for one who has accepted no invitation and is to be on;
    /// [`StoreError::NotPermitted`], [`StoreError::Database`].
    pub async fn turn_member(
        &self,
        scope: &Scope,
        name: &str,
        on: bool,
        why: &str,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut transaction = self.change(scope, Permission::ManageMembers).await?;
        let member = find(&mut transaction, scope, name).await?;
        expect_no_administrator(scope, &[&member.roles])?;
        let (state, act) = if on { ("active", "turned_on") } else { ("off", "turned_off") };
        let changed = query(
            "UPDATE member SET state = $1, invitation = NULL, last_seen_on = $2
             WHERE id = $3 AND ($1 = 'off' OR by_passphrase IS NOT NULL)",
        )
        .bind(state)
        .bind(day(at))
        .bind(member.id)
        .execute(&mut transaction)
        .await?;
        if changed == 0 {
            return Err(StoreError::NoSuchMember(name.to_owned()));
        }
        end_sessions(&mut transaction, MemberId(member.id)).await?;
        sign_in::forget_failed(&mut transaction, name).await?;
        audit::write(&mut transaction, (Subject::Member, member.id), act, scope, at, why).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// The members of the scope's agency, by name; the operator's are those of all.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotPermitted`], [`StoreError::Database`].
    pub async fn members(&self, scope: &Scope) -> Result<Vec<Member>, StoreError> {
        let mut moment = self.read(scope, Permission::ReadMembers).await?;
        let rows = query("SELECT * FROM member WHERE ($1 = '*' OR agency = $1) ORDER BY name")
            .bind(scope.agency().unwrap_or("*"))
            .fetch_all(&mut moment)
            .await?;
        let mut members = Vec::with_capacity(rows.len());
        for row in &rows {
            let id = row.try_get("id")?;
            members.push(read(row, roles(&mut moment, MemberId(id)).await?)?);
        }
        Ok(members)
    }
}

/// A member of the scope's agency.
pub(super) async fn find(
    transaction: &mut Transaction,
    scope: &Scope,
    name: &str,
) -> Result<Member, StoreError> {
    let row = query("SELECT * FROM member WHERE name = $1 AND ($2 = '*' OR agency = $2)")
        .bind(name)
        .bind(scope.agency().unwrap_or("*"))
        .fetch_optional(transaction)
        .await?
        .ok_or_else(|| StoreError::NoSuchMember(name.to_owned()))?;
    let roles = roles(transaction, MemberId(row.try_get("id")?)).await?;
    read(&row, roles)
}

fn read(row: &Row, roles: Vec<Role>) -> Result<Member, StoreError> {
    let id = row.try_get("id")?;
    let damaged = StoreError::DamagedRow { table: "member", id, what: "a state that is none" };
    Ok(Member {
        id,
        agency: row.try_get("agency")?,
        name: row.try_get("name")?,
        state: MemberState::from_word(row.try_get("state")?).ok_or(damaged)?,
        roles,
        last_seen_on: row.try_get("last_seen_on")?,
    })
}

/// The roles of a member, in their order.
pub(super) async fn roles(
    transaction: &mut Transaction,
    member: MemberId,
) -> Result<Vec<Role>, StoreError> {
    let words: Vec<String> = scalar("SELECT role FROM member_role WHERE member_id = $1")
        .bind(member.0)
        .fetch_all(transaction)
        .await?;
    let mut roles: Vec<Role> = words.iter().filter_map(|word| Role::from_word(word)).collect();
    roles.sort();
    Ok(roles)
}

async fn write_roles(
    transaction: &mut Transaction,
    member: i64,
    roles: &[Role],
) -> Result<(), StoreError> {
    query("DELETE FROM member_role WHERE member_id = $1").bind(member).execute(transaction).await?;
    for role in roles {
        query("INSERT INTO member_role VALUES ($1, $2) ON CONFLICT DO NOTHING")
            .bind(member)
            .bind(role.as_str())
            .execute(transaction)
            .await?;
    }
    Ok(())
}

/// Ends every session of a member.
pub(super) async fn end_sessions(
    transaction: &mut Transaction,
    member: MemberId,
) -> Result<(), StoreError> {
    query("DELETE FROM session WHERE member_id = $1").bind(member.0).execute(transaction).await?;
    Ok(())
}

/// The UTC day of a moment.
pub(super) fn day(at: Timestamp) -> String {
    at.to_zoned(jiff::tz::TimeZone::UTC).date().to_string()
}

fn words(roles: &[Role]) -> String {
    roles.iter().map(|role| role.as_str()).collect::<Vec<_>>().join(", ")
}

fn expect_name(name: &str) -> Result<(), StoreError> {
    let of = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-_@".contains(c);
    match (3..=64).contains(&name.len()) && name.chars().all(of) {
        true => Ok(()),
        false => Err(StoreError::MemberName),
    }
}

/// Whoever sees to accounts, or reads the audit, does nothing else; whoever counts for the state has no
/// case, and whoever has cases does not count.
fn expect_roles(roles: &[Role], clearinghouse: bool) -> Result<(), StoreError> {
    let alone = |role: &Role| matches!(role, Role::Administrator | Role::Auditor);
    let belongs = |role: &Role| alone(role) || role.is_of_the_state() == clearinghouse;
    let operator = roles.contains(&Role::Operator);
    let shared = roles.len() > 1 && roles.iter().any(alone);
    if roles.is_empty() || operator || shared || !roles.iter().all(belongs) {
        return Err(StoreError::RolesConflict);
    }
    Ok(())
}

/// Two administrators give back what a member lost: one who could make or replace another would be both.
pub(super) fn expect_no_administrator(scope: &Scope, roles: &[&[Role]]) -> Result<(), StoreError> {
    let administrator = roles.iter().any(|roles| roles.contains(&Role::Administrator));
    match administrator && scope.role() != Role::Operator {
        true => Err(StoreError::AtTheTerminal),
        false => Ok(()),
    }
}

/// A code, and what is kept of it.
fn new_code() -> Result<(Zeroizing<String>, Vec<u8>), StoreError> {
    let mut random = Zeroizing::new([0_u8; 16]);
    getrandom::fill(&mut random[..])
        .map_err(|error| StoreError::NoRandomness(error.to_string()))?;
    let mut code = Zeroizing::new(String::with_capacity(19));
    for (at, byte) in random.iter().enumerate() {
        if at > 0 && at % 4 == 0 {
            code.push('-');
        }
        code.push(char::from(LETTERS[usize::from(byte % 32)]));
    }
    let digest = digest_of_code(&code);
    Ok((code, digest))
}

/// What is kept of a code. Hyphens, spaces and the size of letters do not matter.
pub(super) fn digest_of_code(code: &str) -> Vec<u8> {
    let bare: Zeroizing<String> = Zeroizing::new(
        code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect(),
    );
    blake3::derive_key("clearway 2026 code of an invitation", bare.as_bytes()).to_vec()
}
