//! Whether the totals of a submission add up, and hold what came as rows.
//!
//! In: totals, and the cells that the coded rows fill. Out: a reason to refuse the file for each
//! rule that does not hold, with how many cells break it and the name of the first; no number of a
//! cell, which may be about one person.
//!
//! | rule | what must hold |
//! |---|---|
//! | `more_coded_than_total` | no cell has more rows, or people with rows, than its total |
//! | `left_behind_differs` | coded rows and records left behind are all records of the kind |
//! | `quarters_differ` | records by quarter add up to the period; people are between most and sum |
//! | `codes_differ` | records by code add up to all; with several codes to a record they reach it |
//! | `people_wrong` | records of victims have people; kinds that name nobody have none |

use std::collections::{BTreeMap, BTreeSet};

use query::{Cell, CellKey};
use records::record::{Field, Holds, Leaves, RecordKind};
use submission::{Manifest, Total};

use super::answer::Remark;
use super::content::{Coded, key};

const FIX: &str = "make the submission again with a current version of Clearway, as a correction";

type Cells = BTreeMap<CellKey, Cell>;

/// Every rule that does not hold.
pub(super) fn problems(manifest: &Manifest, totals: &[Total], coded: &Coded) -> Vec<Remark> {
    let mut kinds: BTreeMap<RecordKind, Cells> = BTreeMap::new();
    for table in &manifest.tables {
        kinds.entry(table.record).or_default();
    }
    for total in totals {
        let cell = Cell { records: total.records, people: total.people };
        kinds.entry(total.record).or_default().insert(key(total), cell);
    }
    let none = Cells::new();
    let mut found = Vec::new();
    for (kind, cells) in &kinds {
        let rows = coded.get(kind).unwrap_or(&none);
        let broken = [
            ("more_coded_than_total", "more came as rows than the totals say", covers(cells, rows)),
            ("quarters_differ", "the quarters do not add up to the period", by_quarter(cells)),
            ("codes_differ", "the codes do not add up to all records", by_code(*kind, cells)),
            (
                "people_wrong",
                "there are records and no people, or the reverse",
                people(*kind, cells),
            ),
        ];
        for (word, what, broken) in broken {
            found.extend(reason(word, *kind, what, &broken));
        }
        found.extend(left_behind(manifest, *kind, cells));
    }
    found
}

fn reason(word: &str, kind: RecordKind, what: &str, broken: &BTreeSet<CellKey>) -> Option<Remark> {
    let first = name(broken.first()?);
    let records = kind.plural().replace('_', " ");
    let what = match broken.len() {
        1 => format!("{records}: {what}, in one cell: {first}"),
        cells => format!("{records}: {what}, in {cells} cells, the first: {first}"),
    };
    Some(Remark::new(word, Some(kind), what, FIX))
}

/// A cell as people read it.
fn name(cell: &CellKey) -> String {
    let quarter = cell.quarter.map(|quarter| quarter.to_string());
    let field = cell.field.map(|field| match cell.code {
        Some(code) => format!("{field} {code}"),
        None => format!("{field} not recorded"),
    });
    [
        cell.counted_as.map(str::to_owned),
        Some(quarter.unwrap_or_else(|| "the whole period".to_owned())),
        Some(field.unwrap_or_else(|| "all records".to_owned())),
    ]
    .into_iter()
    .flatten()
    .collect::<Vec<_>>()
    .join(", ")
}

fn at(cells: &Cells, cell: &CellKey) -> Cell {
    cells.get(cell).copied().unwrap_or_default()
}

/// Cells with more rows than records. Of the people who are left, each has a record left.
fn covers(cells: &Cells, rows: &Cells) -> BTreeSet<CellKey> {
    let broken = |(cell, coded): &(&CellKey, &Cell)| {
        let total = at(cells, cell);
        match (total.records.checked_sub(coded.records), total.people.checked_sub(coded.people)) {
            (Some(records), Some(people)) => records < people,
            _ => true,
        }
    };
    rows.iter().filter(broken).map(|(cell, _)| *cell).collect()
}

fn left_behind(manifest: &Manifest, kind: RecordKind, cells: &Cells) -> Option<Remark> {
    let table = manifest.tables.iter().find(|table| table.record == kind);
    let rows = table.and_then(|table| table.coded.as_ref()).map_or(0, |coded| coded.rows);
    let left = table.map_or(0, |table| table.left_behind);
    let all = cells.iter().filter(|(cell, _)| cell.quarter.is_none() && cell.field.is_none());
    let records: u64 = all.map(|(_, cell)| cell.records).sum();
    (rows.checked_add(left) != Some(records)).then(|| {
        let what = format!(
            "{}: {rows} rows came and {left} records stayed with the agency, and its totals say \
             {records} records",
            kind.plural().replace('_', " ")
        );
        Remark::new("left_behind_differs", Some(kind), what, FIX)
    })
}

fn by_quarter(cells: &Cells) -> BTreeSet<CellKey> {
    #[derive(Default)]
    struct Sum {
        records: u64,
        people: u64,
        most: u64,
    }
    let mut sums: BTreeMap<CellKey, Sum> = BTreeMap::new();
    for (cell, counted) in cells {
        let sum = sums.entry(CellKey { quarter: None, ..*cell }).or_default();
        if cell.quarter.is_some() {
            sum.records += counted.records;
            sum.people += counted.people;
            sum.most = sum.most.max(counted.people);
        }
    }
    let broken = |(cell, sum): &(&CellKey, &Sum)| {
        let whole = at(cells, cell);
        whole.records != sum.records || !(sum.most..=sum.people).contains(&whole.people)
    };
    sums.iter().filter(broken).map(|(cell, _)| *cell).collect()
}

fn by_code(kind: RecordKind, cells: &Cells) -> BTreeSet<CellKey> {
    // All cells of a field with the same count and quarter stand together.
    let mut sums: BTreeMap<CellKey, (Cell, Cell)> = BTreeMap::new();
    for (cell, counted) in cells {
        let Some(_) = cell.field else { continue };
        let (sum, most) = sums.entry(CellKey { code: None, ..*cell }).or_default();
        sum.records += counted.records;
        sum.people += counted.people;
        most.records = most.records.max(counted.records);
        most.people = most.people.max(counted.people);
    }
    let mut broken = BTreeSet::new();
    for (all, counted) in cells.iter().filter(|(cell, _)| cell.field.is_none()) {
        for field in Field::of(kind).iter().filter(|field| field.leaves == Leaves::Code) {
            let cell = CellKey { field: Some(field.name), ..*all };
            let (sum, most) = sums.remove(&cell).unwrap_or_default();
            let several = matches!(field.holds, Holds::Codes(_));
            let records = match several {
                true => most.records <= counted.records && counted.records <= sum.records,
                false => sum.records == counted.records,
            };
            let people = most.people <= counted.people && counted.people <= sum.people;
            if !records || !people {
                broken.insert(cell);
            }
        }
    }
    // What is left has no total of all records that it could add up to.
    broken.extend(sums.into_iter().filter(|(_, (sum, _))| sum.records > 0).map(|(cell, _)| cell));
    broken
}

fn people(kind: RecordKind, cells: &Cells) -> BTreeSet<CellKey> {
    let named = Field::find(kind, "victim").map(|(_, field)| field.required);
    let must = kind == RecordKind::Victim || named == Some(true);
    let may = must || named.is_some();
    let broken = |(_, cell): &(&CellKey, &Cell)| {
        (must && cell.records > 0 && cell.people == 0) || (!may && cell.people > 0)
    };
    cells.iter().filter(broken).map(|(cell, _)| *cell).collect()
}
