//! `POST /sign-out`: the session ends, and the browser forgets what it has of this site.

use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};

use crate::form::Fields;
use crate::frame::Page;
use crate::problem::Problem;
use crate::session::{Cookie, FormToken, see_other};
use crate::site::Site;

const CLEAR: HeaderName = HeaderName::from_static("clear-site-data");

/// Signs out. Who is not signed in is as good as signed out.
pub(crate) async fn leave(
    State(site): State<Site>,
    page: Page,
    cookie: Cookie,
    fields: Fields,
) -> Result<Response, Problem> {
    if cookie.is_there() && !FormToken::of(cookie.secret()).is(fields.get("token")) {
        return Err(Problem::OldForm);
    }
    site.store.sign_out(cookie.secret(), site.now()).await?;
    let forget = Cookie::forget(site.installation).ok_or(Problem::Failed)?;
    let clear = HeaderValue::from_static("\"cache\", \"cookies\", \"storage\"");
    let headers = HeaderMap::from_iter([(SET_COOKIE, forget), (CLEAR, clear)]);
    Ok((headers, see_other(&page.link("/sign-in"))).into_response())
}
