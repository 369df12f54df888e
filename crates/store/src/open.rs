//! The database in its folder.
//!
//! In: the data folder (`--data DIR`). Out: a [`Store`]. The file is `clearway.sqlite` with
//! write-ahead log; migrations are numbered, only ever added, and applied together.

use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};

/// The migrations, in order; the position is the version they lead to.
const MIGRATIONS: [&str; 1] = [include_str!("../migrations/0001_returns.sql")];

/// The returns, figures and acts of one installation.
#[derive(Debug, Clone)]
pub struct Store {
    pub(crate) pool: SqlitePool,
}

/// Why the store could not do what was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The data folder cannot be made or read.
    #[error("the data folder {folder} cannot be used")]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A newer Clearway wrote this database.
    #[error(
        "this database has version {found}, and this Clearway knows {known}: use the newer one"
    )]
    Newer {
        /// The version found.
        found: i64,
        /// The latest version known.
        known: i64,
    },
    /// The database refused.
    #[error("the database cannot be read or written")]
    Database(#[from] sqlx::Error),
    /// A row does not read as what it was written as.
    #[error("figure {figure} of the database is damaged: {what}")]
    Damaged {
        /// The figure.
        figure: String,
        /// What is wrong.
        what: String,
    },
    /// There is no return of that number or digest.
    #[error("there is no return {0}; `clearway returns` lists them")]
    NoSuchReturn(String),
    /// The return is not in a state in which this can be done to it.
    #[error("return {id} is {state}; {fix}")]
    WrongState {
        /// The return.
        id: i64,
        /// Its state.
        state: String,
        /// What to do instead.
        fix: String,
    },
    /// The return answers questions that another return has answered otherwise.
    #[error("{} figure(s) already have another answer, the first: {}", .0.len(), .0.first().map(ToString::to_string).unwrap_or_default())]
    Conflicts(Vec<crate::Conflict>),
    /// A correction answers none of the questions of the return that it is to replace.
    #[error(
        "it answers no question of return {0}, so it corrects nothing of it; `clearway returns` lists the returns"
    )]
    CorrectsNothing(i64),
    /// There is no query of that number.
    #[error("there is no classification query {0}; `clearway definitions queries` lists them")]
    NoSuchQuery(i64),
}

impl Store {
    /// Opens the database in `folder`, making both when they are not there.
    ///
    /// # Errors
    ///
    /// [`StoreError::Folder`], [`StoreError::Newer`] or [`StoreError::Database`].
    pub async fn open(folder: &Path) -> Result<Store, StoreError> {
        std::fs::create_dir_all(folder)
            .map_err(|source| StoreError::Folder { folder: folder.to_owned(), source })?;
        let options = SqliteConnectOptions::new()
            .filename(folder.join("clearway.sqlite"))
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(30));
        let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await?;
        let store = Store { pool };
        store.migrate().await?;
        Ok(store)
    }

    /// Whether a data folder holds a database already.
    pub fn exists(folder: &Path) -> bool {
        folder.join("clearway.sqlite").is_file()
    }

    /// Writes what is pending and lets go of the file.
    pub async fn close(self) {
        self.pool.close().await;
    }

    async fn migrate(&self) -> Result<(), StoreError> {
        let known = MIGRATIONS.len() as i64;
        // An immediate transaction: two processes that open a new folder at once must not both
        // find version 0 and both migrate.
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        let found: i64 = sqlx::query_scalar("SELECT user_version FROM pragma_user_version")
            .fetch_one(&mut *transaction)
            .await?;
        if found > known {
            return Err(StoreError::Newer { found, known });
        }
        for sql in MIGRATIONS.iter().skip(usize::try_from(found).unwrap_or(0)) {
            sqlx::raw_sql(*sql).execute(&mut *transaction).await?;
        }
        // A pragma takes no parameter; the number is ours.
        sqlx::raw_sql(sqlx::AssertSqlSafe(format!("PRAGMA user_version = {known}")))
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(())
    }
}
