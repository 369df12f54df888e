//! The passkeys of a member: asked for, made, listed, removed.
//!
//! In: somebody who is signed in, her passphrase once more, and what her browser passes on of a passkey.
//! Out: her key, wrapped by the passkey too. Her passphrase stays a way in, so that the last passkey can
//! go. What the passkey gives out is never kept; without it the row opens nothing.

use jiff::Timestamp;
use sealing::{
    Credential, Made, PasskeyChallenge, PasskeySecret, RelyingParty, SessionSecret, Wrapped,
};
use zeroize::Zeroizing;

use super::sessions::Session;
use super::{ASKED_AT_ONCE, MOST_PASSKEYS, PASSKEY_ANSWERS, members};
use crate::audit::{self, Subject};
use crate::database::{Transaction, query, scalar};
use crate::{Store, StoreError};

/// A passkey of a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passkey {
    /// Its number here.
    pub id: i64,
    /// As she calls it.
    pub label: String,
    /// Its id, by which browsers name it.
    pub credential: Vec<u8>,
    /// The day on which it was made (UTC).
    pub made_on: String,
    /// The day on which it was last used (UTC).
    pub used_on: Option<String>,
}

/// What a page hands to a passkey, and to nobody else.
#[derive(Debug)]
pub struct PasskeyAsked {
    /// For a cookie of this browser: only with it the answer is taken.
    pub browser: Zeroizing<String>,
    /// What is to be signed.
    pub challenge: PasskeyChallenge,
}

/// What a browser passes on of a passkey that was made.
#[derive(Debug)]
pub struct NewPasskey<'a> {
    /// As she calls it: 1 to 40 characters.
    pub label: &'a str,
    /// What the browser's cookie carries.
    pub browser: &'a str,
    /// For which site it was to be.
    pub party: &'a RelyingParty,
    /// What the browser says of it.
    pub made: Made<'a>,
    /// What it gives out for unlocking.
    pub secret: &'a PasskeySecret,
}

/// An open challenge that was taken, and whose passphrase was typed for it.
pub(super) struct Taken {
    pub(super) challenge: PasskeyChallenge,
    pub(super) member: Option<i64>,
}

impl Session {
    /// By what her passkeys know her: 32 bytes that say nothing of her. Another one of hers on the same
    /// device takes the place of the first.
    pub fn passkey_handle(&self) -> [u8; 32] {
        handle(self.scope().who())
    }
}

/// By what a member's passkeys know her. Names are there once in an installation.
pub(super) fn handle(name: &str) -> [u8; 32] {
    blake3::derive_key("clearway 2026 handle of a member's passkeys", name.as_bytes())
}

impl Store {
    /// Asks a passkey to answer, of somebody who signs in or unlocks; nobody is known yet.
    ///
    /// # Errors
    ///
    /// [`StoreError::TooManyTries`] when thousands are asked at once; [`StoreError::Database`].
    pub async fn ask_passkey(&self, at: Timestamp) -> Result<PasskeyAsked, StoreError> {
        self.ask(None, at).await
    }

    /// Asks for a new passkey, after the passphrase of whoever is signed in: it is another way in.
    ///
    /// # Errors
    ///
    /// [`StoreError::PasskeyLabel`], [`StoreError::TooManyPasskeys`]; [`StoreError::TooManyTries`];
    /// [`StoreError::NotSignedIn`] for a wrong passphrase; [`StoreError::Database`].
    pub async fn ask_new_passkey(
        &self,
        session: &Session,
        label: &str,
        passphrase: &str,
        at: Timestamp,
    ) -> Result<PasskeyAsked, StoreError> {
        expect_label(label)?;
        let mut moment = self.window().await?;
        expect_room(&mut moment, session).await?;
        let by_passphrase: Vec<u8> = scalar("SELECT by_passphrase FROM member WHERE id = $1")
            .bind(session.member().0)
            .fetch_one(&mut moment)
            .await?;
        drop(moment);
        let who = (session.scope().who(), *session.key().public());
        self.try_passphrase(who, &by_passphrase, passphrase, at).await?;
        self.ask(Some(session.member().0), at).await
    }

    /// Keeps a passkey that was just made, with the member's key wrapped by it. Returns its number.
    ///
    /// # Errors
    ///
    /// [`StoreError::PasskeyLate`] when it was not asked for by [`Store::ask_new_passkey`], in this browser,
    /// within five minutes, once; [`StoreError::Passkey`], [`StoreError::PasskeyThere`],
    /// [`StoreError::PasskeyLabel`], [`StoreError::TooManyPasskeys`]; [`StoreError::Database`].
    pub async fn add_passkey(
        &self,
        session: &Session,
        new: &NewPasskey<'_>,
        at: Timestamp,
    ) -> Result<i64, StoreError> {
        expect_label(new.label)?;
        let mut transaction = self.door().await?;
        let taken = take(&mut transaction, new.browser, at).await?;
        let member = session.member().0;
        if taken.member != Some(member) {
            return Err(StoreError::PasskeyLate);
        }
        expect_room(&mut transaction, session).await?;
        let credential = Credential::made(&new.made, new.party, &taken.challenge)
            .map_err(StoreError::Passkey)?;
        let id: Option<i64> = scalar(
            "INSERT INTO passkey (member_id, label, credential, public_key, by_passkey, counter, made_on)
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING RETURNING id",
        )
        .bind(member)
        .bind(new.label)
        .bind(credential.id())
        .bind(credential.key())
        .bind(Wrapped::by_passkey(session.key(), new.secret)?.to_bytes())
        .bind(i64::from(credential.counter()))
        .bind(members::day(at))
        .fetch_optional(&mut transaction)
        .await?;
        let id = id.ok_or(StoreError::PasskeyThere)?;
        let (subject, why) = ((Subject::Member, member), numbered(id));
        audit::write(&mut transaction, subject, "passkey_added", session.scope(), at, &why).await?;
        transaction.commit().await?;
        Ok(id)
    }

    /// The passkeys of whoever is signed in, in the order in which they were made.
    ///
    /// # Errors
    ///
    /// [`StoreError::Database`].
    pub async fn passkeys(&self, session: &Session) -> Result<Vec<Passkey>, StoreError> {
        let rows = query("SELECT * FROM passkey WHERE member_id = $1 ORDER BY id")
            .bind(session.member().0)
            .fetch_all(&mut self.window().await?)
            .await?;
        let read = |row: &crate::database::Row| {
            Ok(Passkey {
                id: row.try_get("id")?,
                label: row.try_get("label")?,
                credential: row.try_get("credential")?,
                made_on: row.try_get("made_on")?,
                used_on: row.try_get("used_on")?,
            })
        };
        rows.iter().map(read).collect()
    }

    /// Removes a passkey of whoever is signed in: lost, given away, or not needed. Her other sessions end,
    /// for one of them may be where it was lost. Her passphrase stays.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoSuchPasskey`], [`StoreError::Database`].
    pub async fn remove_passkey(
        &self,
        session: &Session,
        id: i64,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut transaction = self.door().await?;
        let member = session.member().0;
        let removed = query("DELETE FROM passkey WHERE id = $1 AND member_id = $2")
            .bind(id)
            .bind(member)
            .execute(&mut transaction)
            .await?;
        if removed == 0 {
            return Err(StoreError::NoSuchPasskey);
        }
        session.end_others(&mut transaction).await?;
        let (subject, why) = ((Subject::Member, member), numbered(id));
        audit::write(&mut transaction, subject, "passkey_removed", session.scope(), at, &why)
            .await?;
        transaction.commit().await?;
        Ok(())
    }

    async fn ask(&self, member: Option<i64>, at: Timestamp) -> Result<PasskeyAsked, StoreError> {
        let (browser, challenge) = (SessionSecret::generate()?, PasskeyChallenge::generate()?);
        let mut transaction = self.door().await?;
        query("DELETE FROM passkey_challenge WHERE at <= $1")
            .bind((at - PASSKEY_ANSWERS).as_second())
            .execute(&mut transaction)
            .await?;
        let open: i64 =
            scalar("SELECT COUNT(*) FROM passkey_challenge").fetch_one(&mut transaction).await?;
        if member.is_none() && open >= ASKED_AT_ONCE {
            return Err(StoreError::TooManyTries { until: (at + PASSKEY_ANSWERS).to_string() });
        }
        query(
            "INSERT INTO passkey_challenge (browser, challenge, member_id, at)
             VALUES ($1, $2, $3, $4)",
        )
        .bind(&browser.id().bytes()[..])
        .bind(&challenge.bytes()[..])
        .bind(member)
        .bind(at.as_second())
        .execute(&mut transaction)
        .await?;
        transaction.commit().await?;
        Ok(PasskeyAsked { browser: browser.to_cookie(), challenge })
    }
}

/// Takes what a passkey was to sign in this browser: once, and not too late.
pub(super) async fn take(
    transaction: &mut Transaction,
    browser: &str,
    at: Timestamp,
) -> Result<Taken, StoreError> {
    let secret = SessionSecret::from_cookie(browser).ok_or(StoreError::PasskeyLate)?;
    let row = query(
        "DELETE FROM passkey_challenge WHERE browser = $1 AND at > $2
         RETURNING challenge, member_id",
    )
    .bind(&secret.id().bytes()[..])
    .bind((at - PASSKEY_ANSWERS).as_second())
    .fetch_optional(transaction)
    .await?
    .ok_or(StoreError::PasskeyLate)?;
    Ok(Taken {
        challenge: PasskeyChallenge::from_bytes(row.try_get("challenge")?)?,
        member: row.try_get("member_id")?,
    })
}

/// How the audit names a passkey: by its number, for its name is hers.
pub(super) fn numbered(id: i64) -> String {
    format!("passkey {id}")
}

async fn expect_room(transaction: &mut Transaction, session: &Session) -> Result<(), StoreError> {
    let number: i64 = scalar("SELECT COUNT(*) FROM passkey WHERE member_id = $1")
        .bind(session.member().0)
        .fetch_one(transaction)
        .await?;
    match usize::try_from(number).is_ok_and(|number| number < MOST_PASSKEYS) {
        true => Ok(()),
        false => Err(StoreError::TooManyPasskeys(MOST_PASSKEYS)),
    }
}

fn expect_label(label: &str) -> Result<(), StoreError> {
    let fits = (1..=40).contains(&label.chars().count());
    match fits && label.trim() == label && !label.chars().any(char::is_control) {
        true => Ok(()),
        false => Err(StoreError::PasskeyLabel),
    }
}
