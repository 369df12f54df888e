//! The end of the demo: what the made-up state publishes about its people, and the report of it.

use std::path::{Path, PathBuf};

use analysis::people::{EXPLOITATION, PUBLIC_FIELDS, PeoplePlan, QUARTER, describe};
use analysis::publish::Material;
use anyhow::{Context, bail};
use disclosure::budget::{Budget, Delta};
use disclosure::gate::Limits;
use disclosure::ledger::Ledger;
use disclosure::noise::NoiseSource;
use disclosure::noisy::NoisyDesign;
use disclosure::release::{Out, Request, publish_private};
use store::Store;

use super::people::Now;
use crate::commands::release::noisy::{designs, draw};
use crate::commands::release::place::make;
use crate::commands::report::public::{Releases, coverage, write};

/// What may ever be spent on one person of the made-up state.
const BUDGET: &str = "4";
/// What the demo's release spends of it.
const SPENT: &str = "2";
/// The lists whose overlap is released: kinds of agencies that send people in codes. Every further
/// list doubles the cells, and the noise of many empty cells looks like overlap.
const LISTS: &str = "list_police,list_prosecutor,list_covered_provider,list_labor_agency";

/// What was published.
pub(super) struct Published {
    pub(super) index: PathBuf,
    pub(super) pdf: PathBuf,
    pub(super) epsilon: f64,
    pub(super) delta: f64,
    pub(super) range: Option<(u64, u64)>,
}

/// Releases tables of the made-up people with noise, once, and writes the public report.
pub(super) async fn run(
    out: &Path,
    data: &Path,
    state: &str,
    store: &Store,
    now: Now<'_>,
) -> anyhow::Result<Published> {
    let path = data.join("release-ledger.jsonl");
    let folder = out.join("released");
    let delta = Delta::LEDGER;
    let mut ledger = match path.exists() {
        true => Ledger::open(&path)?,
        false => make(&path, "people of the made-up state", Budget::parse(BUDGET, delta)?)?,
    };
    // A demo that is run again publishes what it has published, and spends nothing more.
    if !folder.exists() {
        release(&folder, &mut ledger, data, store, now).await?;
    }
    let releases = Releases::read(&ledger, std::slice::from_ref(&folder))?;
    let (coverage, made_up) = coverage(store, now.scope).await?;
    let material = Material {
        state,
        tables: &releases.tables,
        estimate: releases.estimate.as_ref(),
        coverage,
        day: now.today,
        made_up,
    };
    let published = write(material, &out.join("public"))?;
    let range = releases.estimate.as_ref().and_then(|estimate| estimate.value().range());
    Ok(Published {
        index: published.index,
        pdf: published.pdf[0].clone(),
        epsilon: ledger.epsilon_spent().context("exact counts of the demo were released")?,
        delta: delta.value(),
        range: range.map(|range| (range.low, range.high)),
    })
}

async fn release(
    folder: &Path,
    ledger: &mut Ledger,
    data: &Path,
    store: &Store,
    now: Now<'_>,
) -> anyhow::Result<()> {
    let plan = PeoplePlan {
        practice: true,
        period: None,
        as_of: now.today,
        truth: None,
        threads: now.threads,
    };
    let people = describe(store, now.scope, data, &plan, &PUBLIC_FIELDS, now.at).await?;
    let Some(people) = people else { bail!("no agency of the demo has sent people") };
    let tables = [
        [QUARTER, EXPLOITATION].join(","),
        "gender,age".to_owned(),
        "county".to_owned(),
        LISTS.to_owned(),
    ];
    let rho = Budget::parse(SPENT, ledger.budget().delta)?.rho;
    let designs = designs(people.rows.schema(), &tables, "people", rho)?;
    let request = Request {
        name: "demo".to_owned(),
        day: now.today.to_string(),
        out: Out::Folder(folder.to_owned()),
        parts: designs.iter().flat_map(NoisyDesign::parts).collect(),
    };
    let mut noise = NoiseSource::operating_system()?;
    let limits = Limits::default();
    publish_private(Some(ledger), &people.rows, &request, &limits, &mut noise, |noise| {
        draw(&people.rows, &designs, noise)
    })?;
    Ok(())
}
