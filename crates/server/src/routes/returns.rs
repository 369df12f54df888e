//! `GET /returns`: the quarters of the agency, what became of each, until when it is due, what is next.
//!
//! | module | what |
//! |---|---|
//! | `quarter` | one quarter: the form, or what was signed |
//! | `draft` | what was typed is saved |
//! | `sign` | everything that will be signed, and the signature |
//! | `file` | a filled form comes in, and goes out |
//! | `opened`, `shown`, `words` | a quarter out of the store; as a page shows it; its problems in words |

pub(crate) mod draft;
pub(crate) mod file;
mod opened;
pub(crate) mod quarter;
mod shown;
pub(crate) mod sign;
mod words;

use std::iter::once;

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use records::Quarter;
use store::{Filing, FilingState, office_day};

use crate::frame::Page;
use crate::problem::Problem;
use crate::quarters::over;
use crate::session::{Desk, SignedIn};

/// How many quarters before this one are listed.
const QUARTERS_BEFORE: usize = 8;

#[derive(Template)]
#[template(path = "returns.html")]
struct Returns {
    page: Page,
    desk: Desk,
    listed: Vec<Listed>,
}

/// A quarter in the list.
struct Listed {
    quarter: Quarter,
    /// Where the next step is.
    link: String,
    due_on: String,
    days_late: i64,
    state: State,
    /// What the collector asked when it was given back.
    question: Option<String>,
}

/// What became of a quarter's return.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// Nothing was typed yet.
    NotBegun,
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
    /// By the last filing, whether there is a draft, and whether figures of the quarter stand.
    fn of(filing: Option<&Filing>, draft: bool, stands: bool) -> State {
        match filing.map(|filing| filing.state) {
            _ if filing.is_some_and(Filing::awaits_its_agency) => State::ToConfirm,
            Some(FilingState::Waiting) => State::Waiting,
            _ if draft => State::Draft,
            Some(FilingState::Returned) => State::GivenBack,
            Some(FilingState::Accepted) => State::Accepted,
            None if stands => State::Accepted,
            None => State::NotBegun,
        }
    }

    /// The key of its words.
    fn key(self) -> &'static str {
        match self {
            State::NotBegun => "returns-state-not-begun",
            State::Draft => "returns-state-draft",
            State::Waiting => "returns-state-waiting",
            State::ToConfirm => "returns-state-to-confirm",
            State::GivenBack => "returns-state-given-back",
            State::Accepted => "returns-state-accepted",
        }
    }

    /// The key of what is next.
    fn next_key(self) -> &'static str {
        match self {
            State::NotBegun => "returns-next-begin",
            State::Draft => "returns-next-go-on",
            State::ToConfirm => "returns-next-confirm",
            State::GivenBack => "returns-next-answer",
            State::Waiting | State::Accepted => "returns-next-look",
        }
    }

    /// Whether nothing can be changed until somebody has answered.
    fn waits(self) -> bool {
        matches!(self, State::Waiting | State::ToConfirm)
    }

    /// Whether somebody must still do something.
    fn is_open(self) -> bool {
        !matches!(self, State::Waiting | State::Accepted)
    }
}

/// The quarters that a return can be filed for, the latest first.
fn quarters(now: Timestamp) -> Vec<Quarter> {
    let today = office_day(now);
    once(Quarter::containing(today)).chain(over(today).take(QUARTERS_BEFORE)).collect()
}

/// Shows them.
pub(crate) async fn show(signed_in: SignedIn) -> Result<Response, Problem> {
    let (store, scope) = (signed_in.store(), signed_in.scope());
    let quarters = quarters(signed_in.now);
    let (Some(last), Some(first)) = (quarters.first(), quarters.last()) else {
        return Err(Problem::Failed);
    };
    let due = store.lateness(scope, (*first, *last), office_day(signed_in.now)).await?;
    let filings = store.filings(scope).await?;
    let drafts = store.drafts_saved(scope).await?;
    let standing = store.own_quarters(scope).await?;
    let listed = due.into_iter().rev().map(|due| {
        let quarter = due.quarter;
        let filing = filings.iter().find(|filing| filing.quarter == quarter.to_string());
        let draft = drafts.iter().any(|draft| draft.quarter == quarter);
        let stands = standing.contains(&quarter);
        let state = State::of(filing, draft, stands);
        // What came in on another way is not late.
        let days_late = if filing.is_none() && stands { 0 } else { due.days_late };
        let given_back = filing.filter(|filing| filing.state == FilingState::Returned);
        let question = given_back.and_then(|filing| filing.question.clone());
        let link = match filing {
            Some(filing) if state == State::ToConfirm => format!("/filings/{}", filing.id),
            _ => format!("/returns/{quarter}"),
        };
        Listed { quarter, link, due_on: due.due_on.to_string(), days_late, state, question }
    });
    let listed = listed.collect();
    let numbers: Vec<i64> = filings.iter().map(|filing| filing.id).collect();
    let (page, desk) = (signed_in.page.clone(), signed_in.desk());
    signed_in.show(StatusCode::OK, &numbers, &Returns { page, desk, listed }).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nine_quarters_are_listed_and_a_day_ends_in_california() {
        let listed = |now: &str| quarters(now.parse().unwrap());
        let quarters = listed("2026-11-30T08:00:00Z");
        assert_eq!((quarters.len(), quarters[0].to_string()), (9, "2026-Q4".to_owned()));
        assert_eq!(quarters[8].to_string(), "2024-Q4");
        assert_eq!(listed("2027-01-01T07:59:00Z")[0].to_string(), "2026-Q4");
        assert_eq!(listed("2027-01-01T08:00:00Z")[0].to_string(), "2027-Q1");
    }
}
