//! The secret that agencies share, and the encoding of a person's key under it.
//!
//! In: thirty-two secret bytes and a [`Slk581`]. Out: sixteen bytes ([`Encoding`]) that are the
//! same for the same letters, date and sex at every agency with the same secret. Assumes that the
//! secret is random and stays with the agencies: whoever holds it can try out names. Without it an
//! encoding says only whether two records agree.

use std::fmt;

use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use zeroize::Zeroize;

use crate::Slk581;

/// What is encoded, so that the same secret never gives the same bytes for another purpose.
const ENCODING_LABEL: &[u8] = b"clearway linkage: SLK-581, version 1\0";
const DERIVE_LABEL: &[u8] = b"clearway linkage: derived key, version 1\0";
const FINGERPRINT_LABEL: &[u8] = b"clearway linkage: key fingerprint, version 1\0";

/// The secret under which agencies encode. Wiped when it is dropped; its `Debug` withholds it.
pub struct LinkageKey([u8; 32]);

/// Sixteen bytes that stand for a person's letters, date of birth and sex. Federal law treats the
/// encoding of a victim-service client as the client's name (28 CFR 94.115): its `Debug` withholds
/// it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Encoding(pub [u8; 16]);

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

    /// The encoding of a person's key: HMAC-SHA-256 of a label and the key's characters in UTF-8,
    /// cut to 128 bits.
    ///
    /// Source: HMAC as RFC 2104 and FIPS 198-1 define it; cutting as RFC 2104, section 5, allows.
    /// Among ten million people the chance that two keys meet by accident is below 10⁻²⁴.
    pub fn encode(&self, slk: &Slk581) -> Encoding {
        Encoding(cut(&hmac_sha256(&self.0, &[ENCODING_LABEL, slk.as_bytes()])))
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

impl fmt::Debug for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[withheld]")
    }
}

/// HMAC-SHA-256 of some parts, one after the other. HMAC itself fills a key with zeros up to the
/// block of 64 bytes; filled here, it has the length that the function cannot refuse.
fn hmac_sha256(secret: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    let mut block = [0; 64];
    block[..32].copy_from_slice(secret);
    let mut mac = <Hmac<Sha256> as hmac::digest::KeyInit>::new(&block.into());
    block.zeroize();
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().into()
}

fn cut(digest: &[u8; 32]) -> [u8; 16] {
    let mut first = [0; 16];
    first.copy_from_slice(&digest[..16]);
    first
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Sex;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// RFC 4231, test cases 1 and 2; their keys of 20 and 4 bytes are filled with zeros, which by
    /// the definition of HMAC is the same key.
    #[test]
    fn hmac_is_that_of_rfc_4231() {
        let mut key = [0; 32];
        key[..20].fill(0x0b);
        assert_eq!(
            hex(&hmac_sha256(&key, &[b"Hi ", b"There"])),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        );
        let mut key = [0; 32];
        key[..4].copy_from_slice(b"Jefe");
        assert_eq!(
            hex(&hmac_sha256(&key, &[b"what do ya want for nothing?"])),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }

    /// Computed apart, with Python's `hmac` and `hashlib`.
    #[test]
    fn an_encoding_stays_what_it_is() {
        let slk = Slk581::new("Practice", "Mila", "1999-02-03", Sex::Female).unwrap();
        let key = LinkageKey::new([7; 32]);
        assert_eq!(hex(&key.encode(&slk).0), "023caf92671fbdfd9e0272b2ca67c122");
        assert_eq!(key.fingerprint(), "d4055d62e7f5554d");
    }

    #[test]
    fn debug_shows_neither_secret_nor_encoding() {
        let slk = Slk581::new("Practice", "Mila", "1999-02-03", Sex::Female).unwrap();
        let key = LinkageKey::new([7; 32]);
        assert_eq!(format!("{key:?} {:?}", key.encode(&slk)), "[secret] [withheld]");
    }

    proptest! {
        /// Another secret, other encodings; nobody's fingerprint is that of another secret.
        #[test]
        fn secrets_part(one: [u8; 32], other: [u8; 32]) {
            prop_assume!(one != other);
            let slk = Slk581::new("Practice", "Mila", "1999-02-03", Sex::Female).unwrap();
            let (one, other) = (LinkageKey::new(one), LinkageKey::new(other));
            prop_assert_ne!(one.encode(&slk).0, other.encode(&slk).0);
            prop_assert_ne!(one.fingerprint(), other.fingerprint());
        }
    }
}
