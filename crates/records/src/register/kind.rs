//! The kinds of codes the register holds, one file of `definitions/` each.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Dimension;

/// A kind of code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// What a figure counts: investigations initiated, victims identified, letters issued.
    CountedUnit,
    /// Sex, labor, both, or not yet classified.
    TraffickingType,
    /// What was done, whatever section was charged.
    Conduct,
    /// How a person is held: threats, debt, documents taken.
    Means,
    /// Where and in which trade people are exploited.
    Sector,
    /// Minor, adult or unknown.
    Age,
    /// What is said of a person or contact counted: potential, new, seat.
    Status,
    /// The twenty kinds of help.
    Service,
    /// Benefits and letters a person may be eligible for.
    Benefit,
    /// Groups of countries of origin.
    Origin,
    /// The state's task forces.
    TaskForce,
    /// Made-up task forces for practice and the demo; never part of a real total.
    PracticeTaskForce,
    /// Everyone else who states a figure, and member agencies.
    Agency,
    /// The kind of unit that counts, because it shapes what is counted.
    UnitKind,
    /// Counties.
    County,
    /// States.
    State,
    /// Sections and subdivisions of the law.
    Statute,
    /// Legal and working terms that the other definitions lean on.
    Term,
    /// What the source says of its own figures and no table carries.
    SourceNote,
    /// Numbers that the source's text states, to be held against its tables.
    TextStatement,
    /// Files whose figures their source has already published.
    PublishedFile,
    /// Gender as a person states it.
    Gender,
    /// How a charge or an application ended.
    Outcome,
    /// For whom a training is held.
    Audience,
    /// Who first saw that this may be trafficking.
    FirstIdentifier,
    /// What an agency is in law, because that decides what may leave it.
    LegalEntity,
    /// On what basis records of a kind may cross a wall.
    LegalBasis,
}

impl Kind {
    /// All kinds, in the order in which they are listed.
    pub const ALL: [Kind; 27] = [
        Kind::CountedUnit,
        Kind::TraffickingType,
        Kind::Conduct,
        Kind::Means,
        Kind::Sector,
        Kind::Age,
        Kind::Status,
        Kind::Service,
        Kind::Benefit,
        Kind::Origin,
        Kind::TaskForce,
        Kind::PracticeTaskForce,
        Kind::Agency,
        Kind::UnitKind,
        Kind::County,
        Kind::State,
        Kind::Statute,
        Kind::Term,
        Kind::SourceNote,
        Kind::TextStatement,
        Kind::PublishedFile,
        Kind::Gender,
        Kind::Outcome,
        Kind::Audience,
        Kind::FirstIdentifier,
        Kind::LegalEntity,
        Kind::LegalBasis,
    ];

    /// Its word on the command line and in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::CountedUnit => "counted_unit",
            Kind::TraffickingType => "trafficking_type",
            Kind::Conduct => "conduct",
            Kind::Means => "means",
            Kind::Sector => "sector",
            Kind::Age => "age",
            Kind::Status => "status",
            Kind::Service => "service",
            Kind::Benefit => "benefit",
            Kind::Origin => "origin",
            Kind::TaskForce => "task_force",
            Kind::PracticeTaskForce => "practice_task_force",
            Kind::Agency => "agency",
            Kind::UnitKind => "unit_kind",
            Kind::County => "county",
            Kind::State => "state",
            Kind::Statute => "statute",
            Kind::Term => "term",
            Kind::SourceNote => "source_note",
            Kind::TextStatement => "text_statement",
            Kind::PublishedFile => "published_file",
            Kind::Gender => "gender",
            Kind::Outcome => "outcome",
            Kind::Audience => "audience",
            Kind::FirstIdentifier => "first_identifier",
            Kind::LegalEntity => "legal_entity",
            Kind::LegalBasis => "legal_basis",
        }
    }

    /// The kind of that word.
    pub fn from_word(word: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// Its file in `definitions/`.
    pub fn file(self) -> &'static str {
        match self {
            Kind::CountedUnit => "counted_units.csv",
            Kind::TraffickingType => "trafficking_types.csv",
            Kind::Conduct => "conducts.csv",
            Kind::Means => "means.csv",
            Kind::Sector => "sectors.csv",
            Kind::Age => "ages.csv",
            Kind::Status => "statuses.csv",
            Kind::Service => "services.csv",
            Kind::Benefit => "benefits.csv",
            Kind::Origin => "origins.csv",
            Kind::TaskForce => "task_forces.csv",
            Kind::PracticeTaskForce => "practice_task_forces.csv",
            Kind::Agency => "agencies.csv",
            Kind::UnitKind => "unit_kinds.csv",
            Kind::County => "counties.csv",
            Kind::State => "states.csv",
            Kind::Statute => "statutes.csv",
            Kind::Term => "terms.csv",
            Kind::SourceNote => "source_notes.csv",
            Kind::TextStatement => "text_statements.csv",
            Kind::PublishedFile => "published_files.csv",
            Kind::Gender => "genders.csv",
            Kind::Outcome => "outcomes.csv",
            Kind::Audience => "audiences.csv",
            Kind::FirstIdentifier => "first_identifiers.csv",
            Kind::LegalEntity => "legal_entities.csv",
            Kind::LegalBasis => "legal_bases.csv",
        }
    }

    /// The kind whose codes fill a dimension; places, programmes and categories go by their names.
    pub fn of_dimension(dimension: Dimension) -> Option<Kind> {
        match dimension {
            Dimension::Place | Dimension::Programme | Dimension::Category => None,
            Dimension::County => Some(Kind::County),
            Dimension::TaskForce => Some(Kind::TaskForce),
            Dimension::Agency => Some(Kind::Agency),
            Dimension::TraffickingType => Some(Kind::TraffickingType),
            Dimension::Statute => Some(Kind::Statute),
            Dimension::Conduct => Some(Kind::Conduct),
            Dimension::Age => Some(Kind::Age),
            Dimension::Status => Some(Kind::Status),
            Dimension::Service => Some(Kind::Service),
            Dimension::Benefit => Some(Kind::Benefit),
            Dimension::Origin => Some(Kind::Origin),
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_leads_back_to_its_kind() {
        for kind in Kind::ALL {
            assert_eq!(Kind::from_word(kind.as_str()), Some(kind));
        }
    }
}
