//! A people set: the same whatever the threads, true to its summary, and hard enough.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use simulation::{PeopleSetPlan, PeopleSetRow, PeopleSetSummary, people_set, write_people_set};

type Cells = [String; PeopleSetRow::COLUMNS.len()];

fn made(plan: &PeopleSetPlan) -> (Vec<Cells>, PeopleSetSummary) {
    let mut rows = Vec::new();
    let summary = people_set(plan, &mut |row| {
        rows.push(row.cells().clone());
        Ok(())
    });
    (rows, summary.unwrap())
}

fn cell<'a>(row: &'a Cells, column: &str) -> &'a str {
    let at = PeopleSetRow::COLUMNS.iter().position(|known| *known == column).unwrap();
    &row[at]
}

/// Rows by person.
fn people(rows: &[Cells]) -> BTreeMap<&str, Vec<&Cells>> {
    let mut people: BTreeMap<&str, Vec<&Cells>> = BTreeMap::new();
    for row in rows {
        people.entry(cell(row, "truth_id")).or_default().push(row);
    }
    people
}

/// Every two rows of one person at two agencies.
fn cross_pairs(rows: &[Cells]) -> Vec<(&Cells, &Cells)> {
    let mut pairs = Vec::new();
    for rows in people(rows).values() {
        for (at, first) in rows.iter().enumerate() {
            let others = rows[at + 1..].iter();
            let cross = others.filter(|second| cell(first, "agency") != cell(second, "agency"));
            pairs.extend(cross.map(|second| (*first, *second)));
        }
    }
    pairs
}

#[test]
fn threads_change_nothing_and_seeds_do() {
    let plan = PeopleSetPlan { records: 20_000, ..PeopleSetPlan::default() };
    let with = |threads: usize, plan: PeopleSetPlan| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| made(&plan))
    };
    let one = with(1, plan);
    assert!(one == with(3, plan));
    assert!(one.0 != with(3, PeopleSetPlan { seed: 2, ..plan }).0);
}

#[test]
fn the_summary_is_what_the_rows_say() {
    for (records, agencies) in [(100, 2), (9_999, 9), (20_001, 4)] {
        let (rows, summary) = made(&PeopleSetPlan { records, agencies, seed: 5 });
        let people = people(&rows);
        let lists: BTreeSet<&str> = rows.iter().map(|row| cell(row, "agency")).collect();
        assert!(lists.len() <= agencies && rows.len() as u64 == records);
        assert_eq!(summary.records, records);
        assert_eq!(summary.persons, people.len() as u64);
        assert_eq!(summary.cross_agency_pairs, cross_pairs(&rows).len() as u64);
        let pairs = people.values().map(|rows| rows.len() * (rows.len() - 1) / 2);
        assert_eq!(summary.true_pairs, pairs.sum::<usize>() as u64);
        let most = people.values().map(Vec::len).max();
        assert_eq!(Some(summary.most_records_of_a_person), most.map(|most| most as u64));
        let numbers: BTreeSet<(&str, &str)> =
            rows.iter().map(|row| (cell(row, "agency"), cell(row, "rec_id"))).collect();
        assert_eq!(numbers.len(), rows.len());
    }
}

#[test]
fn it_is_as_hard_as_it_should_be() {
    let (rows, summary) = made(&PeopleSetPlan { records: 40_000, ..PeopleSetPlan::default() });
    let share = |count: usize, of: usize| count as f64 / of as f64;
    let several = share(summary.persons_on_several_lists as usize, summary.persons as usize);
    assert!((0.25..0.45).contains(&several), "{several}");
    for (column, least, most) in [
        ("given_name", 0.005, 0.03),
        ("surname", 0.01, 0.06),
        ("birth_date", 0.03, 0.12),
        ("phone", 0.3, 0.55),
        ("street", 0.2, 0.45),
        ("origin", 0.1, 0.4),
    ] {
        let empty = rows.iter().filter(|row| cell(row, column).is_empty()).count();
        let empty = share(empty, rows.len());
        assert!((least..most).contains(&empty), "{column}: {empty}");
    }
    let pairs = cross_pairs(&rows);
    let agree = |columns: &[&str]| {
        let same = |column: &str, (first, second): &(&Cells, &Cells)| {
            let plain = |row| cell(row, column).to_lowercase();
            plain(first) == plain(second)
        };
        let agreeing = pairs.iter().filter(|pair| columns.iter().all(|column| same(column, pair)));
        share(agreeing.count(), pairs.len())
    };
    // Most true pairs cannot be found by equality, and not all are beyond finding.
    let exact = agree(&["given_name", "surname", "birth_date"]);
    assert!((0.1..0.35).contains(&exact), "{exact}");
    let dates = agree(&["birth_date"]);
    assert!((0.4..0.75).contains(&dates), "{dates}");
}

#[test]
fn every_trap_is_there() {
    let (rows, _) = made(&PeopleSetPlan { records: 40_000, ..PeopleSetPlan::default() });
    let family = |row: &Cells| {
        let number: u64 = cell(row, "truth_id")[1..].parse().unwrap();
        number / 16
    };
    let mut families: BTreeMap<u64, Vec<&Cells>> = BTreeMap::new();
    let (mut phones, mut streets) = (BTreeMap::new(), BTreeMap::new());
    for row in &rows {
        families.entry(family(row)).or_default().push(row);
        let digits: String = cell(row, "phone").chars().filter(char::is_ascii_digit).collect();
        for (kept, text) in [(&mut phones, digits), (&mut streets, cell(row, "street").to_owned())]
        {
            let strangers: &mut BTreeSet<u64> = kept.entry(text).or_default();
            strangers.insert(family(row));
        }
    }
    for kept in [&mut phones, &mut streets] {
        kept.remove("");
        let shared = kept.values().filter(|families| families.len() > 10).count();
        assert!(shared > 20, "{shared} places are shared by strangers");
    }
    let (mut twins, mut namesakes, mut swapped, mut turned) = (0, 0, 0, 0);
    for rows in families.values() {
        for (at, first) in rows.iter().enumerate() {
            for second in &rows[at + 1..] {
                let same = |column| {
                    !cell(first, column).is_empty() && cell(first, column) == cell(second, column)
                };
                if cell(first, "truth_id") != cell(second, "truth_id") {
                    twins += usize::from(same("surname") && same("birth_date"));
                    namesakes += usize::from(same("surname") && same("given_name"));
                } else {
                    let (given, surname) = (cell(first, "given_name"), cell(first, "surname"));
                    swapped += usize::from(
                        given != surname
                            && !surname.is_empty()
                            && given == cell(second, "surname")
                            && surname == cell(second, "given_name"),
                    );
                    let day_first = |row| {
                        let date = cell(row, "birth_date");
                        let part = |from, to| date.get(from..to).unwrap_or_default().to_owned();
                        [part(0, 4), part(8, 10), part(5, 7)].join("-")
                    };
                    turned += usize::from(
                        !same("birth_date")
                            && cell(first, "birth_date").len() == 10
                            && day_first(first) == cell(second, "birth_date"),
                    );
                }
            }
        }
    }
    let years = rows.iter().filter(|row| cell(row, "birth_date").len() == 4).count();
    for (what, found) in [
        ("twins", twins),
        ("relatives of one name", namesakes),
        ("given name and surname in each other's place", swapped),
        ("day and month in each other's place", turned),
        ("years only", years / 20),
    ] {
        assert!(found > 50, "{what}: {found}");
    }
}

#[test]
fn a_file_is_whole_or_absent() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("people.csv");
    let plan = PeopleSetPlan { records: 1_500, ..PeopleSetPlan::default() };
    let mut heard = 0;
    let summary = write_people_set(&plan, &out, &mut |rows| heard = rows).unwrap();
    assert_eq!((heard, summary.records), (1_000, 1_500));
    let text = fs::read_to_string(&out).unwrap();
    assert_eq!(text.lines().count(), 1_501);
    assert_eq!(text.lines().next(), Some(PeopleSetRow::COLUMNS.join(",").as_str()));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    let refused = write_people_set(&plan, &folder.path().join("absent/people.csv"), &mut |_| ());
    assert!(refused.unwrap_err().to_string().starts_with("cannot write"));
    let plan = PeopleSetPlan { records: 5, ..plan };
    let told = write_people_set(&plan, &out, &mut |_| ()).unwrap_err().to_string();
    assert_eq!(told, "the number of records is 5; choose from 100 to 100000000");
    assert_eq!(fs::read_to_string(&out).unwrap(), text);
    assert!(made_refused(10).starts_with("the number of agencies is 10; choose from 2 to 9"));
}

fn made_refused(agencies: usize) -> String {
    let plan = PeopleSetPlan { agencies, ..PeopleSetPlan::default() };
    people_set(&plan, &mut |_| Ok(())).unwrap_err().to_string()
}
