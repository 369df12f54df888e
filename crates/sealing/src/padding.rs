//! Padding, so that the length of what is sealed tells little about the text.
//!
//! In: a text. Out: the text, one byte of 0x80, and zeros up to the next length that is stored: a
//! multiple of 64 bytes up to 1 KiB, above that a length of Padmé, which grows a text by less than
//! 12 in 100 and has few lengths (Nikitin et al. 2019, PoPETs 2019(4), 6–33, §4). What this tells
//! and does not tell: `notes/padding.md`.

use zeroize::Zeroizing;

use crate::SealingError;

/// The longest text that is sealed in one piece: 16 MiB.
pub const MOST_TEXT_BYTES: usize = 16 << 20;

const STEP: usize = 64;
const IN_STEPS_UP_TO: usize = 1024;
const END_OF_TEXT: u8 = 0x80;

/// Pads a text.
pub(crate) fn pad(text: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealingError> {
    let bytes = text.len();
    if bytes > MOST_TEXT_BYTES {
        return Err(SealingError::TooLong { bytes, most: MOST_TEXT_BYTES });
    }
    // Filled in place: a buffer that grows leaves a copy behind.
    let mut padded = Zeroizing::new(vec![0; padded_length(bytes + 1)]);
    if let Some((front, [end, ..])) = padded.split_at_mut_checked(bytes) {
        front.copy_from_slice(text);
        *end = END_OF_TEXT;
    }
    Ok(padded)
}

/// Takes the padding off; `None` when it is not what [`pad`] makes.
pub(crate) fn unpad(mut padded: Zeroizing<Vec<u8>>) -> Option<Zeroizing<Vec<u8>>> {
    let end = padded.iter().rposition(|byte| *byte != 0)?;
    if padded.get(end) != Some(&END_OF_TEXT) || padded.len() != padded_length(end + 1) {
        return None;
    }
    padded.truncate(end);
    Some(padded)
}

/// Whether a padded text can have this length.
pub(crate) fn is_padded_length(bytes: usize) -> bool {
    bytes > 0 && bytes <= padded_length(MOST_TEXT_BYTES + 1) && padded_length(bytes) == bytes
}

/// The length to which something of at least one byte is padded.
fn padded_length(bytes: usize) -> usize {
    let step = if bytes <= IN_STEPS_UP_TO { STEP } else { padme_step(bytes) };
    bytes.next_multiple_of(step)
}

/// With E the whole part of log2 of the length and S the number of binary digits of E, Padmé leaves
/// the last E - S bits of a length zero.
fn padme_step(bytes: usize) -> usize {
    let exponent = bytes.ilog2();
    1 << (exponent - (exponent.ilog2() + 1))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lengths_are_steps_and_then_padme() {
        let padded = |text: usize| pad(&vec![0x80; text]).unwrap().len();
        for (text, length) in [(0, 64), (63, 64), (64, 128), (1023, 1024), (1024, 1088)] {
            assert_eq!(padded(text), length, "{text}");
        }
        // The paper's example: 9 becomes 10, without our steps.
        assert_eq!(9usize.next_multiple_of(padme_step(9)), 10);
        assert_eq!(padded_length(1_000_000), 1_015_808);
        let lengths: BTreeSet<usize> = (1..=1 << 16).map(padded_length).collect();
        assert_eq!(lengths.len(), 16 + 16 * 6);
    }

    #[test]
    fn what_is_too_long_is_refused() {
        assert!(pad(&vec![0; MOST_TEXT_BYTES]).is_ok());
        let bytes = MOST_TEXT_BYTES + 1;
        let refused = SealingError::TooLong { bytes, most: MOST_TEXT_BYTES };
        assert_eq!(pad(&vec![0; bytes]).unwrap_err(), refused);
    }

    #[test]
    fn other_paddings_are_refused() {
        let zeros = vec![0; 64];
        let mut longer = vec![0; 128];
        longer[5] = END_OF_TEXT;
        let mut marked = vec![0; 64];
        marked[9] = 1;
        for bad in [Vec::new(), zeros, longer, marked] {
            assert!(unpad(Zeroizing::new(bad)).is_none());
        }
    }

    proptest! {
        #[test]
        fn texts_come_back_and_grow_by_little(text in prop::collection::vec(any::<u8>(), 0..5000)) {
            let padded = pad(&text).unwrap();
            prop_assert!(is_padded_length(padded.len()));
            let growth = padded.len() - text.len();
            prop_assert!(growth <= 64.max(1 + (text.len() + 1) * 12 / 100));
            prop_assert_eq!(&unpad(padded).unwrap()[..], &text[..]);
        }

        #[test]
        fn any_bytes_can_be_tried(bytes in prop::collection::vec(0x7f..=0x81u8, 0..200)) {
            let _ = unpad(Zeroizing::new(bytes));
        }
    }
}
