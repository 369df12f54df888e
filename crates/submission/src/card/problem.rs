//! What can be wrong with a card.

use std::fmt;

/// Everything that is wrong with a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardError {
    /// At least one problem.
    pub problems: Vec<CardProblem>,
}

impl fmt::Display for CardError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("this card cannot be used: ")?;
        for (at, problem) in self.problems.iter().enumerate() {
            let between = if at == 0 { "" } else { "; " };
            write!(f, "{between}{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for CardError {}

/// One thing that is wrong with a card.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CardProblem {
    /// It is no card, but some other text. None of it is shown: it may be a key.
    #[error("it is not the text of a card; ask for the file that \"clearway agency card\" wrote")]
    NotACard,
    /// It was written by a newer program.
    #[error("its format is {found} and this program reads 1; update Clearway")]
    FormatTooNew {
        /// The format of the card.
        found: i64,
    },
    /// A line is missing.
    #[error("the line \"{field}\" is missing")]
    Missing {
        /// The line.
        field: &'static str,
    },
    /// A line holds another kind of value.
    #[error("the line \"{field}\" must hold {expected}")]
    WrongType {
        /// The line.
        field: &'static str,
        /// What it must hold.
        expected: &'static str,
    },
    /// A line that a card does not have.
    #[error("a card has no line \"{field}\"")]
    UnknownField {
        /// The line.
        field: String,
    },
    /// The role is neither of the two.
    #[error("the role must be agency or clearinghouse")]
    Role,
    /// The code cannot stand in a file name.
    #[error("the code must have 1 to 64 lower-case letters, digits and hyphens")]
    Code,
    /// The label cannot be printed.
    #[error("the label must have 1 to 120 characters that can be seen")]
    Label,
    /// An agency does not say what it is in law.
    #[error("an agency must say its legal entity, because that decides what may leave it")]
    NoLegalEntity,
    /// The definitions do not know a code.
    #[error("{field} \"{found}\" is not in the definitions; see: clearway definitions list")]
    UnknownCode {
        /// The line.
        field: &'static str,
        /// The code.
        found: String,
    },
    /// A made-up task force in a real agency.
    #[error("a practice task force needs practice = true")]
    PracticeTaskForce,
    /// The calendar is not near the state's.
    #[error("calendar_offset_days must lie between -92 and 92")]
    Offset,
    /// The signing key is no key.
    #[error("the line \"signing_key\" holds no usable Ed25519 public key")]
    SigningKey,
    /// The recipient is no recipient.
    #[error("the line \"recipient\" holds no usable age recipient")]
    Recipient,
    /// The signature is no signature.
    #[error("the line \"signature\" holds no signature")]
    Signature,
    /// The card was changed after it was signed.
    #[error("it was changed after it was signed; ask its owner for a new copy")]
    Changed,
}
