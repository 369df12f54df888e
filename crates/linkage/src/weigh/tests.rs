use super::*;
use crate::people::{PersonTable, mix, read_people};
use crate::weigh::mixture::normalise;

/// People made up from syllables: households of relatives, some recorded twice with an error.
/// Rows without and with the truth in the last column.
fn made_up(people: u64) -> String {
    const SYLLABLES: [&str; 16] = [
        "ma", "lo", "ri", "ten", "ka", "su", "bel", "do", "na", "vi", "gor", "pe", "shi", "lan",
        "qua", "zu",
    ];
    let draw = |person: u64, what: u64, below: u64| {
        mix(mix(person + 1, what + 1), 0x9e37_79b9_7f4a_7c15) % below
    };
    let name = |seed: u64, length: u64| {
        (0..length).map(|at| SYLLABLES[draw(seed, 90 + at, 16) as usize]).collect::<String>()
    };
    let mut file =
        "rec_id,agency,given_name,surname,sex,birth_date,phone,street,zip,truth_id\n".to_owned();
    let mut number = 0;
    for person in 0..people {
        let household = person / 3;
        for record in 0..1 + draw(person, 1, 3) {
            let mut given = name(1000 + draw(person, 2, 400), 3);
            let surname = name(5000 + draw(household, 3, 600), 3);
            let mut date = format!(
                "{}-{:02}-{:02}",
                1960 + draw(person, 4, 45),
                1 + draw(person, 5, 12),
                1 + draw(person, 6, 28)
            );
            match draw(person, 20 + record, 10) {
                0 => given.push('e'),
                1 => date.truncate(4),
                2 => date.clear(),
                _ => {}
            }
            let phone = if draw(person, 30 + record, 2) == 0 {
                String::new()
            } else {
                format!("510555{:04}", household % 10_000)
            };
            number += 1;
            file.push_str(&format!(
                "{number},{},{given},{surname},{},{date},{phone},{} {} St,9{:04},{person}\n",
                "abc".as_bytes()[record as usize] as char,
                if draw(person, 7, 2) == 0 { "F" } else { "M" },
                1 + draw(household, 8, 900),
                name(9000 + draw(household, 9, 200), 2),
                draw(household, 10, 60),
            ));
        }
    }
    file
}

fn scored(people: &PersonTable) -> ScoredPairs {
    score_pairs(people, &Settings::default(), &mut |_| {})
}

fn bits(pairs: &[crate::ScoredPair]) -> Vec<(u32, u32, u32)> {
    pairs.iter().map(|pair| (pair.first, pair.second, pair.log_odds.to_bits())).collect()
}

#[test]
fn people_are_found_and_relatives_kept_apart() {
    let file = read_people(made_up(3000).as_bytes(), Some("truth_id")).unwrap();
    let truth = file.truth.unwrap();
    let scored = scored(&file.people);
    let likely: Vec<_> = scored.pairs.iter().filter(|pair| pair.log_odds > 0.0).collect();
    let right = likely
        .iter()
        .filter(|pair| {
            truth.person_of[pair.first as usize] == truth.person_of[pair.second as usize]
        })
        .count();
    let mut sizes = std::collections::BTreeMap::new();
    for person in &truth.person_of {
        *sizes.entry(person).or_insert(0usize) += 1;
    }
    let all: usize = sizes.values().map(|size| size * (size - 1) / 2).sum();
    let (precision, recall) = (right as f64 / likely.len() as f64, right as f64 / all as f64);
    assert!(precision > 0.97 && recall > 0.97, "{precision} {recall}");
    // As many as the weights expect, within a tenth.
    assert!(
        (scored.expected_matches / all as f64 - 1.0).abs() < 0.1,
        "{} {all}",
        scored.expected_matches
    );
}

#[test]
fn the_truth_is_not_seen() {
    let made = made_up(600);
    let with = read_people(made.as_bytes(), Some("truth_id")).unwrap().people;
    let mut lines = made.lines();
    let mut wrong = format!("{}\n", lines.next().unwrap());
    for (number, line) in lines.enumerate() {
        wrong.push_str(&format!("{},{}\n", line.rsplit_once(',').unwrap().0, number % 5));
    }
    let wrong = read_people(wrong.as_bytes(), Some("truth_id")).unwrap().people;
    assert_eq!(bits(&scored(&with).pairs), bits(&scored(&wrong).pairs));
}

#[test]
fn threads_change_nothing() {
    let made = made_up(1500);
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| bits(&scored(&read_people(made.as_bytes(), None).unwrap().people).pairs))
    };
    assert_eq!(with(1), with(4));
}

#[test]
fn any_pair_is_scored_as_the_candidates_are() {
    let people = read_people(made_up(400).as_bytes(), None).unwrap().people;
    let scored = scored(&people);
    assert!(!scored.pairs.is_empty());
    for pair in &scored.pairs {
        assert!(pair.first < pair.second);
        assert_eq!(scored.model.log_odds(&people, pair.second, pair.first), pair.log_odds);
    }
    assert!(scored.model.log_odds(&people, 0, u32::MAX) < -1e9);
}

#[test]
fn tables_too_small_to_learn_from() {
    for rows in ["", "Ana,Ruiz,1999\n", "Ana,Ruiz,1999\nAna,Ruiz,1999\n", ",,\n,,\n"] {
        let file = format!("given_name,surname,birth_date\n{rows}");
        let people = read_people(file.as_bytes(), None).unwrap().people;
        assert!(scored(&people).pairs.iter().all(|pair| pair.log_odds.is_finite()), "{rows}");
    }
}

#[test]
fn chances_add_up_to_one_within_patterns() {
    for (field, cells) in crate::compare::CELLS.into_iter().enumerate() {
        let mut weights = vec![2.0; cells];
        normalise(field, &mut weights);
        let total: f64 = weights.iter().sum();
        assert!((total - total.round()).abs() < 1e-9 && total >= 1.0, "{field} {total}");
    }
}
