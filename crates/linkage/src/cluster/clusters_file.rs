//! Clusters as a file: `agency,rec_id,person_id,probability`, a row for each record.

use std::io::{self, Write};
use std::path::Path;

use rayon::prelude::*;

use super::Linked;
use crate::whole_file::whole;

/// Rows that one thread writes out at once, and that are held before they go into the file.
const ROWS: usize = 1 << 13;
const HELD: usize = ROWS * 32;

const HEADER: &[u8] = b"agency,rec_id,person_id,probability\n";

/// Writes the clusters. `name` gives the agency and the id of a record.
///
/// The file appears whole or not at all: it is written beside its place and then renamed.
///
/// # Errors
///
/// When the folder cannot be written.
pub fn write_clusters(
    path: &Path,
    linked: &Linked,
    name: impl Fn(u32) -> (String, String) + Sync,
) -> io::Result<()> {
    let write = |rows: &mut csv::Writer<Vec<u8>>, record: usize| {
        let (agency, id) = name(record as u32);
        let (person, probability) =
            (linked.clusters.cluster_of[record], linked.probability[record]);
        write_row(rows, &agency, &id, person, probability)
    };
    let records = linked.clusters.cluster_of.len();
    whole(path, |file| {
        file.write_all(HEADER)?;
        for held in (0..records).step_by(HELD) {
            let held = held..records.min(held + HELD);
            let rows = held.clone().into_par_iter().step_by(ROWS).map(|from| {
                let mut rows = csv::Writer::from_writer(Vec::new());
                let mut records = from..held.end.min(from + ROWS);
                records.try_for_each(|record| write(&mut rows, record))?;
                rows.into_inner().map_err(csv::IntoInnerError::into_error)
            });
            for rows in rows.collect::<io::Result<Vec<_>>>()? {
                file.write_all(&rows)?;
            }
        }
        Ok(())
    })
}

/// Takes a row: agency, id, person and probability.
pub type PeopleRow<'a> = &'a mut dyn FnMut(&str, &str, u32, f32) -> io::Result<()>;

/// Writes the clusters, where they come one after the other. `rows` calls what it is given for each
/// record. The file appears whole or not at all.
///
/// # Errors
///
/// When the folder cannot be written, and those of `rows`.
pub fn write_people<E: From<io::Error>>(
    path: &Path,
    rows: impl FnOnce(PeopleRow<'_>) -> Result<(), E>,
) -> Result<(), E> {
    whole(path, |file| {
        file.write_all(HEADER)?;
        let mut file = csv::Writer::from_writer(file);
        rows(&mut |agency, id, person, probability| {
            write_row(&mut file, agency, id, person, probability)
        })?;
        Ok(file.flush()?)
    })
}

fn write_row(
    rows: &mut csv::Writer<impl Write>,
    agency: &str,
    id: &str,
    person: u32,
    probability: f32,
) -> io::Result<()> {
    let (person, probability) = (person.to_string(), format!("{probability:.3}"));
    Ok(rows.write_record([agency, id, &person, &probability])?)
}
