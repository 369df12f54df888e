//! Encodings of people as they came: what is wrong with them, or nothing.
//!
//! In: a file that a stranger may have made, what its manifest says of it, and the people of the
//! coded victims. Out: a reason to refuse the submission, or none. Nothing that stands in the file
//! is shown. Whatever the bytes are, the answer is a reason and no panic.

use std::collections::HashSet;
use std::path::Path;
use std::sync::LazyLock;

use linkage::LinkageKey;
use linkage::encode::hardened::{About, ClkFileError, DiffusionSettings, EncodedTable, encode};
use records::disclosure::Mode;
use records::record::{OpaqueId, RecordKind};
use submission::{ENCODINGS_FILE, Manifest};

use super::answer::Remark;
use super::{ReceiveError, on};
use crate::encodings::day_of;

/// The layout of encodings that this program makes and compares.
static SCHEMA: LazyLock<String> = LazyLock::new(|| {
    let (key, settings) = (LinkageKey::new([0; 32]), DiffusionSettings::BUILT_IN);
    let about = About { agency: "", period: "", key_fingerprint: "" };
    let empty = encode(&key, about, &[], settings, |_| Ok(()));
    empty.map(|(table, _)| table.header.schema_digest).unwrap_or_default()
});

/// Looks at the encodings of a submission in `folder`; a reason to refuse it, or none.
pub(super) fn problem(
    folder: &Path,
    manifest: &Manifest,
    people: &HashSet<OpaqueId>,
) -> Result<Option<Remark>, ReceiveError> {
    let Some(listed) = &manifest.encodings else { return Ok(None) };
    let path = folder.join(ENCODINGS_FILE);
    let table = match EncodedTable::read(&path) {
        Ok(table) => table,
        Err(ClkFileError::Io { path, error }) => return Err(on(&path)(error)),
        Err(error) => return Ok(Some(wrong(&unreadable(&error)))),
    };
    let mode = manifest.modes.iter().find(|mode| mode.record == RecordKind::Victim);
    let with_release = mode.is_some_and(|mode| mode.mode == Mode::WithRelease);
    let header = &table.header;
    let key = manifest.linkage_key_fingerprint.as_deref().unwrap_or_default();
    let ends = |until: u32| if with_release { day_of(until).is_some() } else { until == 0 };
    let rules = [
        (header.agency == manifest.agency, "they are of another agency than its manifest says"),
        (!header.unattached, "they were made for research, and belong to no submission"),
        (
            header.period == key && header.key_fingerprint == key,
            "their linkage key is another than its manifest says",
        ),
        (header.schema_digest == *SCHEMA, "they are laid out in a way that is not known here"),
        (table.len() as u64 == listed.rows, "they are not as many as its manifest says"),
        (
            table.rec_ids.is_sorted_by(|one, two| one < two),
            "they are not in the order of their ids, each once",
        ),
        (
            table.rec_ids.iter().all(|id| people.contains(&OpaqueId(*id))),
            "there is one of somebody who is in no coded row",
        ),
        (
            table.expires_on.iter().all(|until| ends(*until)),
            "each ends with the release of its person, and without releases none does",
        ),
    ];
    Ok(rules.into_iter().find(|(holds, _)| !holds).map(|(_, what)| wrong(what)))
}

fn wrong(what: &str) -> Remark {
    let fix = "update Clearway, make the submission again, and send it as a correction";
    Remark::new("encodings_wrong", Some(RecordKind::Victim), format!("encodings: {what}"), fix)
}

/// What is wrong with a file, without anything that stands in it.
fn unreadable(error: &ClkFileError) -> String {
    match error {
        ClkFileError::Header(_) => "what they say of themselves cannot be read".to_owned(),
        other => other.to_string(),
    }
}
