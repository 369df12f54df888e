//! Where somebody comes back to from an identity provider, who is offered one, and the page that leads there.
//!
//! In: a request; what the store made for somebody who goes there. Out: the address to come back to, or
//! nothing where there can be none; a page that leads on to the provider by itself. It is a page and no
//! redirect, for a form of ours may lead to pages of ours only (`form-action` in `headers`).

use std::convert::Infallible;

use askama::Template;
use axum::extract::FromRequestParts;
use axum::http::header::{HOST, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use store::{IdentityAsked, OfferedProvider};

use super::IdentityCookie;
use crate::frame::{Page, render};
use crate::identity::there;
use crate::problem::Problem;
use crate::site::Site;
use crate::site_address::is_this_machine;

/// The page of ours to which providers send somebody back.
const CALLBACK: &str = "/sign-in/callback";

/// Where somebody comes back to; nothing where no address of this installation is known.
pub(crate) struct IdentitySite(Option<String>);

impl IdentitySite {
    pub(crate) fn callback(&self) -> Option<&str> {
        self.0.as_deref()
    }
}

/// The site as the installation was told; else this machine, by the name under which the browser is there.
impl FromRequestParts<Site> for IdentitySite {
    type Rejection = Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        site: &Site,
    ) -> Result<IdentitySite, Infallible> {
        if let Some(address) = &site.address {
            return Ok(IdentitySite(Some(address.page(CALLBACK))));
        }
        let host = parts.headers.get(HOST).and_then(|host| host.to_str().ok());
        let here = host.filter(|host| is_this_machine(host));
        let here = here.filter(|_| site.on_this_machine && !site.installation.behind_tls);
        Ok(IdentitySite(here.map(|host| format!("http://{host}{CALLBACK}"))))
    }
}

/// The providers by which somebody may sign in here.
pub(crate) struct Offered(Vec<OfferedProvider>);

impl Offered {
    /// Those whose client secret this server knows, where somebody can come back to.
    pub(crate) async fn here(site: &Site, identity: &IdentitySite) -> Result<Offered, Problem> {
        if identity.callback().is_none() {
            return Ok(Offered(Vec::new()));
        }
        let mut offered = site.store.offered_providers().await?;
        offered.retain(|provider| provider.secret(&site.client_secrets).is_some());
        Ok(Offered(offered))
    }

    pub(crate) fn all(&self) -> &[OfferedProvider] {
        &self.0
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn is_one(&self) -> bool {
        self.0.len() == 1
    }
}

#[derive(Template)]
#[template(path = "identity_onward.html")]
struct Onward {
    page: Page,
    address: String,
}

/// Leads her to her provider, and binds what she brings back to this browser; nothing when the provider does
/// not say where that is. Why stands in the audit.
pub(crate) async fn go_there(
    site: &Site,
    page: &Page,
    asked: &IdentityAsked,
    identity: &IdentitySite,
) -> Result<Option<Response>, Problem> {
    let callback = identity.callback().ok_or(Problem::NotFound)?;
    let address = match there(asked, callback, page.language().code(), &site.fetch).await {
        Ok(address) => address,
        Err(refused) => {
            let why = refused.to_string();
            site.store.say_identity_refused(&asked.provider, &why, site.now()).await?;
            return Ok(None);
        }
    };
    let set = IdentityCookie::set(&asked.browser, site.installation).ok_or(Problem::Failed)?;
    leads_on(page, address, HeaderMap::from_iter([(SET_COOKIE, set)])).map(Some)
}

/// A page that leads on by itself.
pub(crate) fn leads_on(
    page: &Page,
    address: String,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let shown = Onward { page: page.clone(), address };
    let response = render(StatusCode::OK, page.language(), &shown)?;
    Ok((headers, response).into_response())
}
