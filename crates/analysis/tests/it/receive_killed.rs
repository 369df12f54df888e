//! `kill -9` while files are received and rows removed: nothing is lost, nothing doubled.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use analysis::receive::{Receiver, receive, sealed_files};
use jiff::civil::date;
use records::disclosure::OrderKind;
use records::record::AgencyRecord;
use store::{Store, TotalFilter};
use submission::Keys;
use tempfile::TempDir;

use crate::made_submissions::{Draft, House, TODAY, at, release, scope, served, with_house};

const QUARTERS: [&str; 4] = ["2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3"];
const ROUNDS: u32 = 10;
const DATA: &str = "CLEARWAY_TEST_DATA";

/// The other process: receives whatever lies in the inbox.
#[test]
#[ignore = "is run, and killed, by the test below"]
fn receives_until_it_is_killed() {
    let data = PathBuf::from(std::env::var(DATA).unwrap());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let store = Store::open(&data).await.unwrap();
        let (scope, keys) = (scope(), Keys::open(&data).unwrap());
        let receiver = Receiver {
            store: &store,
            scope: &scope,
            data: &data,
            at: at(),
            today: TODAY,
            due_days: 30,
        };
        let files = sealed_files(&[data.join("inbox")]).unwrap();
        receive(&receiver, &keys, &files, &mut |_| ()).await.unwrap();
    });
}

fn people(day: &str) -> Vec<AgencyRecord> {
    (0..40).map(|number| served(&format!("{number:02}"), day, "adult", "sex")).collect()
}

/// A clearinghouse with an inbox that is full: submissions, corrections, a withdrawal.
async fn full() -> TempDir {
    let house = House::new().await;
    let inbox = house.folder.path().join("inbox");
    fs::create_dir(&inbox).unwrap();
    for code in ["practice-shelter-1", "practice-shelter-2"] {
        let mut shelter = house.agency(code, "covered_provider").await;
        let mut files = Vec::new();
        for quarter in QUARTERS {
            let day = quarter.parse::<records::Quarter>().unwrap().period().start().unwrap();
            let draft = Draft {
                releases: (0..40)
                    .map(|number| release(&format!("{number:02}"), date(2027, 6, 30)))
                    .collect(),
                ..Draft::of(quarter, people(&day.to_string()))
            };
            files.push(shelter.submit(&draft));
            if quarter == "2025-Q4" {
                let corrects = shelter.sent.last().map(submission::Manifest::digest);
                files.push(shelter.submit(&Draft { corrects, ..draft }));
            }
        }
        files.push(shelter.withdraw(&[
            ("03", OrderKind::Destruction),
            ("04", OrderKind::ReleaseRevoked),
            ("05", OrderKind::ReleaseRevoked),
        ]));
        for file in files {
            fs::copy(&file, inbox.join(file.file_name().unwrap())).unwrap();
        }
    }
    let House { folder, store, .. } = house;
    store.close().await;
    folder
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let to = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &to);
        } else {
            fs::copy(&path, &to).unwrap();
        }
    }
}

/// Starts the other process, waits, and kills it; whether it was still at work.
fn killed_after(data: &Path, moment: Duration) -> bool {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "receive_killed::receives_until_it_is_killed", "--ignored"])
        .env(DATA, data)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    thread::sleep(moment);
    let at_work = child.try_wait().unwrap().is_none();
    child.kill().unwrap();
    child.wait().unwrap();
    at_work
}

/// Agency, number, state, tables with their rows, acts.
type SeenFile = (String, u64, &'static str, Vec<(String, u64)>, usize);

/// Everything that a count could see.
#[derive(Debug, PartialEq)]
struct Seen {
    files: Vec<SeenFile>,
    totals: (usize, u64, u64),
    purged: (usize, u64, u64),
    kept: BTreeMap<PathBuf, Vec<u8>>,
}

async fn seen(house: &House) -> Seen {
    let scope = scope();
    let mut files: Vec<_> = house
        .store
        .received(&scope)
        .await
        .unwrap()
        .into_iter()
        .map(|file| {
            let tables = file.tables.into_iter().map(|table| (table.file, table.rows)).collect();
            (file.agency, file.sequence, file.state.as_str(), tables, file.acts.len())
        })
        .collect();
    files.sort();
    let totals = house.store.totals(&scope, &TotalFilter::default()).await.unwrap();
    let records = totals.iter().map(|one| one.total.records).sum();
    let coded = totals.iter().map(|one| one.total.coded_records).sum();
    let cells = house.store.purged_cells(&scope).await.unwrap();
    let gone = cells.iter().map(|one| one.cell.records).sum();
    let people = cells.iter().map(|one| one.cell.people).sum();
    Seen {
        files,
        totals: (totals.len(), records, coded),
        purged: (cells.len(), gone, people),
        kept: house.kept(),
    }
}

async fn receive_all(house: &House) -> usize {
    let files = sealed_files(&[house.folder.path().join("inbox")]).unwrap();
    let files: Vec<&Path> = files.iter().map(PathBuf::as_path).collect();
    let all = house.receive(&files).await;
    // What a correction has replaced already is an old file.
    let fine = |word: Option<&str>| word.is_none_or(|word| word == "replayed_old");
    assert!(all.files.iter().all(|file| fine(file.word)), "nothing else is refused");
    all.files.len()
}

#[test]
fn what_is_received_is_whole_after_a_kill_at_any_moment() {
    with_house(async |_| {
        let full = full().await;
        let undisturbed = tempfile::tempdir().unwrap();
        copy(full.path(), undisturbed.path());
        let house = House::open(undisturbed).await;
        let files = receive_all(&house).await;
        let wanted = seen(&house).await;
        assert_eq!(wanted.files.len(), files);
        assert!(wanted.purged.2 > 0);

        let timed = tempfile::tempdir().unwrap();
        copy(full.path(), timed.path());
        let started = Instant::now();
        while killed_after(timed.path(), Duration::from_millis(20)) {
            if started.elapsed() > Duration::from_millis(200) {
                break;
            }
        }
        let house = House::open(timed).await;
        let started = Instant::now();
        receive_all(&house).await;
        let mut whole = started.elapsed();
        assert!(seen(&house).await == wanted, "killed again and again");

        let mut midway = 0;
        for round in 0.. {
            if round >= ROUNDS && midway >= 4 {
                break;
            }
            assert!(round < 5 * ROUNDS, "the kills came midway too seldom: {midway} of {round}");
            let data = tempfile::tempdir().unwrap();
            copy(full.path(), data.path());
            let moment = whole.mul_f64(f64::from(round % ROUNDS + 1) / f64::from(ROUNDS));
            let at_work = killed_after(data.path(), moment);
            let house = House::open(data).await;
            // Before anything is mended: each row names a table that is there and whole.
            for file in house.store.received(&scope()).await.unwrap() {
                for table in &file.tables {
                    let path = house.folder.path().join(&file.folder).join(&table.file);
                    let kept = fs::read(path).unwrap();
                    assert!(wanted_or_before(&wanted, &kept), "a half table after {moment:?}");
                }
            }
            match at_work {
                true => midway += 1,
                // The run before was slower, as on a busy machine.
                false => whole = moment,
            }
            receive_all(&house).await;
            let seen = seen(&house).await;
            assert_eq!(seen.files, wanted.files, "killed after {moment:?}");
            assert_eq!((seen.totals, seen.purged), (wanted.totals, wanted.purged));
            assert!(seen.kept == wanted.kept, "killed after {moment:?}");
        }
    });
}

/// A table ends as Parquet does, and is no shorter than the one that rows were removed from.
fn wanted_or_before(wanted: &Seen, table: &[u8]) -> bool {
    let least = wanted
        .kept
        .iter()
        .filter(|(path, _)| path.extension().is_some_and(|ending| ending == "parquet"))
        .map(|(_, bytes)| bytes.len())
        .min();
    table.ends_with(b"PAR1") && least.is_some_and(|least| table.len() >= least)
}
