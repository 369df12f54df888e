//! Every address with every method: what it answers, and what stands around the answer.

use axum::http::{Method, StatusCode};
use server::Config;

use crate::ask::{Answer, DOOR, PUBLIC, ask, config, get, practice, without_members};
use crate::markup::{between, values};

const METHODS: [Method; 7] = [
    Method::GET,
    Method::HEAD,
    Method::OPTIONS,
    Method::POST,
    Method::PUT,
    Method::PATCH,
    Method::DELETE,
];

/// The addresses with what a practice site answers to GET.
fn addresses() -> Vec<(String, StatusCode)> {
    let style = between(&get("/").body, "stylesheet\" href=\"", "\"").to_owned();
    let plain = ["/health", "/robots.txt", "/design"];
    let found =
        PUBLIC.iter().chain(&DOOR).chain(&plain).map(|path| (*path).to_owned()).chain([style]);
    let lost = ["/static/clearway.css", "/static/..%2f..%2fCargo.toml", "/nothing", "/help/", "//"];
    found
        .map(|path| (path, StatusCode::OK))
        .chain(lost.map(|path| (path.to_owned(), StatusCode::NOT_FOUND)))
        .collect()
}

fn from_our_page(config: &Config, method: Method, path: &str) -> Answer {
    ask(without_members(config), method, path, &[("sec-fetch-site", "same-origin")], "")
}

pub(crate) fn has_all_headers(answer: &Answer, told: &str) {
    for (name, value) in [
        (
            "content-security-policy",
            "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; \
             connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        ),
        ("referrer-policy", "no-referrer"),
        ("x-content-type-options", "nosniff"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("strict-transport-security", ""),
        ("set-cookie", ""),
        ("server", ""),
    ] {
        assert_eq!(answer.header(name), value, "{told}: {name}");
    }
    assert!(answer.header("permissions-policy").contains("geolocation=()"), "{told}");
    let kept = answer.header("cache-control");
    if told.contains("/static/") && answer.status == StatusCode::OK {
        assert_eq!(kept, "public, max-age=31536000, immutable", "{told}");
    } else {
        assert_eq!(kept, "no-store", "{told}");
    }
}

#[test]
fn every_address_answers_every_method_with_its_headers() {
    for (path, status) in addresses() {
        for method in METHODS {
            let answer = from_our_page(&practice(), method.clone(), &path);
            let told = format!("{method} {path}");
            let expected = match (method.as_str(), path.as_str(), status) {
                ("GET" | "HEAD", _, _) => status,
                // A method is refused before anyone looks whether there is such a file.
                (_, path, _) if path.starts_with("/static/") => StatusCode::METHOD_NOT_ALLOWED,
                (_, _, StatusCode::NOT_FOUND) => StatusCode::NOT_FOUND,
                // Without a form in it.
                ("POST", "/design" | "/sign-in" | "/join", _) => StatusCode::BAD_REQUEST,
                _ => StatusCode::METHOD_NOT_ALLOWED,
            };
            assert_eq!(answer.status, expected, "{told}");
            if answer.status == StatusCode::METHOD_NOT_ALLOWED {
                assert!(answer.header("allow").contains("GET"), "{told}");
            }
            if !answer.status.is_success() {
                assert!(answer.header("content-type").starts_with("text/html"), "{told}");
                let is_page = answer.body.contains("<h1>") || method == Method::HEAD;
                assert!(is_page, "{told}: an error is a page");
            }
            has_all_headers(&answer, &told);
        }
    }
}

#[test]
fn what_comes_from_elsewhere_may_read_and_nothing_else() {
    for (path, _) in addresses() {
        for method in METHODS {
            let said = [("sec-fetch-site", "cross-site")];
            let answer = ask(without_members(&practice()), method.clone(), &path, &said, "");
            let reads = ["GET", "HEAD", "OPTIONS"].contains(&method.as_str());
            assert_eq!(answer.status == StatusCode::FORBIDDEN, !reads, "{method} {path}");
            has_all_headers(&answer, &format!("{method} {path}"));
        }
    }
}

#[test]
fn the_parts_are_shown_in_practice_only() {
    for method in METHODS {
        let answer = from_our_page(&config(), method, "/design");
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
    }
}

#[test]
fn tls_is_insisted_on_only_where_it_is() {
    let behind_tls = Config { behind_tls: true, ..config() };
    for path in ["/", "/nothing", "/health"] {
        let answer = from_our_page(&behind_tls, Method::GET, path);
        let told = answer.header("strict-transport-security");
        assert_eq!(told, "max-age=63072000; includeSubDomains");
    }
}

#[test]
fn watchers_and_search_engines_are_answered() {
    let plain = |config: &Config, path| from_our_page(config, Method::GET, path).body;
    assert_eq!(plain(&config(), "/health"), "ok\n");
    assert_eq!(plain(&config(), "/robots.txt"), "User-agent: *\nAllow: /\n");
    assert_eq!(plain(&practice(), "/robots.txt"), "User-agent: *\nDisallow: /\n");
}

#[test]
fn files_have_their_types() {
    let page = get("/").body;
    let files: Vec<&str> = ["href", "src"].iter().flat_map(|name| values(&page, name)).collect();
    let files: Vec<&str> = files.into_iter().filter(|path| path.starts_with("/static/")).collect();
    let types: Vec<String> =
        files.iter().map(|path| get(path).header("content-type").to_owned()).collect();
    insta::assert_debug_snapshot!(types, @r#"
    [
        "image/svg+xml",
        "text/css; charset=utf-8",
        "text/javascript; charset=utf-8",
    ]
    "#);
}
