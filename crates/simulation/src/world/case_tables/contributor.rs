//! Who contributes cases and records what of them; who was found together. In: rows of
//! `case_contributors.csv` and `case_operations.csv`. Out: structs.

use crate::error::DataError;
use crate::table::TableRow;

use super::{MEANS, words};

/// An organization that contributes cases, and which parts of a case it records how often.
pub(crate) struct Contributor {
    pub(crate) name: String,
    pub(crate) first_year: i64,
    pub(crate) last_year: i64,
    pub(crate) weight: f64,
    /// Where it works; everywhere when empty.
    pub(crate) regions: Vec<String>,
    pub(crate) records: Recorded,
    /// Whether it records each means at all.
    pub(crate) means_kept: [bool; MEANS.len()],
}

/// How often something is recorded.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Recorded {
    pub(crate) year: f64,
    pub(crate) gender: f64,
    pub(crate) age: f64,
    pub(crate) citizenship: f64,
    pub(crate) place: f64,
    pub(crate) months: f64,
    pub(crate) means: f64,
    pub(crate) exploitation: f64,
    /// The types of labor and sex, where the exploitation is recorded.
    pub(crate) types: f64,
    pub(crate) recruiter: f64,
}

/// People who were found together.
pub(crate) struct OperationRow {
    pub(crate) year: i64,
    pub(crate) place: String,
    pub(crate) origin: String,
    pub(crate) contributor: String,
    pub(crate) form: String,
    pub(crate) gender: String,
    pub(crate) ages: Vec<String>,
    pub(crate) weight: f64,
}

impl Contributor {
    pub(super) fn read(row: TableRow<'_>) -> Result<Contributor, DataError> {
        let kept = words(row, "means_kept")?;
        if kept.iter().any(|means| !MEANS.contains(&means.as_str())) {
            return Err(row.refuse("means_kept", "a list of means"));
        }
        Ok(Contributor {
            name: row.word("contributor")?.to_owned(),
            first_year: row.whole("first_year")?,
            last_year: row.whole("last_year")?,
            weight: row.number("weight")?,
            regions: words(row, "regions")?,
            records: Recorded {
                year: row.share("year")?,
                gender: row.share("gender")?,
                age: row.share("age")?,
                citizenship: row.share("citizenship")?,
                place: row.share("place")?,
                months: row.share("months")?,
                means: row.share("means")?,
                exploitation: row.share("exploitation")?,
                types: row.share("types")?,
                recruiter: row.share("recruiter")?,
            },
            means_kept: MEANS.map(|means| kept.iter().any(|known| known == means)),
        })
    }
}

impl OperationRow {
    pub(super) fn read(row: TableRow<'_>) -> Result<OperationRow, DataError> {
        let word = |column| Ok(row.word(column)?.to_owned());
        Ok(OperationRow {
            year: row.whole("year")?,
            place: word("place")?,
            origin: word("origin")?,
            contributor: word("contributor")?,
            form: word("form")?,
            gender: word("gender")?,
            ages: words(row, "ages")?,
            weight: row.number("weight")?,
        })
    }
}
