//! Aggregates as CSV, and back: columns `selections` and `protected_count`.
//!
//! A selection is `column:category`, a combination its selections with `;` between them; `;`, `:`
//! and `\` within a word have a `\` before them. The first row, `selections`, is the number of
//! rows, as pac-synth writes it.

use std::collections::HashMap;
use std::io::{Read, Write};

use super::{AggregatePlan, Aggregates, Combination};
use crate::schema::{BLANK, Schema};

/// The word that stands for the number of rows.
const NUMBER_OF_ROWS: &str = "selections";

/// What is wrong at one line of a file of aggregates.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AggregateFileFault {
    /// Not two cells.
    #[error("line {line} has {found} cells; expected two, the selections and the count")]
    Cells {
        /// The line.
        line: u64,
        /// Its cells.
        found: usize,
    },
    /// A count that is no number of the plan's.
    #[error(
        "line {line}: the count is no whole number that a combination of at least {k} people, rounded down to a multiple of {precision}, can have"
    )]
    Count {
        /// The line.
        line: u64,
        /// The plan's.
        k: u64,
        /// The plan's.
        precision: u64,
    },
    /// Selections that the schema does not have, or out of order, or too many.
    #[error(
        "line {line}: the selections are not column:category of the schema, in the order of its columns, at most {length} of them"
    )]
    Selections {
        /// The line.
        line: u64,
        /// The plan's.
        length: usize,
    },
    /// A combination twice.
    #[error("line {line} says a combination again")]
    Twice {
        /// The line.
        line: u64,
    },
    /// No number of rows.
    #[error("no line \"selections\" with the number of rows")]
    NoRows,
}

/// Why a file of aggregates cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum AggregateFileError {
    /// Not readable as CSV text.
    #[error("cannot read the aggregates: {0}")]
    Unreadable(#[from] csv::Error),
    /// A header other than it must be.
    #[error("the header is not \"selections,protected_count\"")]
    Header,
    /// Everything that is wrong with its lines.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Lines(Vec<AggregateFileFault>),
}

/// Writes aggregates as CSV.
///
/// # Errors
/// Whatever the writer says.
pub fn write_aggregates(aggregates: &Aggregates, into: impl Write) -> std::io::Result<()> {
    let mut writer = csv::Writer::from_writer(into);
    writer.write_record(["selections", "protected_count"])?;
    writer.write_record([NUMBER_OF_ROWS, &aggregates.protected_rows.to_string()])?;
    let mut words = String::new();
    for combination in &aggregates.combinations {
        words.clear();
        for (place, &(column, code)) in combination.selections.iter().enumerate() {
            let column = &aggregates.schema.columns[usize::from(column)];
            if place > 0 {
                words.push(';');
            }
            escape(&column.name, &mut words);
            words.push(':');
            escape(column.word(code).unwrap_or(""), &mut words);
        }
        writer.write_record([&words, &combination.protected_count.to_string()])?;
    }
    writer.flush()
}

/// Reads aggregates that were counted by a plan over a schema.
///
/// # Errors
/// Everything that is wrong with the file.
pub fn read_aggregates(
    reader: impl Read,
    schema: Schema,
    plan: AggregatePlan,
) -> Result<Aggregates, AggregateFileError> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(reader);
    if reader.headers()?.iter().ne(["selections", "protected_count"]) {
        return Err(AggregateFileError::Header);
    }
    let columns: HashMap<&str, usize> =
        schema.columns.iter().enumerate().map(|(place, c)| (c.name.as_str(), place)).collect();
    let codes: Vec<HashMap<&str, u16>> =
        schema.columns.iter().map(crate::schema::SchemaColumn::codes_by_word).collect();

    let mut faults = Vec::new();
    let mut protected_rows = None;
    let mut combinations = Vec::new();
    let mut lines = HashMap::new();
    for record in reader.records() {
        let record = record?;
        let line = record.position().map_or(0, csv::Position::line);
        let (Some(words), Some(count), 2) = (record.get(0), record.get(1), record.len()) else {
            faults.push(AggregateFileFault::Cells { line, found: record.len() });
            continue;
        };
        let is_rows = words == NUMBER_OF_ROWS;
        // No row at all is said as 0; no combination is.
        let possible = |count: &u64| {
            (is_rows && *count == 0)
                || (count.is_multiple_of(plan.precision.max(1))
                    && *count > 0
                    && count + plan.precision > plan.k)
        };
        let Some(count) = count.parse::<u64>().ok().filter(possible) else {
            let AggregatePlan { k, precision, .. } = plan;
            faults.push(AggregateFileFault::Count { line, k, precision });
            continue;
        };
        if is_rows {
            if protected_rows.replace(count).is_some() {
                faults.push(AggregateFileFault::Twice { line });
            }
            continue;
        }
        let Some(selections) = selections(words, &columns, &codes)
            .filter(|selections| selections.len() <= plan.length)
        else {
            faults.push(AggregateFileFault::Selections { line, length: plan.length });
            continue;
        };
        if lines.insert(selections.clone(), line).is_some() {
            faults.push(AggregateFileFault::Twice { line });
        }
        combinations.push(Combination { selections, protected_count: count });
    }
    let Some(protected_rows) = protected_rows.filter(|_| faults.is_empty()) else {
        if protected_rows.is_none() {
            faults.push(AggregateFileFault::NoRows);
        }
        return Err(AggregateFileError::Lines(faults));
    };
    drop((columns, codes));
    Ok(Aggregates { schema, plan, protected_rows, combinations })
}

fn escape(word: &str, into: &mut String) {
    for letter in word.chars() {
        if matches!(letter, ';' | ':' | '\\') {
            into.push('\\');
        }
        into.push(letter);
    }
}

/// Column and code of each selection, if all are of the schema and in its order.
fn selections(
    words: &str,
    columns: &HashMap<&str, usize>,
    codes: &[HashMap<&str, u16>],
) -> Option<Vec<(u16, u16)>> {
    let mut found: Vec<(u16, u16)> = Vec::new();
    let mut column = None;
    let mut word = String::new();
    let mut letters = words.chars();
    loop {
        let letter = letters.next();
        match letter {
            Some('\\') => word.push(letters.next()?),
            Some(':') if column.is_none() => {
                column = Some(*columns.get(word.as_str())?);
                word.clear();
            }
            Some(';') | None => {
                let place = column.take()?;
                let code = *codes[place].get(word.as_str()).filter(|&&code| code != BLANK)?;
                let place = u16::try_from(place).ok()?;
                if found.last().is_some_and(|&(last, _)| last >= place) {
                    return None;
                }
                found.push((place, code));
                word.clear();
            }
            Some(letter) => word.push(letter),
        }
        if letter.is_none() {
            return Some(found);
        }
    }
}

#[cfg(test)]
mod tests;
