//! Passphrases: what a new one must be, and how one is read.
//!
//! In: what a person typed. Out: the same text in one form (Unicode normalisation form KC), so that
//! it is the same on every keyboard ([`Passphrase`]), or what to do about it ([`PassphraseError`]).
//! The rules are those of NIST SP 800-63B-4 §3.1.1.2 for a password that stands alone: length, and a
//! list of what everybody tries; no rule about kinds of characters, and no change without a reason.
//! One rule is stricter than that section, which compares the whole: the names of the account and of
//! this program are refused anywhere within.

mod common;
mod pattern;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_public_assigned;
use zeroize::Zeroizing;

use crate::withheld::withhold;

/// Fewest characters of a new passphrase: 15 (NIST SP 800-63B-4 §3.1.1.2).
pub const FEWEST_PASSPHRASE_CHARACTERS: usize = 15;
/// Most characters of a passphrase: 256, four times what should be allowed at least (the same section).
pub const MOST_PASSPHRASE_CHARACTERS: usize = 256;

/// A normal form never has more than this many bytes for each byte (11 in UTF-8: Unicode
/// FAQ on normalization).
const MOST_GROWTH: usize = 11;
/// An account name of fewer characters is in many words.
const FEWEST_OF_A_NAME: usize = 4;
const OUR_NAME: &str = "clearway";

/// A passphrase, in normalisation form KC (UAX 15). Wiped when dropped; prints `[withheld]`.
pub struct Passphrase(Zeroizing<String>);

withhold!(Passphrase);

/// Why a passphrase is not taken, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PassphraseError {
    /// It has too few characters.
    #[error(
        "this has {characters} characters; use at least {FEWEST_PASSPHRASE_CHARACTERS}: four or five words that \
         do not belong together are easy to keep in mind"
    )]
    TooShort {
        /// How many it has.
        characters: usize,
    },
    /// It has too many characters.
    #[error("use at most {MOST_PASSPHRASE_CHARACTERS} characters")]
    TooLong,
    /// It is one that many people use.
    #[error(
        "this is one of the first that somebody else would try; use four or five words that do not \
         belong together"
    )]
    Common,
    /// It repeats itself or counts up.
    #[error(
        "this repeats itself, or runs along the alphabet, the digits or the keyboard; use four or \
         five words that do not belong together"
    )]
    Pattern,
    /// The name of the account is in it.
    #[error("the name of your account is in this; leave it out")]
    AccountName,
    /// The name of this program is in it.
    #[error("\"clearway\" is in this; leave it out")]
    OurName,
    /// It has a character that may come out differently on another machine.
    #[error(
        "this has a character that not every keyboard and program knows, such as a tab or a line \
         break; leave it out"
    )]
    UncertainCharacter,
}

impl Passphrase {
    /// Takes a new passphrase for an account.
    ///
    /// # Errors
    ///
    /// [`PassphraseError`]: the rule that is not kept, and what to do.
    ///
    /// # Examples
    ///
    /// ```
    /// use sealing::{Passphrase, PassphraseError};
    ///
    /// assert!(Passphrase::new("seven herons over slow water", "m.okafor").is_ok());
    /// let refused = Passphrase::new("M.Okafor over slow water", "m.okafor").unwrap_err();
    /// assert_eq!(refused, PassphraseError::AccountName);
    /// ```
    pub fn new(text: &str, account: &str) -> Result<Passphrase, PassphraseError> {
        let passphrase = Passphrase::entered(text)?;
        let characters = passphrase.0.chars().count();
        if characters < FEWEST_PASSPHRASE_CHARACTERS {
            return Err(PassphraseError::TooShort { characters });
        }
        // A character that Unicode has not yet assigned may be normalised differently one day
        // (UAX 15 §12.1); a control character is not typed the same way everywhere.
        if passphrase.0.chars().any(|c| c.is_control() || !is_public_assigned(c)) {
            return Err(PassphraseError::UncertainCharacter);
        }
        let folded = folded(&passphrase.0);
        if common::is_common(&folded) {
            return Err(PassphraseError::Common);
        }
        if pattern::is_pattern(&folded) {
            return Err(PassphraseError::Pattern);
        }
        // Of a mail address, what stands before the sign.
        let account = folded_name(account.split('@').next().unwrap_or(account));
        if account.len() >= FEWEST_OF_A_NAME && contains(&folded, &account) {
            return Err(PassphraseError::AccountName);
        }
        if contains(&folded, &folded_name(OUR_NAME)) {
            return Err(PassphraseError::OurName);
        }
        Ok(passphrase)
    }

    /// Reads a passphrase that was set before, as it is typed to sign in. Asks no rule, because the
    /// rules may have become stricter since.
    ///
    /// # Errors
    ///
    /// [`PassphraseError::TooLong`] for what can be none.
    pub fn entered(text: &str) -> Result<Passphrase, PassphraseError> {
        // What is typed may have several characters where the normal form has one.
        if text.chars().nth(4 * MOST_PASSPHRASE_CHARACTERS).is_some() {
            return Err(PassphraseError::TooLong);
        }
        // Room for the longest form: a buffer that grows leaves a copy behind.
        let mut normal = Zeroizing::new(String::with_capacity(MOST_GROWTH * text.len()));
        normal.extend(text.nfkc());
        if normal.chars().nth(MOST_PASSPHRASE_CHARACTERS).is_some() {
            return Err(PassphraseError::TooLong);
        }
        Ok(Passphrase(normal))
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

/// In small letters, for comparison. One character has at most three small ones.
fn folded(text: &str) -> Zeroizing<Vec<char>> {
    let mut folded = Zeroizing::new(Vec::with_capacity(3 * text.len()));
    folded.extend(text.chars().flat_map(char::to_lowercase));
    folded
}

fn folded_name(name: &str) -> Vec<char> {
    name.nfkc().flat_map(char::to_lowercase).collect()
}

fn contains(folded: &[char], name: &[char]) -> bool {
    folded.windows(name.len()).any(|window| window == name)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn refused(text: &str) -> Option<PassphraseError> {
        Passphrase::new(text, "m.okafor").err()
    }

    #[test]
    fn rules_are_length_and_what_everybody_tries() {
        let taken = [
            "seven herons over slow water",
            "correct horse battery stable",
            "sieben Reiher über Wasser",
            "七只苍鹭飞过一条很慢很慢的河水",
            "m.okafo over slow water",
            "8391 0472 6650 1938",
        ];
        for text in taken {
            assert_eq!(refused(text), None, "{text}");
        }
        assert_eq!(refused("seven herons"), Some(PassphraseError::TooShort { characters: 12 }));
        assert_eq!(refused(&"é".repeat(14)), Some(PassphraseError::TooShort { characters: 14 }));
        assert_eq!(refused("correct horse battery staple"), Some(PassphraseError::Common));
        assert_eq!(refused("Password-2026-2027!"), Some(PassphraseError::Common));
        assert_eq!(refused("herons herons herons"), Some(PassphraseError::Pattern));
        assert_eq!(refused("over M.OKAFOR'S water"), Some(PassphraseError::AccountName));
        assert_eq!(refused("my ClearWay over water"), Some(PassphraseError::OurName));
        assert_eq!(refused("seven herons\tover water"), Some(PassphraseError::UncertainCharacter));
        assert_eq!(
            refused("seven herons \u{e000} water"),
            Some(PassphraseError::UncertainCharacter)
        );
        assert_eq!(
            refused("seven herons \u{378} water"),
            Some(PassphraseError::UncertainCharacter)
        );
    }

    #[test]
    fn the_longest_is_taken_however_it_is_typed() {
        let long: String =
            ('a'..='z').cycle().step_by(7).take(MOST_PASSPHRASE_CHARACTERS).collect();
        assert!(Passphrase::entered(&long).is_ok());
        assert!(Passphrase::entered(&"e\u{301}".repeat(MOST_PASSPHRASE_CHARACTERS)).is_ok());
        let longer = format!("{long}a");
        assert_eq!(Passphrase::entered(&longer).err(), Some(PassphraseError::TooLong));
        // One character that becomes 18.
        let growing = "\u{fdfa}".repeat(15);
        assert_eq!(Passphrase::entered(&growing).err(), Some(PassphraseError::TooLong));
        assert_eq!(Passphrase::entered(&"a".repeat(10_000)).err(), Some(PassphraseError::TooLong));
    }

    #[test]
    fn a_passphrase_is_the_same_on_every_keyboard() {
        let bytes = |text: &str| Passphrase::entered(text).unwrap().bytes().to_vec();
        assert_eq!(bytes("Mu\u{308}nchen"), bytes("M\u{fc}nchen"));
        assert_eq!(bytes("a\u{a0}b"), bytes("a b"));
        assert_eq!(bytes("\u{ff41}\u{ff42}"), bytes("ab"));
        assert_ne!(bytes("Ab"), bytes("ab"));
        assert_ne!(bytes("ab "), bytes("ab"));
    }

    #[test]
    fn short_account_names_are_in_many_words() {
        assert!(Passphrase::new("seven herons over slow water", "her").is_ok());
        assert!(Passphrase::new("seven herons over slow water", "").is_ok());
        assert!(Passphrase::new("seven herons over slow water", "@").is_ok());
        let refused = Passphrase::new("seven herons over slow water", "Herons@example.org").err();
        assert_eq!(refused, Some(PassphraseError::AccountName));
        assert!(Passphrase::new("seven herons over slow water", &"x".repeat(300)).is_ok());
    }

    proptest! {
        #[test]
        fn any_text_can_be_tried(text in "\\PC{0,300}|.{0,40}", account in ".{0,8}") {
            if let Ok(taken) = Passphrase::new(&text, &account) {
                let entered = Passphrase::entered(&text).unwrap();
                prop_assert_eq!(taken.bytes(), entered.bytes());
                prop_assert!(taken.0.capacity() <= MOST_GROWTH * text.len());
            }
        }
    }
}
