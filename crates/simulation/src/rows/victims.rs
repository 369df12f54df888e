//! Rows of `victims.csv`: one for each registration and quarter.
//!
//! In: a person and her registrations. Out: the rows, those of her services and releases with
//! them, and what is counted about her. Within one registration the cells stay the same, but for
//! rare corrections of the identity.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::chance::{Chance, Stream};
use crate::identity::{Identity, LinkageKey};
use crate::path::PersonPath;
use crate::person::{Household, Person};
use crate::record::Record;
use crate::state::{MadeUpState, REGISTRATIONS};
use crate::tally::{Count, one_more};

use super::Made;
use super::registered::{About, Registered};

/// The counted units of victims, in the words of the register.
pub(super) const IDENTIFIED: &str = "victim_identified";
const SERVED: &str = "victim_served";
const RECIPIENT: &str = "benefit_recipient";

/// Streams of chance of one registration index have room for this many agencies.
const AGENCIES: u64 = 4_096;

pub(super) fn rows(
    state: &MadeUpState,
    household: &Household,
    person: &Person,
    path: &PersonPath,
    made: &mut Made,
) {
    if path.registrations.is_empty() {
        return;
    }
    let identity = Identity::of(state, household, person);
    let about = About { state, household, person, identity };
    let mut keys: Vec<(usize, Option<LinkageKey>)> = Vec::with_capacity(path.registrations.len());
    let mut counted = BTreeSet::new();
    for registration in &path.registrations {
        let agency = &state.agencies[registration.agency];
        let Some(profile) = agency.profile else { continue };
        let stream = registration.index * AGENCIES + registration.agency as u64;
        let chance = &mut state.chance(Stream::Record, stream);
        let corruptions = &mut made.tally.corruptions;
        let registered = about.registered(registration, profile, chance, corruptions);
        about.quarter_rows(&registered, chance, made);
        let disclosed = match agency.mode(Record::Victim) {
            "encoded" => true,
            "with_release" => about.release(&registered, chance, made),
            _ => false,
        };
        made.tally.count_many(Count::TotalsOnly, u64::from(!disclosed));
        let duplicate = registration.index % REGISTRATIONS != 0;
        made.tally.count_many(Count::Duplicates, u64::from(duplicate));
        one_more(&mut made.tally.records, agency.counted_as);
        counted.insert(agency.counted_as);
        if agency.counted_as == SERVED {
            about.count_served(&registered, made);
        }
        keys.push((registration.agency, registered.identity.key));
    }
    made.tally.people_listed += 1;
    let both = counted.contains(SERVED) && path.police.is_some();
    made.tally.count_many(Count::ServedAndIdentified, u64::from(both));
    counted.into_iter().for_each(|unit| one_more(&mut made.tally.people, unit));
    count_recipient(state, path, made);
    count_pairs(&keys, made);
}

/// A recipient counts once in each reporting year.
fn count_recipient(state: &MadeUpState, path: &PersonPath, made: &mut Made) {
    let registrations = path.registrations.iter();
    let years: BTreeSet<i16> = registrations
        .filter(|registration| state.agencies[registration.agency].counted_as == RECIPIENT)
        .flat_map(|registration| registration.first..registration.end)
        .map(|quarter| state.calendar.reporting_year(quarter))
        .collect();
    years.into_iter().for_each(|year| one_more(&mut made.tally.recipients, year));
}

/// Pairs of registrations at two agencies, and how many agree on the linkage key.
fn count_pairs(keys: &[(usize, Option<LinkageKey>)], made: &mut Made) {
    for (at, (agency, key)) in keys.iter().enumerate() {
        made.tally.count_many(Count::WithoutKey, u64::from(key.is_none()));
        for (other_agency, other) in &keys[at + 1..] {
            if agency != other_agency {
                made.tally.count(Count::Pairs);
                let with_keys = key.is_some() && other.is_some();
                made.tally.count_many(Count::PairsWithKeys, u64::from(with_keys));
                let agree = with_keys && key == other;
                made.tally.count_many(Count::PairsAgreeing, u64::from(agree));
            }
        }
    }
}

impl About<'_> {
    fn count_served(&self, registered: &Registered<'_>, made: &mut Made) {
        one_more(&mut made.tally.served_types, registered.trafficking_type);
        if !registered.origin.is_empty() {
            let (us, other) = (Count::ServedFromUs, Count::ServedFromOtherCountries);
            made.tally.count(if self.household.us { us } else { other });
        }
    }

    fn quarter_rows(&self, registered: &Registered<'_>, chance: &mut Chance, made: &mut Made) {
        let (state, registration) = (self.state, registered.registration);
        let agency = &state.agencies[registered.agency];
        let mut recorded = registered.identity.clone();
        let mut counted_year = None;
        for quarter in registration.first..registration.end {
            let first = quarter == registration.first;
            let mut day = registration.day;
            if !first {
                day = state.day(registered.agency, quarter, 0, chance);
                if chance.happens(state.world.parameters.identity_corrected) {
                    recorded = self.identity.faithful(state);
                }
            }
            let year = state.calendar.reporting_year(quarter);
            let status = match agency.counted_as {
                IDENTIFIED => registered.status_when_identified,
                SERVED if counted_year == Some(year) => "continuing",
                SERVED if first && !registration.before => "new",
                SERVED => "carried_over",
                _ => "",
            };
            counted_year = Some(year);
            let birth_date = recorded.birth_date.map(|birth| birth.to_string());
            let cells = vec![
                Cow::Owned(registered.reference.clone()),
                Cow::Owned(recorded.given_name.clone()),
                Cow::Owned(recorded.surname.clone()),
                Cow::Owned(recorded.other_names.clone()),
                Cow::Owned(birth_date.unwrap_or_default()),
                registered.phone.clone(),
                registered.postcode.clone(),
                registered.country.clone(),
                Cow::Borrowed(recorded.gender),
                Cow::Borrowed(agency.counted_as),
                Cow::Owned(state.calendar.written(day)),
                Cow::Borrowed(status),
                Cow::Borrowed(registered.trafficking_type),
                Cow::Borrowed(registered.age),
                Cow::Borrowed(registered.origin),
                Cow::Borrowed(registered.county),
                registered.sector.clone(),
                registered.means.clone(),
                registered.identified_by.clone(),
                Cow::Borrowed(registered.unit_kind),
                Cow::Borrowed(registered.own_word),
            ];
            made.push(registered.agency, Record::Victim, Some(self.person.number), cells);
            self.services(registered, (quarter, day), chance, made);
        }
    }
}
