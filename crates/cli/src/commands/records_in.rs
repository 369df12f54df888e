//! `clearway import --as records` and `clearway check --as records`: files of an agency's own
//! records and signed papers.
//!
//! Names never leave the store from here: what is printed are rows, columns, codes and counts.

mod answer;
mod plan;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use analysis::agency_records::{self, Destination, ImportError, Input, Outcome, Take};
use anyhow::Context;
use indicatif::ProgressBar;
use records::is_invisible;
use store::{AgencySelf, FollowUpMark, OwnKeys, Scope, Store};

use super::{installation_keys, scope};
use crate::{Shared, clock, output, progress};

pub(super) use answer::unsaid_lines;
use answer::{Answer, FileOutcome};
pub(super) use plan::counted_as;
pub(crate) use plan::{DefaultArguments, What};
use plan::{Job, Planned, plan};

/// Files under this size are read faster than a bar is drawn.
const WORTH_A_BAR: u64 = 4 << 20;

/// Checks files of records; nothing is changed.
pub(crate) async fn check(
    paths: &[PathBuf],
    what: What,
    defaults: &DefaultArguments,
    shared: &Shared,
) -> anyhow::Result<bool> {
    let mut answer = Answer::begin("good");
    let planned = plan(paths, what, defaults)?;
    let entity = match super::exists(shared) {
        true => {
            let store = super::open(shared).await?;
            let agency = store.agency(&scope(shared)).await?;
            store.close().await;
            agency.map(|agency| agency.legal_entity)
        }
        false => None,
    };
    for file in planned {
        let mut outcome = FileOutcome::of(&file.name);
        match &file.job {
            Err(reason) => answer.skipped(outcome, reason),
            Ok((_, job)) => match file.open() {
                Err(problems) => answer.refused(outcome, problems),
                Ok(input) => {
                    let checked = match job {
                        Job::Records(take) => {
                            let bar = bar(&input, 1, "checking");
                            outcome.kind = Some(take.kind().as_str());
                            let moved = |bytes| bar.set_position(bytes);
                            let checked = agency_records::check(&input, *take, &moved);
                            bar.finish_and_clear();
                            checked
                        }
                        Job::Releases => agency_records::check_releases(&input, clock::today()),
                        Job::Orders => agency_records::check_orders(&input, clock::today()),
                        Job::Modes => {
                            let entity = entity.ok_or_else(no_agency)?;
                            agency_records::check_modes(&input, entity, clock::today())
                        }
                    };
                    answer.checked(outcome, checked);
                }
            },
        }
    }
    let next = format!("next: clearway import {} --as {}", shown(paths), what.word());
    answer.print(&next, shared)
}

/// Takes files of records in.
pub(crate) async fn import(
    paths: &[PathBuf],
    what: What,
    defaults: &DefaultArguments,
    shared: &Shared,
) -> anyhow::Result<bool> {
    let planned = plan(paths, what, defaults)?;
    let scope = scope(shared);
    let (store, agency) = open_agency(&scope, shared).await?;
    let keys = installation_keys::keys(shared)?;
    let (ids, records) = (keys.opaque_ids(), keys.records_key());
    let own = OwnKeys { ids: &ids, records: &records };
    let to = Destination { store: &store, scope: &scope, keys: own, at: clock::now() };
    let before = questions(&store, &scope).await?;
    let mut answer = Answer::begin("imported");
    for file in planned {
        let outcome = FileOutcome::of(&file.name);
        match &file.job {
            Err(reason) => answer.skipped(outcome, reason),
            Ok((_, job)) => match file.open() {
                Err(problems) => answer.refused(outcome, problems),
                Ok(input) => one(to, &agency, &file, *job, &input, outcome, &mut answer).await?,
            },
        }
    }
    let after = questions(&store, &scope).await?;
    store.close().await;
    for mark in after.difference(&before) {
        answer.opened(mark.record, mark.follow_up);
    }
    let data = shared.data_option();
    let next = match answer.has_opened() {
        true => format!("next: clearway records --follow-ups{data}"),
        false => format!("next: clearway records{data}"),
    };
    answer.print(&next, shared)
}

async fn one(
    to: Destination<'_>,
    agency: &AgencySelf,
    file: &Planned,
    job: Job,
    input: &Input,
    mut outcome: FileOutcome,
    answer: &mut Answer,
) -> anyhow::Result<()> {
    let (store, scope) = (to.store, to.scope);
    match job {
        Job::Records(take) => {
            outcome.kind = Some(take.kind().as_str());
            let done = records(to, input, take).await;
            match done.with_context(|| file.name.clone())? {
                Outcome::In(checked, counts) => answer.imported(outcome, *checked, counts),
                Outcome::Already(earlier) => answer.already(outcome, &earlier),
                Outcome::Refused(checked) => answer.refused(outcome, checked.problems),
                Outcome::Empty => answer.skipped(outcome, "no record stands in it"),
            }
        }
        Job::Releases => match agency_records::take_releases(to, input, clock::today()).await? {
            Ok((releases, changed)) => {
                let words = output::counted(releases, "release");
                let words = format!("{words}, {changed} new or changed");
                answer.paper(outcome, releases, changed, words);
            }
            Err(problems) => answer.refused(outcome, problems),
        },
        Job::Orders => match agency_records::read_orders(input, clock::today()) {
            Ok(orders) => {
                let applied = store.apply_orders(scope, &orders, to.keys, to.at).await?;
                let new: Vec<_> = applied.iter().filter(|one| one.new).collect();
                let rows: u64 = new.iter().map(|one| one.rows).sum();
                let words = format!(
                    "{}, {} new: {} destroyed for good",
                    output::counted(orders.len(), "order"),
                    new.len(),
                    output::counted(rows as usize, "row")
                );
                answer.paper(outcome, orders.len(), new.len() as u64, words);
            }
            Err(problems) => answer.refused(outcome, problems),
        },
        Job::Modes => {
            match agency_records::read_modes(input, agency.legal_entity, clock::today()) {
                Ok(modes) => {
                    let added = store.add_modes(scope, &modes, to.at).await?;
                    let words = output::counted(modes.len(), "disclosure mode");
                    let words = format!("{words}, {added} new");
                    answer.paper(outcome, modes.len(), added, words);
                }
                Err(problems) => answer.refused(outcome, problems),
            }
        }
    }
    Ok(())
}

async fn records(to: Destination<'_>, input: &Input, take: Take) -> Result<Outcome, ImportError> {
    let bar = bar(input, 2, "importing");
    let moved = |bytes| bar.set_position(bytes);
    let done = agency_records::import(to, input, take, &moved).await;
    bar.finish_and_clear();
    done
}

/// The agency's store; an error with the next step where nobody has said which agency this is.
pub(super) async fn open_agency(
    scope: &Scope,
    shared: &Shared,
) -> anyhow::Result<(Store, AgencySelf)> {
    if !super::exists(shared) {
        return Err(no_agency());
    }
    let store = super::open(shared).await?;
    match store.agency(scope).await? {
        Some(agency) => Ok((store, agency)),
        None => {
            store.close().await;
            Err(no_agency())
        }
    }
}

fn no_agency() -> anyhow::Error {
    anyhow::anyhow!(
        "this installation does not say which agency it is: `clearway agency set agency.toml` first, then import again"
    )
}

/// The open tasks, each by a mark that says nothing.
async fn questions(store: &Store, scope: &Scope) -> anyhow::Result<BTreeSet<FollowUpMark>> {
    Ok(store.follow_up_marks(scope).await?.into_keys().collect())
}

fn bar(input: &Input, times: u64, doing: &str) -> ProgressBar {
    if input.length() < WORTH_A_BAR {
        return ProgressBar::hidden();
    }
    progress::bytes(input.length() * times, doing)
}

fn shown(paths: &[PathBuf]) -> String {
    paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(" ")
}

/// A file's name without what would move the cursor of whoever reads it.
fn printable(path: &Path) -> String {
    let shown = |c| if is_invisible(c) { char::REPLACEMENT_CHARACTER } else { c };
    path.display().to_string().chars().map(shown).collect()
}
