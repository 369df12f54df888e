//! `GET` and `POST /jobs/{job}`: how far a job is, what came of it, and an end to it.
//!
//! Without JavaScript the page is asked for again to see how it goes; with it, the server says
//! (`job_progress`).

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use store::{Job, JobKind, JobState};

use super::jobs::{kind_key, state_key};
use super::state_report::not_there;
use crate::acts::moment;
use crate::frame::Page;
use crate::problem::Problem;
use crate::session::{Desk, SignedForm, SignedIn};

#[derive(Template)]
#[template(path = "job.html")]
struct OneJob {
    page: Page,
    desk: Desk,
    job: Job,
}

impl OneJob {
    /// Where it is, in the reader's language.
    fn path(&self) -> String {
        self.page.link(&format!("/jobs/{}", self.job.id))
    }

    /// Where its progress is said.
    fn events(&self) -> String {
        format!("/jobs/{}/progress", self.job.id)
    }

    fn kind(&self) -> String {
        self.page.say(kind_key(self.job.kind))
    }

    fn state(&self) -> String {
        self.page.say(state_key(self.job.state))
    }

    fn when(&self, at: &str) -> String {
        moment(at)
    }

    /// Of one that is done: what came of it, in words.
    fn result(&self) -> Option<String> {
        let outcome = self.job.outcome.as_deref().filter(|_| self.job.state == JobState::Done)?;
        let (low, high) = outcome.split_once(' ').unwrap_or((outcome, outcome));
        let range = vec![("low", low.to_owned()), ("high", high.to_owned())];
        Some(match self.job.kind {
            JobKind::Report => self.page.say_with("job-result-report", "number", low),
            JobKind::People => self.page.say_with_all("job-result-people", range),
            JobKind::Estimate => self.page.say_with_all("job-result-estimate", range),
        })
    }

    /// Of one that failed: why, as the analysis says it.
    fn why(&self) -> Option<&str> {
        self.job.outcome.as_deref().filter(|_| self.job.state == JobState::Failed)
    }

    /// Where the pages are that it has made.
    fn report(&self) -> Option<String> {
        let made = self.job.kind == JobKind::Report && self.job.state == JobState::Done;
        made.then(|| format!("/state/report/{}/index.html", self.job.id))
    }
}

/// Shows it.
pub(crate) async fn show(
    Path(job): Path<String>,
    signed_in: SignedIn,
) -> Result<Response, Problem> {
    let job = find(&signed_in, &job).await?;
    let id = job.id;
    let shown = OneJob { page: signed_in.page.clone(), desk: signed_in.desk(), job };
    signed_in.show(StatusCode::OK, &[id], &shown).await
}

/// Stops it, where it waits or runs.
pub(crate) async fn cancel(Path(job): Path<String>, form: SignedForm) -> Result<Response, Problem> {
    let signed_in = form.signed_in;
    let job = find(&signed_in, &job).await?;
    if !signed_in.scope().role().may(job.kind.permission()) {
        return Err(Problem::NotFound);
    }
    let (store, scope, now) = (signed_in.store(), signed_in.scope(), signed_in.now);
    // What runs is told, too; it is over in the store at once, and writes no other end.
    store.end_job(scope, job.id, JobState::Cancelled, "", now).await?;
    signed_in.site().jobs.cancel(job.id);
    Ok(signed_in.go(&format!("/jobs/{}", job.id)))
}

/// The job of that number.
pub(super) async fn find(signed_in: &SignedIn, number: &str) -> Result<Job, Problem> {
    let id = number.parse().map_err(|_| Problem::NotFound)?;
    signed_in.store().job(signed_in.scope(), id).await.map_err(not_there)
}
