//! How fast people are made, and in how much memory.
//!
//! In: how many people (5,500 when absent), a seed (1) and, as a third word, a folder to write to.
//! Out: people, seconds, people for each second and, where the system tells it, peak memory.

use std::io::Write as _;
use std::path::Path;
use std::time::Instant;

use simulation::{Plan, generate, simulate};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut words = std::env::args().skip(1);
    let usual = Plan::default();
    let people = words.next().map_or(Ok(usual.people), |word| word.parse())?;
    let seed = words.next().map_or(Ok(usual.seed), |word| word.parse())?;
    let plan = Plan { people, seed, ..usual };
    let started = Instant::now();
    let (mut rows, mut bytes) = (0u64, 0usize);
    let summary = match words.next() {
        Some(out) => simulate(&plan, Path::new(&out), &mut |_| ())?,
        None => generate(&plan, &mut |row| {
            rows += 1;
            bytes += row.cells.iter().map(|cell| cell.len()).sum::<usize>();
        })?,
    };
    let seconds = started.elapsed().as_secs_f64();
    let mut out = std::io::stdout().lock();
    writeln!(out, "{people} people, {seconds:.3} s, {:.0} people/s", people as f64 / seconds)?;
    writeln!(out, "{rows} rows, {bytes} bytes handed over; {} listed", summary.people_listed)?;
    // Linux says how much memory was in use at most.
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    if let Some(peak) = status.lines().find(|line| line.starts_with("VmHWM")) {
        writeln!(out, "peak memory {}", peak.trim_start_matches("VmHWM:").trim())?;
    }
    Ok(())
}
