//! Trainings of a quarter: day, hours, whom, how many came. No names.
//!
//! In: the session rows of a draft. Out: what they add up to. Seats are all who came, added up; people are
//! those who came for the first time in the reporting year, which only who counts them at the door knows.

use super::Draft;
use super::form::Form;

/// The counted unit of trainings.
pub(super) const MEASURE: &str = "individual_trained";

/// What is said of a session.
pub(super) const SESSION_COLUMNS: [&str; 5] =
    ["date", "hours", "audience", "attended", "first_time"];

/// A session as it was typed.
#[derive(Clone, PartialEq, Eq)]
pub struct Session {
    /// Its name in the draft: `session.1`.
    pub row: String,
    /// The day.
    pub date: String,
    /// How long it was.
    pub hours: String,
    /// The code of whom it was for.
    pub audience: String,
    /// How many came to its end.
    pub attended: String,
    /// How many of them for the first time in the reporting year.
    pub first_time: String,
}

/// The sessions of a draft, in order.
pub fn sessions(draft: &Draft) -> Vec<Session> {
    let read = |row: String| {
        let get = |column| draft.get(&row, column).to_owned();
        let [date, hours, audience, attended, first_time] = SESSION_COLUMNS.map(get);
        Session { row, date, hours, audience, attended, first_time }
    };
    draft.numbered("session").into_iter().map(read).collect()
}

/// A count of people as it was typed, with commas or without.
pub(super) fn count(typed: &str) -> Option<i64> {
    records::Answer::read(typed, records::Unit::Count).ok()?.as_count()
}

/// What the sessions add up to in a row of the form; nothing where the row is no sum of theirs, and no
/// number until each of them has one.
pub(super) fn sum_of(draft: &Draft, form: &Form, row: &str) -> Option<String> {
    let status = row.strip_prefix(MEASURE)?.strip_prefix('.')?;
    let sessions = sessions(draft);
    if sessions.is_empty() || form.row(row).is_none() {
        return None;
    }
    let typed = |session: &Session| match status {
        "seat" => count(&session.attended),
        _ => count(&session.first_time),
    };
    let sum = sessions.iter().map(typed).try_fold(0i64, |sum, one| sum.checked_add(one?));
    Some(sum.map(|sum| sum.to_string()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use records::register::Register;

    use super::*;

    #[test]
    fn seats_and_people_are_added_up_apart() {
        let form = Form::of(Register::embedded()).unwrap();
        let mut draft = Draft::default();
        draft.set(&form, "individual_trained.seat-value", "typed");
        assert_eq!(draft.value(&form, "individual_trained.seat"), "typed");
        for (name, typed) in [
            ("session.2-attended", "1,020"),
            ("session.2-first_time", "0"),
            ("session.10-attended", "24"),
            ("session.10-first_time", "20"),
        ] {
            draft.set(&form, name, typed);
        }
        let rows: Vec<String> = sessions(&draft).into_iter().map(|one| one.row).collect();
        assert_eq!(rows, ["session.2", "session.10"]);
        assert_eq!(draft.next_number("session"), 11);
        assert_eq!(draft.value(&form, "individual_trained.seat"), "1044");
        assert_eq!(draft.value(&form, "individual_trained.person"), "20");
        draft.set(&form, "session.10-first_time", "some");
        assert_eq!(draft.value(&form, "individual_trained.person"), "", "not known yet");
        draft.set(&form, "victim_served.shelter-value", "3");
        assert_eq!(draft.value(&form, "victim_served.shelter"), "3");
    }
}
