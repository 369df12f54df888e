//! Encodes a CSV file of people, agency by agency, links the codes, and scores the people found.
//!
//! `cargo run --release -p linkage --example encoded -- people.csv [keep.clks]`
//!
//! The file has the columns `agency` and `truth_id`; the truth is read for scoring alone. With a
//! second file the encodings are kept there, to be read the next time.

#![expect(clippy::print_stdout, reason = "an example that prints")]

use std::collections::BTreeMap;
use std::collections::HashMap;
use std::error::Error;
use std::path::PathBuf;
use std::time::Instant;

use linkage::encode::hardened::{
    About, DiffusionSettings, EncodedTable, Permission, PersonRecord, encode,
};
use linkage::encode::{PERSON_COLUMNS, PeopleCells};
use linkage::{ClusterSettings, EncodedSettings, LinkageKey, calibration, link_encoded, score};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let path = arguments.first().ok_or("expected PEOPLE.csv [DIRECTORY]")?;
    let file = std::fs::read(path)?;
    let truth_cells = PeopleCells::read(&file, &["truth_id", "agency"])?;
    let mut agencies: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for row in 0..truth_cells.len() {
        agencies.entry(truth_cells.row(row)[1]).or_default().push(row);
    }
    let mut tables = Vec::new();
    // The row names say which row of the file each is: for scoring.
    let mut row_of: HashMap<[u8; 16], usize> = HashMap::new();
    let started = Instant::now();
    let people = PeopleCells::read(&file, &PERSON_COLUMNS)?;
    let numbers: Vec<String> = (0..people.len()).map(|row| row.to_string()).collect();
    let mut counter = 0_u64;
    for (agency, rows) in &agencies {
        let kept = arguments.get(1).map(|dir| PathBuf::from(dir).join(format!("{agency}.clk")));
        let record = |row: &usize| PersonRecord {
            rec_id: &numbers[*row],
            cells: people.person(*row).1,
            permission: Permission::Unattached,
        };
        let mut random = |bytes: &mut [u8]| {
            counter += 1;
            bytes.fill(7);
            bytes[..8].copy_from_slice(&counter.to_le_bytes());
            Ok(())
        };
        if let Some(kept) = kept.as_ref().filter(|kept| kept.exists()) {
            tables.push(EncodedTable::read(kept)?);
            let names = std::fs::read_to_string(kept.with_extension("rows"))?;
            row_of.extend(
                tables
                    .last()
                    .iter()
                    .flat_map(|table| table.rec_ids.iter().copied())
                    .zip(names.lines().filter_map(|line| line.parse().ok())),
            );
            continue;
        }
        let records: Vec<PersonRecord> = rows.iter().map(record).collect();
        let key = LinkageKey::new([7; 32]);
        let settings = DiffusionSettings::BUILT_IN;
        let (table, mapping) = encode(
            &key,
            About { agency, period: "study", key_fingerprint: "study" },
            &records,
            settings,
            &mut random,
        )?;
        let mut own = HashMap::new();
        for (number, name) in mapping.pairs() {
            own.insert(*name, number.parse::<usize>()?);
        }
        if let Some(kept) = kept {
            table.write(&kept)?;
            let lines: Vec<String> =
                table.rec_ids.iter().map(|name| own[name].to_string()).collect();
            std::fs::write(kept.with_extension("rows"), lines.join("\n"))?;
        }
        row_of.extend(own);
        tables.push(table);
    }
    drop(people);
    let mut persons: HashMap<&str, u32> = HashMap::new();
    let mut truth = Vec::new();
    for name in tables.iter().flat_map(|table| &table.rec_ids) {
        let person = truth_cells.row(row_of[name])[0];
        let next = persons.len() as u32;
        truth.push(*persons.entry(person).or_insert(next));
    }
    println!("{:>8.3} s encoded or read", started.elapsed().as_secs_f64());
    let started = Instant::now();
    let mut phases = Vec::new();
    let settings = EncodedSettings {
        clusters: ClusterSettings { draws: 20, ..ClusterSettings::default() },
        exact: std::env::var_os("EXACT").is_some(),
        ..EncodedSettings::default()
    };
    let found = link_encoded(&tables, &settings, &mut |phase| {
        phases.push((phase, Instant::now()));
    })?;
    let end = Instant::now();
    for (at, (phase, from)) in phases.iter().enumerate() {
        let to = phases.get(at + 1).map_or(end, |next| next.1);
        println!("{:>8.3} s {phase:?}", (to - *from).as_secs_f64());
    }
    println!("{:>8.3} s in all; {} MiB", started.elapsed().as_secs_f64(), peak_mib());
    let linked = &found.linked;
    let scores = score(&linked.clusters.cluster_of, &truth, &found.agency);
    let same =
        |pair: &&linkage::ScoredPair| truth[pair.first as usize] == truth[pair.second as usize];
    println!(
        "{} candidates, {} cut, {} scored, {} of one person",
        found.candidates,
        found.pairs_cut,
        found.pairs.len(),
        found.pairs.iter().filter(same).count()
    );
    println!(
        "threshold {:.2} shift {:.2} penalties {:?}",
        linked.threshold, linked.shift, linked.penalties
    );
    println!("{:#?}", scores);
    let count = linked.clusters.clusters;
    let mut counts: Vec<_> = linked.draws.iter().map(|draw| draw.persons).collect();
    counts.sort_unstable();
    println!(
        "{count} persons, {:+.2} %; draws {:?} to {:?}",
        100.0 * (f64::from(count) / scores.persons_true as f64 - 1.0),
        counts.first(),
        counts.last()
    );
    println!(
        "{} persons counted ({} to {}), {:+.2} %; {:.3} of the merges seen",
        found.count.persons,
        found.count.low,
        found.count.high,
        100.0 * (found.count.persons as f64 / scores.persons_true as f64 - 1.0),
        found.seen
    );
    oracle(&found.pairs, &truth);
    for bin in calibration(&found.pairs, &truth, &found.agency, &linked.penalties) {
        println!("{:.1} {:>8} {:.3} {:.3}", bin.from, bin.pairs, bin.predicted, bin.observed);
    }
    Ok(())
}

/// The best F1 that any threshold on pairs would have given, to see what the threshold costs.
fn oracle(pairs: &[linkage::ScoredPair], truth: &[u32]) {
    let mut sizes: HashMap<u32, usize> = HashMap::new();
    truth.iter().for_each(|person| *sizes.entry(*person).or_default() += 1);
    let true_pairs: usize = sizes.values().map(|size| size * (size - 1) / 2).sum();
    let mut sorted: Vec<&linkage::ScoredPair> = pairs.iter().collect();
    sorted.sort_unstable_by(|a, b| b.log_odds.total_cmp(&a.log_odds));
    let (mut right, mut best, mut at) = (0_u32, 0.0, 0.0);
    for (found, pair) in (1_u32..).zip(sorted) {
        right += u32::from(truth[pair.first as usize] == truth[pair.second as usize]);
        let f1 = 2.0 * f64::from(right) / (f64::from(found) + true_pairs as f64);
        if f1 > best {
            (best, at) = (f1, pair.log_odds);
        }
    }
    println!("{true_pairs} true pairs; best F1 of pairs with the truth {best:.4} at {at:.2}");
}

fn peak_mib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM"));
    let kib = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok());
    kib.unwrap_or_default() / 1024
}
