//! The field's words that two crates share: definitions, periods, answers, figures and returns.
//!
//! | module | what |
//! |---|---|
//! | [`disclosure`] | what may leave an agency, on what basis, until when |
//! | [`person`] | whether a header or a cell is about a person |
//! | [`record`] | coded records: victims, incidents, arrests … as held and as they may leave |
//! | [`register`] | the definitions register: every code with its definition, source and dates |
//! | [`returns`] | tables of aggregate counts: recognised by their header, checked cell by cell |
//! | [`schema`] | checks a table of any size against a schema, in bounded memory |
//! | [`standards`] | records in the words of HTCDS, CTDC, NIEM and NIBRS, and back |
//!
//! Knows no database, web or clock.
//!
//! # Examples
//!
//! ```
//! use records::{Answer, Period, Unit};
//!
//! let own_quarter: Period = "2010-12-16/2011-03-15".parse()?;
//! assert_eq!(own_quarter.state_quarter().map(|q| q.to_string()).as_deref(), Some("2011-Q1"));
//! assert!(Answer::read("more than 300", Unit::Count).is_ok());
//! # Ok::<(), records::NotAPeriod>(())
//! ```

mod answer;
pub mod disclosure;
mod figure;
mod period;
pub mod person;
mod problem;
mod problem_stream;
pub mod record;
pub mod register;
pub mod returns;
pub mod schema;
pub mod standards;
mod unknown_column;

pub use answer::{Amount, Answer, LARGEST_COUNT, Qualifier, Refused, Unit};
pub use figure::{Dimension, Figure, FigureId, Origin, Part, Standing};
pub use period::{NotAPeriod, Period, Quarter};
pub use problem::{CellProblem, Finding, InSpanish, Severity, Shown, is_invisible};
pub use problem_stream::JsonStream;
pub use unknown_column::{resembles, unknown_column};
