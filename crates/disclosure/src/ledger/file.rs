//! The file: lines that are only added, each with the hash of the one before.
//!
//! A line is a JSON object whose last member is `"hash"`: BLAKE3 of the bytes of the object without
//! it. A last line that breaks off before its hash was cut short by a crash; as nothing is published
//! before its line is whole and on the disk, it counts for nothing and the next writer removes it.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::Path;

use super::entry::{Completed, DataSet, Entry, Event, Line};
use super::error::{LedgerError, LineFault};
use crate::budget::{Budget, Rho};
use crate::released::Regime;

const FIRST_PREVIOUS: &str = "0000000000000000000000000000000000000000000000000000000000000000";
const HASH_MEMBER: &str = ",\"hash\":\"";
/// From the comma before the hash to the end of the object.
const HASH_LENGTH: usize = HASH_MEMBER.len() + 64 + 2;

/// What all lines say together.
#[derive(Debug, Clone)]
pub(super) struct Chain {
    pub(super) data_set: DataSet,
    pub(super) budget: Budget,
    pub(super) entries: Vec<Entry>,
    pub(super) head: String,
    pub(super) interrupted: bool,
    lines: u64,
    whole_bytes: u64,
    ends_with_break: bool,
}

impl Chain {
    pub(super) fn last_number(&self) -> u64 {
        self.lines - 1
    }

    pub(super) fn regime(&self) -> Option<Regime> {
        self.entries.first().map(|entry| entry.proposal.regime)
    }

    pub(super) fn spent(&self) -> Rho {
        self.entries.iter().map(|entry| entry.proposal.rho()).sum()
    }

    pub(super) fn remaining(&self) -> Rho {
        match self.regime() {
            Some(Regime::Suppressed | Regime::KAnonymous) => Rho::ZERO,
            Some(Regime::Private) | None => {
                self.budget.rho.minus(self.spent()).unwrap_or(Rho::ZERO)
            }
        }
    }

    /// Takes a line that has been verified by its hash.
    fn take(&mut self, event: Event, hash: &str) -> Result<(), LineFault> {
        let number = self.lines;
        match event {
            Event::Opened { .. } => {
                return Err(LineFault::Rule("a ledger is opened once".to_owned()));
            }
            Event::Begun { proposal } => {
                let after = self.spent().plus(proposal.rho());
                if proposal.regime == Regime::Private && after > self.budget.rho {
                    return Err(LineFault::Rule("more is spent than the budget".to_owned()));
                }
                self.entries.push(Entry { number, proposal, completed: None });
            }
            Event::Completed { begun, day, files } => {
                let entry = self.entries.iter_mut().find(|entry| entry.number == begun);
                let Some(entry) = entry.filter(|entry| entry.completed.is_none()) else {
                    let words = format!("it completes entry {begun}, which is not pending");
                    return Err(LineFault::Rule(words));
                };
                entry.completed = Some(Completed { number, hash: hash.to_owned(), day, files });
            }
        }
        Ok(())
    }
}

/// Makes the file with its first line.
pub(super) fn create(path: &Path, opened: &Event) -> Result<(), LedgerError> {
    let mut file = match OpenOptions::new().write(true).create_new(true).open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            return Err(LedgerError::AlreadyThere(path.to_owned()));
        }
        Err(source) => return Err(disk("make", path)(source)),
    };
    let (text, _) = line_text(0, FIRST_PREVIOUS, opened)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(disk("write", path))?;
    // The name itself must be on the disk too.
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    File::open(parent.unwrap_or(Path::new(".")))
        .and_then(|folder| folder.sync_all())
        .map_err(disk("write the folder of", path))
}

/// Reads and verifies the file.
pub(super) fn read(path: &Path) -> Result<Chain, LedgerError> {
    read_open(&mut open(path, OpenOptions::new().read(true))?, path)
}

/// Adds a line, while no other process can: `next` sees all lines that are there. When this returns
/// the line is on the disk.
pub(super) fn append(
    path: &Path,
    next: impl FnOnce(&Chain) -> Result<Event, LedgerError>,
) -> Result<Chain, LedgerError> {
    let mut file = open(path, OpenOptions::new().read(true).write(true))?;
    // Given back when the file is closed, by a crash as well.
    file.lock().map_err(disk("lock", path))?;
    let mut chain = read_open(&mut file, path)?;
    let event = next(&chain)?;
    let (mut text, hash) = line_text(chain.lines, &chain.head, &event)?;
    if !chain.ends_with_break {
        text.insert(0, '\n');
    }
    file.set_len(chain.whole_bytes)
        .and_then(|()| file.seek(SeekFrom::Start(chain.whole_bytes)))
        .and_then(|_| file.write_all(text.as_bytes()))
        .and_then(|()| file.sync_all())
        .map_err(disk("write", path))?;
    let line = chain.lines + 1;
    chain.take(event, &hash).map_err(|fault| unverified(path, line, fault))?;
    chain.lines = line;
    chain.whole_bytes += text.len() as u64;
    chain.head = hash;
    chain.interrupted = false;
    chain.ends_with_break = true;
    Ok(chain)
}

fn open(path: &Path, options: &OpenOptions) -> Result<File, LedgerError> {
    options.open(path).map_err(|source| match source.kind() {
        ErrorKind::NotFound => LedgerError::Missing(path.to_owned()),
        _ => disk("open", path)(source),
    })
}

fn read_open(file: &mut File, path: &Path) -> Result<Chain, LedgerError> {
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).map_err(disk("read", path))?;
    let broken_off = broken_off(&bytes);
    let whole = bytes.len() - broken_off;
    let mut lines = bytes[..whole].split_inclusive(|&byte| byte == b'\n');
    let first = lines.next().ok_or_else(|| unverified(path, 1, LineFault::Empty))?;
    let (opened, hash) =
        parse(first, 0, FIRST_PREVIOUS).map_err(|fault| unverified(path, 1, fault))?;
    let Event::Opened { data_set, budget } = opened else {
        let fault = LineFault::Rule("a ledger begins with its budget".to_owned());
        return Err(unverified(path, 1, fault));
    };
    let mut chain = Chain {
        data_set,
        budget,
        entries: Vec::new(),
        head: hash,
        interrupted: broken_off > 0,
        lines: 1,
        whole_bytes: whole as u64,
        ends_with_break: bytes[..whole].last() == Some(&b'\n'),
    };
    for line in lines {
        let number = chain.lines + 1;
        let (event, hash) = parse(line, chain.lines, &chain.head)
            .map_err(|fault| unverified(path, number, fault))?;
        chain.take(event, &hash).map_err(|fault| unverified(path, number, fault))?;
        chain.head = hash;
        chain.lines = number;
    }
    Ok(chain)
}

/// How many bytes at the end are a line that was cut short before its hash was whole.
fn broken_off(bytes: &[u8]) -> usize {
    let start = bytes.iter().rposition(|&byte| byte == b'\n').map_or(0, |last| last + 1);
    let tail = &bytes[start..];
    let member = tail.windows(HASH_MEMBER.len()).position(|part| part == HASH_MEMBER.as_bytes());
    match member {
        Some(at) if tail.len() >= at + HASH_LENGTH => 0,
        _ => tail.len(),
    }
}

/// The event of a line and its hash, if both are right.
fn parse(line: &[u8], number: u64, previous: &str) -> Result<(Event, String), LineFault> {
    let form = |words: &str| LineFault::Form(words.to_owned());
    let line = std::str::from_utf8(line).map_err(|_| form("not UTF-8"))?;
    let line = line.strip_suffix('\n').unwrap_or(line);
    let at = line.len().checked_sub(HASH_LENGTH).filter(|&at| line.is_char_boundary(at));
    let (body, member) = line.split_at(at.ok_or_else(|| form("too short"))?);
    let written = member
        .strip_prefix(HASH_MEMBER)
        .and_then(|rest| rest.strip_suffix("\"}"))
        .ok_or_else(|| form("it does not end with its hash"))?;
    let body = format!("{body}}}");
    let hash = blake3::hash(body.as_bytes()).to_hex().to_string();
    if hash != written {
        return Err(LineFault::Hash);
    }
    let line: Line = serde_json::from_str(&body).map_err(|error| form(&error.to_string()))?;
    if line.number != number || line.previous != previous {
        return Err(LineFault::Order);
    }
    Ok((line.event, hash))
}

/// A line with its line break, and its hash.
fn line_text(number: u64, previous: &str, event: &Event) -> Result<(String, String), LedgerError> {
    let line = Line { number, previous: previous.to_owned(), event: event.clone() };
    let body = serde_json::to_string(&line)
        .map_err(|error| LedgerError::Invalid(vec![format!("cannot be written down: {error}")]))?;
    let hash = blake3::hash(body.as_bytes()).to_hex().to_string();
    let open = body.strip_suffix('}').unwrap_or(&body);
    Ok((format!("{open}{HASH_MEMBER}{hash}\"}}\n"), hash))
}

fn disk(what: &'static str, path: &Path) -> impl Fn(std::io::Error) -> LedgerError {
    let path = path.to_owned();
    move |source| LedgerError::Disk { what, path: path.clone(), source }
}

fn unverified(path: &Path, line: u64, fault: LineFault) -> LedgerError {
    LedgerError::Unverified { path: path.to_owned(), line, fault }
}
