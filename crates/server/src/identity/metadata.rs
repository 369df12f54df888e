//! What a provider says of itself.
//!
//! In: the document at its `/.well-known/openid-configuration` (OpenID Connect Discovery 1.0, §3). Out: where
//! somebody goes, where a code becomes an ID token, where its keys are; or why that is not taken.

use serde_json::{Map, Value};
use store::Issuer;

use super::{Endpoint, Fetch, Refused, object};

const WHAT: &str = "discovery";

/// What of it is needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Metadata {
    /// Where somebody shows who she is.
    pub(super) authorization: Endpoint,
    /// Where a code becomes an ID token.
    pub(super) token: Endpoint,
    /// Where its keys are.
    pub(super) keys: Endpoint,
    /// Whether it takes a client secret in the form only.
    pub(super) secret_in_form: bool,
    /// Whether it names itself when it sends somebody back (RFC 9207).
    pub(super) names_itself: bool,
}

impl Metadata {
    pub(super) async fn of(issuer: &Issuer, fetch: &Fetch) -> Result<Metadata, Refused> {
        let place = Endpoint::of_metadata(issuer).ok_or(Refused::OtherIssuer)?;
        Metadata::read(&fetch.get(WHAT, &place).await?, issuer)
    }

    fn read(bytes: &[u8], issuer: &Issuer) -> Result<Metadata, Refused> {
        let fields = object(WHAT, bytes)?;
        let refused = |found, expected| Refused::Answer { what: WHAT, found, expected };
        // §4.3: exactly, or somebody else speaks in its name.
        if fields.get("issuer").and_then(Value::as_str) != Some(issuer.as_str()) {
            return Err(refused("another issuer", "exactly the one that was set"));
        }
        let address = |field: &str| {
            let text = fields.get(field).and_then(Value::as_str).unwrap_or_default();
            let expected = "addresses over https";
            Endpoint::of(text, issuer).ok_or_else(|| refused("an address that is none", expected))
        };
        if !may(&fields, "response_types_supported", &["code"]) {
            return Err(refused("no authorization code", "response type code"));
        }
        if !may(&fields, "code_challenge_methods_supported", &["S256"]) {
            return Err(refused("no PKCE by S256", "RFC 7636 with S256"));
        }
        if !may(&fields, "id_token_signing_alg_values_supported", &["RS256", "ES256"]) {
            return Err(refused("other signatures", "RS256 or ES256"));
        }
        // Without a list it takes the header only.
        let methods = "token_endpoint_auth_methods_supported";
        let in_form = fields.contains_key(methods)
            && !may(&fields, methods, &["client_secret_basic"])
            && may(&fields, methods, &["client_secret_post"]);
        let names = fields.get("authorization_response_iss_parameter_supported");
        Ok(Metadata {
            authorization: address("authorization_endpoint")?,
            token: address("token_endpoint")?,
            keys: address("jwks_uri")?,
            secret_in_form: in_form,
            names_itself: names.and_then(Value::as_bool).unwrap_or(false),
        })
    }
}

/// Whether a list has one of these words; without a list nobody knows, and it is tried.
fn may(fields: &Map<String, Value>, list: &str, words: &[&str]) -> bool {
    let Some(list) = fields.get(list) else { return true };
    let mut said = list.as_array().into_iter().flatten().filter_map(Value::as_str);
    said.any(|said| words.contains(&said))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn issuer() -> Issuer {
        "https://id.example.org/realms/kern".parse().unwrap()
    }

    fn said() -> Value {
        json!({
            "issuer": "https://id.example.org/realms/kern",
            "authorization_endpoint": "https://id.example.org/auth",
            "token_endpoint": "https://id.example.org/token",
            "jwks_uri": "https://id.example.org/certs",
            "response_types_supported": ["code", "id_token"],
            "id_token_signing_alg_values_supported": ["HS256", "RS256"],
        })
    }

    fn read(change: impl FnOnce(&mut Value)) -> Result<Metadata, Refused> {
        let mut said = said();
        change(&mut said);
        Metadata::read(said.to_string().as_bytes(), &issuer())
    }

    #[test]
    fn what_is_needed_is_read() {
        let plain = read(|_| ()).unwrap();
        assert!(!plain.secret_in_form && !plain.names_itself);
        let methods = |list: Value| {
            read(|said| said["token_endpoint_auth_methods_supported"] = list).unwrap()
        };
        assert!(methods(json!(["client_secret_post"])).secret_in_form);
        assert!(!methods(json!(["client_secret_post", "client_secret_basic"])).secret_in_form);
        assert!(!methods(json!(["private_key_jwt"])).secret_in_form);
        let names = |said: &mut Value| {
            said["authorization_response_iss_parameter_supported"] = json!(true);
        };
        assert!(read(names).unwrap().names_itself);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        for (field, value, why) in [
            ("issuer", json!("https://id.example.org/realms/kern/"), "another issuer"),
            ("issuer", json!(null), "another issuer"),
            ("authorization_endpoint", json!("http://id.example.org/auth"), "address"),
            ("token_endpoint", json!("http://127.0.0.1/token"), "address"),
            ("token_endpoint", json!(null), "address"),
            ("jwks_uri", json!("file:///etc/passwd"), "address"),
            ("response_types_supported", json!(["id_token"]), "no authorization code"),
            ("code_challenge_methods_supported", json!(["plain"]), "no PKCE"),
            ("id_token_signing_alg_values_supported", json!(["none", "HS256"]), "other signatures"),
        ] {
            let refused = read(|said| said[field] = value).unwrap_err().to_string();
            assert!(refused.contains(why), "{field}: {refused}");
        }
        for nothing in ["", "[]", "null", "{", "{}"] {
            assert!(Metadata::read(nothing.as_bytes(), &issuer()).is_err(), "{nothing}");
        }
    }

    proptest! {
        /// Whatever a provider sends, there is metadata or a reason.
        #[test]
        fn no_document_makes_it_panic(
            bytes in proptest::collection::vec(any::<u8>(), 0..60),
            field in "issuer|token_endpoint|jwks_uri|response_types_supported",
            value in "\\PC{0,20}",
        ) {
            prop_assert!(Metadata::read(&bytes, &issuer()).is_err());
            let changed = read(|said| said[&field] = json!([value]));
            prop_assert!(changed.is_err() || value == "code");
        }
    }
}
