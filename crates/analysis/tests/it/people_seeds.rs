//! Forty made-up states: whether the range holds the truth, and how wide it is.
//!
//! What an agency may send is decided here as `records::disclosure` decides it, from the same
//! modes and releases, so that forty states are counted in the time that the whole path takes
//! for one; `e2e` runs the whole path.

use std::collections::{BTreeMap, BTreeSet};

use analysis::people::{Compared, ListPeople, Range, range};
use jiff::civil::Date;
use linkage::encode::hardened::{
    About, DiffusionSettings, Permission, PersonCells, PersonRecord, encode, os_random,
};
use linkage::{EncodedSettings, LinkageKey, link_encoded};
use rayon::prelude::*;
use simulation::{Plan, Record, Row, Summary, generate};

/// The day of the count: after the last day of the usual plan.
const AS_OF: Date = Date::constant(2026, 10, 5);

/// People of each state: fewer than usual, to save time.
const PEOPLE: u64 = 2_000;
/// How many states; a hundred take four minutes.
const STATES: u64 = 40;

/// What an agency records of a person that is encoded, in this order.
const FIELDS: [&str; 6] =
    ["given_name", "surname", "other_names", "birth_date", "phone", "postcode"];

/// A person as her records describe her, the last that says something of each field.
type Person = ([String; FIELDS.len()], &'static str);

/// One agency's people.
#[derive(Default)]
struct Agency {
    list: &'static str,
    mode: &'static str,
    people: BTreeMap<String, Person>,
    released: BTreeSet<String>,
}

fn cell<'r>(row: &Row<'r>, column: &str) -> &'r str {
    let at = row.record.columns().iter().position(|known| *known == column).unwrap();
    &row.cells[at]
}

fn describe(person: &mut Person, row: &Row<'_>) {
    for (known, field) in person.0.iter_mut().zip(FIELDS) {
        if !cell(row, field).is_empty() {
            cell(row, field).clone_into(known);
        }
    }
    match cell(row, "gender") {
        "male" => person.1 = "M",
        "female" => person.1 = "F",
        _ => {}
    }
}

/// What the agencies of a state would send, counted.
fn count(seed: u64) -> (Range, Summary) {
    let mut agencies: BTreeMap<String, Agency> = BTreeMap::new();
    let summary = generate(&Plan { seed, people: PEOPLE, ..Plan::default() }, &mut |row| {
        let agency = agencies.entry(row.agency.code.clone()).or_default();
        agency.list = row.agency.legal_entity;
        agency.mode = row.agency.mode(Record::Victim);
        match row.record {
            Record::Victim => {
                let own = cell(&row, "reference").to_owned();
                describe(agency.people.entry(own).or_default(), &row);
            }
            Record::Release => {
                let day = |column| cell(&row, column).parse::<Date>().ok();
                let stands = day("signed_on").is_some_and(|signed| signed <= AS_OF)
                    && day("expires_on").is_some_and(|expires| AS_OF <= expires)
                    && day("revoked_on").is_none_or(|revoked| AS_OF < revoked);
                if stands {
                    agency.released.insert(cell(&row, "victim").to_owned());
                }
            }
            _ => {}
        }
    })
    .unwrap();
    (range_of(&agencies), summary)
}

fn range_of(agencies: &BTreeMap<String, Agency>) -> Range {
    let mut lists: BTreeMap<&str, ListPeople> = BTreeMap::new();
    let mut nodes: Vec<(u16, &str, &Person)> = Vec::new();
    for (place, agency) in (0..).zip(agencies.values()) {
        let list = lists.entry(agency.list).or_default();
        list.largest_agency = list.largest_agency.max(agency.people.len() as u64);
        for (own, person) in &agency.people {
            let leaves = match agency.mode {
                "encoded" => true,
                "with_release" => agency.released.contains(own),
                _ => false,
            };
            if leaves {
                list.coded += 1;
                nodes.push((place, agency.list, person));
            } else {
                list.left_behind += 1;
                list.left_behind_least += 1;
            }
        }
    }
    let compared = link(&nodes, &mut lists);
    let lists: Vec<ListPeople> = lists.into_values().collect();
    range(&lists, compared)
}

/// Encodes and links the people who leave in codes.
fn link<'l>(
    nodes: &[(u16, &'l str, &Person)],
    lists: &mut BTreeMap<&'l str, ListPeople>,
) -> Compared {
    let names: Vec<String> = (0..nodes.len()).map(|node| node.to_string()).collect();
    let mut of_agency: BTreeMap<u16, Vec<usize>> = BTreeMap::new();
    for (node, (agency, ..)) in nodes.iter().enumerate() {
        of_agency.entry(*agency).or_default().push(node);
    }
    let (mut tables, mut rows) = (Vec::new(), Vec::new());
    for (agency, members) in of_agency {
        let record = |node: &usize| {
            let (_, _, ([given_name, surname, alias, birth_date, phone, zip], sex)) = nodes[*node];
            let cells = PersonCells {
                given_name,
                surname,
                alias,
                sex,
                birth_date,
                phone,
                zip,
                ..PersonCells::default()
            };
            PersonRecord { rec_id: &names[*node], cells, permission: Permission::Unattached }
        };
        let records: Vec<PersonRecord<'_>> = members.iter().map(record).collect();
        let (key, settings) = (LinkageKey::new([7; 32]), DiffusionSettings::BUILT_IN);
        let name = agency.to_string();
        let about = About { agency: &name, period: "a", key_fingerprint: "a" };
        let (table, mapping) = encode(&key, about, &records, settings, os_random).unwrap();
        let node_of: BTreeMap<&[u8; 16], usize> =
            mapping.pairs().map(|(name, row)| (row, name.parse().unwrap())).collect();
        rows.extend(table.rec_ids.iter().map(|row| node_of[row]));
        tables.push(table);
    }
    let agency: Vec<u16> = rows.iter().map(|node| nodes[*node].0).collect();
    let has_something: Vec<bool> = tables
        .iter()
        .flat_map(|table| {
            (0..table.len())
                .map(|row| table.present[row] != 0 || table.keys[row].iter().any(|key| *key != 0))
        })
        .collect();
    let found = link_encoded(&tables, &EncodedSettings::default(), &mut |_| ()).unwrap();
    let linked = found.linked;
    let mut agencies_of: BTreeMap<u32, BTreeSet<u16>> = BTreeMap::new();
    for (cluster, place) in linked.clusters.cluster_of.iter().zip(&agency) {
        agencies_of.entry(*cluster).or_default().insert(*place);
    }
    for (row, cluster) in linked.clusters.cluster_of.iter().enumerate() {
        let list = lists.entry(nodes[rows[row]].1).or_default();
        list.compared += u64::from(has_something[row]);
        list.also_elsewhere += u64::from(agencies_of[cluster].len() > 1);
    }
    let compared: u64 = lists.values().map(|list| list.compared).sum();
    // Who says nothing is alone in every draw.
    let alone = nodes.len() as u64 - compared;
    let low = found.count.low.saturating_sub(alone);
    let high = found.count.high_drawn - alone;
    let people = u64::from(linked.clusters.clusters) - alone;
    Compared { records: compared, people, low: low.min(people), high: high.max(people) }
}

#[test]
fn the_range_holds_the_truth_in_at_least_ninety_five_states_of_a_hundred() {
    let counted: Vec<(Range, Summary)> = (1..=STATES).into_par_iter().map(count).collect();
    let mut held = 0;
    for (seed, (range, summary)) in counted.iter().enumerate() {
        let truth = summary.people_listed;
        let said = format!("seed {}: {range:?}, in truth {truth}", seed + 1);
        held += u32::from(range.low <= truth && truth <= range.high);
        assert_eq!(range.raw, summary.records, "{said}");
        assert!(range.raw * 100 >= truth * 105, "raw is less than 5 % too high: {said}");
        assert!(range.high * 10 < range.low * 16, "high/low is not under 1.6: {said}");
        let off = |figure: u64| figure.abs_diff(truth);
        assert!(off(range.unduplicated) < off(range.raw), "no better than raw: {said}");
    }
    assert!(
        u64::from(held) * 100 >= STATES * 95,
        "the range holds the truth in {held} of {STATES} states"
    );
}
