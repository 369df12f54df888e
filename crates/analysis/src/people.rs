//! Count: what agencies have sent → people, nobody counted twice, as a range.
//!
//! In: the submissions of the store that count, their victims' tables, and who is whom by the last
//! linkage of exactly the encodings that stand ([`crate::link`]), which is made first when there is
//! none. Out: [`Counted`], which the report prints. Rows that an order, a revoked release or the end of a release has taken away
//! are in no link and no count; whoever came only in a total is counted raw, so that the number of
//! people is a range.
//!
//! | module | what |
//! |---|---|
//! | `gather` | the store → the tables to be read, who stays out, who stayed behind |
//! | `range` | people in codes and in totals → at least, at most, a single figure |
//! | `described` | one row for each person, for what is published |
//! | `counted` | all of it → [`report::PeopleCounted`] |
//! | `reasons` | why it is a range, in sentences |
//! | `histories` | who is on which lists, as a file for an estimate |

mod counted;
mod described;
mod gather;
mod histories;
mod range;
mod reasons;

use std::path::Path;

use jiff::Timestamp;
use jiff::civil::Date;
use records::Quarter;
use records::register::Register;
use report::{PeopleCounted, Truth};
use store::{NewCount, Scope, Store, StoreError, StoredLink};

use crate::link::{self, LinkError, LinkPlan, members};
use crate::tables::OpenTables;

pub use described::{
    DescribedPeople, EXPLOITATION, LIST_PREFIX, ON_LIST, PUBLIC_FIELDS, QUARTER, SEVERAL, describe,
};
pub(crate) use gather::{Removal, removals, totals_of};
pub use histories::{HistoriesFileError, write_counted};
pub use range::{Compared, ListPeople, Range, range};

/// The seed of the draws of a linkage that a count makes.
const LINK_SEED: u64 = 1;

/// What is to be counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PeoplePlan {
    /// Made-up agencies instead of real ones; the two never meet in a count.
    pub practice: bool,
    /// The first and last quarter; all that were sent when absent.
    pub period: Option<(Quarter, Quarter)>,
    /// The day on which the count is to be true.
    pub as_of: Date,
    /// What is true, where agencies are made up.
    pub truth: Option<Truth>,
    /// How many threads to use at most, on which no answer depends; as many as there are
    /// processors, up to eight, when absent.
    pub threads: Option<usize>,
}

/// A count of people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// As the report prints it.
    pub people: PeopleCounted,
    /// How many people came in codes.
    pub coded: u64,
    /// How many people these are after linkage.
    pub linked: u64,
    /// Of these, on the lists of more than one agency.
    pub on_several: u64,
    /// The linkage by which they were counted.
    pub link: Option<i64>,
}

/// Why people cannot be counted.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PeopleError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The coded tables.
    #[error(transparent)]
    Query(#[from] query::QueryError),
    /// The disk.
    #[error("cannot work in {folder}: {source}")]
    Folder {
        /// Where.
        folder: std::path::PathBuf,
        /// What happened.
        source: std::io::Error,
    },
    /// Another one receives, and cannot be waited for.
    #[error(transparent)]
    Receive(#[from] crate::receive::ReceiveError),
    /// People cannot be linked.
    #[error(transparent)]
    Link(#[from] LinkError),
    /// More lists or agencies than one count can hold.
    #[error("{0} agencies are more than one count can hold (65,535)")]
    TooMany(usize),
}

/// Counts the people on the lists of agencies; nothing when no agency has sent victims.
///
/// `data` is the folder of the store, below which the tables lie.
///
/// # Errors
///
/// [`PeopleError`].
pub async fn count(
    store: &Store,
    scope: &Scope,
    register: &Register,
    data: &Path,
    plan: &PeoplePlan,
    at: Timestamp,
) -> Result<Option<Counted>, PeopleError> {
    let linking = LinkPlan { practice: plan.practice, seed: LINK_SEED };
    let link = link::up_to_date(store, scope, data, &linking, at).await?;
    let tables = OpenTables::open(store, scope, data, plan.practice).await?;
    let Some(gathered) = gather::run(store, scope, &tables, plan).await? else { return Ok(None) };
    let failed = |source| PeopleError::Folder { folder: data.to_owned(), source };
    let work = tempfile::Builder::new().prefix("counting-").tempdir_in(data).map_err(failed)?;
    let mut members = match &link {
        Some(link) => members_of(data, link, &gathered)?,
        None => Box::new(std::iter::empty()),
    };
    let (question, work) = (&gathered.question, work.path());
    let answer = match plan.threads {
        Some(threads) => query::count_people_on(question, &mut *members, work, threads).await?,
        None => query::count_people(question, &mut *members, work).await?,
    };
    let counts = store.counts(scope).await?;
    Ok(Some(counted::run(register, &gathered, &answer, link.as_ref(), &counts, plan)))
}

/// Counts the people that real agencies have submitted, or else made-up ones, and writes the count down.
/// Nothing when neither have sent any.
///
/// # Errors
///
/// [`PeopleError`].
pub async fn count_and_log(
    store: &Store,
    scope: &Scope,
    register: &Register,
    data: &Path,
    plan: &PeoplePlan,
    at: Timestamp,
) -> Result<Option<Counted>, PeopleError> {
    for practice in [false, true] {
        let plan = PeoplePlan { practice, ..*plan };
        if let Some(counted) = count(store, scope, register, data, &plan, at).await? {
            log(store, scope, &counted, at).await?;
            return Ok(Some(counted));
        }
    }
    Ok(None)
}

/// Who is whom by a linkage, with the places that agencies have in the count. Both know agencies in
/// the order of their codes, so the order of members stays.
fn members_of(
    data: &Path,
    link: &StoredLink,
    gathered: &gather::Gathered,
) -> Result<Box<query::Members<'static>>, PeopleError> {
    let path = data.join(&link.link.members_file);
    let rows = members::read(&path)
        .map_err(|source| PeopleError::Folder { folder: path.clone(), source })?;
    let place = |code: &String| {
        let at = gathered.agencies.iter().position(|agency| agency.code == *code)?;
        u16::try_from(at).ok()
    };
    let places: Vec<Option<u16>> = link.link.agencies.iter().map(place).collect();
    let member = move |row: std::io::Result<members::MemberRow>| match row {
        Ok(row) => {
            let agency = places.get(usize::from(row.agency)).copied().flatten()?;
            let members::MemberRow { id, person, with_others, .. } = row;
            Some(Ok(query::Member { agency, id, person, with_others }))
        }
        Err(error) => Some(Err(query::QueryError::Members { what: error.to_string() })),
    };
    Ok(Box::new(rows.filter_map(member)))
}

/// Writes a count down, so that what is withdrawn later can be noted beside it; its number.
///
/// # Errors
///
/// [`StoreError`].
pub async fn log(
    store: &Store,
    scope: &Scope,
    counted: &Counted,
    at: Timestamp,
) -> Result<i64, StoreError> {
    let people = &counted.people;
    let count = NewCount {
        first_quarter: people.first,
        last_quarter: people.last,
        as_of: people.as_of,
        definition_version: people.definition_version.clone(),
        practice: people.synthetic,
        raw: people.raw,
        low: people.low,
        high: people.high,
        unduplicated: (counted.coded > 0).then_some(people.unduplicated),
    };
    store.log_count(scope, &count, at).await
}
