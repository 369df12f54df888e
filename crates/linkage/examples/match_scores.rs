//! People of a CSV file counted once and held against the truth in a column of it.
//!
//! `cargo run --release -p linkage --example match_scores -- people.csv truth_id [draws]`

#![expect(clippy::print_stdout, reason = "an example that prints")]

use std::time::Instant;

use linkage::{
    ClusterSettings, Constraints, Settings, link_pairs, read_people, score, score_pairs,
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [file, column, draws @ ..] = arguments.as_slice() else {
        return Err("name a file and its column of truth".into());
    };
    let draws = draws.first().map_or(Ok(40), |draws| draws.parse())?;
    let start = Instant::now();
    let read = read_people(&std::fs::read(file)?, Some(column))?;
    let (people, truth) = (read.people, read.truth.ok_or("no truth")?);
    let scored = score_pairs(&people, &Settings::default(), &mut |_| ());
    let before = start.elapsed().as_secs_f64();
    let agency: Vec<u16> =
        (0..people.len() as u32).map(|record| people.agency(record) as u16).collect();
    let log_odds = |one, other| scored.model.log_odds(&people, one, other);
    for draws in [1, draws] {
        let settings = ClusterSettings { draws, review: 0, ..ClusterSettings::default() };
        let start = Instant::now();
        let linked =
            link_pairs(&agency, &scored.pairs, &log_odds, &Constraints::default(), &settings)?;
        let seconds = start.elapsed().as_secs_f64();
        let (count, scores) =
            (linked.count(&agency), score(&linked.clusters.cluster_of, &truth.person_of, &agency));
        let off = |people: u64| 100.0 * (people as f64 / scores.persons_true as f64 - 1.0);
        println!(
            "{} records, {} pairs in {before:.2} s; clusters and {draws} draws {seconds:.2} s",
            count.records,
            scored.pairs.len()
        );
        println!(
            "persons {} ({:+.2} %), {} to {} ({:+.2} to {:+.2} %); drawn {:+.2} %, clusters {:+.2} \
             %, true {}; shift {:.2}, threshold {:.2}",
            count.persons,
            off(count.persons),
            count.low,
            count.high,
            off(count.low),
            off(count.high),
            off(count.persons_drawn),
            off(u64::from(linked.clusters.clusters)),
            scores.persons_true,
            linked.shift,
            linked.threshold
        );
        println!(
            "pairs {:.4?}\nacross {:.4?}\nwhole {:.4?}, largest {}",
            scores.pairs, scores.cross, scores.clusters, scores.largest
        );
    }
    Ok(())
}
