//! Which columns of a file of people hold what, where they have other names than ours.
//!
//! In: TOML, a line for each of [`COLUMNS`] that the file calls otherwise; several columns are
//! joined with blanks, `[]` is none. Out: [`PeopleSchema`], or every problem of the text at once.
//!
//! ```toml
//! city = "suburb"
//! street = ["street_number", "address_1"]
//! birth_date = { column = "date_of_birth", format = "%Y%m%d" }
//! origin = []
//! ```

use toml::Value;

use super::COLUMNS;
use super::cell::BirthDate;
use crate::date_pattern::DatePattern;

/// Where the agency and the date of birth stand in [`COLUMNS`].
const AGENCY: usize = 1;
pub(crate) const BIRTH_DATE: usize = 7;

/// Which columns of a file of people hold what; by default those of our names.
#[derive(Debug, Clone, Default)]
pub struct PeopleSchema {
    /// For each of [`COLUMNS`] the names of the columns that hold it; its own when absent.
    pub(super) columns: [Option<Vec<String>>; COLUMNS.len()],
    /// How dates of birth are written; `YYYY-MM-DD` or `YYYY` when there is none.
    dates: Vec<(String, DatePattern)>,
}

/// A schema of a file of people that cannot be used: all that is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", .problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
pub struct PeopleSchemaError {
    /// The problems, in the order of the columns' names.
    pub problems: Vec<PeopleSchemaProblem>,
}

/// One thing that is wrong with a schema of a file of people.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PeopleSchemaProblem {
    /// It is no TOML.
    #[error("line {line}: {what}; write lines such as city = \"suburb\"")]
    NotToml {
        /// The line.
        line: usize,
        /// What the parser says.
        what: String,
    },
    /// A name that is none of ours.
    #[error(
        "there is no \"{name}\": before the equals sign stands one of {}, after it the name in the file",
        COLUMNS.join(", ")
    )]
    UnknownColumn {
        /// The name.
        name: String,
    },
    /// Something else than names of columns.
    #[error(
        "{column}: expected a column's name in quotation marks, several as [\"one\", \"two\"], or for \
         birth_date {{ column = \"name\", format = \"%Y%m%d\" }}"
    )]
    NoNames {
        /// Which of our columns.
        column: &'static str,
    },
    /// A key that the table of a column does not have.
    #[error("{column}: there is no \"{key}\"; {}", keys_of(.column))]
    UnknownKey {
        /// Which of our columns.
        column: &'static str,
        /// The key.
        key: String,
    },
    /// A format by which no date of birth can be read.
    #[error(
        "birth_date: no date of birth can be read by the format \"{format}\": expected %Y, alone, with \
         a month (%m, %b or %B) and a day (%d), or with the day of the year (%j); two digits (%y) do \
         not say the century"
    )]
    Format {
        /// The format.
        format: String,
    },
    /// One column is to hold two things.
    #[error("the column {name} is named for {first} and for {second}; take it out of one of them")]
    NamedTwice {
        /// The column's name in the file.
        name: String,
        /// One of ours.
        first: &'static str,
        /// Another of ours, or the same.
        second: &'static str,
    },
}

fn keys_of(column: &str) -> &'static str {
    match column == COLUMNS[BIRTH_DATE] {
        true => "it has column and format",
        false => "it has column, and only birth_date has a format",
    }
}

impl PeopleSchema {
    /// Reads a schema.
    ///
    /// # Errors
    ///
    /// [`PeopleSchemaError`] with everything that is wrong.
    ///
    /// # Examples
    ///
    /// ```
    /// use linkage::{PeopleSchema, ReadSettings, read_people_of};
    ///
    /// let schema = PeopleSchema::from_toml(r#"
    ///     street = ["number", "street_name"]
    ///     birth_date = { column = "born", format = ["%d.%m.%Y", "%Y"] }
    /// "#)?;
    /// let file = "surname,born,number,street_name\nLee,29.2.2000,12,Elm St\nKim,1999,,\n";
    /// let settings = ReadSettings { schema, ..ReadSettings::default() };
    /// assert_eq!(read_people_of(file.as_bytes(), &settings)?.people.len(), 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from_toml(text: &str) -> Result<PeopleSchema, PeopleSchemaError> {
        let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
            let before = error.span().map_or(0, |span| span.start);
            let line = text.bytes().take(before).filter(|byte| *byte == b'\n').count() + 1;
            let what = error.message().to_owned();
            PeopleSchemaError { problems: vec![PeopleSchemaProblem::NotToml { line, what }] }
        })?;
        let mut schema = PeopleSchema::default();
        let mut problems = Vec::new();
        for (name, value) in &table {
            match COLUMNS.iter().position(|column| column == name) {
                Some(column) => schema.take(column, value, &mut problems),
                None => problems.push(PeopleSchemaProblem::UnknownColumn { name: name.clone() }),
            }
        }
        problems.extend(schema.named_twice());
        if problems.is_empty() { Ok(schema) } else { Err(PeopleSchemaError { problems }) }
    }

    /// Takes the agency from a column of this name.
    pub fn set_agency(&mut self, name: &str) {
        self.columns[AGENCY] = Some(vec![name.to_owned()]);
    }

    /// Takes in the line of a column.
    fn take(&mut self, column: usize, value: &Value, problems: &mut Vec<PeopleSchemaProblem>) {
        let no_names = PeopleSchemaProblem::NoNames { column: COLUMNS[column] };
        let named = match value {
            Value::Table(table) => {
                for (key, value) in table {
                    match key.as_str() {
                        "column" => {}
                        "format" if column == BIRTH_DATE => self.take_formats(value, problems),
                        _ => problems.push(PeopleSchemaProblem::UnknownKey {
                            column: COLUMNS[column],
                            key: key.clone(),
                        }),
                    }
                }
                // Without a name, the column has ours.
                table.get("column").map(texts)
            }
            other => Some(texts(other)),
        };
        match named {
            Some(Some(names)) => self.columns[column] = Some(names),
            Some(None) => problems.push(no_names),
            None => {}
        }
    }

    fn take_formats(&mut self, value: &Value, problems: &mut Vec<PeopleSchemaProblem>) {
        let Some(formats) = texts(value).filter(|formats| !formats.is_empty()) else {
            let format = value.to_string();
            return problems.push(PeopleSchemaProblem::Format { format });
        };
        for format in formats {
            match DatePattern::new(&format) {
                Ok(pattern) if pattern.reads_births() => self.dates.push((format, pattern)),
                _ => problems.push(PeopleSchemaProblem::Format { format }),
            }
        }
    }

    /// Columns of the file that stand in two lines, or twice in one.
    fn named_twice(&self) -> Vec<PeopleSchemaProblem> {
        let named = self.columns.iter().zip(COLUMNS).flat_map(|(names, column)| {
            names.iter().flatten().map(move |name| (name.as_str(), column))
        });
        let mut seen: Vec<(&str, &'static str)> = Vec::new();
        let mut twice = Vec::new();
        for (name, second) in named {
            match seen.iter().find(|(before, _)| before.eq_ignore_ascii_case(name)) {
                Some(&(_, first)) => twice.push(PeopleSchemaProblem::NamedTwice {
                    name: name.to_owned(),
                    first,
                    second,
                }),
                None => seen.push((name, second)),
            }
        }
        twice
    }

    /// Reads a date of birth; nothing is missing. None when it is no date as this schema says.
    pub(crate) fn birth(&self, cell: &[u8]) -> Option<BirthDate> {
        if self.dates.is_empty() || cell.is_empty() {
            return BirthDate::read(cell);
        }
        let cell = std::str::from_utf8(cell).ok()?;
        let (year, day) = self.dates.iter().find_map(|(_, date)| date.read_birth(cell))?;
        let (month, day) = day.unwrap_or_default();
        BirthDate::YEARS.contains(&year).then(|| BirthDate::new(year, month, day))
    }

    /// How a date of birth is to be written, for whoever wrote it otherwise.
    pub(crate) fn dates_expected(&self) -> String {
        if self.dates.is_empty() {
            return "a day as YYYY-MM-DD or a year as YYYY".to_owned();
        }
        let formats: Vec<&str> = self.dates.iter().map(|(format, _)| format.as_str()).collect();
        format!("a date as {}", formats.join(" or "))
    }
}

/// A text, or several.
fn texts(value: &Value) -> Option<Vec<String>> {
    let text = |value: &Value| value.as_str().map(|text| text.trim().to_owned());
    match value {
        Value::Array(values) => values.iter().map(text).collect(),
        one => text(one).map(|one| vec![one]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_is_wrong_is_said_at_once() {
        let text = r#"
            Surname = "family_name"
            given_name = 3
            zip = { column = "postcode", format = "%Y" }
            birth_date = { column = "born", format = ["%d/%m/%y", "%Y%m%d", "%H"], from = 1 }
            street = ["number", "road"]
            city = "Road"
        "#;
        let error = PeopleSchema::from_toml(text).unwrap_err();
        let said = error.to_string();
        for (line, part) in said.lines().zip([
            "there is no \"Surname\": before the equals sign stands one of rec_id, agency, ",
            "birth_date: no date of birth can be read by the format \"%d/%m/%y\"",
            "by the format \"%H\"",
            "birth_date: there is no \"from\"; it has column and format",
            "given_name: expected a column's name",
            "zip: there is no \"format\"; it has column, and only birth_date",
            "the column Road is named for street and for city",
        ]) {
            assert!(line.contains(part), "{part}\n{said}");
        }
        assert_eq!(error.problems.len(), 7, "{said}");
        let error = PeopleSchema::from_toml("city = \"a\"\nzip = \"b\"\nzip = \"c\"\n");
        assert!(error.unwrap_err().to_string().starts_with("line 3: duplicate key"));
    }

    #[test]
    fn dates_as_the_file_writes_them() {
        let schema = |text| PeopleSchema::from_toml(text).unwrap();
        let read = |schema: &PeopleSchema, cell: &str| {
            schema.birth(cell.as_bytes()).map(|date| (date.year(), date.month(), date.day()))
        };
        let several = schema(r#"birth_date = { format = ["%Y%m%d", "%Y"] }"#);
        assert_eq!(read(&several, "19450930"), Some((1945, 9, 30)));
        assert_eq!(read(&several, "1945"), Some((1945, 0, 0)));
        assert_eq!(read(&several, ""), Some((0, 0, 0)));
        for wrong in ["19450932", "1945-09-30", "17450930", "é9450930"] {
            assert_eq!(read(&several, wrong), None, "{wrong}");
        }
        assert_eq!(read(&PeopleSchema::default(), "1945-09-30"), Some((1945, 9, 30)));
        assert_eq!(several.dates_expected(), "a date as %Y%m%d or %Y");
    }
}
