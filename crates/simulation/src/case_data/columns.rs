//! The columns and their public categories. In: nothing but the codebook and the list of countries.
//! Out: [`CaseColumn`]s in the order of the file.

use serde::Serialize;

use crate::error::SimulationError;
use crate::world::{CaseTables, World};

/// A column of case data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CaseColumn {
    /// Its name in the header.
    pub name: String,
    /// What its cells may say, a blank aside. Public: it does not depend on the rows.
    pub categories: Vec<String>,
}

pub(super) const COLUMNS: usize = 27;

pub(super) const YEAR: usize = 0;
pub(super) const GENDER: usize = 1;
pub(super) const AGE: usize = 2;
pub(super) const CITIZENSHIP: usize = 3;
pub(super) const PLACE: usize = 4;
pub(super) const MONTHS: usize = 5;
pub(super) const MEANS: usize = 6;
pub(super) const FORCED_LABOR: usize = 14;
pub(super) const SEXUAL: usize = 15;
pub(super) const OTHER: usize = 16;
pub(super) const LABOR_TYPES: usize = 17;
pub(super) const PROSTITUTION: usize = 21;
pub(super) const PORNOGRAPHY: usize = 22;
pub(super) const RECRUITERS: usize = 23;

/// The columns whose cells are `1` or blank: from [`MEANS`] to the last.
const FLAGS: [&str; COLUMNS - MEANS] = [
    "meansDebtBondageEarnings",
    "meansThreats",
    "meansAbusePsyPhySex",
    "meansFalsePromises",
    "meansDrugsAlcohol",
    "meansDenyBasicNeeds",
    "meansExcessiveWorkHours",
    "meansWithholdDocs",
    "isForcedLabour",
    "isSexualExploit",
    "isOtherExploit",
    "typeOfLabourAgriculture",
    "typeOfLabourConstruction",
    "typeOfLabourDomesticWork",
    "typeOfLabourHospitality",
    "typeOfSexProstitution",
    "typeOfSexPornography",
    "recruiterRelationIntimatePartner",
    "recruiterRelationFriend",
    "recruiterRelationFamily",
    "recruiterRelationOther",
];

/// The columns of case data, in the order of the file.
///
/// # Errors
///
/// [`SimulationError::Data`] when the compiled-in tables cannot be used.
pub fn case_schema() -> Result<Vec<CaseColumn>, SimulationError> {
    let cases = &World::get()?.cases;
    let years: Vec<String> = cases.years.iter().map(|(year, _)| year.to_string()).collect();
    let ages: Vec<String> = cases.ages.iter().map(|age| age.name.clone()).collect();
    let countries: Vec<String> =
        cases.countries.iter().map(|country| country.iso3.clone()).collect();
    let places = places(cases).map(|at| countries[at].clone()).collect();
    let words = |words: &[&str]| words.iter().map(ToString::to_string).collect();
    let named =
        |(name, categories): (&str, Vec<String>)| CaseColumn { name: name.to_owned(), categories };
    let mut columns = vec![
        ("yearOfRegistration", years),
        ("gender", words(&["Man", "Woman", "Trans/Transgender/NonConforming"])),
        ("ageBroad", ages),
        ("citizenship", countries),
        ("CountryOfExploitation", places),
        ("traffickMonths", words(&["0--12", "13--24", "25+"])),
    ];
    columns.extend(FLAGS.map(|flag| (flag, words(&["1"]))));
    Ok(columns.into_iter().map(named).collect())
}

/// The countries in which people are exploited, as places in the list of countries. A place's code
/// is where it stands here, plus 1.
pub(super) fn places(cases: &CaseTables) -> impl Iterator<Item = usize> {
    let countries = cases.countries.iter().enumerate();
    countries.filter(|(_, country)| country.place_weight > 0.0).map(|(at, _)| at)
}
