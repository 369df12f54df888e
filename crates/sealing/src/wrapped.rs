//! A member's key, wrapped so that it can be stored: by her passphrase, by a passkey, and for the
//! time of a session by the secret in its cookie. The key of an installation too, by its passphrase and
//! by a code in two halves ([`crate::Lock`]).
//!
//! In: the key and one of these. Out: bytes ([`Wrapped`]) from which the same one gives the key
//! back. A member may have several; each is made anew, so that a changed passphrase changes neither
//! her key nor her grants. What a thief of the store can do with them: `notes/wrapped_keys.md`.

mod cost;
mod stretch;

use std::fmt;

use aes_gcm::aead::{AeadInPlace, KeyInit};
use aes_gcm::{Aes256Gcm, Key, Nonce, Tag};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

pub use cost::PassphraseCost;

use crate::bound::Bound;
use crate::form::{Reader, WRAPPED};
use crate::secret::Secret;
use crate::{
    MemberKey, MemberPublicKey, PasskeySecret, Passphrase, SealingError, SessionSecret, chance,
    derivation,
};

const PURPOSE: &str = "Clearway 2026-11 wrapping of a member's key";
const SALT_BYTES: usize = 16;
const COMMITMENT_BYTES: usize = 32;
const TAG_BYTES: usize = 16;
const CHECKSUM_BYTES: usize = 8;

/// By what a member's key is wrapped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WrappedBy {
    /// A passphrase, at that cost of a guess.
    Passphrase(PassphraseCost),
    /// A passkey.
    Passkey,
    /// The secret in a session's cookie.
    Session,
    /// A code in two halves.
    Halves,
}

/// A member's key, wrapped.
///
/// From the secret (stretched by Argon2id when it is a passphrase) and a fresh salt of 16 bytes,
/// HKDF-SHA256 (RFC 5869) derives a key and nonce of AES-256-GCM (NIST SP 800-38D), which encrypts,
/// and a commitment of 32 bytes, which is stored: no two secrets open the same bytes, so that one
/// question to the server tells about one guess (Len, Grubbs, Ristenpart 2021, USENIX Security,
/// "Partitioning oracle attacks"). Bound to the member, her public key, the way of wrapping and its
/// cost. The last 8 bytes are a checksum, which tells damage from a wrong secret and protects
/// nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct Wrapped {
    by: WrappedBy,
    salt: [u8; SALT_BYTES],
    commitment: [u8; COMMITMENT_BYTES],
    encrypted: [u8; 32],
    tag: [u8; TAG_BYTES],
}

/// What is derived for one wrapping: 32 bytes of key, 12 of nonce.
struct Derived {
    cipher: Aes256Gcm,
    nonce: [u8; 12],
    commitment: [u8; COMMITMENT_BYTES],
}

impl Wrapped {
    /// Wraps a key by a passphrase. Takes the memory and the time that the cost says.
    ///
    /// # Errors
    ///
    /// [`SealingError::NoMemory`] when the memory is not there; [`SealingError::Chance`] when the
    /// operating system gives no randomness.
    ///
    /// # Examples
    ///
    /// ```
    /// use sealing::{MemberId, MemberKey, Passphrase, PassphraseCost, SealingError, Wrapped};
    ///
    /// let key = MemberKey::generate(MemberId(7))?;
    /// let passphrase = Passphrase::new("seven herons over slow water", "m.okafor")?;
    /// let wrapped = Wrapped::by_passphrase(&key, &passphrase, &PassphraseCost::LEAST)?;
    ///
    /// let typed = Passphrase::entered("seven herons over slow water")?;
    /// assert_eq!(wrapped.unlock_by_passphrase(key.public(), &typed)?.public(), key.public());
    /// let typed = Passphrase::entered("seven herons over fast water")?;
    /// let wrong = wrapped.unlock_by_passphrase(key.public(), &typed).unwrap_err();
    /// assert_eq!(wrong, SealingError::WrongSecret);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn by_passphrase(
        key: &MemberKey,
        passphrase: &Passphrase,
        cost: &PassphraseCost,
    ) -> Result<Wrapped, SealingError> {
        let salt = chance::bytes()?;
        let stretched = stretch::stretch(passphrase, &salt, cost)?;
        Wrapped::make(key, WrappedBy::Passphrase(*cost), salt, &stretched)
    }

    /// Wraps a key by a passkey.
    ///
    /// # Errors
    ///
    /// [`SealingError::Chance`] when the operating system gives no randomness.
    pub fn by_passkey(key: &MemberKey, passkey: &PasskeySecret) -> Result<Wrapped, SealingError> {
        Wrapped::make(key, WrappedBy::Passkey, chance::bytes()?, passkey.secret())
    }

    /// Wraps a key for the time of a session.
    ///
    /// # Errors
    ///
    /// [`SealingError::Chance`] when the operating system gives no randomness.
    pub fn by_session(key: &MemberKey, session: &SessionSecret) -> Result<Wrapped, SealingError> {
        Wrapped::make(key, WrappedBy::Session, chance::bytes()?, session.secret())
    }

    /// Wraps a key by the secret of two halves.
    pub(crate) fn by_halves(key: &MemberKey, secret: &Secret) -> Result<Wrapped, SealingError> {
        Wrapped::make(key, WrappedBy::Halves, chance::bytes()?, secret)
    }

    /// Unlocks the key of a member by her passphrase. Takes the memory and the time that the cost
    /// says.
    ///
    /// # Errors
    ///
    /// [`SealingError::WrongSecret`] for another passphrase, and when the key was wrapped for another
    /// member or another public key; [`SealingError::Damaged`] when the bytes were changed;
    /// [`SealingError::WrappedOtherwise`] when it was not wrapped by a passphrase;
    /// [`SealingError::NoMemory`] when the memory is not there.
    pub fn unlock_by_passphrase(
        &self,
        member: &MemberPublicKey,
        passphrase: &Passphrase,
    ) -> Result<MemberKey, SealingError> {
        match self.by {
            WrappedBy::Passphrase(cost) => {
                self.unlock(member, &stretch::stretch(passphrase, &self.salt, &cost)?)
            }
            _ => Err(self.wrapped_otherwise("a passphrase")),
        }
    }

    /// Unlocks the key of a member by her passkey.
    ///
    /// # Errors
    ///
    /// As [`Wrapped::unlock_by_passphrase`], without the memory.
    pub fn unlock_by_passkey(
        &self,
        member: &MemberPublicKey,
        passkey: &PasskeySecret,
    ) -> Result<MemberKey, SealingError> {
        match self.by {
            WrappedBy::Passkey => self.unlock(member, passkey.secret()),
            _ => Err(self.wrapped_otherwise("a passkey")),
        }
    }

    /// Unlocks the key of a member by the secret in a session's cookie.
    ///
    /// # Errors
    ///
    /// As [`Wrapped::unlock_by_passphrase`], without the memory.
    pub fn unlock_by_session(
        &self,
        member: &MemberPublicKey,
        session: &SessionSecret,
    ) -> Result<MemberKey, SealingError> {
        match self.by {
            WrappedBy::Session => self.unlock(member, session.secret()),
            _ => Err(self.wrapped_otherwise("a session")),
        }
    }

    /// Unlocks a key by the secret of two halves.
    pub(crate) fn unlock_by_halves(
        &self,
        member: &MemberPublicKey,
        secret: &Secret,
    ) -> Result<MemberKey, SealingError> {
        match self.by {
            WrappedBy::Halves => self.unlock(member, secret),
            _ => Err(self.wrapped_otherwise("two halves")),
        }
    }

    /// Wraps the key anew: by a new passphrase, or by the old one at a raised cost. The key stays the
    /// same, and with it every grant.
    ///
    /// # Errors
    ///
    /// As [`Wrapped::unlock_by_passphrase`] and [`Wrapped::by_passphrase`].
    pub fn rewrap(
        &self,
        member: &MemberPublicKey,
        old: &Passphrase,
        new: &Passphrase,
        cost: &PassphraseCost,
    ) -> Result<Wrapped, SealingError> {
        Wrapped::by_passphrase(&self.unlock_by_passphrase(member, old)?, new, cost)
    }

    /// Whether it is wrapped by a passphrase at less than that cost, and should be wrapped anew when
    /// the member next types it.
    pub fn is_below(&self, cost: &PassphraseCost) -> bool {
        matches!(self.by, WrappedBy::Passphrase(own) if own.is_below(cost))
    }

    /// By what it is wrapped.
    pub fn by(&self) -> WrappedBy {
        self.by
    }

    /// Reads a wrapped key; whether it unlocks is seen later.
    ///
    /// # Errors
    ///
    /// [`SealingError::Damaged`] for bytes that were cut off or changed, or are something else;
    /// [`SealingError::UnknownVersion`] for those of a later version;
    /// [`SealingError::CostOutOfBounds`] for a cost that no program of ours wrote.
    pub fn from_bytes(bytes: &[u8]) -> Result<Wrapped, SealingError> {
        let mut reader = WRAPPED.read(bytes)?;
        let (whole, end) =
            bytes.split_last_chunk::<CHECKSUM_BYTES>().ok_or_else(|| reader.damaged())?;
        if checksum(whole) != *end {
            return Err(reader.damaged());
        }
        let wrapped = Wrapped {
            by: WrappedBy::read(&mut reader)?,
            salt: reader.take()?,
            commitment: reader.take()?,
            encrypted: reader.take()?,
            tag: reader.take()?,
        };
        reader.take::<CHECKSUM_BYTES>()?;
        reader.end()?;
        Ok(wrapped)
    }

    /// As it is stored: 119 bytes when wrapped by a passphrase, 107 otherwise.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = [
            &WRAPPED.begin()[..],
            &self.by.bytes(),
            &self.salt,
            &self.commitment,
            &self.encrypted,
            &self.tag,
        ]
        .concat();
        bytes.extend_from_slice(&checksum(&bytes));
        bytes
    }

    fn make(
        key: &MemberKey,
        by: WrappedBy,
        salt: [u8; SALT_BYTES],
        secret: &Secret,
    ) -> Result<Wrapped, SealingError> {
        let derived = Derived::new(by, &salt, key.public(), secret);
        let mut encrypted = key.secret().duplicate();
        let head = head(by);
        let tag = derived
            .cipher
            .encrypt_in_place_detached(
                Nonce::from_slice(&derived.nonce),
                &head,
                encrypted.bytes_mut(),
            )
            .map_err(|_| WRAPPED.damaged())?;
        Ok(Wrapped {
            by,
            salt,
            commitment: derived.commitment,
            encrypted: *encrypted.bytes(),
            tag: tag.into(),
        })
    }

    fn unlock(&self, member: &MemberPublicKey, secret: &Secret) -> Result<MemberKey, SealingError> {
        let derived = Derived::new(self.by, &self.salt, member, secret);
        if !bool::from(derived.commitment.ct_eq(&self.commitment)) {
            return Err(SealingError::WrongSecret);
        }
        let mut key = Secret::zero();
        key.bytes_mut().copy_from_slice(&self.encrypted);
        derived
            .cipher
            .decrypt_in_place_detached(
                Nonce::from_slice(&derived.nonce),
                &head(self.by),
                key.bytes_mut(),
                Tag::from_slice(&self.tag),
            )
            .map_err(|_| WRAPPED.damaged())?;
        let key = MemberKey::of(key, member.member());
        if key.public() == member { Ok(key) } else { Err(WRAPPED.damaged()) }
    }

    fn wrapped_otherwise(&self, tried: &'static str) -> SealingError {
        SealingError::WrappedOtherwise { by: self.by.name(), tried }
    }
}

impl fmt::Debug for Wrapped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Wrapped({:?})", self.by)
    }
}

impl Derived {
    fn new(
        by: WrappedBy,
        salt: &[u8; SALT_BYTES],
        member: &MemberPublicKey,
        secret: &Secret,
    ) -> Derived {
        let purpose = member.bind(Bound::new(PURPOSE).bytes(&by.bytes())).finish();
        let derived = derivation::derive::<{ 32 + 12 + COMMITMENT_BYTES }>(secret, salt, &purpose);
        let (key, rest) = derived.split_at(32);
        let (of_nonce, of_commitment) = rest.split_at(12);
        let (mut nonce, mut commitment) = ([0; 12], [0; COMMITMENT_BYTES]);
        nonce.copy_from_slice(of_nonce);
        commitment.copy_from_slice(of_commitment);
        Derived { cipher: Aes256Gcm::new(Key::<Aes256Gcm>::from_slice(key)), nonce, commitment }
    }
}

impl WrappedBy {
    fn name(self) -> &'static str {
        match self {
            WrappedBy::Passphrase(_) => "a passphrase",
            WrappedBy::Passkey => "a passkey",
            WrappedBy::Session => "a session",
            WrappedBy::Halves => "two halves",
        }
    }

    /// One byte; for a passphrase also memory, passes and lanes, 4 bytes each.
    fn bytes(self) -> Vec<u8> {
        match self {
            WrappedBy::Passphrase(cost) => [
                &[1][..],
                &cost.memory_kib().to_be_bytes(),
                &cost.passes().to_be_bytes(),
                &cost.lanes().to_be_bytes(),
            ]
            .concat(),
            WrappedBy::Passkey => vec![2],
            WrappedBy::Session => vec![3],
            WrappedBy::Halves => vec![4],
        }
    }

    fn read(reader: &mut Reader<'_>) -> Result<WrappedBy, SealingError> {
        match reader.byte()? {
            1 => PassphraseCost::new(reader.count()?, reader.count()?, reader.count()?)
                .map(WrappedBy::Passphrase),
            2 => Ok(WrappedBy::Passkey),
            3 => Ok(WrappedBy::Session),
            4 => Ok(WrappedBy::Halves),
            _ => Err(reader.damaged()),
        }
    }
}

/// What is authenticated beside the key.
fn head(by: WrappedBy) -> Vec<u8> {
    [&WRAPPED.begin()[..], &by.bytes()].concat()
}

fn checksum(bytes: &[u8]) -> [u8; CHECKSUM_BYTES] {
    let digest: [u8; 32] = Sha256::digest(bytes).into();
    let mut first = [0; CHECKSUM_BYTES];
    first.iter_mut().zip(digest).for_each(|(byte, of_digest)| *byte = of_digest);
    first
}

#[cfg(test)]
mod tests;
