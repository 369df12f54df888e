//! How fast and how well made-up scored pairs become people.
//!
//! `cargo run --release -p linkage --example cluster_speed -- 1000000 [SEED]`

#![expect(clippy::print_stdout, reason = "an example that prints")]

#[path = "../tests/it/made_pairs.rs"]
mod made_pairs;

use std::time::Instant;

use linkage::{ClusterSettings, Constraints, calibration, link_pairs, score};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let argument = |at: usize, otherwise: u64| {
        std::env::args().nth(at).map_or(Ok(otherwise), |word| word.parse())
    };
    let (records, seed) = (argument(1, 100_000)?, argument(2, 1)?);
    let made = made_pairs::Made::new(records as usize, seed);
    println!(
        "{} records, {} persons, {} scored pairs",
        made.agency.len(),
        made.persons,
        made.pairs.len()
    );
    let sum: f64 = made.pairs.iter().map(|p| 1.0 / (1.0 + (-f64::from(p.log_odds)).exp())).sum();
    let same =
        |p: &&linkage::ScoredPair| made.truth[p.first as usize] == made.truth[p.second as usize];
    println!("sum of probabilities {sum:.0}, matches {}", made.pairs.iter().filter(same).count());
    for draws in [1, 100] {
        let settings = ClusterSettings {
            draws,
            lists: (0..made_pairs::AGENCIES as u8).collect(),
            ..ClusterSettings::default()
        };
        let start = Instant::now();
        let log_odds = |first, second| made.log_odds(first, second);
        let linked =
            link_pairs(&made.agency, &made.pairs, &log_odds, &Constraints::default(), &settings)?;
        let seconds = start.elapsed().as_secs_f64();
        let mut persons: Vec<u64> = linked.draws.iter().map(|draw| draw.persons).collect();
        persons.sort_unstable();
        println!(
            "{draws} draws: {seconds:.2} s; clusters {}, draws {}..{}..{}, threshold {:.2}, shift {:.2}, \
             penalties {:.1?}, refused for size {}",
            linked.clusters.clusters,
            persons[0],
            persons[persons.len() / 2],
            persons[persons.len() - 1],
            linked.threshold,
            linked.shift,
            linked.penalties,
            linked.refused_for_size,
        );
        let scores = score(&linked.clusters.cluster_of, &made.truth, &made.agency);
        println!("{scores:.3?}");
        if draws > 1 {
            for bin in calibration(&made.pairs, &made.truth, &made.agency, &linked.penalties) {
                println!("{:.1} {} {:.3} {:.3}", bin.from, bin.pairs, bin.predicted, bin.observed);
            }
        }
    }
    Ok(())
}
