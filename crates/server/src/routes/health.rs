//! `GET /health`: whether the server answers, for whoever watches it.

/// Says that it does.
pub(crate) async fn show() -> &'static str {
    "ok\n"
}
