//! `GET /sign-in/callback` and `GET /sign-in/arrived`: somebody comes back from her agency's identity provider.
//!
//! The provider sends her browser to the first. No cookie of ours comes with that request, for another site
//! caused it; so the page does nothing but lead on to the second, which is our own request, and the cookies
//! come along. There the code becomes an ID token, and that a session which is locked, or the link between two
//! accounts.

use axum::extract::State;
use axum::http::header::SET_COOKIE;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use store::{IdentityTaken, Resumed, StoreError};
use zeroize::Zeroizing;

use super::sign_in::{Typed, asks};
use crate::form::{Asked, Mistakes};
use crate::frame::Page;
use crate::identity::{Back, back};
use crate::problem::Problem;
use crate::session::{
    Cookie, IdentityCookie, IdentitySite, Next, PasskeySite, leads_on, refused, see_other,
};
use crate::site::Site;

/// Longer than what any provider sends back.
const LONGEST: usize = 8 * 1024;

/// Leads on, with what the provider has sent along.
pub(crate) async fn lead_on(page: Page, uri: Uri) -> Result<Response, Problem> {
    let query = uri.query().unwrap_or_default();
    if query.len() > LONGEST {
        return Err(Problem::Unreadable(StatusCode::URI_TOO_LONG));
    }
    leads_on(&page, format!("/sign-in/arrived?{query}"), HeaderMap::new())
}

/// What became of somebody who came back.
enum Arrived {
    /// She is signed in, and her session locked: what its cookie carries, and where she wanted to go.
    SignedIn(Zeroizing<String>, String),
    /// Her accounts are linked.
    Linked(String),
}

/// Looks at what she has brought.
pub(crate) async fn arrive(
    State(site): State<Site>,
    page: Page,
    (cookie, browser): (Cookie, IdentityCookie),
    (passkeys, identity): (PasskeySite, IdentitySite),
    Asked(asked): Asked,
) -> Result<Response, Problem> {
    let now = site.now();
    let forget = IdentityCookie::forget(site.installation).ok_or(Problem::Failed)?;
    let mut headers = HeaderMap::from_iter([(SET_COOKIE, forget)]);
    let taken = site.store.take_identity(browser.secret(), asked.get("state"), now).await;
    let arrived = match (taken, identity.callback()) {
        (Ok(taken), Some(callback)) => {
            let brought = Back::of(&asked);
            arrived(&site, &cookie, &taken, (&brought, callback), now).await?
        }
        (Ok(_), None) => Err(StoreError::NoIdentityProvider),
        (Err(error), _) => Err(error),
    };
    let words = match arrived {
        Ok(Arrived::SignedIn(secret, next)) => {
            site.store.sign_out(cookie.secret(), now).await?;
            headers.append(
                SET_COOKIE,
                Cookie::set(&secret, site.installation).ok_or(Problem::Failed)?,
            );
            let next = Next::of(&next).unwrap_or_default();
            return Ok((headers, see_other(&page.link(&next.after("/unlock")))).into_response());
        }
        Ok(Arrived::Linked(next)) => {
            let next = Next::of(&next).unwrap_or_default();
            return Ok((headers, see_other(next.address())).into_response());
        }
        // Why stands in the audit; whoever comes to the door learns nothing of it.
        Err(StoreError::NotSignedIn) => page.say("refused-identity"),
        Err(error) => refused(&page, error, now)?,
    };
    let wrong = (StatusCode::UNPROCESSABLE_ENTITY, Mistakes::one("identity", words));
    let asked = (Typed::default(), Next::default());
    let response = asks(&site, page, asked, (passkeys, identity), wrong).await?;
    Ok((headers, response).into_response())
}

/// Signs her in, or links her accounts.
async fn arrived(
    site: &Site,
    cookie: &Cookie,
    taken: &IdentityTaken,
    (brought, callback): (&Back, &str),
    now: Timestamp,
) -> Result<Result<Arrived, StoreError>, Problem> {
    let ours = (&site.client_secrets, &site.fetch);
    let subject = match back(taken, brought, callback, ours, now).await {
        Ok(subject) => subject,
        Err(refused) => {
            let why = refused.to_string();
            site.store.say_identity_refused(&taken.provider, &why, now).await?;
            return Ok(Err(StoreError::NotSignedIn));
        }
    };
    let next = taken.next.clone();
    if !taken.is_to_link() {
        let signed_in = site.store.sign_in_by_identity(taken, &subject, now).await;
        return Ok(signed_in.map(|secret| Arrived::SignedIn(secret, next)));
    }
    Ok(match site.store.resume(cookie.secret(), now).await? {
        Some(Resumed::Open { session, .. }) => {
            let linked = site.store.link_identity(&session, taken, &subject, now).await;
            linked.map(|()| Arrived::Linked(next))
        }
        // She has gone, or her screen was hidden meanwhile: she links it another time.
        _ => Err(StoreError::IdentityLate),
    })
}
