//! `GET /state/report/{job}/{file}`: a page or file of a report that a job has made.
//!
//! The report has counts of people in it: it is for those who may see them, and stands for them in the
//! audit under the page of jobs.

use axum::extract::Path;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use store::{JobKind, JobState, StoreError};

use super::published_file::content_type;
use crate::jobs::report_folder;
use crate::problem::Problem;
use crate::session::SignedIn;

/// Sends it.
pub(crate) async fn show(
    Path((job, file)): Path<(String, String)>,
    signed_in: SignedIn,
) -> Result<Response, Problem> {
    let (store, scope) = (signed_in.store(), signed_in.scope());
    let id: i64 = job.parse().map_err(|_| Problem::NotFound)?;
    let job = store.job(scope, id).await.map_err(not_there)?;
    if job.kind != JobKind::Report || job.state != JobState::Done {
        return Err(Problem::NotFound);
    }
    // A name alone: it does not lead out of the folder.
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
    let kind = content_type(&file).filter(|_| file.chars().all(plain)).ok_or(Problem::NotFound)?;
    let path = report_folder(store.folder(), id).join(&file);
    let read = tokio::task::spawn_blocking(move || std::fs::read(path)).await;
    let bytes = read.map_err(|_| Problem::Failed)?.map_err(|_| Problem::NotFound)?;
    store.viewed(scope, "/state/report", &[id], signed_in.now).await?;
    Ok(([(CONTENT_TYPE, kind)], bytes).into_response())
}

/// A job that is not there is no error of ours.
pub(super) fn not_there(error: StoreError) -> Problem {
    match error {
        StoreError::NoSuchJob(_) => Problem::NotFound,
        error => error.into(),
    }
}
