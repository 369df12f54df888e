//! `clearway agency`: who this installation is, and which agencies a clearinghouse knows.

use std::fs;
use std::path::{Path, PathBuf};

use analysis::agency;
use analysis::receive::{self, DUE_DAYS, Receiver};
use anyhow::{Context, bail, ensure};
use clap::Subcommand;
use records::disclosure::DisclosureMode;
use serde_json::json;
use store::{AgencyAccepted, BegunAnew, Scope};
use submission::{Card, Keys, Role, linkage_fingerprint};

use super::{open_existing, scope};
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
    let done = agency::set_up(&store, scope, shared.data(), &text, clock::now()).await?;
    store.close().await;
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
            output::text(&format!(
                "this is {} ({}), {}\n{changed}\nfingerprint  {fingerprint}\n{next}",
                about.label,
                about.code,
                done.card.about().role.with_article()
            ))?;
        }
    }
    Ok(true)
}

async fn show(scope: &Scope, shared: &Shared) -> anyhow::Result<bool> {
    let store = open_existing(shared).await?;
    let card = agency::own_card(shared.data())?;
    let modes = store.standing_modes(scope).await?;
    let releases = store.releases(scope).await?.len();
    let agencies = store.agencies(scope).await?.len();
    let today = clock::today();
    let ended = agency::rows_of_ended_modes(&store, scope, today).await?;
    store.close().await;
    let keys = Keys::open(shared.data())?;
    let linkage = keys.linkage_keys()?;
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
    for name in linkage {
        let fingerprint = linkage_fingerprint(&*keys.linkage_key(&name)?);
        rows.push(vec!["linkage key".to_owned(), format!("{name}  {fingerprint}")]);
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
            let keys = Keys::open(data)?;
            let receiver = Receiver {
                store: &store,
                scope,
                data,
                keys: &keys,
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
