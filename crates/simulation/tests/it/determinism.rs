//! The same plan gives the same bytes, whatever the number of threads.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use simulation::{Plan, simulate};

/// Every file below a folder, by its path in it.
fn bytes(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        for entry in fs::read_dir(&path).unwrap() {
            let file = entry.unwrap().path();
            let name = file.strip_prefix(folder).unwrap().to_string_lossy().into_owned();
            files.insert(name, fs::read(&file).unwrap());
        }
    }
    files
}

fn made(plan: &Plan, threads: usize) -> BTreeMap<String, Vec<u8>> {
    let folder = tempfile::tempdir().unwrap();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    pool.install(|| simulate(plan, folder.path(), &mut |_| ())).unwrap();
    bytes(folder.path())
}

#[test]
fn threads_change_nothing_and_seeds_do() {
    // More people than one stretch holds, in a number that fills none.
    let plan = Plan { people: 2_345, seed: 11, ..Plan::default() };
    let one = made(&plan, 1);
    assert!(one.len() > 100);
    assert!(one == made(&plan, 4), "files differ with the number of threads");
    let other = made(&Plan { seed: 12, ..plan }, 4);
    assert!(one.keys().eq(other.keys()));
    for name in ["practice-police-1/victims.csv", "practice-shelter-1/services.csv"] {
        assert!(one[name] != other[name], "{name}");
    }
}

#[test]
fn a_person_is_the_same_in_a_larger_state() {
    // Streams belong to people: who is made after them changes nothing about them.
    let lines = |people| {
        let plan = Plan { people, seed: 3, ..Plan::default() };
        let files = made(&plan, 2);
        let text = String::from_utf8(files["truth/people.csv"].clone()).unwrap();
        text.lines().take(900).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(lines(1_024), lines(2_048));
}
