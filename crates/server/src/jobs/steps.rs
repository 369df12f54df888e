//! How far a job is.

use super::{Task, said};

/// The steps of one job.
pub(super) struct Steps<'t> {
    task: &'t Task,
    done: i64,
}

impl<'t> Steps<'t> {
    /// None is done.
    pub(super) fn of(task: &'t Task) -> Steps<'t> {
        Steps { task, done: 0 }
    }

    /// One more is done.
    pub(super) async fn step(&mut self) -> Result<(), String> {
        self.done += 1;
        let Task { store, scope, id, .. } = self.task;
        store.job_steps(scope, *id, self.done).await.map_err(said)
    }
}
