//! There and back: the authorization code flow with PKCE.
//!
//! In: what the store made for somebody who goes to her provider. Out: the address to which her browser goes;
//! and when she has come back with a code, the subject of her ID token. A code is sent to the provider once,
//! with the verifier that only this browser's cookie gives (RFC 7636); its ID token is checked as `id_token`
//! says.

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use jiff::Timestamp;
use ring::digest::{SHA256, digest};
use serde_json::Value;
use store::{ClientSecret, ClientSecrets, IdentityAsked, IdentityTaken};
use zeroize::Zeroizing;

use super::endpoint::{encoded, pairs_of};
use super::fetch::Sent;
use super::id_token::{self, Expected};
use super::keys::Keys;
use super::metadata::Metadata;
use super::{Fetch, Refused, error_code, object};
use crate::form::Fields;

/// How long ago she may have shown who she is, in seconds. Any number makes the provider say when
/// (OpenID Connect Core 1.0, §3.1.2.1); what is checked is that it was after she was sent there.
const MAX_AGE: &str = "600";

/// The address to which her browser goes.
pub(crate) async fn there(
    asked: &IdentityAsked,
    redirect: &str,
    language: &str,
    fetch: &Fetch,
) -> Result<String, Refused> {
    let provider = &asked.provider;
    let metadata = Metadata::of(&provider.issuer, fetch).await?;
    let challenge = challenge(&asked.verifier);
    Ok(metadata.authorization.with(&[
        ("response_type", "code"),
        ("client_id", &provider.client_id),
        ("redirect_uri", redirect),
        ("scope", "openid"),
        ("state", &asked.state),
        ("nonce", &asked.nonce),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
        ("prompt", "login"),
        ("max_age", MAX_AGE),
        ("ui_locales", language),
    ]))
}

/// What a browser brings back.
pub(crate) struct Back {
    code: String,
    issuer: Option<String>,
    error: Option<String>,
}

impl Back {
    pub(crate) fn of(fields: &Fields) -> Back {
        let text = |name| Some(fields.get(name)).filter(|text| !text.is_empty());
        Back {
            code: text("code").unwrap_or_default().to_owned(),
            issuer: text("iss").map(str::to_owned),
            error: text("error").map(error_code),
        }
    }
}

/// The subject of the ID token for which the code stands that she has brought back.
pub(crate) async fn back(
    taken: &IdentityTaken,
    back: &Back,
    redirect: &str,
    (secrets, fetch): (&ClientSecrets, &Fetch),
    now: Timestamp,
) -> Result<String, Refused> {
    let provider = &taken.provider;
    let issuer = provider.issuer.as_str();
    if let Some(error) = &back.error {
        return Err(Refused::SentBack(error.clone()));
    }
    let secret = provider.secret(secrets).ok_or(Refused::NoSecret)?;
    let metadata = Metadata::of(&provider.issuer, fetch).await?;
    let named = match &back.issuer {
        Some(named) => named == issuer,
        None => !metadata.names_itself,
    };
    if !named {
        return Err(Refused::OtherIssuer);
    }
    let sent = sent(taken, &back.code, redirect, secret, metadata.secret_in_form);
    let what = "token endpoint";
    let answer = object(what, &fetch.post(what, &metadata.token, sent).await?)?;
    let token = answer.get("id_token").and_then(Value::as_str).ok_or(Refused::Answer {
        what,
        found: "no ID token",
        expected: "one for the scope openid",
    })?;
    let keys = Keys::read(&fetch.get("key set", &metadata.keys).await?)?;
    let (client_id, nonce, asked_at) = (&provider.client_id[..], &taken.nonce[..], taken.asked_at);
    let expected = Expected { issuer, client_id, nonce, asked_at, now };
    Ok(id_token::subject(token, &keys, &expected)?)
}

/// The form that brings a code to the token endpoint (RFC 6749, §4.1.3 and §2.3.1).
fn sent(
    taken: &IdentityTaken,
    code: &str,
    redirect: &str,
    secret: Option<&ClientSecret>,
    in_form: bool,
) -> Sent {
    let id = &taken.provider.client_id[..];
    let mut pairs = vec![
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", redirect),
        ("code_verifier", &taken.verifier),
    ];
    let authorization = match secret {
        Some(secret) if !in_form => {
            let secret = Zeroizing::new(encoded(secret.to_provider()));
            let both = Zeroizing::new(format!("{}:{}", encoded(id), &*secret));
            let both = Zeroizing::new(BASE64_STANDARD.encode(both.as_bytes()));
            Some(Zeroizing::new(format!("Basic {}", &*both)))
        }
        secret => {
            pairs.push(("client_id", id));
            pairs.extend(secret.map(|secret| ("client_secret", secret.to_provider())));
            None
        }
    };
    Sent { form: Zeroizing::new(pairs_of(&pairs)), authorization }
}

/// What is shown of a verifier before (RFC 7636, §4.2).
fn challenge(verifier: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7636, appendix B.
    #[test]
    fn a_challenge_is_that_of_the_standard() {
        assert_eq!(
            challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        );
    }
}
