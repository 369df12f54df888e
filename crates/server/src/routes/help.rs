//! `GET /help`: whom to call, what happens then, and how to look at this safely.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use crate::frame::{Page, render};
use crate::problem::Problem;

#[derive(Template)]
#[template(path = "help.html")]
struct Help {
    page: Page,
}

/// Shows it.
pub(crate) async fn show(page: Page) -> Result<Response, Problem> {
    render(StatusCode::OK, page.language(), &Help { page })
}
