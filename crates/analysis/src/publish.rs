//! Publish: what the gate let through → the state report for everybody, as pages, data and a PDF.
//!
//! In: released tables about people, and from the store what is about agencies only. Out:
//! [`Published`]. Nothing here sees a row or a count of people that was not released; the number of
//! people on no list is worked out from released capture histories ([`released_histories_estimate`]).
//!
//! | module | what |
//! |---|---|
//! | `estimate` | released capture histories → a range that allows for the noise in them |
//! | `coverage` | the store → which agencies reported |
//! | `pdf` | the report as parts → the PDF |
//! | `manifest` | the list of what was published, without which nothing is served ([`PublishedFolder`]) |

mod coverage;
mod estimate;
mod manifest;
mod pdf;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use disclosure::{PublishedEstimate, PublishedTable, Released};
use jiff::civil::Date;
use records::register::{Kind, Register};
use records::{Period, Quarter};
use report::CountyShape;
use report::public::{
    Bilingual, CategoryName, Coverage, Language, Licence, PublicDocument, PublicExplainError,
    PublicExplanation, PublicReport, PublicReportError, PublicSite, public_explain,
};

pub use coverage::agencies;
pub use estimate::{HistoriesError, is_histories, released_histories_estimate};
pub use manifest::{PublishedFolder, PublishedFolderError};

use crate::people::{EXPLOITATION, LIST_PREFIX, QUARTER, SEVERAL};
use crate::report::counties;

/// What the published report is made from.
#[derive(Debug)]
pub struct Material<'m> {
    /// The state, by its code.
    pub state: &'m str,
    /// Released tables of people.
    pub tables: &'m [Released<PublishedTable>],
    /// How many people there are in all, if that was estimated.
    pub estimate: Option<&'m Released<PublishedEstimate>>,
    /// Who reported.
    pub coverage: Coverage,
    /// The day it is dated.
    pub day: Date,
    /// Whether the data are made up.
    pub made_up: bool,
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// The first page.
    pub index: PathBuf,
    /// The PDF in English and in Spanish.
    pub pdf: [PathBuf; 2],
}

/// Why nothing was published.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PublishError {
    /// No table says which quarters it is about.
    #[error(
        "none of the released tables has the dimension \"{QUARTER}\", so that the report has no period; release one with it"
    )]
    NoPeriod,
    /// The register does not know the state.
    #[error("the register has no state \"{0}\"")]
    NoState(String),
    /// The pages.
    #[error(transparent)]
    Pages(#[from] PublicReportError),
    /// A section that cannot be explained.
    #[error(transparent)]
    Explain(#[from] PublicExplainError),
    /// The PDF.
    #[error("the PDF cannot be made: {0}")]
    Pdf(#[from] report_pdf::PdfError),
    /// The disk.
    #[error("cannot write {path}: {source}")]
    Disk {
        /// Where.
        path: PathBuf,
        /// What happened.
        source: std::io::Error,
    },
}

/// Writes pages, data files and a PDF in each language into a folder, and at last the list of them, by
/// which a server knows what was published.
///
/// # Errors
///
/// [`PublishError`].
pub fn write(
    register: &Register,
    material: Material<'_>,
    folder: &Path,
) -> Result<Published, PublishError> {
    let shapes = counties(register);
    let report = report(register, material, &shapes)?;
    let site = PublicSite::of(&report)?;
    let mut files: BTreeMap<String, Vec<u8>> =
        site.files.iter().map(|(name, text)| (name.clone(), text.clone().into_bytes())).collect();
    let mut titles = BTreeMap::new();
    for (language, name) in [(Language::English, PDF[0]), (Language::Spanish, PDF[1])] {
        let document = PublicDocument::of(&report, language)
            .map_err(|faults| PublicReportError::Faults { faults })?;
        titles.insert(language.code().to_owned(), document.title.clone());
        let rendered = report_pdf::render(&pdf::document(&report, &document))?;
        files.insert(name.to_owned(), rendered.bytes);
    }
    // What was published before is not while this is being written.
    manifest::remove(folder)?;
    let index = site.write(folder)?;
    for name in PDF {
        let path = folder.join(name);
        std::fs::write(&path, &files[name])
            .map_err(|source| PublishError::Disk { path: path.clone(), source })?;
    }
    manifest::write(folder, titles, &files)?;
    Ok(Published { index, pdf: PDF.map(|name| folder.join(name)) })
}

/// The PDF in English and in Spanish.
const PDF: [&str; 2] = ["report.pdf", "informe.pdf"];

/// What everybody is told of a section of the published report.
///
/// # Errors
///
/// [`PublishError`]: no such section, or tables that make no report.
pub fn explain(
    register: &Register,
    material: Material<'_>,
    section: &str,
    language: Language,
) -> Result<PublicExplanation, PublishError> {
    let shapes = counties(register);
    Ok(public_explain(&report(register, material, &shapes)?, section, language)?)
}

fn report<'m>(
    register: &Register,
    material: Material<'m>,
    shapes: &'m [CountyShape],
) -> Result<PublicReport<'m>, PublishError> {
    let state = register
        .get(Kind::State, material.state)
        .ok_or_else(|| PublishError::NoState(material.state.to_owned()))?;
    Ok(PublicReport {
        state: Bilingual::same(&state.label),
        period: period(material.tables).ok_or(PublishError::NoPeriod)?,
        day: material.day,
        tables: material.tables,
        estimate: material.estimate,
        coverage: material.coverage,
        names: names(register, material.tables),
        counties: shapes,
        interval_percent: Some(95),
        definitions_version: register.current_version().name.clone(),
        licence: Licence {
            name: "CC BY 4.0".to_owned(),
            url: "https://creativecommons.org/licenses/by/4.0/".to_owned(),
        },
        made_up: material.made_up,
    })
}

/// From the first quarter to the last that a table is about.
fn period(tables: &[Released<PublishedTable>]) -> Option<Period> {
    let dimensions = tables.iter().flat_map(|table| &table.value().dimensions);
    let quarters: Vec<Quarter> = dimensions
        .filter(|dimension| dimension.name == QUARTER)
        .flat_map(|dimension| &dimension.categories)
        .filter_map(|word| word.parse().ok())
        .collect();
    let (first, last) = (quarters.iter().min()?, quarters.iter().max()?);
    Period::new(first.period().start(), last.period().end()).ok()
}

/// Names of categories that pages do not know of themselves.
fn names(register: &Register, tables: &[Released<PublishedTable>]) -> Vec<CategoryName> {
    let several = Bilingual {
        english: "Described differently by agencies".to_owned(),
        spanish: "Descrito de forma distinta por los organismos".to_owned(),
    };
    let mut names: Vec<CategoryName> = Vec::new();
    for dimension in tables.iter().flat_map(|table| &table.value().dimensions) {
        for category in &dimension.categories {
            let kind = match dimension.name.as_str() {
                _ if category == SEVERAL => None,
                "gender" => Some(Kind::Gender),
                "age" => Some(Kind::Age),
                "county" => Some(Kind::County),
                EXPLOITATION => Some(Kind::TraffickingType),
                name if name.starts_with(LIST_PREFIX) => continue,
                _ => continue,
            };
            let name = match kind {
                None => several.clone(),
                // Those that pages know are named there, in both languages.
                Some(kind) => match register.get(kind, category) {
                    Some(entry) if kind == Kind::County => Bilingual::same(&entry.label),
                    _ => continue,
                },
            };
            let named = CategoryName {
                dimension: dimension.name.clone(),
                category: category.clone(),
                name,
            };
            if !names.contains(&named) {
                names.push(named);
            }
        }
    }
    names
}
