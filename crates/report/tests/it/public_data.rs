//! The data files: they say what the pages say, keep the rules of CSVW, and hide what is hidden.

use std::collections::BTreeMap;

use disclosure::{PublishedValue, Regime, Released, WhyHidden};
use proptest::prelude::*;
use report::public::{CellKind, Language, PublicDocument};
use serde_json::Value;

use crate::public_pages::{counties, site};
use crate::public_sample::{self, Sample};

/// A table's file: its header and its rows.
fn read(text: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let rows = reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect());
    (header, rows.collect())
}

/// The rules of "Metadata Vocabulary for Tabular Data" that a file can be held to.
#[test]
fn the_metadata_fit_their_files() {
    for sample in [public_sample::private(), public_sample::exact()] {
        let files = site(&sample).files;
        let metadata: Vec<_> =
            files.iter().filter(|(name, _)| name.ends_with("-metadata.json")).collect();
        assert_eq!(metadata.len(), sample.tables.len());
        for (name, text) in metadata {
            let metadata: Value = serde_json::from_str(text).unwrap();
            assert_eq!(metadata["@context"][0], "http://www.w3.org/ns/csvw");
            let url = metadata["url"].as_str().unwrap();
            assert_eq!(*name, format!("data/{url}-metadata.json"), "found by the default path");
            let (header, rows) = read(&files[&format!("data/{url}")]);
            let columns = metadata["tableSchema"]["columns"].as_array().unwrap();
            let names: Vec<&str> =
                columns.iter().map(|one| one["name"].as_str().unwrap()).collect();
            assert_eq!(names, header);
            for column in columns {
                let name = column["name"].as_str().unwrap();
                assert!(!name.starts_with('_'), "{name}: reserved");
                assert_eq!(column["titles"]["en"][0], *name, "a title must be the header");
                assert!(column["titles"]["es"][0].is_string());
            }
            let key = metadata["tableSchema"]["primaryKey"].as_array().unwrap();
            let mut keys: Vec<&[String]> = rows.iter().map(|row| &row[..key.len()]).collect();
            keys.sort();
            keys.dedup();
            assert_eq!(keys.len(), rows.len(), "{name}: the primary key is one");
            for row in &rows {
                for (cell, column) in row.iter().zip(columns) {
                    assert!(fits(cell, column), "{name}: {cell} in {}", column["name"]);
                }
            }
        }
    }
}

/// Whether a cell is a null of its column or of its datatype.
fn fits(cell: &str, column: &Value) -> bool {
    let nulls: Vec<&str> = match &column["null"] {
        Value::Array(nulls) => nulls.iter().filter_map(Value::as_str).collect(),
        Value::String(null) => vec![null],
        _ => vec![""],
    };
    if nulls.contains(&cell) {
        return column["required"] != true;
    }
    let datatype = &column["datatype"];
    match datatype["base"].as_str().or(datatype.as_str()) {
        Some("integer") => cell.parse::<u64>().is_ok(),
        Some("string") => datatype["format"]
            .as_str()
            .is_none_or(|format| format.split('|').any(|word| word == cell)),
        _ => false,
    }
}

#[test]
fn the_numbers_of_the_files_are_those_of_the_pages() {
    for sample in [public_sample::private(), public_sample::exact()] {
        let counties = counties();
        let report = public_sample::report(&sample, &counties);
        let files = site(&sample).files;
        for language in Language::ALL {
            for section in PublicDocument::of(&report, language).unwrap().sections {
                let Some(csv) = files.get(&format!("data/{}.csv", section.data)) else {
                    assert_eq!(section.id, "estimate");
                    continue;
                };
                let (_, rows) = read(csv);
                let mut known: BTreeMap<String, usize> = BTreeMap::new();
                for row in &rows {
                    let value = &row[row.len() - 4..];
                    *known.entry(value.join("|")).or_default() += 1;
                }
                for cell in section.table.rows.iter().flat_map(|row| &row.cells) {
                    let CellKind::Released(value) = cell.kind else { continue };
                    if value == PublishedValue::Hidden(WhyHidden::NotReported) {
                        continue;
                    }
                    assert!(known.contains_key(&in_file(value)), "{}: {value:?}", section.id);
                }
            }
        }
    }
}

fn in_file(value: PublishedValue) -> String {
    match value {
        PublishedValue::Exact(number) => format!("{number}|||exact"),
        PublishedValue::Rounded { value, within } => {
            format!("{value}|{}|{}|rounded", value.saturating_sub(within), value + within)
        }
        PublishedValue::Noised { value, low, high } => format!("{value}|{low}|{high}|noised"),
        PublishedValue::Hidden(_) => "hidden|||hidden".to_owned(),
    }
}

#[test]
fn the_json_document_holds_every_table_with_its_receipt() {
    let sample = public_sample::private();
    let files = site(&sample).files;
    let document: Value = serde_json::from_str(&files["data/report.json"]).unwrap();
    assert_eq!(document["made_up"], true);
    let tables = document["tables"].as_array().unwrap();
    assert_eq!(tables.len(), sample.tables.len());
    for (table, released) in tables.iter().zip(&sample.tables) {
        assert_eq!(table["receipt"]["entry"], released.receipt().entry);
        assert_eq!(table["cells"].as_array().unwrap().len(), released.value().cells.len());
    }
    assert_eq!(document["estimate"]["range"]["low"], 3900);
    assert!(document["findings"]["labor-trafficking"]["message"]["es"].is_string());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Every count is a large number of its own; a hidden one could come onto a page only by being
    /// worked out from those that are shown, such as the total less the rest.
    #[test]
    fn no_hidden_number_comes_onto_a_page_or_into_a_file(
        counts in prop::collection::vec(1_000_000_u64..9_000_000, 12),
        hide in prop::collection::vec(any::<bool>(), 20),
    ) {
        let quarters = public_sample::dimension("quarter", &["2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4"]);
        let kinds = public_sample::dimension("exploitation", &["sex", "labor", "both"]);
        let count = |at: &[Option<usize>]| {
            let cells = counts.iter().enumerate();
            let wanted = cells.filter(|(place, _)| {
                at[0].is_none_or(|quarter| quarter == place / 3)
                    && at[1].is_none_or(|kind| kind == place % 3)
            });
            wanted.map(|(_, count)| *count).sum::<u64>()
        };
        let hidden = |at: &[Option<usize>]| {
            let place = at[0].map_or(4, |at| at) * 4 + at[1].map_or(3, |at| at);
            at.iter().any(Option::is_some) && hide[place]
        };
        let show = |at: &[Option<usize>], count| match hidden(at) {
            true => PublishedValue::Hidden(WhyHidden::Suppressed),
            false => PublishedValue::Exact(count),
        };
        let table = public_sample::table("people", vec![quarters, kinds], &count, &show);
        let shown: Vec<u64> = table.cells.iter().filter_map(|cell| cell.value.number()).collect();
        let secret: Vec<u64> = table.cells.iter().filter(|cell| cell.value.number().is_none())
            .map(|cell| count(&cell.at)).filter(|count| !shown.contains(count)).collect();
        let receipt = public_sample::receipt(1, Regime::Suppressed);
        let sample = Sample { tables: vec![Released::made_up(table, receipt)], estimate: None };
        for (name, text) in site(&sample).files {
            for number in &secret {
                for language in Language::ALL {
                    prop_assert!(!text.contains(&language.number(*number)), "{name}");
                }
                prop_assert!(!text.contains(&number.to_string()), "{name}");
            }
        }
    }
}
