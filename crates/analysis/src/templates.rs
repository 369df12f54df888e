//! Workbooks and tables to fill in, made from the definitions register.
//!
//! In: the register. Out: in a directory, a workbook for any figures (`clearway-return.xlsx`), one
//! with a row for every figure of a task force's quarter
//! (`clearway-quarterly-task-force.xlsx`), the same form as CSV (`clearway-return.csv`) and what
//! each column takes (`data-dictionary.csv`). Drop-downs hold every code of the register's version
//! in use; nothing but the register decides their bytes.
//!
//! | module | what |
//! |---|---|
//! | `columns` | the columns of the form, what each means and takes |
//! | `quarter` | the figures of a task force's quarter |
//! | `workbook` | the sheets of a workbook |
//! | `read_me` | what the first sheet says |
//!
//! A new workbook is a list of rows like `quarter`'s and a line in [`write()`].

mod columns;
pub(crate) mod quarter;
mod read_me;
mod workbook;

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use records::register::{Kind, Register};
use rust_xlsxwriter::XlsxError;

pub use columns::column_names;

/// Why the templates could not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TemplateError {
    /// A workbook could not be made.
    #[error("the workbook could not be made")]
    Workbook(#[from] XlsxError),
    /// A table could not be made.
    #[error("the table could not be made")]
    Table(#[from] csv::Error),
    /// A file could not be written.
    #[error("{path} could not be written")]
    Write {
        /// The file or directory.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file of that name is there and differs: it may have been filled in.
    #[error("{path} is there already and differs from the template, it may have been filled in")]
    FilledIn {
        /// The file.
        path: PathBuf,
    },
    /// The register lacks a code that a form is made of.
    #[error("the register has no current {kind} \"{code}\"")]
    NoCode {
        /// The kind of code.
        kind: Kind,
        /// The code.
        code: &'static str,
    },
}

/// Writes every template into a directory, which is made if it is not there.
///
/// A template that is there already is left as it is; a file of the same name that differs is
/// never overwritten, and then nothing is written at all. Returns the files in the order in which
/// they are listed above.
///
/// # Errors
///
/// [`TemplateError`]; [`TemplateError::FilledIn`] when a file would be overwritten.
pub fn write(register: &Register, out: &Path) -> Result<Vec<PathBuf>, TemplateError> {
    let files = [
        ("clearway-return.xlsx", workbook::any_figures(register)?),
        ("clearway-quarterly-task-force.xlsx", workbook::quarter(register)?),
        ("clearway-return.csv", columns::form(register)?),
        ("data-dictionary.csv", columns::dictionary(register)?),
    ];
    let failed = |path: &Path| {
        let path = path.to_owned();
        |source| TemplateError::Write { path, source }
    };
    fs::create_dir_all(out).map_err(failed(out))?;
    let mut missing = Vec::new();
    let mut paths = Vec::new();
    for (name, bytes) in files {
        let path = out.join(name);
        match fs::read(&path) {
            Ok(there) if there == bytes => {}
            Ok(_) => return Err(TemplateError::FilledIn { path }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                missing.push((path.clone(), bytes));
            }
            Err(error) => return Err(failed(&path)(error)),
        }
        paths.push(path);
    }
    for (path, bytes) in missing {
        let written = File::create_new(&path).and_then(|mut file| file.write_all(&bytes));
        written.map_err(failed(&path))?;
    }
    Ok(paths)
}

/// A current entry that a form is made of.
fn code(
    register: &Register,
    kind: Kind,
    code: &'static str,
) -> Result<&'static str, TemplateError> {
    let current = register.entries(kind).any(|entry| entry.code == code);
    if current { Ok(code) } else { Err(TemplateError::NoCode { kind, code }) }
}
