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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use ring::rand::SystemRandom;
    use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
    use serde_json::json;

    use super::*;

    fn text(bytes: impl AsRef<[u8]>) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(bytes)
    }

    fn key() -> EcdsaKeyPair {
        let (signing, random) = (&ECDSA_P256_SHA256_FIXED_SIGNING, SystemRandom::new());
        let key = EcdsaKeyPair::generate_pkcs8(signing, &random).unwrap();
        EcdsaKeyPair::from_pkcs8(signing, key.as_ref(), &random).unwrap()
    }

    fn keys(key: &EcdsaKeyPair) -> Keys {
        let point = key.public_key().as_ref();
        let (x, y) = (text(&point[1..33]), text(&point[33..]));
        let said = json!({ "keys": [{ "kty": "EC", "crv": "P-256", "x": x, "y": y }] });
        Keys::read(said.to_string().as_bytes()).unwrap()
    }

    const NOW: i64 = 1_796_000_000;

    fn expected() -> Expected<'static> {
        let now = Timestamp::from_second(NOW).unwrap();
        let (issuer, client_id, nonce) = ("https://id.example.org", "clearway", "n");
        Expected { issuer, client_id, nonce, asked_at: now, now }
    }

    fn token(key: &EcdsaKeyPair, change: impl FnOnce(&mut Value)) -> String {
        let mut claims = json!({
            "iss": "https://id.example.org", "aud": "clearway", "sub": "subject",
            "exp": NOW + 300, "iat": NOW, "auth_time": NOW, "nonce": "n",
        });
        change(&mut claims);
        let head = text(json!({ "alg": "ES256" }).to_string());
        let message = format!("{head}.{}", text(claims.to_string()));
        let signature = key.sign(&SystemRandom::new(), message.as_bytes()).unwrap();
        format!("{message}.{}", text(signature))
    }

    #[test]
    fn clocks_may_be_a_minute_apart_and_no_more() {
        let key = key();
        let keys = keys(&key);
        let with = |field: &str, seconds: i64| {
            let token = token(&key, |claims| claims[field] = json!(NOW + seconds));
            subject(&token, &keys, &expected())
        };
        let taken = |found: Result<String, IdTokenRefused>| found.as_deref() == Ok("subject");
        for (field, good, bad) in [
            ("exp", -59, -60),
            ("iat", -60, -61),
            ("iat", 60, 61),
            ("nbf", 60, 61),
            ("auth_time", -60, -61),
            ("auth_time", 60, 61),
        ] {
            assert!(taken(with(field, good)) && !taken(with(field, bad)), "{field} {good} {bad}");
        }
        // Parts of a second are none; the ends of time are no times.
        let part = token(&key, |claims| claims["iat"] = json!(NOW as f64 + 0.5));
        assert!(taken(subject(&part, &keys, &expected())));
        for end in [json!(i64::MIN), json!(i64::MAX), json!(u64::MAX), json!(1e300), json!("x")] {
            for field in ["exp", "iat", "nbf", "auth_time"] {
                let token = token(&key, |claims| claims[field] = end.clone());
                assert!(subject(&token, &keys, &expected()).is_err(), "{field} {end}");
            }
        }
    }

    proptest! {
        /// Whatever is sent as a token, it is refused.
        #[test]
        fn no_token_makes_it_panic(
            token in prop_oneof!["\\PC{0,40}", "[A-Za-z0-9_.-]{0,60}", "(e30|eyJhbGciOiJFUzI1NiJ9)\\.[A-Za-z0-9]{0,8}\\.[A-Za-z0-9]{0,8}"],
        ) {
            prop_assert!(subject(&token, &keys(&key()), &expected()).is_err());
        }

        /// Nothing of a token can be changed: a letter, or where it ends.
        #[test]
        fn a_changed_token_is_another(at in 0_usize..1000, letter in "[A-Za-z0-9_.-]", cut: bool) {
            let key = key();
            let whole = token(&key, |_| ());
            let at = at % whole.len();
            let mut changed = whole.clone();
            match cut {
                true => changed.truncate(at),
                false => changed.replace_range(at..=at, &letter),
            }
            let found = subject(&changed, &keys(&key), &expected());
            prop_assert_eq!(found.is_ok(), changed == whole);
        }

        /// Whatever is said in a token that the provider has signed, it names somebody or is refused.
        #[test]
        fn no_claim_makes_it_panic(
            field in "iss|aud|azp|exp|iat|nbf|auth_time|nonce|sub",
            said in prop_oneof![
                "\\PC{0,12}".prop_map(Value::from),
                any::<i64>().prop_map(Value::from),
                any::<f64>().prop_map(Value::from),
                Just(json!(null)),
                Just(json!([[]])),
                Just(json!({ "a": {} })),
            ],
        ) {
            let key = key();
            let token = token(&key, |claims| claims[&field] = said);
            if let Ok(found) = subject(&token, &keys(&key), &expected()) {
                prop_assert!((1..=255).contains(&found.len()) && found.is_ascii());
            }
        }

        /// Whatever a provider sends as its key set, there are keys or a reason, and they check something.
        #[test]
        fn no_key_set_makes_it_panic(
            bytes in proptest::collection::vec(any::<u8>(), 0..40),
            sort in "RSA|EC|oct",
            number in "[A-Za-z0-9_-]{0,50}",
        ) {
            prop_assert!(Keys::read(&bytes).is_err());
            let said = json!({ "keys": [{
                "kty": sort, "crv": "P-256", "n": number, "e": "AQAB", "x": number, "y": number,
            }] });
            if let Ok(keys) = Keys::read(said.to_string().as_bytes()) {
                let (rs, es) = ((Algorithm::Rs256, None), (Algorithm::Es256, None));
                prop_assert!(!keys.have_signed(rs, b"text", &[1; 256]));
                prop_assert!(!keys.have_signed(es, b"text", &[1; 64]));
            }
        }
    }
}
