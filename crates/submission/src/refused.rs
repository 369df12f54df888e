//! Why a sealed file is refused, and what to do about it.

use std::io;

use records::CellProblem;
use records::disclosure::ModeProblem;
use records::record::RecordKind;

use crate::manifest::{FORMAT, ManifestProblem};

/// Why a sealed file is not let in. Nothing of it is kept.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Refused {
    /// The disk does not give the file.
    #[error("the file cannot be read ({0}); check that it is there and try again")]
    Unreadable(io::Error),
    /// The disk does not take what is inside.
    #[error("it cannot be unpacked here ({0}); make room in the data folder and try again")]
    Spool(io::Error),
    /// It is some other file.
    #[error("this is not a sealed submission; ask for the .clearway file that was written")]
    NotSealed,
    /// It is encrypted to another key.
    #[error(
        "it is not encrypted to this clearinghouse, or its first lines are damaged; the agency \
         should fetch this clearinghouse's card again and seal it anew"
    )]
    NotForUs,
    /// It was cut off or changed on the way.
    #[error("it was cut off or damaged on the way; ask the agency to send the same file again")]
    Damaged,
    /// Whoever sealed it did not use this program as it is.
    #[error(
        "it is encrypted to this clearinghouse but is not a submission: {what}; ask the agency \
         which program wrote it"
    )]
    NotASubmission {
        /// What is wrong with the container.
        what: &'static str,
    },
    /// It was written by a newer program.
    #[error("its format is {found} and this program reads up to {FORMAT}; update Clearway here")]
    FormatTooNew {
        /// The format it says.
        found: u32,
    },
    /// The manifest is not one.
    #[error(
        "its manifest cannot be read: {what}; ask the agency to update Clearway and seal it anew"
    )]
    ManifestUnreadable {
        /// Where, without the words that stand there.
        what: String,
    },
    /// Nobody knows the agency.
    #[error(
        "no agency \"{agency}\" is known here; accept its card first, and compare its fingerprint \
         over the phone"
    )]
    UnknownAgency {
        /// The code that it gives.
        agency: String,
    },
    /// The card known under that code is that of a clearinghouse.
    #[error("{agency} is a clearinghouse, and only agencies send submissions")]
    NotAnAgency {
        /// The code.
        agency: String,
    },
    /// The agency did not sign it.
    #[error(
        "its signature is not that of {agency}: it was changed after it was signed, or the agency \
         has new keys; call the agency, and accept its new card if the fingerprint agrees"
    )]
    SignatureWrong {
        /// The agency in whose name it comes.
        agency: String,
    },
    /// It was signed for another clearinghouse.
    #[error(
        "{agency} made it for another clearinghouse (fingerprint {found}); it should fetch this \
         clearinghouse's card and seal it anew"
    )]
    OtherRecipient {
        /// The agency.
        agency: String,
        /// The fingerprint of the clearinghouse that it is for.
        found: String,
    },
    /// Made-up and real data would meet.
    #[error(
        "the card of {agency} is {} and this submission is {}; made-up and real data are never \
         mixed: {agency} should send it from the right installation",
        practice(*.card),
        practice(!*.card)
    )]
    PracticeMixed {
        /// The agency.
        agency: String,
        /// Whether the agency's card says that it is for practice.
        card: bool,
    },
    /// It is coded by definitions that are not known here.
    #[error("it is coded by definitions {found:?}, which are not known here; update Clearway here")]
    DefinitionVersionUnknown {
        /// The version it names.
        found: String,
    },
    /// The manifest contradicts itself.
    #[error("its manifest contradicts itself: {}; the agency should update Clearway and seal it anew", crate::seal::listed(.problems))]
    Contradicts {
        /// How.
        problems: Vec<ManifestProblem>,
    },
    /// The law does not let the agency send what it sends.
    #[error(
        "{record} rows may not leave {agency}: {problem}; the agency should withdraw the mode, and \
         nobody should look at the file"
    )]
    ModeNotOpen {
        /// The agency.
        agency: String,
        /// The kind of record.
        record: RecordKind,
        /// Why.
        problem: ModeProblem,
    },
    /// A file that the manifest names is not there, or has another length.
    #[error(
        "{file} is missing or has not the length that its manifest says; ask the agency to seal it \
         anew"
    )]
    LengthDiffers {
        /// Its name.
        file: String,
    },
    /// A file is not the one that was signed.
    #[error("the digest of {file} does not match its manifest; ask the agency to seal it anew")]
    DigestDiffers {
        /// Its name.
        file: String,
    },
    /// A list is not what it should be.
    #[error("{} in its lists, the first: {}", problems(.0), first(.0))]
    Lists(Vec<CellProblem>),
}

fn practice(practice: bool) -> &'static str {
    if practice { "for practice" } else { "real" }
}

fn problems(found: &[CellProblem]) -> String {
    match found.len() {
        1 => "1 problem".to_owned(),
        count => format!("{count} problems"),
    }
}

fn first(found: &[CellProblem]) -> String {
    found.first().map(ToString::to_string).unwrap_or_default()
}

impl Refused {
    /// Its word, for machines.
    pub fn word(&self) -> &'static str {
        match self {
            Refused::Unreadable(_) => "unreadable",
            Refused::Spool(_) => "no_room",
            Refused::NotSealed => "not_sealed",
            Refused::NotForUs => "not_for_us",
            Refused::Damaged => "damaged",
            Refused::NotASubmission { .. } => "not_a_submission",
            Refused::FormatTooNew { .. } => "format_too_new",
            Refused::ManifestUnreadable { .. } => "manifest_unreadable",
            Refused::UnknownAgency { .. } => "unknown_agency",
            Refused::NotAnAgency { .. } => "not_an_agency",
            Refused::SignatureWrong { .. } => "signature_wrong",
            Refused::OtherRecipient { .. } => "other_recipient",
            Refused::PracticeMixed { .. } => "practice_mixed",
            Refused::DefinitionVersionUnknown { .. } => "definition_version_unknown",
            Refused::Contradicts { .. } => "contradicts_itself",
            Refused::ModeNotOpen { .. } => "mode_not_open",
            Refused::LengthDiffers { .. } => "length_differs",
            Refused::DigestDiffers { .. } => "digest_differs",
            Refused::Lists(_) => "lists_wrong",
        }
    }
}
