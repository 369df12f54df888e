//! The kinds of rows that an agency keeps, and the columns of their files.
//!
//! In: `definitions/record_fields.csv`. Out: [`Record`], with its word, its file and its header.
//! Releases and orders are files of an agency too, though no coded records.

use std::sync::LazyLock;

/// A kind of row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Record {
    /// A person in a quarter, in one count.
    Victim,
    /// An investigation.
    Incident,
    /// An arrest.
    Arrest,
    /// A charge.
    Charge,
    /// How a charge ended.
    Disposition,
    /// A kind of help to a person in a quarter.
    Service,
    /// A training session.
    TrainingSession,
    /// A call, message or report to a hotline.
    Contact,
    /// A letter or an application for a benefit.
    Letter,
    /// A person's release; no coded record.
    Release,
    /// A court's order about a record; no coded record.
    Order,
}

const FIELDS: &str = include_str!("../../../definitions/record_fields.csv");
const RELEASE_COLUMNS: &str = "victim,recipient,purpose,signed_on,expires_on,revoked_on";
const ORDER_COLUMNS: &str = "record,reference,order,authority,ordered_on";

impl Record {
    /// All kinds, in the order in which files are written.
    pub const ALL: [Record; 11] = [
        Record::Victim,
        Record::Incident,
        Record::Arrest,
        Record::Charge,
        Record::Disposition,
        Record::Service,
        Record::TrainingSession,
        Record::Contact,
        Record::Letter,
        Record::Release,
        Record::Order,
    ];

    /// Its word in `definitions/record_fields.csv`, or `release` or `order`.
    pub fn word(self) -> &'static str {
        match self {
            Record::Victim => "victim",
            Record::Incident => "incident",
            Record::Arrest => "arrest",
            Record::Charge => "charge",
            Record::Disposition => "disposition",
            Record::Service => "service",
            Record::TrainingSession => "training_session",
            Record::Contact => "contact",
            Record::Letter => "letter",
            Record::Release => "release",
            Record::Order => "order",
        }
    }

    /// The name of its file: the plural of its word.
    pub fn file_name(self) -> String {
        format!("{}s.csv", self.word())
    }

    /// The columns of its file, in order.
    pub fn columns(self) -> &'static [&'static str] {
        static COLUMNS: LazyLock<Vec<Vec<&'static str>>> =
            LazyLock::new(|| Record::ALL.map(read_columns).to_vec());
        &COLUMNS[self as usize]
    }

    pub(crate) fn read(word: &str) -> Option<Record> {
        Record::ALL.into_iter().find(|record| record.word() == word)
    }
}

fn read_columns(record: Record) -> Vec<&'static str> {
    match record {
        Record::Release => RELEASE_COLUMNS.split(',').collect(),
        Record::Order => ORDER_COLUMNS.split(',').collect(),
        _ => {
            // The first two cells are plain words, never quoted.
            let rows = FIELDS.lines().skip(1).map(|line| {
                let mut cells = line.split(',');
                (cells.next().unwrap_or_default(), cells.next().unwrap_or_default())
            });
            rows.filter(|(word, _)| *word == record.word()).map(|(_, field)| field).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_columns() {
        for record in Record::ALL {
            assert!(record.columns().len() >= 5, "{}", record.word());
            assert_eq!(Record::read(record.word()), Some(record));
        }
        assert_eq!(Record::Victim.columns().len(), 21);
        assert_eq!(Record::Letter.columns()[..3], ["reference", "victim", "date"]);
        assert_eq!(Record::TrainingSession.file_name(), "training_sessions.csv");
    }
}
