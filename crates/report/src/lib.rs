//! The state report as a static site: pages, charts, map, tables and figures.
//!
//! In: a [`StateReport`], which is internal. Out: a folder of HTML with inline SVG, `figures.csv`,
//! `figures.json` and, when people were counted, the same of them, every page stamped "internal:
//! not for publication".
//!
//! | module | what |
//! |---|---|
//! | `input` | what the report is made from ([`StateReport`], [`ShownValue`]) |
//! | `people` | people on the lists of agencies, nobody counted twice ([`PeopleCounted`]) |
//! | `shown_count` | a number of people as it may be printed ([`ShownCount`]) |
//! | [`public`] | the published report, from released tables only |
//! | `site` | the path: report → pages and files → folder |
//! | `pages` | one file for each page; templates in `templates/` |
//! | `pages/picture` | the parts of the first page, for a page of another program |
//! | `exhibits` | every chart and table with all that must stand beside it |
//! | [`charts`] | SVG: bars, columns by quarter, the county map |
//! | `phrase` | sentences with figures in them, each linked to its entry |
//! | `stamp` | who may see a page, as a type |
//! | `place` | where a figure was counted |
//! | `select` | finding the figures that a chart shows |
//! | `documents` | names of documents, each once |
//! | `said` | sentences of others, made fit for a page |
//! | `words`, `html` | numbers and periods in words; text that cannot become markup |
//! | `export` | `figures.csv` and `figures.json` |
//! | `export_people` | `people.csv` and `people.json` |
//!
//! Knows no database, web or clock, reads no file, and asks for nothing over the network; neither
//! do its pages: no script, no web font, no cookie.
//!
//! # Examples
//!
//! ```
//! fn write(report: &report::StateReport) -> Result<(), report::ReportError> {
//!     let summary = report::write_site(report, std::path::Path::new("clearway-report"))?;
//!     assert!(summary.index.ends_with("index.html"));
//!     Ok(())
//! }
//! ```

pub mod charts;
mod documents;
mod exhibits;
mod export;
mod export_people;
mod html;
mod input;
mod pages;
mod people;
mod phrase;
mod place;
pub mod public;
mod said;
mod select;
mod shown_count;
mod site;
mod stamp;
mod words;

pub use export::{COLUMNS, figures_csv, figures_json};
pub use export_people::{PEOPLE_COLUMNS, people_csv, people_json};
pub use html::Links;
pub use input::*;
pub use pages::picture::{Picture, PicturePart, picture};
pub use people::{
    AgencyCoverage, CaptureHistory, ListCounted, Overlap, PeopleBy, PeopleCell, PeopleCounted,
    PeopleRow, Truth,
};
pub use shown_count::ShownCount;
pub use site::{ReportError, STYLE_OF_PARTS, Site, SiteSummary, write_site};
pub use stamp::{INTERNAL, Stamp};
