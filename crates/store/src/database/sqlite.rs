//! SQLite: one file with a write-ahead log, one connection that writes, a few that read.

use std::borrow::Cow;
use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::{
    SqliteArguments, SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions,
    SqliteRow, SqliteSynchronous,
};
use sqlx::{
    AssertSqlSafe, ConnectOptions as _, Connection as _, Decode, Error, Row as _, Sqlite,
    SqliteConnection, TypeInfo as _, ValueRef as _,
};

use super::group::{Writer, Writes};
use super::transaction::Held;
use super::value::{Row, Value, answer};
use crate::audit::Unnumbered;
use crate::{Store, StoreError};

/// Pages of the database kept in memory by the writer, in KiB (negative, as SQLite wants it): enough
/// for the index of a million records, which come in the order of the file and not of their keys.
const WRITERS_CACHE: &str = "-65536";
/// The same, for each connection that reads.
const READERS_CACHE: &str = "-8192";
/// Connections that read at once.
const READERS: u32 = 4;

/// How long somebody waits while another process writes. Less than a request may take, so that whoever
/// sent it is told why nothing was written.
const OTHERS_WRITE: Duration = Duration::from_secs(15);

/// The connections to one file.
#[derive(Debug, Clone)]
pub(crate) struct Pools {
    options: Box<SqliteConnectOptions>,
    writer: Writer<SqliteConnection>,
    readers: SqlitePool,
}

pub(crate) type Transaction = Held<Sqlite>;

impl Writes for SqliteConnection {
    /// Immediate: of two processes, the second waits before it reads.
    const BEGIN: &'static str = "BEGIN IMMEDIATE";
    /// Whoever waits for the file asks again and again.
    const LEFT: Option<(Duration, Duration)> =
        Some((Duration::from_millis(50), Duration::from_millis(5)));

    async fn run(&mut self, sql: &str) -> Result<(), Error> {
        sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(self).await.map(|_| ())
    }

    async fn execute(&mut self, sql: Cow<'static, str>, values: Vec<Value>) -> Result<u64, Error> {
        Ok(prepared(sql, values).execute(self).await?.rows_affected())
    }

    async fn fetch(
        &mut self,
        sql: Cow<'static, str>,
        values: Vec<Value>,
    ) -> Result<Vec<Row>, Error> {
        answer(&prepared(sql, values).fetch_all(self).await?, read)
    }
}

impl Pools {
    pub(super) async fn open(folder: &Path) -> Result<Pools, StoreError> {
        let file = folder.join(Store::FILE);
        for_its_owner_only(&file)
            .map_err(|source| StoreError::Folder { folder: folder.to_owned(), source })?;
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            // What an order destroys is overwritten in the file, not only unlinked.
            .pragma("secure_delete", "ON")
            // Nothing about a person in temporary files outside the folder.
            .pragma("temp_store", "MEMORY")
            .busy_timeout(OTHERS_WRITE);
        let writer = options.clone().pragma("cache_size", WRITERS_CACHE);
        let readers =
            options.clone().pragma("cache_size", READERS_CACHE).pragma("query_only", "ON");
        // The writer first: it makes the file.
        let first = writer.connect().await?;
        Ok(Pools {
            options: Box::new(options),
            // What is not there any more is not made anew, empty.
            writer: Writer::start(writer.create_if_missing(false), first),
            // A file does not break off as a network does.
            readers: SqlitePoolOptions::new()
                .max_connections(READERS)
                .test_before_acquire(false)
                .connect_lazy_with(readers),
        })
    }

    pub(super) async fn read(&self) -> Result<Transaction, Error> {
        Ok(Transaction::Read(self.readers.begin().await?))
    }

    pub(super) async fn change(&self) -> Result<Transaction, Error> {
        Ok(Transaction::Change(self.writer.change(String::new()).await?))
    }

    pub(super) async fn note(&self, row: Unnumbered) -> Result<(), Error> {
        self.writer.note(row).await
    }

    pub(super) async fn forget_pages(&self) -> Result<(), Error> {
        let (busy, _, _): (i64, i64, i64) = sqlx::query_as("PRAGMA wal_checkpoint(TRUNCATE)")
            .fetch_one(self.writer.alone().await?.connection()?)
            .await?;
        match busy {
            0 => Ok(()),
            _ => Err(Error::Protocol(
                "what was destroyed is still in the log, which somebody reads; do the same again"
                    .into(),
            )),
        }
    }

    /// The copy has no page that was given up, and nothing that was destroyed.
    pub(super) async fn copy_into(&self, file: &Path) -> Result<(), Error> {
        let mut connection = self.options.connect().await?;
        let into = file.to_string_lossy().into_owned();
        sqlx::query("VACUUM INTO $1").bind(into).execute(&mut connection).await?;
        connection.close().await
    }

    /// What somebody does who has the file and not the program.
    #[cfg(test)]
    pub(super) async fn by_hand(&self, sql: &str) {
        let of_audit = "SELECT name, sql FROM sqlite_master
            WHERE type = 'trigger' AND tbl_name LIKE 'audit%'";
        let mut turn = self.writer.alone().await.unwrap();
        let connection = turn.connection().unwrap();
        let triggers: Vec<(String, String)> =
            sqlx::query_as(of_audit).fetch_all(&mut *connection).await.unwrap();
        let mut all = "PRAGMA foreign_keys = OFF; ".to_owned();
        triggers.iter().for_each(|(name, _)| all.push_str(&format!("DROP TRIGGER {name}; ")));
        all.push_str(&format!("{sql}; PRAGMA foreign_keys = ON;"));
        triggers.iter().for_each(|(_, sql)| all.push_str(&format!("{sql}; ")));
        sqlx::raw_sql(AssertSqlSafe(all)).execute(connection).await.unwrap();
    }

    pub(super) async fn close(self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

/// An agency's database holds names: a new one is made so that nobody else on the machine can read
/// it. SQLite gives the files beside it the same permissions.
fn for_its_owner_only(file: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file).map(|_| ())
}

pub(super) async fn version(transaction: &mut Transaction) -> Result<i64, Error> {
    let version = "SELECT user_version FROM pragma_user_version";
    let found = transaction.fetch(version.into(), Vec::new()).await?;
    found.first().ok_or(Error::RowNotFound)?.try_get(0)
}

pub(super) async fn set_version(transaction: &mut Transaction, version: i64) -> Result<(), Error> {
    // A pragma takes no parameter; the number is ours.
    transaction.run(&format!("PRAGMA user_version = {version}")).await
}

/// The text is ours, put together of constants and numbered places only.
fn prepared(
    sql: Cow<'static, str>,
    values: Vec<Value>,
) -> sqlx::query::Query<'static, Sqlite, SqliteArguments> {
    let query = match sql {
        Cow::Borrowed(sql) => sqlx::query(sql),
        Cow::Owned(sql) => sqlx::query(AssertSqlSafe(sql)),
    };
    values.into_iter().fold(query, |query, value| match value {
        Value::Integer(value) => query.bind(value),
        Value::Text(value) => query.bind(value),
        Value::Blob(value) => query.bind(value),
    })
}

fn read(row: &SqliteRow) -> Result<Vec<Value>, Error> {
    (0..row.len())
        .map(|at| {
            let raw = row.try_get_raw(at)?;
            if raw.is_null() {
                return Ok(Value::Integer(None));
            }
            let kind = raw.type_info();
            let decoded = match kind.name() {
                "INTEGER" | "BOOLEAN" => <i64 as Decode<Sqlite>>::decode(raw).map(Value::from),
                "TEXT" => <String as Decode<Sqlite>>::decode(raw).map(Value::from),
                "BLOB" => <Vec<u8> as Decode<Sqlite>>::decode(raw).map(Value::from),
                other => {
                    Err(format!("a column of the type {other}, which the store does not use")
                        .into())
                }
            };
            decoded.map_err(|source| Error::ColumnDecode { index: at.to_string(), source })
        })
        .collect()
}
