//! A made-up state as folders of files.
//!
//! In: a [`Plan`] and a folder that is empty or was written by a simulation. Out: a folder for each
//! agency with the files of the contract, and `truth/` beside them. Files that no simulation
//! wrote are never touched: a folder with one is refused before anything is changed.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::agency::Agency;
use crate::error::SimulationError;
use crate::generate::in_order;
use crate::plan::Plan;
use crate::record::Record;
use crate::rows::{Made, MadeRow, Stretch, TruePerson};
use crate::state::MadeUpState;
use crate::summary::Summary;
use crate::tally::Tally;

const TRUTH: &str = "truth";
/// Written first: a folder that has it was made by a simulation, whole or not.
const PLAN: &str = "plan.json";
const SUMMARY: &str = "summary.json";
const PEOPLE: &str = "people.csv";
const RECORDS: &str = "records.csv";
const CORRUPTIONS: &str = "corruptions.csv";
const AGENCY: &str = "agency.toml";
const MODES: &str = "disclosure_modes.csv";
const AGENCY_FOLDER_PREFIX: &str = "practice-";

const PEOPLE_HEADER: [&str; 8] = [
    "person",
    "trafficking_type",
    "age",
    "origin",
    "county",
    "gender",
    "first_quarter",
    "agencies",
];
const RECORDS_HEADER: [&str; 4] = ["agency", "record", "reference", "person"];
const CORRUPTIONS_HEADER: [&str; 6] =
    ["corruption", "kind_of_agency", "records", "out_of", "rate", "aimed_at"];
const MODES_HEADER: [&str; 7] =
    ["record", "recipient", "mode", "basis", "signatory", "signed_on", "expires_on"];

/// `agency.toml`.
#[derive(Serialize)]
struct AgencyFile<'a> {
    code: &'a str,
    label: &'a str,
    legal_entity: &'a str,
    task_force: Option<&'a str>,
    county: Option<&'a str>,
    calendar_offset_days: i64,
    practice: bool,
}

/// `truth/plan.json`.
#[derive(Serialize)]
struct PlanFile {
    made_up: bool,
    seed: u64,
    people: u64,
    agencies: usize,
    from: String,
    quarters: usize,
}

/// How much waits in memory before it is written: opening a file costs more than a few rows.
const WAITING_BYTES: usize = 16 << 20;

/// Where rows go: an agency's file, or one of the truth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Target {
    Agency(usize, Record),
    People,
    Records,
}

/// A stretch as bytes for files.
struct Encoded {
    files: BTreeMap<Target, Vec<u8>>,
    tally: Tally,
    people: u64,
}

/// Writes a made-up state into `out`; `progress` is told how many people are done.
///
/// # Errors
///
/// [`SimulationError`] when the plan cannot be made, when `out` holds a file that no simulation
/// wrote, or when a file cannot be written.
pub fn simulate(
    plan: &Plan,
    out: &Path,
    progress: &mut dyn FnMut(u64),
) -> Result<Summary, SimulationError> {
    let state = MadeUpState::new(plan)?;
    clear(out)?;
    start(&state, out)?;
    let (mut done, mut waiting, mut waiting_bytes) = (0, BTreeMap::new(), 0);
    let encode = |stretch: Stretch, made: Made| encode(&state, stretch, &made);
    let summary = in_order(&state, &encode, &mut |encoded: Encoded| {
        for (target, mut bytes) in encoded.files {
            waiting_bytes += bytes.len();
            waiting.entry(target).or_insert_with(Vec::new).append(&mut bytes);
        }
        if waiting_bytes > WAITING_BYTES {
            append_all(&state, out, &mut waiting)?;
            waiting_bytes = 0;
        }
        done += encoded.people;
        progress(done);
        Ok(encoded.tally)
    })?;
    append_all(&state, out, &mut waiting)?;
    let truth = out.join(TRUTH);
    let errors = summary.identity.errors.iter().map(|error| {
        vec![
            error.corruption.to_owned(),
            error.kind_of_agency.to_owned(),
            error.records.to_string(),
            error.out_of.to_string(),
            error.rate.map_or_else(String::new, |rate| format!("{rate:.4}")),
            error.aimed_at.to_string(),
        ]
    });
    write(&truth.join(CORRUPTIONS), &table(&CORRUPTIONS_HEADER, errors))?;
    write(&truth.join(SUMMARY), &json(&summary))?;
    Ok(summary)
}

fn path_of(state: &MadeUpState, out: &Path, target: Target) -> PathBuf {
    match target {
        Target::Agency(at, record) => out.join(&state.agencies[at].code).join(record.file_name()),
        Target::People => out.join(TRUTH).join(PEOPLE),
        Target::Records => out.join(TRUTH).join(RECORDS),
    }
}

/// The kinds of rows of which an agency has a file.
fn files_of(agency: &Agency) -> impl Iterator<Item = Record> {
    let releases = agency.mode(Record::Victim) == "with_release";
    let orders = agency.keeps.contains(&Record::Arrest);
    let more = [(Record::Release, releases), (Record::Order, orders)];
    let more = more.into_iter().filter(|(_, has)| *has).map(|(record, _)| record);
    agency.keeps.iter().copied().chain(more)
}

/// Everything but the rows: folders, headers, what an agency is, how far its records may leave.
fn start(state: &MadeUpState, out: &Path) -> Result<(), SimulationError> {
    let truth = out.join(TRUTH);
    create_folder(&truth)?;
    let plan = PlanFile {
        made_up: true,
        seed: state.plan.seed,
        people: state.plan.people,
        agencies: state.agencies.len(),
        from: state.plan.from.to_string(),
        quarters: state.plan.quarters,
    };
    write(&truth.join(PLAN), &json(&plan))?;
    write(&truth.join(PEOPLE), &table(&PEOPLE_HEADER, []))?;
    write(&truth.join(RECORDS), &table(&RECORDS_HEADER, []))?;
    for agency in &state.agencies {
        let folder = out.join(&agency.code);
        create_folder(&folder)?;
        write(&folder.join(AGENCY), agency_toml(agency).as_bytes())?;
        let modes = agency.modes.iter().map(|mode| {
            vec![
                mode.record.word().to_owned(),
                mode.recipient.to_owned(),
                mode.mode.to_owned(),
                mode.basis.to_owned(),
                mode.signatory.to_owned(),
                mode.signed_on.to_string(),
                mode.expires_on.to_string(),
            ]
        });
        write(&folder.join(MODES), &table(&MODES_HEADER, modes))?;
        for record in files_of(agency) {
            write(&folder.join(record.file_name()), &table(record.columns(), []))?;
        }
    }
    Ok(())
}

fn agency_toml(agency: &Agency) -> String {
    let file = AgencyFile {
        code: &agency.code,
        label: &agency.label,
        legal_entity: agency.legal_entity,
        task_force: agency.task_force,
        county: agency.county,
        calendar_offset_days: agency.calendar_offset_days,
        practice: true,
    };
    // A flat struct of words, numbers and a yes is always TOML.
    toml::to_string(&file).unwrap_or_default()
}

fn json(value: &impl Serialize) -> Vec<u8> {
    // Structs with words and finite numbers are always JSON.
    let mut text = serde_json::to_vec_pretty(value).unwrap_or_default();
    text.push(b'\n');
    text
}

/// A CSV file with a header.
fn table(header: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> Vec<u8> {
    let mut bytes = Vec::new();
    push_line(&mut bytes, header.iter().copied());
    rows.into_iter().for_each(|row| push_line(&mut bytes, row.iter().map(String::as_str)));
    bytes
}

/// A line of CSV (RFC 4180, with a line feed).
fn push_line<'a>(bytes: &mut Vec<u8>, cells: impl Iterator<Item = &'a str>) {
    for (at, cell) in cells.enumerate() {
        if at > 0 {
            bytes.push(b',');
        }
        if cell.contains([',', '"', '\n', '\r']) {
            bytes.push(b'"');
            bytes.extend(cell.replace('"', "\"\"").as_bytes());
            bytes.push(b'"');
        } else {
            bytes.extend(cell.as_bytes());
        }
    }
    bytes.push(b'\n');
}

fn encode(state: &MadeUpState, stretch: Stretch, made: &Made) -> Encoded {
    let mut files: BTreeMap<Target, Vec<u8>> = BTreeMap::new();
    let mut told: Option<(usize, Record, &Cow<'static, str>)> = None;
    for row in &made.rows {
        let bytes = files.entry(Target::Agency(row.agency, row.record)).or_default();
        push_line(bytes, row.cells.iter().map(AsRef::as_ref));
        let this = Some((row.agency, row.record, &row.cells[0]));
        // A person in several quarters has several rows under one number.
        if let Some(person) = row.person.filter(|_| in_truth(row) && told != this) {
            let bytes = files.entry(Target::Records).or_default();
            let (agency, person) = (&state.agencies[row.agency].code, person.to_string());
            let cells = [agency, row.record.word(), &row.cells[0], &person];
            push_line(bytes, cells.into_iter());
            told = this;
        }
    }
    for person in &made.people {
        true_person(state, person, files.entry(Target::People).or_default());
    }
    Encoded { files, tally: made.tally.clone(), people: stretch.people() }
}

/// Whether a row stands in `truth/records.csv`. Services name the person by her own number.
fn in_truth(row: &MadeRow) -> bool {
    !matches!(row.record, Record::Service | Record::Release | Record::Order)
}

fn true_person(state: &MadeUpState, person: &TruePerson, bytes: &mut Vec<u8>) {
    let agencies = person.agencies.iter().map(|at| state.agencies[*at].code.as_str());
    let agencies: Vec<&str> = agencies.collect();
    let (number, agencies) = (person.number.to_string(), agencies.join("; "));
    let cells = [
        number.as_str(),
        person.trafficking_type,
        person.age,
        person.origin,
        person.county,
        person.gender,
        &person.first_quarter,
        &agencies,
    ];
    push_line(bytes, cells.into_iter());
}

/// Removes the files of a former simulation; refuses a folder with any other file.
fn clear(out: &Path) -> Result<(), SimulationError> {
    if !out.exists() {
        return Ok(());
    }
    let mut found = Vec::new();
    list(out, out, &mut found)?;
    found.sort();
    let marked = out.join(TRUTH).join(PLAN).is_file();
    if let Some(foreign) = found.iter().find(|file| !marked || !is_ours(file)) {
        let found = foreign.to_string_lossy().into_owned();
        return Err(SimulationError::ForeignFile { out: out.to_owned(), found });
    }
    // The mark goes last, so that a run that is broken off leaves a folder that can be cleared.
    found.sort_by_key(|file| file.ends_with(PLAN));
    for file in &found {
        let path = out.join(file);
        fs::remove_file(&path).map_err(|source| SimulationError::Write { path, source })?;
    }
    Ok(())
}

/// Whether a path, relative to the folder, is one that a simulation writes.
fn is_ours(file: &Path) -> bool {
    let parts: Option<Vec<&str>> = file.iter().map(|part| part.to_str()).collect();
    match parts.as_deref() {
        Some([TRUTH, name]) => [PLAN, SUMMARY, PEOPLE, RECORDS, CORRUPTIONS].contains(name),
        Some([agency, name]) if agency.starts_with(AGENCY_FOLDER_PREFIX) => {
            [AGENCY, MODES].contains(name)
                || Record::ALL.iter().any(|record| record.file_name() == *name)
        }
        _ => false,
    }
}

/// Every file in a folder and its folders, relative to `out`. A link is a file and not followed.
fn list(out: &Path, folder: &Path, found: &mut Vec<PathBuf>) -> Result<(), SimulationError> {
    let unreadable = |source| SimulationError::Write { path: folder.to_owned(), source };
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        if entry.file_type().map_err(unreadable)?.is_dir() {
            list(out, &entry.path(), found)?;
        } else {
            let path = entry.path();
            found.push(path.strip_prefix(out).map_or_else(|_| path.clone(), Path::to_owned));
        }
    }
    Ok(())
}

fn create_folder(path: &Path) -> Result<(), SimulationError> {
    fs::create_dir_all(path)
        .map_err(|source| SimulationError::Write { path: path.to_owned(), source })
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), SimulationError> {
    let written = File::create(path).and_then(|mut file| file.write_all(bytes));
    written.map_err(|source| SimulationError::Write { path: path.to_owned(), source })
}

fn append_all(
    state: &MadeUpState,
    out: &Path,
    waiting: &mut BTreeMap<Target, Vec<u8>>,
) -> Result<(), SimulationError> {
    for (target, bytes) in std::mem::take(waiting) {
        append(&path_of(state, out, target), &bytes)?;
    }
    Ok(())
}

fn append(path: &Path, bytes: &[u8]) -> Result<(), SimulationError> {
    // Opened each time: hundreds of agencies would need more open files than are allowed.
    let opened = OpenOptions::new().append(true).open(path);
    let written = opened.and_then(|mut file| file.write_all(bytes));
    written.map_err(|source| SimulationError::Write { path: path.to_owned(), source })
}
