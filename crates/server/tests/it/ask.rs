//! Asking a router without a socket.

use std::sync::LazyLock;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode};
use server::{Config, Role, router};
use store::Store;
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tower::ServiceExt;

use crate::everyone::DESK_PAGES;

/// The connections of a store live as long as what it was opened on.
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
});

/// A store in which nobody is, and its folder.
static EMPTY: LazyLock<(Store, TempDir)> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    (block_on(Store::open(folder.path())).unwrap(), folder)
});

/// The addresses where members come in.
pub(crate) const DOOR: [&str; 2] = ["/sign-in", "/join"];

/// The addresses of pages that everyone sees.
pub(crate) const PUBLIC: [&str; 6] =
    ["/", "/help", "/report", "/published", "/privacy", "/accessibility"];

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
    RUNTIME.block_on(work)
}

pub(crate) fn empty() -> Store {
    EMPTY.0.clone()
}

/// The router of an installation in which nobody is.
pub(crate) fn without_members(config: &Config) -> Router {
    router(config, empty())
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
    ask(without_members(&practice()), Method::GET, path, &[], "")
}

/// Every page, in both languages, with a name: those for people at work, the public ones, the parts, a
/// form with errors and the pages for problems.
pub(crate) fn all_pages() -> Vec<(String, String)> {
    let desk = DESK_PAGES.iter().map(|(name, page, _)| (name.clone(), page.clone()));
    let mut pages: Vec<(String, String)> = desk.collect();
    for language in ["en", "es"] {
        for path in PUBLIC.iter().chain(&DOOR).chain(&["/design", "/nothing-here"]) {
            let path = format!("{path}?language={language}");
            pages.push((format!("GET {path}"), get(&path).body));
        }
        let path = format!("/design?language={language}");
        let form = [
            ("content-type", "application/x-www-form-urlencoded"),
            ("sec-fetch-site", "same-origin"),
        ];
        for (headers, body) in [(&form[..], "hours=x"), (&form, "known=no"), (&form[1..], "")] {
            let answer = ask(without_members(&practice()), Method::POST, &path, headers, body);
            pages.push((format!("POST {path} {body}"), answer.body));
        }
        let turned_away = ask(without_members(&practice()), Method::POST, &path, &[], "");
        pages.push((format!("POST {path} from elsewhere"), turned_away.body));
    }
    pages
}
