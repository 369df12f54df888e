//! Only requests that name this site are answered, where the operator has said how it is named.
//!
//! A page of another site can have its name lead to this machine (DNS rebinding), and its requests then
//! look like our own. They name the other site.

use axum::extract::{Request, State};
use axum::http::header::HOST;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::problem::Problem;
use crate::site_address::{SiteAddress, is_this_machine};

/// How this site is named, and whether it is also this machine: in practice.
#[derive(Debug, Clone)]
pub(crate) struct OwnHost {
    pub(crate) site: SiteAddress,
    pub(crate) practice: bool,
}

/// Lets a request through that names this site, once.
pub(crate) async fn own_host(State(own): State<OwnHost>, request: Request, next: Next) -> Response {
    let mut named = request.headers().get_all(HOST).iter();
    let host = match (named.next(), named.next()) {
        (Some(host), None) => host.to_str().unwrap_or_default(),
        _ => "",
    };
    if own.site.is_named_by(host) || (own.practice && is_this_machine(host)) {
        return next.run(request).await;
    }
    Problem::OtherHost.into_response()
}
