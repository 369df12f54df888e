//! A header that nobody knows → a mapping to look over and save.
//!
//! In: a header and the first rows. Out: a [`Mapping`] in which every column whose meaning its
//! name or its words give away has its role, and every other is `ignored`. A proposal is never
//! used by itself: a person reads it, completes it and gives it back with `--mapping`.

use std::collections::BTreeMap;

use super::mapping::fold_header;
use super::{Column, Counted, Empty, Mapping, Role, TotalRow};
use crate::register::{Kind, Register};
use crate::{Answer, Dimension, Period, Unit, person};

/// Words by which a column gives away that it holds the period.
const PERIOD_WORDS: [&str; 10] = [
    "period",
    "quarter",
    "year",
    "month",
    "fiscalyear",
    "reportingperiod",
    "reportingquarter",
    "statefiscalyear",
    "federalfiscalyear",
    "calendaryear",
];
/// Words for the reporter.
const REPORTER_WORDS: [&str; 6] =
    ["reporter", "taskforce", "reportingagency", "submittedby", "agencyname", "organization"];
/// Words for a note.
const NOTE_WORDS: [&str; 5] = ["note", "notes", "comment", "comments", "remarks"];

/// Proposes a mapping for a header.
///
/// `rows` are the first rows of the table; a column of numbers whose header names a counted unit
/// of the register becomes a count, a column whose words are codes of the register a breakdown.
/// The reporter is left as `REPORTER` and must be filled in when no column names it.
pub fn propose(id: &str, header: &[String], rows: &[Vec<String>], register: &Register) -> Mapping {
    let mut columns: Vec<Column> = Vec::new();
    let mut total_row = None;
    for (at, name) in header.iter().enumerate() {
        let cells: Vec<&str> = rows
            .iter()
            .filter_map(|row| row.get(at))
            .map(|cell| cell.trim())
            .filter(|cell| !cell.is_empty())
            .collect();
        if let Some(word) = cells.iter().find(|cell| cell.eq_ignore_ascii_case("total"))
            && total_row.is_none()
        {
            total_row = Some(TotalRow { column: name.clone(), word: (*word).to_owned() });
        }
        let role = role_of(name, &cells, register);
        columns.push(Column { name: name.clone(), optional: false, role });
    }
    let has = |test: fn(&Role) -> bool| columns.iter().any(|column| test(&column.role));
    Mapping {
        id: id.to_owned(),
        title: "Proposed by `clearway check`: look it over before you use it".to_owned(),
        document: None,
        definition_version: None,
        reporter: (!has(|role| matches!(role, Role::Reporter { .. })))
            .then(|| "REPORTER".to_owned()),
        period: (!has(|role| matches!(role, Role::Period { .. }))).then_some(Period::UNDATED),
        as_of: None,
        empty_cells: Empty::Refused,
        set: BTreeMap::new(),
        total_row,
        columns,
    }
}

fn role_of(name: &str, cells: &[&str], register: &Register) -> Role {
    let folded = fold_header(name);
    let one_of = |words: &[&str]| words.contains(&folded.as_str());
    let values = BTreeMap::new();
    if person::is_about_a_person(name) {
        return Role::Ignored;
    }
    if one_of(&PERIOD_WORDS) {
        return Role::Period { not_a_period: Vec::new(), may_be_empty: false };
    }
    if one_of(&REPORTER_WORDS) {
        return Role::Reporter { values };
    }
    if one_of(&NOTE_WORDS) {
        return Role::Note;
    }
    match folded.as_str() {
        "through" | "periodend" => return Role::Through,
        "asof" | "asofdate" => return Role::AsOf,
        "measure" | "indicator" | "countedunit" => {
            return Role::Measure { values: BTreeMap::new() };
        }
        "value" | "number" | "count" | "total" if !is_measure(name, register) => {
            return Role::Value;
        }
        _ => {}
    }
    let named = Dimension::ALL.into_iter().find(|d| fold_header(d.as_str()) == folded);
    if let Some(dimension) = named.or_else(|| dimension_by_word(&folded)) {
        return Role::Dimension { dimension, values };
    }
    if let Some(entry) = register.resolve(Kind::CountedUnit, name)
        && cells.iter().all(|cell| Answer::read(cell, Unit::Count).is_ok())
    {
        return Role::Count(Counted {
            measure: entry.code.clone(),
            set: BTreeMap::new(),
            qualifier: None,
            counting_words: BTreeMap::new(),
            sum_of: Vec::new(),
        });
    }
    let by_words = Dimension::ALL.into_iter().find(|dimension| {
        Kind::of_dimension(*dimension).is_some_and(|kind| {
            !cells.is_empty() && cells.iter().all(|cell| register.resolve(kind, cell).is_some())
        })
    });
    match by_words {
        Some(dimension) => Role::Dimension { dimension, values },
        None => Role::Ignored,
    }
}

fn is_measure(name: &str, register: &Register) -> bool {
    register.resolve(Kind::CountedUnit, name).is_some()
}

fn dimension_by_word(folded: &str) -> Option<Dimension> {
    Some(match folded {
        "type" | "traffickingtype" | "typeoftrafficking" => Dimension::TraffickingType,
        "section" | "penalcode" | "penalcodesection" | "charge" => Dimension::Statute,
        "agegroup" | "minoradult" => Dimension::Age,
        "servicetype" => Dimension::Service,
        "countryoforigin" => Dimension::Origin,
        "program" | "course" => Dimension::Programme,
        "city" | "location" => Dimension::Place,
        _ => return None,
    })
}
