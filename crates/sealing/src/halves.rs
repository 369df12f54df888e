//! A secret in two halves, each kept by another person: both open a lock, either alone says nothing.
//!
//! In: two halves as they were written down. Out: the secret, which is the exclusive or of both. A half
//! is 32 letters (base32, RFC 4648 §6) in groups of four: which of the two it is, 16 bytes, and 3 of a
//! checksum, so that a slip of the pen is told from the wrong half.

use std::fmt;

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::secret::Secret;
use crate::withheld::withhold;
use crate::{SealingError, base32, chance};

const SECRET_BYTES: usize = 16;
const CHECKSUM_BYTES: usize = 3;
const BYTES: usize = 1 + SECRET_BYTES + CHECKSUM_BYTES;
const LETTERS_IN_A_GROUP: usize = 4;

/// One half. Wiped when dropped; prints `[withheld]`.
pub struct Half {
    which: u8,
    bytes: Zeroizing<[u8; SECRET_BYTES]>,
}

withhold!(Half);

/// Why a half is not taken, and what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HalfError {
    /// Letters that no half has.
    #[error(
        "this is no half: it has 32 letters and digits, A to Z and 2 to 7, in groups of four; compare it with the paper"
    )]
    NotAHalf,
    /// A letter is another one.
    #[error("a letter of this half is wrong; compare it with the paper")]
    WrongLetter,
    /// The same half twice.
    #[error("these are the same half of the two: the other person keeps the other one")]
    SameHalf,
}

impl Half {
    /// Makes the two halves of a new secret.
    pub(crate) fn pair() -> Result<[Half; 2], SealingError> {
        let half = |which| -> Result<Half, SealingError> {
            let mut bytes = Zeroizing::new([0; SECRET_BYTES]);
            chance::fill(&mut bytes[..])?;
            Ok(Half { which, bytes })
        };
        Ok([half(1)?, half(2)?])
    }

    /// Reads a half, in capital or small letters, with or without spaces and hyphens.
    ///
    /// # Errors
    ///
    /// [`HalfError::NotAHalf`], [`HalfError::WrongLetter`].
    pub fn from_text(text: &str) -> Result<Half, HalfError> {
        let mut letters = Zeroizing::new(String::with_capacity(text.len()));
        letters.extend(text.chars().filter(|c| !c.is_whitespace() && *c != '-'));
        let read = base32::decode::<BYTES>(&letters).ok_or(HalfError::NotAHalf)?;
        let (said, sum) = read.split_at(1 + SECRET_BYTES);
        if checksum(said) != sum {
            return Err(HalfError::WrongLetter);
        }
        match said {
            [which @ (1 | 2), rest @ ..] => {
                let mut bytes = Zeroizing::new([0; SECRET_BYTES]);
                bytes.copy_from_slice(rest);
                Ok(Half { which: *which, bytes })
            }
            _ => Err(HalfError::NotAHalf),
        }
    }

    /// As it is written down.
    pub fn to_text(&self) -> Zeroizing<String> {
        let mut said = Zeroizing::new([&[self.which][..], &self.bytes[..]].concat());
        let sum = checksum(&said);
        said.extend_from_slice(&sum);
        let letters = base32::encode(&said);
        let mut text = Zeroizing::new(String::with_capacity(2 * letters.len()));
        for (at, letter) in letters.chars().enumerate() {
            if at > 0 && at % LETTERS_IN_A_GROUP == 0 {
                text.push('-');
            }
            text.push(letter);
        }
        text
    }

    /// The secret of both.
    pub(crate) fn join(&self, other: &Half) -> Result<Secret, HalfError> {
        if self.which == other.which {
            return Err(HalfError::SameHalf);
        }
        let mut secret = Secret::zero();
        let pairs = self.bytes.iter().zip(other.bytes.iter());
        secret.bytes_mut().iter_mut().zip(pairs).for_each(|(byte, (one, two))| *byte = one ^ two);
        Ok(secret)
    }
}

/// Says what a half is, and nothing of it.
impl fmt::Display for Half {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "half {} of 2", self.which)
    }
}

fn checksum(said: &[u8]) -> Vec<u8> {
    Sha256::digest(said).into_iter().take(CHECKSUM_BYTES).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn two_halves_give_one_secret_in_either_order() {
        let [one, two] = Half::pair().unwrap();
        let read = |half: &Half| Half::from_text(&half.to_text()).unwrap();
        let secret = one.join(&two).unwrap();
        assert_eq!(read(&two).join(&read(&one)).unwrap().bytes(), secret.bytes());
        assert_ne!(secret.bytes(), &[0; 32]);
        assert_eq!(one.join(&read(&one)).err(), Some(HalfError::SameHalf));
        assert_eq!(format!("{one} {one:?} {two}"), "half 1 of 2 [withheld] half 2 of 2");
    }

    #[test]
    fn slips_of_the_pen_are_told() {
        let [half, _] = Half::pair().unwrap();
        let text = half.to_text();
        assert_eq!(text.len(), 32 + 7);
        let typed = text.to_lowercase().replace('-', " ");
        assert!(Half::from_text(&format!("  {typed} ")).is_ok());
        for at in (0..text.len()).filter(|at| at % 5 != 4) {
            let mut wrong: Vec<char> = text.chars().collect();
            wrong[at] = if wrong[at] == 'Q' { 'R' } else { 'Q' };
            let wrong: String = wrong.into_iter().collect();
            let refused = Half::from_text(&wrong).unwrap_err();
            assert_eq!(refused, HalfError::WrongLetter, "{at}");
        }
        for none in ["", "MZXW", &text[..38], &format!("{}A", *text), "0189"] {
            assert_eq!(Half::from_text(none).unwrap_err(), HalfError::NotAHalf, "{none}");
        }
    }

    proptest! {
        #[test]
        fn any_text_can_be_read(text in ".{0,50}|[A-Z2-7]{32}") {
            let _ = Half::from_text(&text);
        }
    }
}
