//! Where a reader is, as an address that is safe to write into a page.
//!
//! In: the address that was asked for, which anyone can make up. Out: an address on this site that
//! leads back to it in either language.

use axum::http::Uri;

use crate::language::Language;

/// A path and what was asked of it, apart from the language.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    path: String,
    rest: Vec<String>,
}

impl Place {
    /// The place, and the language if the address names one of ours.
    pub(crate) fn of(uri: &Uri) -> (Place, Option<Language>) {
        let mut language = None;
        let mut rest = Vec::new();
        for parameter in uri.query().unwrap_or("").split('&').filter(|text| !text.is_empty()) {
            match parameter.strip_prefix("language=") {
                Some(code) => language = language.or(Language::of(code)),
                None => rest.push(safe(parameter)),
            }
        }
        // Two slashes at the beginning would lead to another site.
        let path = format!("/{}", safe(uri.path().trim_start_matches('/')));
        (Place { path, rest }, language)
    }

    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// The same place in no language.
    pub(crate) fn address(&self) -> String {
        match &self.rest[..] {
            [] => self.path.clone(),
            rest => format!("{}?{}", self.path, rest.join("&")),
        }
    }

    /// The same place in a language.
    pub(crate) fn in_language(&self, language: Language) -> String {
        let mut address = format!("{}?", self.path);
        for parameter in &self.rest {
            address.push_str(parameter);
            address.push('&');
        }
        address.push_str("language=");
        address.push_str(language.code());
        address
    }
}

/// Text of an address with everything percent-encoded that could mean something outside it.
fn safe(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/%=+:,@".contains(&byte) {
            safe.push(char::from(byte));
        } else {
            safe.push_str(&format!("%{byte:02X}"));
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn switched(uri: &str) -> String {
        Place::of(&uri.parse().unwrap()).0.in_language(Language::Spanish)
    }

    #[test]
    fn the_place_is_kept_and_the_language_changed() {
        assert_eq!(switched("/"), "/?language=es");
        assert_eq!(switched("/help?language=en"), "/help?language=es");
        assert_eq!(switched("/a%20b?x=1&language=en&y=%C3%A9"), "/a%20b?x=1&y=%C3%A9&language=es");
        assert_eq!(switched("//elsewhere.example/x"), "/elsewhere.example/x?language=es");
    }

    #[test]
    fn the_language_is_one_of_ours_or_none() {
        let language = |uri: &str| Place::of(&uri.parse().unwrap()).1;
        assert_eq!(language("/?language=es"), Some(Language::Spanish));
        assert_eq!(language("/?language=fr&language=en"), Some(Language::English));
        assert_eq!(language("/?language=ES"), None);
        assert_eq!(language("/?languages=es"), None);
    }

    proptest! {
        /// However an address is made up, the link stays on this site and within its quotes.
        #[test]
        fn a_link_never_leaves(path in "[ -~]{0,30}", query in "[ -~]{0,30}") {
            if let Ok(uri) = format!("/{path}?{query}").parse::<Uri>() {
                let link = Place::of(&uri).0.in_language(Language::English);
                prop_assert!(link.starts_with('/') && !link.starts_with("//"), "{link}");
                prop_assert!(!link.contains(['"', '<', '>', '\'', '\\', ' ', '#']), "{link}");
            }
        }
    }
}
