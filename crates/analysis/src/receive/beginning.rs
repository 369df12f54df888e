//! An agency whose folder was lost, or restored from a backup, begins its files anew.
//!
//! In: its code, and why somebody lets it. Out: whether its next file may be a first one. What has
//! come stays, and counts until a file is about all of its quarters.

use store::BegunAnew;

use super::{Lock, ReceiveError, Receiver};

/// Lets an agency begin anew, while nobody receives.
///
/// # Errors
///
/// [`ReceiveError`].
pub async fn begin_anew(
    receiver: &Receiver<'_>,
    agency: &str,
    why: &str,
) -> Result<BegunAnew, ReceiveError> {
    let _lock = Lock::receive(receiver.data)?;
    Ok(receiver.store.begin_anew(receiver.scope, agency, why, receiver.at).await?)
}
