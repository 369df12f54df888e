//! A record as the agency that holds it knows it, names included.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{Code, Field, Leaves, Personal, RecordKind};
use crate::Quarter;

/// What stands in one cell of a record, checked.
///
/// Its `Debug` shows codes, days and numbers; what is about a person is withheld.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Nothing was recorded.
    Empty,
    /// A name, birth date (ISO 8601), reference or free text.
    Personal(Personal),
    /// One code.
    Code(Code),
    /// Several codes, sorted, each once.
    Codes(Vec<Code>),
    /// A day.
    Date(Date),
    /// A number: a count, dollars, or tenths of hours.
    Number(i64),
    /// Yes or no.
    YesNo(bool),
}

/// One checked record of an agency. It has no `Serialize`; its `Debug` withholds what is about a
/// person. It is written into the agency's own store by [`AgencyRecord::to_own_store`] and leaves
/// only through a [`crate::disclosure::Permit`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgencyRecord {
    kind: RecordKind,
    cells: Vec<Cell>,
    carried: BTreeMap<String, Personal>,
}

/// The parts of a person's identity that linkage needs. Only a [`crate::disclosure::Permit`] gives
/// them out.
#[derive(Debug, Clone)]
pub struct Identity<'r> {
    record: &'r AgencyRecord,
}

impl Identity<'_> {
    /// A field of the record, as text for the encoder; empty when it was not recorded.
    pub fn part(&self, field: &str) -> &str {
        self.record.personal(field).map_or("", Personal::inside)
    }

    /// The sex code of the statistical linkage key: 1, 2, or 9 when it is not stated.
    pub fn slk_sex(&self) -> &'static str {
        let gender = self.record.code("gender").map(|code| code.entry());
        gender.and_then(|entry| entry.attribute("slk_sex")).unwrap_or("9")
    }
}

impl<'r> Identity<'r> {
    pub(crate) fn of(record: &'r AgencyRecord) -> Identity<'r> {
        Identity { record }
    }
}

impl AgencyRecord {
    /// Makes a record of cells in the order of [`Field::of`]; `carried` are the cells of another
    /// standard that no field of ours can say, kept with the record and never sent.
    pub(crate) fn new(
        kind: RecordKind,
        cells: Vec<Cell>,
        carried: BTreeMap<String, Personal>,
    ) -> AgencyRecord {
        debug_assert_eq!(cells.len(), Field::of(kind).len());
        AgencyRecord { kind, cells, carried }
    }

    /// What kind of record it is.
    pub fn kind(&self) -> RecordKind {
        self.kind
    }

    /// Its cells, in the order of [`Field::of`].
    pub fn cells(&self) -> &[Cell] {
        &self.cells
    }

    /// The cell of a field; empty for a field that this kind does not have.
    pub fn cell(&self, field: &str) -> &Cell {
        Field::find(self.kind, field).map_or(&Cell::Empty, |(at, _)| &self.cells[at])
    }

    /// The code in a field.
    pub fn code(&self, field: &str) -> Option<Code> {
        match self.cell(field) {
            Cell::Code(code) => Some(*code),
            _ => None,
        }
    }

    /// The number in a field.
    pub fn number(&self, field: &str) -> Option<i64> {
        match self.cell(field) {
            Cell::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// The day in a field.
    pub fn date(&self, field: &str) -> Option<Date> {
        match self.cell(field) {
            Cell::Date(day) => Some(*day),
            _ => None,
        }
    }

    /// The state quarter of its day.
    pub fn quarter(&self) -> Option<Quarter> {
        self.date("date").map(Quarter::containing)
    }

    /// What is about a person in a field, still withheld.
    pub fn personal(&self, field: &str) -> Option<&Personal> {
        match self.cell(field) {
            Cell::Personal(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn birth_date(&self) -> Option<Date> {
        self.personal("birth_date")?.inside().parse().ok()
    }

    /// The record's own number at the agency.
    pub fn own_reference(&self) -> &Personal {
        static NONE: std::sync::LazyLock<Personal> = std::sync::LazyLock::new(|| Personal::new(""));
        self.personal("reference").unwrap_or(&NONE)
    }

    /// The person it is about: the own number of a victim, or the victim that a service or letter
    /// names.
    pub fn person(&self) -> Option<&Personal> {
        match self.kind {
            RecordKind::Victim => self.personal("reference"),
            _ => self.personal("victim"),
        }
    }

    /// What makes it one record and not another of its kind: the own number; for a victim also
    /// what she is counted as and the quarter. For the agency's own store only.
    pub fn key(&self) -> Personal {
        let reference = self.own_reference().inside();
        match (self.kind, self.code("counted_as"), self.quarter()) {
            (RecordKind::Victim, Some(counted_as), Some(quarter)) => {
                Personal::new(format!("{reference}\u{1f}{}\u{1f}{quarter}", counted_as.as_str()))
            }
            _ => Personal::new(reference),
        }
    }

    /// The cells of an agency's totals that it enters, beside that of all records: each field that
    /// leaves as a code, with the code, `yes` or `no`, or nothing where none is recorded. A field
    /// with several codes enters several cells.
    pub fn cells_of_totals(
        &self,
    ) -> impl Iterator<Item = (&'static str, Option<&'static str>)> + use<'_> {
        let fields = Field::of(self.kind).iter().zip(&self.cells);
        fields.filter(|(field, _)| field.leaves == Leaves::Code).flat_map(|(field, cell)| {
            let codes: Vec<Option<&'static str>> = match cell {
                Cell::Code(code) => vec![Some(code.as_str())],
                Cell::Codes(codes) => codes.iter().map(|code| Some(code.as_str())).collect(),
                Cell::YesNo(answer) => vec![Some(if *answer { "yes" } else { "no" })],
                _ => vec![None],
            };
            codes.into_iter().map(|code| (field.name, code))
        })
    }

    /// The cells of another standard that no field of ours can say.
    pub fn carried(&self) -> &BTreeMap<String, Personal> {
        &self.carried
    }

    /// The record as one line of JSON, for the agency's own store only: field names to the text of
    /// the cell, empty cells left out; carried cells under `carried`.
    pub fn to_own_store(&self) -> String {
        let mut object = serde_json::Map::new();
        for (field, cell) in Field::of(self.kind).iter().zip(&self.cells) {
            if *cell != Cell::Empty {
                object.insert(field.name.to_owned(), cell.in_own_store(field).into());
            }
        }
        if !self.carried.is_empty() {
            let carried = self
                .carried
                .iter()
                .map(|(name, text)| (name.clone(), serde_json::Value::from(text.inside())));
            object.insert("carried".to_owned(), serde_json::Value::Object(carried.collect()));
        }
        serde_json::Value::Object(object).to_string()
    }

    /// Reads what [`AgencyRecord::to_own_store`] wrote; nothing when it does not read as a record
    /// of that kind by today's definitions.
    pub fn from_own_store(kind: RecordKind, line: &str) -> Option<AgencyRecord> {
        let serde_json::Value::Object(object) = serde_json::from_str(line).ok()? else {
            return None;
        };
        let text = |name: &str| object.get(name).and_then(|value| value.as_str()).unwrap_or("");
        let texts: Vec<&str> = Field::of(kind).iter().map(|field| text(field.name)).collect();
        let mut carried = BTreeMap::new();
        if let Some(serde_json::Value::Object(cells)) = object.get("carried") {
            for (name, value) in cells {
                carried.insert(name.clone(), Personal::new(value.as_str()?));
            }
        }
        super::read::record(kind, &texts, carried, &mut |_, _| ())
    }

    /// The record as a row of the agency's own table, in the order of [`Field::of`].
    pub fn in_own_table(&self) -> Vec<String> {
        let fields = Field::of(self.kind).iter();
        fields.zip(&self.cells).map(|(field, cell)| cell.in_own_store(field)).collect()
    }
}

impl Cell {
    /// The text of the cell, for the agency's own store and files only.
    fn in_own_store(&self, field: &Field) -> String {
        match self {
            Cell::Empty => String::new(),
            Cell::Personal(text) => text.inside().to_owned(),
            Cell::Code(code) => code.as_str().to_owned(),
            Cell::Codes(codes) => {
                codes.iter().map(|code| code.as_str()).collect::<Vec<_>>().join("; ")
            }
            Cell::Date(day) => day.to_string(),
            Cell::Number(tenths) if field.holds == super::Holds::Hours => match tenths % 10 {
                0 => (tenths / 10).to_string(),
                rest => format!("{}.{rest}", tenths / 10),
            },
            Cell::Number(number) => number.to_string(),
            Cell::YesNo(answer) => if *answer { "yes" } else { "no" }.to_owned(),
        }
    }
}
