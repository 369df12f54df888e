//! What an agency sends to the clearinghouse: one file, signed by the agency, encrypted to the
//! clearinghouse, in a chain from which none can be left out.
//!
//! | module | what |
//! |---|---|
//! | `keys` | an installation's secret keys on disk: signing, receiving, record ids, linkage |
//! | `card` | who an installation is, and its public keys, signed by itself |
//! | `fingerprint` | what is read out over the phone |
//! | `linkage_key` | a linkage key from one agency to another, never to the clearinghouse |
//! | `manifest` | what a sealed file holds, and whether that agrees with itself |
//! | `totals`, `withdrawn`, `rows` | the two lists that go along as CSV |
//! | `seal` | manifest and files to one sealed file |
//! | `open`, `refused` | a sealed file to verified parts, or one reason why not |
//! | `chain` | whether a manifest follows what the agency sent before |
//! | `encryption`, `signature` | the only files that know age and Ed25519 |
//!
//! A submission can hold no name: its files are coded tables, named by their kind of record,
//! encodings of people, and two lists of words, numbers, opaque ids and days; there is no way to
//! add another. What is in a coded table or an encoding is checked by whoever writes and reads it.
//!
//! Knows no database, network or clock. Randomness comes from the operating system.
//!
//! # Examples
//!
//! An agency sends its totals, and the clearinghouse opens them.
//!
//! ```
//! use jiff::civil::date;
//! use records::record::{Code, RecordKind};
//! use records::register::Kind;
//! use submission::{
//!     About, Card, FORMAT, Keys, Manifest, ManifestKind, Role, TOTALS_FILE, Total, open_sealed,
//!     seal, write_totals,
//! };
//!
//! let data = tempfile::tempdir()?;
//! let about = |role, code: &str| About {
//!     role,
//!     code: code.to_owned(),
//!     label: "Made up".to_owned(),
//!     legal_entity: Code::get(Kind::LegalEntity, "police"),
//!     task_force: None,
//!     county: None,
//!     calendar_offset_days: 0,
//!     practice: true,
//! };
//! let police_keys = Keys::create(&data.path().join("police"))?;
//! let police = Card::new(about(Role::Agency, "practice-police-1"), &police_keys)?;
//! let state_keys = Keys::create(&data.path().join("state"))?;
//! let state = Card::new(about(Role::Clearinghouse, "practice-state"), &state_keys)?;
//!
//! // At the agency.
//! let folder = data.path().join("out");
//! std::fs::create_dir(&folder)?;
//! let arrests = Total {
//!     record: RecordKind::Arrest,
//!     counted_as: None,
//!     quarter: None,
//!     field: None,
//!     code: None,
//!     records: 12,
//!     people: 0,
//! };
//! let totals = write_totals(&folder.join(TOTALS_FILE), &[arrests])?;
//! let manifest = Manifest {
//!     format: FORMAT,
//!     kind: ManifestKind::Submission,
//!     agency: police.code().to_owned(),
//!     practice: true,
//!     first_quarter: "2026-Q3".parse()?,
//!     last_quarter: "2026-Q3".parse()?,
//!     calendar_offset_days: 0,
//!     definition_version: "2026.1".to_owned(),
//!     as_of: date(2026, 10, 5),
//!     recipient: state.fingerprint(),
//!     sequence: 1,
//!     previous: None,
//!     corrects: None,
//!     linkage_key_fingerprint: None,
//!     modes: Vec::new(),
//!     tables: Vec::new(),
//!     encodings: None,
//!     totals: Some(totals),
//!     withdrawn: None,
//! };
//! let sealed = data.path().join(manifest.file_name());
//! seal(&manifest, &folder, &police_keys, &state, &sealed)?;
//!
//! // At the clearinghouse, which has accepted the agency's card.
//! let known = |code: &str| (code == police.code()).then(|| police.clone());
//! let opened = open_sealed(&sealed, &state_keys, &known, &data.path().join("spool"))?;
//! assert_eq!(opened.totals, [arrests]);
//! assert_eq!(opened.manifest_digest, manifest.digest());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod card;
mod chain;
mod checkpoint;
mod encryption;
#[cfg(test)]
mod examples;
mod files;
mod fingerprint;
mod hex;
mod keys;
mod linkage_key;
mod manifest;
mod open;
mod refused;
mod rows;
mod seal;
mod signature;
mod totals;
mod withdrawn;

pub use card::{About, Card, CardError, CardProblem, Role};
pub use chain::{Beginning, Known, OutOfPlace, State, Verdict, corrected, displaced, judge};
pub use checkpoint::{Checkpoint, CheckpointError};
pub use fingerprint::linkage_fingerprint;
pub use keys::{Keys, KeysError, new_linkage_key};
pub use linkage_key::{AcceptError, ShareError, accept_linkage_key, share_linkage_key};
pub use manifest::{
    ENCODINGS_FILE, FORMAT, Listed, Manifest, ManifestKind, ManifestMode, ManifestProblem,
    ManifestTable, TOTALS_FILE, WITHDRAWN_FILE, table_file,
};
pub use open::{Opened, open_sealed, sweep_spool};
pub use refused::Refused;
pub use rows::WriteError;
pub use seal::{SealError, seal};
pub use totals::{Total, read_totals, write_totals};
pub use withdrawn::{Withdrawn, read_withdrawn, write_withdrawn};
