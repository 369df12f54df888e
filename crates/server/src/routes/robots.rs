//! `GET /robots.txt`: what search engines may list.

use axum::extract::State;

use crate::config::Installation;

/// Lets them list the public pages, and nothing of a practice site: nobody who looks for help may
/// end on one.
pub(crate) async fn show(State(installation): State<Installation>) -> &'static str {
    if installation.practice { "User-agent: *\nDisallow: /\n" } else { "User-agent: *\nAllow: /\n" }
}
