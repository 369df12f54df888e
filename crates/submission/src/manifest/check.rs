//! Whether a manifest agrees with itself. Both sides ask: one before it seals, one after it opens.

use records::disclosure::{CLEARINGHOUSE, DisclosureMode, Mode, ModeProblem};
use records::record::{Code, RecordKind};
use records::register::{Kind, Register};

use super::{FORMAT, Listed, MOST_LIST_BYTES, Manifest, ManifestKind, ManifestMode};
use crate::fingerprint::is_fingerprint;
use crate::hex::is_digest;
use crate::keys::is_code;

/// One way in which a manifest contradicts itself.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ManifestProblem {
    /// It says another format than this program writes.
    #[error("its format is not {FORMAT}")]
    Format,
    /// A text is not of the form that its field has.
    #[error("\"{field}\" is not {expected}")]
    Form {
        /// The field.
        field: &'static str,
        /// What it should be.
        expected: &'static str,
    },
    /// The last quarter is before the first.
    #[error("its last quarter is before its first")]
    Quarters,
    /// The first has no file before it, every other has.
    #[error("sequence 1 has no \"previous\", and every later one has")]
    Sequence,
    /// A list is not sorted by kind of record, or names a kind twice.
    #[error("\"{list}\" is not sorted, or names a kind of record twice")]
    Unsorted {
        /// The list.
        list: &'static str,
    },
    /// What a submission holds and a withdrawal does not, or the reverse.
    #[error("a {kind} {rule}")]
    Contents {
        /// Which of the two.
        kind: &'static str,
        /// What it has or has not.
        rule: &'static str,
    },
    /// Rows leave under a mode that does not let them.
    #[error("{record} rows leave, but their mode that day is totals_only, expired or not stated")]
    NoMode {
        /// The kind of record.
        record: RecordKind,
    },
    /// Encodings without a key, a key without encodings, or more people encoded than rows leave.
    #[error(
        "encodings and the fingerprint of their key go together, and no more people are encoded \
         than rows of victims leave"
    )]
    Encodings,
    /// A basis that is not in the definitions.
    #[error("the basis of {record} is not one of legal_bases")]
    Basis {
        /// The kind of record.
        record: RecordKind,
    },
    /// A list is larger than is read into memory.
    #[error("\"{list}\" is larger than 64 MiB; send a shorter period")]
    TooLong {
        /// The list.
        list: &'static str,
    },
}

impl Manifest {
    /// Every way in which it contradicts itself; none for one that may be sealed.
    pub fn problems(&self) -> Vec<ManifestProblem> {
        let mut problems = Vec::new();
        if self.format != FORMAT {
            problems.push(ManifestProblem::Format);
        }
        self.forms(&mut problems);
        if self.last_quarter < self.first_quarter {
            problems.push(ManifestProblem::Quarters);
        }
        if self.sequence == 0 || (self.sequence == 1) != self.previous.is_none() {
            problems.push(ManifestProblem::Sequence);
        }
        if !self.modes.is_sorted_by(|a, b| a.record < b.record) {
            problems.push(ManifestProblem::Unsorted { list: "modes" });
        }
        if !self.tables.is_sorted_by(|a, b| a.record < b.record) {
            problems.push(ManifestProblem::Unsorted { list: "tables" });
        }
        self.contents(&mut problems);
        let victims = self.tables.iter().find(|table| table.record == RecordKind::Victim);
        let rows = victims.and_then(|table| table.coded.as_ref()).map_or(0, |coded| coded.rows);
        if self.encodings.is_some() != self.linkage_key_fingerprint.is_some()
            || self.encodings.as_ref().is_some_and(|list| rows == 0 || rows < list.rows)
        {
            problems.push(ManifestProblem::Encodings);
        }
        for mode in &self.modes {
            if Code::get(Kind::LegalBasis, &mode.basis).is_none() {
                problems.push(ManifestProblem::Basis { record: mode.record });
            }
        }
        for table in self.tables.iter().filter(|table| table.coded.is_some()) {
            let carries = |mode: &ManifestMode| {
                mode.record == table.record
                    && mode.mode != Mode::TotalsOnly
                    && mode.expires_on.is_some_and(|last| self.as_of <= last)
            };
            if !self.modes.iter().any(carries) {
                problems.push(ManifestProblem::NoMode { record: table.record });
            }
        }
        problems
    }

    /// Which modes the law does not open to a legal entity. The modes of a manifest were signed at
    /// the agency; whoever receives it looks again.
    pub(crate) fn modes_not_open_to(&self, entity: Code) -> Vec<(RecordKind, ModeProblem)> {
        let mut problems = Vec::new();
        for mode in self.modes.iter().filter(|mode| mode.mode != Mode::TotalsOnly) {
            // An unknown basis and an expiry in the past are problems of the manifest already.
            let Some(basis) = Code::get(Kind::LegalBasis, &mode.basis) else { continue };
            let signed = DisclosureMode::new(
                entity,
                mode.record,
                CLEARINGHOUSE,
                mode.mode,
                basis,
                &self.agency,
                self.as_of,
                self.as_of,
            );
            let found = signed.err().unwrap_or_default();
            problems.extend(found.into_iter().map(|problem| (mode.record, problem)));
        }
        problems
    }

    fn forms(&self, problems: &mut Vec<ManifestProblem>) {
        let mut must = |holds: bool, field, expected| {
            if !holds {
                problems.push(ManifestProblem::Form { field, expected });
            }
        };
        let digest = "a BLAKE3 digest of 64 hex digits";
        let fingerprint = "a fingerprint of eight groups of four hex digits";
        let listed = self.files();
        let is_version = Register::embedded().version(&self.definition_version).is_some();
        must(is_code(&self.agency), "agency", "a code of lower-case letters, digits and hyphens");
        must(is_version, "definition_version", "a version of the definitions that is known here");
        must(is_fingerprint(&self.recipient), "recipient", fingerprint);
        must(self.previous.as_deref().is_none_or(is_digest), "previous", digest);
        must(self.corrects.as_deref().is_none_or(is_digest), "corrects", digest);
        let key = self.linkage_key_fingerprint.as_deref();
        must(key.is_none_or(is_fingerprint), "linkage_key_fingerprint", fingerprint);
        must(listed.iter().all(|(_, file)| is_digest(&file.blake3)), "blake3", digest);
    }

    fn contents(&self, problems: &mut Vec<ManifestProblem>) {
        let (kind, rules) = match self.kind {
            ManifestKind::Submission => (
                "submission",
                [
                    (self.totals.is_some(), "has totals"),
                    (self.withdrawn.is_none(), "withdraws nothing"),
                    (
                        self.corrects.is_none() || self.sequence > 1,
                        "corrects nothing when it is the first",
                    ),
                ],
            ),
            ManifestKind::Withdrawal => (
                "withdrawal",
                [
                    (self.withdrawn.is_some(), "has a list of withdrawn records"),
                    (self.totals.is_none(), "has no totals"),
                    (
                        self.tables.is_empty() && self.corrects.is_none(),
                        "has no tables and corrects nothing",
                    ),
                ],
            ),
        };
        for (_, rule) in rules.into_iter().filter(|(holds, _)| !holds) {
            problems.push(ManifestProblem::Contents { kind, rule });
        }
        let too_long =
            |list: &Option<Listed>| list.as_ref().is_some_and(|list| list.bytes > MOST_LIST_BYTES);
        for (list, name) in [(&self.totals, "totals"), (&self.withdrawn, "withdrawn")] {
            if too_long(list) {
                problems.push(ManifestProblem::TooLong { list: name });
            }
        }
    }
}
