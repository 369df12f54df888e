//! How long a saved draft takes while many save and many read. Run with `cargo test --release -p
//! store --lib drafts_under_load -- --ignored --nocapture`; the whole server is measured by
//! `benches/load/run.sh`.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::*;

const WRITERS: u32 = 15;
const READERS: u32 = 50;
const SECONDS: u64 = 20;
/// 300 drafts a second, and 200 pages.
const WRITES_EVERY: Duration = Duration::from_millis(50);
const READS_EVERY: Duration = Duration::from_millis(250);

/// Does it again and again until the end; how long each took since it was due.
async fn paced(
    every: Duration,
    number: u32,
    of: u32,
    mut once: impl AsyncFnMut(i64),
) -> Vec<Duration> {
    let started = Instant::now();
    let mut due = started + every * number / of;
    let mut took = Vec::new();
    while started.elapsed() < Duration::from_secs(SECONDS) {
        tokio::time::sleep_until(due.into()).await;
        once(took.len() as i64).await;
        took.push(due.elapsed());
        due += every;
    }
    took
}

fn said(what: &str, mut took: Vec<Duration>) -> Duration {
    took.sort_unstable();
    let at = |part: usize| took[took.len() * part / 100];
    println!(
        "{what}: {} in {SECONDS} s; p50 {:?}, p90 {:?}, p99 {:?}, most {:?}",
        took.len(),
        at(50),
        at(90),
        at(99),
        took.last().unwrap()
    );
    at(99)
}

#[test]
#[ignore = "measures for 20 seconds"]
fn drafts_under_load() {
    with_store(async |store| {
        let [cora, ben, _] = people(&store).await;
        let here = store.clone();
        let (store, cora, ben) = (store.for_server(), Arc::new(cora), Arc::new(ben));
        let body = "cells=".repeat(300);
        let writers: Vec<_> = (0..WRITERS)
            .map(|number| {
                let (store, cora, body) = (store.clone(), cora.clone(), body.clone());
                let quarter = format!("{}-Q{}", 2020 + number / 4, 1 + number % 4);
                let quarter: Quarter = quarter.parse().unwrap();
                tokio::spawn(paced(WRITES_EVERY, number, WRITERS, async move |seen| {
                    store.save_draft(&cora, quarter, &body, seen, start()).await.unwrap();
                }))
            })
            .collect();
        let readers: Vec<_> = (0..READERS)
            .map(|number| {
                let (store, ben) = (store.clone(), ben.clone());
                tokio::spawn(paced(READS_EVERY, number, READERS, async move |_| {
                    store.filings(ben.scope()).await.unwrap();
                    store.viewed(ben.scope(), "/returns", &[], start()).await.unwrap();
                }))
            })
            .collect();
        let (mut saved, mut read) = (Vec::new(), Vec::new());
        for one in writers {
            saved.extend(one.await.unwrap());
        }
        for one in readers {
            read.extend(one.await.unwrap());
        }
        assert!(saved.len() as u64 >= 299 * SECONDS, "{}", saved.len());
        assert!(said("saved", saved) < Duration::from_millis(100));
        assert!(said("read", read) < Duration::from_millis(50));
        let verified = here.verify_audit(&Scope::command_line("tester"), &[]).await.unwrap();
        assert_eq!(verified.findings, []);
    });
}
