//! Who is who in truth, from a file: for scoring alone.

use std::collections::HashMap;
use std::path::Path;

use anyhow::{Context, bail};
use linkage::NO_TRUTH;
use linkage::encode::PeopleCells;

const COLUMNS: [&str; 3] = ["agency", "rec_id", "truth_id"];

/// The person of each record, by number; [`NO_TRUTH`] for records that the file does not name.
pub(super) fn read(path: &Path, records: &[(String, String)]) -> anyhow::Result<Vec<u32>> {
    let name = || path.display().to_string();
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", name()))?;
    let cells = PeopleCells::read(&bytes, &COLUMNS).with_context(name)?;
    if let Some(column) = cells.missing().first() {
        bail!(
            "{}: row 1: expected the columns agency, rec_id, truth_id; {column} is missing",
            name()
        );
    }
    let mut person_of: HashMap<(&str, &str), &str> = HashMap::with_capacity(cells.len());
    for row in 0..cells.len() {
        let cells = cells.row(row);
        if person_of.insert((cells[0], cells[1]), cells[2]).is_some() {
            bail!("{}: row {}: this agency and rec_id stand in an earlier row", name(), row + 2);
        }
    }
    let mut numbers: HashMap<&str, u32> = HashMap::new();
    let mut number = |(agency, rec_id): &(String, String)| {
        let person = person_of.get(&(agency.as_str(), rec_id.as_str()))?;
        let next = u32::try_from(numbers.len()).ok()?;
        Some(*numbers.entry(person).or_insert(next))
    };
    let truth: Vec<u32> = records.iter().map(|record| number(record).unwrap_or(NO_TRUTH)).collect();
    if truth.iter().all(|person| *person == NO_TRUTH) && !records.is_empty() {
        bail!(
            "{}: none of the rows is in the encodings; rec_id is the opaque id of a row, see the .ids.csv beside it",
            name()
        );
    }
    Ok(truth)
}
