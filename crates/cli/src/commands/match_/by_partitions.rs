//! `clearway match --memory`: a table that does not fit into memory.

use analysis::{MatchError, MatchQuestion, match_people};
use anyhow::{Context, ensure};
use linkage::Settings;

use super::super::people_found::{PeopleFound, Phases};
use super::super::people_in;
use super::{Arguments, next, reading, settings};
use crate::{Shared, output};

/// The least that is of use: the program itself takes about half of it.
const LEAST: usize = 64 << 20;

pub(super) fn run(own: &Arguments, shared: &Shared, memory: usize) -> anyhow::Result<bool> {
    let mut clock = Phases::new();
    let question = MatchQuestion {
        file: &own.file,
        reading: &reading(own)?,
        out: &own.out,
        review: own.review.as_deref(),
        memory,
        scoring: Settings::default(),
        clustering: settings(own, shared),
    };
    let matched =
        match_people(&question, &mut |phase| clock.start(phase)).map_err(|error| match &error {
            MatchError::People(faults) => people_in::refused(&own.file, faults),
            _ => anyhow::Error::from(error).context(own.file.display().to_string()),
        })?;
    let mut remarks: Vec<String> =
        people_in::dates_left_out(&matched.dates_left_out).into_iter().collect();
    remarks.iter().for_each(|remark| output::remark(remark));
    remarks.push(format!("linked by {} partitions", matched.partitions));
    let clustered = matched.clustered;
    let undecided = clustered.undecided.len();
    let found = PeopleFound {
        what: own.file.display().to_string(),
        out: own.out.clone(),
        agencies: matched.agencies,
        ignored: matched.ignored,
        remarks,
        clusters: matched.clusters,
        threshold: clustered.threshold,
        refused_for_size: clustered.refused_for_size,
        undecided,
        count: clustered.count,
        scores: None,
        seconds: clock.end(),
        next: next(own, undecided),
    };
    found.show(shared.format)?;
    Ok(true)
}

/// A size as people write it: `256MiB`, `2GiB`.
pub(super) fn size(text: &str) -> Result<usize, anyhow::Error> {
    let expected = "expected a whole number with MiB or GiB, as 256MiB";
    let units = [("MiB", 20), ("GiB", 30)];
    let found = units.iter().find_map(|(unit, power)| Some((text.strip_suffix(unit)?, power)));
    let (number, power) = found.context(expected)?;
    let number: usize = number.trim().parse().context(expected)?;
    let bytes = number.checked_mul(1 << power).context(expected)?;
    ensure!(bytes >= LEAST, "expected at least {} MiB", LEAST >> 20);
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_as_people_write_them() {
        assert_eq!(size("256MiB").ok(), Some(256 << 20));
        assert_eq!(size("2 GiB").ok(), Some(2 << 30));
        for wrong in ["256", "256MB", "1MiB", "-1GiB", "GiB", "99999999999999999GiB"] {
            let said = size(wrong).map_err(|error| error.to_string()).unwrap_err();
            assert!(said.starts_with("expected"), "{wrong}: {said}");
        }
    }
}
