//! The public categories of each column, which are never learnt from the data.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

/// The code of a blank, which every column allows and which is a category of its own.
pub const BLANK: u16 = 0;

/// The columns of a file of rows about people, and what each may say.
///
/// As JSON: `{"columns":[{"name":"gender","categories":["Man","Woman"]}]}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schema {
    /// The columns, in the order of the file that is written.
    pub columns: Vec<SchemaColumn>,
}

/// One column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SchemaColumn {
    /// Its name in the header.
    pub name: String,
    /// What its cells may say, a blank aside. Code `k` is category `k - 1`; code 0 is [`BLANK`].
    pub categories: Vec<String>,
}

impl SchemaColumn {
    /// How many codes the column has, the blank included.
    pub fn codes(&self) -> usize {
        self.categories.len() + 1
    }

    /// The word of a code: empty for a blank, nothing for a code that the column does not have.
    pub fn word(&self, code: u16) -> Option<&str> {
        match code {
            BLANK => Some(""),
            code => self.categories.get(usize::from(code) - 1).map(String::as_str),
        }
    }

    /// From a word to its code.
    pub(crate) fn codes_by_word(&self) -> HashMap<&str, u16> {
        let mut codes = HashMap::with_capacity(self.codes());
        codes.insert("", BLANK);
        for (index, word) in self.categories.iter().enumerate() {
            if let Ok(code) = u16::try_from(index + 1) {
                codes.insert(word.as_str(), code);
            }
        }
        codes
    }
}

/// Why a schema cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SchemaError {
    /// Not JSON of the form that a schema has.
    #[error("the schema is not {{\"columns\":[{{\"name\":…,\"categories\":[…]}}]}}: {0}")]
    NotASchema(String),
    /// No column at all.
    #[error("the schema has no column")]
    NoColumn,
    /// Two columns of one name, or one without a name.
    #[error("the schema names column \"{0}\" more than once, or a column has no name")]
    ColumnTwice(String),
    /// A column without categories.
    #[error("column \"{0}\" has no categories; list what its cells may say, the blank aside")]
    NoCategories(String),
    /// A category given twice, or a blank one: a blank is always allowed.
    #[error(
        "column \"{column}\" lists \"{category}\" more than once, or a blank, which is always allowed"
    )]
    CategoryTwice {
        /// The column.
        column: String,
        /// The category.
        category: String,
    },
    /// More categories than a code can say.
    #[error("column \"{0}\" has more than 65,534 categories")]
    TooManyCategories(String),
}

impl Schema {
    /// Reads a schema and says everything that is wrong with it.
    ///
    /// # Errors
    /// Text that is no schema, or every fault of one that is.
    pub fn read(json: &str) -> Result<Schema, Vec<SchemaError>> {
        let schema: Schema = serde_json::from_str(json)
            .map_err(|error| vec![SchemaError::NotASchema(error.to_string())])?;
        let faults = schema.faults();
        if faults.is_empty() { Ok(schema) } else { Err(faults) }
    }

    /// Everything that is wrong with it.
    pub fn faults(&self) -> Vec<SchemaError> {
        let mut faults = Vec::new();
        if self.columns.is_empty() {
            faults.push(SchemaError::NoColumn);
        }
        let mut names = HashSet::new();
        for column in &self.columns {
            if column.name.trim().is_empty() || !names.insert(column.name.as_str()) {
                faults.push(SchemaError::ColumnTwice(column.name.clone()));
            }
            if column.categories.is_empty() {
                faults.push(SchemaError::NoCategories(column.name.clone()));
            }
            if column.categories.len() >= usize::from(u16::MAX) {
                faults.push(SchemaError::TooManyCategories(column.name.clone()));
            }
            let mut seen = HashSet::new();
            for category in &column.categories {
                if category.trim().is_empty() || !seen.insert(category.as_str()) {
                    faults.push(SchemaError::CategoryTwice {
                        column: column.name.clone(),
                        category: category.clone(),
                    });
                }
            }
        }
        faults
    }

    /// The place of a column.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }
}
