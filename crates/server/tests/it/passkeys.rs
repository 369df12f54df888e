//! Passkeys in forms: made, used, refused, removed. The passkey is a program here; a browser is in `e2e`.

use axum::http::{Method, StatusCode};
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use server::{Config, router};
use sha2::{Digest, Sha256};
use store::{AuditFilter, Role};

use crate::ask::{Answer, ask, block_on};
use crate::markup::between;
use crate::people::{Installation, PASSPHRASE, form, operator};

const HOST: &str = "localhost:8080";

/// A passkey that signs by ES256.
#[derive(Clone)]
struct Passkey {
    key: SigningKey,
    id: [u8; 16],
    handle: String,
    gives: [u8; 32],
    counter: u32,
}

fn text(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut said = String::new();
    for group in bytes.chunks(3) {
        let bits = group.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte));
        let bits = bits << (8 * (3 - group.len()));
        for at in 0..=group.len() {
            said.push(char::from(LETTERS[(bits >> (18 - 6 * at)) as usize & 63]));
        }
    }
    said
}

fn client(what: &str, challenge: &str) -> String {
    format!(
        r#"{{"type":"webauthn.{what}","challenge":"{challenge}","origin":"http://{HOST}","crossOrigin":false}}"#
    )
}

impl Passkey {
    fn new(seed: u8, handle: &str) -> Passkey {
        let key = SigningKey::from_slice(&[seed; 32]).unwrap();
        Passkey { key, id: [seed; 16], handle: handle.to_owned(), gives: [seed; 32], counter: 0 }
    }

    fn data(&self, flags: u8) -> Vec<u8> {
        [&Sha256::digest("localhost")[..], &[flags], &self.counter.to_be_bytes()].concat()
    }

    fn made(&self, challenge: &str) -> Vec<(&'static str, String)> {
        let point = self.key.verifying_key().to_encoded_point(false);
        let head = [0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 0x20];
        let (x, y) = (point.x().unwrap(), point.y().unwrap());
        let key = [&head[..], x, &[0x22, 0x58, 0x20], y].concat();
        let data = [&self.data(0x45)[..], &[0; 16], &[0, 16], &self.id, &key].concat();
        vec![
            ("client_data", text(client("create", challenge).as_bytes())),
            ("authenticator_data", text(&data)),
            ("secret", text(&self.gives)),
        ]
    }

    fn answers(&mut self, challenge: &str) -> Vec<(&'static str, String)> {
        self.counter += 1;
        let (data, client) = (self.data(5), client("get", challenge));
        let signature: Signature = self.key.sign(&[&data[..], &Sha256::digest(&client)].concat());
        vec![
            ("way", "passkey".to_owned()),
            ("credential", text(&self.id)),
            ("handle", self.handle.clone()),
            ("client_data", text(client.as_bytes())),
            ("authenticator_data", text(&data)),
            ("signature", text(signature.to_der().as_bytes())),
            ("secret", text(&self.gives)),
        ]
    }
}

/// Sends a form from the browser that has these cookies, at `localhost`.
fn send(here: &Installation, cookies: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
    let headers = [
        ("cookie", cookies),
        ("host", HOST),
        ("sec-fetch-site", "same-origin"),
        ("content-type", "application/x-www-form-urlencoded"),
    ];
    ask(here.router(), Method::POST, path, &headers, form(fields))
}

fn get(here: &Installation, cookies: &str, path: &str) -> Answer {
    ask(here.router(), Method::GET, path, &[("cookie", cookies), ("host", HOST)], "")
}

/// The cookie that an answer sets, as a browser sends it back.
fn cookie(answer: &Answer) -> String {
    answer.header("set-cookie").split(';').next().unwrap().to_owned()
}

fn borrowed<'a>(fields: &'a [(&'static str, String)]) -> Vec<(&'static str, &'a str)> {
    fields.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

/// What a passkey is asked with at the door, and the cookie for it.
fn challenge(here: &Installation) -> (String, String) {
    let asked = send(here, "", "/passkey-challenge", &[]);
    assert_eq!(asked.status, StatusCode::OK);
    let set = asked.header("set-cookie");
    assert!(set.starts_with("clearway-passkey=") && set.ends_with("; Max-Age=300"), "{set}");
    assert!(set.contains("HttpOnly; SameSite=Strict"), "{set}");
    (asked.body.clone(), cookie(&asked))
}

fn token(here: &Installation, session: &str) -> String {
    between(&get(here, session, "/account").body, "name=\"token\" value=\"", "\"").to_owned()
}

/// Adds one, as her browser does in two steps.
fn added(here: &Installation, session: &str, seed: u8) -> Passkey {
    let token = token(here, session);
    let asked =
        [("token", &*token), ("act", "ask"), ("label", "work phone"), ("passphrase", PASSPHRASE)];
    let page = send(here, session, "/passkeys", &asked);
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let part = |name: &str| between(&page.body, &format!("data-{name}=\""), "\"").to_owned();
    let passkey = Passkey::new(seed, &part("handle"));
    let made = passkey.made(&part("challenge"));
    let mut fields = borrowed(&made);
    fields.extend([("token", &*token), ("act", "keep"), ("label", "work phone")]);
    let cookies = format!("{session}; {}", cookie(&page));
    // Without the cookie, from another browser: nothing.
    let elsewhere = send(here, session, "/passkeys", &fields);
    assert_eq!(elsewhere.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(elsewhere.body.contains("Ask it again"), "{}", elsewhere.body);
    let kept = send(here, &cookies, "/passkeys", &fields);
    assert_eq!(kept.header("location"), "/passkeys?done=kept", "{}", kept.body);
    passkey
}

#[test]
fn somebody_adds_a_passkey_comes_in_by_it_unlocks_and_removes_it() {
    let here = Installation::new();
    let (_, session) = here.member_and_cookie("ana", Role::Coordinator);
    let mut passkey = added(&here, &session, 5);
    let list = get(&here, &session, "/passkeys?done=kept").body;
    assert!(list.contains("work phone") && list.contains("2026-11-30") && list.contains("not yet"));

    // Signing in: no name, no passphrase, no code.
    let (asked, browser) = challenge(&here);
    let answer = passkey.answers(&asked);
    let mut fields = borrowed(&answer);
    fields.extend([("purpose", "returns"), ("next", "/passkeys")]);
    let by_nobody = send(&here, "", "/sign-in", &fields);
    assert_eq!(by_nobody.status, StatusCode::UNPROCESSABLE_ENTITY, "another browser");
    let signed_in = send(&here, &browser, "/sign-in", &fields);
    assert_eq!(signed_in.header("location"), "/passkeys", "{}", signed_in.body);
    let replayed = send(&here, &browser, "/sign-in", &fields);
    assert_eq!(replayed.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(replayed.body.contains("id=\"passkey-error\""), "said beside the passkey");
    let second = cookie(&signed_in);
    let page = get(&here, &second, "/account").body;
    assert!(page.contains("<strong>ana</strong>") && page.contains("Returns and figures"));

    // Hidden, and unlocked.
    let token = token(&here, &second);
    send(&here, &second, "/lock", &[("token", &token)]);
    assert_eq!(get(&here, &second, "/account").header("location"), "/unlock");
    assert!(get(&here, &second, "/unlock").body.contains("data-ask=\"/passkey-challenge\""));
    let (asked, browser) = challenge(&here);
    let answer = passkey.answers(&asked);
    let mut fields = borrowed(&answer);
    let cookies = format!("{second}; {browser}");
    let without = send(&here, &cookies, "/unlock", &fields);
    assert_eq!(without.status, StatusCode::FORBIDDEN, "without the token of the session");
    fields.push(("token", &token));
    assert_eq!(send(&here, &cookies, "/unlock", &fields).header("location"), "/account");
    assert_eq!(get(&here, &second, "/account").status, StatusCode::OK);

    // Removed: it is unknown, and the first session has ended.
    let list = get(&here, &second, "/passkeys").body;
    let number = between(&list, "name=\"passkey\" value=\"", "\"").to_owned();
    let remove = [("token", &*token), ("act", "remove"), ("passkey", &number)];
    let removed = send(&here, &second, "/passkeys", &remove);
    assert_eq!(removed.header("location"), "/passkeys?done=removed");
    assert_eq!(get(&here, &session, "/account").header("location"), "/sign-in");
    let again = send(&here, &second, "/passkeys", &remove);
    assert!(again.body.contains("There is no such passkey of yours any more"));
    let (asked, browser) = challenge(&here);
    let answer = passkey.answers(&asked);
    let mut fields = borrowed(&answer);
    fields.push(("purpose", "returns"));
    let gone = send(&here, &browser, "/sign-in", &fields);
    assert_eq!(gone.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(gone.body.contains("This passkey is not known here"));

    // Neither its name nor what it gives out is in the audit.
    let rows = block_on(here.store.audit(&operator(), &AuditFilter::default())).unwrap();
    let audit = format!("{rows:?}");
    assert!(audit.contains("passkey_added") && audit.contains("passkey_removed"));
    assert!(!audit.contains("work phone") && !audit.contains(&text(&passkey.gives)));
}

#[test]
fn what_is_wrong_is_said_and_nothing_typed_is_lost() {
    let here = Installation::new();
    let (_, session) = here.member_and_cookie("ana", Role::Coordinator);
    let token = token(&here, &session);
    let ask_for = |label: &str, passphrase: &str| {
        let fields =
            [("token", &*token), ("act", "ask"), ("label", label), ("passphrase", passphrase)];
        send(&here, &session, "/passkeys", &fields)
    };
    let wrong = ask_for("work <phone>", "not hers at all");
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("The passphrase is wrong."));
    assert!(wrong.body.contains("value=\"work &#60;phone&#62;\""), "{}", wrong.body);
    assert_eq!(wrong.header("set-cookie"), "");
    let nameless = ask_for("", PASSPHRASE);
    assert!(nameless.body.contains("Give it a name of 1 to 40 characters"));

    let mut passkey = added(&here, &session, 5);
    // The purpose is chosen with a passkey too, and what was chosen stays.
    let (asked, browser) = challenge(&here);
    let answer = passkey.answers(&asked);
    let mut fields = borrowed(&answer);
    fields.push(("role", "coordinator"));
    let unsaid = send(&here, &browser, "/sign-in", &fields);
    assert!(unsaid.body.contains("Choose what you will do"));
    assert!(unsaid.body.contains("<option value=\"coordinator\" selected"));
    // The challenge is still good.
    fields.push(("purpose", "cases"));
    assert_eq!(send(&here, &browser, "/sign-in", &fields).status, StatusCode::SEE_OTHER);

    // What is cut off, or is no base64url, is not taken, whatever it is.
    for broken in ["", "*", "AA"] {
        for field in
            ["credential", "handle", "client_data", "authenticator_data", "signature", "secret"]
        {
            here.minutes_later(16);
            let (asked, browser) = challenge(&here);
            let mut answer = passkey.answers(&asked);
            for (name, value) in &mut answer {
                if *name == field {
                    *value = broken.to_owned();
                }
            }
            let mut fields = borrowed(&answer);
            fields.push(("purpose", "returns"));
            let refused = send(&here, &browser, "/sign-in", &fields);
            let told = format!("{field} {broken}");
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{told}");
            assert!(refused.body.contains("id=\"passkey-error\""), "{told}");
            assert_eq!(refused.header("set-cookie"), "", "{told}");
        }
    }
    // A copy is said to be one.
    here.minutes_later(16);
    let (asked, browser) = challenge(&here);
    let answer = Passkey { counter: 0, ..passkey.clone() }.answers(&asked);
    let mut fields = borrowed(&answer);
    fields.push(("purpose", "returns"));
    let copied = send(&here, &browser, "/sign-in", &fields);
    assert!(copied.body.contains("somebody may have copied it"), "{}", copied.body);
}

#[test]
fn there_are_passkeys_only_where_browsers_have_them() {
    let here = Installation::new();
    let (_, session) = here.member_and_cookie("ana", Role::Coordinator);
    let site = Config { behind_tls: true, site: None, ..here.config() };
    let named =
        Config { site: Some("https://clearway.example.gov".parse().unwrap()), ..site.clone() };
    let door = |config: &Config, host: &str| {
        let router = router(config, here.store.clone());
        ask(router, Method::GET, "/sign-in", &[("host", host)], "").body
    };
    let plain = here.config();
    assert!(door(&plain, HOST).contains("data-host=\"localhost\""));
    assert!(door(&named, "clearway.example.gov").contains("data-host=\"clearway.example.gov\""));
    for (config, host) in
        [(&plain, "127.0.0.1:8080"), (&plain, "evil.example"), (&plain, ""), (&site, HOST)]
    {
        assert!(!door(config, host).contains("data-host"), "{host}");
        let headers = [("host", host), ("sec-fetch-site", "same-origin")];
        let router = router(config, here.store.clone());
        let asked = ask(router, Method::POST, "/passkey-challenge", &headers, "");
        assert_eq!(asked.status, StatusCode::NOT_FOUND, "{host}");
    }
    // A page that has none says why.
    assert!(here.get(&session, "/passkeys").body.contains("--site"));
    let cookie = session.replace("clearway=", "__Host-clearway=");
    let router = router(&named, here.store.clone());
    let headers = [("host", "clearway.example.gov"), ("sec-fetch-site", "same-origin")];
    let asked = ask(router.clone(), Method::POST, "/passkey-challenge", &headers, "");
    let set = asked.header("set-cookie");
    assert!(set.starts_with("__Host-clearway-passkey=") && set.contains("Secure"), "{set}");
    let headers = [("host", "clearway.example.gov"), ("cookie", cookie.as_str())];
    let page = ask(router, Method::GET, "/passkeys", &headers, "").body;
    assert!(page.contains("value=\"ask\"") && !page.contains("--site"));
}
