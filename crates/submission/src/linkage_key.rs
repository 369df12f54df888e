//! Handing a linkage key from one agency to another.
//!
//! In: the key, the card of the agency that is to have it, one's own keys. Out: bytes that only
//! that agency can open and that show who sent them. The clearinghouse gets none: with the key it
//! could try names against the encodings it receives.

use std::io::{Read, Write};

use zeroize::Zeroizing;

use crate::encryption::{self, CannotDecrypt};
use crate::signature::Signed;
use crate::{Card, Keys, Role};

/// The key, then the signature over the receiver's fingerprint and the key.
const LENGTH: usize = 32 + 64;

/// Why a linkage key is not shared.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ShareError {
    /// The card is that of a clearinghouse.
    #[error(
        "the clearinghouse never holds the linkage key: with it, names could be tried against \
         what it receives; share the key with agencies only"
    )]
    NeverTheClearinghouse,
    /// It could not be encrypted.
    #[error("the key could not be encrypted ({0})")]
    Encrypt(std::io::Error),
}

/// Why a linkage key is not accepted.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AcceptError {
    /// The sender's card is that of a clearinghouse.
    #[error("the clearinghouse never holds a linkage key, so it cannot share one; ask an agency")]
    NeverTheClearinghouse,
    /// It is some other file.
    #[error(
        "this is not a shared linkage key; ask for the file that \"clearway keys share\" wrote"
    )]
    NotAKey,
    /// It was encrypted for another agency.
    #[error("this key was not shared with this installation; send your card and ask for it again")]
    NotForUs,
    /// It was cut off or changed.
    #[error("the file is damaged; ask for it again")]
    Damaged,
    /// It was not sent by the agency of that card.
    #[error(
        "this key was not shared by {code}; name the card of the agency that shared it, and \
         compare fingerprints over the phone"
    )]
    NotFrom {
        /// The agency named.
        code: String,
    },
}

/// Encrypts a linkage key to another agency and signs it.
///
/// # Errors
///
/// [`ShareError::NeverTheClearinghouse`] for a clearinghouse's card.
pub fn share_linkage_key(key: &[u8; 32], to: &Card, from: &Keys) -> Result<Vec<u8>, ShareError> {
    if to.about().role != Role::Agency {
        return Err(ShareError::NeverTheClearinghouse);
    }
    let signature = from.sign(Signed::LinkageKey, &signed_bytes(&to.fingerprint(), key));
    let recipient = to.recipient().ok_or_else(|| {
        ShareError::Encrypt(std::io::Error::other("the card has no usable recipient"))
    })?;
    let encrypt = || {
        let mut out = encryption::encrypting(&recipient, Vec::new())?;
        out.write_all(key)?;
        out.write_all(&signature)?;
        out.finish()
    };
    encrypt().map_err(ShareError::Encrypt)
}

/// Opens a linkage key that another agency shared.
///
/// # Errors
///
/// When it is damaged, meant for somebody else, or not from the agency of that card.
///
/// # Examples
///
/// ```
/// # use records::{record::Code, register::Kind};
/// # use submission::{About, Card, Keys, Role};
/// # let data = tempfile::tempdir()?;
/// # let about = |code: &str| About {
/// #     role: Role::Agency, code: code.to_owned(), label: code.to_owned(),
/// #     legal_entity: Code::get(Kind::LegalEntity, "police"), task_force: None, county: None,
/// #     calendar_offset_days: 0, practice: true,
/// # };
/// use submission::{accept_linkage_key, linkage_fingerprint, new_linkage_key, share_linkage_key};
/// # let north_keys = Keys::create(&data.path().join("north"))?;
/// # let south_keys = Keys::create(&data.path().join("south"))?;
/// # let north = Card::new(about("north"), &north_keys)?;
/// # let south = Card::new(about("south"), &south_keys)?;
///
/// let key = new_linkage_key()?;
/// let shared = share_linkage_key(&key, &south, &north_keys)?;
/// let accepted = accept_linkage_key(&shared, &south_keys, &north)?;
/// assert_eq!(linkage_fingerprint(&accepted), linkage_fingerprint(&key));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn accept_linkage_key(
    bytes: &[u8],
    keys: &Keys,
    from: &Card,
) -> Result<Zeroizing<[u8; 32]>, AcceptError> {
    if from.about().role != Role::Agency {
        return Err(AcceptError::NeverTheClearinghouse);
    }
    let why = |problem| match problem {
        CannotDecrypt::NotSealed => AcceptError::NotAKey,
        CannotDecrypt::NotForUs => AcceptError::NotForUs,
        CannotDecrypt::Damaged | CannotDecrypt::Unreadable(_) => AcceptError::Damaged,
    };
    let reader = encryption::decrypting(bytes, keys.identity()).map_err(why)?;
    // Room for one byte too many, so that the buffer never grows and leaves a copy behind.
    let mut inside = Zeroizing::new(Vec::with_capacity(2 * LENGTH));
    let read = reader.take(LENGTH as u64 + 1).read_to_end(&mut inside);
    read.map_err(|error| why(CannotDecrypt::while_reading(error)))?;
    let (key, signature) = inside.split_at_checked(32).ok_or(AcceptError::NotAKey)?;
    let mut accepted = Zeroizing::new([0; 32]);
    accepted.copy_from_slice(key);
    let signature: &[u8; 64] = signature.try_into().map_err(|_| AcceptError::NotAKey)?;
    let message = signed_bytes(&keys.fingerprint(), &accepted);
    if !from.signed(Signed::LinkageKey, &message, signature) {
        return Err(AcceptError::NotFrom { code: from.code().to_owned() });
    }
    Ok(accepted)
}

/// The receiver is signed too, so that nobody passes the key on in the sender's name.
fn signed_bytes(receiver: &str, key: &[u8; 32]) -> Zeroizing<Vec<u8>> {
    Zeroizing::new([receiver.as_bytes(), key].concat())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::examples::{card, keys};

    fn shared() -> Vec<u8> {
        share_linkage_key(&[7; 32], &card("south", Role::Agency), &keys("north")).unwrap()
    }

    #[test]
    fn a_key_goes_from_one_agency_to_one_other() {
        let (north, south) = (card("north", Role::Agency), card("south", Role::Agency));
        let bytes = shared();
        assert_eq!(*accept_linkage_key(&bytes, &keys("south"), &north).unwrap(), [7; 32]);
        let other = accept_linkage_key(&bytes, &keys("east"), &north);
        assert!(matches!(other, Err(AcceptError::NotForUs)));
        let forged = accept_linkage_key(&bytes, &keys("south"), &south);
        assert!(matches!(forged, Err(AcceptError::NotFrom { .. })));
    }

    #[test]
    fn the_clearinghouse_never_holds_it() {
        let state = card("state", Role::Clearinghouse);
        let refused = share_linkage_key(&[7; 32], &state, &keys("north")).unwrap_err();
        assert!(refused.to_string().starts_with("the clearinghouse never holds the linkage key"));
        let refused = accept_linkage_key(&shared(), &keys("south"), &state).unwrap_err();
        assert!(matches!(refused, AcceptError::NeverTheClearinghouse));
    }

    #[test]
    fn other_contents_are_no_key() {
        let recipient = card("south", Role::Agency).recipient().unwrap();
        for length in [0, 31, 32, 95, 97, 5000] {
            let mut out = encryption::encrypting(&recipient, Vec::new()).unwrap();
            out.write_all(&vec![1; length]).unwrap();
            let bytes = out.finish().unwrap();
            let refused = accept_linkage_key(&bytes, &keys("south"), &card("north", Role::Agency));
            assert!(matches!(refused, Err(AcceptError::NotAKey)), "{length}");
        }
    }

    proptest! {
        #[test]
        fn damage_is_refused(at in 0..10_000usize, bit in 0..8u8, cut: bool) {
            let mut bytes = shared();
            let at = at % bytes.len();
            if cut { bytes.truncate(at) } else { bytes[at] ^= 1 << bit }
            let north = card("north", Role::Agency);
            prop_assert!(accept_linkage_key(&bytes, &keys("south"), &north).is_err());
        }
    }
}
