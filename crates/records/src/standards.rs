//! Records in the words of other standards: taken in, and written out.
//!
//! In: tables of HTCDS 2.0 or CTDC, or records of ours. Out: records of ours, or tables, and beside
//! them every [`Unsaid`]: what the other side has no word for. Nothing is dropped without being
//! named there, and a row that came in goes out again as it came, as far as nobody changed it.
//!
//! Which value stands for which code is data: the crosswalk columns of `definitions/*.csv`.
//! `column=value` says that the two mean the same; `~column=value` that the value covers more than
//! the code, so that it is written for the code and never read as it. The standards' own files are
//! copies in `definitions/standards`, whose `PROVENANCE.md` names source and licence.
//!
//! | module | what |
//! |---|---|
//! | [`htcds`] | tables of the Human Trafficking Case Data Standard 2.0, in and out |
//! | [`ctdc`] | tables with the columns of the CTDC global dataset, in and out |
//! | [`niem`] | codes of NIEM 6.0 for a record, and back |
//! | [`nibrs`] | NIBRS offence codes for a record, and back |
//! | `crosswalk` | the crosswalk columns of the register, in both directions |
//! | `rows` | what tables of both standards share: rows to records and back |
//! | `unsaid` | what one side says and the other cannot |
//!
//! A table of either standard is about single people, names included. It is read from and written
//! to the agency's own files; what leaves an agency is [`crate::disclosure`].
//!
//! # Examples
//!
//! ```
//! use records::record::Code;
//! use records::register::Kind;
//! use records::returns::Table;
//! use records::standards::{Defaults, htcds};
//!
//! let header = ["reference", "vic_TypeOfExploitation"].map(str::to_owned);
//! let rows = [(2, ["7", "ForcedLabour;OrganRemoval"].map(str::to_owned).to_vec())];
//! let table = Table { file: "cases.csv", header_row: 1, header: &header, rows: &rows };
//! let counted_as = Code::get(Kind::CountedUnit, "victim_identified").expect("a counted unit");
//! let defaults = Defaults { counted_as, date: Some(jiff::civil::date(2026, 7, 1)) };
//! let taken_in = htcds::read(table, &defaults).expect("two good cells");
//! let labor = Code::get(Kind::TraffickingType, "labor");
//! assert_eq!(taken_in.records[0].code("trafficking_type"), labor);
//! // What the register has no word for is named, and kept with the record.
//! assert_eq!(taken_in.unsaid[0].code.to_string(), "OrganRemoval");
//! ```

mod crosswalk;
pub mod ctdc;
pub mod htcds;
pub mod nibrs;
pub mod niem;
mod rows;
mod unsaid;

pub use unsaid::{Coded, Defaults, TakenIn, Unsaid, Written};
