//! Encodes a table as clkhash does and says how many rows a second.
//!
//!     encode_speed SCHEMA.json ROWS.tsv SECRET OUT.json [ROUNDS]
//!
//! The table has no header and a tab between cells; reading it is not timed. The best of the
//! rounds counts; each starts with empty memories.

#![expect(clippy::print_stdout, reason = "an example prints what it measured")]

use std::error::Error;
use std::time::Instant;

use linkage::encode::clkhash::{ClkEncoder, ClkSchema, ClkSecret};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [schema, rows, secret, out, rounds @ ..] = arguments.as_slice() else {
        return Err("expected SCHEMA.json ROWS.tsv SECRET OUT.json [ROUNDS]".into());
    };
    let schema = ClkSchema::from_json(&std::fs::read_to_string(schema)?)?;
    let table = std::fs::read_to_string(rows)?;
    let rows: Vec<Vec<&str>> = table.lines().map(|line| line.split('\t').collect()).collect();
    let encoder = ClkEncoder::new(schema, &ClkSecret::new(secret.clone().into_bytes()));
    let mut best = f64::INFINITY;
    for round in 0..rounds.first().map_or(Ok(3), |rounds| rounds.parse())?.max(1) {
        let started = Instant::now();
        let clks = encoder.encode(&rows)?;
        best = best.min(started.elapsed().as_secs_f64());
        if round == 0 {
            std::fs::write(out, clks.to_json())?;
        }
    }
    println!(
        "{{\"rows\": {}, \"threads\": {}, \"seconds\": {best:.4}, \"rows_per_second\": {:.0}}}",
        rows.len(),
        rayon::current_num_threads(),
        rows.len() as f64 / best
    );
    Ok(())
}
