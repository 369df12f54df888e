//! Sending a form: what is checked, what is refused, what comes back.

use axum::http::{Method, StatusCode};
use server::Limits;

use crate::ask::{Answer, ask, config, practice, without_members};
use crate::markup::values;

const OURS: (&str, &str) = ("sec-fetch-site", "same-origin");
const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

fn send(headers: &[(&str, &str)], body: &str) -> Answer {
    ask(without_members(&practice()), Method::POST, "/design?language=en", headers, body.to_owned())
}

#[test]
fn answers_that_are_fine_are_received() {
    let answer = send(&[OURS, FORM], "known=unsure&hours=+3+&remark=");
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.body.contains("class=\"notice success\" role=\"status\""));
    assert!(!answer.body.contains("class=\"summary\""));
}

#[test]
fn errors_are_listed_linked_and_what_was_typed_stays() {
    let answer = send(&[OURS, FORM], "hours=%22%3E%3Cscript%3E&remark=%3C%2Ftextarea%3E");
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("<title>To correct: Design – Clearway</title>"));
    let links = values(&answer.body, "href");
    assert!(links.contains(&"#known") && links.contains(&"#hours"), "{links:?}");
    assert!(answer.body.contains("value=\"&#34;&#62;&#60;script&#62;\""), "{}", answer.body);
    assert!(answer.body.contains("&#60;/textarea&#62;</textarea>"));
    assert!(!answer.body.contains("<script>"));
    assert!(values(&answer.body, "aria-describedby").contains(&"hours-hint hours-error"));
}

#[test]
fn what_is_not_a_form_is_refused() {
    for headers in [&[OURS][..], &[OURS, ("content-type", "application/json")]] {
        let answer = send(headers, "{}");
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert!(answer.body.contains("Nothing you sent was kept."));
    }
}

#[test]
fn a_form_that_is_too_long_is_refused() {
    let mut small = practice();
    small.limits = Limits { form_bytes: 1000, ..small.limits };
    let body = |bytes| format!("known=yes&other={}", "x".repeat(bytes));
    for (bytes, status) in [(900, StatusCode::OK), (1000, StatusCode::PAYLOAD_TOO_LARGE)] {
        let answer =
            ask(without_members(&small), Method::POST, "/design", &[OURS, FORM], body(bytes));
        assert_eq!(answer.status, status);
    }
}

#[test]
fn a_browser_that_does_not_say_the_site_says_the_origin() {
    let host = ("host", "desk:8080");
    for (origin, status) in
        [("http://desk:8080", StatusCode::OK), ("http://elsewhere", StatusCode::FORBIDDEN)]
    {
        assert_eq!(send(&[host, ("origin", origin), FORM], "known=no").status, status, "{origin}");
    }
    assert_eq!(send(&[host, FORM], "known=no").status, StatusCode::FORBIDDEN);
}

#[test]
fn without_practice_there_is_no_form() {
    let answer =
        ask(without_members(&config()), Method::POST, "/design", &[OURS, FORM], "known=no");
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}
