//! `GET /returns/{quarter}`: the form of a quarter as it was left, or what was signed.

use analysis::filing::Draft;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;

use super::State;
use super::opened::{Instead, Opened};
use super::shown::Shown;
use crate::acts::moment;
use crate::form::Asked;
use crate::frame::Page;
use crate::problem::Problem;
use crate::session::{Desk, SignedIn};

/// The form.
#[derive(Template)]
#[template(path = "return.html")]
struct Form {
    page: Page,
    desk: Desk,
    opened: Opened,
    shown: Shown,
    done: Option<&'static str>,
    /// Who saved meanwhile what is shown beside.
    colleague: Option<String>,
}

/// What was signed, or stands.
#[derive(Template)]
#[template(path = "return_signed.html")]
struct Signed {
    page: Page,
    desk: Desk,
    opened: Opened,
    shown: Shown,
    done: Option<&'static str>,
}

impl Form {
    /// Whether a return of the quarter stands already: this one corrects it.
    fn corrects(&self) -> bool {
        !self.opened.stands.is_empty()
    }

    /// The question with which it was given back.
    fn question(&self) -> Option<&str> {
        self.opened.filings.first().and_then(|filing| filing.question.as_deref())
    }

    /// The name of the colleague, where a field says what she saved.
    fn colleague(&self) -> &str {
        self.colleague.as_deref().unwrap_or_default()
    }

    fn saved(&self) -> String {
        saved_words(&self.page, self.opened.saved.as_ref())
    }
}

/// By whom it was saved last, and when.
pub(super) fn saved_words(page: &Page, saved: Option<&(String, String)>) -> String {
    match saved {
        None => page.say("return-not-saved"),
        Some((by, at)) => {
            page.say_with_all("return-saved", vec![("name", by.clone()), ("time", moment(at))])
        }
    }
}

/// Shows it.
pub(crate) async fn show(
    Path(quarter): Path<String>,
    signed_in: SignedIn,
    Asked(asked): Asked,
) -> Result<Response, Instead> {
    let opened = Opened::of(&signed_in, &quarter).await?;
    let done = match asked.get("done") {
        "saved" => Some("return-done-saved"),
        "file" => Some("return-done-file"),
        "signed" => Some("return-done-signed"),
        _ => None,
    };
    let closed = match opened.state {
        State::Waiting | State::ToConfirm => true,
        State::Accepted => asked.get("correction").is_empty(),
        State::NotSent | State::Draft | State::GivenBack => false,
    };
    if !closed {
        let all = !asked.get("all").is_empty();
        return Ok(form(&signed_in, opened, (all, done), None).await?);
    }
    let (page, desk) = (signed_in.page.clone(), signed_in.desk());
    let (numbers, shown) = (opened.numbers(), Shown::of(&page, &opened, false, None));
    let signed = Signed { page, desk, opened, shown, done };
    Ok(signed_in.show(StatusCode::OK, &numbers, &signed).await?)
}

/// The page of the form. `theirs`: what a colleague saved meanwhile, and who.
pub(super) async fn form(
    signed_in: &SignedIn,
    opened: Opened,
    (all, done): (bool, Option<&'static str>),
    theirs: Option<(&Draft, String)>,
) -> Result<Response, Problem> {
    let (page, desk) = (signed_in.page.clone(), signed_in.desk());
    let numbers = opened.numbers();
    let status = if theirs.is_some() { StatusCode::CONFLICT } else { StatusCode::OK };
    let shown = Shown::of(&page, &opened, all, theirs.as_ref().map(|(draft, _)| *draft));
    let colleague = theirs.map(|(_, name)| name);
    let form = Form { page, desk, opened, shown, done, colleague };
    signed_in.show(status, &numbers, &form).await
}
