//! People, nobody counted twice: what `clearway count --people` does, of real agencies or else made-up ones.

use analysis::people::{Counted, PeoplePlan, count_and_log};
use analysis::receive::purge_before_count;
use records::register::Register;
use report::ShownCount;

use super::steps::Steps;
use super::{Outcome, Task, said};

pub(super) const STEPS: i64 = 2;

/// Counts. The outcome is the range, as it may be printed.
pub(super) async fn run(task: &Task, mut steps: Steps<'_>) -> Outcome {
    let counted = count(task, &mut steps).await?.ok_or("no agency has sent people yet")?;
    let shown = |number: u64| {
        let number = ShownCount::of(number).number();
        number.map_or_else(|| format!("<{}", report::SMALLEST_SHOWN), |number| number.to_string())
    };
    Ok(format!("{} {}", shown(counted.people.low), shown(counted.people.high)))
}

/// The count, in two steps: what was taken away is removed first.
pub(super) async fn count(task: &Task, steps: &mut Steps<'_>) -> Result<Option<Counted>, String> {
    let (store, scope, data, today) = (&task.store, &task.scope, task.data(), task.today());
    purge_before_count(store, scope, data, task.now(), today).await.map_err(said)?;
    steps.step().await?;
    let plan =
        PeoplePlan { practice: false, period: None, as_of: today, truth: None, threads: None };
    let register = Register::embedded();
    let counted = count_and_log(store, scope, register, data, &plan, task.now()).await;
    let counted = counted.map_err(said)?;
    steps.step().await?;
    Ok(counted)
}
