//! Text sealed to a compartment.
//!
//! In: the public key of the compartment, the place where the text will stand, the text. Out: bytes
//! that only the compartment's key opens, and only in that place ([`Sealed`]). Anybody can seal, so
//! that a text that opens is not shown to come from anybody: `notes/sealed_text.md`.

use std::fmt;
use std::str;

use zeroize::Zeroizing;

use crate::bound::Bound;
use crate::encryption::{self, BoundTo, OVERHEAD_BYTES};
use crate::form::SEALED;
use crate::withheld::withhold;
use crate::{CompartmentKey, CompartmentPublicKey, Place, SealingError, Suite, padding};

const PURPOSE: &str = "Clearway 2026-11 text sealed to a compartment";

/// A sealed text: the suite, an encapsulated key (32 bytes), the padded text under the suite's
/// cipher, and a tag (16 bytes). With its beginning, 51 bytes more than the padded text.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed {
    suite: Suite,
    encrypted: Vec<u8>,
}

/// A text that was opened. Wiped when dropped; prints `[withheld]`.
pub struct Opened(Zeroizing<Vec<u8>>);

withhold!(Opened);

impl CompartmentPublicKey {
    /// Seals a text for one place.
    ///
    /// HPKE in base mode with DHKEM(X25519, HKDF-SHA256), HKDF-SHA256 and the compartment's suite
    /// (RFC 9180 §6.1). Compartment, table, row and field enter the derivation of the keys. The
    /// text is padded first.
    ///
    /// # Errors
    ///
    /// [`SealingError::TooLong`] above [`crate::MOST_TEXT_BYTES`]; [`SealingError::Chance`] when the
    /// operating system gives no randomness.
    ///
    /// # Examples
    ///
    /// ```
    /// use sealing::{CompartmentId, CompartmentKey, Place, Row, Suite};
    ///
    /// let key = CompartmentKey::generate(CompartmentId(3), Suite::ChaCha20Poly1305)?;
    /// let place = Place { table: "tip", row: Row::Number(12), field: "what_happened" };
    /// let sealed = key.public().seal(&place, "made up".as_bytes())?;
    /// assert_eq!(key.open(&place, &sealed)?.text(), Some("made up"));
    ///
    /// let elsewhere = Place { row: Row::Number(13), ..place };
    /// assert!(key.open(&elsewhere, &sealed).is_err());
    /// # Ok::<(), sealing::SealingError>(())
    /// ```
    pub fn seal(&self, place: &Place<'_>, text: &[u8]) -> Result<Sealed, SealingError> {
        let suite = self.suite();
        let bound = BoundTo { purpose: &purpose(self, place), head: &head(suite) };
        let encrypted = encryption::encrypt(suite, self.key(), bound, padding::pad(text)?)?;
        Ok(Sealed { suite, encrypted })
    }
}

impl CompartmentKey {
    /// Opens a sealed text in its place.
    ///
    /// # Errors
    ///
    /// [`SealingError::DoesNotOpen`] when it was sealed to another compartment or for another place,
    /// or was changed.
    pub fn open(&self, place: &Place<'_>, sealed: &Sealed) -> Result<Opened, SealingError> {
        let suite = self.public().suite();
        let bound = BoundTo { purpose: &purpose(self.public(), place), head: &head(sealed.suite) };
        let padded = encryption::decrypt(suite, self.secret(), bound, &sealed.encrypted);
        padded.and_then(padding::unpad).map(Opened).ok_or_else(|| SEALED.does_not_open())
    }
}

impl Sealed {
    /// Reads a sealed text; whether it opens is seen later.
    ///
    /// # Errors
    ///
    /// [`SealingError::Damaged`] for bytes that cannot be one, [`SealingError::UnknownVersion`] for
    /// those of a later version.
    pub fn from_bytes(bytes: &[u8]) -> Result<Sealed, SealingError> {
        let mut reader = SEALED.read(bytes)?;
        let suite = Suite::read(reader.byte()?).ok_or_else(|| reader.damaged())?;
        let encrypted = reader.rest();
        match encrypted.len().checked_sub(OVERHEAD_BYTES) {
            Some(padded) if padding::is_padded_length(padded) => {
                Ok(Sealed { suite, encrypted: encrypted.to_vec() })
            }
            _ => Err(SEALED.damaged()),
        }
    }

    /// As it is stored.
    pub fn to_bytes(&self) -> Vec<u8> {
        [&head(self.suite)[..], &self.encrypted].concat()
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sealed({:?}, {} bytes)", self.suite, self.encrypted.len())
    }
}

impl Opened {
    /// The bytes that were sealed.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The text, when it is one.
    pub fn text(&self) -> Option<&str> {
        str::from_utf8(&self.0).ok()
    }
}

fn head(suite: Suite) -> Vec<u8> {
    [&SEALED.begin()[..], &[suite.byte()]].concat()
}

fn purpose(to: &CompartmentPublicKey, place: &Place<'_>) -> Vec<u8> {
    place.bind(to.bind(Bound::new(PURPOSE))).finish()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{CompartmentId, Row};

    const PLACE: Place<'static> =
        Place { table: "tip", row: Row::Number(12), field: "what_happened" };

    fn key(id: i64, suite: Suite) -> CompartmentKey {
        CompartmentKey::generate(CompartmentId(id), suite).unwrap()
    }

    #[test]
    fn a_text_opens_in_its_place_and_nowhere_else() {
        let key = key(3, Suite::Aes256Gcm);
        let sealed = key.public().seal(&PLACE, b"made up").unwrap();
        assert_eq!(key.open(&PLACE, &sealed).unwrap().bytes(), b"made up");
        let elsewhere = [
            Place { table: "tips", ..PLACE },
            Place { row: Row::Number(-12), ..PLACE },
            Place { row: Row::Random([0; 16]), ..PLACE },
            Place { field: "where", ..PLACE },
            Place { table: "tipwhat_", field: "happened", ..PLACE },
        ];
        let refused = SealingError::DoesNotOpen { what: "sealed text" };
        for place in elsewhere {
            assert_eq!(key.open(&place, &sealed).unwrap_err(), refused);
        }
    }

    #[test]
    fn another_compartment_does_not_open_it_even_with_the_same_secret() {
        let three = key(3, Suite::Aes256Gcm);
        let sealed = three.public().seal(&PLACE, b"made up").unwrap();
        assert!(key(3, Suite::Aes256Gcm).open(&PLACE, &sealed).is_err());
        for (id, suite) in [(4, Suite::Aes256Gcm), (3, Suite::ChaCha20Poly1305)] {
            let mut bytes = three.public().to_bytes();
            bytes[2] = suite.byte();
            let public = CompartmentPublicKey::from_bytes(CompartmentId(id), &bytes).unwrap();
            let secret = three.secret().duplicate();
            let other = CompartmentKey::of(secret, &public).unwrap();
            assert!(other.open(&PLACE, &sealed).is_err());
        }
    }

    #[test]
    fn a_text_does_not_open_under_the_other_suite() {
        let key = key(3, Suite::Aes256Gcm);
        let mut bytes = key.public().seal(&PLACE, b"made up").unwrap().to_bytes();
        bytes[2] = Suite::ChaCha20Poly1305.byte();
        assert!(key.open(&PLACE, &Sealed::from_bytes(&bytes).unwrap()).is_err());
    }

    #[test]
    fn the_same_text_is_sealed_differently_and_short_ones_alike_in_length() {
        let key = key(3, Suite::ChaCha20Poly1305);
        let bytes = |text: &[u8]| key.public().seal(&PLACE, text).unwrap().to_bytes();
        assert_ne!(bytes(b"yes"), bytes(b"yes"));
        assert_eq!(bytes(b"").len(), 51 + 64);
        assert_eq!(bytes(b"").len(), bytes(&[7; 63]).len());
    }

    #[test]
    fn every_changed_bit_and_every_cut_is_refused() {
        for suite in [Suite::ChaCha20Poly1305, Suite::Aes256Gcm] {
            let key = key(3, suite);
            let whole = key.public().seal(&PLACE, b"made up").unwrap().to_bytes();
            for at in 0..whole.len() {
                let mut bytes = whole.clone();
                bytes[at] ^= 1 << (at % 8);
                let opened = Sealed::from_bytes(&bytes).and_then(|it| key.open(&PLACE, &it));
                assert!(opened.is_err(), "byte {at}");
                assert!(Sealed::from_bytes(&whole[..at]).is_err(), "cut at {at}");
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn texts_round_trip(text in prop::collection::vec(any::<u8>(), 0..3000), aes: bool) {
            let key = key(3, if aes { Suite::Aes256Gcm } else { Suite::ChaCha20Poly1305 });
            let bytes = key.public().seal(&PLACE, &text).unwrap().to_bytes();
            let sealed = Sealed::from_bytes(&bytes).unwrap();
            prop_assert_eq!(sealed.to_bytes(), bytes);
            let opened = key.open(&PLACE, &sealed).unwrap();
            prop_assert_eq!(opened.bytes(), &text[..]);
        }

        #[test]
        fn any_bytes_can_be_read(
            begun: bool, bytes in prop::collection::vec(any::<u8>(), 0..300),
        ) {
            let bytes = if begun { [&[3, 1, 1][..], &bytes].concat() } else { bytes };
            if let Ok(sealed) = Sealed::from_bytes(&bytes) {
                let opened = key(3, Suite::ChaCha20Poly1305).open(&PLACE, &sealed);
                prop_assert!(opened.is_err());
            }
        }
    }
}
