//! Signing in by an account at the agency's identity provider, in a real browser: the provider is made up, and
//! another site, so that what the browser does with cookies on the way is seen.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use ring::digest::{SHA256, digest};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json};

use crate::clearway::Desk;
use crate::site::{BUTTON, PASSPHRASE, Site, code, secret};
use crate::webdriver::Browser;

fn text(bytes: impl AsRef<[u8]>) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// Names and values of a form or an address; what is asked here has no other signs in it.
fn fields(said: &str) -> HashMap<String, String> {
    let plain = |text: &str| text.replace("%3A", ":").replace("%2F", "/");
    let pairs = said.split('&').filter_map(|pair| pair.split_once('='));
    pairs.map(|(name, value)| (name.to_owned(), plain(value))).collect()
}

/// A provider at which whoever comes is `subject`, once she has pressed the link.
struct Provider {
    issuer: String,
    key: EcdsaKeyPair,
}

impl Provider {
    /// Answers until the tests are over.
    fn start() -> String {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let issuer = format!("http://{}", listener.local_addr().expect("an address"));
        let (signing, random) = (&ECDSA_P256_SHA256_FIXED_SIGNING, SystemRandom::new());
        let key = EcdsaKeyPair::generate_pkcs8(signing, &random).expect("a key");
        let key = EcdsaKeyPair::from_pkcs8(signing, key.as_ref(), &random).expect("a key");
        let provider = Arc::new(Provider { issuer: issuer.clone(), key });
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let provider = provider.clone();
                // A browser opens connections on which it asks nothing.
                std::thread::spawn(move || provider.answer(stream));
            }
        });
        issuer
    }

    fn answer(&self, mut stream: TcpStream) {
        let (mut said, mut bytes) = (Vec::new(), [0; 4096]);
        let (head, body) = loop {
            let Ok(read @ 1..) = stream.read(&mut bytes) else { return };
            said.extend_from_slice(&bytes[..read]);
            let text = String::from_utf8_lossy(&said).into_owned();
            let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
            let length = head.lines().find_map(|line| {
                let (name, value) = line.split_once(": ")?;
                name.eq_ignore_ascii_case("content-length").then(|| value.parse().ok())?
            });
            if body.len() >= length.unwrap_or(0) {
                break (head.to_owned(), body.to_owned());
            }
        };
        let address = head.split(' ').nth(1).unwrap_or_default();
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        let (more, body) = match path {
            "/.well-known/openid-configuration" => ("", self.metadata().to_string()),
            "/certs" => ("", self.keys().to_string()),
            // The code says what was asked for; a real provider keeps that to itself.
            "/auth" => {
                ("content-type: text/html\r\n", format!("<a id=me href=\"/me?{query}\">me</a>"))
            }
            "/me" => {
                let asked = fields(query);
                let code = text(json!([asked["nonce"], asked["code_challenge"]]).to_string());
                let back =
                    format!("{}?state={}&code={code}", asked["redirect_uri"], asked["state"]);
                let found =
                    format!("HTTP/1.1 302 Found\r\nlocation: {back}\r\ncontent-length: 0\r\n\r\n");
                let _ = stream.write_all(found.as_bytes());
                return;
            }
            "/token" => ("", self.token(&fields(&body)).to_string()),
            _ => ("", "{}".to_owned()),
        };
        let length = body.len();
        let answer = format!("HTTP/1.1 200 OK\r\n{more}content-length: {length}\r\n\r\n{body}");
        let _ = stream.write_all(answer.as_bytes());
    }

    fn metadata(&self) -> Value {
        let at = |path: &str| format!("{}/{path}", self.issuer);
        json!({
            "issuer": self.issuer, "authorization_endpoint": at("auth"),
            "token_endpoint": at("token"), "jwks_uri": at("certs"),
            "response_types_supported": ["code"],
            "id_token_signing_alg_values_supported": ["ES256"],
        })
    }

    fn keys(&self) -> Value {
        let point = self.key.public_key().as_ref();
        let (x, y) = (text(&point[1..33]), text(&point[33..]));
        json!({ "keys": [{ "kty": "EC", "crv": "P-256", "kid": "k", "x": x, "y": y }] })
    }

    fn token(&self, sent: &HashMap<String, String>) -> Value {
        let code = BASE64_URL_SAFE_NO_PAD.decode(&sent["code"]).expect("our code");
        let asked: Value = serde_json::from_slice(&code).expect("our code");
        assert_eq!(asked[1], text(digest(&SHA256, sent["code_verifier"].as_bytes())));
        let now = UNIX_EPOCH.elapsed().expect("after 1970").as_secs();
        let claims = json!({
            "iss": self.issuer, "aud": "clearway", "sub": "subject", "nonce": asked[0],
            "iat": now, "exp": now + 60, "auth_time": now,
        });
        let head = text(json!({ "alg": "ES256", "kid": "k" }).to_string());
        let message = format!("{head}.{}", text(claims.to_string()));
        let signature = self.key.sign(&SystemRandom::new(), message.as_bytes()).expect("signed");
        json!({ "token_type": "Bearer", "id_token": format!("{message}.{}", text(signature)) })
    }
}

/// The page of ours is another site than the provider: a name and not the number.
fn page(site: &Site, path: &str) -> String {
    let (_, port) = site.address.rsplit_once(':').expect("a port");
    format!("http://localhost:{port}{path}")
}

/// She is led to the provider by itself, says there that it is she, and is led back to a page of ours.
fn shows_who_she_is(browser: &Browser, issuer: &str, then: &str) {
    let there = format!(
        "return location.href.startsWith('{issuer}/auth?') && !!document.querySelector('#me')"
    );
    browser.wait_for(&there);
    browser.run("document.querySelector('#me').click()");
    let back = format!(
        "return location.host.startsWith('localhost') && location.pathname === '{then}' && document.readyState === 'complete'"
    );
    browser.wait_for(&back);
}

#[test]
fn a_member_links_her_agencys_account_comes_in_by_it_and_unlocks() {
    let desk = Desk::after_demo();
    let issuer = Provider::start();
    let set = ["user", "identity-provider", "set", "practice-1", "--client-id", "clearway"];
    let data = ["--issuer", &issuer, "--data", "clearway-demo/data"];
    desk.run(&[&set[..], &data].concat()).exits(0);
    let site = Site::start(&desk, &["--data", "clearway-demo/data", "--practice"]);
    let browser = Browser::start();
    let secret = secret(&desk, "coordinator");
    browser.visit(&page(&site, "/sign-in"));
    let used = code(&desk, &secret);
    let typed = [
        ("name", "coordinator"),
        ("passphrase", PASSPHRASE),
        ("code", &*used),
        ("purpose", "returns"),
    ];
    browser.send(&typed, BUTTON);
    assert!(browser.text("header .who").contains("coordinator"), "{}", browser.text("main"));

    // A code is good once: she waits for the next.
    let mut next = code(&desk, &secret);
    while next == used {
        std::thread::sleep(Duration::from_secs(1));
        next = code(&desk, &secret);
    }
    browser.visit(&page(&site, "/account"));
    let typed = [("own-passphrase", PASSPHRASE), ("code", &*next)];
    browser.send(&typed, "main button[value=link]");
    shows_who_she_is(&browser, &issuer, "/account");
    let said = browser.text("main");
    assert!(said.contains("Your agency’s account is linked"), "{said}");

    // Out, and in again by that account: who she is, and locked.
    browser.send(&[], "header form:not(#hide) button");
    browser.visit(&page(&site, "/sign-in?next=/returns"));
    browser.send(&[("purpose", "returns")], "main button[name=identity]");
    shows_who_she_is(&browser, &issuer, "/unlock");
    browser.visit(&page(&site, "/compartments"));
    assert!(browser.text("main h1").contains("Locked"), "{}", browser.text("main"));
    browser.send(&[("passphrase", PASSPHRASE)], BUTTON);
    let said = browser.text("header .who");
    assert!(said.contains("coordinator"), "{said}: {}", browser.text("main"));
    let said = browser.console();
    assert!(said.iter().all(|line| !line.contains("Content Security Policy")), "{said:?}");
}
