//! The rows that a release is made from: a file, or the people of the database.

use std::path::{Path, PathBuf};

use analysis::collect::InputFile;
use analysis::people::{DescribedPeople, PUBLIC_FIELDS, PeoplePlan, describe};
use anyhow::{Context, bail};
use disclosure::{
    Amounts, FAULTS_LISTED, ReadError, Rows, Schema, read_amounts, read_rows, read_rows_learning,
};

use crate::commands::{bytes_of, count, open_existing, scope};
use crate::{Shared, clock, output};

/// Where the rows come from.
#[derive(Debug, clap::Args)]
pub(super) struct Source {
    /// The rows: a CSV file with a header and one row for each person; - is standard input
    file: Option<PathBuf>,
    /// Take the people nobody counted twice from the database, instead of a file
    #[arg(long, conflicts_with_all = ["file", "schema"])]
    people: bool,
    /// What each column may say, public and never learnt from the data: a JSON file
    /// {"columns":[{"name":…,"categories":[…]}]}; a blank is always allowed
    #[arg(long, value_name = "FILE")]
    schema: Option<PathBuf>,
}

/// What is done without a schema.
#[derive(Clone, Copy)]
pub(super) enum WithoutSchema<'c> {
    /// The categories of these columns are taken from the data.
    Learn(&'c [String]),
    /// It is an error.
    Refuse,
}

impl Source {
    /// The rows.
    pub(super) async fn rows(
        &self,
        shared: &Shared,
        without: WithoutSchema<'_>,
    ) -> anyhow::Result<Rows> {
        match (&self.file, self.people) {
            (Some(file), _) => self.read_file(file, without),
            (None, true) => Ok(people(shared).await?.rows),
            (None, false) => bail!("name a file of rows, or --people for those of the database"),
        }
    }

    /// Whether the categories are taken from the rows of a file.
    pub(super) fn learns(&self) -> bool {
        self.file.is_some() && self.schema.is_none()
    }

    /// A file of rows, without anything else said.
    pub(super) fn of_file(file: PathBuf) -> Source {
        Source { file: Some(file), people: false, schema: None }
    }

    /// The rows of its file by a schema.
    pub(super) fn by_schema(&self, schema: Schema) -> anyhow::Result<Rows> {
        let Some(file) = &self.file else { bail!("name a file of rows") };
        let (name, bytes) = bytes(file)?;
        read_rows(bytes.as_slice(), schema).map_err(|error| refused(&name, &error))
    }

    /// The amounts of a column of its file, which is read again.
    pub(super) fn amounts(&self, amount: &str, whose: Option<&str>) -> anyhow::Result<Amounts> {
        let file = self.file.as_ref().filter(|file| file.as_os_str() != "-");
        let Some(file) = file else { bail!("amounts are read from a file: name it") };
        let (name, bytes) = bytes(file)?;
        read_amounts(bytes.as_slice(), amount, whose).map_err(|error| refused(&name, &error))
    }

    /// A name for the data set, where none was given.
    pub(super) fn data_set(&self) -> String {
        let stem = self.file.as_ref().and_then(|file| file.file_stem());
        let stem = stem.map(|stem| stem.to_string_lossy().into_owned());
        stem.filter(|stem| stem != "-").unwrap_or_else(|| "people".to_owned())
    }

    fn read_file(&self, file: &Path, without: WithoutSchema<'_>) -> anyhow::Result<Rows> {
        match (&self.schema, without) {
            (Some(schema), _) => self.by_schema(read_schema(schema)?),
            (None, WithoutSchema::Learn(columns)) => {
                let (name, bytes) = bytes(file)?;
                read_rows_learning(bytes.as_slice(), columns)
                    .map_err(|error| refused(&name, &error))
            }
            (None, WithoutSchema::Refuse) => bail!(
                "a private release needs the public categories of its columns: give --schema FILE. Lists that are learnt from the data are not private"
            ),
        }
    }
}

/// A file's name and its bytes.
fn bytes(file: &Path) -> anyhow::Result<(String, Vec<u8>)> {
    let name = file.display().to_string();
    let bytes = bytes_of(&InputFile { path: file.to_owned(), named: true })
        .with_context(|| format!("cannot read {name}"))?;
    Ok((name, bytes))
}

/// Reads a schema, or says everything that is wrong with it.
pub(super) fn read_schema(path: &Path) -> anyhow::Result<Schema> {
    let text =
        std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    Schema::read(&text).map_err(|faults| {
        let lines: Vec<String> = faults.iter().map(|fault| format!("  {fault}")).collect();
        anyhow::anyhow!("{} cannot be used:\n{}", path.display(), lines.join("\n"))
    })
}

/// Every fault of a file, each on its line.
fn refused(name: &str, error: &ReadError) -> anyhow::Error {
    let ReadError::Rows { listed, total } = error else {
        return anyhow::anyhow!("{name}: {error}");
    };
    let mut lines = vec![format!(
        "{name}: {} at fault, nothing is released",
        output::counted(usize::try_from(*total).unwrap_or(usize::MAX), "place",)
    )];
    for fault in listed {
        let place = match &fault.column {
            Some(column) => format!("line {}, column \"{column}\": the cell", fault.line),
            None => format!("line {}:", fault.line),
        };
        lines.push(output::fold(&format!("  {place} {}", fault.kind), 100, 4));
    }
    if *total > FAULTS_LISTED as u64 {
        lines.push(format!("  and {} more", total - FAULTS_LISTED as u64));
    }
    anyhow::anyhow!("{}", lines.join("\n"))
}

/// The people of the database, of real agencies or else of made-up ones.
pub(super) async fn people(shared: &Shared) -> anyhow::Result<DescribedPeople> {
    let store = open_existing(shared).await?;
    let scope = scope(shared);
    let as_of = count::as_of(None, &store, &scope, shared).await?;
    for practice in [false, true] {
        let threads = shared.threads();
        let plan = PeoplePlan { practice, period: None, as_of, truth: None, threads };
        let found =
            describe(&store, &scope, shared.data(), &plan, &PUBLIC_FIELDS, clock::now()).await?;
        if let Some(found) = found {
            store.close().await;
            return Ok(found);
        }
    }
    bail!(
        "no agency has sent victims to {}: `clearway receive` takes in what they send",
        shared.data().display()
    )
}
