//! How the columns of one kind of return are read: a mapping, chosen by the table's header.
//!
//! In: a TOML file (see `definitions/mappings/`). Out: a [`Mapping`] whose codes have all been
//! looked up in the register. Everything that a table does not say itself (who reports, which
//! statute, as of when) is said here, once.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::register::{Kind, Register, Version};
use crate::{Dimension, Unit};

/// What a column of a return holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "role", deny_unknown_fields)]
pub enum Role {
    /// The period, in any form that [`crate::Period`] reads.
    Period {
        /// Texts that stand in this column and name no period ("twice a year").
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        not_a_period: Vec<String>,
        /// Whether an empty cell means that the source gives no period.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        may_be_empty: bool,
    },
    /// The last day covered, when the period was not over.
    Through,
    /// A breakdown.
    Dimension {
        /// Which one.
        dimension: Dimension,
        /// The table's words and the codes they stand for; other words are looked up in the
        /// register.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        values: BTreeMap<String, String>,
    },
    /// Words that set one or several breakdowns, such as a place that lies in a county.
    Breakdown {
        /// The table's words and what each sets.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        values: BTreeMap<String, BTreeMap<Dimension, String>>,
        /// The breakdown that any other word names freely; without it other words are errors.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        otherwise: Option<Dimension>,
    },
    /// The counted unit, by the table's own words.
    Measure {
        /// The table's words and what they mean; when empty, words are looked up in the register.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        values: BTreeMap<String, Counted>,
    },
    /// The answer to the row's measure.
    Value,
    /// A count of a measure that the mapping fixes.
    Count(Counted),
    /// Who states the figure.
    Reporter {
        /// The table's words and the codes they stand for.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        values: BTreeMap<String, String>,
    },
    /// The day on which the figure was true.
    AsOf,
    /// The reporter's own word for the type, kept beside the state's.
    AgencyClassification,
    /// `yes` marks a row that only shows how to fill in the form.
    Example,
    /// Words beside the figure.
    Note,
    /// A column that is known and not kept.
    Ignored,
}

/// One counted column, or one word of a measure column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counted {
    /// The counted unit's code.
    pub measure: String,
    /// Breakdowns that hold for every figure of it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub set: BTreeMap<Dimension, String>,
    /// A qualifier that the table puts in the column's name ("victims rescued (over)").
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub qualifier: Option<crate::Qualifier>,
    /// Words that may follow a number, and what is counted then ("5 NGOs").
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub counting_words: BTreeMap<String, String>,
    /// When this column is a total: the columns it is the sum of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sum_of: Vec<String>,
}

/// One column of a return.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Column {
    /// Its header.
    pub name: String,
    /// Whether a table without it is still this kind of return.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub optional: bool,
    /// What it holds.
    #[serde(flatten)]
    pub role: Role,
}

/// Rows that are totals of other rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TotalRow {
    /// The column in which the word stands.
    pub column: String,
    /// The word.
    pub word: String,
}

/// How an empty cell of a count column is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Empty {
    /// It is an error: zero, unknown and not collected are answers, nothing is none.
    #[default]
    Refused,
    /// The source names the cell and gives no number.
    NotStated,
}

/// How one kind of return is read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// Its name, as `--mapping` takes it.
    pub id: String,
    /// What it reads, in words.
    pub title: String,
    /// The document behind it, if one was published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// The register's version whose definitions the figures follow; the current one when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub definition_version: Option<String>,
    /// Who reports, when no column says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reporter: Option<String>,
    /// The period, when no column says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<crate::Period>,
    /// The day on which the figures were true, when no column says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<Date>,
    /// How an empty cell of a count column is read.
    #[serde(default)]
    pub empty_cells: Empty,
    /// Breakdowns that hold for the whole table.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub set: BTreeMap<Dimension, String>,
    /// Rows that are totals.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total_row: Option<TotalRow>,
    /// The columns.
    #[serde(rename = "column")]
    pub columns: Vec<Column>,
}

/// A mapping that cannot be used, with everything that is wrong with it.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("mapping {file}: {}", problems.join("; "))]
pub struct MappingError {
    /// The file.
    pub file: String,
    /// What is wrong, one entry each.
    pub problems: Vec<String>,
}

impl Mapping {
    /// Reads a mapping from TOML and looks every code up in the register.
    ///
    /// # Errors
    ///
    /// [`MappingError`] with every unknown code, role and column at once.
    pub fn read(file: &str, toml: &str, register: &Register) -> Result<Mapping, MappingError> {
        let mapping: Mapping = toml::from_str(toml).map_err(|error| MappingError {
            file: file.to_owned(),
            problems: vec![error.to_string()],
        })?;
        let problems = mapping.problems(register);
        if problems.is_empty() {
            Ok(mapping)
        } else {
            Err(MappingError { file: file.to_owned(), problems })
        }
    }

    /// Writes the mapping as TOML, so that it can be saved, changed and given back.
    pub fn to_toml(&self) -> String {
        // A mapping is plain strings, lists and tables, all of which TOML can say.
        toml::to_string(self).unwrap_or_default()
    }

    /// The register's version whose definitions the figures follow.
    pub fn version<'a>(&self, register: &'a Register) -> &'a Version {
        let named = self.definition_version.as_deref().and_then(|name| register.version(name));
        named.unwrap_or_else(|| register.current_version())
    }

    /// The column of that header, letters and separators aside.
    pub fn column(&self, header: &str) -> Option<&Column> {
        self.columns.iter().find(|column| same_header(&column.name, header))
    }

    /// The measures that the mapping can give, in order of its columns.
    pub fn measures(&self) -> Vec<&Counted> {
        let mut counted = Vec::new();
        for column in &self.columns {
            match &column.role {
                Role::Count(one) => counted.push(one),
                Role::Measure { values } => counted.extend(values.values()),
                _ => {}
            }
        }
        counted
    }

    fn problems(&self, register: &Register) -> Vec<String> {
        let mut problems = Vec::new();
        let version = self.version(register);
        if let Some(name) = &self.definition_version
            && register.version(name).is_none()
        {
            problems.push(format!("definition version \"{name}\" is not in the register"));
        }
        let mut seen: Vec<&str> = Vec::new();
        for column in &self.columns {
            if seen.iter().any(|name| same_header(name, &column.name)) {
                problems.push(format!("column \"{}\" is mapped twice", column.name));
            }
            seen.push(&column.name);
        }
        let has = |test: fn(&Role) -> bool| self.columns.iter().any(|column| test(&column.role));
        if self.reporter.is_none() && !has(|role| matches!(role, Role::Reporter { .. })) {
            problems.push("no column and no `reporter =` says who reports".to_owned());
        }
        if self.period.is_none() && !has(|role| matches!(role, Role::Period { .. })) {
            problems.push("no column and no `period =` says which days are covered".to_owned());
        }
        match (has(|r| matches!(r, Role::Measure { .. })), has(|r| matches!(r, Role::Value))) {
            (true, false) => problems.push("a measure column needs a value column".to_owned()),
            (false, true) => problems.push("a value column needs a measure column".to_owned()),
            (false, false) if !has(|r| matches!(r, Role::Count(_))) => {
                problems.push("no column is counted".to_owned());
            }
            _ => {}
        }
        let agency = |code: &str, problems: &mut Vec<String>| {
            if reporter(register, version, code).is_none() {
                problems.push(format!("reporter \"{code}\" is not in the register"));
            }
        };
        if let Some(code) = &self.reporter {
            agency(code, &mut problems);
        }
        let dimension = |dimension: Dimension, code: &str, problems: &mut Vec<String>| {
            if let Some(kind) = Kind::of_dimension(dimension)
                && register.get_at(version, kind, code).is_none()
            {
                problems.push(format!("{} \"{code}\" is not in the register", dimension.as_str()));
            }
        };
        for (which, code) in &self.set {
            dimension(*which, code, &mut problems);
        }
        for column in &self.columns {
            match &column.role {
                Role::Dimension { dimension: which, values } => {
                    values.values().for_each(|code| dimension(*which, code, &mut problems));
                }
                Role::Breakdown { values, .. } => {
                    for (which, code) in values.values().flatten() {
                        dimension(*which, code, &mut problems);
                    }
                }
                Role::Reporter { values } => {
                    values.values().for_each(|code| agency(code, &mut problems));
                }
                _ => {}
            }
        }
        for counted in self.measures() {
            let also = counted.counting_words.values();
            for code in std::iter::once(&counted.measure).chain(also) {
                if register.get_at(version, Kind::CountedUnit, code).is_none() {
                    problems.push(format!("counted unit \"{code}\" is not in the register"));
                }
            }
            for (which, code) in &counted.set {
                dimension(*which, code, &mut problems);
            }
            for name in &counted.sum_of {
                if !self.columns.iter().any(|column| &column.name == name) {
                    problems.push(format!("`sum_of` names \"{name}\", which is no column"));
                }
            }
        }
        if let Some(total) = &self.total_row
            && self.column(&total.column).is_none()
        {
            problems.push(format!("`total_row` names \"{}\", which is no column", total.column));
        }
        problems
    }
}

/// The code of whoever reports: a task force, a practice task force or an agency.
pub(super) fn reporter(register: &Register, version: &Version, text: &str) -> Option<String> {
    [Kind::TaskForce, Kind::PracticeTaskForce, Kind::Agency]
        .into_iter()
        .find_map(|kind| register.resolve_at(version, kind, text))
        .map(|entry| entry.code.clone())
}

/// What a measure counts in, by the register.
pub(super) fn unit_of(register: &Register, version: &Version, measure: &str) -> Unit {
    let entry = register.get_at(version, Kind::CountedUnit, measure);
    entry.and_then(|entry| entry.unit()).unwrap_or(Unit::Count)
}

/// Whether two headers are the same but for letters' case, spaces, underscores and hyphens.
pub fn same_header(one: &str, other: &str) -> bool {
    folded(one).eq(folded(other))
}

/// A header without case and separators: two headers are the same when they are so folded.
pub fn fold_header(header: &str) -> String {
    folded(header).collect()
}

fn folded(header: &str) -> impl Iterator<Item = char> {
    header.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase)
}
