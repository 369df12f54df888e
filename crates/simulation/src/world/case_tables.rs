//! The tables that made-up case data draw from. In: `case_*.csv`. Out: their rows as structs, in
//! file order. Every number is assumed; those of countries were drawn by lot and say nothing about
//! any country.

mod contributor;
mod person;

pub(crate) use contributor::{Contributor, OperationRow};
pub(crate) use person::{AgeGroup, ECONOMIES, Form, Likeness, Pattern, Recruiter, Sector};

use crate::error::DataError;
use crate::table::{Table, TableRow};

use super::rates::CaseParameters;

/// The means, as their columns are ordered.
const MEANS: [&str; 8] = [
    "debt_bondage",
    "threats",
    "abuse",
    "false_promises",
    "drugs_alcohol",
    "basic_needs",
    "work_hours",
    "documents",
];

/// A country of which people may be citizens.
pub(crate) struct CaseCountry {
    pub(crate) iso3: String,
    pub(crate) region: String,
    pub(crate) origin_weight: f64,
    /// 0 where nobody is exploited; then the fields below are 0 too.
    pub(crate) place_weight: f64,
    pub(crate) domestic: f64,
    pub(crate) main_origins: Vec<String>,
    pub(crate) labor_lean: f64,
    pub(crate) men: f64,
    pub(crate) children: f64,
    pub(crate) economy: String,
    pub(crate) peak_year: f64,
    pub(crate) wave_years: f64,
}

/// Reads every row of a file of `data/`.
macro_rules! rows_of {
    ($file:literal, $read:expr) => {{
        let table = Table::read($file, include_str!(concat!("../../data/", $file)))?;
        table.rows().map($read).collect::<Result<Vec<_>, DataError>>()
    }};
}

/// Every table.
pub(crate) struct CaseTables {
    pub(crate) parameters: CaseParameters,
    pub(crate) years: Vec<(i64, f64)>,
    pub(crate) countries: Vec<CaseCountry>,
    /// From a region of exploitation, from a region of origin, weight.
    pub(crate) corridors: Vec<(String, String, f64)>,
    pub(crate) contributors: Vec<Contributor>,
    pub(crate) forms: Vec<Form>,
    pub(crate) ages: Vec<AgeGroup>,
    pub(crate) patterns: Vec<Pattern>,
    pub(crate) sectors: Vec<Sector>,
    pub(crate) recruiters: Vec<Recruiter>,
    pub(crate) operations: Vec<OperationRow>,
}

impl CaseTables {
    pub(super) fn read() -> Result<CaseTables, DataError> {
        Ok(CaseTables {
            parameters: CaseParameters::read()?,
            years: rows_of!("case_years.csv", |row| Ok((
                row.whole("year")?,
                row.number("weight")?
            )))?,
            countries: rows_of!("case_countries.csv", CaseCountry::read)?,
            corridors: rows_of!("case_corridors.csv", |row| {
                let word = |column| Ok(row.word(column)?.to_owned());
                Ok((word("place_region")?, word("origin_region")?, row.number("weight")?))
            })?,
            contributors: rows_of!("case_contributors.csv", Contributor::read)?,
            forms: rows_of!("case_forms.csv", Form::read)?,
            ages: rows_of!("case_ages.csv", AgeGroup::read)?,
            patterns: rows_of!("case_patterns.csv", Pattern::read)?,
            sectors: rows_of!("case_work.csv", Sector::read)?,
            recruiters: rows_of!("case_recruiters.csv", Recruiter::read)?,
            operations: rows_of!("case_operations.csv", OperationRow::read)?,
        })
    }
}

impl CaseCountry {
    fn read(row: TableRow<'_>) -> Result<CaseCountry, DataError> {
        Ok(CaseCountry {
            iso3: row.word("iso3")?.to_owned(),
            region: row.word("region")?.to_owned(),
            origin_weight: row.number("origin_weight")?,
            place_weight: row.number("place_weight")?,
            domestic: row.share("domestic")?,
            main_origins: words(row, "main_origins")?,
            labor_lean: row.share("labor_lean")?,
            men: row.number("men")?,
            children: row.number("children")?,
            economy: row.text("economy")?.to_owned(),
            peak_year: row.number("peak_year")?,
            wave_years: row.number("wave_years")?,
        })
    }
}

fn words(row: TableRow<'_>, column: &str) -> Result<Vec<String>, DataError> {
    Ok(row.list(column)?.into_iter().map(str::to_owned).collect())
}

fn numbers<const N: usize>(row: TableRow<'_>, columns: [&str; N]) -> Result<[f64; N], DataError> {
    let mut numbers = [0.0; N];
    for (number, column) in numbers.iter_mut().zip(columns) {
        *number = row.number(column)?;
    }
    Ok(numbers)
}
