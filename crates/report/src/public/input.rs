//! What the published report is made from.
//!
//! Everything about people comes as `&Released<…>`: what has not passed the gate cannot be printed.
//! The rest is about agencies, places and dates.

use disclosure::{PublishedEstimate, PublishedTable, Released};
use jiff::civil::Date;
use records::Period;
use serde::Serialize;

use crate::CountyShape;

/// The published report, for both languages.
///
/// A table that was not released does not fit:
///
/// ```compile_fail
/// # fn tables() -> Vec<disclosure::PublishedTable> { vec![] }
/// # fn report<'a>() -> report::public::PublicReport<'a> { unimplemented!() }
/// let unreleased: Vec<disclosure::PublishedTable> = tables();
/// let report = report::public::PublicReport { tables: &unreleased, ..report() };
/// ```
///
/// The same with a released one does:
///
/// ```
/// # fn report<'a>() -> report::public::PublicReport<'a> { unimplemented!() }
/// fn with(released: &[disclosure::Released<disclosure::PublishedTable>]) {
///     let report = report::public::PublicReport { tables: released, ..report() };
/// }
/// ```
#[derive(Debug, Clone)]
pub struct PublicReport<'a> {
    /// The state's name.
    pub state: Bilingual,
    /// The period reported on.
    pub period: Period,
    /// The day the report is dated.
    pub day: Date,
    /// The tables.
    pub tables: &'a [Released<PublishedTable>],
    /// How many people there are in all, if that was estimated.
    pub estimate: Option<&'a Released<PublishedEstimate>>,
    /// Who reported and who is missing.
    pub coverage: Coverage,
    /// Names of categories that this crate does not know, such as task forces.
    pub names: Vec<CategoryName>,
    /// The state's counties; without them there is a table and no map.
    pub counties: &'a [CountyShape],
    /// How often the interval of a noised number holds the true count, in 100.
    pub interval_percent: Option<u8>,
    /// The version of the definitions.
    pub definitions_version: String,
    /// Under what the data may be used.
    pub licence: Licence,
    /// Whether the data are made up, which every page then says.
    pub made_up: bool,
}

/// A text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Bilingual {
    /// In English.
    #[serde(rename = "en")]
    pub english: String,
    /// In Spanish.
    #[serde(rename = "es")]
    pub spanish: String,
}

impl Bilingual {
    /// A name that is the same in both.
    pub fn same(text: &str) -> Bilingual {
        Bilingual { english: text.to_owned(), spanish: text.to_owned() }
    }
}

/// Who reported. Agencies, never people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Coverage {
    /// Agencies that were to report.
    pub expected: u32,
    /// Agencies that did, for at least part of the period.
    pub reported: u32,
    /// Agencies that did in the first quarter and in the last; a comparison over time names it.
    pub at_both_ends: Option<u32>,
    /// Agencies that did not report.
    pub missing: Vec<Bilingual>,
    /// What else there is to say, one plain statement each.
    pub statements: Vec<Bilingual>,
}

/// The name of a category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CategoryName {
    /// The dimension, as its table names it.
    pub dimension: String,
    /// The category, as its table names it.
    pub category: String,
    /// How it is printed.
    pub name: Bilingual,
}

/// A licence of the data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Licence {
    /// Its name.
    pub name: String,
    /// Its address.
    pub url: String,
}
