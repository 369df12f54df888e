//! What a statement runs in: a moment that is read, or a change, of either database.

use std::borrow::Cow;

use sqlx::{Database, Error};

use super::group::{Change, Writes};
use super::value::{Row, Value};
use crate::audit::Unnumbered;

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

    /// Runs statements of ours without values.
    pub(super) async fn run(&mut self, sql: &str) -> Result<(), Error> {
        let done = self.connection(sql).await?.run(sql).await;
        self.noted(done)
    }

    /// Runs one statement; how many rows it changed.
    pub(super) async fn execute(
        &mut self,
        sql: Cow<'static, str>,
        values: Vec<Value>,
    ) -> Result<u64, Error> {
        let done = self.connection(&sql).await?.execute(sql, values).await;
        self.noted(done)
    }

    /// Runs one statement; the rows that it answers with.
    pub(super) async fn fetch(
        &mut self,
        sql: Cow<'static, str>,
        values: Vec<Value>,
    ) -> Result<Vec<Row>, Error> {
        let rows = self.connection(&sql).await?.fetch(sql, values).await;
        self.noted(rows)
    }

    /// Has a row of the audit written before it is committed.
    pub(super) async fn note(&mut self, row: Unnumbered) -> Result<(), Error> {
        match self {
            Held::Read(_) => Err(Error::Protocol("whoever only reads writes no row".into())),
            Held::Change(change) => change.note(row).await,
        }
    }

    /// The connection for one statement.
    async fn connection(&mut self, sql: &str) -> Result<&mut D::Connection, Error> {
        match self {
            Held::Read(transaction) => Ok(transaction),
            Held::Change(change) => change.connection(sql).await,
        }
    }

    /// Takes notice of how a statement ended.
    fn noted<T>(&mut self, done: Result<T, Error>) -> Result<T, Error> {
        match self {
            Held::Read(_) => done,
            Held::Change(change) => change.noted(done),
        }
    }
}
