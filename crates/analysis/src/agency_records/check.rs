//! A file of records, checked: everything about it, and nothing changed.
//!
//! In: a file, and by whose words it is read. Out: how many records it holds, every problem, and
//! what our fields cannot say. Two rows with one own number that say different things are a
//! problem; of very large files the store finds those that are far apart, when they are taken in.

use std::collections::HashMap;

use records::record::AgencyRecord;
use records::{CellProblem, Shown};

use super::input::Input;
use super::problems::Problems;
use super::take::{RecordRows, Take};
use super::unsaid::UnsaidCounts;

/// Own numbers that are remembered, to find those that stand twice: some hundred megabytes.
const MOST_REMEMBERED: usize = 1_000_000;
/// Rows after which is told how far the reading is.
const TELL_AFTER: u64 = 1000;

/// What a file holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Checked {
    /// `csv`, `jsonl`, `workbook` or `parquet`.
    pub format: &'static str,
    /// Rows below the header.
    pub rows: u64,
    /// Records that are good.
    pub records: u64,
    /// People whom the file calls no victims of trafficking: they are never taken in.
    pub not_victims: u64,
    /// What our fields cannot say.
    pub unsaid: UnsaidCounts,
    /// What is wrong.
    pub problems: Problems,
}

impl Checked {
    /// Whether it is a good file in which no record stands.
    pub fn is_empty(&self) -> bool {
        self.rows == 0 && self.problems.is_empty()
    }
}

/// Checks a file; `moved` hears how many bytes have been read.
pub fn check(input: &Input, take: Take, moved: &dyn Fn(u64)) -> Checked {
    let mut rows = match RecordRows::open(input, take) {
        Ok(rows) => rows,
        Err(problems) => return Checked { problems, ..Checked::default() },
    };
    let mut seen = Seen::default();
    let mut records = 0;
    while let Some((row, record)) = rows.next() {
        records += 1;
        if let Some(earlier) = seen.contradicts(row, &record) {
            let problem = contradicts(input.name(), earlier, row);
            rows.problems.extend([problem]);
        }
        if records % TELL_AFTER == 0 {
            moved(rows.bytes());
        }
    }
    rows.problems.first.sort_by_key(|problem| problem.row);
    Checked {
        format: rows.format(),
        rows: rows.rows,
        records,
        not_victims: rows.not_victims,
        unsaid: rows.unsaid,
        problems: rows.problems,
    }
}

/// That two rows have one own number and say different things.
pub(super) fn contradicts(file: &str, earlier: u64, later: u64) -> CellProblem {
    CellProblem {
        file: file.to_owned(),
        row: later,
        column: "reference".to_owned(),
        value: Shown::Withheld,
        expected: format!("what row {earlier} says, which has the same own number"),
        fix: "correct one of the two rows, or give each an own number of its own".to_owned(),
    }
}

/// The keys and contents of the records so far, as digests.
#[derive(Default)]
struct Seen(HashMap<[u8; 16], (u64, [u8; 8])>);

impl Seen {
    /// The earlier row with the same key that says something else.
    fn contradicts(&mut self, row: u64, record: &AgencyRecord) -> Option<u64> {
        let content = digest(record.to_own_store().as_bytes());
        let key = digest(record.key().in_own_store().as_bytes());
        if let Some((earlier, says)) = self.0.get(&key) {
            return (*says != content).then_some(*earlier);
        }
        if self.0.len() < MOST_REMEMBERED {
            self.0.insert(key, (row, content));
        }
        None
    }
}

fn digest<const LENGTH: usize>(bytes: &[u8]) -> [u8; LENGTH] {
    let mut start = [0; LENGTH];
    start.copy_from_slice(&blake3::hash(bytes).as_bytes()[..LENGTH]);
    start
}
