//! Changes that wait at the same time share one commit, and so one wait for the disk.
//!
//! In: whoever wants to change something ([`Writer::change`]). Out: a [`Change`], which has the one
//! connection that writes until it is committed or dropped. One task ([`write`]) owns that
//! connection. It begins a transaction, lends the connection to everybody who waits by then, one
//! after the other, and commits once for all of them:
//!
//! ```text
//! BEGIN IMMEDIATE   SAVEPOINT, a's …, RELEASE   SAVEPOINT, b's …, RELEASE   COMMIT   both go on
//! ```
//!
//! What always holds:
//!
//! - **Nobody is told before it is durable.** [`Change::commit`] answers after `COMMIT` has.
//! - **A change is whole or not there.** One that is dropped is undone alone, to its savepoint; so
//!   is one of which a statement failed, which takes no further statement. When `COMMIT` fails, or
//!   an error made SQLite give up the whole transaction (a full disk can), every change of the
//!   group gets that error, none of them has happened, and the connection is made anew.
//! - **The task alone begins, undoes and commits**, and nobody cancels it. A request that is given
//!   up, wherever it waits, drops its `Change` or its place in the queue, and the connection is
//!   back.
//! - **A group is bounded**: those who come while it runs are the next one. It is never open while
//!   nobody works, and a tenth of the time the file is left to other processes, which ask again and
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

use std::borrow::Cow;
use std::collections::VecDeque;
use std::fmt;
use std::time::Duration;

use sqlx::error::{DatabaseError, ErrorKind};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, Error, SqliteConnection};
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

/// After so much work in groups, the file is left to other processes for a tenth of it.
const HELD: Duration = Duration::from_millis(50);
const LEFT: Duration = Duration::from_millis(5);

/// `ROLLBACK TO` leaves the savepoint itself.
const UNDO: &str = "ROLLBACK TO change; RELEASE change";

/// Where changes wait for their turn.
#[derive(Debug, Clone)]
pub(super) struct Writer(mpsc::UnboundedSender<Wanted>);

/// Somebody who waits.
#[derive(Debug)]
enum Wanted {
    Turn(How, Ready),
    /// The end: whoever comes later is refused.
    Close(oneshot::Sender<()>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum How {
    /// In a group.
    Change,
    /// Outside of any transaction.
    Alone,
}

type Ready = oneshot::Sender<Result<Turn, Error>>;

/// The connection, lent. Dropped, it goes back to the task, and what was done is undone.
#[derive(Debug)]
pub(super) struct Turn {
    /// Both are there until it is given back.
    lent: Option<(SqliteConnection, oneshot::Sender<(SqliteConnection, End)>)>,
}

/// How a change ended.
#[derive(Debug)]
enum End {
    /// It stays; whoever waits is told when it is durable.
    Kept(oneshot::Sender<Result<(), Failure>>),
    /// It goes, because of this, or because it was given up.
    Undone(Option<Failure>),
}

/// A change under way.
#[derive(Debug)]
pub(crate) struct Change {
    turn: Turn,
    failed: Option<Failure>,
}

impl Writer {
    /// A task of the runtime that this is called in, with a connection that is open already.
    pub(super) fn start(options: SqliteConnectOptions, connection: SqliteConnection) -> Writer {
        let (wanted, from) = mpsc::unbounded_channel();
        // What is not there any more is not made anew, empty.
        tokio::spawn(write(options.create_if_missing(false), connection, from));
        Writer(wanted)
    }

    /// Waits for a turn in a group.
    pub(super) async fn change(&self) -> Result<Change, Error> {
        Ok(Change { turn: self.turn(How::Change).await?, failed: None })
    }

    /// Waits for the connection outside of any transaction.
    pub(super) async fn alone(&self) -> Result<Turn, Error> {
        self.turn(How::Alone).await
    }

    async fn turn(&self, how: How) -> Result<Turn, Error> {
        let (ready, turn) = oneshot::channel();
        self.0.send(Wanted::Turn(how, ready)).map_err(|_| Error::PoolClosed)?;
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

impl Turn {
    pub(super) fn connection(&mut self) -> Result<&mut SqliteConnection, Error> {
        self.lent.as_mut().map(|(connection, _)| connection).ok_or(Error::PoolClosed)
    }

    fn give_back(&mut self, end: End) {
        if let Some((connection, back)) = self.lent.take() {
            // The task is gone only with its runtime.
            let _ = back.send((connection, end));
        }
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.give_back(End::Undone(None));
    }
}

impl Change {
    /// The connection for one statement, unless one before it failed: then SQLite may have given up
    /// the transaction, and what follows would be on its own.
    pub(super) fn connection(&mut self) -> Result<&mut SqliteConnection, Error> {
        match &self.failed {
            Some(failure) => Err(failure.error()),
            None => self.turn.connection(),
        }
    }

    /// Takes notice of how a statement ended.
    pub(super) fn noted<T>(&mut self, done: Result<T, Error>) -> Result<T, Error> {
        if let Err(error) = &done
            && self.failed.is_none()
        {
            self.failed = Some(Failure::of(error));
        }
        done
    }

    /// Keeps it, and waits until it is durable.
    pub(in crate::database) async fn commit(mut self) -> Result<(), Error> {
        if let Some(failure) = &self.failed {
            return Err(failure.error());
        }
        let (kept, durable) = oneshot::channel();
        self.turn.give_back(End::Kept(kept));
        match durable.await {
            Ok(outcome) => outcome.map_err(|failure| failure.error()),
            Err(_) => Err(Error::PoolClosed),
        }
    }
}

impl Drop for Change {
    fn drop(&mut self) {
        self.turn.give_back(End::Undone(self.failed.take()));
    }
}

/// Those who wait, in the order in which they came.
struct Queue {
    from: mpsc::UnboundedReceiver<Wanted>,
    come: VecDeque<Wanted>,
}

impl Queue {
    /// The next one; nothing when nobody can come any more.
    async fn next(&mut self) -> Option<Wanted> {
        match self.come.pop_front() {
            Some(wanted) => Some(wanted),
            None => self.from.recv().await,
        }
    }

    /// The changes that are next, as far as somebody still waits for them.
    fn changes(&mut self) -> VecDeque<Ready> {
        while let Ok(wanted) = self.from.try_recv() {
            self.come.push_back(wanted);
        }
        let mut changes = VecDeque::new();
        while let Some(wanted) = self.come.pop_front() {
            match wanted {
                Wanted::Turn(How::Change, ready) if ready.is_closed() => {}
                Wanted::Turn(How::Change, ready) => changes.push_back(ready),
                other => {
                    self.come.push_front(other);
                    break;
                }
            }
        }
        changes
    }
}

/// The task that owns the connection, until nobody can want it any more.
async fn write(
    options: SqliteConnectOptions,
    connection: SqliteConnection,
    from: mpsc::UnboundedReceiver<Wanted>,
) {
    let mut queue = Queue { from, come: VecDeque::new() };
    let mut kept = Some(connection);
    let mut held = Duration::ZERO;
    while let Some(next) = queue.next().await {
        let (how, ready) = match next {
            Wanted::Turn(_, ready) if ready.is_closed() => continue,
            Wanted::Turn(how, ready) => (how, ready),
            Wanted::Close(closed) => {
                close(kept).await;
                drop(queue);
                let _ = closed.send(());
                return;
            }
        };
        let connected = match kept.take() {
            Some(connection) => Ok(connection),
            None => options.connect().await,
        };
        let began = Instant::now();
        kept = match connected {
            Err(error) => {
                drop(ready.send(Err(error)));
                None
            }
            Ok(connection) if how == How::Alone => lend(connection, ready).await.map(|back| back.0),
            Ok(connection) => group(connection, ready, &mut queue).await,
        };
        held += began.elapsed();
        if held >= HELD {
            held = Duration::ZERO;
            tokio::time::sleep(LEFT).await;
        }
    }
    close(kept).await;
}

/// Runs the changes of one group and commits them. The connection, unless something is wrong with
/// it.
async fn group(
    mut connection: SqliteConnection,
    first: Ready,
    queue: &mut Queue,
) -> Option<SqliteConnection> {
    // Immediate: of two processes, the second waits before it reads.
    let mut outcome = run(&mut connection, "BEGIN IMMEDIATE").await;
    let mut waiting = queue.changes();
    waiting.push_front(first);
    let apart = waiting.len() > 1;
    let mut kept = Vec::new();
    while outcome.is_ok()
        && let Some(ready) = waiting.pop_front()
    {
        let saved = run_if(apart, &mut connection, "SAVEPOINT change").await;
        if saved.is_err() {
            waiting.push_front(ready);
            outcome = saved;
            break;
        }
        let (back, end) = lend(connection, ready).await?;
        connection = back;
        outcome = match end {
            End::Kept(told) => {
                kept.push(told);
                run_if(apart, &mut connection, "RELEASE change").await
            }
            End::Undone(failed) => {
                let undone = run_if(apart, &mut connection, UNDO).await;
                // That there is nothing left to undo is said by what failed before.
                undone.map_err(|failure| failed.unwrap_or(failure))
            }
        };
    }
    if outcome.is_ok() {
        let end = if kept.is_empty() { "ROLLBACK" } else { "COMMIT" };
        outcome = run(&mut connection, end).await;
    }
    // Whoever has given up is not told.
    kept.into_iter().for_each(|told| drop(told.send(outcome.clone())));
    match outcome {
        Ok(()) => Some(connection),
        Err(failure) => {
            waiting.into_iter().for_each(|ready| drop(ready.send(Err(failure.error()))));
            close(Some(connection)).await;
            None
        }
    }
}

/// Lends the connection, and has it back with how that ended; nothing if it was lost.
async fn lend(connection: SqliteConnection, ready: Ready) -> Option<(SqliteConnection, End)> {
    let (back, returned) = oneshot::channel();
    // Whoever has given up drops it, and it comes back as from everybody else.
    drop(ready.send(Ok(Turn { lent: Some((connection, back)) })));
    returned.await.ok()
}

async fn run(connection: &mut SqliteConnection, sql: &'static str) -> Result<(), Failure> {
    match sqlx::raw_sql(sql).execute(connection).await {
        Ok(_) => Ok(()),
        Err(error) => Err(Failure::of(&error)),
    }
}

async fn run_if(
    wanted: bool,
    connection: &mut SqliteConnection,
    sql: &'static str,
) -> Result<(), Failure> {
    if wanted { run(connection, sql).await } else { Ok(()) }
}

async fn close(connection: Option<SqliteConnection>) {
    if let Some(connection) = connection {
        // SQLite undoes what was not committed; there is nothing else that could be done.
        let _ = connection.close().await;
    }
}

/// What one error said, for everybody whom it concerns.
#[derive(Debug, Clone)]
struct Failure {
    said: String,
    code: Option<String>,
}

impl Failure {
    fn of(error: &Error) -> Failure {
        match error.as_database_error() {
            Some(error) => Failure {
                said: error.message().to_owned(),
                code: error.code().map(Cow::into_owned),
            },
            None => Failure { said: error.to_string(), code: None },
        }
    }

    fn error(&self) -> Error {
        Error::Database(Box::new(self.clone()))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.said)
    }
}

impl std::error::Error for Failure {}

impl DatabaseError for Failure {
    fn message(&self) -> &str {
        &self.said
    }

    fn code(&self) -> Option<Cow<'_, str>> {
        self.code.as_deref().map(Cow::Borrowed)
    }

    fn as_error(&self) -> &(dyn std::error::Error + Send + Sync + 'static) {
        self
    }

    fn as_error_mut(&mut self) -> &mut (dyn std::error::Error + Send + Sync + 'static) {
        self
    }

    fn into_error(self: Box<Self>) -> Box<dyn std::error::Error + Send + Sync + 'static> {
        self
    }

    fn kind(&self) -> ErrorKind {
        ErrorKind::Other
    }
}

#[cfg(test)]
mod tests;
