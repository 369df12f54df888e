//! A made-up state whose truth is known: hidden people, the agencies that see some of them, and
//! the records that those keep, with the errors that real records have.
//!
//! For practice, tests and benchmarks: a method that counts, links or estimates can be scored
//! against what is true here. Every number comes from `data/*.csv`, each row with its source; the
//! totals at the usual size lie in the neighborhood of the 2012 report.
//!
//! | module | what |
//! |---|---|
//! | `plan` | what is to be made |
//! | `agency` | the agencies and how far their records may leave |
//! | `record` | the kinds of rows and the columns of their files |
//! | `generate` | every row in memory, one after the other |
//! | `write` | every row in files, with the truth beside them |
//! | `summary` | the truth in numbers |
//! | `people_set` | one list of people from several agencies, hard to link, with the truth |
//! | `case_data` | rows about cases in the shape of the CTDC codebook, to be published safely |
//! | `person`, `path` | the hidden population, and who sees whom when |
//! | `identity` | names and birth dates, and what agencies make of them |
//! | `rows` | what happened, as rows |
//! | `world`, `table` | the data files, read and checked |
//! | `chance`, `calendar`, `own_number`, `state`, `tally` | what the others stand on |
//!
//! The same plan gives the same bytes, whatever the number of threads; memory does not grow with
//! the number of people. It knows no database and no clock, and links, counts and estimates
//! nothing. Nothing here is about a real person, and no number of it may stand among real ones.
//!
//! # Examples
//!
//! ```
//! use simulation::{Plan, generate};
//!
//! let summary = generate(&Plan { people: 500, seed: 7, ..Plan::default() }, &mut |_| ())?;
//! assert!(summary.people_listed < summary.people_hidden);
//! # Ok::<(), simulation::SimulationError>(())
//! ```

mod agency;
mod calendar;
mod case_data;
mod chance;
mod error;
mod generate;
mod identity;
mod own_number;
mod path;
mod people_set;
mod person;
mod plan;
mod record;
mod rows;
mod state;
mod summary;
mod table;
mod tally;
mod world;
mod write;

pub use agency::{Agency, DisclosureMode, agencies};
pub use case_data::{CaseColumn, CaseDataPlan, CaseRow, case_data, case_schema, write_case_data};
pub use error::{DataError, SimulationError};
pub use generate::{Row, generate};
pub use people_set::{PeopleSetPlan, PeopleSetRow, PeopleSetSummary, people_set, write_people_set};
pub use plan::Plan;
pub use record::Record;
pub use summary::{IdentityErrors, IdentitySummary, Summary, Totals};
pub use write::simulate;
