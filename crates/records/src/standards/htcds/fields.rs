//! The standard's 93 fields and 182 picklist values, from `definitions/standards/htcds-2.0`.

use std::collections::HashMap;
use std::sync::OnceLock;

const FIELDS: &str = include_str!("../../../../../definitions/standards/htcds-2.0/fields.csv");
const VALUES: &str =
    include_str!("../../../../../definitions/standards/htcds-2.0/picklist_values.csv");

/// How a value misspelt in the standard reads, and how it reads when it is spelt right.
const MISSPELT: (&str, &str) = ("unaquainted", "unacquainted");

/// What a field of the standard holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// Text, short or long, and names of people and organizations.
    Text,
    /// A day, ISO 8601.
    Date,
    /// A number.
    Number,
    /// Yes or no.
    Checkbox,
    /// Degrees of latitude or longitude.
    Geolocation,
    /// One value of a list; any text where the standard gives no list.
    Picklist,
    /// Several values of a list, separated by `;`.
    Multiselect,
}

/// One value of a picklist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PicklistValue {
    /// The value.
    pub value: &'static str,
    /// What people read.
    pub label: &'static str,
}

/// A field of the standard.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Field {
    /// Its full name; for the nine example questions, which have none, the question.
    pub name: &'static str,
    /// What people read.
    pub label: &'static str,
    /// What it holds.
    pub holds: Holds,
    /// Its list of values, in the standard's order.
    pub values: Vec<PicklistValue>,
    /// What a value or label reads as, to the value.
    readings: HashMap<String, &'static str>,
}

impl Field {
    /// The value that a text means: a value or label, whatever its case, spaces and punctuation.
    pub fn value(&self, text: &str) -> Option<&'static str> {
        self.readings.get(&key(text)).copied()
    }
}

/// The fields, in the standard's order.
///
/// # Panics
///
/// When a compiled-in file does not read; a test keeps that from happening.
pub fn fields() -> &'static [Field] {
    static READ: OnceLock<Vec<Field>> = OnceLock::new();
    READ.get_or_init(|| match read(FIELDS, VALUES) {
        Ok(fields) => fields,
        Err(problem) => panic!("definitions/standards/htcds-2.0: {problem}"),
    })
}

/// The field of that full name.
pub(super) fn field(name: &str) -> Option<&'static Field> {
    static BY_NAME: OnceLock<HashMap<&'static str, &'static Field>> = OnceLock::new();
    let by_name = BY_NAME.get_or_init(|| fields().iter().map(|f| (f.name, f)).collect());
    by_name.get(name).copied()
}

/// The fields that a column of a header may be, whatever its case, spaces and punctuation: the one
/// of that full name, or else all those of that label.
pub(super) fn named(header: &str) -> &'static [&'static str] {
    static NAMES: OnceLock<HashMap<String, Vec<&'static str>>> = OnceLock::new();
    let names = NAMES.get_or_init(|| {
        let mut names: HashMap<String, Vec<&'static str>> = HashMap::new();
        for field in fields() {
            names.entry(key(field.label)).or_default().push(field.name);
        }
        names.remove("");
        names.extend(fields().iter().map(|field| (key(field.name), vec![field.name])));
        names
    });
    names.get(&key(header)).map_or(&[], Vec::as_slice)
}

/// Letters and digits in lower case.
pub(super) fn key(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn read(fields: &'static str, values: &'static str) -> Result<Vec<Field>, String> {
    let mut lists: HashMap<String, Vec<PicklistValue>> = HashMap::new();
    for (at, row) in csv::Reader::from_reader(values.as_bytes()).records().enumerate() {
        let row = row.map_err(|error| format!("picklist_values.csv: {error}"))?;
        let [field, _, value, label, _] = row.iter().collect::<Vec<_>>()[..] else {
            return Err(format!("picklist_values.csv, row {}: five cells", at + 2));
        };
        let value = PicklistValue { value: leak(value), label: leak(label) };
        lists.entry(field.to_owned()).or_default().push(value);
    }
    let mut read = Vec::new();
    for (at, row) in csv::Reader::from_reader(fields.as_bytes()).records().enumerate() {
        let row = row.map_err(|error| format!("fields.csv: {error}"))?;
        let cell = |column: usize| row.get(column).unwrap_or_default();
        let holds = match cell(7) {
            "" | "Text" | "Long Text" | "Picklist or Text" => Holds::Text,
            lookup if lookup.starts_with("Lookup ") => Holds::Text,
            "Date" => Holds::Date,
            "Number" => Holds::Number,
            "Checkbox" => Holds::Checkbox,
            "Geolocation" => Holds::Geolocation,
            "Picklist" => Holds::Picklist,
            "Multiselect Picklist" => Holds::Multiselect,
            other => return Err(format!("fields.csv, row {}: no type {other}", at + 2)),
        };
        let (label, full_name) = (leak(cell(5)), leak(cell(6)));
        let name = if full_name.is_empty() { label } else { full_name };
        let values = lists.remove(name).unwrap_or_default();
        let texts = |value: &PicklistValue| [value.value, value.label].map(key);
        let mut readings: HashMap<String, &'static str> = values
            .iter()
            .flat_map(|value| texts(value).into_iter().map(|text| (text, value.value)))
            .collect();
        if let Some(&misspelt) = readings.get(MISSPELT.0) {
            readings.insert(MISSPELT.1.to_owned(), misspelt);
        }
        read.push(Field { name, label, holds, values, readings });
    }
    match lists.keys().next() {
        Some(field) => Err(format!("picklist_values.csv: no field {field}")),
        None => Ok(read),
    }
}

fn leak(text: &str) -> &'static str {
    String::leak(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_standard_is_read() {
        assert_eq!(fields().len(), 93);
        assert_eq!(fields().iter().map(|field| field.values.len()).sum::<usize>(), 182);
        let questions = fields().iter().filter(|field| field.name.ends_with('?')).count();
        assert_eq!(questions, 9);
        for field in fields() {
            assert_eq!(super::field(field.name), Some(field));
        }
    }

    #[test]
    fn a_value_and_its_label_mean_the_same_and_no_other() {
        for field in fields() {
            for value in &field.values {
                assert_eq!(field.value(value.value), Some(value.value));
                assert_eq!(field.value(&value.label.to_uppercase()), Some(value.value));
            }
        }
        let relationship = field("vic_RelationshipToTrafficker").unwrap();
        assert_eq!(relationship.value("Unacquainted"), Some("Unaquainted"));
        assert_eq!(relationship.value("Unaquainted"), Some("Unaquainted"));
        assert_eq!(relationship.value("unknown"), None);
    }

    #[test]
    fn a_file_that_does_not_fit_names_its_row() {
        let wrong = read("a,b,c,d,e,f,g,h\n,,,,,,x_y,Colour\n", "a,b,c,d,e\n");
        assert_eq!(wrong.unwrap_err(), "fields.csv, row 2: no type Colour");
        let wrong = read("a,b,c,d,e,f,g,h\n", "a,b,c,d,e\nx_y,1,Red,Red,DRAFT\n");
        assert_eq!(wrong.unwrap_err(), "picklist_values.csv: no field x_y");
    }
}
