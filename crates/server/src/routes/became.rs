//! What became of a quarter's return, in the same words on every page that says it.
//!
//! In: the last filing of an agency and quarter, or where the agency stands with it; on the agency's own
//! pages also its draft and its figures. Out: a [`State`], the key of its words, the key of what is next.

use store::{Filing, FilingState, Lateness};

/// What became of a quarter's return.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// Nothing was signed, and of the agency itself: nothing was typed.
    NotSent,
    /// Something was typed.
    Draft,
    /// Signed, and the collector has not answered.
    Waiting,
    /// It came by mail, and the commander has not said that it is the agency's.
    ToConfirm,
    /// Given back with a question.
    GivenBack,
    /// It stands.
    Accepted,
}

impl State {
    /// By what was signed, and whether it came by mail and waits for its agency.
    fn signed(state: Option<FilingState>, awaits_its_agency: bool) -> State {
        match state {
            None => State::NotSent,
            Some(FilingState::Waiting) if awaits_its_agency => State::ToConfirm,
            Some(FilingState::Waiting) => State::Waiting,
            Some(FilingState::Returned) => State::GivenBack,
            Some(FilingState::Accepted) => State::Accepted,
        }
    }

    /// Of one filing.
    pub(crate) fn of_filing(filing: &Filing) -> State {
        State::signed(Some(filing.state), filing.awaits_its_agency())
    }

    /// Of a quarter of any agency, whose drafts are not seen.
    pub(crate) fn of_lateness(late: &Lateness) -> State {
        State::signed(late.state, late.awaits_its_agency)
    }

    /// Of a quarter of one's own agency: by the last filing, whether there is a draft, and whether figures of
    /// the quarter stand.
    pub(crate) fn of(filing: Option<&Filing>, draft: bool, stands: bool) -> State {
        match filing.map_or(State::NotSent, State::of_filing) {
            state if state.waits() => state,
            _ if draft => State::Draft,
            State::NotSent if stands => State::Accepted,
            state => state,
        }
    }

    /// The key of its words.
    pub(crate) fn key(self) -> &'static str {
        match self {
            State::NotSent => "filing-state-none",
            State::Draft => "filing-state-draft",
            State::Waiting => "filing-state-waiting",
            State::ToConfirm => "filing-state-unconfirmed",
            State::GivenBack => "filing-state-returned",
            State::Accepted => "filing-state-accepted",
        }
    }

    /// The key of what is next for the agency.
    pub(crate) fn next_key(self) -> &'static str {
        match self {
            State::NotSent => "returns-next-begin",
            State::Draft => "returns-next-go-on",
            State::ToConfirm => "returns-next-confirm",
            State::GivenBack => "returns-next-answer",
            State::Waiting | State::Accepted => "returns-next-look",
        }
    }

    /// Whether nothing can be changed until somebody has answered.
    pub(crate) fn waits(self) -> bool {
        matches!(self, State::Waiting | State::ToConfirm)
    }

    /// Whether the agency must still do something.
    pub(crate) fn is_open(self) -> bool {
        !matches!(self, State::Waiting | State::Accepted)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn late(state: Option<FilingState>, awaits_its_agency: bool) -> State {
        State::of_lateness(&Lateness {
            agency: "kern-da".to_owned(),
            quarter: "2026-Q3".parse().unwrap(),
            due_on: date(2026, 10, 30),
            extended: None,
            filing: None,
            state,
            owed: true,
            days_late: 0,
            awaits_its_agency,
        })
    }

    #[test]
    fn every_state_has_words_of_its_own() {
        let states = [
            late(None, false),
            State::of(None, true, false),
            late(Some(FilingState::Waiting), false),
            late(Some(FilingState::Waiting), true),
            late(Some(FilingState::Returned), false),
            late(Some(FilingState::Accepted), false),
        ];
        let keys: std::collections::BTreeSet<&str> = states.iter().map(|one| one.key()).collect();
        assert_eq!(keys.len(), states.len());
        assert_eq!(State::of(None, false, true), State::Accepted, "it came in as a file");
        assert_eq!(State::of(None, true, true), State::Draft, "a correction is begun");
        assert_eq!(states.map(State::is_open), [true, true, false, true, true, false]);
    }
}
