//! A cookie becomes the session again.
//!
//! In: the cookie's secret. Out: a [`Session`], or that it is locked, or nothing. After half an hour
//! without a request the key is dropped from the row and only the passphrase or a passkey brings it back, as it is also in one
//! that began by an account at the agency; after twelve
//! hours the session is gone. The row alone, without the cookie, unlocks nothing.

use std::fmt;

use jiff::Timestamp;
use sealing::{
    CompartmentKey, CompartmentPublicKey, Grant, MemberId, MemberKey, Passphrase, SealingError,
    SessionSecret, Wrapped,
};

use super::{
    EMERGENCY_WAITS, Emergency, IDLE, SESSION, compartments, cost, emergency, members, public_key,
    sign_in, since, stretched, time,
};
use crate::audit::{self, Subject};
use crate::database::{Row, Transaction, query};
use crate::{Purpose, Role, Scope, Store, StoreError};

/// How often it is written down that a session is in use.
const SEEN: jiff::SignedDuration = jiff::SignedDuration::from_secs(60);

/// Somebody who is signed in, with her key.
pub struct Session {
    scope: Scope,
    key: MemberKey,
    id: [u8; 32],
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("scope", &self.scope).finish_non_exhaustive()
    }
}

/// What a cookie is good for.
#[derive(Debug)]
pub enum Resumed {
    /// Somebody is signed in.
    Open {
        /// She.
        session: Session,
        /// What was asked for in an emergency in her agency, as every colleague sees it.
        emergencies: Vec<Emergency>,
    },
    /// Somebody was idle too long: her passphrase or a passkey unlocks it.
    Locked {
        /// Her name.
        name: String,
    },
}

/// A session as it is kept.
pub(super) struct Kept {
    id: Vec<u8>,
    pub(super) member: MemberId,
    pub(super) scope: Scope,
    seen_at: Timestamp,
    row: Row,
}

impl Kept {
    /// Opens it with the member's key; `how` stands in the audit.
    pub(super) async fn opens(
        self,
        mut transaction: Transaction,
        key: MemberKey,
        secret: &SessionSecret,
        how: &str,
        at: Timestamp,
    ) -> Result<Session, StoreError> {
        let changed = query("UPDATE session SET by_session = $1, seen_at = $2 WHERE id = $3")
            .bind(Wrapped::by_session(&key, secret)?.to_bytes())
            .bind(at.to_string())
            .bind(&self.id[..])
            .execute(&mut transaction)
            .await?;
        if changed == 0 {
            return Err(StoreError::NotSignedIn);
        }
        let subject = (Subject::Member, self.member.0);
        audit::write(&mut transaction, subject, "unlocked", &self.scope, at, how).await?;
        let session = Session::new(self.scope, key, *secret.id().bytes());
        // Whoever came in by her agency's account had no key then.
        compartments::share_anew(&mut transaction, &session, at).await?;
        transaction.commit().await?;
        Ok(session)
    }
}

impl Session {
    pub(super) fn new(scope: Scope, key: MemberKey, id: [u8; 32]) -> Session {
        Session { scope, key, id }
    }

    /// In whose name she acts.
    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    /// Her number.
    pub fn member(&self) -> MemberId {
        self.key.public().member()
    }

    /// The fingerprint of her public key.
    pub fn fingerprint(&self) -> String {
        self.key.public().fingerprint().to_string()
    }

    pub(super) fn key(&self) -> &MemberKey {
        &self.key
    }

    /// Ends her other sessions.
    pub(super) async fn end_others(&self, transaction: &mut Transaction) -> Result<(), StoreError> {
        query("DELETE FROM session WHERE member_id = $1 AND id <> $2")
            .bind(self.member().0)
            .bind(&self.id[..])
            .execute(transaction)
            .await?;
        Ok(())
    }

    /// Opens a compartment that she was granted.
    pub(super) fn accept(
        &self,
        public: &CompartmentPublicKey,
        sealed: &[u8],
    ) -> Result<CompartmentKey, StoreError> {
        Ok(self.key.accept(&Grant::from_bytes(sealed)?, public)?)
    }
}

impl Store {
    /// What the cookie is good for; nothing when the session has ended or there never was one.
    ///
    /// # Errors
    ///
    /// [`StoreError::Database`], [`StoreError::Sealing`] for a damaged row.
    pub async fn resume(&self, cookie: &str, at: Timestamp) -> Result<Option<Resumed>, StoreError> {
        let Some(secret) = SessionSecret::from_cookie(cookie) else { return Ok(None) };
        let mut moment = self.window().await?;
        let Some(kept) = kept(&mut moment, &secret).await? else { return Ok(None) };
        let emergencies = emergency::shown(&mut moment, &kept.scope, at).await?;
        drop(moment);
        if since(time(&kept.row, "signed_in_at")?, at) >= SESSION {
            self.end(&kept, "ended", at).await?;
            return Ok(None);
        }
        let name = kept.scope.who().to_owned();
        let wrapped: Option<&[u8]> = kept.row.try_get("by_session")?;
        let Some(wrapped) = wrapped else { return Ok(Some(Resumed::Locked { name })) };
        if since(kept.seen_at, at) >= IDLE {
            self.lock(cookie, at).await?;
            return Ok(Some(Resumed::Locked { name }));
        }
        let Some(public) = public_key(kept.member, &kept.row)? else { return Ok(None) };
        let key = Wrapped::from_bytes(wrapped)?.unlock_by_session(&public, &secret)?;
        if since(kept.seen_at, at) >= SEEN {
            let mut transaction = self.door().await?;
            query("UPDATE session SET seen_at = $1 WHERE id = $2")
                .bind(at.to_string())
                .bind(kept.id)
                .execute(&mut transaction)
                .await?;
            transaction.commit().await?;
        }
        let session = Session::new(kept.scope, key, *secret.id().bytes());
        Ok(Some(Resumed::Open { session, emergencies }))
    }

    /// Locks a session: the key is dropped, the screen should be hidden.
    ///
    /// # Errors
    ///
    /// [`StoreError::Database`].
    pub async fn lock(&self, cookie: &str, at: Timestamp) -> Result<(), StoreError> {
        let Some(secret) = SessionSecret::from_cookie(cookie) else { return Ok(()) };
        let mut transaction = self.door().await?;
        let Some(kept) = kept(&mut transaction, &secret).await? else { return Ok(()) };
        let locked =
            query("UPDATE session SET by_session = NULL WHERE id = $1 AND by_session IS NOT NULL");
        if locked.bind(kept.id).execute(&mut transaction).await? > 0 {
            let subject = (Subject::Member, kept.member.0);
            audit::write(&mut transaction, subject, "locked", &kept.scope, at, "").await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Drops the keys of all sessions that have been idle too long, and ends those that are too old,
    /// also where no request comes any more; and takes away what was granted in an emergency that is over.
    /// Returns how many it locked, ended or took away.
    ///
    /// # Errors
    ///
    /// [`StoreError::Database`].
    pub async fn lock_idle(&self, at: Timestamp) -> Result<u64, StoreError> {
        let mut transaction = self.door().await?;
        let rows = query("SELECT id, signed_in_at, seen_at, by_session FROM session")
            .fetch_all(&mut transaction)
            .await?;
        let mut changed = 0;
        for row in &rows {
            let id: &[u8] = row.try_get("id")?;
            let locked: Option<&[u8]> = row.try_get("by_session")?;
            let sql = if since(time(row, "signed_in_at")?, at) >= SESSION {
                "DELETE FROM session WHERE id = $1"
            } else if locked.is_some() && since(time(row, "seen_at")?, at) >= IDLE {
                "UPDATE session SET by_session = NULL WHERE id = $1"
            } else {
                continue;
            };
            changed += query(sql).bind(id).execute(&mut transaction).await?;
        }
        // What was granted in an emergency ends by itself.
        let over = query("DELETE FROM compartment_grant WHERE until <= $1").bind(at.to_string());
        changed += over.execute(&mut transaction).await?;
        // So does one that was asked for and did not begin.
        let waited = query(
            "DELETE FROM recovery_request
             WHERE emergency IS NOT NULL AND done_at IS NULL AND asked_at <= $1",
        );
        let asked_before = (at - EMERGENCY_WAITS).to_string();
        changed += waited.bind(asked_before).execute(&mut transaction).await?;
        transaction.commit().await?;
        Ok(changed)
    }

    /// Unlocks a session by the passphrase.
    ///
    /// # Errors
    ///
    /// [`StoreError::TooManyTries`]; [`StoreError::NotSignedIn`] for a wrong passphrase, or when the
    /// session has ended; [`StoreError::Database`].
    pub async fn unlock(
        &self,
        cookie: &str,
        passphrase: &str,
        at: Timestamp,
    ) -> Result<Session, StoreError> {
        let secret = SessionSecret::from_cookie(cookie).ok_or(StoreError::NotSignedIn)?;
        let kept = self.lasting(&secret, at).await?.ok_or(StoreError::NotSignedIn)?;
        let public = public_key(kept.member, &kept.row)?.ok_or(StoreError::NotSignedIn)?;
        let by_passphrase = kept.row.try_get("by_passphrase")?;
        let who = (kept.scope.who(), public);
        let key = self.try_passphrase(who, by_passphrase, passphrase, at).await?;
        let transaction = self.door().await?;
        kept.opens(transaction, key, &secret, "", at).await
    }

    /// The session of a cookie, locked or not, that has not ended.
    pub(super) async fn lasting(
        &self,
        secret: &SessionSecret,
        at: Timestamp,
    ) -> Result<Option<Kept>, StoreError> {
        let Some(kept) = kept(&mut self.window().await?, secret).await? else { return Ok(None) };
        let over = since(time(&kept.row, "signed_in_at")?, at) >= SESSION;
        Ok(Some(kept).filter(|_| !over))
    }

    /// Signs out. A session that is no more is as good.
    ///
    /// # Errors
    ///
    /// [`StoreError::Database`].
    pub async fn sign_out(&self, cookie: &str, at: Timestamp) -> Result<(), StoreError> {
        let Some(secret) = SessionSecret::from_cookie(cookie) else { return Ok(()) };
        let mut moment = self.window().await?;
        let kept = kept(&mut moment, &secret).await?;
        drop(moment);
        match kept {
            Some(kept) => self.end(&kept, "signed_out", at).await,
            None => Ok(()),
        }
    }

    /// Goes on in another of her roles.
    ///
    /// # Errors
    ///
    /// [`StoreError::RoleNotHeld`], [`StoreError::Database`].
    pub async fn act_as(
        &self,
        session: &Session,
        role: Role,
        purpose: Purpose,
        at: Timestamp,
    ) -> Result<Scope, StoreError> {
        let mut transaction = self.door().await?;
        let member = session.member();
        if !members::roles(&mut transaction, member).await?.contains(&role) {
            return Err(StoreError::RoleNotHeld);
        }
        query("UPDATE session SET role = $1, purpose = $2 WHERE id = $3")
            .bind(role.as_str())
            .bind(purpose.as_str())
            .bind(&session.id[..])
            .execute(&mut transaction)
            .await?;
        let agency = session.scope.agency().map(str::to_owned);
        let scope = Scope::of(session.scope.who(), agency, role, purpose);
        audit::write(&mut transaction, (Subject::Member, member.0), "acts_as", &scope, at, "")
            .await?;
        transaction.commit().await?;
        Ok(scope)
    }

    /// Changes the passphrase of whoever is signed in; her key stays, and with it all that it opens.
    /// Her other sessions end.
    ///
    /// # Errors
    ///
    /// [`StoreError::TooManyTries`]; [`StoreError::NotSignedIn`] for a wrong old passphrase;
    /// [`StoreError::Passphrase`]; [`StoreError::Database`].
    pub async fn change_passphrase(
        &self,
        session: &Session,
        old: &str,
        new: &str,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let name = session.scope.who();
        let new = Passphrase::new(new, name)?;
        let old = Passphrase::entered(old).map_err(|_| StoreError::NotSignedIn)?;
        let mut transaction = self.door().await?;
        sign_in::expect_tries_left(&mut transaction, name, at).await?;
        let row = query(
            "SELECT by_passphrase, practice FROM member JOIN agency ON agency.code = member.agency
             WHERE member.id = $1",
        )
        .bind(session.member().0)
        .fetch_one(&mut transaction)
        .await?;
        let before: Vec<u8> = row.try_get("by_passphrase")?;
        let cost = cost(row.try_get("practice")?);
        let try_number = sign_in::note_failed(&mut transaction, name, at).await?;
        transaction.commit().await?;
        let wrapped = Wrapped::from_bytes(&before)?;
        let public = *session.key.public();
        let rewrapped = stretched(move || wrapped.rewrap(&public, &old, &new, &cost)).await?;
        let after = match rewrapped {
            Err(SealingError::WrongSecret) => {
                self.say_failed(name, at).await?;
                return Err(StoreError::NotSignedIn);
            }
            other => other?,
        };
        let mut transaction = self.door().await?;
        let sql = "UPDATE member SET by_passphrase = $1 WHERE id = $2 AND by_passphrase = $3";
        let changed = query(sql)
            .bind(after.to_bytes())
            .bind(session.member().0)
            .bind(before)
            .execute(&mut transaction)
            .await?;
        if changed == 0 {
            return Err(StoreError::NotSignedIn);
        }
        sign_in::forgive(&mut transaction, try_number).await?;
        session.end_others(&mut transaction).await?;
        let subject = (Subject::Member, session.member().0);
        audit::write(&mut transaction, subject, "new_passphrase", &session.scope, at, "").await?;
        transaction.commit().await?;
        Ok(())
    }

    async fn end(&self, kept: &Kept, act: &str, at: Timestamp) -> Result<(), StoreError> {
        let mut transaction = self.door().await?;
        let ended = query("DELETE FROM session WHERE id = $1").bind(&kept.id[..]);
        if ended.execute(&mut transaction).await? > 0 {
            let subject = (Subject::Member, kept.member.0);
            audit::write(&mut transaction, subject, act, &kept.scope, at, "").await?;
        }
        transaction.commit().await?;
        Ok(())
    }
}

/// The session of a cookie, of a member who can sign in.
async fn kept(
    transaction: &mut Transaction,
    secret: &SessionSecret,
) -> Result<Option<Kept>, StoreError> {
    let row = query(
        "SELECT session.*, member.name, member.agency, member.public_key, member.by_passphrase
         FROM session JOIN member ON member.id = session.member_id
         WHERE session.id = $1 AND member.state = 'active'",
    )
    .bind(&secret.id().bytes()[..])
    .fetch_optional(transaction)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let role = Role::from_word(row.try_get("role")?).ok_or(StoreError::DamagedRow {
        table: "session",
        id: 0,
        what: "a role that is none",
    })?;
    // One of before there was a list is something else.
    let purpose = Purpose::from_word(row.try_get("purpose")?).unwrap_or(Purpose::Other);
    let name: String = row.try_get("name")?;
    Ok(Some(Kept {
        id: row.try_get("id")?,
        member: MemberId(row.try_get("member_id")?),
        scope: Scope::of(name, Some(row.try_get("agency")?), role, purpose),
        seen_at: time(&row, "seen_at")?,
        row,
    }))
}
