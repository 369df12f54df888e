//! What is wrong with a return, or odd about it, in words.

use analysis::filing::{Odd, Problem, Seen, Wrong};

use crate::frame::Page;

/// What is wrong with a field.
pub(super) fn of_problem(page: &Page, problem: &Problem) -> String {
    let key = match &problem.wrong {
        Wrong::Empty => "return-wrong-empty",
        Wrong::NotAnAnswer => "return-wrong-answer",
        Wrong::Personal => "return-wrong-personal",
        Wrong::NotADay => "return-wrong-day",
        Wrong::OutsideTheQuarter => "return-wrong-quarter",
        Wrong::NotHours => "return-wrong-hours",
        Wrong::NoAudience => "return-wrong-audience",
        Wrong::NotACount => "return-wrong-count",
        Wrong::MoreThanCame => "return-wrong-first-time",
        Wrong::NoReason => "return-wrong-reason",
        Wrong::NotAReporter => "return-wrong-reporter",
        Wrong::Other(other) => {
            let said = format!("{}; {}", other.expected, other.fix);
            return page.say_with("return-wrong-other", "said", said);
        }
    };
    page.say(key)
}

/// What is odd about a field.
pub(super) fn of_odd(page: &Page, odd: &Odd) -> String {
    let with = |key, first: (&'static str, i64), second: (&'static str, i64)| {
        page.say_with_all(
            key,
            vec![(first.0, first.1.to_string()), (second.0, second.1.to_string())],
        )
    };
    match odd.seen {
        Seen::Jump { before, now } => with("return-odd-jump", ("before", before), ("now", now)),
        Seen::AboveServed { service, served } => {
            with("return-odd-service", ("service", service), ("served", served))
        }
        Seen::ServicesBelowServed { services, served } => {
            with("return-odd-services", ("services", services), ("served", served))
        }
        Seen::PeopleAboveSeats { people, seats } => {
            with("return-odd-seats", ("people", people), ("seats", seats))
        }
        Seen::ContinuingTooEarly => page.say("return-odd-continuing"),
    }
}
