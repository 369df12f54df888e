//! Every row is valid by `definitions/record_fields.csv` and by the rules of the contract.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use records::Quarter;
use records::register::{Kind, Register};
use simulation::{Plan, Record, agencies};

use crate::made::{Kept, references, rows};

/// A line of `record_fields.csv`.
struct Field {
    record: String,
    name: String,
    holds: String,
    codes: String,
    only: Vec<String>,
    required: bool,
}

fn fields() -> Vec<Field> {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../definitions/record_fields.csv");
    let mut reader = csv::Reader::from_path(file).unwrap();
    let fields = reader.records().map(|row| {
        let row = row.unwrap();
        let words = |at: usize| row[at].split("; ").filter(|word| !word.is_empty());
        Field {
            record: row[0].to_owned(),
            name: row[1].to_owned(),
            holds: row[3].to_owned(),
            codes: row[4].to_owned(),
            only: words(5).map(str::to_owned).collect(),
            required: &row[6] == "yes",
        }
    });
    fields.collect()
}

/// Why a cell is not what its field holds.
fn fault(field: &Field, cell: &str, codes: &BTreeMap<String, BTreeSet<String>>) -> Option<String> {
    if cell.is_empty() {
        return field.required.then(|| "a required cell is empty".to_owned());
    }
    let known = |code: &str| {
        codes[&field.codes].contains(code)
            && (field.only.is_empty() || field.only.iter().any(|only| only == code))
    };
    let fine = match field.holds.as_str() {
        "code" => known(cell),
        "codes" => cell.split("; ").all(known),
        "date" | "birth_date" => cell.parse::<Date>().is_ok(),
        "count" | "dollars" => cell.parse::<u64>().is_ok(),
        "hours" => {
            let decimals = cell.split_once('.').map_or(0, |(_, decimals)| decimals.len());
            cell.parse::<f64>().is_ok_and(|hours| hours >= 0.0) && decimals <= 1
        }
        "yes_no" => ["yes", "no"].contains(&cell),
        "own_reference" | "reference" | "name" | "text" => cell.trim() == cell,
        other => panic!("the contract knows no field that holds {other}"),
    };
    (!fine).then(|| format!("{} is not {}", field.name, field.holds))
}

fn current_codes() -> BTreeMap<String, BTreeSet<String>> {
    let register = Register::embedded();
    let codes = |kind| register.entries(kind).map(|entry| entry.code.clone()).collect();
    Kind::ALL.into_iter().map(|kind| (kind.to_string(), codes(kind))).collect()
}

fn check(plan: &Plan) {
    let (rows, _) = rows(plan);
    let (fields, codes) = (fields(), current_codes());
    for row in &rows {
        let of_kind = fields.iter().filter(|field| field.record == row.record.word());
        for (field, cell) in of_kind.zip(&row.cells) {
            if let Some(fault) = fault(field, cell, &codes) {
                panic!("{} {}: {fault}", row.agency, row.record.word());
            }
        }
    }
    statuses_fit(&rows);
    dates_fit(&rows, plan);
    references_hold(&rows);
    sections_are_in_force(&rows);
}

#[test]
fn rows_of_the_usual_state_are_valid() {
    check(&Plan::default());
}

#[test]
fn rows_of_other_plans_are_valid() {
    let usual = Plan { people: 900, seed: 2, ..Plan::default() };
    check(&Plan { agencies: Some(3), ..usual });
    check(&Plan { agencies: Some(100), ..usual });
    check(&Plan { quarters: 1, ..usual });
    check(&Plan { quarters: 13, seed: 3, ..usual });
    // A time at which section 653.22 was in force.
    check(&Plan { from: "2019-Q1".parse().unwrap(), people: 4_000, ..usual });
}

fn statuses_fit(rows: &[Kept]) {
    let mut seen = BTreeSet::new();
    let mut news: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.record == Record::Victim) {
        let (unit, status) = (row.cell("counted_as"), row.cell("status"));
        let fits: &[&str] = match unit {
            "victim_identified" => &["potential", "confirmed"],
            "victim_served" => &["new", "continuing", "carried_over"],
            _ => &[""],
        };
        assert!(fits.contains(&status), "{unit}: {status}");
        let quarter = Quarter::containing(row.cell("date").parse().unwrap());
        assert!(seen.insert((&row.agency, &row.cells[0], unit, quarter)), "two rows in a quarter");
        if status == "new" {
            *news.entry((&row.agency, &row.cells[0])).or_default() += 1;
        }
    }
    assert!(news.values().all(|times| *times == 1), "new twice");
}

/// Within a reporting year a client is new or carried over once, and continuing only after that.
#[test]
fn a_client_enters_a_year_once() {
    let (rows, _) = rows(&Plan { people: 3_000, ..Plan::default() });
    let mut years = BTreeMap::<_, Vec<(&str, &str)>>::new();
    for row in rows.iter().filter(|row| row.record == Record::Victim) {
        if row.cell("counted_as") == "victim_served" {
            let day: Date = row.cell("date").parse().unwrap();
            let year = day.year() - i16::from(day.month() < 7);
            let rows = years.entry((row.agency.as_str(), row.cells[0].as_str(), year)).or_default();
            rows.push((row.cell("date"), row.cell("status")));
        }
    }
    let mut kinds = BTreeSet::new();
    for statuses in years.values_mut() {
        statuses.sort_unstable();
        assert_ne!(statuses[0].1, "continuing");
        assert!(statuses[1..].iter().all(|(_, status)| *status == "continuing"));
        kinds.extend(statuses.iter().map(|(_, status)| *status));
    }
    assert_eq!(kinds.len(), 3);
}

fn dates_fit(rows: &[Kept], plan: &Plan) {
    let first = plan.from.period().start().unwrap();
    let last_quarter = (1..plan.quarters).fold(plan.from, |quarter, _| quarter.next());
    let last = last_quarter.period().end().unwrap();
    let agencies = agencies(plan).unwrap();
    for row in rows.iter().filter(|row| row.record.columns().contains(&"date")) {
        let day: Date = row.cell("date").parse().unwrap();
        assert!(first <= day && day <= last, "{} {day}", row.record.word());
        let agency = agencies.iter().find(|agency| agency.code == row.agency).unwrap();
        if agency.task_force == Some("practice-9") {
            let quarters = first.until((jiff::Unit::Month, day)).unwrap().get_months() / 3;
            assert!(quarters >= 4, "{} was not there yet on {day}", row.agency);
        }
    }
}

fn references_hold(rows: &[Kept]) {
    for (record, column, of) in [
        (Record::Arrest, "incident", Record::Incident),
        (Record::Charge, "arrest", Record::Arrest),
        (Record::Disposition, "charge", Record::Charge),
        (Record::Service, "victim", Record::Victim),
        (Record::Letter, "victim", Record::Victim),
        (Record::Release, "victim", Record::Victim),
    ] {
        let known = references(rows, of);
        for row in rows.iter().filter(|row| row.record == record) {
            let reference = row.cell(column);
            let held = known.get(row.agency.as_str()).is_some_and(|own| own.contains(reference));
            assert!(reference.is_empty() || held, "{} of {}", record.word(), row.agency);
        }
    }
    for row in rows.iter().filter(|row| row.record == Record::Order) {
        let about = Record::ALL.into_iter().find(|record| record.word() == row.cell("record"));
        let known = references(rows, about.unwrap());
        assert!(known[row.agency.as_str()].contains(row.cell("reference")), "{}", row.agency);
    }
    for record in Record::ALL.into_iter().filter(|record| record.columns()[0] == "reference") {
        if record != Record::Victim {
            let of_kind = rows.iter().filter(|row| row.record == record);
            let distinct: BTreeSet<_> =
                of_kind.clone().map(|row| (&row.agency, &row.cells[0])).collect();
            assert_eq!(distinct.len(), of_kind.count(), "{} numbers twice", record.word());
        }
    }
    let mut owners: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.record == Record::Victim) {
        let person = row.person.unwrap();
        assert_eq!(*owners.entry((&row.agency, &row.cells[0])).or_insert(person), person);
    }
}

fn sections_are_in_force(rows: &[Kept]) {
    let register = Register::embedded();
    for row in rows {
        if matches!(row.record, Record::Arrest | Record::Charge | Record::Disposition) {
            let offense: Date = row.cell("offense_date").parse().unwrap();
            let section = register.statute_on(row.cell("statute"), offense);
            assert!(section.is_ok(), "{section:?}");
        }
    }
}

#[test]
fn links_between_records_are_really_there() {
    let (rows, summary) = rows(&Plan::default());
    let filled = |record, column| {
        let rows = rows.iter().filter(|row| row.record == record);
        rows.filter(|row| !row.cell(column).is_empty()).count()
    };
    for (record, column) in [
        (Record::Arrest, "incident"),
        (Record::Charge, "arrest"),
        (Record::Disposition, "charge"),
        (Record::Service, "victim"),
        (Record::Letter, "victim"),
        (Record::Release, "revoked_on"),
        (Record::Order, "reference"),
        (Record::Disposition, "restitution"),
        (Record::Victim, "own_classification"),
    ] {
        assert!(filled(record, column) >= 5, "{} {column}", record.word());
    }
    let orders: BTreeSet<&str> = rows
        .iter()
        .filter(|row| row.record == Record::Order)
        .map(|row| row.cell("order"))
        .collect();
    assert!(!orders.is_empty());
    assert!(orders.iter().all(|order| ["sealing", "vacatur", "destruction"].contains(order)));
    let own = rows.iter().filter(|row| {
        row.record == Record::Arrest
            && row.cell("statute") == "266h"
            && row.cell("conduct") == "human_trafficking"
    });
    assert!(own.count() > 20, "conduct is a field of its own");
    assert!(summary.totals.arrests_of_people_sold > 5);
    let old = Plan { from: "2019-Q1".parse().unwrap(), ..Plan::default() };
    let (rows, _) = crate::made::rows(&old);
    assert!(rows.iter().any(|row| row.record == Record::Arrest && row.cell("statute") == "653.22"));
}
