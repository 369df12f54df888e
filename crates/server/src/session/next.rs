//! Where to go after signing in.
//!
//! In: an address out of a link, which anyone can make up. Out: a page of this site, or nothing: a link to
//! our sign-in must not lead to somebody else's.

use axum::http::Uri;

use crate::frame::Place;

/// A page of this site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Next(String);

/// Where somebody goes who said nothing.
const FIRST: &str = "/account";

impl Next {
    /// The address, if it is a plain path of ours.
    pub(crate) fn of(address: &str) -> Option<Next> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/%=+:,@?&".contains(&byte);
        // Two slashes, or dots that a browser takes as a way up, could lead elsewhere in the end.
        let ours = address.starts_with('/')
            && address.len() <= 500
            && address.bytes().all(plain)
            && !address.contains("//")
            && !address.contains("/.");
        ours.then(|| Next(address.to_owned()))
    }

    /// Where a reader is.
    pub(crate) fn here(uri: &Uri) -> Next {
        Next::of(&Place::of(uri).0.address()).unwrap_or_default()
    }

    /// The address.
    pub(crate) fn address(&self) -> &str {
        &self.0
    }

    /// A page of ours that leads there later.
    pub(crate) fn after(&self, path: &str) -> String {
        if *self == Next::default() {
            return path.to_owned();
        }
        let mut address = format!("{path}?next=");
        for byte in self.0.bytes() {
            if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
                address.push(char::from(byte));
            } else {
                address.push_str(&format!("%{byte:02X}"));
            }
        }
        address
    }
}

impl Default for Next {
    fn default() -> Next {
        Next(FIRST.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Where a browser would go from our sign-in.
    fn leads_to(address: &str) -> url::Url {
        let sign_in = url::Url::parse("https://desk.example/sign-in").unwrap();
        sign_in.join(address).unwrap()
    }

    #[test]
    fn only_own_paths_are_taken() {
        for taken in ["/", "/members", "/audit?week=2026-11-23", "/a%2Fb?x=1&y=%C3%A9"] {
            assert_eq!(Next::of(taken).unwrap().address(), taken);
        }
        for refused in [
            "",
            "members",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/\t/evil.example",
            "/.//evil.example",
            "/..//evil.example",
            "/a/../b",
            "\\\\evil.example",
            " /members",
            "/a b",
            "javascript:alert(1)",
            "/members#x",
            "/\u{ff0f}evil.example",
            "/a?next=https://evil.example",
        ] {
            assert_eq!(Next::of(refused), None, "{refused:?}");
        }
    }

    #[test]
    fn it_goes_through_an_address_unchanged() {
        let next = Next::of("/audit?week=2026-11-23&x=%C3%A9").unwrap();
        assert_eq!(
            next.after("/sign-in"),
            "/sign-in?next=/audit%3Fweek%3D2026-11-23%26x%3D%25C3%25A9"
        );
        assert_eq!(Next::default().after("/unlock"), "/unlock");
    }

    proptest! {
        /// However an address is made up, a browser stays on this site.
        #[test]
        fn nothing_leads_elsewhere(
            address in prop_oneof!["\\PC{0,30}", "[/\\\\.@:?%a-z0-9\t]{0,12}", "/[/.\\\\%25cf]{0,6}evil\\.example"],
        ) {
            if let Some(next) = Next::of(&address) {
                let there = leads_to(next.address());
                prop_assert_eq!(there.origin(), leads_to("/").origin(), "{}", address);
                prop_assert!(!there.path().starts_with("//"), "{}", there);
            }
        }

        /// Where a reader is can always be come back to, or is the first page.
        #[test]
        fn here_is_on_this_site(path in "[!-~]{0,30}") {
            if let Ok(uri) = format!("/{path}").parse::<Uri>() {
                prop_assert!(Next::of(Next::here(&uri).address()).is_some());
            }
        }
    }
}
