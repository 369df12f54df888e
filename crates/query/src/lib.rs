//! Coded tables as Parquet, and the counts over them.
//!
//! In: coded records of an agency, or the coded tables of many. Out: a Parquet file; what is wrong
//! with one; people nobody counted twice; records by every field.
//!
//! | module | what |
//! |---|---|
//! | `schema` | the columns of a coded table, by kind of record |
//! | `write` | coded records to a coded table |
//! | `check` | a coded table as it came: every problem, and the cells of totals that it fills |
//! | `coded_table` | a coded table, registered to be counted |
//! | `purge` | a coded table written anew without some rows |
//! | `people` | victims' tables and who is whom to people: lists, overlaps, capture histories |
//! | `matching` | people in the clear, linked by partitions when they do not fit into memory |
//! | `text_table` | an agency's own Parquet table as rows of text, and back |
//! | `engine` | the query engine, and coded tables as it reads them |
//! | `marks` | what a row says, as bits |
//! | `tally` | tables of any kind to records by every field, and sums of numbers |
//!
//! # Examples
//!
//! A police department writes its arrests; the clearinghouse checks the table and counts it.
//!
//! ```
//! use jiff::civil::date;
//! use query::{CellKey, CodedTable, ExpectedTable, TableWriter, TallyQuestion};
//! use records::disclosure::{CLEARINGHOUSE, Disclosure, DisclosureMode, Mode};
//! use records::record::{Code, Columns, OpaqueIds, RecordKind};
//! use records::register::Kind;
//!
//! # let folder = tempfile::tempdir()?;
//! # let path = folder.path().join("arrests.parquet");
//! let kind = RecordKind::Arrest;
//! let header = ["reference", "date", "statute", "conduct"];
//! let arrest = Columns::of(kind, "arrests.csv", &header)
//!     .map_err(|problems| format!("{problems:?}"))?
//!     .record(2, &["A-1", "2026-07-02", "236.1(b)", "human_trafficking"], &mut Vec::new())
//!     .ok_or("a row with a problem")?;
//! let code = |kind, word| Code::get(kind, word).ok_or("no such code");
//! let mode = DisclosureMode::new(
//!     code(Kind::LegalEntity, "police")?,
//!     kind,
//!     CLEARINGHOUSE,
//!     Mode::Encoded,
//!     code(Kind::LegalBasis, "statistics_agreement")?,
//!     "A. Officer",
//!     date(2026, 1, 1),
//!     date(2026, 12, 31),
//! )
//! .map_err(|problems| format!("{problems:?}"))?;
//! let disclosure = Disclosure::on(date(2026, 10, 1), CLEARINGHOUSE, &[mode], []);
//! let permit = disclosure.permit(&arrest).map_err(|why| why.reason())?;
//!
//! let mut table = TableWriter::create(&path, kind)?;
//! table.write(&permit.code(&OpaqueIds::new([7; 32])))?;
//! let rows = table.finish()?;
//!
//! let quarter = "2026-Q3".parse()?;
//! let (first, last) = (quarter, quarter);
//! let expected = ExpectedTable { kind, first, last, rows, with_release: false };
//! assert!(query::check_table(&path, &expected)?.problems.is_empty());
//!
//! let tables = vec![CodedTable::registered(0, 1, path, rows)];
//! let as_of = date(2026, 11, 1);
//! let question = TallyQuestion { kind, tables, removed: vec![], first, last, as_of };
//! let runtime = tokio::runtime::Builder::new_current_thread().build()?;
//! let answer = runtime.block_on(query::tally(&question))?;
//! let all = CellKey { counted_as: None, quarter: Some(quarter), field: None, code: None };
//! assert_eq!(answer.cells[&all], 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What it does not do
//!
//! It sees no encoding and decides no link (`linkage` does, also where `matching` brings it the
//! partitions), knows no agency but by a number, and
//! hides no small cell: its answers are for the clearinghouse's own use.
//!
//! DataFusion lives in this crate only. Sums are integers, answers always ordered.

mod check;
mod coded_table;
mod engine;
mod error;
mod marks;
mod matching;
mod people;
mod purge;
mod schema;
mod tally;
mod text_table;
mod write;

pub use check::{ExpectedTable, TableChecked, TableProblem, check_table};
pub use coded_table::CodedTable;
pub use error::QueryError;
pub use matching::{MatchError, MatchQuestion, Matched, match_people};
pub use people::{
    AgencyPeople, CodePeople, Described, DescribedField, DescribedPeople, ListHistory, Member,
    Members, PeopleAnswer, PeopleQuestion, QuarterPeople, Removed, count_people, count_people_on,
    describe_people_on,
};
pub use purge::{Purged, Remove, purge_table, releases_end};
pub use tally::{Sum, TallyAnswer, TallyQuestion, tally, tally_on};
pub use text_table::{TextTable, TextTableError, TextTableWriter};
pub use write::TableWriter;

use records::Quarter;

/// A cell of totals: where a record is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CellKey {
    /// Of victims: in which count; of other kinds nothing.
    pub counted_as: Option<&'static str>,
    /// The state quarter; nothing for the whole table.
    pub quarter: Option<Quarter>,
    /// The field; nothing for all records.
    pub field: Option<&'static str>,
    /// The code in that field, `yes` or `no`; nothing where none is recorded.
    pub code: Option<&'static str>,
}

/// What a cell holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cell {
    /// Records.
    pub records: u64,
    /// Different people; 0 for kinds that name nobody.
    pub people: u64,
}
