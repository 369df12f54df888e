//! Where the people of a people set live, and which agencies write them down. In: `cities.csv`,
//! `streets.csv`, `people_set_agencies.csv`, `people_set_parameters.csv`, `people_set_rates.csv`.
//! Out: what a people set draws from.

use crate::chance::Weighted;
use crate::error::DataError;
use crate::table::{Table, TableRow};

use super::Profile;
use super::people::weighted;
use super::rates::{PeopleSetParameters, PeopleSetRates};

/// What only people sets draw from.
pub(crate) struct PeopleSetWorld {
    pub(crate) parameters: PeopleSetParameters,
    pub(crate) rates: PeopleSetRates,
    pub(crate) cities: Weighted<City>,
    pub(crate) streets: Streets,
    pub(crate) agencies: Vec<SetAgency>,
}

/// A city.
#[derive(Debug, Clone)]
pub(crate) struct City {
    pub(crate) name: String,
    pub(crate) area_code: String,
    pub(crate) zip_prefix: String,
    pub(crate) weight: f64,
}

/// A word of a street and how it is shortened.
#[derive(Debug, Clone)]
pub(crate) struct Word {
    pub(crate) text: String,
    pub(crate) short: String,
}

/// What streets are named from.
pub(crate) struct Streets {
    pub(crate) names: Weighted<Word>,
    pub(crate) types: Weighted<Word>,
    pub(crate) directions: Weighted<Word>,
}

/// An agency whose list is a part of a people set.
pub(crate) struct SetAgency {
    pub(crate) name: String,
    pub(crate) profile: Profile,
    /// How many people it sees, against the others.
    pub(crate) weight: f64,
    /// The share of its people whom it wrote down twice.
    pub(crate) duplicates: f64,
}

impl PeopleSetWorld {
    pub(super) fn read() -> Result<PeopleSetWorld, DataError> {
        let cities = Table::read("cities.csv", include_str!("../../data/cities.csv"))?;
        let file = include_str!("../../data/people_set_agencies.csv");
        let agencies = Table::read("people_set_agencies.csv", file)?;
        let agencies: Result<Vec<SetAgency>, DataError> =
            agencies.rows().map(SetAgency::read).collect();
        Ok(PeopleSetWorld {
            parameters: PeopleSetParameters::read()?,
            rates: PeopleSetRates::read()?,
            cities: weighted(&cities, cities.rows().map(City::read))?,
            streets: Streets::read()?,
            agencies: agencies?,
        })
    }
}

impl City {
    fn read(row: TableRow<'_>) -> Result<(City, f64), DataError> {
        let word = |column| Ok(row.word(column)?.to_owned());
        let weight = row.number("weight")?;
        let (name, area_code) = (word("city")?, word("area_code")?);
        Ok((City { name, area_code, zip_prefix: word("zip_prefix")?, weight }, weight))
    }
}

impl Streets {
    fn read() -> Result<Streets, DataError> {
        let table = Table::read("streets.csv", include_str!("../../data/streets.csv"))?;
        for row in table.rows() {
            if !["name", "type", "direction"].contains(&row.word("part")?) {
                return Err(row.refuse("part", "name, type or direction"));
            }
        }
        let words = |part: &str| {
            let rows = table.rows().filter(|row| row.word("part") == Ok(part));
            weighted(
                &table,
                rows.map(|row| {
                    let (text, short) = (row.word("text")?, row.word("short")?);
                    let word = Word { text: text.to_owned(), short: short.to_owned() };
                    Ok((word, row.number("weight")?))
                }),
            )
        };
        Ok(Streets {
            names: words("name")?,
            types: words("type")?,
            directions: words("direction")?,
        })
    }
}

impl SetAgency {
    fn read(row: TableRow<'_>) -> Result<SetAgency, DataError> {
        let profile = Profile::read(row.word("profile")?);
        Ok(SetAgency {
            name: row.word("agency")?.to_owned(),
            profile: profile.ok_or_else(|| row.refuse("profile", "a kind of agency"))?,
            weight: row.number("weight")?,
            duplicates: row.share("duplicates")?,
        })
    }
}
