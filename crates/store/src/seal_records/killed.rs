//! `kill -9` while a database of an earlier version is opened: its tables are changed, its records sealed, its
//! pages overwritten.

use std::ops::ControlFlow;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use records::record::{AgencyRecord, Columns, RecordKind};
use sealing::RecordsKey;

use crate::database::{Database, query};
use crate::open::MIGRATIONS;
use crate::{RecordOrder, Scope, Store, audit};

/// The last version that kept records in clear.
const IN_CLEAR: usize = 13;
/// More than are sealed at once.
const RECORDS: i64 = 2500;
const ROUNDS: u32 = 16;
/// Names the folder to the process that is killed.
const FOLDER: &str = "CLEARWAY_SEALED_AND_KILLED";
/// How every number, name and purpose begins.
const PLANTED: [&str; 3] = ["V-88231", "Qwzxmarisol", "qwzx purpose"];

fn victim(number: i64) -> AgencyRecord {
    let header = ["reference", "given_name", "counted_as", "date", "trafficking_type", "age"];
    let (reference, name) = (format!("V-88231{number}"), format!("Qwzxmarisol{number}"));
    let cells = [&*reference, &name, "victim_served", "2026-07-02", "sex", "adult"];
    let columns = Columns::of(RecordKind::Victim, "made.csv", &header).unwrap();
    columns.record(2, &cells, &mut Vec::new()).unwrap()
}

/// A folder as an earlier version has left it.
async fn make(folder: &Path) {
    let database = Database::open(folder, None).await.unwrap();
    let mut change = database.change(None).await.unwrap();
    for (version, sql) in (1..).zip(&MIGRATIONS[..IN_CLEAR]) {
        change.run(sql).await.unwrap();
        if version == crate::open::AUDIT {
            audit::carry_over(&mut change).await.unwrap();
        }
    }
    change.set_version(IN_CLEAR as i64).await.unwrap();
    for id in 1..=RECORDS {
        let record = victim(id);
        let row =
            "INSERT INTO agency_record (id, import_id, kind, key, row_number, day, content_id,
            current) VALUES ($1, 1, 'victim', $2, $1, '2026-07-02', $1, 1)";
        let row = query(row).bind(id).bind(record.key().in_own_store());
        row.execute(&mut change).await.unwrap();
        let content = query("INSERT INTO record_content (id, content) VALUES ($1, $2)");
        content.bind(id).bind(record.to_own_store()).execute(&mut change).await.unwrap();
    }
    let rest = format!(
        "INSERT INTO record_import VALUES (1, 'd', 'v.csv', 'victim', 'csv', '1', 'in', 1, {RECORDS}, {RECORDS},
            0, 0, 0, 0, 'now');
         INSERT INTO release VALUES (1, 'V-882311', CAST('0123456789abcdef' AS BLOB), 'clearinghouse',
            'qwzx purpose', '2026-01-01', '2030-01-01', NULL)"
    );
    change.run(&rest).await.unwrap();
    change.commit().await.unwrap();
    database.close().await;
}

fn key() -> RecordsKey {
    RecordsKey::new(&[7; 32])
}

/// Opens a folder as every command does.
async fn open(folder: &Path) -> Store {
    let at: Timestamp = "2026-12-01T10:00:00Z".parse().unwrap();
    let store = Store::open(folder).await.unwrap();
    if store.holds_unsealed().await.unwrap() {
        store.seal_records(&Scope::command_line("tester"), &key(), at).await.unwrap();
    }
    store
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

/// What is killed: this process, when it was started for it.
#[test]
fn opens_the_folder_that_it_is_told() {
    if let Some(folder) = std::env::var_os(FOLDER) {
        block_on(async { open(Path::new(&folder)).await.close().await });
    }
}

/// Opens a folder in a process of its own, and kills it after a while, if it still runs.
fn open_and_kill(folder: &Path, after: Duration) {
    let this = std::env::current_exe().unwrap();
    let test = "seal_records::killed::opens_the_folder_that_it_is_told";
    let mut process = Command::new(this)
        .args([test, "--exact"])
        .env(FOLDER, folder)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    std::thread::sleep(after);
    process.kill().unwrap();
    process.wait().unwrap();
}

/// Whether any file of a folder holds any of what was planted.
fn in_clear(folder: &Path) -> bool {
    let files = std::fs::read_dir(folder).unwrap().map(|file| std::fs::read(file.unwrap().path()));
    files.map(Result::unwrap).any(|bytes| {
        let holds = |text: &&str| bytes.windows(text.len()).any(|at| at == text.as_bytes());
        PLANTED.iter().any(holds)
    })
}

/// How many rows wait in clear, and how many stand sealed.
async fn rows(store: &Store) -> (i64, i64) {
    let mut moment = store.window().await.unwrap();
    let counted = "SELECT (SELECT COUNT(*) FROM unsealed_agency_record) AS waiting,
        (SELECT COUNT(*) FROM agency_record) AS sealed";
    let row = query(counted).fetch_one(&mut moment).await.unwrap();
    (row.try_get("waiting").unwrap(), row.try_get("sealed").unwrap())
}

#[test]
fn killed_at_any_moment_nothing_is_lost_and_nothing_stays_in_clear() {
    let all = tempfile::tempdir().unwrap();
    let old = all.path().join("old");
    block_on(make(&old));
    assert!(in_clear(&old), "the check can fail");
    let copy = |name: &str| {
        let folder = all.path().join(name);
        std::fs::create_dir(&folder).unwrap();
        std::fs::copy(old.join(Store::FILE), folder.join(Store::FILE)).unwrap();
        folder
    };
    let started = Instant::now();
    let whole = copy("undisturbed");
    block_on(async { open(&whole).await.close().await });
    let undisturbed = started.elapsed();

    let scope = Scope::command_line("tester");
    // Whether it was sealed by then.
    let killed_at = |moment: Duration| {
        let folder = copy("killed");
        let mut was_sealed = false;
        open_and_kill(&folder, moment);
        block_on(async {
            let store = Store::open(&folder).await.unwrap();
            match rows(&store).await {
                (RECORDS, 0) => {}
                (0, RECORDS) => was_sealed = true,
                half => panic!("killed at {moment:?}: {half:?}"),
            }
            store.close().await;
            for _ in 0..2 {
                let store = open(&folder).await;
                assert!(!store.holds_unsealed().await.unwrap());
                assert!(!in_clear(&folder), "killed at {moment:?}, in use");
                let mut next = 1;
                let mut visit = |record: AgencyRecord| {
                    assert_eq!(record, victim(next));
                    next += 1;
                    ControlFlow::Continue(())
                };
                let (kind, order) = (RecordKind::Victim, RecordOrder::AsTheyCame);
                store.for_each_record(&scope, &key(), kind, None, order, &mut visit).await.unwrap();
                assert_eq!(next, RECORDS + 1);
                let releases = store.releases(&scope, &key()).await.unwrap();
                assert_eq!((releases.len(), releases[0].purpose.as_str()), (1, "qwzx purpose"));
                let verified = store.verify_audit(&scope, &[]).await.unwrap();
                assert_eq!((verified.head.rows, verified.findings), (1, vec![]), "sealed once");
                store.close().await;
            }
        });
        assert!(!in_clear(&folder), "killed at {moment:?}");
        std::fs::remove_dir_all(folder).unwrap();
        was_sealed
    };
    let part = |round: u32| undisturbed.mul_f64(1.2 * f64::from(round) / f64::from(ROUNDS));
    let sealed = (0..ROUNDS).filter(|round| killed_at(part(*round))).count();
    assert!(sealed < ROUNDS as usize, "the first is killed before it begins");
    // Where the machine had other things to do than when the time was taken, the last one comes later.
    let mut later = undisturbed * 2;
    while sealed == 0 && !killed_at(later) {
        later *= 2;
    }
}
