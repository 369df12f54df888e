//! A record as it may leave the agency: codes, quarters, numbers and opaque ids.

use std::fmt;

use jiff::civil::Date;

use super::{AgencyRecord, Cell, Field, Leaves, Personal, RecordKind};
use crate::Quarter;
use crate::register::{Entry, Kind, Register};

/// A code of the register. It can be made only by finding it there, so it cannot hold a name.
#[derive(Clone, Copy)]
pub struct Code(&'static Entry);

impl Code {
    /// The code that a text means, by code, label or alias.
    pub fn resolve(kind: Kind, text: &str) -> Option<Code> {
        Register::embedded().resolve(kind, text).map(Code)
    }

    /// The code of exactly that word.
    pub fn get(kind: Kind, code: &str) -> Option<Code> {
        Register::embedded().get(kind, code).map(Code)
    }

    pub(super) fn of(entry: &'static Entry) -> Code {
        Code(entry)
    }

    /// The code.
    pub fn as_str(self) -> &'static str {
        &self.0.code
    }

    /// Its wording in the register.
    pub fn entry(self) -> &'static Entry {
        self.0
    }
}

impl PartialEq for Code {
    fn eq(&self, other: &Code) -> bool {
        (self.0.kind, &self.0.code) == (other.0.kind, &other.0.code)
    }
}

impl Eq for Code {}

impl PartialOrd for Code {
    fn partial_cmp(&self, other: &Code) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Code {
    fn cmp(&self, other: &Code) -> std::cmp::Ordering {
        (self.0.kind, &self.0.code).cmp(&(other.0.kind, &other.0.code))
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.code)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.code)
    }
}

/// Sixteen bytes that stand for a record or a person of one agency and say nothing else.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OpaqueId(pub [u8; 16]);

impl fmt::Display for OpaqueId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for OpaqueId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Makes opaque ids, with a secret that never leaves the agency: BLAKE3 keyed with it, over the
/// kind of record and the own number. The same number always has the same id; without the secret
/// nobody can tell which number is behind an id, nor try numbers out.
#[derive(Clone)]
pub struct OpaqueIds {
    secret: [u8; 32],
}

impl fmt::Debug for OpaqueIds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

impl OpaqueIds {
    /// Ids by this secret.
    pub fn new(secret: [u8; 32]) -> OpaqueIds {
        OpaqueIds { secret }
    }

    /// The id of a record (or, for `Victim`, of a person) by its own number.
    pub fn id(&self, kind: RecordKind, reference: &Personal) -> OpaqueId {
        let mut hasher = blake3::Hasher::new_keyed(&self.secret);
        hasher.update(kind.as_str().as_bytes());
        hasher.update(&[0]);
        hasher.update(reference.inside().as_bytes());
        let mut id = [0; 16];
        id.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
        OpaqueId(id)
    }
}

/// A value that may leave. There is no variant for text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CodedValue {
    /// Nothing was recorded.
    Absent,
    /// This record, or another of the same agency.
    Id(OpaqueId),
    /// One code.
    Code(Code),
    /// Several codes, sorted.
    Codes(Vec<Code>),
    /// The state quarter of a day.
    Quarter(Quarter),
    /// A number: a count, dollars, or tenths of hours.
    Number(i64),
    /// Yes or no.
    YesNo(bool),
}

/// A record that may cross a wall: [`crate::disclosure::Permit::code`] is the only maker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodedRecord {
    kind: RecordKind,
    values: Vec<CodedValue>,
    expires_on: Option<Date>,
}

impl CodedRecord {
    pub(crate) fn of(
        record: &AgencyRecord,
        ids: &OpaqueIds,
        expires_on: Option<Date>,
    ) -> CodedRecord {
        let fields = Field::of(record.kind()).iter().zip(record.cells());
        let values = fields
            .filter(|(field, _)| field.leaves != Leaves::Never)
            .map(|(field, cell)| match (field.leaves, cell) {
                (Leaves::Opaque, Cell::Personal(reference)) => {
                    let kind = match field.holds {
                        super::Holds::Reference(kind) => kind,
                        _ => record.kind(),
                    };
                    CodedValue::Id(ids.id(kind, reference))
                }
                (Leaves::Code, Cell::Code(code)) => CodedValue::Code(*code),
                (Leaves::Code, Cell::Codes(codes)) => CodedValue::Codes(codes.clone()),
                (Leaves::Code, Cell::YesNo(answer)) => CodedValue::YesNo(*answer),
                (Leaves::Quarter, Cell::Date(day)) => {
                    CodedValue::Quarter(Quarter::containing(*day))
                }
                (Leaves::Number, Cell::Number(number)) => CodedValue::Number(*number),
                _ => CodedValue::Absent,
            })
            .collect();
        CodedRecord { kind: record.kind(), values, expires_on }
    }

    /// What kind of record it is.
    pub fn kind(&self) -> RecordKind {
        self.kind
    }

    /// Its values, in the order of [`Field::leaving`].
    pub fn values(&self) -> &[CodedValue] {
        &self.values
    }

    /// The last day on which it may be kept: that of the release under which it crossed.
    pub fn expires_on(&self) -> Option<Date> {
        self.expires_on
    }
}
