//! The site that passkeys are for.

use std::str::FromStr;

use super::PasskeyError;

/// A site as passkeys know it: its host, to which they are bound, and the beginning of its addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelyingParty {
    host: String,
    origin: String,
}

impl RelyingParty {
    /// The host.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The beginning of its addresses: scheme, host, and port where it is not the usual one.
    pub fn origin(&self) -> &str {
        &self.origin
    }
}

impl FromStr for RelyingParty {
    type Err = PasskeyError;

    /// Reads `https://HOST`, `https://HOST:PORT`, or on one's own machine `http://localhost:PORT`; a `/` may
    /// follow.
    ///
    /// # Errors
    ///
    /// [`PasskeyError::NotASite`]: anything else. Browsers have no passkeys for a number (`127.0.0.1`) nor
    /// over plain HTTP from another machine.
    ///
    /// # Examples
    ///
    /// ```
    /// use sealing::RelyingParty;
    ///
    /// let site: RelyingParty = "https://Clearway.example.gov/".parse()?;
    /// assert_eq!((site.host(), site.origin()), ("clearway.example.gov", "https://clearway.example.gov"));
    /// assert!("https://192.0.2.7".parse::<RelyingParty>().is_err());
    /// # Ok::<(), sealing::PasskeyError>(())
    /// ```
    fn from_str(text: &str) -> Result<RelyingParty, PasskeyError> {
        let text = text.strip_suffix('/').unwrap_or(text).to_ascii_lowercase();
        let (scheme, place) = text.split_once("://").ok_or(PasskeyError::NotASite)?;
        let (host, port) = match place.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (place, None),
        };
        let usual = match scheme {
            "https" => "443",
            "http" if host == "localhost" => "80",
            _ => return Err(PasskeyError::NotASite),
        };
        if !is_host(host) || !port.is_none_or(is_port) {
            return Err(PasskeyError::NotASite);
        }
        // As browsers say it: without the port that goes without saying.
        let origin = match port.filter(|port| *port != usual) {
            Some(port) => format!("{scheme}://{host}:{port}"),
            None => format!("{scheme}://{host}"),
        };
        Ok(RelyingParty { host: host.to_owned(), origin })
    }
}

/// A name, of which the last part is no number.
fn is_host(host: &str) -> bool {
    let part = |part: &str| {
        (1..=63).contains(&part.len())
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !part.starts_with('-')
            && !part.ends_with('-')
    };
    let last = host.rsplit('.').next().unwrap_or_default();
    host.len() <= 253
        && host.split('.').all(part)
        && last.bytes().any(|byte| byte.is_ascii_alphabetic())
        && (host == "localhost" || host.contains('.'))
}

fn is_port(port: &str) -> bool {
    port.parse::<u16>().is_ok_and(|number| number > 0 && number.to_string() == port)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_site_is_read_as_browsers_say_it() {
        for (text, host, origin) in [
            (
                "https://clearway.example.gov",
                "clearway.example.gov",
                "https://clearway.example.gov",
            ),
            (
                "https://Clearway.Example.gov:443/",
                "clearway.example.gov",
                "https://clearway.example.gov",
            ),
            ("https://a.example:8443", "a.example", "https://a.example:8443"),
            ("http://localhost:8080", "localhost", "http://localhost:8080"),
            ("http://localhost:80", "localhost", "http://localhost"),
        ] {
            let party: RelyingParty = text.parse().unwrap();
            assert_eq!((party.host(), party.origin()), (host, origin), "{text}");
        }
        for text in [
            "",
            "https://",
            "clearway.example.gov",
            "http://clearway.example.gov",
            "http://127.0.0.1:8080",
            "https://192.0.2.7",
            "https://[::1]:8080",
            "https://a.example:0",
            "https://a.example:08443",
            "https://a.example:99999",
            "https://a.example/desk",
            "https://user@a.example",
            "https://a..example",
            "https://-a.example",
            "https://desk",
            "ftp://a.example",
        ] {
            assert_eq!(text.parse::<RelyingParty>(), Err(PasskeyError::NotASite), "{text}");
        }
    }

    proptest! {
        /// Whatever is read is read again as the same.
        #[test]
        fn nothing_makes_it_panic(text in "(https?://)?[a-zA-Z0-9.:/-]{0,30}") {
            if let Ok(party) = text.parse::<RelyingParty>() {
                prop_assert_eq!(party.origin().parse::<RelyingParty>().unwrap(), party);
            }
        }
    }
}
