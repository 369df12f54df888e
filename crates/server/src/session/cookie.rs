//! The cookie of a session, one that lasts for five minutes while a passkey answers, and one that lasts for
//! ten while somebody is at her agency's identity provider.
//!
//! In: the headers of a request, or the secret of a new session. Out: the secret, or the header that sets
//! or takes it away. It lives as long as the window: no `Max-Age`, and what it opens ends by itself. None of
//! them goes with a request that another site causes: who comes back from a provider is first led on by a page
//! of ours, and brings them then.

use std::convert::Infallible;

use axum::extract::{FromRef, FromRequestParts};
use axum::http::header::COOKIE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};

use crate::config::Installation;

/// What a browser says of its session; nothing when it says nothing.
#[derive(Clone, Default)]
pub(crate) struct Cookie(Option<String>);

impl Cookie {
    fn of(headers: &HeaderMap, behind_tls: bool) -> Cookie {
        Cookie(one(headers, name(behind_tls)))
    }

    /// What it carries; empty text, which opens nothing, when there is none.
    pub(crate) fn secret(&self) -> &str {
        self.0.as_deref().unwrap_or("")
    }

    /// Whether there is one, of a session or not.
    pub(crate) fn is_there(&self) -> bool {
        self.0.is_some()
    }

    /// The header that gives a browser the secret of a session.
    pub(crate) fn set(secret: &str, installation: Installation) -> Option<HeaderValue> {
        given(name(installation.behind_tls), secret, installation, "")
    }

    /// The header that takes it away.
    pub(crate) fn forget(installation: Installation) -> Option<HeaderValue> {
        given(name(installation.behind_tls), "", installation, "; Max-Age=0")
    }
}

/// The header that gives a cookie to a browser, for as long as `age` says.
fn given(name: &str, value: &str, installation: Installation, age: &str) -> Option<HeaderValue> {
    HeaderValue::from_str(&format!("{name}={value}{}{age}", rules(installation))).ok()
}

/// The value of the one cookie with this name: with two, one of them was put there by somebody else.
fn one(headers: &HeaderMap, name: &str) -> Option<String> {
    let mut found = headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|pairs| pairs.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(found, _)| *found == name)
        .map(|(_, secret)| secret.to_owned());
    match (found.next(), found.next()) {
        (Some(secret), None) => Some(secret),
        _ => None,
    }
}

/// What a browser says while its passkey answers: without it nobody else's answer is taken from there.
pub(crate) struct PasskeyCookie(String);

impl PasskeyCookie {
    /// What it carries; empty text, which nothing was asked with, when there is none.
    pub(crate) fn secret(&self) -> &str {
        &self.0
    }

    /// The header that gives it to a browser, for five minutes.
    pub(crate) fn set(secret: &str, installation: Installation) -> Option<HeaderValue> {
        given(passkey_name(installation.behind_tls), secret, installation, "; Max-Age=300")
    }
}

impl<S: Sync> FromRequestParts<S> for PasskeyCookie
where
    Installation: FromRef<S>,
{
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<PasskeyCookie, Infallible> {
        let name = passkey_name(Installation::from_ref(state).behind_tls);
        Ok(PasskeyCookie(one(&parts.headers, name).unwrap_or_default()))
    }
}

/// What a browser says that comes back from an identity provider: without it nobody else's answer is taken
/// from there.
pub(crate) struct IdentityCookie(String);

impl IdentityCookie {
    /// What it carries; empty text, which nothing was asked with, when there is none.
    pub(crate) fn secret(&self) -> &str {
        &self.0
    }

    /// The header that gives it to a browser, for ten minutes.
    pub(crate) fn set(secret: &str, installation: Installation) -> Option<HeaderValue> {
        given(identity_name(installation.behind_tls), secret, installation, "; Max-Age=600")
    }

    /// The header that takes it away.
    pub(crate) fn forget(installation: Installation) -> Option<HeaderValue> {
        given(identity_name(installation.behind_tls), "", installation, "; Max-Age=0")
    }
}

impl<S: Sync> FromRequestParts<S> for IdentityCookie
where
    Installation: FromRef<S>,
{
    type Rejection = Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &S,
    ) -> Result<IdentityCookie, Infallible> {
        let name = identity_name(Installation::from_ref(state).behind_tls);
        Ok(IdentityCookie(one(&parts.headers, name).unwrap_or_default()))
    }
}

fn identity_name(behind_tls: bool) -> &'static str {
    if behind_tls { "__Host-clearway-identity" } else { "clearway-identity" }
}

fn passkey_name(behind_tls: bool) -> &'static str {
    if behind_tls { "__Host-clearway-passkey" } else { "clearway-passkey" }
}

/// With the prefix, a browser takes it only from this very host, over TLS.
fn name(behind_tls: bool) -> &'static str {
    if behind_tls { "__Host-clearway" } else { "clearway" }
}

fn rules(installation: Installation) -> &'static str {
    if installation.behind_tls {
        "; Path=/; HttpOnly; SameSite=Strict; Secure"
    } else {
        "; Path=/; HttpOnly; SameSite=Strict"
    }
}

impl<S: Sync> FromRequestParts<S> for Cookie
where
    Installation: FromRef<S>,
{
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Cookie, Infallible> {
        Ok(Cookie::of(&parts.headers, Installation::from_ref(state).behind_tls))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn secret(lines: &[&str], behind_tls: bool) -> String {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(COOKIE, HeaderValue::from_str(line).unwrap());
        }
        Cookie::of(&headers, behind_tls).secret().to_owned()
    }

    #[test]
    fn there_is_one_or_none() {
        assert_eq!(secret(&[], false), "");
        assert_eq!(secret(&["clearway=abc"], false), "abc");
        assert_eq!(secret(&["other=1; clearway=abc; x=y"], false), "abc");
        assert_eq!(secret(&["clearway=abc"], true), "", "over TLS only with the prefix");
        assert_eq!(secret(&["clearway=planted; __Host-clearway=abc"], true), "abc");
        assert_eq!(secret(&["clearway=abc; clearway=planted"], false), "");
        assert_eq!(secret(&["clearway=abc", "clearway=planted"], false), "");
        assert_eq!(secret(&["Clearway=abc; xclearway=abc"], false), "");
    }

    proptest! {
        /// Whatever a browser sends, there is a secret or none.
        #[test]
        fn no_header_makes_it_panic(line in "[ -~]{0,40}") {
            prop_assert!(!secret(&[&line], false).contains(';'));
        }
    }
}
