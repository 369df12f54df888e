//! A report on paper: an accessible, tagged PDF, typeset by typst.
//!
//! In: a [`Document`], plain text and charts as SVG. Out: a [`Pdf`] that conforms to PDF/UA-1 (and
//! PDF/A-2a, for archives), with bookmarks, or every problem of the document at once.
//!
//! | module | what |
//! |---|---|
//! | `document` | what can stand in a report: headings, figures, tables, notes |
//! | `problems` | what is wrong with a document, with its place |
//! | `printable` | text as the typefaces can print it; nothing is left out unsaid |
//! | `drawing` | SVG made fit for the page |
//! | `columns` | how wide the columns of a table are |
//! | `day`, `words` | the day and the report's own words, in English and in Spanish |
//! | `values` | a document as values for the template |
//! | `typefaces`, `world` | all that typst may see: one template, six typefaces, no file, no clock |
//! | `render` | the path: document → checked → values → pages → PDF → checked |
//! | `accessibility` | what a PDF gives to somebody who cannot see it ([`check`]) |
//!
//! **Text is data.** Every string reaches the template as a value and is never parsed as markup,
//! code or a path. The template (`template/report.typ`) is compiled in; typst is given no file, no
//! package and no clock. Same document, same bytes, on any machine.
//!
//! Knows nothing of trafficking, releases or databases; whoever calls it decides what may be
//! published. It does not draw charts.
//!
//! # Examples
//!
//! ```
//! use report_pdf::{Block, Document, Inline, Language, Paper};
//!
//! let document = Document {
//!     language: Language::English,
//!     paper: Paper::UsLetter,
//!     title: "The State of Human Trafficking in Practice State".to_owned(),
//!     subtitle: "What eight of nine task forces reported".to_owned(),
//!     issuer: "Office of Practice".to_owned(),
//!     period: "July to September 2026".to_owned(),
//!     day: "2026-11-29".to_owned(),
//!     stamp: None,
//!     numbered: false,
//!     blocks: vec![
//!         Block::Heading { level: 1, text: "Who was seen".to_owned() },
//!         Block::Paragraph(vec![Inline::Text("Twelve people. $ # * are only characters.".to_owned())]),
//!     ],
//! };
//! let pdf = report_pdf::render(&document)?;
//! assert_eq!(report_pdf::check(&pdf.bytes)?.headings, [1]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod accessibility;
mod columns;
mod day;
mod document;
mod drawing;
mod printable;
mod problems;
mod render;
mod typefaces;
mod values;
mod words;
mod world;

pub use accessibility::{Accessibility, Inaccessible, check};
pub use document::{
    Alignment, Block, Cell, Document, Figure, HeaderCell, Inline, KeyFigure, Language, Paper,
    Table, Tone,
};
pub use problems::{Place, Problem};
pub use render::{Pdf, PdfError, render};
