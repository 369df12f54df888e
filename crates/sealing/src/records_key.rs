//! The key of an agency's own records: what they say is sealed, and their numbers are replaced.
//!
//! In: 32 secret bytes; a text and where it stands, or a number. Out: the text sealed for that place
//! alone, or a pseudonym, which is the same for the same number and says nothing else.

use hmac::{Hmac, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::bound::Bound;
use crate::form::RECORD;
use crate::secret::Secret;
use crate::symmetric::Symmetric;
use crate::withheld::withhold;
use crate::{Place, SealingError, derivation};

const PLACE: &str = "Clearway 2026-12 place of an agency's own record";
const SEALING: &str = "Clearway 2026-12 sealing of an agency's own records";
const PSEUDONYMS: &str = "Clearway 2026-12 pseudonyms in an agency's own records";

/// What stands in the place of a number.
pub const PSEUDONYM_BYTES: usize = 16;

/// The key of an agency's own records. Wiped when dropped; prints `[withheld]`.
///
/// From the secret HKDF-SHA256 (RFC 5869) derives a key of AES-256-GCM (NIST SP 800-38D), which seals,
/// and one of HMAC-SHA256 (RFC 2104), 64 bytes long, of which the first 16 bytes are a pseudonym.
pub struct RecordsKey {
    cipher: Symmetric,
    pseudonyms: Box<Hmac<Sha256>>,
}

withhold!(RecordsKey);

impl RecordsKey {
    /// The key that a secret gives.
    ///
    /// # Examples
    ///
    /// ```
    /// use sealing::{Place, RecordsKey, Row};
    ///
    /// let key = RecordsKey::new(&[7; 32]);
    /// let place = Place { table: "record_content", row: Row::Number(1), field: "content" };
    /// let sealed = key.seal(&place, b"made up")?;
    /// assert_eq!(&key.open(&place, &sealed)?[..], b"made up");
    /// let other = Place { row: Row::Number(2), ..place };
    /// assert!(key.open(&other, &sealed).is_err());
    ///
    /// assert_eq!(key.pseudonym("victim", "V-1"), key.pseudonym("victim", "V-1"));
    /// assert_ne!(key.pseudonym("victim", "V-1"), key.pseudonym("arrest", "V-1"));
    /// # Ok::<(), sealing::SealingError>(())
    /// ```
    pub fn new(secret: &[u8; 32]) -> RecordsKey {
        let mut own = Secret::zero();
        own.bytes_mut().copy_from_slice(secret);
        let of_pseudonyms = derivation::derive::<64>(&own, &[], PSEUDONYMS.as_bytes());
        RecordsKey {
            cipher: Symmetric::new(&own, SEALING),
            pseudonyms: Box::new(<Hmac<Sha256> as Mac>::new((&*of_pseudonyms).into())),
        }
    }

    /// Seals a text for one place in the store.
    ///
    /// # Errors
    ///
    /// [`SealingError::TooLong`], [`SealingError::Chance`].
    pub fn seal(&self, place: &Place<'_>, text: &[u8]) -> Result<Vec<u8>, SealingError> {
        self.cipher.seal(&RECORD, &place.bind(Bound::new(PLACE)).finish(), text)
    }

    /// Opens a text that was sealed for that place.
    ///
    /// # Errors
    ///
    /// [`SealingError::DoesNotOpen`] for another key or another place; [`SealingError::Damaged`] for
    /// bytes that were cut off or are something else; [`SealingError::UnknownVersion`].
    pub fn open(
        &self,
        place: &Place<'_>,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, SealingError> {
        self.cipher.open(&RECORD, &place.bind(Bound::new(PLACE)).finish(), sealed)
    }

    /// What stands for a text of one sort: the same for the same, and nothing to be guessed without
    /// the key. The same text of two sorts has two pseudonyms.
    pub fn pseudonym(
        &self,
        sort: impl AsRef<[u8]>,
        text: impl AsRef<[u8]>,
    ) -> [u8; PSEUDONYM_BYTES] {
        let mut mac = (*self.pseudonyms).clone();
        for part in [sort.as_ref(), text.as_ref()] {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        let whole: [u8; 32] = mac.finalize().into_bytes().into();
        let mut first = [0; PSEUDONYM_BYTES];
        first.iter_mut().zip(whole).for_each(|(byte, of_whole)| *byte = of_whole);
        first
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{Row, hex};

    fn place(row: i64) -> Place<'static> {
        Place { table: "record_content", row: Row::Number(row), field: "content" }
    }

    #[test]
    fn a_text_opens_in_its_place_under_its_key_and_whole() {
        let key = RecordsKey::new(&[7; 32]);
        let sealed = key.seal(&place(1), b"made up").unwrap();
        assert_eq!(sealed.len(), 2 + 12 + 64 + 16);
        assert_eq!(&key.open(&place(1), &sealed).unwrap()[..], b"made up");
        let does_not_open = SealingError::DoesNotOpen { what: "sealed record" };
        let opened = |key: &RecordsKey, place, bytes: &[u8]| key.open(&place, bytes).err();
        assert_eq!(opened(&key, place(2), &sealed), Some(does_not_open.clone()));
        let other = RecordsKey::new(&[8; 32]);
        assert_eq!(opened(&other, place(1), &sealed), Some(does_not_open));
        for length in 0..sealed.len() {
            assert!(key.open(&place(1), &sealed[..length]).is_err(), "{length}");
        }
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(key.open(&place(1), &changed).is_err(), "{at}");
        }
    }

    /// What stands in stores for ever: HMAC-SHA256 under the HKDF of 32 times 7, computed with
    /// Python's hmac.
    #[test]
    fn pseudonyms_never_change() {
        let key = RecordsKey::new(&[7; 32]);
        assert_eq!(
            hex::encode(&key.pseudonym("victim", "V-1")),
            "109b7cb9accc4a065971a182e06a6bc3"
        );
    }

    proptest! {
        #[test]
        fn any_text_round_trips(text in prop::collection::vec(any::<u8>(), 0..3000), row: i64) {
            let key = RecordsKey::new(&[7; 32]);
            let sealed = key.seal(&place(row), &text).unwrap();
            prop_assert_eq!(&key.open(&place(row), &sealed).unwrap()[..], &text[..]);
        }

        #[test]
        fn any_bytes_can_be_opened(bytes in prop::collection::vec(any::<u8>(), 0..120)) {
            prop_assert!(RecordsKey::new(&[7; 32]).open(&place(1), &bytes).is_err());
        }

        /// Sorts and texts that are the same when written together stay apart.
        #[test]
        fn pseudonyms_are_equal_for_equal_texts_of_one_sort(
            parts in prop::array::uniform4("[ab]{0,2}"),
        ) {
            let key = RecordsKey::new(&[7; 32]);
            let [sort, text, other_sort, other_text] = &parts;
            prop_assert_eq!(
                (sort, text) == (other_sort, other_text),
                key.pseudonym(sort, text) == key.pseudonym(other_sort, other_text)
            );
        }
    }
}
