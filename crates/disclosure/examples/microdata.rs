//! How exact synthetic microdata are, for a file whose real rows may be looked at.
//!
//! `microdata FILE.csv SCHEMA.json EPSILON [RUNS [OUT.csv]]`: so many runs, the rows of the last into
//! a file. They are made with a seed and are not to be published.

#![expect(clippy::print_stdout, reason = "an example prints what it found")]

use disclosure::budget::Epsilon;
use disclosure::microdata::{MicrodataSettings, Spend, accuracy, synthesize};
use disclosure::noise::NoiseSource;
use disclosure::{Rows, Schema, read_rows};

/// Citizenships of fewer people than this are rare.
const RARE: usize = 50;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [file, schema, epsilon, more @ ..] = arguments.as_slice() else {
        return Err("microdata FILE.csv SCHEMA.json EPSILON [RUNS [OUT.csv]]".into());
    };
    let schema =
        Schema::read(&std::fs::read_to_string(schema)?).map_err(|faults| format!("{faults:?}"))?;
    let rows = read_rows(std::fs::File::open(file)?, schema)?;
    let epsilon = Epsilon::new(epsilon.parse()?)?;
    let runs: u64 = more.first().map_or(Ok(1), |runs| runs.parse())?;
    for run in 1..=runs {
        let spend = Spend::Epsilon { epsilon, delta: None, at_most: None };
        let settings = MicrodataSettings { spend, zeros: vec![] };
        let mut source = NoiseSource::test(run);
        let mut steps = vec![processor_seconds()];
        let synthetic = synthesize(&rows, &settings, &mut source, &mut |_| {
            steps.push(processor_seconds());
        })?;
        let took: Vec<String> =
            steps.windows(2).map(|pair| format!("{:.2}", pair[1] - pair[0])).collect();
        println!("processor seconds {:.2}: {}", processor_seconds() - steps[0], took.join(" "));
        let sheet = &synthetic.sheet;
        println!("run {run}: {} rows, rho {}, epsilon {:.3}", sheet.rows, sheet.rho, sheet.epsilon);
        for marginal in sheet.measured.iter().filter(|marginal| marginal.selected) {
            println!(
                "  selected {:?} sigma {:.1} expected {:.4}",
                marginal.columns, marginal.sigma, marginal.expected_total_variation
            );
        }
        for order in 1..=3 {
            let of = sheet.measured.iter().filter(|marginal| marginal.columns.len() == order);
            let noise: Vec<f64> = of.map(|marginal| marginal.noise_total_variation).collect();
            let mean = noise.iter().sum::<f64>() / noise.len().max(1) as f64;
            println!("  {order}-way measured: {}, noise of total variation {mean:.4}", noise.len());
        }
        compared(&rows, &synthetic.rows);
        if let Some(out) = more.get(1) {
            write(&synthetic.rows, out)?;
        }
    }
    Ok(())
}

fn write(rows: &Rows, out: &str) -> Result<(), Box<dyn std::error::Error>> {
    let mut writer = csv::Writer::from_path(out)?;
    let columns = &rows.schema().columns;
    writer.write_record(columns.iter().map(|column| column.name.as_str()))?;
    for row in 0..rows.count() {
        let word = |at: usize| columns[at].word(rows.column(at)[row]).unwrap_or_default();
        writer.write_record((0..columns.len()).map(word))?;
    }
    Ok(writer.flush()?)
}

/// Seconds of all cores that this process has used, where the system says so.
fn processor_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let ticks: Vec<f64> = stat.split(' ').filter_map(|word| word.parse().ok()).collect();
    ticks.get(11).zip(ticks.get(12)).map_or(f64::NAN, |(user, system)| (user + system) / 100.0)
}

fn compared(real: &Rows, synthetic: &Rows) {
    for order in 1..=3 {
        let found = accuracy(real, synthetic, order);
        println!(
            "  {order}-way: total variation {:.4}, worst {:.4}; fabricated {:.2} % of combinations, {:.3} % of the mass; missed {:.2} %",
            found.total_variation,
            found.worst_total_variation,
            100.0 * found.fabricated_share(),
            100.0 * found.fabricated_mass(),
            100.0 * found.missed_share(),
        );
    }
    if let Some(column) = real.schema().column("citizenship") {
        let codes = real.schema().columns[column].codes();
        let count = |rows: &Rows| {
            let mut counts = vec![0_usize; codes];
            rows.column(column).iter().for_each(|&code| counts[usize::from(code)] += 1);
            counts
        };
        let (real, synthetic) = (count(real), count(synthetic));
        let rare: Vec<usize> = (1..codes).filter(|&code| (1..RARE).contains(&real[code])).collect();
        let kept = rare.iter().filter(|&&code| synthetic[code] > 0).count();
        let invented = (1..codes).filter(|&code| real[code] == 0 && synthetic[code] > 0).count();
        println!("  {kept} of {} rare citizenships kept, {invented} invented", rare.len());
    }
}
