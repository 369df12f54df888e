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
use store::{FilingState, office_day};

pub(crate) use super::became::State;
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
    /// Whether it is owed: its quarter ended after the agency went live.
    owed: bool,
    days_late: i64,
    state: State,
    /// What the collector asked when it was given back.
    question: Option<String>,
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
        let (due_on, owed) = (due.due_on.to_string(), due.owed);
        Listed { quarter, link, due_on, owed, days_late, state, question }
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
