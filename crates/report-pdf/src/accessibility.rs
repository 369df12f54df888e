//! What a PDF gives to somebody who cannot see it.
//!
//! In: the bytes of a PDF. Out: what it tells a screen reader ([`Accessibility`]), or everything
//! that it fails to tell. Checked is what a program can check (PDF/UA-1, ISO 14289-1): that the
//! file is tagged, names its language and its title and shows the title, has bookmarks, headings
//! in order, an alternative text for every figure, head cells in every table, all its typefaces,
//! and no text outside of its tags. Whether a text says the right thing only a reader can tell.

mod elements;
mod pages;

use hayro_syntax::Pdf;
use hayro_syntax::object::{Dict, Name, Object, Stream, String as PdfString};

use elements::Element;

/// What a PDF tells a screen reader.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Accessibility {
    /// The language of the document.
    pub language: String,
    /// Its title.
    pub title: String,
    /// The bookmarks, from top to bottom.
    pub bookmarks: Vec<String>,
    /// The levels of its headings, in reading order.
    pub headings: Vec<u8>,
    /// The alternative texts of its figures, in reading order.
    pub figures: Vec<String>,
    /// How many tables it has.
    pub tables: usize,
    /// How many cells name a column or a row.
    pub head_cells: usize,
    /// How many cells hold what is told.
    pub data_cells: usize,
    /// Its typefaces; all of them are in the file.
    pub typefaces: Vec<String>,
}

/// What a PDF fails to tell.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the PDF is not accessible: {}", .0.join("; "))]
pub struct Inaccessible(pub Vec<String>);

/// Checks a PDF.
///
/// # Errors
///
/// [`Inaccessible`] with everything that is missing, or that the file cannot be read at all.
pub fn check(pdf: &[u8]) -> Result<Accessibility, Inaccessible> {
    let pdf = Pdf::new(pdf.to_vec())
        .map_err(|_| Inaccessible(vec!["the file is no PDF that can be read".to_owned()]))?;
    let mut missing = Vec::new();
    let root: Dict<'_> = pdf.xref().get(pdf.xref().root_id()).unwrap_or_else(Dict::empty);
    let mut found = Accessibility::default();
    catalog(&pdf, &root, &mut found, &mut missing);
    match root.get::<Dict<'_>>("StructTreeRoot") {
        Some(tree) => structure(&elements::read(&tree), &mut found, &mut missing),
        None => missing.push("no structure tree".to_owned()),
    }
    found.typefaces = pages::typefaces(&pdf, &mut missing);
    pages::text_outside_of_tags(&pdf, &mut missing);
    if missing.is_empty() { Ok(found) } else { Err(Inaccessible(missing)) }
}

/// What the file says of itself.
fn catalog(pdf: &Pdf, root: &Dict<'_>, found: &mut Accessibility, missing: &mut Vec<String>) {
    let mut need = |there: bool, what: &str| {
        if !there {
            missing.push(what.to_owned());
        }
    };
    let inner = |key: &str| root.get::<Dict<'_>>(key).unwrap_or_else(Dict::empty);
    need(inner("MarkInfo").get("Marked") == Some(true), "not marked as tagged");
    found.language = text(root, "Lang");
    need(!found.language.is_empty(), "no language");
    let title = pdf.metadata().title.as_ref();
    found.title = title.map(|bytes| decoded(bytes)).unwrap_or_default();
    need(!found.title.trim().is_empty(), "no title");
    let shown = inner("ViewerPreferences").get("DisplayDocTitle") == Some(true);
    need(shown, "the title is not shown in place of the file's name");
    let metadata = root.get::<Stream<'_>>("Metadata").and_then(|stream| stream.decoded().ok());
    let metadata = metadata.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    need(metadata.is_some_and(|xmp| xmp.contains("pdfuaid:part")), "not declared as PDF/UA");
    found.bookmarks = elements::bookmarks(&inner("Outlines"));
}

/// What the tags say.
fn structure(elements: &[Element], found: &mut Accessibility, missing: &mut Vec<String>) {
    for element in elements {
        match element.kind.as_str() {
            "Figure" if element.alternative.trim().is_empty() => {
                missing.push(format!("figure {} has no alternative text", found.figures.len() + 1));
                found.figures.push(String::new());
            }
            "Figure" => found.figures.push(element.alternative.clone()),
            "Table" => {
                found.tables += 1;
                if element.head_cells == 0 {
                    missing.push(format!("table {} has no head cells", found.tables));
                }
            }
            "TH" => found.head_cells += 1,
            "TD" => found.data_cells += 1,
            "H" => missing.push("a heading without a level".to_owned()),
            kind => {
                if let Some(level) = kind.strip_prefix('H').and_then(|level| level.parse().ok()) {
                    let before = found.headings.last().copied().unwrap_or(0);
                    if level > before + 1 {
                        missing.push(format!("a heading of level {level} follows one of {before}"));
                    }
                    found.headings.push(level);
                }
            }
        }
    }
    if !found.headings.is_empty() && found.bookmarks.is_empty() {
        missing.push("headings, but no bookmarks".to_owned());
    }
}

/// A text in a dictionary; empty if there is none.
fn text(dict: &Dict<'_>, key: &str) -> String {
    dict.get::<PdfString<'_>>(key).map(|text| decoded(text.as_bytes())).unwrap_or_default()
}

/// A name in a dictionary; empty if there is none.
fn name(dict: &Dict<'_>, key: &str) -> String {
    dict.get::<Name<'_>>(key).map(|name| name.as_str().to_owned()).unwrap_or_default()
}

/// A text of a PDF: UTF-16 with its mark, or Latin.
fn decoded(bytes: &[u8]) -> String {
    match bytes.strip_prefix(&[0xFE, 0xFF]) {
        Some(units) => {
            let units = units.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
            char::decode_utf16(units).map(|unit| unit.unwrap_or('\u{FFFD}')).collect()
        }
        None => bytes.iter().map(|byte| char::from(*byte)).collect(),
    }
}

/// The dictionary of an object, if it is one.
fn dict_of(object: Object<'_>) -> Option<Dict<'_>> {
    object.into_dict()
}
