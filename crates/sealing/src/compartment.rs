//! The keys of a compartment: what text is sealed to, and what opens it.

use crate::agreement::PublicKey;
use crate::bound::Bound;
use crate::form::COMPARTMENT_PUBLIC_KEY;
use crate::secret::Secret;
use crate::withheld::withhold;
use crate::{CompartmentId, Fingerprint, SealingError, Suite};

/// The secret key of a compartment: an X25519 secret of 32 bytes. Whoever holds it reads everything
/// that was sealed to the compartment.
///
/// It is never stored as it is: only in grants, to each member ([`CompartmentKey::grant`]), and in
/// recovery shares ([`CompartmentKey::recovery_shares`]). It is wiped when dropped and prints
/// `[withheld]`.
pub struct CompartmentKey {
    secret: Secret,
    public: CompartmentPublicKey,
}

withhold!(CompartmentKey);

impl CompartmentKey {
    /// Makes the key of a new compartment, from the operating system's randomness.
    ///
    /// # Errors
    ///
    /// [`SealingError::Chance`] when there is none.
    pub fn generate(
        compartment: CompartmentId,
        suite: Suite,
    ) -> Result<CompartmentKey, SealingError> {
        let secret = Secret::random()?;
        let key = PublicKey::of(&secret);
        Ok(CompartmentKey { secret, public: CompartmentPublicKey { compartment, suite, key } })
    }

    /// The key with that secret, if it is the one that the public key belongs to.
    pub(crate) fn of(
        secret: Secret,
        public: &CompartmentPublicKey,
    ) -> Result<CompartmentKey, SealingError> {
        if PublicKey::of(&secret) == public.key {
            Ok(CompartmentKey { secret, public: *public })
        } else {
            Err(SealingError::OtherKey)
        }
    }

    /// What text is sealed to.
    pub fn public(&self) -> &CompartmentPublicKey {
        &self.public
    }

    pub(crate) fn secret(&self) -> &Secret {
        &self.secret
    }
}

/// The public key of a compartment: its number, its suite, and an X25519 public key of 32 bytes.
/// Whoever has it can seal, and read nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct CompartmentPublicKey {
    compartment: CompartmentId,
    suite: Suite,
    key: PublicKey,
}

impl CompartmentPublicKey {
    /// Reads the public key of a compartment, whose number the row says.
    ///
    /// # Errors
    ///
    /// [`SealingError::Damaged`] for other bytes than [`CompartmentPublicKey::to_bytes`] makes,
    /// [`SealingError::UnknownVersion`] for those of a later version, and
    /// [`SealingError::NotAPublicKey`] for a point of low order (RFC 7748 §6.1), to which everybody
    /// could open.
    pub fn from_bytes(
        compartment: CompartmentId,
        bytes: &[u8],
    ) -> Result<CompartmentPublicKey, SealingError> {
        let mut reader = COMPARTMENT_PUBLIC_KEY.read(bytes)?;
        let suite = Suite::read(reader.byte()?).ok_or_else(|| reader.damaged())?;
        let key = reader.take()?;
        reader.end()?;
        let key = PublicKey::read(key).ok_or(SealingError::NotAPublicKey { of: "compartment" })?;
        Ok(CompartmentPublicKey { compartment, suite, key })
    }

    /// As it is stored: 35 bytes, without the number of the compartment.
    pub fn to_bytes(&self) -> Vec<u8> {
        [&COMPARTMENT_PUBLIC_KEY.begin()[..], &[self.suite.byte()], self.key.bytes()].concat()
    }

    /// Whose key it is.
    pub fn compartment(&self) -> CompartmentId {
        self.compartment
    }

    /// With what text is encrypted.
    pub fn suite(&self) -> Suite {
        self.suite
    }

    /// What people compare aloud.
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of(self.bind(Bound::new("Clearway 2026-11 fingerprint of a compartment")))
    }

    /// Adds the compartment, its suite and its key to what is bound.
    pub(crate) fn bind(&self, bound: Bound) -> Bound {
        bound.number(self.compartment.0).bytes(&[self.suite.byte()]).bytes(self.key.bytes())
    }

    pub(crate) fn key(&self) -> &PublicKey {
        &self.key
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_public_key_round_trips_and_weak_ones_are_refused() {
        let key = CompartmentKey::generate(CompartmentId(3), Suite::Aes256Gcm).unwrap();
        let bytes = key.public().to_bytes();
        assert_eq!(bytes.len(), 35);
        let read = |bytes: &[u8]| CompartmentPublicKey::from_bytes(CompartmentId(3), bytes);
        assert_eq!(read(&bytes).as_ref(), Ok(key.public()));
        let weak = [&bytes[..3], &[0; 32]].concat();
        assert_eq!(read(&weak), Err(SealingError::NotAPublicKey { of: "compartment" }));
        let no_suite = [&bytes[..2], &[3], &bytes[3..]].concat();
        let damaged = Err(SealingError::Damaged { what: "public key of a compartment" });
        for bad in [&no_suite[..], &bytes[..34], &[&bytes[..], &[0]].concat(), &[]] {
            assert_eq!(read(bad), damaged);
        }
    }

    #[test]
    fn a_secret_of_another_key_is_refused() {
        let new = || CompartmentKey::generate(CompartmentId(3), Suite::ChaCha20Poly1305).unwrap();
        let (ours, other) = (new(), new());
        let refused = CompartmentKey::of(other.secret, ours.public()).unwrap_err();
        assert_eq!(refused, SealingError::OtherKey);
    }

    proptest! {
        #[test]
        fn any_bytes_can_be_read(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            let _ = CompartmentPublicKey::from_bytes(CompartmentId(1), &bytes);
        }
    }
}
