//! A passkey in the place of passphrase and code.
//!
//! In: what a browser passes on of a passkey that answered ([`PasskeyAnswer`]). Out: [`SignedIn`], or a
//! locked [`Session`] that is open again. Whoever the passkey belongs to is found by its id; failed tries
//! count for her name, five as with passphrases.

use jiff::Timestamp;
use sealing::{
    Answered, Credential, MemberKey, PasskeyError, PasskeySecret, RelyingParty, SealingError,
    SessionSecret, Wrapped,
};

use super::passkeys::{handle, numbered, take};
use super::sessions::Session;
use super::sign_in::{self, Known, SignedIn};
use super::{members, public_key};
use crate::audit::{self, Subject, hex};
use crate::database::{Row, Transaction, query};
use crate::{Purpose, Role, Scope, Store, StoreError};

/// What a browser passes on of a passkey that answered.
#[derive(Debug)]
pub struct PasskeyAnswer<'a> {
    /// What the browser's cookie carries.
    pub browser: &'a str,
    /// For which site it was asked.
    pub party: &'a RelyingParty,
    /// Its id.
    pub credential: &'a [u8],
    /// By what it knows whose it is.
    pub handle: &'a [u8],
    /// What it signed.
    pub answered: Answered<'a>,
    /// What it gives out for unlocking.
    pub secret: &'a PasskeySecret,
}

/// A passkey that answered rightly, and whose it is.
struct Answering {
    id: i64,
    known: Known,
    key: MemberKey,
    before: i64,
    counter: u32,
    try_number: i64,
}

impl Store {
    /// Signs somebody in by her passkey, in a role (the first of hers where she does not say) and for a
    /// purpose.
    ///
    /// # Errors
    ///
    /// [`StoreError::PasskeyLate`]; [`StoreError::TooManyTries`]; [`StoreError::PasskeyNotTaken`], without
    /// saying why; [`StoreError::PasskeyCopied`]; [`StoreError::MemberOff`], [`StoreError::RoleNotHeld`];
    /// [`StoreError::Database`].
    pub async fn sign_in_by_passkey(
        &self,
        answer: &PasskeyAnswer<'_>,
        role: Option<Role>,
        purpose: Purpose,
        at: Timestamp,
    ) -> Result<SignedIn, StoreError> {
        let answering = self.answering(answer, at).await?;
        let mut transaction = self.door().await?;
        answering.note_used(&mut transaction, at).await?;
        let how = numbered(answering.id);
        let Answering { known, key, .. } = answering;
        known.comes_in(transaction, key, (role, purpose), &how, at).await
    }

    /// Unlocks a session by a passkey of whoever is locked out.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotSignedIn`] when the session has ended; those of [`Store::sign_in_by_passkey`].
    pub async fn unlock_by_passkey(
        &self,
        cookie: &str,
        answer: &PasskeyAnswer<'_>,
        at: Timestamp,
    ) -> Result<Session, StoreError> {
        let secret = SessionSecret::from_cookie(cookie).ok_or(StoreError::NotSignedIn)?;
        let kept = self.lasting(&secret, at).await?.ok_or(StoreError::NotSignedIn)?;
        let answering = self.answering(answer, at).await?;
        if answering.known.id != kept.member {
            self.say_failed(kept.scope.who(), at).await?;
            return Err(StoreError::PasskeyNotTaken);
        }
        let mut transaction = self.door().await?;
        answering.note_used(&mut transaction, at).await?;
        let how = numbered(answering.id);
        kept.opens(transaction, answering.key, &secret, &how, at).await
    }

    /// Looks at an answer. The try is counted until [`Answering::note_used`].
    async fn answering(
        &self,
        answer: &PasskeyAnswer<'_>,
        at: Timestamp,
    ) -> Result<Answering, StoreError> {
        let mut transaction = self.door().await?;
        let taken = take(&mut transaction, answer.browser, at).await?;
        let row = query(
            "SELECT passkey.*, member.name FROM passkey JOIN member ON member.id = member_id
             WHERE credential = $1",
        )
        .bind(answer.credential)
        .fetch_optional(&mut transaction)
        .await?;
        // One that nobody has counts by itself, so that it is answered like any other.
        let name = match &row {
            Some(row) => row.try_get("name")?,
            None => format!("passkey {}", hex(answer.credential)),
        };
        sign_in::expect_tries_left(&mut transaction, &name, at).await?;
        let known = sign_in::known(&mut transaction, &name).await?;
        let try_number = sign_in::note_failed(&mut transaction, &name, at).await?;
        transaction.commit().await?;

        let (Some(row), Some(known)) = (row, known) else {
            self.say_failed(&name, at).await?;
            return Err(StoreError::PasskeyNotTaken);
        };
        let id: i64 = row.try_get("id")?;
        let before: i64 = row.try_get("counter")?;
        let is_other = taken.member.is_some() || answer.handle != handle(&name);
        let checked = match is_other {
            true => Err(PasskeyError::OtherChallenge),
            false => credential(&row, id)?.check(&answer.answered, answer.party, &taken.challenge),
        };
        let refused = match checked {
            Ok(counter) => match unlocked(&row, &known, answer.secret)? {
                Some(key) => {
                    return Ok(Answering { id, known, key, before, counter, try_number });
                }
                None => StoreError::PasskeyNotTaken,
            },
            Err(PasskeyError::Copied) => {
                self.say_copied(&known, &name, id, at).await?;
                return Err(StoreError::PasskeyCopied);
            }
            Err(_) => StoreError::PasskeyNotTaken,
        };
        self.say_failed(&name, at).await?;
        Err(refused)
    }

    async fn say_copied(
        &self,
        known: &Known,
        name: &str,
        id: i64,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut transaction = self.door().await?;
        let scope = Scope::of(name, Some(known.agency.clone()), known.role, Purpose::SignIn);
        let (subject, why) = ((Subject::Member, known.id.0), numbered(id));
        audit::write(&mut transaction, subject, "passkey_copied", &scope, at, &why).await?;
        transaction.commit().await?;
        Ok(())
    }
}

impl Answering {
    /// Writes down that it was used. Of two answers at the same moment, or when it was removed meanwhile,
    /// one is too late.
    async fn note_used(
        &self,
        transaction: &mut Transaction,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let used =
            query("UPDATE passkey SET counter = $1, used_on = $2 WHERE id = $3 AND counter = $4")
                .bind(i64::from(self.counter))
                .bind(members::day(at))
                .bind(self.id)
                .bind(self.before)
                .execute(transaction)
                .await?;
        if used == 0 {
            return Err(StoreError::PasskeyNotTaken);
        }
        sign_in::forgive(transaction, self.try_number).await
    }
}

fn credential(row: &Row, id: i64) -> Result<Credential, StoreError> {
    let damaged = |_| StoreError::DamagedRow { table: "passkey", id, what: "a key that is none" };
    let counter = u32::try_from(row.try_get::<i64>("counter")?).unwrap_or(u32::MAX);
    let key: &[u8] = row.try_get("public_key")?;
    Credential::kept(row.try_get("credential")?, key, counter).map_err(damaged)
}

/// The key that the passkey unlocks; nothing when what it gave out is something else.
fn unlocked(
    row: &Row,
    known: &Known,
    secret: &PasskeySecret,
) -> Result<Option<MemberKey>, StoreError> {
    let Some(public) = public_key(known.id, &known.row)? else { return Ok(None) };
    let wrapped = Wrapped::from_bytes(row.try_get("by_passkey")?)?;
    match wrapped.unlock_by_passkey(&public, secret) {
        Ok(key) => Ok(Some(key)),
        Err(SealingError::WrongSecret) => Ok(None),
        Err(other) => Err(other.into()),
    }
}
