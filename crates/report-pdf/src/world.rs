//! All that typst may see: the template and the typefaces. No file, no package, no clock.

use std::sync::LazyLock;

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Dict, Duration};
use typst::syntax::{FileId, Source};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Feature, Library, LibraryExt, World};

use crate::typefaces::TYPEFACES;

static TEMPLATE: LazyLock<Source> =
    LazyLock::new(|| Source::detached(include_str!("../template/report.typ")));

/// A world in which one document is typeset.
pub(crate) struct Desk {
    library: LazyHash<Library>,
}

impl Desk {
    /// A desk on which nothing lies but these values.
    pub(crate) fn new(values: Dict) -> Desk {
        // Names of rows are told to screen readers through `pdf.header-cell`.
        let features = [Feature::A11yExtras].into_iter().collect();
        let library = Library::builder().with_inputs(values).with_features(features).build();
        Desk { library: LazyHash::new(library) }
    }
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &TYPEFACES.book
    }

    fn main(&self) -> FileId {
        TEMPLATE.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == TEMPLATE.id() { Ok(TEMPLATE.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, _: FileId) -> FileResult<Bytes> {
        Err(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        TYPEFACES.faces.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
