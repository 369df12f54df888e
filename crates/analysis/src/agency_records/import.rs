//! A file of records into the store: all of it, or nothing and every error.
//!
//! In: a file, and by whose words it is read. Out: what it changed; or that the same bytes are in
//! already, and how much of what they say still stands; or every problem. It is checked first and
//! then read once more; when somebody writes to it between the two, nothing goes in.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use records::record::{AgencyRecord, RecordKind};
use records::register::Register;
use store::{
    ImportCounts, ImportOutcome, ImportState, NewImport, OwnKeys, Scope, Store, StoreError,
};

use super::check::{Checked, check, contradicts};
use super::input::{Input, whole_file};
use super::problems::Problems;
use super::take::{RecordRows, Take};

/// Records after which is told how far the reading is.
const TELL_AFTER: u64 = 1000;

/// Where records go, and in whose name.
#[derive(Debug, Clone, Copy)]
pub struct Destination<'a> {
    /// The agency's store.
    pub store: &'a Store,
    /// Who takes them in.
    pub scope: &'a Scope,
    /// The agency's keys.
    pub keys: OwnKeys<'a>,
    /// When.
    pub at: Timestamp,
}

/// What became of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It is in.
    In(Box<Checked>, ImportCounts),
    /// The same bytes are in already; nothing has changed.
    Already(Earlier),
    /// Nothing of it is in.
    Refused(Box<Checked>),
    /// It has a header and no record below it.
    Empty,
}

/// An import of the same bytes that is in already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earlier {
    /// Its number.
    pub id: i64,
    /// Records that it states.
    pub states: u64,
    /// Those of them that are as it says now.
    pub stand: u64,
    /// Later imports of the kind that are in, of which some state the others.
    pub later: Vec<i64>,
}

/// Why a file could not be looked at or taken in, whatever stands in it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Somebody writes to the file.
    #[error("{0} was changed while it was read, and nothing of it is in: import it again")]
    Changed(String),
}

/// Takes a file in; `moved` hears how many bytes have been read, of twice as many as it has.
///
/// # Errors
///
/// [`ImportError`]; what is wrong with the file is an [`Outcome`].
pub async fn import(
    to: Destination<'_>,
    input: &Input,
    take: Take,
    moved: &dyn Fn(u64),
) -> Result<Outcome, ImportError> {
    let new = NewImport {
        digest: input.digest().to_owned(),
        file_name: input.file_name().to_owned(),
        kind: take.kind(),
        format: String::new(),
        definition_version: Register::embedded().current_version().name.clone(),
    };
    if let Some(earlier) = earlier(to, &new.digest, take.kind()).await? {
        return Ok(Outcome::Already(earlier));
    }
    let mut checked = check(input, take, moved);
    if !checked.problems.is_empty() {
        return Ok(Outcome::Refused(Box::new(checked)));
    }
    if checked.is_empty() {
        return Ok(Outcome::Empty);
    }
    let format = match take {
        Take::Own(_) => checked.format,
        Take::Htcds(_) => "htcds",
        Take::Ctdc(_) => "ctdc",
    };
    let new = NewImport { format: format.to_owned(), ..new };
    let rows = match RecordRows::open(input, take) {
        Ok(rows) => rows,
        Err(_) => return Err(ImportError::Changed(input.name().to_owned())),
    };
    let again = Again { input, rows, taken: 0, ended: false, moved, expected: checked.records };
    match to.store.import_records(to.scope, &new, to.keys, again, to.at).await {
        Ok(ImportOutcome::In(counts)) => Ok(Outcome::In(Box::new(checked), counts)),
        Ok(ImportOutcome::Already(_)) => match earlier(to, &new.digest, take.kind()).await? {
            Some(earlier) => Ok(Outcome::Already(earlier)),
            None => Err(ImportError::Changed(input.name().to_owned())),
        },
        Err(ImportError::Store(StoreError::Contradictory { rows })) => {
            checked.problems = contradictory(input, take, &rows);
            Ok(Outcome::Refused(Box::new(checked)))
        }
        Err(error) => Err(error),
    }
}

async fn earlier(
    to: Destination<'_>,
    digest: &str,
    kind: RecordKind,
) -> Result<Option<Earlier>, StoreError> {
    let imports = to.store.imports(to.scope).await?;
    let is_in = imports.iter().filter(|one| one.kind == kind && one.state == ImportState::In);
    let Some(same) = is_in.clone().find(|one| one.digest == digest) else { return Ok(None) };
    let later = is_in.filter(|one| one.id > same.id && one.current > 0).map(|one| one.id);
    Ok(Some(Earlier {
        id: same.id,
        states: same.added + same.replaced + same.unchanged,
        stand: same.current,
        later: later.collect(),
    }))
}

/// The records of a file that was found good, read once more.
struct Again<'a> {
    input: &'a Input,
    rows: RecordRows<'a>,
    taken: u64,
    ended: bool,
    expected: u64,
    moved: &'a dyn Fn(u64),
}

impl Iterator for Again<'_> {
    type Item = Result<AgencyRecord, ImportError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let record = self.rows.next();
        let changed = || Some(Err(ImportError::Changed(self.input.name().to_owned())));
        if !self.rows.problems.is_empty() {
            self.ended = true;
            return changed();
        }
        let Some((_, record)) = record else {
            self.ended = true;
            let same = self.taken == self.expected && self.input.is_unchanged().unwrap_or(false);
            return if same { None } else { changed() };
        };
        self.taken += 1;
        if self.taken.is_multiple_of(TELL_AFTER) {
            (self.moved)(self.input.length() + self.rows.bytes());
        }
        Some(Ok(record))
    }
}

/// The rows of the pairs of records that the store found to contradict each other.
fn contradictory(input: &Input, take: Take, pairs: &[(u64, u64)]) -> Problems {
    let Ok(rows) = RecordRows::open(input, take) else { return changed(input) };
    let wanted: BTreeSet<u64> =
        pairs.iter().flat_map(|(earlier, later)| [*earlier, *later]).collect();
    let places = (1..).zip(rows).map(|(place, (row, _))| (place, row));
    let row_of: BTreeMap<u64, u64> = places.filter(|(place, _)| wanted.contains(place)).collect();
    let mut problems = Problems::default();
    problems.extend(pairs.iter().filter_map(|(earlier, later)| {
        Some(contradicts(input.name(), *row_of.get(earlier)?, *row_of.get(later)?))
    }));
    if problems.is_empty() { changed(input) } else { problems }
}

fn changed(input: &Input) -> Problems {
    whole_file(
        input.name(),
        "a file that changes while it is read",
        "a file to which nobody writes",
        "import it again",
    )
    .into()
}
