//! What is wrong with a question for a noisy table, all of it at once.

use std::collections::HashSet;

use super::design::NoisyQuestion;
use super::groups::Group;
use crate::schema::Schema;

/// The most dimensions of one table.
const DIMENSIONS: usize = 8;
/// The most cells of one table, margins and groups included.
const CELLS: usize = 20_000_000;

/// Everything that is wrong with a question; `columns` are the places of its dimensions.
pub(super) fn faults(
    schema: &Schema,
    question: &NoisyQuestion,
    columns: &[Option<usize>],
) -> Vec<String> {
    let mut faults: Vec<String> = schema.faults().iter().map(ToString::to_string).collect();
    if question.name.trim().is_empty() {
        faults.push("the table needs a name".to_owned());
    }
    if question.rows_per_person == 0 || question.rows_per_person > 1000 {
        faults.push("rows for each person must be from 1 to 1000".to_owned());
    }
    if columns.is_empty() || columns.len() > DIMENSIONS {
        faults.push(format!("a table has from 1 to {DIMENSIONS} dimensions"));
    }
    for (place, (name, column)) in question.dimensions.iter().zip(columns).enumerate() {
        if column.is_none() {
            let names: Vec<&str> =
                schema.columns.iter().map(|column| column.name.as_str()).collect();
            faults.push(format!(
                "\"{name}\" is no column of the schema; it has {}",
                names.join(", ")
            ));
        }
        if question.dimensions[..place].contains(name) {
            faults.push(format!("\"{name}\" is a dimension twice"));
        }
    }
    for group in &question.groups {
        faults.extend(fault_of_group(schema, question, group));
    }
    let codes: Vec<usize> =
        columns.iter().flatten().map(|&column| schema.columns[column].codes()).collect();
    let groups = |place: usize| {
        let dimension = &question.dimensions[place];
        question.groups.iter().filter(|group| group.dimension == *dimension).count()
    };
    let cells = codes
        .iter()
        .enumerate()
        .try_fold(1_usize, |cells, (place, codes)| cells.checked_mul(codes + 1 + groups(place)));
    if cells.is_none_or(|cells| cells > CELLS) {
        faults.push(format!("the table has more than {CELLS} cells; leave a dimension out"));
    }
    let fits = |zero: &Vec<Option<u16>>| {
        zero.len() == codes.len()
            && zero
                .iter()
                .zip(&codes)
                .all(|(code, &codes)| code.is_none_or(|code| usize::from(code) < codes))
    };
    let unfit = question.structural_zeros.iter().filter(|zero| !fits(zero)).count();
    if unfit > 0 && columns.iter().all(Option::is_some) {
        faults.push(format!("{unfit} structural zeros do not fit the dimensions and their codes"));
    }
    faults
}

fn fault_of_group(schema: &Schema, question: &NoisyQuestion, group: &Group) -> Option<String> {
    let name = &group.name;
    let column = question
        .dimensions
        .contains(&group.dimension)
        .then(|| schema.column(&group.dimension))
        .flatten()
        .map(|column| &schema.columns[column]);
    let Some(column) = column else {
        return Some(format!(
            "the group \"{name}\" is of \"{}\", which is no dimension",
            group.dimension
        ));
    };
    let mut seen = HashSet::new();
    let fits = |code: &u16| usize::from(*code) < column.codes() && seen.insert(*code);
    let taken = column.categories.contains(name)
        || question
            .groups
            .iter()
            .filter(|other| other.name == *name && other.dimension == group.dimension)
            .count()
            > 1;
    if name.trim().is_empty() || taken {
        Some(format!("the group \"{name}\" of \"{}\" needs a name of its own", group.dimension))
    } else if group.codes.is_empty() || !group.codes.iter().all(fits) {
        Some(format!("the group \"{name}\" must list codes of \"{}\", each once", group.dimension))
    } else {
        None
    }
}
