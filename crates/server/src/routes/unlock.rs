//! `GET` and `POST /unlock`: the passphrase brings a locked session back.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use store::{Resumed, StoreError};

use crate::form::{Asked, Fields, Mistakes};
use crate::frame::{Page, render};
use crate::problem::Problem;
use crate::session::{Cookie, FormToken, Next, refused, see_other};
use crate::site::Site;

#[derive(Template)]
#[template(path = "unlock.html")]
struct Unlock {
    page: Page,
    mistakes: Mistakes,
    name: String,
    next: Next,
    token: FormToken,
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
        Some(Resumed::Open(_)) => Err(see_other(&page.link(next.address()))),
        None => Err(see_other(&page.link(&next.after("/sign-in")))),
    }
}

/// Asks for the passphrase.
pub(crate) async fn show(
    State(site): State<Site>,
    page: Page,
    cookie: Cookie,
    Asked(asked): Asked,
) -> Result<Response, Problem> {
    let next = Next::of(asked.get("next")).unwrap_or_default();
    let name = match locked(&site, &page, &cookie, &next).await {
        Ok(name) => name,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let (mistakes, token) = (Mistakes::default(), FormToken::of(cookie.secret()));
    let shown = Unlock { page, mistakes, name, next, token };
    render(StatusCode::OK, shown.page.language(), &shown)
}

/// Looks at the passphrase.
pub(crate) async fn open(
    State(site): State<Site>,
    page: Page,
    cookie: Cookie,
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
    let unlocked = site.store.unlock(cookie.secret(), fields.exactly("passphrase"), now).await;
    let error = match unlocked {
        Ok(_) => return Ok(see_other(&page.link(next.address()))),
        Err(error) => error,
    };
    let (status, words) = match error {
        StoreError::NotSignedIn => {
            (StatusCode::UNPROCESSABLE_ENTITY, page.say("refused-passphrase"))
        }
        error => (StatusCode::TOO_MANY_REQUESTS, refused(&page, error, now)?),
    };
    let mistakes = Mistakes::one("passphrase", words);
    let shown = Unlock { page, mistakes, name, next, token };
    render(status, shown.page.language(), &shown)
}
