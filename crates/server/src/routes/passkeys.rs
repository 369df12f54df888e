//! `GET` and `POST /passkeys`: the passkeys of whoever is signed in; one is added, one is removed.
//!
//! Adding takes two steps: her passphrase once more, then the passkey itself, which only a script can ask.
//! So nothing is made on her device before it is known that it may be.

use askama::Template;
use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use sealing::{PasskeySecret, RelyingParty};
use store::{Passkey, PasskeyAsked, StoreError};

use crate::form::{Asked, Fields, Mistakes};
use crate::frame::Page;
use crate::problem::Problem;
use crate::session::{
    Desk, PasskeyCookie, PasskeySite, SentNew, SignedForm, SignedIn, refused, text,
};
use crate::site::Site;

#[derive(Template)]
#[template(path = "passkeys.html")]
struct Passkeys {
    page: Page,
    desk: Desk,
    mistakes: Mistakes,
    passkeys: Vec<Passkey>,
    /// The name that she typed for a new one.
    typed: String,
    /// Whether browsers have passkeys for the address at which she is.
    can_be: bool,
    /// The key of what was just done.
    done: Option<&'static str>,
}

/// The second step: the passkey itself.
#[derive(Template)]
#[template(path = "passkey_new.html")]
struct New {
    page: Page,
    desk: Desk,
    label: String,
    host: String,
    challenge: String,
    handle: String,
    /// Those that she has, so that a device does not make a second one.
    others: String,
}

impl New {
    fn input(&self) -> &'static str {
        PasskeySecret::INPUT
    }
}

/// Shows them.
pub(crate) async fn show(
    signed_in: SignedIn,
    passkeys: PasskeySite,
    Asked(asked): Asked,
) -> Result<Response, Problem> {
    let done = match asked.get("done") {
        "kept" => Some("passkeys-done-kept"),
        "removed" => Some("passkeys-done-removed"),
        _ => None,
    };
    page(&signed_in, &passkeys, Mistakes::default(), String::new(), done).await
}

/// Adds or removes one.
pub(crate) async fn change(
    State(site): State<Site>,
    (passkeys, browser): (PasskeySite, PasskeyCookie),
    form: SignedForm,
) -> Result<Response, Problem> {
    let SignedForm { signed_in, fields } = form;
    let label = fields.get("label").to_owned();
    let done = match (fields.get("act"), passkeys.here()) {
        ("ask", Some(party)) => match ask(&signed_in, &fields, &label).await {
            Ok(asked) => return new(&site, &signed_in, party, label, &asked).await,
            Err(error) => Err(error),
        },
        ("keep", Some(party)) => keep(&signed_in, &fields, party, &browser, &label).await,
        ("remove", _) => remove(&signed_in, &fields).await,
        _ => return Err(Problem::Unreadable(StatusCode::BAD_REQUEST)),
    };
    let error = match done {
        Ok(address) => return Ok(signed_in.go(address)),
        Err(error) => error,
    };
    let (field, words) = match error {
        StoreError::NotSignedIn => ("passphrase", signed_in.page.say("refused-passphrase")),
        StoreError::TooManyTries { .. } => {
            ("passphrase", refused(&signed_in.page, error, signed_in.now)?)
        }
        StoreError::NoSuchPasskey => ("yours", refused(&signed_in.page, error, signed_in.now)?),
        error => ("label", refused(&signed_in.page, error, signed_in.now)?),
    };
    page(&signed_in, &passkeys, Mistakes::one(field, words), label, None).await
}

async fn ask(
    signed_in: &SignedIn,
    fields: &Fields,
    label: &str,
) -> Result<PasskeyAsked, StoreError> {
    let (session, passphrase) = (&signed_in.session, fields.exactly("passphrase"));
    signed_in.store().ask_new_passkey(session, label, passphrase, signed_in.now).await
}

async fn keep(
    signed_in: &SignedIn,
    fields: &Fields,
    party: &RelyingParty,
    browser: &PasskeyCookie,
    label: &str,
) -> Result<&'static str, StoreError> {
    let sent = SentNew::of(fields).ok_or(StoreError::PasskeyLate)?;
    let new = sent.to(party, browser.secret(), label);
    signed_in.store().add_passkey(&signed_in.session, &new, signed_in.now).await?;
    Ok("/passkeys?done=kept")
}

async fn remove(signed_in: &SignedIn, fields: &Fields) -> Result<&'static str, StoreError> {
    let id = fields.get("passkey").parse().map_err(|_| StoreError::NoSuchPasskey)?;
    signed_in.store().remove_passkey(&signed_in.session, id, signed_in.now).await?;
    Ok("/passkeys?done=removed")
}

/// Shows the second step, and binds it to this browser.
async fn new(
    site: &Site,
    signed_in: &SignedIn,
    party: &RelyingParty,
    label: String,
    asked: &PasskeyAsked,
) -> Result<Response, Problem> {
    let others = signed_in.store().passkeys(&signed_in.session).await?;
    let others: Vec<String> = others.iter().map(|one| text(&one.credential)).collect();
    let shown = New {
        page: signed_in.page.clone(),
        desk: signed_in.desk(),
        label,
        host: party.host().to_owned(),
        challenge: asked.challenge.to_text(),
        handle: text(&signed_in.session.passkey_handle()),
        others: others.join(" "),
    };
    let set = PasskeyCookie::set(&asked.browser, site.installation).ok_or(Problem::Failed)?;
    let response = signed_in.show(StatusCode::OK, &[], &shown).await?;
    Ok((HeaderMap::from_iter([(SET_COOKIE, set)]), response).into_response())
}

async fn page(
    signed_in: &SignedIn,
    site: &PasskeySite,
    mistakes: Mistakes,
    typed: String,
    done: Option<&'static str>,
) -> Result<Response, Problem> {
    let passkeys = signed_in.store().passkeys(&signed_in.session).await?;
    let (page, desk) = (signed_in.page.clone(), signed_in.desk());
    let can_be = site.here().is_some();
    let shown = Passkeys { page, desk, mistakes, passkeys, typed, can_be, done };
    signed_in.show(shown.mistakes.status(), &[], &shown).await
}
