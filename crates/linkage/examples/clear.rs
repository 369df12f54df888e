//! Links a CSV file of people in the clear, and scores it when it names who is who.
//!
//! `cargo run --release -p linkage --example clear -- people.csv [truth column]`

#![expect(clippy::print_stdout, reason = "an example that prints")]

use std::collections::HashMap;
use std::error::Error;
use std::time::Instant;

use linkage::{
    ClusterSettings, Constraints, ScoredPair, Settings, Truth, best_expected_f1, link_pairs,
    read_people, score_pairs,
};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [file, truth @ ..] = arguments.as_slice() else { return Err("name a file".into()) };
    let start = Instant::now();
    let bytes = std::fs::read(file)?;
    let read = read_people(&bytes, truth.first().map(String::as_str))?;
    drop(bytes);
    let people = read.people;
    println!("{} records; ignored columns: {:?}", people.len(), read.ignored);
    println!("{:>8.3} s read; {} MiB", start.elapsed().as_secs_f64(), peak_mib());

    let mut phases = Vec::new();
    println!("{:>8.2} s of processor time", processor_seconds());
    let scored = score_pairs(&people, &Settings::default(), &mut |phase| {
        phases.push((phase, Instant::now(), processor_seconds()))
    });
    let end = (Instant::now(), processor_seconds());
    for (at, (phase, from, cpu)) in phases.iter().enumerate() {
        let to = phases.get(at + 1).map_or(end, |(_, next, cpu)| (*next, *cpu));
        println!(
            "{:>8.3} s {phase:?} ({:.2} s of processor time)",
            (to.0 - *from).as_secs_f64(),
            to.1 - cpu
        );
    }
    println!(
        "{} candidates, {} scored, {} cut, {:.0} matches expected; {} MiB",
        scored.candidates,
        scored.pairs.len(),
        scored.pairs_cut,
        scored.expected_matches,
        peak_mib()
    );
    if std::env::var_os("EXPLAIN").is_some() {
        println!("{}", scored.model.explain());
    }
    let best = best_expected_f1(&scored.pairs);
    println!("expected {best:?}");

    if std::env::var_os("PAIRS_ONLY").is_some() {
        return Ok(());
    }
    let before = Instant::now();
    let agency: Vec<u16> =
        (0..people.len() as u32).map(|record| people.agency(record) as u16).collect();
    let log_odds = |one, other| scored.model.log_odds(&people, one, other);
    let settings = ClusterSettings { draws: 20, ..ClusterSettings::default() };
    let linked = link_pairs(&agency, &scored.pairs, &log_odds, &Constraints::default(), &settings)?;
    println!("{:>8.3} s cluster", before.elapsed().as_secs_f64());
    println!("{:>8.3} s in all; {} MiB", start.elapsed().as_secs_f64(), peak_mib());
    println!(
        "{} persons; threshold {:.2}; penalties {:?}",
        linked.clusters.clusters, linked.threshold, linked.penalties
    );

    let Some(truth) = read.truth else { return Ok(()) };
    println!(
        "{} persons in truth: {:+.2} %",
        truth.people,
        100.0 * (f64::from(linked.clusters.clusters) / f64::from(truth.people) - 1.0)
    );
    let same = |pair: &ScoredPair| {
        truth.person_of[pair.first as usize] == truth.person_of[pair.second as usize]
    };
    let cross = |pair: &ScoredPair| agency[pair.first as usize] != agency[pair.second as usize];
    let true_pairs = pairs_of(&truth.person_of);
    let true_cross =
        true_pairs.iter().filter(|(a, b)| agency[*a as usize] != agency[*b as usize]).count();
    let candidates_true = scored.pairs.iter().filter(|pair| same(pair)).count();
    println!(
        "{} true pairs, {true_cross} cross; {candidates_true} above the floor ({:.4})",
        true_pairs.len(),
        candidates_true as f64 / true_pairs.len() as f64
    );
    for (name, threshold) in [("expected F1", best.threshold), ("even odds", 0.0)] {
        let found: Vec<&ScoredPair> =
            scored.pairs.iter().filter(|pair| pair.log_odds >= threshold).collect();
        let right = found.iter().filter(|pair| same(pair)).count();
        let found_cross = found.iter().filter(|pair| cross(pair)).count();
        let right_cross = found.iter().filter(|pair| cross(pair) && same(pair)).count();
        report(&format!("pairs at {name} {threshold:.2}"), right, found.len(), true_pairs.len());
        report("  cross-agency", right_cross, found_cross, true_cross);
    }
    oracle(&scored.pairs, &truth, true_pairs.len());
    let found = pairs_of(&linked.clusters.cluster_of);
    let right = |(a, b): &&(u32, u32)| truth.person_of[*a as usize] == truth.person_of[*b as usize];
    let crossing = |(a, b): &&(u32, u32)| agency[*a as usize] != agency[*b as usize];
    report("clusters", found.iter().filter(right).count(), found.len(), true_pairs.len());
    let cross_right = found.iter().filter(crossing).filter(right).count();
    report("clusters cross-agency", cross_right, found.iter().filter(crossing).count(), true_cross);
    calibration(&scored.pairs, &truth);
    if let Some(which) = std::env::var_os("ERRORS") {
        errors(
            &bytes_again(file)?,
            &scored.pairs,
            &truth,
            &true_pairs,
            &which.to_string_lossy(),
            &log_odds,
        );
    }
    Ok(())
}

fn bytes_again(file: &str) -> Result<Vec<String>, Box<dyn Error>> {
    Ok(std::fs::read_to_string(file)?.lines().skip(1).map(str::to_owned).collect())
}

/// Shows some pairs that are wrong.
fn errors(
    rows: &[String],
    pairs: &[ScoredPair],
    truth: &Truth,
    true_pairs: &[(u32, u32)],
    which: &str,
    log_odds: &impl Fn(u32, u32) -> f32,
) {
    let same = |a: u32, b: u32| truth.person_of[a as usize] == truth.person_of[b as usize];
    let show = |a: u32, b: u32, log_odds: f32| {
        println!("{log_odds:.2}\n  {}\n  {}", rows[a as usize], rows[b as usize])
    };
    match which {
        "false" => {
            let wrong: Vec<_> = pairs
                .iter()
                .filter(|pair| pair.log_odds > 0.0 && !same(pair.first, pair.second))
                .collect();
            for pair in wrong.iter().step_by(wrong.len() / 40 + 1) {
                show(pair.first, pair.second, pair.log_odds);
            }
        }
        "missed" => {
            let missed: Vec<_> = pairs
                .iter()
                .filter(|pair| pair.log_odds < 0.0 && same(pair.first, pair.second))
                .collect();
            for pair in missed.iter().step_by(missed.len() / 40 + 1) {
                show(pair.first, pair.second, pair.log_odds);
            }
        }
        _ => {
            let found: std::collections::HashSet<_> =
                pairs.iter().map(|pair| (pair.first, pair.second)).collect();
            let lost: Vec<_> = true_pairs.iter().filter(|pair| !found.contains(pair)).collect();
            let likely = lost.iter().filter(|pair| log_odds(pair.0, pair.1) > 0.0).count();
            println!("{} lost, of which {likely} would be likely", lost.len());
            let shown: Vec<_> =
                lost.iter().filter(|pair| log_odds(pair.0, pair.1) > -2.0).collect();
            for (a, b) in shown.iter().step_by(shown.len() / 40 + 1) {
                show(*a, *b, log_odds(*a, *b));
            }
        }
    }
}

fn report(name: &str, right: usize, found: usize, truth: usize) {
    let (precision, recall) =
        (right as f64 / found.max(1) as f64, right as f64 / truth.max(1) as f64);
    println!(
        "{name}: precision {precision:.4} recall {recall:.4} F1 {:.4}",
        2.0 * precision * recall / (precision + recall)
    );
}

/// The best F1 that any threshold would have given, to see what the threshold costs.
fn oracle(pairs: &[ScoredPair], truth: &Truth, true_pairs: usize) {
    let mut sorted: Vec<&ScoredPair> = pairs.iter().collect();
    sorted.sort_unstable_by(|a, b| b.log_odds.total_cmp(&a.log_odds));
    let (mut right, mut best, mut at) = (0, 0.0, 0.0);
    for (found, pair) in (1..).zip(sorted) {
        right += usize::from(
            truth.person_of[pair.first as usize] == truth.person_of[pair.second as usize],
        );
        let f1 = 2.0 * right as f64 / (found + true_pairs) as f64;
        if f1 > best {
            (best, at) = (f1, pair.log_odds);
        }
    }
    println!("best pairs F1 with the truth: {best:.4} at {at:.2}");
}

/// All pairs within groups.
fn pairs_of(group_of: &[u32]) -> Vec<(u32, u32)> {
    let mut groups: HashMap<u32, Vec<u32>> = HashMap::new();
    for (record, group) in (0..).zip(group_of) {
        groups.entry(*group).or_default().push(record);
    }
    let of_group = |group: Vec<u32>| {
        (0..group.len())
            .flat_map(|a| (a + 1..group.len()).map(move |b| (a, b)))
            .map(|(a, b)| (group[a], group[b]))
            .collect::<Vec<_>>()
    };
    groups.into_values().flat_map(of_group).collect()
}

fn calibration(pairs: &[ScoredPair], truth: &Truth) {
    let mut bins = vec![(0.0, 0.0, 0.0); 13];
    for pair in pairs {
        let p = 1.0 / (1.0 + f64::from(-pair.log_odds).exp());
        let bin = match p {
            p if p >= 0.999 => 12,
            p if p >= 0.99 => 11,
            p if p >= 0.95 => 10,
            p => (p * 10.0) as usize,
        };
        let (sum, right, count) = &mut bins[bin];
        *sum += p;
        *right += f64::from(u8::from(
            truth.person_of[pair.first as usize] == truth.person_of[pair.second as usize],
        ));
        *count += 1.0;
    }
    println!("calibration: said, true, pairs");
    for (sum, right, count) in bins.into_iter().filter(|(_, _, count)| *count > 0.0) {
        println!("  {:.4} {:.4} {count}", sum / count, right / count);
    }
}

fn processor_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let ticks =
        |at: usize| stat.split_whitespace().nth(at).and_then(|ticks| ticks.parse::<f64>().ok());
    (ticks(13).unwrap_or_default() + ticks(14).unwrap_or_default()) / 100.0
}

fn peak_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM"));
    let kib = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok());
    kib.unwrap_or_default() / 1024
}
