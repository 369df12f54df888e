//! Where an identity provider is.
//!
//! In: an address as a person writes it. Out: an [`Issuer`], exactly as written, for the provider must name
//! itself so (OpenID Connect Discovery 1.0, §4.3); or why it is none.

use std::fmt;
use std::str::FromStr;

use crate::StoreError;

/// The address by which an identity provider names itself: `https://…`, or `http://…` on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issuer(String);

impl Issuer {
    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is on this machine: then it is for practice.
    pub fn is_on_this_machine(&self) -> bool {
        let rest = self.0.split_once("://").map_or("", |(_, rest)| rest);
        is_loopback(host(rest.split('/').next().unwrap_or_default()).unwrap_or_default())
    }
}

/// The name of a host, without its port; nothing where one of the two is none.
fn host(authority: &str) -> Option<&str> {
    let (host, port) = match authority.strip_prefix("[::1]") {
        Some(port) => ("[::1]", port.strip_prefix(':').or((port.is_empty()).then_some("443"))?),
        None => authority.split_once(':').unwrap_or((authority, "443")),
    };
    let letters = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
    let named = host == "[::1]" || !host.is_empty() && host.chars().all(letters);
    let digits = port.bytes().all(|byte| byte.is_ascii_digit());
    (named && digits && port.parse::<u16>().is_ok()).then_some(host)
}

fn is_loopback(host: &str) -> bool {
    matches!(host, "localhost" | "127.0.0.1" | "[::1]")
}

impl fmt::Display for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Issuer {
    type Err = StoreError;

    /// Reads an address.
    ///
    /// # Errors
    ///
    /// [`StoreError::Issuer`]: it is none, or what goes there would go over the network in clear.
    fn from_str(text: &str) -> Result<Issuer, StoreError> {
        let refused = || StoreError::Issuer(text.to_owned());
        let (scheme, rest) = text.split_once("://").ok_or_else(refused)?;
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let host = host(authority).ok_or_else(refused)?;
        let safe = scheme == "https" || scheme == "http" && is_loopback(host);
        let plain =
            |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~%!$&'()*+,;=:@".contains(&byte);
        match safe && text.len() <= 500 && path.bytes().all(plain) {
            true => Ok(Issuer(text.to_owned())),
            false => Err(refused()),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_address_is_secret_on_its_way_or_does_not_leave_the_machine() {
        for (good, here) in [
            ("https://id.kern.example.org/realms/kern", false),
            ("https://login.microsoftonline.com/00000000-0000-0000-0000-000000000000/v2.0", false),
            ("https://id.example.org:8443", false),
            ("https://localhost/realms/a", true),
            ("http://127.0.0.1:8180/realms/practice", true),
            ("http://[::1]:8180", true),
            ("http://[::1]", true),
        ] {
            let issuer: Issuer = good.parse().unwrap();
            assert_eq!((issuer.as_str(), issuer.is_on_this_machine()), (good, here));
        }
        for bad in [
            "",
            "id.example.org",
            "http://id.example.org",
            "http://127.0.0.1.evil.example",
            "http://localhost@evil.example",
            "https://me@id.example.org",
            "https://id.example.org?x",
            "https://id.example.org/a#b",
            "https://id.example.org/a b",
            "https://id.example.org:x",
            "https://id.example.org:99999",
            "https://",
            "HTTPS://id.example.org",
            "http://[::1]x",
            "https://[::2]",
        ] {
            assert!(matches!(bad.parse::<Issuer>(), Err(StoreError::Issuer(_))), "{bad}");
        }
    }

    proptest! {
        /// Whatever is said, an issuer is exactly that, and in clear it stays on this machine.
        #[test]
        fn nothing_else_is_taken(text in "(https?://)?(localhost|127\\.0\\.0\\.1|\\[::1\\])?[ -~]{0,20}") {
            if let Ok(issuer) = text.parse::<Issuer>() {
                prop_assert_eq!(issuer.as_str(), &text);
                prop_assert!(text.starts_with("https://") || issuer.is_on_this_machine());
                prop_assert!(!text.contains(['@', '?', '#', ' ', '\\']) || text.split_once("://").unwrap().1.contains('/'));
            }
        }
    }
}
