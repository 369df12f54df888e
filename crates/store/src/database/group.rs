//! Changes that wait at the same time share one commit, and so one wait for the disk.
//!
//! In: whoever wants to change something ([`Writer::change`]). Out: a [`Change`], which has the one
//! connection that writes until it is committed or dropped. One task ([`write`]) owns that
//! connection. It begins a transaction, lends the connection to everybody who waits by then, one
//! after the other, and commits once for all of them:
//!
//! ```text
//! BEGIN   SAVEPOINT, a's …   RELEASE, SAVEPOINT, b's …   rows of the audit   COMMIT   both go on
//! ```
//!
//! What everybody's change says to the audit ([`Change::note`]) is written once for all of them, in the
//! order of the changes; whoever only wants such a row written ([`Writer::note`]) waits for the commit and
//! never has the connection.
//!
//! Either database has one such task in a process. Between processes, `BEGIN` waits for the other: on
//! SQLite for its file, on PostgreSQL for one lock ([`Writes::BEGIN`]).
//!
//! What always holds:
//!
//! - **Nobody is told before it is durable.** [`Change::commit`] answers after `COMMIT` has.
//! - **A change is whole or not there.** One that is dropped is undone alone, to its savepoint; so
//!   is one of which a statement failed, which takes no further statement. When `COMMIT` fails, or the
//!   rows of the audit cannot be written before it, or an error made SQLite give up the whole transaction
//!   (a full disk can), every change of the group gets that error, none of them has happened, and the
//!   connection is made anew.
//! - **The task alone begins, undoes and commits**, and nobody cancels it. A request that is given
//!   up, wherever it waits, drops its `Change` or its place in the queue, and the connection is
//!   back.
//! - **A group is bounded**: those who come while it runs are the next one. It is never open while
//!   nobody works, and a tenth of the time SQLite's file is left to other processes, which ask again and
//!   again.
//!
//! A change reads what the changes before it in its group have written, though that is not durable
//! yet. That is right: they are one after the other as if each had been committed, and if an
//! earlier one is lost, then by the group's commit, and the later one with it. Only a *refusal* can
//! be told before what it rests on is durable ("somebody saved meanwhile"); at worst, it is asked
//! for again.
//!
//! A change that is alone has no savepoint, for which SQLite would keep every page that it touches:
//! an import of a million records is alone.
//!
//! A connection that broke while nobody used it, as when PostgreSQL was started anew, is made anew before
//! anybody is told.

use std::borrow::Cow;
use std::time::Duration;

use sqlx::error::DatabaseError;
use sqlx::{ConnectOptions, Connection, Error};
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

use super::value::{Row, Value};
use crate::audit::{Unnumbered, Unwritten};

mod change;
mod failure;
mod queue;

pub(crate) use change::Change;
use change::{End, Pen, Turn};
use failure::Failure;
use queue::{Part, Queue, Ready, Told, Wanted};

/// `ROLLBACK TO` leaves the savepoint itself.
const UNDO: &str = "ROLLBACK TO change; RELEASE change";

/// A connection that can be the one that writes.
pub(crate) trait Writes:
    Connection<Options: ConnectOptions<Connection = Self>> + 'static
{
    /// Begins a transaction; no other process changes anything until it ends.
    const BEGIN: &'static str;
    /// After so much work in groups, the database is left to other processes for so long.
    const LEFT: Option<(Duration, Duration)>;

    /// Runs statements of ours without values.
    fn run(&mut self, sql: &str) -> impl Future<Output = Result<(), Error>> + Send;

    /// Runs one statement; how many rows it changed.
    fn execute(
        &mut self,
        sql: Cow<'static, str>,
        values: Vec<Value>,
    ) -> impl Future<Output = Result<u64, Error>> + Send;

    /// Runs one statement; the rows that it answers with.
    fn fetch(
        &mut self,
        sql: Cow<'static, str>,
        values: Vec<Value>,
    ) -> impl Future<Output = Result<Vec<Row>, Error>> + Send;
}

/// Where changes wait for their turn.
#[derive(Debug)]
pub(super) struct Writer<C>(mpsc::UnboundedSender<Wanted<C>>);

impl<C> Clone for Writer<C> {
    fn clone(&self) -> Writer<C> {
        Writer(self.0.clone())
    }
}

impl<C: Writes> Writer<C> {
    /// A task of the runtime that this is called in, with a connection that is open already; another is
    /// made with `options`.
    pub(super) fn start(options: C::Options, connection: C) -> Writer<C> {
        let (wanted, from) = mpsc::unbounded_channel();
        tokio::spawn(write(options, connection, from));
        Writer(wanted)
    }

    /// Waits for a turn in a group, with a statement that comes first, or none.
    pub(super) async fn change(&self, first: String) -> Result<Change<C>, Error> {
        let turn = self.turn(|ready| Wanted::Part(Part::Change(first, ready))).await?;
        Ok(Change::new(turn))
    }

    /// Waits until a row of the audit is durable.
    pub(super) async fn note(&self, row: Unnumbered) -> Result<(), Error> {
        let (told, durable) = oneshot::channel();
        self.0.send(Wanted::Part(Part::Row(Box::new(row), told))).map_err(|_| Error::PoolClosed)?;
        outcome(durable).await
    }

    /// Waits for the connection outside of any transaction.
    pub(super) async fn alone(&self) -> Result<Turn<C>, Error> {
        self.turn(Wanted::Alone).await
    }

    async fn turn(&self, wanted: impl FnOnce(Ready<C>) -> Wanted<C>) -> Result<Turn<C>, Error> {
        let (ready, turn) = oneshot::channel();
        self.0.send(wanted(ready)).map_err(|_| Error::PoolClosed)?;
        turn.await.map_err(|_| Error::PoolClosed)?
    }

    /// Ends the task when all who wait already have had their turn.
    pub(super) async fn close(self) {
        let (closed, told) = oneshot::channel();
        if self.0.send(Wanted::Close(closed)).is_ok() {
            // An error is a task that has ended already.
            let _ = told.await;
        }
    }
}

/// Waits for what the task tells.
async fn outcome(durable: oneshot::Receiver<Result<(), Failure>>) -> Result<(), Error> {
    match durable.await {
        Ok(outcome) => outcome.map_err(|failure| failure.error()),
        Err(_) => Err(Error::PoolClosed),
    }
}

/// The task that owns the connection, until nobody can want it any more.
async fn write<C: Writes>(
    options: C::Options,
    connection: C,
    from: mpsc::UnboundedReceiver<Wanted<C>>,
) {
    let mut queue = Queue::new(from);
    let mut kept = Some(connection);
    let mut held = Duration::ZERO;
    while let Some(next) = queue.next().await {
        let began = Instant::now();
        kept = match next {
            Wanted::Part(part) if part.is_given_up() => continue,
            Wanted::Alone(ready) if ready.is_closed() => continue,
            Wanted::Part(first) => match begin(&options, kept.take()).await {
                Ok(connection) => group(connection, first, &mut queue).await,
                Err(error) => {
                    let failure = Failure::of(&error);
                    [first].into_iter().chain(queue.parts()).for_each(|part| part.refuse(&failure));
                    None
                }
            },
            Wanted::Alone(ready) => match connected(&options, kept.take()).await {
                Ok(connection) => lend(Pen { connection, acts: Unwritten::default() }, ready)
                    .await
                    .map(|(pen, _)| pen.connection),
                Err(error) => {
                    drop(ready.send(Err(error)));
                    None
                }
            },
            Wanted::Close(closed) => {
                close(kept).await;
                drop(queue);
                let _ = closed.send(());
                return;
            }
        };
        held += began.elapsed();
        if let Some((most, left)) = C::LEFT
            && held >= most
        {
            held = Duration::ZERO;
            tokio::time::sleep(left).await;
        }
    }
    close(kept).await;
}

async fn connected<C: Writes>(options: &C::Options, kept: Option<C>) -> Result<C, Error> {
    match kept {
        Some(connection) => Ok(connection),
        None => options.connect().await,
    }
}

/// Begins a group's transaction, on a new connection where the one that was kept is broken.
async fn begin<C: Writes>(options: &C::Options, kept: Option<C>) -> Result<C, Error> {
    if let Some(mut connection) = kept {
        match connection.run(C::BEGIN).await {
            Ok(()) => return Ok(connection),
            Err(error) => {
                close(Some(connection)).await;
                // The database itself has said no.
                if error.as_database_error().is_some_and(|error| !has_ended(error)) {
                    return Err(error);
                }
            }
        }
    }
    let mut connection = options.connect().await?;
    connection.run(C::BEGIN).await?;
    Ok(connection)
}

/// Whether PostgreSQL says that it has ended the connection: class 57, "operator intervention".
fn has_ended(error: &dyn DatabaseError) -> bool {
    error.code().is_some_and(|code| code.starts_with("57P"))
}

/// Runs what is in one group, which has begun, and commits it. The connection, unless something is
/// wrong with it.
async fn group<C: Writes>(connection: C, first: Part<C>, queue: &mut Queue<C>) -> Option<C> {
    let mut waiting = queue.parts();
    waiting.push_front(first);
    let apart = waiting.len() > 1;
    let mut pen = Pen { connection, acts: Unwritten::default() };
    let mut outcome = Ok(());
    let mut kept = Vec::new();
    let mut before = "";
    while let Some(part) = waiting.pop_front() {
        let (first, ready) = match part {
            Part::Row(row, told) => {
                pen.acts.push(*row);
                kept.push(told);
                continue;
            }
            Part::Change(first, ready) => (first, ready),
        };
        let save = if apart { "SAVEPOINT change;" } else { "" };
        outcome = run(&mut pen.connection, &format!("{before}{save}{first}")).await;
        if outcome.is_err() {
            waiting.push_front(Part::Change(first, ready));
            break;
        }
        pen.acts.begin();
        let (back, end) = lend(pen, ready).await?;
        pen = back;
        match end {
            End::Kept(told) => {
                kept.push(told);
                before = if apart { "RELEASE change;" } else { "" };
            }
            End::Undone(failed) => {
                before = "";
                let undo = if apart { UNDO } else { "" };
                // That there is nothing left to undo is said by what failed before.
                outcome =
                    run(&mut pen.connection, undo).await.map_err(|undone| failed.unwrap_or(undone));
                if outcome.is_err() {
                    break;
                }
                pen.acts.undo();
            }
        }
    }
    let Pen { mut connection, mut acts } = pen;
    if outcome.is_ok() {
        outcome = match kept.is_empty() {
            true => run(&mut connection, "ROLLBACK").await,
            false => match acts.write(&mut connection).await {
                Ok(()) => run(&mut connection, "COMMIT").await,
                Err(error) => Err(Failure::of(&error)),
            },
        };
    }
    // Whoever has given up is not told.
    kept.into_iter().for_each(|told| drop(told.send(outcome.clone())));
    match outcome {
        Ok(()) => Some(connection),
        Err(failure) => {
            waiting.into_iter().for_each(|part| part.refuse(&failure));
            close(Some(connection)).await;
            None
        }
    }
}

/// Lends the connection, and has it back with how that ended; nothing if it was lost.
async fn lend<C>(pen: Pen<C>, ready: Ready<C>) -> Option<(Pen<C>, End)> {
    let (back, returned) = oneshot::channel();
    // Whoever has given up drops it, and it comes back as from everybody else.
    drop(ready.send(Ok(Turn::new(pen, back))));
    returned.await.ok()
}

/// Runs statements, if there are any.
async fn run<C: Writes>(connection: &mut C, sql: &str) -> Result<(), Failure> {
    match sql {
        "" => Ok(()),
        sql => connection.run(sql).await.map_err(|error| Failure::of(&error)),
    }
}

async fn close<C: Writes>(connection: Option<C>) {
    if let Some(connection) = connection {
        // SQLite undoes what was not committed; there is nothing else that could be done.
        let _ = connection.close().await;
    }
}

#[cfg(test)]
mod tests;
