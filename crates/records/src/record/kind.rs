//! The nine kinds of coded records.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A kind of record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordKind {
    /// One person on one agency's list in one quarter.
    Victim,
    /// One investigation.
    Incident,
    /// One arrest.
    Arrest,
    /// One charge.
    Charge,
    /// How one charge ended.
    Disposition,
    /// One kind of help given to one person in one quarter.
    Service,
    /// One training session.
    TrainingSession,
    /// One call, message or report to a hotline.
    Contact,
    /// One letter or application for a benefit.
    Letter,
}

impl RecordKind {
    /// All kinds; a kind stands after those that it refers to.
    pub const ALL: [RecordKind; 9] = [
        RecordKind::Victim,
        RecordKind::Incident,
        RecordKind::Arrest,
        RecordKind::Charge,
        RecordKind::Disposition,
        RecordKind::Service,
        RecordKind::TrainingSession,
        RecordKind::Contact,
        RecordKind::Letter,
    ];

    /// Its word in files and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            RecordKind::Victim => "victim",
            RecordKind::Incident => "incident",
            RecordKind::Arrest => "arrest",
            RecordKind::Charge => "charge",
            RecordKind::Disposition => "disposition",
            RecordKind::Service => "service",
            RecordKind::TrainingSession => "training_session",
            RecordKind::Contact => "contact",
            RecordKind::Letter => "letter",
        }
    }

    /// Its word for several, which is also the name of its files and tables.
    pub fn plural(self) -> &'static str {
        match self {
            RecordKind::Victim => "victims",
            RecordKind::Incident => "incidents",
            RecordKind::Arrest => "arrests",
            RecordKind::Charge => "charges",
            RecordKind::Disposition => "dispositions",
            RecordKind::Service => "services",
            RecordKind::TrainingSession => "training_sessions",
            RecordKind::Contact => "contacts",
            RecordKind::Letter => "letters",
        }
    }

    /// The kind of that word, in the singular or plural.
    pub fn from_word(word: &str) -> Option<RecordKind> {
        RecordKind::ALL.into_iter().find(|kind| kind.as_str() == word || kind.plural() == word)
    }
}

impl fmt::Display for RecordKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_leads_back_to_its_kind() {
        for kind in RecordKind::ALL {
            assert_eq!(RecordKind::from_word(kind.as_str()), Some(kind));
            assert_eq!(RecordKind::from_word(kind.plural()), Some(kind));
        }
    }
}
