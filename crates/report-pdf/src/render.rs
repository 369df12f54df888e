//! The path of a report to paper.

use std::collections::BTreeSet;

use typst::diag::SourceDiagnostic;
use typst::foundations::Smart;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use crate::printable::Printer;
use crate::world::Desk;
use crate::{Document, Inaccessible, Problem, check, problems, values};

/// A report on paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pdf {
    /// The file, PDF 1.7, PDF/UA-1 and PDF/A-2a.
    pub bytes: Vec<u8>,
    /// How many pages it has.
    pub pages: usize,
    /// Characters that the typefaces do not have; each stands in the report as its code point,
    /// `[U+1F600]`. Alternative texts may hold any character and are not in here.
    pub replaced: BTreeSet<char>,
}

/// Why there is no PDF.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PdfError {
    /// The document has problems; all of them.
    #[error("the report cannot be typeset: {}", joined(.0))]
    Problems(Vec<Problem>),
    /// The typesetter refused what the checks let through.
    #[error("the report could not be typeset: {}", .0.join("; "))]
    Typesetting(Vec<String>),
    /// The PDF is not accessible; it is not handed out.
    #[error(transparent)]
    Inaccessible(#[from] Inaccessible),
}

fn joined(problems: &[Problem]) -> String {
    problems.iter().map(Problem::to_string).collect::<Vec<String>>().join("; ")
}

/// Typesets a report.
///
/// The same document gives the same bytes. Time is linear in the length of the document: nine
/// pages with six charts take less than a second of CPU in a release build.
///
/// # Errors
///
/// [`PdfError::Problems`] with every problem of the document; [`PdfError::Typesetting`] and
/// [`PdfError::Inaccessible`] when what the checks let through did not become an accessible PDF.
pub fn render(document: &Document) -> Result<Pdf, PdfError> {
    let problems = problems::of(document);
    if !problems.is_empty() {
        return Err(PdfError::Problems(problems));
    }
    let mut printer = Printer::default();
    let desk = Desk::new(values::of(document, &mut printer)?);
    let typeset = typst::compile::<PagedDocument>(&desk).output;
    let exported = typeset.and_then(|pages| {
        typst_pdf::pdf(&pages, &options(document)?).map(|bytes| (bytes, pages.pages().len()))
    });
    // What typst remembers between documents is of no use to the next report.
    typst::comemo::evict(0);
    let (bytes, pages) = exported.map_err(|errors| refused(&errors))?;
    check(&bytes)?;
    Ok(Pdf { bytes, pages, replaced: printer.replaced })
}

/// A file for archives that can be read aloud, and that is the same whenever it is made.
fn options(document: &Document) -> typst::diag::SourceResult<PdfOptions> {
    let standards =
        PdfStandards::new(&[PdfStandard::Ua_1, PdfStandard::A_2a]).map_err(|error| {
            typst::ecow::eco_vec![SourceDiagnostic::error(
                typst::syntax::Span::detached(),
                error.message().clone(),
            )]
        })?;
    Ok(PdfOptions {
        ident: Smart::Custom(format!(
            "{}\n{}\n{}\n{:?}",
            document.issuer, document.title, document.day, document.language
        )),
        creator: Smart::Custom(Some("Clearway".to_owned())),
        standards,
        ..PdfOptions::default()
    })
}

fn refused(errors: &[SourceDiagnostic]) -> PdfError {
    PdfError::Typesetting(errors.iter().map(|error| error.message.to_string()).collect())
}
