//! People to the file of clusters, and what is undecided to the file for reviewers.

use std::collections::BTreeMap;

use datafusion::arrow::array::BinaryArray;
use linkage::partitioned::{Learnt, RowNumbers, agency_of};
use linkage::{write_people, write_review};

use super::cluster::People;
use super::{MatchQuestion, Prepared};
use crate::QueryError;

/// A file that could not be written, or what went before it.
enum Failed {
    Here(std::io::Error),
    Before(QueryError),
}

impl From<std::io::Error> for Failed {
    fn from(error: std::io::Error) -> Failed {
        Failed::Here(error)
    }
}

/// Writes the files.
pub(super) fn write(
    question: &MatchQuestion<'_>,
    learnt: &Learnt,
    parts: &[Prepared],
    people: &People,
) -> Result<(), QueryError> {
    let written = write_people(question.out, |write| {
        named(learnt, parts, |record, agency, id, _| {
            let at = record as usize;
            Ok(write(agency, id, people.cluster_of[at], people.probability[at])?)
        })
    });
    written.map_err(|failed| match failed {
        Failed::Here(source) => QueryError::File { path: question.out.to_owned(), source },
        Failed::Before(error) => error,
    })?;
    let Some(path) = question.review else { return Ok(()) };
    let undecided = &people.clustered.undecided;
    let mut asked: BTreeMap<u32, (String, String, RowNumbers)> = BTreeMap::new();
    for pair in undecided {
        for record in [pair.first, pair.second] {
            asked.insert(record, Default::default());
        }
    }
    let found = named(learnt, parts, |record, agency, id, row| {
        if let Some(found) = asked.get_mut(&record) {
            *found = (agency.to_owned(), id.to_owned(), *row);
        }
        Ok(())
    });
    let failed = |source| QueryError::File { path: path.to_owned(), source };
    found.map_err(|failure| match failure {
        Failed::Here(source) => failed(source),
        Failed::Before(error) => error,
    })?;
    let name = |record: u32| {
        asked.get(&record).map(|(agency, id, _)| (agency.clone(), id.clone())).unwrap_or_default()
    };
    let agreement = |one: u32, other: u32| match (asked.get(&one), asked.get(&other)) {
        (Some(one), Some(other)) => learnt.agreement(&one.2, &other.2),
        _ => Vec::new(),
    };
    write_review(path, undecided, name, agreement).map_err(failed)
}

/// Goes through all records with their agencies, ids and rows.
fn named(
    learnt: &Learnt,
    parts: &[Prepared],
    mut take: impl FnMut(u32, &str, &str, &RowNumbers) -> Result<(), Failed>,
) -> Result<(), Failed> {
    let mut agencies: BTreeMap<u16, String> = BTreeMap::new();
    for part in parts {
        let ids = part.ids.as_ref().map(|ids| ids.load()).transpose().map_err(Failed::Before)?;
        let mut ids = ids.iter().flatten().flat_map(BinaryArray::iter);
        let mut record = part.first;
        let mut outcome = Ok(());
        let read = part.rows.each(|row: RowNumbers| {
            if outcome.is_err() {
                return Ok(());
            }
            let agency = agency_of(&row);
            let agency = agencies.entry(agency).or_insert_with(|| learnt.agency_name(agency));
            // A record without an id is called by its row, the header being row 1.
            let id = match ids.next().flatten().unwrap_or_default() {
                [] => (u64::from(record) + 2).to_string(),
                id => String::from_utf8_lossy(id).into_owned(),
            };
            outcome = take(record, agency, &id, &row);
            record += 1;
            Ok(())
        });
        read.map_err(Failed::Before)?;
        outcome?;
    }
    Ok(())
}
