//! One attack, in time or not at all.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use super::{Limits, Planned};
use crate::attacks::{Attack, AttackError, Stop, Trials};

/// Why an attack gave no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum NotDone {
    /// It ran out of time.
    #[error("not done within {0} seconds; give more time, or fewer trials")]
    Time(u64),
    /// It says why.
    #[error(transparent)]
    Error(#[from] AttackError),
    /// It panicked. What it said may hold a value, so it is not repeated.
    #[error("the attack broke off; this is a fault of the program, please report it")]
    Panic,
}

/// Carries out an attack in a thread of its own, and tells it to stop when time is over.
///
/// An attack looks at `stop` for every target or table, so that it ends soon after.
pub(super) fn in_time(attack: Planned<'_>, limits: &Limits) -> Result<Vec<Attack>, NotDone> {
    let stop = Stop::default();
    let (sender, receiver) = channel();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let trials = Trials { number: limits.trials, seed: limits.seed, stop: &stop };
            let done = catch_unwind(AssertUnwindSafe(|| attack(trials)));
            // Nobody listens any more once time is over.
            let _ = sender.send(done);
        });
        match receiver.recv_timeout(Duration::from_secs(limits.seconds)) {
            Ok(Ok(done)) => Ok(done?),
            Ok(Err(_)) | Err(RecvTimeoutError::Disconnected) => Err(NotDone::Panic),
            Err(RecvTimeoutError::Timeout) => {
                stop.set();
                Err(NotDone::Time(limits.seconds))
            }
        }
    })
}
