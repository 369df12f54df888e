//! How well the distances of the hardened form part the same person from others.
//!
//!     encode_study PEOPLE.csv [BITS INPUTS]
//!
//! The file has a column `truth_id`, which only this study reads. Candidate pairs are rows that
//! share an exact key whose block has at most 200 rows. Prints how many of the true pairs are among
//! them, the rows a second, and for every group the distances of the same person and of others.

#![expect(clippy::print_stdout, reason = "an example prints what it measured")]

use std::collections::HashMap;
use std::error::Error;
use std::time::Instant;

use linkage::LinkageKey;
use linkage::ReadSettings;
use linkage::encode::PeopleCells;
use linkage::encode::hardened::{
    About, DiffusionSettings, EncodedTable, GROUPS, KINDS, Permission, PersonRecord, encode,
    os_random,
};

const LARGEST_BLOCK: usize = 200;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let path = arguments.first().ok_or("expected PEOPLE.csv [BITS INPUTS]")?;
    let settings = match arguments.get(1..3) {
        Some([bits, inputs]) => {
            DiffusionSettings { outer_bits: bits.parse()?, inputs: inputs.parse()? }
        }
        _ => DiffusionSettings::BUILT_IN,
    };
    let file = std::fs::read(path)?;
    let people = PeopleCells::people(&file, &ReadSettings::default())?;
    let truth = PeopleCells::read(&file, &["truth_id"])?;
    let numbers: Vec<String> = (0..people.len()).map(|row| row.to_string()).collect();
    let record = |row: usize| PersonRecord {
        rec_id: &numbers[row],
        cells: people.person(row).1,
        permission: Permission::Unattached,
    };
    let records: Vec<PersonRecord> = (0..people.len()).map(record).collect();
    let key = LinkageKey::new([7; 32]);
    let about = About { agency: "study", period: "study", key_fingerprint: "study" };
    let started = Instant::now();
    let (table, mapping) = encode(&key, about, &records, settings, os_random)?;
    let seconds = started.elapsed().as_secs_f64();
    println!("{settings:?}\n{} rows, {:.0} a second", table.len(), table.len() as f64 / seconds);

    let rows = mapping.pairs().map(|(number, _)| Ok(truth.row(number.parse()?)[0]));
    let persons: Vec<&str> = rows.collect::<Result<_, Box<dyn Error>>>()?;
    let mut sizes: HashMap<&str, usize> = HashMap::new();
    persons.iter().for_each(|person| *sizes.entry(person).or_default() += 1);
    let true_pairs: usize = sizes.values().map(|size| size * (size - 1) / 2).sum();
    let pairs = candidates(&table);
    let found = pairs.iter().filter(|(one, other)| persons[*one] == persons[*other]).count();
    println!("{} candidate pairs; {found} of {true_pairs} true pairs", pairs.len());
    println!("\nexact key                bits of two persons");
    for kind in 0..KINDS {
        let values = (0..table.len())
            .flat_map(|row| table.keys_of(row, kind).iter().map(move |&key| (vec![key], row)))
            .filter(|(key, _)| key[0] != 0)
            .collect();
        println!("{:24} {:8.1}", table.header.kinds[kind].0, collision_bits(values, &persons));
    }
    println!(
        "\ngroup                    present   same: 50%   75%   90%   others: 10%   25%   50%   bits"
    );
    for group in 0..GROUPS {
        let mut distances = [Vec::new(), Vec::new()];
        for &(one, other) in &pairs {
            if let Some(distance) = table.distance(one, &table, other, group) {
                distances[usize::from(persons[one] != persons[other])].push(distance);
            }
        }
        let [same, others] = &mut distances;
        let present = (0..table.len()).filter(|&row| table.has(row, group)).count();
        println!(
            "{:24} {:8.3} {:11.3} {:5.3} {:5.3} {:13.3} {:5.3} {:5.3} {:6.1}",
            table.header.groups[group],
            present as f64 / table.len() as f64,
            quantile(same, 0.5),
            quantile(same, 0.75),
            quantile(same, 0.9),
            quantile(others, 0.1),
            quantile(others, 0.25),
            quantile(others, 0.5),
            collision_bits(
                (0..table.len())
                    .filter(|&row| table.has(row, group))
                    .map(|row| (table.groups[group].row(row).to_vec(), row))
                    .collect(),
                &persons
            )
        );
    }
    Ok(())
}

fn candidates(table: &EncodedTable) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    for kind in 0..KINDS {
        let mut keyed: Vec<(u64, usize)> = (0..table.len())
            .flat_map(|row| table.keys_of(row, kind).iter().map(move |&key| (key, row)))
            .filter(|(key, _)| *key != 0)
            .collect();
        keyed.sort_unstable();
        keyed.dedup();
        for block in keyed.chunk_by(|one, other| one.0 == other.0) {
            if block.len() <= LARGEST_BLOCK {
                for (at, one) in block.iter().enumerate() {
                    pairs.extend(block[at + 1..].iter().map(|other| (one.1, other.1)));
                }
            }
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

/// `-log₂` of the chance that two different persons have the same value.
fn collision_bits(mut values: Vec<(Vec<u64>, usize)>, persons: &[&str]) -> f64 {
    values.sort_unstable();
    values.dedup();
    let rows = values.len() as f64;
    let meetings = values.chunk_by(|one, other| one.0 == other.0).map(|block| {
        let mut of_person: HashMap<&str, u64> = HashMap::new();
        block.iter().for_each(|(_, row)| *of_person.entry(persons[*row]).or_default() += 1);
        let all = (block.len() as u64).pow(2);
        all - of_person.values().map(|count| count * count).sum::<u64>()
    });
    -(meetings.sum::<u64>() as f64 / (rows * rows)).log2()
}

fn quantile(values: &mut [f32], share: f64) -> f32 {
    values.sort_unstable_by(f32::total_cmp);
    values.get(((values.len() as f64 - 1.0) * share) as usize).copied().unwrap_or(f32::NAN)
}
