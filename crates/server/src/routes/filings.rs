//! `GET /filings`: what waits for the collector, oldest first, then what was decided; an agency sees its own.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use store::{Filing, FilingState};

use super::became::State;
use crate::acts::moment;
use crate::form::Mistakes;
use crate::frame::Page;
use crate::problem::Problem;
use crate::session::{Desk, SignedIn};

#[derive(Template)]
#[template(path = "filings.html")]
struct Filings {
    page: Page,
    desk: Desk,
    mistakes: Mistakes,
    waiting: Vec<Line>,
    decided: Vec<Line>,
}

/// A filing in a list.
struct Line {
    filing: Filing,
    state: String,
    when: String,
}

impl Line {
    fn of(page: &Page, filing: Filing) -> Line {
        let (state, when) = (page.say(State::of_filing(&filing).key()), moment(&filing.signed_at));
        Line { filing, state, when }
    }
}

/// Shows them.
pub(crate) async fn show(signed_in: SignedIn) -> Result<Response, Problem> {
    let filings = signed_in.store().filings(signed_in.scope()).await?;
    let numbers: Vec<i64> = filings.iter().map(|filing| filing.id).collect();
    let (mut waiting, decided): (Vec<Filing>, Vec<Filing>) =
        filings.into_iter().partition(|filing| filing.state == FilingState::Waiting);
    waiting.reverse();
    let lines = |filings: Vec<Filing>| -> Vec<Line> {
        filings.into_iter().map(|filing| Line::of(&signed_in.page, filing)).collect()
    };
    let shown = Filings {
        page: signed_in.page.clone(),
        desk: signed_in.desk(),
        mistakes: Mistakes::default(),
        waiting: lines(waiting),
        decided: lines(decided),
    };
    signed_in.show(StatusCode::OK, &numbers, &shown).await
}
