//! Installations with people in them, who come in as they would.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::Router;
use axum::http::Method;
use jiff::Timestamp;
use sealing::TotpSecret;
use server::{Clock, Config, router};
use store::{
    Enrolled, Entered, NewAgencyHere, NewMember, Purpose, Resumed, Role, Scope, Session, Store,
};
use tempfile::TempDir;

use crate::ask::{Answer, ask, block_on, practice};
use crate::markup::between;

pub(crate) const PASSPHRASE: &str = "seven herons over slow water";
/// The agency whose members ask.
pub(crate) const OURS: &str = "kern-da";
/// The agency of which they must see nothing; all that is of it has this in its name.
pub(crate) const THEIRS: &str = "zq-pd";
/// The agency that counts for the state.
pub(crate) const STATE: &str = "state-office";
/// A mark that nothing else has.
pub(crate) const MARK: &str = "zq-";

pub(crate) fn operator() -> Scope {
    Scope::command_line("root")
}

/// When the agencies were let in: long enough before, so that they owe some quarters.
pub(crate) fn joined() -> Timestamp {
    "2026-01-05T08:00:00Z".parse().unwrap()
}

/// An installation, and a clock that a test moves.
pub(crate) struct Installation {
    pub(crate) store: Store,
    seconds: Arc<AtomicI64>,
    pub(crate) folder: TempDir,
}

/// Somebody who has joined, with her app for one-time codes.
pub(crate) struct Person {
    pub(crate) name: String,
    pub(crate) fingerprint: String,
    totp: TotpSecret,
}

impl Person {
    pub(crate) fn of(name: &str, secret: &str, fingerprint: &str) -> Person {
        let totp = TotpSecret::from_base32(secret).unwrap();
        Person { name: name.to_owned(), fingerprint: fingerprint.to_owned(), totp }
    }

    /// The code that her app shows.
    pub(crate) fn code(&self, at: Timestamp) -> String {
        self.totp.shown_at(u64::try_from(at.as_second()).unwrap()).to_string()
    }
}

impl Installation {
    /// With two agencies and nobody in them.
    pub(crate) fn new() -> Installation {
        let folder = tempfile::tempdir().unwrap();
        let start: Timestamp = "2026-11-30T08:00:00Z".parse().unwrap();
        let seconds = Arc::new(AtomicI64::new(start.as_second()));
        let store = block_on(Store::open(folder.path())).unwrap();
        let here = Installation { store, seconds, folder };
        for (code, legal_entity) in
            [(OURS, "prosecutor"), (THEIRS, "police"), (STATE, "prosecutor")]
        {
            let new = NewAgencyHere {
                code: code.to_owned(),
                label: code.to_owned(),
                legal_entity: legal_entity.to_owned(),
                county: None,
                clearinghouse: code == STATE,
                practice: true,
            };
            block_on(here.store.add_agency(&operator(), &new, joined())).unwrap();
        }
        here
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::from_second(self.seconds.load(Ordering::SeqCst)).unwrap()
    }

    pub(crate) fn minutes_later(&self, minutes: i64) {
        self.seconds.fetch_add(minutes * 60, Ordering::SeqCst);
    }

    pub(crate) fn clock(&self) -> Clock {
        let seconds = self.seconds.clone();
        Clock::new(move || Timestamp::from_second(seconds.load(Ordering::SeqCst)).unwrap())
    }

    pub(crate) fn config(&self) -> Config {
        Config { clock: self.clock(), ..practice() }
    }

    pub(crate) fn router(&self) -> Router {
        router(&self.config(), self.store.clone())
    }

    /// Invited and joined, by the store.
    pub(crate) async fn joins(&self, agency: &str, name: &str, role: Role) -> Person {
        let new = NewMember { agency: agency.to_owned(), name: name.to_owned(), roles: vec![role] };
        let invitation = self.store.invite(&operator(), &new, self.now()).await.unwrap();
        let Enrolled { totp, fingerprint, .. } = self
            .store
            .accept_invitation(name, &invitation.code, PASSPHRASE, self.now())
            .await
            .unwrap();
        Person::of(name, &totp, &fingerprint)
    }

    /// Signed in, by the store: the header that her browser sends.
    pub(crate) async fn comes_in(&self, person: &Person) -> String {
        let code = person.code(self.now());
        let entered = Entered {
            name: &person.name,
            passphrase: PASSPHRASE,
            code: &code,
            role: None,
            purpose: Purpose::Other,
        };
        let signed_in = self.store.sign_in(&entered, self.now()).await.unwrap();
        format!("clearway={}", *signed_in.cookie)
    }

    /// The session behind such a header.
    pub(crate) async fn session(&self, cookie: &str) -> Session {
        let value = cookie.strip_prefix("clearway=").unwrap();
        match self.store.resume(value, self.now()).await.unwrap() {
            Some(Resumed::Open { session, .. }) => session,
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn member_and_cookie(&self, name: &str, role: Role) -> (Person, String) {
        block_on(async {
            let person = self.joins(OURS, name, role).await;
            let cookie = self.comes_in(&person).await;
            (person, cookie)
        })
    }

    pub(crate) fn get(&self, cookie: &str, path: &str) -> Answer {
        ask(self.router(), Method::GET, path, &[("cookie", cookie)], "")
    }

    /// Sends a form from a page of ours, without a token.
    pub(crate) fn post(&self, cookie: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        let headers = [
            ("cookie", cookie),
            ("sec-fetch-site", "same-origin"),
            ("content-type", "application/x-www-form-urlencoded"),
        ];
        ask(self.router(), Method::POST, path, &headers, form(fields))
    }

    /// Sends a form as her browser does, with the token of her page.
    pub(crate) fn send(&self, cookie: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        let page = self.get(cookie, "/account").body;
        let token = between(&page, "name=\"token\" value=\"", "\"");
        let fields: Vec<_> = fields.iter().copied().chain([("token", token)]).collect();
        self.post(cookie, path, &fields)
    }
}

/// Fields as browsers send them.
pub(crate) fn form(fields: &[(&str, &str)]) -> String {
    let encoded =
        |text: &str| -> String { text.bytes().map(|byte| format!("%{byte:02X}")).collect() };
    let pairs = fields.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value)));
    pairs.collect::<Vec<_>>().join("&")
}
