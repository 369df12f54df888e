//! What a statement runs in: a moment that is read, or a change, of either database.

use sqlx::{Database, Error};

use super::group::{Change, Writes};

/// What is read is of one moment; what is changed has the one connection that writes.
pub(crate) enum Held<D: Database> {
    Read(sqlx::Transaction<'static, D>),
    Change(Change<D::Connection>),
}

impl<D: Database<Connection: Writes>> Held<D> {
    pub(super) async fn commit(self) -> Result<(), Error> {
        match self {
            Held::Read(transaction) => transaction.commit().await,
            Held::Change(change) => change.commit().await,
        }
    }

    /// The connection for one statement.
    pub(super) fn connection(&mut self) -> Result<&mut D::Connection, Error> {
        match self {
            Held::Read(transaction) => Ok(transaction),
            Held::Change(change) => change.connection(),
        }
    }

    /// Takes notice of how a statement ended.
    pub(super) fn noted<T>(&mut self, done: Result<T, Error>) -> Result<T, Error> {
        match self {
            Held::Read(_) => done,
            Held::Change(change) => change.noted(done),
        }
    }
}
