//! Name, passphrase and one-time code become a session.
//!
//! In: what somebody typed ([`Entered`]). Out: [`SignedIn`], the cookie's secret and the session with its
//! [`Scope`]. After five failed tries in fifteen minutes a name is refused whoever has it, and a name that
//! nobody has is answered in the same words, after the same work.

use jiff::Timestamp;
use sealing::{
    CompartmentPublicKey, Grant, MemberId, MemberKey, MemberPublicKey, Passphrase, Place,
    Row as PlaceRow, Sealed, SealingError, SessionSecret, TotpSecret, Wrapped,
};
use zeroize::Zeroizing;

use super::sessions::Session;
use super::{
    IDLE_DAYS, TRIES, TRIES_WITHIN, UNKNOWN_TRIES, compartments, cost, members, personal,
    public_key, stretched,
};
use crate::audit::{self, Subject};
use crate::database::{Row, Transaction, query, scalar};
use crate::{Purpose, Role, Scope, Store, StoreError};

/// Where the secret of one-time codes is sealed.
pub(super) const TOTP: Place<'static> =
    Place { table: "member", row: PlaceRow::Number(0), field: "totp" };

/// What somebody typed to sign in.
pub struct Entered<'a> {
    /// Her name.
    pub name: &'a str,
    /// Her passphrase.
    pub passphrase: &'a str,
    /// The code that her app shows.
    pub code: &'a str,
    /// In which of her roles she will act; the first of them where she does not say.
    pub role: Option<Role>,
    /// For what.
    pub purpose: Purpose,
}

/// Somebody who has signed in.
#[derive(Debug)]
pub struct SignedIn {
    /// What the session's cookie carries, and nothing else does.
    pub cookie: Zeroizing<String>,
    /// The session.
    pub session: Session,
}

/// A member as far as signing in needs her.
pub(super) struct Known {
    pub(super) id: MemberId,
    name: String,
    pub(super) agency: String,
    /// The first of her roles.
    pub(super) role: Role,
    active: bool,
    last_seen_on: Option<String>,
    pub(super) row: Row,
}

impl Store {
    /// Signs somebody in.
    ///
    /// # Errors
    ///
    /// [`StoreError::TooManyTries`]; [`StoreError::NotSignedIn`] for a wrong name, passphrase or code,
    /// without saying which; to whoever typed all three rightly [`StoreError::MemberOff`] and
    /// [`StoreError::RoleNotHeld`]; [`StoreError::Database`].
    pub async fn sign_in(
        &self,
        entered: &Entered<'_>,
        at: Timestamp,
    ) -> Result<SignedIn, StoreError> {
        let mut transaction = self.door().await?;
        expect_tries_left(&mut transaction, entered.name, at).await?;
        let known = known(&mut transaction, entered.name).await?;
        // Counted before it is looked at, so that many tries at once are not one.
        let try_number = note_failed(&mut transaction, entered.name, at).await?;
        transaction.commit().await?;

        let key = unlocked(known.as_ref(), entered.passphrase).await?;
        let (Some(known), Some(key)) = (known, key) else {
            self.say_failed(entered.name, at).await?;
            return Err(StoreError::NotSignedIn);
        };

        let mut transaction = self.door().await?;
        if !takes_code(&mut transaction, &known, &key, entered.code, at).await? {
            drop(transaction);
            self.say_failed(entered.name, at).await?;
            return Err(StoreError::NotSignedIn);
        }
        // All three were right: it is no failed try, and the code is used up.
        forgive(&mut transaction, try_number).await?;
        known.comes_in(transaction, key, (entered.role, entered.purpose), "", at).await
    }

    /// Tries the passphrase of somebody who has a session; it counts as any other try.
    pub(super) async fn try_passphrase(
        &self,
        (name, public): (&str, MemberPublicKey),
        by_passphrase: &[u8],
        passphrase: &str,
        at: Timestamp,
    ) -> Result<MemberKey, StoreError> {
        let entered = Passphrase::entered(passphrase).map_err(|_| StoreError::NotSignedIn)?;
        let wrapped = Wrapped::from_bytes(by_passphrase)?;
        let mut transaction = self.door().await?;
        expect_tries_left(&mut transaction, name, at).await?;
        let try_number = note_failed(&mut transaction, name, at).await?;
        transaction.commit().await?;
        let key = match stretched(move || wrapped.unlock_by_passphrase(&public, &entered)).await? {
            Err(SealingError::WrongSecret) => {
                self.say_failed(name, at).await?;
                return Err(StoreError::NotSignedIn);
            }
            other => other?,
        };
        let mut transaction = self.door().await?;
        forgive(&mut transaction, try_number).await?;
        transaction.commit().await?;
        Ok(key)
    }

    /// Tries passphrase and code of somebody who has a session; both count as any other try.
    pub(super) async fn try_both(
        &self,
        session: &Session,
        passphrase: &str,
        code: &str,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let (name, public) = (session.scope().who(), *session.key().public());
        let known = known(&mut self.window().await?, name).await?;
        let known = known.ok_or(StoreError::NotSignedIn)?;
        let by_passphrase = known.row.try_get("by_passphrase")?;
        let key = self.try_passphrase((name, public), by_passphrase, passphrase, at).await?;
        let mut transaction = self.door().await?;
        expect_tries_left(&mut transaction, name, at).await?;
        if takes_code(&mut transaction, &known, &key, code, at).await? {
            transaction.commit().await?;
            return Ok(());
        }
        note_failed(&mut transaction, name, at).await?;
        transaction.commit().await?;
        self.say_failed(name, at).await?;
        Err(StoreError::NotSignedIn)
    }

    /// Writes into the audit that somebody failed. What was typed is not repeated where nobody has that
    /// name: it may be a passphrase.
    pub(super) async fn say_failed(&self, name: &str, at: Timestamp) -> Result<(), StoreError> {
        let mut transaction = self.door().await?;
        let (scope, number) = match known(&mut transaction, name).await? {
            Some(known) => {
                (Scope::of(name, Some(known.agency), known.role, Purpose::SignIn), known.id.0)
            }
            None if is_flooded(&mut transaction, at).await? => return Ok(()),
            None => (Scope::of("somebody unknown", None, Role::Trainer, Purpose::SignIn), 0),
        };
        let subject = (Subject::Member, number);
        audit::write(&mut transaction, subject, "failed_to_sign_in", &scope, at, "").await?;
        transaction.commit().await?;
        Ok(())
    }
}

impl Known {
    /// Begins a session of somebody who has shown who she is, in her role and for a purpose; `how` stands
    /// in the audit.
    pub(super) async fn comes_in(
        self,
        transaction: Transaction,
        key: MemberKey,
        acting: (Option<Role>, Purpose),
        how: &str,
        at: Timestamp,
    ) -> Result<SignedIn, StoreError> {
        let begun = self.begins(transaction, Some(&key), acting, how, at).await?;
        let (mut transaction, secret, scope) = begun;
        let session = Session::new(scope, key, *secret.id().bytes());
        compartments::share_anew(&mut transaction, &session, at).await?;
        transaction.commit().await?;
        Ok(SignedIn { cookie: secret.to_cookie(), session })
    }

    /// The same without her key: the session is locked, as after half an hour. Returns what its cookie
    /// carries.
    pub(super) async fn comes_in_locked(
        self,
        transaction: Transaction,
        acting: (Option<Role>, Purpose),
        how: &str,
        at: Timestamp,
    ) -> Result<Zeroizing<String>, StoreError> {
        let (transaction, secret, _) = self.begins(transaction, None, acting, how, at).await?;
        transaction.commit().await?;
        Ok(secret.to_cookie())
    }

    async fn begins(
        self,
        mut transaction: Transaction,
        key: Option<&MemberKey>,
        (role, purpose): (Option<Role>, Purpose),
        how: &str,
        at: Timestamp,
    ) -> Result<(Transaction, SessionSecret, Scope), StoreError> {
        let subject = (Subject::Member, self.id.0);
        let role = match self.role_for(&mut transaction, role, at).await? {
            Ok(role) => role,
            Err(refused) => {
                let scope = Scope::of(self.name, Some(self.agency), self.role, Purpose::SignIn);
                let why = refused.to_string();
                audit::write(&mut transaction, subject, "was_refused", &scope, at, &why).await?;
                transaction.commit().await?;
                return Err(refused);
            }
        };
        query("UPDATE member SET last_seen_on = $1 WHERE id = $2")
            .bind(members::day(at))
            .bind(self.id.0)
            .execute(&mut transaction)
            .await?;
        let secret = SessionSecret::generate()?;
        let wrapped = key.map(|key| Wrapped::by_session(key, &secret)).transpose()?;
        query(
            "INSERT INTO session (id, member_id, role, purpose, by_session, signed_in_at, seen_at)
             VALUES ($1, $2, $3, $4, $5, $6, $6)",
        )
        .bind(&secret.id().bytes()[..])
        .bind(self.id.0)
        .bind(role.as_str())
        .bind(purpose.as_str())
        .bind(wrapped.map(|wrapped| wrapped.to_bytes()))
        .bind(at.to_string())
        .execute(&mut transaction)
        .await?;
        let scope = Scope::of(self.name, Some(self.agency), role, purpose);
        audit::write(&mut transaction, subject, "signed_in", &scope, at, how).await?;
        Ok((transaction, secret, scope))
    }

    /// In which role she comes in; or why she does not, though she showed who she is.
    async fn role_for(
        &self,
        transaction: &mut Transaction,
        role: Option<Role>,
        at: Timestamp,
    ) -> Result<Result<Role, StoreError>, StoreError> {
        let today = at.to_zoned(jiff::tz::TimeZone::UTC).date();
        let last = self.last_seen_on.as_ref().and_then(|day| day.parse().ok());
        let away = last.map_or(0, |day: jiff::civil::Date| {
            i64::from(day.until(today).map_or(0, |span| span.get_days()))
        });
        if !self.active || away > IDLE_DAYS {
            return Ok(Err(StoreError::MemberOff));
        }
        let roles = members::roles(transaction, self.id).await?;
        let role = role.or(roles.first().copied());
        Ok(role.filter(|role| roles.contains(role)).ok_or(StoreError::RoleNotHeld))
    }
}

pub(super) async fn known(
    transaction: &mut Transaction,
    name: &str,
) -> Result<Option<Known>, StoreError> {
    let row = query(
        "SELECT member.* FROM member JOIN agency ON agency.code = member.agency
         WHERE member.name = $1 AND agency.left_at IS NULL",
    )
    .bind(name)
    .fetch_optional(transaction)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let id = MemberId(row.try_get("id")?);
    let role = members::roles(transaction, id).await?.first().copied();
    Ok(Some(Known {
        id,
        name: row.try_get("name")?,
        role: role.unwrap_or(Role::Trainer),
        agency: row.try_get("agency")?,
        active: row.try_get::<&str>("state")? == "active",
        last_seen_on: row.try_get("last_seen_on")?,
        row,
    }))
}

/// The key that the passphrase unlocks; nothing when it unlocks none. Where nobody has the name, the
/// same work is done for nothing.
async fn unlocked(
    known: Option<&Known>,
    passphrase: &str,
) -> Result<Option<MemberKey>, StoreError> {
    let Ok(passphrase) = Passphrase::entered(passphrase) else { return Ok(None) };
    let of_member = match known {
        Some(known) => {
            let wrapped: Option<&[u8]> = known.row.try_get("by_passphrase")?;
            let wrapped = wrapped.map(Wrapped::from_bytes).transpose()?;
            wrapped.zip(public_key(known.id, &known.row)?)
        }
        None => None,
    };
    let done = stretched(move || match of_member {
        Some((wrapped, public)) => wrapped.unlock_by_passphrase(&public, &passphrase).map(Some),
        None => {
            let nobody = MemberKey::generate(MemberId(0))?;
            Wrapped::by_passphrase(&nobody, &passphrase, &cost(false)).map(|_| None)
        }
    });
    match done.await? {
        Ok(key) => Ok(key),
        Err(SealingError::WrongSecret) => Ok(None),
        Err(other) => Err(other.into()),
    }
}

/// Uses up a one-time code; whether it was right.
///
/// The step is read where it is written: a code is taken once, also of two at the same moment. So is the
/// passphrase still hers: she may have changed it while the old one was being stretched.
async fn takes_code(
    transaction: &mut Transaction,
    known: &Known,
    key: &MemberKey,
    code: &str,
    at: Timestamp,
) -> Result<bool, StoreError> {
    let still = query("SELECT totp_step FROM member WHERE id = $1 AND by_passphrase = $2")
        .bind(known.id.0)
        .bind(known.row.try_get::<Vec<u8>>("by_passphrase")?)
        .fetch_optional(transaction)
        .await?;
    let Some(still) = still else { return Err(StoreError::NotSignedIn) };
    let last: Option<i64> = still.try_get("totp_step")?;
    let last = last.and_then(|step| u64::try_from(step).ok());
    let now = u64::try_from(at.as_second()).unwrap_or(0);
    let Ok(step) = totp(known, key)?.check(code, now, last) else { return Ok(false) };
    query("UPDATE member SET totp_step = $1 WHERE id = $2")
        .bind(i64::try_from(step).unwrap_or(i64::MAX))
        .bind(known.id.0)
        .execute(transaction)
        .await?;
    Ok(true)
}

/// The secret of a member's one-time codes.
fn totp(known: &Known, key: &MemberKey) -> Result<TotpSecret, StoreError> {
    let damaged = || StoreError::DamagedRow {
        table: "member",
        id: known.id.0,
        what: "one-time codes that do not open",
    };
    let public: &[u8] = known.row.try_get("personal_public_key")?;
    let public = CompartmentPublicKey::from_bytes(personal(known.id), public)?;
    let own = key.accept(&Grant::from_bytes(known.row.try_get("personal_grant")?)?, &public)?;
    let place = Place { row: PlaceRow::Number(known.id.0), ..TOTP };
    let opened = own.open(&place, &Sealed::from_bytes(known.row.try_get("totp")?)?)?;
    opened.text().and_then(TotpSecret::from_base32).ok_or_else(damaged)
}

/// Whether names are being tried by the hundred: the audit is no place for all of them.
pub(super) async fn is_flooded(
    transaction: &mut Transaction,
    at: Timestamp,
) -> Result<bool, StoreError> {
    let recent: i64 = scalar("SELECT COUNT(*) FROM failed_try WHERE at > $1")
        .bind((at - TRIES_WITHIN).as_second())
        .fetch_one(transaction)
        .await?;
    Ok(recent > UNKNOWN_TRIES)
}

fn digest_of_name(name: &str) -> Vec<u8> {
    blake3::derive_key("clearway 2026 name that was typed", name.as_bytes()).to_vec()
}

/// Refuses a name that was tried in vain too often.
pub(super) async fn expect_tries_left(
    transaction: &mut Transaction,
    name: &str,
    at: Timestamp,
) -> Result<(), StoreError> {
    let times: Vec<i64> =
        scalar("SELECT at FROM failed_try WHERE name = $1 AND at > $2 ORDER BY at DESC")
            .bind(digest_of_name(name))
            .bind((at - TRIES_WITHIN).as_second())
            .fetch_all(transaction)
            .await?;
    // Five count; the fifth of them must be old enough.
    match times.get(TRIES - 1).and_then(|second| Timestamp::from_second(*second).ok()) {
        None => Ok(()),
        Some(fifth) => Err(StoreError::TooManyTries { until: (fifth + TRIES_WITHIN).to_string() }),
    }
}

/// Notes a try as failed, and forgets those that count no more.
pub(super) async fn note_failed(
    transaction: &mut Transaction,
    name: &str,
    at: Timestamp,
) -> Result<i64, StoreError> {
    query("DELETE FROM failed_try WHERE at <= $1")
        .bind((at - TRIES_WITHIN).as_second())
        .execute(transaction)
        .await?;
    Ok(scalar("INSERT INTO failed_try (name, at) VALUES ($1, $2) RETURNING id")
        .bind(digest_of_name(name))
        .bind(at.as_second())
        .fetch_one(transaction)
        .await?)
}

/// Takes back that a try has failed.
pub(super) async fn forgive(
    transaction: &mut Transaction,
    try_number: i64,
) -> Result<(), StoreError> {
    query("DELETE FROM failed_try WHERE id = $1").bind(try_number).execute(transaction).await?;
    Ok(())
}

/// Forgets the failed tries of a name.
pub(super) async fn forget_failed(
    transaction: &mut Transaction,
    name: &str,
) -> Result<(), StoreError> {
    query("DELETE FROM failed_try WHERE name = $1")
        .bind(digest_of_name(name))
        .execute(transaction)
        .await?;
    Ok(())
}
