//! The people of a people set, family by family.
//!
//! In: the number of a family. Out: the rows that agencies have about its people. Everything about
//! a family is drawn from its own stream of chance. Relatives share what makes linkage hard:
//! surnames, addresses, phones, twins the birth date, and some sons the father's name.

use std::fmt;

use jiff::ToSpan;
use jiff::civil::Date;

use crate::chance::{Chance, Stream};
use crate::world::City;

use super::names::{aliases, alike, given_names, surname};
use super::place::{Stay, phone, stay};
use super::written::write;
use super::{PeopleSetRow, Set};

/// Who somebody truly is.
#[derive(Clone)]
pub(super) struct TruePerson {
    pub(super) given: Vec<String>,
    pub(super) surname: Vec<String>,
    pub(super) between: &'static str,
    pub(super) aliases: Vec<String>,
    pub(super) birth: Date,
    /// A place in the genders of the world.
    pub(super) gender: usize,
    pub(super) country: &'static str,
    /// First where she is found most often, then where else.
    pub(super) stays: Vec<Stay>,
    pub(super) phones: Vec<String>,
}

impl fmt::Debug for TruePerson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TruePerson([withheld])")
    }
}

/// What a relative is to the first of the family.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Relation {
    Sibling,
    Child,
    OtherRelative,
    Partner,
}

/// The day from which ages count.
const AGES_ON: Date = Date::constant(2025, 10, 1);

const DAYS_OF_YEAR: i64 = 365;

/// How many addresses and phones one person has over the time.
const VERSIONS: usize = 3;

/// Nobody has more relatives than this in a set.
const MOST_PEOPLE: u64 = 16;

/// Adds the rows of a family.
pub(super) fn rows(set: &Set, number: u64, rows: &mut Vec<PeopleSetRow>) {
    let chance = &mut set.chance(Stream::Family, number);
    let people = people(set, chance);
    let mut first_of_family = None;
    for (position, person) in people.iter().enumerate() {
        let truth = number * MOST_PEOPLE + position as u64;
        let agencies = agencies(set, first_of_family, chance);
        first_of_family = first_of_family.or(agencies.first().copied());
        for agency in agencies {
            let again = chance.happens(set.agencies[agency].duplicates);
            for _ in 0..=usize::from(again) {
                rows.push(write(set, person, agency, truth, chance));
            }
        }
    }
}

/// On which lists a person is; relatives are often found together.
fn agencies(set: &Set, first_of_family: Option<usize>, chance: &mut Chance) -> Vec<usize> {
    let parameters = &set.world.people_set.parameters;
    let lists = set.world.numbers.lists.count(chance).clamp(1, set.agencies.len());
    let mut agencies = Vec::with_capacity(lists);
    if chance.happens(parameters.found_together) {
        agencies.extend(first_of_family);
    }
    while agencies.len() < lists {
        let agency = *set.listing.pick(chance);
        if !agencies.contains(&agency) {
            agencies.push(agency);
        }
    }
    agencies
}

fn people(set: &Set, chance: &mut Chance) -> Vec<TruePerson> {
    let size = set.world.numbers.family_size.count(chance).clamp(1, MOST_PEOPLE as usize);
    let city = set.world.people_set.cities.pick(chance);
    let mut people = vec![head(set, city, chance)];
    while people.len() < size {
        let relative = relative(set, &people[0], city, chance);
        people.push(relative);
    }
    people
}

fn head(set: &Set, city: &'static City, chance: &mut Chance) -> TruePerson {
    let people = &set.world.people;
    let exploitation = *people.exploitation.pick(chance);
    let us = chance.happens(*people.us_share.of(exploitation));
    let country = if us { &people.us } else { &people.other_countries }.pick(chance);
    let names = &set.world.names.heritages[country.heritage];
    let gender = *people.gender.of(exploitation).pick(chance);
    let (first, last) = *people.age_bands.of(exploitation).pick(chance);
    let birth = birth(chance.between(first, last), chance);
    let (surname, between) = surname(set, names, chance);
    let given = given_names(set, names, gender, chance);
    let mut head = TruePerson {
        aliases: aliases(set, names, gender, chance),
        given,
        surname,
        between,
        birth,
        gender,
        country: &country.code,
        stays: Vec::new(),
        phones: Vec::new(),
    };
    settle(set, &mut head, city, chance);
    head
}

fn relative(set: &Set, head: &TruePerson, city: &'static City, chance: &mut Chance) -> TruePerson {
    let (people, parameters) = (&set.world.people, &set.world.people_set.parameters);
    let numbers = &set.world.numbers;
    let country = people.us.items().iter().chain(people.other_countries.items());
    let mut country = country.filter(|country| country.code == head.country);
    // Names of the family's country; the first heritage of it stands for all.
    let heritage = country.next().map_or(0, |country| country.heritage);
    let heritage = if chance.happens(0.5) { heritage } else { people.us.pick(chance).heritage };
    let names = &set.world.names.heritages[heritage];
    let exploitation = *people.exploitation.pick(chance);
    let gender = *people.gender.of(exploitation).pick(chance);
    let relation = relation(set, chance);
    let twin = relation == Relation::Sibling && chance.happens(parameters.twin);
    let years_older = match relation {
        Relation::Sibling if twin => 0,
        Relation::Sibling => numbers.siblings_apart_years.draw(chance),
        Relation::Child => numbers.parent_older_years.draw(chance),
        Relation::OtherRelative | Relation::Partner => numbers.cousin_older_years.draw(chance),
    };
    let years = if chance.happens(0.5) { years_older } else { -years_older };
    let birth = if twin {
        head.birth
    } else {
        let other_day = chance.between(0, DAYS_OF_YEAR - 1);
        let moved = head.birth.saturating_add(years.years()).saturating_add(other_day.days());
        clamped(moved)
    };
    let own = surname(set, names, chance);
    let mut given = given_names(set, names, gender, chance);
    if relation == Relation::Child && chance.happens(parameters.named_after_parent) {
        given.clone_from(&head.given);
    } else if relation != Relation::Partner && chance.happens(parameters.alike_names) {
        alike(set, names, head.given.first(), gender, &mut given, chance);
    }
    let mut one = TruePerson {
        aliases: aliases(set, names, gender, chance),
        given,
        surname: own.0,
        between: own.1,
        birth,
        gender,
        country: head.country,
        stays: Vec::new(),
        phones: Vec::new(),
    };
    take_surname(set, head, relation, &mut one, chance);
    if chance.happens(parameters.lives_with_family) {
        one.stays.clone_from(&head.stays);
    }
    if chance.happens(parameters.phone_of_family) {
        one.phones.clone_from(&head.phones);
    }
    settle(set, &mut one, city, chance);
    one
}

fn relation(set: &Set, chance: &mut Chance) -> Relation {
    let parameters = &set.world.people_set.parameters;
    let mut drawn = chance.unit();
    for (relation, share) in [
        (Relation::Sibling, parameters.relative_sibling),
        (Relation::Child, parameters.relative_child),
        (Relation::OtherRelative, parameters.relative_other),
    ] {
        if drawn < share {
            return relation;
        }
        drawn -= share;
    }
    Relation::Partner
}

fn take_surname(
    set: &Set,
    head: &TruePerson,
    relation: Relation,
    one: &mut TruePerson,
    chance: &mut Chance,
) {
    let parameters = &set.world.people_set.parameters;
    match relation {
        Relation::Sibling => {
            one.surname.clone_from(&head.surname);
            one.between = head.between;
        }
        Relation::Child => {
            // The first surname of the parent; the second is of the other one.
            let second = one.surname.first().cloned();
            one.surname = head.surname.iter().take(1).cloned().collect();
            if head.surname.len() > 1 {
                one.surname.extend(second);
            }
            one.between = head.between;
        }
        Relation::OtherRelative if chance.happens(set.world.parameters.relative_same_surname) => {
            one.surname = head.surname.iter().take(1).cloned().collect();
        }
        Relation::Partner if chance.happens(parameters.surname_of_partner) => {
            one.surname.clone_from(&head.surname);
            one.between = head.between;
        }
        Relation::OtherRelative | Relation::Partner => {}
    }
}

/// Gives an address and phones where there are none yet.
fn settle(set: &Set, person: &mut TruePerson, city: &'static City, chance: &mut Chance) {
    while person.stays.len() < VERSIONS {
        // People move within the city, mostly.
        let cities = &set.world.people_set.cities;
        let city = if chance.happens(0.7) { city } else { cities.pick(chance) };
        person.stays.push(stay(set, city, chance));
    }
    while person.phones.len() < VERSIONS {
        person.phones.push(phone(city, chance));
    }
}

fn birth(age_years: i64, chance: &mut Chance) -> Date {
    let days = chance.between(0, DAYS_OF_YEAR - 1);
    AGES_ON.saturating_sub(days.days()).saturating_sub(age_years.years())
}

/// A birth date of somebody from 9 to 80.
fn clamped(birth: Date) -> Date {
    let (youngest, oldest) = (AGES_ON.year() - 9, AGES_ON.year() - 80);
    let year = birth.year().clamp(oldest, youngest);
    Date::new(year, birth.month(), birth.day().min(28)).unwrap_or(birth)
}
