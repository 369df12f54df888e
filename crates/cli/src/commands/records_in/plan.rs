//! Which files are read, as what, and in which order: modes, records, releases, and orders last.

use std::path::{Path, PathBuf};

use analysis::agency_records::{Input, Problems, Take, header, recognise};
use analysis::collect::{InputFile, read::is_table_file};
use anyhow::{Context, bail};
use clap::ValueEnum;
use jiff::civil::Date;
use records::record::{Code, RecordKind};
use records::register::Kind;
use records::standards::Defaults;

use crate::commands::{bytes_of, input_files};

/// What files hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum What {
    /// Tables of aggregate counts
    Returns,
    /// A folder of an agency's records and papers, each file by its name or header
    Records,
    /// Victims, a row for each person and quarter
    Victims,
    /// Investigations
    Incidents,
    /// Arrests
    Arrests,
    /// Charges
    Charges,
    /// How charges ended
    Dispositions,
    /// Help given
    Services,
    /// Training sessions
    Training,
    /// Calls and messages to a hotline
    Contacts,
    /// Letters and benefits
    Letters,
    /// Victims in the Human Trafficking Case Data Standard 2.0
    Htcds,
    /// Victims with the columns of the CTDC dataset
    Ctdc,
    /// Releases that clients have signed
    Releases,
    /// Orders that destroy records
    Orders,
    /// Signed disclosure modes
    Modes,
}

impl What {
    /// Its word on the command line.
    pub(crate) fn word(self) -> String {
        self.to_possible_value().map_or(String::new(), |value| value.get_name().to_owned())
    }
}

/// What a table of another standard does not say.
#[derive(Debug, clap::Args)]
pub(crate) struct DefaultArguments {
    /// HTCDS and CTDC: what every person is counted as: victim_identified, victim_served or
    /// benefit_recipient
    #[arg(long, value_name = "CODE")]
    counted_as: Option<String>,
    /// HTCDS and CTDC: the day of the rows that state none
    #[arg(long, value_name = "DAY")]
    date: Option<Date>,
}

impl DefaultArguments {
    fn read(&self) -> anyhow::Result<Defaults> {
        let Some(word) = &self.counted_as else {
            bail!(
                "--counted-as is missing: the standard does not say it; victim_identified, victim_served or benefit_recipient"
            );
        };
        Ok(Defaults { counted_as: counted_as(word)?, date: self.date })
    }
}

/// What a person may be counted as.
pub(crate) fn counted_as(word: &str) -> anyhow::Result<Code> {
    let allowed = ["victim_identified", "victim_served", "benefit_recipient"];
    let code =
        Code::resolve(Kind::CountedUnit, word).filter(|code| allowed.contains(&code.as_str()));
    code.with_context(|| format!("--counted-as takes {}", allowed.join(", ")))
}

/// How one file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Job {
    Records(Take),
    Releases,
    Orders,
    Modes,
}

/// A file that is looked at.
pub(super) struct Planned {
    pub(super) name: String,
    file: InputFile,
    /// Standard input, which can be read once.
    read: Option<Vec<u8>>,
    /// How it is read, with its place in the order; or why it is passed by.
    pub(super) job: Result<(Place, Job), String>,
}

/// Where a file stands in the order.
type Place = analysis::agency_records::What;

impl Planned {
    pub(super) fn open(&self) -> Result<Input, Problems> {
        match &self.read {
            Some(bytes) => Input::of_bytes(&self.name, bytes.clone()),
            None => Input::open(&self.file.path),
        }
    }
}

/// Lists the files, in the order in which they are taken in.
pub(super) fn plan(
    paths: &[PathBuf],
    what: What,
    defaults: &DefaultArguments,
) -> anyhow::Result<Vec<Planned>> {
    let asked = asked(what, defaults)?;
    let mut planned = Vec::new();
    for file in input_files(paths)? {
        let name = super::printable(&file.path);
        let read = match file.path == Path::new("-") {
            true => Some(bytes_of(&file)?),
            false => None,
        };
        let mut one = Planned { name, file, read, job: Err(String::new()) };
        one.job = job(&one, asked);
        planned.push(one);
    }
    planned.sort_by_key(|one| one.job.as_ref().ok().map(|(place, _)| *place));
    Ok(planned)
}

fn asked(what: What, defaults: &DefaultArguments) -> anyhow::Result<Option<(Place, Job)>> {
    let own = |kind| (Place::Records(kind), Job::Records(Take::Own(kind)));
    let standard = Place::Records(RecordKind::Victim);
    Ok(Some(match what {
        What::Returns | What::Records => return Ok(None),
        What::Victims => own(RecordKind::Victim),
        What::Incidents => own(RecordKind::Incident),
        What::Arrests => own(RecordKind::Arrest),
        What::Charges => own(RecordKind::Charge),
        What::Dispositions => own(RecordKind::Disposition),
        What::Services => own(RecordKind::Service),
        What::Training => own(RecordKind::TrainingSession),
        What::Contacts => own(RecordKind::Contact),
        What::Letters => own(RecordKind::Letter),
        What::Htcds => (standard, Job::Records(Take::Htcds(defaults.read()?))),
        What::Ctdc => (standard, Job::Records(Take::Ctdc(defaults.read()?))),
        What::Releases => (Place::Releases, Job::Releases),
        What::Orders => (Place::Orders, Job::Orders),
        What::Modes => (Place::Modes, Job::Modes),
    }))
}

fn job(one: &Planned, asked: Option<(Place, Job)>) -> Result<(Place, Job), String> {
    if one.file.named
        && let Some(asked) = asked
    {
        return Ok(asked);
    }
    let is_parquet = one.file.path.extension().is_some_and(|extension| extension == "parquet");
    if !one.file.named && !is_table_file(&one.file.path) && !is_parquet {
        return Err("no table".to_owned());
    }
    let place = match Place::by_name(&one.file.path) {
        Some(place) => place,
        None => {
            let read = one.open().and_then(|input| header(&input));
            let names = read.map_err(|problems| {
                let found = problems.first.first().map(|problem| problem.value.to_string());
                format!("it does not read as a table: found {}", found.unwrap_or_default())
            })?;
            recognise(&one.file.path, &names)?
        }
    };
    match asked {
        None => Ok((place, by_place(place))),
        Some(asked) if asked.0 == place => Ok(asked),
        Some(asked) => Err(format!("it holds {}, not {}", place.word(), asked.0.word())),
    }
}

fn by_place(place: Place) -> Job {
    match place {
        Place::Modes => Job::Modes,
        Place::Records(kind) => Job::Records(Take::Own(kind)),
        Place::Releases => Job::Releases,
        Place::Orders => Job::Orders,
    }
}
