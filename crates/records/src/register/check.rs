//! What must hold of the register as a whole.

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;

use super::entry::{Entry, Register};
use super::kind::Kind;
use super::lookup::REPORTERS;
use super::problem::problem;
use crate::{CellProblem, Dimension};

/// Columns whose words are codes of another kind.
const REFERENCES: [(Kind, &str, Kind); 14] = [
    (Kind::Sector, "trafficking_type", Kind::TraffickingType),
    (Kind::Status, "counted_unit", Kind::CountedUnit),
    (Kind::Benefit, "part_of", Kind::Benefit),
    (Kind::TaskForce, "county", Kind::County),
    (Kind::PracticeTaskForce, "county", Kind::County),
    (Kind::Agency, "county", Kind::County),
    (Kind::Agency, "task_force", Kind::TaskForce),
    (Kind::County, "state", Kind::State),
    (Kind::County, "neighbours", Kind::County),
    (Kind::Statute, "section", Kind::Statute),
    (Kind::Conduct, "charged_under", Kind::Statute),
    (Kind::SourceNote, "touches_measures", Kind::CountedUnit),
    (Kind::SourceNote, "touches_task_force", Kind::TaskForce),
    (Kind::LegalBasis, "legal_entities", Kind::LegalEntity),
];

const YES_NO: &[&str] = &["yes", "no"];

/// Columns that every row of a kind must answer with one of these words, or with several.
const VOCABULARIES: [(Kind, &str, &[&str]); 14] = [
    (Kind::CountedUnit, "unit", &["count", "percent", "hours", "dollars", "rank", "words"]),
    (Kind::CountedUnit, "offender_measure", YES_NO),
    (Kind::Conduct, "counts_as_trafficking", YES_NO),
    (Kind::Status, "sums_over_quarters", YES_NO),
    (Kind::Statute, "targets", TARGETS),
    (Kind::Statute, "role", &["primary", "alternate", "sentencing", "related", "historical"]),
    (Kind::Statute, "counts_as_trafficking", YES_NO),
    (Kind::Statute, "counts_as_offender", YES_NO),
    (Kind::PublishedFile, "standing", &["published"]),
    (Kind::Gender, "slk_sex", &["1", "2", "9"]),
    (Kind::Outcome, "ends", &["charge", "letter"]),
    (Kind::Outcome, "convicts", YES_NO),
    (Kind::LegalEntity, "modes", MODES),
    (Kind::LegalBasis, "modes", MODES),
];

/// How far records may leave an agency.
const MODES: &[&str] = &["totals_only", "with_release", "encoded"];

/// Whom a section may be charged against; `nobody` for a rule of sentencing.
const TARGETS: &[&str] = &["trafficker", "buyer", "exploiter_of_minor", "person_sold", "nobody"];

/// Adds everything that does not hold to `problems`.
pub(super) fn register(register: &Register, problems: &mut Vec<CellProblem>) {
    let codes: HashSet<(Kind, &str)> =
        register.entries.iter().map(|entry| (entry.kind, &*entry.code)).collect();
    for entry in &register.entries {
        let mut object = |column: &str, value: &str, expected: &str, fix: &str| {
            let file = entry.kind.file();
            problems.push(problem(file, entry.row, column, value, expected, fix));
        };
        if let Some(successor) = &entry.successor
            && (!codes.contains(&(entry.kind, successor)) || *successor == entry.code)
        {
            object(
                "successor",
                successor,
                "another code of this file",
                "name it, or leave it empty",
            );
        }
        for (_, column, target) in REFERENCES.iter().filter(|(kind, ..)| *kind == entry.kind) {
            for code in entry.list(column).filter(|code| !codes.contains(&(*target, code))) {
                let expected = format!("a code of {}", target.file());
                object(column, code, &expected, "name one, or add it there");
            }
        }
        for (_, column, words) in VOCABULARIES.iter().filter(|(kind, ..)| *kind == entry.kind) {
            let mut said = entry.list(column).peekable();
            if said.peek().is_none() || said.any(|word| !words.contains(&word)) {
                let value = entry.attribute(column).unwrap_or_default();
                object(column, value, &words.join(" | "), "choose one of these");
            }
        }
        own_rules(register, entry, &mut object);
    }
    one_meaning_per_version(register, problems);
    one_reporter_per_code(register, problems);
}

/// The rules that only one kind has.
fn own_rules(register: &Register, entry: &Entry, object: &mut impl FnMut(&str, &str, &str, &str)) {
    match entry.kind {
        Kind::CountedUnit => {
            let known = |word: &str| {
                ["none", "quarter", "year", "reporter"].contains(&word)
                    || Dimension::from_word(word).is_some()
            };
            let value = entry.attribute("additive_over").unwrap_or_default();
            let none = entry.adds_over("none");
            if value.is_empty()
                || (none && value != "none")
                || (!none && entry.attribute("unit") != Some("count"))
                || entry.list("additive_over").any(|word| !known(word))
            {
                let expected = "`none`, or for counts quarter, year, reporter and dimensions";
                object("additive_over", value, expected, "only counts are ever added up");
            }
        }
        Kind::TaskForce | Kind::PracticeTaskForce => {
            let joined = entry.attribute("joined_reporting").unwrap_or_default();
            if joined.parse::<Date>().is_err() {
                object("joined_reporting", joined, "a day such as 2010-07-01", "write the day");
            }
            let offset = entry.attribute("calendar_offset_days").unwrap_or("0");
            if !offset.parse::<i32>().is_ok_and(|days| days.abs() < 46) {
                object(
                    "calendar_offset_days",
                    offset,
                    "days, less than half a quarter",
                    "check it",
                );
            }
        }
        Kind::County => {
            for code in entry.list("neighbours") {
                let back = register.get(Kind::County, code);
                if back.is_some_and(|other| other.list("neighbours").all(|c| c != entry.code)) {
                    object(
                        "neighbours",
                        code,
                        "a border that both counties name",
                        "name it in both",
                    );
                }
            }
        }
        Kind::PublishedFile => {
            let version = entry.attribute("definition_version").unwrap_or_default();
            if register.version(version).is_none() {
                object("definition_version", version, "a version of versions.csv", "name one");
            }
        }
        _ => {}
    }
}

/// No code has two wordings in one version, and no text reads as two codes.
fn one_meaning_per_version(register: &Register, problems: &mut Vec<CellProblem>) {
    let mut readings: Vec<_> = register.readings.iter().collect();
    readings.sort();
    for ((kind, reading), found) in readings {
        let wordings = found.iter().filter_map(|&at| register.entries.get(at));
        for version in &register.versions {
            let mut standing = wordings.clone().filter(|entry| entry.stands_in(version));
            if let (Some(first), Some(second)) = (standing.next(), standing.next()) {
                let expected = format!(
                    "a code, label and aliases that no other row has in {}; row {} reads the same",
                    version.name, first.row
                );
                let fix = "rename it, or end the other wording with `until`";
                problems.push(problem(kind.file(), second.row, "code", reading, &expected, fix));
                break;
            }
        }
    }
}

/// A reporter's code alone says who reports.
fn one_reporter_per_code(register: &Register, problems: &mut Vec<CellProblem>) {
    let mut owners: HashMap<&str, Kind> = HashMap::new();
    for entry in register.entries.iter().filter(|entry| REPORTERS.contains(&entry.kind)) {
        let owner = *owners.entry(&entry.code).or_insert(entry.kind);
        if owner != entry.kind {
            let expected = format!("a code that {} does not have", owner.file());
            let file = entry.kind.file();
            problems.push(problem(file, entry.row, "code", &entry.code, &expected, "rename it"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VERSIONS: &str = "version,date,note\n1,2012-01-01,first\n2,2026-01-01,second\n";
    const HEADER: &str =
        "code,label,definition,source,valid_from,valid_to,successor,since,until,aliases";

    fn problems(kind: Kind, own_columns: &str, rows: &str) -> String {
        let text = format!("{HEADER},{own_columns}\n{rows}");
        match Register::read(VERSIONS, &[(kind, &text)]) {
            Ok(_) => "none".to_owned(),
            Err(problems) => problems.to_string(),
        }
    }

    #[test]
    fn every_problem_is_listed() {
        let rows = "a,A,,unverified,2012,2011-01-01,gone,1,3,,\n\
                    b,B,a text,a source,2012-02-01,2012-01-01,,2,1,,\n";
        insta::assert_snapshot!(problems(Kind::Origin, "source_note", rows), @r#"
        origins.csv, row 2, column "definition": found "", expected a text in every row; write it; a source that nobody has checked is `unverified`
        origins.csv, row 2, column "source_note": found "", expected where an unverified row is believed from; say it
        origins.csv, row 2, column "valid_from": found "2012", expected a day such as 2010-07-01; write the day, or leave it empty
        origins.csv, row 2, column "until": found "3", expected a version of versions.csv; name a version, or add it
        origins.csv, row 3, column "valid_to": found "2012-01-01", expected a day after valid_from; check both days
        origins.csv, row 3, column "until": found "1", expected a version after `since`; check both versions
        "#);
    }

    #[test]
    fn a_text_never_means_two_codes() {
        let rows = "us,United States,d,s,,,,1,,,\nusa,USA,d,s,,,,1,,united-states,\n";
        insta::assert_snapshot!(problems(Kind::Origin, "x", rows), @r#"origins.csv, row 3, column "code": found "unitedstates", expected a code, label and aliases that no other row has in 1; row 2 reads the same; rename it, or end the other wording with `until`"#);
        let reworded = "us,United States,d,s,,,,1,2,,\nus,United States,other,s,,,,2,,,\n";
        assert_eq!(problems(Kind::Origin, "x", reworded), "none");
    }

    #[test]
    fn borders_are_named_by_both_sides() {
        let rows = "a,A,d,s,,,,1,,,b\nb,B,d,s,,,,1,,,\nc,C,d,s,,,,1,,,zz\n";
        insta::assert_snapshot!(problems(Kind::County, "neighbours", rows), @r#"
        counties.csv, row 2, column "neighbours": found "b", expected a border that both counties name; name it in both
        counties.csv, row 4, column "neighbours": found "zz", expected a code of counties.csv; name one, or add it there
        "#);
    }
}
