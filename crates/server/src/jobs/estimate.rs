//! How many people are on no list: a count, then what `clearway estimate` makes of who is on which lists.

use analysis::people::write_counted;
use estimation::Settings;

use super::steps::Steps;
use super::{Outcome, Task, people, said};

pub(super) const STEPS: i64 = 3;

/// Estimates. The outcome is the range, in round numbers.
pub(super) async fn run(task: &Task, mut steps: Steps<'_>) -> Outcome {
    let counted = people::count(task, &mut steps).await?.ok_or("no agency has sent people yet")?;
    let failed = |error: std::io::Error| format!("the lists cannot be written: {}", error.kind());
    // They hold small counts: they are gone with the folder.
    let work = tempfile::Builder::new().prefix("estimating-").tempdir_in(task.data());
    let work = work.map_err(failed)?;
    let path = work.path().join("lists.csv");
    write_counted(&path, &counted.people.histories).map_err(said)?;
    let bytes = std::fs::read(&path).map_err(failed)?;
    let estimated = analysis::estimate::run(&bytes, None, &Settings::default(), &|_| ());
    let whole = estimated.map_err(said)?.answer.whole;
    steps.step().await?;
    let range = whole.headline.ok_or_else(|| {
        let refused = whole.refused.map(|refused| refused.reason);
        refused.unwrap_or_else(|| "the lists cannot answer".to_owned())
    })?;
    let (low, high) = analysis::estimate::rounded(range.low, range.high, whole.observed);
    Ok(format!("{low} {high}"))
}
