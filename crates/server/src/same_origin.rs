//! Whether a request that may change something comes from one of our own pages.
//!
//! Browsers say so in `Sec-Fetch-Site`, over https and on this machine. Over plain http from
//! another machine they leave it out, and since our pages send no referrer, they send
//! `Origin: null` with a form; that is turned away, for anyone on the network could have sent it.
//! Other programs may name our own address in `Origin`.

use axum::http::Method;
use axum::http::header::{HOST, HeaderMap, HeaderName, ORIGIN};

const SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// True when the request only reads, or comes from a page of ours.
pub(crate) fn same_origin(method: &Method, headers: &HeaderMap, behind_tls: bool) -> bool {
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return true;
    }
    if headers.contains_key(SITE) {
        return headers.get_all(SITE).iter().all(|site| site == "same-origin");
    }
    let scheme = if behind_tls { "https" } else { "http" };
    let (Some(origin), Some(host)) = (text(headers, &ORIGIN), text(headers, &HOST)) else {
        return false;
    };
    origin
        .split_once("://")
        .is_some_and(|(said, from)| said == scheme && from.eq_ignore_ascii_case(host))
}

/// The value of a header that is there once.
fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => value.to_str().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn allowed(method: Method, said: &[(&HeaderName, &str)], behind_tls: bool) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in said {
            headers.append(*name, HeaderValue::from_str(value).unwrap());
        }
        same_origin(&method, &headers, behind_tls)
    }

    #[test]
    fn reading_is_always_allowed() {
        for method in [Method::GET, Method::HEAD, Method::OPTIONS] {
            assert!(allowed(method, &[(&SITE, "cross-site")], false));
        }
    }

    #[test]
    fn changing_needs_one_of_our_pages() {
        let post = |said: &[(&HeaderName, &str)]| allowed(Method::POST, said, false);
        assert!(post(&[(&SITE, "same-origin")]));
        assert!(post(&[(&ORIGIN, "http://desk:8080"), (&HOST, "desk:8080")]));
        assert!(post(&[(&ORIGIN, "http://Desk"), (&HOST, "desk")]));
        for said in [
            &[][..],
            &[(&SITE, "same-site")],
            &[(&SITE, "none")],
            &[(&SITE, "same-origin"), (&SITE, "cross-site")],
            &[(&SITE, "cross-site"), (&ORIGIN, "http://desk"), (&HOST, "desk")],
            &[(&HOST, "desk")],
            &[(&ORIGIN, "null"), (&HOST, "desk")],
            &[(&ORIGIN, "http://desk:81"), (&HOST, "desk")],
            &[(&ORIGIN, "http://desk.elsewhere"), (&HOST, "desk")],
            &[(&ORIGIN, "https://desk"), (&HOST, "desk")],
            &[(&ORIGIN, "http://desk"), (&ORIGIN, "http://evil"), (&HOST, "desk")],
        ] {
            for method in [Method::POST, Method::PUT, Method::DELETE, Method::PATCH] {
                assert!(!allowed(method, said, false), "{said:?}");
            }
        }
        let said = [(&ORIGIN, "https://desk"), (&HOST, "desk")];
        assert!(allowed(Method::POST, &said, true));
        assert!(!allowed(Method::POST, &said, false));
    }
}
