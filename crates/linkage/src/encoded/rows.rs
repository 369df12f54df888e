//! The rows of several encoded tables, numbered through.
//!
//! In: the tables. Out: records from 0, table after table in the order given; the agency of a
//! record is the number of its table.

use crate::encode::hardened::{EncodedTable, KEYS, KINDS};

/// Rows of several tables as records.
pub(super) struct Rows<'t> {
    tables: &'t [EncodedTable],
    /// The first record of each table.
    starts: Vec<u32>,
    /// The agency of each record.
    pub(super) agency: Vec<u16>,
}

impl<'t> Rows<'t> {
    /// Numbers the rows; there are fewer than 2³² rows and 2¹⁶ tables.
    pub(super) fn new(tables: &'t [EncodedTable]) -> Rows<'t> {
        let mut agency = Vec::with_capacity(tables.iter().map(EncodedTable::len).sum());
        let mut starts = Vec::with_capacity(tables.len());
        for (number, table) in (0..).zip(tables) {
            starts.push(agency.len() as u32);
            agency.resize(agency.len() + table.len(), number);
        }
        Rows { tables, starts, agency }
    }

    /// How many records there are.
    pub(super) fn len(&self) -> usize {
        self.agency.len()
    }

    fn place(&self, record: u32) -> (&'t EncodedTable, usize) {
        let table = usize::from(self.agency[record as usize]);
        (&self.tables[table], (record - self.starts[table]) as usize)
    }

    /// The exact keys of a record.
    pub(super) fn keys(&self, record: u32) -> &'t [u64; KEYS] {
        let (table, row) = self.place(record);
        &table.keys[row]
    }

    /// Which groups a record has, a bit for each.
    pub(super) fn present(&self, record: u32) -> u8 {
        let (table, row) = self.place(record);
        table.present[row]
    }

    /// The filter of a group; zeros when the record has none.
    pub(super) fn filter(&self, record: u32, group: usize) -> &'t [u64] {
        let (table, row) = self.place(record);
        table.groups[group].row(row)
    }

    /// Bits of a filter.
    pub(super) fn bits(&self) -> usize {
        self.tables.first().map_or(0, |table| table.header.filter_bits)
    }
}

/// The slots of each kind of exact key among all keys of a record.
pub(super) fn slots_of(rows: &Rows<'_>) -> [std::ops::Range<usize>; KINDS] {
    let slots = |kind: usize| {
        rows.tables.first().and_then(|table| table.header.kinds.get(kind)).map_or(0, |kind| kind.1)
    };
    std::array::from_fn(|kind| {
        let first: usize = (0..kind).map(slots).sum();
        first..first + slots(kind)
    })
}
