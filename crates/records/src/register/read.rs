//! The files of `definitions/` to a register, every error at once.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;

use super::check;
use super::entry::{Entry, Register, UNVERIFIED, Version};
use super::kind::Kind;
use super::lookup::reading_key;
use super::problem::{RegisterProblems, problem};
use crate::CellProblem;

/// The columns that every file has, in this order; what follows them is the kind's own.
const COMMON: [&str; 10] = [
    "code",
    "label",
    "definition",
    "source",
    "valid_from",
    "valid_to",
    "successor",
    "since",
    "until",
    "aliases",
];

const VERSIONS_FILE: &str = "versions.csv";

impl Register {
    /// Reads a register from the text of its versions and of one file per kind.
    ///
    /// # Errors
    ///
    /// [`RegisterProblems`] with every cell that is wrong, not only the first.
    pub fn read(versions: &str, files: &[(Kind, &str)]) -> Result<Register, RegisterProblems> {
        let mut problems = Vec::new();
        let versions = read_versions(versions, &mut problems);
        let mut entries = Vec::new();
        for (kind, text) in files {
            let mut reader = Reader { kind: *kind, versions: &versions, problems: &mut problems };
            entries.extend(reader.read(text));
        }
        let Some(current) = versions.last().cloned() else {
            problems.push(problem(
                VERSIONS_FILE,
                0,
                "version",
                "",
                "at least one version",
                "add it",
            ));
            return Err(RegisterProblems(problems));
        };
        let mut readings: HashMap<(Kind, String), Vec<usize>> = HashMap::new();
        for (at, entry) in entries.iter().enumerate() {
            let texts = [&entry.code, &entry.label];
            for text in texts.into_iter().chain(&entry.aliases) {
                let found =
                    readings.entry((entry.kind, reading_key(entry.kind, text))).or_default();
                if found.last() != Some(&at) {
                    found.push(at);
                }
            }
        }
        let register = Register { versions, current, entries, readings };
        check::register(&register, &mut problems);
        if problems.is_empty() { Ok(register) } else { Err(RegisterProblems(problems)) }
    }
}

fn read_versions(text: &str, problems: &mut Vec<CellProblem>) -> Vec<Version> {
    let mut versions: Vec<Version> = Vec::new();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    for (at, record) in reader.records().enumerate() {
        let row = at as u64 + 2;
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                problems.push(unreadable(VERSIONS_FILE, row, &error));
                continue;
            }
        };
        let cell = |column: usize| record.get(column).unwrap_or_default().trim();
        let Ok(date) = cell(1).parse::<Date>() else {
            problems.push(not_a_day(VERSIONS_FILE, row, "date", cell(1)));
            continue;
        };
        if versions.last().is_some_and(|last| last.date >= date)
            || versions.iter().any(|known| known.name == cell(0))
        {
            let expected = "versions in the order of their dates, each once";
            problems.push(problem(
                VERSIONS_FILE,
                row,
                "version",
                cell(0),
                expected,
                "reorder them",
            ));
            continue;
        }
        versions.push(Version {
            name: cell(0).to_owned(),
            date,
            note: cell(2).to_owned(),
            order: versions.len(),
        });
    }
    versions
}

fn unreadable(file: &str, row: u64, error: &csv::Error) -> CellProblem {
    problem(file, row, "", &error.to_string(), "a row of comma-separated values", "mend the row")
}

fn not_a_day(file: &str, row: u64, column: &str, value: &str) -> CellProblem {
    problem(
        file,
        row,
        column,
        value,
        "a day such as 2010-07-01",
        "write the day, or leave it empty",
    )
}

/// Reads one file.
struct Reader<'a> {
    kind: Kind,
    versions: &'a [Version],
    problems: &'a mut Vec<CellProblem>,
}

impl Reader<'_> {
    fn read(&mut self, text: &str) -> Vec<Entry> {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let header = match reader.headers() {
            Ok(header) => header.clone(),
            Err(error) => {
                self.problems.push(unreadable(self.kind.file(), 1, &error));
                return Vec::new();
            }
        };
        if !header.iter().take(COMMON.len()).eq(COMMON) {
            let found = header.iter().take(COMMON.len()).collect::<Vec<_>>().join(",");
            self.object(1, "", &found, &COMMON.join(","), "put the common columns first");
            return Vec::new();
        }
        let mut entries = Vec::new();
        for (at, record) in reader.records().enumerate() {
            let row = at as u64 + 2;
            match record {
                Ok(record) => entries.extend(self.entry(row, &header, &record)),
                Err(error) => self.problems.push(unreadable(self.kind.file(), row, &error)),
            }
        }
        entries
    }

    fn entry(
        &mut self,
        row: u64,
        header: &csv::StringRecord,
        record: &csv::StringRecord,
    ) -> Option<Entry> {
        let cells: BTreeMap<&str, &str> = header.iter().zip(record.iter().map(str::trim)).collect();
        let cell = |column: &str| cells.get(column).copied().unwrap_or_default();
        for column in ["code", "label", "definition", "source"] {
            if cell(column).is_empty() {
                self.object(
                    row,
                    column,
                    "",
                    "a text in every row",
                    "write it; a source that nobody has checked is `unverified`",
                );
            }
        }
        if cell("source") == UNVERIFIED && cell("source_note").is_empty() {
            self.object(
                row,
                "source_note",
                "",
                "where an unverified row is believed from",
                "say it",
            );
        }
        let valid_from = self.day(row, "valid_from", cell("valid_from"));
        let valid_to = self.day(row, "valid_to", cell("valid_to"));
        if let (Some(from), Some(to)) = (valid_from, valid_to)
            && to < from
        {
            self.object(
                row,
                "valid_to",
                cell("valid_to"),
                "a day after valid_from",
                "check both days",
            );
        }
        let since = self.version(row, "since", cell("since"));
        let until = match cell("until") {
            "" => Some(self.versions.len()),
            name => self.version(row, "until", name),
        };
        let (since, until) = (since?, until?);
        if until <= since {
            self.object(
                row,
                "until",
                cell("until"),
                "a version after `since`",
                "check both versions",
            );
        }
        let text = |column: &str| Some(cell(column)).filter(|t| !t.is_empty()).map(str::to_owned);
        let own = header.iter().skip(COMMON.len());
        let attributes =
            own.filter_map(|column| Some((column.to_owned(), text(column)?))).collect();
        let aliases = cell("aliases").split(';').map(str::trim).filter(|alias| !alias.is_empty());
        Some(Entry {
            kind: self.kind,
            code: cell("code").to_owned(),
            label: cell("label").to_owned(),
            definition: cell("definition").to_owned(),
            source: cell("source").to_owned(),
            valid_from,
            valid_to,
            successor: text("successor"),
            since: cell("since").to_owned(),
            until: text("until"),
            aliases: aliases.map(str::to_owned).collect(),
            attributes,
            versions: (since, until),
            row,
        })
    }

    fn day(&mut self, row: u64, column: &str, text: &str) -> Option<Date> {
        if text.is_empty() {
            return None;
        }
        let day = text.parse().ok();
        if day.is_none() {
            self.problems.push(not_a_day(self.kind.file(), row, column, text));
        }
        day
    }

    fn version(&mut self, row: u64, column: &str, name: &str) -> Option<usize> {
        let order = self.versions.iter().position(|version| version.name == name);
        if order.is_none() {
            self.object(
                row,
                column,
                name,
                "a version of versions.csv",
                "name a version, or add it",
            );
        }
        order
    }

    fn object(&mut self, row: u64, column: &str, value: &str, expected: &str, fix: &str) {
        self.problems.push(problem(self.kind.file(), row, column, value, expected, fix));
    }
}
