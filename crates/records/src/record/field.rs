//! The fields of each kind of record, from `definitions/record_fields.csv`.

use std::sync::OnceLock;

use super::{Code, RecordKind};
use crate::register::Kind;

const FILE: &str = include_str!("../../../../definitions/record_fields.csv");

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// The record's own number at the agency.
    OwnReference,
    /// The own number of another record of the same agency.
    Reference(RecordKind),
    /// A name, or part of one.
    Name,
    /// A date of birth.
    BirthDate,
    /// Free text.
    Text,
    /// One code.
    Code(Kind),
    /// Several codes, separated by `; `.
    Codes(Kind),
    /// A day.
    Date,
    /// A whole number, 0 or more.
    Count,
    /// Hours, with at most one decimal; kept in tenths.
    Hours,
    /// Whole dollars.
    Dollars,
    /// Yes or no.
    YesNo,
}

/// In what form a field may leave the agency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leaves {
    /// As a keyed hash that says nothing.
    Opaque,
    /// As its code or codes.
    Code,
    /// As the state quarter of the day.
    Quarter,
    /// As a number.
    Number,
    /// Not at all.
    Never,
}

/// A field of a kind of record: a row of `definitions/record_fields.csv`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Field {
    /// The kind of record.
    pub record: RecordKind,
    /// Its name: the column of a table.
    pub name: &'static str,
    /// What people read.
    pub label: &'static str,
    /// What it holds.
    pub holds: Holds,
    /// The codes allowed, where not every code of the kind is.
    pub only: Vec<&'static str>,
    /// Whether it must be filled.
    pub required: bool,
    /// Whether and how it leaves.
    pub leaves: Leaves,
    /// What it means.
    pub definition: &'static str,
    /// The field of HTCDS 2.0 that says the same or nearly.
    pub htcds: Option<&'static str>,
    /// The column of the CTDC dataset.
    pub ctdc: Option<&'static str>,
}

impl Field {
    /// The fields of a kind, in the order of the table.
    pub fn of(kind: RecordKind) -> &'static [Field] {
        &tables()[kind as usize]
    }

    /// One field of a kind, with its place.
    pub fn find(kind: RecordKind, name: &str) -> Option<(usize, &'static Field)> {
        Field::of(kind).iter().enumerate().find(|(_, field)| field.name == name)
    }

    /// The fields that leave, in the order of the coded table.
    pub fn leaving(kind: RecordKind) -> impl Iterator<Item = &'static Field> {
        Field::of(kind).iter().filter(|field| field.leaves != Leaves::Never)
    }

    /// The program's own word for a code that may stand in this field, spelt exactly so.
    pub fn word(&self, text: &str) -> Option<&'static str> {
        match self.holds {
            Holds::Code(kind) | Holds::Codes(kind) => {
                let word = Code::get(kind, text)?.as_str();
                (self.only.is_empty() || self.only.contains(&word)).then_some(word)
            }
            Holds::YesNo => ["yes", "no"].into_iter().find(|word| *word == text),
            _ => None,
        }
    }

    /// Whether what stands there is about a person and must not be shown in an error.
    pub fn is_personal(&self) -> bool {
        matches!(
            self.holds,
            Holds::OwnReference
                | Holds::Reference(_)
                | Holds::Name
                | Holds::BirthDate
                | Holds::Text
        )
    }
}

fn tables() -> &'static [Vec<Field>; 9] {
    static TABLES: OnceLock<[Vec<Field>; 9]> = OnceLock::new();
    TABLES.get_or_init(|| match read(FILE) {
        Ok(tables) => tables,
        Err(problem) => panic!("definitions/record_fields.csv: {problem}"),
    })
}

fn read(file: &'static str) -> Result<[Vec<Field>; 9], String> {
    let mut tables: [Vec<Field>; 9] = Default::default();
    let mut reader = csv::Reader::from_reader(file.as_bytes());
    for (at, row) in reader.records().enumerate() {
        let row = row.map_err(|error| error.to_string())?;
        let cell = |column: usize| -> &'static str {
            String::leak(row.get(column).unwrap_or_default().to_owned())
        };
        let wrong = |what: &str| format!("row {}: {what}", at + 2);
        let record = RecordKind::from_word(cell(0)).ok_or_else(|| wrong("record"))?;
        let of_kind = || Kind::from_word(cell(4)).ok_or_else(|| wrong("codes"));
        let holds = match cell(3) {
            "own_reference" => Holds::OwnReference,
            "reference" => {
                Holds::Reference(RecordKind::from_word(cell(4)).ok_or_else(|| wrong("codes"))?)
            }
            "name" => Holds::Name,
            "birth_date" => Holds::BirthDate,
            "text" => Holds::Text,
            "code" => Holds::Code(of_kind()?),
            "codes" => Holds::Codes(of_kind()?),
            "date" => Holds::Date,
            "count" => Holds::Count,
            "hours" => Holds::Hours,
            "dollars" => Holds::Dollars,
            "yes_no" => Holds::YesNo,
            _ => return Err(wrong("holds")),
        };
        let leaves = match cell(7) {
            "opaque" => Leaves::Opaque,
            "code" => Leaves::Code,
            "quarter" => Leaves::Quarter,
            "number" => Leaves::Number,
            "never" => Leaves::Never,
            _ => return Err(wrong("leaves")),
        };
        let said = |column: usize| Some(cell(column)).filter(|text| !text.is_empty());
        tables[record as usize].push(Field {
            record,
            name: cell(1),
            label: cell(2),
            holds,
            only: cell(5).split(';').map(str::trim).filter(|code| !code.is_empty()).collect(),
            required: cell(6) == "yes",
            leaves,
            definition: cell(8),
            htcds: said(10),
            ctdc: said(11),
        });
    }
    Ok(tables)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::register::Register;

    #[test]
    fn every_kind_has_a_reference_and_a_date() {
        for kind in RecordKind::ALL {
            let fields = Field::of(kind);
            assert_eq!(fields[0].holds, Holds::OwnReference, "{kind}");
            assert!(fields.iter().any(|field| field.name == "date" && field.required), "{kind}");
        }
    }

    #[test]
    fn nothing_about_a_person_leaves_in_the_clear() {
        for field in RecordKind::ALL.into_iter().flat_map(Field::of) {
            if field.is_personal() {
                assert!(matches!(field.leaves, Leaves::Opaque | Leaves::Never), "{}", field.name);
            }
            let fits = match field.leaves {
                Leaves::Never => true,
                Leaves::Opaque => {
                    matches!(field.holds, Holds::OwnReference | Holds::Reference(_))
                }
                Leaves::Code => {
                    matches!(field.holds, Holds::Code(_) | Holds::Codes(_) | Holds::YesNo)
                }
                Leaves::Quarter => field.holds == Holds::Date,
                Leaves::Number => {
                    matches!(field.holds, Holds::Count | Holds::Hours | Holds::Dollars)
                }
            };
            assert!(fits, "{}.{}", field.record, field.name);
        }
    }

    #[test]
    fn restrictions_name_codes_of_the_register() {
        for field in RecordKind::ALL.into_iter().flat_map(Field::of) {
            for code in &field.only {
                let (Holds::Code(kind) | Holds::Codes(kind)) = field.holds else {
                    panic!("{} restricts what is no code", field.name)
                };
                assert!(Register::embedded().get(kind, code).is_some(), "{code}");
            }
        }
    }

    #[test]
    fn a_word_is_one_that_may_stand_in_the_field() {
        let (_, counted_as) = Field::find(RecordKind::Victim, "counted_as").unwrap();
        assert_eq!(counted_as.word("victim_served"), Some("victim_served"));
        // A counted unit, and none of a victim; a label; nothing at all.
        for wrong in ["arrest", "Victim served", ""] {
            assert_eq!(counted_as.word(wrong), None, "{wrong}");
        }
        let (_, reference) = Field::find(RecordKind::Victim, "reference").unwrap();
        assert_eq!(reference.word("victim_served"), None);
    }
}
