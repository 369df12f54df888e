//! Rows of `incidents.csv`, `arrests.csv`, `charges.csv`, `dispositions.csv` and `orders.csv`.
//!
//! In: a household that police, prosecutors or the labor agency found, or the number of an incident
//! in which nobody was found. Out: the incident and all that follows from it inside the period. A
//! charge names the arrest only when both are the same agency's.

use std::borrow::Cow;

use jiff::civil::Date;

use crate::calendar::Day;
use crate::chance::{Chance, Stream, Weighted};
use crate::path::PersonPath;
use crate::person::{Household, Person};
use crate::record::Record;
use crate::state::{ARRESTS, MadeUpState, REGISTRATIONS, VICE};
use crate::tally::Count;
use crate::world::{Exploitation, Role, Section, StatuteRow};

use super::registered::own_word_for;
use super::victims::IDENTIFIED;
use super::{EMPTY, Made, age_code};

/// An incident before its rows are written.
struct Incident {
    agency: usize,
    area: usize,
    /// Unique in the state, so that an agency's own numbers are.
    index: u64,
    day: Day,
    trafficking_type: &'static str,
    victims: usize,
    /// A victim who was arrested in it under a section for the person sold.
    sold: Option<u64>,
}

/// An arrest as what follows from it needs it.
#[derive(Clone)]
struct Arrest {
    index: u64,
    reference: String,
    offense: Date,
    statute: &'static StatuteRow,
    person: Option<u64>,
}

const VACATED: &str = "vacated";
const CONVICTED: &str = "convicted";

/// The incidents in which a household was found: one for each agency and quarter.
pub(super) fn household_incidents(
    state: &MadeUpState,
    household: &Household,
    paths: &[PersonPath],
    made: &mut Made,
) {
    let mut incidents: Vec<(usize, Incident)> = Vec::new();
    for (person, path) in household.people.iter().zip(paths) {
        for registration in &path.registrations {
            let (agency, first) = (registration.agency, registration.index % REGISTRATIONS == 0);
            if !first || state.agencies[agency].counted_as != IDENTIFIED {
                continue;
            }
            let known = incidents.iter_mut().find(|(quarter, incident)| {
                (*quarter, incident.agency) == (registration.first, agency)
            });
            if let Some((_, incident)) = known {
                incident.victims += 1;
                incident.day = incident.day.min(registration.day);
                continue;
            }
            let incident = Incident {
                agency,
                area: state.agencies[agency].area.unwrap_or(household.area),
                index: 2 * person.number,
                day: registration.day,
                trafficking_type: person.exploitation.code(),
                victims: 1,
                sold: None,
            };
            incidents.push((registration.first, incident));
        }
    }
    if incidents.is_empty() {
        return;
    }
    let chance = &mut state.chance(Stream::HouseholdIncident, household.head);
    for (_, mut incident) in incidents {
        let arrested = chance.happens(state.world.parameters.victim_arrested);
        if chance.happens(state.world.parameters.incident_opened) {
            let sold = household.people.iter().find(|person| sold(person, &incident));
            incident.sold = sold.filter(|_| arrested).map(|person| person.number);
            write(state, &incident, chance, made);
        }
    }
}

/// Whether a person is the one from whom an incident has its number, and was sold.
fn sold(person: &Person, incident: &Incident) -> bool {
    2 * person.number == incident.index && person.exploitation != Exploitation::Labor
}

/// An incident in which nobody was found to be a victim.
pub(super) fn incident_without_victim(state: &MadeUpState, at: u64, made: &mut Made) {
    let chance = &mut state.chance(Stream::Incident, at);
    let area = *state.areas.pick(chance);
    let Some(quarter) = busy_quarter(state, chance) else { return };
    let prosecutor = chance.happens(state.world.parameters.incident_at_prosecutor);
    let prosecutor =
        if prosecutor { state.local(Role::Prosecutor, area, quarter, chance) } else { None };
    let agency = prosecutor.or_else(|| state.local(Role::Police, area, quarter, chance));
    let Some(agency) = agency else { return };
    let unit = if state.agencies[agency].unit_kind == VICE { VICE } else { "other" };
    let Some(types) = state.world.work.incident_types.get(unit) else { return };
    let incident = Incident {
        agency,
        area,
        index: 2 * at + 1,
        day: state.day(agency, quarter, 0, chance),
        trafficking_type: types.pick(chance),
        victims: 0,
        sold: None,
    };
    write(state, &incident, chance, made);
}

/// A quarter, the likelier the busier it is.
fn busy_quarter(state: &MadeUpState, chance: &mut Chance) -> Option<usize> {
    let quarters = Weighted::new(state.activity.iter().copied().enumerate())?;
    Some(*quarters.pick(chance))
}

/// An incident while its rows are written.
struct Case<'a> {
    state: &'a MadeUpState,
    incident: &'a Incident,
    reference: String,
    county: &'static str,
    exploitation: Exploitation,
    chance: &'a mut Chance,
    made: &'a mut Made,
}

fn write(state: &MadeUpState, incident: &Incident, chance: &mut Chance, made: &mut Made) {
    let agency = &state.agencies[incident.agency];
    let labor = incident.trafficking_type == Exploitation::Labor.code();
    let mut case = Case {
        state,
        incident,
        reference: state.numbers(incident.agency, Record::Incident).at(incident.index),
        county: agency.county.unwrap_or(&state.area(incident.area).county),
        exploitation: if labor { Exploitation::Labor } else { Exploitation::Sex },
        chance,
        made,
    };
    case.incident_row();
    if !agency.keeps.contains(&Record::Arrest) {
        return;
    }
    let arrests = state.world.numbers.arrests_in_incident.draw(case.chance) as u64;
    let section = if labor { Section::Labor } else { Section::Sex };
    for at in 0..arrests.min(ARRESTS - 1) {
        case.arrest(at, section);
    }
    if incident.sold.is_some() {
        case.arrest(ARRESTS - 1, Section::PersonSold);
    }
}

impl Case<'_> {
    fn incident_row(&mut self) {
        let (state, incident) = (self.state, self.incident);
        let (parameters, numbers) = (&state.world.parameters, &state.world.numbers);
        let unit_kind = state.agencies[incident.agency].unit_kind;
        let closed = later(incident.day, numbers.days_to_close.draw(self.chance), state);
        let closed = closed.filter(|_| self.chance.happens(parameters.incident_closed));
        let own_word = self.chance.happens(parameters.own_word);
        let own_word =
            if own_word { own_word_for(state, self.exploitation, self.chance) } else { "" };
        let sector = state.world.work.sectors.of(self.exploitation).pick(self.chance);
        let cells = vec![
            Cow::Owned(self.reference.clone()),
            Cow::Owned(state.calendar.written(incident.day)),
            closed.map_or(EMPTY, |day| Cow::Owned(state.calendar.written(day))),
            Cow::Borrowed(incident.trafficking_type),
            Cow::Borrowed(self.county),
            Cow::Borrowed(sector.as_str()),
            Cow::Borrowed(unit_kind),
            Cow::Owned(incident.victims.to_string()),
            Cow::Borrowed(own_word),
        ];
        self.made.push(incident.agency, Record::Incident, None, cells);
        count_incident(incident, unit_kind == VICE, self.made);
    }

    fn arrest(&mut self, at: u64, section: Section) {
        let (state, incident) = (self.state, self.incident);
        let offense = incident.day - state.world.numbers.days_from_offense.draw(self.chance);
        let offense_date = state.calendar.date(offense);
        let Some(statute) = state.world.work.statute(section, offense_date, self.chance) else {
            return;
        };
        let index = incident.index * ARRESTS + at;
        let reference = state.numbers(incident.agency, Record::Arrest).at(index);
        let minor = self.chance.happens(state.world.parameters.arrested_minor);
        let sold = section == Section::PersonSold;
        let cells = vec![
            Cow::Owned(reference.clone()),
            Cow::Owned(self.reference.clone()),
            Cow::Owned(state.calendar.written(incident.day)),
            Cow::Borrowed(statute.section.as_str()),
            Cow::Owned(offense_date.to_string()),
            Cow::Borrowed(statute.conduct.as_str()),
            Cow::Borrowed(age_code(minor)),
            Cow::Borrowed(self.county),
            Cow::Borrowed(state.agencies[incident.agency].unit_kind),
        ];
        let person = incident.sold.filter(|_| sold);
        self.made.push(incident.agency, Record::Arrest, person, cells);
        self.made.tally.count(Count::Arrests);
        self.made.tally.count_many(Count::ArrestsOfPeopleSold, u64::from(sold));
        let arrest = Arrest { index, reference, offense: offense_date, statute, person };
        if sold && self.chance.happens(state.world.parameters.arrest_order) {
            let order = state.world.work.phrase("arrest_order", self.chance);
            self.order(incident.agency, &arrest, Record::Arrest, order, incident.day);
        }
        if self.chance.happens(state.world.parameters.charge_filed) {
            self.charge(&arrest);
        }
    }

    /// A charge at the prosecutor of the area, where there is one.
    fn charge(&mut self, arrest: &Arrest) {
        let (state, incident) = (self.state, self.incident);
        let delay = state.world.numbers.days_to_charge.draw(self.chance);
        let Some(day) = later(incident.day, delay, state) else { return };
        let here = Some(incident.agency).filter(|at| state.agencies[*at].role == Role::Prosecutor);
        let quarter = state.calendar.quarters() - 1;
        let Some(prosecutor) =
            here.or_else(|| state.local(Role::Prosecutor, incident.area, quarter, self.chance))
        else {
            return;
        };
        // The same incident may be known to the police and to the prosecutor, each with its number.
        let index = arrest.index * 2 + u64::from(here.is_some());
        let reference = state.numbers(prosecutor, Record::Charge).at(index);
        let arrest_reference =
            if here.is_some() { arrest.reference.clone() } else { String::new() };
        let county = state.agencies[prosecutor].county.unwrap_or(self.county);
        let cells = vec![
            Cow::Owned(reference.clone()),
            Cow::Owned(arrest_reference),
            Cow::Owned(state.calendar.written(day)),
            Cow::Borrowed(arrest.statute.section.as_str()),
            Cow::Owned(arrest.offense.to_string()),
            Cow::Borrowed(arrest.statute.conduct.as_str()),
            Cow::Borrowed(county),
        ];
        self.made.push(prosecutor, Record::Charge, arrest.person, cells);
        self.made.tally.count(Count::Charges);
        if self.chance.happens(state.world.parameters.disposition_reached) {
            self.disposition(arrest, prosecutor, index, reference, day);
        }
    }

    fn disposition(
        &mut self,
        arrest: &Arrest,
        prosecutor: usize,
        index: u64,
        charge: String,
        charged_on: Day,
    ) {
        let state = self.state;
        let (parameters, numbers) = (&state.world.parameters, &state.world.numbers);
        let delay = numbers.days_to_disposition.draw(self.chance);
        let Some(day) = later(charged_on, delay, state) else { return };
        // A person sold whose case ends in a conviction may have it vacated (Penal Code 236.14).
        let vacated = arrest.person.is_some() && self.chance.happens(parameters.arrest_order);
        let outcome = state.world.work.outcomes.pick(self.chance).as_str();
        let outcome = if vacated { VACATED } else { outcome };
        let convicted = outcome.starts_with(CONVICTED);
        let restitution = convicted && self.chance.happens(parameters.restitution_ordered);
        let restitution = restitution.then(|| numbers.restitution_dollars.draw(self.chance));
        let reference = state.numbers(prosecutor, Record::Disposition).at(index);
        let cells = vec![
            Cow::Owned(reference.clone()),
            Cow::Owned(charge),
            Cow::Owned(state.calendar.written(day)),
            Cow::Borrowed(outcome),
            Cow::Borrowed(arrest.statute.section.as_str()),
            Cow::Owned(arrest.offense.to_string()),
            Cow::Borrowed(arrest.statute.conduct.as_str()),
            Cow::Borrowed(state.agencies[prosecutor].county.unwrap_or(self.county)),
            restitution.map_or(EMPTY, |dollars| Cow::Owned(dollars.to_string())),
        ];
        self.made.push(prosecutor, Record::Disposition, arrest.person, cells);
        self.made.tally.count(Count::Dispositions);
        self.made.tally.count_many(Count::Convictions, u64::from(convicted));
        if vacated {
            let ended = Arrest { reference, ..arrest.clone() };
            self.order(prosecutor, &ended, Record::Disposition, "vacatur", day);
        }
    }

    fn order(
        &mut self,
        agency: usize,
        about: &Arrest,
        record: Record,
        order: &'static str,
        day: Day,
    ) {
        let state = self.state;
        let last = state.calendar.last_day();
        let authority = state.world.work.phrase("authority", self.chance);
        let cells = vec![
            Cow::Borrowed(record.word()),
            Cow::Owned(about.reference.clone()),
            Cow::Borrowed(order),
            Cow::Borrowed(authority),
            Cow::Owned(state.calendar.written(self.chance.between(day, last))),
        ];
        self.made.push(agency, Record::Order, about.person, cells);
    }
}

/// A later day, if it is still in the period.
fn later(day: Day, days_later: i64, state: &MadeUpState) -> Option<Day> {
    Some(day + days_later).filter(|day| *day <= state.calendar.last_day())
}

fn count_incident(incident: &Incident, vice: bool, made: &mut Made) {
    let sex = u64::from(incident.trafficking_type == Exploitation::Sex.code());
    let (all, of_sex) = if vice {
        (Count::ViceIncidents, Count::ViceSexIncidents)
    } else {
        (Count::OtherIncidents, Count::OtherSexIncidents)
    };
    made.tally.count(Count::Incidents);
    made.tally.count_many(Count::IncidentsWithVictims, u64::from(incident.victims > 0));
    made.tally.count(all);
    made.tally.count_many(of_sex, sex);
}
