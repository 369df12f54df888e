//! The definitions register: every code with its definition, its source and its dates.
//!
//! In: the CSV files of `definitions/`, compiled into the program. Out: a [`Register`], read once
//! and checked as a whole: every reference leads somewhere, no code means two things in one
//! version, no text reads as two codes.
//!
//! Each row is one wording of one code. `since` and `until` say in which versions of the register
//! the wording stood, so that a figure counted in 2012 keeps the words of 2012;
//! `valid_from` and `valid_to` say when the thing itself was in force. A row whose `source` is
//! `unverified` may be shown and is never used by a rule: rules ask [`Register::rule_entry`] and
//! [`Register::statute_on`].
//!
//! | module | what |
//! |---|---|
//! | `kind` | the kinds of codes, one file each |
//! | `entry` | one wording of one code, and the register that holds them all |
//! | `read` | the files to a register, every error at once |
//! | `check` | what must hold of the register as a whole |
//! | `problem` | what is wrong with the files |
//! | `lookup` | codes, labels and spreadsheet spellings to entries |
//! | `statute` | sections as people write them, by the date of the offence |
//! | `reporting` | who reports from when and in which calendar, what may be added up |
//! | `diff` | what changed between two versions |
//! | `translation` | what people read who read another language |
//!
//! A new code is a new row. A new wording is a new row with the same code, with the old row's
//! `until` set to the version that brings it; nothing is ever deleted. A new kind is a file, a
//! [`Kind`] and a line in `embedded`.
//!
//! # Examples
//!
//! ```
//! use jiff::civil::date;
//! use records::register::{Kind, Register};
//!
//! let register = Register::embedded();
//! let county = register.resolve(Kind::County, "Santa Clara County").map(|entry| &*entry.code);
//! assert_eq!(county, Some("santa-clara"));
//! assert!(register.statute_on("PC 653.22", date(2012, 6, 30)).is_ok());
//! assert!(register.statute_on("PC 653.22", date(2023, 6, 30)).is_err());
//! ```

mod check;
mod diff;
mod embedded;
mod entry;
mod kind;
mod lookup;
mod problem;
mod read;
mod reporting;
mod statute;
mod translation;

pub use diff::{Change, Difference, FieldChange};
pub use entry::{Entry, Register, UNVERIFIED, Version};
pub use kind::Kind;
pub use problem::RegisterProblems;
pub use statute::StatuteError;
pub use translation::Translation;
