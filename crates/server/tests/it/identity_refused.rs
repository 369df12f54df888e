//! What an identity provider says wrongly, each thing once: it is refused, whoever comes to the door learns no
//! more than that, and the agency finds in the audit why.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::identity::{Browser, Here, expect_refused};
use crate::made_provider::{CLIENT, Otherwise, Signed};
use crate::markup::between;

/// Whatever is wrong with what the provider says, it is refused, said to nobody at the door, and its agency
/// finds in the audit why.
#[test]
fn every_rule_of_an_id_token_is_looked_at() {
    let here = Here::with_ana_linked();
    let now = here.here.now().as_second();
    let claim = |name: &'static str, value: Value| Otherwise {
        claims: Some(Box::new(move |claims| claims[name] = value.clone())),
        ..Otherwise::default()
    };
    let without = |name: &'static str| Otherwise {
        claims: Some(Box::new(move |claims| {
            claims.as_object_mut().unwrap().remove(name);
        })),
        ..Otherwise::default()
    };
    let signed = |algorithm: &'static str, key: Value, signed: Signed| Otherwise {
        header: Some(Box::new(move |header| {
            *header = json!({ "alg": algorithm, "kid": key });
        })),
        signed: Some(signed),
        ..Otherwise::default()
    };
    let issuer = here.provider.issuer();
    let cases: Vec<(Otherwise, &str)> = vec![
        (claim("iss", json!("https://id.example.org")), "another issuer"),
        (claim("iss", json!(format!("{issuer}/"))), "another issuer"),
        (claim("iss", json!([issuer])), "another issuer"),
        (without("iss"), "another issuer"),
        (claim("aud", json!("another-client")), "another audience"),
        (claim("aud", json!([CLIENT, "another-client"])), "another audience"),
        (claim("aud", json!([])), "another audience"),
        (without("aud"), "another audience"),
        (claim("azp", json!("another-client")), "another client"),
        (claim("azp", json!(7)), "another client"),
        (claim("exp", json!(now - 60)), "its time is over"),
        (claim("exp", json!("never")), "its time is over"),
        (without("exp"), "its time is over"),
        (claim("iat", json!(now - 3600)), "made at another time"),
        (claim("iat", json!(now + 3600)), "made at another time"),
        (without("iat"), "made at another time"),
        (claim("nbf", json!(now + 3600)), "made at another time"),
        (claim("nonce", json!("0".repeat(64))), "the nonce"),
        (without("nonce"), "the nonce"),
        (claim("auth_time", json!(now - 3600)), "just signed in"),
        (claim("auth_time", json!(now + 3600)), "just signed in"),
        (without("auth_time"), "just signed in"),
        (claim("sub", json!("")), "names nobody"),
        (claim("sub", json!("señora")), "names nobody"),
        (claim("sub", json!("x".repeat(256))), "names nobody"),
        (without("sub"), "names nobody"),
        (signed("none", json!("rsa"), Signed::ByNobody), "another algorithm"),
        (signed("None", json!("rsa"), Signed::ByNobody), "another algorithm"),
        (signed("HS256", json!("rsa"), Signed::ByPublicKey), "another algorithm"),
        (signed("HS256", json!("shared"), Signed::ByPublicKey), "another algorithm"),
        (signed("RS512", json!("rsa"), Signed::Rightly), "another algorithm"),
        (signed("RS256", json!("rsa"), Signed::ByPublicKey), "signature does not hold"),
        (signed("RS256", json!("rsa"), Signed::ByNobody), "signature does not hold"),
        (signed("ES256", json!("ec"), Signed::ByAnother), "signature does not hold"),
        (signed("ES256", json!("rsa"), Signed::Rightly), "no key for it"),
        (signed("RS256", json!("enc"), Signed::Rightly), "no key for it"),
        (signed("RS256", json!("unknown"), Signed::Rightly), "no key for it"),
        (signed("RS256", json!(7), Signed::Rightly), "it is none"),
        (
            Otherwise {
                header: Some(Box::new(|header| header["crit"] = json!(["exp"]))),
                ..Otherwise::default()
            },
            "it is none",
        ),
    ];
    for (number, (otherwise, why)) in cases.into_iter().enumerate() {
        here.provider.does(otherwise);
        let mut browser = Browser::default();
        let back = here.goes_and_comes_back(&mut browser, "subject of ana");
        expect_refused(&back, "The sign-in at your agency was not taken.");
        assert_eq!(browser.has("clearway"), None, "{number} {why}");
        let said = here.audit("identity_refused");
        let last = said.last().unwrap();
        assert!(last.starts_with("somebody unknown: ID token: "), "{number} {last}");
        assert!(last.contains(why), "{number} {why}: {last}");
        assert_eq!(said.len(), number + 1);
    }
    // Both algorithms are taken, with and without the id of a key, and a list of one audience.
    for (algorithm, key) in [("ES256", Some("ec")), ("ES256", None), ("RS256", None)] {
        here.provider.does(Otherwise {
            header: Some(Box::new(move |header| {
                *header = json!({ "alg": algorithm });
                if let Some(key) = key {
                    header["kid"] = json!(key);
                }
            })),
            claims: Some(Box::new(|claims| claims["aud"] = json!([CLIENT]))),
            ..Otherwise::default()
        });
        let back = here.goes_and_comes_back(&mut Browser::default(), "subject of ana");
        assert_eq!(back.header("location"), "/unlock?next=/returns", "{algorithm} {key:?}");
    }
}

#[test]
fn a_provider_that_does_otherwise_is_not_taken() {
    let here = Here::with_ana_linked();
    let metadata = |name: &'static str, value: Value| Otherwise {
        metadata: Some(Box::new(move |said| said[name] = value.clone())),
        ..Otherwise::default()
    };
    // On the way there.
    for (name, value, why) in [
        ("issuer", json!("https://id.example.org"), "another issuer"),
        ("token_endpoint", json!("http://id.example.org/token"), "an address that is none"),
        ("authorization_endpoint", json!("javascript:alert(1)"), "an address that is none"),
        ("code_challenge_methods_supported", json!(["plain"]), "no PKCE"),
    ] {
        here.provider.does(metadata(name, value));
        let mut browser = Browser::default();
        let page = here.get(&mut browser, "/sign-in").body;
        let id = between(&page, "name=\"identity\" value=\"", "\"");
        let fields = [("identity", id), ("purpose", "returns")];
        let answer = here.post(&mut browser, "/sign-in", &fields);
        expect_refused(&answer, "Your agency’s sign-in does not answer.");
        let said = here.audit("identity_refused").pop().unwrap();
        assert!(said.contains(why), "{why}: {said}");
    }
    // On the way back.
    let token = |status, body: &str| Otherwise {
        token: Some((status, body.to_owned())),
        ..Otherwise::default()
    };
    let sent_back = |sent_back| Otherwise { sent_back, ..Otherwise::default() };
    let large = format!("{{\"id_token\": \"{}\"}}", "x".repeat(300 * 1024));
    let error = StatusCode::BAD_REQUEST;
    for (otherwise, why) in [
        (token(error, "{\"error\": \"invalid_grant\"}"), "400 invalid_grant"),
        (token(error, "{\"error\": \"<script>\"}"), "400 an unknown error"),
        (token(StatusCode::FOUND, ""), "302 an unknown error"),
        (token(StatusCode::OK, "{}"), "no ID token"),
        (token(StatusCode::OK, "no JSON"), "something else"),
        (token(StatusCode::OK, "{\"id_token\": \"a.b\"}"), "ID token: it is none"),
        (token(StatusCode::OK, &large), "cannot be reached"),
        (sent_back("&iss=https%3A%2F%2Fid.example.org"), "another issuer"),
        (sent_back("&error=access_denied"), "sends back access_denied"),
        (sent_back("&error=%3Cscript%3E"), "sends back an unknown error"),
        (
            metadata("authorization_response_iss_parameter_supported", json!(true)),
            "another issuer, or none",
        ),
        (
            Otherwise {
                keys: Some(Box::new(|said| *said = json!({ "keys": [{ "kty": "oct" }] }))),
                ..Otherwise::default()
            },
            "no keys of these sorts",
        ),
    ] {
        here.provider.does(otherwise);
        let back = here.goes_and_comes_back(&mut Browser::default(), "subject of ana");
        expect_refused(&back, "The sign-in at your agency was not taken.");
        let said = here.audit("identity_refused").pop().unwrap();
        assert!(said.contains(why), "{why}: {said}");
    }
    // Those that take the secret in the form only have it there.
    here.provider
        .does(metadata("token_endpoint_auth_methods_supported", json!(["client_secret_post"])));
    let back = here.goes_and_comes_back(&mut Browser::default(), "subject of ana");
    assert_eq!(back.status, StatusCode::SEE_OTHER, "{}", back.body);
}
