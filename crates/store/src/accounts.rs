//! Who may come in, and the keys by which they read.
//!
//! | module | what |
//! |---|---|
//! | `agencies` | the agencies whose members sign in here |
//! | `members` | invited, active, off; in which roles |
//! | `enrolment` | an invitation accepted: passphrase, one-time codes, keys |
//! | `sign_in` | name, passphrase and code become a session and its [`crate::Scope`] |
//! | `sessions` | a cookie becomes the session again; idle lock, sign-out |
//! | `passkeys` | the passkeys of a member: asked for, made, listed, removed |
//! | `by_passkey` | a passkey in the place of passphrase and code |
//! | `issuer`, `identity_providers` | where members of an agency may show who they are |
//! | `by_identity` | an account at such a provider in the place of passphrase and code, or linked |
//! | `compartments` | text that the members of an agency read, and nobody else |
//! | `joining`, `joining_acts` | an agency's way in: papers, keys, a test, going live |
//! | `leaving` | an agency goes: two administrators, thirty days, destruction |
//! | `turnover` | a member goes: what must be handed over first, what is taken from her |
//! | `recovery` | two officers give a member back what she could read |
//! | `emergency` | two officers let somebody read for some hours; everybody sees it |
//!
//! Identity and unlocking are two things: a one-time code and an account at an identity provider identify
//! and unlock nothing; a passphrase unlocks; a passkey does both. Who can write the database and not sign in reads no sealed text; what stays in clear is
//! listed in `docs/THREAT_MODEL.md`.

pub(crate) mod agencies;
mod by_identity;
mod by_passkey;
pub(crate) mod compartments;
mod emergency;
mod enrolment;
mod identity_providers;
#[cfg(test)]
mod identity_tests;
mod issuer;
pub(crate) mod joining;
mod joining_acts;
mod leaving;
#[cfg(test)]
pub(crate) mod made;
mod members;
#[cfg(test)]
mod passkey_tests;
mod passkeys;
mod recovery;
mod sessions;
mod sign_in;
#[cfg(test)]
mod tests;
mod turnover;

use jiff::{SignedDuration, Timestamp};
use sealing::{CompartmentId, MemberId, MemberPublicKey, PassphraseCost};
use tokio::sync::Semaphore;

pub use agencies::{JoinedAgency, NewAgencyHere};
pub use by_identity::{IdentityAsked, IdentityLink, IdentityTaken};
pub use by_passkey::PasskeyAnswer;
pub use compartments::{Compartment, CompartmentName};
pub use emergency::Emergency;
pub use enrolment::Enrolled;
pub use identity_providers::{
    ClientSecret, ClientSecrets, IdentityProvider, NewIdentityProvider, OfferedProvider,
};
pub use issuer::Issuer;
pub use joining::{AgreedMode, Agreement, GoneLive, Joining, JoiningStep, TestReturn};
pub use joining_acts::{ModesPaper, PaperProblem};
pub use leaving::{Leaving, LeavingCounts, LeavingReceipt};
pub use members::{Invitation, Member, MemberState, NewMember};
pub use passkeys::{NewPasskey, Passkey, PasskeyAsked};
pub use recovery::OpenRecovery;
pub use sessions::{Resumed, Session};
pub use sign_in::{Entered, SignedIn};
pub use turnover::Handover;

use crate::StoreError;
use crate::database::Row;

/// Failed tries that are allowed within [`TRIES_WITHIN`].
const TRIES: usize = 5;
/// For how long a failed try counts.
const TRIES_WITHIN: SignedDuration = SignedDuration::from_mins(15);
/// How long a passkey may take to answer.
const PASSKEY_ANSWERS: SignedDuration = SignedDuration::from_mins(5);
/// How many passkeys one member may have.
const MOST_PASSKEYS: usize = 10;
/// How long somebody may take at an identity provider.
const IDENTITY_ANSWERS: SignedDuration = SignedDuration::from_mins(10);
/// So many passkeys may be asked at once by those who are not signed in; more are a flood.
const ASKED_AT_ONCE: i64 = 10_000;
/// How long a session may be idle before it is locked.
const IDLE: SignedDuration = SignedDuration::from_mins(30);
/// How long a session lasts.
const SESSION: SignedDuration = SignedDuration::from_hours(12);
/// How many days a member may stay away before she is off.
const IDLE_DAYS: i64 = 90;
/// How long an invitation can be accepted.
const INVITATION: SignedDuration = SignedDuration::from_hours(7 * 24);

/// For how long somebody reads who asked in an emergency.
const EMERGENCY: SignedDuration = SignedDuration::from_hours(4);

/// How long an emergency may wait for officers.
const EMERGENCY_WAITS: SignedDuration = SignedDuration::from_hours(24);
/// So many tries with names that nobody has, within [`TRIES_WITHIN`], are rows of the audit; more are a flood.
const UNKNOWN_TRIES: i64 = 100;

/// What guessing a passphrase costs. That of a made-up member is known to everybody.
fn cost(practice: bool) -> PassphraseCost {
    match practice {
        true => PassphraseCost::LEAST,
        false => PassphraseCost::DEFAULT,
    }
}

/// Passphrases are stretched two at a time: each takes 64 MiB.
static STRETCHING: Semaphore = Semaphore::const_new(2);

/// Runs what takes memory and time beside the others.
async fn stretched<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, sealing::SealingError> + Send + 'static,
) -> Result<Result<T, sealing::SealingError>, StoreError> {
    let permit = STRETCHING.acquire().await.map_err(|_| StoreError::Interrupted)?;
    // The permit goes along: whoever hangs up leaves the work running, and its memory taken.
    let work = move || {
        let _permit = permit;
        work()
    };
    tokio::task::spawn_blocking(work).await.map_err(|_| StoreError::Interrupted)
}

/// The number of a member's own compartment, which is no row of `compartment`.
fn personal(member: MemberId) -> CompartmentId {
    CompartmentId(-member.0)
}

/// The public key in a row of `member`.
fn public_key(member: MemberId, row: &Row) -> Result<Option<MemberPublicKey>, StoreError> {
    let bytes: Option<&[u8]> = row.try_get("public_key")?;
    Ok(bytes.map(|bytes| MemberPublicKey::from_bytes(member, bytes)).transpose()?)
}

/// A time in a row.
fn time(row: &Row, column: &'static str) -> Result<Timestamp, StoreError> {
    let text: &str = row.try_get(column)?;
    text.parse().map_err(|_| StoreError::DamagedRow {
        table: "session",
        id: 0,
        what: "a time that is none",
    })
}

/// How far a later time is from an earlier one; nothing when the clock was set back.
fn since(earlier: Timestamp, now: Timestamp) -> SignedDuration {
    now.duration_since(earlier).max(SignedDuration::ZERO)
}
