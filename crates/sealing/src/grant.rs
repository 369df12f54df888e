//! A compartment's key, handed to a member.
//!
//! In: the key, the public key of the member. Out: bytes that only she opens ([`Grant`]). Bound to
//! the compartment, its suite and public key, and to the member: moved to another row, a grant is
//! refused. Anybody can make a grant of a key of her own; that is why a member accepts it only for
//! a public key that she knows: `notes/grants.md`.

use std::fmt;

use crate::bound::Bound;
use crate::encryption::{self, BoundTo, ENCRYPTED_SECRET_BYTES};
use crate::form::GRANT;
use crate::{CompartmentKey, CompartmentPublicKey, MemberKey, MemberPublicKey, SealingError};

const PURPOSE: &str = "Clearway 2026-11 grant of a compartment to a member";

/// A compartment's secret, sealed to one member.
#[derive(Clone, PartialEq, Eq)]
pub struct Grant([u8; ENCRYPTED_SECRET_BYTES]);

impl CompartmentKey {
    /// Grants the compartment to a member: HPKE in base mode (RFC 9180 §6.1), with the suite of the
    /// compartment.
    ///
    /// # Errors
    ///
    /// [`SealingError::Chance`] when the operating system gives no randomness.
    pub fn grant(&self, to: &MemberPublicKey) -> Result<Grant, SealingError> {
        let bound = BoundTo { purpose: &purpose(self.public(), to), head: &GRANT.begin() };
        encryption::encrypt_secret(self.public().suite(), to.key(), bound, self.secret()).map(Grant)
    }
}

impl MemberKey {
    /// Accepts the grant of a compartment.
    ///
    /// # Errors
    ///
    /// [`SealingError::DoesNotOpen`] when it was made for another member or another compartment, or
    /// was changed; [`SealingError::OtherKey`] when what is inside is not the compartment's key.
    pub fn accept(
        &self,
        grant: &Grant,
        compartment: &CompartmentPublicKey,
    ) -> Result<CompartmentKey, SealingError> {
        let bound = BoundTo { purpose: &purpose(compartment, self.public()), head: &GRANT.begin() };
        encryption::decrypt_secret(compartment.suite(), self.secret(), bound, &grant.0)
            .ok_or_else(|| GRANT.does_not_open())
            .and_then(|secret| CompartmentKey::of(secret, compartment))
    }
}

impl Grant {
    /// Reads a grant; whether it opens is seen later.
    ///
    /// # Errors
    ///
    /// [`SealingError::Damaged`] for bytes of another length or kind,
    /// [`SealingError::UnknownVersion`] for those of a later version.
    pub fn from_bytes(bytes: &[u8]) -> Result<Grant, SealingError> {
        let mut reader = GRANT.read(bytes)?;
        let encrypted = reader.take()?;
        reader.end()?;
        Ok(Grant(encrypted))
    }

    /// As it is stored: 82 bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        [&GRANT.begin()[..], &self.0].concat()
    }
}

impl fmt::Debug for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Grant")
    }
}

fn purpose(compartment: &CompartmentPublicKey, member: &MemberPublicKey) -> Vec<u8> {
    member.bind(compartment.bind(Bound::new(PURPOSE))).finish()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::secret::Secret;
    use crate::{CompartmentId, MemberId, Suite};

    fn compartment(id: i64) -> CompartmentKey {
        CompartmentKey::generate(CompartmentId(id), Suite::Aes256Gcm).unwrap()
    }

    fn member(id: i64) -> MemberKey {
        MemberKey::generate(MemberId(id)).unwrap()
    }

    #[test]
    fn a_grant_is_for_one_member_and_one_compartment() {
        let (key, ours) = (compartment(3), member(7));
        let grant = key.grant(ours.public()).unwrap();
        let accepted = ours.accept(&grant, key.public()).unwrap();
        assert_eq!(accepted.secret().bytes(), key.secret().bytes());

        let refused = SealingError::DoesNotOpen { what: "grant" };
        let same_key_other_member = MemberKey::of(ours.secret().duplicate(), MemberId(8));
        for other in [member(7), same_key_other_member] {
            assert_eq!(other.accept(&grant, key.public()).unwrap_err(), refused);
        }
        let bytes = key.public().to_bytes();
        let same_key_other_id = CompartmentPublicKey::from_bytes(CompartmentId(4), &bytes).unwrap();
        for other in [compartment(3).public(), &same_key_other_id] {
            assert_eq!(ours.accept(&grant, other).unwrap_err(), refused);
        }
    }

    #[test]
    fn a_grant_of_another_secret_is_seen() {
        let (key, ours) = (compartment(3), member(7));
        let bound =
            BoundTo { purpose: &purpose(key.public(), ours.public()), head: &GRANT.begin() };
        let another = Secret::random().unwrap();
        let forged =
            encryption::encrypt_secret(Suite::Aes256Gcm, ours.public().key(), bound, &another);
        let refused = ours.accept(&Grant(forged.unwrap()), key.public()).unwrap_err();
        assert_eq!(refused, SealingError::OtherKey);
    }

    #[test]
    fn every_changed_bit_and_every_cut_is_refused() {
        let (key, ours) = (compartment(3), member(7));
        let whole = key.grant(ours.public()).unwrap().to_bytes();
        assert_eq!(whole.len(), 82);
        for at in 0..whole.len() {
            let mut bytes = whole.clone();
            bytes[at] ^= 1 << (at % 8);
            let accepted =
                Grant::from_bytes(&bytes).and_then(|grant| ours.accept(&grant, key.public()));
            assert!(accepted.is_err(), "byte {at}");
            assert!(Grant::from_bytes(&whole[..at]).is_err(), "cut at {at}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_can_be_read(bytes in prop::collection::vec(any::<u8>(), 0..90)) {
            let _ = Grant::from_bytes(&bytes);
        }
    }
}
