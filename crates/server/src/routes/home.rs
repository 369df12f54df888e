//! `GET /`: whom to call, and two doors.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use crate::frame::{Page, render};
use crate::problem::Problem;

#[derive(Template)]
#[template(path = "home.html")]
struct Home {
    page: Page,
}

/// Shows it.
pub(crate) async fn show(page: Page) -> Result<Response, Problem> {
    render(StatusCode::OK, page.language(), &Home { page })
}
