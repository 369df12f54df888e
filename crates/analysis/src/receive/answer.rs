//! The quality report that goes back to an agency.
//!
//! In: a file of an agency that is known. Out: [`Answer`]: whether it is in, why not, what came and
//! what stayed, what is not filled in, what should be looked at. It holds counts of the agency's
//! own file and nothing about a person. Its form is versioned: agencies read it with programs.

use std::collections::BTreeMap;

use jiff::civil::Date;
use records::Quarter;
use records::disclosure::OrderKind;
use records::record::RecordKind;
use serde::{Deserialize, Serialize};
use submission::{Manifest, ManifestKind, OutOfPlace, Withdrawn};

use super::{ReceiveError, Receiver};

/// The form of answers that this program writes.
pub const FORMAT: u32 = 1;

/// Whether a file is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It is in.
    Accepted,
    /// Nothing of it is.
    Refused,
}

/// Something to be known or done about a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remark {
    /// Its word, for machines.
    pub word: String,
    /// The kind of record that it is about.
    pub record: Option<RecordKind>,
    /// What was found, in a sentence.
    pub what: String,
    /// What to do about it.
    pub fix: String,
}

impl Remark {
    pub(super) fn new(
        word: &str,
        record: Option<RecordKind>,
        what: String,
        fix: impl Into<String>,
    ) -> Remark {
        Remark { word: word.to_owned(), record, what, fix: fix.into() }
    }

    /// Why a file is not in its place. The sentence says what to do.
    pub(super) fn out_of_place(why: &OutOfPlace) -> Remark {
        let sentence = why.to_string();
        let (what, fix) = sentence.split_once("; ").unwrap_or((&sentence, ""));
        Remark::new(why.word(), None, what.to_owned(), fix)
    }
}

/// How one field of one kind of record is filled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldAnswer {
    /// The field.
    pub field: String,
    /// Records in which it is empty.
    pub missing: u64,
    /// Records that say "unknown".
    pub unknown: u64,
    /// Records that say "not yet classified", or whatever somebody must ask again.
    pub not_yet_classified: u64,
}

/// What came of one kind of record; of victims, of one count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableAnswer {
    /// The kind of record.
    pub record: RecordKind,
    /// Of victims: which count.
    pub counted_as: Option<String>,
    /// Records by the totals.
    pub records: u64,
    /// People by the totals; 0 for kinds that name nobody.
    pub people: u64,
    /// Records that came as coded rows.
    pub coded: u64,
    /// Records that stayed with the agency.
    pub left_behind: u64,
    /// Fields that are not filled in everywhere.
    pub fields: Vec<FieldAnswer>,
}

/// Records that a withdrawal takes back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenBack {
    /// The kind of record.
    pub record: RecordKind,
    /// Why.
    pub order: OrderKind,
    /// How many.
    pub records: u64,
}

/// The quality report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// [`FORMAT`].
    pub format: u32,
    /// The agency's code.
    pub agency: String,
    /// Submission or withdrawal.
    pub kind: ManifestKind,
    /// The agency's number of the file.
    pub sequence: u64,
    /// The digest of its manifest.
    pub digest: String,
    /// Whether the file follows those before it, so that its number is its own.
    pub in_its_place: bool,
    /// Whether the agency had begun anew, so that an earlier file has had the same number.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub begun_anew: bool,
    /// Whether everything in it is made up.
    pub practice: bool,
    /// Its first state quarter.
    pub first_quarter: Quarter,
    /// Its last state quarter.
    pub last_quarter: Quarter,
    /// The day as of which it speaks.
    pub as_of: Date,
    /// The version of the definitions by which it is coded.
    pub definition_version: String,
    /// The number of the file that it replaces.
    pub corrects: Option<u64>,
    /// The day on which it was looked at.
    pub received_on: Date,
    /// Whether it is in.
    pub outcome: Outcome,
    /// When it is refused: every reason.
    pub reasons: Vec<Remark>,
    /// What should be looked at; it is in all the same.
    pub remarks: Vec<Remark>,
    /// What came, by kind of record.
    pub tables: Vec<TableAnswer>,
    /// People who came with an encoding, by which they are found on several lists.
    pub encoded: u64,
    /// What a withdrawal takes back.
    pub taken_back: Vec<TakenBack>,
}

impl Answer {
    /// An answer that says nothing yet.
    pub(super) fn about(manifest: &Manifest, digest: &str, receiver: &Receiver<'_>) -> Answer {
        Answer {
            format: FORMAT,
            agency: manifest.agency.clone(),
            kind: manifest.kind,
            sequence: manifest.sequence,
            digest: digest.to_owned(),
            in_its_place: false,
            begun_anew: false,
            practice: manifest.practice,
            first_quarter: manifest.first_quarter,
            last_quarter: manifest.last_quarter,
            as_of: manifest.as_of,
            definition_version: manifest.definition_version.clone(),
            corrects: None,
            received_on: receiver.today,
            outcome: Outcome::Accepted,
            reasons: Vec::new(),
            remarks: Vec::new(),
            tables: Vec::new(),
            encoded: 0,
            taken_back: Vec::new(),
        }
    }

    pub(super) fn refuse(&mut self, reason: Remark) {
        self.outcome = Outcome::Refused;
        self.reasons.push(reason);
    }

    pub(super) fn take_back(&mut self, withdrawn: &[Withdrawn]) {
        let mut counts: BTreeMap<(RecordKind, OrderKind), u64> = BTreeMap::new();
        for one in withdrawn {
            *counts.entry((one.record, one.order)).or_default() += 1;
        }
        let taken_back = |((record, order), records)| TakenBack { record, order, records };
        self.taken_back = counts.into_iter().map(taken_back).collect();
    }

    /// The answer as the JSON document that is kept and sent.
    pub fn to_json(&self) -> String {
        // Words, numbers and lists always have a JSON form.
        let mut json = serde_json::to_string_pretty(self).unwrap_or_default();
        json.push('\n');
        json
    }

    /// Reads an answer that was kept here.
    pub(super) fn read(json: &str, agency: &str, sequence: u64) -> Result<Answer, ReceiveError> {
        let damaged =
            |_| ReceiveError::Damaged { what: "answer", agency: agency.to_owned(), sequence };
        serde_json::from_str(json).map_err(damaged)
    }
}
