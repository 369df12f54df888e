//! Stores for tests, one on each database; the crate's own tests take this file too.

use std::path::Path;
use std::process::Command;

use super::{DatabaseUrl, Store};

/// Runs one story against a new SQLite file, and against a new schema of the PostgreSQL database that
/// `CLEARWAY_TEST_POSTGRES` names; `scripts/test` always names one.
pub(crate) fn with_store(story: impl AsyncFn(Store)) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let folder = tempfile::tempdir().unwrap();
        story(Store::open(folder.path()).await.unwrap()).await;
        if let Some(url) = new_schema(folder.path()) {
            story(Store::open_in(folder.path(), Some(&url)).await.unwrap()).await;
        }
    });
}

/// A schema of its own in the database for tests, with the name of a folder that nobody else has; `psql`
/// comes with the server.
fn new_schema(folder: &Path) -> Option<DatabaseUrl> {
    let base = std::env::var("CLEARWAY_TEST_POSTGRES").ok()?;
    let own = folder.file_name().unwrap().to_string_lossy().to_lowercase();
    let name = format!("story_{}_{}", std::process::id(), own.trim_start_matches('.'));
    let make = format!("CREATE SCHEMA {name}");
    let made = Command::new("psql").args([&base, "--quiet", "--command", &make]).status().unwrap();
    assert!(made.success());
    Some(format!("{base}?options=-csearch_path%3D{name}").parse().unwrap())
}
