//! Case data: the same whatever the threads, true to their columns, and as hard to publish as they
//! are meant to be.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use simulation::{
    CaseColumn, CaseDataPlan, SimulationError, case_data, case_schema, write_case_data,
};

type Codes = [u16; 27];

fn made(rows: u64, seed: u64) -> Vec<Codes> {
    let mut made = Vec::new();
    let told = case_data(&CaseDataPlan { rows, seed }, &mut |row| {
        made.push(*row.codes());
        Ok(())
    });
    told.unwrap();
    made
}

fn at(name: &str) -> usize {
    case_schema().unwrap().iter().position(|column| column.name == name).unwrap()
}

/// How many rows have each combination of some columns.
fn counts(rows: &[Codes], columns: &[usize]) -> BTreeMap<Vec<u16>, u32> {
    let mut counts = BTreeMap::new();
    for row in rows {
        let key = columns.iter().map(|&column| row[column]).collect();
        *counts.entry(key).or_default() += 1;
    }
    counts
}

/// The total variation between two columns' joint distribution and that of independent ones.
fn dependence(rows: &[Codes], first: usize, second: usize) -> f64 {
    let share = |count: u32| f64::from(count) / rows.len() as f64;
    let (ones, twos) = (counts(rows, &[first]), counts(rows, &[second]));
    let both = counts(rows, &[first, second]);
    let mut variation = 0.0;
    for (one, &count) in &ones {
        for (two, &other) in &twos {
            let joint = both.get(&vec![one[0], two[0]]).copied().unwrap_or_default();
            variation += (share(joint) - share(count) * share(other)).abs() / 2.0;
        }
    }
    variation
}

#[test]
fn threads_change_nothing_seeds_do_and_a_longer_file_begins_with_the_shorter() {
    let with = |threads: usize, rows, seed| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| made(rows, seed))
    };
    let one = with(1, 9_000, 1);
    assert!(one == with(3, 9_000, 1) && one != with(3, 9_000, 2));
    assert!(one[..5_000] == with(2, 5_000, 1));
}

#[test]
fn columns_are_those_of_the_codebook() {
    let columns = case_schema().unwrap();
    let categories: Vec<usize> = columns.iter().map(|column| column.categories.len()).collect();
    assert_eq!(categories[..6], [21, 3, 9, 150, 74, 3]);
    assert!(categories[6..].iter().all(|&count| count == 1) && categories.len() == 27);
    let ends = |column: &CaseColumn| {
        [column.categories.first().unwrap().clone(), column.categories.last().unwrap().clone()]
    };
    assert_eq!(ends(&columns[0]), ["2002", "2022"]);
    assert_eq!(ends(&columns[2]), ["0--8", "48+"]);
    let citizens: BTreeSet<&String> = columns[3].categories.iter().collect();
    assert!(columns[4].categories.iter().all(|place| citizens.contains(place)));
}

#[test]
fn codes_are_listed_and_a_type_needs_its_exploitation() {
    let columns = case_schema().unwrap();
    let (labor, sexual) = (at("isForcedLabour"), at("isSexualExploit"));
    let of = |prefix: &str| -> Vec<usize> {
        let named =
            columns.iter().enumerate().filter(|(_, column)| column.name.starts_with(prefix));
        named.map(|(at, _)| at).collect()
    };
    let (labor_types, sex_types) = (of("typeOfLabour"), of("typeOfSex"));
    let rows = made(20_000, 3);
    let mut seen = BTreeSet::new();
    for row in &rows {
        for (column, &code) in row.iter().enumerate() {
            assert!(usize::from(code) <= columns[column].categories.len());
            seen.insert((column, code > 0));
        }
        assert!(row[labor] == 1 || labor_types.iter().all(|&kind| row[kind] == 0));
        assert!(row[sexual] == 1 || sex_types.iter().all(|&kind| row[kind] == 0));
    }
    // Every flag is both set and not, and every column but the year is sometimes blank.
    assert!(seen.len() >= 53, "{}", seen.len());
}

#[test]
fn tables_have_the_small_cells_that_suppression_is_measured_on() {
    let rows = made(50_000, 1);
    let small = |columns: [&str; 3]| {
        let counts = counts(&rows, &columns.map(at));
        counts.values().filter(|&&count| count < 10).count()
    };
    let years = small(["yearOfRegistration", "ageBroad", "gender"]);
    let places = small(["CountryOfExploitation", "ageBroad", "gender"]);
    assert!((120..170).contains(&years), "{years}");
    assert!((850..1_050).contains(&places), "{places}");

    let mut citizens = counts(&rows, &[at("citizenship")]);
    citizens.remove(&vec![0]);
    let mut people: Vec<u32> = citizens.into_values().collect();
    people.sort_unstable_by(|one, other| other.cmp(one));
    assert!(people.len() > 135 && people[..10].iter().sum::<u32>() > 11_000);
    let rare = people.iter().filter(|&&count| count < 50).count();
    assert!((25..60).contains(&rare), "{rare}");
}

#[test]
fn columns_depend_on_each_other() {
    let rows = made(20_000, 1);
    let between = |first, second| dependence(&rows, at(first), at(second));
    for (first, second, least) in [
        ("citizenship", "CountryOfExploitation", 0.5),
        ("yearOfRegistration", "CountryOfExploitation", 0.3),
        ("gender", "isForcedLabour", 0.1),
        ("ageBroad", "isSexualExploit", 0.05),
        ("meansThreats", "meansAbusePsyPhySex", 0.05),
        ("CountryOfExploitation", "typeOfLabourConstruction", 0.015),
        // Blanks by contributor: who leaves out one part leaves out others.
        ("traffickMonths", "meansFalsePromises", 0.03),
        ("ageBroad", "citizenship", 0.15),
    ] {
        let found = between(first, second);
        assert!(found > least, "{first} and {second}: {found}");
    }
    // The measure itself: what is drawn apart from each other hardly differs from independence.
    let shifted: Vec<Codes> = (0..rows.len())
        .map(|row| {
            let mut codes = rows[row];
            codes[1] = rows[(row + 1) % rows.len()][1];
            codes
        })
        .collect();
    let apart = dependence(&shifted, at("gender"), at("isForcedLabour"));
    assert!(apart < 0.01, "{apart}");
}

#[test]
fn files_say_what_the_rows_say() {
    let folder = tempfile::tempdir().unwrap();
    let (out, schema) = (folder.path().join("cases.csv"), folder.path().join("cases.schema.json"));
    write_case_data(&CaseDataPlan { rows: 500, seed: 4 }, &out, &schema).unwrap();
    let columns = case_schema().unwrap();
    let json: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(&schema).unwrap()).unwrap();
    assert_eq!(json, serde_json::json!({ "columns": columns }));

    let mut reader = csv::Reader::from_path(&out).unwrap();
    let header: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    assert!(header.iter().eq(columns.iter().map(|column| &column.name)));
    let rows = made(500, 4);
    let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(records.len(), rows.len());
    for (record, codes) in records.iter().zip(&rows) {
        for ((cell, &code), column) in record.iter().zip(codes).zip(&columns) {
            let category = column.categories.iter().position(|known| known == cell);
            assert_eq!(category.map_or(0, |at| at + 1), usize::from(code));
            assert!(cell.is_empty() == (code == 0));
        }
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
}

#[test]
fn plans_that_cannot_be_made_and_sinks_that_refuse_end_it() {
    for rows in [0, 100_000_001] {
        let told = case_data(&CaseDataPlan { rows, seed: 1 }, &mut |_| Ok(()));
        assert!(matches!(told, Err(SimulationError::OutOfRange { value, .. }) if value == rows));
    }
    let mut seen = 0;
    let told = case_data(&CaseDataPlan::default(), &mut |_| {
        seen += 1;
        Err(SimulationError::BeyondCalendar)
    });
    assert!(told.is_err() && seen == 1);
}
