//! The dataset's 63 columns and the words of its text columns, from `definitions/standards/ctdc`.

use std::collections::HashMap;
use std::sync::OnceLock;

const COLUMNS: &str =
    include_str!("../../../../../definitions/standards/ctdc/global_dataset_columns.csv");
const WORDS: &str = include_str!("../../../../../definitions/standards/ctdc/text_values.csv");

/// A column of the dataset.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// Whether it holds 1, 0 or nothing.
    pub is_flag: bool,
    /// The words of a text column, where it has a list; with each the 0/1 column that it repeats,
    /// where it repeats one.
    pub words: Vec<(&'static str, Option<&'static str>)>,
}

impl Column {
    /// The word of the list that a text means, whatever its case, spaces and punctuation.
    pub fn word(&self, text: &str) -> Option<&'static str> {
        let wanted = key(text);
        self.words.iter().find(|(word, _)| key(word) == wanted).map(|(word, _)| *word)
    }

    /// Whether it repeats 0/1 columns in words.
    pub fn repeats(&self) -> bool {
        self.words.iter().any(|(_, flag)| flag.is_some())
    }
}

/// The columns, in the dataset's order.
///
/// # Panics
///
/// When a compiled-in file does not read; a test keeps that from happening.
pub fn columns() -> &'static [Column] {
    static READ: OnceLock<Vec<Column>> = OnceLock::new();
    READ.get_or_init(|| match read(COLUMNS, WORDS) {
        Ok(columns) => columns,
        Err(problem) => panic!("definitions/standards/ctdc: {problem}"),
    })
}

/// The column of that name.
pub(super) fn column(name: &str) -> Option<&'static Column> {
    static BY_NAME: OnceLock<HashMap<&'static str, &'static Column>> = OnceLock::new();
    let by_name = BY_NAME.get_or_init(|| columns().iter().map(|c| (c.name, c)).collect());
    by_name.get(name).copied()
}

/// The column and word in which a 0/1 column is repeated.
pub(super) fn repeated_in(flag: &str) -> Option<(&'static str, &'static str)> {
    static BY_FLAG: OnceLock<HashMap<&'static str, (&'static str, &'static str)>> = OnceLock::new();
    let by_flag = BY_FLAG.get_or_init(|| {
        let words = columns().iter().flat_map(|c| c.words.iter().map(|word| (c.name, word)));
        words.filter_map(|(name, (word, flag))| Some(((*flag)?, (name, *word)))).collect()
    });
    by_flag.get(flag).copied()
}

/// Letters, digits and signs in lower case: `0--8`, `48+`, `debtbondage`.
pub(super) fn key(text: &str) -> String {
    let kept = |c: &char| c.is_alphanumeric() || matches!(c, '+' | '-');
    text.chars().filter(kept).flat_map(char::to_lowercase).collect()
}

fn read(columns: &'static str, words: &'static str) -> Result<Vec<Column>, String> {
    let mut read: Vec<Column> = Vec::new();
    for (at, row) in csv::Reader::from_reader(columns.as_bytes()).records().enumerate() {
        let row = row.map_err(|error| format!("global_dataset_columns.csv: {error}"))?;
        let is_flag = match (row.get(1), row.get(3)) {
            (_, Some("int 0/1/null")) => true,
            (Some("yearOfRegistration"), Some("int")) | (_, Some("text")) => false,
            _ => return Err(format!("global_dataset_columns.csv, row {}: type", at + 2)),
        };
        let name = leak(row.get(1).unwrap_or_default());
        read.push(Column { name, is_flag, words: Vec::new() });
    }
    for (at, row) in csv::Reader::from_reader(words.as_bytes()).records().enumerate() {
        let row = row.map_err(|error| format!("text_values.csv: {error}"))?;
        let cell = |column: usize| leak(row.get(column).unwrap_or_default());
        let flag = Some(cell(1)).filter(|flag| !flag.is_empty());
        let known = flag.is_none_or(|flag| read.iter().any(|c| c.name == flag && c.is_flag));
        let text = read.iter_mut().find(|column| column.name == cell(0) && !column.is_flag);
        match text {
            Some(column) if known && !cell(2).is_empty() => column.words.push((cell(2), flag)),
            _ => return Err(format!("text_values.csv, row {}: column, joins or value", at + 2)),
        }
    }
    Ok(read)
}

fn leak(text: &str) -> &'static str {
    String::leak(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_flag_that_a_column_could_repeat_is_repeated() {
        assert_eq!(columns().len(), 63);
        let alone: Vec<&str> = columns()
            .iter()
            .filter(|column| column.is_flag && repeated_in(column.name).is_none())
            .map(|column| column.name)
            .collect();
        assert_eq!(alone, ["isAbduction"]);
    }

    #[test]
    fn words_are_read_whatever_their_case() {
        let means = column("meansOfControlConcatenated").unwrap();
        assert_eq!(means.word("Psychological Abuse"), Some("Psychological abuse"));
        assert_eq!(column("ageBroad").unwrap().word("48+"), Some("48+"));
        assert_eq!(column("ageBroad").unwrap().word("48"), None);
        assert!(means.repeats() && !column("gender").unwrap().repeats());
    }

    #[test]
    fn a_file_that_does_not_fit_names_its_row() {
        let columns = "position,column,group,type\n1,isIt,x,int 0/1/null\n2,said,x,text\n";
        let wrong = read(columns, "column,joins,value\nsaid,isIt,It\nsaid,isOther,Other\n");
        assert_eq!(wrong.unwrap_err(), "text_values.csv, row 3: column, joins or value");
        let wrong = read("position,column,group,type\n1,isIt,x,float\n", "column,joins,value\n");
        assert_eq!(wrong.unwrap_err(), "global_dataset_columns.csv, row 2: type");
    }
}
