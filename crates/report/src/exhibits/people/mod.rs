//! The charts and tables of "Nobody counted twice", one file each.
//!
//! In: [`People`], whose numbers are already fit to print. Out: an [`Exhibit`] each, absent when the
//! count has nothing for it. No title names an order among agencies, places or origins.
//!
//! | module | what |
//! |---|---|
//! | `range` | records beside people, at least and at most |
//! | `breakdown` | records beside people along one field |
//! | `lists` | what came, by kind of list |
//! | `overlaps` | people on two lists |
//! | `seen_by` | people seen by which lists |
//! | `quarters` | records and people quarter by quarter |
//! | `agencies` | what each agency sent |
//! | `check` | what is true of a made-up state |

mod agencies;
mod breakdown;
mod check;
mod lists;
mod overlaps;
mod quarters;
mod range;
mod seen_by;

pub(crate) use agencies::agencies;
pub(crate) use breakdown::breakdowns;
pub(crate) use check::check;
pub(crate) use lists::lists;
pub(crate) use overlaps::overlaps;
pub(crate) use quarters::quarters;
pub(crate) use range::{drawing, examples, finding, range};
pub(crate) use seen_by::seen_by;

use records::{Period, Quarter, Standing};

use super::exhibit::{Exhibit, Grid, Provenance};
use crate::people::{AgencyCoverage, ListCounted, ShownPeople};
use crate::phrase::Phrase;
use crate::stamp::Badge;
use crate::words::{self, Look};
use crate::{PeopleCounted, ShownCount, StateReport};

/// What hides in every table of these exhibits.
const HIDDEN: &str = "“<11” is a number under 11, zero included: it is hidden. A hidden number can \
    sometimes be worked out from the others: this page is not for publication.";

/// The header of people in a table whose rows are not estimated one by one.
const AT_MOST: &str = "People, at most";

/// What every such table says of its people.
const WHY_AT_MOST: &str = "People are counted here as for “at most”: every link is taken to be \
    found, and whoever came in a total to be on no other list.";

/// The count, and the report that it stands in.
#[derive(Debug)]
pub(crate) struct People<'a> {
    report: &'a StateReport,
    counted: ShownPeople,
}

impl<'a> People<'a> {
    /// The count as it may be printed.
    pub(crate) fn of(report: &'a StateReport, counted: &PeopleCounted) -> People<'a> {
        People { report, counted: counted.shown() }
    }

    /// The numbers.
    pub(crate) fn counted(&self) -> &ShownPeople {
        &self.counted
    }

    /// Made up, or sent and internal.
    pub(crate) fn standing(&self) -> Standing {
        if self.counted.synthetic { Standing::Synthetic } else { Standing::Submitted }
    }

    /// The period, in words.
    pub(crate) fn period(&self) -> String {
        let (first, last) = (self.counted.first.period(), self.counted.last.period());
        Period::new(first.start(), last.end())
            .map_or_else(|_| words::quarter(self.counted.first), |period| words::period(&period))
    }

    /// An exhibit to which drawing, table and cautions are added.
    fn exhibit(&self, (anchor, number): (&str, &str), title: Phrase, measure: &str) -> Exhibit {
        Exhibit {
            anchor: anchor.to_owned(),
            number: number.to_owned(),
            title,
            subtitle: format!("{measure}, {}, {}", self.report.state, self.period()),
            both_ends: None,
            drawing: None,
            map_key: false,
            cards: Vec::new(),
            grid: Grid::default(),
            cautions: Vec::new(),
            provenance: Provenance {
                badge: Badge::from(self.standing()),
                source: self.source(),
                as_of: format!("As of {}.", words::day(self.counted.as_of)),
                coverage: self.coverage(),
                findings: Vec::new(),
                more_findings: 0,
            },
        }
    }

    fn source(&self) -> String {
        let made_up = if self.counted.synthetic { "made-up " } else { "" };
        format!(
            "Lists of {}, compared and counted by Clearway under definitions {}",
            agencies_in_words(self.counted.coverage.len(), made_up),
            self.counted.definition_version
        )
    }

    /// Who sent, in a sentence or two.
    fn coverage(&self) -> String {
        let all = &self.counted.coverage;
        if all.is_empty() {
            return "The count names no agencies.".to_owned();
        }
        let whole = all.iter().filter(|agency| sent_all(agency)).count();
        if whole == all.len() {
            return "Every agency sent for every quarter.".to_owned();
        }
        format!(
            "{} of {} sent for every quarter. What is missing stands under “What came from whom”.",
            words::capital(&words::count(whole)),
            agencies_in_words(all.len(), "")
        )
    }

    /// A cell with a number of records.
    fn records(&self, count: ShownCount) -> Phrase {
        Phrase::default().cell(count, Look::Raw, self.counted.synthetic)
    }

    /// A cell with a number of people, each counted once.
    fn people(&self, count: ShownCount) -> Phrase {
        Phrase::default().cell(count, Look::Unduplicated, self.counted.synthetic)
    }

    /// Adds a number of records to a sentence.
    fn say_records(&self, phrase: Phrase, count: ShownCount) -> Phrase {
        phrase.count(count, Look::Raw, self.counted.synthetic)
    }

    /// Adds a number of people to a sentence.
    pub(crate) fn say_people(&self, phrase: Phrase, count: ShownCount) -> Phrase {
        phrase.count(count, Look::Unduplicated, self.counted.synthetic)
    }

    /// A list by its code.
    fn list(&self, code: &str) -> Option<(usize, &ListCounted<ShownCount>)> {
        self.counted.lists.iter().enumerate().find(|(_, list)| list.code == code)
    }

    /// A list's name as drawings and titles have it: without what stands in brackets behind it,
    /// unless another list has the same name.
    fn in_short<'b>(&self, label: &'b str) -> &'b str {
        let short = without_aside(label);
        let same = |list: &&ListCounted<ShownCount>| without_aside(&list.label) == short;
        if self.counted.lists.iter().filter(same).count() > 1 { label } else { short }
    }

    /// The list's name, its code where the count does not name it.
    fn list_name<'b>(&'b self, code: &'b str) -> &'b str {
        self.list(code).map_or(code, |(_, list)| list.label.as_str())
    }
}

/// `Victim-service provider` of `Victim-service provider (VAWA, VOCA or FVPSA)`.
fn without_aside(label: &str) -> &str {
    label.split_once(" (").map_or(label, |(name, _)| name)
}

/// Adds what every exhibit with a hidden number says of it.
fn say_hidden(exhibit: &mut Exhibit, mut counts: impl Iterator<Item = ShownCount>) {
    if counts.any(|count| count.number().is_none()) {
        exhibit.cautions.push(Phrase::of(HIDDEN));
    }
}

/// Whether an agency sent for a quarter.
fn sent_for(agency: &AgencyCoverage<ShownCount>, quarter: Quarter) -> bool {
    agency.submissions > 0 && !agency.missing_quarters.contains(&quarter)
}

/// Whether an agency sent for every quarter.
fn sent_all(agency: &AgencyCoverage<ShownCount>) -> bool {
    agency.submissions > 0 && agency.missing_quarters.is_empty()
}

/// `one agency`, `12 made-up agencies`.
fn agencies_in_words(number: usize, kind: &str) -> String {
    let noun = if number == 1 { "agency" } else { "agencies" };
    format!("{} {kind}{noun}", words::count(number))
}
