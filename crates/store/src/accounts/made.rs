//! Made-up agencies and members, for tests.

use jiff::{SignedDuration, Timestamp};
use sealing::TotpSecret;

use super::*;
use crate::{Purpose, Role, Scope, Store};

pub(crate) const PASSPHRASE: &str = "seven herons over slow water";

pub(crate) fn start() -> Timestamp {
    "2026-11-30T08:00:00Z".parse().unwrap()
}

/// When the agencies were let in: long enough before, so that they owe some quarters.
fn joined() -> Timestamp {
    "2026-01-05T08:00:00Z".parse().unwrap()
}

pub(crate) fn minutes(number: i64) -> SignedDuration {
    SignedDuration::from_mins(number)
}

pub(crate) fn operator() -> Scope {
    Scope::command_line("root")
}

/// Somebody who has joined, with her app for one-time codes.
pub(crate) struct Person {
    pub(crate) name: &'static str,
    pub(crate) totp: TotpSecret,
    pub(crate) fingerprint: String,
}

impl Person {
    pub(crate) fn of(name: &'static str, enrolled: &Enrolled) -> Person {
        let totp = TotpSecret::from_base32(&enrolled.totp).unwrap();
        Person { name, totp, fingerprint: enrolled.fingerprint.clone() }
    }

    pub(crate) async fn comes_in(
        &self,
        store: &Store,
        at: Timestamp,
    ) -> Result<SignedIn, StoreError> {
        let code = code(&self.totp, at);
        store.sign_in(&Entered { code: &code, ..entered(self.name) }, at).await
    }
}

/// The code that her app shows.
pub(crate) fn code(totp: &TotpSecret, at: Timestamp) -> String {
    totp.shown_at(u64::try_from(at.as_second()).unwrap()).to_string()
}

pub(crate) fn entered(name: &str) -> Entered<'_> {
    Entered { name, passphrase: PASSPHRASE, code: "000000", role: None, purpose: Purpose::Other }
}

pub(crate) async fn joins(store: &Store, agency: &str, name: &'static str, role: Role) -> Person {
    let new = NewMember { agency: agency.to_owned(), name: name.to_owned(), roles: vec![role] };
    let invitation = store.invite(&operator(), &new, start()).await.unwrap();
    let code = invitation.code.to_uppercase().replace('-', " ");
    let enrolled = store.accept_invitation(name, &code, PASSPHRASE, start()).await.unwrap();
    Person::of(name, &enrolled)
}

/// A made-up agency: guessing its members' passphrases is cheap.
pub(crate) async fn agency(
    store: &Store,
    code: &str,
    legal_entity: &str,
) -> Result<i64, StoreError> {
    add(store, code, legal_entity, true).await
}

/// One that counts as real.
pub(crate) async fn real_agency(
    store: &Store,
    code: &str,
    legal_entity: &str,
) -> Result<i64, StoreError> {
    add(store, code, legal_entity, false).await
}

async fn add(
    store: &Store,
    code: &str,
    legal_entity: &str,
    practice: bool,
) -> Result<i64, StoreError> {
    let new = NewAgencyHere {
        code: code.to_owned(),
        label: code.to_owned(),
        legal_entity: legal_entity.to_owned(),
        county: None,
        clearinghouse: false,
        practice,
    };
    store.add_agency(&operator(), &new, joined()).await
}

/// The agency that counts for the state.
pub(crate) async fn clearinghouse(store: &Store) {
    let new = NewAgencyHere {
        code: "state".to_owned(),
        label: "state".to_owned(),
        legal_entity: "prosecutor".to_owned(),
        county: None,
        clearinghouse: true,
        practice: true,
    };
    store.add_agency(&operator(), &new, joined()).await.unwrap();
}
