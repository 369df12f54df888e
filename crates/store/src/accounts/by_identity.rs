//! An account at an agency's identity provider in the place of passphrase and code.
//!
//! In: what brings somebody to the provider and back ([`IdentityAsked`], [`IdentityTaken`]), and the subject
//! that a checked ID token names. Out: a session that is locked, as after half an hour: the provider says who
//! she is and unlocks nothing. Or the link between her account there and hers here, which she alone makes,
//! after passphrase and code. State, nonce and verifier are derived from what only her browser's cookie
//! carries, so that the database gives none of them away.

use jiff::Timestamp;
use sealing::SessionSecret;
use zeroize::Zeroizing;

use super::identity_providers::{self, OfferedProvider};
use super::issuer::Issuer;
use super::sessions::Session;
use super::sign_in;
use super::{ASKED_AT_ONCE, IDENTITY_ANSWERS, members};
use crate::audit::{self, Subject, hex};
use crate::database::{Transaction, query, scalar};
use crate::{Purpose, Role, Scope, Store, StoreError};

/// What brings somebody to her provider and back.
#[derive(Debug)]
pub struct IdentityAsked {
    /// For a cookie of this browser: only with it what comes back is taken.
    pub browser: Zeroizing<String>,
    /// What comes back with her.
    pub state: String,
    /// What the ID token must repeat.
    pub nonce: String,
    /// What shows that the code was asked for here (RFC 7636): 64 characters.
    pub verifier: Zeroizing<String>,
    /// Where she goes.
    pub provider: OfferedProvider,
}

/// Somebody who has come back from her provider; what she brought is still to be checked.
#[derive(Debug)]
pub struct IdentityTaken {
    /// From where.
    pub provider: OfferedProvider,
    /// When she went (UTC).
    pub asked_at: Timestamp,
    /// What the ID token must repeat.
    pub nonce: String,
    /// What shows that the code was asked for here.
    pub verifier: Zeroizing<String>,
    /// The page to which she goes then.
    pub next: String,
    what: What,
}

/// What she went there for.
#[derive(Debug)]
enum What {
    SignIn { role: Option<Role>, purpose: Purpose },
    Link { member: i64 },
}

/// That a member has linked her account at her agency's provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityLink {
    /// The day on which she did (UTC).
    pub linked_on: String,
    /// The day on which she last signed in by it (UTC).
    pub used_on: Option<String>,
}

impl IdentityTaken {
    /// Whether she went to link her account, and not to sign in.
    pub fn is_to_link(&self) -> bool {
        matches!(self.what, What::Link { .. })
    }
}

impl Store {
    /// Sends somebody to a provider, who will sign in, in a role (the first of hers where she does not say)
    /// and for a purpose, and go to a page then. Nobody is known yet.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoIdentityProvider`]; [`StoreError::TooManyTries`] when thousands are on their way;
    /// [`StoreError::Database`].
    pub async fn ask_identity(
        &self,
        provider: i64,
        (role, purpose): (Option<Role>, Purpose),
        next: &str,
        at: Timestamp,
    ) -> Result<IdentityAsked, StoreError> {
        let mut transaction = self.door().await?;
        let provider = identity_providers::find(&mut transaction, provider).await?;
        ask(transaction, provider, None, (role, purpose), next, at).await
    }

    /// Sends whoever is signed in to her agency's provider, to link her account there, after her passphrase
    /// and a code: it takes the place of both when she signs in.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoIdentityProvider`]; [`StoreError::IdentityThere`] where she has linked one;
    /// [`StoreError::TooManyTries`]; [`StoreError::NotSignedIn`] for a wrong passphrase or code, without
    /// saying which; [`StoreError::Database`].
    pub async fn ask_identity_to_link(
        &self,
        session: &Session,
        (passphrase, code): (&str, &str),
        next: &str,
        at: Timestamp,
    ) -> Result<IdentityAsked, StoreError> {
        let scope = session.scope();
        let mut moment = self.window().await?;
        let agency = scope.agency().unwrap_or_default();
        let provider = identity_providers::of_agency(&mut moment, agency).await?;
        let provider = provider.ok_or(StoreError::NoIdentityProvider)?;
        drop(moment);
        if self.identity_link(session).await?.is_some() {
            return Err(StoreError::IdentityThere);
        }
        self.try_both(session, passphrase, code, at).await?;
        let (member, purpose) = (session.member().0, scope.purpose());
        ask(self.door().await?, provider, Some(member), (None, purpose), next, at).await
    }

    /// Takes what was asked for in this browser with this state: once, and not too late.
    ///
    /// # Errors
    ///
    /// [`StoreError::IdentityLate`], [`StoreError::NoIdentityProvider`], [`StoreError::Database`].
    pub async fn take_identity(
        &self,
        browser: &str,
        state: &str,
        at: Timestamp,
    ) -> Result<IdentityTaken, StoreError> {
        let secret = SessionSecret::from_cookie(browser).ok_or(StoreError::IdentityLate)?;
        // Hashes of BLAKE3 compare in the same time, whatever was sent.
        let is_own =
            blake3::Hash::from_hex(state).is_ok_and(|sent| sent == derived(STATE, browser));
        if !is_own {
            return Err(StoreError::IdentityLate);
        }
        let mut transaction = self.door().await?;
        let row = query("DELETE FROM identity_asked WHERE browser = $1 AND at > $2 RETURNING *")
            .bind(&secret.id().bytes()[..])
            .bind((at - IDENTITY_ANSWERS).as_second())
            .fetch_optional(&mut transaction)
            .await?
            .ok_or(StoreError::IdentityLate)?;
        let provider =
            identity_providers::find(&mut transaction, row.try_get("provider_id")?).await?;
        transaction.commit().await?;
        let (role, purpose): (Option<&str>, &str) = (row.try_get("role")?, row.try_get("purpose")?);
        let what = match row.try_get::<Option<i64>>("member_id")? {
            Some(member) => What::Link { member },
            None => What::SignIn {
                role: role.and_then(Role::from_word),
                purpose: Purpose::from_word(purpose).unwrap_or(Purpose::Other),
            },
        };
        Ok(IdentityTaken {
            provider,
            asked_at: Timestamp::from_second(row.try_get("at")?)
                .map_err(|_| StoreError::IdentityLate)?,
            nonce: derived(NONCE, browser).to_string(),
            verifier: Zeroizing::new(derived(VERIFIER, browser).to_string()),
            next: row.try_get("next")?,
            what,
        })
    }

    /// Signs in whoever has linked this subject, which a checked ID token of the provider names. Returns
    /// what the cookie of her session carries; the session is locked.
    ///
    /// # Errors
    ///
    /// [`StoreError::IdentityNotLinked`], whoever it is; [`StoreError::IdentityLate`] when she went to link;
    /// [`StoreError::TooManyTries`]; [`StoreError::MemberOff`], [`StoreError::RoleNotHeld`];
    /// [`StoreError::Database`].
    pub async fn sign_in_by_identity(
        &self,
        taken: &IdentityTaken,
        subject: &str,
        at: Timestamp,
    ) -> Result<Zeroizing<String>, StoreError> {
        let What::SignIn { role, purpose } = taken.what else {
            return Err(StoreError::IdentityLate);
        };
        let (provider, digest) = (&taken.provider, digest(&taken.provider.issuer, subject));
        let mut transaction = self.door().await?;
        let name: Option<String> = scalar(
            "SELECT member.name FROM identity_link JOIN member ON member.id = member_id
             WHERE provider_id = $1 AND subject = $2",
        )
        .bind(provider.id)
        .bind(&digest[..])
        .fetch_optional(&mut transaction)
        .await?;
        // One that nobody has linked counts by itself, so that it is answered like any other.
        let name = name.unwrap_or_else(|| format!("identity {}", hex(&digest)));
        sign_in::expect_tries_left(&mut transaction, &name, at).await?;
        let known = sign_in::known(&mut transaction, &name).await?;
        let Some(known) = known.filter(|known| known.agency == provider.agency) else {
            sign_in::note_failed(&mut transaction, &name, at).await?;
            transaction.commit().await?;
            self.say_failed(&name, at).await?;
            return Err(StoreError::IdentityNotLinked);
        };
        query("UPDATE identity_link SET used_on = $1 WHERE member_id = $2")
            .bind(members::day(at))
            .bind(known.id.0)
            .execute(&mut transaction)
            .await?;
        known.comes_in_locked(transaction, (role, purpose), &numbered(provider), at).await
    }

    /// Links this subject, which a checked ID token of her agency's provider names, to whoever is signed in.
    ///
    /// # Errors
    ///
    /// [`StoreError::IdentityLate`] when another went to link, or nobody; [`StoreError::IdentityThere`];
    /// [`StoreError::Database`].
    pub async fn link_identity(
        &self,
        session: &Session,
        taken: &IdentityTaken,
        subject: &str,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let (scope, own) = (session.scope(), session.member().0);
        let is_hers = matches!(taken.what, What::Link { member } if member == own);
        if !is_hers || scope.agency() != Some(&taken.provider.agency) {
            return Err(StoreError::IdentityLate);
        }
        let mut transaction = self.door().await?;
        let linked = query(
            "INSERT INTO identity_link (member_id, provider_id, subject, linked_on)
             VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
        )
        .bind(own)
        .bind(taken.provider.id)
        .bind(&digest(&taken.provider.issuer, subject)[..])
        .bind(members::day(at))
        .execute(&mut transaction)
        .await?;
        if linked == 0 {
            return Err(StoreError::IdentityThere);
        }
        let (about, why) = ((Subject::Member, own), numbered(&taken.provider));
        audit::write(&mut transaction, about, "identity_linked", scope, at, &why).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Unlinks the account of whoever is signed in. Her other sessions end, for she may do it because
    /// somebody else has that account. Passphrase and code stay.
    ///
    /// # Errors
    ///
    /// [`StoreError::IdentityNotLinked`], [`StoreError::Database`].
    pub async fn unlink_identity(
        &self,
        session: &Session,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let own = session.member().0;
        let mut transaction = self.door().await?;
        let removed = query("DELETE FROM identity_link WHERE member_id = $1").bind(own);
        if removed.execute(&mut transaction).await? == 0 {
            return Err(StoreError::IdentityNotLinked);
        }
        session.end_others(&mut transaction).await?;
        let about = (Subject::Member, own);
        audit::write(&mut transaction, about, "identity_unlinked", session.scope(), at, "").await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Whether whoever is signed in has linked an account.
    ///
    /// # Errors
    ///
    /// [`StoreError::Database`].
    pub async fn identity_link(
        &self,
        session: &Session,
    ) -> Result<Option<IdentityLink>, StoreError> {
        let row = query("SELECT linked_on, used_on FROM identity_link WHERE member_id = $1")
            .bind(session.member().0)
            .fetch_optional(&mut self.window().await?)
            .await?;
        let read = |row: crate::database::Row| -> Result<IdentityLink, StoreError> {
            Ok(IdentityLink {
                linked_on: row.try_get("linked_on")?,
                used_on: row.try_get("used_on")?,
            })
        };
        row.map(read).transpose()
    }

    /// The provider at which whoever is signed in may link her account.
    ///
    /// # Errors
    ///
    /// [`StoreError::Database`].
    pub async fn own_provider(
        &self,
        session: &Session,
    ) -> Result<Option<OfferedProvider>, StoreError> {
        let agency = session.scope().agency().unwrap_or_default();
        identity_providers::of_agency(&mut self.window().await?, agency).await
    }

    /// Writes into the audit why what came back from a provider was not taken, so that its agency can see
    /// to it. Where hundreds are refused, it is no place for all of them.
    ///
    /// # Errors
    ///
    /// [`StoreError::Database`].
    pub async fn say_identity_refused(
        &self,
        provider: &OfferedProvider,
        why: &str,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut transaction = self.door().await?;
        sign_in::note_failed(&mut transaction, &format!("refused by {}", numbered(provider)), at)
            .await?;
        if !sign_in::is_flooded(&mut transaction, at).await? {
            let agency: i64 = scalar("SELECT id FROM agency WHERE code = $1")
                .bind(&provider.agency)
                .fetch_one(&mut transaction)
                .await?;
            let scope = Scope::of("somebody unknown", None, Role::Trainer, Purpose::SignIn);
            let about = (Subject::Joined, agency);
            audit::write(&mut transaction, about, "identity_refused", &scope, at, why).await?;
        }
        transaction.commit().await?;
        Ok(())
    }
}

async fn ask(
    mut transaction: Transaction,
    provider: OfferedProvider,
    member: Option<i64>,
    (role, purpose): (Option<Role>, Purpose),
    next: &str,
    at: Timestamp,
) -> Result<IdentityAsked, StoreError> {
    let browser = SessionSecret::generate()?;
    query("DELETE FROM identity_asked WHERE at <= $1")
        .bind((at - IDENTITY_ANSWERS).as_second())
        .execute(&mut transaction)
        .await?;
    let open: i64 =
        scalar("SELECT COUNT(*) FROM identity_asked").fetch_one(&mut transaction).await?;
    if member.is_none() && open >= ASKED_AT_ONCE {
        return Err(StoreError::TooManyTries { until: (at + IDENTITY_ANSWERS).to_string() });
    }
    query(
        "INSERT INTO identity_asked (browser, provider_id, member_id, role, purpose, next, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(&browser.id().bytes()[..])
    .bind(provider.id)
    .bind(member)
    .bind(role.map(|role| role.as_str().to_owned()))
    .bind(purpose.as_str())
    .bind(next)
    .bind(at.as_second())
    .execute(&mut transaction)
    .await?;
    transaction.commit().await?;
    let browser = browser.to_cookie();
    Ok(IdentityAsked {
        state: derived(STATE, &browser).to_string(),
        nonce: derived(NONCE, &browser).to_string(),
        verifier: Zeroizing::new(derived(VERIFIER, &browser).to_string()),
        browser,
        provider,
    })
}

const STATE: &str = "clearway 2026 state of somebody at an identity provider";
const NONCE: &str = "clearway 2026 nonce of somebody at an identity provider";
const VERIFIER: &str = "clearway 2026 verifier of somebody at an identity provider";

/// What is derived from a browser's cookie: 32 bytes, said as 64 digits.
fn derived(what: &str, browser: &str) -> blake3::Hash {
    blake3::derive_key(what, browser.as_bytes()).into()
}

/// By what an account at a provider is known here. No issuer has a zero byte in it.
fn digest(issuer: &Issuer, subject: &str) -> [u8; 32] {
    let both = format!("{issuer}\0{subject}");
    blake3::derive_key("clearway 2026 account at an identity provider", both.as_bytes())
}

/// How the audit names a provider.
fn numbered(provider: &OfferedProvider) -> String {
    format!("identity provider {}", provider.id)
}
