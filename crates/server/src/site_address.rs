//! The address of an installation, this one or the one for practice.
//!
//! In: what the operator says. Out: an address that a page may link to, and whether a request names its
//! host; or why it is none.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use axum::http::Uri;
use sealing::RelyingParty;

/// Under which address an installation is reached: `https://…`, or `http://…` on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteAddress(Arc<str>);

/// What was said is no address of an installation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "expected an address such as https://clearway.example.org; plain http only on this machine"
)]
pub struct NoSiteAddress;

impl SiteAddress {
    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The address of one of its pages.
    pub(crate) fn page(&self, path: &str) -> String {
        format!("{}{path}", self.0.trim_end_matches('/'))
    }

    /// The name of its host, without a port: where its messages come from.
    pub(crate) fn host(&self) -> String {
        let uri = self.0.parse().ok();
        uri.as_ref().and_then(Uri::host).unwrap_or_default().to_owned()
    }

    /// Whether it is reached over TLS.
    pub fn is_https(&self) -> bool {
        self.0.get(..6).is_some_and(|scheme| scheme.eq_ignore_ascii_case("https:"))
    }

    /// For what its passkeys are; nothing for an address without a name, such as 127.0.0.1.
    pub(crate) fn relying_party(&self) -> Option<RelyingParty> {
        let (scheme, rest) = self.0.split_once("://")?;
        let place = rest.split(['/', '?', '#']).next()?;
        format!("{scheme}://{place}").parse().ok()
    }

    /// Whether a `Host` header names it. A port that its scheme has anyway may be left out.
    pub(crate) fn is_named_by(&self, host: &str) -> bool {
        let (scheme, rest) = self.0.split_once("://").unwrap_or_default();
        let own = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let usual = if scheme.eq_ignore_ascii_case("https") { ":443" } else { ":80" };
        let bare = |name: &str| name.strip_suffix(usual).unwrap_or(name).to_ascii_lowercase();
        bare(own) == bare(host)
    }
}

/// Whether a `Host` header names this machine, by whichever port.
pub(crate) fn is_this_machine(host: &str) -> bool {
    let name = host.parse().ok().filter(|uri: &Uri| uri.authority().is_some());
    name.is_some_and(|uri| uri.host().is_some_and(is_loopback))
}

pub(crate) fn is_loopback(host: &str) -> bool {
    matches!(host, "localhost" | "127.0.0.1" | "[::1]")
}

impl fmt::Display for SiteAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for SiteAddress {
    type Err = NoSiteAddress;

    /// Reads an address.
    ///
    /// # Errors
    ///
    /// [`NoSiteAddress`]: it is none, names somebody, or would go over the network in clear.
    fn from_str(text: &str) -> Result<SiteAddress, NoSiteAddress> {
        let uri: Uri = text.parse().map_err(|_| NoSiteAddress)?;
        let authority = uri.authority().ok_or(NoSiteAddress)?;
        let safe = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => is_loopback(authority.host()),
            _ => false,
        };
        match safe && !authority.as_str().contains('@') {
            true => Ok(SiteAddress(text.into())),
            false => Err(NoSiteAddress),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_address_is_one_that_a_page_may_link_to() {
        for good in ["https://practice.example.org", "https://a.b:8443/x", "http://127.0.0.1:8080/"]
        {
            assert_eq!(good.parse::<SiteAddress>().unwrap().as_str(), good);
        }
        for bad in [
            "",
            "practice",
            "/practice",
            "http://example.org",
            "javascript:x",
            "ftp://a",
            "https://me@b.org",
        ] {
            assert_eq!(bad.parse::<SiteAddress>(), Err(NoSiteAddress), "{bad}");
        }
    }

    #[test]
    fn its_pages_are_below_it_and_messages_come_from_its_host() {
        for (site, page, host) in [
            ("https://a.example.org", "https://a.example.org/late", "a.example.org"),
            ("https://a.example.org:8443/", "https://a.example.org:8443/late", "a.example.org"),
            ("https://a.example.org/here", "https://a.example.org/here/late", "a.example.org"),
        ] {
            let site: SiteAddress = site.parse().unwrap();
            assert!(site.is_https() && site.relying_party().is_some());
            assert_eq!((&site.page("/late")[..], &site.host()[..]), (page, host));
        }
        assert_eq!("https://a.b\r\nTo: c".parse::<SiteAddress>(), Err(NoSiteAddress));
    }

    #[test]
    fn a_host_is_the_sites_own_or_another() {
        let site: SiteAddress = "https://clearway.example.org/".parse().unwrap();
        for own in ["clearway.example.org", "Clearway.Example.org:443"] {
            assert!(site.is_named_by(own), "{own}");
        }
        for other in ["", "evil.example", "clearway.example.org:8443", "clearway.example.org.evil"]
        {
            assert!(!site.is_named_by(other), "{other}");
        }
        for here in ["localhost", "127.0.0.1:8080", "[::1]:1"] {
            assert!(is_this_machine(here), "{here}");
        }
        for other in ["", "127.0.0.1.evil.example", "localhost.evil", "evil/localhost"] {
            assert!(!is_this_machine(other), "{other}");
        }
    }

    proptest! {
        /// Whatever is said, an address that is taken leads to a host, in secret or to this machine, and
        /// is named by that host.
        #[test]
        fn nothing_else_is_taken(text in "(https?://)?[ -~]{0,30}") {
            if let Ok(site) = text.parse::<SiteAddress>() {
                let uri: Uri = text.parse().unwrap();
                prop_assert!(uri.scheme_str() == Some("https") || is_loopback(uri.host().unwrap()));
                prop_assert!(site.is_named_by(uri.authority().unwrap().as_str()));
            }
        }

        /// Whatever a header says, it names a host or none.
        #[test]
        fn no_host_makes_it_panic(host in "[ -~]{0,30}") {
            let site: SiteAddress = "https://clearway.example.org".parse().unwrap();
            prop_assert!(!(site.is_named_by(&host) && is_this_machine(&host)));
        }
    }
}
