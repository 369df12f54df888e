//! What can go wrong with any request, as pages: what happened, what was kept, what to do.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use store::Fault;

use crate::frame::{Page, render};

/// What went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Problem {
    /// No page has this address.
    NotFound,
    /// The page does not take this kind of request.
    NotAllowed,
    /// The form did not arrive in one piece, or the request makes no sense.
    Unreadable(StatusCode),
    /// The form is too long.
    TooLarge,
    /// The request was sent by another site, or does not say by which.
    FromElsewhere,
    /// The form is from a page of another session, or of none.
    OldForm,
    /// The request names another site than this one.
    OtherHost,
    /// It took too long.
    TooSlow,
    /// The machine does not let the database work; what to do is told where the server was started.
    Fault(Fault),
    /// An error of ours.
    Failed,
}

impl Problem {
    /// The problem behind an answer that only says a status.
    pub(crate) fn of(status: StatusCode) -> Problem {
        match status {
            StatusCode::NOT_FOUND => Problem::NotFound,
            StatusCode::METHOD_NOT_ALLOWED => Problem::NotAllowed,
            StatusCode::PAYLOAD_TOO_LARGE => Problem::TooLarge,
            StatusCode::FORBIDDEN => Problem::FromElsewhere,
            StatusCode::SERVICE_UNAVAILABLE => Problem::TooSlow,
            StatusCode::MISDIRECTED_REQUEST => Problem::OtherHost,
            status if status.is_client_error() => Problem::Unreadable(status),
            _ => Problem::Failed,
        }
    }

    pub(crate) fn status(self) -> StatusCode {
        match self {
            Problem::NotFound => StatusCode::NOT_FOUND,
            Problem::NotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Problem::Unreadable(status) => status,
            Problem::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Problem::FromElsewhere | Problem::OldForm => StatusCode::FORBIDDEN,
            Problem::OtherHost => StatusCode::MISDIRECTED_REQUEST,
            Problem::TooSlow => StatusCode::SERVICE_UNAVAILABLE,
            Problem::Fault(Fault::Full) => StatusCode::INSUFFICIENT_STORAGE,
            Problem::Fault(Fault::Busy | Fault::ReadOnly) => StatusCode::SERVICE_UNAVAILABLE,
            Problem::Fault(Fault::Other) | Problem::Failed => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// What happened, what was kept, what to do: the keys of the words.
    fn words(self) -> [&'static str; 3] {
        match self {
            Problem::NotFound => {
                ["problem-not-found", "problem-not-found-kept", "problem-not-found-next"]
            }
            Problem::NotAllowed => {
                ["problem-not-allowed", "problem-nothing-kept", "problem-not-allowed-next"]
            }
            Problem::Unreadable(_) => {
                ["problem-unreadable", "problem-nothing-kept", "problem-unreadable-next"]
            }
            Problem::TooLarge => {
                ["problem-too-large", "problem-nothing-kept", "problem-too-large-next"]
            }
            Problem::FromElsewhere => {
                ["problem-elsewhere", "problem-nothing-kept", "problem-elsewhere-next"]
            }
            Problem::OldForm => {
                ["problem-old-form", "problem-nothing-kept", "problem-old-form-next"]
            }
            Problem::OtherHost => {
                ["problem-other-host", "problem-nothing-kept", "problem-other-host-next"]
            }
            Problem::TooSlow => ["problem-slow", "problem-perhaps-kept", "problem-slow-next"],
            Problem::Fault(Fault::Full) => {
                ["problem-full", "problem-still-typed", "problem-full-next"]
            }
            Problem::Fault(Fault::Busy) => {
                ["problem-busy", "problem-still-typed", "problem-busy-next"]
            }
            Problem::Fault(Fault::ReadOnly) => {
                ["problem-read-only", "problem-still-typed", "problem-read-only-next"]
            }
            Problem::Fault(Fault::Other) | Problem::Failed => {
                ["problem-failed", "problem-perhaps-kept", "problem-failed-next"]
            }
        }
    }

    /// The page that says it.
    pub(crate) fn page(self, page: Page) -> Result<Response, Problem> {
        let [what, kept, next] = self.words();
        render(self.status(), page.language(), &ProblemPage { page: &page, what, kept, next })
    }
}

/// Only the status; the layer around all routes makes the page, for it knows the language.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage<'a> {
    page: &'a Page,
    what: &'static str,
    kept: &'static str,
    next: &'static str,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_and_its_problem_agree() {
        for code in 400..600 {
            let status = StatusCode::from_u16(code).unwrap();
            let problem = Problem::of(status);
            assert!(problem.status() == status || problem == Problem::Failed, "{status}");
        }
    }
}
