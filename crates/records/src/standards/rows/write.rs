//! Records to the rows of a standard.

use super::{Cells, Shape, codes_of, interpret, record};
use crate::Shown;
use crate::record::{AgencyRecord, Cell, Code, Field, Holds, RecordKind};
use crate::register::Kind;
use crate::standards::crosswalk;
use crate::standards::{Defaults, Unsaid, Written};

const NO_PLACE: &str = "the standard has no such field";
const NO_WORD: &str = "the standard has no word for it";
const COVERS_MORE: &str = "the standard's word covers more";
const NO_ROOM: &str = "the standard's column holds one value";
const GAVE_WAY: &str = "it gave way to a value of ours: the column holds one";
const OTHERWISE: &str = "the row reads otherwise";
const NO_VICTIM: &str = "the standard is about people: only records of victims are written";

/// Writes records of victims as rows. Read again with the same defaults they give the same
/// records, but for what is named as unsaid.
pub(in crate::standards) fn write<S: Shape>(
    records: &[AgencyRecord],
    defaults: &Defaults,
) -> Written {
    let columns = S::columns();
    let header = ["reference"].iter().chain(&columns).map(|&column| column.to_owned());
    let mut written = Written { header: header.collect(), rows: Vec::new(), unsaid: Vec::new() };
    for record in records {
        if record.kind() != RecordKind::Victim {
            let field = record.kind().as_str();
            written.unsaid.push(Unsaid { row: 0, field, code: Shown::Withheld, why: NO_VICTIM });
            continue;
        }
        let row = written.rows.len() as u64 + 2;
        let mut cells = cells_of::<S>(record, defaults, row, &mut written.unsaid);
        let reference = record.own_reference().inside().to_owned();
        let texts = columns.iter().map(|column| cells.remove(column).unwrap_or_default());
        written.rows.push(std::iter::once(reference).chain(texts).collect());
    }
    written
}

fn cells_of<S: Shape>(
    record: &AgencyRecord,
    defaults: &Defaults,
    row: u64,
    unsaid: &mut Vec<Unsaid>,
) -> Cells {
    let carried = |column: &'static str| {
        let text = record.carried().get(column)?.inside().to_owned();
        Some((column, text))
    };
    let mut cells: Cells = S::columns().into_iter().filter_map(carried).collect();
    let new = !cells.contains_key(S::DAY);
    let counted_as = record.code("counted_as").unwrap_or(defaults.counted_as);
    // A cell that was empty when the row came in got the default; it may stay empty.
    let was = read_again::<S>(&cells, record, &Defaults { counted_as, ..*defaults });
    let stands = |field: &Field| was.as_ref().is_some_and(|w| same(w, record, field.name));
    let came = cells.clone();
    for (field, cell) in Field::of(record.kind()).iter().zip(record.cells()) {
        let day = field.name == "date" && new;
        if matches!(field.name, "reference" | "counted_as") || (stands(field) && !day) {
            continue;
        }
        match (field.holds, cell) {
            (Holds::Date, Cell::Date(day)) => S::set_day(&mut cells, *day),
            (Holds::Code(Kind::Age), Cell::Code(age)) => S::set_age(&mut cells, *age),
            (Holds::Code(kind) | Holds::Codes(kind), _) => {
                set_codes::<S>(&mut cells, kind, codes_of(cell), row, unsaid);
            }
            (_, Cell::Personal(text)) => {
                if let Some(column) = S::text_column(field) {
                    cells.insert(column, text.inside().to_owned());
                }
            }
            _ => {
                if let Some(column) = S::text_column(field) {
                    cells.remove(column);
                }
            }
        }
    }
    if new || cells != came {
        S::finish(&mut cells);
    }
    let again = read_again::<S>(&cells, record, defaults);
    for (field, cell) in Field::of(record.kind()).iter().zip(record.cells()) {
        let no_day = field.name == "date" && defaults.date.is_none() && S::day(&cells).is_empty();
        if no_day || again.as_ref().is_none_or(|again| !same(again, record, field.name)) {
            let said = again.as_ref().map_or(Vec::new(), |again| codes_of(again.cell(field.name)));
            missing::<S>(&cells, field, cell, &said, row, unsaid);
        }
    }
    cells
}

fn same(one: &AgencyRecord, other: &AgencyRecord, field: &str) -> bool {
    one.cell(field) == other.cell(field)
}

/// What the cells say when they are read with these defaults.
fn read_again<S: Shape>(
    cells: &Cells,
    like: &AgencyRecord,
    defaults: &Defaults,
) -> Option<AgencyRecord> {
    let default_day = defaults.date.or(like.date("date"));
    let reference = like.own_reference().inside();
    let texts = interpret::<S>(cells, reference, defaults.counted_as, None, default_day);
    record(&texts, Default::default(), &mut |_, _| ())
}

/// Adds what a cell of ours says and the row does not.
fn missing<S: Shape>(
    cells: &Cells,
    field: &Field,
    cell: &Cell,
    said: &[Code],
    row: u64,
    unsaid: &mut Vec<Unsaid>,
) {
    let mut add = |code: Shown, why: &'static str| {
        unsaid.push(Unsaid { row, field: field.name, code, why });
    };
    let codes = codes_of(cell);
    let mut lost = codes.iter().filter(|code| !said.contains(code)).peekable();
    if lost.peek().is_none() {
        let why = if codes.is_empty() && said.is_empty() { NO_PLACE } else { OTHERWISE };
        add(Shown::Withheld, why);
    }
    for code in lost {
        let values = crosswalk::values(S::STANDARD, *code);
        let stands =
            |value: &&crosswalk::Value| S::values(cells, value.column).contains(&value.value);
        let why = match (values, values.iter().find(stands)) {
            _ if crosswalk::columns(S::STANDARD, code.entry().kind).is_empty() => NO_PLACE,
            ([], _) => NO_WORD,
            (_, None) => NO_ROOM,
            (_, Some(value)) if value.exact => OTHERWISE,
            (_, Some(_)) => COVERS_MORE,
        };
        add(Shown::value(code.as_str()), why);
    }
}

/// Makes the row say these codes of a kind. A value that is already there stays when it stands for
/// one of them, or when no code of ours stands for it.
fn set_codes<S: Shape>(
    cells: &mut Cells,
    kind: Kind,
    mut codes: Vec<Code>,
    row: u64,
    unsaid: &mut Vec<Unsaid>,
) {
    let of = S::STANDARD;
    codes.sort_by_key(|code| crosswalk::values(of, *code).first().is_none_or(|value| !value.exact));
    let mut columns = Vec::new();
    for &column in crosswalk::columns(of, kind) {
        let had = S::values(cells, column);
        let (mut kept, mut spare) = (Vec::new(), Vec::new());
        for value in &had {
            let named = crosswalk::codes(of, kind, column, value);
            if named.is_empty() && !S::holds_several(column) {
                spare.push(*value);
            } else if named.is_empty() || named.iter().any(|code| codes.contains(code)) {
                kept.push(*value);
            }
        }
        columns.push((column, had, kept, spare));
    }
    for code in codes {
        let values = crosswalk::values(of, code);
        let is_said = |value: &crosswalk::Value| {
            columns.iter().any(|(c, _, kept, _)| *c == value.column && kept.contains(&value.value))
        };
        if values.iter().any(is_said) {
            continue;
        }
        let place = values.iter().find_map(|value| {
            let at = columns.iter().position(|(column, _, kept, _)| {
                *column == value.column && (S::holds_several(column) || kept.is_empty())
            })?;
            Some((at, value.value))
        });
        if let Some((at, value)) = place {
            columns[at].2.push(value);
        }
    }
    for (column, had, mut kept, spare) in columns {
        if kept.is_empty() {
            kept = spare;
        } else {
            unsaid.extend(spare.into_iter().map(|value| Unsaid {
                row,
                field: column,
                code: Shown::value(value),
                why: GAVE_WAY,
            }));
        }
        if kept != had {
            S::set_values(cells, column, &kept);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::standards::crosswalk::BOTH;

    #[test]
    fn what_stands_for_two_is_taken_apart_into_codes_of_the_register() {
        let both = Cell::Code(Code::get(BOTH.0, BOTH.1).unwrap());
        let parts: Vec<&str> = codes_of(&both).into_iter().map(Code::as_str).collect();
        assert_eq!(parts, BOTH.2);
    }
}
