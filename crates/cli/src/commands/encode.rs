//! `clearway encode`: people to encodings that can be compared without names.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use analysis::agency::{self, PeopleEncoded};
use anyhow::{Context, bail};
use clap::ValueEnum;
use linkage::LinkageKey;
use linkage::encode::PeopleCells;
use linkage::encode::clkhash::{ClkEncoder, ClkSchema, ClkSecret};
use linkage::encode::hardened::{
    About, DiffusionSettings, Mapping, Permission, PersonRecord, encode, os_random,
};
use linkage::{ReadSettings, write_whole};
use serde_json::json;
use submission::linkage_fingerprint;
use zeroize::Zeroizing;

use super::{bytes_of, input_files, installation_keys, open_existing, people_in, scope};
use crate::{Format, Shared, clock, output};

/// Encode people, so that two agencies' lists can be compared without names
///
/// Made inside the agency, under a key that the clearinghouse never holds. Only people whose
/// disclosure mode or own release lets them be encoded are; the others are counted and stay. Rows
/// are shuffled and called by random numbers; which is which is written beside and never sent.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  clearway keys new --out k\n  clearway encode clearway-demo/examples/people.csv --key k --unattached --agency police-1 --out a\n  clearway encode clearway-demo/examples/people.csv --key k --unattached --agency police-2 --out b"
)]
pub(crate) struct Arguments {
    /// The people: CSV with any of the columns rec_id, agency, given_name, surname, alias, sex,
    /// birth_date, phone, street, zip (others are ignored and named); - for standard input
    #[arg(value_name = "FILE")]
    people: PathBuf,
    /// The linkage key: the name of one that is kept here; with --unattached a file of
    /// clearway keys new --out
    #[arg(long, value_name = "KEY")]
    key: String,
    /// hardened: what the columns are called and how dates are written, as for clearway match
    /// (TOML); clkhash: the linkage schema (JSON, version 3)
    #[arg(long, value_name = "FILE")]
    schema: Option<PathBuf>,
    /// Take a date of birth that is none, such as 1945-09-32, as not given, instead of refusing the
    /// file; says how many and where
    #[arg(long)]
    bad_dates_as_missing: bool,
    /// hardened: our own; clkhash: the published form, for people who use clkhash
    #[arg(long, value_enum, default_value = "hardened")]
    form: Form,
    /// The file to write
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Made-up or research data that belongs to no store here: encode every row
    #[arg(long)]
    unattached: bool,
    /// Only the rows of this agency in the column agency; with --unattached
    #[arg(long, value_name = "CODE", requires = "unattached")]
    agency: Option<String>,
    /// The period; encodings of two periods cannot be compared [default: the last quarter that has
    /// ended; research with --unattached]
    #[arg(long, value_name = "PERIOD")]
    period: Option<String>,
}

/// Which encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    Hardened,
    Clkhash,
}

pub(crate) async fn run(own: &Arguments, shared: &Shared) -> anyhow::Result<bool> {
    match (own.form, &own.schema) {
        (Form::Hardened, _) if own.unattached => own.unattached(shared),
        (Form::Hardened, _) => own.of_agency(shared).await,
        (Form::Clkhash, _) if own.bad_dates_as_missing => bail!(
            "--bad-dates-as-missing goes with the hardened form; what is missing in the form clkhash \
             is for its schema to say"
        ),
        (Form::Clkhash, None) => bail!("--form clkhash needs a linkage schema: --schema FILE"),
        (Form::Clkhash, Some(_)) if !own.unattached => bail!(
            "the form clkhash is for research, as it protects less: encode made-up data with \
             --unattached, or leave --form out"
        ),
        (Form::Clkhash, Some(schema)) => own.as_clkhash(schema, shared),
    }
}

impl Arguments {
    async fn of_agency(&self, shared: &Shared) -> anyhow::Result<bool> {
        let (people, remarks) = self.people()?;
        let last = || agency::last_complete_quarter(clock::today()).to_string();
        let period = self.period.clone().unwrap_or_else(last);
        let store = open_existing(shared).await?;
        let scope = scope(shared);
        let (keys, today) = (installation_keys::keys(shared)?, clock::today());
        let encoded =
            agency::encode_people(&store, &scope, &keys, today, &self.key, &period, &people).await;
        store.close().await;
        let PeopleEncoded { table, mapping, stay_behind } = encoded?;
        table.write(&self.out)?;
        let ids = self.write_mapping(&mapping)?;
        let stay: usize = stay_behind.values().sum();
        let header = &table.header;
        match shared.format {
            Format::Json => output::json(&json!({
                "out": self.out.display().to_string(), "mapping": ids.display().to_string(),
                "form": "hardened", "agency": header.agency, "period": header.period,
                "key_fingerprint": header.key_fingerprint, "rows": table.len(),
                "stay_behind": stay_behind, "ignored_columns": people.ignored(),
                "remarks": remarks,
            }))?,
            Format::Text => {
                let mut text = self.said(table.len(), &header.key_fingerprint, &ids);
                for (reason, rows) in &stay_behind {
                    let rows = output::counted(*rows, "row");
                    text.push_str(&format!("\n{rows} not encoded: {}", reason.reason()));
                }
                if stay > 0 {
                    text.push_str(
                        "\nthey are counted all the same, in the totals of clearway submit",
                    );
                }
                output::text(&text)?;
            }
        }
        Ok(true)
    }

    fn unattached(&self, shared: &Shared) -> anyhow::Result<bool> {
        let (people, remarks) = self.people()?;
        let (key, key_fingerprint) = key_of_file(&self.key)?;
        let agency_of = |row: usize| people.row(row)[1];
        let agencies: BTreeSet<&str> = (0..people.len()).map(agency_of).collect();
        let rows: Vec<usize> = (0..people.len())
            .filter(|&row| self.agency.as_deref().is_none_or(|agency| agency_of(row) == agency))
            .collect();
        let agency = match (&self.agency, agencies.len()) {
            (Some(agency), _) if rows.is_empty() => {
                bail!(
                    "no row has \"{agency}\" in the column agency; it is one of {}",
                    listed(&agencies)
                )
            }
            (Some(agency), _) => agency.clone(),
            (None, 2..) => bail!(
                "the file holds rows of {} agencies, and each has a file of its own: name one with --agency; it is one of {}",
                agencies.len(),
                listed(&agencies)
            ),
            (None, _) => match agencies.first() {
                Some(agency) if !agency.is_empty() => (*agency).to_owned(),
                _ => self.people.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
            },
        };
        let numbers: Vec<String> = rows.iter().map(|row| (row + 1).to_string()).collect();
        let has_ids = !people.missing().iter().any(|column| column == "rec_id");
        let record = |(&row, number)| {
            let (rec_id, cells) = people.person(row);
            let rec_id = if has_ids { rec_id } else { number };
            PersonRecord { rec_id, cells, permission: Permission::Unattached }
        };
        let records: Vec<PersonRecord> =
            rows.iter().zip(numbers.iter().map(String::as_str)).map(record).collect();
        let period = self.period.as_deref().unwrap_or("research");
        let about = About { agency: &agency, period, key_fingerprint: &key_fingerprint };
        let settings = DiffusionSettings::BUILT_IN;
        let (table, mapping) = encode(&key, about, &records, settings, os_random)?;
        table.write(&self.out)?;
        let ids = self.write_mapping(&mapping)?;
        match shared.format {
            Format::Json => output::json(&json!({
                "out": self.out.display().to_string(), "mapping": ids.display().to_string(),
                "form": "hardened", "unattached": true, "agency": agency, "period": period,
                "key_fingerprint": table.header.key_fingerprint, "rows": table.len(),
                "ignored_columns": people.ignored(), "remarks": remarks,
            }))?,
            Format::Text => output::text(&format!(
                "{}\nUNATTACHED: no disclosure mode or release was asked for; for made-up and research data only",
                self.said(table.len(), &table.header.key_fingerprint, &ids)
            ))?,
        }
        Ok(true)
    }

    fn as_clkhash(&self, schema: &Path, shared: &Shared) -> anyhow::Result<bool> {
        let text = fs::read_to_string(schema).with_context(|| schema.display().to_string())?;
        let schema = ClkSchema::from_json(&text).with_context(|| schema.display().to_string())?;
        for warning in schema.warnings() {
            output::remark(&format!("warning: {warning}"));
        }
        let columns: Vec<&str> = schema.columns().map(|(column, _)| column).collect();
        let needed = schema.columns().filter(|(_, encoded)| *encoded).map(|(column, _)| column);
        let people = self.read(&columns)?;
        if let Some(column) =
            needed.into_iter().find(|column| people.missing().iter().any(|one| one == column))
        {
            bail!(
                "row 1: there is no column {column}, which the schema encodes; rename one, or change the schema"
            );
        }
        let secret = fs::read(&self.key).with_context(|| no_such_key(&self.key))?;
        let secret = ClkSecret::new(Zeroizing::new(secret).trim_ascii().to_vec());
        let rows: Vec<Vec<&str>> = (0..people.len()).map(|row| people.row(row)).collect();
        let clks = ClkEncoder::new(schema.clone(), &secret).encode(&rows)?;
        write_whole(&self.out, clks.to_json().as_bytes())
            .with_context(|| self.out.display().to_string())?;
        match shared.format {
            Format::Json => output::json(&json!({
                "out": self.out.display().to_string(), "form": "clkhash", "unattached": true,
                "rows": clks.len(), "bits": clks.bits(), "ignored_columns": people.ignored(),
            }))?,
            Format::Text => output::text(&format!(
                "{} encoded as clkhash does, {} bits each, in the order of the file\n{}\nUNATTACHED: no disclosure mode or release was asked for; for made-up and research data only",
                output::counted(clks.len(), "row"),
                clks.bits(),
                self.out.display()
            ))?,
        }
        Ok(true)
    }

    /// The cells of some columns, by their names alone.
    fn read(&self, columns: &[&str]) -> anyhow::Result<PeopleCells> {
        let people = PeopleCells::read(&self.bytes()?, columns)
            .with_context(|| self.people.display().to_string())?;
        said_ignored(&people);
        Ok(people)
    }

    /// The people, and what must be said of them.
    fn people(&self) -> anyhow::Result<(PeopleCells, Vec<String>)> {
        let settings = ReadSettings {
            schema: people_in::schema(self.schema.as_deref())?,
            truth_column: None,
            bad_dates_as_missing: self.bad_dates_as_missing,
        };
        let people = PeopleCells::people(&self.bytes()?, &settings)
            .map_err(|error| people_in::refused(&self.people, &error))?;
        said_ignored(&people);
        let remarks: Vec<String> =
            people_in::dates_left_out(people.dates_left_out()).into_iter().collect();
        remarks.iter().for_each(|remark| output::remark(remark));
        Ok((people, remarks))
    }

    fn bytes(&self) -> anyhow::Result<Zeroizing<Vec<u8>>> {
        let name = || self.people.display().to_string();
        let [file] = &input_files(std::slice::from_ref(&self.people))?[..] else {
            bail!("{}: expected one file", name());
        };
        bytes_of(file).map(Zeroizing::new).with_context(name)
    }

    /// Writes which record is which row, beside the encodings.
    fn write_mapping(&self, mapping: &Mapping) -> anyhow::Result<PathBuf> {
        let mut name = self.out.file_name().unwrap_or_default().to_owned();
        name.push(".ids.csv");
        let path = self.out.with_file_name(name);
        let mut text = Zeroizing::new(String::from("rec_id,opaque_id\n"));
        for (rec_id, row) in mapping.pairs() {
            let quoted = Zeroizing::new(rec_id.replace('"', "\"\""));
            text.push_str(&format!("\"{}\",", quoted.as_str()));
            row.iter().for_each(|byte| text.push_str(&format!("{byte:02x}")));
            text.push('\n');
        }
        write_whole(&path, text.as_bytes()).with_context(|| path.display().to_string())?;
        Ok(path)
    }

    fn said(&self, rows: usize, fingerprint: &str, ids: &Path) -> String {
        format!(
            "{} encoded into {}\nkey fingerprint  {fingerprint}\nwhich row is whose: {}; it stays here",
            output::counted(rows, "row"),
            self.out.display(),
            ids.display()
        )
    }
}

fn said_ignored(people: &PeopleCells) {
    if !people.ignored().is_empty() {
        output::remark(&format!("columns not used: {}", people.ignored().join(", ")));
    }
}

fn listed(agencies: &BTreeSet<&str>) -> String {
    agencies.iter().take(12).copied().collect::<Vec<_>>().join(", ")
}

fn no_such_key(key: &str) -> String {
    format!(
        "{key} cannot be read; with --unattached the key is a file: clearway keys new --out {key}"
    )
}

/// The key in a file of `clearway keys new --out`, and its fingerprint.
fn key_of_file(path: &str) -> anyhow::Result<(LinkageKey, String)> {
    let text = fs::read(path).map(Zeroizing::new).with_context(|| no_such_key(path))?;
    let digits = text.trim_ascii();
    let mut secret = Zeroizing::new([0; 32]);
    let nibble = |digit: u8| char::from(digit).to_digit(16);
    let whole = digits.len() == 64
        && secret.iter_mut().zip(digits.chunks_exact(2)).all(|(byte, two)| {
            let value = nibble(two[0]).zip(nibble(two[1])).map(|(high, low)| high * 16 + low);
            value.and_then(|value| u8::try_from(value).ok()).map(|value| *byte = value).is_some()
        });
    if !whole {
        bail!("{path} holds no key, expected 64 hexadecimal digits: clearway keys new --out FILE");
    }
    Ok((LinkageKey::new(*secret), linkage_fingerprint(&secret)))
}
