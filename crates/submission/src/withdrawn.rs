//! Withdrawn records: which of those sent are to be in no later count, and by what order.
//!
//! In: opaque ids and orders. Out: `withdrawn.csv`, and what it says when it is read back. There is
//! no reason, court or number in it: those stay with the agency.

use std::path::Path;

use jiff::civil::Date;
use records::CellProblem;
use records::disclosure::OrderKind;
use records::record::{OpaqueId, RecordKind};

use crate::rows::{self, Wrong};
use crate::{Listed, WriteError, hex};

const HEADER: [&str; 4] = ["record", "id", "order", "ordered_on"];

/// One record that is withdrawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Withdrawn {
    /// The kind of record.
    pub record: RecordKind,
    /// The record, or for a victim the person.
    pub id: OpaqueId,
    /// What was ordered.
    pub order: OrderKind,
    /// When.
    pub ordered_on: Date,
}

impl Withdrawn {
    fn key(&self) -> impl Ord + use<> {
        (self.record, self.id, self.order)
    }

    fn cells(&self) -> Vec<String> {
        let Withdrawn { record, id, order, ordered_on } = self;
        vec![
            record.as_str().to_owned(),
            id.to_string(),
            order.as_str().to_owned(),
            ordered_on.to_string(),
        ]
    }

    fn of(cells: &[&str]) -> Result<Withdrawn, Vec<Wrong>> {
        let cell = |column: usize| cells.get(column).copied().unwrap_or_default();
        let record = RecordKind::ALL.into_iter().find(|kind| kind.as_str() == cell(0));
        let id = hex::decode(cell(1)).map(OpaqueId);
        let order = OrderKind::from_word(cell(2));
        let day: Option<Date> = cell(3).parse().ok();
        // Other spellings of a day exist; this list has one.
        let day = day.filter(|day| day.to_string() == cell(3));
        match (record, id, order, day) {
            (Some(record), Some(id), Some(order), Some(ordered_on)) => {
                Ok(Withdrawn { record, id, order, ordered_on })
            }
            _ => {
                let expected = [
                    (record.is_none(), HEADER[0], "a kind of record"),
                    (id.is_none(), HEADER[1], "an opaque id of 32 hex digits"),
                    (order.is_none(), HEADER[2], "a kind of order"),
                    (day.is_none(), HEADER[3], "a day such as 2026-07-01"),
                ];
                let missing = expected.into_iter().filter(|(missing, ..)| *missing);
                Err(missing.map(|(_, column, wants)| (column, wants.to_owned())).collect())
            }
        }
    }
}

/// Writes withdrawn records, sorted, and says what was written.
///
/// # Errors
///
/// [`WriteError::Row`] for a record that is withdrawn twice by the same kind of order.
pub fn write_withdrawn(path: &Path, withdrawn: &[Withdrawn]) -> Result<Listed, WriteError> {
    let mut sorted = withdrawn.to_vec();
    sorted.sort();
    let twice = sorted.windows(2).position(|pair| pair[0].key() == pair[1].key());
    if let Some(at) = twice {
        let expected = "no record twice for the same kind of order".to_owned();
        return Err(WriteError::Row { row: at as u64 + 3, expected });
    }
    Ok(rows::write(path, &HEADER, sorted.iter().map(Withdrawn::cells))?)
}

/// Reads withdrawn records.
///
/// # Errors
///
/// Every problem of the file, without the values.
pub fn read_withdrawn(path: &Path) -> Result<Vec<Withdrawn>, Vec<CellProblem>> {
    rows::read(path, &HEADER, Withdrawn::of, |before, after| before.key() < after.key())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;
    use crate::examples::folder;

    fn any_withdrawn() -> impl Strategy<Value = Withdrawn> {
        (0..9usize, any::<[u8; 16]>(), 0..4usize, 1..28i8).prop_map(|(kind, id, order, day)| {
            Withdrawn {
                record: RecordKind::ALL[kind],
                id: OpaqueId(id),
                order: OrderKind::ALL[order],
                ordered_on: date(2026, 2, day),
            }
        })
    }

    #[test]
    fn a_record_is_withdrawn_once_for_each_kind_of_order() {
        let folder = folder();
        let path = folder.path().join("withdrawn.csv");
        let one = Withdrawn {
            record: RecordKind::Arrest,
            id: OpaqueId([7; 16]),
            order: OrderKind::Vacatur,
            ordered_on: date(2026, 7, 1),
        };
        let later = Withdrawn { ordered_on: date(2026, 8, 1), ..one };
        let sealed = Withdrawn { order: OrderKind::Sealing, ..one };
        let refused = write_withdrawn(&path, &[one, later]);
        assert!(matches!(refused, Err(WriteError::Row { row: 3, .. })));
        let listed = write_withdrawn(&path, &[one, sealed]).unwrap();
        assert_eq!(listed, Listed::of(&path, 2).unwrap());
        insta::assert_snapshot!(fs::read_to_string(&path).unwrap(), @r"
        record,id,order,ordered_on
        arrest,07070707070707070707070707070707,sealing,2026-07-01
        arrest,07070707070707070707070707070707,vacatur,2026-07-01
        ");
    }

    #[test]
    fn every_problem_is_named_and_no_value_shown() {
        let folder = folder();
        let path = folder.path().join("withdrawn.csv");
        fs::write(&path, "record,id,order,ordered_on\nperson,Marisol,why,20260701\nx\n").unwrap();
        let problems = read_withdrawn(&path).unwrap_err();
        assert_eq!(problems.len(), 5);
        assert!(!format!("{problems:?}").contains("Marisol"));
    }

    proptest! {
        // Each case waits for the disk.
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn withdrawn_records_round_trip(
            withdrawn in proptest::collection::vec(any_withdrawn(), 0..20),
        ) {
            let folder = folder();
            let path = folder.path().join("a");
            let mut withdrawn = withdrawn;
            withdrawn.sort();
            withdrawn.dedup_by(|a, b| a.key() == b.key());
            write_withdrawn(&path, &withdrawn).unwrap();
            prop_assert_eq!(read_withdrawn(&path).unwrap(), withdrawn);
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes: Vec<u8>) {
            let folder = folder();
            let path = folder.path().join("a");
            fs::write(&path, [b"record,id,order,ordered_on\n", &bytes[..]].concat()).unwrap();
            let _ = read_withdrawn(&path);
        }
    }
}
