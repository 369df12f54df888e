//! Totals: how many records and people there are, by kind, quarter and code, including all that
//! stay with the agency.
//!
//! In: an agency's counts. Out: `totals.csv`, and what it says when it is read back. A [`Total`]
//! holds words of the program and numbers only: a text that came in at run time does not fit.

use std::path::Path;

use records::Quarter;
use records::record::{Field, Leaves, RecordKind};
use records::{CellProblem, LARGEST_COUNT};

use crate::rows::{self, Wrong};
use crate::{Listed, WriteError};

const HEADER: [&str; 7] = ["record", "counted_as", "quarter", "field", "code", "records", "people"];
const COUNTED_AS: &str = "counted_as";

/// How many records, and how many people, have one code in one quarter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Total {
    /// The kind of record.
    pub record: RecordKind,
    /// In which count: for victims always, for other kinds never. Identified and served are two
    /// measures that nobody adds up.
    pub counted_as: Option<&'static str>,
    /// The state quarter; absent for the whole period.
    pub quarter: Option<Quarter>,
    /// The field by which is counted; absent for all records.
    pub field: Option<&'static str>,
    /// The code in that field, or `yes`, `no`; absent where the field is not recorded.
    pub code: Option<&'static str>,
    /// Records.
    pub records: u64,
    /// Different people behind them; 0 for kinds that name nobody.
    pub people: u64,
}

impl Total {
    fn key(&self) -> impl Ord + use<> {
        (self.record, self.counted_as, self.quarter, self.field, self.code)
    }

    fn cells(&self) -> Vec<String> {
        let text = |word: Option<&str>| word.unwrap_or_default().to_owned();
        vec![
            self.record.as_str().to_owned(),
            text(self.counted_as),
            self.quarter.map(|quarter| quarter.to_string()).unwrap_or_default(),
            text(self.field),
            text(self.code),
            self.records.to_string(),
            self.people.to_string(),
        ]
    }

    /// Reads a row; every cell is looked at.
    fn of(cells: &[&str]) -> Result<Total, Vec<Wrong>> {
        let cell = |column: usize| cells.get(column).copied().unwrap_or_default();
        let mut wrong: Vec<Wrong> = Vec::new();
        // Kinds have one word here, though files may use the plural.
        let record = RecordKind::ALL.into_iter().find(|kind| kind.as_str() == cell(0));
        if record.is_none() {
            wrong.push(("record", "a kind of record".to_owned()));
        }
        let counted_as = match (record, cell(1)) {
            (Some(RecordKind::Victim), word) => {
                let field = Field::find(RecordKind::Victim, COUNTED_AS);
                let found = field.and_then(|(_, field)| field.word(word));
                if found.is_none() {
                    wrong.push((COUNTED_AS, "the count that the victims enter".to_owned()));
                }
                found
            }
            (Some(_), word) if !word.is_empty() => {
                wrong.push((COUNTED_AS, "nothing, for this kind of record".to_owned()));
                None
            }
            _ => None,
        };
        let quarter = Some(cell(2)).filter(|text| !text.is_empty()).map(str::parse);
        let quarter = quarter.transpose().unwrap_or_else(|_| {
            wrong.push(("quarter", "a quarter such as 2026-Q3, or nothing".to_owned()));
            None
        });
        let (field, code) = match record {
            Some(record) => field_and_code(record, cell(3), cell(4), &mut wrong),
            None => (None, None),
        };
        let records = number(cell(5), "records", &mut wrong);
        let people = number(cell(6), "people", &mut wrong);
        if people > records && wrong.is_empty() {
            wrong.push(("people", "no more people than records".to_owned()));
        }
        match record {
            Some(record) if wrong.is_empty() => {
                Ok(Total { record, counted_as, quarter, field, code, records, people })
            }
            _ => Err(wrong),
        }
    }
}

fn field_and_code(
    record: RecordKind,
    field: &str,
    code: &str,
    wrong: &mut Vec<Wrong>,
) -> (Option<&'static str>, Option<&'static str>) {
    if field.is_empty() {
        if !code.is_empty() {
            wrong.push(("code", "nothing, without a field".to_owned()));
        }
        return (None, None);
    }
    let found = Field::find(record, field).filter(|(_, field)| field.leaves == Leaves::Code);
    let Some((_, field)) = found else {
        wrong.push(("field", format!("a field of {record} that leaves as a code")));
        return (None, None);
    };
    if code.is_empty() {
        return (Some(field.name), None);
    }
    let word = field.word(code);
    if word.is_none() {
        wrong.push(("code", format!("a code of the field {}", field.name)));
    }
    (Some(field.name), word)
}

fn number(text: &str, column: &'static str, wrong: &mut Vec<Wrong>) -> u64 {
    // Only in the form in which it is written, so that the same totals have the same digest.
    let number: Option<u64> = text.parse().ok();
    match number.filter(|n| *n <= LARGEST_COUNT.unsigned_abs() && n.to_string() == text) {
        Some(number) => number,
        None => {
            wrong.push((column, "a whole number".to_owned()));
            0
        }
    }
}

/// Writes totals, sorted, and says what was written.
///
/// # Errors
///
/// [`WriteError::Row`] for a total that `totals.csv` cannot say, or that stands there twice.
pub fn write_totals(path: &Path, totals: &[Total]) -> Result<Listed, WriteError> {
    let mut sorted = totals.to_vec();
    sorted.sort();
    for (at, total) in sorted.iter().enumerate() {
        let row = at as u64 + 2;
        let cells = total.cells();
        let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
        if let Err(wrong) = Total::of(&cells) {
            let wrong: Vec<String> =
                wrong.into_iter().map(|(column, wants)| format!("{column}: {wants}")).collect();
            return Err(WriteError::Row { row, expected: wrong.join("; ") });
        }
        if at > 0 && sorted.get(at - 1).is_some_and(|before| before.key() == total.key()) {
            return Err(WriteError::Row { row, expected: "no total twice".to_owned() });
        }
    }
    Ok(rows::write(path, &HEADER, sorted.iter().map(Total::cells))?)
}

/// Reads totals.
///
/// # Errors
///
/// Every problem of the file, without the values.
pub fn read_totals(path: &Path) -> Result<Vec<Total>, Vec<CellProblem>> {
    rows::read(path, &HEADER, Total::of, |before, after| before.key() < after.key())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use proptest::prelude::*;

    use records::record::Holds;

    use super::*;
    use crate::examples::folder;

    fn victims(records: u64, people: u64) -> Total {
        Total {
            record: RecordKind::Victim,
            counted_as: Some("victim_served"),
            quarter: None,
            field: None,
            code: None,
            records,
            people,
        }
    }

    #[test]
    fn totals_are_plain_rows_in_order() {
        let folder = folder();
        let path = folder.path().join("totals.csv");
        let quarter = Some("2026-Q3".parse().unwrap());
        let age = Total { quarter, field: Some("age"), code: Some("minor"), ..victims(3, 2) };
        let contacts = Total {
            record: RecordKind::Contact,
            counted_as: None,
            quarter: None,
            field: Some("connected"),
            code: Some("yes"),
            records: 9,
            people: 0,
        };
        let unknown = Total { code: None, ..age };
        let listed = write_totals(&path, &[contacts, age, unknown, victims(12, 12)]).unwrap();
        insta::assert_snapshot!(fs::read_to_string(&path).unwrap(), @r"
        record,counted_as,quarter,field,code,records,people
        victim,victim_served,,,,12,12
        victim,victim_served,2026-Q3,age,,3,2
        victim,victim_served,2026-Q3,age,minor,3,2
        contact,,,connected,yes,9,0
        ");
        assert_eq!(listed, Listed::of(&path, 4).unwrap());
        assert_eq!(read_totals(&path).unwrap(), [victims(12, 12), unknown, age, contacts]);
    }

    #[test]
    fn what_a_total_cannot_say_is_not_written() {
        let folder = folder();
        let path = folder.path().join("totals.csv");
        let good = victims(3, 3);
        for bad in [
            victims(2, 3),
            Total { counted_as: None, ..good },
            Total { counted_as: Some("arrest"), ..good },
            Total { record: RecordKind::Arrest, ..good },
            Total { field: Some("surname"), ..good },
            Total { field: Some("reference"), ..good },
            Total { code: Some("minor"), ..good },
            Total { field: Some("age"), code: Some("labor"), ..good },
        ] {
            assert!(matches!(write_totals(&path, &[bad]), Err(WriteError::Row { row: 2, .. })));
        }
        let twice = write_totals(&path, &[good, victims(4, 4)]);
        assert!(matches!(twice, Err(WriteError::Row { row: 3, .. })));
        assert!(!path.exists());
    }

    #[test]
    fn every_problem_is_named_and_no_value_shown() {
        let folder = folder();
        let path = folder.path().join("totals.csv");
        let text = "record,counted_as,quarter,field,code,records,people\n\
                    victims,,,,,1,1\n\
                    victim,Marisol,2026,age,Marisol,-1,01\n\
                    arrest,victim_served,,Marisol,,1,2,3\n\
                    victim,victim_served,,,,5,5\n\
                    victim,victim_served,,,,5,5\n";
        fs::write(&path, text).unwrap();
        let problems = read_totals(&path).unwrap_err();
        let shown: Vec<String> = problems.iter().map(ToString::to_string).collect();
        insta::assert_snapshot!(shown.join("\n"), @r#"
        totals.csv, row 2, column "record": found "[withheld]", expected a kind of record; make the submission again with a current version of Clearway
        totals.csv, row 3, column "counted_as": found "[withheld]", expected the count that the victims enter; make the submission again with a current version of Clearway
        totals.csv, row 3, column "quarter": found "[withheld]", expected a quarter such as 2026-Q3, or nothing; make the submission again with a current version of Clearway
        totals.csv, row 3, column "code": found "[withheld]", expected a code of the field age; make the submission again with a current version of Clearway
        totals.csv, row 3, column "records": found "[withheld]", expected a whole number; make the submission again with a current version of Clearway
        totals.csv, row 3, column "people": found "[withheld]", expected a whole number; make the submission again with a current version of Clearway
        totals.csv, row 4: found "[withheld]", expected 7 cells; make the submission again with a current version of Clearway
        totals.csv, row 6: found "[withheld]", expected rows in order, none of them twice; make the submission again with a current version of Clearway
        "#);
        assert!(!format!("{problems:?}").contains("Marisol"));
        for (text, count) in [("", 1), ("a,b\n1,2\n", 1), ("\u{FFFD}", 1)] {
            fs::write(&path, text).unwrap();
            assert_eq!(read_totals(&path).unwrap_err().len(), count, "{text}");
        }
        assert_eq!(read_totals(&folder.path().join("none")).unwrap_err()[0].row, 0);
    }

    fn any_total() -> impl Strategy<Value = Total> {
        let fields: Vec<(RecordKind, Option<&'static str>, Option<&'static str>)> = RecordKind::ALL
            .into_iter()
            .flat_map(|kind| {
                let coded = Field::of(kind).iter().filter(|field| field.leaves == Leaves::Code);
                coded.flat_map(move |field| {
                    let words: Vec<&'static str> = match field.holds {
                        Holds::Code(of) | Holds::Codes(of) => {
                            let entries = records::register::Register::embedded().entries(of);
                            let words = entries.map(|entry| entry.code.as_str());
                            words.filter(|word| field.word(word).is_some()).take(3).collect()
                        }
                        _ => vec!["yes", "no"],
                    };
                    let known = words.into_iter().map(Some);
                    known.chain([None]).map(move |word| (kind, Some(field.name), word))
                })
            })
            .chain(RecordKind::ALL.into_iter().map(|kind| (kind, None, None)))
            .collect();
        let numbers = (0..1000u64, 0..1000u64);
        (proptest::sample::select(fields), proptest::option::of(0..8i8), numbers).prop_map(
            |((record, field, code), quarter, (more, people))| Total {
                record,
                counted_as: (record == RecordKind::Victim).then_some("victim_identified"),
                quarter: quarter.map(|q| Quarter::new(2026 + i16::from(q / 4), q % 4 + 1).unwrap()),
                field,
                code,
                records: people + more,
                people,
            },
        )
    }

    proptest! {
        // Each case waits for the disk.
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// What is written is read; the order in which it came changes no byte.
        #[test]
        fn totals_round_trip(totals in proptest::collection::vec(any_total(), 0..12)) {
            let folder = folder();
            let (path, other) = (folder.path().join("a"), folder.path().join("b"));
            let mut totals = totals;
            totals.sort();
            totals.dedup_by(|a, b| a.key() == b.key());
            let listed = write_totals(&path, &totals).unwrap();
            prop_assert_eq!(read_totals(&path).unwrap(), totals.clone());
            totals.reverse();
            prop_assert_eq!(write_totals(&other, &totals).unwrap(), listed);
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes: Vec<u8>, whole: bool) {
            let folder = folder();
            let path = folder.path().join("a");
            let header = b"record,counted_as,quarter,field,code,records,people\n";
            let text = if whole { [&header[..], &bytes].concat() } else { bytes };
            fs::write(&path, text).unwrap();
            let _ = read_totals(&path);
        }
    }
}
