//! A signed disclosure mode.

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::record::{Code, RecordKind};

/// The recipient of what an agency sends for the state's statistics.
pub const CLEARINGHOUSE: &str = "clearinghouse";

/// How far records of a kind may leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Only totals leave: the default.
    TotalsOnly,
    /// Rows of people who signed a release leave; everybody else is in the totals.
    WithRelease,
    /// Coded rows leave.
    Encoded,
}

impl Mode {
    /// Its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Mode::TotalsOnly => "totals_only",
            Mode::WithRelease => "with_release",
            Mode::Encoded => "encoded",
        }
    }

    /// The mode of that word.
    pub fn from_word(word: &str) -> Option<Mode> {
        [Mode::TotalsOnly, Mode::WithRelease, Mode::Encoded]
            .into_iter()
            .find(|mode| mode.as_str() == word)
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why a mode cannot stand.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ModeProblem {
    /// The law does not open this mode to this kind of legal entity.
    #[error("{mode} is not open to a {entity}: {note}")]
    NotOpenToEntity {
        /// The mode.
        mode: Mode,
        /// The legal entity, as people read it.
        entity: String,
        /// Which law says so.
        note: String,
    },
    /// The basis cited does not carry this mode.
    #[error("the basis \"{basis}\" does not carry {mode}")]
    NotOnThisBasis {
        /// The basis.
        basis: String,
        /// The mode.
        mode: Mode,
    },
    /// The basis cited is that of other legal entities.
    #[error("the basis \"{basis}\" is not one of a {entity}")]
    BasisOfOthers {
        /// The basis.
        basis: String,
        /// The legal entity.
        entity: String,
    },
    /// Nobody has signed.
    #[error("nobody has signed it: a mode other than totals_only needs a signatory")]
    NoSignatory,
    /// It does not end, or ends before it is signed.
    #[error("it needs a last day that is not before the day on which it was signed")]
    NoExpiry,
}

/// That records of a kind may leave in a mode, to one recipient, on a cited basis, signed, until a
/// day. It belongs to one legal entity, never to a task force, whose members differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisclosureMode {
    record: RecordKind,
    recipient: String,
    mode: Mode,
    basis: Code,
    signatory: String,
    signed_on: Date,
    expires_on: Date,
}

impl DisclosureMode {
    /// Checks a mode against what the law opens to the entity.
    ///
    /// # Errors
    ///
    /// Every [`ModeProblem`] there is.
    #[expect(clippy::too_many_arguments, reason = "these are the columns of a signed paper")]
    pub fn new(
        entity: Code,
        record: RecordKind,
        recipient: &str,
        mode: Mode,
        basis: Code,
        signatory: &str,
        signed_on: Date,
        expires_on: Date,
    ) -> Result<DisclosureMode, Vec<ModeProblem>> {
        let mut problems = Vec::new();
        let label = || entity.entry().label.clone();
        // A record that holds no person is nobody's confidence.
        let holds_person = record != RecordKind::TrainingSession;
        if holds_person && !entity.entry().list("modes").any(|word| word == mode.as_str()) {
            let note =
                entity.entry().attribute("mode_note").unwrap_or("the default is totals_only");
            problems.push(ModeProblem::NotOpenToEntity {
                mode,
                entity: label(),
                note: note.to_owned(),
            });
        }
        let carries = basis.entry().list("modes").any(|word| word == mode.as_str());
        if !carries || (holds_person && basis.as_str() == "no_persons") {
            problems.push(ModeProblem::NotOnThisBasis { basis: basis.as_str().to_owned(), mode });
        }
        let mut whose = basis.entry().list("legal_entities").peekable();
        if whose.peek().is_some() && !whose.any(|code| code == entity.as_str()) {
            let basis = basis.as_str().to_owned();
            problems.push(ModeProblem::BasisOfOthers { basis, entity: label() });
        }
        if mode != Mode::TotalsOnly && signatory.trim().is_empty() {
            problems.push(ModeProblem::NoSignatory);
        }
        if expires_on < signed_on {
            problems.push(ModeProblem::NoExpiry);
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(DisclosureMode {
            record,
            recipient: recipient.to_owned(),
            mode,
            basis,
            signatory: signatory.trim().to_owned(),
            signed_on,
            expires_on,
        })
    }

    /// The kind of record.
    pub fn record(&self) -> RecordKind {
        self.record
    }

    /// Who receives.
    pub fn recipient(&self) -> &str {
        &self.recipient
    }

    /// The mode, while it is in force.
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// The basis cited: a code of `legal_bases.csv`.
    pub fn basis(&self) -> Code {
        self.basis
    }

    /// Who signed it.
    pub fn signatory(&self) -> &str {
        &self.signatory
    }

    /// When it was signed.
    pub fn signed_on(&self) -> Date {
        self.signed_on
    }

    /// Its last day.
    pub fn expires_on(&self) -> Date {
        self.expires_on
    }

    /// The one of some modes that stands in its place on a day: for the same kind and recipient,
    /// signed later; of two signed on one day, the one that lets less out.
    pub fn replaced_by<'m>(
        &self,
        modes: &'m [DisclosureMode],
        day: Date,
    ) -> Option<&'m DisclosureMode> {
        let rank = |mode: &DisclosureMode| (mode.signed_on, std::cmp::Reverse(mode.mode));
        modes
            .iter()
            .filter(|mode| (mode.record, &mode.recipient) == (self.record, &self.recipient))
            .filter(|mode| mode.signed_on <= day && rank(mode) > rank(self))
            .max_by_key(|mode| rank(mode))
    }

    /// Whether it is in force on a day.
    pub fn in_force_on(&self, day: Date) -> bool {
        self.signed_on <= day && day <= self.expires_on
    }
}
