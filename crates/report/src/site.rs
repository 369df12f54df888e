//! The path of the report: report → pages and files → folder.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::{StateReport, figures_csv, figures_json, pages, people_csv, people_json};

/// The style sheet, the only thing that a page loads.
const STYLE: &str = concat!(
    ":root {\n",
    include_str!("../templates/colors.css"),
    "}\n",
    include_str!("../templates/report.css"),
    include_str!("../templates/paper.css"),
);

/// The same for exhibits within `<div class="report">` of another page, and for nothing else on it.
pub const STYLE_OF_PARTS: &str = concat!(
    ".report {\n",
    "color: var(--ink); background: var(--paper); padding: 1px 1.25rem; color-scheme: light;\n",
    // What the page says of these is taken back.
    "figure { max-width: none; } .tag { border: 0; padding: 0; background: none; }\n",
    include_str!("../templates/colors.css"),
    include_str!("../templates/report.css"),
    "}\n",
);

/// The page of one reporter.
const YOUR_QUARTER: &str = "your-quarter.html";

/// People, nobody counted twice, as data.
const PEOPLE_CSV: &str = "people.csv";
const PEOPLE_JSON: &str = "people.json";

/// What not every report has.
const OPTIONAL: [&str; 4] = [YOUR_QUARTER, pages::people::FILE, PEOPLE_CSV, PEOPLE_JSON];

/// Why the report was not written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReportError {
    /// A file or the folder could not be written.
    #[error("cannot write {}", path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// `figures.csv` or `people.csv` could not be made.
    #[error("cannot write the figures as CSV")]
    Csv(#[from] csv::Error),
    /// `figures.csv` or `people.csv` could not be finished.
    #[error("cannot finish the figures as CSV")]
    CsvEnd(#[from] std::io::Error),
    /// `figures.json` or `people.json` could not be made.
    #[error("cannot write the figures as JSON")]
    Json(#[from] serde_json::Error),
    /// A page could not be made.
    #[error("cannot make a page")]
    Page(#[from] askama::Error),
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteSummary {
    /// The page to open first.
    pub index: PathBuf,
    /// How many figures the site shows and explains.
    pub figures: usize,
    /// Every file written.
    pub files: Vec<PathBuf>,
}

/// The files of the site by name, before they are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// Name → text.
    pub files: BTreeMap<&'static str, String>,
}

impl Site {
    /// Makes every page and file of the report.
    ///
    /// # Errors
    ///
    /// [`ReportError`] when a page or file cannot be made.
    pub fn of(report: &StateReport) -> Result<Site, ReportError> {
        let mut files = BTreeMap::from([
            ("index.html", pages::index::page(report)?),
            ("figures.html", pages::figures::page(report)?),
            ("data-quality.html", pages::data_quality::page(report)?),
            ("definitions.html", pages::definitions::page(report)?),
            ("report.css", STYLE.to_owned()),
            ("figures.csv", figures_csv(report)?),
            ("figures.json", figures_json(report)?),
        ]);
        if let Some(own) = &report.your_quarter {
            files.insert(YOUR_QUARTER, pages::your_quarter::page(report, own)?);
        }
        if let Some(people) = &report.people {
            files.insert(pages::people::FILE, pages::people::page(report, people)?);
            files.insert(PEOPLE_CSV, people_csv(people)?);
            files.insert(PEOPLE_JSON, people_json(report, people)?);
        }
        Ok(Site { files })
    }
}

/// Writes the report as a static site into `dir`, which is made when it is not there.
///
/// # Errors
///
/// [`ReportError`] when a page cannot be made or a file cannot be written.
pub fn write_site(report: &StateReport, dir: &Path) -> Result<SiteSummary, ReportError> {
    let site = Site::of(report)?;
    let at = |path: &Path| {
        let path = path.to_owned();
        move |source| ReportError::Write { path, source }
    };
    std::fs::create_dir_all(dir).map_err(at(dir))?;
    for name in OPTIONAL {
        if !site.files.contains_key(name) {
            remove(&dir.join(name))?;
        }
    }
    let mut files = Vec::new();
    for (name, text) in &site.files {
        let path = dir.join(name);
        std::fs::write(&path, text).map_err(at(&path))?;
        files.push(path);
    }
    Ok(SiteSummary { index: dir.join("index.html"), figures: report.figures.len(), files })
}

/// Removes a page or file that an earlier report left and this one does not have.
fn remove(path: &Path) -> Result<(), ReportError> {
    match std::fs::remove_file(path) {
        Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
            Err(ReportError::Write { path: path.to_owned(), source })
        }
        _ => Ok(()),
    }
}
