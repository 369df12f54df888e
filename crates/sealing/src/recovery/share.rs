//! Shares of a compartment's secret, for every two officers.

use std::fmt;

use super::{HandedShare, RecoveryError, RecoveryRequest};
use crate::bound::Bound;
use crate::encryption::{self, BoundTo, ENCRYPTED_SECRET_BYTES};
use crate::form::{Reader, SEALED_SHARE};
use crate::secret::Secret;
use crate::{
    CompartmentKey, CompartmentPublicKey, MemberId, MemberKey, MemberPublicKey, SealingError,
};

const PURPOSE: &str = "Clearway 2026-11 recovery share of a compartment";

/// Whose a share is, with whose it belongs, and when it was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ShareOf {
    pub(super) officer: MemberId,
    pub(super) other: MemberId,
    pub(super) generation: u32,
}

/// An officer's share of a compartment's secret, one of a pair, sealed to her.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedShare {
    of: ShareOf,
    encrypted: [u8; ENCRYPTED_SECRET_BYTES],
}

impl CompartmentKey {
    /// Makes the recovery shares of the compartment: for every two of `n` officers a share for each,
    /// `n (n - 1)` in all, pair after pair.
    ///
    /// One share of a pair is 32 bytes of the operating system's randomness, drawn for this pair
    /// alone; the other is the exclusive or of these and the compartment's secret. Each is sealed to
    /// its officer by HPKE in base mode (RFC 9180 §6.1) with the suite of the compartment, and bound
    /// to the compartment, its public key, the pair, and the generation.
    ///
    /// The generation counts how often the shares of this compartment were made. Make them anew when
    /// the officers change, and delete the old ones: they still open.
    ///
    /// # Errors
    ///
    /// [`RecoveryError::TooFewOfficers`] for fewer than two; [`RecoveryError::SamePerson`] when two
    /// have the same number or the same key.
    pub fn recovery_shares(
        &self,
        officers: &[MemberPublicKey],
        generation: u32,
    ) -> Result<Vec<SealedShare>, RecoveryError> {
        if officers.len() < 2 {
            return Err(RecoveryError::TooFewOfficers { officers: officers.len() });
        }
        let mut shares = Vec::with_capacity(officers.len() * (officers.len() - 1));
        for (at, one) in officers.iter().enumerate() {
            for two in officers.iter().skip(at + 1) {
                if one.member() == two.member() || one.key() == two.key() {
                    return Err(RecoveryError::SamePerson { officer: two.member() });
                }
                let (share_of_one, share_of_two) = split(self.secret())?;
                shares.push(SealedShare::make(self, one, two, generation, &share_of_one)?);
                shares.push(SealedShare::make(self, two, one, generation, &share_of_two)?);
            }
        }
        Ok(shares)
    }
}

impl SealedShare {
    fn make(
        compartment: &CompartmentKey,
        officer: &MemberPublicKey,
        other: &MemberPublicKey,
        generation: u32,
        share: &Secret,
    ) -> Result<SealedShare, SealingError> {
        let of = ShareOf { officer: officer.member(), other: other.member(), generation };
        let compartment = compartment.public();
        let bound = BoundTo { purpose: &purpose(compartment, officer, &of), head: &head(&of) };
        let encrypted =
            encryption::encrypt_secret(compartment.suite(), officer.key(), bound, share)?;
        Ok(SealedShare { of, encrypted })
    }

    /// Hands the share over: opens it with the officer's key, and seals it anew to the new key of the
    /// member who asks, for this request alone.
    ///
    /// Before this, the officer compares the fingerprint of the new key with the member, face to face
    /// or by telephone: whoever can write the store could have put another key into the request.
    ///
    /// # Errors
    ///
    /// [`RecoveryError::OtherOfficer`] when the share is not hers, [`RecoveryError::OwnRequest`] when
    /// she herself asks; [`SealingError::DoesNotOpen`] when it was made for another compartment or
    /// changed.
    pub fn hand_over(
        &self,
        officer: &MemberKey,
        request: &RecoveryRequest,
    ) -> Result<HandedShare, RecoveryError> {
        if officer.public().member() != self.of.officer {
            return Err(RecoveryError::OtherOfficer { officer: self.of.officer });
        }
        let asks = request.member();
        if asks.member() == self.of.officer || asks.key() == officer.public().key() {
            return Err(RecoveryError::OwnRequest);
        }
        let share = self.open(officer, request.compartment())?;
        Ok(HandedShare::make(request, self.of, &share)?)
    }

    pub(super) fn open(
        &self,
        officer: &MemberKey,
        compartment: &CompartmentPublicKey,
    ) -> Result<Secret, SealingError> {
        let purpose = purpose(compartment, officer.public(), &self.of);
        let bound = BoundTo { purpose: &purpose, head: &head(&self.of) };
        encryption::decrypt_secret(compartment.suite(), officer.secret(), bound, &self.encrypted)
            .ok_or_else(|| SEALED_SHARE.does_not_open())
    }

    #[cfg(test)]
    pub(super) fn of(&self) -> ShareOf {
        self.of
    }

    /// Whose it is.
    pub fn officer(&self) -> MemberId {
        self.of.officer
    }

    /// With whose share it belongs.
    pub fn other_officer(&self) -> MemberId {
        self.of.other
    }

    /// How often the shares of the compartment had been made.
    pub fn generation(&self) -> u32 {
        self.of.generation
    }

    /// Reads a share; whether it opens is seen later.
    ///
    /// # Errors
    ///
    /// [`SealingError::Damaged`] for bytes of another length or kind,
    /// [`SealingError::UnknownVersion`] for those of a later version.
    pub fn from_bytes(bytes: &[u8]) -> Result<SealedShare, SealingError> {
        let mut reader = SEALED_SHARE.read(bytes)?;
        let share = SealedShare { of: ShareOf::read(&mut reader)?, encrypted: reader.take()? };
        reader.end()?;
        Ok(share)
    }

    /// As it is stored: 102 bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        [&head(&self.of)[..], &self.encrypted].concat()
    }
}

impl fmt::Debug for SealedShare {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SealedShare({:?})", self.of)
    }
}

impl ShareOf {
    /// 20 bytes: officer and other, 8 each, and generation, 4.
    pub(super) fn bytes(&self) -> Vec<u8> {
        [
            &self.officer.0.to_be_bytes()[..],
            &self.other.0.to_be_bytes(),
            &self.generation.to_be_bytes(),
        ]
        .concat()
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<ShareOf, SealingError> {
        Ok(ShareOf {
            officer: MemberId(reader.number()?),
            other: MemberId(reader.number()?),
            generation: reader.count()?,
        })
    }
}

/// Two shares, each uniformly random alone, whose exclusive or is the secret.
pub(super) fn split(secret: &Secret) -> Result<(Secret, Secret), SealingError> {
    let random = Secret::random()?;
    let masked = secret.xor(&random);
    Ok((random, masked))
}

fn head(of: &ShareOf) -> Vec<u8> {
    [&SEALED_SHARE.begin()[..], &of.bytes()].concat()
}

fn purpose(compartment: &CompartmentPublicKey, officer: &MemberPublicKey, of: &ShareOf) -> Vec<u8> {
    officer.bind(compartment.bind(Bound::new(PURPOSE))).bytes(&of.bytes()).finish()
}
