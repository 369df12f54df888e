//! `clearway keys`: the linkage key that agencies share, and this installation's own fingerprint.

use std::fs;
use std::path::{Path, PathBuf};

use analysis::agency::{self, DEFAULT_LINKAGE_KEY};
use anyhow::{Context, bail};
use clap::Subcommand;
use linkage::write_whole;
use serde_json::json;
use submission::{
    Keys, Role, accept_linkage_key, linkage_fingerprint, new_linkage_key, share_linkage_key,
};

use zeroize::Zeroizing;

use super::installation_keys;
use crate::{Format, Shared, output};

/// Make, share and accept the linkage key under which agencies encode people
///
/// One agency makes the key and shares it with each other agency, encrypted to its card. All of
/// them read the fingerprint out over the phone. The clearinghouse never holds it.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  clearway keys list --data clearway-demo/practice-police-1\n  clearway keys fingerprint state --data clearway-demo/practice-shelter-1"
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Make a new linkage key; one agency does this for all
    New {
        /// The name to keep it under
        #[arg(value_name = "NAME", default_value = DEFAULT_LINKAGE_KEY)]
        name: String,
        /// Write it into this new file, for clearway encode --unattached, and keep it nowhere
        #[arg(long, value_name = "FILE", conflicts_with = "name")]
        out: Option<PathBuf>,
    },
    /// Write a linkage key into a file that one other agency can open
    Share {
        /// The name of the key
        #[arg(value_name = "NAME")]
        name: String,
        /// The card of the agency that is to have it
        #[arg(long, value_name = "CARD")]
        to: PathBuf,
        /// The file to write it into
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Take in a linkage key that another agency has shared
    Accept {
        /// The file that it sent
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// The card of the agency that sent it
        #[arg(long, value_name = "CARD")]
        from: PathBuf,
        /// The name to keep it under
        #[arg(long = "as", value_name = "NAME", default_value = DEFAULT_LINKAGE_KEY)]
        name: String,
    },
    /// Show the fingerprint of this installation, or of a linkage key, to be read out over the phone
    Fingerprint {
        /// The name of a linkage key
        #[arg(value_name = "NAME")]
        name: Option<String>,
    },
    /// List the linkage keys that are kept here
    List,
}

pub(crate) fn run(own: &Arguments, shared: &Shared) -> anyhow::Result<bool> {
    let data = shared.data();
    match &own.what {
        What::New { out: Some(out), .. } => new_file(out, shared),
        What::New { name, out: None } => {
            let keys = agency_keys(shared)?;
            if keys.linkage_keys()?.contains(name) {
                bail!(
                    "there is a linkage key \"{name}\" already; a new one would link with nobody: keep it under another name"
                );
            }
            let key = new_linkage_key()?;
            keys.keep_linkage_key(name, &key)?;
            let next = format!(
                "share it with each other agency: clearway keys share {name} --to CARD --out FILE{}\nnever with the clearinghouse",
                shared.data_option()
            );
            said(shared, name, &linkage_fingerprint(&key), "made", &next)
        }
        What::Share { name, to, out } => {
            let keys = agency_keys(shared)?;
            let key = keys.linkage_key(name)?;
            let card = agency::read_card(to)?;
            let bytes = share_linkage_key(&key, &card, &keys)?;
            fs::write(out, bytes).with_context(|| format!("{}", out.display()))?;
            let next = format!(
                "{} can be opened by {} alone: send it; there: clearway keys accept FILE --from your card\nthen compare the fingerprint over the phone",
                out.display(),
                card.code()
            );
            said(shared, name, &linkage_fingerprint(&key), "shared", &next)
        }
        What::Accept { file, from, name } => {
            let keys = agency_keys(shared)?;
            let card = agency::read_card(from)?;
            let bytes = fs::read(file).with_context(|| format!("{}", file.display()))?;
            let key = accept_linkage_key(&bytes, &keys, &card)?;
            keys.keep_linkage_key(name, &key)?;
            let next = format!(
                "call {} and compare this fingerprint; then delete {}",
                card.code(),
                file.display()
            );
            said(shared, name, &linkage_fingerprint(&key), "accepted", &next)
        }
        What::Fingerprint { name: Some(name) } => {
            let key = agency_keys(shared)?.linkage_key(name)?;
            let next = "every agency that encodes under this key must read out the same";
            said(shared, name, &linkage_fingerprint(&key), "kept", next)
        }
        What::Fingerprint { name: None } => {
            let card = agency::own_card(data)?;
            match shared.format {
                Format::Json => {
                    output::json(&json!({"code": card.code(), "fingerprint": card.fingerprint()}))?
                }
                Format::Text => {
                    output::text(&format!("{}  {}", card.code(), card.fingerprint()))?;
                }
            }
            Ok(true)
        }
        What::List => list(shared),
    }
}

/// Writes a new key into a file of its own: 64 hexadecimal digits that only its owner can read.
fn new_file(out: &Path, shared: &Shared) -> anyhow::Result<bool> {
    if out.exists() {
        bail!("{} is there already; a key is never written over: name a new file", out.display());
    }
    let key = new_linkage_key()?;
    let mut digits: Zeroizing<String> =
        Zeroizing::new(key.iter().map(|byte| format!("{byte:02x}")).collect());
    digits.push('\n');
    write_whole(out, digits.as_bytes()).with_context(|| format!("{}", out.display()))?;
    let next = "whoever has this file can try names against what is encoded with it: keep it with the agencies";
    said(shared, &out.display().to_string(), &linkage_fingerprint(&key), "made", next)
}

fn list(shared: &Shared) -> anyhow::Result<bool> {
    let keys = agency_keys(shared)?;
    let mut rows = Vec::new();
    for name in keys.linkage_keys()? {
        let fingerprint = linkage_fingerprint(&*keys.linkage_key(&name)?);
        rows.push(vec![name, fingerprint]);
    }
    match shared.format {
        Format::Json => {
            let rows: Vec<_> = rows
                .iter()
                .map(|row| json!({"name": row.first(), "fingerprint": row.last()}))
                .collect();
            output::json(&rows)?;
        }
        Format::Text if rows.is_empty() => output::text(
            "no linkage key is kept here: clearway keys accept FILE --from CARD, or clearway keys new",
        )?,
        Format::Text => output::text(&output::columns(&rows))?,
    }
    Ok(true)
}

/// The keys of an agency. A clearinghouse holds no linkage key.
fn agency_keys(shared: &Shared) -> anyhow::Result<Keys> {
    if agency::own_card(shared.data())?.about().role == Role::Clearinghouse {
        bail!(
            "this is a clearinghouse, and it never holds a linkage key: with it, names could be tried against what it receives; agencies make it and share it among themselves"
        );
    }
    installation_keys::keys(shared)
}

fn said(
    shared: &Shared,
    name: &str,
    fingerprint: &str,
    state: &str,
    next: &str,
) -> anyhow::Result<bool> {
    match shared.format {
        Format::Json => {
            output::json(&json!({"linkage_key": name, "fingerprint": fingerprint, "state": state}))?
        }
        Format::Text => output::text(&format!(
            "linkage key \"{name}\" {state}\nfingerprint  {fingerprint}\n{next}"
        ))?,
    }
    Ok(true)
}
