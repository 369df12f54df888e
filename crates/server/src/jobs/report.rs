//! The state report: what `clearway report` writes, into a folder of its own in the data folder.

use analysis::report::{Material, Plan};
use records::register::Register;
use store::Permission;

use super::steps::Steps;
use super::{Outcome, Task, people, report_folder, said};

pub(super) const STEPS: i64 = 5;

/// Makes it. The outcome is how many figures it has.
pub(super) async fn run(task: &Task, mut steps: Steps<'_>) -> Outcome {
    let (store, scope, register) = (&task.store, &task.scope, Register::embedded());
    let material = Material::read(store, scope, register).await.map_err(said)?;
    steps.step().await?;
    let plan =
        Plan { state: task.state.clone(), period: None, as_of: task.today(), your_quarter: None };
    let made = analysis::report::run(store, scope, register, &material, &plan).await;
    let mut made = made.map_err(said)?;
    steps.step().await?;
    // Whoever may not count gets the report without a count.
    if scope.role().may(Permission::Count) {
        made.people = people::count(task, &mut steps).await?.map(|counted| counted.people);
    }
    if made.figures.is_empty() && made.people.is_none() {
        return Err("there is no figure yet: no return is in".to_owned());
    }
    // Whole or not there: nobody reads half a report.
    let folder = report_folder(task.data(), task.id);
    let around = folder.parent().ok_or("no folder for reports")?;
    let failed = |error: std::io::Error| format!("the report cannot be written: {}", error.kind());
    std::fs::create_dir_all(around).map_err(failed)?;
    let half = tempfile::Builder::new().prefix("half-").tempdir_in(around).map_err(failed)?;
    let written = report::write_site(&made, half.path()).map_err(said)?;
    std::fs::rename(half.path(), &folder).map_err(failed)?;
    Ok(written.figures.to_string())
}
