//! What is done to whom, and how. In: rows of `case_forms.csv`, `case_ages.csv`,
//! `case_patterns.csv`, `case_work.csv` and `case_recruiters.csv`. Out: structs.

use crate::error::DataError;
use crate::table::TableRow;

use super::{MEANS, numbers};

/// What a form of exploitation is like, by which ages are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Likeness {
    Sex,
    Labor,
    Other,
}

/// A form of exploitation: which of the three flags are set, and who suffers it.
pub(crate) struct Form {
    pub(crate) name: String,
    pub(crate) labor: bool,
    pub(crate) sexual: bool,
    pub(crate) other: bool,
    pub(crate) sex_lean: f64,
    pub(crate) labor_lean: f64,
    pub(crate) woman: f64,
    pub(crate) man: f64,
    pub(crate) trans: f64,
    pub(crate) children: f64,
    pub(crate) likeness: Likeness,
}

/// An age group: its weights for women and men by [`Likeness`].
pub(crate) struct AgeGroup {
    pub(crate) name: String,
    pub(crate) child: bool,
    pub(crate) woman: [f64; 3],
    pub(crate) man: [f64; 3],
}

/// A way in which people are held: how likely each means is, and how long it lasts.
pub(crate) struct Pattern {
    pub(crate) sexual: f64,
    pub(crate) labor: f64,
    pub(crate) other: f64,
    pub(crate) child: f64,
    pub(crate) means: [f64; MEANS.len()],
    pub(crate) months: [f64; 3],
}

/// A sector of labor, the last one being none that has a column.
pub(crate) struct Sector {
    pub(crate) woman: f64,
    pub(crate) man: f64,
    pub(crate) child: f64,
    pub(crate) by_economy: Vec<f64>,
}

/// What the economies are called that a country may have.
pub(crate) const ECONOMIES: [&str; 4] = ["fields", "building", "households", "hotels"];

/// A recruiter's relation to the person, the last one being none that has a column.
pub(crate) struct Recruiter {
    pub(crate) domestic_woman: f64,
    pub(crate) domestic_man: f64,
    pub(crate) foreign_woman: f64,
    pub(crate) foreign_man: f64,
    pub(crate) child: f64,
    pub(crate) sexual: f64,
}

impl Form {
    pub(super) fn read(row: TableRow<'_>) -> Result<Form, DataError> {
        let likeness = match row.word("likeness")? {
            "sex" => Likeness::Sex,
            "labor" => Likeness::Labor,
            "other" => Likeness::Other,
            _ => return Err(row.refuse("likeness", "sex, labor or other")),
        };
        Ok(Form {
            name: row.word("form")?.to_owned(),
            labor: row.yes("labor")?,
            sexual: row.yes("sexual")?,
            other: row.yes("other")?,
            sex_lean: row.number("sex_lean")?,
            labor_lean: row.number("labor_lean")?,
            woman: row.number("woman")?,
            man: row.number("man")?,
            trans: row.number("trans")?,
            children: row.number("children")?,
            likeness,
        })
    }
}

impl AgeGroup {
    pub(super) fn read(row: TableRow<'_>) -> Result<AgeGroup, DataError> {
        let three = |columns| numbers(row, columns);
        Ok(AgeGroup {
            name: row.word("age")?.to_owned(),
            child: row.yes("child")?,
            woman: three(["sex_woman", "labor_woman", "other_woman"])?,
            man: three(["sex_man", "labor_man", "other_man"])?,
        })
    }
}

impl Pattern {
    pub(super) fn read(row: TableRow<'_>) -> Result<Pattern, DataError> {
        Ok(Pattern {
            sexual: row.number("sexual")?,
            labor: row.number("labor")?,
            other: row.number("other")?,
            child: row.number("child")?,
            means: numbers(row, MEANS)?,
            months: numbers(row, ["months_0_12", "months_13_24", "months_25"])?,
        })
    }
}

impl Sector {
    pub(super) fn read(row: TableRow<'_>) -> Result<Sector, DataError> {
        Ok(Sector {
            woman: row.number("woman")?,
            man: row.number("man")?,
            child: row.number("child")?,
            by_economy: numbers(row, ECONOMIES)?.to_vec(),
        })
    }
}

impl Recruiter {
    pub(super) fn read(row: TableRow<'_>) -> Result<Recruiter, DataError> {
        Ok(Recruiter {
            domestic_woman: row.number("domestic_woman")?,
            domestic_man: row.number("domestic_man")?,
            foreign_woman: row.number("foreign_woman")?,
            foreign_man: row.number("foreign_man")?,
            child: row.number("child")?,
            sexual: row.number("sexual")?,
        })
    }
}
