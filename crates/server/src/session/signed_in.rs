//! Somebody who is signed in and may open the page that she asks for.
//!
//! In: a request. Out: [`SignedIn`], or where she is sent instead: to sign in, to unlock, or to a page that
//! says that there is nothing at this address, which is also said of what is there and not for her role.
//! Every page that is shown to her is written into the audit before it goes out.

use askama::Template;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header::LOCATION;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use store::{Emergency, Resumed, Role, Scope, Session, Store, StoreError};

use super::{Cookie, FormToken, Next};
use crate::acts::moment;
use crate::form::Fields;
use crate::frame::{DeskEntry, Page, desk_entries, desk_entry, render};
use crate::problem::Problem;
use crate::site::Site;
use crate::site_address::SiteAddress;

/// Somebody who is signed in.
pub(crate) struct SignedIn {
    pub(crate) session: Session,
    pub(crate) page: Page,
    pub(crate) now: Timestamp,
    site: Site,
    /// The page as the audit names it: its path in the table of pages.
    path: &'static str,
    token: FormToken,
    here: Next,
    emergencies: Vec<Emergency>,
}

/// The same, with a form that came from a page of this session.
pub(crate) struct SignedForm {
    pub(crate) signed_in: SignedIn,
    pub(crate) fields: Fields,
}

/// What the frame of a page for those at work says.
pub(crate) struct Desk {
    pub(crate) name: String,
    pub(crate) role: Role,
    pub(crate) agency: String,
    pub(crate) token: FormToken,
    /// Where to come back to after unlocking.
    pub(crate) here: Next,
    /// What was asked for in an emergency in the last week: every colleague sees it.
    pub(crate) emergencies: Vec<Emergency>,
}

impl Desk {
    /// An emergency, in words.
    pub(crate) fn emergency(&self, page: &Page, emergency: &Emergency) -> String {
        let sort = page.compartment(&emergency.compartment);
        let mut said =
            vec![("name", emergency.name.clone()), ("sort", sort), ("why", emergency.why.clone())];
        match &emergency.until {
            None => page.say_with_all("emergency-waiting", said),
            Some(until) => {
                said.push(("time", moment(until)));
                page.say_with_all("emergency-open", said)
            }
        }
    }

    /// The pages that her role has.
    pub(crate) fn entries(&self) -> impl Iterator<Item = &'static DeskEntry> {
        desk_entries(self.role)
    }
}

impl SignedIn {
    pub(crate) fn store(&self) -> &Store {
        &self.site.store
    }

    /// Where she may try things out; nothing where no such site was named.
    pub(crate) fn practice_site(&self) -> Option<SiteAddress> {
        self.site.practice_site.clone()
    }

    pub(crate) fn scope(&self) -> &Scope {
        self.session.scope()
    }

    pub(crate) fn site(&self) -> &Site {
        &self.site
    }

    /// The state whose picture is shown, by its code.
    pub(crate) fn state_code(&self) -> &str {
        &self.site.state
    }

    pub(crate) fn desk(&self) -> Desk {
        let scope = self.scope();
        Desk {
            name: scope.who().to_owned(),
            role: scope.role(),
            agency: scope.agency().unwrap_or_default().to_owned(),
            token: self.token.clone(),
            here: self.here.clone(),
            emergencies: self.emergencies.clone(),
        }
    }

    /// Shows a page. That she saw it, and the numbers of what is on it, are in the audit before.
    pub(crate) async fn show(
        &self,
        status: StatusCode,
        numbers: &[i64],
        template: &impl Template,
    ) -> Result<Response, Problem> {
        self.viewed(numbers).await?;
        render(status, self.page.language(), template)
    }

    /// Writes into the audit what she is about to see.
    pub(crate) async fn viewed(&self, numbers: &[i64]) -> Result<(), Problem> {
        Ok(self.store().viewed(self.scope(), self.path, numbers, self.now).await?)
    }

    /// Sends her to a page of ours, after something was done.
    pub(crate) fn go(&self, address: &str) -> Response {
        see_other(&self.page.link(address))
    }
}

/// Leads a browser to another page, which it asks for with GET.
pub(crate) fn see_other(address: &str) -> Response {
    match HeaderValue::from_str(address) {
        Ok(address) => (StatusCode::SEE_OTHER, [(LOCATION, address)]).into_response(),
        Err(_) => Problem::Failed.into_response(),
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Problem {
        match error {
            // Not even that there is something.
            StoreError::NotPermitted { .. } => Problem::NotFound,
            error => error.fault().map_or(Problem::Failed, Problem::Fault),
        }
    }
}

impl FromRequestParts<Site> for SignedIn {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<SignedIn, Response> {
        let Ok(page) = Page::from_request_parts(parts, site).await;
        let Ok(cookie) = Cookie::from_request_parts(parts, site).await;
        // A page that is not in the table is open to nobody.
        let path = parts.uri.path();
        let entry = desk_entry(path).ok_or_else(|| Problem::NotFound.into_response())?;
        let (here, now) = (Next::here(&parts.uri), site.now());
        let resumed = site.store.resume(cookie.secret(), now).await;
        let resumed = resumed.map_err(|error| Problem::from(error).into_response())?;
        let (session, emergencies) = match resumed {
            Some(Resumed::Open { session, emergencies }) => (session, emergencies),
            Some(Resumed::Locked { .. }) => {
                return Err(see_other(&page.link(&here.after("/unlock"))));
            }
            // What is under a page is a thing with a number: nobody learns whether it is there.
            None if path != entry.path => return Err(Problem::NotFound.into_response()),
            None => return Err(see_other(&page.link(&here.after("/sign-in")))),
        };
        if !entry.is_for(session.scope().role()) {
            return Err(Problem::NotFound.into_response());
        }
        let token = FormToken::of(cookie.secret());
        let (site, path) = (site.clone(), entry.path);
        Ok(SignedIn { session, page, now, site, path, token, here, emergencies })
    }
}

impl FromRequest<Site> for SignedForm {
    type Rejection = Response;

    async fn from_request(request: Request, site: &Site) -> Result<SignedForm, Response> {
        let (mut parts, body) = request.into_parts();
        let signed_in = SignedIn::from_request_parts(&mut parts, site).await?;
        let request = Request::from_parts(parts, body);
        let fields =
            Fields::from_request(request, site).await.map_err(IntoResponse::into_response)?;
        if !signed_in.token.is(fields.get("token")) {
            return Err(Problem::OldForm.into_response());
        }
        Ok(SignedForm { signed_in, fields })
    }
}
