//! How long it takes to take records in, and to read them back.
//!
//! In: how many (`cargo run --release -p store --example import_million -- 1000000`). Out: seconds
//! for each step and the most memory held, where the system says it. The people are made up from
//! their number; the keys come in no order, as those of a case system do.

#![expect(clippy::print_stdout, reason = "an example prints what it measures")]

use std::ops::ControlFlow;
use std::time::Instant;

use records::record::{AgencyRecord, Columns, Field, OpaqueIds, RecordKind};
use store::{NewImport, OwnKeys, RecordOrder, RecordsKey, Scope, Store, StoreError};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let many: u64 = std::env::args().nth(1).map_or(Ok(100_000), |text| text.parse())?;
    let folder = tempfile::tempdir()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let store = Store::open(folder.path()).await?;
        let scope = Scope::command_line("measure");
        let (ids, key) = (OpaqueIds::new([7; 32]), RecordsKey::new(&[7; 32]));
        let keys = OwnKeys { ids: &ids, records: &key };
        let at = "2026-11-22T10:00:00Z".parse()?;
        let started = Instant::now();
        let read = victims(many, "adult").filter(|record| record.is_ok()).count();
        println!("{read} records made: {:.1} s", started.elapsed().as_secs_f64());
        for (digest, age) in [("first", "adult"), ("the same again", "adult"), ("other", "minor")] {
            let new = NewImport {
                digest: digest.to_owned(),
                file_name: "victims.csv".to_owned(),
                kind: RecordKind::Victim,
                format: "csv".to_owned(),
                definition_version: "2026.1".to_owned(),
            };
            let started = Instant::now();
            let outcome = store.import_records(&scope, &new, keys, victims(many, age), at).await?;
            println!("{digest}: {outcome:?}, {:.1} s", started.elapsed().as_secs_f64());
        }
        let started = Instant::now();
        store.withdraw_import(&scope, 3, "measured", at).await?;
        println!("taken back: {:.1} s", started.elapsed().as_secs_f64());
        let started = Instant::now();
        store.restore_import(&scope, 3, "measured", at).await?;
        println!("brought back: {:.1} s", started.elapsed().as_secs_f64());
        for order in [RecordOrder::AsTheyCame, RecordOrder::ByPerson] {
            let started = Instant::now();
            let mut seen = 0_u64;
            let mut visit = |_: AgencyRecord| {
                seen += 1;
                ControlFlow::Continue(())
            };
            let kind = RecordKind::Victim;
            store.for_each_record(&scope, &key, kind, None, order, &mut visit).await?;
            let seconds = started.elapsed().as_secs_f64();
            println!("{seen} read back {order:?}: {seconds:.1} s");
        }
        let started = Instant::now();
        let quarters = store.record_counts(&scope).await?.len();
        println!("counted in {quarters} quarters: {:.1} s", started.elapsed().as_secs_f64());
        let started = Instant::now();
        let open = store.follow_ups(&scope, &key).await?.len();
        println!("{open} open tasks: {:.1} s", started.elapsed().as_secs_f64());
        store.close().await;
        Ok::<(), Box<dyn std::error::Error>>(())
    })?;
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    for line in status.lines().filter(|line| line.starts_with("VmHWM")) {
        println!("{line}");
    }
    Ok(())
}

/// Made-up people, one row each.
fn victims(many: u64, age: &str) -> impl Iterator<Item = Result<AgencyRecord, StoreError>> {
    let header: Vec<&str> = Field::of(RecordKind::Victim).iter().map(|field| field.name).collect();
    let columns = Columns::of(RecordKind::Victim, "victims.csv", &header);
    let age = age.to_owned();
    (1..=many).filter_map(move |number| {
        let day = format!("2026-{:02}-{:02}", number % 12 + 1, number % 28 + 1);
        let reference = format!("V-{:08x}", number.wrapping_mul(0x9e37_79b9) as u32);
        let cells: Vec<String> = header
            .iter()
            .map(|name| match *name {
                "reference" => reference.clone(),
                "given_name" => format!("Given {}", number % 5000),
                "surname" => format!("Surname {}", number % 40_000),
                "birth_date" => format!("{}-{:02}-{:02}", 1960 + number % 40, number % 12 + 1, 9),
                "phone" => format!("555-{number:07}"),
                "postcode" => format!("9{:04}", number % 6000),
                "counted_as" => "victim_served".to_owned(),
                "date" => day.clone(),
                "trafficking_type" if number % 50 == 0 => "not_yet_classified".to_owned(),
                "trafficking_type" => "sex".to_owned(),
                "age" => age.clone(),
                _ => String::new(),
            })
            .collect();
        let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
        columns.as_ref().ok()?.record(number, &cells, &mut Vec::new()).map(Ok)
    })
}
