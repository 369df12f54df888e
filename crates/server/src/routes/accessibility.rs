//! `GET /accessibility`: what was done so that everyone can read this, and what was not.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use crate::frame::{Page, render};
use crate::problem::Problem;

#[derive(Template)]
#[template(path = "accessibility.html")]
struct Accessibility {
    page: Page,
}

/// Shows it.
pub(crate) async fn show(page: Page) -> Result<Response, Problem> {
    render(StatusCode::OK, page.language(), &Accessibility { page })
}
