//! Returns: tables of aggregate counts, recognised by their header and checked cell by cell.
//!
//! | step | in → out |
//! |---|---|
//! | [`recognise`] | a header → the mapping that reads it, or the candidates, or the nearest |
//! | [`check`] | a table and its mapping → figures, or every error at once |
//! | [`propose`] | a header that nobody knows → a mapping to look over and save |
//!
//! A column about a person, or one that no mapping knows, refuses the file, and its values are never
//! printed. Words are taken only from columns that a mapping calls notes, places or programmes, and
//! refused when they look like a person.

mod check;
mod mapping;
mod propose;
mod recognise;

use std::sync::OnceLock;

pub use check::{Checked, Classification, CrossFoot, Table, check};
pub use mapping::{
    Column, Counted, Empty, Mapping, MappingError, Role, TotalRow, fold_header, same_header,
};
pub use propose::propose;
pub(crate) use recognise::within_two_edits;
pub use recognise::{Recognised, recognise};

use crate::register::Register;

/// The mappings that Clearway ships, each with the file it stands in.
const SHIPPED: [(&str, &str); 14] = [
    ("clearway-return.toml", include_str!("../../../definitions/mappings/clearway-return.toml")),
    ("doj-236-1.toml", include_str!("../../../definitions/mappings/doj-236-1.toml")),
    (
        "doj-other-statutes.toml",
        include_str!("../../../definitions/mappings/doj-other-statutes.toml"),
    ),
    ("doj-counties.toml", include_str!("../../../definitions/mappings/doj-counties.toml")),
    ("heat-unit.toml", include_str!("../../../definitions/mappings/heat-unit.toml")),
    ("tcvap.toml", include_str!("../../../definitions/mappings/tcvap.toml")),
    ("orr-letters.toml", include_str!("../../../definitions/mappings/orr-letters.toml")),
    (
        "task-force-totals.toml",
        include_str!("../../../definitions/mappings/task-force-totals.toml"),
    ),
    (
        "quarterly-endpoints.toml",
        include_str!("../../../definitions/mappings/quarterly-endpoints.toml"),
    ),
    ("chart-shares.toml", include_str!("../../../definitions/mappings/chart-shares.toml")),
    ("training.toml", include_str!("../../../definitions/mappings/training.toml")),
    ("nhtrc-hotline.toml", include_str!("../../../definitions/mappings/nhtrc-hotline.toml")),
    ("htrs.toml", include_str!("../../../definitions/mappings/htrs.toml")),
    ("news-figures.toml", include_str!("../../../definitions/mappings/news-figures.toml")),
];

/// The mappings that Clearway ships: its own form, then the tables of the 2012 report.
///
/// # Errors
///
/// [`MappingError`] when a shipped mapping does not fit the register; a test keeps that from
/// happening.
pub fn shipped_mappings() -> Result<&'static [Mapping], MappingError> {
    static READ: OnceLock<Result<Vec<Mapping>, MappingError>> = OnceLock::new();
    let read = READ.get_or_init(|| {
        let register = Register::embedded();
        SHIPPED.iter().map(|(file, toml)| Mapping::read(file, toml, register)).collect()
    });
    read.as_deref().map_err(Clone::clone)
}
