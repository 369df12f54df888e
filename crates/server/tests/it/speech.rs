//! In which language a page speaks.

use axum::http::Method;
use proptest::prelude::*;

use crate::ask::{ask, config, without_members};
use crate::markup::{between, values};

/// The language of the page at an address, for a browser that wishes so.
fn language(path: &str, wish: &str) -> String {
    let headers: &[(&str, &str)] = if wish.is_empty() { &[] } else { &[("accept-language", wish)] };
    let answer = ask(without_members(&config()), Method::GET, path, headers, "");
    let language = between(&answer.body, "<html lang=\"", "\"").to_owned();
    assert_eq!(answer.header("content-language"), language);
    language
}

#[test]
fn the_address_comes_before_the_browser_and_english_is_last() {
    for (path, wish, expected) in [
        ("/", "", "en"),
        ("/", "es-MX,es;q=0.9", "es"),
        ("/", "vi,fr;q=0.5", "en"),
        ("/?language=es", "en", "es"),
        ("/?language=en", "es", "en"),
        ("/?language=fr", "es", "es"),
        ("/nothing-here", "es", "es"),
        ("/nothing-here?language=es", "", "es"),
    ] {
        assert_eq!(language(path, wish), expected, "{path} {wish}");
    }
}

#[test]
fn the_switch_keeps_the_place() {
    for (path, other) in [
        ("/help?x=1&language=es", "/help?x=1&language=en"),
        ("/lost/%C3%A9?a=%22", "/lost/%C3%A9?a=%22&language=es"),
        ("//elsewhere.example/", "/elsewhere.example/?language=es"),
    ] {
        let page =
            ask(without_members(&config()), Method::GET, path, &[], "").body.replace("&#38;", "&");
        assert!(values(&page, "href").contains(&other), "{path}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever is asked for, the answer is a page and holds nothing of it but as text.
    #[test]
    fn no_address_breaks_a_page(path in "[ -~]{0,20}", query in "[ -~]{0,20}", wish in "[ -~]{0,20}") {
        let uri = format!("/x{path}?{query}");
        prop_assume!(uri.parse::<axum::http::Uri>().is_ok());
        let answer = ask(without_members(&config()), Method::GET, &uri, &[("accept-language", &wish)], "");
        prop_assert_eq!(answer.status, 404);
        for link in values(&answer.body, "href") {
            let known = link.starts_with('#') || link.starts_with("tel:") || link.starts_with("sms:")
                || link == "https://www.weather.gov/"
                || (link.starts_with('/') && !link.starts_with("//"));
            prop_assert!(known, "{}", link);
        }
    }
}
