//! An invitation accepted.
//!
//! In: the name, the code of the invitation, a passphrase of her own. Out: the secret of her one-time
//! codes, to be shown once. Her key is made here and kept only as her passphrase wraps it; what she
//! could read before is asked of two recovery officers.

use jiff::Timestamp;
use sealing::{
    CompartmentKey, MemberId, MemberKey, Passphrase, PassphraseError, Place, RequestId, Row, Suite,
    TotpSecret, Wrapped,
};
use zeroize::Zeroizing;

use super::sign_in::{self, TOTP};
use super::{cost, members, personal, stretched};
use crate::audit::{self, Subject};
use crate::database::{Transaction, query, scalar};
use crate::{Purpose, Role, Scope, Store, StoreError};

/// What somebody needs who has accepted her invitation, once.
#[derive(Debug)]
pub struct Enrolled {
    /// The secret of her one-time codes, in base 32, for an app that makes them.
    pub totp: Zeroizing<String>,
    /// The same as an address that such apps read, often as a picture.
    pub totp_uri: Zeroizing<String>,
    /// The fingerprint of her new public key: officers compare it with her before they hand over.
    pub fingerprint: String,
}

impl Store {
    /// Accepts an invitation.
    ///
    /// # Errors
    ///
    /// [`StoreError::TooManyTries`]; [`StoreError::NoInvitation`] for a wrong, used or old code, whoever
    /// has it; [`StoreError::Passphrase`]; [`StoreError::Database`].
    pub async fn accept_invitation(
        &self,
        name: &str,
        code: &str,
        passphrase: &str,
        at: Timestamp,
    ) -> Result<Enrolled, StoreError> {
        let passphrase = Passphrase::new(passphrase, name)?;
        let mut transaction = self.door().await?;
        sign_in::expect_tries_left(&mut transaction, name, at).await?;
        let row = query(
            "SELECT member.id, member.agency, agency.practice FROM member
             JOIN agency ON agency.code = member.agency
             WHERE member.name = $1 AND invitation = $2 AND invited_until > $3
                AND state = 'invited' AND agency.left_at IS NULL",
        )
        .bind(name)
        .bind(members::digest_of_code(code))
        .bind(at.to_string())
        .fetch_optional(&mut transaction)
        .await?;
        let Some(row) = row else {
            sign_in::note_failed(&mut transaction, name, at).await?;
            transaction.commit().await?;
            self.say_failed(name, at).await?;
            return Err(StoreError::NoInvitation);
        };
        let member = MemberId(row.try_get("id")?);
        let agency: String = row.try_get("agency")?;
        let cost = cost(row.try_get("practice")?);
        // Stretching takes a while; nobody waits for the database meanwhile.
        drop(transaction);
        let made = stretched(move || {
            let key = MemberKey::generate(member)?;
            let wrapped = Wrapped::by_passphrase(&key, &passphrase, &cost)?;
            Ok((key, wrapped))
        });
        let (key, wrapped) = made.await??;
        let own = CompartmentKey::generate(personal(member), Suite::ChaCha20Poly1305)?;
        let totp = TotpSecret::generate()?;
        let place = Place { row: Row::Number(member.0), ..TOTP };
        let sealed = own.public().seal(&place, totp.to_base32().as_bytes())?;

        let mut transaction = self.door().await?;
        let changed = query(
            "UPDATE member SET state = 'active', invitation = NULL, invited_until = NULL,
                public_key = $1, by_passphrase = $2, personal_public_key = $3,
                personal_grant = $4, totp = $5, totp_step = NULL, last_seen_on = $6
             WHERE id = $7 AND invitation = $8",
        )
        .bind(key.public().to_bytes())
        .bind(wrapped.to_bytes())
        .bind(own.public().to_bytes())
        .bind(own.grant(key.public())?.to_bytes())
        .bind(sealed.to_bytes())
        .bind(members::day(at))
        .bind(member.0)
        .bind(members::digest_of_code(code))
        .execute(&mut transaction)
        .await?;
        if changed == 0 {
            // Somebody else was faster with the same code.
            return Err(StoreError::NoInvitation);
        }
        ask_for_recovery(&mut transaction, &key, at).await?;
        let role = members::roles(&mut transaction, member).await?;
        let role = role.first().copied().unwrap_or(Role::Trainer);
        let scope = Scope::of(name, Some(agency), role, Purpose::SignIn);
        let fingerprint = key.public().fingerprint().to_string();
        let subject = (Subject::Member, member.0);
        audit::write(&mut transaction, subject, "enrolled", &scope, at, &fingerprint).await?;
        transaction.commit().await?;
        let totp_uri = totp.uri("Clearway", name);
        Ok(Enrolled { totp: totp.to_base32(), totp_uri, fingerprint })
    }
}

/// Asks for every compartment that the member's old key opened, and takes the old grants, passkeys, the
/// link to her agency's account and open requests away.
async fn ask_for_recovery(
    transaction: &mut Transaction,
    key: &MemberKey,
    at: Timestamp,
) -> Result<(), StoreError> {
    let member = key.public().member().0;
    let compartments: Vec<i64> = scalar(
        "SELECT compartment_id FROM compartment_grant WHERE member_id = $1 AND until IS NULL
         UNION SELECT compartment_id FROM recovery_request
            WHERE member_id = $1 AND done_at IS NULL AND emergency IS NULL ORDER BY 1",
    )
    .bind(member)
    .fetch_all(transaction)
    .await?;
    // Her passkeys wrap the key that is gone.
    for sql in [
        "DELETE FROM passkey WHERE member_id = $1",
        "DELETE FROM identity_link WHERE member_id = $1",
        "DELETE FROM compartment_grant WHERE member_id = $1",
        "DELETE FROM recovery_request WHERE member_id = $1 AND done_at IS NULL",
    ] {
        query(sql).bind(member).execute(transaction).await?;
    }
    for compartment in compartments {
        query(
            "INSERT INTO recovery_request (id, member_id, compartment_id, public_key, asked_at)
             VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(&RequestId::generate()?.bytes()[..])
        .bind(member)
        .bind(compartment)
        .bind(key.public().to_bytes())
        .bind(at.to_string())
        .execute(transaction)
        .await?;
    }
    Ok(())
}

impl From<PassphraseError> for StoreError {
    fn from(error: PassphraseError) -> StoreError {
        StoreError::Passphrase(error)
    }
}
