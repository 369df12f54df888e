//! The chain: whether a manifest follows what this agency sent before.
//!
//! In: everything that one agency ever sent and whose signature held, accepted or refused for its
//! content, and a manifest of the same agency whose signature holds. Out: a [`Verdict`]. Files are
//! numbered without a gap and each names the digest of the one before, so that none can be left
//! out, sent twice or slipped in between. A file refused for its content has its number all the
//! same: the agency cannot take it back, and its next file follows it.

use records::Quarter;

use crate::{Manifest, ManifestKind};

/// What became of a file that was in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It stands.
    Stands,
    /// A correction took its place.
    Replaced {
        /// The sequence number of the correction.
        by: u64,
    },
    /// The clearinghouse took it out.
    Withdrawn,
    /// Its content was refused: nothing of it is in.
    Refused,
}

/// A file of this agency that was in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Submission or withdrawal. A withdrawal stands.
    pub kind: ManifestKind,
    /// Its sequence number.
    pub sequence: u64,
    /// The digest of its manifest.
    pub digest: String,
    /// Its first quarter.
    pub first_quarter: Quarter,
    /// Its last quarter.
    pub last_quarter: Quarter,
    /// The digest of the submission that it replaces, or would have replaced.
    pub corrects: Option<String>,
    /// What became of it.
    pub state: State,
}

/// Whether a manifest is let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is new and in its place.
    New,
    /// It is in already, and stands: nothing changes.
    Already,
    /// It is not in its place.
    Refused(OutOfPlace),
}

/// Why a manifest is not in its place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OutOfPlace {
    /// It was accepted once and does not stand any more.
    #[error(
        "this is file {sequence} of the agency again, which {}; nothing was changed",
        became(*.state)
    )]
    ReplayedOld {
        /// Its sequence number.
        sequence: u64,
        /// What became of it.
        state: State,
    },
    /// Its content was refused.
    #[error(
        "this is file {sequence} of the agency again, whose content was refused; the agency should \
         mend what the answer names and send a correction of it"
    )]
    RefusedAlready {
        /// Its sequence number.
        sequence: u64,
    },
    /// Files before it are missing.
    #[error(
        "this is file {found} of the agency, and file {expected} has not come yet; receive the \
         files in their order"
    )]
    Gap {
        /// The number that is next.
        expected: u64,
        /// The number it has.
        found: u64,
    },
    /// It does not follow the last file.
    #[error(
        "this says it is file {found} of the agency, but it does not follow file {} as it was \
         received here; call the agency: its installation may have been copied or restored from a \
         backup",
        .expected - 1
    )]
    OutOfChain {
        /// The number that is next.
        expected: u64,
        /// The number it has.
        found: u64,
    },
    /// What it corrects was never accepted here.
    #[error("it corrects a submission that was never received here; receive that one first")]
    CorrectsUnknown,
    /// What it corrects was corrected already.
    #[error(
        "it corrects file {sequence}, which file {by} has replaced already; the agency should \
         correct file {by}"
    )]
    CorrectsReplaced {
        /// What it corrects.
        sequence: u64,
        /// What replaced that.
        by: u64,
    },
    /// It speaks of quarters of which another submission speaks that it does not correct.
    #[error(
        "file {sequence} of the agency, which stands, is about {first_quarter} to {last_quarter} \
         already; the agency should send this as a correction of it"
    )]
    Overlaps {
        /// The one that stands.
        sequence: u64,
        /// Its first quarter.
        first_quarter: Quarter,
        /// Its last quarter.
        last_quarter: Quarter,
    },
}

impl OutOfPlace {
    /// Its word, for machines.
    pub fn word(&self) -> &'static str {
        match self {
            OutOfPlace::ReplayedOld { .. } => "replayed_old",
            OutOfPlace::RefusedAlready { .. } => "refused_already",
            OutOfPlace::Gap { .. } => "gap",
            OutOfPlace::OutOfChain { .. } => "out_of_chain",
            OutOfPlace::CorrectsUnknown => "corrects_unknown",
            OutOfPlace::CorrectsReplaced { .. } => "corrects_replaced",
            OutOfPlace::Overlaps { .. } => "overlaps",
        }
    }
}

fn became(state: State) -> String {
    match state {
        State::Stands => "stands".to_owned(),
        State::Replaced { by } => format!("file {by} has replaced"),
        State::Withdrawn => "the clearinghouse has taken out".to_owned(),
        State::Refused => "was refused".to_owned(),
    }
}

/// Judges a manifest by everything that was ever in its place of its agency, in any order.
///
/// A correction may be of a submission that the clearinghouse has taken out: the agency need not
/// know that it has. A correction of a file whose content was refused takes its place: it replaces
/// what that one would have replaced, which may be nothing.
///
/// # Examples
///
/// ```
/// use submission::{Verdict, judge};
/// # let manifest: submission::Manifest = serde_json::from_str(&format!(r#"{{
/// #   "format": 1, "kind": "submission", "agency": "police-1", "practice": true,
/// #   "first_quarter": "2026-Q3", "last_quarter": "2026-Q3", "calendar_offset_days": 0,
/// #   "definition_version": "2026.1", "as_of": "2026-10-05", "recipient": "", "sequence": 1,
/// #   "previous": null, "corrects": null, "linkage_key_fingerprint": null, "modes": [],
/// #   "tables": [], "totals": null, "withdrawn": null }}"#))?;
///
/// assert_eq!(judge(&[], &manifest), Verdict::New);
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn judge(known: &[Known], manifest: &Manifest) -> Verdict {
    let digest = manifest.digest();
    if let Some(same) = known.iter().find(|one| one.digest == digest) {
        return match same.state {
            State::Stands => Verdict::Already,
            State::Refused => {
                Verdict::Refused(OutOfPlace::RefusedAlready { sequence: same.sequence })
            }
            state => Verdict::Refused(OutOfPlace::ReplayedOld { sequence: same.sequence, state }),
        };
    }
    let last = known.iter().max_by_key(|one| one.sequence);
    let expected = last.map_or(1, |last| last.sequence.saturating_add(1));
    let found = manifest.sequence;
    if found > expected {
        return Verdict::Refused(OutOfPlace::Gap { expected, found });
    }
    let follows = manifest.previous.as_deref() == last.map(|last| last.digest.as_str());
    if found < expected || !follows {
        return Verdict::Refused(OutOfPlace::OutOfChain { expected, found });
    }
    let corrected = match corrected(known, manifest) {
        Ok(corrected) => corrected,
        Err(why) => return Verdict::Refused(why),
    };
    let overlaps = |one: &&Known| {
        one.kind == ManifestKind::Submission
            && one.state == State::Stands
            && corrected.is_none_or(|corrected| corrected.digest != one.digest)
            && one.first_quarter <= manifest.last_quarter
            && manifest.first_quarter <= one.last_quarter
    };
    match known.iter().find(overlaps) {
        Some(one) if manifest.kind == ManifestKind::Submission => {
            Verdict::Refused(OutOfPlace::Overlaps {
                sequence: one.sequence,
                first_quarter: one.first_quarter,
                last_quarter: one.last_quarter,
            })
        }
        _ => Verdict::New,
    }
}

/// The submission whose place a manifest takes, behind any whose content was refused.
///
/// # Errors
///
/// [`OutOfPlace::CorrectsUnknown`], [`OutOfPlace::CorrectsReplaced`].
fn corrected<'k>(known: &'k [Known], manifest: &Manifest) -> Result<Option<&'k Known>, OutOfPlace> {
    let mut corrects = manifest.corrects.as_ref();
    // Each file corrects one before it, so this ends; a list that is in a circle ends too.
    for _ in 0..=known.len() {
        let Some(digest) = corrects else { return Ok(None) };
        let found = known
            .iter()
            .find(|one| one.kind == ManifestKind::Submission && one.digest == *digest)
            .ok_or(OutOfPlace::CorrectsUnknown)?;
        match found.state {
            State::Stands | State::Withdrawn => return Ok(Some(found)),
            State::Replaced { by } => {
                return Err(OutOfPlace::CorrectsReplaced { sequence: found.sequence, by });
            }
            State::Refused => corrects = found.corrects.as_ref(),
        }
    }
    Err(OutOfPlace::CorrectsUnknown)
}

#[cfg(test)]
mod tests;
