//! The files of `definitions/`, compiled into the program.

use std::sync::OnceLock;

use super::{Kind, Register};

/// Names a file of `definitions/` and takes its text in.
macro_rules! files {
    ($($kind:ident => $file:literal,)*) => {
        [$((Kind::$kind, include_str!(concat!("../../../../definitions/", $file)))),*]
    };
}

const VERSIONS: &str = include_str!("../../../../definitions/versions.csv");

const FILES: [(Kind, &str); 27] = files! {
    CountedUnit => "counted_units.csv",
    TraffickingType => "trafficking_types.csv",
    Conduct => "conducts.csv",
    Means => "means.csv",
    Sector => "sectors.csv",
    Age => "ages.csv",
    Status => "statuses.csv",
    Service => "services.csv",
    Benefit => "benefits.csv",
    Origin => "origins.csv",
    TaskForce => "task_forces.csv",
    PracticeTaskForce => "practice_task_forces.csv",
    Agency => "agencies.csv",
    UnitKind => "unit_kinds.csv",
    County => "counties.csv",
    State => "states.csv",
    Statute => "statutes.csv",
    Term => "terms.csv",
    SourceNote => "source_notes.csv",
    TextStatement => "text_statements.csv",
    PublishedFile => "published_files.csv",
    Gender => "genders.csv",
    Outcome => "outcomes.csv",
    Audience => "audiences.csv",
    FirstIdentifier => "first_identifiers.csv",
    LegalEntity => "legal_entities.csv",
    LegalBasis => "legal_bases.csv",
};

impl Register {
    /// The register compiled into this program.
    ///
    /// # Panics
    ///
    /// When the compiled files do not form a register. A test reads them, so no tested program
    /// does.
    pub fn embedded() -> &'static Register {
        static REGISTER: OnceLock<Register> = OnceLock::new();
        REGISTER.get_or_init(|| match Register::read(VERSIONS, &FILES) {
            Ok(register) => register,
            Err(problems) => panic!("the compiled definitions are no register:\n{problems}"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_compiled_files_form_a_register() {
        if let Err(problems) = Register::read(VERSIONS, &FILES) {
            panic!("{problems}");
        }
    }

    #[test]
    fn every_kind_has_its_own_file() {
        for (kind, (listed, text)) in Kind::ALL.into_iter().zip(FILES) {
            assert_eq!(kind, listed);
            assert!(text.starts_with("code,label,definition,source,"), "{}", kind.file());
        }
    }

    #[test]
    fn the_register_holds_what_was_agreed() {
        let register = Register::embedded();
        let count = |kind| register.entries(kind).count();
        assert_eq!(count(Kind::Service), 20);
        assert_eq!(count(Kind::County), 58);
        assert_eq!(count(Kind::TaskForce), 9);
        assert_eq!(count(Kind::PracticeTaskForce), 9);
        assert_eq!(count(Kind::PublishedFile), 13);
        let benefits = register.entries(Kind::Benefit);
        assert_eq!(benefits.filter(|entry| entry.attribute("part_of").is_none()).count(), 12);
    }

    #[test]
    fn published_files_are_the_ones_that_are_shipped() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../definitions/california-2012/");
        let register = Register::embedded();
        for entry in register.entries(Kind::PublishedFile) {
            let file = entry.attribute("file").unwrap();
            let bytes = std::fs::read(format!("{folder}{file}")).unwrap();
            let digest = blake3::hash(&bytes).to_hex();
            assert_eq!(entry.attribute("blake3"), Some(digest.as_str()), "{file}");
            assert_eq!(register.published(&digest).map(|found| &found.code), Some(&entry.code));
        }
    }
}
