//! Records beside people along one field: type of trafficking, age, origin, county, gender.
//!
//! In: the count. Out: one exhibit for each field, sex and labor trafficking before anything else.
//! Rows keep the order of the register and are never set by size; groups of ethnicity stand in
//! alphabetical order under a title without numbers.

use super::super::exhibit::{Exhibit, Grid, Row};
use super::{AT_MOST, People, WHY_AT_MOST, say_hidden};
use crate::ShownCount;
use crate::charts::{Pair, Pairs, Tone};
use crate::people::{PeopleBy, PeopleRow};
use crate::phrase::Phrase;
use crate::words;

type By = PeopleBy<ShownCount>;
type Counted = PeopleRow<ShownCount>;

/// The field whose rows come first.
const TYPE: &str = "trafficking_type";

/// Fields of which no order may be told.
const NO_ORDER: [&str; 3] = ["ethnicity", "race", "ethnic_group"];

/// At most this many rows are drawn; the table has all of them.
const DRAWN: usize = 24;

/// At most this many rows are told in a title.
const TOLD: usize = 3;

/// Every field, types of trafficking first.
pub(crate) fn breakdowns(people: &People<'_>) -> Vec<Exhibit> {
    let mut fields: Vec<&By> =
        people.counted().by.iter().filter(|by| !by.rows.is_empty()).collect();
    fields.sort_by_key(|by| by.field != TYPE);
    fields.into_iter().map(|by| breakdown(people, by)).collect()
}

fn breakdown(people: &People<'_>, by: &By) -> Exhibit {
    let rows = in_order(by);
    let drawn = drawn(&rows);
    let label = along(by);
    let mut measure = format!("Records and people by {label}");
    if drawn.len() < rows.len() {
        measure.push_str(&format!(
            " (drawn: the {} rows with the most people, in the order of the table)",
            drawn.len()
        ));
    }
    let anchor = format!("by-{}", by.field);
    let number = format!("By {label}");
    let mut exhibit = people.exhibit((&anchor, &number), title(people, by, &rows), &measure);
    let pairs = drawn.iter().map(|row| pair(by, row)).collect();
    let made_up = people.counted().synthetic;
    exhibit.drawing =
        Some(Pairs { id: format!("{anchor}-drawn"), pairs, made_up }.draw(&exhibit.title.plain()));
    exhibit.grid =
        Grid::new(format!("Records and people by {label}"), &[&by.label, "Records", AT_MOST]);
    for row in &rows {
        let cells = vec![people.records(row.cell.records), people.people(row.cell.people)];
        exhibit.grid.rows.push(Row::plain(row.label.clone(), cells));
    }
    exhibit.cautions.extend(cautions(by));
    say_hidden(&mut exhibit, rows.iter().flat_map(|row| [row.cell.records, row.cell.people]));
    exhibit
}

fn cautions(by: &By) -> Vec<Phrase> {
    let mut cautions = vec![Phrase::of(
        "Rows need not add up to the number of people: a person can be in several, and agencies may \
         record the same person differently, or not at all.",
    )];
    cautions.push(Phrase::of(WHY_AT_MOST));
    if by.field == "county" {
        cautions.push(Phrase::of(
            "These are numbers and no rates: they follow where people live and where agencies \
             report. A county without a number may have no reporting agency.",
        ));
    }
    cautions
}

/// What stands behind `by`: the field's name, in other words where it is no noun.
fn along(by: &By) -> String {
    match by.field.as_str() {
        "counted_as" => "what people are counted as".to_owned(),
        "sector" => "where people were exploited".to_owned(),
        "identified_by" => "who identified people first".to_owned(),
        _ => by.label.to_lowercase(),
    }
}

/// The rows as they are printed.
fn in_order(by: &By) -> Vec<&Counted> {
    let mut rows: Vec<&Counted> = by.rows.iter().collect();
    if by.field == TYPE {
        rows.sort_by_key(|row| match row.code.as_str() {
            "sex" => 0,
            "labor" => 1,
            _ => 2,
        });
    } else if has_no_order(by) {
        rows.sort_by(|a, b| a.label.cmp(&b.label));
    }
    rows
}

fn has_no_order(by: &By) -> bool {
    NO_ORDER.contains(&by.field.as_str())
}

/// All rows where they are few, else those with the most people, in the order of the table.
fn drawn<'a>(rows: &[&'a Counted]) -> Vec<&'a Counted> {
    if rows.len() <= DRAWN {
        return rows.to_vec();
    }
    let mut sizes: Vec<u64> = rows.iter().filter_map(|row| row.cell.people.number()).collect();
    sizes.sort_unstable_by(|a, b| b.cmp(a));
    let least = sizes.get(DRAWN - 1).or(sizes.last()).copied().unwrap_or(0);
    let large = rows.iter().filter(|row| row.cell.people.number().is_some_and(|n| n >= least));
    large.take(DRAWN).copied().collect()
}

/// `Sex trafficking: at most 812 people; Labor trafficking: 310`, the first rows that may be told.
fn title(people: &People<'_>, by: &By, rows: &[&Counted]) -> Phrase {
    if has_no_order(by) {
        let groups = words::count(rows.len());
        return Phrase::of(format!("{}: {groups} groups, in alphabetical order", by.label));
    }
    let shown: Vec<&&Counted> =
        rows.iter().filter(|row| row.cell.people.number().is_some()).collect();
    if shown.is_empty() {
        return Phrase::of(format!("{}: every number is under 11 and hidden", by.label));
    }
    let mut title = Phrase::default();
    for (position, row) in shown.iter().take(TOLD).enumerate() {
        title = match position {
            0 => title.words(format!("{}: at most ", row.label)),
            _ => title.words(format!("; {}: ", row.label)),
        };
        title = people.say_people(title, row.cell.people);
        if position == 0 {
            title = title.words(" people");
        }
    }
    let told = shown.len().min(TOLD);
    match rows.len() - told {
        0 => title,
        1 => title.words("; and one more row"),
        more if more > TOLD => title
            .words(format!("; and {} more rows, in the order of the register", words::count(more))),
        more => title.words(format!("; and {} more rows", words::count(more))),
    }
}

fn pair(by: &By, row: &Counted) -> Pair {
    Pair {
        label: row.label.clone(),
        tone: match (by.field.as_str(), row.code.as_str()) {
            (TYPE, "sex") => Tone::Sex,
            (TYPE, "labor") => Tone::Labor,
            (TYPE, _) => Tone::Other,
            _ => Tone::Plain,
        },
        records: row.cell.records,
        people: row.cell.people,
    }
}
