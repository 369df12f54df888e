//! Seconds of processor time and memory that bootstraps take; `benches/peers/estimate` sets them
//! beside other programs' seconds.
//!
//!     cargo run --release -p estimation --example bootstrap_speed -- [REPLICATES]
//!
//! Each row: what, table, replicates, processor seconds of all threads, estimate, lower and upper
//! end of the interval at 95 %, most memory so far in MiB. Linux only: times and memory are the
//! kernel's.

use std::error::Error;

use estimation::bootstrap::{
    Bootstrap, Candidates, Resampling, bootstrap_lowest_bic, bootstrap_stepwise,
};
use estimation::loglinear::STEPWISE_THRESHOLD;
use estimation::{CaptureHistories, read_histories};

/// Processor time comes in ticks of a hundredth of a second: what is short is done again until it
/// has taken so many.
const LEAST_SECONDS: f64 = 1.0;

fn main() -> Result<(), Box<dyn Error>> {
    let replicates: usize = std::env::args().nth(1).map_or(Ok(1000), |count| count.parse())?;
    print("what,table,replicates,cpu_seconds,population,low,high,peak_mib");
    for name in ["Korea", "Kosovo", "UKdat_5"] {
        let histories = table(name)?;
        for replicates in [replicates, 20 * replicates] {
            measure("stepwise", name, replicates, |resampling| {
                Ok(bootstrap_stepwise(&histories, STEPWISE_THRESHOLD, resampling)?)
            })?;
        }
    }
    for (name, order) in [("Korea", 2), ("Kosovo", 3), ("UKdat_5", 2), ("UKdat_5", 3)] {
        let histories = table(name)?;
        for (what, candidates) in
            [("bic-top-100", Candidates::Best(100)), ("bic-all", Candidates::All)]
        {
            let what = format!("{what}-order-{order}");
            measure(&what, name, replicates, |resampling| {
                bootstrap_lowest_bic(&histories, order, candidates, resampling)
                    .ok_or_else(|| "no estimate".into())
            })?;
        }
    }
    Ok(())
}

fn table(name: &str) -> Result<CaptureHistories, Box<dyn Error>> {
    let path = format!("{}/data/published/{name}.csv", env!("CARGO_MANIFEST_DIR"));
    let mut read = read_histories(&std::fs::read(path)?, None)?;
    Ok(read.tables.remove(0).histories)
}

fn measure(
    what: &str,
    name: &str,
    replicates: usize,
    bootstrap: impl Fn(Resampling) -> Result<Bootstrap, Box<dyn Error>>,
) -> Result<(), Box<dyn Error>> {
    let resampling = Resampling { replicates, seed: 1 };
    let (start, mut rounds) = (cpu_seconds()?, 0.0);
    let (found, seconds) = loop {
        let found = bootstrap(resampling)?;
        rounds += 1.0;
        let taken = cpu_seconds()? - start;
        if taken >= LEAST_SECONDS {
            break (found, taken / rounds);
        }
    };
    let interval = found.interval(0.95);
    print(&format!(
        "{what},{name},{replicates},{seconds:.4},{:.1},{:.1},{:.1},{:.1}",
        found.population,
        interval.low,
        interval.high,
        peak_mib()?
    ));
    Ok(())
}

/// User and system time of all threads so far.
fn cpu_seconds() -> Result<f64, Box<dyn Error>> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    // The program's name, in brackets, may hold blanks.
    let after = stat.rsplit(')').next().ok_or("no name")?;
    let ticks = after.split_whitespace().skip(11).take(2).map(str::parse::<f64>);
    Ok(ticks.sum::<Result<f64, _>>()? / 100.0)
}

fn peak_mib() -> Result<f64, Box<dyn Error>> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
    let kib: f64 = line.trim().trim_end_matches("kB").trim().parse()?;
    Ok(kib / 1024.0)
}

#[expect(clippy::print_stdout, reason = "it is what the program is for")]
fn print(line: &str) {
    println!("{line}");
}
