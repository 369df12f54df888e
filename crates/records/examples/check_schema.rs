//! Checks a CSV file against a schema and prints how long it took: `check_schema SCHEMA CSV`.
//!
//! With a third argument, problems are written there as one JSON document. The figures of
//! `benches/peers/check` can be had from it without the command line tool.

use std::{
    fs::File,
    io::{BufWriter, Write},
    time::Instant,
};

use records::{
    JsonStream,
    schema::{Schema, check},
};

#[expect(clippy::print_stdout, reason = "an example speaks to the terminal")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(schema), Some(file)) = (arguments.next(), arguments.next()) else {
        return Err("say which schema and which CSV file".into());
    };
    let out: Box<dyn Write> = match arguments.next() {
        Some(path) => Box::new(File::create(path)?),
        None => Box::new(std::io::sink()),
    };
    let schema = Schema::from_json(&std::fs::read(schema)?)?;
    let started = Instant::now();
    let mut stream = JsonStream::begin(BufWriter::new(out))?;
    let mut sink = |problem| stream.problem(&problem);
    let summary = check(File::open(&file)?, &schema, &file, &mut sink, &mut |_| ())?;
    stream.end(summary.rows, summary.ok)?;
    println!("{summary:?}");
    println!("seconds {:.3}", started.elapsed().as_secs_f64());
    if let Ok(status) = std::fs::read_to_string("/proc/self/status")
        && let Some(peak) = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))
    {
        println!("peak memory {}", peak.trim());
    }
    Ok(())
}
