//! Aggregates, and every attack on made-up releases, of a file of rows.
//!
//! `time cargo run --release -p disclosure --example gate_speed ROWS.csv SCHEMA.json PART`
//!
//! PART: `aggregates` counts combinations of three columns; `same` attacks the rows themselves as
//! if they were synthetic; `halves` attacks one half of the rows with the other half released.

use std::error::Error;
use std::fs::{File, read_to_string};

use disclosure::aggregates::{AggregatePlan, aggregates};
use disclosure::attacks::AuditOutcome;
use disclosure::gate::{Candidate, Limits, check};
use disclosure::{PublishedTable, Rows, Schema, read_rows};

#[expect(clippy::print_stdout, reason = "an example prints what it found")]
fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [rows, schema, part] = arguments.as_slice() else {
        return Err("expected ROWS.csv SCHEMA.json aggregates|same|halves".into());
    };
    let schema = Schema::read(&read_to_string(schema)?).map_err(|faults| format!("{faults:?}"))?;
    let rows = read_rows(File::open(rows)?, schema)?;
    let plan = AggregatePlan { k: 10, precision: 10, length: 3 };
    let gate = |release: Candidate, rows: &Rows| {
        let audit = |_: &[&PublishedTable], _: &_| Ok(AuditOutcome { hidden: 0, recovered: 0 });
        check(&release, &[], rows, &Limits::default(), &audit)
    };
    match part.as_str() {
        "aggregates" => {
            let counted = aggregates(&rows, plan).map_err(|faults| format!("{faults:?}"))?;
            println!("{} combinations", counted.combinations.len());
        }
        "gate-aggregates" => {
            let counted = aggregates(&rows, plan).map_err(|faults| format!("{faults:?}"))?;
            println!("{}", gate(Candidate::Aggregates(counted), &rows));
        }
        "same" => {
            println!("{}", gate(Candidate::Microdata { rows: rows.clone(), rho: None }, &rows))
        }
        "halves" => {
            let half = |odd: usize| {
                let columns = (0..rows.schema().columns.len())
                    .map(|column| {
                        rows.column(column).iter().copied().skip(odd).step_by(2).collect()
                    })
                    .collect();
                Rows::new(rows.schema().clone(), columns)
            };
            println!("{}", gate(Candidate::Microdata { rows: half(1), rho: None }, &half(0)));
        }
        _ => return Err("expected aggregates, gate-aggregates, same or halves".into()),
    }
    Ok(())
}
