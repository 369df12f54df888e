//! Every screen of a practice site says that it is one, and no screen of another does.

use axum::http::Method;
use server::{Config, SiteAddress, router};
use store::Role;

use crate::ask::{Answer, ask, block_on, config, without_members};
use crate::everyone::{EVERYONE, roles};
use crate::people::{Installation, OURS};

const BAND: &str = "<p class=\"practice\">";

/// The addresses of all routes, with the number of a member in the place of a number.
fn addresses() -> Vec<String> {
    let number = EVERYONE.of(Role::Caseworker, OURS).id.to_string();
    let routes = include_str!("../../src/router.rs").split(".route(\"").skip(1);
    routes
        .map(|rest| rest.split('"').next().unwrap())
        .map(|path| path.replace("{id}", &number).replace("{file}", "clearway.css"))
        .chain(["/nothing-here".to_owned()])
        .collect()
}

fn is_page(answer: &Answer) -> bool {
    answer.header("content-type").starts_with("text/html")
}

#[test]
fn every_page_of_a_practice_site_says_so() {
    let mut seen = 0;
    let cookies = roles().map(|role| EVERYONE.of(role, OURS).cookie.clone());
    for cookie in cookies.chain([String::new()]) {
        for address in addresses() {
            for language in ["en", "es"] {
                let answer = EVERYONE.here.get(&cookie, &format!("{address}?language={language}"));
                if is_page(&answer) {
                    seen += 1;
                    assert_eq!(answer.body.matches(BAND).count(), 1, "{address} {}", answer.status);
                }
            }
            let answer = EVERYONE.here.post(&cookie, &address, &[("token", "x")]);
            if is_page(&answer) {
                assert!(answer.body.contains(BAND), "POST {address} {}", answer.status);
            }
        }
    }
    assert!(seen > 200, "the pages were looked at: {seen}");
}

#[test]
fn no_page_with_real_data_says_that_it_is_made_up() {
    let mut seen = 0;
    for address in addresses() {
        let answer = ask(without_members(&config()), Method::GET, &address, &[], "");
        if is_page(&answer) {
            seen += 1;
            assert!(!answer.body.contains(BAND), "{address}");
        }
    }
    assert!(seen > 5, "{seen}");
}

#[test]
fn whoever_works_with_real_data_is_told_where_to_try_things_out() {
    let here = Installation::new();
    let (_, cookie) = here.member_and_cookie("ana", Role::Coordinator);
    let site: SiteAddress = "https://practice.example.org".parse().unwrap();
    let account = |practice_site: Option<SiteAddress>, practice: bool| {
        let config = Config { practice_site, practice, clock: here.clock(), ..config() };
        let router = block_on(async { router(&config, here.store.clone()) });
        ask(router, Method::GET, "/account", &[("cookie", &cookie)], "").body
    };
    assert!(account(None, false).contains("Run “clearway demo”"));
    let named = account(Some(site.clone()), false);
    assert!(named.contains("href=\"https://practice.example.org\""), "{named}");
    assert!(!account(Some(site), true).contains("practice.example.org"), "it is one already");
}

#[test]
fn a_site_that_has_a_name_answers_to_no_other() {
    let ask_host = |practice: bool, host: &[(&str, &str)]| {
        let site = Some("https://clearway.example.org".parse().unwrap());
        let config = Config { site, practice, ..config() };
        ask(without_members(&config), Method::GET, "/", host, "")
    };
    for (practice, host, status) in [
        (false, &[("host", "clearway.example.org")][..], 200),
        (false, &[("host", "evil.example")][..], 421),
        (false, &[("host", "127.0.0.1:8080")][..], 421),
        (true, &[("host", "127.0.0.1:8080")][..], 200),
        (true, &[("host", "evil.example")][..], 421),
        (false, &[("host", "clearway.example.org"), ("host", "evil.example")][..], 421),
        (false, &[][..], 421),
    ] {
        let answer = ask_host(practice, host);
        assert_eq!(answer.status.as_u16(), status, "{practice} {host:?}");
        crate::routes::has_all_headers(&answer, "a named site");
    }
    let other = ask_host(false, &[("host", "evil.example")]).body;
    assert!(other.contains("This site has another name"), "{other}");
}
