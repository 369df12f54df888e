//! People nobody counted twice → one row each, for what is published about them.
//!
//! In: the store, as for a count, and the fields wanted. Out: [`DescribedPeople`], whose rows only
//! `disclosure` can turn into something to publish. Its categories are those of the register and the
//! quarters of the period, which are public; none is learnt from the data. A person whom agencies
//! describe differently, or of whom a field holds several codes, is [`SEVERAL`] there.

use std::path::Path;

use disclosure::{Rows, Schema, SchemaColumn};
use jiff::Timestamp;
use query::Described;
use records::Quarter;
use store::{Scope, Store};

use super::gather::{self, Gathered};
use super::{LINK_SEED, PeopleError, PeoplePlan, members_of};
use crate::link::{self, LinkPlan};
use crate::tables::OpenTables;

/// The column of the quarter in which a person was first seen.
pub const QUARTER: &str = "quarter";

/// The word for a person of whom a field says more than one thing.
pub const SEVERAL: &str = "several";

/// What a column of a list says of a person who is on it.
pub const ON_LIST: &str = "1";

/// What the field `trafficking_type` is called in public tables.
pub const EXPLOITATION: &str = "exploitation";

/// The beginning of the name of a column of a list.
pub const LIST_PREFIX: &str = "list_";

/// The fields of a person that are in published tables unless others are named.
pub const PUBLIC_FIELDS: [&str; 4] = ["trafficking_type", "gender", "age", "county"];

/// People, one row each, and who is not among them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DescribedPeople {
    /// The rows: the quarter first seen, the fields, and a column for each list, [`ON_LIST`] where a
    /// person is on it.
    pub rows: Rows,
    /// The first quarter.
    pub first: Quarter,
    /// The last quarter.
    pub last: Quarter,
    /// People whom agencies counted in totals only; they have no rows.
    pub in_totals_only: u64,
    /// How many agencies sent victims.
    pub agencies: usize,
    /// Of these, how many sent any people as totals only.
    pub agencies_with_totals_only: usize,
}

/// Describes the people on the lists of agencies; nothing when no agency has sent victims.
///
/// # Errors
///
/// [`PeopleError`]; a field that does not leave agencies as a code.
pub async fn describe(
    store: &Store,
    scope: &Scope,
    data: &Path,
    plan: &PeoplePlan,
    fields: &[&str],
    at: Timestamp,
) -> Result<Option<DescribedPeople>, PeopleError> {
    let linking = LinkPlan { practice: plan.practice, seed: LINK_SEED };
    let link = link::up_to_date(store, scope, data, &linking, at).await?;
    let tables = OpenTables::open(store, scope, data, plan.practice).await?;
    let Some(gathered) = gather::run(store, scope, &tables, plan).await? else { return Ok(None) };
    let failed = |source| PeopleError::Folder { folder: data.to_owned(), source };
    let work = tempfile::Builder::new().prefix("describing-").tempdir_in(data).map_err(failed)?;
    let mut members = match &link {
        Some(link) => members_of(data, link, &gathered)?,
        None => Box::new(std::iter::empty()),
    };
    let people = query::describe_people_on(
        &gathered.question,
        fields,
        &mut *members,
        work.path(),
        plan.threads,
    )
    .await?;
    Ok(Some(described(&gathered, people)))
}

/// Rows by a public schema. A place among what a field says is the code of a category, for nothing
/// recorded comes first in both.
fn described(gathered: &Gathered, people: query::DescribedPeople) -> DescribedPeople {
    let quarters = people.quarters.iter().map(ToString::to_string).collect();
    let quarter = SchemaColumn { name: QUARTER.to_owned(), categories: quarters };
    let fields = people.fields.iter().map(|field| SchemaColumn {
        name: public_name(field.field).to_owned(),
        categories: field.says.iter().filter_map(word).collect(),
    });
    // Blank is not on the list.
    let lists: Vec<String> =
        gathered.lists.iter().map(|list| format!("{LIST_PREFIX}{list}")).collect();
    let on_lists = lists
        .iter()
        .map(|list| SchemaColumn { name: list.clone(), categories: vec![ON_LIST.to_owned()] });
    let schema = Schema { columns: [quarter].into_iter().chain(fields).chain(on_lists).collect() };
    let seen = people.first_seen.iter().map(|place| place + 1).collect();
    let on_list = |bit: usize| -> Vec<u16> {
        people.lists.iter().map(|lists| u16::from(lists >> bit & 1 == 1)).collect()
    };
    let on_lists: Vec<Vec<u16>> = (0..lists.len()).map(on_list).collect();
    let columns = [seen].into_iter().chain(people.said).chain(on_lists).collect();
    let totals = &gathered.left_behind.people;
    DescribedPeople {
        rows: Rows::new(schema, columns),
        first: gathered.first,
        last: gathered.last,
        in_totals_only: totals.iter().sum(),
        agencies: gathered.agencies.iter().filter(|agency| agency.submissions > 0).count(),
        agencies_with_totals_only: totals.iter().filter(|people| **people > 0).count(),
    }
}

fn public_name(field: &str) -> &str {
    if field == "trafficking_type" { EXPLOITATION } else { field }
}

fn word(says: &Described) -> Option<String> {
    match says {
        Described::Nothing => None,
        Described::Code(code) => Some((*code).to_owned()),
        Described::Several => Some(SEVERAL.to_owned()),
    }
}
