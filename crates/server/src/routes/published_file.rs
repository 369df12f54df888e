//! `GET /published/{file}`: a file of the published report, byte for byte as it was published.
//!
//! Whatever else lies in the folder is not there.

use analysis::publish::PublishedFolder;
use axum::extract::{Path, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};

use crate::problem::Problem;
use crate::site::Site;

/// Sends it.
pub(crate) async fn show(
    State(site): State<Site>,
    Path(file): Path<String>,
) -> Result<Response, Problem> {
    let folder = site.published.clone().ok_or(Problem::NotFound)?;
    let kind = content_type(&file).ok_or(Problem::NotFound)?;
    let read = tokio::task::spawn_blocking(move || {
        PublishedFolder::open(&folder).ok().and_then(|published| published.file(&file))
    });
    let bytes = read.await.map_err(|_| Problem::Failed)?.ok_or(Problem::NotFound)?;
    Ok(([(CONTENT_TYPE, kind)], bytes).into_response())
}

/// What a browser is told of a file, by the end of its name; nothing for what no report has.
pub(crate) fn content_type(file: &str) -> Option<&'static str> {
    let kinds = [
        (".html", "text/html; charset=utf-8"),
        (".css", "text/css; charset=utf-8"),
        (".csv", "text/csv; charset=utf-8"),
        (".csv-metadata.json", "application/csvm+json"),
        (".json", "application/json"),
        (".pdf", "application/pdf"),
    ];
    kinds.into_iter().find(|(end, _)| file.ends_with(end)).map(|(_, kind)| kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_the_type_of_its_name() {
        assert_eq!(content_type("data/people.csv"), Some("text/csv; charset=utf-8"));
        assert_eq!(content_type("data/people.csv-metadata.json"), Some("application/csvm+json"));
        assert_eq!(content_type("data/report.json"), Some("application/json"));
        assert_eq!(content_type("report.pdf"), Some("application/pdf"));
        for none in ["", "notes.txt", "html", "page.html.bak"] {
            assert_eq!(content_type(none), None, "{none}");
        }
    }
}
