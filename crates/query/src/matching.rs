//! People in the clear whose table does not fit into memory: linked by partitions.
//!
//! In: a CSV file of people, a budget of memory. Out: the file of clusters, byte for byte that of
//! `linkage` with everything in memory, and the count. The kernel is `linkage`'s
//! ([`linkage::partitioned`]); here the rows of numbers between its steps are put into Parquet files
//! in a folder beside the output, which goes when the run ends.
//!
//! | step | from | to |
//! |---|---|---|
//! | `read` | the CSV file | rows and ids of each partition |
//! | `spread` | rows of a partition | entries by ranges of names, full names, phones, addresses, blocking keys |
//! | `block` | entries of a range | blocks; entries, marks and keys of each partition |
//! | `learn` | random pairs, some blocks | the weights |
//! | `score` | two partitions | scored pairs |
//! | `cluster` | scored pairs and rows of whole components | people |
//! | `write` | people, ids of each partition | the file of clusters |
//!
//! Every step is a function of files and of what [`linkage::partitioned::Values`] knows of the whole
//! table, so a scheduler could run those of one kind side by side on several machines; nothing here
//! does, yet. Records keep at most 9 bytes each in memory, beside the distinct names; a component
//! is taken whole.

mod block;
mod cluster;
mod learn;
mod numbers;
mod plan;
mod read;
mod score;
mod spread;
mod write;

use std::path::{Path, PathBuf};

use linkage::partitioned::{KEY_NUMBERS, KeyNumbers, ROW_NUMBERS, ReadError, RowNumbers};
use linkage::{ClusterSettings, Clustered, DatesLeftOut, PeopleError, ReadSettings, Settings};
use tempfile::TempDir;

use crate::QueryError;
use numbers::{Numbers, Texts, Writer};
use plan::Plan;

/// A file of people to be linked by partitions.
#[derive(Debug, Clone)]
pub struct MatchQuestion<'a> {
    /// The CSV file.
    pub file: &'a Path,
    /// How it is read; a column with the truth is not looked at.
    pub reading: &'a ReadSettings,
    /// Where the clusters are written.
    pub out: &'a Path,
    /// Where pairs for reviewers are written.
    pub review: Option<&'a Path>,
    /// How many bytes may be held, about. What is given per record beside it is not in it.
    pub memory: usize,
    /// How pairs are scored.
    pub scoring: Settings,
    /// How people are made of pairs; without lists, as there are no capture histories here.
    pub clustering: ClusterSettings,
}

/// People found by partitions.
#[derive(Debug)]
pub struct Matched {
    /// People beside the records, and what is undecided.
    pub clustered: Clustered,
    /// How many people there are in the file of clusters.
    pub clusters: u32,
    /// The names of the agencies, by number.
    pub agencies: Vec<String>,
    /// Columns that are not known and were ignored.
    pub ignored: Vec<String>,
    /// Dates of birth that are none and were taken as not given.
    pub dates_left_out: DatesLeftOut,
    /// Partitions of the table.
    pub partitions: usize,
    /// Pairs that were compared.
    pub candidates: u64,
    /// Pairs of too large blocks that were not compared there.
    pub pairs_cut: u64,
}

/// Why people cannot be linked by partitions.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MatchError {
    /// What stands in the file of people.
    #[error(transparent)]
    People(#[from] PeopleError),
    /// A header and nothing else.
    #[error("the file has no records: expected a row for each below the header")]
    NoRecords,
    /// The disk: the file of people, the output, or what a step left for the next.
    #[error(transparent)]
    Disk(#[from] QueryError),
}

/// A partition: records that follow each other in the file.
struct Part {
    first: u32,
    rows: Numbers<ROW_NUMBERS>,
    ids: Option<Texts>,
}

/// Rows with their keys.
const PREPARED: usize = ROW_NUMBERS + KEY_NUMBERS;

/// Where a run keeps its files, and how large they may be.
struct Work {
    folder: TempDir,
    plan: Plan,
}

impl Work {
    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(format!("{name}.parquet"))
    }

    fn writer<const K: usize>(&self, name: &str) -> Writer<K> {
        Writer::new(self.path(name))
    }

    /// A writer for each of so many.
    fn writers<const K: usize>(&self, name: &str, many: usize) -> Vec<Writer<K>> {
        (0..many).map(|at| self.writer(&format!("{name}-{at}"))).collect()
    }

    /// The partition of a record.
    fn part_of(&self, record: u32) -> usize {
        record as usize / self.plan.partition
    }
}

fn finish<const K: usize>(writers: Vec<Writer<K>>) -> Result<Vec<Numbers<K>>, QueryError> {
    writers.into_iter().map(Writer::finish).collect()
}

/// Links the people of a file. `progress` is told the name of each phase as it starts.
///
/// # Errors
///
/// [`MatchError`]; no output is written then, and no file is left but by a run that was killed.
pub fn match_people(
    question: &MatchQuestion<'_>,
    progress: &mut dyn FnMut(&'static str),
) -> Result<Matched, MatchError> {
    let work = Work { folder: folder_beside(question.out)?, plan: Plan::of(question.memory) };
    let read::Read { mut values, parts, ignored, dates_left_out } = read::read(question, &work)?;
    if parts.is_empty() {
        return Err(MatchError::NoRecords);
    }
    let agencies: Vec<String> =
        (0..=values.agencies()).map(|agency| values.agency_name(agency as u16)).collect();
    progress("count values");
    let spread = spread::spread(&work, &values, &parts)?;
    let marks = spread.marks(&work, &mut values, parts.len())?;
    progress("block");
    let blocks = block::block(&work, &values, &parts, spread.entries)?;
    let parts = block::prepare(&work, &values, parts, &marks, &blocks.replaced)?;
    drop(marks);
    progress("learn weights");
    let learnt = learn::learn(values, &parts, &blocks, &work.plan, &question.scoring)?;
    progress("score");
    let (pairs, candidates) = score::score(&work, &learnt, &parts, &blocks.own)?;
    progress("cluster");
    let people = cluster::cluster(question, &work, &learnt, &parts, &pairs, agencies.len() - 1)?;
    progress("write");
    write::write(question, &learnt, &parts, &people)?;
    Ok(Matched {
        clustered: people.clustered,
        clusters: people.clusters,
        agencies,
        ignored,
        dates_left_out,
        partitions: parts.len(),
        candidates,
        pairs_cut: blocks.pairs_cut,
    })
}

/// A folder that only its owner can read, beside the output, where there is room for it.
fn folder_beside(out: &Path) -> Result<TempDir, QueryError> {
    let failed = |source| QueryError::File { path: out.to_owned(), source };
    let name = out.file_name().ok_or_else(|| {
        failed(std::io::Error::other("expected a path that names a file; name one"))
    })?;
    let beside = out.parent().filter(|folder| !folder.as_os_str().is_empty());
    let beside = beside.unwrap_or(Path::new("."));
    // By this ending whoever clears up knows what a killed run left.
    tempfile::Builder::new().prefix(name).suffix(".parts").tempdir_in(beside).map_err(failed)
}

fn of_read(error: ReadError, path: &Path) -> MatchError {
    match error {
        ReadError::People(error) => error.into(),
        ReadError::File(source) => QueryError::File { path: path.to_owned(), source }.into(),
        other => QueryError::File {
            path: path.to_owned(),
            source: std::io::Error::other(other.to_string()),
        }
        .into(),
    }
}

/// Goes through the rows of a table, record by record.
fn rows_of<const K: usize>(
    parts: &[Prepared],
    mut take: impl FnMut(u32, [u64; K]) -> Result<(), QueryError>,
) -> Result<(), QueryError> {
    for part in parts {
        let mut record = part.first;
        part.rows.each(|row: [u64; K]| {
            record += 1;
            take(record - 1, row)
        })?;
    }
    Ok(())
}

/// A partition whose rows have their keys.
struct Prepared {
    first: u32,
    rows: Numbers<PREPARED>,
    ids: Option<Texts>,
}

/// The row and the keys of a prepared row.
fn apart(prepared: &[u64; PREPARED]) -> (RowNumbers, KeyNumbers) {
    (std::array::from_fn(|at| prepared[at]), std::array::from_fn(|at| prepared[at + ROW_NUMBERS]))
}
