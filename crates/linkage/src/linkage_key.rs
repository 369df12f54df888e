//! The secret that agencies share, and the keys that are derived from it.
//!
//! In: thirty-two secret bytes. Out: a key for each purpose, the same at every agency with the same
//! secret. Assumes that the secret is random and stays with the agencies: whoever holds it can try
//! out names.

use std::fmt;

use hkdf::Hkdf;
use sha2::{Digest, Sha256};
use zeroize::Zeroize;

/// So that the same secret never gives the same bytes for another purpose.
const DERIVE_LABEL: &[u8] = b"clearway linkage: derived key, version 1\0";
const FINGERPRINT_LABEL: &[u8] = b"clearway linkage: key fingerprint, version 1\0";

/// The secret under which agencies encode. Wiped when it is dropped; its `Debug` withholds it.
pub struct LinkageKey([u8; 32]);

impl LinkageKey {
    /// Takes the secret.
    pub fn new(secret: [u8; 32]) -> LinkageKey {
        LinkageKey(secret)
    }

    /// By what two agencies see that they hold the same secret: the first eight bytes of the
    /// SHA-256 of a label and the secret, in sixteen hexadecimal digits.
    pub fn fingerprint(&self) -> String {
        let digest = Sha256::new().chain_update(FINGERPRINT_LABEL).chain_update(self.0).finalize();
        digest[..8].iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Fills `out` with a key for one purpose: HKDF-SHA-256 (RFC 5869) without a salt, the label
    /// and the purpose as its info. At most 8,160 bytes.
    pub(crate) fn derive(&self, purpose: &[&str], out: &mut [u8]) {
        let mut info = DERIVE_LABEL.to_vec();
        for part in purpose {
            info.extend((part.len() as u64).to_le_bytes());
            info.extend(part.as_bytes());
        }
        let derived = Hkdf::<Sha256>::new(None, &self.0).expand(&info, out);
        debug_assert!(derived.is_ok(), "at most 255 blocks");
    }
}

impl Drop for LinkageKey {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for LinkageKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn derived(key: &LinkageKey, purpose: &[&str]) -> [u8; 32] {
        let mut out = [0; 32];
        key.derive(purpose, &mut out);
        out
    }

    #[test]
    fn a_fingerprint_stays_what_it_is_and_the_secret_is_not_shown() {
        let key = LinkageKey::new([7; 32]);
        assert_eq!(key.fingerprint(), "d4055d62e7f5554d");
        assert_eq!(format!("{key:?}"), "[secret]");
    }

    proptest! {
        /// Another secret, another purpose, other keys; nobody's fingerprint is that of another.
        #[test]
        fn secrets_and_purposes_part(one: [u8; 32], other: [u8; 32]) {
            prop_assume!(one != other);
            let (one, other) = (LinkageKey::new(one), LinkageKey::new(other));
            prop_assert_ne!(derived(&one, &["a", "b"]), derived(&other, &["a", "b"]));
            prop_assert_ne!(derived(&one, &["a", "b"]), derived(&one, &["ab"]));
            prop_assert_ne!(one.fingerprint(), other.fingerprint());
        }
    }
}
