//! A released table as CSV: a row for each cell, a column for each dimension, then the number.
//!
//! `low` and `high` are there when noise or rounding has moved the number; `status` says how it is shown.

use disclosure::{PublishedTable, PublishedValue, Released, WhyHidden};

use super::{BLANK, HIDDEN, NOT_REPORTED, TOTAL};
use crate::ReportError;

/// The columns after the dimensions.
pub(super) const VALUE_COLUMNS: [&str; 4] = ["value", "low", "high", "status"];

/// Writes the table.
///
/// # Errors
///
/// [`ReportError`] when it cannot be written.
pub(in crate::public) fn table_csv(
    released: &Released<PublishedTable>,
) -> Result<String, ReportError> {
    let table = released.value();
    let mut writer = csv::Writer::from_writer(Vec::new());
    let dimensions = table.dimensions.iter().map(|dimension| dimension.name.as_str());
    writer.write_record(dimensions.chain(VALUE_COLUMNS))?;
    for cell in &table.cells {
        let places = cell.at.iter().zip(&table.dimensions);
        let at = places.map(|(at, dimension)| match at {
            None => TOTAL,
            Some(at) if dimension.categories[*at].is_empty() => BLANK,
            Some(at) => dimension.categories[*at].as_str(),
        });
        let numbers = numbers(cell.value);
        writer.write_record(at.chain(numbers.iter().map(String::as_str)))?;
    }
    let bytes = writer.into_inner().map_err(|error| error.into_error())?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The number, its interval, and how it is shown.
fn numbers(value: PublishedValue) -> [String; 4] {
    let none = |word: &str| [word, "", "", word].map(str::to_owned);
    match value {
        PublishedValue::Exact(number) => {
            [number.to_string(), String::new(), String::new(), "exact".to_owned()]
        }
        PublishedValue::Rounded { value, within } => {
            let ends = [value.saturating_sub(within), value.saturating_add(within)];
            let [low, high] = ends.map(|end| end.to_string());
            [value.to_string(), low, high, "rounded".to_owned()]
        }
        PublishedValue::Noised { value, low, high } => {
            [value.to_string(), low.to_string(), high.to_string(), "noised".to_owned()]
        }
        PublishedValue::Hidden(WhyHidden::Suppressed) => none(HIDDEN),
        PublishedValue::Hidden(WhyHidden::NotReported) => none(NOT_REPORTED),
    }
}
