//! How accurate a noisy table is: `cargo run --release -p disclosure --example noisy_accuracy -- RHO
//! PEOPLE CODES…`. Made-up rows, skewed, and sparse where the table is large.

use std::io::Write;

use disclosure::noise::NoiseSource;
use disclosure::noisy::{NoisyDesign, NoisyQuestion, measure};
use disclosure::{PublishedValue, Rows, Schema, SchemaColumn};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [rho, people, sizes @ ..] = arguments.as_slice() else {
        return Err("RHO PEOPLE CODES…".into());
    };
    let people: usize = people.parse()?;
    let sizes = sizes.iter().map(|size| size.parse()).collect::<Result<Vec<usize>, _>>()?;
    let schema = Schema {
        columns: sizes
            .iter()
            .enumerate()
            .map(|(index, size)| SchemaColumn {
                name: format!("c{index}"),
                categories: (1..*size).map(|category| format!("k{category}")).collect(),
            })
            .collect(),
    };
    let rows = rows(&schema, people);
    let question = NoisyQuestion {
        name: "accuracy".to_owned(),
        counted: "people".to_owned(),
        dimensions: schema.columns.iter().map(|column| column.name.clone()).collect(),
        groups: Vec::new(),
        structural_zeros: Vec::new(),
        rows_per_person: 1,
    };
    let design = NoisyDesign::new(&schema, question, rho.parse()?)?;
    let trials = 20;
    let mut out = std::io::stdout().lock();
    let accuracy = design.accuracy();
    let mut found = vec![(0.0, 0.0, 0.0, 0.0); accuracy.len()];
    for trial in 0..trials {
        let table = measure(&design, &rows, &mut NoiseSource::test(trial))?.fit();
        for cell in &table.table().cells {
            let PublishedValue::Noised { value, low, high } = cell.value else { continue };
            let true_count = count(&rows, &cell.at);
            let kept: Vec<String> = cell
                .at
                .iter()
                .enumerate()
                .filter_map(|(axis, place)| place.map(|_| format!("c{axis}")))
                .collect();
            let Some(place) = accuracy.iter().position(|margin| margin.dimensions == kept) else {
                continue;
            };
            let off = value as f64 - true_count as f64;
            let share = 1.0 / (trials as f64 * accuracy[place].cells as f64);
            found[place].0 += off * share;
            found[place].1 += off * off * share;
            found[place].2 += share * f64::from(u8::from(low <= true_count && true_count <= high));
            found[place].3 += off.abs() * share;
        }
    }
    writeln!(out, "margin cells told-deviation root-mean-square mean-absolute mean-off covered")?;
    for (margin, (off, square, covered, absolute)) in accuracy.iter().zip(found) {
        writeln!(
            out,
            "{:12} {:6} {:8.3} {:8.3} {:8.3} {:8.3} {:.4}",
            margin.dimensions.join("×"),
            margin.cells,
            margin.standard_deviation,
            f64::sqrt(square),
            absolute,
            off,
            covered
        )?;
    }
    Ok(())
}

fn count(rows: &Rows, at: &[Option<usize>]) -> u64 {
    let fits = |row: &usize| {
        at.iter().enumerate().all(|(axis, place)| {
            place.is_none_or(|place| usize::from(rows.column(axis)[*row]) == place)
        })
    };
    (0..rows.count()).filter(fits).count() as u64
}

fn rows(schema: &Schema, people: usize) -> Rows {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    let column = |column: &SchemaColumn| {
        (0..people).map(|_| (next() * next() * next() * column.codes() as f64) as u16).collect()
    };
    let columns = schema.columns.iter().map(column).collect();
    Rows::new(schema.clone(), columns)
}
