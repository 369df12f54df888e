//! Attacks on encodings, as numbers.
//!
//!     attacks [ROWS] [plain | hardened | parts | all] [INPUTS BITS]
//!
//! `parts` attacks the parts of the hardened form one by one. INPUTS and BITS are the diffusion of the hardened form, where not the built-in one is meant.
//!
//! Out: for every attack and share of people whom the attacker knows, how many of them were
//! re-identified. All people are made up.

#![expect(clippy::print_stdout, reason = "an example prints what it measured")]

mod dictionary;
mod embedding;
mod graph;
mod hardened;
mod pattern;
mod people;
mod plain;
mod view;

use std::error::Error;
use std::time::Instant;

use linkage::encode::hardened::DiffusionSettings;
use people::Case;
use view::{Similarities, View};

/// Under so many keys of their own the attackers encode what they know, to see past chance.
const OWN_KEYS: u8 = 6;
const EFFORT: graph::Effort = graph::Effort { most_seeds: 400, directions: &[3, 5, 8, 12] };

fn main() -> Result<(), Box<dyn Error>> {
    let mut words = std::env::args().skip(1);
    let rows = words.next().map_or(Ok(1_000), |word| word.parse())?;
    let what = words.next().unwrap_or_else(|| "all".to_owned());
    let mut settings = DiffusionSettings::BUILT_IN;
    if let (Some(inputs), Some(bits)) = (words.next(), words.next()) {
        settings = DiffusionSettings { inputs: inputs.parse()?, outer_bits: bits.parse()? };
    }
    for other_agency in [false, true] {
        for overlap in [0.2, 0.5, 1.0] {
            let case = people::case(rows, overlap, other_agency, 1)?;
            let knows = if other_agency { "another agency's rows" } else { "the same rows" };
            println!("{rows} rows, {overlap:.0}, {knows}", overlap = overlap * 100.0);
            if what == "plain" || what == "all" {
                on_plain(&case)?;
            }
            if what != "plain" {
                on_hardened(&case, settings, what == "parts")?;
            }
        }
    }
    Ok(())
}

fn on_plain(case: &Case) -> Result<(), Box<dyn Error>> {
    let secret = plain::filters(&case.encoded, "the agencies' secret")?;
    let own = plain::filters(&case.auxiliary, "a secret of the attacker's own")?;
    let held = plain::filters(&case.auxiliary, "the agencies' secret")?;
    let tokens = |rows: &[people::Written]| rows.iter().map(plain::tokens).collect::<Vec<_>>();
    let (known, truly) = (tokens(&case.auxiliary), tokens(&case.encoded));
    let started = Instant::now();
    let assigned = pattern::patterns(&secret, &known);
    let right = pattern::right(&secret, &truly, &assigned);
    let guesses = pattern::attack(&secret, &known, &assigned);
    say("plain", "pattern frequency", case, &guesses, started);
    println!("    {} patterns, {right} right", assigned.len());
    let (seen, own, held) = (plain::view(secret), plain::view(own), plain::view(held));
    let started = Instant::now();
    say(
        "plain",
        "graph matching",
        case,
        &graph::attack(&seen.similarities(), &own.similarities(), &EFFORT),
        started,
    );
    let started = Instant::now();
    say("plain", "dictionary without the key", case, &dictionary::attack(&seen, &own), started);
    say("plain", "dictionary with the key", case, &dictionary::attack(&seen, &held), started);
    Ok(())
}

fn on_hardened(
    case: &Case,
    settings: DiffusionSettings,
    parts: bool,
) -> Result<(), Box<dyn Error>> {
    let secret = [7; 32];
    let table = hardened::table(&case.encoded, secret, settings)?;
    let started = Instant::now();
    let tokens = |rows: &[people::Written]| rows.iter().map(plain::tokens).collect::<Vec<_>>();
    let (known, truly) = (tokens(&case.auxiliary), tokens(&case.encoded));
    let (mut all, mut right) = (0, 0);
    let mut guesses = vec![None; case.encoded.len()];
    for filters in &table.groups {
        let assigned = pattern::patterns(filters, &known);
        all += assigned.len();
        right += pattern::right(filters, &truly, &assigned);
        let more = pattern::attack(filters, &known, &assigned);
        guesses.iter_mut().zip(more).for_each(|(guess, more)| *guess = guess.or(more));
    }
    say("hardened", "pattern frequency", case, &guesses, started);
    println!("    {all} patterns, {right} right");
    let seen = hardened::view(&table);
    let own = (0..OWN_KEYS).map(|key| {
        Ok(hardened::view(&hardened::table(&case.auxiliary, [100 + key; 32], settings)?))
    });
    let own = own.collect::<Result<Vec<View>, Box<dyn Error>>>()?;
    let held = hardened::view(&hardened::table(&case.auxiliary, secret, settings)?);
    let started = Instant::now();
    let (seen_all, known_all) = (seen.similarities(), view::mean(&own));
    let guesses = graph::attack(&seen_all, &known_all, &EFFORT);
    say("hardened", "graph matching", case, &guesses, started);
    if parts {
        on_parts(case, &seen_all, &known_all);
    }
    let started = Instant::now();
    let guesses = dictionary::attack(&seen, &own[0]);
    say("hardened", "dictionary without the key", case, &guesses, started);
    say("hardened", "dictionary with the key", case, &dictionary::attack(&seen, &held), started);
    Ok(())
}

/// Which part of the table gives people away.
fn on_parts(case: &Case, seen: &[Similarities], known: &[Similarities]) {
    let filters = linkage::encode::hardened::GROUPS;
    for (part, from, to, size) in [
        ("- filters, who has which", 0, filters, true),
        ("- filters alone", 0, filters, false),
        ("- keys, how many each has", filters, seen.len(), true),
        ("- keys alone", filters, seen.len(), false),
    ] {
        let started = Instant::now();
        let [seen, known] = [seen, known]
            .map(|all| all[from..to].iter().map(|layer| copied(layer, size)).collect::<Vec<_>>());
        say("hardened", part, case, &graph::attack(&seen, &known, &EFFORT), started);
    }
}

/// The same similarities, with or without how much each row has.
fn copied(layer: &Similarities, sizes: bool) -> Similarities {
    let (rows, mut values) = (layer.rows, layer.values.clone());
    if !sizes {
        (0..rows).for_each(|row| values[row * rows + row] = 1.0);
    }
    Similarities { rows, values }
}

/// How many of the people known to the attacker were found.
fn say(form: &str, attack: &str, case: &Case, guesses: &[Option<usize>], started: Instant) {
    let known = case.truth.iter().flatten().count();
    let right =
        case.truth.iter().zip(guesses).filter(|(truth, guess)| truth.is_some() && *truth == *guess);
    let right = right.count();
    let claimed = guesses.iter().flatten().count();
    println!(
        "  {form:8} {attack:28} {right:5} of {known:5} = {:5.1} % ({claimed} claimed, {:.1} s)",
        100.0 * right as f64 / known.max(1) as f64,
        started.elapsed().as_secs_f64()
    );
}
