//! `GET` and `POST /sign-in`: name, passphrase and one-time code become a session, or a passkey does; or
//! somebody is led to her agency's identity provider, and comes back by [`super::identity`].
//!
//! What this system is and that it is watched is said before (CJIS Security Policy 5.9.5, §5.5.4). Signing
//! in always makes a new session and ends the one that the browser had, so that nobody works in a session
//! that somebody else prepared.

use askama::Template;
use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use store::{Entered, Purpose, Resumed, Role, StoreError};

use crate::form::{Asked, Fields, Mistakes};
use crate::frame::{Page, render, roles_of_members};
use crate::problem::Problem;
use crate::session::{
    Cookie, IdentitySite, Next, Offered, PasskeyCookie, PasskeySite, SentAnswer, go_there, refused,
    see_other,
};
use crate::site::Site;

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignIn {
    page: Page,
    mistakes: Mistakes,
    typed: Typed,
    next: Next,
    passkeys: PasskeySite,
    offered: Offered,
}

/// What was typed, apart from what is secret: that is typed again.
#[derive(Default)]
pub(super) struct Typed {
    name: String,
    role: String,
    purpose: String,
}

impl Typed {
    fn of(fields: &Fields) -> Typed {
        Typed {
            // Members' names have no capitals; telephones begin with one.
            name: fields.get("name").to_lowercase(),
            role: fields.get("role").to_owned(),
            purpose: fields.get("purpose").to_owned(),
        }
    }
}

impl SignIn {
    fn purposes(&self) -> [Purpose; 7] {
        Purpose::OF_MEMBERS
    }

    fn roles(&self) -> impl Iterator<Item = Role> {
        roles_of_members()
    }
}

/// Asks who it is, and says what is wrong.
pub(super) async fn asks(
    site: &Site,
    page: Page,
    (typed, next): (Typed, Next),
    (passkeys, identity): (PasskeySite, IdentitySite),
    (status, mistakes): (StatusCode, Mistakes),
) -> Result<Response, Problem> {
    let offered = Offered::here(site, &identity).await?;
    let shown = SignIn { page, mistakes, typed, next, passkeys, offered };
    render(status, shown.page.language(), &shown)
}

/// Asks who it is.
pub(crate) async fn show(
    State(site): State<Site>,
    page: Page,
    cookie: Cookie,
    sites: (PasskeySite, IdentitySite),
    Asked(asked): Asked,
) -> Result<Response, Problem> {
    let next = Next::of(asked.get("next")).unwrap_or_default();
    if let Some(Resumed::Open { .. }) = site.store.resume(cookie.secret(), site.now()).await? {
        return Ok(see_other(&page.link(next.address())));
    }
    asks(&site, page, (Typed::default(), next), sites, (StatusCode::OK, Mistakes::default())).await
}

/// Looks at the answers.
pub(crate) async fn enter(
    State(site): State<Site>,
    page: Page,
    cookie: Cookie,
    (passkeys, identity, browser): (PasskeySite, IdentitySite, PasskeyCookie),
    fields: Fields,
) -> Result<Response, Problem> {
    let next = Next::of(fields.get("next")).unwrap_or_default();
    let typed = Typed::of(&fields);
    let Some(purpose) = Purpose::from_word(&typed.purpose) else {
        let mistakes = Mistakes::one("purpose", page.say("sign-in-error-purpose"));
        let wrong = (StatusCode::UNPROCESSABLE_ENTITY, mistakes);
        return asks(&site, page, (typed, next), (passkeys, identity), wrong).await;
    };
    // Apps show the code in two groups.
    let code: String = fields.get("code").chars().filter(|c| !c.is_whitespace()).collect();
    let (role, now) = (Role::from_word(&typed.role), site.now());
    if !fields.get("identity").is_empty() {
        let asked = match fields.get("identity").parse() {
            Ok(id) => {
                let next = page.link(next.address());
                site.store.ask_identity(id, (role, purpose), &next, now).await
            }
            Err(_) => Err(StoreError::NoIdentityProvider),
        };
        let words = match asked {
            Ok(asked) => match go_there(&site, &page, &asked, &identity).await? {
                Some(response) => return Ok(response),
                None => page.say("refused-identity-away"),
            },
            Err(error) => refused(&page, error, now)?,
        };
        let wrong = (StatusCode::UNPROCESSABLE_ENTITY, Mistakes::one("identity", words));
        return asks(&site, page, (typed, next), (passkeys, identity), wrong).await;
    }
    let entered = if fields.get("way") == "passkey" {
        match SentAnswer::of(&fields).zip(passkeys.here()) {
            Some((sent, party)) => {
                let answer = sent.to(party, browser.secret());
                site.store.sign_in_by_passkey(&answer, role, purpose, now).await
            }
            None => Err(StoreError::PasskeyNotTaken),
        }
    } else {
        let (name, passphrase) = (typed.name.as_str(), fields.exactly("passphrase"));
        site.store.sign_in(&Entered { name, passphrase, code: &code, role, purpose }, now).await
    };
    let signed_in = match entered {
        Ok(signed_in) => signed_in,
        Err(error) => {
            let (status, field) = match error {
                StoreError::TooManyTries { .. } => (StatusCode::TOO_MANY_REQUESTS, "name"),
                StoreError::PasskeyNotTaken
                | StoreError::PasskeyCopied
                | StoreError::PasskeyLate => (StatusCode::UNPROCESSABLE_ENTITY, "passkey"),
                StoreError::RoleNotHeld => (StatusCode::UNPROCESSABLE_ENTITY, "role"),
                _ => (StatusCode::UNPROCESSABLE_ENTITY, "name"),
            };
            let mistakes = Mistakes::one(field, refused(&page, error, now)?);
            let sites = (passkeys, identity);
            return asks(&site, page, (typed, next), sites, (status, mistakes)).await;
        }
    };
    site.store.sign_out(cookie.secret(), now).await?;
    // What two officers have handed over comes back by itself. What fails here is said on her own page.
    let back = site.store.take_back(&signed_in.session, now).await.unwrap_or_default();
    let next = if back.is_empty() { next } else { Next::default() };
    let set = Cookie::set(&signed_in.cookie, site.installation).ok_or(Problem::Failed)?;
    Ok(with(see_other(&page.link(next.address())), set))
}

/// The answer with a cookie.
fn with(response: Response, cookie: HeaderValue) -> Response {
    (HeaderMap::from_iter([(SET_COOKIE, cookie)]), response).into_response()
}
