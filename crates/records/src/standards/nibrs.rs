//! NIBRS: the offence codes 64A, 64B and their neighbours.
//!
//! In: a record. Out: the offence codes that say what was done, and what no code says. And from a
//! code back to the register. The conduct decides; a section of law alone never says what was done,
//! so it is asked only where the conduct is not determined or leaves two codes open. A code says
//! which offence was written: a person under 40A may be a victim and is counted among no offenders.

use std::sync::OnceLock;

use super::Coded;
use super::crosswalk::{self, OFFENSE, Standard};
use super::rows::codes_of;
use crate::record::{AgencyRecord, Code};
use crate::register::Kind;

const OFFENSES: &str = include_str!("../../../../definitions/standards/nibrs/offences.csv");

pub(super) const NO_CODE: &str = "the standard has no code for it";
pub(super) const FINER: &str = "the standard tells apart what the record does not";
pub(super) const COARSER: &str = "the standard's code covers more";
const UNCHECKED: &str = "nobody has checked the section, so no code relies on it";

/// The code of trafficking into commercial sex acts.
const COMMERCIAL_SEX: &str = "64A";
/// The codes of prostitution: what is trafficking under such a section is commercial sex.
const PROSTITUTION: [&str; 3] = ["40A", "40B", "40C"];

/// An offence of NIBRS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Offense {
    /// Its code.
    pub code: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Its definition, where the source states one.
    pub definition: &'static str,
}

/// The offences of `definitions/standards/nibrs/offences.csv`.
///
/// # Panics
///
/// When a compiled-in file does not read; a test keeps that from happening.
pub fn offenses() -> &'static [Offense] {
    static READ: OnceLock<Vec<Offense>> = OnceLock::new();
    READ.get_or_init(|| match read(OFFENSES) {
        Ok(offenses) => offenses,
        Err(problem) => panic!("definitions/standards/nibrs/offences.csv: {problem}"),
    })
}

fn read(file: &'static str) -> Result<Vec<Offense>, String> {
    let mut read = Vec::new();
    for (at, row) in csv::Reader::from_reader(file.as_bytes()).records().enumerate() {
        let row = row.map_err(|error| error.to_string())?;
        let [code, name, _, _, definition, _] = row.iter().collect::<Vec<_>>()[..] else {
            return Err(format!("row {}: six cells", at + 2));
        };
        let leak = |text: &str| -> &'static str { String::leak(text.to_owned()) };
        read.push(Offense { code: leak(code), name: leak(name), definition: leak(definition) });
    }
    Ok(read)
}

/// The offences for a record: of a victim or incident by the type of trafficking, of an arrest,
/// charge or disposition by conduct and section.
pub fn of_record(record: &AgencyRecord) -> Coded<&'static Offense> {
    let mut coded = Coded::none();
    for code in codes_of(record.cell("trafficking_type")) {
        match words(code)[..] {
            [word] => coded.codes.extend(offense(word)),
            _ => coded.unsaid("trafficking_type", code, NO_CODE),
        }
    }
    let Some(conduct) = record.code("conduct") else { return coded };
    let by_conduct = words(conduct);
    let statute = record.code("statute");
    let checked = statute.filter(|statute| statute.entry().verified());
    let by_section = checked.map_or_else(Vec::new, words);
    let undetermined = conduct.as_str() == "not_yet_determined";
    match (&by_conduct[..], &by_section[..], statute) {
        ([word], ..) => coded.codes.extend(offense(word)),
        ([], [word], _) if undetermined => coded.codes.extend(offense(word)),
        ([], _, Some(section)) if undetermined => {
            let why = match (checked.is_some(), by_section.is_empty()) {
                (false, _) => UNCHECKED,
                (true, true) => NO_CODE,
                (true, false) => FINER,
            };
            coded.unsaid("statute", section, why);
        }
        ([], ..) => coded.unsaid("conduct", conduct, NO_CODE),
        (several, [section], _)
            if several.contains(&COMMERCIAL_SEX) && PROSTITUTION.contains(section) =>
        {
            coded.codes.extend(offense(COMMERCIAL_SEX));
        }
        _ => coded.unsaid("conduct", conduct, FINER),
    }
    coded
}

/// The code of a kind (type of trafficking, conduct) that an offence code means.
pub fn meaning(kind: Kind, offense: &str) -> Option<Code> {
    crosswalk::meaning(Standard::Nibrs, kind, OFFENSE, offense)
}

fn words(code: Code) -> Vec<&'static str> {
    crosswalk::values(Standard::Nibrs, code).iter().map(|value| value.value).collect()
}

fn offense(code: &str) -> Option<&'static Offense> {
    offenses().iter().find(|offense| offense.code == code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Columns, RecordKind};

    fn arrest(statute: &str, conduct: &str, day: &str) -> String {
        let header = ["reference", "date", "statute", "conduct"];
        let columns = Columns::of(RecordKind::Arrest, "arrests.csv", &header).unwrap();
        let mut problems = Vec::new();
        let record = columns.record(2, &["1", day, statute, conduct], &mut problems);
        said(&of_record(&record.unwrap_or_else(|| panic!("{problems:?}"))))
    }

    fn said(coded: &Coded<&'static Offense>) -> String {
        let codes = coded.codes.iter().map(|offense| offense.code.to_owned());
        let unsaid = coded.unsaid.iter().map(|u| format!("{} {}: {}", u.field, u.code, u.why));
        codes.chain(unsaid).collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn the_conduct_decides_and_the_section_helps() {
        let day = "2012-06-30";
        for (statute, conduct, expected) in [
            ("266h", "exploitation_of_prostitution", "40B"),
            ("266h", "human_trafficking", "64A"),
            ("647(b)", "buying", "40C"),
            ("653.22", "being_sold", "40A"),
            ("653.22", "not_yet_determined", "40A"),
            ("236.1", "exploitation_of_prostitution", "40B"),
            (
                "236.1",
                "human_trafficking",
                "conduct human_trafficking: the standard tells apart what the record does not",
            ),
            (
                "236.1",
                "not_yet_determined",
                "statute 236.1: the standard tells apart what the record does not",
            ),
            ("266j", "not_yet_determined", "statute 266j: the standard has no code for it"),
            (
                "647(b)(2)",
                "not_yet_determined",
                "statute 647(b)(2): nobody has checked the section, so no code relies on it",
            ),
            (
                "311.4",
                "child_sexual_abuse_material",
                "conduct child_sexual_abuse_material: the standard has no code for it",
            ),
            ("236.1", "smuggling", "conduct smuggling: the standard has no code for it"),
        ] {
            assert_eq!(arrest(statute, conduct, day), expected, "{statute} {conduct}");
        }
    }

    #[test]
    fn a_victim_has_the_offenses_of_the_type() {
        let header = ["reference", "counted_as", "date", "age", "trafficking_type"];
        let columns = Columns::of(RecordKind::Victim, "victims.csv", &header).unwrap();
        for (word, expected) in [
            ("sex", "64A"),
            ("labor", "64B"),
            ("both", "64A; 64B"),
            (
                "not_yet_classified",
                "trafficking_type not_yet_classified: the standard has no code for it",
            ),
        ] {
            let row = ["1", "victim_served", "2026-07-01", "minor", word];
            let record = columns.record(2, &row, &mut Vec::new()).unwrap();
            assert_eq!(said(&of_record(&record)), expected);
        }
    }

    #[test]
    fn a_code_leads_back() {
        let meaning = |kind, code| super::meaning(kind, code).map(Code::as_str);
        assert_eq!(meaning(Kind::TraffickingType, "64A"), Some("sex"));
        assert_eq!(meaning(Kind::TraffickingType, "64B"), Some("labor"));
        assert_eq!(meaning(Kind::Conduct, "64A"), Some("human_trafficking"));
        assert_eq!(meaning(Kind::Conduct, "40B"), Some("exploitation_of_prostitution"));
        assert_eq!(meaning(Kind::Conduct, "370"), None);
        assert_eq!(meaning(Kind::TraffickingType, "40A"), None);
    }
}
