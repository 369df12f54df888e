//! `clearway report --public`: the state report for everybody, from releases alone.

use std::path::{Path, PathBuf};

use analysis::publish::{self, Material, is_histories, released_histories_estimate};
use anyhow::{Context, bail};
use disclosure::gate::Candidate;
use disclosure::ledger::Ledger;
use disclosure::release::{read, released_tables};
use disclosure::{PublishedEstimate, PublishedTable, Released};
use records::register::Register;
use report::public::{Coverage, Language, PublicExplanation};
use store::{Scope, Store};

use crate::{Format, Shared, clock, output};

/// What the published report is made of.
#[derive(Debug, clap::Args)]
pub(in crate::commands) struct Sources {
    /// The state, by its code
    #[arg(long, value_name = "CODE", default_value = "ca")]
    pub(in crate::commands) state: String,
    /// A release of tables, with --public; again for a further one
    #[arg(long, value_name = "DIR", requires = "public")]
    release: Vec<PathBuf>,
    /// The ledger of the releases [default: release-ledger.jsonl in the folder of --data]
    #[arg(long, value_name = "FILE", requires = "public")]
    ledger: Option<PathBuf>,
}

impl Sources {
    fn releases(&self, shared: &Shared) -> anyhow::Result<Releases> {
        if self.release.is_empty() {
            bail!(
                "the public report is made of releases only: name them with --release DIR; `clearway release noisy --people` makes one"
            );
        }
        let path = self.ledger.clone();
        let path = path.unwrap_or_else(|| shared.data().join("release-ledger.jsonl"));
        Releases::read(&Ledger::open(&path)?, &self.release)
    }

    fn material<'m>(&'m self, releases: &'m Releases, of: (Coverage, bool)) -> Material<'m> {
        let (coverage, made_up) = of;
        Material {
            state: &self.state,
            tables: &releases.tables,
            estimate: releases.estimate.as_ref(),
            coverage,
            day: clock::today(),
            made_up,
        }
    }

    /// What everybody is told of a section.
    pub(in crate::commands) async fn explain(
        &self,
        shared: &Shared,
        (store, scope): (&Store, &Scope),
        section: &str,
        language: Language,
    ) -> anyhow::Result<PublicExplanation> {
        let releases = self.releases(shared)?;
        let material = self.material(&releases, coverage(store, scope).await?);
        Ok(publish::explain(Register::embedded(), material, section, language)?)
    }
}

/// Releases, read back, and what follows from them.
pub(in crate::commands) struct Releases {
    pub(in crate::commands) tables: Vec<Released<PublishedTable>>,
    pub(in crate::commands) estimate: Option<Released<PublishedEstimate>>,
}

impl Releases {
    /// Reads releases of tables, each byte for byte what the ledger says, and estimates from
    /// capture histories among them.
    pub(in crate::commands) fn read(
        ledger: &Ledger,
        folders: &[PathBuf],
    ) -> anyhow::Result<Releases> {
        let mut tables = Vec::new();
        for folder in folders {
            let release = read(ledger, folder)?;
            if !matches!(release.value(), Candidate::Tables(_) | Candidate::Noisy { .. }) {
                bail!(
                    "{} is a release of rows or aggregates; the report is made of tables",
                    folder.display()
                );
            }
            tables.extend(released_tables(&release));
        }
        // Who is on which list is shown as the estimate, not as a table.
        let (histories, tables): (Vec<_>, Vec<_>) =
            tables.into_iter().partition(|table| is_histories(table.value()));
        let estimate = histories.first().map(released_histories_estimate).transpose();
        let estimate = estimate.context("the number of people on no list")?;
        Ok(Releases { tables, estimate })
    }
}

/// Writes the published report.
pub(super) async fn run(
    own: &super::Arguments,
    shared: &Shared,
    store: &Store,
    scope: &Scope,
) -> anyhow::Result<bool> {
    let releases = own.sources.releases(shared)?;
    let material = own.sources.material(&releases, coverage(store, scope).await?);
    let published = write(material, &own.out)?;
    match shared.format {
        Format::Json => output::json(&serde_json::json!({
            "report": own.out.display().to_string(),
            "index": published.index.display().to_string(),
            "pdf": published.pdf.iter().map(|pdf| pdf.display().to_string()).collect::<Vec<_>>(),
            "tables": releases.tables.len(),
            "estimate": releases.estimate.as_ref().map(Released::value),
        }))?,
        Format::Text => output::text(&format!(
            "{} released tables in {}\nopen {}\nprint {}\n      {}",
            releases.tables.len(),
            own.out.display(),
            published.index.display(),
            published.pdf[0].display(),
            published.pdf[1].display(),
        ))?,
    }
    Ok(true)
}

/// Writes it with the register that is in the program.
pub(in crate::commands) fn write(
    material: Material<'_>,
    out: &Path,
) -> anyhow::Result<publish::Published> {
    Ok(publish::write(Register::embedded(), material, out)?)
}

/// Which agencies reported, real ones or else made-up ones, and which of the two.
pub(in crate::commands) async fn coverage(
    store: &Store,
    scope: &Scope,
) -> anyhow::Result<(Coverage, bool)> {
    let real = publish::agencies(store, scope, false).await?;
    if real.reported > 0 {
        return Ok((real, false));
    }
    Ok((publish::agencies(store, scope, true).await?, true))
}
