//! The connection in somebody's hands: for one change of a group, or alone.

use sqlx::Error;
use tokio::sync::oneshot;

use super::failure::Failure;
use super::{Told, Writes, outcome};
use crate::audit::{Unnumbered, Unwritten};

/// The connection, and the rows of the audit that its group may still have to write.
pub(super) struct Pen<C> {
    pub(super) connection: C,
    pub(super) acts: Unwritten,
}

/// The connection, lent. Dropped, it goes back to the task, and what was done is undone.
pub(in crate::database) struct Turn<C> {
    /// Both are there until it is given back.
    lent: Option<(Pen<C>, Back<C>)>,
}

type Back<C> = oneshot::Sender<(Pen<C>, End)>;

/// How a change ended.
pub(super) enum End {
    /// It stays; whoever waits is told when it is durable.
    Kept(Told),
    /// It goes, because of this, or because it was given up.
    Undone(Option<Failure>),
}

/// A change under way.
pub(crate) struct Change<C> {
    turn: Turn<C>,
    failed: Option<Failure>,
}

impl<C> Turn<C> {
    pub(super) fn new(pen: Pen<C>, back: Back<C>) -> Turn<C> {
        Turn { lent: Some((pen, back)) }
    }

    pub(in crate::database) fn connection(&mut self) -> Result<&mut C, Error> {
        Ok(&mut self.pen()?.connection)
    }

    fn pen(&mut self) -> Result<&mut Pen<C>, Error> {
        self.lent.as_mut().map(|(pen, _)| pen).ok_or(Error::PoolClosed)
    }

    fn give_back(&mut self, end: End) {
        if let Some((pen, back)) = self.lent.take() {
            // The task is gone only with its runtime.
            let _ = back.send((pen, end));
        }
    }
}

impl<C> Drop for Turn<C> {
    fn drop(&mut self) {
        self.give_back(End::Undone(None));
    }
}

impl<C: Writes> Change<C> {
    pub(super) fn new(turn: Turn<C>) -> Change<C> {
        Change { turn, failed: None }
    }

    /// The connection for one statement, unless one before it failed: then SQLite may have given up
    /// the transaction, and what follows would be on its own. A statement that speaks of the audit finds
    /// all its rows there.
    pub(in crate::database) async fn connection(&mut self, sql: &str) -> Result<&mut C, Error> {
        if sql.contains("audit_") {
            self.write_acts().await?;
        }
        self.expect_whole()?;
        self.turn.connection()
    }

    /// Has a row of the audit written before it is committed.
    pub(in crate::database) async fn note(&mut self, row: Unnumbered) -> Result<(), Error> {
        self.expect_whole()?;
        let acts = &mut self.turn.pen()?.acts;
        acts.push(row);
        match acts.are_many() {
            true => self.write_acts().await,
            false => Ok(()),
        }
    }

    async fn write_acts(&mut self) -> Result<(), Error> {
        self.expect_whole()?;
        let Pen { connection, acts } = self.turn.pen()?;
        let done = acts.write(connection).await;
        self.noted(done)
    }
}

impl<C> Change<C> {
    fn expect_whole(&self) -> Result<(), Error> {
        self.failed.as_ref().map_or(Ok(()), |failure| Err(failure.error()))
    }

    /// Takes notice of how a statement ended.
    pub(in crate::database) fn noted<T>(&mut self, done: Result<T, Error>) -> Result<T, Error> {
        if let Err(error) = &done
            && self.failed.is_none()
        {
            self.failed = Some(Failure::of(error));
        }
        done
    }

    /// Keeps it, and waits until it is durable.
    pub(in crate::database) async fn commit(mut self) -> Result<(), Error> {
        self.expect_whole()?;
        let (kept, durable) = oneshot::channel();
        self.turn.give_back(End::Kept(kept));
        outcome(durable).await
    }
}

impl<C> Drop for Change<C> {
    fn drop(&mut self) {
        self.turn.give_back(End::Undone(self.failed.take()));
    }
}
