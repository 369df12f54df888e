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
    /// Its place among everything of the agency: 1, 2, … also across a new beginning.
    pub place: u64,
    /// The agency's own number of it.
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

/// That an agency was let begin anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Beginning {
    /// The last place before it; files after it are of the new numbering.
    pub after: u64,
    /// Whether the agency has other keys than before. Then its opaque ids are others too, and a
    /// person would be two: the first submission must take the place of everything that stands.
    pub new_keys: bool,
}

impl Beginning {
    fn is_after(self, one: &Known) -> bool {
        self.after >= one.place
    }
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
         received here: its installation was copied, restored from a backup or set up again; call \
         the agency, and when that is so, let it begin anew (`clearway agency accept CARD \
         --fingerprint TEXT --begin-anew --why TEXT`)",
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
    /// It would leave a part of what stands from before a new beginning.
    #[error(
        "what stands from before the agency began anew is about {first_quarter} to {last_quarter}, \
         and this file only about a part; the agency should send all of these quarters in one file \
         (`--period {first_quarter}..{last_quarter}`)"
    )]
    EarlierStands {
        /// The first quarter.
        first_quarter: Quarter,
        /// The last quarter.
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
            OutOfPlace::EarlierStands { .. } => "earlier_stands",
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

/// Judges a manifest by everything that was ever in its place of its agency, in any order, and by
/// the last new beginning.
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
/// assert_eq!(judge(&[], None, &manifest), Verdict::New);
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn judge(known: &[Known], beginning: Option<Beginning>, manifest: &Manifest) -> Verdict {
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
    match follows(known, beginning, manifest).and_then(|()| overlaps(known, beginning, manifest)) {
        Ok(()) => Verdict::New,
        Err(why) => Verdict::Refused(why),
    }
}

/// Whether a manifest has the next number and names the file before it.
fn follows(
    known: &[Known],
    beginning: Option<Beginning>,
    manifest: &Manifest,
) -> Result<(), OutOfPlace> {
    let last = known.iter().max_by_key(|one| one.place);
    let found = manifest.sequence;
    let before = match (&manifest.previous, last, beginning) {
        // The first file of a new numbering: it follows nothing, or what a backup still knew.
        (None, Some(last), Some(begun)) if begun.is_after(last) => None,
        (Some(previous), Some(last), Some(begun)) if begun.is_after(last) => {
            let before = known.iter().find(|one| one.digest == *previous);
            let expected = found.saturating_sub(1);
            Some(before.ok_or(OutOfPlace::Gap { expected, found })?)
        }
        _ => last,
    };
    let expected = before.map_or(1, |before| before.sequence.saturating_add(1));
    if found > expected {
        return Err(OutOfPlace::Gap { expected, found });
    }
    let follows = manifest.previous.as_deref() == before.map(|before| before.digest.as_str());
    if found < expected || !follows {
        return Err(OutOfPlace::OutOfChain { expected, found });
    }
    Ok(())
}

/// Whether a submission is about no quarter of another that goes on standing.
fn overlaps(
    known: &[Known],
    beginning: Option<Beginning>,
    manifest: &Manifest,
) -> Result<(), OutOfPlace> {
    let corrected = corrected(known, beginning, manifest)?;
    if manifest.kind != ManifestKind::Submission {
        return Ok(());
    }
    let stays = |one: &&Known| {
        standing(one)
            && !displaces(beginning, manifest, one)
            && corrected.is_none_or(|corrected| corrected.digest != one.digest)
    };
    let meets = |one: &Known| {
        one.first_quarter <= manifest.last_quarter && manifest.first_quarter <= one.last_quarter
    };
    if let Some(begun) = beginning {
        let earlier = || {
            let concerns = |one: &&Known| begun.new_keys || meets(one);
            known.iter().filter(|one| standing(one) && begun.is_after(one)).filter(concerns)
        };
        let first_quarter = earlier().map(|one| one.first_quarter).min();
        let last_quarter = earlier().map(|one| one.last_quarter).max();
        if let (true, Some(first_quarter), Some(last_quarter)) =
            (earlier().any(|one| stays(&one)), first_quarter, last_quarter)
        {
            return Err(OutOfPlace::EarlierStands { first_quarter, last_quarter });
        }
    }
    match known.iter().filter(stays).find(|one| meets(one)) {
        Some(one) => Err(OutOfPlace::Overlaps {
            sequence: one.sequence,
            first_quarter: one.first_quarter,
            last_quarter: one.last_quarter,
        }),
        None => Ok(()),
    }
}

fn standing(one: &Known) -> bool {
    one.kind == ManifestKind::Submission && one.state == State::Stands
}

/// Whether a submission takes the place of one from before a new beginning: it is about all of its
/// quarters.
fn displaces(beginning: Option<Beginning>, manifest: &Manifest, one: &Known) -> bool {
    beginning.is_some_and(|begun| begun.is_after(one))
        && manifest.kind == ManifestKind::Submission
        && manifest.first_quarter <= one.first_quarter
        && one.last_quarter <= manifest.last_quarter
}

/// The submissions from before a new beginning whose place a manifest takes without naming them:
/// the agency does not know of them any more.
pub fn displaced<'k>(
    known: &'k [Known],
    beginning: Option<Beginning>,
    manifest: &Manifest,
) -> Vec<&'k Known> {
    known.iter().filter(|one| standing(one) && displaces(beginning, manifest, one)).collect()
}

/// The submission whose place a manifest takes, behind any whose content was refused.
///
/// # Errors
///
/// [`OutOfPlace::CorrectsUnknown`], [`OutOfPlace::CorrectsReplaced`].
pub fn corrected<'k>(
    known: &'k [Known],
    beginning: Option<Beginning>,
    manifest: &Manifest,
) -> Result<Option<&'k Known>, OutOfPlace> {
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
            // A backup does not know what has replaced it; that one is displaced, if it stands.
            State::Replaced { .. } if beginning.is_some_and(|begun| begun.is_after(found)) => {
                return Ok(None);
            }
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
