//! Asking a router without a socket.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use server::{Config, Role, router};
use tower::ServiceExt;

/// The addresses of pages that everyone sees.
pub(crate) const PUBLIC: [&str; 5] = ["/", "/help", "/report", "/privacy", "/accessibility"];

/// An answer, read to its end.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

pub(crate) fn config() -> Config {
    Config::new("127.0.0.1:0".parse().unwrap())
}

pub(crate) fn practice() -> Config {
    Config { practice: true, role: Role::Both, ..config() }
}

pub(crate) fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

/// Asks with these headers, which may be none.
pub(crate) fn ask(
    router: Router,
    method: Method,
    path: &str,
    headers: &[(&str, &str)],
    body: impl Into<Body>,
) -> Answer {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(body.into()).unwrap();
    block_on(async {
        let response = router.oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        let body = String::from_utf8(body.to_vec()).unwrap();
        Answer { status: parts.status, headers: parts.headers, body }
    })
}

/// Asks a practice site for a page.
pub(crate) fn get(path: &str) -> Answer {
    ask(router(&practice()), Method::GET, path, &[], "")
}

/// Every page, in both languages, with a name: the public ones, the parts, a form with errors and
/// the pages for problems.
pub(crate) fn all_pages() -> Vec<(String, String)> {
    let mut pages = Vec::new();
    for language in ["en", "es"] {
        for path in PUBLIC.iter().chain(&["/design", "/nothing-here"]) {
            let path = format!("{path}?language={language}");
            pages.push((format!("GET {path}"), get(&path).body));
        }
        let path = format!("/design?language={language}");
        let form = [
            ("content-type", "application/x-www-form-urlencoded"),
            ("sec-fetch-site", "same-origin"),
        ];
        for (headers, body) in [(&form[..], "hours=x"), (&form, "known=no"), (&form[1..], "")] {
            let answer = ask(router(&practice()), Method::POST, &path, headers, body);
            pages.push((format!("POST {path} {body}"), answer.body));
        }
        let turned_away = ask(router(&practice()), Method::POST, &path, &[], "");
        pages.push((format!("POST {path} from elsewhere"), turned_away.body));
    }
    pages
}
