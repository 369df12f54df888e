//! `GET /static/{file}`: a file that pages load.

use axum::extract::Path;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use crate::assets::Asset;
use crate::problem::Problem;

/// Sends it, to be kept for ever: its address changes with it.
pub(crate) async fn show(Path(file): Path<String>) -> Result<Response, Problem> {
    let asset = Asset::at(&file).ok_or(Problem::NotFound)?;
    let headers =
        [(CONTENT_TYPE, asset.kind), (CACHE_CONTROL, "public, max-age=31536000, immutable")];
    Ok((headers, asset.bytes).into_response())
}
