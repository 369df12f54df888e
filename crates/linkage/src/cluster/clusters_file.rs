//! Clusters as a file: `agency,rec_id,person_id,probability`, a row for each record.

use std::io::{self, Write};
use std::path::Path;

use rayon::prelude::*;

use super::Linked;
use crate::whole_file::whole;

/// Rows that one thread writes out at once, and that are held before they go into the file.
const ROWS: usize = 1 << 13;
const HELD: usize = ROWS * 32;

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
    let row = |record: usize| {
        let (agency, id) = name(record as u32);
        let person = linked.clusters.cluster_of[record].to_string();
        [agency, id, person, format!("{:.3}", linked.probability[record])]
    };
    let records = linked.clusters.cluster_of.len();
    whole(path, |file| {
        file.write_all(b"agency,rec_id,person_id,probability\n")?;
        for held in (0..records).step_by(HELD) {
            let held = held..records.min(held + HELD);
            let rows = held.clone().into_par_iter().step_by(ROWS).map(|from| {
                let mut rows = csv::Writer::from_writer(Vec::new());
                let mut records = from..held.end.min(from + ROWS);
                records.try_for_each(|record| rows.write_record(row(record)))?;
                rows.into_inner().map_err(csv::IntoInnerError::into_error)
            });
            for rows in rows.collect::<io::Result<Vec<_>>>()? {
                file.write_all(&rows)?;
            }
        }
        Ok(())
    })
}
