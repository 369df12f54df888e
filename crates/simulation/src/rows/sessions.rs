//! Rows of `training_sessions.csv`. In: the number of a session. Out: who held it, for whom, how
//! long, and how many came. `people` are those trained for the first time in the reporting year.

use std::borrow::Cow;

use crate::chance::Stream;
use crate::record::Record;
use crate::state::MadeUpState;
use crate::tally::Count;

use super::Made;

pub(super) fn session(state: &MadeUpState, at: u64, made: &mut Made) {
    let chance = &mut state.chance(Stream::Session, at);
    let Some(trainers) = &state.trainers else { return };
    let agency = *trainers.pick(chance);
    let quarter = chance.below(state.calendar.quarters());
    if state.agencies[agency].active_from > quarter {
        return;
    }
    let numbers = &state.world.numbers;
    let people = numbers.session_people.count(chance);
    let seats = people + numbers.session_extra_seats.count(chance);
    let tenths = numbers.session_tenths_of_hours.draw(chance);
    let day = state.day(agency, quarter, 0, chance);
    let area = state.agencies[agency].area.unwrap_or_else(|| *state.areas.pick(chance));
    let cells = vec![
        Cow::Owned(state.numbers(agency, Record::TrainingSession).at(at)),
        Cow::Owned(state.calendar.written(day)),
        Cow::Borrowed(state.world.work.audiences.pick(chance).as_str()),
        Cow::Owned(hours(tenths)),
        Cow::Owned(people.to_string()),
        Cow::Owned(seats.to_string()),
        Cow::Borrowed(state.area(area).county.as_str()),
        Cow::Borrowed(state.world.work.phrase("programme", chance)),
    ];
    made.tally.count(Count::Sessions);
    made.tally.count_many(Count::PeopleTrained, people as u64);
    made.tally.count_many(Count::SeatsTaken, seats as u64);
    made.push(agency, Record::TrainingSession, None, cells);
}

/// Hours with at most one decimal.
fn hours(tenths: i64) -> String {
    match tenths % 10 {
        0 => (tenths / 10).to_string(),
        decimal => format!("{}.{decimal}", tenths / 10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_have_at_most_one_decimal() {
        assert_eq!([hours(20), hours(15), hours(400)], ["2", "1.5", "40"]);
    }
}
