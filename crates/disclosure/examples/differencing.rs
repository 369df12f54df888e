//! Finds one person by the difference of quarterly releases: k-anonymous ones, then noised ones.
//!
//! `cargo run --release -p disclosure --example differencing [ROWS.csv SCHEMA.json]`
//!
//! Without files the population is made up. 300 trials, seed 1; prints each attacker's success.

#![expect(clippy::print_stdout, reason = "an example prints what it found")]

use std::error::Error;
use std::fs::{File, read_to_string};

use disclosure::aggregates::{AggregatePlan, aggregates};
use disclosure::attacks::{
    Attack, Growth, NoisyCounts, Stop, Trials, differencing_exact, differencing_noised,
    k_anonymous_rows, quasi_identifiers,
};
use disclosure::noise::{DiscreteGaussian, NoiseSource};
use disclosure::{Rows, Schema, SchemaColumn, read_rows};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

const RHO: f64 = 0.25;
const QUARTERS: usize = 12;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let population = match arguments.as_slice() {
        [rows, schema] => {
            let schema =
                Schema::read(&read_to_string(schema)?).map_err(|faults| format!("{faults:?}"))?;
            read_rows(File::open(rows)?, schema)?
        }
        _ => made_up(40_000),
    };
    let stop = Stop::default();
    let trials = Trials { number: 300, seed: 1, stop: &stop };
    // Four fifths of the population in two quarters, for what is published of tens of thousands.
    let most = population.count() * 4 / 5;
    let two = Growth { at_start: most * 19 / 20, added: most / 20, releases: 2 };
    // A state's 4,000 people and 250 more each quarter.
    let twelve = Growth { at_start: 4000, added: 250, releases: QUARTERS };

    let known: Vec<usize> =
        quasi_identifiers(population.schema(), &[])?.into_iter().take(3).collect();
    let names: Vec<&str> =
        known.iter().map(|&column| population.schema().columns[column].name.as_str()).collect();
    let rows = |rows: &Rows| k_anonymous_rows(rows, &known, 11);
    say(
        &format!("two quarters, rows that 11 share in {names:?}"),
        &differencing_exact(&population, two, trials, rows)?,
    );
    let plan = AggregatePlan { k: 10, precision: 10, length: 3 };
    let counts = |rows: &Rows| aggregates(rows, plan).map(|shown| shown.combinations);
    say(
        "two quarters, counts of one to three columns, 10 and more, rounded down to tens",
        &differencing_exact(&population, two, trials, counts)?,
    );

    // One table a quarter: each person is in one cell, so σ² = quarters / (2 ρ) = 24, exactly.
    let noise = DiscreteGaussian::with_variance(QUARTERS as u64 * 2, 1)?;
    let sigma_squared = noise.variance();
    let release = |rows: &Rows, quarter: usize, seed: u64| {
        let mut source = NoiseSource::test(seed ^ quarter as u64);
        let codes = |column: usize| rows.schema().columns[column].codes();
        let mut counts = vec![0_i64; known.iter().map(|&column| codes(column)).product()];
        for row in 0..rows.count() {
            let cell = known.iter().fold(0, |cell, &column| {
                cell * codes(column) + usize::from(rows.column(column)[row])
            });
            counts[cell] += 1;
        }
        for count in &mut counts {
            // A source with a seed never runs out.
            *count += noise.draw(&mut source).unwrap_or_default();
        }
        vec![NoisyCounts { columns: known.clone(), sigma_squared, counts }]
    };
    say(
        &format!("{QUARTERS} quarters, {names:?} with noise, rho {RHO} in all"),
        &differencing_noised(&population, twelve, RHO, trials, release)?,
    );
    let bound = 0.5 + 0.5 * (RHO / 2.0).sqrt();
    println!("the bound 1/2 + 1/2 sqrt(rho/2) is {bound:.3}");
    Ok(())
}

fn say(what: &str, attack: &Attack) {
    let [low, high] = attack.interval;
    println!(
        "{what}: right {:.3} ({low:.3} to {high:.3}) in {} trials",
        attack.success, attack.trials
    );
}

/// Gender, age, citizenship and year with few people in many cells, and three secrets.
fn made_up(number: usize) -> Rows {
    let sizes = [("gender", 3), ("age", 8), ("citizenship", 12), ("a", 2), ("b", 3), ("c", 4)];
    let columns = sizes
        .iter()
        .map(|&(name, size)| SchemaColumn {
            name: name.to_owned(),
            categories: (1..=size).map(|code| code.to_string()).collect(),
        })
        .collect();
    let mut draws = ChaCha8Rng::seed_from_u64(7);
    let mut below = |end: u64| ((u64::from(draws.next_u32()) * end) >> 32) as u16;
    let mut codes = vec![Vec::with_capacity(number); sizes.len()];
    for _ in 0..number {
        for (codes, &(_, size)) in codes.iter_mut().zip(&sizes) {
            // The smaller of two: early categories are frequent, the last are rare.
            codes.push(1 + below(size).min(below(size)));
        }
    }
    Rows::new(Schema { columns }, codes)
}
