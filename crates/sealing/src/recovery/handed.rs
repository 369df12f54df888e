//! A member's request, the shares that are handed over for it, and what they give together.

use std::fmt;

use super::RecoveryError;
use super::share::ShareOf;
use crate::bound::Bound;
use crate::encryption::{self, BoundTo, ENCRYPTED_SECRET_BYTES};
use crate::form::HANDED_SHARE;
use crate::secret::Secret;
use crate::{
    CompartmentKey, CompartmentPublicKey, MemberId, MemberKey, MemberPublicKey, SealingError,
    chance,
};

const PURPOSE: &str = "Clearway 2026-11 recovery share handed to a member";

/// A random id of 16 bytes, by which two requests of one member are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RequestId([u8; 16]);

impl RequestId {
    /// Makes a new one.
    ///
    /// # Errors
    ///
    /// [`SealingError::Chance`] when the operating system gives no randomness.
    pub fn generate() -> Result<RequestId, SealingError> {
        chance::bytes().map(RequestId)
    }

    /// One that was stored.
    pub fn from_bytes(bytes: [u8; 16]) -> RequestId {
        RequestId(bytes)
    }

    /// As it is stored.
    pub fn bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

/// A member's request to recover one compartment with a new key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecoveryRequest {
    id: RequestId,
    member: MemberPublicKey,
    compartment: CompartmentPublicKey,
}

/// A share that an officer handed over: sealed to the member's new key, for one request.
#[derive(Clone, PartialEq, Eq)]
pub struct HandedShare {
    request: RequestId,
    of: ShareOf,
    encrypted: [u8; ENCRYPTED_SECRET_BYTES],
}

impl RecoveryRequest {
    /// A request, new or as it was stored: its id, the member's new public key, the compartment.
    pub fn new(
        id: RequestId,
        member: MemberPublicKey,
        compartment: CompartmentPublicKey,
    ) -> RecoveryRequest {
        RecoveryRequest { id, member, compartment }
    }

    /// Which request it is.
    pub fn id(&self) -> RequestId {
        self.id
    }

    /// Who asks, with her new key.
    pub fn member(&self) -> &MemberPublicKey {
        &self.member
    }

    /// What she asks for.
    pub fn compartment(&self) -> &CompartmentPublicKey {
        &self.compartment
    }

    /// Combines the shares of two officers to the compartment's key, and compares it with the
    /// compartment's public key. The member then grants the compartment to her new key.
    ///
    /// # Errors
    ///
    /// [`RecoveryError::OtherMember`] when the key is not the one of the request;
    /// [`RecoveryError::OtherRequest`], [`RecoveryError::OneOfficer`], [`RecoveryError::OtherPair`]
    /// and [`RecoveryError::OtherGeneration`] when the shares do not belong to it or together;
    /// [`SealingError::DoesNotOpen`] when one was changed or handed to another;
    /// [`SealingError::OtherKey`] when they open and do not give the compartment's key: one of the
    /// officers, and it cannot be told which, handed over something else.
    pub fn combine(
        &self,
        key: &MemberKey,
        first: &HandedShare,
        second: &HandedShare,
    ) -> Result<CompartmentKey, RecoveryError> {
        if *key.public() != self.member {
            return Err(RecoveryError::OtherMember);
        }
        if first.request != self.id || second.request != self.id {
            return Err(RecoveryError::OtherRequest);
        }
        let (one, two) = (first.of, second.of);
        if one.officer == two.officer {
            return Err(RecoveryError::OneOfficer { officer: one.officer });
        }
        if one.other != two.officer || two.other != one.officer {
            return Err(RecoveryError::OtherPair { first: one.officer, second: two.officer });
        }
        if one.generation != two.generation {
            let (first, second) = (one.generation, two.generation);
            return Err(RecoveryError::OtherGeneration { first, second });
        }
        let secret = first.open(self, key)?.xor(&second.open(self, key)?);
        Ok(CompartmentKey::of(secret, &self.compartment)?)
    }

    fn purpose(&self, of: &ShareOf) -> Vec<u8> {
        let bound = self.compartment.bind(Bound::new(PURPOSE)).bytes(&self.id.0);
        self.member.bind(bound).bytes(&of.bytes()).finish()
    }
}

impl HandedShare {
    pub(super) fn make(
        request: &RecoveryRequest,
        of: ShareOf,
        share: &Secret,
    ) -> Result<HandedShare, SealingError> {
        let suite = request.compartment.suite();
        let bound = BoundTo { purpose: &request.purpose(&of), head: &head(request.id, &of) };
        let encrypted = encryption::encrypt_secret(suite, request.member.key(), bound, share)?;
        Ok(HandedShare { request: request.id, of, encrypted })
    }

    fn open(&self, request: &RecoveryRequest, key: &MemberKey) -> Result<Secret, SealingError> {
        let suite = request.compartment.suite();
        let purpose = request.purpose(&self.of);
        let bound = BoundTo { purpose: &purpose, head: &head(self.request, &self.of) };
        encryption::decrypt_secret(suite, key.secret(), bound, &self.encrypted)
            .ok_or_else(|| HANDED_SHARE.does_not_open())
    }

    /// For which request it was handed over.
    pub fn request(&self) -> RequestId {
        self.request
    }

    /// Who handed it over.
    pub fn officer(&self) -> MemberId {
        self.of.officer
    }

    /// With whose share it belongs.
    pub fn other_officer(&self) -> MemberId {
        self.of.other
    }

    /// Reads a handed share; whether it opens is seen later.
    ///
    /// # Errors
    ///
    /// [`SealingError::Damaged`] for bytes of another length or kind,
    /// [`SealingError::UnknownVersion`] for those of a later version.
    pub fn from_bytes(bytes: &[u8]) -> Result<HandedShare, SealingError> {
        let mut reader = HANDED_SHARE.read(bytes)?;
        let share = HandedShare {
            request: RequestId(reader.take()?),
            of: ShareOf::read(&mut reader)?,
            encrypted: reader.take()?,
        };
        reader.end()?;
        Ok(share)
    }

    /// As it is stored: 118 bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        [&head(self.request, &self.of)[..], &self.encrypted].concat()
    }
}

impl fmt::Debug for HandedShare {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HandedShare({:?}, {:?})", self.request, self.of)
    }
}

fn head(request: RequestId, of: &ShareOf) -> Vec<u8> {
    [&HANDED_SHARE.begin()[..], &request.0, &of.bytes()].concat()
}
