//! Changes that wait at the same time share one commit, and so one wait for the disk.
//!
//! In: whoever wants to change something ([`Writer::change`]). Out: a [`Change`], which has the one
//! connection that writes until it is committed or dropped. One task ([`write`]) owns that
//! connection. It begins a transaction, lends the connection to everybody who waits by then, one
//! after the other, and commits once for all of them:
//!
//! ```text
//! BEGIN   SAVEPOINT, a's …   RELEASE, SAVEPOINT, b's …   COMMIT   both go on
//! ```
//!
//! Either database has one such task in a process. Between processes, `BEGIN` waits for the other: on
//! SQLite for its file, on PostgreSQL for one lock ([`Writes::BEGIN`]).
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
use std::collections::VecDeque;
use std::fmt;
use std::time::Duration;

use sqlx::error::{DatabaseError, ErrorKind};
use sqlx::{ConnectOptions, Connection, Error};
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

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
}

/// Where changes wait for their turn.
#[derive(Debug)]
pub(super) struct Writer<C>(mpsc::UnboundedSender<Wanted<C>>);

impl<C> Clone for Writer<C> {
    fn clone(&self) -> Writer<C> {
        Writer(self.0.clone())
    }
}

/// Somebody who waits.
#[derive(Debug)]
enum Wanted<C> {
    /// In a group, with a statement of ours that comes before hers.
    Change(String, Ready<C>),
    /// Outside of any transaction.
    Alone(Ready<C>),
    /// The end: whoever comes later is refused.
    Close(oneshot::Sender<()>),
}

type Ready<C> = oneshot::Sender<Result<Turn<C>, Error>>;

/// The connection, lent. Dropped, it goes back to the task, and what was done is undone.
#[derive(Debug)]
pub(super) struct Turn<C> {
    /// Both are there until it is given back.
    lent: Option<(C, oneshot::Sender<(C, End)>)>,
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
pub(crate) struct Change<C> {
    turn: Turn<C>,
    failed: Option<Failure>,
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
        let turn = self.turn(|ready| Wanted::Change(first, ready)).await?;
        Ok(Change { turn, failed: None })
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

impl<C> Turn<C> {
    pub(super) fn connection(&mut self) -> Result<&mut C, Error> {
        self.lent.as_mut().map(|(connection, _)| connection).ok_or(Error::PoolClosed)
    }

    fn give_back(&mut self, end: End) {
        if let Some((connection, back)) = self.lent.take() {
            // The task is gone only with its runtime.
            let _ = back.send((connection, end));
        }
    }
}

impl<C> Drop for Turn<C> {
    fn drop(&mut self) {
        self.give_back(End::Undone(None));
    }
}

impl<C> Change<C> {
    /// The connection for one statement, unless one before it failed: then SQLite may have given up
    /// the transaction, and what follows would be on its own.
    pub(super) fn connection(&mut self) -> Result<&mut C, Error> {
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

impl<C> Drop for Change<C> {
    fn drop(&mut self) {
        self.turn.give_back(End::Undone(self.failed.take()));
    }
}

/// Those who wait, in the order in which they came.
struct Queue<C> {
    from: mpsc::UnboundedReceiver<Wanted<C>>,
    come: VecDeque<Wanted<C>>,
}

impl<C> Queue<C> {
    /// The next one; nothing when nobody can come any more.
    async fn next(&mut self) -> Option<Wanted<C>> {
        match self.come.pop_front() {
            Some(wanted) => Some(wanted),
            None => self.from.recv().await,
        }
    }

    /// The changes that are next, as far as somebody still waits for them.
    fn changes(&mut self) -> VecDeque<(String, Ready<C>)> {
        while let Ok(wanted) = self.from.try_recv() {
            self.come.push_back(wanted);
        }
        let mut changes = VecDeque::new();
        while let Some(wanted) = self.come.pop_front() {
            match wanted {
                Wanted::Change(_, ready) if ready.is_closed() => {}
                Wanted::Change(first, ready) => changes.push_back((first, ready)),
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
async fn write<C: Writes>(
    options: C::Options,
    connection: C,
    from: mpsc::UnboundedReceiver<Wanted<C>>,
) {
    let mut queue = Queue { from, come: VecDeque::new() };
    let mut kept = Some(connection);
    let mut held = Duration::ZERO;
    while let Some(next) = queue.next().await {
        let began = Instant::now();
        kept = match next {
            Wanted::Change(_, ready) | Wanted::Alone(ready) if ready.is_closed() => continue,
            Wanted::Change(first, ready) => match begin(&options, kept.take()).await {
                Ok(connection) => group(connection, (first, ready), &mut queue).await,
                Err(error) => {
                    let waiting = queue.changes().into_iter().map(|(_, ready)| ready);
                    refuse([ready].into_iter().chain(waiting), &Failure::of(&error));
                    None
                }
            },
            Wanted::Alone(ready) => match connected(&options, kept.take()).await {
                Ok(connection) => lend(connection, ready).await.map(|back| back.0),
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

/// Runs the changes of one group, which has begun, and commits them. The connection, unless something is
/// wrong with it.
async fn group<C: Writes>(
    mut connection: C,
    first: (String, Ready<C>),
    queue: &mut Queue<C>,
) -> Option<C> {
    let mut waiting = queue.changes();
    waiting.push_front(first);
    let apart = waiting.len() > 1;
    let mut outcome = Ok(());
    let mut kept = Vec::new();
    let mut before = "";
    while let Some((first, ready)) = waiting.pop_front() {
        let save = if apart { "SAVEPOINT change;" } else { "" };
        outcome = run(&mut connection, &format!("{before}{save}{first}")).await;
        if outcome.is_err() {
            waiting.push_front((first, ready));
            break;
        }
        let (back, end) = lend(connection, ready).await?;
        connection = back;
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
                    run(&mut connection, undo).await.map_err(|undone| failed.unwrap_or(undone));
                if outcome.is_err() {
                    break;
                }
            }
        }
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
            refuse(waiting.into_iter().map(|(_, ready)| ready), &failure);
            close(Some(connection)).await;
            None
        }
    }
}

fn refuse<C>(waiting: impl Iterator<Item = Ready<C>>, failure: &Failure) {
    waiting.for_each(|ready| drop(ready.send(Err(failure.error()))));
}

/// Lends the connection, and has it back with how that ended; nothing if it was lost.
async fn lend<C>(connection: C, ready: Ready<C>) -> Option<(C, End)> {
    let (back, returned) = oneshot::channel();
    // Whoever has given up drops it, and it comes back as from everybody else.
    drop(ready.send(Ok(Turn { lent: Some((connection, back)) })));
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
