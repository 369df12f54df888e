//! How often things happen. In: `parameters.csv`, `chances.csv`, `corruptions.csv`, `missing.csv`,
//! `numbers.csv`. Out: probabilities and distributions by name. Every row must be asked for by its
//! name and every name must have its row.

use crate::chance::{Chance, Weighted};
use crate::error::DataError;
use crate::identity::Corruption;
use crate::table::{Table, TableRow};

use super::{ByType, Exploitation};

/// A kind of agency by how it keeps its records: a column of several files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Profile {
    Police,
    Prosecutor,
    LaborAgency,
    Provider,
    StateProgramme,
}

impl Profile {
    pub(crate) const ALL: [Profile; 5] = [
        Profile::Police,
        Profile::Prosecutor,
        Profile::LaborAgency,
        Profile::Provider,
        Profile::StateProgramme,
    ];

    pub(crate) fn word(self) -> &'static str {
        match self {
            Profile::Police => "police",
            Profile::Prosecutor => "prosecutor",
            Profile::LaborAgency => "labor_agency",
            Profile::Provider => "provider",
            Profile::StateProgramme => "state_programme",
        }
    }

    pub(crate) fn read(text: &str) -> Option<Profile> {
        Profile::ALL.into_iter().find(|known| known.word() == text)
    }
}

/// One thing for each kind of agency.
pub(crate) type ByProfile = [f64; Profile::ALL.len()];

/// A table with one row for each name, in any order, and no other row.
fn named<T>(
    table: &Table,
    column: &str,
    names: &[&str],
    read: impl Fn(TableRow<'_>) -> Result<T, DataError>,
) -> Result<Vec<T>, DataError> {
    let mut found: Vec<Option<T>> = names.iter().map(|_| None).collect();
    for row in table.rows() {
        let word = row.word(column)?;
        let at = names.iter().position(|name| *name == word);
        match at.and_then(|at| found.get_mut(at)) {
            Some(place) if place.is_none() => *place = Some(read(row)?),
            _ => return Err(row.refuse(column, "a name that is asked for, once")),
        }
    }
    let found: Option<Vec<T>> = found.into_iter().collect();
    found.ok_or_else(|| table.error("a row for every name that is asked for"))
}

/// A struct whose fields are the rows of a file.
macro_rules! named_rows {
    ($(#[$doc:meta])* $struct:ident, $value:ty, $file:literal, $column:literal, $read:expr, $($name:ident)+) => {
        $(#[$doc])*
        pub(crate) struct $struct { $(pub(crate) $name: $value),+ }

        impl $struct {
            pub(super) fn read() -> Result<$struct, DataError> {
                let table = Table::read($file, include_str!(concat!("../../data/", $file)))?;
                let names = [$(stringify!($name)),+];
                let mut values = named(&table, $column, &names, $read)?.into_iter();
                let mut next = || values.next().ok_or_else(|| table.error("a row for every name"));
                Ok($struct { $($name: next()?),+ })
            }
        }
    };
}

named_rows! {
    /// Single numbers.
    Parameters, f64, "parameters.csv", "parameter", |row| row.number("value"),
    activity_first activity_last started_before household_same_type found_together sibling twin
    relative_same_surname avoids_police_us avoids_police_other avoider_seen_by_police
    avoider_seen_by_provider aliases_sex aliases_labor working_name motel_phone motels_in_area
    shelter_postcode served_next_quarter benefit_next_quarter duplicate_registration
    identity_corrected release_signed release_revoked agreement_days_before agreement_years
    incident_opened incidents_without_victim incident_at_prosecutor incident_closed
    victim_arrested arrest_order arrested_minor charge_filed disposition_reached
    restitution_ordered sessions contacts contact_high_information contact_about_trafficking
    contact_minor contact_connected contact_noted letter_denied programme_cash own_word
}

named_rows! {
    /// Probabilities that depend on the true type.
    Chances, ByType<f64>, "chances.csv", "chance", by_type,
    police_vice police_other prosecutor labor_agency provider client_before police_to_provider
    police_to_prosecutor police_to_other_police labor_agency_to_provider provider_to_police
    labor_provider_first legal_aid_first provider_to_second_us provider_to_second_other
    listed_to_programme programme_before listed_to_letter programme_denied
}

named_rows! {
    /// How often an agency does not record something.
    Missing, ByProfile, "missing.csv", "what", by_profile,
    type_not_classified age_unknown county_missing origin_missing phone_missing postcode_missing
    other_names_missing sector_missing means_missing identified_by_missing status_potential
}

named_rows! {
    /// Single numbers of a people set.
    PeopleSetParameters, f64, "people_set_parameters.csv", "parameter", |row| row.number("value"),
    relative_sibling relative_child relative_other twin alike_names named_after_parent
    surname_of_partner found_together lives_with_family phone_of_family shared_place phone_of_place
    records_for_each_place no_address street_with_direction street_with_unit zips_for_each_weight
    given_name_of_other_heritage surname_of_other_heritage own_spelling middle_name alias
    alias_working_name
    second_alias error_multiplier address_changed phone_changed
    false_birth_date
}

named_rows! {
    /// How often an agency of a people set leaves out or changes something, beside the errors that
    /// every simulation makes.
    PeopleSetRates, ByProfile, "people_set_rates.csv", "what", by_profile,
    given_name_missing middle_name_missing middle_name_initial middle_name_with_given
    true_name_as_alias surnames_reversed first_surname_dropped surname_changed
    name_heard_otherwise birth_year_only birth_day_mistyped street_missing city_missing
    street_mistyped street_shortened unit_missing city_mistyped zip_mistyped phone_mistyped
    phone_of_agency origin_wrong false_name
}

named_rows! {
    /// Single numbers of case data.
    CaseParameters, f64, "case_parameters.csv", "parameter", |row| row.number("value"),
    operation operation_same_origin operation_same_person_kind outside_own_regions
    later_labor_lean later_from_year between_waves second_sector second_relation prostitution pornography_adult
    pornography_child main_origins trans_from_year age_unknown_too
}

/// How often an agency records something wrongly or not at all.
pub(crate) struct Rates {
    pub(crate) missing: Missing,
    corruptions: Vec<ByProfile>,
}

impl Rates {
    pub(super) fn read() -> Result<Rates, DataError> {
        let table = Table::read("corruptions.csv", include_str!("../../data/corruptions.csv"))?;
        let words = Corruption::ALL.map(Corruption::word);
        let corruptions = named(&table, "corruption", &words, by_profile)?;
        Ok(Rates { missing: Missing::read()?, corruptions })
    }

    /// How often a kind of agency makes an error where it can be made.
    pub(crate) fn corruption(&self, corruption: Corruption, profile: Profile) -> f64 {
        self.corruptions[corruption as usize][profile as usize]
    }
}

/// Whole numbers from ranges, each range with a weight.
pub(crate) struct NumberDraw(Weighted<(i64, i64)>);

impl NumberDraw {
    /// Draws a number: a range by its weight, and any number in it.
    pub(crate) fn draw(&self, chance: &mut Chance) -> i64 {
        let (first, last) = *self.0.pick(chance);
        chance.between(first, last)
    }

    /// Draws a number that counts things.
    pub(crate) fn count(&self, chance: &mut Chance) -> usize {
        usize::try_from(self.draw(chance)).unwrap_or_default()
    }
}

/// A struct whose fields are the distributions of `numbers.csv`.
macro_rules! numbers {
    ($($name:ident)+) => {
        /// Distributions of whole numbers.
        pub(crate) struct Numbers { $(pub(crate) $name: NumberDraw),+ }

        impl Numbers {
            pub(super) fn read() -> Result<Numbers, DataError> {
                let table = Table::read("numbers.csv", include_str!("../../data/numbers.csv"))?;
                let names = [$(stringify!($name)),+];
                for row in table.rows() {
                    if !names.contains(&row.word("what")?) || row.whole("to")? < row.whole("from")? {
                        return Err(row.refuse("what", "a number that is asked for, and a range"));
                    }
                }
                Ok(Numbers { $($name: number_draw(&table, stringify!($name))?),+ })
            }
        }
    };
}

numbers! {
    household_size quarters_before arrests_in_incident session_people session_extra_seats
    session_tenths_of_hours sectors means services_in_quarter days_to_close days_to_charge
    days_to_disposition days_from_offense referral_delay_quarters release_months years_off
    siblings_apart_years restitution_dollars family_size lists parent_older_years
    cousin_older_years
}

fn number_draw(table: &Table, what: &str) -> Result<NumberDraw, DataError> {
    let mut ranges = Vec::new();
    for row in table.rows() {
        if row.word("what")? == what {
            ranges.push(((row.whole("from")?, row.whole("to")?), row.number("weight")?));
        }
    }
    let ranges = Weighted::new(ranges).ok_or_else(|| table.error("a weight for every number"))?;
    Ok(NumberDraw(ranges))
}

/// The three columns of a row that name the true types, as probabilities.
fn by_type(row: TableRow<'_>) -> Result<ByType<f64>, DataError> {
    let [sex, labor, both] = Exploitation::ALL.map(|exploitation| row.share(exploitation.code()));
    Ok(ByType([sex?, labor?, both?]))
}

/// The columns of a row that name kinds of agencies, as probabilities.
fn by_profile(row: TableRow<'_>) -> Result<ByProfile, DataError> {
    let mut shares = [0.0; Profile::ALL.len()];
    for profile in Profile::ALL {
        shares[profile as usize] = row.share(profile.word())?;
    }
    Ok(shares)
}
