//! The published report as files: two pages, a style sheet, and the data.
//!
//! | file | what |
//! |---|---|
//! | `index.html`, `es/index.html` | the report in English and in Spanish |
//! | `public.css` | the only thing that a page loads |
//! | `data/NAME.csv`, `data/NAME.csv-metadata.json` | each table, with its metadata (CSVW) |
//! | `data/report.json` | everything |

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::section::PublicDocument;
use super::{Language, PublicFault, PublicReport, data, page};
use crate::ReportError;

const STYLE: &str = include_str!("../../templates/public.css");

/// Everything that the folder of a public report may have in it: the PDFs and the list of all files are
/// written beside the pages.
const OF_A_PUBLIC_REPORT: [&str; 7] =
    ["index.html", "es", "data", "public.css", "report.pdf", "informe.pdf", "published.json"];

/// Why the report was not published.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PublicReportError {
    /// The released tables do not fit together.
    #[error("the released tables do not fit together: {}", faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Faults {
        /// Every fault.
        faults: Vec<PublicFault>,
    },
    /// A folder with files that are no public report: they would be published with it.
    #[error(
        "{dir} has {} in it, which would be published with the report; name an empty folder, or that of an earlier public report",
        .others.join(", ")
    )]
    Occupied {
        /// The folder.
        dir: String,
        /// What is in it.
        others: Vec<String>,
    },
    /// A page or file could not be made or written.
    #[error(transparent)]
    Report(#[from] ReportError),
}

/// The files of the published report by path, before they are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicSite {
    /// Path with `/` → text.
    pub files: BTreeMap<String, String>,
}

impl PublicSite {
    /// Makes every page and file.
    ///
    /// # Errors
    ///
    /// [`PublicReportError`] with every fault of the tables, or when a file cannot be made.
    pub fn of(report: &PublicReport<'_>) -> Result<PublicSite, PublicReportError> {
        let document = |language| {
            PublicDocument::of(report, language)
                .map_err(|faults| PublicReportError::Faults { faults })
        };
        let [english, spanish] = [document(Language::English)?, document(Language::Spanish)?];
        let mut files = BTreeMap::from([
            ("index.html".to_owned(), page::page(report, &english)?),
            ("es/index.html".to_owned(), page::page(report, &spanish)?),
            ("public.css".to_owned(), STYLE.to_owned()),
            ("data/report.json".to_owned(), data::report_json(report, &english, &spanish)?),
        ]);
        for released in report.tables {
            let path = format!("data/{}.csv", released.value().name);
            let metadata = serde_json::to_string_pretty(&data::metadata(report, released))
                .map_err(ReportError::Json)?;
            files.insert(format!("{path}-metadata.json"), metadata + "\n");
            files.insert(path, data::table_csv(released)?);
        }
        Ok(PublicSite { files })
    }

    /// Writes every file into `dir`, which is made when it is not there; the path of the first page. A data
    /// file that an earlier report left there is removed if this one does not have it.
    ///
    /// # Errors
    ///
    /// [`PublicReportError::Occupied`], or [`PublicReportError::Report`] when a file cannot be written.
    pub fn write(&self, dir: &Path) -> Result<PathBuf, PublicReportError> {
        let at = |path: &Path| {
            let path = path.to_owned();
            move |source| ReportError::Write { path, source }
        };
        let others = others(dir).map_err(at(dir))?;
        if !others.is_empty() {
            return Err(PublicReportError::Occupied { dir: dir.display().to_string(), others });
        }
        for folder in [dir.to_owned(), dir.join("es"), dir.join("data")] {
            std::fs::create_dir_all(&folder).map_err(at(&folder))?;
        }
        for left in left_over(self, &dir.join("data")).map_err(at(&dir.join("data")))? {
            std::fs::remove_file(&left).map_err(at(&left))?;
        }
        for (name, text) in &self.files {
            let path = dir.join(name);
            std::fs::write(&path, text).map_err(at(&path))?;
        }
        Ok(dir.join("index.html"))
    }
}

/// What is in a folder that no public report has; an internal report must not be published with it.
fn others(dir: &Path) -> Result<Vec<String>, std::io::Error> {
    let mut others = Vec::new();
    if dir.is_dir() {
        for entry in std::fs::read_dir(dir)? {
            let name = entry?.file_name().to_string_lossy().into_owned();
            if !OF_A_PUBLIC_REPORT.contains(&name.as_str()) {
                others.push(name);
            }
        }
    }
    others.sort();
    Ok(others)
}

/// Data files that are not of this report: a table no longer published must not stay behind.
fn left_over(site: &PublicSite, data: &Path) -> Result<Vec<PathBuf>, std::io::Error> {
    let mut left = Vec::new();
    for entry in std::fs::read_dir(data)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let ours = name.ends_with(".csv") || name.ends_with(".csv-metadata.json");
        if ours && !site.files.contains_key(&format!("data/{name}")) {
            left.push(path);
        }
    }
    Ok(left)
}
