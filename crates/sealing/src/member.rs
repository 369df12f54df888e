//! The keys of a member.

use crate::agreement::PublicKey;
use crate::bound::Bound;
use crate::form::MEMBER_PUBLIC_KEY;
use crate::secret::Secret;
use crate::withheld::withhold;
use crate::{Fingerprint, MemberId, SealingError};

/// The secret key of a member: an X25519 secret of 32 bytes, with which she accepts grants.
///
/// It is stored only wrapped ([`crate::Wrapped`]). It is wiped when dropped and prints
/// `[withheld]`.
pub struct MemberKey {
    secret: Secret,
    public: MemberPublicKey,
}

withhold!(MemberKey);

impl MemberKey {
    /// Makes a new key, from the operating system's randomness.
    ///
    /// # Errors
    ///
    /// [`SealingError::Chance`] when there is none.
    pub fn generate(member: MemberId) -> Result<MemberKey, SealingError> {
        Ok(MemberKey::of(Secret::random()?, member))
    }

    pub(crate) fn of(secret: Secret, member: MemberId) -> MemberKey {
        let key = PublicKey::of(&secret);
        MemberKey { secret, public: MemberPublicKey { member, key } }
    }

    /// What is granted to.
    pub fn public(&self) -> &MemberPublicKey {
        &self.public
    }

    pub(crate) fn secret(&self) -> &Secret {
        &self.secret
    }
}

/// The public key of a member: her number, and an X25519 public key of 32 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MemberPublicKey {
    member: MemberId,
    key: PublicKey,
}

impl MemberPublicKey {
    /// Reads the public key of a member, whose number the row says.
    ///
    /// # Errors
    ///
    /// [`SealingError::Damaged`] for other bytes than [`MemberPublicKey::to_bytes`] makes,
    /// [`SealingError::UnknownVersion`] for those of a later version, and
    /// [`SealingError::NotAPublicKey`] for a point of low order (RFC 7748 §6.1), to which everybody
    /// could open.
    pub fn from_bytes(member: MemberId, bytes: &[u8]) -> Result<MemberPublicKey, SealingError> {
        let mut reader = MEMBER_PUBLIC_KEY.read(bytes)?;
        let key = reader.take()?;
        reader.end()?;
        let key = PublicKey::read(key).ok_or(SealingError::NotAPublicKey { of: "member" })?;
        Ok(MemberPublicKey { member, key })
    }

    /// As it is stored: 34 bytes, without the number of the member.
    pub fn to_bytes(&self) -> Vec<u8> {
        [&MEMBER_PUBLIC_KEY.begin()[..], self.key.bytes()].concat()
    }

    /// Whose key it is.
    pub fn member(&self) -> MemberId {
        self.member
    }

    /// What people compare aloud, above all before a new key is handed anything.
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of(self.bind(Bound::new("Clearway 2026-11 fingerprint of a member")))
    }

    /// Adds the member and her key to what is bound.
    pub(crate) fn bind(&self, bound: Bound) -> Bound {
        bound.number(self.member.0).bytes(self.key.bytes())
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
        let key = MemberKey::generate(MemberId(7)).unwrap();
        let bytes = key.public().to_bytes();
        assert_eq!(bytes.len(), 34);
        let read = |bytes: &[u8]| MemberPublicKey::from_bytes(MemberId(7), bytes);
        assert_eq!(read(&bytes).as_ref(), Ok(key.public()));
        let weak = [&bytes[..2], &[0; 32]].concat();
        assert_eq!(read(&weak), Err(SealingError::NotAPublicKey { of: "member" }));
        let damaged = Err(SealingError::Damaged { what: "public key of a member" });
        for bad in [&bytes[..33], &[&bytes[..], &[0]].concat(), &[]] {
            assert_eq!(read(bad), damaged);
        }
    }

    proptest! {
        #[test]
        fn any_bytes_can_be_read(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            let _ = MemberPublicKey::from_bytes(MemberId(1), &bytes);
        }
    }
}
