//! An identity provider on this machine, made up: it answers as the standards say, or as a test has it.
//!
//! `made_provider.key` is an RSA key made for these tests only.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use axum::{Form, Router};
use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use jiff::Timestamp;
use ring::rand::SystemRandom;
use ring::rsa::PublicKeyComponents;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RsaKeyPair};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::ask::block_on;

pub(crate) const CLIENT: &str = "clearway-kern";
pub(crate) const SECRET: &str = "s3cret/of+the~client";

/// How a token is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Signed {
    /// As the header says, by the provider's own key.
    Rightly,
    /// By a key that is not the provider's, under the id of one that is.
    ByAnother,
    /// Not at all.
    ByNobody,
    /// By the public key, as if it were a secret that both have.
    ByPublicKey,
}

type Change<T> = Option<Box<dyn Fn(&mut T) + Send>>;

/// What of it is otherwise than it should be.
#[derive(Default)]
pub(crate) struct Otherwise {
    pub(crate) header: Change<Value>,
    pub(crate) claims: Change<Value>,
    pub(crate) signed: Option<Signed>,
    pub(crate) metadata: Change<Value>,
    pub(crate) keys: Change<Value>,
    /// What it adds to what it sends back.
    pub(crate) sent_back: &'static str,
    /// That the token endpoint answers so.
    pub(crate) token: Option<(StatusCode, String)>,
}

/// Somebody who has shown there who she is.
struct Shown {
    subject: String,
    nonce: String,
    challenge: String,
    redirect: String,
    at: Timestamp,
}

struct Inner {
    issuer: String,
    rsa: RsaKeyPair,
    ec: EcdsaKeyPair,
    other: EcdsaKeyPair,
    shown: HashMap<String, Shown>,
    otherwise: Otherwise,
    asked: Vec<String>,
}

#[derive(Clone)]
pub(crate) struct MadeProvider(Arc<Mutex<Inner>>);

fn text(bytes: impl AsRef<[u8]>) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

fn ec_key() -> EcdsaKeyPair {
    let (signing, random) = (&ECDSA_P256_SHA256_FIXED_SIGNING, SystemRandom::new());
    let key = EcdsaKeyPair::generate_pkcs8(signing, &random).unwrap();
    EcdsaKeyPair::from_pkcs8(signing, key.as_ref(), &random).unwrap()
}

impl MadeProvider {
    pub(crate) fn new() -> MadeProvider {
        let key: String = include_str!("made_provider.key").split_whitespace().collect();
        let rsa = RsaKeyPair::from_pkcs8(&BASE64_STANDARD.decode(key).unwrap()).unwrap();
        let listener = block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let issuer = format!("http://{}/realms/kern", listener.local_addr().unwrap());
        let (shown, otherwise, asked) = (HashMap::new(), Otherwise::default(), Vec::new());
        let (ec, other) = (ec_key(), ec_key());
        let inner = Inner { issuer, rsa, ec, other, shown, otherwise, asked };
        let provider = MadeProvider(Arc::new(Mutex::new(inner)));
        let router = Router::new()
            .route("/realms/kern/.well-known/openid-configuration", get(metadata))
            .route("/realms/kern/certs", get(keys))
            .route("/realms/kern/token", post(token))
            .with_state(provider.clone());
        block_on(async {
            tokio::spawn(async { axum::serve(listener, router).await.unwrap() });
        });
        provider
    }

    pub(crate) fn issuer(&self) -> String {
        self.0.lock().unwrap().issuer.clone()
    }

    /// Makes it do something otherwise from now on.
    pub(crate) fn does(&self, otherwise: Otherwise) {
        self.0.lock().unwrap().otherwise = otherwise;
    }

    /// What it was asked, in order: the paths, without the realm.
    pub(crate) fn was_asked(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap().asked)
    }

    /// Somebody shows there who she is; what her browser brings back.
    pub(crate) fn shows(&self, address: &str, subject: &str, at: Timestamp) -> String {
        let address = url::Url::parse(address).unwrap();
        let asked: HashMap<String, String> = address.query_pairs().into_owned().collect();
        let mut inner = self.0.lock().unwrap();
        assert!(address.as_str().starts_with(&format!("{}/auth?", inner.issuer)));
        for (name, value) in [
            ("response_type", "code"),
            ("client_id", CLIENT),
            ("scope", "openid"),
            ("code_challenge_method", "S256"),
            ("prompt", "login"),
        ] {
            assert_eq!(asked[name], value, "{name}");
        }
        assert!(asked.contains_key("max_age"), "the token then says when she signed in");
        let code = format!("code {}", inner.shown.len());
        let shown = Shown {
            subject: subject.to_owned(),
            nonce: asked["nonce"].clone(),
            challenge: asked["code_challenge"].clone(),
            redirect: asked["redirect_uri"].clone(),
            at,
        };
        inner.shown.insert(code.clone(), shown);
        let state = &asked["state"];
        let code = code.replace(' ', "%20");
        format!("state={state}&session_state=x&code={code}{}", inner.otherwise.sent_back)
    }
}

type Here = State<MadeProvider>;

async fn metadata(State(provider): Here) -> String {
    let mut inner = provider.0.lock().unwrap();
    inner.asked.push("metadata".to_owned());
    let at = |path: &str| format!("{}/{path}", inner.issuer);
    let mut said = json!({
        "issuer": inner.issuer,
        "authorization_endpoint": at("auth"),
        "token_endpoint": at("token"),
        "jwks_uri": at("certs"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256", "ES256", "HS256"],
    });
    if let Some(change) = &inner.otherwise.metadata {
        change(&mut said);
    }
    said.to_string()
}

async fn keys(State(provider): Here) -> String {
    let mut inner = provider.0.lock().unwrap();
    inner.asked.push("keys".to_owned());
    let point = inner.ec.public_key().as_ref();
    let PublicKeyComponents::<Vec<u8>> { n, e } = inner.rsa.public().into();
    let mut said = json!({ "keys": [
        { "kty": "RSA", "use": "enc", "kid": "enc", "n": text(&n), "e": text(&e) },
        { "kty": "RSA", "use": "sig", "alg": "RS256", "kid": "rsa", "n": text([&[0], &n[..]].concat()),
          "e": text(&e) },
        { "kty": "EC", "crv": "P-256", "kid": "ec", "x": text(&point[1..33]), "y": text(&point[33..]) },
        { "kty": "oct", "kid": "shared", "k": "AAAA" },
    ] });
    if let Some(change) = &inner.otherwise.keys {
        change(&mut said);
    }
    said.to_string()
}

async fn token(
    State(provider): Here,
    headers: HeaderMap,
    Form(form): Form<HashMap<String, String>>,
) -> (StatusCode, String) {
    let mut inner = provider.0.lock().unwrap();
    inner.asked.push("token".to_owned());
    if let Some(answer) = inner.otherwise.token.clone() {
        return answer;
    }
    let refused = |error: &str| (StatusCode::BAD_REQUEST, json!({ "error": error }).to_string());
    let both = format!("{CLIENT}:s3cret%2Fof%2Bthe~client");
    let own = format!("Basic {}", BASE64_STANDARD.encode(both));
    let by_header = headers.get("authorization").is_some_and(|sent| *sent == own);
    let by_form = form.get("client_id").map(String::as_str) == Some(CLIENT)
        && form.get("client_secret").map(String::as_str) == Some(SECRET);
    if !by_header && !by_form {
        return refused("invalid_client");
    }
    let field = |name: &str| form.get(name).map_or("", String::as_str);
    if field("grant_type") != "authorization_code" {
        return refused("unsupported_grant_type");
    }
    // Good once.
    let Some(shown) = inner.shown.remove(field("code")) else { return refused("invalid_grant") };
    let digest = ring::digest::digest(&ring::digest::SHA256, field("code_verifier").as_bytes());
    if shown.challenge != text(digest) || shown.redirect != field("redirect_uri") {
        return refused("invalid_grant");
    }
    let answer = json!({
        "access_token": "not used",
        "token_type": "Bearer",
        "id_token": inner.id_token(&shown),
    });
    (StatusCode::OK, answer.to_string())
}

impl Inner {
    fn id_token(&self, shown: &Shown) -> String {
        let at = shown.at.as_second();
        let mut header = json!({ "alg": "RS256", "typ": "JWT", "kid": "rsa" });
        let mut claims = json!({
            "iss": self.issuer,
            "sub": shown.subject,
            "aud": CLIENT,
            "azp": CLIENT,
            "exp": at + 300,
            "iat": at,
            "auth_time": at,
            "nonce": shown.nonce,
            "email": "ana@kern.example",
        });
        if let Some(change) = &self.otherwise.header {
            change(&mut header);
        }
        if let Some(change) = &self.otherwise.claims {
            change(&mut claims);
        }
        let message = format!("{}.{}", text(header.to_string()), text(claims.to_string()));
        let random = SystemRandom::new();
        let signature = match self.otherwise.signed.unwrap_or(Signed::Rightly) {
            Signed::Rightly if header["alg"] == "ES256" => {
                self.ec.sign(&random, message.as_bytes()).unwrap().as_ref().to_vec()
            }
            Signed::Rightly => {
                let mut signature = vec![0; self.rsa.public().modulus_len()];
                let padding = &ring::signature::RSA_PKCS1_SHA256;
                self.rsa.sign(padding, &random, message.as_bytes(), &mut signature).unwrap();
                signature
            }
            Signed::ByAnother => {
                self.other.sign(&random, message.as_bytes()).unwrap().as_ref().to_vec()
            }
            Signed::ByNobody => Vec::new(),
            Signed::ByPublicKey => {
                let public = self.rsa.public_key().as_ref();
                let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, public);
                ring::hmac::sign(&key, message.as_bytes()).as_ref().to_vec()
            }
        };
        format!("{message}.{}", text(signature))
    }
}
