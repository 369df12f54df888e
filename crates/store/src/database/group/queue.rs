//! Who waits for the connection.

use std::collections::VecDeque;

use sqlx::Error;
use tokio::sync::{mpsc, oneshot};

use super::change::Turn;
use super::failure::Failure;
use crate::audit::Unnumbered;

/// Somebody who waits.
pub(super) enum Wanted<C> {
    /// To be in a group.
    Part(Part<C>),
    /// Outside of any transaction.
    Alone(Ready<C>),
    /// The end: whoever comes later is refused.
    Close(oneshot::Sender<()>),
}

/// What can be in a group.
pub(super) enum Part<C> {
    /// A change, with a statement of ours that comes before hers.
    Change(String, Ready<C>),
    /// A row of the audit.
    Row(Box<Unnumbered>, Told),
}

pub(super) type Ready<C> = oneshot::Sender<Result<Turn<C>, Error>>;
pub(super) type Told = oneshot::Sender<Result<(), Failure>>;

impl<C> Part<C> {
    pub(super) fn is_given_up(&self) -> bool {
        match self {
            Part::Change(_, ready) => ready.is_closed(),
            Part::Row(_, told) => told.is_closed(),
        }
    }

    /// Whoever has given up is not told.
    pub(super) fn refuse(self, failure: &Failure) {
        match self {
            Part::Change(_, ready) => drop(ready.send(Err(failure.error()))),
            Part::Row(_, told) => drop(told.send(Err(failure.clone()))),
        }
    }
}

/// Those who wait, in the order in which they came.
pub(super) struct Queue<C> {
    from: mpsc::UnboundedReceiver<Wanted<C>>,
    come: VecDeque<Wanted<C>>,
}

impl<C> Queue<C> {
    pub(super) fn new(from: mpsc::UnboundedReceiver<Wanted<C>>) -> Queue<C> {
        Queue { from, come: VecDeque::new() }
    }

    /// The next one; nothing when nobody can come any more.
    pub(super) async fn next(&mut self) -> Option<Wanted<C>> {
        match self.come.pop_front() {
            Some(wanted) => Some(wanted),
            None => self.from.recv().await,
        }
    }

    /// What is next and can be in one group, as far as somebody still waits for it.
    pub(super) fn parts(&mut self) -> VecDeque<Part<C>> {
        while let Ok(wanted) = self.from.try_recv() {
            self.come.push_back(wanted);
        }
        let mut parts = VecDeque::new();
        while let Some(wanted) = self.come.pop_front() {
            match wanted {
                Wanted::Part(part) if part.is_given_up() => {}
                Wanted::Part(part) => parts.push_back(part),
                other => {
                    self.come.push_front(other);
                    break;
                }
            }
        }
        parts
    }
}
