//! What every answer has, whoever made it.
//!
//! In: a request. Out: an answer with our headers. A request from another site is turned away
//! before it reaches a route; one that takes too long or panics gets a page; an error that is not
//! a page yet becomes one, in the reader's language.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::config::Installation;
use crate::frame::Page;
use crate::headers;
use crate::problem::Problem;
use crate::same_origin::same_origin;

/// Lets a request through to its route, and sees to the answer.
pub(crate) async fn answer(
    State(installation): State<Installation>,
    request: Request,
    next: Next,
) -> Response {
    let page = Page::of(request.uri(), request.headers(), installation);
    let made = if same_origin(request.method(), request.headers(), installation.behind_tls) {
        let answered = caught(next.run(request));
        match tokio::time::timeout(installation.limits.request, answered).await {
            Ok(Some(response)) => response,
            Ok(None) => Problem::Failed.into_response(),
            Err(_) => Problem::TooSlow.into_response(),
        }
    } else {
        Problem::FromElsewhere.into_response()
    };
    if let Some(Problem::Fault(fault)) = made.extensions().get::<Problem>() {
        (installation.tell_fault)(*fault);
    }
    let mut response = page_for_problem(made, page);
    headers::set(response.headers_mut(), installation);
    response
}

/// The answer, or nothing when making it panicked.
async fn caught(answer: impl Future<Output = Response>) -> Option<Response> {
    let mut answer = pin!(answer);
    // A future that panicked is never looked at again, so nothing sees what it left half done.
    poll_fn(|context| match catch_unwind(AssertUnwindSafe(|| answer.as_mut().poll(context))) {
        Ok(Poll::Ready(response)) => Poll::Ready(Some(response)),
        Ok(Poll::Pending) => Poll::Pending,
        Err(_) => Poll::Ready(None),
    })
    .await
}

/// An error that is not one of our pages gets one; what its headers say besides stays.
fn page_for_problem(response: Response, page: Page) -> Response {
    let status = response.status();
    let is_page = response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| {
        // A script of ours asks for the other.
        [&b"text/html"[..], b"application/json"]
            .iter()
            .any(|ours| kind.as_bytes().starts_with(ours))
    });
    if is_page || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let problem =
        response.extensions().get::<Problem>().copied().unwrap_or_else(|| Problem::of(status));
    let allow = response.headers().get(header::ALLOW).cloned();
    // When even that page fails, a line is better than nothing.
    let mut said = problem.page(page).unwrap_or_else(|problem| {
        (problem.status(), Body::from("This page failed. Nothing you sent was kept.\n"))
            .into_response()
    });
    if let Some(allow) = allow {
        said.headers_mut().insert(header::ALLOW, allow);
    }
    if said.status() == StatusCode::SERVICE_UNAVAILABLE {
        said.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("30"));
    }
    said
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use axum::Router;
    use axum::body::to_bytes;
    use axum::routing::get;
    use tower::ServiceExt;

    use super::*;
    use crate::config::{Config, Limits};
    use crate::router::finish;

    fn routes() -> Router {
        let mut installation =
            Installation::of(&Config::new(std::net::SocketAddr::from(([127, 0, 0, 1], 0))));
        installation.limits = Limits { request: Duration::from_millis(50), ..installation.limits };
        let routes = Router::new()
            .route("/panics", get(async || -> Response { panic!("never said to anyone") }))
            .route(
                "/panics-later",
                get(async || -> Response {
                    tokio::task::yield_now().await;
                    panic!("never said to anyone")
                }),
            )
            .route("/hangs", get(async || std::future::pending::<Response>().await))
            .route("/teapot", get(async || StatusCode::IM_A_TEAPOT));
        finish(routes, installation, installation)
    }

    /// The status and the page.
    fn get_page(path: &str) -> (StatusCode, String) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async {
            let request = Request::get(path).body(Body::empty()).unwrap();
            let response = routes().oneshot(request).await.unwrap();
            assert!(response.headers().contains_key(header::CONTENT_SECURITY_POLICY), "{path}");
            assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store", "{path}");
            let status = response.status();
            let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
            (status, String::from_utf8(body.to_vec()).unwrap())
        })
    }

    #[test]
    fn a_panic_becomes_a_page_that_says_nothing_of_it() {
        for path in ["/panics", "/panics-later"] {
            let (status, page) = get_page(path);
            assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
            assert!(page.contains("<h1>"), "{page}");
            assert!(!page.contains("never said"), "{page}");
        }
    }

    #[test]
    fn what_takes_too_long_is_ended() {
        let (status, page) = get_page("/hangs");
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(page.contains("<h1>"), "{page}");
    }

    #[test]
    fn an_error_of_another_kind_is_a_page_too() {
        let (status, page) = get_page("/teapot");
        assert_eq!(status, StatusCode::IM_A_TEAPOT);
        assert!(page.contains("<h1>"), "{page}");
    }
}
