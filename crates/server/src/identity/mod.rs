//! The way to an agency's identity provider and back, by OpenID Connect: authentication only.
//!
//! | module | what |
//! |---|---|
//! | `endpoint` | an address of a provider: over TLS, or on this machine |
//! | `fetch` | one request to it, limited in time and size, without redirects |
//! | `metadata` | what a provider says of itself (OpenID Connect Discovery 1.0) |
//! | `keys` | by what its signatures are checked (RFC 7517): RS256 and ES256 only |
//! | `id_token` | what it says of somebody, checked (OpenID Connect Core 1.0, §3.1.3.7) |
//! | `way` | there and back: authorization code with PKCE (RFC 6749, RFC 7636) |
//!
//! A person who comes back has shown who she is. Her key stays locked: nothing that a provider says opens a
//! text. Everything that a provider sends is outside input; it is looked at before it is used, and why it was
//! refused ([`Refused`]) stands in the audit, without anything of what was sent but plain words.

mod endpoint;
mod fetch;
mod id_token;
mod keys;
mod metadata;
mod way;

pub(crate) use endpoint::Endpoint;
pub(crate) use fetch::Fetch;
pub(crate) use way::{Back, back, there};

use serde_json::Value;

/// Why what came from a provider is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refused {
    /// It does not answer, or not in time.
    #[error("{what}: the identity provider cannot be reached: {why}")]
    Unreachable { what: &'static str, why: String },
    /// It answers with an error.
    #[error("{what}: the identity provider answers {status} {error}")]
    Status { what: &'static str, status: u16, error: String },
    /// It sends something else than was asked for.
    #[error("{what}: the identity provider sends {found}; expected {expected}")]
    Answer { what: &'static str, found: &'static str, expected: &'static str },
    /// An ID token that does not hold.
    #[error("ID token: {0}")]
    IdToken(#[from] id_token::IdTokenRefused),
    /// Somebody who came back says that it did not work.
    #[error("the identity provider sends back {0}")]
    SentBack(String),
    /// What came back is of another provider.
    #[error("what came back names another issuer, or none where the provider names itself")]
    OtherIssuer,
    /// The client secret was set after the server started.
    #[error("the client secret was set after this server started: start it again")]
    NoSecret,
}

/// The fields of a JSON object.
fn object(what: &'static str, bytes: &[u8]) -> Result<serde_json::Map<String, Value>, Refused> {
    match serde_json::from_slice(bytes) {
        Ok(Value::Object(fields)) => Ok(fields),
        _ => Err(Refused::Answer { what, found: "something else", expected: "one JSON object" }),
    }
}

/// The code of an error as a provider says it, if it is one (RFC 6749, §4.1.2.1): it goes into the audit.
fn error_code(text: &str) -> String {
    let of = |byte: u8| byte.is_ascii_lowercase() || byte == b'_';
    let is_code = (1..=40).contains(&text.len()) && text.bytes().all(of);
    if is_code { text.to_owned() } else { "an unknown error".to_owned() }
}
