//! Which address leads where.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::get;

use crate::answer::answer;
use crate::config::{Config, Installation};
use crate::problem::Problem;
use crate::routes::{
    accessibility, design, health, help, home, privacy, report, robots, static_file,
};

/// Every page of an installation, with all that stands around a page; needs no socket.
pub fn router(config: &Config) -> Router {
    let mut routes = Router::new()
        .route("/", get(home::show))
        .route("/help", get(help::show))
        .route("/report", get(report::show))
        .route("/privacy", get(privacy::show))
        .route("/accessibility", get(accessibility::show))
        .route("/static/{file}", get(static_file::show))
        .route("/health", get(health::show))
        .route("/robots.txt", get(robots::show));
    if config.practice {
        routes = routes.route("/design", get(design::show).post(design::check));
    }
    finish(routes, Installation::of(config))
}

/// Puts around routes what every answer has.
pub(crate) fn finish(routes: Router<Installation>, installation: Installation) -> Router {
    routes
        .fallback(async || Problem::NotFound)
        .method_not_allowed_fallback(async || Problem::NotAllowed)
        .layer(DefaultBodyLimit::max(installation.limits.form_bytes))
        .layer(from_fn_with_state(installation, answer))
        .with_state(installation)
}
