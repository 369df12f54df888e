//! `GET` and `POST /returns/{quarter}/file`: the form as a file goes out, and a filled one comes in.
//!
//! A file is taken in whole or not at all: with one problem in it every problem is said, and the draft stays
//! as it was.

use analysis::filing::{self, own_form};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use records::register::Register;
use records::{CellProblem, Shown};
use store::StoreError;

use super::opened::{Instead, Opened};
use crate::frame::Page;
use crate::problem::Problem;
use crate::session::{Desk, SignedForm, SignedIn, refused};

/// What is wrong with a file.
#[derive(Template)]
#[template(path = "return_file.html")]
struct File {
    page: Page,
    desk: Desk,
    opened: Opened,
    /// What happened, in words.
    said: String,
    problems: Vec<CellProblem>,
}

/// Sends the form of the quarter, filled in as far as it is.
pub(crate) async fn send(
    Path(quarter): Path<String>,
    signed_in: SignedIn,
) -> Result<Response, Instead> {
    let opened = Opened::of(&signed_in, &quarter).await?;
    signed_in.viewed(&opened.numbers()).await?;
    let csv = opened.draft.csv(&opened.form, &opened.agency, opened.quarter);
    let name = format!("attachment; filename=\"{}.csv\"", opened.quarter);
    let headers =
        [(CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (CONTENT_DISPOSITION, name)];
    Ok((headers, csv).into_response())
}

/// Takes a filled form in.
pub(crate) async fn take_in(
    Path(quarter): Path<String>,
    form: SignedForm,
) -> Result<Response, Instead> {
    let SignedForm { signed_in, fields } = form;
    let mut opened = Opened::of(&signed_in, &quarter).await?;
    let page = &signed_in.page;
    if opened.state.waits() {
        return Ok(signed_in.go(&opened.path("")));
    }
    let seen: i64 =
        fields.get("version").parse().map_err(|_| Problem::Unreadable(StatusCode::BAD_REQUEST))?;
    let Some(file) = fields.file() else {
        return problems(&signed_in, opened, page.say("file-none"), Vec::new()).await;
    };
    let own = own_form().ok_or(Problem::Failed)?;
    let of = (opened.agency.as_str(), opened.quarter);
    let checked = filing::check(Register::embedded(), own, of, (&file.name, &file.bytes));
    let new = match checked {
        Ok(new) => new,
        Err(found) => {
            let said = page.say_with("file-refused", "number", found.len());
            return problems(&signed_in, opened, said, found).await;
        }
    };
    opened.draft.take_in(&opened.form, &new.checked);
    let (store, session, now) = (signed_in.store(), &signed_in.session, signed_in.now);
    let body = opened.draft.encode();
    match store.save_draft(session, opened.quarter, &body, seen, now).await {
        Ok(_) => Ok(signed_in.go(&opened.path("?done=file"))),
        Err(error @ StoreError::DraftChanged { .. }) => {
            let said = refused(page, error, now)?;
            problems(&signed_in, opened, said, Vec::new()).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn problems(
    signed_in: &SignedIn,
    opened: Opened,
    said: String,
    problems: Vec<CellProblem>,
) -> Result<Response, Instead> {
    let (page, desk) = (signed_in.page.clone(), signed_in.desk());
    let numbers = opened.numbers();
    let shown = File { page, desk, opened, said, problems };
    Ok(signed_in.show(StatusCode::UNPROCESSABLE_ENTITY, &numbers, &shown).await?)
}
