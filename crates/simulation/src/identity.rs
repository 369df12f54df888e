//! Who a person is, and what agencies write down instead.
//!
//! In: a person of the hidden population. Out: her true [`Identity`] and, for each registration, a
//! [`Recorded`] one with the errors that agencies make. Assumes that errors of two registrations
//! are independent.

mod corruption;
mod linkage_key;
mod recorded;
mod spelling;

pub(crate) use corruption::{Corruption, CorruptionCounts};
pub(crate) use linkage_key::{LinkageKey, linkage_key};
pub(crate) use recorded::{Draft, Recorded};
pub(crate) use spelling::{spelling_variant, typo};

use std::fmt;

use jiff::ToSpan;
use jiff::civil::Date;

use crate::chance::{Chance, Stream};
use crate::own_number::mix;
use crate::person::{Household, Kin, Person};
use crate::state::MadeUpState;
use crate::world::{AreaRow, Exploitation, NameList};

/// A person's true identity; made up, and yet never printed in full.
pub(crate) struct Identity {
    given: Vec<&'static str>,
    surname: Vec<&'static str>,
    /// What stands between two surnames.
    between: &'static str,
    other_names: Vec<&'static str>,
    birth: Date,
    /// A place in the genders of the world.
    gender: usize,
    pub(crate) phone: String,
    pub(crate) postcode: String,
    pub(crate) country: &'static str,
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Identity([withheld])")
    }
}

/// Surnames, the first of them handed down, and what stands between them.
type Surname = (Vec<&'static str>, &'static str);

const PHONE_NUMBERS: u64 = 10_000;
const POSTCODES: u64 = 100;

impl Identity {
    pub(crate) fn of(state: &MadeUpState, household: &Household, person: &Person) -> Identity {
        let names = &state.world.names.heritages[household.country.heritage];
        let chance = &mut state.chance(Stream::Identity, person.number);
        let own = surname(names, chance);
        let (surname, between) = match person.kin {
            Kin::Head | Kin::OtherRelative => own,
            Kin::Sibling => surname_of_head(state, household, names),
            Kin::SameSurname => {
                let (mut shared, between) = surname_of_head(state, household, names);
                shared.truncate(1);
                shared.extend(own.0.into_iter().skip(1));
                (shared, between)
            }
        };
        let row = &state.world.people.genders[person.gender];
        let given_names = names.given(row.names, chance.happens(0.5));
        let first = given_names.pick(chance).as_str();
        let mut given = vec![first];
        if chance.happens(names.second_given_name) {
            let second = given_names.pick(chance).as_str();
            given.extend((second != first).then_some(second));
        }
        let other_names = other_names(state, person, given_names.pick(chance), first, chance);
        let (phone, postcode) = phone_and_postcode(state, household, chance);
        let birth = state.calendar.date(household.began);
        let birth = birth
            .saturating_sub(person.days_since_birthday.days())
            .saturating_sub(person.age_years.years());
        let country = household.country.code.as_str();
        Identity {
            given,
            surname,
            between,
            other_names,
            birth,
            gender: person.gender,
            phone,
            postcode,
            country,
        }
    }
}

/// The first draws of an identity, so that relatives can be given the surname of the first.
fn surname(names: &'static NameList, chance: &mut Chance) -> Surname {
    let mut parts = vec![names.surnames.pick(chance).as_str()];
    let second = names.surnames.pick(chance).as_str();
    let kind = chance.unit();
    let mut between = " ";
    if kind < names.double_surname {
        parts.push(second);
    } else if kind < names.double_surname + names.hyphenated {
        parts.push(second);
        between = "-";
    }
    (parts, between)
}

fn surname_of_head(
    state: &MadeUpState,
    household: &Household,
    names: &'static NameList,
) -> Surname {
    surname(names, &mut state.chance(Stream::Identity, household.head))
}

fn other_names(
    state: &MadeUpState,
    person: &Person,
    other: &'static str,
    first: &str,
    chance: &mut Chance,
) -> Vec<&'static str> {
    let parameters = &state.world.parameters;
    let sold = person.exploitation != Exploitation::Labor;
    let share = if sold { parameters.aliases_sex } else { parameters.aliases_labor };
    if !chance.happens(share) {
        return Vec::new();
    }
    let working = state.world.names.working_names.as_slice();
    let name = if sold && chance.happens(parameters.working_name) {
        chance.one_of(working).map(String::as_str)
    } else {
        Some(other)
    };
    name.filter(|name| *name != first).into_iter().collect()
}

/// A phone number of an area, in the exchange that films use.
pub(crate) fn phone_number(area: &AreaRow, drawn: u64) -> String {
    format!("({}) 555-{:04}", area.area_code, drawn % PHONE_NUMBERS)
}

/// A postcode of an area; who shares a phone shares it.
pub(crate) fn postcode(area: &AreaRow, drawn: u64) -> String {
    format!("{}{:02}", area.postcode_prefix, (drawn / PHONE_NUMBERS) % POSTCODES)
}

fn phone_and_postcode(
    state: &MadeUpState,
    household: &Household,
    chance: &mut Chance,
) -> (String, String) {
    let (area, parameters) = (state.area(household.area), &state.world.parameters);
    let motels = parameters.motels_in_area as usize;
    let place = if chance.happens(parameters.motel_phone) {
        // People of one motel share its phone and its postcode.
        Some((household.area * motels + chance.below(motels)) as u64)
    } else {
        None
    };
    let own = (chance.below(usize::MAX >> 32)) as u64;
    let drawn = place.map_or(own, |motel| mix(state.plan.seed ^ mix(motel)));
    (phone_number(area, drawn), postcode(area, drawn))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Plan;

    #[test]
    fn age_and_birth_agree_and_siblings_share_surnames() {
        let state = MadeUpState::new(&Plan::default()).unwrap();
        let mut siblings = 0;
        for head in 0..5_000 {
            let household = Household::make(&state, head, 4);
            let first = Identity::of(&state, &household, &household.people[0]);
            for person in &household.people {
                let identity = Identity::of(&state, &household, person);
                let began = state.calendar.date(household.began);
                let age = identity.birth.until((jiff::Unit::Year, began)).unwrap().get_years();
                assert_eq!(i64::from(age), person.age_years);
                if person.kin == Kin::Sibling {
                    siblings += 1;
                    assert!(identity.surname == first.surname);
                }
                assert!(!format!("{identity:?}").contains(identity.given[0]));
            }
        }
        assert!(siblings > 300, "{siblings}");
    }
}
