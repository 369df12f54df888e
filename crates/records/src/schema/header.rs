//! The first row: how cells are divided, and which column is which field.
//!
//! In: the start of the file and the schema. Out: the delimiter, and [`Columns`] with all that is
//! wrong with the header. Columns may stand in any order.

use super::{
    Schema,
    explain::safe,
    rows::{Batch, Flaw, Rows},
    source::Source,
};
use crate::{Shown, is_invisible, person};

/// Delimiters looked for, the likeliest first.
pub(super) const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// The delimiter that the schema names, or under which most of the header's cells are its fields.
pub(super) fn delimiter(start: &[u8], schema: &Schema) -> u8 {
    let known = |text: &[u8]| schema.fields.iter().any(|field| field.name.as_bytes() == text);
    schema.delimiter.unwrap_or_else(|| likeliest(start, &known))
}

/// The delimiter under which most of the first row's cells are known.
pub(super) fn likeliest(start: &[u8], known: &dyn Fn(&[u8]) -> bool) -> u8 {
    let score = |&delimiter: &u8| {
        let mut rows = Rows::new(Source::new(start));
        rows.set_delimiter(delimiter);
        let mut batch = Batch::default();
        let Ok(Some(row)) = rows.header(&mut batch) else { return (0, 0) };
        if row.flaw == Flaw::TooLong {
            return (0, 0);
        }
        let cells = batch.kept_cells(row);
        let known = cells.iter().filter(|cell| known(&batch.text(**cell))).count();
        (known, cells.len())
    };
    DELIMITERS.iter().rev().copied().max_by_key(score).unwrap_or(DELIMITERS[0])
}

/// The columns of a file.
#[derive(Debug, Default)]
pub(super) struct Columns {
    pub(super) columns: Vec<Column>,
    /// For each field of the schema, its column.
    pub(super) of_field: Vec<Option<usize>>,
}

#[derive(Debug)]
pub(super) struct Column {
    /// How messages name it.
    pub(super) name: String,
    pub(super) field: Option<usize>,
    /// Whether its values are or may be about a person.
    pub(super) is_withheld: bool,
}

/// Something wrong with the header.
pub(super) struct Fault {
    pub(super) column: String,
    pub(super) value: Shown,
    pub(super) expected: String,
    pub(super) fix: String,
}

/// Matches the header's cells with the fields; `Err` when it is no header of this schema at all.
pub(super) fn columns(names: &[String], schema: &Schema) -> Result<(Columns, Vec<Fault>), Fault> {
    let mut matched = Columns { columns: Vec::new(), of_field: vec![None; schema.fields.len()] };
    let mut faults = Vec::new();
    for (at, name) in names.iter().enumerate() {
        let field = schema.fields.iter().position(|field| field.name == *name);
        let again = field.is_some_and(|field| matched.of_field[field].is_some());
        let field = field.filter(|_| !again);
        if let Some(field) = field {
            matched.of_field[field] = Some(at);
        }
        let column = Column {
            name: shown_name(name, at),
            field,
            is_withheld: field.is_none_or(|field| schema.fields[field].is_personal),
        };
        if again {
            faults.push(repeated(&column));
        } else if field.is_none() {
            faults.push(unknown(name, &column, schema));
        }
        matched.columns.push(column);
    }
    if matched.of_field.iter().all(Option::is_none) {
        return Err(not_a_header(schema));
    }
    for (field, column) in schema.fields.iter().zip(&matched.of_field) {
        if column.is_none() {
            faults.push(missing(&field.name));
        }
    }
    Ok((matched, faults))
}

/// A header may be a row of data by mistake, so what looks personal is not repeated.
fn shown_name(name: &str, at: usize) -> String {
    if name.trim().is_empty() || person::looks_personal(name).is_some() {
        format!("column {}", at + 1)
    } else {
        safe(name)
    }
}

fn repeated(column: &Column) -> Fault {
    Fault {
        column: column.name.clone(),
        value: Shown::Value(column.name.clone()),
        expected: "each column once".into(),
        fix: "remove one of the two columns, or rename it".into(),
    }
}

fn unknown(name: &str, column: &Column, schema: &Schema) -> Fault {
    let plain = |text: &str| -> String {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    let meant = schema.fields.iter().find(|field| plain(&field.name) == plain(name));
    Fault {
        column: column.name.clone(),
        value: Shown::Value(column.name.clone()),
        expected: match name.chars().any(is_invisible) {
            true => "a column of the schema, without control or invisible characters".into(),
            false => "a column of the schema".into(),
        },
        fix: match meant {
            Some(field) => format!("rename it to \"{}\"", safe(&field.name)),
            None => "remove the column, or add it to the schema".into(),
        },
    }
}

fn missing(name: &str) -> Fault {
    Fault {
        column: safe(name),
        value: Shown::Value(String::new()),
        expected: "this column".into(),
        fix:
            "add the column; where nothing is known its cells may be empty if the schema allows it"
                .into(),
    }
}

fn not_a_header(schema: &Schema) -> Fault {
    let mut names: Vec<String> = schema.field_names().take(8).map(safe).collect();
    if schema.fields.len() > names.len() {
        names.push("…".into());
    }
    Fault {
        column: String::new(),
        value: Shown::Withheld,
        expected: format!("a first row with the names of the columns: {}", names.join(", ")),
        fix: "put the schema's field names into the first row, and nothing above it".into(),
    }
}
