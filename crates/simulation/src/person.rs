//! The hidden population: households and the people in them.
//!
//! In: a state and the number of the household's first person. Out: who lives in it, exploited
//! since when and how. Every household and every person has a stream of chance of their own.
//! Relatives share a household, mostly a type of trafficking, and often a surname.

use crate::calendar::Day;
use crate::chance::{Chance, Stream};
use crate::state::MadeUpState;
use crate::world::{Country, Exploitation};

/// People who are exploited together, most of them alone.
pub(crate) struct Household {
    /// The number of the first person in it, counted from 0.
    pub(crate) head: u64,
    /// A place in the areas of the world.
    pub(crate) area: usize,
    pub(crate) us: bool,
    pub(crate) country: &'static Country,
    /// The day on which the exploitation began; below 0 when before the period.
    pub(crate) began: Day,
    pub(crate) visibility: f64,
    pub(crate) avoids_police: bool,
    pub(crate) people: Vec<Person>,
}

/// One person.
pub(crate) struct Person {
    pub(crate) number: u64,
    pub(crate) exploitation: Exploitation,
    /// A place in the genders of the world.
    pub(crate) gender: usize,
    /// Age in whole years when the exploitation began.
    pub(crate) age_years: i64,
    /// Days since the last birthday then.
    pub(crate) days_since_birthday: i64,
    pub(crate) kin: Kin,
}

/// What a person is to the first one of the household.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kin {
    Head,
    Sibling,
    /// Another relative with the same first surname.
    SameSurname,
    OtherRelative,
}

/// Age at which a person is an adult.
pub(crate) const ADULT_YEARS: i64 = 18;

const DAYS_OF_YEAR: i64 = 365;
const DAYS_OF_QUARTER: i64 = 91;
const YOUNGEST: i64 = 10;

impl Household {
    /// The household whose first person has number `head`; at most `room` people.
    pub(crate) fn make(state: &MadeUpState, head: u64, room: u64) -> Household {
        let (world, chance) = (state.world, &mut state.chance(Stream::Household, head));
        let (parameters, people) = (&world.parameters, &world.people);
        let size = (world.numbers.household_size.draw(chance).max(1) as u64).min(room);
        let area = *state.areas.pick(chance);
        let exploitation = *people.exploitation.pick(chance);
        let us = chance.happens(*people.us_share.of(exploitation));
        let country = if us { &people.us } else { &people.other_countries }.pick(chance);
        let avoids = if us { parameters.avoids_police_us } else { parameters.avoids_police_other };
        let mut household = Household {
            head,
            area,
            us,
            country,
            began: began(state, chance),
            visibility: *people.visibility.pick(chance),
            avoids_police: chance.happens(avoids),
            people: Vec::with_capacity(size as usize),
        };
        for number in head..head + size {
            let person = Person::make(state, &household, number, exploitation, chance);
            household.people.push(person);
        }
        household
    }
}

fn began(state: &MadeUpState, chance: &mut Chance) -> Day {
    if chance.happens(state.world.parameters.started_before) {
        let quarters = state.world.numbers.quarters_before.draw(chance);
        -chance.between((quarters - 1) * DAYS_OF_QUARTER + 1, quarters * DAYS_OF_QUARTER)
    } else {
        chance.between(0, state.calendar.last_day())
    }
}

impl Person {
    fn make(
        state: &MadeUpState,
        household: &Household,
        number: u64,
        usual: Exploitation,
        chance: &mut Chance,
    ) -> Person {
        let (parameters, people) = (&state.world.parameters, &state.world.people);
        let head = household.people.first();
        let same = head.is_none() || chance.happens(parameters.household_same_type);
        let exploitation = if same { usual } else { *people.exploitation.pick(chance) };
        let kin = match head {
            None => Kin::Head,
            Some(_) if chance.happens(parameters.sibling) => Kin::Sibling,
            Some(_) if chance.happens(parameters.relative_same_surname) => Kin::SameSurname,
            Some(_) => Kin::OtherRelative,
        };
        let (first, last) = *people.age_bands.of(exploitation).pick(chance);
        let mut age_years = chance.between(first, last);
        let mut days_since_birthday = chance.between(0, DAYS_OF_YEAR - 1);
        if let (Some(head), Kin::Sibling) = (head, kin) {
            if chance.happens(parameters.twin) {
                (age_years, days_since_birthday) = (head.age_years, head.days_since_birthday);
            } else {
                let apart = state.world.numbers.siblings_apart_years.draw(chance);
                let younger = chance.happens(0.5) && head.age_years - apart >= YOUNGEST;
                age_years = if younger { head.age_years - apart } else { head.age_years + apart };
            }
        }
        let gender = *people.gender.of(exploitation).pick(chance);
        Person { number, exploitation, gender, age_years, days_since_birthday, kin }
    }

    /// Whether the person was under 18 when the exploitation began.
    pub(crate) fn minor(&self) -> bool {
        self.age_years < ADULT_YEARS
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Plan;

    #[test]
    fn siblings_are_close_in_age_and_twins_are_rare() {
        let state = MadeUpState::new(&Plan::default()).unwrap();
        let (mut siblings, mut twins) = (0, 0);
        for head in 0..40_000 {
            let household = Household::make(&state, head, 4);
            let first = &household.people[0];
            for person in household.people.iter().filter(|person| person.kin == Kin::Sibling) {
                siblings += 1;
                assert!((person.age_years - first.age_years).abs() <= 6);
                let births = |p: &Person| (p.age_years, p.days_since_birthday);
                twins += usize::from(births(person) == births(first));
            }
        }
        assert!(siblings > 2_000 && twins > 0 && twins * 15 < siblings, "{twins} of {siblings}");
    }

    #[test]
    fn lists_hide_labor_trafficking_that_is_there() {
        let state = MadeUpState::new(&Plan::default()).unwrap();
        let labor = (0..10_000).filter(|&head| {
            Household::make(&state, head, 1).people[0].exploitation == Exploitation::Labor
        });
        assert!((4_000..4_600).contains(&labor.count()));
    }
}
