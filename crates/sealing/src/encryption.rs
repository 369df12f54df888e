//! HPKE in base mode (RFC 9180 §5.1.1, one message for each agreement, §6.1): the only file that
//! knows the library.
//!
//! In: a public key, what the message is bound to, the message. Out: the encapsulated key (32
//! bytes), the message under the suite's cipher, its tag (16 bytes), in one piece.

use hpke::aead::{Aead, AeadTag, AesGcm256, ChaCha20Poly1305};
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::rand_core::CryptoRng;
use hpke::{Deserializable, HpkeError, Kem, OpModeR, OpModeS, Serializable};
use zeroize::Zeroizing;

use crate::agreement::PublicKey;
use crate::chance::OperatingSystem;
use crate::secret::Secret;
use crate::{SealingError, Suite};

type Agreement = X25519HkdfSha256;

const ENCAPSULATED_BYTES: usize = 32;
const TAG_BYTES: usize = 16;
/// By how much a message grows.
pub(crate) const OVERHEAD_BYTES: usize = ENCAPSULATED_BYTES + TAG_BYTES;
/// A secret of 32 bytes, encrypted.
pub(crate) const ENCRYPTED_SECRET_BYTES: usize = 32 + OVERHEAD_BYTES;

/// What a message is bound to.
#[derive(Clone, Copy)]
pub(crate) struct BoundTo<'a> {
    /// Enters the derivation of the keys (`info`).
    pub(crate) purpose: &'a [u8],
    /// Is authenticated by the cipher (`aad`): the beginning of the stored bytes.
    pub(crate) head: &'a [u8],
}

/// Encrypts a message.
pub(crate) fn encrypt(
    suite: Suite,
    to: &PublicKey,
    bound: BoundTo<'_>,
    message: Zeroizing<Vec<u8>>,
) -> Result<Vec<u8>, SealingError> {
    let mut chance = OperatingSystem::default();
    let encrypted = encrypt_with(suite, to, bound, message, &mut chance);
    chance.held()?;
    encrypted
}

/// Decrypts what [`encrypt`] made; `None` when it does not open.
pub(crate) fn decrypt(
    suite: Suite,
    key: &Secret,
    bound: BoundTo<'_>,
    encrypted: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    match suite {
        Suite::ChaCha20Poly1305 => decrypt_by::<ChaCha20Poly1305>(key, bound, encrypted),
        Suite::Aes256Gcm => decrypt_by::<AesGcm256>(key, bound, encrypted),
    }
}

/// Encrypts a secret.
pub(crate) fn encrypt_secret(
    suite: Suite,
    to: &PublicKey,
    bound: BoundTo<'_>,
    secret: &Secret,
) -> Result<[u8; ENCRYPTED_SECRET_BYTES], SealingError> {
    let encrypted = encrypt(suite, to, bound, Zeroizing::new(secret.bytes().to_vec()))?;
    // 32 bytes and the overhead are always as many.
    encrypted.try_into().map_err(|_| SealingError::Damaged { what: "sealed secret" })
}

/// Decrypts what [`encrypt_secret`] made.
pub(crate) fn decrypt_secret(
    suite: Suite,
    key: &Secret,
    bound: BoundTo<'_>,
    encrypted: &[u8; ENCRYPTED_SECRET_BYTES],
) -> Option<Secret> {
    Secret::copy_of(&decrypt(suite, key, bound, encrypted)?)
}

fn encrypt_with(
    suite: Suite,
    to: &PublicKey,
    bound: BoundTo<'_>,
    message: Zeroizing<Vec<u8>>,
    chance: &mut impl CryptoRng,
) -> Result<Vec<u8>, SealingError> {
    let encrypted = match suite {
        Suite::ChaCha20Poly1305 => encrypt_by::<ChaCha20Poly1305>(to, bound, message, chance),
        Suite::Aes256Gcm => encrypt_by::<AesGcm256>(to, bound, message, chance),
    };
    // Only an agreement with a point of low order fails, and that is no `PublicKey`.
    encrypted.map_err(|_| SealingError::NotAPublicKey { of: "compartment or member" })
}

fn encrypt_by<Cipher: Aead>(
    to: &PublicKey,
    bound: BoundTo<'_>,
    mut message: Zeroizing<Vec<u8>>,
    chance: &mut impl CryptoRng,
) -> Result<Vec<u8>, HpkeError> {
    let to = <Agreement as Kem>::PublicKey::from_bytes(to.bytes())?;
    let (encapsulated, tag) =
        hpke::single_shot_seal_in_place_detached::<Cipher, HkdfSha256, Agreement, _>(
            &OpModeS::Base,
            &to,
            bound.purpose,
            &mut message,
            bound.head,
            chance,
        )?;
    Ok([&encapsulated.to_bytes()[..], &message, &tag.to_bytes()].concat())
}

fn decrypt_by<Cipher: Aead>(
    key: &Secret,
    bound: BoundTo<'_>,
    encrypted: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    let (encapsulated, rest) = encrypted.split_at_checked(ENCAPSULATED_BYTES)?;
    let (message, tag) = rest.split_at_checked(rest.len().checked_sub(TAG_BYTES)?)?;
    let encapsulated = <Agreement as Kem>::EncappedKey::from_bytes(encapsulated).ok()?;
    let tag = AeadTag::<Cipher>::from_bytes(tag).ok()?;
    let key = <Agreement as Kem>::PrivateKey::from_bytes(key.bytes()).ok()?;
    let mut message = Zeroizing::new(message.to_vec());
    hpke::single_shot_open_in_place_detached::<Cipher, HkdfSha256, Agreement>(
        &OpModeR::Base,
        &key,
        &encapsulated,
        bound.purpose,
        &mut message,
        bound.head,
        &tag,
    )
    .ok()?;
    Some(message)
}

#[cfg(test)]
mod tests {
    use hpke::rand_core::RngCore;

    use super::*;
    use crate::hex;

    /// A case of the published test vectors.
    struct Published {
        suite: Suite,
        /// From which the sender's key is derived.
        drawn: &'static str,
        secret: &'static str,
        public: &'static str,
        encapsulated: &'static str,
        encrypted: &'static str,
    }

    /// The first is RFC 9180 Appendix A.2.1. The RFC prints no case of X25519 with AES-256-GCM; the
    /// second is from the file of vectors that it names (`test-vectors.json` at commit 5f503c5).
    const PUBLISHED: [Published; 2] = [
        Published {
            suite: Suite::ChaCha20Poly1305,
            drawn: "909a9b35d3dc4713a5e72a4da274b55d3d3821a37e5d099e74a647db583a904b",
            secret: "8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb",
            public: "4310ee97d88cc1f088a5576c77ab0cf5c3ac797f3d95139c6c84b5429c59662a",
            encapsulated: "1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a",
            encrypted: "1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db21993c62ce8188\
                        3d2dd1b51a28",
        },
        Published {
            suite: Suite::Aes256Gcm,
            drawn: "2cd7c601cefb3d42a62b04b7a9041494c06c7843818e0ce28a8f704ae7ab20f9",
            secret: "497b4502664cfea5d5af0b39934dac72242a74f8480451e1aee7d6a53320333d",
            public: "430f4b9859665145a6b1ba274024487bd66f03a2dd577d7753c68d7d7d00c00c",
            encapsulated: "6c93e09869df3402d7bf231bf540fadd35cd56be14f97178f0954db94b7fc256",
            encrypted: "e5d84cd531cfb583096e7cfa9641bd3079cf3a91cda813c52deb5f512be9931980a41de125a925\
                        cdad859d5b7a",
        },
    ];

    const BOUND: BoundTo<'static> = BoundTo { purpose: b"Ode on a Grecian Urn", head: b"Count-0" };
    const MESSAGE: &[u8] = b"Beauty is truth, truth beauty";

    /// Draws what the vectors drew.
    struct Drawn([u8; 32]);

    impl RngCore for Drawn {
        fn next_u32(&mut self) -> u32 {
            unreachable!("HPKE draws bytes")
        }
        fn next_u64(&mut self) -> u64 {
            unreachable!("HPKE draws bytes")
        }
        fn fill_bytes(&mut self, bytes: &mut [u8]) {
            bytes.copy_from_slice(&self.0);
        }
    }

    impl CryptoRng for Drawn {}

    #[test]
    fn the_published_vectors_are_met_in_both_directions() {
        for case in PUBLISHED {
            let secret = Secret::copy_of(&hex::decode::<32>(case.secret).unwrap()).unwrap();
            let public = PublicKey::of(&secret);
            assert_eq!(hex::encode(public.bytes()), case.public);
            let expected = [
                &hex::decode::<32>(case.encapsulated).unwrap()[..],
                &hex::decode::<45>(case.encrypted).unwrap(),
            ]
            .concat();
            let mut drawn = Drawn(hex::decode(case.drawn).unwrap());
            let message = Zeroizing::new(MESSAGE.to_vec());
            let made = encrypt_with(case.suite, &public, BOUND, message, &mut drawn).unwrap();
            assert_eq!(made, expected);
            let opened = decrypt(case.suite, &secret, BOUND, &expected).unwrap();
            assert_eq!(&opened[..], MESSAGE);
        }
    }

    #[test]
    fn nothing_opens_with_another_key_purpose_head_or_suite() {
        let (ours, other) = (Secret::random().unwrap(), Secret::random().unwrap());
        for suite in [Suite::ChaCha20Poly1305, Suite::Aes256Gcm] {
            let message = Zeroizing::new(MESSAGE.to_vec());
            let made = encrypt(suite, &PublicKey::of(&ours), BOUND, message).unwrap();
            assert_eq!(made.len(), MESSAGE.len() + OVERHEAD_BYTES);
            assert!(decrypt(suite, &ours, BOUND, &made).is_some());
            assert!(decrypt(suite, &other, BOUND, &made).is_none());
            assert!(decrypt(suite, &ours, BoundTo { purpose: b"", ..BOUND }, &made).is_none());
            assert!(decrypt(suite, &ours, BoundTo { head: b"", ..BOUND }, &made).is_none());
            let another = match suite {
                Suite::ChaCha20Poly1305 => Suite::Aes256Gcm,
                Suite::Aes256Gcm => Suite::ChaCha20Poly1305,
            };
            assert!(decrypt(another, &ours, BOUND, &made).is_none());
            for length in 0..made.len() {
                assert!(decrypt(suite, &ours, BOUND, &made[..length]).is_none());
            }
        }
    }
}
