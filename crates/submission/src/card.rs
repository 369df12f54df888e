//! A card: what an installation is, and its public keys, signed by itself.
//!
//! In: what the installation says of itself and its [`Keys`], or the text of a card. Out: a
//! [`Card`] that is whole and verified, or everything that is wrong with it. A card proves that
//! whoever made it has the keys; that these are the keys of that agency is proved by reading the
//! fingerprint out over the phone.

mod problem;
mod read;

use std::fmt;

use records::record::Code;
use records::register::Kind;
use serde::{Deserialize, Serialize};

pub use problem::{CardError, CardProblem};

use crate::keys::is_code;
use crate::signature::Signed;
use crate::{Keys, encryption, fingerprint};

/// The newest form of a card that this program reads.
const FORMAT: i64 = 1;
const MOST_LABEL_CHARACTERS: usize = 120;
/// An agency's quarter starts within one quarter of the state's.
const MOST_OFFSET_DAYS: i32 = 92;
const COMMENT: &str = "\
# The public card of an installation of Clearway. It holds no secret and may be sent to anybody.
# Whoever accepts it should have its fingerprint read out over the phone.
";

/// What an installation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// It keeps its own cases and sends what may leave.
    Agency,
    /// It receives, counts and publishes, and never holds a linkage key.
    Clearinghouse,
}

impl Role {
    /// Its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Agency => "agency",
            Role::Clearinghouse => "clearinghouse",
        }
    }

    /// What an installation of this role is.
    pub fn with_article(self) -> &'static str {
        match self {
            Role::Agency => "an agency",
            Role::Clearinghouse => "a clearinghouse",
        }
    }

    /// The role of that word.
    pub fn from_word(word: &str) -> Option<Role> {
        [Role::Agency, Role::Clearinghouse].into_iter().find(|role| role.as_str() == word)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What an installation says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// Agency or clearinghouse.
    pub role: Role,
    /// Its code, as submissions carry it: lower-case letters, digits and hyphens.
    pub code: String,
    /// Its name.
    pub label: String,
    /// What it is in law: a code of `legal_entities.csv`. An agency always says so.
    pub legal_entity: Option<Code>,
    /// Its task force.
    pub task_force: Option<Code>,
    /// Its county.
    pub county: Option<Code>,
    /// How many days after the state's its quarters start.
    pub calendar_offset_days: i32,
    /// Whether everything it holds is made up.
    pub practice: bool,
}

/// A verified public card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    about: About,
    signing_key: [u8; 32],
    recipient: String,
    signature: [u8; 64],
}

/// The lines of a card, in their order. All but the signature are what is signed.
#[derive(Serialize)]
struct Lines<'c> {
    format: i64,
    role: &'c str,
    code: &'c str,
    label: &'c str,
    #[serde(skip_serializing_if = "Option::is_none")]
    legal_entity: Option<&'c str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    task_force: Option<&'c str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    county: Option<&'c str>,
    calendar_offset_days: i32,
    practice: bool,
    signing_key: String,
    recipient: &'c str,
    #[serde(skip_serializing_if = "Option::is_none")]
    signature: Option<String>,
}

impl Card {
    /// Makes and signs the card of an installation.
    ///
    /// # Errors
    ///
    /// Everything that a card cannot say.
    ///
    /// # Examples
    ///
    /// ```
    /// use records::record::Code;
    /// use records::register::Kind;
    /// use submission::{About, Card, Keys, Role};
    ///
    /// let data = tempfile::tempdir()?;
    /// let about = About {
    ///     role: Role::Agency,
    ///     code: "practice-shelter-1".to_owned(),
    ///     label: "Practice Shelter 1".to_owned(),
    ///     legal_entity: Code::get(Kind::LegalEntity, "covered_provider"),
    ///     task_force: None,
    ///     county: None,
    ///     calendar_offset_days: 0,
    ///     practice: true,
    /// };
    /// let card = Card::new(about, &Keys::create(data.path())?)?;
    /// assert_eq!(Card::read(&card.to_toml())?, card);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new(about: About, keys: &Keys) -> Result<Card, CardError> {
        let problems = about.problems();
        if !problems.is_empty() {
            return Err(CardError { problems });
        }
        let mut card = Card {
            about,
            signing_key: keys.public_signing_key(),
            recipient: keys.recipient(),
            signature: [0; 64],
        };
        card.signature = keys.sign(Signed::Card, &card.signed_bytes());
        Ok(card)
    }

    /// Reads a card and verifies its signature.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it.
    pub fn read(text: &str) -> Result<Card, CardError> {
        read::card(text)
    }

    /// The text of a card, to be sent to others.
    pub fn to_toml(&self) -> String {
        let mut lines = self.lines();
        lines.signature = Some(crate::hex::encode(&self.signature));
        // Words and numbers always have a TOML form; a card without lines would be refused.
        format!("{COMMENT}{}", toml::to_string(&lines).unwrap_or_default())
    }

    /// What the installation says of itself.
    pub fn about(&self) -> &About {
        &self.about
    }

    /// Its code.
    pub fn code(&self) -> &str {
        &self.about.code
    }

    /// The fingerprint of its public keys, to be read out over the phone: eight groups of four.
    pub fn fingerprint(&self) -> String {
        fingerprint::of_public_keys(&self.signing_key, &self.recipient)
    }

    pub(crate) fn recipient(&self) -> Option<age::x25519::Recipient> {
        encryption::recipient(&self.recipient)
    }

    /// Whether the owner of this card signed a message.
    pub(crate) fn signed(&self, what: Signed, message: &[u8], signature: &[u8; 64]) -> bool {
        what.verifies(&self.signing_key, message, signature)
    }

    fn lines(&self) -> Lines<'_> {
        let About { role, code, label, legal_entity, task_force, county, .. } = &self.about;
        Lines {
            format: FORMAT,
            role: role.as_str(),
            code,
            label,
            legal_entity: legal_entity.map(Code::as_str),
            task_force: task_force.map(Code::as_str),
            county: county.map(Code::as_str),
            calendar_offset_days: self.about.calendar_offset_days,
            practice: self.about.practice,
            signing_key: crate::hex::encode(&self.signing_key),
            recipient: &self.recipient,
            signature: None,
        }
    }

    fn signed_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(&self.lines()).unwrap_or_default()
    }
}

impl About {
    /// Everything that a card cannot say.
    pub fn problems(&self) -> Vec<CardProblem> {
        let mut problems = Vec::new();
        if !is_code(&self.code) {
            problems.push(CardProblem::Code);
        }
        if !is_label(&self.label) {
            problems.push(CardProblem::Label);
        }
        if self.role == Role::Agency && self.legal_entity.is_none() {
            problems.push(CardProblem::NoLegalEntity);
        }
        let fields: [(&str, Option<Code>, &[Kind]); 3] = [
            ("legal_entity", self.legal_entity, &[Kind::LegalEntity]),
            ("task_force", self.task_force, &TASK_FORCES),
            ("county", self.county, &[Kind::County]),
        ];
        for (field, code, kinds) in fields {
            if let Some(code) = code.filter(|code| !kinds.contains(&code.entry().kind)) {
                problems.push(CardProblem::UnknownCode { field, found: code.as_str().to_owned() });
            }
        }
        let made_up = |code: Code| code.entry().kind == Kind::PracticeTaskForce;
        if self.task_force.is_some_and(made_up) && !self.practice {
            problems.push(CardProblem::PracticeTaskForce);
        }
        if self.calendar_offset_days.unsigned_abs() > MOST_OFFSET_DAYS.unsigned_abs() {
            problems.push(CardProblem::Offset);
        }
        problems
    }
}

/// Whether a text can be printed as a name.
fn is_label(text: &str) -> bool {
    !text.trim().is_empty()
        && text.chars().count() <= MOST_LABEL_CHARACTERS
        && !text.chars().any(records::is_invisible)
}

const TASK_FORCES: [Kind; 2] = [Kind::TaskForce, Kind::PracticeTaskForce];

#[cfg(test)]
mod tests;
