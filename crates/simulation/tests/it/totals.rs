//! Totals lie in the neighborhood of the 2012 report, and the hidden truth is as it was planned.

use std::collections::BTreeMap;

use simulation::{Plan, Record, Summary, generate};

use crate::made::rows;

fn made(plan: &Plan) -> Summary {
    generate(plan, &mut |_| ()).unwrap()
}

/// `found` is `wanted`, give or take a share of it.
fn near(what: &str, found: f64, wanted: f64, give: f64) {
    assert!((found - wanted).abs() <= give * wanted, "{what} is {found}, not about {wanted}");
}

#[test]
fn totals_are_those_of_the_2012_report() {
    for seed in [1, 2, 3, 4, 5] {
        let summary = made(&Plan { seed, ..Plan::default() });
        let totals = &summary.totals;
        for (what, found, wanted) in [
            ("investigations", totals.investigations, 2_552),
            ("victims identified", totals.victims_identified, 1_277),
            ("arrests", totals.arrests, 1_798),
            ("individuals trained", totals.individuals_trained, 25_591),
            ("victims served", totals.victims_served, 1_522),
            ("calls", totals.contacts, 2 * 1_869),
        ] {
            near(what, found as f64, f64::from(wanted), 0.15);
        }
        // Rarer things, with room for chance.
        near("high information", totals.contacts_high_information as f64, 282.0, 0.2);
        near("letters", totals.letters_issued as f64, 140.0, 0.35);
        near("recipients", summary.people_listed_by["benefit_recipient"] as f64, 330.0, 0.2);
        let types = &totals.victims_served_by_type;
        let served = totals.victims_served as f64;
        for (code, share) in [("sex", 0.56), ("labor", 0.23), ("not_yet_classified", 0.21)] {
            near(code, types[code] as f64 / served, share, 0.16);
        }
        near("origin", totals.served_from_us_share.unwrap(), 0.72, 0.08);
        near("vice", totals.vice_sex_share.unwrap(), 0.89, 0.05);
        near("other units", totals.other_sex_share.unwrap(), 0.73, 0.07);
        let served = summary.people_listed_by["victim_served"] as f64;
        near("also identified", totals.served_and_identified as f64 / served, 0.375, 0.12);
        let ratio = summary.records_per_person.unwrap();
        assert!((1.20..=1.45).contains(&ratio), "{ratio}");
        assert!(summary.totals_only_share.unwrap() <= 0.28, "{:?}", summary.totals_only_share);
    }
}

#[test]
fn state_benefits_continue_from_year_to_year() {
    // From July to June, so that the period is two whole reporting years.
    let plan = Plan { from: "2024-Q3".parse().unwrap(), seed: 6, ..Plan::default() };
    let summary = made(&plan);
    let years = &summary.totals.benefit_recipients_by_year;
    assert_eq!(years.len(), 2);
    for recipients in years.values() {
        near("recipients in a year", *recipients as f64, 238.0, 0.2);
    }
    let distinct = summary.people_listed_by["benefit_recipient"];
    assert!(distinct < years.values().sum::<u64>() * 9 / 10, "many continue");
}

#[test]
fn totals_grow_with_the_state() {
    let usual = made(&Plan::default());
    let large = made(&Plan { people: 16_500, ..Plan::default() });
    for (what, small, large) in [
        ("investigations", usual.totals.investigations, large.totals.investigations),
        ("served", usual.totals.victims_served, large.totals.victims_served),
        ("trained", usual.totals.individuals_trained, large.totals.individuals_trained),
        ("contacts", usual.totals.contacts, large.totals.contacts),
    ] {
        near(what, large as f64, 3.0 * small as f64, 0.1);
    }
}

#[test]
fn lists_hold_more_records_than_people_in_every_seed() {
    for seed in 100..120 {
        let summary = made(&Plan { people: 1_500, seed, ..Plan::default() });
        assert!(summary.records_per_person.unwrap() >= 1.05, "seed {seed}: {summary:?}");
        assert!(summary.people_listed < summary.people_hidden);
    }
}

#[test]
fn errors_are_made_at_the_rates_of_the_data() {
    let summary = made(&Plan { people: 40_000, seed: 9, ..Plan::default() });
    let mut made_at_all: BTreeMap<&str, u64> = BTreeMap::new();
    for error in &summary.identity.errors {
        *made_at_all.entry(error.corruption).or_default() += error.records;
        assert!(error.aimed_at > 0.0);
        let expected = error.aimed_at * error.out_of as f64;
        // Five standard deviations of a binomial count, and one for small ones.
        let room = 5.0 * (expected * (1.0 - error.aimed_at)).sqrt() + 1.0;
        // Some typos and slips leave a name or a date as it was.
        let kept = 0.97 * expected - room;
        let records = error.records as f64;
        assert!(kept <= records && records <= expected + room, "{error:?}");
    }
    for (corruption, records) in made_at_all {
        assert!(records >= 20, "{corruption}: {records}");
    }
}

#[test]
fn records_of_one_person_agree_as_often_as_they_should() {
    let identity = made(&Plan { people: 40_000, seed: 10, ..Plan::default() }).identity;
    assert!(
        (0.65..=0.78).contains(&identity.agreeing_share.unwrap()),
        "{:?}",
        identity.agreeing_share
    );
    assert!((0.04..=0.08).contains(&identity.without_key_share.unwrap()), "{identity:?}");
}

#[test]
fn within_one_agency_a_person_keeps_her_cells() {
    let (rows, summary) = rows(&Plan { people: 6_000, seed: 8, ..Plan::default() });
    let columns = ["given_name", "surname", "birth_date", "gender", "trafficking_type", "phone"];
    let mut cells: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    let (mut same, mut changed) = (0, 0);
    for row in rows.iter().filter(|row| row.record == Record::Victim) {
        let now: Vec<&str> = columns.iter().map(|column| row.cell(column)).collect();
        match cells.insert((&row.agency, &row.cells[0]), now.clone()) {
            Some(before) if before == now => same += 1,
            Some(_) => changed += 1,
            None => {}
        }
    }
    assert!(changed > 5 && changed * 20 < same, "{changed} changed, {same} did not");
    let duplicates = summary.duplicates as f64 / summary.records as f64;
    assert!((0.01..=0.02).contains(&duplicates), "{duplicates}");
}

#[test]
fn true_labor_trafficking_is_more_than_lists_show() {
    let totals = made(&Plan { people: 20_000, ..Plan::default() }).totals;
    let types = &totals.victims_served_by_type;
    let (sex, labor) = (types["sex"] as f64, types["labor"] as f64);
    // The data say 43 of 100 hidden people; of the records with a type far fewer are.
    assert!(labor / (sex + labor) < 0.36);
}
