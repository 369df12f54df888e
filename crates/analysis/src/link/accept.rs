//! A linkage is accepted: who is whom stays, and the encodings are deleted.
//!
//! In: the linkage that is about exactly the encodings that stand. Out: how many encodings went.
//! One transaction names the linkage as accepted and no encodings any more; their files are removed
//! after that, by this run or by the next that receives. Written down with who and when.

use std::path::Path;

use jiff::Timestamp;
use serde::Serialize;
use store::{LinkState, Scope, Store, StoredEncodings, StoredLink};

use super::{LinkError, covers, latest};
use crate::disk::remove;
use crate::receive::Lock;

/// What accepting a linkage would take away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Losing {
    /// The linkage.
    pub link: i64,
    /// People as the agencies know them.
    pub encoded: u64,
    /// People that these come to.
    pub people: u64,
    /// Files of encodings that would be deleted, those of submissions that do not count among them.
    pub files: u64,
    /// Encodings in them.
    pub encodings: u64,
}

/// What accepting a linkage took away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Accepted {
    /// What was lost.
    pub lost: Losing,
    /// When (UTC).
    pub at: String,
}

/// What would be lost if the current linkage were accepted.
///
/// # Errors
///
/// [`LinkError::NothingToAccept`], [`LinkError::NotUpToDate`], [`LinkError::Store`].
pub async fn would_lose(store: &Store, scope: &Scope, practice: bool) -> Result<Losing, LinkError> {
    Ok(acceptable(store, scope, practice).await?.losing())
}

/// The current linkage, and the files of encodings that go when it is accepted.
struct Acceptable {
    link: StoredLink,
    there: Vec<StoredEncodings>,
}

impl Acceptable {
    fn losing(&self) -> Losing {
        let Acceptable { link, there } = self;
        Losing {
            link: link.id,
            encoded: link.link.encoded,
            people: link.link.people,
            files: there.len() as u64,
            encodings: there.iter().map(|one| one.encodings.rows).sum(),
        }
    }
}

async fn acceptable(store: &Store, scope: &Scope, practice: bool) -> Result<Acceptable, LinkError> {
    let links = store.links(scope).await?;
    let current = latest(&links, practice, LinkState::Current);
    let link = current.ok_or(LinkError::NothingToAccept)?;
    if covers(&store.standing_encodings(scope, practice).await?) != link.link.covers {
        return Err(LinkError::NotUpToDate(link.id));
    }
    let there = store.encodings_due(scope).await?.into_iter().map(|one| one.stored);
    let there = there.filter(|one| one.practice == practice).collect();
    Ok(Acceptable { link: link.clone(), there })
}

/// Accepts the current linkage, while nobody receives or reads.
///
/// # Errors
///
/// [`LinkError`]. When a file cannot be removed the linkage is accepted all the same, and the next
/// run that receives removes it.
pub async fn accept(
    store: &Store,
    scope: &Scope,
    data: &Path,
    practice: bool,
    at: Timestamp,
) -> Result<Accepted, LinkError> {
    let _lock = Lock::receive(data)?;
    let acceptable = acceptable(store, scope, practice).await?;
    store.accept_link(scope, &acceptable.link, at).await?;
    for one in &acceptable.there {
        let path = data.join(&one.folder).join(&one.encodings.file);
        remove(&path).map_err(|source| LinkError::Disk { path, source })?;
    }
    Ok(Accepted { lost: acceptable.losing(), at: at.to_string() })
}
