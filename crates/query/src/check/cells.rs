//! Rows to cells of totals.
//!
//! In: rows; of victims, all of a person together. Out: for each cell its records and its different
//! people: the whole table and each quarter, all records and each code, as
//! [`records::record::AgencyRecord::cells_of_totals`] has it on the agency's side.

use std::collections::{BTreeMap, HashMap};

use records::record::RecordKind;

use super::row::Row;
use crate::{Cell, CellKey};

/// Pairs of cell and person are sorted and thinned when there are this many, and then at twice
/// what is left.
const PAIRS_AT_ONCE: usize = 1 << 20;

/// The cells so far.
pub(super) struct Cells {
    kind: RecordKind,
    cells: HashMap<CellKey, Counted>,
    /// Of victims: how often the person changed.
    person: u32,
    id: Option<[u8; 16]>,
    /// Of other kinds: the number of each person named, and who was seen in which cell.
    people: HashMap<[u8; 16], u32>,
    pairs: Vec<(u32, u32)>,
    thin_at: usize,
}

#[derive(Default)]
struct Counted {
    number: u32,
    records: u64,
    people: u64,
    /// The person counted last.
    last: Option<u32>,
}

impl Cells {
    pub(super) fn new(kind: RecordKind) -> Cells {
        Cells {
            kind,
            cells: HashMap::new(),
            person: 0,
            id: None,
            people: HashMap::new(),
            pairs: Vec::new(),
            thin_at: PAIRS_AT_ONCE,
        }
    }

    pub(super) fn count(&mut self, row: &Row) {
        let person = self.number_of(row);
        if self.kind == RecordKind::Victim && row.counted_as.is_none() {
            return;
        }
        let counted_as = row.counted_as.filter(|_| self.kind == RecordKind::Victim);
        for quarter in [Some(None), row.quarter.map(Some)].into_iter().flatten() {
            let all = CellKey { counted_as, quarter, field: None, code: None };
            self.enter(all, person);
            for (field, code) in &row.codes {
                self.enter(CellKey { field: Some(field), code: *code, ..all }, person);
            }
        }
        if self.pairs.len() >= self.thin_at {
            self.thin();
            self.thin_at = PAIRS_AT_ONCE.max(self.pairs.len() * 2);
        }
    }

    fn number_of(&mut self, row: &Row) -> Option<u32> {
        let id = row.person?;
        if self.kind != RecordKind::Victim {
            let next = u32::try_from(self.people.len()).ok()?;
            return Some(*self.people.entry(id).or_insert(next));
        }
        if self.id != Some(id) {
            self.id = Some(id);
            self.person = self.person.wrapping_add(1);
        }
        Some(self.person)
    }

    fn enter(&mut self, key: CellKey, person: Option<u32>) {
        let next = self.cells.len() as u32;
        let cell = self.cells.entry(key).or_insert(Counted { number: next, ..Counted::default() });
        cell.records += 1;
        let Some(person) = person.filter(|person| cell.last != Some(*person)) else { return };
        cell.last = Some(person);
        match self.kind {
            RecordKind::Victim => cell.people += 1,
            _ => self.pairs.push((cell.number, person)),
        }
    }

    fn thin(&mut self) {
        self.pairs.sort_unstable();
        self.pairs.dedup();
    }

    pub(super) fn finish(mut self) -> BTreeMap<CellKey, Cell> {
        self.thin();
        let mut people: HashMap<u32, u64> = HashMap::new();
        for (cell, _) in &self.pairs {
            *people.entry(*cell).or_default() += 1;
        }
        let cells = self.cells.into_iter().map(|(key, cell)| {
            let people = cell.people + people.get(&cell.number).copied().unwrap_or(0);
            (key, Cell { records: cell.records, people })
        });
        cells.collect()
    }
}
