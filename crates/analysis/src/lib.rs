//! The path of the analysis, one file for each step.
//!
//! | step | in → out |
//! |---|---|
//! | [`collect`] | files → checked returns in the store, or every error |
//! | [`count`] | figures that stand → sums by quarter, reporter and breakdown, with coverage |
//! | [`quality`] | figures and returns → findings |
//! | [`report`] | sums, figures and findings → the state report |
//! | [`explain`] | a figure's name → definition, source, coverage, revisions, findings |
//!
//! Beside the path: [`templates`] writes the forms that `collect` reads back, and [`practice`]
//! makes up the returns of task forces that do not exist; [`published`] holds those of 2012.

pub mod collect;
pub mod count;
pub mod explain;
pub mod practice;
pub mod published;
pub mod quality;
pub mod report;
pub mod templates;
