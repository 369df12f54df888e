//! The published report: "The State of Human Trafficking in ‹State›, ‹period›", in English and in
//! Spanish, as pages and as data.
//!
//! In: a [`PublicReport`], in which everything about people is `disclosure::Released`. Out: a
//! [`PublicDocument`] for each language, of which each [`Section`] is one message with its chart and
//! its table, and from it [`PublicSite`]: pages, CSV with CSVW metadata, JSON. A PDF is made from
//! the same [`PublicDocument`].
//!
//! | module | what |
//! |---|---|
//! | `input`, `check` | what it is made from; whether released tables fit together |
//! | `words`, `language`, `in_words` | every word in both languages; numbers; values in words |
//! | `slice` | a margin of the released tables; nothing is added or subtracted |
//! | `sections`, `charts` | each finding with chart and table, one file each |
//! | `section`, `document` | the report as parts |
//! | `end_notes` | method, coverage, definitions, uncertainty; [`public_explain`] |
//! | `page`, `data`, `site` | the pages, the data files, the folder |
//!
//! A number that is hidden has no value here: [`disclosure::PublishedValue::Hidden`] carries none,
//! and no number is worked out from others. A sentence compares two numbers only if their intervals
//! do not overlap.

mod charts;
mod check;
mod data;
mod document;
mod end_notes;
mod in_words;
mod input;
mod language;
mod page;
mod section;
mod sections;
mod site;
mod slice;
mod words;

pub use check::PublicFault;
pub use end_notes::{PublicExplainError, PublicExplanation, public_explain};
pub use input::{Bilingual, CategoryName, Coverage, Licence, PublicReport};
pub use language::Language;
pub use section::{
    CellKind, CellShown, Chart, EndNote, KeyFigure, KeySign, PublicDocument, RowShown, Section,
    TableShown,
};
pub use site::{PublicReportError, PublicSite};
