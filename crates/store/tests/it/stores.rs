//! Stores for tests, one on each database; the crate's own tests take this file too.

use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use super::{DatabaseUrl, Store};

/// Runs one story against a new SQLite file, and against a new schema of the PostgreSQL database that
/// `CLEARWAY_TEST_POSTGRES` names; `scripts/test` always names one.
pub(crate) fn with_store(story: impl AsyncFn(Store)) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let folder = tempfile::tempdir().unwrap();
        story(Store::open(folder.path()).await.unwrap()).await;
        if let Some(url) = new_schema() {
            story(Store::open_in(folder.path(), Some(&url)).await.unwrap()).await;
        }
    });
}

/// A schema of its own in the database for tests; `psql` comes with the server.
fn new_schema() -> Option<DatabaseUrl> {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let base = std::env::var("CLEARWAY_TEST_POSTGRES").ok()?;
    let name = format!("story_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
    let make = format!("CREATE SCHEMA {name}");
    let made = Command::new("psql").args([&base, "--quiet", "--command", &make]).status().unwrap();
    assert!(made.success());
    Some(format!("{base}?options=-csearch_path%3D{name}").parse().unwrap())
}
