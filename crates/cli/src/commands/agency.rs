//! `clearway agency`: who this installation is, and which agencies a clearinghouse knows.

use std::fs;
use std::path::{Path, PathBuf};

use analysis::agency;
use analysis::receive::{self, DUE_DAYS, Receiver};
use anyhow::{Context, bail, ensure};
use clap::Subcommand;
use records::disclosure::DisclosureMode;
use sealing::{Half, PassphraseCost};
use serde_json::json;
use store::{AgencyAccepted, BegunAnew, Scope};
use submission::{Card, Keys, Role, linkage_fingerprint};

use super::{installation_keys, open_existing, scope};
use crate::{Format, Shared, clock, output};

/// Say who this installation is, and at a clearinghouse which agencies may send
///
/// An agency and a clearinghouse are separate installations. Each hands the other its card; the
/// clearinghouse accepts an agency's card with the fingerprint that it has heard over the phone.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  clearway agency show --data clearway-demo/practice-shelter-1\n  clearway agency list --data clearway-demo/data"
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Say who this installation is, by agency.toml; makes its keys when it has none
    Set {
        /// agency.toml, or the folder in which it lies
        #[arg(value_name = "FILE|DIR")]
        path: PathBuf,
    },
    /// Put the keys behind a passphrase, or change it; with --recover when it is lost
    ///
    /// The recovery code has two halves, shown once: two people keep one each, in two places. Either
    /// half alone opens nothing.
    Passphrase {
        /// A file whose first line is the new passphrase; without it you are asked
        #[arg(long, value_name = "FILE")]
        new_passphrase_file: Option<PathBuf>,
        /// The passphrase is lost: open the keys by both halves of the recovery code; a new code is made
        #[arg(long)]
        recover: bool,
        /// With --recover: a file whose first line is one half; name both. Without them you are asked
        #[arg(long, value_name = "FILE", requires = "recover")]
        half_file: Vec<PathBuf>,
    },
    /// Show who this installation is, what may leave it, and its fingerprint
    Show,
    /// Write the public card of this installation, to be sent to others
    Card {
        /// The file to write it into
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// At a clearinghouse: accept an agency's card, once its fingerprint was read out by phone
    Accept {
        /// The card that the agency has sent
        #[arg(value_name = "CARD")]
        card: PathBuf,
        /// The fingerprint as the agency read it out
        #[arg(long, value_name = "TEXT")]
        fingerprint: Option<String>,
        /// Let its next file begin a new numbering, once: its folder was lost, or restored from a
        /// backup. Needs --why
        #[arg(long, requires = "fingerprint", requires = "why")]
        begin_anew: bool,
        /// Why, or how it was compared [default: the fingerprint was compared]
        #[arg(long, value_name = "TEXT")]
        why: Option<String>,
    },
    /// At a clearinghouse: list the agencies whose cards were accepted
    List,
    /// At a clearinghouse: take nothing more from an agency; what it has sent stays
    Forget {
        /// The agency's code
        #[arg(value_name = "CODE")]
        code: String,
        /// Why
        #[arg(long, value_name = "TEXT")]
        why: String,
    },
}

pub(crate) async fn run(own: &Arguments, shared: &Shared) -> anyhow::Result<bool> {
    let scope = scope(shared);
    match &own.what {
        What::Set { path } => set(path, &scope, shared).await,
        What::Passphrase { new_passphrase_file, recover, half_file } => {
            let halves = recover.then_some(half_file.as_slice());
            passphrase(new_passphrase_file.as_deref(), halves, &scope, shared).await
        }
        What::Show => show(&scope, shared).await,
        What::Card { out } => card(out, shared),
        What::Accept { card, fingerprint: None, .. } => compare(card, shared),
        What::Accept { card, fingerprint: Some(typed), begin_anew, why } => {
            let why = why.as_deref().unwrap_or("the fingerprint was compared");
            accept(card, typed, *begin_anew, why, &scope, shared).await
        }
        What::List => list(&scope, shared).await,
        What::Forget { code, why } => forget(code, why, &scope, shared).await,
    }
}

async fn set(path: &Path, scope: &Scope, shared: &Shared) -> anyhow::Result<bool> {
    let file = if path.is_dir() { path.join("agency.toml") } else { path.to_owned() };
    let text = fs::read_to_string(&file).with_context(|| format!("{}", file.display()))?;
    let store = super::open(shared).await?;
    let mut halves = None;
    let done = agency::set_up(&store, scope, shared.data(), &text, clock::now(), |about| {
        let (keys, new_halves) = installation_keys::keys_of_new(about, shared)?;
        halves = new_halves;
        anyhow::Ok(keys)
    });
    let done = done.await?;
    store.close().await;
    let texts = halves.as_ref().map(texts_of);
    let (about, fingerprint) = (done.card.about(), done.card.fingerprint());
    let data = shared.data_option();
    match shared.format {
        Format::Json => output::json(&json!({
            "role": about.role,
            "code": about.code,
            "label": about.label,
            "practice": about.practice,
            "fingerprint": fingerprint,
            "changed": done.changed,
            "new_keys": done.new_keys,
            "recovery_halves": texts,
        }))?,
        Format::Text => {
            let changed = match (done.new_keys, done.changed) {
                (true, _) => {
                    "new keys were made; keep a copy of the folder keys/ where nobody else can read it"
                }
                (false, true) => "changed; the card was signed again with the same keys",
                (false, false) => "nothing has changed",
            };
            let next = match about.role {
                Role::Agency => {
                    format!("next: clearway agency card --out {}.card{data}", about.code)
                }
                Role::Clearinghouse => format!(
                    "next: clearway agency card --out {}.card{data}, and send it to the agencies",
                    about.code
                ),
            };
            let code = halves.as_ref().map(said_halves).unwrap_or_default();
            output::text(&format!(
                "this is {} ({}), {}\n{changed}\nfingerprint  {fingerprint}\n{code}{next}",
                about.label,
                about.code,
                done.card.about().role.with_article()
            ))?;
        }
    }
    Ok(true)
}

async fn passphrase(
    new: Option<&Path>,
    halves: Option<&[PathBuf]>,
    scope: &Scope,
    shared: &Shared,
) -> anyhow::Result<bool> {
    let data = shared.data();
    ensure!(
        Keys::exist(data),
        "there are no keys in {}; make them with: clearway agency set agency.toml",
        data.display()
    );
    let mut keys = match halves {
        Some(files) => {
            let [one, two] = installation_keys::halves(files)?;
            Keys::unlock_by_halves(data, &one, &two)?
        }
        None => installation_keys::keys_in(data, shared)?,
    };
    let passphrase = installation_keys::new_passphrase(new)?;
    // A code that two people have typed on one machine is no longer in two hands.
    let new_code = halves.is_some() || !Keys::are_locked(data);
    let halves = if new_code {
        Some(keys.lock(&passphrase, &PassphraseCost::DEFAULT)?)
    } else {
        keys.set_passphrase(&passphrase, &PassphraseCost::DEFAULT)?;
        None
    };
    // Opening it seals what an earlier version kept in clear.
    let store = super::open_by(|| Ok(keys), shared).await?;
    let why = if new_code {
        "passphrase and recovery code of the keys"
    } else {
        "passphrase of the keys"
    };
    store.note_key_change(scope, why, clock::now()).await?;
    store.close().await;
    let texts = halves.as_ref().map(texts_of);
    match shared.format {
        Format::Json => output::json(&json!({"changed": true, "recovery_halves": texts}))?,
        Format::Text => {
            let code = match &halves {
                Some(halves) => said_halves(halves),
                None => "the recovery code stays as it is\n".to_owned(),
            };
            output::text(&format!("the keys are behind the new passphrase\n{code}"))?;
        }
    }
    Ok(true)
}

fn texts_of(halves: &[Half; 2]) -> [String; 2] {
    halves.each_ref().map(|half| (*half.to_text()).clone())
}

/// The recovery code, shown once.
fn said_halves([one, two]: &[Half; 2]) -> String {
    format!(
        "\nrecovery code, not shown again; both halves together open the keys when the passphrase is lost\n\
         \x20 half 1  {}\n\
         \x20 half 2  {}\n\
         write each on a paper of its own with the fingerprint; two people keep them in two safes\n\n",
        *one.to_text(),
        *two.to_text()
    )
}

async fn show(scope: &Scope, shared: &Shared) -> anyhow::Result<bool> {
    let store = open_existing(shared).await?;
    let card = agency::own_card(shared.data())?;
    let modes = store.standing_modes(scope).await?;
    let releases = store.count_releases(scope).await?;
    let agencies = store.agencies(scope).await?.len();
    let today = clock::today();
    let ended = agency::rows_of_ended_modes(&store, scope, today).await?;
    store.close().await;
    let linkage = Keys::linkage_keys_in(shared.data())?;
    let about = card.about();
    if shared.format == Format::Json {
        let modes: Vec<_> = modes
            .iter()
            .map(|mode| {
                json!({
                    "record": mode.record(),
                    "recipient": mode.recipient(),
                    "mode": mode.mode(),
                    "basis": mode.basis().as_str(),
                    "signatory": mode.signatory(),
                    "signed_on": mode.signed_on(),
                    "expires_on": mode.expires_on(),
                    "in_force": mode.in_force_on(today) && mode.replaced_by(&modes, today).is_none(),
                    "replaced_by_the_one_signed_on":
                        mode.replaced_by(&modes, today).map(DisclosureMode::signed_on),
                })
            })
            .collect();
        output::json(&json!({
            "role": about.role,
            "code": about.code,
            "label": about.label,
            "legal_entity": about.legal_entity.map(|code| code.as_str()),
            "task_force": about.task_force.map(|code| code.as_str()),
            "county": about.county.map(|code| code.as_str()),
            "calendar_offset_days": about.calendar_offset_days,
            "practice": about.practice,
            "fingerprint": card.fingerprint(),
            "linkage_keys": linkage,
            "modes": modes,
            "rows_of_ended_modes": ended,
            "releases": releases,
            "agencies": agencies,
        }))?;
        return Ok(true);
    }
    let mut rows = vec![
        vec!["this is".to_owned(), format!("{} ({})", about.label, about.code)],
        vec!["role".to_owned(), about.role.with_article().to_owned()],
    ];
    let entity = about.legal_entity.map(|code| code.entry().label.clone());
    rows.extend(entity.map(|label| vec!["legal entity".to_owned(), label]));
    rows.extend(
        about.practice.then(|| vec!["practice".to_owned(), "all of it is made up".to_owned()]),
    );
    rows.push(vec!["fingerprint".to_owned(), card.fingerprint()]);
    if about.role == Role::Clearinghouse {
        rows.push(vec!["agencies".to_owned(), format!("{agencies} accepted")]);
        output::text(&output::columns(&rows))?;
        return Ok(true);
    }
    if !linkage.is_empty() {
        let keys = installation_keys::keys(shared)?;
        for name in linkage {
            let fingerprint = linkage_fingerprint(&*keys.linkage_key(&name)?);
            rows.push(vec!["linkage key".to_owned(), format!("{name}  {fingerprint}")]);
        }
    }
    rows.push(vec!["releases".to_owned(), releases.to_string()]);
    let mut text = output::columns(&rows);
    text.push_str("\nmay leave:\n");
    if modes.is_empty() {
        text.push_str("only totals: nobody has signed a disclosure mode\n");
    }
    let lines = modes.iter().map(|mode| {
        let ended = match mode.replaced_by(&modes, today) {
            Some(other) => {
                format!(": NOT IN FORCE, the one signed on {} stands", other.signed_on())
            }
            None if mode.expires_on() < today => {
                ": NOT IN FORCE, it has ended; only totals leave".to_owned()
            }
            None if !mode.in_force_on(today) => ": not in force yet".to_owned(),
            None => String::new(),
        };
        vec![
            mode.record().plural().to_owned(),
            mode.mode().to_string(),
            format!(
                "to the {} ({}), signed by {} on {}, until {}{ended}",
                mode.recipient(),
                mode.basis(),
                mode.signatory(),
                mode.signed_on(),
                mode.expires_on()
            ),
        ]
    });
    text.push_str(&output::columns(&lines.collect::<Vec<_>>()));
    for rows in ended {
        text.push_str(&format!("{}\n", output::fold(&rows.to_string(), 100, 2)));
    }
    output::text(&text)?;
    Ok(true)
}

fn card(out: &Path, shared: &Shared) -> anyhow::Result<bool> {
    let card = agency::own_card(shared.data())?;
    fs::write(out, card.to_toml()).with_context(|| format!("{}", out.display()))?;
    match shared.format {
        Format::Json => output::json(&json!({
            "card": out.display().to_string(),
            "code": card.code(),
            "fingerprint": card.fingerprint(),
        }))?,
        Format::Text => output::text(&format!(
            "{} holds no secret and may be sent to anybody\nfingerprint  {}\nread the fingerprint out over the phone to whoever takes the card",
            out.display(),
            card.fingerprint()
        ))?,
    }
    Ok(true)
}

/// Without a fingerprint nothing is accepted: it is shown, to be compared.
fn compare(path: &Path, shared: &Shared) -> anyhow::Result<bool> {
    let card = agency::read_card(path)?;
    let fingerprint = card.fingerprint();
    match shared.format {
        Format::Json => output::json(&json!({
            "accepted": false,
            "code": card.code(),
            "fingerprint": fingerprint,
        }))?,
        Format::Text => output::text(&format!(
            "nothing was accepted yet: this is the card of {} ({})\nfingerprint  {fingerprint}\ncall the agency at a number that you already know and have it read its fingerprint out; then:\nclearway agency accept {} --fingerprint \"what was read out\"{}",
            card.about().label,
            card.code(),
            path.display(),
            shared.data_option()
        ))?,
    }
    Ok(false)
}

async fn accept(
    path: &Path,
    typed: &str,
    begin_anew: bool,
    why: &str,
    scope: &Scope,
    shared: &Shared,
) -> anyhow::Result<bool> {
    ensure!(!why.trim().is_empty(), "--why says nothing: write how the fingerprint was compared");
    let card: Card = agency::read_card(path)?;
    let store = open_existing(shared).await?;
    let data = shared.data();
    let accepted = agency::accept(&store, scope, data, &card, typed, why, clock::now()).await?;
    let code = card.code();
    let begun = match begin_anew {
        true => {
            let receiver = Receiver {
                store: &store,
                scope,
                data,
                at: clock::now(),
                today: clock::today(),
                due_days: DUE_DAYS,
            };
            Some(receive::begin_anew(&receiver, code, why).await?)
        }
        false => None,
    };
    let new_keys = match begun {
        Some(_) => store.chain_beginning(scope, code).await?.is_some_and(|begun| begun.new_keys),
        None => false,
    };
    let has_sent = accepted == AgencyAccepted::Replaced
        && !store.received_of(scope, code).await?.is_empty()
        && store
            .agency_cards(scope, code)
            .await?
            .iter()
            .rev()
            .nth(1)
            .is_some_and(|(before, _)| before.agency.fingerprint != card.fingerprint());
    store.close().await;
    let words = match accepted {
        AgencyAccepted::New => "is accepted: its files can be received",
        AgencyAccepted::Replaced => {
            "is accepted; its card takes the place of an earlier one, which is kept"
        }
        AgencyAccepted::Already => "was accepted already; nothing has changed",
    };
    match shared.format {
        Format::Json => output::json(&json!({
            "accepted": true,
            "outcome": accepted,
            "code": code,
            "fingerprint": card.fingerprint(),
            "begin_anew": begun,
            "new_keys": begun.map(|_| new_keys),
        }))?,
        Format::Text => {
            let mut text = format!("{} ({code}) {words}", card.about().label);
            if has_sent && begun.is_none() {
                text.push_str(
                    "\nits keys are new: when its folder is new as well, its next file is refused until you say the same again with --begin-anew --why TEXT",
                );
            }
            text.push_str(begun.map_or("", begun_words));
            if new_keys {
                text.push_str(
                    "\nits keys are other ones: its first file must be about all quarters that stand, so that nobody is counted twice",
                );
            }
            output::text(&text)?;
        }
    }
    Ok(true)
}

fn begun_words(begun: BegunAnew) -> &'static str {
    match begun {
        BegunAnew::New => {
            "\nits next file may begin a new numbering, once; what came before counts until a file is about all of its quarters"
        }
        BegunAnew::Already => "\nits next file may begin a new numbering already",
        BegunAnew::NothingCame => {
            "\nnothing has come from it yet: its first file begins the numbering anyway"
        }
    }
}

async fn list(scope: &Scope, shared: &Shared) -> anyhow::Result<bool> {
    let store = open_existing(shared).await?;
    let agencies = store.agencies(scope).await?;
    let mut open = String::new();
    for known in &agencies {
        let code = &known.agency.code;
        if store.chain_beginning(scope, code).await?.is_some_and(|begun| begun.open) {
            open.push_str(&format!("the next file of {code} may begin a new numbering\n"));
        }
    }
    store.close().await;
    if shared.format == Format::Json {
        output::json(&agencies)?;
        return Ok(true);
    }
    if agencies.is_empty() {
        output::text("no agency has been accepted: clearway agency accept CARD")?;
        return Ok(true);
    }
    let head = ["agency", "legal entity", "accepted", "by", "fingerprint"].map(str::to_owned);
    let mut rows = vec![head.to_vec()];
    for known in agencies {
        rows.push(vec![
            known.agency.code,
            known.agency.legal_entity,
            known.accepted_at.chars().take(10).collect(),
            known.accepted_by,
            known.agency.fingerprint,
        ]);
    }
    output::text(&format!("{}{open}", output::columns(&rows)))?;
    Ok(true)
}

async fn forget(code: &str, why: &str, scope: &Scope, shared: &Shared) -> anyhow::Result<bool> {
    ensure!(!why.trim().is_empty(), "--why says nothing: write why");
    if agency::role(shared.data())? != Some(Role::Clearinghouse) {
        bail!("only a clearinghouse knows agencies, and can forget one");
    }
    let store = open_existing(shared).await?;
    store.forget_agency(scope, code, why, clock::now()).await?;
    store.close().await;
    match shared.format {
        Format::Json => output::json(&json!({"code": code, "state": "forgotten", "why": why}))?,
        Format::Text => output::text(&format!(
            "nothing more is taken from {code}; what it has sent stays\nto take it back in: clearway agency accept CARD --fingerprint \"…\"{}",
            shared.data_option()
        ))?,
    }
    Ok(true)
}
