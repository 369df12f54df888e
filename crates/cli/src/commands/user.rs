//! `clearway user`: whose members sign in here, and who they are.

use std::fs;
use std::io::{IsTerminal, stdin};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};
use clap::Subcommand;
use sealing::TotpSecret;
use serde_json::json;
use store::{Invitation, NewAgencyHere, NewMember, Role, Scope};
use zeroize::Zeroizing;

use super::{open_existing, scope};
use crate::{Format, Shared, clock, output};

mod going;
mod identity;

/// Say whose members sign in to the server, invite them, turn them off
///
/// Administrators are made here; they invite everybody else in the browser. An agency needs two of
/// them before anything confidential can be kept: any two give back what a member loses with her passphrase.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  clearway user list --data clearway-demo/data\n  clearway user agencies --data clearway-demo/data --format json"
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Let an agency in, whose members will sign in here
    #[command(
        after_help = "Examples:\n  clearway user join fresno-pd --label \"Fresno police\" --legal-entity police \\\n      --practice --data clearway-demo/data\n  clearway user agencies --data clearway-demo/data"
    )]
    Join {
        /// Its code
        #[arg(value_name = "CODE")]
        code: String,
        /// Its name
        #[arg(long, value_name = "TEXT")]
        label: String,
        /// What it is, by its code: `clearway definitions list legal_entity`
        #[arg(long, value_name = "CODE")]
        legal_entity: String,
        /// Its county, by its code
        #[arg(long, value_name = "CODE")]
        county: Option<String>,
        /// It is the one that counts for the state: its collectors, analysts, reviewers and
        /// publishers see what others have sent
        #[arg(long)]
        clearinghouse: bool,
        /// It is made up, for practice
        #[arg(long)]
        practice: bool,
    },
    /// List the agencies whose members sign in here
    #[command(
        after_help = "Examples:\n  clearway user agencies --data clearway-demo/data\n  clearway user agencies --format json --data clearway-demo/data"
    )]
    Agencies,
    /// List where each agency stands with joining: the steps that are missing, or since when it is live
    #[command(
        after_help = "Examples:\n  clearway user joining --data clearway-demo/data\n  clearway user joining --format json --data clearway-demo/data"
    )]
    Joining,
    /// Let an agency go, and print the receipt: its members sign in no more; thirty days later what they
    /// kept sealed is destroyed. What was accepted stays
    #[command(
        after_help = "Examples:\n  clearway user join fresno-pd --label \"Fresno police\" --legal-entity police \\\n      --practice --data clearway-demo/data\n  clearway user leave fresno-pd --why \"agreement over\" --data clearway-demo/data"
    )]
    Leave {
        /// Its code
        #[arg(value_name = "CODE")]
        code: String,
        /// Why
        #[arg(long, value_name = "TEXT")]
        why: String,
    },
    /// Bring an agency back as it was, within thirty days of its leaving
    #[command(
        after_help = "Examples:\n  clearway user join tulare-pd --label \"Tulare police\" --legal-entity police \\\n      --practice --data clearway-demo/data\n  clearway user leave tulare-pd --why \"by mistake\" --data clearway-demo/data\n  clearway user come-back tulare-pd --why \"it was a mistake\" --data clearway-demo/data"
    )]
    ComeBack {
        /// Its code
        #[arg(value_name = "CODE")]
        code: String,
        /// Why
        #[arg(long, value_name = "TEXT")]
        why: String,
    },
    /// List the agencies that leave or have left, with their receipts; destroys what is due
    #[command(
        after_help = "Examples:\n  clearway user leavings --data clearway-demo/data\n  clearway user leavings --format json --data clearway-demo/data"
    )]
    Leavings,
    /// Invite somebody; prints the code with which she joins, once
    #[command(
        after_help = "Examples:\n  clearway user join kern-pd --label \"Kern police\" --legal-entity police --practice \\\n      --data clearway-demo/data\n  clearway user invite ana --agency kern-pd --role administrator --data clearway-demo/data"
    )]
    Invite {
        /// By which she will sign in
        #[arg(value_name = "NAME")]
        name: String,
        /// Her agency
        #[arg(long, value_name = "CODE")]
        agency: String,
        /// What she will do: administrator, auditor, collector, analyst, reviewer, publisher,
        /// coordinator, commander, investigator, hotline, caseworker, trainer
        #[arg(long = "role", value_name = "ROLE", required = true, value_parser = role)]
        roles: Vec<Role>,
    },
    /// Join with the code of an invitation; asks for a passphrase, or reads one line of standard
    /// input. Prints the secret of her one-time codes, once
    #[command(
        after_help = "Examples:\n  clearway user invite ana --agency practice-1 --role trainer --data clearway-demo/data \\\n      --format json > ana.json\n  clearway user accept ana --invitation-in ana.json --data clearway-demo/data \\\n      < clearway-demo/examples/passphrase.txt"
    )]
    Accept {
        /// Her name
        #[arg(value_name = "NAME")]
        name: String,
        /// The code that she was given
        #[arg(long, value_name = "CODE", required_unless_present = "invitation_in")]
        invitation: Option<String>,
        /// The file with the answer of `user invite --format json`
        #[arg(long, value_name = "FILE", conflicts_with = "invitation")]
        invitation_in: Option<PathBuf>,
    },
    /// Show the six digits that an app would show now, for practice
    #[command(
        after_help = "Examples:\n  clearway user code GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\n  clearway user code GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ --format json"
    )]
    Code {
        /// The secret, as it was shown when the member joined
        #[arg(value_name = "SECRET")]
        secret: String,
    },
    /// List the members
    #[command(
        after_help = "Examples:\n  clearway user list --data clearway-demo/data\n  clearway user list --format json --data clearway-demo/data"
    )]
    List,
    /// Give a member other roles
    #[command(
        after_help = "Examples:\n  clearway user roles coordinator --role coordinator --role trainer --data clearway-demo/data\n  clearway user list --data clearway-demo/data"
    )]
    Roles {
        /// Her name
        #[arg(value_name = "NAME")]
        name: String,
        /// What she will do from now on
        #[arg(long = "role", value_name = "ROLE", required = true, value_parser = role)]
        roles: Vec<Role>,
    },
    /// Turn a member off: she signs in no more, and where she is signed in it ends
    #[command(
        after_help = "Examples:\n  clearway user off collector --why \"has left\" --data clearway-demo/data\n  clearway user on collector --why \"is back\" --data clearway-demo/data"
    )]
    Off {
        /// Her name
        #[arg(value_name = "NAME")]
        name: String,
        /// Why
        #[arg(long, value_name = "TEXT")]
        why: String,
    },
    /// A member leaves for good: off, sessions ended, keys destroyed. Refused while only she reads something
    #[command(
        after_help = "Examples:\n  clearway user invite dora --agency practice-1 --role trainer --data clearway-demo/data\n  clearway user gone dora --why \"has another job\" --data clearway-demo/data"
    )]
    Gone {
        /// Her name
        #[arg(value_name = "NAME")]
        name: String,
        /// Why
        #[arg(long, value_name = "TEXT")]
        why: String,
    },
    /// Turn a member on again
    #[command(
        after_help = "Examples:\n  clearway user off collector --why \"has left\" --data clearway-demo/data\n  clearway user on collector --why \"is back\" --data clearway-demo/data"
    )]
    On {
        /// Her name
        #[arg(value_name = "NAME")]
        name: String,
        /// Why
        #[arg(long, value_name = "TEXT")]
        why: String,
    },
    /// Invite a member anew who has lost her passphrase. What she could read comes back when two
    /// administrators of her agency have handed over
    #[command(
        after_help = "Examples:\n  clearway user invite-again coordinator --why \"lost her passphrase\" --data clearway-demo/data\n  clearway user list --data clearway-demo/data"
    )]
    InviteAgain {
        /// Her name
        #[arg(value_name = "NAME")]
        name: String,
        /// Why
        #[arg(long, value_name = "TEXT")]
        why: String,
    },
    /// Say where members of an agency may sign in with an account of their agency's own
    ///
    /// The agency's identity provider, by OpenID Connect. It says who somebody is, in the place of name,
    /// passphrase and code; her passphrase or a passkey then unlocks what she reads.
    #[command(
        after_help = "Examples:\n  clearway user identity-provider list --data clearway-demo/data\n  clearway user identity-provider set practice-1 --issuer http://127.0.0.1:8180/realms/practice \\\n      --client-id clearway --data clearway-demo/data"
    )]
    IdentityProvider {
        #[command(subcommand)]
        what: identity::What,
    },
    /// List what is kept sealed and who reads it
    #[command(
        after_help = "Examples:\n  clearway user compartments --data clearway-demo/data\n  clearway user compartments --format json --data clearway-demo/data"
    )]
    Compartments,
}

fn role(word: &str) -> Result<Role, String> {
    let known =
        || Role::ALL.iter().skip(1).map(|role| role.as_str()).collect::<Vec<_>>().join(", ");
    Role::from_word(word)
        .filter(|role| *role != Role::Operator)
        .ok_or_else(|| format!("expected one of {}", known()))
}

pub(crate) async fn run(own: &Arguments, shared: &Shared) -> anyhow::Result<bool> {
    let by = scope(shared);
    match &own.what {
        What::Join { code, label, legal_entity, county, clearinghouse, practice } => {
            let new = NewAgencyHere {
                code: code.clone(),
                label: label.clone(),
                legal_entity: legal_entity.clone(),
                county: county.clone(),
                clearinghouse: *clearinghouse,
                practice: *practice,
            };
            join(&new, &by, shared).await
        }
        What::Agencies => agencies(&by, shared).await,
        What::Joining => going::joining(&by, shared).await,
        What::Leave { code, why } => going::leave(code, why, &by, shared).await,
        What::ComeBack { code, why } => going::come_back(code, why, &by, shared).await,
        What::Leavings => going::leavings(&by, shared).await,
        What::Gone { name, why } => going::gone(name, why, &by, shared).await,
        What::Invite { name, agency, roles } => {
            let (agency, name, roles) = (agency.clone(), name.clone(), roles.clone());
            let store = open_existing(shared).await?;
            let new = NewMember { agency, name: name.clone(), roles };
            invited(shared, &name, &store.invite(&by, &new, clock::now()).await?)
        }
        What::InviteAgain { name, why } => {
            let store = open_existing(shared).await?;
            invited(shared, name, &store.invite_again(&by, name, why, clock::now()).await?)
        }
        What::Accept { name, invitation: Some(code), .. } => accept(name, code, shared).await,
        What::Accept { name, invitation_in, .. } => {
            accept(name, &read_invitation(invitation_in.as_deref())?, shared).await
        }
        What::Code { secret } => code(secret, shared),
        What::List => list(&by, shared).await,
        What::Roles { name, roles } => {
            let store = open_existing(shared).await?;
            store.set_roles(&by, name, roles, clock::now()).await?;
            done(shared, &format!("{name} signs in anew, in her new roles"))
        }
        What::Off { name, why } => turn(name, false, why, &by, shared).await,
        What::On { name, why } => turn(name, true, why, &by, shared).await,
        What::IdentityProvider { what } => identity::run(what, &by, shared).await,
        What::Compartments => compartments(&by, shared).await,
    }
}

/// An act of which there is nothing to show.
fn done(shared: &Shared, said: &str) -> anyhow::Result<bool> {
    match shared.format {
        Format::Json => output::json(&json!({ "done": said }))?,
        Format::Text => output::text(said)?,
    }
    Ok(true)
}

async fn join(new: &NewAgencyHere, by: &Scope, shared: &Shared) -> anyhow::Result<bool> {
    let register = records::register::Register::embedded();
    let known =
        |kind| register.entries(kind).map(|entry| entry.code.to_string()).collect::<Vec<_>>();
    let entities = known(records::register::Kind::LegalEntity);
    ensure!(
        entities.contains(&new.legal_entity),
        "--legal-entity {} is none: expected one of {}",
        new.legal_entity,
        entities.join(", ")
    );
    if let Some(county) = &new.county {
        ensure!(
            known(records::register::Kind::County).contains(county),
            "--county {county} is none; `clearway definitions list county` lists them"
        );
    }
    let store = super::open(shared).await?;
    store.add_agency(by, new, clock::now()).await?;
    let (code, data) = (&new.code, shared.data_option());
    done(
        shared,
        &format!(
            "{code} has joined\nnext, twice: clearway user invite NAME --agency {code} --role administrator{data}"
        ),
    )
}

async fn agencies(by: &Scope, shared: &Shared) -> anyhow::Result<bool> {
    let store = open_existing(shared).await?;
    let agencies = store.joined_agencies(by).await?;
    match shared.format {
        Format::Json => output::json(&agencies)?,
        Format::Text if agencies.is_empty() => {
            output::text("no agency's members sign in here; `clearway user join CODE` lets one in")?
        }
        Format::Text => {
            let row = |one: &store::JoinedAgency| {
                let left = one.left_at.as_ref().map_or(String::new(), |at| format!("left {at}"));
                vec![one.code.clone(), one.legal_entity.clone(), one.label.clone(), left]
            };
            output::text(&output::columns(&agencies.iter().map(row).collect::<Vec<_>>()))?;
        }
    }
    Ok(true)
}

fn invited(shared: &Shared, name: &str, invitation: &Invitation) -> anyhow::Result<bool> {
    let (code, until) = (&*invitation.code, &invitation.until);
    match shared.format {
        Format::Json => {
            output::json(&json!({ "name": name, "invitation": code, "until": until }))?;
        }
        Format::Text => output::text(&format!(
            "{name} joins with this code, once, until {until}:\n\n    {code}\n\ngive it to her face to face or by telephone; she opens /join in the browser, or\nnext: clearway user accept {name} --invitation {code}{}",
            shared.data_option()
        ))?,
    }
    Ok(true)
}

/// The code in the answer of `user invite --format json`.
fn read_invitation(file: Option<&Path>) -> anyhow::Result<String> {
    let file = file.context("--invitation or --invitation-in is needed")?;
    let text = fs::read_to_string(file).with_context(|| file.display().to_string())?;
    let answer: serde_json::Value =
        serde_json::from_str(&text).with_context(|| file.display().to_string())?;
    let code = answer["invitation"].as_str();
    Ok(code.with_context(|| format!("{}: no \"invitation\" in it", file.display()))?.to_owned())
}

fn code(secret: &str, shared: &Shared) -> anyhow::Result<bool> {
    let secret = TotpSecret::from_base32(secret).context("this is no secret of one-time codes")?;
    let now = u64::try_from(clock::now().as_second()).unwrap_or(0);
    let code = secret.shown_at(now);
    match shared.format {
        Format::Json => output::json(&json!({ "code": *code }))?,
        Format::Text => output::text(&code)?,
    }
    Ok(true)
}

async fn accept(name: &str, invitation: &str, shared: &Shared) -> anyhow::Result<bool> {
    let store = open_existing(shared).await?;
    let passphrase = new_passphrase()?;
    let joined = store.accept_invitation(name, invitation, &passphrase, clock::now()).await?;
    match shared.format {
        Format::Json => output::json(&json!({
            "name": name,
            "one_time_codes": *joined.totp,
            "one_time_codes_uri": *joined.totp_uri,
            "fingerprint": joined.fingerprint,
        }))?,
        Format::Text => output::text(&format!(
            "{name} has joined\n\nput this into an app that makes one-time codes; it is not shown again:\n\n    {}\n    {}\n\nfingerprint of her key, which colleagues compare with her: {}",
            *joined.totp, *joined.totp_uri, joined.fingerprint
        ))?,
    }
    Ok(true)
}

/// Asks twice at a terminal; of anything else it is the first line.
fn new_passphrase() -> anyhow::Result<Zeroizing<String>> {
    if !stdin().is_terminal() {
        let mut line = Zeroizing::new(String::new());
        stdin().read_line(&mut line).context("standard input")?;
        return Ok(Zeroizing::new(line.trim_end_matches(['\r', '\n']).to_owned()));
    }
    let ask = |words: &str| rpassword::prompt_password(words).map(Zeroizing::new);
    let once = ask("passphrase, at least 15 characters: ")?;
    if *ask("the same again: ")? != *once {
        bail!("the two are not the same; nothing was changed");
    }
    Ok(once)
}

async fn list(by: &Scope, shared: &Shared) -> anyhow::Result<bool> {
    let store = open_existing(shared).await?;
    let members = store.members(by).await?;
    match shared.format {
        Format::Json => output::json(&members)?,
        Format::Text if members.is_empty() => {
            output::text("nobody signs in here yet; `clearway user invite NAME` invites somebody")?;
        }
        Format::Text => {
            let row = |one: &store::Member| {
                let roles: Vec<&str> = one.roles.iter().map(|role| role.as_str()).collect();
                let state = match one.state {
                    store::MemberState::Invited => "invited",
                    store::MemberState::Active => "active",
                    store::MemberState::Off => "off",
                };
                vec![one.name.clone(), one.agency.clone(), state.to_owned(), roles.join(", ")]
            };
            output::text(&output::columns(&members.iter().map(row).collect::<Vec<_>>()))?;
        }
    }
    Ok(true)
}

async fn turn(
    name: &str,
    on: bool,
    why: &str,
    by: &Scope,
    shared: &Shared,
) -> anyhow::Result<bool> {
    let store = open_existing(shared).await?;
    store.turn_member(by, name, on, why, clock::now()).await?;
    done(shared, &format!("{name} is {}", if on { "on" } else { "off" }))
}

async fn compartments(by: &Scope, shared: &Shared) -> anyhow::Result<bool> {
    let store = open_existing(shared).await?;
    let found = store.compartments(by).await?;
    match shared.format {
        Format::Json => output::json(&found)?,
        Format::Text if found.is_empty() => output::text(
            "nothing is kept sealed yet; whoever will read it makes a compartment in the browser",
        )?,
        Format::Text => {
            let names = |names: &[String]| match names {
                [] => "nobody".to_owned(),
                some => some.join(", "),
            };
            let row = |one: &store::Compartment| {
                let (readers, waiting) = (names(&one.readers), names(&one.waiting));
                let said = format!("read by {readers}; waiting: {waiting}");
                vec![one.agency.clone(), one.name.as_str().to_owned(), said]
            };
            output::text(&output::columns(&found.iter().map(row).collect::<Vec<_>>()))?;
        }
    }
    Ok(true)
}
