//! Why an agency's side could not do what was asked. No message holds anything about a person.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;

use jiff::civil::Date;
use linkage::encode::hardened::ClkFileError;
use query::QueryError;
use records::Quarter;
use records::disclosure::StaysBehind;
use store::StoreError;
use submission::{CardError, KeysError, SealError, WriteError};

use super::setup::SetupProblem;

/// Why an agency's side could not do what was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AgencyError {
    /// `agency.toml` cannot be taken: every problem of it.
    #[error("agency.toml cannot be taken: {}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    AgencyFile(Vec<SetupProblem>),
    /// A file cannot be read or written.
    #[error("{} cannot be read or written ({source})", path.display())]
    File {
        /// Where.
        path: PathBuf,
        /// What happened.
        source: io::Error,
    },
    /// A card cannot be used.
    #[error("{}: {source}", path.display())]
    Card {
        /// Where it lies.
        path: PathBuf,
        /// What is wrong with it.
        source: CardError,
    },
    /// Nobody has said who this installation is.
    #[error("this installation does not say who it is: clearway agency set agency.toml")]
    NotSetUp,
    /// The card in the data folder was made from other keys.
    #[error(
        "card.toml and the keys in the data folder do not belong together; bring both back from \
         one backup, or run again: clearway agency set agency.toml"
    )]
    OtherKeys,
    /// An agency's work at a clearinghouse, or the reverse.
    #[error(
        "this installation is {is}, and only {wanted} can do that; they are separate installations"
    )]
    WrongRole {
        /// What it is.
        is: &'static str,
        /// What it would have to be.
        wanted: &'static str,
    },
    /// An installation does not change sides.
    #[error(
        "this installation is {is} and cannot become {wanted}: take another data folder with \
         --data DIR"
    )]
    RoleFixed {
        /// What it is.
        is: &'static str,
        /// What was asked for.
        wanted: &'static str,
    },
    /// A clearinghouse changes between made-up and real data.
    #[error(
        "the practice mark of the clearinghouse cannot change: agencies were accepted under it; \
         take another data folder with --data DIR"
    )]
    PracticeFixed,
    /// A card of the wrong kind.
    #[error("{code} is a clearinghouse; only cards of agencies are accepted here")]
    NotAnAgencysCard {
        /// Whose card it is.
        code: String,
    },
    /// Made-up and real data would meet.
    #[error(
        "{code} and this installation must both be practice, or neither: made-up and real data are never mixed"
    )]
    PracticeMixed {
        /// Whose card it is.
        code: String,
    },
    /// The fingerprint that was read out is another.
    #[error(
        "the fingerprint typed is not that of the card of {code}, which is {fingerprint}: nothing \
         was accepted; call the agency at a number that you already know"
    )]
    OtherFingerprint {
        /// Whose card it is.
        code: String,
        /// The fingerprint of the card.
        fingerprint: String,
    },
    /// No mode and no release lets anybody be encoded.
    #[error(
        "nobody in this file may be encoded: {}; what lets people be encoded is a signed disclosure \
         mode \"encoded\" or \"with release\" for victims (clearway import FILE --as modes), \
         and under the second a person's own release (clearway import FILE --as \
         releases); made-up or research data: --unattached",
        .reasons.iter().map(|(why, rows)| format!("{rows} rows: {}", why.reason())).collect::<Vec<_>>().join("; ")
    )]
    NobodyMayBeEncoded {
        /// Rows by reason.
        reasons: BTreeMap<StaysBehind, usize>,
    },
    /// A row cannot be encoded.
    #[error(transparent)]
    Encode(#[from] linkage::encode::hardened::EncodeError),
    /// There is nothing to send.
    #[error("there are no records here to send: clearway import FILE --as victims takes some in")]
    NoRecords,
    /// A period that ends before it starts.
    #[error("the period ends before it starts: put the earlier quarter first")]
    Backwards,
    /// A period that has not begun, or of another age.
    #[error(
        "{first} to {last} cannot be sent on {as_of}: choose quarters that have begun, from 1990 on"
    )]
    NoSuchPeriod {
        /// The first quarter.
        first: Quarter,
        /// The last quarter.
        last: Quarter,
        /// The day.
        as_of: Date,
    },
    /// A correction that is about fewer quarters than what it replaces.
    #[error(
        "file {sequence} is about {first} to {last}, and a correction takes the place of all of it: \
         send at least these quarters, --period {first}..{last}"
    )]
    DropsQuarters {
        /// The file that it would replace.
        sequence: u64,
        /// Its first quarter.
        first: Quarter,
        /// Its last quarter.
        last: Quarter,
    },
    /// People would leave without an encoding.
    #[error(
        "rows of victims leave, and there is no linkage key \"{name}\" here under which they could \
         be encoded: take one in from another agency with clearway keys accept, make the first one \
         with clearway keys new, or name another with --linkage-key"
    )]
    NoLinkageKey {
        /// The name asked for.
        name: String,
    },
    /// A submission that stands is about the same quarters.
    #[error(
        "file {sequence} is about {first} to {last} already, and this says something else: send it \
         as a correction with --corrects {sequence}"
    )]
    Overlaps {
        /// Its number.
        sequence: u64,
        /// Its first quarter.
        first: Quarter,
        /// Its last quarter.
        last: Quarter,
    },
    /// There is no submission of that number to correct.
    #[error("no submission {sequence} was sent that could be corrected; sent were: {}", listed(.sent))]
    NoSuchSubmission {
        /// The number given.
        sequence: u64,
        /// The numbers of submissions.
        sent: Vec<u64>,
    },
    /// What is to be corrected was corrected already.
    #[error("file {sequence} was replaced by file {by} already: --corrects {by}")]
    CorrectedAlready {
        /// The number given.
        sequence: u64,
        /// The file that replaced it.
        by: u64,
    },
    /// Another run is at it.
    #[error("another clearway is sending from this data folder right now; wait until it has ended")]
    Busy,
    /// The manifest that was kept does not read as one.
    #[error("the manifest of file {sequence} in the database is damaged; restore it from a backup")]
    DamagedManifest {
        /// The number of the file.
        sequence: u64,
    },
    /// A sealed file is ready and could not be put where it was wanted.
    #[error(
        "file {sequence} is sealed and has its number, but {} cannot be written ({source}): make \
         room or name another folder with --out, then run the same command again",
        path.display()
    )]
    HandOver {
        /// The number of the file.
        sequence: u64,
        /// Where it was wanted.
        path: PathBuf,
        /// What happened.
        source: io::Error,
    },
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The keys.
    #[error(transparent)]
    Keys(#[from] KeysError),
    /// Sealing.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// A list that goes along.
    #[error(transparent)]
    List(#[from] WriteError),
    /// A coded table.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// The file of encodings.
    #[error(transparent)]
    Encodings(#[from] ClkFileError),
}

fn listed(numbers: &[u64]) -> String {
    let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    if numbers.is_empty() { "none".to_owned() } else { numbers.join(", ") }
}
