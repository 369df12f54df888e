//! `GET` and `POST /jobs`: long analyses, and asking for one.

use askama::Template;
use axum::response::Response;
use store::{Job, JobKind, JobState, StoreError};

use crate::acts::moment;
use crate::form::Mistakes;
use crate::frame::Page;
use crate::jobs::Jobs;
use crate::problem::Problem;
use crate::session::{Desk, SignedForm, SignedIn};

#[derive(Template)]
#[template(path = "jobs.html")]
struct List {
    page: Page,
    desk: Desk,
    mistakes: Mistakes,
    jobs: Vec<Job>,
    /// What she may ask for.
    kinds: Vec<JobKind>,
}

impl List {
    fn kind(&self, kind: &JobKind) -> String {
        self.page.say(kind_key(*kind))
    }

    fn about(&self, kind: &JobKind) -> String {
        self.page.say(match kind {
            JobKind::Report => "job-about-report",
            JobKind::People => "job-about-people",
            JobKind::Estimate => "job-about-estimate",
        })
    }

    fn state(&self, job: &Job) -> String {
        self.page.say(state_key(job.state))
    }

    fn path(&self, job: &Job) -> String {
        self.page.link(&format!("/jobs/{}", job.id))
    }

    fn when(&self, at: &str) -> String {
        moment(at)
    }
}

/// Shows them.
pub(crate) async fn show(signed_in: SignedIn) -> Result<Response, Problem> {
    page(&signed_in, Mistakes::default()).await
}

/// Asks for one; it takes its turn.
pub(crate) async fn ask(form: SignedForm) -> Result<Response, Problem> {
    let SignedForm { signed_in, fields } = form;
    let Some(kind) = JobKind::from_word(fields.get("kind")) else {
        let mistakes = Mistakes::one("kind", signed_in.page.say("jobs-error-kind"));
        return page(&signed_in, mistakes).await;
    };
    match signed_in.store().ask_job(signed_in.scope(), kind, signed_in.now).await {
        Ok(id) => {
            Jobs::take_turn(signed_in.site(), id, kind, signed_in.scope().clone());
            Ok(signed_in.go(&format!("/jobs/{id}")))
        }
        Err(StoreError::JobOpen) => {
            let mistakes = Mistakes::one("kind", signed_in.page.say("jobs-error-open"));
            page(&signed_in, mistakes).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn page(signed_in: &SignedIn, mistakes: Mistakes) -> Result<Response, Problem> {
    let jobs = signed_in.store().jobs(signed_in.scope()).await?;
    let numbers: Vec<i64> = jobs.iter().map(|job| job.id).collect();
    let role = signed_in.scope().role();
    let shown = List {
        page: signed_in.page.clone(),
        desk: signed_in.desk(),
        mistakes,
        jobs,
        kinds: JobKind::ALL.into_iter().filter(|kind| role.may(kind.permission())).collect(),
    };
    signed_in.show(shown.mistakes.status(), &numbers, &shown).await
}

/// The key of the words for a kind of job.
pub(super) fn kind_key(kind: JobKind) -> &'static str {
    match kind {
        JobKind::Report => "job-report",
        JobKind::People => "job-people",
        JobKind::Estimate => "job-estimate",
    }
}

/// The key of the words for how far a job is.
pub(super) fn state_key(state: JobState) -> &'static str {
    match state {
        JobState::Waiting => "job-waiting",
        JobState::Running => "job-running",
        JobState::Done => "job-done",
        JobState::Failed => "job-failed",
        JobState::Cancelled => "job-cancelled",
        JobState::Interrupted => "job-interrupted",
    }
}
