//! Which address leads where.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use store::Store;

use crate::answer::answer;
use crate::config::{Config, Installation};
use crate::own_host::{OwnHost, own_host};
use crate::problem::Problem;
use crate::routes::{
    accessibility, account, agency, audit, compartments, contact, design, explain, filing, filings,
    health, help, home, identity, job, job_progress, jobs, join, joining, late, leaving, lock,
    member, members, passkey_challenge, passkeys, privacy, published, published_file, receive,
    recoveries, report, returns, robots, sign_in, sign_out, state, state_report, static_file,
    unlock,
};
use crate::site::Site;

/// Every page of an installation, with all that stands around a page; needs no socket.
pub fn router(config: &Config, store: Store) -> Router {
    routes(config, Site::of(config, store))
}

/// The same, of what routes are handed.
pub(crate) fn routes(config: &Config, site: Site) -> Router {
    let mut routes = Router::new()
        .route("/", get(home::show))
        .route("/help", get(help::show))
        .route("/report", get(report::show))
        .route("/privacy", get(privacy::show))
        .route("/accessibility", get(accessibility::show))
        .route("/static/{file}", get(static_file::show))
        .route("/health", get(health::show))
        .route("/robots.txt", get(robots::show))
        .route("/sign-in", get(sign_in::show).post(sign_in::enter))
        .route("/sign-in/callback", get(identity::lead_on))
        .route("/sign-in/arrived", get(identity::arrive))
        .route("/sign-out", post(sign_out::leave))
        .route("/join", get(join::show).post(join::accept))
        .route("/lock", post(lock::hide))
        .route("/unlock", get(unlock::show).post(unlock::open))
        .route("/account", get(account::show).post(account::change))
        .route("/passkeys", get(passkeys::show).post(passkeys::change))
        .route("/passkey-challenge", post(passkey_challenge::ask))
        .route("/members", get(members::show).post(members::invite))
        .route("/members/{id}", get(member::show).post(member::change))
        .route("/compartments", get(compartments::show).post(compartments::change))
        .route("/recoveries", get(recoveries::show).post(recoveries::hand_over))
        .route("/joining", get(joining::show).post(joining::step))
        .route("/leaving", get(leaving::show).post(leaving::change))
        .route("/returns", get(returns::show))
        .route("/returns/{quarter}", get(returns::quarter::show))
        .route("/returns/{quarter}/draft", post(returns::draft::save))
        .route("/returns/{quarter}/sign", get(returns::sign::show).post(returns::sign::sign))
        .route("/returns/{quarter}/file", get(returns::file::send).post(returns::file::take_in))
        .route("/audit", get(audit::show).post(audit::verify))
        .route("/published", get(published::show))
        .route("/published/{*file}", get(published_file::show))
        .route("/agency", get(agency::show))
        .route("/state", get(state::show))
        .route("/state/explain/{figure}", get(explain::show))
        .route("/state/report/{job}/{file}", get(state_report::show))
        .route("/jobs", get(jobs::show).post(jobs::ask))
        .route("/jobs/{job}", get(job::show).post(job::cancel))
        .route("/jobs/{job}/progress", get(job_progress::show))
        .route("/filings", get(filings::show))
        .route("/filings/receive", get(receive::show).post(receive::enter))
        .route("/filings/{filing}", get(filing::show).post(filing::decide))
        .route("/late", get(late::show).post(late::extend))
        .route("/contact", get(contact::show).post(contact::change));
    if config.practice {
        routes = routes.route("/design", get(design::show).post(design::check));
    }
    if let Some(named) = config.site.clone() {
        let own = OwnHost { site: named, practice: config.practice };
        routes = routes.layer(from_fn_with_state(own, own_host));
    }
    finish(routes, site.installation, site)
}

/// Puts around routes what every answer has.
pub(crate) fn finish<S: Clone + Send + Sync + 'static>(
    routes: Router<S>,
    installation: Installation,
    state: S,
) -> Router {
    routes
        .fallback(async || Problem::NotFound)
        .method_not_allowed_fallback(async || Problem::NotAllowed)
        .layer(DefaultBodyLimit::max(installation.limits.form_bytes))
        .layer(from_fn_with_state(installation, answer))
        .with_state(state)
}
