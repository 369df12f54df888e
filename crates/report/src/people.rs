//! How many people are on the lists of agencies, nobody counted twice: what the page is made from.
//!
//! In: [`PeopleCounted`], made by `analysis` with whole numbers. Out: the same with every number of
//! people and records as a [`ShownCount`] ([`PeopleCounted::shown`]), from which pages, drawings and
//! files are made. Written with serde, small numbers are hidden either way.

use jiff::civil::Date;
use records::Quarter;
use serde::{Serialize, Serializer};

use crate::ShownCount;

/// The count as it may be printed.
pub(crate) type ShownPeople = PeopleCounted<ShownCount>;

/// Records of agencies made one count of people, for one state and period.
///
/// `N` is `u64` as it was counted and [`ShownCount`] as it may be printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(bound(serialize = "N: Copy + Into<ShownCount>"))]
pub struct PeopleCounted<N = u64> {
    /// Whether the agencies are made up; said on the page and beside every number.
    pub synthetic: bool,
    /// The first quarter.
    pub first: Quarter,
    /// The last quarter.
    pub last: Quarter,
    /// The day up to which lists were taken in.
    pub as_of: Date,
    /// The register's version.
    pub definition_version: String,
    /// Records: each person once for each agency that lists them.
    #[serde(serialize_with = "shown")]
    pub raw: N,
    /// People, at least.
    #[serde(serialize_with = "shown")]
    pub low: N,
    /// People, at most.
    #[serde(serialize_with = "shown")]
    pub high: N,
    /// People, the best single figure.
    #[serde(serialize_with = "shown")]
    pub unduplicated: N,
    /// Why it is a range, one sentence each; a number of people in it is a [`ShownCount`] in words.
    pub why: Vec<String>,
    /// One for each kind of list.
    pub lists: Vec<ListCounted<N>>,
    /// Pairs of lists; a pair that was not compared is not there.
    pub overlaps: Vec<Overlap<N>>,
    /// How many people are on exactly which lists.
    pub histories: Vec<CaptureHistory<N>>,
    /// By type of trafficking, age, origin, county and so on.
    pub by: Vec<PeopleBy<N>>,
    /// Quarter by quarter, in order. A person seen in two quarters is in both.
    pub quarters: Vec<(Quarter, PeopleCell<N>)>,
    /// Every agency that was expected to send.
    pub coverage: Vec<AgencyCoverage<N>>,
    /// What happened since the count, one sentence each; numbers of people as in `why`.
    pub annotations: Vec<String>,
    /// What is true of a made-up state; not shown unless `synthetic`.
    pub truth: Option<Truth<N>>,
}

/// One kind of list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(bound(serialize = "N: Copy + Into<ShownCount>"))]
pub struct ListCounted<N = u64> {
    /// Its code, by which overlaps and histories name it.
    pub code: String,
    /// Its name.
    pub label: String,
    /// How many agencies keep such a list.
    pub agencies: u32,
    /// Records on it: each person once for each of its agencies that lists them.
    #[serde(serialize_with = "shown")]
    pub records: N,
    /// Of these, sent in codes that can be compared.
    #[serde(serialize_with = "shown")]
    pub coded: N,
    /// Of these, sent as totals only.
    #[serde(serialize_with = "shown")]
    pub totals_only: N,
    /// People on it who are on another kind of list too.
    #[serde(serialize_with = "shown")]
    pub also_elsewhere: N,
}

/// People on both of two lists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(bound(serialize = "N: Copy + Into<ShownCount>"))]
pub struct Overlap<N = u64> {
    /// The code of one list.
    pub first: String,
    /// The code of the other.
    pub second: String,
    /// People on both.
    #[serde(serialize_with = "shown")]
    pub people: N,
}

/// People seen by exactly these lists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(bound(serialize = "N: Copy + Into<ShownCount>"))]
pub struct CaptureHistory<N = u64> {
    /// The codes of the lists they are on.
    pub lists: Vec<String>,
    /// How many they are.
    #[serde(serialize_with = "shown")]
    pub people: N,
}

/// Records and people along one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(bound(serialize = "N: Copy + Into<ShownCount>"))]
pub struct PeopleBy<N = u64> {
    /// The field's code (`trafficking_type`).
    pub field: String,
    /// The field's name (`Type of trafficking`).
    pub label: String,
    /// One row for each code, in the order of the register.
    pub rows: Vec<PeopleRow<N>>,
}

/// Records and people of one code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(bound(serialize = "N: Copy + Into<ShownCount>"))]
pub struct PeopleRow<N = u64> {
    /// The code.
    pub code: String,
    /// Its label.
    pub label: String,
    /// The numbers.
    pub cell: PeopleCell<N>,
}

/// Records beside people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(bound(serialize = "N: Copy + Into<ShownCount>"))]
pub struct PeopleCell<N = u64> {
    /// Records: each person once for each agency that lists them.
    #[serde(serialize_with = "shown")]
    pub records: N,
    /// People, each counted once, at most: every link is taken to be found, and whoever came in a
    /// total to be on no other list.
    #[serde(rename = "people_at_most", serialize_with = "shown")]
    pub people: N,
}

/// What one agency sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(bound(serialize = "N: Copy + Into<ShownCount>"))]
pub struct AgencyCoverage<N = u64> {
    /// The agency's code.
    pub code: String,
    /// Its name.
    pub label: String,
    /// The kind of legal entity, in words.
    pub legal_entity: String,
    /// What may leave it, in words (`totals only`).
    pub mode: String,
    /// Records that came in codes.
    #[serde(serialize_with = "shown")]
    pub coded: N,
    /// Records that came as totals.
    #[serde(serialize_with = "shown")]
    pub totals_only: N,
    /// How many submissions came.
    pub submissions: u32,
    /// Quarters for which nothing came.
    pub missing_quarters: Vec<Quarter>,
}

/// What is true of a made-up state, which nobody knows of a real one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(bound(serialize = "N: Copy + Into<ShownCount>"))]
pub struct Truth<N = u64> {
    /// People on at least one list.
    #[serde(serialize_with = "shown")]
    pub people_listed: N,
    /// People on no list.
    #[serde(serialize_with = "shown")]
    pub people_hidden: N,
}

fn shown<N: Copy + Into<ShownCount>, S: Serializer>(
    number: &N,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    (*number).into().serialize(serializer)
}

impl PeopleCounted {
    /// The count as it may be printed: numbers of people and records under 11 are gone, and so is
    /// what is true of a state that is not made up.
    pub fn shown(&self) -> PeopleCounted<ShownCount> {
        PeopleCounted {
            synthetic: self.synthetic,
            first: self.first,
            last: self.last,
            as_of: self.as_of,
            definition_version: self.definition_version.clone(),
            raw: self.raw.into(),
            low: self.low.into(),
            high: self.high.into(),
            unduplicated: self.unduplicated.into(),
            why: self.why.clone(),
            lists: self.lists.iter().map(ListCounted::shown).collect(),
            overlaps: self.overlaps.iter().map(Overlap::shown).collect(),
            histories: self.histories.iter().map(CaptureHistory::shown).collect(),
            by: self.by.iter().map(PeopleBy::shown).collect(),
            quarters: self.quarters.iter().map(|(at, cell)| (*at, cell.shown())).collect(),
            coverage: self.coverage.iter().map(AgencyCoverage::shown).collect(),
            annotations: self.annotations.clone(),
            truth: self.truth.filter(|_| self.synthetic).map(|truth| truth.shown()),
        }
    }
}

impl ListCounted {
    fn shown(&self) -> ListCounted<ShownCount> {
        ListCounted {
            code: self.code.clone(),
            label: self.label.clone(),
            agencies: self.agencies,
            records: self.records.into(),
            coded: self.coded.into(),
            totals_only: self.totals_only.into(),
            also_elsewhere: self.also_elsewhere.into(),
        }
    }
}

impl Overlap {
    fn shown(&self) -> Overlap<ShownCount> {
        Overlap {
            first: self.first.clone(),
            second: self.second.clone(),
            people: self.people.into(),
        }
    }
}

impl CaptureHistory {
    fn shown(&self) -> CaptureHistory<ShownCount> {
        CaptureHistory { lists: self.lists.clone(), people: self.people.into() }
    }
}

impl PeopleBy {
    fn shown(&self) -> PeopleBy<ShownCount> {
        let row = |row: &PeopleRow| PeopleRow {
            code: row.code.clone(),
            label: row.label.clone(),
            cell: row.cell.shown(),
        };
        PeopleBy {
            field: self.field.clone(),
            label: self.label.clone(),
            rows: self.rows.iter().map(row).collect(),
        }
    }
}

impl PeopleCell {
    fn shown(self) -> PeopleCell<ShownCount> {
        PeopleCell { records: self.records.into(), people: self.people.into() }
    }
}

impl AgencyCoverage {
    fn shown(&self) -> AgencyCoverage<ShownCount> {
        AgencyCoverage {
            code: self.code.clone(),
            label: self.label.clone(),
            legal_entity: self.legal_entity.clone(),
            mode: self.mode.clone(),
            coded: self.coded.into(),
            totals_only: self.totals_only.into(),
            submissions: self.submissions,
            missing_quarters: self.missing_quarters.clone(),
        }
    }
}

impl Truth {
    fn shown(self) -> Truth<ShownCount> {
        Truth { people_listed: self.people_listed.into(), people_hidden: self.people_hidden.into() }
    }
}
