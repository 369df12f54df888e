//! Work that ends early when something else has happened.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::Poll;

/// Does the work, or nothing more once the end has come.
pub(crate) async fn until<T>(
    mut end: Pin<&mut impl Future<Output = ()>>,
    work: impl Future<Output = T>,
) -> Option<T> {
    let mut work = pin!(work);
    poll_fn(|context| match end.as_mut().poll(context) {
        Poll::Ready(()) => Poll::Ready(None),
        Poll::Pending => work.as_mut().poll(context).map(Some),
    })
    .await
}
