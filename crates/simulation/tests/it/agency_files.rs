//! Folders and files: what is written, what a second run replaces, what is never touched.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use simulation::{Plan, SimulationError, agencies, simulate};

fn small() -> Plan {
    Plan { people: 400, agencies: Some(9), seed: 5, ..Plan::default() }
}

fn table(path: &Path) -> (Vec<String>, Vec<Vec<String>>) {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let header = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let rows = reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect());
    (header, rows.collect())
}

#[test]
fn every_agency_has_its_files_and_only_those() {
    let folder = tempfile::tempdir().unwrap();
    let mut done = Vec::new();
    simulate(&small(), folder.path(), &mut |people| done.push(people)).unwrap();
    assert_eq!(done.last(), Some(&400));
    for agency in agencies(&small()).unwrap() {
        let own = folder.path().join(&agency.code);
        for record in &agency.keeps {
            let (header, rows) = table(&own.join(record.file_name()));
            assert_eq!(header, record.columns());
            assert!(rows.iter().all(|row| row.len() == header.len()));
        }
        let toml = fs::read_to_string(own.join("agency.toml")).unwrap();
        assert!(toml.contains(&format!("code = \"{}\"", agency.code)), "{toml}");
        assert!(toml.contains("practice = true"), "{toml}");
        let (header, modes) = table(&own.join("disclosure_modes.csv"));
        let wanted = "record,recipient,mode,basis,signatory,signed_on,expires_on";
        assert_eq!(header.join(","), wanted);
        assert_eq!(modes.len(), agency.modes.len());
        assert_eq!(own.join("releases.csv").exists(), agency.code.contains("shelter"));
        assert_eq!(own.join("services.csv").exists(), agency.code.contains("shelter"));
    }
}

#[test]
fn the_truth_names_everybody_and_every_victim() {
    let folder = tempfile::tempdir().unwrap();
    let summary = simulate(&small(), folder.path(), &mut |_| ()).unwrap();
    let (_, people) = table(&folder.path().join("truth/people.csv"));
    assert_eq!(people.len(), 400);
    let listed = people.iter().filter(|row| !row[7].is_empty()).count();
    assert_eq!(listed as u64, summary.people_listed);
    let (_, records) = table(&folder.path().join("truth/records.csv"));
    let mut owners: BTreeMap<(&str, &str), BTreeSet<&str>> = BTreeMap::new();
    for row in records.iter().filter(|row| row[1] == "victim") {
        owners.entry((&row[0], &row[2])).or_default().insert(&row[3]);
    }
    assert_eq!(owners.len() as u64, summary.records);
    assert!(owners.values().all(|people| people.len() == 1));
    for agency in agencies(&small()).unwrap() {
        let victims = folder.path().join(&agency.code).join("victims.csv");
        if victims.exists() {
            let (_, rows) = table(&victims);
            for row in rows {
                assert!(owners.contains_key(&(agency.code.as_str(), row[0].as_str())));
            }
        }
    }
    let (_, corruptions) = table(&folder.path().join("truth/corruptions.csv"));
    assert_eq!(corruptions.len(), summary.identity.errors.len());
}

#[test]
fn a_former_simulation_is_replaced() {
    let folder = tempfile::tempdir().unwrap();
    simulate(&small(), folder.path(), &mut |_| ()).unwrap();
    let fewer = Plan { agencies: Some(3), ..small() };
    simulate(&fewer, folder.path(), &mut |_| ()).unwrap();
    let left = folder.path().join("practice-police-2/victims.csv");
    assert!(!left.exists(), "the files of an agency that is no longer there");
    let fresh = tempfile::tempdir().unwrap();
    simulate(&fewer, fresh.path(), &mut |_| ()).unwrap();
    for name in ["truth/people.csv", "practice-police-1/victims.csv", "truth/summary.json"] {
        let read = |folder: &Path| fs::read(folder.join(name)).unwrap();
        assert!(read(folder.path()) == read(fresh.path()), "{name}");
    }
}

#[test]
fn foreign_files_are_refused_and_kept() {
    for (foreign, with_simulation) in [
        ("notes.txt", false),
        ("notes.txt", true),
        ("practice-police-1/my own.csv", true),
        ("truth/readings.csv", true),
        ("oakland/victims.csv", true),
        // The names are right, but nothing says that a simulation was here.
        ("practice-police-1/victims.csv", false),
    ] {
        let folder = tempfile::tempdir().unwrap();
        if with_simulation {
            simulate(&small(), folder.path(), &mut |_| ()).unwrap();
        }
        let path = folder.path().join(foreign);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, "mine").unwrap();
        let refused = simulate(&small(), folder.path(), &mut |_| ()).unwrap_err();
        assert!(
            matches!(&refused, SimulationError::ForeignFile { found, .. } if found == foreign),
            "{refused}"
        );
        assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
        assert_eq!(folder.path().join("truth/plan.json").exists(), with_simulation);
    }
}

#[test]
fn a_run_that_was_broken_off_can_be_replaced() {
    let folder = tempfile::tempdir().unwrap();
    simulate(&small(), folder.path(), &mut |_| ()).unwrap();
    fs::remove_file(folder.path().join("truth/summary.json")).unwrap();
    assert!(simulate(&small(), folder.path(), &mut |_| ()).is_ok());
}
