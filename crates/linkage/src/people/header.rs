//! The header of a file of people: which column stands where.
//!
//! In: the names of the columns, a schema, the name of the column with the truth. Out: [`Places`],
//! or everything that is wrong with the header.

use super::COLUMNS;
use super::schema::PeopleSchema;

/// Where what is in a file.
#[derive(Debug, Default)]
pub(crate) struct Places {
    /// The names of the file's columns.
    pub(crate) names: Vec<String>,
    /// For each of [`COLUMNS`] the columns that hold it.
    pub(crate) columns: [Vec<usize>; COLUMNS.len()],
    /// The column with the truth.
    pub(crate) truth: Option<usize>,
    /// The names of the columns that hold nothing of ours.
    pub(crate) ignored: Vec<String>,
}

/// A header that cannot be used: all that is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", .faults.iter().map(|fault| format!("row 1: {fault}")).collect::<Vec<_>>().join("\n"))]
pub struct HeaderError {
    /// The faults.
    pub faults: Vec<HeaderFault>,
}

/// One fault of a header.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HeaderFault {
    /// None of the columns is there that are looked for.
    #[error("expected a header with any of {}; add a first row with these names", .expected.join(", "))]
    NoHeader {
        /// What was looked for.
        expected: Vec<String>,
    },
    /// A column is there twice.
    #[error("the column {name} is there twice; rename or remove one")]
    ColumnTwice {
        /// The column's name.
        name: String,
    },
    /// A column that was named is not there.
    #[error("there is no column {name}, which was named for {holds}; there are {}", .there.join(", "))]
    NoColumn {
        /// The name that was looked for.
        name: String,
        /// What it should hold.
        holds: &'static str,
        /// The columns that there are.
        there: Vec<String>,
    },
    /// The column said to hold the truth is not there.
    #[error("there is no column {name}, which was said to hold the truth")]
    NoTruthColumn {
        /// The name that was looked for.
        name: String,
    },
    /// The column said to hold the truth was named for something else too.
    #[error(
        "the column {name} was said to hold the truth, which the linkage never sees, and was named for {holds}; \
         take it out of one of them"
    )]
    TruthNamed {
        /// The column's name.
        name: String,
        /// What else it was named for.
        holds: &'static str,
    },
}

impl PeopleSchema {
    /// Finds the columns of a file by its header.
    ///
    /// A column that was named holds that alone; the others hold what their names say.
    pub(crate) fn places(
        &self,
        header: &[String],
        truth: Option<&str>,
    ) -> Result<Places, HeaderError> {
        let mut places = Places { names: header.to_vec(), ..Places::default() };
        let (mut faults, mut absent) = (Vec::new(), Vec::new());
        let mut spoken_for = vec![false; header.len()];
        let mut recognised = false;
        if let Some(name) = truth {
            places.truth = header.iter().position(|here| here == name);
            match places.truth {
                Some(at) => spoken_for[at] = true,
                None => faults.push(HeaderFault::NoTruthColumn { name: name.to_owned() }),
            }
        }
        for (column, name) in self.named() {
            let (at, more) = found(header, name, |_| true);
            recognised |= at.is_some();
            let name = name.to_owned();
            match at {
                Some(at) if places.truth == Some(at) => {
                    faults.push(HeaderFault::TruthNamed { name, holds: COLUMNS[column] });
                }
                Some(_) if more => faults.push(HeaderFault::ColumnTwice { name }),
                Some(at) => {
                    spoken_for[at] = true;
                    places.columns[column].push(at);
                }
                None => absent.push((name, COLUMNS[column])),
            }
        }
        let others: Vec<bool> = spoken_for.iter().map(|spoken_for| !spoken_for).collect();
        for (column, name) in COLUMNS.iter().enumerate() {
            if self.columns[column].is_some() {
                continue;
            }
            let (at, more) = found(header, name, |at| others[at]);
            recognised |= at.is_some();
            if more {
                faults.push(HeaderFault::ColumnTwice { name: (*name).to_owned() });
            } else if let Some(at) = at {
                spoken_for[at] = true;
                places.columns[column].push(at);
            }
        }
        if recognised {
            let there =
                |(name, holds)| HeaderFault::NoColumn { name, holds, there: header.to_vec() };
            faults.extend(absent.into_iter().map(there));
        } else {
            // Without a header the first row is of a person: it is not shown.
            faults.push(HeaderFault::NoHeader { expected: self.expected() });
        }
        if !faults.is_empty() {
            return Err(HeaderError { faults });
        }
        let unused = header.iter().zip(&spoken_for).filter(|(_, used)| !**used);
        places.ignored = unused.map(|(name, _)| name.clone()).collect();
        Ok(places)
    }

    /// The columns that were named, with what they hold.
    fn named(&self) -> impl Iterator<Item = (usize, &str)> {
        let names = self.columns.iter().enumerate();
        names.flat_map(|(column, names)| {
            names.iter().flatten().map(move |name| (column, name.as_str()))
        })
    }

    /// The names of columns that are looked for.
    fn expected(&self) -> Vec<String> {
        let names = self.columns.iter().zip(COLUMNS);
        names
            .flat_map(|(named, own)| named.clone().unwrap_or_else(|| vec![own.to_owned()]))
            .collect()
    }
}

/// Where a column of a name is, and whether there is more than one.
fn found(header: &[String], name: &str, free: impl Fn(usize) -> bool) -> (Option<usize>, bool) {
    let is = |at: &usize| free(*at) && header[*at].eq_ignore_ascii_case(name);
    let mut found = (0..header.len()).filter(is);
    (found.next(), found.next().is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(schema: &str, header: &str, truth: Option<&str>) -> Result<Places, String> {
        let header: Vec<String> = header.split(',').map(str::to_owned).collect();
        let schema = PeopleSchema::from_toml(schema).unwrap();
        schema.places(&header, truth).map_err(|error| error.to_string())
    }

    #[test]
    fn named_columns_come_first_and_the_others_by_their_names() {
        let schema = "street = [\"no\", \"road\"]\nphone = \"zip\"\norigin = []";
        let header = "Surname,road,ZIP,no,origin,who,colour";
        let places = places(schema, header, Some("who")).unwrap();
        assert_eq!(places.columns[4], [0]);
        assert_eq!(places.columns[9], [3, 1]);
        assert_eq!(places.columns[8], [2]);
        assert!(places.columns[11].is_empty() && places.columns[12].is_empty());
        assert_eq!(places.truth, Some(5));
        assert_eq!(places.ignored, ["origin", "colour"]);
    }

    #[test]
    fn everything_that_is_wrong_is_said_at_once() {
        let schema = "street = [\"no\", \"road\"]\nzip = \"post\"";
        assert_eq!(
            places(schema, "Sex,sex,road,post,POST,who", Some("whose")).unwrap_err(),
            "row 1: there is no column whose, which was said to hold the truth\n\
             row 1: the column post is there twice; rename or remove one\n\
             row 1: the column sex is there twice; rename or remove one\n\
             row 1: there is no column no, which was named for street; there are Sex, sex, road, \
             post, POST, who"
        );
        let twice = places("zip = \"post\"", "post", Some("post")).unwrap_err();
        assert!(twice.contains("was said to hold the truth, which the linkage never sees"));
    }

    #[test]
    fn a_row_of_a_person_is_not_shown() {
        let error = places("surname = \"family\"", "Ana,García,1999", None).unwrap_err();
        assert!(error.starts_with("row 1: expected a header with any of rec_id, agency, "));
        assert!(error.contains("family") && !error.contains("Ana"), "{error}");
    }
}
