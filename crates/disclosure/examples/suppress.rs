//! Suppresses tables of a file and says what it took, in CPU seconds.
//!
//! `suppress IN.csv SCHEMA.json --dimensions a,b,c [--dimensions a,d …] [--hierarchy COLUMN=FILE …]
//! [--threshold N] [--width N] [--rounds N] [--singletons]`

use std::ops::ControlFlow;

use disclosure::attacks::Stop;
use disclosure::tables::{Cube, Hierarchy, Rules, audit, suppress};
use disclosure::{PublishedValue, Schema, WhyHidden};

type Answer<T> = Result<T, Box<dyn std::error::Error>>;

#[expect(clippy::print_stdout, clippy::print_stderr, reason = "a program that prints figures")]
fn main() -> Answer<()> {
    let mut rules = Rules::default();
    let (mut files, mut dimensions, mut hierarchies) = (Vec::new(), Vec::new(), Vec::new());
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or("a value is missing");
        match argument.as_str() {
            "--dimensions" => dimensions.push(value()?),
            "--hierarchy" => hierarchies.push(value()?),
            "--threshold" => rules.threshold = value()?.parse()?,
            "--width" => rules.width = value()?.parse()?,
            "--rounds" => rules.rounds = value()?.parse()?,
            "--singletons" => rules.singletons = true,
            _ => files.push(argument),
        }
    }
    let [input, schema] = files.as_slice() else { return Err("IN.csv and SCHEMA.json".into()) };
    let schema = std::fs::read_to_string(schema)?;
    let schema = Schema::read(&schema).map_err(|faults| format!("{faults:?}"))?;
    let rows = disclosure::read_rows(std::fs::File::open(input)?, schema)?;
    let mut grouped = Vec::new();
    for hierarchy in &hierarchies {
        let (column, file) = hierarchy.split_once('=').ok_or("--hierarchy COLUMN=FILE")?;
        let column = rows.schema().column(column).ok_or("no such column")?;
        let hierarchy = Hierarchy::read(std::fs::File::open(file)?)?;
        grouped.push(hierarchy.dimension(&rows.schema().columns[column])?);
    }
    let names: Vec<String> = (1..=dimensions.len()).map(|table| format!("table-{table}")).collect();
    let dimensions: Vec<Vec<&str>> = dimensions.iter().map(|d| d.split(',').collect()).collect();
    let wanted: Vec<(&str, &[&str])> =
        names.iter().zip(&dimensions).map(|(name, d)| (name.as_str(), d.as_slice())).collect();

    let cube = Cube::of_people(&rows, &wanted, &grouped, "people")?;
    let innermost: Vec<usize> = (0..wanted.len()).map(|table| cube.innermost(table)).collect();
    println!("cells {}, innermost {innermost:?}", cube.cells());
    let start = cpu_seconds()?;
    let suppressed = suppress(&cube, &rules, |progress| {
        let took = cpu_seconds().unwrap_or_default() - start;
        eprintln!("round {}: cost {}, {took:.1} s", progress.round, progress.cost);
        ControlFlow::Continue(())
    })?;
    println!("{:?}", suppressed.report);
    let suppressing = cpu_seconds()? - start;
    println!("CPU seconds: suppress and audit from inside {suppressing:.2}");

    let mut exact = suppressed.tables.clone();
    let start = cpu_seconds()?;
    let audited = audit(&suppressed.tables, &rules, &Stop::default())?;
    let auditing = cpu_seconds()? - start;
    println!(
        "hidden {}, recovered {}, too narrow {}, exact intervals {}",
        audited.cells.len(),
        audited.recovered,
        audited.too_narrow,
        audited.cells.iter().filter(|cell| cell.exact).count()
    );
    let mut widths: Vec<u64> = audited
        .cells
        .iter()
        .map(|cell| cell.high.map_or(u64::MAX, |high| high - cell.low))
        .collect();
    widths.sort_unstable();
    let at = |part: usize| widths.get(widths.len() * part / 10);
    println!("widths of intervals: least {:?}, tenth {:?}, median {:?}", at(0), at(1), at(5));

    // What an attacker would find if small cells alone were hidden.
    for (number, table) in exact.iter_mut().enumerate() {
        for (cell, count) in table.cells.iter_mut().zip(cube.values(number)) {
            cell.value = match count {
                1.. if count < rules.threshold => PublishedValue::Hidden(WhyHidden::Suppressed),
                count => PublishedValue::Exact(count),
            };
        }
    }
    let alone = audit(&exact, &rules, &Stop::default())?;
    println!("small cells alone hidden: {} of {} recovered", alone.recovered, alone.cells.len());
    println!("CPU seconds: audit from outside {auditing:.3}");
    Ok(())
}

/// User and system time of all threads so far, from the scheduler of Linux.
fn cpu_seconds() -> Answer<f64> {
    let threads = std::fs::read_dir("/proc/self/task")?;
    let mut nanoseconds = 0_u64;
    for thread in threads {
        let text = std::fs::read_to_string(thread?.path().join("schedstat"))?;
        nanoseconds += text.split_whitespace().next().unwrap_or("0").parse::<u64>()?;
    }
    Ok(nanoseconds as f64 / 1e9)
}
