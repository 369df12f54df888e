//! A token to positions in a filter; keys from the secret.
//!
//! In: the bytes of a token, a key, how many positions. Out: the positions, each below the length
//! of the filter; they may coincide.
//!
//! Sources: HKDF as RFC 5869; BLAKE2b as RFC 7693, keyed, a number as its salt; double hashing as
//! Schnell, Bachteler and Reiher (2009), Privacy-preserving record linkage using Bloom filters.

use std::fmt;

use blake2::Blake2bMac512;
use blake2::digest::OutputSizeUser;
use blake2::digest::typenum::Unsigned;
use hkdf::Hkdf;
use hmac::{Mac, SimpleHmac};
use md5::Md5;
use sha1::Sha1;
use sha2::{Sha256, Sha512};
use zeroize::{Zeroize, Zeroizing};

/// The secret that all agencies who encode with a schema share: bytes of any length.
pub struct ClkSecret(Vec<u8>);

impl ClkSecret {
    /// Takes the secret.
    pub fn new(secret: Vec<u8>) -> ClkSecret {
        ClkSecret(secret)
    }
}

impl Drop for ClkSecret {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for ClkSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

/// The hash function under the derivation of keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
pub(super) enum KeyHash {
    #[serde(rename = "SHA256")]
    Sha256,
    #[serde(rename = "SHA512")]
    Sha512,
}

impl KeyHash {
    /// How many bytes HKDF can give.
    pub(super) fn most_bytes(self) -> usize {
        255 * match self {
            KeyHash::Sha256 => <Sha256 as OutputSizeUser>::OutputSize::USIZE,
            KeyHash::Sha512 => <Sha512 as OutputSizeUser>::OutputSize::USIZE,
        }
    }

    /// Fills `out` with key material; it holds no more than [`KeyHash::most_bytes`].
    fn expand(self, secret: &[u8], salt: Option<&[u8]>, info: &[u8], out: &mut [u8]) {
        let expanded = match self {
            KeyHash::Sha256 => Hkdf::<Sha256>::new(salt, secret).expand(info, out),
            KeyHash::Sha512 => Hkdf::<Sha512>::new(salt, secret).expand(info, out),
        };
        debug_assert!(expanded.is_ok(), "the schema was checked for the length");
    }
}

/// How keys are derived from the secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Derivation {
    pub(super) hash: KeyHash,
    pub(super) salt: Option<Vec<u8>>,
    pub(super) info: Vec<u8>,
    pub(super) key_bytes: usize,
}

/// The two keys of a feature.
pub(super) type FeatureKeys = [Zeroizing<Vec<u8>>; 2];

impl Derivation {
    /// Two keys for each feature, those that are ignored included.
    pub(super) fn keys(&self, secret: &ClkSecret, features: usize) -> Vec<FeatureKeys> {
        let mut material = Zeroizing::new(vec![0; 2 * features * self.key_bytes]);
        self.hash.expand(&secret.0, self.salt.as_deref(), &self.info, &mut material);
        let key = |bytes: &[u8]| Zeroizing::new(bytes.to_vec());
        material
            .chunks_exact(2 * self.key_bytes)
            .map(|two| [key(&two[..self.key_bytes]), key(&two[self.key_bytes..])])
            .collect()
    }
}

/// The hash functions of a feature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TokenHash {
    Blake,
    /// Two hashes, the second taken `i` times; `nonsingular` hashes again when the second is zero.
    Double {
        nonsingular: bool,
    },
}

impl TokenHash {
    /// Where a token sets bits in a filter of `bits` bits.
    pub(super) fn positions(
        self,
        token: &[u8],
        keys: &FeatureKeys,
        count: usize,
        bits: usize,
    ) -> Vec<u32> {
        match self {
            TokenHash::Blake => blake(token, &keys[0], count, bits),
            TokenHash::Double { nonsingular } => double(token, keys, count, bits, nonsingular),
        }
    }
}

fn blake(token: &[u8], key: &[u8], count: usize, bits: usize) -> Vec<u32> {
    let mut positions = Vec::with_capacity(count.next_multiple_of(32));
    for block in 0..count.div_ceil(32) {
        let salt = block.to_string();
        let Ok(mut mac) = Blake2bMac512::new_with_salt_and_personal(key, salt.as_bytes(), &[])
        else {
            debug_assert!(false, "the schema was checked for a key of at most 64 bytes");
            return positions;
        };
        Mac::update(&mut mac, token);
        positions.extend(mac.finalize().into_bytes().chunks_exact(2).map(|two| {
            let short = usize::from(u16::from_le_bytes([two[0], two[1]]));
            u32::try_from(short % bits).unwrap_or(0)
        }));
    }
    positions.truncate(count);
    positions
}

fn double(
    token: &[u8],
    keys: &FeatureKeys,
    count: usize,
    bits: usize,
    nonsingular: bool,
) -> Vec<u32> {
    let first = remainder(&hmac::<SimpleHmac<Sha1>>(&keys[0], &[token]), bits);
    let mut second = remainder(&hmac::<SimpleHmac<Md5>>(&keys[1], &[token]), bits);
    let mut again = (0..=0x0010_FFFF_u32).filter_map(char::from_u32);
    while nonsingular && second == 0 && bits > 1 {
        let Some(tail) = again.next() else { break };
        let tail = tail.encode_utf8(&mut [0; 4]).as_bytes().to_vec();
        second = remainder(&hmac::<SimpleHmac<Md5>>(&keys[1], &[token, &tail]), bits);
    }
    let bits = bits as u64;
    (0..count as u64).map(|i| ((first + i % bits * second) % bits) as u32).collect()
}

fn hmac<M: Mac + hmac::digest::KeyInit>(key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    let Ok(mut mac) = <M as Mac>::new_from_slice(key) else {
        debug_assert!(false, "HMAC takes a key of any length");
        return Vec::new();
    };
    parts.iter().for_each(|part| Mac::update(&mut mac, part));
    mac.finalize().into_bytes().to_vec()
}

/// A digest, read as one number with the first byte the largest, modulo the length of the filter.
fn remainder(digest: &[u8], bits: usize) -> u64 {
    let bits = bits as u64;
    digest.iter().fold(0, |sum, &byte| (sum * 256 + u64::from(byte)) % bits)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// RFC 5869, test case 1; RFC 2202, first cases of HMAC-MD5 and HMAC-SHA-1.
    #[test]
    fn published_vectors() {
        let derivation = Derivation {
            hash: KeyHash::Sha256,
            salt: Some((0..=0x0c).collect()),
            info: (0xf0..=0xf9).collect(),
            key_bytes: 21,
        };
        let keys = derivation.keys(&ClkSecret::new(vec![0x0b; 22]), 1);
        assert_eq!(
            hex(&[keys[0][0].as_slice(), keys[0][1].as_slice()].concat()),
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
        );
        assert_eq!(
            hex(&hmac::<SimpleHmac<Md5>>(&[0x0b; 16], &[b"Hi There"])),
            "9294727a3638bb1c13f48ef8158bfc9d"
        );
        assert_eq!(
            hex(&hmac::<SimpleHmac<Sha1>>(&[0x0b; 20], &[b"Hi ", b"There"])),
            "b617318655057264e28bc0b6fb378c8ef146be00"
        );
    }

    /// A filter of one bit has only one place; asking for another would never end.
    #[test]
    fn one_bit_ends() {
        let keys = [Zeroizing::new(vec![1]), Zeroizing::new(vec![2])];
        let hash = TokenHash::Double { nonsingular: true };
        assert_eq!(hash.positions(b"x", &keys, 3, 1), [0, 0, 0]);
    }

    #[test]
    fn the_secret_is_not_shown() {
        assert_eq!(format!("{:?}", ClkSecret::new(vec![1])), "[secret]");
    }
}
