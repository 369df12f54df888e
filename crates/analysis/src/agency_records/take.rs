//! Rows to records.
//!
//! In: a table's rows, and by whose words they are read: ours, or those of HTCDS or CTDC. Out: the
//! records one at a time, with the problems of all rows that are none. Memory is flat: rows of a
//! standard are read a few hundred at a time.

use std::collections::VecDeque;

use records::CellProblem;
use records::record::{AgencyRecord, Columns, RecordKind};
use records::returns::Table;
use records::standards::{Defaults, TakenIn, ctdc, htcds};

use super::input::Input;
use super::problems::Problems;
use super::table::{TableRows, whole_row};
use super::unsaid::UnsaidCounts;

/// Rows of a standard that are read at once.
const CHUNK: usize = 400;

/// By whose words a table is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Take {
    /// Ours: the fields of a kind of record.
    Own(RecordKind),
    /// HTCDS 2.0: people, with what the table does not say.
    Htcds(Defaults),
    /// CTDC: people, with what the table does not say.
    Ctdc(Defaults),
}

impl Take {
    /// The kind of the records.
    pub fn kind(self) -> RecordKind {
        match self {
            Take::Own(kind) => kind,
            Take::Htcds(_) | Take::Ctdc(_) => RecordKind::Victim,
        }
    }
}

/// A file whose records are being read.
pub(super) struct RecordRows<'a> {
    input: &'a Input,
    table: TableRows<'a>,
    by: By,
    ready: VecDeque<(u64, AgencyRecord)>,
    ended: bool,
    /// Rows read.
    pub(super) rows: u64,
    /// What is wrong so far.
    pub(super) problems: Problems,
    /// What our fields cannot say.
    pub(super) unsaid: UnsaidCounts,
    /// People whom the file calls no victims.
    pub(super) not_victims: u64,
}

enum By {
    Own(Columns),
    Standard(Read, Defaults),
}

type Read = fn(Table<'_>, &Defaults) -> Result<TakenIn, Vec<CellProblem>>;

impl<'a> RecordRows<'a> {
    /// Opens the file; all that is wrong with its header when it is none.
    pub(super) fn open(input: &'a Input, take: Take) -> Result<RecordRows<'a>, Problems> {
        let table = TableRows::open(input)?;
        let by = match take {
            Take::Own(kind) => {
                let header: Vec<&str> = table.header.iter().map(String::as_str).collect();
                match Columns::of(kind, input.name(), &header) {
                    Ok(columns) => By::Own(columns),
                    Err(found) => {
                        let row = table.header_row;
                        let mut problems = Problems::default();
                        problems.extend(found.into_iter().map(|one| CellProblem { row, ..one }));
                        return Err(problems);
                    }
                }
            }
            Take::Htcds(defaults) => By::Standard(htcds::read, defaults),
            Take::Ctdc(defaults) => By::Standard(ctdc::read, defaults),
        };
        let mut rows = RecordRows {
            input,
            table,
            by,
            ready: VecDeque::new(),
            ended: false,
            rows: 0,
            problems: Problems::default(),
            unsaid: UnsaidCounts::default(),
            not_victims: 0,
        };
        if let By::Standard(read, defaults) = rows.by {
            // The header alone, so that what is wrong with it is said once.
            rows.chunk(read, &defaults, &[]);
            if !rows.problems.is_empty() {
                return Err(rows.problems);
            }
        }
        Ok(rows)
    }

    /// How the table is stored.
    pub(super) fn format(&self) -> &'static str {
        self.table.format
    }

    /// Bytes read so far.
    pub(super) fn bytes(&self) -> u64 {
        self.table.bytes()
    }

    fn next_cells(&mut self) -> Option<(u64, Vec<String>)> {
        while !self.ended {
            match self.table.next_row() {
                Ok(Some(row)) => {
                    self.rows += 1;
                    match row.flaw {
                        None => return Some((row.number, row.cells)),
                        Some((expected, fix)) => {
                            let problem = whole_row(self.input, row.number, expected, fix);
                            self.problems.extend([problem]);
                        }
                    }
                }
                Ok(None) => self.ended = true,
                Err(problems) => {
                    self.problems.extend(problems);
                    self.ended = true;
                }
            }
        }
        None
    }

    fn read_chunk(&mut self, read: Read, defaults: &Defaults) -> bool {
        let mut chunk = Vec::with_capacity(CHUNK);
        while chunk.len() < CHUNK {
            let Some(row) = self.next_cells() else { break };
            chunk.push(row);
        }
        if chunk.is_empty() {
            return false;
        }
        let read_whole = self.chunk(read, defaults, &chunk);
        if !read_whole {
            // Which rows are about nobody who counts is told one row at a time.
            for row in &chunk {
                self.chunk(read, defaults, std::slice::from_ref(row));
            }
        }
        true
    }

    /// Reads rows of a standard; nothing is done when it cannot be told which record is which row.
    fn chunk(&mut self, read: Read, defaults: &Defaults, rows: &[(u64, Vec<String>)]) -> bool {
        let (file, header_row) = (self.input.name(), self.table.header_row);
        match read(Table { file, header_row, header: &self.table.header, rows }, defaults) {
            Ok(taken) if rows.len() > 1 && !taken.not_victims.is_empty() => return false,
            Ok(taken) => {
                self.unsaid.extend(taken.unsaid);
                self.not_victims += taken.not_victims.len() as u64;
                let numbers = rows.iter().map(|(number, _)| *number);
                self.ready.extend(numbers.zip(taken.records));
            }
            Err(problems) => self.problems.extend(problems),
        }
        true
    }
}

/// The records, each with its row; rows that are none are passed over, their problems kept.
impl Iterator for RecordRows<'_> {
    type Item = (u64, AgencyRecord);

    fn next(&mut self) -> Option<(u64, AgencyRecord)> {
        loop {
            if let Some(record) = self.ready.pop_front() {
                return Some(record);
            }
            if let By::Standard(read, defaults) = self.by {
                if !self.read_chunk(read, &defaults) {
                    return None;
                }
                continue;
            }
            let (number, cells) = self.next_cells()?;
            let By::Own(columns) = &self.by else { return None };
            let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
            let mut found = Vec::new();
            let record = columns.record(number, &cells, &mut found);
            self.problems.extend(found);
            if let Some(record) = record {
                return Some((number, record));
            }
        }
    }
}
