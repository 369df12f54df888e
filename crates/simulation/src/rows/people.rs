//! A stretch of the hidden population: its households, their ways, and the truth about them.

use crate::path::{PersonPath, path};
use crate::person::Household;
use crate::state::MadeUpState;

use super::{Made, TruePerson, age_code, benefits, justice, origin_code, victims};

pub(super) fn make(state: &MadeUpState, first: u64, end: u64, made: &mut Made) {
    let mut next = first;
    while next < end {
        let household = Household::make(state, next, end - next);
        next += household.people.len() as u64;
        let mut paths: Vec<PersonPath> = Vec::with_capacity(household.people.len());
        for person in &household.people {
            let found = paths.first().and_then(|head| head.police);
            let path = path(state, &household, person, found);
            made.people.push(TruePerson {
                number: person.number,
                trafficking_type: person.exploitation.code(),
                age: age_code(person.minor()),
                origin: origin_code(household.us),
                county: &state.area(household.area).county,
                gender: &state.world.people.genders[person.gender].code,
                first_quarter: state.calendar.quarter_of(household.began).to_string(),
                agencies: agencies_of(&path),
            });
            if !path.registrations.is_empty() || path.letter.is_some() || path.denied.is_some() {
                victims::rows(state, &household, person, &path, made);
                benefits::letters(state, &household, person, &path, made);
            }
            paths.push(path);
        }
        justice::household_incidents(state, &household, &paths, made);
    }
}

fn agencies_of(path: &PersonPath) -> Vec<usize> {
    let mut agencies: Vec<usize> =
        path.registrations.iter().map(|registration| registration.agency).collect();
    agencies.sort_unstable();
    agencies.dedup();
    agencies
}
