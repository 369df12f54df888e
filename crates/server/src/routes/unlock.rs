//! `GET` and `POST /unlock`: the passphrase or a passkey brings a locked session back.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use store::{Resumed, StoreError};

use crate::form::{Asked, Fields, Mistakes};
use crate::frame::{Page, render};
use crate::problem::Problem;
use crate::session::{
    Cookie, FormToken, Next, PasskeyCookie, PasskeySite, SentAnswer, refused, see_other,
};
use crate::site::Site;

#[derive(Template)]
#[template(path = "unlock.html")]
struct Unlock {
    page: Page,
    mistakes: Mistakes,
    name: String,
    next: Next,
    token: FormToken,
    passkeys: PasskeySite,
}

/// The name of whoever is locked out, or where to go instead.
async fn locked(
    site: &Site,
    page: &Page,
    cookie: &Cookie,
    next: &Next,
) -> Result<String, Response> {
    let resumed = site.store.resume(cookie.secret(), site.now()).await;
    match resumed.map_err(|_| see_other(&page.link("/sign-in")))? {
        Some(Resumed::Locked { name }) => Ok(name),
        Some(Resumed::Open { .. }) => Err(see_other(&page.link(next.address()))),
        None => Err(see_other(&page.link(&next.after("/sign-in")))),
    }
}

/// Asks for the passphrase.
pub(crate) async fn show(
    State(site): State<Site>,
    page: Page,
    cookie: Cookie,
    passkeys: PasskeySite,
    Asked(asked): Asked,
) -> Result<Response, Problem> {
    let next = Next::of(asked.get("next")).unwrap_or_default();
    let name = match locked(&site, &page, &cookie, &next).await {
        Ok(name) => name,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let (mistakes, token) = (Mistakes::default(), FormToken::of(cookie.secret()));
    let shown = Unlock { page, mistakes, name, next, token, passkeys };
    render(StatusCode::OK, shown.page.language(), &shown)
}

/// Looks at the passphrase.
pub(crate) async fn open(
    State(site): State<Site>,
    page: Page,
    cookie: Cookie,
    (passkeys, browser): (PasskeySite, PasskeyCookie),
    fields: Fields,
) -> Result<Response, Problem> {
    let next = Next::of(fields.get("next")).unwrap_or_default();
    let name = match locked(&site, &page, &cookie, &next).await {
        Ok(name) => name,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let token = FormToken::of(cookie.secret());
    if !token.is(fields.get("token")) {
        return Err(Problem::OldForm);
    }
    let now = site.now();
    let unlocked = if fields.get("way") == "passkey" {
        match SentAnswer::of(&fields).zip(passkeys.here()) {
            Some((sent, party)) => {
                let answer = sent.to(party, browser.secret());
                site.store.unlock_by_passkey(cookie.secret(), &answer, now).await
            }
            None => Err(StoreError::PasskeyNotTaken),
        }
    } else {
        site.store.unlock(cookie.secret(), fields.exactly("passphrase"), now).await
    };
    let error = match unlocked {
        Ok(session) => {
            // As after a sign-in, which is without her key by an account at the agency.
            let back = site.store.take_back(&session, now).await.unwrap_or_default();
            let next = if back.is_empty() { next } else { Next::default() };
            return Ok(see_other(&page.link(next.address())));
        }
        Err(error) => error,
    };
    let (status, field) = match error {
        StoreError::TooManyTries { .. } => (StatusCode::TOO_MANY_REQUESTS, "passphrase"),
        StoreError::NotSignedIn => (StatusCode::UNPROCESSABLE_ENTITY, "passphrase"),
        _ => (StatusCode::UNPROCESSABLE_ENTITY, "passkey"),
    };
    let words = match error {
        StoreError::NotSignedIn => page.say("refused-passphrase"),
        error => refused(&page, error, now)?,
    };
    let mistakes = Mistakes::one(field, words);
    let shown = Unlock { page, mistakes, name, next, token, passkeys };
    render(status, shown.page.language(), &shown)
}
