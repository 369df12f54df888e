//! What a provider says of somebody, checked.
//!
//! In: an ID token as the token endpoint gave it, the provider's keys, and what was asked ([`Expected`]). Out:
//! the subject, which names her account at this provider for ever; or the first rule that does not hold.
//! The rules are those of OpenID Connect Core 1.0, §3.1.3.7, and two of ours: signatures by RS256 or ES256
//! only, and she must have shown who she is since she was sent there (`auth_time`), so that a session that was
//! left open at the provider signs nobody in.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};

use super::keys::{Algorithm, Keys};

/// How far the provider's clock and ours may be apart.
const APART: SignedDuration = SignedDuration::from_secs(60);
/// Longer than any ID token.
const LONGEST: usize = 64 * 1024;

/// Why an ID token is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum IdTokenRefused {
    /// Not three parts of base64url with JSON in them.
    #[error("it is none")]
    Form,
    /// Signed by nothing, by a shared secret, or by something else.
    #[error("it is signed by another algorithm than RS256 or ES256")]
    Algorithm,
    /// Signed by a key that the provider does not name.
    #[error("the provider's key set has no key for it")]
    NoKey,
    /// Changed, or signed by somebody else.
    #[error("its signature does not hold")]
    Signature,
    /// Of another provider.
    #[error("it is of another issuer (iss)")]
    Issuer,
    /// For somebody else.
    #[error("it is for another audience, or for others too (aud)")]
    Audience,
    /// Given to somebody else.
    #[error("it was given to another client (azp)")]
    AuthorizedParty,
    /// Over.
    #[error("its time is over, or it says none (exp)")]
    Expired,
    /// Of another time.
    #[error("it was made at another time (iat, nbf): compare the clocks")]
    MadeAt,
    /// Not the one that was asked for.
    #[error("it does not repeat the nonce (nonce)")]
    Nonce,
    /// An old session at the provider.
    #[error(
        "it does not say that she has just signed in there (auth_time); the provider must put auth_time into ID tokens, and ask for a sign-in when prompt=login is sent"
    )]
    NotJustNow,
    /// It names nobody.
    #[error("it names nobody (sub)")]
    Subject,
}

/// What was asked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Expected<'a> {
    pub(super) issuer: &'a str,
    pub(super) client_id: &'a str,
    pub(super) nonce: &'a str,
    /// When she was sent there.
    pub(super) asked_at: Timestamp,
    pub(super) now: Timestamp,
}

/// The subject of an ID token that holds.
pub(super) fn subject(
    token: &str,
    keys: &Keys,
    expected: &Expected<'_>,
) -> Result<String, IdTokenRefused> {
    let said = signed(token, keys)?;
    let text = |field: &str| said.get(field).and_then(Value::as_str);
    if text("iss") != Some(expected.issuer) {
        return Err(IdTokenRefused::Issuer);
    }
    let ours = |audience: &Value| audience.as_str() == Some(expected.client_id);
    let is_ours = match said.get("aud") {
        Some(Value::Array(all)) => !all.is_empty() && all.iter().all(ours),
        Some(one) => ours(one),
        None => false,
    };
    if !is_ours {
        return Err(IdTokenRefused::Audience);
    }
    if said.contains_key("azp") && text("azp") != Some(expected.client_id) {
        return Err(IdTokenRefused::AuthorizedParty);
    }
    let time = |field: &str| said.get(field).and_then(time);
    if time("exp").is_none_or(|over| over + APART <= expected.now) {
        return Err(IdTokenRefused::Expired);
    }
    let since = expected.asked_at - APART;
    let until = expected.now + APART;
    let made = time("iat").is_some_and(|made| (since..=until).contains(&made));
    let begun = !said.contains_key("nbf") || time("nbf").is_some_and(|begins| begins <= until);
    if !made || !begun {
        return Err(IdTokenRefused::MadeAt);
    }
    if text("nonce") != Some(expected.nonce) {
        return Err(IdTokenRefused::Nonce);
    }
    if !time("auth_time").is_some_and(|shown| (since..=until).contains(&shown)) {
        return Err(IdTokenRefused::NotJustNow);
    }
    // §2: at most 255 ASCII characters.
    let subject = text("sub").filter(|subject| {
        (1..=255).contains(&subject.len())
            && subject.bytes().all(|byte| (b' '..=b'~').contains(&byte))
    });
    subject.map(str::to_owned).ok_or(IdTokenRefused::Subject)
}

/// What a token says, if one of the keys has signed it (RFC 7515).
fn signed(token: &str, keys: &Keys) -> Result<Map<String, Value>, IdTokenRefused> {
    let parts: Vec<&str> = token.split('.').collect();
    let &[head, claims, signature] = &parts[..] else { return Err(IdTokenRefused::Form) };
    if token.len() > LONGEST {
        return Err(IdTokenRefused::Form);
    }
    let header = object(head)?;
    let name = header.get("alg").and_then(Value::as_str).unwrap_or_default();
    let algorithm = Algorithm::of(name).ok_or(IdTokenRefused::Algorithm)?;
    // What must be understood and is not (RFC 7515, §4.1.11).
    if header.contains_key("crit") {
        return Err(IdTokenRefused::Form);
    }
    let id = match header.get("kid") {
        None => None,
        Some(id) => Some(id.as_str().ok_or(IdTokenRefused::Form)?),
    };
    if !keys.has(algorithm, id) {
        return Err(IdTokenRefused::NoKey);
    }
    let message = &token[..head.len() + 1 + claims.len()];
    let signature =
        BASE64_URL_SAFE_NO_PAD.decode(signature).map_err(|_| IdTokenRefused::Signature)?;
    if !keys.have_signed((algorithm, id), message.as_bytes(), &signature) {
        return Err(IdTokenRefused::Signature);
    }
    object(claims)
}

fn object(part: &str) -> Result<Map<String, Value>, IdTokenRefused> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(part).map_err(|_| IdTokenRefused::Form)?;
    serde_json::from_slice(&bytes).map_err(|_| IdTokenRefused::Form)
}

/// A moment as seconds since 1970, with or without a part of one.
fn time(said: &Value) -> Option<Timestamp> {
    let whole = |seconds: f64| seconds.is_finite().then_some(seconds as i64);
    let seconds = said.as_i64().or_else(|| said.as_f64().and_then(whole))?;
    // Far enough from the ends of time that a minute more or less is none too.
    let in_reach = (0..=253_000_000_000).contains(&seconds);
    in_reach.then(|| Timestamp::from_second(seconds).ok()).flatten()
}
