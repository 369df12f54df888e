//! Rows of `contacts.csv`. In: the number of a contact with the hotline. Out: who called about
//! what. Callers are not people of the hidden population; nothing links them.

use std::borrow::Cow;

use crate::chance::Stream;
use crate::record::Record;
use crate::state::MadeUpState;
use crate::tally::Count;
use crate::world::Role;

use super::{EMPTY, Made, age_code, when};

const HIGH_INFORMATION: &str = "high_information";

pub(super) fn contact(state: &MadeUpState, at: u64, made: &mut Made) {
    let chance = &mut state.chance(Stream::Contact, at);
    let (parameters, work) = (&state.world.parameters, &state.world.work);
    let quarter = chance.below(state.calendar.quarters());
    let Some(agency) = state.statewide(Role::Hotline, quarter, chance) else { return };
    let high = chance.happens(parameters.contact_high_information);
    let about = high || chance.happens(parameters.contact_about_trafficking);
    let types = work.incident_types.get(if high { "hotline_high_information" } else { "hotline" });
    let trafficking_type = types.map_or("", |types| types.pick(chance).as_str());
    // The age of the person it is about is as often known as the type is.
    let age = age_code(chance.happens(parameters.contact_minor));
    let area = *state.areas.pick(chance);
    let caller = work.first_identifiers.get("hotline").map(|codes| codes.pick(chance).as_str());
    let connected = chance.happens(parameters.contact_connected);
    let noted = chance.happens(parameters.contact_noted);
    let note = if noted { work.phrase("contact_note", chance) } else { "" };
    let day = state.day(agency, quarter, 0, chance);
    let cells = vec![
        Cow::Owned(state.numbers(agency, Record::Contact).at(at)),
        Cow::Owned(state.calendar.written(day)),
        caller.map_or(EMPTY, Cow::Borrowed),
        when(high, HIGH_INFORMATION),
        when(about, trafficking_type),
        when(about, age),
        when(about, &state.area(area).county),
        Cow::Borrowed(if connected { "yes" } else { "no" }),
        Cow::Borrowed(note),
    ];
    made.tally.count(Count::Contacts);
    made.tally.count_many(Count::ContactsHighInformation, u64::from(high));
    made.push(agency, Record::Contact, None, cells);
}
