//! People linked by partitions are people linked in memory, to the last byte.

use std::path::Path;
use std::sync::LazyLock;

use linkage::{
    ASSUMED_MISSED_IN_THE_CLEAR, ClusterSettings, PeopleSchema, ReadSettings, Settings, link_pairs,
    read_people, read_people_of, score_pairs, write_clusters,
};
use proptest::prelude::*;
use query::{MatchError, MatchQuestion, Matched, match_people};
use simulation::{PeopleSetPlan, write_people_set};

fn clustering(review: usize) -> ClusterSettings {
    ClusterSettings { review, ..ClusterSettings::default() }
}

/// As [`read_people`] does without a column for the truth.
static USUAL: LazyLock<ReadSettings> = LazyLock::new(ReadSettings::default);

fn question<'a>(file: &'a Path, out: &'a Path, memory: usize) -> MatchQuestion<'a> {
    MatchQuestion {
        file,
        reading: &USUAL,
        out,
        review: None,
        memory,
        scoring: Settings::default(),
        clustering: clustering(50),
    }
}

/// What the run in memory writes, and its count.
fn in_memory(
    file: &Path,
    reading: &ReadSettings,
    out: &Path,
    review: &Path,
    learn_from: u64,
) -> (linkage::Count, linkage::DatesLeftOut) {
    let read = read_people_of(&std::fs::read(file).unwrap(), reading).unwrap();
    let people = read.people;
    let settings = Settings { learn_from, ..Settings::default() };
    let scored = score_pairs(&people, &settings, &mut |_| ());
    let agency: Vec<u16> =
        (0..people.len() as u32).map(|record| people.agency(record) as u16).collect();
    let log_odds = |one, other| scored.model.log_odds(&people, one, other);
    let linked =
        link_pairs(&agency, &scored.pairs, &log_odds, &Default::default(), &clustering(50))
            .unwrap();
    let name = |record| (people.agency_name(people.agency(record)), people.rec_id(record));
    write_clusters(out, &linked, name).unwrap();
    let agreement = |one, other| scored.model.agreement(&people, one, other);
    linkage::write_review(review, &linked.undecided, name, agreement).unwrap();
    (linked.count(&agency, ASSUMED_MISSED_IN_THE_CLEAR), read.dates_left_out)
}

fn both(file: &Path, reading: &ReadSettings, memory: usize, learn_from: u64) -> Matched {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let (out, review) = (path("out.csv"), path("review.csv"));
    let (count, dates_left_out) =
        in_memory(file, reading, &path("memory.csv"), &path("memory-review.csv"), learn_from);
    let mut question = question(file, &out, memory);
    question.reading = reading;
    question.review = Some(&review);
    question.scoring.learn_from = learn_from;
    let found = match_people(&question, &mut |_| ()).unwrap();
    assert_eq!(found.clustered.count, count);
    assert_eq!(found.dates_left_out, dates_left_out);
    for (one, other) in [("out.csv", "memory.csv"), ("review.csv", "memory-review.csv")] {
        // No assert_eq: nobody reads two such files.
        let same = std::fs::read(path(one)).unwrap() == std::fs::read(path(other)).unwrap();
        assert!(same, "{one} differs from {other}");
    }
    let left = std::fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(left, 4, "only the four files are left");
    found
}

#[test]
fn many_partitions_are_one_table() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("people.csv");
    let plan = PeopleSetPlan { records: 12_000, seed: 7, ..PeopleSetPlan::default() };
    write_people_set(&plan, &file, &mut |_| ()).unwrap();
    // So little is learnt from that runs of blocks are passed over, and several ranges, chunks and
    // batches of a sample are needed.
    let found = both(&file, &USUAL, 1 << 20, 60_000);
    assert_eq!(found.partitions, 22);
    assert!(found.pairs_cut > 0, "blocks too large for comparison are among them");
    assert_eq!(both(&file, &USUAL, 1 << 30, 2_000_000).partitions, 1);
}

#[test]
fn faults_are_named_all_at_once_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let (file, out) = (folder.path().join("people.csv"), folder.path().join("out.csv"));
    let mut text = String::from("rec_id,agency,given_name,birth_date\n");
    for row in 0..2500 {
        text.push_str(&format!("R{row},a,Ana,1990-01-02\n"));
    }
    // Rows 2502 and 2503, in the last partition; the id of the latter was in the first.
    text.push_str("R2500,a,Ana,1990-13-02\nR7,a,Ana,1990-01-02\n");
    std::fs::write(&file, &text).unwrap();
    let error = match_people(&question(&file, &out, 0), &mut |_| ()).unwrap_err();
    let MatchError::People(found) = &error else { panic!("{error}") };
    assert_eq!(Some(found), read_people(text.as_bytes(), None).err().as_ref());
    let said = error.to_string();
    assert!(said.contains("row 2502") && said.contains("row 2503"), "{said}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "no output, no folder");

    std::fs::write(&file, "rec_id,surname\n").unwrap();
    let error = match_people(&question(&file, &out, 0), &mut |_| ()).unwrap_err();
    assert!(matches!(error, MatchError::NoRecords), "{error}");
    std::fs::write(&file, "what,is,this\n1,2,3\n").unwrap();
    let error = match_people(&question(&file, &out, 0), &mut |_| ()).unwrap_err();
    assert!(error.to_string().contains("row 1"), "{error}");
    let missing = folder.path().join("missing.csv");
    let error = match_people(&question(&missing, &out, 0), &mut |_| ()).unwrap_err();
    assert!(error.to_string().contains("missing.csv"), "{error}");
}

#[test]
fn columns_of_other_names_and_dates_that_are_none() {
    let folder = tempfile::tempdir().unwrap();
    let (file, out) = (folder.path().join("people.csv"), folder.path().join("out.csv"));
    let mut text = String::from("no,unit,first,family,born,house,road,colour\n");
    for row in 0..2600 {
        // Rows 2 and 2502, and more between, have no such day.
        let (person, day) = (row / 2, if row % 500 == 0 { 32 } else { 2 });
        let syllable =
            |at: usize| ["lo", "ki", "re", "ha", "sa", "mi", "to", "pa"][person / at % 8];
        let given = format!("{}na", syllable(1));
        let surname = [syllable(1), syllable(8), syllable(64)].concat();
        let (year, unit) = (1940 + person * 13 % 60, row % 2);
        text.push_str(&format!(
            "R{row},u{unit},{given},{surname},{day:02}.01.{year},{person},Main St,red\n"
        ));
    }
    std::fs::write(&file, &text).unwrap();
    let schema = "rec_id = \"no\"\nagency = \"unit\"\ngiven_name = \"first\"\n\
                  surname = \"family\"\nstreet = [\"house\", \"road\"]\n\
                  birth_date = { column = \"born\", format = \"%d.%m.%Y\" }";
    let mut reading =
        ReadSettings { schema: PeopleSchema::from_toml(schema).unwrap(), ..USUAL.clone() };
    let mut question = question(&file, &out, 0);
    question.reading = &reading;
    let error = match_people(&question, &mut |_| ()).unwrap_err();
    let MatchError::People(found) = &error else { panic!("{error}") };
    let in_memory = read_people_of(text.as_bytes(), &reading).unwrap_err();
    assert_eq!(*found, in_memory);
    assert!(error.to_string().contains("row 2502"), "{error}");

    reading.bad_dates_as_missing = true;
    let found = both(&file, &reading, 1 << 20, 2_000_000);
    assert_eq!(found.dates_left_out.rows, [2, 502, 1002, 1502, 2002, 2502]);
    assert_eq!(found.ignored, ["colour"]);
    assert!(found.partitions > 1);
}

/// Small tables of few values, so that much is shared, in any form that is read.
fn table() -> impl Strategy<Value = String> {
    let cell = |of: &'static [&'static str]| prop::sample::select(of);
    let row = (
        cell(&["a", "b", ""]),
        cell(&["Ana", "Anna", "Mária José", "José", ""]),
        cell(&["Lopez", "Lopez Cruz", "Kim", ""]),
        cell(&["1990-01-02", "1990", "1990-02-01", "1971-05-05", ""]),
        cell(&["213-555-0100", "2135550101", ""]),
        cell(&["12 Main St", "40 Elm Avenue", ""]),
        cell(&["90001", "90002", ""]),
    );
    (prop::bool::ANY, prop::collection::vec(row, 1..60)).prop_map(|(ids, rows)| {
        let head = "agency,given_name,surname,birth_date,phone,street,zip";
        let mut text = if ids { format!("rec_id,{head}\n") } else { format!("\u{feff}{head}\n") };
        for (at, row) in rows.iter().enumerate() {
            if ids {
                // Some have no id.
                text.push_str(&if at % 5 == 0 { ",".to_owned() } else { format!("R{at},") });
            }
            let (agency, given, surname, birth, phone, street, zip) = row;
            text.push_str(&format!("{agency},{given},{surname},{birth},{phone},{street},{zip}\n"));
        }
        text
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    /// By partitions and in memory give the same, also where there is hardly anything to learn.
    #[test]
    fn small_tables_agree(text in table()) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("people.csv");
        std::fs::write(&file, text).unwrap();
        both(&file, &USUAL, 0, 2_000_000);
    }
}
