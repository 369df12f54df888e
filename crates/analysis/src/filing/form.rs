//! The rows of a quarter's form: what each asks, in groups that belong together.
//!
//! In: the register. Out: the figures of `templates::quarter`, each with a key that a page and a draft
//! name it by. Codes and definitions stay in the register; a page looks them up.

use std::collections::BTreeMap;

use records::register::{Entry, Kind, Register};
use records::{Dimension, Figure, Quarter};
use store::StoredFigure;

use crate::templates::{TemplateError, quarter};

/// What a row asks: a counted unit, and what it is broken down by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Question {
    /// The counted unit, by its code.
    pub measure: String,
    /// Codes, or the name of an agency; an absent dimension means "all together".
    pub breakdown: BTreeMap<Dimension, String>,
}

/// A row of the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormRow {
    /// Its name in a draft and on a page: `victim_identified.sex.potential`.
    pub key: String,
    /// What it asks.
    pub question: Question,
}

/// Rows of one counted unit that are broken down by the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The counted unit, by its code.
    pub measure: String,
    /// Its rows.
    pub rows: Vec<FormRow>,
    /// Whether they may be added up, as the register says of the counted unit.
    pub adds: bool,
}

/// The form of a quarter.
#[derive(Debug, Clone)]
pub struct Form {
    /// Its groups, in the order in which they are asked.
    pub groups: Vec<Group>,
    /// The codes of those who can be trained.
    pub(super) audiences: Vec<String>,
}

impl Form {
    /// The form by today's definitions.
    ///
    /// # Errors
    ///
    /// [`TemplateError::NoCode`] when the register lacks a code of the form.
    pub fn of(register: &Register) -> Result<Form, TemplateError> {
        let mut groups: Vec<Group> = Vec::new();
        for figure in quarter::figures(register)? {
            let mut key = Vec::new();
            let mut question = Question { measure: String::new(), breakdown: BTreeMap::new() };
            for (column, code) in figure {
                key.push(code.clone());
                match Dimension::from_word(column) {
                    Some(dimension) => {
                        question.breakdown.insert(dimension, code);
                    }
                    None => question.measure = code,
                }
            }
            let row = FormRow { key: key.join("."), question };
            match groups.last_mut().filter(|group| group.holds(&row.question)) {
                Some(group) => group.rows.push(row),
                None => groups.push(Group::of(register, row)),
            }
        }
        let audiences = register.entries(Kind::Audience).map(|entry| entry.code.clone()).collect();
        Ok(Form { groups, audiences })
    }

    /// Every row.
    pub fn rows(&self) -> impl Iterator<Item = &FormRow> {
        self.groups.iter().flat_map(|group| &group.rows)
    }

    /// The row that asks a question.
    pub fn row_of(&self, question: &Question) -> Option<&FormRow> {
        self.rows().find(|row| row.question == *question)
    }

    /// The row of that key.
    pub fn row(&self, key: &str) -> Option<&FormRow> {
        self.rows().find(|row| row.key == key)
    }
}

impl Group {
    fn of(register: &Register, row: FormRow) -> Group {
        let unit = register.get(Kind::CountedUnit, &row.question.measure);
        let over = |dimension: &Dimension| {
            unit.is_some_and(|unit: &Entry| unit.adds_over(dimension.as_str()))
        };
        let adds = row.question.breakdown.keys().all(over);
        Group { measure: row.question.measure.clone(), rows: vec![row], adds }
    }

    /// Whether a question is of this group.
    fn holds(&self, question: &Question) -> bool {
        let same = |row: &FormRow| row.question.breakdown.keys().eq(question.breakdown.keys());
        self.measure == question.measure && self.rows.first().is_some_and(same)
    }
}

impl Question {
    /// What a figure answers, whatever its period.
    pub fn of(figure: &Figure) -> Question {
        Question { measure: figure.measure.clone(), breakdown: figure.dimensions.clone() }
    }

    /// What it is broken down by, as the register says it: entries, and words that are no codes.
    pub fn parts<'a>(
        &'a self,
        register: &'a Register,
    ) -> impl Iterator<Item = Result<&'a Entry, &'a str>> {
        self.breakdown.iter().map(move |(dimension, code)| {
            let entry = Kind::of_dimension(*dimension).and_then(|kind| register.get(kind, code));
            entry.ok_or(code.as_str())
        })
    }
}

/// What stands for each question among an agency's figures, in the words of its return.
pub fn last_quarter(figures: &[StoredFigure]) -> BTreeMap<Question, String> {
    let answered = figures
        .iter()
        .map(|stored| (Question::of(&stored.figure), stored.figure.answer.to_string()));
    answered.collect()
}

/// Whether the reporting year, which starts on 1 July, begins with a quarter.
pub(super) fn begins_the_year(quarter: Quarter) -> bool {
    quarter.period().start().is_some_and(|start| start.month() == 7)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_form_asks_each_question_once_in_groups() {
        let form = Form::of(Register::embedded()).unwrap();
        let keys: BTreeSet<&str> = form.rows().map(|row| row.key.as_str()).collect();
        assert_eq!(keys.len(), form.rows().count());
        let groups: Vec<(&str, usize, bool)> = form
            .groups
            .iter()
            .map(|group| (group.measure.as_str(), group.rows.len(), group.adds))
            .collect();
        let expected = [
            ("investigation_initiated", 4, true),
            ("victim_identified", 8, true),
            ("individual_arrested", 4, true),
            ("victim_served", 12, true),
            ("victim_served", 20, false),
            ("individual_trained", 2, false),
        ];
        assert_eq!(groups, expected);
        let plain = |key: &str| key.bytes().all(|b| b.is_ascii_lowercase() || b"._".contains(&b));
        assert!(keys.iter().all(|key| plain(key)), "a key is part of an id: {keys:?}");
        for row in form.rows() {
            assert_eq!(form.row_of(&row.question), Some(row));
            let known = row.question.parts(Register::embedded()).all(|part| part.is_ok());
            assert!(known, "{}", row.key);
        }
        assert_eq!(form.audiences.len(), 12);
    }

    #[test]
    fn the_year_begins_in_july() {
        let begins = |quarter: &str| begins_the_year(quarter.parse().unwrap());
        assert!(begins("2026-Q3") && !begins("2026-Q4") && !begins("2027-Q1"));
    }
}
