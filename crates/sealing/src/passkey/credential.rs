//! A passkey as the server knows it.

use sha2::{Digest, Sha256};

use super::answer::{Answered, AuthenticatorData, Made, expect_client};
use super::public_key::PublicKey;
use super::{PasskeyChallenge, RelyingParty};

/// The longest id of a passkey (WebAuthn Level 3, §5.1).
const LONGEST_ID: usize = 1023;

/// A passkey: its id, the key by which its signatures are checked, and how often it has signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    id: Vec<u8>,
    key: PublicKey,
    counter: u32,
}

/// Why a passkey is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PasskeyError {
    /// No address of a site that passkeys can be for.
    #[error(
        "expected https://HOST, or http://localhost:PORT; browsers have no passkeys for a number such \
         as 127.0.0.1"
    )]
    NotASite,
    /// What came is not what browsers pass on.
    #[error("what came of the passkey is damaged, or something else")]
    Unreadable,
    /// It was asked for by another site.
    #[error("the passkey was asked for by another site")]
    OtherSite,
    /// It answered something else, or an earlier challenge.
    #[error("the passkey answered another challenge")]
    OtherChallenge,
    /// It did not ask for a finger, a face or a PIN.
    #[error("the passkey did not ask for a finger, a face or a PIN")]
    NobodyAsked,
    /// It signs in a way that is not taken: neither ES256 nor EdDSA.
    #[error("the passkey signs neither by ES256 nor by EdDSA")]
    OtherKind,
    /// The signature is not its own.
    #[error("the signature is not the passkey's")]
    Signature,
    /// It has signed less often than before: there are two of it.
    #[error("the passkey has signed less often than it had before: somebody may have copied it")]
    Copied,
}

impl Credential {
    /// Takes a passkey that was just made.
    ///
    /// # Errors
    ///
    /// [`PasskeyError`]: it was made for another site or challenge, asks nobody, or cannot be read.
    pub fn made(
        made: &Made<'_>,
        party: &RelyingParty,
        challenge: &PasskeyChallenge,
    ) -> Result<Credential, PasskeyError> {
        expect_client(made.client_data, "webauthn.create", party, challenge)?;
        let data = AuthenticatorData::read(made.authenticator_data, party)?;
        if !data.has_key() {
            return Err(PasskeyError::Unreadable);
        }
        // The maker's mark, which nobody vouches for.
        let (_, rest) = data.rest.split_first_chunk::<16>().ok_or(PasskeyError::Unreadable)?;
        let (length, rest) = rest.split_first_chunk::<2>().ok_or(PasskeyError::Unreadable)?;
        let length = usize::from(u16::from_be_bytes(*length));
        if !(1..=LONGEST_ID).contains(&length) || rest.len() < length {
            return Err(PasskeyError::Unreadable);
        }
        let (id, rest) = rest.split_at(length);
        let (key, rest) = PublicKey::read(rest)?;
        if !rest.is_empty() && !data.may_go_on() {
            return Err(PasskeyError::Unreadable);
        }
        Ok(Credential { id: id.to_vec(), key, counter: data.counter })
    }

    /// As it was kept.
    ///
    /// # Errors
    ///
    /// [`PasskeyError::Unreadable`], [`PasskeyError::OtherKind`]: the key is damaged.
    pub fn kept(id: Vec<u8>, key: &[u8], counter: u32) -> Result<Credential, PasskeyError> {
        match PublicKey::read(key)? {
            (key, []) => Ok(Credential { id, key, counter }),
            _ => Err(PasskeyError::Unreadable),
        }
    }

    /// Its id.
    pub fn id(&self) -> &[u8] {
        &self.id
    }

    /// The key by which its signatures are checked, as a COSE key (RFC 9053).
    pub fn key(&self) -> Vec<u8> {
        self.key.to_bytes()
    }

    /// How often it has signed; 0 where it does not count.
    pub fn counter(&self) -> u32 {
        self.counter
    }

    /// Looks whether an answer is its own, and returns how often it has signed now.
    ///
    /// # Errors
    ///
    /// [`PasskeyError`]: it answered another site or challenge, asked nobody, did not sign, or may be a copy.
    pub fn check(
        &self,
        answered: &Answered<'_>,
        party: &RelyingParty,
        challenge: &PasskeyChallenge,
    ) -> Result<u32, PasskeyError> {
        expect_client(answered.client_data, "webauthn.get", party, challenge)?;
        let data = AuthenticatorData::read(answered.authenticator_data, party)?;
        let client = Sha256::digest(answered.client_data);
        let signed = [answered.authenticator_data, &client].concat();
        self.key.check(&signed, answered.signature)?;
        let counts = data.counter != 0 || self.counter != 0;
        if counts && data.counter <= self.counter {
            return Err(PasskeyError::Copied);
        }
        Ok(data.counter)
    }
}
