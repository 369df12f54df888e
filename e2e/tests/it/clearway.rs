//! The binary, run in a folder of its own.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::UNIX_EPOCH;

use serde_json::Value;
use tempfile::TempDir;

/// The returns that the product ships, with the mapping to name where the header does not decide.
pub(crate) const REAL: [(&str, Option<&str>); 13] = [
    ("table1_236_1_arrests_convictions.csv", None),
    ("table2_other_statute_convictions.csv", None),
    ("table3_tcvap_victims_served.csv", None),
    ("table4_certification_letters.csv", None),
    ("task_force_totals.csv", None),
    ("quarterly_endpoints.csv", None),
    ("chart_shares.csv", None),
    ("conviction_counties_236_1.csv", None),
    ("heat_unit_convictions.csv", None),
    ("training.csv", None),
    ("hotline_2011.csv", Some("nhtrc-hotline")),
    ("htrs_2008_2010.csv", Some("htrs")),
    ("news_figures.csv", None),
];

/// The root of the workspace.
fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// The folder of the real returns.
pub(crate) fn real_returns() -> PathBuf {
    root().join("definitions/california-2012")
}

/// The binary: `CLEARWAY_BIN`, or built once.
pub(crate) fn binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| match std::env::var_os("CLEARWAY_BIN") {
        Some(path) => fs::canonicalize(path).expect("CLEARWAY_BIN names the binary"),
        None => built(),
    })
}

fn built() -> PathBuf {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut build = Command::new(cargo)
        .args(["build", "--package", "cli", "--message-format", "json-render-diagnostics"])
        .current_dir(root())
        .stdout(Stdio::piped())
        .spawn()
        .expect("cargo starts");
    let lines = BufReader::new(build.stdout.take().expect("cargo's answers")).lines();
    let executable = lines
        .map(|line| line.expect("a line of cargo's answers"))
        .filter_map(|line| serde_json::from_str::<Value>(&line).ok())
        .filter_map(|message| message["executable"].as_str().map(PathBuf::from))
        .last();
    assert!(build.wait().expect("cargo ends").success(), "the binary builds");
    executable.expect("cargo names the binary")
}

/// What a command said.
#[derive(Debug)]
pub(crate) struct Ran {
    /// The command line, for messages.
    pub(crate) line: String,
    /// The exit code; absent when a signal ended it.
    pub(crate) code: Option<i32>,
    /// Standard output.
    pub(crate) out: String,
    /// Standard error.
    pub(crate) err: String,
}

impl Ran {
    /// Holds it to an exit code.
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Ran {
        assert_eq!(self.code, Some(code), "{}\n{}\n{}", self.line, self.out, self.err);
        self
    }

    /// The one JSON document on standard output.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| {
            panic!("{}: no single JSON document: {error}\n{}\n{}", self.line, self.out, self.err)
        })
    }
}

/// A folder in which commands run; its default database is `clearway-data` below it.
#[derive(Debug)]
pub(crate) struct Desk(TempDir);

impl Desk {
    /// An empty folder.
    pub(crate) fn new() -> Desk {
        Desk(tempfile::tempdir().expect("a temporary folder"))
    }

    /// A folder in which the demo was run with its defaults. It is run once for each binary, and the tests copy
    /// what it made.
    pub(crate) fn after_demo() -> Desk {
        let seen = fs::metadata(binary()).expect("the binary is there");
        let built = seen.modified().expect("when it was built");
        let built = built.duration_since(UNIX_EPOCH).expect("after 1970").as_nanos();
        let kept = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let made = kept.join(format!("demo-{built}-{}", seen.len()));
        let lock = fs::File::create(kept.join("demo.lock")).expect("a lock");
        lock.lock().expect("nobody else runs the demo");
        let done = made.join("done");
        if !done.exists() {
            // Those of earlier binaries, or half a one.
            for old in fs::read_dir(kept).expect("a folder") {
                let old = old.expect("an entry").path();
                if old.is_dir() {
                    fs::remove_dir_all(old).expect("an old demo goes");
                }
            }
            // Run where it stays: a ledger knows the folders of its releases.
            fs::create_dir(&made).expect("a folder");
            let mut demo = Command::new(binary());
            demo.args(["demo", "--no-serve"]).current_dir(&made).env("USER", "tester");
            ran(demo.stdin(Stdio::null()), &[]).exits(0);
            fs::write(done, "").expect("the demo is kept");
        }
        lock.unlock().expect("others may go on");
        let desk = Desk::new();
        copy(&made, desk.0.path());
        desk
    }

    /// A path below the folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Writes a file, and the folders that it stands in.
    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a folder above")).expect("the folder is made");
        fs::write(path, bytes).expect("the file is written");
    }

    /// Reads a file as text.
    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// A command of the binary, ready to start.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(binary());
        command.args(arguments).current_dir(self.0.path()).env("USER", "tester");
        command
    }

    /// Runs a command.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        ran(self.command(arguments).stdin(Stdio::null()), &[])
    }

    /// Runs a command that reads standard input.
    pub(crate) fn run_with(&self, arguments: &[&str], input: &[u8]) -> Ran {
        ran(self.command(arguments).stdin(Stdio::piped()), input)
    }

    /// Runs a line of a shell in which `clearway` is the binary.
    pub(crate) fn shell(&self, line: &str) -> Ran {
        let mut folders = vec![binary().parent().expect("the binary's folder").to_owned()];
        folders.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
        let path = std::env::join_paths(folders).expect("a search path");
        let mut shell = Command::new("sh");
        shell.args(["-c", line]).current_dir(self.0.path()).env("PATH", path).env("USER", "tester");
        ran(shell.stdin(Stdio::null()), &[])
    }

    /// Imports the thirteen real returns as a person would.
    pub(crate) fn import_real(&self) {
        for (file, mapping) in REAL {
            let path = real_returns().join(file);
            let path = path.to_str().expect("a path in UTF-8");
            let mut arguments = vec!["import", path, "--as", "returns"];
            arguments.extend(mapping.iter().flat_map(|name| ["--mapping", name]));
            self.run(&arguments).exits(0);
        }
    }

    /// Writes the report into `report` and reads its figures.csv.
    pub(crate) fn report(&self) -> Vec<crate::figures::Row> {
        self.run(&["report", "--out", "report"]).exits(0);
        crate::figures::read(&self.read("report/figures.csv"))
    }
}

fn ran(command: &mut Command, input: &[u8]) -> Ran {
    let line = format!("{command:?}");
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{line}: {error}"));
    if let Some(mut stdin) = child.stdin.take() {
        // Whoever refuses at once reads nothing.
        let _ = stdin.write_all(input);
    }
    let output = child.wait_with_output().expect("the command ends");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text in UTF-8");
    Ran { line, code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

/// Copies everything below a folder.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("the folder is made");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            copy(&from, &to);
        } else {
            fs::copy(&from, &to).expect("the file is copied");
        }
    }
}
