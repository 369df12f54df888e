//! Tables of encodings by the persons' opaque ids: chosen rows of one, many as one.
//!
//! In: tables of encodings (`linkage::encode::hardened`). Out: a table of other rows, in the order
//! asked for. Both sides need it: an agency puts its rows in the order of their ids, the
//! clearinghouse takes rows out and compares those of many agencies.

use jiff::civil::Date;
use linkage::BitMatrix;
use linkage::encode::hardened::EncodedTable;

/// These rows of these tables, in this order; the header is that of the first table. Nothing when
/// there is no table, or when filters are not equally long.
pub(crate) fn rows_of(tables: &[&EncodedTable], rows: &[(usize, usize)]) -> Option<EncodedTable> {
    let header = tables.first()?.header.clone();
    let bits = header.filter_bits;
    if tables.iter().any(|table| table.header.filter_bits != bits) {
        return None;
    }
    let groups = tables.first()?.groups.len();
    let group = |group: usize| {
        let words = rows.iter().flat_map(|&(table, row)| tables[table].groups[group].row(row));
        BitMatrix::new(bits, words.copied().collect()).ok()
    };
    Some(EncodedTable {
        rec_ids: rows.iter().map(|&(table, row)| tables[table].rec_ids[row]).collect(),
        expires_on: rows.iter().map(|&(table, row)| tables[table].expires_on[row]).collect(),
        present: rows.iter().map(|&(table, row)| tables[table].present[row]).collect(),
        keys: rows.iter().map(|&(table, row)| tables[table].keys[row]).collect(),
        groups: (0..groups).map(group).collect::<Option<_>>()?,
        header,
    })
}

/// The rows of one table that are kept, in their order.
pub(crate) fn kept(table: &EncodedTable, keep: impl Fn(usize) -> bool) -> Option<EncodedTable> {
    let rows: Vec<(usize, usize)> =
        (0..table.len()).filter(|row| keep(*row)).map(|row| (0, row)).collect();
    rows_of(&[table], &rows)
}

/// The day of a number in a table; none of 0, and of what is no day.
pub(crate) fn day_of(number: u32) -> Option<Date> {
    let part = |of: u32| i8::try_from(of % 100).ok();
    let year = i16::try_from(number / 10_000).ok()?;
    Date::new(year, part(number / 100)?, part(number)?).ok()
}

/// A day as it stands in a table: `20261005`.
pub(crate) fn day_number(day: Date) -> u32 {
    let year = u32::try_from(day.year()).unwrap_or(0);
    year * 10_000
        + u32::from(day.month().unsigned_abs()) * 100
        + u32::from(day.day().unsigned_abs())
}
