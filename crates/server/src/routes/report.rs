//! `GET /report`: who takes what someone saw; this site does not yet.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use crate::frame::{Page, render};
use crate::problem::Problem;

#[derive(Template)]
#[template(path = "report.html")]
struct Report {
    page: Page,
}

/// Shows it.
pub(crate) async fn show(page: Page) -> Result<Response, Problem> {
    render(StatusCode::OK, page.language(), &Report { page })
}
