//! `GET /privacy`: what is kept, which is nothing, and what we cannot see to.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use crate::frame::{Page, render};
use crate::problem::Problem;

#[derive(Template)]
#[template(path = "privacy.html")]
struct Privacy {
    page: Page,
}

/// Shows it.
pub(crate) async fn show(page: Page) -> Result<Response, Problem> {
    render(StatusCode::OK, page.language(), &Privacy { page })
}
