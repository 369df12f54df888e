//! The second half of the demo: a made-up state, from the agencies' files to people counted once.
//!
//! Each agency is an installation of its own, with its own folder, keys and database; what reaches
//! the state is what it seals. The truth is read last, as a check of the method.

use std::path::{Path, PathBuf};

use ::records::register::Register;
use analysis::agency::{self, Plan};
use analysis::agency_records::{
    self, Destination, Input, Outcome, Problems, Take, What, read_modes, read_orders, take_releases,
};
use analysis::people::{Counted, PeoplePlan};
use analysis::receive::{Became, DUE_DAYS, Receiver, receive, sealed_files};
use anyhow::{Context, anyhow, bail};
use jiff::Timestamp;
use jiff::civil::Date;
use report::Truth;
use simulation::Summary;
use store::{OwnKeys, Scope, Store};
use submission::{Card, Keys, accept_linkage_key, new_linkage_key, share_linkage_key};

use crate::commands::problem_lines;
use crate::progress;

/// The state's own `agency.toml`.
const CLEARINGHOUSE: &str = "role = \"clearinghouse\"\ncode = \"practice-state\"\n\
     label = \"Practice State (made up)\"\ncalendar_offset_days = 0\npractice = true\n";

/// Where things lie.
pub(super) struct Folders<'f> {
    /// The folder of the demo.
    pub(super) out: &'f Path,
    /// The state's data folder.
    pub(super) data: &'f Path,
}

impl Folders<'_> {
    fn made_up(&self) -> PathBuf {
        self.out.join("made-up")
    }

    fn agency(&self, code: &str) -> PathBuf {
        self.out.join(code)
    }

    fn submissions(&self) -> PathBuf {
        self.out.join("submissions")
    }
}

/// What the made-up half came to.
pub(super) struct MadeUp {
    pub(super) counted: Counted,
    pub(super) summary: Summary,
    pub(super) agencies: usize,
    pub(super) submissions: usize,
}

/// In whose name, and when.
#[derive(Clone, Copy)]
pub(super) struct Now<'n> {
    pub(super) scope: &'n Scope,
    pub(super) at: Timestamp,
    pub(super) today: Date,
    pub(super) threads: Option<usize>,
}

/// Makes the state up: the files of its agencies, and the truth apart.
pub(super) fn simulate(folders: &Folders<'_>, plan: &simulation::Plan) -> anyhow::Result<Summary> {
    let bar = progress::things(plan.people, "making up people");
    let made_up = folders.made_up();
    let summary = simulation::simulate(plan, &made_up, &mut |done| bar.set_position(done))?;
    bar.finish_and_clear();
    Ok(summary)
}

/// Every agency takes in its own files and seals what may leave.
pub(super) async fn submit(
    folders: &Folders<'_>,
    state: &Store,
    plan: &simulation::Plan,
    now: Now<'_>,
) -> anyhow::Result<usize> {
    let set = agency::set_up(state, now.scope, folders.data, CLEARINGHOUSE, now.at, |_| {
        agency::open_keys(folders.data)
    })
    .await?;
    let agencies = simulation::agencies(plan)?;
    let bar = progress::things(agencies.len() as u64, "agencies submitting");
    // The agencies' own key, which the state never holds. The first agency makes it and shares it.
    let mut first: Option<(PathBuf, Card)> = None;
    for made in &agencies {
        let data = folders.agency(&made.code);
        let files = folders.made_up().join(&made.code);
        let store = Store::open(&data).await?;
        let text = std::fs::read_to_string(files.join("agency.toml"))
            .with_context(|| format!("cannot read {}", files.join("agency.toml").display()))?;
        let own =
            agency::set_up(&store, now.scope, &data, &text, now.at, |_| agency::open_keys(&data))
                .await?;
        share_key(&data, &own.card, &mut first)?;
        import(&store, &data, &files, now).await?;
        agency::accept(
            state,
            now.scope,
            folders.data,
            &own.card,
            &own.card.fingerprint(),
            "the demo",
            now.at,
        )
        .await?;
        let last = (1..plan.quarters).fold(plan.from, |quarter, _| quarter.next());
        let sending = Plan {
            period: Some((plan.from, last)),
            as_of: now.today,
            recipient: set.card.clone(),
            linkage_key: None,
            corrects: None,
        };
        let out = folders.submissions();
        std::fs::create_dir_all(&out)
            .with_context(|| format!("cannot write into {}", out.display()))?;
        let keys = Keys::open(&data)?;
        if !store.record_counts(now.scope).await?.is_empty() {
            agency::submit(&store, now.scope, &keys, &sending, &out, false, now.at).await?;
        }
        store.close().await;
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(agencies.len())
}

fn share_key(data: &Path, card: &Card, first: &mut Option<(PathBuf, Card)>) -> anyhow::Result<()> {
    let keys = Keys::open(data)?;
    let name = agency::DEFAULT_LINKAGE_KEY;
    match first {
        None => {
            if !keys.linkage_keys()?.iter().any(|known| known == name) {
                keys.keep_linkage_key(name, &*new_linkage_key()?)?;
            }
            *first = Some((data.to_owned(), card.clone()));
        }
        Some((from, from_card)) => {
            let from = Keys::open(from)?;
            let shared = share_linkage_key(&*from.linkage_key(name)?, card, &from)?;
            keys.keep_linkage_key(name, &*accept_linkage_key(&shared, &keys, from_card)?)?;
        }
    }
    Ok(())
}

async fn import(store: &Store, data: &Path, files: &Path, now: Now<'_>) -> anyhow::Result<()> {
    let keys = Keys::open(data)?;
    let (ids, records) = (keys.opaque_ids(), keys.records_key());
    let own = OwnKeys { ids: &ids, records: &records };
    let entity = store.agency(now.scope).await?.context("no agency is set")?.legal_entity;
    let to = Destination { store, scope: now.scope, keys: own, at: now.at };
    let at = || format!("cannot read {}", files.display());
    let mut found = Vec::new();
    for entry in std::fs::read_dir(files).with_context(at)? {
        let file = entry.with_context(at)?.path();
        found.extend(What::by_name(&file).map(|what| (what, file)));
    }
    found.sort();
    for (what, file) in found {
        let refused = |problems: Problems| {
            anyhow!("{} was refused:\n{}", file.display(), problem_lines(&problems.first))
        };
        let input = Input::open(&file).map_err(refused)?;
        match what {
            What::Records(kind) => {
                let done = agency_records::import(to, &input, Take::Own(kind), &|_| ()).await?;
                if let Outcome::Refused(checked) = done {
                    return Err(refused(checked.problems));
                }
            }
            What::Modes => {
                let modes = read_modes(&input, entity, now.today).map_err(refused)?;
                store.add_modes(now.scope, &modes, now.at).await?;
            }
            What::Releases => {
                take_releases(to, &input, now.today).await?.map_err(refused)?;
            }
            What::Orders => {
                let orders = read_orders(&input, now.today).map_err(refused)?;
                store.apply_orders(now.scope, &orders, own, now.at).await?;
            }
        }
    }
    Ok(())
}

/// The state receives what was sealed.
pub(super) async fn receive_all(
    folders: &Folders<'_>,
    state: &Store,
    now: Now<'_>,
) -> anyhow::Result<usize> {
    let keys = Keys::open(folders.data)?;
    let receiver = Receiver {
        store: state,
        scope: now.scope,
        data: folders.data,
        at: now.at,
        today: now.today,
        due_days: DUE_DAYS,
    };
    let folder = folders.submissions();
    let files = sealed_files(&[folder])
        .map_err(|(path, error)| anyhow::Error::from(error).context(path.display().to_string()))?;
    let bar = progress::things(files.len() as u64, "receiving");
    let received = receive(&receiver, &keys, &files, &mut |_| bar.inc(1)).await?;
    bar.finish_and_clear();
    let refused = received.files.iter().find(|one| one.outcome == Became::Refused);
    if let Some(refused) = refused {
        bail!(
            "{} was refused: {}",
            refused.file.display(),
            refused.why.as_deref().unwrap_or_default()
        );
    }
    Ok(received.files.len())
}

/// Links and counts; only then is the truth looked at.
pub(super) async fn count(
    folders: &Folders<'_>,
    state: &Store,
    plan: &simulation::Plan,
    summary: &Summary,
    now: Now<'_>,
) -> anyhow::Result<Counted> {
    let last = (1..plan.quarters).fold(plan.from, |quarter, _| quarter.next());
    let asked = PeoplePlan {
        practice: true,
        period: Some((plan.from, last)),
        as_of: now.today,
        truth: None,
        threads: now.threads,
    };
    let register = Register::embedded();
    let counted =
        analysis::people::count(state, now.scope, register, folders.data, &asked, now.at).await?;
    let mut counted = counted.context("no agency has sent victims")?;
    analysis::people::log(state, now.scope, &counted, now.at).await?;
    counted.people.truth = Some(Truth {
        people_listed: summary.people_listed,
        people_hidden: summary.people_hidden - summary.people_listed,
    });
    Ok(counted)
}
