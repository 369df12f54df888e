//! Receive: sealed files of agencies → submissions in the store, and an answer to each agency.
//!
//! In: files from anybody. Out: for each file what became of it, with the reasons; of an agency
//! that is known, an [`Answer`] that goes back to it. The same file again changes nothing and gets
//! the same answer. A file is in as a whole or not at all, also after `kill -9`: its tables get
//! their lasting folder first, then one transaction names that folder, and the next run removes
//! folders that no row names.
//!
//! | module | what |
//! |---|---|
//! | `place` | folders, the lock, what a killed run left behind |
//! | `order` | which file first |
//! | `beginning` | an agency whose folder was lost or restored begins anew |
//! | `agreed` | whether records come in the modes that were agreed to |
//! | `content` | the tables and totals of a file, set against each other |
//! | `encodings` | the encodings of a file |
//! | `cross_foot` | whether totals add up and hold what came as rows |
//! | `remarks` | what is no fault and should be looked at |
//! | `answer` | the quality report, and in `words` as people read it |
//! | `purge` | rows that were taken back, or whose release has ended, removed for good |
//! | `purge_links` | the same for encodings, and for who is whom |
//! | `list` | what was received |

mod agreed;
mod answer;
mod beginning;
mod content;
mod cross_foot;
mod encodings;
mod list;
mod order;
mod place;
mod purge;
mod purge_links;
mod remarks;
mod words;

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use store::{
    NewReceived, NewRefused, ReceivedOutcome, Scope, SentKind, Store, StoreError, StoredReceived,
    StoredRefused, WithdrawnRecord,
};
use submission::{
    Beginning, Card, Keys, Known, Manifest, ManifestKind, Opened, OutOfPlace, Refused, State,
    Verdict, corrected, displaced, judge, open_sealed, sweep_spool,
};

pub use answer::{Answer, FORMAT, FieldAnswer, Outcome, Remark, TableAnswer, TakenBack};
pub use beginning::begin_anew;
pub use list::{Listed, list};
pub use order::sealed_files;
pub use place::{Lock, answer_name, write_answer};
pub use purge::{PurgedTable, purge_before_count, purge_now};
pub use words::in_words;

use content::Content;

/// Days after the end of a submission's last quarter within which it is not late.
pub const DUE_DAYS: i32 = 30;

/// Why nothing more is received. Every file that was told of before is in.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReceiveError {
    /// The disk.
    #[error(
        "{path} cannot be used ({source}); nothing that is in is lost, run the same command again"
    )]
    Disk {
        /// Where.
        path: PathBuf,
        /// What happened.
        source: io::Error,
    },
    /// Another one receives.
    #[error("another `clearway receive` is at work in {0}; wait until it is done")]
    Busy(PathBuf),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The clearinghouse's keys.
    #[error(transparent)]
    Keys(#[from] submission::KeysError),
    /// A table cannot be read or written.
    #[error(transparent)]
    Table(#[from] query::QueryError),
    /// A file of encodings.
    #[error("{path}: {source}; restore it from a backup")]
    Encodings {
        /// Where.
        path: PathBuf,
        /// What is wrong.
        source: linkage::encode::hardened::ClkFileError,
    },
    /// What was written here does not read any more.
    #[error(
        "the {what} of file {sequence} of {agency} cannot be read; restore the database from a backup"
    )]
    Damaged {
        /// What.
        what: &'static str,
        /// The agency.
        agency: String,
        /// The agency's number of the file.
        sequence: u64,
    },
}

/// Who receives, where and when.
pub struct Receiver<'r> {
    /// The database.
    pub store: &'r Store,
    /// In whose name.
    pub scope: &'r Scope,
    /// The data folder.
    pub data: &'r Path,
    /// Now.
    pub at: Timestamp,
    /// Today.
    pub today: Date,
    /// Days after the end of the last quarter within which a submission is not late.
    pub due_days: i32,
}

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Became {
    /// It is in.
    Accepted,
    /// It was in already; nothing has changed.
    Already,
    /// It is not let in.
    Refused,
}

/// A file, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Received {
    /// The file.
    pub file: PathBuf,
    /// What became of it.
    pub outcome: Became,
    /// Its number here, when it is in.
    pub number: Option<i64>,
    /// When it is refused: why, in a word for machines.
    pub word: Option<&'static str>,
    /// When it is refused: why, and what to do.
    pub why: Option<String>,
    /// The answer for the agency; nothing when it is not known whose file it is.
    pub answer: Option<Answer>,
}

/// What a run came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReceivedAll {
    /// Each file, in the order in which they went in.
    pub files: Vec<Received>,
    /// What was removed from tables.
    pub purged: Vec<PurgedTable>,
}

/// Receives files, which the clearinghouse's keys open, in the order of each agency's own numbers. `done`
/// is told of each.
///
/// # Errors
///
/// [`ReceiveError`]; a file that is refused is not an error.
pub async fn receive(
    receiver: &Receiver<'_>,
    keys: &Keys,
    files: &[PathBuf],
    done: &mut dyn FnMut(&Received),
) -> Result<ReceivedAll, ReceiveError> {
    let _lock = Lock::receive(receiver.data)?;
    let spool = receiver.data.join("spool");
    sweep_spool(&spool).map_err(on(&spool))?;
    place::sweep(receiver).await?;
    let cards = cards(receiver).await?;
    let mut all = Vec::new();
    let mut early = Vec::new();
    for file in order::by_name(files) {
        match one(receiver, keys, &cards, &spool, &file).await? {
            // Its name misled: files before it may come yet.
            (received, Some(sequence)) => early.push((agency_of(&received), sequence, file)),
            (received, None) => {
                done(&received);
                all.push(received);
            }
        }
    }
    early.sort();
    for (_, _, file) in early {
        let (received, _) = one(receiver, keys, &cards, &spool, &file).await?;
        done(&received);
        all.push(received);
    }
    let purged = purge::purge(receiver).await?;
    Ok(ReceivedAll { files: all, purged })
}

fn agency_of(received: &Received) -> String {
    received.answer.as_ref().map(|answer| answer.agency.clone()).unwrap_or_default()
}

/// The cards that stand, by the agencies' codes.
async fn cards(receiver: &Receiver<'_>) -> Result<BTreeMap<String, Card>, ReceiveError> {
    let known = receiver.store.agencies(receiver.scope).await?;
    // A card was verified when it was accepted; one that does not read now is one that is not known.
    let read = |card: &str| Card::read(card).ok();
    Ok(known
        .into_iter()
        .filter_map(|known| Some((known.agency.code, read(&known.agency.card)?)))
        .collect())
}

/// One file; with its number when files before it are missing.
async fn one(
    receiver: &Receiver<'_>,
    keys: &Keys,
    cards: &BTreeMap<String, Card>,
    spool: &Path,
    file: &Path,
) -> Result<(Received, Option<u64>), ReceiveError> {
    let known = |code: &str| cards.get(code).cloned();
    let opened = match open_sealed(file, keys, &known, spool) {
        Ok(opened) => opened,
        Err(why) => return Ok((unopened(file, &why), None)),
    };
    let history = History::of(receiver, &opened.manifest.agency).await?;
    match judge(&history.known, history.beginning, &opened.manifest) {
        Verdict::Already => Ok((history.already(file, &opened.manifest_digest)?, None)),
        Verdict::New => Ok((new(receiver, &history, file, opened).await?, None)),
        Verdict::Refused(OutOfPlace::RefusedAlready { .. }) => {
            Ok((history.refused_already(file, &opened.manifest_digest)?, None))
        }
        Verdict::Refused(why) => {
            let gap = match why {
                OutOfPlace::Gap { found, .. } => Some(found),
                _ => None,
            };
            let mut answer = Answer::about(&opened.manifest, &opened.manifest_digest, receiver);
            answer.begun_anew = history.begun_anew();
            answer.refuse(Remark::out_of_place(&why));
            Ok((refused(file, why.word(), why.to_string(), Some(answer)), gap))
        }
    }
}

fn unopened(file: &Path, why: &Refused) -> Received {
    refused(file, why.word(), why.to_string(), None)
}

fn refused(file: &Path, word: &'static str, why: String, answer: Option<Answer>) -> Received {
    Received {
        file: file.to_owned(),
        outcome: Became::Refused,
        number: None,
        word: Some(word),
        why: Some(why),
        answer,
    }
}

/// A file in its place: its content decides.
async fn new(
    receiver: &Receiver<'_>,
    history: &History,
    file: &Path,
    opened: Opened,
) -> Result<Received, ReceiveError> {
    let content = content::of(receiver, history, &opened).await?;
    let answer_json = content.answer.to_json();
    if content.answer.outcome == Outcome::Refused {
        let new = NewRefused {
            agency: opened.manifest.agency.clone(),
            sequence: history.next_place(),
            own_sequence: opened.manifest.sequence,
            digest: opened.manifest_digest.clone(),
            corrects: history.corrects(&opened.manifest),
            manifest_json: text(opened.manifest.canonical()),
            answer_json,
        };
        receiver.store.refuse_submission(receiver.scope, &new, receiver.at).await?;
        let why = words::reasons(&content.answer);
        return Ok(refused(file, "content_refused", why, Some(content.answer)));
    }
    let Content { answer, tables, encodings, totals } = content;
    let manifest = &opened.manifest;
    let submission = manifest.kind == ManifestKind::Submission;
    let folder = place::folder(manifest, &opened.manifest_digest);
    let withdrawn = |one: &submission::Withdrawn| WithdrawnRecord {
        record: one.record,
        id: one.id,
        order: one.order,
        ordered_on: one.ordered_on,
    };
    let new = NewReceived {
        agency: manifest.agency.clone(),
        kind: if submission { SentKind::Submission } else { SentKind::Withdrawal },
        sequence: history.next_place(),
        own_sequence: manifest.sequence,
        digest: opened.manifest_digest.clone(),
        previous: manifest.previous.clone(),
        corrects: history.corrects(manifest),
        first_quarter: submission.then_some(manifest.first_quarter),
        last_quarter: submission.then_some(manifest.last_quarter),
        definition_version: manifest.definition_version.clone(),
        manifest_json: text(manifest.canonical()),
        folder: folder.clone(),
        answer_json,
        tables,
        encodings,
        totals,
        withdrawn: opened.withdrawn.iter().map(withdrawn).collect(),
        displaces: history.displaced(manifest).map(|one| one.digest.clone()).collect(),
    };
    place::settle(receiver.data, &folder, opened)?;
    let outcome = receiver.store.accept_submission(receiver.scope, &new, receiver.at).await?;
    let (ReceivedOutcome::New(number) | ReceivedOutcome::Already(number, _)) = outcome;
    Ok(Received {
        file: file.to_owned(),
        outcome: Became::Accepted,
        number: Some(number),
        word: None,
        why: None,
        answer: Some(answer),
    })
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Everything that was ever in its place of an agency.
struct History {
    files: Vec<StoredReceived>,
    refused: Vec<StoredRefused>,
    known: Vec<Known>,
    beginning: Option<Beginning>,
}

impl History {
    async fn of(receiver: &Receiver<'_>, agency: &str) -> Result<History, ReceiveError> {
        let files = receiver.store.received_of(receiver.scope, agency).await?;
        let refused = receiver.store.refused_files(receiver.scope, Some(agency)).await?;
        let number =
            |id: i64| files.iter().find(|file| file.id == id).map(|file| file.own_sequence);
        let mut known = Vec::new();
        for file in &files {
            let state = match (file.state, file.replaced_by.and_then(number)) {
                (store::ReceivedState::Accepted, _) => State::Stands,
                (store::ReceivedState::Replaced, Some(by)) => State::Replaced { by },
                (store::ReceivedState::Replaced | store::ReceivedState::Withdrawn, _) => {
                    State::Withdrawn
                }
            };
            let manifest = manifest(&file.manifest_json, agency, file.own_sequence)?;
            known.push(known_as(manifest, file.sequence, &file.digest, state));
        }
        for file in &refused {
            let manifest = manifest(&file.manifest_json, agency, file.own_sequence)?;
            known.push(known_as(manifest, file.sequence, &file.digest, State::Refused));
        }
        let begun = receiver.store.chain_beginning(receiver.scope, agency).await?;
        let beginning = begun.map(|one| Beginning { after: one.after, new_keys: one.new_keys });
        Ok(History { files, refused, known, beginning })
    }

    /// The place of the next file.
    fn next_place(&self) -> u64 {
        self.known.iter().map(|one| one.place).max().unwrap_or(0) + 1
    }

    /// Whether a file comes after a new beginning, so that another has had its number before.
    fn begun_anew(&self) -> bool {
        self.beginning.is_some()
    }

    /// The digest of what a file corrects. What a backup does not know to be replaced is not
    /// corrected but displaced.
    fn corrects(&self, manifest: &Manifest) -> Option<String> {
        match corrected(&self.known, self.beginning, manifest) {
            Ok(None) if self.begun_anew() => None,
            _ => manifest.corrects.clone(),
        }
    }

    /// The submissions from before a new beginning whose place a file takes.
    fn displaced(&self, manifest: &Manifest) -> impl Iterator<Item = &Known> {
        displaced(&self.known, self.beginning, manifest).into_iter()
    }

    /// The submissions from before a new beginning that go on standing beside a file.
    fn beside(&self, manifest: &Manifest) -> impl Iterator<Item = &Known> {
        let gone: Vec<&str> = self.displaced(manifest).map(|one| one.digest.as_str()).collect();
        let after = self.beginning.map_or(0, |begun| begun.after);
        self.known.iter().filter(move |one| {
            one.kind == ManifestKind::Submission
                && one.state == State::Stands
                && one.place <= after
                && !gone.contains(&one.digest.as_str())
        })
    }

    /// A file that is in gets the answer that it got.
    fn already(&self, file: &Path, digest: &str) -> Result<Received, ReceiveError> {
        let found = self.files.iter().find(|kept| kept.digest == digest);
        let answer =
            found.map(|kept| Answer::read(&kept.answer_json, &kept.agency, kept.own_sequence));
        Ok(Received {
            file: file.to_owned(),
            outcome: Became::Already,
            number: found.map(|kept| kept.id),
            word: None,
            why: None,
            answer: answer.transpose()?,
        })
    }

    /// A file whose content was refused is refused again, for the same reasons.
    fn refused_already(&self, file: &Path, digest: &str) -> Result<Received, ReceiveError> {
        let found = self.refused.iter().find(|kept| kept.digest == digest);
        let answer =
            found.map(|kept| Answer::read(&kept.answer_json, &kept.agency, kept.own_sequence));
        let answer = answer.transpose()?;
        let why = answer.as_ref().map(words::reasons).unwrap_or_default();
        let why = format!("it was refused already, for these reasons: {why}");
        Ok(refused(file, "refused_already", why, answer))
    }
}

fn known_as(manifest: Manifest, place: u64, digest: &str, state: State) -> Known {
    Known {
        kind: manifest.kind,
        place,
        sequence: manifest.sequence,
        digest: digest.to_owned(),
        first_quarter: manifest.first_quarter,
        last_quarter: manifest.last_quarter,
        corrects: manifest.corrects,
        state,
    }
}

/// A manifest that was kept here.
fn manifest(json: &str, agency: &str, sequence: u64) -> Result<Manifest, ReceiveError> {
    let damaged =
        |_| ReceiveError::Damaged { what: "manifest", agency: agency.to_owned(), sequence };
    serde_json::from_str(json).map_err(damaged)
}

fn on(path: &Path) -> impl FnOnce(io::Error) -> ReceiveError + use<> {
    let path = path.to_owned();
    move |source| ReceiveError::Disk { path, source }
}
