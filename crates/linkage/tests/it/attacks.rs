//! What attacks may find out, at most: a ceiling for the hardened form, on few people.
//!
//! The same attacks on plain filters must succeed, or a low figure would say nothing. Larger
//! figures: `cargo run --release -p linkage --example attacks`.

#[path = "../../examples/attacks/dictionary.rs"]
mod dictionary;
#[path = "../../examples/attacks/embedding.rs"]
mod embedding;
#[path = "../../examples/attacks/graph.rs"]
mod graph;
#[path = "../../examples/attacks/hardened.rs"]
mod hardened;
#[path = "../../examples/attacks/pattern.rs"]
mod pattern;
#[path = "../../examples/attacks/people.rs"]
mod people;
#[path = "../../examples/attacks/plain.rs"]
mod plain;
#[path = "../../examples/attacks/view.rs"]
mod view;

use linkage::encode::hardened::DiffusionSettings;

use people::Case;

const ROWS: usize = 150;
const EFFORT: graph::Effort = graph::Effort { most_seeds: 40, directions: &[5] };
const KEY: [u8; 32] = [7; 32];
const OTHER_KEY: [u8; 32] = [101; 32];

/// Those whom the attacker knows and found, in percent.
fn found(case: &Case, guesses: &[Option<usize>]) -> f64 {
    let known = case.truth.iter().flatten().count();
    let pairs = case.truth.iter().zip(guesses);
    let right = pairs.filter(|(truth, guess)| truth.is_some() && *truth == *guess).count();
    100.0 * right as f64 / known as f64
}

fn hardened_view(people: &[people::Written], key: [u8; 32]) -> view::View {
    hardened::view(&hardened::table(people, key, DiffusionSettings::BUILT_IN).unwrap())
}

/// Everybody is known as written down: the most that an attacker can have.
fn everybody() -> Case {
    people::case(ROWS, 1.0, false, 1).unwrap()
}

#[test]
fn graphs_give_away_plain_filters_but_not_the_hardened_form() {
    let case = everybody();
    let seen = plain::view(plain::filters(&case.encoded, "a secret").unwrap());
    let own = plain::view(plain::filters(&case.auxiliary, "another").unwrap());
    let plain = found(&case, &graph::attack(&seen.similarities(), &own.similarities(), &EFFORT));
    assert!(plain > 60.0, "the attack finds {plain} % of plain filters and is too weak to tell");
    let seen = hardened_view(&case.encoded, KEY);
    let own = [OTHER_KEY, [102; 32], [103; 32]].map(|key| hardened_view(&case.auxiliary, key));
    let hardened = found(&case, &graph::attack(&seen.similarities(), &view::mean(&own), &EFFORT));
    assert!(hardened < 10.0, "{hardened} % were found");
}

#[test]
fn the_key_is_what_protects_against_trying_names() {
    let case = everybody();
    let seen = hardened_view(&case.encoded, KEY);
    let with = found(&case, &dictionary::attack(&seen, &hardened_view(&case.auxiliary, KEY)));
    assert!(with > 90.0, "who holds the key finds everybody: {with} %");
    let without =
        found(&case, &dictionary::attack(&seen, &hardened_view(&case.auxiliary, OTHER_KEY)));
    assert!(without < 6.0, "{without} % were found without the key");
}

#[test]
fn patterns_of_bits_show_tokens_of_plain_filters_only() {
    let case = people::case(1_200, 1.0, false, 1).unwrap();
    let [known, truly] =
        [&case.auxiliary, &case.encoded].map(|rows| rows.iter().map(plain::tokens).collect());
    let (known, truly): (Vec<pattern::Tokens>, Vec<pattern::Tokens>) = (known, truly);
    let filters = plain::filters(&case.encoded, "a secret").unwrap();
    let right = pattern::right(&filters, &truly, &pattern::patterns(&filters, &known));
    assert!(right >= 2, "the attack finds {right} tokens in plain filters and is too weak to tell");
    let table = hardened::table(&case.encoded, KEY, DiffusionSettings::BUILT_IN).unwrap();
    for filters in &table.groups {
        let assigned = pattern::patterns(filters, &known);
        assert_eq!(pattern::right(filters, &truly, &assigned), 0);
        let guesses = pattern::attack(filters, &known, &assigned);
        assert!(found(&case, &guesses) < 1.0);
    }
}
