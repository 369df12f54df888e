//! `GET /published`: what was published, for everybody.

use std::path::Path;

use analysis::publish::PublishedFolder;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use crate::frame::{Page, render};
use crate::problem::Problem;
use crate::site::Site;

#[derive(Template)]
#[template(path = "published.html")]
struct Published {
    page: Page,
    report: Option<Report>,
}

/// What is in the folder.
struct Report {
    /// In the reader's language.
    title: String,
    pages: &'static str,
    pdf: &'static str,
    /// The names of the tables.
    tables: Vec<String>,
}

/// Shows where it is.
pub(crate) async fn show(State(site): State<Site>, page: Page) -> Result<Response, Problem> {
    let report = match site.published.clone() {
        Some(folder) => {
            let code = page.language().code();
            let read = tokio::task::spawn_blocking(move || report(&folder, code)).await;
            read.map_err(|_| Problem::Failed)?
        }
        None => None,
    };
    render(StatusCode::OK, page.language(), &Published { report, page: page.clone() })
}

/// What was published; nothing while it is being written anew.
fn report(folder: &Path, language: &str) -> Option<Report> {
    let published = PublishedFolder::open(folder).ok()?;
    let table = |file: &str| Some(file.strip_prefix("data/")?.strip_suffix(".csv")?.to_owned());
    let (pages, pdf) = match language {
        "es" => ("es/index.html", "informe.pdf"),
        _ => ("index.html", "report.pdf"),
    };
    Some(Report {
        title: published.title(language)?.to_owned(),
        pages,
        pdf,
        tables: published.files().filter_map(table).collect(),
    })
}
