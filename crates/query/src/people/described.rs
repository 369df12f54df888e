//! One row for each person, for the tables that are published.
//!
//! In: the same as for a count of people, and the fields wanted. Out: [`DescribedPeople`]: for each
//! person the quarter in which she was first seen and one code for each field. Agencies may
//! describe a person differently, and a field may hold several codes: such a person has the code of
//! [`Described::Several`], so that she is in one row and in one cell of a table, never in two.
//! The rows are confidential: they show how many they are and nothing else.

use std::fmt;
use std::path::Path;

use records::Quarter;
use records::record::RecordKind;

use super::{Members, PeopleQuestion, nodes_and_clusters};
use crate::QueryError;
use crate::engine;
use crate::marks::{FieldMarks, Marks};

/// What a field says of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Described {
    /// Nothing is recorded.
    Nothing,
    /// One code.
    Code(&'static str),
    /// More than one.
    Several,
}

/// A field, and what it can say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DescribedField {
    /// Its name.
    pub field: &'static str,
    /// What it can say, from nothing to several; a row holds a place here.
    pub says: Vec<Described>,
}

/// People, one row each.
#[derive(Clone, PartialEq, Eq)]
pub struct DescribedPeople {
    /// The quarters; a row holds a place here.
    pub quarters: Vec<Quarter>,
    /// The fields, in the order asked for.
    pub fields: Vec<DescribedField>,
    /// For each person the quarter in which she was first seen.
    pub first_seen: Vec<u16>,
    /// For each field, for each person, what it says.
    pub said: Vec<Vec<u16>>,
    /// For each person the lists on which she is, one bit for each.
    pub lists: Vec<u64>,
}

impl fmt::Debug for DescribedPeople {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "DescribedPeople({} people)", self.first_seen.len())
    }
}

/// Describes the people that [`super::count_people`] counts, with so many threads; the rows do not
/// depend on them.
///
/// # Errors
///
/// [`QueryError`]; a field that does not leave agencies as a code.
pub async fn describe_people_on(
    question: &PeopleQuestion,
    fields: &[&str],
    members: &mut Members<'_>,
    work: &Path,
    threads: Option<usize>,
) -> Result<DescribedPeople, QueryError> {
    let marks = Marks::new(RecordKind::Victim, question.first, question.last);
    let wanted: Vec<&FieldMarks> = fields
        .iter()
        .map(|name| {
            let found = marks.fields.iter().find(|field| field.field == *name);
            found.ok_or_else(|| QueryError::NoSuchField { field: (*name).to_owned() })
        })
        .collect::<Result<_, _>>()?;
    let mut rows: Vec<(u16, Vec<u16>, u64)> = Vec::new();
    let mut describe = |words: &[u64], lists: u64| {
        let seen = (0..marks.quarters.len()).find(|bit| Marks::is_set(words, *bit));
        let said = wanted.iter().map(|field| place(field, words)).collect();
        rows.push((seen.unwrap_or_default() as u16, said, lists));
    };
    let threads = threads.unwrap_or_else(engine::threads);
    nodes_and_clusters(question, members, &marks, work, threads, &mut describe).await?;
    // People of one agency come in the order of its ids, which is no business of a reader.
    rows.sort_unstable();

    let described = |field: &&FieldMarks| DescribedField {
        field: field.field,
        says: field
            .codes
            .iter()
            .map(|code| code.map_or(Described::Nothing, Described::Code))
            .chain([Described::Several])
            .collect(),
    };
    let of_field = |at: usize| rows.iter().map(|(_, said, _)| said[at]).collect();
    Ok(DescribedPeople {
        quarters: marks.quarters.clone(),
        fields: wanted.iter().map(described).collect(),
        said: (0..wanted.len()).map(of_field).collect(),
        first_seen: rows.iter().map(|(seen, ..)| *seen).collect(),
        lists: rows.iter().map(|(.., lists)| *lists).collect(),
    })
}

/// The place of what is said: nothing (0), a code, or several (the last). One row of a person that
/// says nothing does not take away what another says.
fn place(field: &FieldMarks, words: &[u64]) -> u16 {
    let mut codes = (1..field.codes.len()).filter(|at| Marks::is_set(words, field.first + at));
    match (codes.next(), codes.next()) {
        (None, _) => 0,
        (Some(code), None) => code as u16,
        (Some(_), Some(_)) => field.codes.len() as u16,
    }
}
