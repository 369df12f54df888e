//! Victims' tables, and who is whom, to people: nodes, lists, overlaps, capture histories.
//!
//! In: the victims' tables of many agencies, who was taken back, and what linkage has found
//! ([`Member`]), sorted by agency and id. Out: how many people there are ([`PeopleAnswer`]).
//! Assumes tables that `check` has passed.
//!
//! 1. `nodes`: the rows that count, sorted by agency and person, become one node for each person
//!    as one agency knows her. Members come in the same order, so each node meets its own as both
//!    pass by, and its person is written beside it.
//! 2. `clusters`: nodes of somebody whom no other node is are counted as they are; the others are
//!    sorted by person, and counted together.
//!
//! Memory is flat: sorting writes to the disk what it cannot hold.

use std::path::Path;
use std::sync::Arc;

use datafusion::common::plan_datafusion_err;
use jiff::civil::Date;
use records::Quarter;
use records::record::{OpaqueId, RecordKind};

use crate::engine::{self, Spent};
use crate::marks::Marks;
use crate::{CodedTable, QueryError};

pub use described::{Described, DescribedField, DescribedPeople, describe_people_on};

mod clusters;
mod described;
mod members;
mod nodes;

/// A person who is to be in no count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Removed {
    /// The agency that took her back.
    pub agency: u16,
    /// The person.
    pub id: OpaqueId,
    /// Only from submissions with a lower number; nothing: from all.
    pub before: Option<u64>,
}

/// Who somebody is whom an agency knows, as linkage has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member {
    /// The agency: a place in [`PeopleQuestion::list_of_agency`].
    pub agency: u16,
    /// The agency's own id of her.
    pub id: OpaqueId,
    /// The person: one number for all who are her.
    pub person: u32,
    /// Whether there are others who are her.
    pub with_others: bool,
}

/// Members in the order of agency and id, each once.
pub type Members<'m> = dyn Iterator<Item = Result<Member, QueryError>> + Send + 'm;

/// What is to be counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PeopleQuestion {
    /// The victims' tables, each of an agency that is a place in [`PeopleQuestion::list_of_agency`].
    pub tables: Vec<CodedTable>,
    /// For each agency the list that it is part of, from 0 to 63.
    pub list_of_agency: Vec<u8>,
    /// Who is in no count.
    pub removed: Vec<Removed>,
    /// The first quarter counted.
    pub first: Quarter,
    /// The last quarter counted.
    pub last: Quarter,
    /// The day on which it is to be true: rows whose release ended before are not counted.
    pub as_of: Date,
}

/// The people of one agency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AgencyPeople {
    /// Different people in its rows that count.
    pub people: u64,
    /// Of these, those who were compared with others: they are among the members.
    pub compared: u64,
    /// Of these, linked with somebody of another agency.
    pub also_elsewhere: u64,
}

/// People on exactly these lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListHistory {
    /// One bit for each list.
    pub lists: u64,
    /// How many people.
    pub people: u64,
}

/// People with one code of one field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct CodePeople {
    /// The field.
    pub field: &'static str,
    /// Its code, `yes`, `no`, or nothing where none is recorded.
    pub code: Option<&'static str>,
    /// People as the agencies count them, added up.
    pub records: u64,
    /// People after linkage. A person whom two agencies describe differently is in two codes.
    pub people: u64,
}

/// People seen in one quarter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuarterPeople {
    /// The quarter.
    pub quarter: Quarter,
    /// People as the agencies count them, added up.
    pub records: u64,
    /// People after linkage.
    pub people: u64,
}

/// People, nobody counted twice as far as linkage tells.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PeopleAnswer {
    /// Pairs of agency and person.
    pub records: u64,
    /// People after linkage.
    pub people: u64,
    /// Of these, on the lists of more than one agency.
    pub on_several: u64,
    /// For each agency.
    pub agencies: Vec<AgencyPeople>,
    /// Capture histories by list, by the bits of the lists.
    pub histories: Vec<ListHistory>,
    /// By field and code, in the order of the fields and of the words; no code that nobody has.
    pub by_code: Vec<CodePeople>,
    /// By quarter, every quarter of the question.
    pub quarters: Vec<QuarterPeople>,
}

/// Counts the people of coded tables, with as many threads as there are processors, up to eight.
///
/// Who is not among `members` is somebody else than everybody. `work` is a private folder for what
/// does not fit into memory; what is written there is removed at the end.
///
/// # Errors
///
/// [`QueryError`].
pub async fn count_people(
    question: &PeopleQuestion,
    members: &mut Members<'_>,
    work: &Path,
) -> Result<PeopleAnswer, QueryError> {
    count_people_on(question, members, work, engine::threads()).await
}

/// The same with so many threads; the answer does not depend on them.
///
/// # Errors
///
/// [`QueryError`].
pub async fn count_people_on(
    question: &PeopleQuestion,
    members: &mut Members<'_>,
    work: &Path,
    threads: usize,
) -> Result<PeopleAnswer, QueryError> {
    let marks = Marks::new(RecordKind::Victim, question.first, question.last);
    let (nodes, clusters) =
        nodes_and_clusters(question, members, &marks, work, threads, &mut |_, _| ()).await?;

    let mut agencies = nodes.of_agency;
    for (agency, elsewhere) in agencies.iter_mut().zip(clusters.also_elsewhere) {
        agency.also_elsewhere = elsewhere;
    }
    Ok(PeopleAnswer {
        records: nodes.counts.people,
        people: clusters.counts.people,
        on_several: clusters.on_several,
        agencies,
        histories: clusters
            .histories
            .into_iter()
            .map(|(lists, people)| ListHistory { lists, people })
            .collect(),
        by_code: by_code(&marks, &nodes.counts, &clusters.counts),
        quarters: quarters(&marks, &nodes.counts, &clusters.counts),
    })
}

/// Both steps; `describe` is shown each person.
async fn nodes_and_clusters(
    question: &PeopleQuestion,
    members: &mut Members<'_>,
    marks: &Arc<Marks>,
    work: &Path,
    threads: usize,
    describe: &mut clusters::Describe<'_>,
) -> Result<(nodes::Nodes, clusters::People), QueryError> {
    known_agencies(question)?;
    let session = engine::session(Some(work), threads)?;
    let path = Spent(work.join("nodes.parquet"));
    let nodes = nodes::number(&session, question, members, marks, &path.0).await?;
    let agencies = question.list_of_agency.len();
    let clusters = clusters::count(&session, agencies, marks, &path.0, describe).await?;
    Ok((nodes, clusters))
}

/// Every agency has a place, and every list a bit.
fn known_agencies(question: &PeopleQuestion) -> Result<(), QueryError> {
    let agencies = question.list_of_agency.len();
    if question.tables.iter().any(|table| usize::from(table.agency) >= agencies) {
        return Err(plan_datafusion_err!("a table of an agency beyond {agencies}").into());
    }
    if question.list_of_agency.iter().any(|list| *list >= 64) {
        return Err(plan_datafusion_err!("more than 64 lists").into());
    }
    Ok(())
}

fn by_code(marks: &Marks, records: &Counts, people: &Counts) -> Vec<CodePeople> {
    let fields = marks.fields.iter();
    let codes = fields.flat_map(|field| {
        (field.first..).zip(&field.codes).map(|(bit, code)| CodePeople {
            field: field.field,
            code: *code,
            records: records.of_mark[bit],
            people: people.of_mark[bit],
        })
    });
    codes.filter(|code| code.records > 0).collect()
}

fn quarters(marks: &Marks, records: &Counts, people: &Counts) -> Vec<QuarterPeople> {
    let quarters = marks.quarters.iter().enumerate().map(|(bit, quarter)| QuarterPeople {
        quarter: *quarter,
        records: records.of_mark[bit],
        people: people.of_mark[bit],
    });
    quarters.collect()
}

/// How many people there are, and how many of whom each thing is said.
struct Counts {
    people: u64,
    of_mark: Vec<u64>,
}

impl Counts {
    fn new(marks: &Marks) -> Counts {
        Counts { people: 0, of_mark: vec![0; marks.bits()] }
    }

    /// Counts one person, by all that is said of her.
    fn add(&mut self, words: &[u64]) {
        self.people += 1;
        Marks::each(words, |bit| self.of_mark[bit] += 1);
    }
}
