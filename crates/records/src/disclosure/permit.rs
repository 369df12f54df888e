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

/// That one person may be encoded, on that day, for that recipient.
#[derive(Debug, Clone, Copy)]
pub struct PersonPermit {
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
            Mode::TotalsOnly => Err(self.why_totals_only(record.kind())),
            Mode::WithRelease => {
                let person = record.person().ok_or(StaysBehind::NoPerson)?;
                Ok(Permit { record, expires_on: Some(self.release_of(person)?) })
            }
        }
    }

    /// Whether a victim may leave as an encoding; the person is named as in the releases.
    ///
    /// # Errors
    ///
    /// Why she stays behind.
    pub fn permit_person(&self, person: &Personal) -> Result<PersonPermit, StaysBehind> {
        match self.mode(RecordKind::Victim) {
            Mode::Encoded => Ok(PersonPermit { expires_on: None }),
            Mode::TotalsOnly => Err(self.why_totals_only(RecordKind::Victim)),
            Mode::WithRelease if person.in_own_store().is_empty() => Err(StaysBehind::NoPerson),
            Mode::WithRelease => Ok(PersonPermit { expires_on: Some(self.release_of(person)?) }),
        }
    }

    fn why_totals_only(&self, record: RecordKind) -> StaysBehind {
        match self.modes.get(&record) {
            Some((Mode::Encoded | Mode::WithRelease, ..)) => StaysBehind::ModeExpired,
            _ => StaysBehind::TotalsOnly,
        }
    }

    /// The last day of the person's release that is active, the longest of several.
    fn release_of(&self, person: &Personal) -> Result<Date, StaysBehind> {
        let releases = self.releases.get(person).map_or(&[][..], Vec::as_slice);
        let active = releases.iter().filter(|release| release.is_active_on(self.day));
        active.map(|release| release.expires_on).max().ok_or_else(|| match releases {
            [] => StaysBehind::NoRelease,
            some if some.iter().any(|one| one.revoked_on.is_some()) => StaysBehind::ReleaseRevoked,
            _ => StaysBehind::ReleaseExpired,
        })
    }
}

impl PersonPermit {
    /// The last day of the release that it rests on.
    pub fn expires_on(self) -> Option<Date> {
        self.expires_on
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
