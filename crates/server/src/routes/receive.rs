//! `GET` and `POST /filings/receive`: what an agency has mailed, entered for it by the collector.
//!
//! It is checked with every problem at once; then the agency's own commander confirms it before it can be
//! accepted. The file's name and the file itself are not kept, only its figures as CSV.

use analysis::filing::{mailed, own_form};
use askama::Template;
use axum::response::Response;
use records::register::Register;
use records::{CellProblem, Quarter};
use store::{StoreError, office_day};

use super::late::quarters;
use crate::form::{Fields, Mistakes};
use crate::frame::Page;
use crate::problem::Problem;
use crate::session::{Desk, SignedForm, SignedIn, refused};

#[derive(Template)]
#[template(path = "receive.html")]
struct Receive {
    page: Page,
    desk: Desk,
    mistakes: Mistakes,
    agencies: Vec<String>,
    quarters: Vec<String>,
    agency: String,
    quarter: String,
    problems: Vec<CellProblem>,
}

/// Shows the form.
pub(crate) async fn show(signed_in: SignedIn) -> Result<Response, Problem> {
    page(&signed_in, &Fields::default(), Mistakes::default(), Vec::new()).await
}

/// Enters what was sent, or says everything that is wrong with it.
pub(crate) async fn enter(form: SignedForm) -> Result<Response, Problem> {
    let SignedForm { signed_in, fields } = form;
    let (store, scope, now) = (signed_in.store(), signed_in.scope(), signed_in.now);
    let agency = fields.get("agency");
    let mut mistakes = Mistakes::default();
    if !store.agencies_that_file(scope).await?.iter().any(|code| code == agency) {
        mistakes.add("agency", signed_in.page.say("receive-error-agency"));
    }
    let quarter: Option<Quarter> = fields.get("quarter").parse().ok();
    if quarter.is_none() {
        mistakes.add("quarter", signed_in.page.say("receive-error-quarter"));
    }
    if fields.file().is_none() {
        mistakes.add("file", signed_in.page.say("receive-error-file"));
    }
    let (Some(quarter), Some(file), true) = (quarter, fields.file(), mistakes.is_empty()) else {
        return page(&signed_in, &fields, mistakes, Vec::new()).await;
    };
    let form = own_form().ok_or(Problem::Failed)?;
    let came = (file.name.as_str(), &file.bytes[..]);
    let (csv, new) = match mailed(Register::embedded(), form, (agency, quarter), came) {
        Ok(read) => read,
        Err(problems) => {
            let said = signed_in.page.say_with("receive-problems", "number", problems.len());
            return page(&signed_in, &fields, Mistakes::one("file", said), problems).await;
        }
    };
    match store.receive_filing(scope, (agency, quarter), (&csv, &new), now).await {
        Ok(id) => Ok(signed_in.go(&format!("/filings/{id}?done=received"))),
        Err(error) => {
            let field = match error {
                StoreError::FilingWaits => "quarter",
                _ => "file",
            };
            let mistakes = Mistakes::one(field, refused(&signed_in.page, error, now)?);
            page(&signed_in, &fields, mistakes, Vec::new()).await
        }
    }
}

async fn page(
    signed_in: &SignedIn,
    fields: &Fields,
    mistakes: Mistakes,
    problems: Vec<CellProblem>,
) -> Result<Response, Problem> {
    let quarters = quarters(office_day(signed_in.now));
    let shown = Receive {
        page: signed_in.page.clone(),
        desk: signed_in.desk(),
        mistakes,
        agencies: signed_in.store().agencies_that_file(signed_in.scope()).await?,
        quarters: quarters.iter().rev().map(Quarter::to_string).collect(),
        agency: fields.get("agency").to_owned(),
        quarter: fields.get("quarter").to_owned(),
        problems,
    };
    signed_in.show(shown.mistakes.status(), &[], &shown).await
}
