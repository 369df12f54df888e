//! Rows of `services.csv` and `releases.csv`: what providers keep of their clients.
//!
//! In: a registration at a provider. Out: the kinds of help of each quarter, and the release, if
//! the client signed one. About one in five signs none; some releases end or are taken back.

use std::borrow::Cow;

use jiff::ToSpan;

use crate::agency::CLEARINGHOUSE;
use crate::calendar::Day;
use crate::chance::Chance;
use crate::record::Record;
use crate::state::SERVICES;
use crate::tally::Count;

use super::registered::{About, Registered};
use super::{EMPTY, Made};

/// What for a release is given.
const PURPOSE: &str = "statistics";

impl About<'_> {
    /// The kinds of help in a quarter, from the day of the first contact in it.
    pub(super) fn services(
        &self,
        registered: &Registered<'_>,
        (quarter, day): (usize, Day),
        chance: &mut Chance,
        made: &mut Made,
    ) {
        let (state, agency) = (self.state, registered.agency);
        let Some(kinds) = state.world.work.services.get(&state.agencies[agency].role) else {
            return;
        };
        let numbers = state.numbers(agency, Record::Service);
        let quarters = state.plan.quarters as u64;
        let in_quarter = registered.registration.index * quarters + quarter as u64;
        let wanted = state.world.numbers.services_in_quarter.count(chance);
        let mut given: Vec<u64> = Vec::with_capacity(wanted);
        for _ in 0..wanted {
            let (kind, service) = kinds.pick(chance);
            if given.contains(kind) {
                continue;
            }
            given.push(*kind);
            let on = state.day(agency, quarter, day, chance);
            let cells = vec![
                Cow::Owned(numbers.at(in_quarter * SERVICES + kind)),
                Cow::Owned(registered.reference.clone()),
                Cow::Owned(state.calendar.written(on)),
                Cow::Borrowed(service.as_str()),
                Cow::Borrowed(registered.trafficking_type),
                Cow::Borrowed(registered.age),
                Cow::Borrowed(registered.county),
            ];
            made.tally.count(Count::Services);
            made.push(agency, Record::Service, Some(self.person.number), cells);
        }
    }

    /// A client's release, if she signs one; whether it holds at the end of the period.
    pub(super) fn release(
        &self,
        registered: &Registered<'_>,
        chance: &mut Chance,
        made: &mut Made,
    ) -> bool {
        let (state, parameters) = (self.state, &self.state.world.parameters);
        if !chance.happens(parameters.release_signed) {
            return false;
        }
        let last = state.calendar.last_day();
        let months = state.world.numbers.release_months.draw(chance);
        let signed_on = registered.registration.day;
        let expires_on = state.calendar.date(signed_on).saturating_add(months.months());
        let revoked = chance.happens(parameters.release_revoked);
        let revoked_on = revoked.then(|| chance.between(signed_on, last));
        let cells = vec![
            Cow::Owned(registered.reference.clone()),
            Cow::Borrowed(CLEARINGHOUSE),
            Cow::Borrowed(PURPOSE),
            Cow::Owned(state.calendar.written(signed_on)),
            Cow::Owned(expires_on.to_string()),
            revoked_on.map_or(EMPTY, |day| Cow::Owned(state.calendar.written(day))),
        ];
        made.push(registered.agency, Record::Release, Some(self.person.number), cells);
        !revoked && expires_on >= state.calendar.date(last)
    }
}
