//! What a release is, as a file beside it says; and its files as bytes, and back.

use serde::{Deserialize, Serialize};

use super::ReleaseError;
use crate::aggregates::{AggregatePlan, read_aggregates, write_aggregates};
use crate::budget::Rho;
use crate::gate::Candidate;
use crate::ledger::ReleasedFile;
use crate::published::{PublishedDimension, PublishedTable};
use crate::read::read_rows;
use crate::released::Regime;
use crate::schema::Schema;
use crate::table_file::{read_table, write_table};

/// The version of the form.
pub(super) const VERSION: u32 = 1;

/// What a release is: `release.json` of its folder, or `….release.json` beside its file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Description {
    /// The version of this form.
    pub clearway_release: u32,
    /// The name of the release.
    pub name: String,
    /// How it is protected.
    pub regime: Regime,
    /// The day, `YYYY-MM-DD`.
    pub day: String,
    /// Whether it went through the ledger; what is made with a seed for tests never does.
    pub released: bool,
    /// What it holds.
    pub contents: Contents,
    /// What a reader must know: how it was made, how accurate it is, what is not in it.
    pub sheet: serde_json::Value,
}

/// What a release holds, and what is needed to read it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Contents {
    /// Tables of exact or rounded counts with cells hidden.
    Tables {
        /// The tables.
        tables: Vec<TableDescription>,
    },
    /// Tables of noised counts.
    Noisy {
        /// The tables.
        tables: Vec<TableDescription>,
        /// What they cost together.
        rho: Rho,
    },
    /// Rows about people who do not exist.
    Microdata {
        /// The file.
        file: String,
        /// Its columns.
        schema: Schema,
        /// What they cost.
        rho: Rho,
    },
    /// Counts of combinations that at least k people share.
    Aggregates {
        /// The file.
        file: String,
        /// The columns counted.
        schema: Schema,
        /// How they were counted.
        plan: AggregatePlan,
    },
}

/// One table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableDescription {
    /// Its name.
    pub name: String,
    /// Its file.
    pub file: String,
    /// What is counted, or the unit of what is added up.
    pub counted: String,
    /// The column whose amounts are added up; nothing where rows are counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<String>,
    /// Its dimensions.
    pub dimensions: Vec<PublishedDimension>,
}

/// A candidate as files and what is needed to read them. A single file of rows or aggregates has
/// the name given; tables have their own.
///
/// # Errors
/// Tables that cannot be written as CSV.
pub(super) fn files(
    candidate: &Candidate,
    single: &str,
) -> Result<(Contents, Vec<ReleasedFile>), ReleaseError> {
    let file = |bytes| vec![ReleasedFile { name: single.to_owned(), bytes }];
    let disk = |source| ReleaseError::Disk { what: "write", path: single.into(), source };
    Ok(match candidate {
        Candidate::Tables(tables) => {
            let (tables, files) = table_files(tables)?;
            (Contents::Tables { tables }, files)
        }
        Candidate::Noisy { tables, rho } => {
            let (tables, files) = table_files(tables)?;
            (Contents::Noisy { tables, rho: cost(*rho) }, files)
        }
        Candidate::Microdata { rows, rho } => {
            let mut bytes = Vec::new();
            rows.write_csv(&mut bytes).map_err(disk)?;
            let (file_name, schema) = (single.to_owned(), rows.schema().clone());
            let rho = cost(rho.unwrap_or_default());
            (Contents::Microdata { file: file_name, schema, rho }, file(bytes))
        }
        Candidate::Aggregates(aggregates) => {
            let mut bytes = Vec::new();
            write_aggregates(aggregates, &mut bytes).map_err(disk)?;
            let (schema, plan) = (aggregates.schema.clone(), aggregates.plan);
            (Contents::Aggregates { file: single.to_owned(), schema, plan }, file(bytes))
        }
    })
}

/// The cost as the ledger has it: a whole number of thousand-millionths.
fn cost(rho: f64) -> Rho {
    Rho::from_billionths((rho * 1e9).round() as u64)
}

fn table_files(
    tables: &[PublishedTable],
) -> Result<(Vec<TableDescription>, Vec<ReleasedFile>), ReleaseError> {
    let mut described = Vec::with_capacity(tables.len());
    let mut files = Vec::with_capacity(tables.len());
    for table in tables {
        let name = format!("{}.csv", table.name);
        let mut bytes = Vec::new();
        write_table(table, &mut bytes)
            .map_err(|source| ReleaseError::Table { file: name.clone(), source })?;
        described.push(TableDescription {
            name: table.name.clone(),
            file: name.clone(),
            counted: table.counted.clone(),
            amount: table.amount.clone(),
            dimensions: table.dimensions.clone(),
        });
        files.push(ReleasedFile { name, bytes });
    }
    Ok((described, files))
}

impl Contents {
    /// The files that hold it.
    pub(super) fn file_names(&self) -> Vec<&str> {
        match self {
            Contents::Tables { tables } | Contents::Noisy { tables, .. } => {
                tables.iter().map(|table| table.file.as_str()).collect()
            }
            Contents::Microdata { file, .. } | Contents::Aggregates { file, .. } => vec![file],
        }
    }

    /// What the files hold.
    ///
    /// # Errors
    /// A file that is missing, or does not hold what is described.
    pub(super) fn candidate(&self, files: &[ReleasedFile]) -> Result<Candidate, ReleaseError> {
        let bytes = |name: &str| {
            let found = files.iter().find(|file| file.name == name);
            found.map(|file| file.bytes.as_slice()).ok_or_else(|| ReleaseError::NotARelease {
                path: name.into(),
                what: "the description names it, and the ledger does not".to_owned(),
            })
        };
        let tables = |tables: &[TableDescription]| {
            let table = |one: &TableDescription| {
                let TableDescription { name, file, counted, amount, dimensions } = one.clone();
                let table = read_table(bytes(&file)?, name, counted, dimensions)
                    .map_err(|source| ReleaseError::Table { file, source })?;
                Ok(PublishedTable { amount, ..table })
            };
            tables.iter().map(table).collect::<Result<Vec<_>, ReleaseError>>()
        };
        Ok(match self {
            Contents::Tables { tables: described } => Candidate::Tables(tables(described)?),
            Contents::Noisy { tables: described, rho } => {
                Candidate::Noisy { tables: tables(described)?, rho: rho.value() }
            }
            Contents::Microdata { file, schema, rho } => {
                let rows = read_rows(bytes(file)?, schema.clone())
                    .map_err(|source| ReleaseError::Rows { file: file.clone(), source })?;
                Candidate::Microdata { rows, rho: Some(rho.value()) }
            }
            Contents::Aggregates { file, schema, plan } => Candidate::Aggregates(
                read_aggregates(bytes(file)?, schema.clone(), *plan)
                    .map_err(|source| ReleaseError::Aggregates { file: file.clone(), source })?,
            ),
        })
    }
}
