//! One way to the database, whichever of the two it is.
//!
//! In: one SQL text with `$1`, `$2` … and [`Value`]s. Out: [`Row`]s. A statement runs only inside a
//! [`Transaction`], and [`Database`] gives one out only to read or to change; so every function of
//! the store says which of the two it does, and SQLite's one writer is never waited for by readers.
//!
//! What the two databases say differently is in `sqlite` and `postgres`, and nowhere else.

mod group;
mod postgres;
mod sqlite;
mod transaction;
mod value;

use std::path::Path;

use sqlx::Error;

pub(crate) use group::Writes;
pub use postgres::DatabaseUrl;
pub(crate) use value::{FromValue, Row, Value};

use crate::StoreError;
use crate::audit::Unnumbered;

/// The database of one installation.
#[derive(Debug, Clone)]
pub(crate) enum Database {
    Sqlite(sqlite::Pools),
    Postgres(postgres::Pools),
}

/// A transaction; dropped without [`Transaction::commit`], nothing of it has happened.
pub(crate) enum Transaction {
    Sqlite(sqlite::Transaction),
    Postgres(postgres::Transaction),
}

impl Database {
    /// Opens `clearway.sqlite` in `folder`, or what `url` names.
    pub(crate) async fn open(
        folder: &Path,
        url: Option<&DatabaseUrl>,
    ) -> Result<Database, StoreError> {
        std::fs::create_dir_all(folder)
            .map_err(|source| StoreError::Folder { folder: folder.to_owned(), source })?;
        match url {
            None => Ok(Database::Sqlite(sqlite::Pools::open(folder).await?)),
            Some(url) => Ok(Database::Postgres(postgres::Pools::open(url).await?)),
        }
    }

    /// Begins to read, for one agency or for the whole installation. Everything that is read in it
    /// is of one moment.
    pub(crate) async fn read(&self, agency: Option<&str>) -> Result<Transaction, Error> {
        Ok(match self {
            Database::Sqlite(pools) => Transaction::Sqlite(pools.read().await?),
            Database::Postgres(pools) => Transaction::Postgres(pools.read(agency).await?),
        })
    }

    /// Begins a change. Of two, the second waits before it reads.
    pub(crate) async fn change(&self, agency: Option<&str>) -> Result<Transaction, Error> {
        Ok(match self {
            Database::Sqlite(pools) => Transaction::Sqlite(pools.change().await?),
            Database::Postgres(pools) => Transaction::Postgres(pools.change(agency).await?),
        })
    }

    /// Writes a row of the audit alone: with whatever changes wait at the same time, in one commit.
    pub(crate) async fn note(&self, row: Unnumbered) -> Result<(), Error> {
        match self {
            Database::Sqlite(pools) => pools.note(row).await,
            Database::Postgres(pools) => pools.note(row).await,
        }
    }

    /// Lets go of what stood in the database before something was destroyed: SQLite's log, which
    /// still holds the pages as they were, and PostgreSQL's dead rows.
    pub(crate) async fn forget_pages(&self) -> Result<(), Error> {
        match self {
            Database::Sqlite(pools) => pools.forget_pages().await,
            Database::Postgres(pools) => pools.forget_pages().await,
        }
    }

    /// Whether it keeps the rows of agencies apart by itself.
    #[cfg(test)]
    pub(crate) fn keeps_apart(&self) -> bool {
        matches!(self, Database::Postgres(_))
    }

    /// Copies it into a new file; others read and write meanwhile.
    pub(crate) async fn copy_into(&self, file: &Path) -> Result<(), StoreError> {
        match self {
            Database::Sqlite(pools) => Ok(pools.copy_into(file).await?),
            Database::Postgres(_) => Err(StoreError::NotSqlite),
        }
    }

    /// What somebody does who has SQLite's file and not the program.
    #[cfg(test)]
    pub(crate) async fn by_hand(&self, sql: &str) {
        match self {
            Database::Sqlite(pools) => pools.by_hand(sql).await,
            Database::Postgres(_) => panic!("by hand on SQLite only"),
        }
    }

    /// Writes what is pending and lets go of it.
    pub(crate) async fn close(self) {
        match self {
            Database::Sqlite(pools) => pools.close().await,
            Database::Postgres(pools) => pools.close().await,
        }
    }
}

impl Transaction {
    /// Makes it durable.
    pub(crate) async fn commit(self) -> Result<(), Error> {
        match self {
            Transaction::Sqlite(transaction) => transaction.commit().await,
            Transaction::Postgres(transaction) => transaction.commit().await,
        }
    }

    /// Runs statements of ours without values, as those of a migration.
    pub(crate) async fn run(&mut self, sql: &str) -> Result<(), Error> {
        match self {
            Transaction::Sqlite(transaction) => transaction.run(sql).await,
            Transaction::Postgres(transaction) => postgres::run(transaction, sql).await,
        }
    }

    /// Has a row of the audit written before it is committed; every statement that speaks of the audit
    /// finds it there.
    pub(crate) async fn note(&mut self, row: Unnumbered) -> Result<(), Error> {
        match self {
            Transaction::Sqlite(transaction) => transaction.note(row).await,
            Transaction::Postgres(transaction) => transaction.note(row).await,
        }
    }

    /// The version to which the tables were brought; 0 where there are none.
    pub(crate) async fn version(&mut self) -> Result<i64, Error> {
        match self {
            Transaction::Sqlite(transaction) => sqlite::version(transaction).await,
            Transaction::Postgres(transaction) => postgres::version(transaction).await,
        }
    }

    /// Has the database itself keep the rows of agencies apart, where it can: PostgreSQL.
    pub(crate) async fn keep_apart(&mut self) -> Result<(), Error> {
        match self {
            Transaction::Sqlite(_) => Ok(()),
            Transaction::Postgres(transaction) => postgres::keep_apart(transaction).await,
        }
    }

    /// Writes down the version.
    pub(crate) async fn set_version(&mut self, version: i64) -> Result<(), Error> {
        match self {
            Transaction::Sqlite(transaction) => sqlite::set_version(transaction, version).await,
            Transaction::Postgres(transaction) => postgres::set_version(transaction, version).await,
        }
    }
}

/// A statement with its values.
#[derive(Debug)]
#[must_use = "a statement does nothing until it is run"]
pub(crate) struct Query {
    sql: std::borrow::Cow<'static, str>,
    values: Vec<Value>,
}

/// A statement; the values follow with [`Query::bind`], in the order of `$1`, `$2` …
pub(crate) fn query(sql: impl Into<std::borrow::Cow<'static, str>>) -> Query {
    Query { sql: sql.into(), values: Vec::new() }
}

/// A statement of which only the first column is wanted.
pub(crate) fn scalar(sql: impl Into<std::borrow::Cow<'static, str>>) -> Scalar {
    Scalar(query(sql))
}

impl Query {
    pub(crate) fn bind(mut self, value: impl Into<Value>) -> Query {
        self.values.push(value.into());
        self
    }

    /// How many rows it changed.
    pub(crate) async fn execute(self, transaction: &mut Transaction) -> Result<u64, Error> {
        match transaction {
            Transaction::Sqlite(inner) => inner.execute(self.sql, self.values).await,
            Transaction::Postgres(inner) => inner.execute(self.sql, self.values).await,
        }
    }

    pub(crate) async fn fetch_all(self, transaction: &mut Transaction) -> Result<Vec<Row>, Error> {
        match transaction {
            Transaction::Sqlite(inner) => inner.fetch(self.sql, self.values).await,
            Transaction::Postgres(inner) => inner.fetch(self.sql, self.values).await,
        }
    }

    /// The first row, if there is one.
    pub(crate) async fn fetch_optional(
        self,
        transaction: &mut Transaction,
    ) -> Result<Option<Row>, Error> {
        Ok(self.fetch_all(transaction).await?.into_iter().next())
    }

    /// The first row, which there always is.
    pub(crate) async fn fetch_one(self, transaction: &mut Transaction) -> Result<Row, Error> {
        self.fetch_optional(transaction).await?.ok_or(Error::RowNotFound)
    }
}

/// A statement of which only the first column is wanted.
#[derive(Debug)]
#[must_use = "a statement does nothing until it is run"]
pub(crate) struct Scalar(Query);

impl Scalar {
    pub(crate) fn bind(self, value: impl Into<Value>) -> Scalar {
        Scalar(self.0.bind(value))
    }

    pub(crate) async fn fetch_all<T: for<'v> FromValue<'v>>(
        self,
        transaction: &mut Transaction,
    ) -> Result<Vec<T>, Error> {
        self.0.fetch_all(transaction).await?.iter().map(|row| row.try_get(0)).collect()
    }

    pub(crate) async fn fetch_optional<T: for<'v> FromValue<'v>>(
        self,
        transaction: &mut Transaction,
    ) -> Result<Option<T>, Error> {
        self.0.fetch_optional(transaction).await?.map(|row| row.try_get(0)).transpose()
    }

    pub(crate) async fn fetch_one<T: for<'v> FromValue<'v>>(
        self,
        transaction: &mut Transaction,
    ) -> Result<T, Error> {
        self.0.fetch_one(transaction).await?.try_get(0)
    }
}

/// `($1,$2),($3,$4)` for so many rows of so many columns, after so many values that stand before.
pub(crate) fn placeholders(before: usize, rows: usize, columns: usize) -> String {
    let row = |at: usize| {
        let first = before + at * columns + 1;
        let numbers: Vec<String> = (first..first + columns).map(|n| format!("${n}")).collect();
        format!("({})", numbers.join(","))
    };
    (0..rows).map(row).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_numbered_through() {
        assert_eq!(placeholders(0, 2, 3), "($1,$2,$3),($4,$5,$6)");
        assert_eq!(placeholders(1, 1, 2), "($2,$3)");
        assert_eq!(placeholders(0, 0, 2), "");
    }
}
