//! The key by which a passkey's signatures are checked.

use ed25519_dalek::VerifyingKey as Ed25519Key;
use p256::ecdsa::signature::Verifier;
use p256::ecdsa::{Signature, VerifyingKey as P256Key};

use super::PasskeyError;

/// Of one of the two kinds that are taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum PublicKey {
    /// ES256: ECDSA on P-256 with SHA-256.
    P256(P256Key),
    /// EdDSA on Ed25519.
    Ed25519(Ed25519Key),
}

/// COSE keys (RFC 9053) as authenticators must write them, in the one form of CTAP2: every byte but the
/// coordinates is fixed. `{1: 2, 3: -7, -1: 1, -2: x, -3: y}` and `{1: 1, 3: -8, -1: 6, -2: x}`.
const P256_HEAD: [u8; 10] = [0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20];
const P256_MIDDLE: [u8; 3] = [0x22, 0x58, 0x20];
const ED25519_HEAD: [u8; 10] = [0xa4, 0x01, 0x01, 0x03, 0x27, 0x20, 0x06, 0x21, 0x58, 0x20];

impl PublicKey {
    /// Reads a COSE key, and says what follows it.
    pub(super) fn read(bytes: &[u8]) -> Result<(PublicKey, &[u8]), PasskeyError> {
        if let Some(rest) = bytes.strip_prefix(&ED25519_HEAD) {
            let (x, rest) = rest.split_first_chunk::<32>().ok_or(PasskeyError::Unreadable)?;
            let key = Ed25519Key::from_bytes(x).map_err(|_| PasskeyError::Unreadable)?;
            return Ok((PublicKey::Ed25519(key), rest));
        }
        let rest = bytes.strip_prefix(&P256_HEAD).ok_or(PasskeyError::OtherKind)?;
        let (x, rest) = rest.split_first_chunk::<32>().ok_or(PasskeyError::Unreadable)?;
        let rest = rest.strip_prefix(&P256_MIDDLE).ok_or(PasskeyError::Unreadable)?;
        let (y, rest) = rest.split_first_chunk::<32>().ok_or(PasskeyError::Unreadable)?;
        // A point that is not on the curve is refused here.
        let key = P256Key::from_sec1_bytes(&[&[4][..], x, y].concat());
        Ok((PublicKey::P256(key.map_err(|_| PasskeyError::Unreadable)?), rest))
    }

    /// The COSE key again.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        match self {
            PublicKey::Ed25519(key) => [&ED25519_HEAD[..], key.as_bytes()].concat(),
            PublicKey::P256(key) => {
                let point = key.to_encoded_point(false);
                let (x, y) = point.as_bytes()[1..].split_at(32);
                [&P256_HEAD[..], x, &P256_MIDDLE, y].concat()
            }
        }
    }

    /// Checks a signature.
    pub(super) fn check(&self, signed: &[u8], signature: &[u8]) -> Result<(), PasskeyError> {
        let held = match self {
            PublicKey::P256(key) => Signature::from_der(signature)
                .and_then(|signature| key.verify(signed, &signature))
                .is_ok(),
            PublicKey::Ed25519(key) => ed25519_dalek::Signature::from_slice(signature)
                .and_then(|signature| key.verify_strict(signed, &signature))
                .is_ok(),
        };
        if held { Ok(()) } else { Err(PasskeyError::Signature) }
    }
}
