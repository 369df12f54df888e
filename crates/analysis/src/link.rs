//! Link: encodings of people from many agencies → who is whom.
//!
//! In: every file of encodings that stands, made up or real; what reviewers decided; what was
//! accepted before. Out: a [`Linkage`], written down, and a file of members: for each person as an
//! agency knows her, which person she is and how probably. Nobody's name is known here: a person
//! is an opaque id of an agency.
//!
//! | module | what |
//! |---|---|
//! | `gather` | the store → encodings by linkage key, each person of an agency once |
//! | `compare` | the encodings of one key → clusters, draws, uncertain pairs |
//! | `join` | the clusters of all keys, and what was accepted → people |
//! | `members` | people → a file of rows, and back |
//! | `review` | uncertain pairs out, decisions in |
//! | `accept` | a linkage is accepted, and its encodings deleted |
//!
//! Encodings under two keys cannot be compared: people of different keys meet only where one agency
//! has given the same opaque id under both.

mod accept;
mod compare;
mod gather;
mod join;
pub(crate) mod members;
mod review;

use std::path::Path;

use jiff::Timestamp;
use linkage::encode::hardened::ClkFileError;
use serde::Serialize;
use store::{LinkState, NewLink, Scope, Store, StoreError, StoredEncodings, StoredLink};

use crate::receive::{Lock, ReceiveError};

pub use accept::{Accepted, Losing, accept, would_lose};
pub use review::{DecisionProblem, ReviewPair, decide, read_decisions, write_review};

/// What is to be linked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LinkPlan {
    /// Made-up agencies instead of real ones.
    pub practice: bool,
    /// The seed of the draws.
    pub seed: u64,
}

/// A linkage that was made.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Linkage {
    /// Its number.
    pub id: i64,
    /// Whether of made-up agencies.
    pub practice: bool,
    /// How many agencies sent encodings, or had them accepted before.
    pub agencies: u64,
    /// How many submissions' encodings were compared.
    pub submissions: u64,
    /// People as the agencies know them.
    pub encoded: u64,
    /// Of these, those whose linkage was accepted before.
    pub accepted_before: u64,
    /// People that all of them come to.
    pub people: u64,
    /// At least, by the draws.
    pub low: u64,
    /// At most.
    pub high: u64,
    /// People whom more than one agency knows.
    pub on_several: u64,
    /// For each linkage key.
    pub keys: Vec<KeyLinked>,
    /// Pairs that a reviewer could settle, from the one that would move the count most.
    pub uncertain: Vec<ReviewPair>,
}

/// What the encodings of one linkage key came to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct KeyLinked {
    /// Its fingerprint.
    pub fingerprint: String,
    /// People as the agencies know them.
    pub encoded: u64,
    /// People that these come to.
    pub people: u64,
    /// At least, by the draws.
    pub low: u64,
    /// At most.
    pub high: u64,
    /// The log odds from which two were taken for one person.
    pub threshold: f32,
    /// Pairs that were compared in full.
    pub pairs: u64,
}

/// Why people cannot be linked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LinkError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Another one receives.
    #[error(transparent)]
    Receive(#[from] ReceiveError),
    /// A file of encodings.
    #[error("{path}: {source}; restore it from a backup")]
    Encodings {
        /// Where.
        path: std::path::PathBuf,
        /// What is wrong.
        source: ClkFileError,
    },
    /// The disk.
    #[error("{path} cannot be used ({source})")]
    Disk {
        /// Where.
        path: std::path::PathBuf,
        /// What happened.
        source: std::io::Error,
    },
    /// Clusters could not be made.
    #[error("people cannot be linked: {0}")]
    Cluster(#[from] linkage::LinkEncodedError),
    /// More agencies or people than can be numbered.
    #[error("{0} are more agencies or people than can be numbered")]
    TooMany(usize),
    /// There is nothing to accept.
    #[error("there is no linkage that could be accepted: run `clearway link` first")]
    NothingToAccept,
    /// Something has come or gone since.
    #[error(
        "encodings have come or gone since linkage {0} was made: run `clearway link` again and look \
         at it before you accept it"
    )]
    NotUpToDate(i64),
    /// Decisions that do not read.
    #[error("the decisions cannot be taken in: {}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Decisions(Vec<DecisionProblem>),
}

/// Links the people of one side; nothing when no encoding is there and none was accepted.
///
/// # Errors
///
/// [`LinkError`].
pub async fn run(
    store: &Store,
    scope: &Scope,
    data: &Path,
    plan: &LinkPlan,
    at: Timestamp,
) -> Result<Option<Linkage>, LinkError> {
    // Whoever receives meanwhile writes encodings anew.
    let _lock = Lock::read(data)?;
    let links = store.links(scope).await?;
    let accepted = latest(&links, plan.practice, LinkState::Accepted);
    let standing = store.standing_encodings(scope, plan.practice).await?;
    if standing.is_empty() && accepted.is_none() {
        return Ok(None);
    }
    let gathered = gather::run(data, &standing, accepted)?;
    let decisions = store.pair_decisions(scope, plan.practice).await?;
    let mut compared = Vec::new();
    for key in &gathered.keys {
        compared.push(compare::run(key, &gathered.agencies, &decisions, plan.seed)?);
    }
    let joined = join::run(&gathered, &compared)?;
    let path = data.join("links");
    let members_file =
        members::write(data, joined.members).map_err(|source| LinkError::Disk { path, source })?;
    let new = NewLink {
        practice: plan.practice,
        covers: covers(&standing),
        keys: gathered.keys.iter().map(|key| key.fingerprint.clone()).collect(),
        agencies: gathered.agencies.clone(),
        encoded: joined.encoded,
        people: joined.people,
        low: joined.low,
        high: joined.high,
        seed: plan.seed,
        parameters: compare::parameters(&compared),
        members_file,
    };
    let id = store.log_link(scope, &new, at).await?;
    Ok(Some(Linkage {
        id,
        practice: plan.practice,
        agencies: gathered.agencies.len() as u64,
        submissions: standing.len() as u64,
        encoded: joined.encoded,
        accepted_before: gathered.accepted.len() as u64,
        people: joined.people,
        low: joined.low,
        high: joined.high,
        on_several: joined.on_several,
        keys: gathered.keys.iter().zip(&compared).map(|(key, one)| one.told(key)).collect(),
        uncertain: review::pairs(&gathered, &compared),
    }))
}

/// The linkage that is about exactly the encodings that stand: made before, or now.
///
/// # Errors
///
/// [`LinkError`].
pub async fn up_to_date(
    store: &Store,
    scope: &Scope,
    data: &Path,
    plan: &LinkPlan,
    at: Timestamp,
) -> Result<Option<StoredLink>, LinkError> {
    if let Some(link) = standing_link(store, scope, plan.practice).await? {
        return Ok(Some(link));
    }
    run(store, scope, data, plan, at).await?;
    Ok(standing_link(store, scope, plan.practice).await?)
}

/// The linkage that is about exactly the encodings that stand, if there is one.
async fn standing_link(
    store: &Store,
    scope: &Scope,
    practice: bool,
) -> Result<Option<StoredLink>, StoreError> {
    let links = store.links(scope).await?;
    let standing = covers(&store.standing_encodings(scope, practice).await?);
    let current =
        latest(&links, practice, LinkState::Current).filter(|link| link.link.covers == standing);
    // Where no encoding is left, what was accepted is all there is.
    let accepted = latest(&links, practice, LinkState::Accepted).filter(|_| standing.is_empty());
    Ok(current.or(accepted).cloned())
}

fn latest(links: &[StoredLink], practice: bool, state: LinkState) -> Option<&StoredLink> {
    links.iter().rev().find(|link| link.link.practice == practice && link.state == state)
}

fn covers(standing: &[StoredEncodings]) -> Vec<(i64, String)> {
    let mut covers: Vec<(i64, String)> =
        standing.iter().map(|one| (one.submission, one.encodings.file.clone())).collect();
    covers.sort();
    covers
}
