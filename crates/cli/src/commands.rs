//! One file for each command: arguments in, one library call, the answer printed.

pub(crate) mod agency;
pub(crate) mod audit;
pub(crate) mod backup;
pub(crate) mod check;
pub(crate) mod count;
pub(crate) mod definitions;
pub(crate) mod demo;
pub(crate) mod encode;
pub(crate) mod estimate;
pub(crate) mod explain;
pub(crate) mod export;
pub(crate) mod import;
mod installation_keys;
pub(crate) mod keys;
pub(crate) mod link;
mod lists;
pub(crate) mod mappings;
pub(crate) mod match_;
mod people_found;
mod people_in;
pub(crate) mod quality;
pub(crate) mod receive;
pub(crate) mod records;
mod records_in;
pub(crate) mod release;
pub(crate) mod remind;
pub(crate) mod report;
pub(crate) mod returns;
pub(crate) mod server;
pub(crate) mod simulate;
pub(crate) mod submit;
pub(crate) mod templates;
pub(crate) mod user;
pub(crate) mod withdraw;

use std::path::{Path, PathBuf};

use ::records::register::Register;
use ::records::returns::{Mapping, shipped_mappings};
use ::records::{CellProblem, Shown, is_invisible};
use analysis::agency::role as role_of;
use analysis::collect::{InputFile, Looked, Recognition, look, read};
use anyhow::{Context, bail};
use store::{Scope, Store};
use submission::{Keys, Role};

use crate::{Shared, clock, output};

/// The scope of whoever runs the command.
fn scope(shared: &Shared) -> Scope {
    Scope::command_line(&shared.by)
}

/// Opens the database, making it when it is not there. Records of an earlier version, which kept them in
/// clear, are sealed before anything else is done.
async fn open(shared: &Shared) -> anyhow::Result<Store> {
    open_by(|| installation_keys::keys(shared), shared).await
}

/// The same, by keys that are opened already or opened when they are needed.
async fn open_by(
    keys: impl FnOnce() -> anyhow::Result<Keys>,
    shared: &Shared,
) -> anyhow::Result<Store> {
    let store = Store::open_in(shared.data(), shared.database_url()?.as_ref()).await?;
    if store.holds_unsealed().await? {
        store.seal_records(&scope(shared), &keys()?.records_key(), clock::now()).await?;
    }
    Ok(store)
}

/// Whether there is a database, as far as that can be known without opening it.
fn exists(shared: &Shared) -> bool {
    shared.names_database() || Store::exists(shared.data())
}

/// Opens a database that must be there already.
async fn open_existing(shared: &Shared) -> anyhow::Result<Store> {
    let folder = shared.data();
    if !exists(shared) {
        bail!(
            "there is no database in {}: `clearway import FILE --as returns` makes one, or name it with --data DIR",
            folder.display()
        );
    }
    open(shared).await
}

/// A clearinghouse holds no records of its own, and to answer that there are none would mislead.
fn expect_own_records(shared: &Shared) -> anyhow::Result<()> {
    if role_of(shared.data())? == Some(Role::Clearinghouse) {
        bail!(
            "{} is a clearinghouse, which keeps no records of its own; what it has received: clearway receive --list{}",
            shared.data().display(),
            shared.data_option()
        );
    }
    Ok(())
}

/// The mapping that a person named, by its name or its file.
fn named_mapping(name: Option<&str>) -> anyhow::Result<Option<Mapping>> {
    let Some(name) = name else { return Ok(None) };
    if let Some(shipped) = shipped_mappings()?.iter().find(|mapping| mapping.id == name) {
        return Ok(Some(shipped.clone()));
    }
    let toml = std::fs::read_to_string(name).with_context(|| {
        format!("\"{name}\" is neither a mapping (`clearway mappings` lists them) nor a file that can be read")
    })?;
    let mapping = Mapping::read(name, &toml, Register::embedded())?;
    if shipped_mappings()?.iter().any(|shipped| shipped.id == mapping.id) {
        bail!("{name}: the id \"{}\" is that of a shipped mapping; give yours another", mapping.id);
    }
    Ok(Some(mapping))
}

/// The files to look at; `-` is standard input.
fn input_files(paths: &[PathBuf]) -> anyhow::Result<Vec<InputFile>> {
    if paths == [Path::new("-")] {
        return Ok(vec![InputFile { path: PathBuf::from("-"), named: true }]);
    }
    analysis::collect::files(paths).map_err(|(path, error)| {
        anyhow::Error::from(error).context(format!("cannot read {}", path.display()))
    })
}

/// The bytes of a file, or of standard input.
fn bytes_of(file: &InputFile) -> std::io::Result<Vec<u8>> {
    if file.path == Path::new("-") {
        use std::io::Read;
        let mut bytes = Vec::new();
        let limit = read::LARGEST_FILE as u64 + 1;
        std::io::stdin().lock().take(limit).read_to_end(&mut bytes)?;
        return Ok(bytes);
    }
    analysis::collect::bytes_of(file)
}

/// Looks at one file; one that cannot be read is refused like any other, and the rest go on.
fn look_at(file: &InputFile, by: Recognition<'_>) -> (String, Looked) {
    // A file's name may hold what would move the cursor of whoever reads it.
    let printable = |c| if is_invisible(c) { char::REPLACEMENT_CHARACTER } else { c };
    let name: String = file.path.display().to_string().chars().map(printable).collect();
    let looked = match bytes_of(file) {
        Ok(bytes) => look(&name, &bytes, file.named, by),
        Err(error) => Looked::Refused {
            mapping: None,
            problems: vec![CellProblem {
                file: name.clone(),
                row: 0,
                column: String::new(),
                value: Shown::Value(error.to_string()),
                expected: "a file that can be read".to_owned(),
                fix: "check its name and who may read it".to_owned(),
            }],
        },
    };
    (name, looked)
}

/// Problems as people read them.
fn problem_lines(problems: &[CellProblem]) -> String {
    let lines: Vec<String> =
        problems.iter().map(|problem| output::fold(&problem.to_string(), 100, 4)).collect();
    lines.join("\n")
}
