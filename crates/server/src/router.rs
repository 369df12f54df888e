//! Which address leads where.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use store::Store;

use crate::answer::answer;
use crate::config::{Config, Installation};
use crate::problem::Problem;
use crate::routes::{
    accessibility, account, audit, compartments, design, health, help, home, join, lock, member,
    members, passkey_challenge, passkeys, privacy, recoveries, report, robots, sign_in, sign_out,
    static_file, unlock,
};
use crate::site::Site;

/// Every page of an installation, with all that stands around a page; needs no socket.
pub fn router(config: &Config, store: Store) -> Router {
    let site = Site::of(config, store);
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
        .route("/audit", get(audit::show).post(audit::verify));
    if config.practice {
        routes = routes.route("/design", get(design::show).post(design::check));
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
