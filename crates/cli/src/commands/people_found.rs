//! People found among records, in the clear or by encodings: shown alike by every command that
//! finds them.

mod panel;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Instant;

use linkage::{CalibrationBin, Count, Scores};

use crate::{Format, output, progress};

/// People found, and what there is to say of them.
pub(super) struct PeopleFound {
    /// Where the records came from.
    pub(super) what: String,
    /// Where it is written which record is which person.
    pub(super) out: PathBuf,
    /// The names of the agencies, by number.
    pub(super) agencies: Vec<String>,
    /// Columns of the input that were not used.
    pub(super) ignored: Vec<String>,
    /// What else must be said.
    pub(super) remarks: Vec<String>,
    /// People in the file, and the log odds from which groups became one.
    pub(super) clusters: u32,
    pub(super) threshold: f32,
    /// How often records were kept apart because the person would have been too large.
    pub(super) refused_for_size: u32,
    /// Pairs that a reviewer could settle.
    pub(super) undecided: usize,
    pub(super) count: Count,
    /// Held against the truth, when it was given.
    pub(super) scores: Option<(Scores, Vec<CalibrationBin>)>,
    pub(super) seconds: BTreeMap<&'static str, f64>,
    /// What to do next, a line or two.
    pub(super) next: String,
}

impl PeopleFound {
    /// Answers with them.
    pub(super) fn show(&self, format: Format) -> anyhow::Result<()> {
        match format {
            Format::Json => output::json(&json(self)),
            Format::Text => output::text(&panel::text(self)),
        }
    }
}

fn json(found: &PeopleFound) -> serde_json::Value {
    let rates = |rates: &linkage::Rates| {
        serde_json::json!({
            "precision": rates.precision, "recall": rates.recall, "f1": rates.f1,
        })
    };
    let count = &found.count;
    let mut document = serde_json::json!({
        "records": count.records,
        "persons": count.persons,
        "persons_low": count.low,
        "persons_high": count.high,
        "persons_drawn": count.persons_drawn,
        "persons_in_clusters": found.clusters,
        "largest_cluster": count.sizes.len(),
        "refused_for_size": found.refused_for_size,
        "threshold": found.threshold,
        "ignored_columns": found.ignored,
        "remarks": found.remarks,
        "undecided": found.undecided,
        "seconds": found.seconds,
        "peak_rss_mib": peak_rss_mib(),
    });
    if let Some((scores, bins)) = &found.scores {
        document["persons_true"] = scores.persons_true.into();
        document["pairs"] = rates(&scores.pairs);
        document["clusters"] = rates(&scores.clusters);
        document["clusters_cross"] = rates(&scores.cross);
        let bin = |bin: &linkage::CalibrationBin| {
            serde_json::json!({
                "from": bin.from, "to": bin.to, "pairs": bin.pairs,
                "predicted": bin.predicted, "observed": bin.observed,
            })
        };
        document["calibration"] = bins.iter().map(bin).collect();
    }
    document
}

/// The most memory that the program held so far; absent where the system does not say.
fn peak_rss_mib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? / 1024)
}

/// Times the phases and shows them as they go.
pub(super) struct Phases {
    bar: indicatif::ProgressBar,
    seconds: BTreeMap<&'static str, f64>,
    now: (&'static str, Instant),
}

impl Phases {
    const NUMBER: u64 = 8;

    pub(super) fn new() -> Phases {
        let bar = progress::things(Phases::NUMBER, "read");
        Phases { bar, seconds: BTreeMap::new(), now: ("read", Instant::now()) }
    }

    pub(super) fn start(&mut self, phase: &'static str) {
        let (before, since) = std::mem::replace(&mut self.now, (phase, Instant::now()));
        *self.seconds.entry(before).or_default() += since.elapsed().as_secs_f64();
        self.bar.inc(1);
        self.bar.set_message(phase);
    }

    pub(super) fn end(mut self) -> BTreeMap<&'static str, f64> {
        self.start("done");
        self.bar.finish_and_clear();
        self.seconds
    }
}
