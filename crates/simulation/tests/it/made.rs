//! A simulation in memory, as the tests look at it.

use std::collections::{BTreeMap, BTreeSet};

use simulation::{Plan, Record, Summary, generate};

/// A row with what it is of.
pub(crate) struct Kept {
    pub(crate) agency: String,
    pub(crate) record: Record,
    pub(crate) cells: Vec<String>,
    pub(crate) person: Option<u64>,
}

impl Kept {
    /// The cell of a column.
    pub(crate) fn cell(&self, column: &str) -> &str {
        let at = self.record.columns().iter().position(|known| *known == column).unwrap();
        &self.cells[at]
    }
}

/// Every row, and the summary.
pub(crate) fn rows(plan: &Plan) -> (Vec<Kept>, Summary) {
    let mut rows = Vec::new();
    let summary = generate(plan, &mut |row| {
        rows.push(Kept {
            agency: row.agency.code.clone(),
            record: row.record,
            cells: row.cells.iter().map(|cell| cell.to_string()).collect(),
            person: row.person,
        });
    });
    (rows, summary.unwrap())
}

/// The own numbers of each agency's records of a kind.
pub(crate) fn references(rows: &[Kept], record: Record) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut references: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.record == record) {
        references.entry(&row.agency).or_default().insert(&row.cells[0]);
    }
    references
}
