//! A hundred made-up states: whether the range holds the truth, and how wide it is.
//!
//! What an agency may send is decided here as `records::disclosure` decides it, from the same
//! modes and releases, so that a hundred states are counted in the time that the whole path takes
//! for one; `e2e` runs the whole path.

use std::collections::{BTreeMap, BTreeSet};

use analysis::people::{ListPeople, Range, range};
use jiff::civil::Date;
use linkage::{Encoding, ExactLinking, LinkageKey, Sex, Slk581};
use rayon::prelude::*;
use simulation::{Plan, Record, Row, Summary, generate};

/// The day of the count: after the last day of the usual plan.
const AS_OF: Date = Date::constant(2026, 10, 5);

/// One agency's people, with their encodings.
#[derive(Default)]
struct Agency {
    list: &'static str,
    mode: &'static str,
    people: BTreeMap<String, BTreeSet<Encoding>>,
    released: BTreeSet<String>,
}

fn cell<'r>(row: &Row<'r>, column: &str) -> &'r str {
    let at = row.record.columns().iter().position(|known| *known == column).unwrap();
    &row.cells[at]
}

fn encoding(key: &LinkageKey, row: &Row<'_>) -> Option<Encoding> {
    let sex = match cell(row, "gender") {
        "male" => Sex::Male,
        "female" => Sex::Female,
        _ => Sex::NotStated,
    };
    let names = (cell(row, "surname"), cell(row, "given_name"));
    Slk581::new(names.0, names.1, cell(row, "birth_date"), sex).ok().map(|slk| key.encode(&slk))
}

/// What the agencies of a state would send, counted.
fn count(seed: u64) -> (Range, Summary) {
    let key = LinkageKey::new([7; 32]);
    let mut agencies: BTreeMap<String, Agency> = BTreeMap::new();
    let summary = generate(&Plan { seed, ..Plan::default() }, &mut |row| {
        let agency = agencies.entry(row.agency.code.clone()).or_default();
        agency.list = row.agency.legal_entity;
        agency.mode = row.agency.mode(Record::Victim);
        match row.record {
            Record::Victim => {
                let encodings =
                    agency.people.entry(cell(&row, "reference").to_owned()).or_default();
                encodings.extend(encoding(&key, &row));
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
    let (mut nodes, mut encodings) = (Vec::new(), Vec::new());
    for (place, agency) in agencies.values().enumerate() {
        let list = lists.entry(agency.list).or_default();
        list.largest_agency = list.largest_agency.max(agency.people.len() as u64);
        for (person, own) in &agency.people {
            let leaves = match agency.mode {
                "encoded" => true,
                "with_release" => agency.released.contains(person),
                _ => false,
            };
            if leaves {
                list.coded += 1;
                encodings.extend(own.iter().map(|encoding| (nodes.len() as u32, *encoding)));
                nodes.push((place, agency.list));
            } else {
                list.left_behind += 1;
                list.left_behind_least += 1;
            }
        }
    }
    encodings.sort_by_key(|(_, encoding)| encoding.0);
    let mut linking = ExactLinking::new(nodes.len());
    for (node, encoding) in encodings {
        linking.take(encoding, node);
    }
    let clusters = linking.finish();
    let mut agencies_of: BTreeMap<u32, BTreeSet<usize>> = BTreeMap::new();
    for (cluster, (place, _)) in clusters.cluster_of.iter().zip(&nodes) {
        agencies_of.entry(*cluster).or_default().insert(*place);
    }
    for (cluster, (_, list)) in clusters.cluster_of.iter().zip(&nodes) {
        if agencies_of[cluster].len() > 1 {
            lists.entry(list).or_default().also_elsewhere += 1;
        }
    }
    let lists: Vec<ListPeople> = lists.into_values().collect();
    range(&lists, u64::from(clusters.clusters))
}

#[test]
fn the_range_holds_the_truth_in_at_least_ninety_five_of_a_hundred_states() {
    let counted: Vec<(Range, Summary)> = (1..=100).into_par_iter().map(count).collect();
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
    assert!(held >= 95, "the range holds the truth in {held} of 100 states");
}
