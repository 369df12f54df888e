//! Files of people: what their columns are called, and dates of birth that are none.

use std::path::Path;

use anyhow::{Context, anyhow};
use linkage::encode::PeopleCsvError;
use linkage::{DatesLeftOut, PeopleError, PeopleSchema};

use crate::output;

/// The schema in a file, or that of our own names.
pub(super) fn schema(path: Option<&Path>) -> anyhow::Result<PeopleSchema> {
    let Some(path) = path else { return Ok(PeopleSchema::default()) };
    let name = || path.display().to_string();
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", name()))?;
    // Each problem stands on a line of its own.
    PeopleSchema::from_toml(&text).map_err(|error| anyhow!("{}:\n{error}", name()))
}

/// Says how many dates were left out, and where the first of them are.
pub(super) fn dates_left_out(dates: &DatesLeftOut) -> Option<String> {
    const SHOWN: usize = 10;
    if dates.count == 0 {
        return None;
    }
    let rows: Vec<String> = dates.rows.iter().take(SHOWN).map(ToString::to_string).collect();
    let more = match dates.count - rows.len() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let (what, row) = match dates.count {
        1 => ("date of birth is none and counts", "row"),
        _ => ("dates of birth are none and count", "rows"),
    };
    Some(format!("{} {what} as not given: {row} {}{more}", dates.count, rows.join(", ")))
}

/// A file of people that cannot be used; where dates of birth are among the reasons, the last line
/// says how to do without them.
pub(super) fn refused(file: &Path, error: &(impl Refused + std::fmt::Display)) -> anyhow::Error {
    let advice = match error.dates() {
        0 => String::new(),
        dates => format!(
            "\n{} of these {}: --bad-dates-as-missing takes such a date as not given",
            output::counted(dates, "error"),
            if dates == 1 { "is a date of birth" } else { "are dates of birth" }
        ),
    };
    anyhow!("{}: {error}{advice}", file.display())
}

/// What may be wrong with a file of people.
pub(super) trait Refused {
    /// How many dates of birth are none.
    fn dates(&self) -> usize;
}

impl Refused for PeopleError {
    fn dates(&self) -> usize {
        match self {
            PeopleError::Faults { dates, .. } => *dates,
            _ => 0,
        }
    }
}

impl Refused for PeopleCsvError {
    fn dates(&self) -> usize {
        match self {
            PeopleCsvError::Rows { dates, .. } => *dates,
            _ => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_dates_are_named_and_the_others_counted() {
        let said =
            |count: usize| dates_left_out(&DatesLeftOut { rows: (2..2 + count).collect(), count });
        assert_eq!(said(0), None);
        let one = "1 date of birth is none and counts as not given: row 2";
        assert_eq!(said(1).as_deref(), Some(one));
        let many = "12 dates of birth are none and count as not given: rows 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 2 more";
        assert_eq!(said(12).as_deref(), Some(many));
    }
}
