//! The keys of the installation, and the passphrase before those of a real one.
//!
//! A command that needs a secret opens the keys here; the others ask for nothing. The passphrase is typed
//! at a terminal, or is the first line of the file that `--passphrase-file` names; it is never an argument,
//! which every other program on the machine could read.

use std::fs;
use std::io::{IsTerminal, stdin};
use std::path::Path;

use analysis::agency;
use anyhow::{Context, bail};
use sealing::{Half, Passphrase, PassphraseCost};
use submission::{About, Keys, KeysError};
use zeroize::Zeroizing;

use crate::Shared;

/// Opens the keys of the installation.
pub(crate) fn keys(shared: &Shared) -> anyhow::Result<Keys> {
    let data = shared.data();
    if Keys::exist(data) && lie_open(data)? {
        bail!(
            "the keys of a real installation lie open in {}: put them behind a passphrase first, with: clearway agency passphrase{}",
            data.join("keys").display(),
            shared.data_option()
        );
    }
    keys_in(data, shared)
}

/// Opens the keys in a folder that is still being put together.
pub(crate) fn keys_in(data: &Path, shared: &Shared) -> anyhow::Result<Keys> {
    if !Keys::are_locked(data) {
        return Ok(Keys::open(data)?);
    }
    if let Some(file) = &shared.passphrase_file {
        return Ok(Keys::unlock(data, &entered(&first_line(file)?)?)?);
    }
    if !stdin().is_terminal() {
        return Err(KeysError::Locked { folder: data.join("keys") }.into());
    }
    let typed = ask("passphrase of the keys: ")?;
    Ok(Keys::unlock(data, &entered(&typed)?)?)
}

/// Whether keys that should be behind a passphrase are not: those of an earlier version.
pub(crate) fn lie_open(data: &Path) -> anyhow::Result<bool> {
    let card = data.join("card.toml");
    Ok(!Keys::are_locked(data) && card.exists() && !agency::read_card(&card)?.about().practice)
}

/// The keys of an installation that is being set up, and the halves of its recovery code when a
/// passphrase was set just now.
pub(crate) fn keys_of_new(
    about: &About,
    shared: &Shared,
) -> anyhow::Result<(Keys, Option<[Half; 2]>)> {
    let data = shared.data();
    if Keys::are_locked(data) {
        return Ok((keys_in(data, shared)?, None));
    }
    if about.practice {
        return Ok((agency::open_keys(data)?, None));
    }
    let passphrase = new_passphrase(shared.passphrase_file.as_deref())?;
    if Keys::exist(data) {
        let mut keys = Keys::open(data)?;
        let halves = keys.lock(&passphrase, &PassphraseCost::DEFAULT)?;
        return Ok((keys, Some(halves)));
    }
    let (keys, halves) = Keys::create_locked(data, &passphrase, &PassphraseCost::DEFAULT)?;
    Ok((keys, Some(halves)))
}

/// A new passphrase: twice at a terminal, or the first line of a file.
pub(crate) fn new_passphrase(file: Option<&Path>) -> anyhow::Result<Passphrase> {
    let text = match file {
        Some(file) => first_line(file)?,
        None if stdin().is_terminal() => {
            let once = ask("new passphrase for the keys, at least 15 characters: ")?;
            if *ask("the same again: ")? != *once {
                bail!("the two are not the same; nothing was changed");
            }
            once
        }
        None => bail!(
            "the keys of a real installation are kept behind a passphrase: run this at a terminal, or name a file that holds it in its first line; nothing was changed"
        ),
    };
    Ok(Passphrase::new(&text, "")?)
}

/// Both halves of the recovery code, from two files or typed.
pub(crate) fn halves(files: &[std::path::PathBuf]) -> anyhow::Result<[Half; 2]> {
    let [one, two] = match files {
        [one, two] => [first_line(one)?, first_line(two)?],
        [] if stdin().is_terminal() => [ask("first half: ")?, ask("second half: ")?],
        _ => bail!(
            "both halves are needed: run this at a terminal, or name a file for each with --half-file FILE --half-file FILE"
        ),
    };
    let half =
        |text: &str, which| Half::from_text(text).with_context(|| format!("the {which} half"));
    Ok([half(&one, "first")?, half(&two, "second")?])
}

fn entered(text: &str) -> anyhow::Result<Passphrase> {
    Ok(Passphrase::entered(text)?)
}

fn ask(words: &str) -> anyhow::Result<Zeroizing<String>> {
    Ok(Zeroizing::new(rpassword::prompt_password(words)?))
}

/// The first line of a file, or of standard input where it is `-`.
pub(crate) fn first_line(file: &Path) -> anyhow::Result<Zeroizing<String>> {
    let text = match file == Path::new("-") {
        true => std::io::read_to_string(stdin()),
        false => fs::read_to_string(file),
    };
    let text = Zeroizing::new(text.with_context(|| format!("cannot read {}", file.display()))?);
    let line = text.lines().next().unwrap_or_default();
    if line.is_empty() {
        bail!("{}: its first line is empty", file.display());
    }
    Ok(Zeroizing::new(line.to_owned()))
}
