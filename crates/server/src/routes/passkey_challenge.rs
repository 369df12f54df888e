//! `POST /passkey-challenge`: what a passkey is to sign, of somebody who signs in or unlocks.
//!
//! Only `static/passkey.js` asks; the answer is text, and a cookie that binds it to this browser.

use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::response::{IntoResponse, Response};
use store::StoreError;

use crate::problem::Problem;
use crate::session::{PasskeyCookie, PasskeySite};
use crate::site::Site;

/// Hands one out.
pub(crate) async fn ask(
    State(site): State<Site>,
    passkeys: PasskeySite,
) -> Result<Response, Problem> {
    passkeys.here().ok_or(Problem::NotFound)?;
    let asked = site.store.ask_passkey(site.now()).await.map_err(|error| match error {
        StoreError::TooManyTries { .. } => Problem::TooSlow,
        error => error.into(),
    })?;
    let set = PasskeyCookie::set(&asked.browser, site.installation).ok_or(Problem::Failed)?;
    Ok(([(SET_COOKIE, set)], asked.challenge.to_text()).into_response())
}
