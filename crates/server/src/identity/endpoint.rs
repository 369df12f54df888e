//! An address of a provider.
//!
//! In: text that the provider says of itself. Out: an address to which a code or a secret may be sent: over
//! TLS, or in clear on this machine where the provider itself is there.

use std::net::{Ipv4Addr, Ipv6Addr};

use axum::http::Uri;
use axum::http::uri::Authority;
use store::Issuer;

use crate::site_address::is_loopback;

/// Where something of a provider is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Endpoint(Uri);

impl Endpoint {
    /// The address, if it is one that may be used with this provider.
    pub(crate) fn of(text: &str, issuer: &Issuer) -> Option<Endpoint> {
        let uri: Uri = text.parse().ok()?;
        let host = uri.authority().filter(|authority| is_place(authority))?.host();
        let safe = match uri.scheme_str()? {
            "https" => true,
            "http" => issuer.is_on_this_machine() && is_loopback(host),
            _ => false,
        };
        // What is not in the form of an address is no part of one that a page names.
        let plain = text.len() <= 1000 && text.bytes().all(|byte| byte.is_ascii_graphic());
        let quoted = text.contains(['"', '\'', '<', '>', '\\', '^', '`', '{', '|', '}', '#']);
        (safe && plain && !quoted).then_some(Endpoint(uri))
    }

    /// Where a provider says what it is (OpenID Connect Discovery 1.0, §4).
    pub(crate) fn of_metadata(issuer: &Issuer) -> Option<Endpoint> {
        let base = issuer.as_str().strip_suffix('/').unwrap_or(issuer.as_str());
        Endpoint::of(&format!("{base}/.well-known/openid-configuration"), issuer)
    }

    pub(super) fn uri(&self) -> &Uri {
        &self.0
    }

    /// The address with more in its query.
    pub(super) fn with(&self, pairs: &[(&str, &str)]) -> String {
        let said = self.0.to_string();
        let mark = if self.0.query().is_some() { '&' } else { '?' };
        format!("{said}{mark}{}", pairs_of(pairs))
    }

    pub(super) fn is_https(&self) -> bool {
        self.0.scheme_str() == Some("https")
    }

    /// The name of its host as it is looked up, and its port.
    pub(super) fn place(&self) -> (&str, u16) {
        let host = self.0.host().unwrap_or_default();
        let usual = if self.is_https() { 443 } else { 80 };
        let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        (bare, self.0.port_u16().unwrap_or(usual))
    }
}

/// Whether it is a host, perhaps with a port, that a browser takes as the same one as we do: nobody is named
/// before it, and a number is written as one.
fn is_place(authority: &Authority) -> bool {
    let host = authority.host();
    let port = authority.as_str().strip_prefix(host);
    let port = port.is_some_and(|port| {
        let number = port.strip_prefix(':').map(str::parse::<u16>);
        port.is_empty() || number.is_some_and(|number| number.is_ok())
    });
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    let named = host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte));
    let last = host.rsplit('.').next().unwrap_or_default();
    let is_name = named && last.starts_with(|first: char| first.is_ascii_alphabetic());
    let is_number = match bare {
        Some(bare) => bare.parse::<Ipv6Addr>().is_ok(),
        None => host.parse::<Ipv4Addr>().is_ok(),
    };
    port && (is_name || is_number)
}

/// Names and values as forms and addresses say them.
pub(super) fn pairs_of(pairs: &[(&str, &str)]) -> String {
    let said: Vec<String> =
        pairs.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
    said.join("&")
}

/// A text with all that is not plain as `%` and two digits (RFC 3986, §2.1).
pub(super) fn encoded(text: &str) -> String {
    let mut said = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            said.push(char::from(byte));
        } else {
            said.push_str(&format!("%{byte:02X}"));
        }
    }
    said
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn issuer(text: &str) -> Issuer {
        text.parse().unwrap()
    }

    #[test]
    fn an_address_is_over_tls_or_on_this_machine_with_its_provider() {
        let (far, here) = (issuer("https://id.example.org"), issuer("http://127.0.0.1:8180/a"));
        for (text, with_far, with_here) in [
            ("https://id.example.org/token", true, true),
            ("https://other.example.org/authorize?p=sign", true, true),
            ("http://127.0.0.1:8180/token", false, true),
            ("http://id.example.org/token", false, false),
            ("https://me@id.example.org/", false, false),
            ("javascript:alert(1)", false, false),
            ("/token", false, false),
            ("", false, false),
            ("https://00/token", false, false),
            ("https://0x7f.1/token", false, false),
            ("https://id.example.org:99999/token", false, false),
            ("https://id.example.org:x/token", false, false),
            ("https://id.example.org/\"><script>", false, false),
        ] {
            assert_eq!(Endpoint::of(text, &far).is_some(), with_far, "{text}");
            assert_eq!(Endpoint::of(text, &here).is_some(), with_here, "{text}");
        }
    }

    #[test]
    fn what_is_asked_for_is_in_its_query() {
        let far = issuer("https://id.example.org/realms/a/");
        let metadata = Endpoint::of_metadata(&far).unwrap();
        let place = "https://id.example.org/realms/a/.well-known/openid-configuration";
        assert_eq!(metadata.uri().to_string(), place);
        assert_eq!(metadata.place(), ("id.example.org", 443));
        let asks = Endpoint::of("https://id.example.org/authorize?p=x", &far).unwrap();
        let said = asks.with(&[("scope", "openid"), ("redirect_uri", "https://a/b?c")]);
        let query = "?p=x&scope=openid&redirect_uri=https%3A%2F%2Fa%2Fb%3Fc";
        assert_eq!(said, format!("https://id.example.org/authorize{query}"));
        let six = Endpoint::of("http://[::1]:8180/x", &issuer("http://[::1]:8180")).unwrap();
        assert_eq!(six.place(), ("::1", 8180));
    }

    proptest! {
        /// Whatever a provider says, an address that is taken leads where a browser would go too, in secret
        /// or to this machine.
        #[test]
        fn nothing_else_is_taken(text in "(https?://)?(127\\.0\\.0\\.1)?[!-~]{0,25}", here: bool) {
            let own = issuer(if here { "http://localhost" } else { "https://id.example.org" });
            if let Some(endpoint) = Endpoint::of(&text, &own) {
                // Some names are none to a browser, which goes nowhere then.
                let Ok(there) = url::Url::parse(&endpoint.with(&[("a", "b")])) else { return Ok(()) };
                let (host, port) = endpoint.place();
                let host = host.to_lowercase();
                let there_host = there.host_str().map(|host| host.trim_matches(['[', ']']));
                prop_assert_eq!(there_host, Some(&*host));
                prop_assert_eq!(there.port_or_known_default(), Some(port));
                prop_assert!(there.scheme() == "https" || here);
            }
        }

        /// What is encoded is read back as it was.
        #[test]
        fn pairs_are_read_back(name in "[a-z]{1,5}", value in "\\PC{0,20}") {
            let said = pairs_of(&[(&name, &value)]);
            let read: Vec<(String, String)> =
                url::form_urlencoded::parse(said.as_bytes()).into_owned().collect();
            prop_assert_eq!(read, [(name, value)]);
        }
    }
}
