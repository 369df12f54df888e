//! The path of the analysis, one file for each step.
//!
//! | step | in → out |
//! |---|---|
//! | [`collect`] | files → checked returns in the store, or every error |
//! | [`receive`] | sealed files of agencies → submissions in the store, an answer to each agency |
//! | [`link`] | encodings of people → who is whom |
//! | [`people`] | submissions, and who is whom → people, as a range |
//! | [`count`] | figures that stand → sums by quarter, reporter and breakdown, with coverage |
//! | [`estimate`] | capture histories → how many people no list has seen, and plots of it |
//! | [`quality`] | figures and returns → findings |
//! | [`report`] | sums, figures and findings → the state report |
//! | [`publish`] | released tables → the report for everybody, as pages, data and a PDF |
//! | [`explain`] | a figure's name → definition, source, coverage, revisions, findings |
//!
//! An agency's own side, from `agency.toml` to a sealed file, is [`agency`].
//!
//! What an agency files in the browser is checked by [`filing`].
//!
//! What is counted is opened by [`tables`], to a scope. [`match_people`] links a file that somebody has,
//! and opens none of them.
//!
//! Beside the path: [`backup`] copies an installation and brings it back; [`templates`] writes the forms that `collect` reads back, and [`practice`]
//! makes up the returns of task forces that do not exist; [`published`] holds those of 2012.

pub mod agency;
pub mod agency_records;
pub mod backup;
pub mod collect;
pub mod count;
mod disk;
mod encodings;
pub mod estimate;
pub mod explain;
pub mod filing;
pub mod link;
pub mod people;
pub mod practice;
pub mod publish;
pub mod published;
pub mod quality;
pub mod receive;
pub mod record_counts;
pub mod report;
pub mod tables;
pub mod templates;

pub use query::{MatchError, MatchQuestion, match_people};
