//! One quarter of an agency, out of the store, with all that its pages say of it.
//!
//! In: who is signed in, and the quarter of an address. Out: [`Opened`], or the page that is shown instead:
//! nobody may read the agency's drafts but those who were let in.

use std::collections::BTreeMap;

use analysis::filing::{
    self, Draft, Form, LookedOver, Question, last_quarter, look_over, own_form,
};
use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use records::Quarter;
use records::register::Register;
use records::returns::Checked;
use store::{Filing, FilingState, OwnQuarter, StoreError, StoredFigure};

use super::{State, quarters};
use crate::frame::Page;
use crate::problem::Problem;
use crate::quarters::before;
use crate::session::{Desk, SignedIn};

/// Where those who were not let in are told what to do.
#[derive(Template)]
#[template(path = "returns_closed.html")]
struct Closed {
    page: Page,
    desk: Desk,
}

/// A quarter.
pub(super) struct Opened {
    pub(super) quarter: Quarter,
    pub(super) agency: String,
    pub(super) form: Form,
    /// What is in the form now.
    pub(super) draft: Draft,
    /// How often it was saved; 0: never.
    pub(super) version: i64,
    /// Who saved it last, and when (UTC).
    pub(super) saved: Option<(String, String)>,
    pub(super) state: State,
    /// What was signed for the quarter, newest first.
    pub(super) filings: Vec<Filing>,
    /// What stands for the quarter.
    pub(super) stands: BTreeMap<Question, String>,
    /// What stands for the quarter before.
    pub(super) before: BTreeMap<Question, String>,
    pub(super) due_on: String,
    pub(super) days_late: i64,
}

/// What is in the place of a page.
pub(crate) enum Instead {
    Page(Response),
    Problem(Problem),
}

impl<E: Into<Problem>> From<E> for Instead {
    fn from(error: E) -> Instead {
        Instead::Problem(error.into())
    }
}

impl IntoResponse for Instead {
    fn into_response(self) -> Response {
        match self {
            Instead::Page(page) => page,
            Instead::Problem(problem) => problem.into_response(),
        }
    }
}

impl Opened {
    /// Opens a quarter that can be filed now.
    ///
    /// # Errors
    ///
    /// What is shown instead.
    pub(super) async fn of(signed_in: &SignedIn, quarter: &str) -> Result<Opened, Instead> {
        let (store, scope, now) = (signed_in.store(), signed_in.scope(), signed_in.now);
        let asked: Quarter = quarter.parse().map_err(|_| Problem::NotFound)?;
        let listed = quarters(now);
        if !listed.contains(&asked) {
            return Err(Problem::NotFound.into());
        }
        let opened = store.own_quarter(&signed_in.session, asked, before(asked), now).await;
        let opened = match opened {
            Err(StoreError::NoKeyToCompartment) => {
                let (page, desk) = (signed_in.page.clone(), signed_in.desk());
                let closed = Closed { page, desk };
                return Err(Instead::Page(signed_in.show(StatusCode::OK, &[], &closed).await?));
            }
            opened => opened?,
        };
        let OwnQuarter { draft: saved, filings, standing, standing_before, due } = opened;
        let form = Form::of(Register::embedded()).map_err(|_| Problem::Failed)?;
        let (stands, before) = (last_quarter(&standing), last_quarter(&standing_before));
        let state = State::of(filings.first(), saved.is_some(), !stands.is_empty());
        let agency = scope.agency().unwrap_or_default().to_owned();
        // Of an agency that is still joining nothing is due.
        let due = due.ok_or(Problem::NotFound)?;
        let (draft, version, saved) = match saved {
            Some(draft) => {
                let body = Draft::parse(&draft.body).map_err(|_| Problem::Failed)?;
                (body, draft.version, Some((draft.saved_by, draft.saved_at)))
            }
            None => {
                let with = (&filings[..], standing);
                (begun(signed_in, &form, (&agency, asked), with).await?, 0, None)
            }
        };
        Ok(Opened {
            quarter: asked,
            agency,
            form,
            draft,
            version,
            saved,
            state,
            filings,
            stands,
            before,
            due_on: due.due_on.to_string(),
            days_late: due.days_late,
        })
    }

    /// The draft, looked over.
    pub(super) fn look_over(&self) -> LookedOver {
        let of = (self.agency.as_str(), self.quarter);
        let with = (&self.before, !self.stands.is_empty());
        look_over(Register::embedded(), &self.form, &self.draft, of, with)
    }

    /// The numbers of what was signed, for the audit.
    pub(super) fn numbers(&self) -> Vec<i64> {
        self.filings.iter().map(|filing| filing.id).collect()
    }

    /// The address of the quarter, or of something under it.
    pub(super) fn path(&self, under: &str) -> String {
        format!("/returns/{}{under}", self.quarter)
    }
}

/// What a form holds before anybody has saved it: what was signed last, or what stands.
async fn begun(
    signed_in: &SignedIn,
    form: &Form,
    of: (&str, Quarter),
    (filings, standing): (&[Filing], Vec<StoredFigure>),
) -> Result<Draft, Problem> {
    let mut draft = Draft::default();
    let accepted = |last: &Filing| last.state == FilingState::Accepted;
    // A return that came in on another way may have taken the place of what was signed.
    let is_what_stands = |last: &&Filing| {
        !accepted(last) || standing.iter().all(|one| last.return_id == Some(one.return_id))
    };
    let Some(last) = filings.first().filter(is_what_stands) else {
        let figures = standing.into_iter().map(|one| one.figure).collect();
        draft.take_in(form, &Checked { figures, ..Checked::default() });
        return Ok(draft);
    };
    let store = signed_in.store();
    if let Some(body) = store.typed(&signed_in.session, last.id, signed_in.now).await? {
        draft = Draft::parse(&body).map_err(|_| Problem::Failed)?;
        if accepted(last) {
            // The reason was of that filing.
            draft.set(form, "reason", "");
        }
        return Ok(draft);
    }
    // It came by mail.
    let own = own_form().ok_or(Problem::Failed)?;
    let file = ("filed.csv", last.csv.as_bytes());
    if let Ok(new) = filing::check(Register::embedded(), own, of, file) {
        draft.take_in(form, &new.checked);
    }
    Ok(draft)
}
