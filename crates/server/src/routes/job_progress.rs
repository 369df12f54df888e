//! `GET /jobs/{job}/progress`: how far a job is, said by the server as it goes (`text/event-stream`).
//!
//! An event has `done/steps`; the last one is called `ended`, whereupon the page is asked for again. A
//! browser that lost the stream asks no more: a page that is left open keeps no session awake.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::Path;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use hyper::body::Frame;
use tokio::sync::mpsc;

use super::job::find;
use crate::problem::Problem;
use crate::session::SignedIn;

/// How often the store is looked at.
const EVERY: Duration = Duration::from_millis(500);
/// How long a stream lasts at most.
const LOOKS: u32 = 2 * 60 * 60;

/// Events as they come.
struct Events(mpsc::Receiver<Bytes>);

impl hyper::body::Body for Events {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        self.0.poll_recv(context).map(|event| event.map(|bytes| Ok(Frame::data(bytes))))
    }
}

/// Says it until the job has ended, the caller goes away or the server stops.
pub(crate) async fn show(
    Path(job): Path<String>,
    signed_in: SignedIn,
) -> Result<Response, Problem> {
    let mut job = find(&signed_in, &job).await?;
    let (tell, told) = mpsc::channel(1);
    let (store, scope) = (signed_in.store().clone(), signed_in.scope().clone());
    let mut stopping = signed_in.site().stopping.subscribe();
    tokio::spawn(async move {
        let mut before = None;
        for _ in 0..LOOKS {
            let now = (job.steps_done, job.steps, job.state);
            if before.replace(now) != Some(now) {
                let name = if job.state.is_open() { "step" } else { "ended" };
                let event = format!("event: {name}\ndata: {}/{}\n\n", job.steps_done, job.steps);
                if tell.send(event.into()).await.is_err() || !job.state.is_open() {
                    return;
                }
            }
            let stops = stopping.wait_for(|stopping| *stopping);
            if tell.is_closed() || tokio::time::timeout(EVERY, stops).await.is_ok() {
                return;
            }
            match store.job(&scope, job.id).await {
                Ok(again) => job = again,
                Err(_) => return,
            }
        }
    });
    Ok(([(CONTENT_TYPE, "text/event-stream")], Body::new(Events(told))).into_response())
}
