//! The CSV file to rows and ids of partitions.

use std::fs::File;

use linkage::partitioned::{Batch, PeopleBatches, Values, range_of, same_ids};
use linkage::{DatesLeftOut, Fault};

use super::numbers::{Texts, Writer};
use super::{MatchError, MatchQuestion, Part, Work, finish, of_read};
use crate::QueryError;

/// Bytes of a record in a file of people, at least, about.
const SHORTEST: usize = 40;

/// What was read.
pub(super) struct Read {
    pub(super) values: Values,
    pub(super) parts: Vec<Part>,
    pub(super) ignored: Vec<String>,
    pub(super) dates_left_out: DatesLeftOut,
}

/// Reads the file.
pub(super) fn read(question: &MatchQuestion<'_>, work: &Work) -> Result<Read, MatchError> {
    let path = question.file;
    let failed = |source| QueryError::File { path: path.to_owned(), source };
    let file = File::open(path).map_err(failed)?;
    let length = usize::try_from(file.metadata().map_err(failed)?.len()).unwrap_or(usize::MAX);
    let ranges = work.plan.ranges(length / SHORTEST, 24);
    let mut hashes: Vec<Writer<3>> = work.writers("id-hashes", ranges);
    let mut people =
        PeopleBatches::new(file, question.reading.clone()).map_err(|error| of_read(error, path))?;
    let mut parts = Vec::new();
    let mut first = 0;
    while let Some(batch) =
        people.read(work.plan.partition).map_err(|error| of_read(error, path))?
    {
        let records = batch.rows.len() as u32;
        for hash in &batch.id_hashes {
            hashes[range_of(hash[0], ranges)].push(*hash)?;
        }
        parts.push(part(work, first, &batch)?);
        first += records;
    }
    let same = same(hashes, people.id_column().unwrap_or_default())?;
    let ignored = people.ignored().to_vec();
    let (values, dates_left_out) = people.finish(same).map_err(|error| of_read(error, path))?;
    Ok(Read { values, parts, ignored, dates_left_out })
}

/// Writes a partition.
fn part(work: &Work, first: u32, batch: &Batch) -> Result<Part, QueryError> {
    let mut rows = work.writer(&format!("rows-{first}"));
    batch.rows.iter().try_for_each(|row| rows.push(*row))?;
    let ids = match batch.id_ends.is_empty() {
        true => None,
        false => {
            let path = work.path(&format!("ids-{first}"));
            Some(Texts::write(path, &batch.ids, &batch.id_ends)?)
        }
    };
    Ok(Part { first, rows: rows.finish()?, ids })
}

/// The records with an id that is there before them.
fn same(hashes: Vec<Writer<3>>, column: &str) -> Result<(Vec<Fault>, usize), QueryError> {
    let (mut faults, mut count) = (Vec::new(), 0);
    for hashes in finish(hashes)? {
        let (found, more) = same_ids(&mut hashes.load()?, column);
        faults.extend(found);
        count += more;
    }
    Ok((faults, count))
}
