//! Ed25519 signatures over a kind of message and its bytes.
//!
//! What is signed begins with what it is, so that a signature under one kind of message is never
//! one under another.

use ed25519_dalek::{Signature, VerifyingKey};
use zeroize::Zeroizing;

/// What is signed.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Signed {
    Card,
    Manifest,
    LinkageKey,
    Checkpoint,
}

impl Signed {
    pub(crate) fn bytes(self, message: &[u8]) -> Zeroizing<Vec<u8>> {
        let what = match self {
            Signed::Card => "clearway card 1",
            Signed::Manifest => "clearway manifest 1",
            Signed::LinkageKey => "clearway linkage key 1",
            Signed::Checkpoint => "clearway checkpoint 1",
        };
        Zeroizing::new([what.as_bytes(), &[0], message].concat())
    }

    /// Whether a signature over a message was made by the owner of a public key.
    pub(crate) fn verifies(self, key: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> bool {
        // Strict: no second signature of the same bytes, no key of low order.
        VerifyingKey::from_bytes(key).is_ok_and(|key| {
            let signature = Signature::from_bytes(signature);
            key.verify_strict(&self.bytes(message), &signature).is_ok()
        })
    }
}

/// Whether bytes are a public key that only its owner can sign for.
pub(crate) fn is_public_key(bytes: &[u8; 32]) -> bool {
    VerifyingKey::from_bytes(bytes).is_ok_and(|key| !key.is_weak())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Keys;

    #[test]
    fn a_signature_is_good_for_its_kind_key_and_bytes_only() {
        let data = tempfile::tempdir().unwrap();
        let keys = Keys::create(&data.path().join("a")).unwrap();
        let other = Keys::create(&data.path().join("b")).unwrap();
        let key = keys.public_signing_key();
        let good = keys.sign(Signed::Manifest, b"twelve");
        assert!(Signed::Manifest.verifies(&key, b"twelve", &good));
        assert!(!Signed::Manifest.verifies(&key, b"eleven", &good));
        assert!(!Signed::Card.verifies(&key, b"twelve", &good));
        assert!(!Signed::Manifest.verifies(&other.public_signing_key(), b"twelve", &good));
        assert!(is_public_key(&key));
        assert!(!is_public_key(&[0; 32]), "a point of low order");
    }
}
