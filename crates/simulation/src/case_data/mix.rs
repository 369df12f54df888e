//! The tables made ready to draw from. In: the compiled-in tables. Out: a [`Mix`], made once.

use std::sync::LazyLock;

use crate::chance::Weighted;
use crate::error::DataError;
use crate::world::{CaseCountry, CaseTables, Contributor, ECONOMIES, World};

use super::columns::places;

/// A gender as it is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gender {
    Man,
    Woman,
    Trans,
}

/// What cases are drawn from. Years, contributors, countries and forms are places in the tables.
pub(super) struct Mix {
    pub(super) tables: &'static CaseTables,
    pub(super) years: Weighted<usize>,
    /// By year.
    pub(super) contributors: Vec<Weighted<usize>>,
    /// By contributor and year; places of exploitation.
    pub(super) places: Vec<Vec<Weighted<usize>>>,
    pub(super) place: Vec<Place>,
    pub(super) operations: Weighted<Operation>,
}

/// A country of exploitation.
pub(super) struct Place {
    /// Where it stands in the list of countries.
    pub(super) country: usize,
    /// The few countries from which most foreigners come, and all from which some do.
    pub(super) main_origins: Weighted<usize>,
    pub(super) origins: Weighted<usize>,
    /// Where its economy stands among those of a sector.
    pub(super) economy: usize,
}

/// People who were found together.
#[derive(Debug, Clone)]
pub(super) struct Operation {
    pub(super) year: usize,
    pub(super) contributor: usize,
    pub(super) place: usize,
    pub(super) origin: usize,
    pub(super) form: usize,
    pub(super) gender: Gender,
    pub(super) ages: Vec<usize>,
}

impl Mix {
    /// The compiled-in tables, made ready.
    pub(super) fn get() -> Result<&'static Mix, DataError> {
        static MIX: LazyLock<Result<Mix, DataError>> = LazyLock::new(Mix::read);
        MIX.as_ref().map_err(Clone::clone)
    }

    fn read() -> Result<Mix, DataError> {
        let tables = &World::get()?.cases;
        let years = tables.years.iter().enumerate().map(|(at, &(_, weight))| (at, weight));
        let contributors = tables.years.iter().map(|&(year, _)| {
            let active = tables.contributors.iter().enumerate().map(|(at, contributor)| {
                let active = (contributor.first_year..=contributor.last_year).contains(&year);
                (at, if active { contributor.weight } else { 0.0 })
            });
            drawn_from("case_contributors.csv", active)
        });
        let contributors = contributors.collect::<Result<_, _>>()?;
        let at: Vec<usize> = places(tables).collect();
        let place = at.iter().map(|&country| Place::new(tables, country)).collect::<Result<_, _>>();
        let places = tables.contributors.iter().map(|contributor| {
            let by_year = tables.years.iter().map(|&(year, _)| {
                let weights = at.iter().enumerate().map(|(place, &country)| {
                    (place, place_weight(tables, contributor, &tables.countries[country], year))
                });
                drawn_from("case_countries.csv", weights)
            });
            by_year.collect::<Result<Vec<_>, _>>()
        });
        Ok(Mix {
            tables,
            years: drawn_from("case_years.csv", years)?,
            contributors,
            places: places.collect::<Result<_, _>>()?,
            place: place?,
            operations: operations(tables, &at)?,
        })
    }
}

impl Place {
    fn new(tables: &CaseTables, at: usize) -> Result<Place, DataError> {
        let here = &tables.countries[at];
        let main = here.main_origins.iter().enumerate().map(|(rank, iso3)| {
            let origin = tables.countries.iter().position(|country| country.iso3 == *iso3);
            let origin = origin.ok_or_else(|| unusable("case_countries.csv", "a country's code"));
            // The first brings twice as many as the second, three times as many as the third.
            Ok((origin?, 1.0 / (rank + 1) as f64))
        });
        let main: Vec<(usize, f64)> = main.collect::<Result<_, DataError>>()?;
        let corridor = |origin: &CaseCountry| {
            let between = tables
                .corridors
                .iter()
                .find(|(to, from, _)| *to == here.region && *from == origin.region);
            between.map_or(1.0, |&(_, _, weight)| weight)
        };
        let origins = tables.countries.iter().enumerate().map(|(origin, country)| {
            let foreign = if origin == at { 0.0 } else { country.origin_weight };
            (origin, foreign * corridor(country))
        });
        let economy = ECONOMIES.iter().position(|known| *known == here.economy);
        Ok(Place {
            country: at,
            main_origins: drawn_from("case_countries.csv", main)?,
            origins: drawn_from("case_countries.csv", origins)?,
            economy: economy.ok_or_else(|| unusable("case_countries.csv", "an economy"))?,
        })
    }
}

/// How much of what a contributor sees in a year is in a country: a wave around its peak year.
fn place_weight(
    tables: &CaseTables,
    contributor: &Contributor,
    country: &CaseCountry,
    year: i64,
) -> f64 {
    let own = contributor.regions.is_empty() || contributor.regions.contains(&country.region);
    let reach = if own { 1.0 } else { tables.parameters.outside_own_regions };
    let off = (year as f64 - country.peak_year) / country.wave_years.max(1.0);
    let wave = 1.0 / (1.0 + off * off * off * off);
    country.place_weight * reach * (tables.parameters.between_waves + wave)
}

fn operations(tables: &CaseTables, places: &[usize]) -> Result<Weighted<Operation>, DataError> {
    let refuse = || unusable("case_operations.csv", "words of the other case tables");
    let find = |at: Option<usize>| at.ok_or_else(refuse);
    let country = |iso3: &str| tables.countries.iter().position(|country| country.iso3 == iso3);
    let mut operations = Vec::new();
    for row in &tables.operations {
        let place = country(&row.place).and_then(|at| places.iter().position(|known| *known == at));
        let ages = row
            .ages
            .iter()
            .map(|age| find(tables.ages.iter().position(|known| known.name == *age)));
        let name = &row.contributor;
        let operation = Operation {
            year: find(tables.years.iter().position(|&(year, _)| year == row.year))?,
            contributor: find(tables.contributors.iter().position(|known| known.name == *name))?,
            place: find(place)?,
            origin: find(country(&row.origin))?,
            form: find(tables.forms.iter().position(|form| form.name == row.form))?,
            gender: match row.gender.as_str() {
                "Man" => Gender::Man,
                "Woman" => Gender::Woman,
                _ => return Err(refuse()),
            },
            ages: ages.collect::<Result<_, _>>()?,
        };
        operations.push((operation, row.weight));
    }
    drawn_from("case_operations.csv", operations)
}

fn drawn_from<T>(
    file: &'static str,
    weights: impl IntoIterator<Item = (T, f64)>,
) -> Result<Weighted<T>, DataError> {
    Weighted::new(weights).ok_or_else(|| unusable(file, "a weight above 0"))
}

fn unusable(file: &'static str, expected: &'static str) -> DataError {
    DataError { file, row: 1, column: "all".to_owned(), value: String::new(), expected }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_fit_together() {
        if let Err(error) = Mix::get() {
            panic!("{error}");
        }
        let tables = &World::get().unwrap().cases;
        let region = |name: &String| tables.countries.iter().any(|country| country.region == *name);
        assert!(
            tables.contributors.iter().flat_map(|contributor| &contributor.regions).all(region)
        );
        assert!(tables.corridors.iter().all(|(to, from, _)| region(to) && region(from)));
        let codes: Vec<&str> =
            tables.countries.iter().map(|country| country.iso3.as_str()).collect();
        assert!(codes.is_sorted_by(|one, next| one < next));
        assert!(
            codes
                .iter()
                .all(|code| code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase()))
        );
    }

    #[test]
    fn people_found_together_were_recorded_by_somebody_at_work_there() {
        let mix = Mix::get().unwrap();
        for operation in mix.operations.items() {
            let contributor = &mix.tables.contributors[operation.contributor];
            let (year, _) = mix.tables.years[operation.year];
            assert!((contributor.first_year..=contributor.last_year).contains(&year));
            let region = &mix.tables.countries[mix.place[operation.place].country].region;
            assert!(contributor.regions.is_empty() || contributor.regions.contains(region));
        }
    }
}
