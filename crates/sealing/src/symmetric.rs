//! AES-256-GCM under a key that one installation holds: the only cipher of what it keeps for itself.
//!
//! In: a secret, for what it is used, what the text is bound to, the text. Out: how stored bytes begin, a
//! random nonce (12 bytes), the padded text encrypted, its tag (16 bytes). A random nonce may be drawn
//! 2³² times under one key (NIST SP 800-38D §8.3).

use aes_gcm::aead::{AeadInPlace, KeyInit};
use aes_gcm::{Aes256Gcm, Key, Nonce, Tag};
use zeroize::Zeroizing;

use crate::form::Form;
use crate::padding::{is_padded_length, pad, unpad};
use crate::secret::Secret;
use crate::withheld::withhold;
use crate::{SealingError, chance, derivation};

const NONCE_BYTES: usize = 12;
const TAG_BYTES: usize = 16;

/// A cipher for one purpose. Boxed, so that moving it leaves no copy behind.
pub(crate) struct Symmetric(Box<Aes256Gcm>);

withhold!(Symmetric);

impl Symmetric {
    /// The cipher that a secret gives for a purpose; those of other purposes say nothing about it.
    pub(crate) fn new(secret: &Secret, purpose: &str) -> Symmetric {
        let key = derivation::derive::<32>(secret, &[], purpose.as_bytes());
        Symmetric(Box::new(Aes256Gcm::new(Key::<Aes256Gcm>::from_slice(&key[..]))))
    }

    pub(crate) fn seal(
        &self,
        form: &Form,
        bound_to: &[u8],
        text: &[u8],
    ) -> Result<Vec<u8>, SealingError> {
        let nonce: [u8; NONCE_BYTES] = chance::bytes()?;
        let mut padded = pad(text)?;
        let tag = self
            .0
            .encrypt_in_place_detached(Nonce::from_slice(&nonce), bound_to, &mut padded)
            .map_err(|_| form.damaged())?;
        Ok([&form.begin()[..], &nonce, &padded, &tag].concat())
    }

    pub(crate) fn open(
        &self,
        form: &Form,
        bound_to: &[u8],
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, SealingError> {
        let mut reader = form.read(sealed)?;
        let nonce: [u8; NONCE_BYTES] = reader.take()?;
        let (text, tag) =
            reader.rest().split_last_chunk::<TAG_BYTES>().ok_or_else(|| form.damaged())?;
        if !is_padded_length(text.len()) {
            return Err(form.damaged());
        }
        let mut padded = Zeroizing::new(text.to_vec());
        self.0
            .decrypt_in_place_detached(
                Nonce::from_slice(&nonce),
                bound_to,
                &mut padded,
                Tag::from_slice(tag),
            )
            .map_err(|_| form.does_not_open())?;
        unpad(padded).ok_or_else(|| form.damaged())
    }
}
