//! Clusters as a file: `agency,rec_id,person_id,probability`, a row for each record.

use std::io;
use std::path::Path;

use super::Linked;
use crate::whole_file::whole;

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
    name: impl Fn(u32) -> (String, String),
) -> io::Result<()> {
    whole(path, |file| {
        let mut rows = csv::Writer::from_writer(file);
        rows.write_record(["agency", "rec_id", "person_id", "probability"])?;
        let people = linked.clusters.cluster_of.iter().zip(&linked.probability);
        for (record, (person, probability)) in (0..).zip(people) {
            let (agency, id) = name(record);
            let (person, probability) = (person.to_string(), format!("{probability:.3}"));
            rows.write_record([agency, id, person, probability])?;
        }
        rows.flush()
    })
}
