//! Who sees a person, when: her way past the agencies.
//!
//! In: a person with her household. Out: her registrations, and whether she was granted or denied
//! letters. Agencies depend on each other: police refer to providers and providers rarely to
//! police, people of other countries are referred to the state programme, and who avoids the
//! police is seen by providers the more. Some are clients since before the period.

use crate::calendar::Day;
use crate::chance::{Chance, Stream};
use crate::person::{Household, Person};
use crate::state::{MadeUpState, REGISTRATIONS};
use crate::world::{Exploitation, Role};

/// One number of one person at one agency, and the quarters in which the agency saw her.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Registration {
    pub(crate) agency: usize,
    /// Which of the agency's own numbers: see [`MadeUpState::numbers`].
    pub(crate) index: u64,
    pub(crate) first: usize,
    /// The quarter after the last.
    pub(crate) end: usize,
    /// The day of the first contact in the period.
    pub(crate) day: Day,
    /// Whether the agency knew the person before the period.
    pub(crate) before: bool,
}

/// A contact with an agency.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seen {
    pub(crate) agency: usize,
    pub(crate) quarter: usize,
    pub(crate) day: Day,
}

/// All that agencies know of a person.
#[derive(Default)]
pub(crate) struct PersonPath {
    pub(crate) registrations: Vec<Registration>,
    /// The identification by police, by which a household may be found together.
    pub(crate) police: Option<Seen>,
    /// A letter of the federal office.
    pub(crate) letter: Option<Seen>,
    /// An application to the state programme that was denied.
    pub(crate) denied: Option<Seen>,
}

/// A person on her way.
struct Walk<'a> {
    state: &'a MadeUpState,
    household: &'a Household,
    exploitation: Exploitation,
    chance: Chance,
}

/// The way of one person; `found` is the contact with police in which her household was found.
pub(crate) fn path(
    state: &MadeUpState,
    household: &Household,
    person: &Person,
    found: Option<Seen>,
) -> PersonPath {
    let chance = state.chance(Stream::Person, person.number);
    let mut walk = Walk { state, household, exploitation: person.exploitation, chance };
    let mut path = PersonPath::default();
    let mut seen = walk.first_contacts();
    if let Some(found) = found
        && seen.police.is_none()
        && walk.chance.happens(state.world.parameters.found_together)
    {
        seen.police = Some(found);
    }
    if seen.is_empty() && household.began >= 0 {
        return path;
    }
    walk.client_before(&mut seen);
    walk.referrals(&mut seen);
    path.police = seen.police;
    for seen in [seen.police, seen.other_police, seen.prosecutor, seen.labor_agency] {
        walk.register(&mut path, person, seen, false, 0.0);
    }
    let again = state.world.parameters.served_next_quarter;
    walk.register(&mut path, person, seen.provider, seen.client_before, again);
    walk.register(&mut path, person, seen.second_provider, false, again);
    if !household.us {
        walk.benefits(&mut path, person);
    }
    path
}

/// First contacts with each kind of agency.
#[derive(Default)]
struct Contacts {
    police: Option<Seen>,
    other_police: Option<Seen>,
    prosecutor: Option<Seen>,
    labor_agency: Option<Seen>,
    provider: Option<Seen>,
    second_provider: Option<Seen>,
    client_before: bool,
}

impl Contacts {
    fn is_empty(&self) -> bool {
        let contacts = [self.police, self.prosecutor, self.labor_agency, self.provider];
        contacts.iter().all(Option::is_none)
    }
}

impl Walk<'_> {
    /// What the person's own situation leads to, quarter by quarter.
    fn first_contacts(&mut self) -> Contacts {
        let (state, household) = (self.state, self.household);
        let (world, exploitation) = (state.world, self.exploitation);
        let (parameters, chances) = (&world.parameters, &world.chances);
        let mut police_factor = household.visibility;
        let mut provider_factor = household.visibility;
        if household.avoids_police {
            police_factor *= parameters.avoider_seen_by_police;
            provider_factor *= parameters.avoider_seen_by_provider;
        }
        let vice = state.vice(household.area);
        let by_police = if vice { &chances.police_vice } else { &chances.police_other };
        let by_police = by_police.of(exploitation) * police_factor;
        let by_prosecutor = chances.prosecutor.of(exploitation) * police_factor;
        let by_labor_agency = chances.labor_agency.of(exploitation) * household.visibility;
        let by_provider = chances.provider.of(exploitation) * provider_factor;
        let mut contacts = Contacts::default();
        for quarter in 0..state.calendar.quarters() {
            if state.calendar.shared_days(quarter, 0).1 < household.began {
                continue;
            }
            let busy = state.activity[quarter];
            let [police, prosecutor, labor_agency, provider] =
                [by_police * busy, by_prosecutor * busy, by_labor_agency, by_provider]
                    .map(|probability| self.chance.happens(probability));
            if police && contacts.police.is_none() {
                contacts.police = self.seen_locally(Role::Police, quarter, 0);
            }
            if prosecutor && contacts.prosecutor.is_none() {
                contacts.prosecutor = self.seen_locally(Role::Prosecutor, quarter, 0);
            }
            if labor_agency && contacts.labor_agency.is_none() {
                contacts.labor_agency = self.seen_statewide(Role::LaborAgency, quarter, 0);
            }
            if provider && contacts.provider.is_none() {
                contacts.provider = self.first_provider(quarter, 0);
            }
        }
        contacts
    }

    fn seen(&mut self, agency: Option<usize>, quarter: usize, not_before: Day) -> Option<Seen> {
        let agency = agency?;
        let not_before = not_before.max(self.household.began);
        let day = self.state.day(agency, quarter, not_before, &mut self.chance);
        Some(Seen { agency, quarter, day })
    }

    fn seen_locally(&mut self, role: Role, quarter: usize, not_before: Day) -> Option<Seen> {
        let agency = self.state.local(role, self.household.area, quarter, &mut self.chance);
        self.seen(agency, quarter, not_before)
    }

    fn seen_statewide(&mut self, role: Role, quarter: usize, not_before: Day) -> Option<Seen> {
        let agency = self.state.statewide(role, quarter, &mut self.chance);
        self.seen(agency, quarter, not_before)
    }

    /// The provider to which a person comes first: mostly the shelter of the area.
    fn first_provider(&mut self, quarter: usize, not_before: Day) -> Option<Seen> {
        let chances = &self.state.world.chances;
        if self.chance.happens(*chances.labor_provider_first.of(self.exploitation))
            && let Some(seen) = self.seen_statewide(Role::LaborProvider, quarter, not_before)
        {
            return Some(seen);
        }
        if self.chance.happens(*chances.legal_aid_first.of(self.exploitation))
            && let Some(seen) = self.seen_statewide(Role::LegalAid, quarter, not_before)
        {
            return Some(seen);
        }
        self.seen_locally(Role::Shelter, quarter, not_before)
    }

    /// A client since before the period, who comes again in its first quarter.
    fn client_before(&mut self, contacts: &mut Contacts) {
        let client = *self.state.world.chances.client_before.of(self.exploitation);
        if self.household.began < 0 && self.chance.happens(client) {
            let seen = self.first_provider(0, 0);
            if seen.is_some() {
                (contacts.provider, contacts.client_before) = (seen, true);
            }
        }
    }

    /// The quarter and first day of a referral, inside the period.
    fn referred(&mut self, by: Option<Seen>, chance: f64) -> Option<(usize, Day)> {
        let by = by?;
        if !self.chance.happens(chance) {
            return None;
        }
        let delay = self.state.world.numbers.referral_delay_quarters.count(&mut self.chance);
        let quarter = by.quarter + delay;
        (quarter < self.state.calendar.quarters()).then_some((quarter, by.day))
    }

    fn referrals(&mut self, contacts: &mut Contacts) {
        let (chances, exploitation) = (&self.state.world.chances, self.exploitation);
        for (by, chance) in [
            (contacts.police, &chances.police_to_provider),
            (contacts.labor_agency, &chances.labor_agency_to_provider),
        ] {
            let referred = self.referred(by, *chance.of(exploitation));
            let sooner = |seen: Seen, (quarter, _): (usize, Day)| quarter < seen.quarter;
            if let Some((quarter, day)) = referred
                && contacts.provider.is_none_or(|seen| sooner(seen, (quarter, day)))
                && let Some(seen) = self.first_provider(quarter, day)
            {
                contacts.provider = Some(seen);
            }
        }
        if contacts.police.is_none() && !self.household.avoids_police {
            let chance = *chances.provider_to_police.of(exploitation);
            if let Some((quarter, day)) = self.referred(contacts.provider, chance) {
                contacts.police = self.seen_locally(Role::Police, quarter, day);
            }
        }
        if contacts.prosecutor.is_none() {
            let chance = *chances.police_to_prosecutor.of(exploitation);
            if let Some((quarter, day)) = self.referred(contacts.police, chance) {
                contacts.prosecutor = self.seen_locally(Role::Prosecutor, quarter, day);
            }
        }
        let chance = *chances.police_to_other_police.of(exploitation);
        if let Some((quarter, day)) = self.referred(contacts.police, chance) {
            let area = *self.state.areas.pick(&mut self.chance);
            if area != self.household.area {
                let agency = self.state.local(Role::Police, area, quarter, &mut self.chance);
                contacts.other_police = self.seen(agency, quarter, day);
            }
        }
        self.second_provider(contacts);
    }

    fn second_provider(&mut self, contacts: &mut Contacts) {
        let chances = &self.state.world.chances;
        let us = self.household.us;
        let chance =
            if us { &chances.provider_to_second_us } else { &chances.provider_to_second_other };
        let chance = *chance.of(self.exploitation);
        let Some((quarter, day)) = self.referred(contacts.provider, chance) else { return };
        let first = contacts.provider.map(|seen| seen.agency);
        let mut second = self.seen_statewide(Role::LegalAid, quarter, day);
        if second.is_none() || second.map(|seen| seen.agency) == first {
            second = self.seen_locally(Role::Shelter, quarter, day);
        }
        contacts.second_provider = second.filter(|seen| Some(seen.agency) != first);
    }

    /// Writes a contact down as a registration, and seldom as two.
    fn register(
        &mut self,
        path: &mut PersonPath,
        person: &Person,
        seen: Option<Seen>,
        before: bool,
        next_quarter: f64,
    ) {
        let Some(Seen { agency, quarter, day }) = seen else { return };
        let mut end = quarter + 1;
        while end < self.state.calendar.quarters() && self.chance.happens(next_quarter) {
            end += 1;
        }
        let index = person.number * REGISTRATIONS;
        let first = Registration { agency, index, first: quarter, end, day, before };
        path.registrations.push(first);
        if self.chance.happens(self.state.world.parameters.duplicate_registration) {
            let quarter = quarter + self.chance.below(end - quarter);
            let day = self.state.day(agency, quarter, day, &mut self.chance);
            let again =
                Registration { index: index + 1, first: quarter, day, before: false, ..first };
            path.registrations.push(again);
        }
    }

    /// The state programme and letters, for people of other countries.
    fn benefits(&mut self, path: &mut PersonPath, person: &Person) {
        let (chances, exploitation) = (&self.state.world.chances, self.exploitation);
        let seen = path.registrations.iter().min_by_key(|registration| registration.day);
        let seen =
            seen.map(|seen| Seen { agency: seen.agency, quarter: seen.first, day: seen.day });
        let again = self.state.world.parameters.benefit_next_quarter;
        let before = self.household.began < 0
            && self.chance.happens(*chances.programme_before.of(exploitation));
        let granted = if before {
            self.seen_statewide(Role::StateProgramme, 0, 0)
        } else {
            let referred = self.referred(seen, *chances.listed_to_programme.of(exploitation));
            referred
                .and_then(|(quarter, day)| self.seen_statewide(Role::StateProgramme, quarter, day))
        };
        self.register(path, person, granted, before, again);
        if granted.is_none()
            && let Some((quarter, day)) =
                self.referred(seen, *chances.programme_denied.of(exploitation))
        {
            path.denied = self.seen_statewide(Role::StateProgramme, quarter, day);
        }
        let chance = *chances.listed_to_letter.of(exploitation);
        if let Some((quarter, day)) = self.referred(seen.or(granted), chance) {
            path.letter = self.seen_statewide(Role::FederalOffice, quarter, day);
        }
    }
}
