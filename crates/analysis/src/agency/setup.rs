//! Who this installation is.
//!
//! In: `agency.toml`. Out: the agency in the store, keys when there were none, and `card.toml` in
//! the data folder; or every problem of the file. The same file again changes nothing, another one
//! is signed with the same keys. An installation is an agency or a clearinghouse and never becomes
//! the other.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use records::Shown;
use records::record::Code;
use records::register::Kind;
use store::{AgencySelf, Scope, Store};
use submission::{About, Card, CardProblem, Keys, Role};
use tempfile::NamedTempFile;
use toml::{Table, Value};

use super::AgencyError;

const CARD: &str = "card.toml";
const LINES: [&str; 8] = [
    "role",
    "code",
    "label",
    "legal_entity",
    "task_force",
    "county",
    "calendar_offset_days",
    "practice",
];

/// One thing that is wrong with `agency.toml`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SetupProblem {
    /// It is no TOML.
    #[error("it does not read as TOML: write lines such as code = \"practice-shelter-1\"")]
    NotToml,
    /// A line that it does not have.
    #[error("it has no line \"{line}\"; its lines are {}", LINES.join(", "))]
    UnknownLine {
        /// The line.
        line: String,
    },
    /// A line whose value cannot stand on a card.
    #[error(transparent)]
    Line(#[from] CardProblem),
}

/// What came of setting an installation up.
#[derive(Debug)]
pub struct SetUp {
    /// Its card.
    pub card: Card,
    /// Whether anything has changed.
    pub changed: bool,
    /// Whether the keys were made just now.
    pub new_keys: bool,
}

/// Says who this installation is, by the text of `agency.toml`. What it is to be is shown to `keys`,
/// which opens its keys or makes them: those of a practice installation with [`open_keys`], those of a
/// real one behind a passphrase.
///
/// # Errors
///
/// What `keys` gives; [`AgencyError::AgencyFile`] with every problem of the file;
/// [`AgencyError::RoleFixed`], [`AgencyError::PracticeFixed`]; [`AgencyError::Store`] when something
/// rests on what is to change.
pub async fn set_up<E: From<AgencyError>>(
    store: &Store,
    scope: &Scope,
    data: &Path,
    text: &str,
    at: Timestamp,
    keys: impl FnOnce(&About) -> Result<Keys, E>,
) -> Result<SetUp, E> {
    let about = about(text).map_err(AgencyError::AgencyFile)?;
    let before = expect_free(store, scope, data, &about).await?;
    let new_keys = !Keys::exist(data);
    let keys = keys(&about)?;
    let set = set(store, scope, &keys, about, before, at).await?;
    Ok(SetUp { new_keys, ..set })
}

/// The keys of a practice installation, made when it has none.
///
/// # Errors
///
/// [`AgencyError::Keys`].
pub fn open_keys(data: &Path) -> Result<Keys, AgencyError> {
    Ok(if Keys::exist(data) { Keys::open(data)? } else { Keys::create(data)? })
}

/// The card as it was, when the installation may become what is said.
async fn expect_free(
    store: &Store,
    scope: &Scope,
    data: &Path,
    about: &About,
) -> Result<Option<Card>, AgencyError> {
    let before = if data.join(CARD).exists() { Some(read_card(&data.join(CARD))?) } else { None };
    let was_agency = store.agency(scope).await?.is_some();
    let role_before = before.as_ref().map(|card| card.about().role);
    let role_before = role_before.or(was_agency.then_some(Role::Agency));
    if let Some(is) = role_before.filter(|is| *is != about.role) {
        return Err(AgencyError::RoleFixed {
            is: is.with_article(),
            wanted: about.role.with_article(),
        });
    }
    if about.role == Role::Clearinghouse
        && before.as_ref().is_some_and(|card| card.about().practice != about.practice)
        && !store.agencies(scope).await?.is_empty()
    {
        return Err(AgencyError::PracticeFixed);
    }
    Ok(before)
}

async fn set(
    store: &Store,
    scope: &Scope,
    keys: &Keys,
    about: About,
    before: Option<Card>,
    at: Timestamp,
) -> Result<SetUp, AgencyError> {
    if let (Role::Agency, Some(legal_entity)) = (about.role, about.legal_entity) {
        let agency = AgencySelf {
            code: about.code.clone(),
            label: about.label.clone(),
            legal_entity,
            task_force: about.task_force.map(|code| code.as_str().to_owned()),
            county: about.county.map(|code| code.as_str().to_owned()),
            calendar_offset_days: i64::from(about.calendar_offset_days),
            practice: about.practice,
        };
        store.set_agency(scope, &agency, at).await?;
    }
    let path = keys.data().join(CARD);
    let card = Card::new(about, keys)
        .map_err(|source| AgencyError::Card { path: path.clone(), source })?;
    let changed = before.as_ref() != Some(&card);
    if changed {
        write_whole(&path, card.to_toml().as_bytes())
            .map_err(|source| AgencyError::File { path, source })?;
    }
    Ok(SetUp { card, changed, new_keys: false })
}

/// The card of this installation.
///
/// # Errors
///
/// [`AgencyError::NotSetUp`] when there is none; [`AgencyError::OtherKeys`] when it was made from
/// other keys than those in the data folder.
pub fn own_card(data: &Path) -> Result<Card, AgencyError> {
    let path = data.join(CARD);
    if !path.exists() {
        return Err(AgencyError::NotSetUp);
    }
    let card = read_card(&path)?;
    if card.fingerprint() != Keys::public_fingerprint(data)? {
        return Err(AgencyError::OtherKeys);
    }
    Ok(card)
}

/// What this installation is; nothing when nobody has said.
///
/// # Errors
///
/// [`AgencyError::Card`], [`AgencyError::File`].
pub fn role(data: &Path) -> Result<Option<Role>, AgencyError> {
    let path = data.join(CARD);
    if path.exists() { Ok(Some(read_card(&path)?.about().role)) } else { Ok(None) }
}

/// Reads and verifies a card, or the card of the installation whose data folder is named.
///
/// # Errors
///
/// [`AgencyError::File`], [`AgencyError::Card`] with everything that is wrong with it.
pub fn read_card(path: &Path) -> Result<Card, AgencyError> {
    let path = &if path.is_dir() { path.join(CARD) } else { path.to_owned() };
    let path_of = || -> PathBuf { path.to_owned() };
    let text = fs::read(path).map_err(|source| AgencyError::File { path: path_of(), source })?;
    let text = String::from_utf8_lossy(&text);
    Card::read(&text).map_err(|source| AgencyError::Card { path: path_of(), source })
}

/// Writes a file in place of whatever was there: old or new, never half.
fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// What `agency.toml` says, or every problem of it.
fn about(text: &str) -> Result<About, Vec<SetupProblem>> {
    let table: Table = text.parse().map_err(|_| vec![SetupProblem::NotToml])?;
    let mut lines = Lines { table: &table, problems: Vec::new() };
    let role = lines.text("role").map_or(Some(Role::Agency), Role::from_word);
    if role.is_none() {
        lines.problems.push(CardProblem::Role.into());
    }
    let about = About {
        role: role.unwrap_or(Role::Agency),
        code: lines.required_text("code"),
        label: lines.required_text("label"),
        legal_entity: lines.code("legal_entity", &[Kind::LegalEntity]),
        task_force: lines.code("task_force", &[Kind::TaskForce, Kind::PracticeTaskForce]),
        county: lines.code("county", &[Kind::County]),
        calendar_offset_days: lines.offset(),
        practice: lines.practice(),
    };
    let mut problems = lines.problems;
    for line in table.keys().filter(|line| !LINES.contains(&line.as_str())) {
        problems.push(SetupProblem::UnknownLine { line: Shown::value(line).to_string() });
    }
    for problem in about.problems() {
        // What is missing, or means nothing, is named already.
        let named = match &problem {
            CardProblem::Code => !matches!(table.get("code"), Some(Value::String(_))),
            CardProblem::Label => !matches!(table.get("label"), Some(Value::String(_))),
            CardProblem::NoLegalEntity => table.contains_key("legal_entity") || role.is_none(),
            _ => false,
        };
        if !named {
            problems.push(problem.into());
        }
    }
    if problems.is_empty() { Ok(about) } else { Err(problems) }
}

struct Lines<'t> {
    table: &'t Table,
    problems: Vec<SetupProblem>,
}

impl<'t> Lines<'t> {
    /// A text that may be absent.
    fn text(&mut self, field: &'static str) -> Option<&'t str> {
        let value = self.table.get(field)?;
        if value.as_str().is_none() {
            self.problems.push(CardProblem::WrongType { field, expected: "a text" }.into());
        }
        value.as_str()
    }

    fn required_text(&mut self, field: &'static str) -> String {
        if !self.table.contains_key(field) {
            self.problems.push(CardProblem::Missing { field }.into());
        }
        self.text(field).unwrap_or_default().to_owned()
    }

    fn code(&mut self, field: &'static str, kinds: &[Kind]) -> Option<Code> {
        let text = self.text(field)?;
        let code = kinds.iter().find_map(|kind| Code::resolve(*kind, text));
        if code.is_none() {
            let found = Shown::value(text).to_string();
            self.problems.push(CardProblem::UnknownCode { field, found }.into());
        }
        code
    }

    fn offset(&mut self) -> i32 {
        let Some(value) = self.table.get("calendar_offset_days") else { return 0 };
        let Some(days) = value.as_integer() else {
            let expected = "a whole number";
            let field = "calendar_offset_days";
            self.problems.push(CardProblem::WrongType { field, expected }.into());
            return 0;
        };
        // What is beyond any calendar is beyond the 92 days that a card allows.
        i32::try_from(days).unwrap_or(i32::MAX)
    }

    /// Whether everything is made up: always said, never assumed.
    fn practice(&mut self) -> bool {
        let field = "practice";
        match self.table.get(field) {
            None => self.problems.push(CardProblem::Missing { field }.into()),
            Some(Value::Boolean(practice)) => return *practice,
            Some(_) => {
                let expected = "true or false";
                self.problems.push(CardProblem::WrongType { field, expected }.into());
            }
        }
        // A practice task force is no second problem while this is not said.
        true
    }
}
