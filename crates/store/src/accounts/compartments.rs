//! Text that the members of an agency read, and nobody else.
//!
//! In: a text and its place, from whoever brings it; nobody need be signed in to seal. Out: the text, to
//! a member who was granted the compartment. A compartment is made when two recovery officers are there,
//! never before: a lost passphrase must not lose a report. Nobody but somebody who reads it lets another
//! read it; an administrator who invites a made-up colleague reads nothing.

use std::collections::BTreeSet;

use jiff::Timestamp;
use sealing::{CompartmentId, CompartmentKey, CompartmentPublicKey, MemberId, MemberPublicKey};
use serde::Serialize;

use super::{agencies, members, public_key};
use crate::accounts::sessions::Session;
use crate::audit::{self, Subject};
use crate::database::{Row, Transaction, query, scalar};
use crate::{Permission, Role, Scope, Store, StoreError};

/// The sorts of text that an agency keeps apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CompartmentName {
    /// What is being prepared for a return.
    Returns,
    /// Calls, tips and leads.
    Leads,
    /// What caseworkers write about people who are helped: privileged.
    Care,
}

impl CompartmentName {
    /// Every sort.
    pub const ALL: [CompartmentName; 3] =
        [CompartmentName::Returns, CompartmentName::Leads, CompartmentName::Care];

    /// Its word in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            CompartmentName::Returns => "returns",
            CompartmentName::Leads => "leads",
            CompartmentName::Care => "care",
        }
    }

    /// The sort of a word.
    pub fn from_word(word: &str) -> Option<CompartmentName> {
        CompartmentName::ALL.into_iter().find(|name| name.as_str() == word)
    }

    /// Who may be let in.
    pub fn roles(self) -> &'static [Role] {
        match self {
            CompartmentName::Returns => &[Role::Coordinator, Role::Commander],
            CompartmentName::Leads => &[Role::Investigator, Role::Hotline],
            CompartmentName::Care => &[Role::Caseworker],
        }
    }
}

/// A compartment, and who reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Compartment {
    /// Its number.
    pub id: i64,
    /// Its agency.
    pub agency: String,
    /// What is in it.
    pub name: CompartmentName,
    /// The names of those who read it.
    pub readers: Vec<String>,
    /// Those whose role lets them, and whom a reader must let in.
    pub waiting: Vec<String>,
}

impl Store {
    /// Makes a compartment, which its maker reads, and shares its secret out among the agency's
    /// administrators, any two of whom can give it back. She lets her colleagues in.
    ///
    /// # Errors
    ///
    /// [`StoreError::TwoOfficers`] while there are fewer than two active administrators;
    /// [`StoreError::CompartmentThere`]; [`StoreError::NoKeyToCompartment`] when her role reads none
    /// of that name; [`StoreError::NoSuchAgencyHere`], [`StoreError::Database`].
    pub async fn make_compartment(
        &self,
        session: &Session,
        name: CompartmentName,
        at: Timestamp,
    ) -> Result<i64, StoreError> {
        let scope = session.scope();
        if !name.roles().contains(&scope.role()) {
            return Err(StoreError::NoKeyToCompartment);
        }
        let agency = scope.agency().unwrap_or_default();
        let mut transaction = self.door().await?;
        let of = agencies::find(&mut transaction, scope, agency).await?;
        let id: Option<i64> = scalar(
            "INSERT INTO compartment (agency, name, public_key, generation, made_at)
             VALUES ($1, $2, $3, 0, $4) ON CONFLICT DO NOTHING RETURNING id",
        )
        .bind(agency)
        .bind(name.as_str())
        .bind(Vec::new())
        .bind(at.to_string())
        .fetch_optional(&mut transaction)
        .await?;
        let id = id.ok_or(StoreError::CompartmentThere(name.as_str()))?;
        let key = CompartmentKey::generate(CompartmentId(id), agencies::suite(&of.legal_entity))?;
        query("UPDATE compartment SET public_key = $1 WHERE id = $2")
            .bind(key.public().to_bytes())
            .bind(id)
            .execute(&mut transaction)
            .await?;
        let officers = officers(&mut transaction, agency).await?;
        share_out(&mut transaction, agency, &key, &officers).await?;
        grant(&mut transaction, &key, session.key().public(), None).await?;
        let subject = (Subject::Compartment, id);
        audit::write(&mut transaction, subject, "made", scope, at, name.as_str()).await?;
        transaction.commit().await?;
        Ok(id)
    }

    /// The compartments of the scope's agency, and who reads them; the operator's are those of all.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotPermitted`], [`StoreError::DamagedRow`], [`StoreError::Database`].
    pub async fn compartments(&self, scope: &Scope) -> Result<Vec<Compartment>, StoreError> {
        listed(&mut self.read(scope, Permission::ReadMembers).await?, scope).await
    }

    /// The compartments of the session's agency that its role reads, and who reads them, by name.
    ///
    /// # Errors
    ///
    /// [`StoreError::DamagedRow`], [`StoreError::Database`].
    pub async fn compartments_of_role(
        &self,
        session: &Session,
    ) -> Result<Vec<Compartment>, StoreError> {
        let scope = session.scope();
        let mut moment = self.window().await?;
        let mut found = listed(&mut moment, scope).await?;
        found.retain(|one| one.name.roles().contains(&scope.role()));
        Ok(found)
    }

    /// Lets a colleague read what the session reads. Before this, compare the fingerprint of her key
    /// with her: it is what she saw when she joined.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoKeyToCompartment`] when the session does not read it itself, or only in an emergency;
    /// [`StoreError::NoSuchMember`] when her role does not let her, or the fingerprint is another;
    /// [`StoreError::Database`].
    pub async fn let_in(
        &self,
        session: &Session,
        compartment: i64,
        name: &str,
        fingerprint: &str,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut transaction = self.door().await?;
        let (key, of) = opened_to_stay(&mut transaction, session, compartment).await?;
        let entitled = entitled(&mut transaction, &of.agency, of.name).await?;
        let (member, _) = entitled
            .into_iter()
            .find(|(key, other)| other == name && key.fingerprint().to_string() == fingerprint)
            .ok_or_else(|| StoreError::NoSuchMember(name.to_owned()))?;
        grant(&mut transaction, &key, &member, None).await?;
        let (subject, scope) = ((Subject::Compartment, compartment), session.scope());
        audit::write(&mut transaction, subject, "let_in", scope, at, name).await?;
        transaction.commit().await?;
        Ok(())
    }
}

/// Shares out anew what the session reads, where the administrators or their keys are others than when it
/// was shared out last: otherwise two of them could give nothing back.
pub(super) async fn share_anew(
    transaction: &mut Transaction,
    session: &Session,
    at: Timestamp,
) -> Result<(), StoreError> {
    let mine: Vec<i64> = scalar(
        "SELECT compartment_id FROM compartment_grant
         WHERE member_id = $1 AND until IS NULL ORDER BY compartment_id",
    )
    .bind(session.member().0)
    .fetch_all(transaction)
    .await?;
    for compartment in mine {
        let Some(known) = public(transaction, compartment).await? else { continue };
        let officers = officers(transaction, &known.agency).await?;
        let now: BTreeSet<Vec<u8>> = officers.iter().map(MemberPublicKey::to_bytes).collect();
        let then: Vec<Vec<u8>> =
            scalar("SELECT DISTINCT officer_key FROM recovery_share WHERE compartment_id = $1")
                .bind(compartment)
                .fetch_all(transaction)
                .await?;
        if officers.len() < 2 || now == then.into_iter().collect() {
            continue;
        }
        let opened = opened_to_stay(transaction, session, compartment).await;
        // In another of her roles she does not open it; another time she will.
        let Ok((key, known)) = opened else { continue };
        share_out(transaction, &known.agency, &key, &officers).await?;
        let (subject, scope) = ((Subject::Compartment, compartment), session.scope());
        audit::write(transaction, subject, "shared_anew", scope, at, "").await?;
    }
    Ok(())
}

/// The compartments of the scope's agency, or of all.
async fn listed(
    transaction: &mut Transaction,
    scope: &Scope,
) -> Result<Vec<Compartment>, StoreError> {
    let rows =
        query("SELECT * FROM compartment WHERE ($1 = '*' OR agency = $1) ORDER BY agency, name")
            .bind(scope.agency().unwrap_or("*"))
            .fetch_all(transaction)
            .await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in &rows {
        let (id, agency): (i64, String) = (row.try_get("id")?, row.try_get("agency")?);
        let name = name_of(row)?;
        let readers: Vec<String> = scalar(
            "SELECT member.name FROM compartment_grant
             JOIN member ON member.id = compartment_grant.member_id
             WHERE compartment_id = $1 AND until IS NULL ORDER BY member.name",
        )
        .bind(id)
        .fetch_all(transaction)
        .await?;
        let entitled = entitled(transaction, &agency, name).await?;
        let waiting = entitled.into_iter().map(|(_, name)| name);
        let waiting = waiting.filter(|name| !readers.contains(name)).collect();
        found.push(Compartment { id, agency, name, readers, waiting });
    }
    Ok(found)
}

/// What is known of a compartment.
pub(crate) struct Known {
    pub(crate) agency: String,
    pub(crate) name: CompartmentName,
    pub(crate) public: CompartmentPublicKey,
}

/// What is known of a compartment of the session's own agency that she was granted and reads in her role.
pub(crate) async fn expect_reader(
    transaction: &mut Transaction,
    session: &Session,
    name: CompartmentName,
    at: Timestamp,
) -> Result<Known, StoreError> {
    Ok(own(transaction, session, name, at).await?.1)
}

/// The number of an agency's compartment.
pub(crate) async fn number(
    transaction: &mut Transaction,
    agency: Option<&str>,
    name: CompartmentName,
) -> Result<i64, StoreError> {
    let id = scalar("SELECT id FROM compartment WHERE agency = $1 AND name = $2")
        .bind(agency)
        .bind(name.as_str())
        .fetch_optional(transaction)
        .await?;
    id.ok_or(StoreError::NoKeyToCompartment)
}

/// The compartment of an agency, to seal to.
pub(crate) async fn public(
    transaction: &mut Transaction,
    compartment: i64,
) -> Result<Option<Known>, StoreError> {
    let row = query("SELECT * FROM compartment WHERE id = $1")
        .bind(compartment)
        .fetch_optional(transaction)
        .await?;
    row.as_ref().map(known).transpose()
}

fn known(row: &Row) -> Result<Known, StoreError> {
    let public: &[u8] = row.try_get("public_key")?;
    Ok(Known {
        agency: row.try_get("agency")?,
        name: name_of(row)?,
        public: CompartmentPublicKey::from_bytes(CompartmentId(row.try_get("id")?), public)?,
    })
}

/// The same, opened.
pub(crate) async fn opened(
    transaction: &mut Transaction,
    session: &Session,
    name: CompartmentName,
    at: Timestamp,
) -> Result<(CompartmentKey, Known), StoreError> {
    accepted(session, own(transaction, session, name, at).await?)
}

/// A compartment opened by whoever was let in to stay: in an emergency nobody lets others in.
async fn opened_to_stay(
    transaction: &mut Transaction,
    session: &Session,
    compartment: i64,
) -> Result<(CompartmentKey, Known), StoreError> {
    let rows = query(format!("{GRANTED} AND until IS NULL AND compartment.id = $2"))
        .bind(session.member().0)
        .bind(compartment)
        .fetch_optional(transaction)
        .await?;
    accepted(session, granted(session, rows)?)
}

/// What a member was granted.
const GRANTED: &str = "SELECT sealed, until, compartment.* FROM compartment_grant
    JOIN compartment ON compartment.id = compartment_id WHERE member_id = $1";

/// A compartment's key as it was sealed to a member, and what is known of it.
type Granted = (Vec<u8>, Known);

async fn own(
    transaction: &mut Transaction,
    session: &Session,
    name: CompartmentName,
    at: Timestamp,
) -> Result<Granted, StoreError> {
    let row = query(format!(
        "{GRANTED} AND (until IS NULL OR until > $2)
            AND compartment.agency = $3 AND compartment.name = $4"
    ))
    .bind(session.member().0)
    .bind(at.to_string())
    .bind(session.scope().agency())
    .bind(name.as_str())
    .fetch_optional(transaction)
    .await?;
    granted(session, row)
}

fn granted(session: &Session, row: Option<Row>) -> Result<Granted, StoreError> {
    // Nothing is said of a compartment to somebody who has no key to it, not even whether it is there.
    let row = row.ok_or(StoreError::NoKeyToCompartment)?;
    let known = known(&row)?;
    let stays = row.try_get::<Option<&str>>("until")?.is_none();
    if stays && !known.name.roles().contains(&session.scope().role()) {
        return Err(StoreError::NoKeyToCompartment);
    }
    Ok((row.try_get::<&[u8]>("sealed")?.to_vec(), known))
}

fn accepted(
    session: &Session,
    (sealed, known): Granted,
) -> Result<(CompartmentKey, Known), StoreError> {
    let key = session.accept(&known.public, &sealed)?;
    Ok((key, known))
}

/// Takes from a member what none of her roles reads, and what she asked for in an emergency.
pub(super) async fn take_from(
    transaction: &mut Transaction,
    member: MemberId,
    roles: &[Role],
) -> Result<(), StoreError> {
    query(
        "DELETE FROM recovery_request
         WHERE member_id = $1 AND emergency IS NOT NULL AND done_at IS NULL",
    )
    .bind(member.0)
    .execute(transaction)
    .await?;
    for name in CompartmentName::ALL {
        if roles.iter().any(|role| name.roles().contains(role)) {
            continue;
        }
        query(
            "DELETE FROM compartment_grant WHERE member_id = $1
                AND compartment_id IN (SELECT id FROM compartment WHERE name = $2)",
        )
        .bind(member.0)
        .bind(name.as_str())
        .execute(transaction)
        .await?;
    }
    Ok(())
}

/// The members who may be let in and have a key, by name.
async fn entitled(
    transaction: &mut Transaction,
    agency: &str,
    name: CompartmentName,
) -> Result<Vec<(MemberPublicKey, String)>, StoreError> {
    in_roles(transaction, agency, name.roles()).await
}

/// The active members of an agency in one of some roles who have a key, by name.
pub(super) async fn in_roles(
    transaction: &mut Transaction,
    agency: &str,
    roles: &[Role],
) -> Result<Vec<(MemberPublicKey, String)>, StoreError> {
    let rows = query("SELECT * FROM member WHERE agency = $1 AND state = 'active' ORDER BY name")
        .bind(agency)
        .fetch_all(transaction)
        .await?;
    let mut found = Vec::new();
    for row in &rows {
        let member = MemberId(row.try_get("id")?);
        let hers = members::roles(transaction, member).await?;
        if let Some(key) = public_key(member, row)?
            && hers.iter().any(|role| roles.contains(role))
        {
            found.push((key, row.try_get("name")?));
        }
    }
    Ok(found)
}

/// Whether a key is the one that one of some members has now.
pub(super) fn is_key_of(members: &[(MemberPublicKey, String)], member: i64, key: &[u8]) -> bool {
    members.iter().any(|(known, _)| known.member().0 == member && known.to_bytes() == key)
}

async fn grant(
    transaction: &mut Transaction,
    key: &CompartmentKey,
    member: &MemberPublicKey,
    until: Option<Timestamp>,
) -> Result<(), StoreError> {
    query(
        "INSERT INTO compartment_grant (compartment_id, member_id, sealed, until)
         VALUES ($1, $2, $3, $4) ON CONFLICT (compartment_id, member_id) DO UPDATE SET
            sealed = excluded.sealed, until = CASE
                WHEN compartment_grant.until IS NULL OR excluded.until IS NULL THEN NULL
                ELSE excluded.until END",
    )
    .bind(key.public().compartment().0)
    .bind(member.member().0)
    .bind(key.grant(member)?.to_bytes())
    .bind(until.map(|until| until.to_string()))
    .execute(transaction)
    .await?;
    Ok(())
}

/// The public keys of an agency's administrators.
async fn officers(
    transaction: &mut Transaction,
    agency: &str,
) -> Result<Vec<MemberPublicKey>, StoreError> {
    let administrators = in_roles(transaction, agency, &[Role::Administrator]).await?;
    Ok(administrators.into_iter().map(|(key, _)| key).collect())
}

/// Half of the secret to each of every two administrators.
async fn share_out(
    transaction: &mut Transaction,
    agency: &str,
    key: &CompartmentKey,
    officers: &[MemberPublicKey],
) -> Result<(), StoreError> {
    if officers.len() < 2 {
        return Err(StoreError::TwoOfficers(agency.to_owned()));
    }
    let compartment = key.public().compartment().0;
    let generation: i64 = scalar(
        "UPDATE compartment SET generation = generation + 1 WHERE id = $1 RETURNING generation",
    )
    .bind(compartment)
    .fetch_one(transaction)
    .await?;
    query("DELETE FROM recovery_share WHERE compartment_id = $1")
        .bind(compartment)
        .execute(transaction)
        .await?;
    let generation = u32::try_from(generation).unwrap_or(u32::MAX);
    for share in key.recovery_shares(officers, generation)? {
        let of = officers.iter().find(|key| key.member() == share.officer());
        query(
            "INSERT INTO recovery_share (compartment_id, officer_id, other_id, officer_key, sealed)
             VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(compartment)
        .bind(share.officer().0)
        .bind(share.other_officer().0)
        .bind(of.map(MemberPublicKey::to_bytes))
        .bind(share.to_bytes())
        .execute(transaction)
        .await?;
    }
    Ok(())
}

/// Grants a compartment to the member whose session has just recovered it, or got it for some hours.
pub(super) async fn grant_to(
    transaction: &mut Transaction,
    key: &CompartmentKey,
    session: &Session,
    until: Option<Timestamp>,
) -> Result<(), StoreError> {
    grant(transaction, key, session.key().public(), until).await
}

/// What is in a compartment, as its row says.
pub(super) fn name_of(row: &Row) -> Result<CompartmentName, StoreError> {
    let damaged =
        StoreError::DamagedRow { table: "compartment", id: row.try_get("id")?, what: "its name" };
    CompartmentName::from_word(row.try_get("name")?).ok_or(damaged)
}
