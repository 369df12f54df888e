//! What a form carries to show that it came from the page of the same session.
//!
//! It is derived from the cookie's secret, which is never in a page; the other way there is none. A page
//! of another session has another token, so that a form left open does not act in the name of whoever
//! signed in next.

use std::fmt;

/// The token of a session's forms.
#[derive(Clone)]
pub(crate) struct FormToken(blake3::Hash);

impl FormToken {
    pub(crate) fn of(secret: &str) -> FormToken {
        FormToken(blake3::derive_key("clearway 2026 token of a form", secret.as_bytes()).into())
    }

    /// Whether a form carries it. Takes as long whatever was sent: the hashes of BLAKE3 compare so.
    pub(crate) fn is(&self, sent: &str) -> bool {
        blake3::Hash::from_hex(sent).is_ok_and(|sent| sent == self.0)
    }
}

impl fmt::Display for FormToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.to_hex())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Only what a session's own pages say is its token; the cookie itself is not.
        #[test]
        fn a_token_is_of_one_session(secret in "[0-9a-f]{64}", other in "[0-9a-f]{64}") {
            prop_assume!(secret != other);
            let token = FormToken::of(&secret);
            prop_assert!(token.is(&token.to_string()));
            prop_assert!(!token.is(&FormToken::of(&other).to_string()));
            prop_assert!(!token.is(&secret) && !token.to_string().contains(&secret));
        }

        /// Whatever is sent is looked at.
        #[test]
        fn nothing_makes_it_panic(sent in "\\PC{0,70}") {
            prop_assert!(!FormToken::of("secret").is(&sent));
        }
    }
}
