//! `POST /lock`: "Hide now". The key is dropped and the page with it; only the passphrase brings it back.

use axum::extract::State;
use axum::response::Response;

use crate::form::Fields;
use crate::frame::Page;
use crate::problem::Problem;
use crate::session::{Cookie, FormToken, Next, see_other};
use crate::site::Site;

/// Locks the session.
pub(crate) async fn hide(
    State(site): State<Site>,
    page: Page,
    cookie: Cookie,
    fields: Fields,
) -> Result<Response, Problem> {
    let next = Next::of(fields.get("next")).unwrap_or_default();
    if cookie.is_there() && !FormToken::of(cookie.secret()).is(fields.get("token")) {
        return Err(Problem::OldForm);
    }
    site.store.lock(cookie.secret(), site.now()).await?;
    // Without a session, that page leads to the sign-in.
    Ok(see_other(&page.link(&next.after("/unlock"))))
}
