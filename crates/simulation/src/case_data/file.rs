//! Case data as a CSV file, with the public categories beside it.

use std::fs;
use std::path::Path;

use serde::Serialize;

use crate::error::SimulationError;
use crate::people_set::{csv_when_whole, refused};

use super::{CaseColumn, CaseDataPlan, case_data, case_schema};

#[derive(Serialize)]
struct SchemaFile<'a> {
    columns: &'a [CaseColumn],
}

/// Writes case data to `out` and the columns with their categories to `schema`, as JSON.
///
/// # Errors
///
/// [`SimulationError`] when the plan cannot be made or a file cannot be written; then there is no
/// new file of rows.
pub fn write_case_data(
    plan: &CaseDataPlan,
    out: &Path,
    schema: &Path,
) -> Result<(), SimulationError> {
    let columns = case_schema()?;
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    let json = serde_json::to_string_pretty(&SchemaFile { columns: &columns });
    let json = json.map_err(|error| refused(schema, error.into()))? + "\n";
    fs::write(schema, json).map_err(|source| refused(schema, source))?;
    csv_when_whole(out, &names, |write| {
        let mut cells = Vec::with_capacity(columns.len());
        case_data(plan, &mut |row| {
            cells.clear();
            cells.extend(columns.iter().zip(row.codes()).map(|(column, &code)| {
                let category =
                    usize::from(code).checked_sub(1).and_then(|at| column.categories.get(at));
                category.map_or("", String::as_str)
            }));
            write(&cells)
        })
    })
}
