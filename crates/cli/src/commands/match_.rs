//! `clearway match`: one person, counted once, inside one holder's own records.

mod by_partitions;

use std::path::PathBuf;

use anyhow::{Context, ensure};
use linkage::{
    ASSUMED_MISSED_IN_THE_CLEAR, ClusterSettings, Decisions, Linked, PeopleFile, PersonTable,
    Phase, ReadSettings, ScoredPairs, Scores, Settings, Truth, calibration, link_pairs,
    read_decisions, read_people_of, score, score_pairs, write_clusters, write_review,
};

use super::lists::Lists;
use super::people_found::{PeopleFound, Phases};
use super::people_in;
use crate::{Shared, output};
use by_partitions::size;

/// Count each person once: link records of the same people, in the clear
///
/// For the records of one holder; names are compared and never leave the machine. Takes a CSV file
/// with a header of any of rec_id, agency, given_name, middle_name, surname, alias, sex, birth_date
/// (YYYY-MM-DD or YYYY), phone, street, city, zip, origin; other columns are ignored and named, and
/// --schema says where they have other names. The answer is who is whose record, how many people there are with an interval, and what a reviewer
/// could settle.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  clearway match clearway-demo/examples/people.csv --out clusters.csv --review review.csv\n  clearway match clearway-demo/examples/people.csv --out clusters.csv --truth-column truth_id"
)]
pub(crate) struct Arguments {
    /// The people, one row for each record
    file: PathBuf,
    /// Where to write which record is which person: agency, rec_id, person_id, probability
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// What the columns are called and how dates are written, in TOML: a line such as
    /// city = "suburb", street = ["number", "road"] or
    /// birth_date = { column = "born", format = "%d.%m.%Y" } for each that differs
    #[arg(long, value_name = "FILE")]
    schema: Option<PathBuf>,
    /// The column that says which unit or source of the holder a record is from; over what the
    /// schema says [default: agency]
    #[arg(long, value_name = "NAME")]
    agency_column: Option<String>,
    /// Take a date of birth that is none, such as 1945-09-32, as not given, instead of refusing the
    /// file; says how many and where
    #[arg(long)]
    bad_dates_as_missing: bool,
    /// A column that says who is who, to score the answer; the linkage never sees it
    #[arg(long, value_name = "NAME")]
    truth_column: Option<String>,
    /// Where to write the pairs that a reviewer could settle, the most telling first
    #[arg(long, value_name = "FILE")]
    review: Option<PathBuf>,
    /// A review file that came back with decisions, which are kept to
    #[arg(long, value_name = "FILE")]
    decisions: Option<PathBuf>,
    /// Where to write capture histories for an estimate: how many people are on exactly which
    /// agencies' lists, for the answer (draw 0) and each draw. Internal: small counts are not hidden
    #[arg(long, value_name = "FILE")]
    histories: Option<PathBuf>,
    /// How many clusterings are drawn for the interval: 20 to 10,000
    #[arg(long, value_name = "K", default_value_t = 40, value_parser = clap::value_parser!(u32).range(20..=10_000))]
    draws: u32,
    /// How much memory may be held, about, for a file that does not fit: the table is linked by
    /// partitions that are kept beside --out until the run ends; the answer is the same. Not with
    /// --truth-column, --decisions or --histories, which need the table in memory
    #[arg(long, value_name = "SIZE", value_parser = size, conflicts_with_all = ["truth_column", "decisions", "histories"])]
    memory: Option<usize>,
}

pub(crate) fn run(own: &Arguments, shared: &Shared) -> anyhow::Result<bool> {
    if let Some(memory) = own.memory {
        return by_partitions::run(own, shared, memory);
    }
    let mut clock = Phases::new();
    let PeopleFile { people, truth, ignored, dates_left_out } = read(own)?;
    let remarks: Vec<String> = people_in::dates_left_out(&dates_left_out).into_iter().collect();
    remarks.iter().for_each(|remark| output::remark(remark));
    ensure!(!people.is_empty(), "{} has no records", own.file.display());
    let decisions = decisions(own, &people)?;
    let agency = agencies(&people)?;
    let lists = match &own.histories {
        Some(_) => lists(&people, &agency)?,
        None => Lists::default(),
    };
    let scored =
        score_pairs(&people, &Settings::default(), &mut |phase| clock.start(name_of(phase)));
    clock.start("cluster");
    let linked = link(own, shared, &people, &agency, &lists, &scored, &decisions)?;
    let count = linked.count(&agency, ASSUMED_MISSED_IN_THE_CLEAR);
    clock.start("write");
    write(own, &people, &linked, &scored)?;
    if let Some(path) = &own.histories {
        lists.write(path, &linked, &agency)?;
    }
    clock.start("compare with truth");
    let scores = truth.map(|truth| against(&truth, &agency, &linked, &scored));
    let seconds = clock.end();
    let next = next(own, linked.undecided.len());
    let found = PeopleFound {
        what: own.file.display().to_string(),
        out: own.out.clone(),
        agencies: (0..=people.agencies() as u32).map(|agency| people.agency_name(agency)).collect(),
        ignored,
        remarks,
        clusters: linked.clusters.clusters,
        threshold: linked.threshold,
        refused_for_size: linked.refused_for_size,
        undecided: linked.undecided.len(),
        count,
        scores,
        seconds,
        next,
    };
    found.show(shared.format)?;
    Ok(true)
}

/// How the file is read.
fn reading(own: &Arguments) -> anyhow::Result<ReadSettings> {
    let mut schema = people_in::schema(own.schema.as_deref())?;
    if let Some(column) = &own.agency_column {
        schema.set_agency(column);
    }
    Ok(ReadSettings {
        schema,
        truth_column: own.truth_column.clone(),
        bad_dates_as_missing: own.bad_dates_as_missing,
    })
}

fn read(own: &Arguments) -> anyhow::Result<PeopleFile> {
    let settings = reading(own)?;
    let bytes =
        std::fs::read(&own.file).with_context(|| format!("cannot read {}", own.file.display()))?;
    read_people_of(&bytes, &settings).map_err(|error| people_in::refused(&own.file, &error))
}

fn decisions(own: &Arguments, people: &PersonTable) -> anyhow::Result<Decisions> {
    let Some(path) = &own.decisions else { return Ok(Decisions::default()) };
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let decisions = read_decisions(&bytes, people.len() as u32, names(people));
    decisions.with_context(|| path.display().to_string())
}

/// The agency and the id of a record.
fn names(people: &PersonTable) -> impl Fn(u32) -> (String, String) {
    // One more than there are, for records without an agency.
    let agencies: Vec<String> =
        (0..=people.agencies() as u32).map(|agency| people.agency_name(agency)).collect();
    move |record| {
        let agency = agencies.get(people.agency(record) as usize).cloned().unwrap_or_default();
        (agency, people.rec_id(record))
    }
}

fn agencies(people: &PersonTable) -> anyhow::Result<Vec<u16>> {
    let number = |record| u16::try_from(people.agency(record));
    let agencies: Result<_, _> = (0..people.len() as u32).map(number).collect();
    agencies.context("more than 65,535 agencies: name another --agency-column")
}

/// The lists of the agencies in the file.
fn lists(people: &PersonTable, agency: &[u16]) -> anyhow::Result<Lists> {
    let mut agencies: Vec<(String, u64)> =
        (0..=people.agencies() as u32).map(|agency| (people.agency_name(agency), 0)).collect();
    agency.iter().for_each(|agency| agencies[usize::from(*agency)].1 += 1);
    Lists::of(&agencies)
}

fn link(
    own: &Arguments,
    shared: &Shared,
    people: &PersonTable,
    agency: &[u16],
    lists: &Lists,
    scored: &ScoredPairs,
    decisions: &Decisions,
) -> anyhow::Result<Linked> {
    let settings = ClusterSettings { lists: lists.of_agency(), ..settings(own, shared) };
    let log_odds = |one, other| scored.model.log_odds(people, one, other);
    let constraints = &decisions.constraints;
    let mut linked = link_pairs(agency, &scored.pairs, &log_odds, constraints, &settings)
        .context("the decisions cannot be kept to")?;
    // Who could not tell is not asked again.
    let asked = |one: u32, two: u32| decisions.cannot_tell.contains(&(one, two));
    linked
        .undecided
        .retain(|pair| !asked(pair.first, pair.second) && !asked(pair.second, pair.first));
    Ok(linked)
}

/// How to cluster, but for the lists.
fn settings(own: &Arguments, shared: &Shared) -> ClusterSettings {
    let usual = ClusterSettings::default();
    ClusterSettings {
        draws: own.draws,
        seed: shared.seed.unwrap_or(usual.seed),
        review: if own.review.is_some() { usual.review } else { 0 },
        ..usual
    }
}

fn write(
    own: &Arguments,
    people: &PersonTable,
    linked: &Linked,
    scored: &ScoredPairs,
) -> anyhow::Result<()> {
    let at = |path: &PathBuf| format!("cannot write {}", path.display());
    write_clusters(&own.out, linked, names(people)).with_context(|| at(&own.out))?;
    if let Some(path) = &own.review {
        let agreement = |one, other| scored.model.agreement(people, one, other);
        write_review(path, &linked.undecided, names(people), agreement)
            .with_context(|| at(path))?;
    }
    Ok(())
}

fn against(
    truth: &Truth,
    agency: &[u16],
    linked: &Linked,
    scored: &ScoredPairs,
) -> (Scores, Vec<linkage::CalibrationBin>) {
    let scores = score(&linked.clusters.cluster_of, &truth.person_of, agency);
    (scores, calibration(&scored.pairs, &truth.person_of, agency, &linked.penalties))
}

fn name_of(phase: Phase) -> &'static str {
    match phase {
        Phase::Count => "count values",
        Phase::Block => "block",
        Phase::Learn => "learn weights",
        Phase::Score => "score",
        _ => "other",
    }
}

/// How the file was read, for a command that reads it again.
fn read_so(own: &Arguments) -> String {
    let mut options = String::new();
    if let Some(schema) = &own.schema {
        options.push_str(&format!(" --schema {}", schema.display()));
    }
    if let Some(column) = &own.agency_column {
        options.push_str(&format!(" --agency-column {column}"));
    }
    if own.bad_dates_as_missing {
        options.push_str(" --bad-dates-as-missing");
    }
    options
}

/// What to do next.
fn next(own: &Arguments, undecided: usize) -> String {
    let file = format!("{}{}", own.file.display(), read_so(own));
    let out = own.out.display();
    match &own.review {
        Some(review) if undecided > 0 => format!(
            "next: fill in decision, reviewer and decided_on in {} ({}), then\n  \
             clearway match {file} --out {out} --decisions {}\n",
            review.display(),
            output::counted(undecided, "uncertain pair"),
            review.display()
        ),
        Some(_) => "nothing is left that a reviewer could settle\n".to_owned(),
        None => format!(
            "next: let a reviewer settle what is uncertain:\n  \
             clearway match {file} --out {out} --review review.csv\n"
        ),
    }
}
