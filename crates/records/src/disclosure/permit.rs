//! Whether one record may leave.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use super::{DisclosureMode, Mode, Release};
use crate::record::{AgencyRecord, Code, CodedRecord, Identity, OpaqueIds, Personal, RecordKind};

/// What an agency may send to one recipient on one day.
#[derive(Debug, Clone)]
pub struct Disclosure {
    day: Date,
    modes: BTreeMap<RecordKind, (Mode, Option<Code>, Option<Date>)>,
    releases: BTreeMap<Personal, Vec<Release>>,
}

/// That one record may leave as a coded row, on that day, for that recipient.
#[derive(Debug, Clone, Copy)]
pub struct Permit<'r> {
    record: &'r AgencyRecord,
    expires_on: Option<Date>,
}

/// Why a record stays behind and is only counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StaysBehind {
    /// The mode is totals only, by default or by choice.
    TotalsOnly,
    /// A mode was signed and has ended.
    ModeExpired,
    /// The person has signed no release for this recipient.
    NoRelease,
    /// The person's release has ended.
    ReleaseExpired,
    /// The person has revoked it.
    ReleaseRevoked,
    /// The record names no person whose release could be asked for.
    NoPerson,
}

impl StaysBehind {
    /// In a sentence.
    pub fn reason(self) -> &'static str {
        match self {
            StaysBehind::TotalsOnly => "its disclosure mode is totals only",
            StaysBehind::ModeExpired => "its disclosure mode has expired",
            StaysBehind::NoRelease => "the person has signed no release",
            StaysBehind::ReleaseExpired => "the person's release has expired",
            StaysBehind::ReleaseRevoked => "the person has revoked the release",
            StaysBehind::NoPerson => "it names no person whose release could be asked for",
        }
    }
}

impl Disclosure {
    /// What stands on a day for a recipient. Of several modes of a kind the one signed last
    /// stands, also after it has expired; of two signed on one day, the one that lets less out.
    pub fn on(
        day: Date,
        recipient: &str,
        modes: &[DisclosureMode],
        releases: impl IntoIterator<Item = Release>,
    ) -> Disclosure {
        let mut standing = BTreeMap::new();
        for record in RecordKind::ALL {
            let mut of_kind: Vec<&DisclosureMode> = modes
                .iter()
                .filter(|mode| mode.record() == record && mode.recipient() == recipient)
                .filter(|mode| mode.signed_on() <= day)
                .collect();
            of_kind.sort_by_key(|mode| (mode.signed_on(), std::cmp::Reverse(mode.mode())));
            let Some(last) = of_kind.last() else { continue };
            standing.insert(record, (last.mode(), Some(last.basis()), Some(last.expires_on())));
        }
        let mut by_person: BTreeMap<Personal, Vec<Release>> = BTreeMap::new();
        for release in releases.into_iter().filter(|release| release.recipient == recipient) {
            by_person.entry(release.victim.clone()).or_default().push(release);
        }
        Disclosure { day, modes: standing, releases: by_person }
    }

    /// The mode of a kind of record that day; totals only when it has expired or none was signed.
    pub fn mode(&self, record: RecordKind) -> Mode {
        match self.modes.get(&record) {
            Some((mode, _, Some(expires))) if self.day <= *expires => *mode,
            _ => Mode::TotalsOnly,
        }
    }

    /// The basis cited for a kind of record, and its last day.
    pub fn basis(&self, record: RecordKind) -> Option<(Code, Date)> {
        let (_, basis, expires) = self.modes.get(&record)?;
        Some(((*basis)?, (*expires)?))
    }

    /// Whether a record may leave as a row.
    ///
    /// # Errors
    ///
    /// Why it stays behind.
    pub fn permit<'r>(&self, record: &'r AgencyRecord) -> Result<Permit<'r>, StaysBehind> {
        match self.mode(record.kind()) {
            Mode::Encoded => Ok(Permit { record, expires_on: None }),
            Mode::TotalsOnly => Err(match self.modes.get(&record.kind()) {
                Some((Mode::Encoded | Mode::WithRelease, ..)) => StaysBehind::ModeExpired,
                _ => StaysBehind::TotalsOnly,
            }),
            Mode::WithRelease => {
                let person = record.person().ok_or(StaysBehind::NoPerson)?;
                let releases = self.releases.get(person).map_or(&[][..], Vec::as_slice);
                let active = releases.iter().filter(|release| release.is_active_on(self.day));
                match active.map(|release| release.expires_on).max() {
                    Some(expires_on) => Ok(Permit { record, expires_on: Some(expires_on) }),
                    None => Err(match releases {
                        [] => StaysBehind::NoRelease,
                        some if some.iter().any(|one| one.revoked_on.is_some()) => {
                            StaysBehind::ReleaseRevoked
                        }
                        _ => StaysBehind::ReleaseExpired,
                    }),
                }
            }
        }
    }
}

impl<'r> Permit<'r> {
    /// The record as it may leave.
    pub fn code(self, ids: &OpaqueIds) -> CodedRecord {
        CodedRecord::of(self.record, ids, self.expires_on)
    }

    /// The parts of the person's identity, for the encoder.
    pub fn identity(self) -> Identity<'r> {
        Identity::of(self.record)
    }
}
