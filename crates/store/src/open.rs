//! The database in its folder.
//!
//! In: the data folder (`--data DIR`). Out: a [`Store`]. The file is `clearway.sqlite` with
//! write-ahead log; migrations are numbered, only ever added, and applied together.

use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{Sqlite, Transaction};

use crate::{StoreError, audit};

/// The migrations, in order; the position is the version they lead to.
const MIGRATIONS: [&str; 6] = [
    include_str!("../migrations/0001_returns.sql"),
    include_str!("../migrations/0002_records.sql"),
    include_str!("../migrations/0003_coded_in_totals.sql"),
    include_str!("../migrations/0004_chain_beginning.sql"),
    include_str!("../migrations/0005_links.sql"),
    include_str!("../migrations/0006_audit.sql"),
];

/// The version from which on there is a chain of the audit.
const AUDIT: usize = 6;

/// Pages of the database kept in memory, in KiB (negative, as SQLite wants it): enough for the
/// index of a million records, which come in the order of the file and not of their keys.
const CACHE: &str = "-65536";

/// The returns, figures, records and acts of one installation.
#[derive(Debug, Clone)]
pub struct Store {
    pub(crate) pool: SqlitePool,
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
        let file = folder.join("clearway.sqlite");
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
            .pragma("cache_size", CACHE)
            // Nothing about a person in temporary files outside the folder.
            .pragma("temp_store", "MEMORY")
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

    /// Begins a change. Immediate: of two processes, the second waits before it reads.
    pub(crate) async fn change(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        Ok(self.pool.begin_with("BEGIN IMMEDIATE").await?)
    }

    /// Empties the log beside the database, which still holds the pages as they were before something was
    /// destroyed; to be called also when nothing was, as an earlier call may have been killed before this.
    pub(crate) async fn forget_pages(&self) -> Result<(), StoreError> {
        sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").fetch_all(&self.pool).await?;
        Ok(())
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
        let found = usize::try_from(found).unwrap_or(0);
        for (version, sql) in (1..).zip(MIGRATIONS).skip(found) {
            sqlx::raw_sql(sql).execute(&mut *transaction).await?;
            if version == AUDIT {
                // Hashes are nothing that SQL can make.
                audit::carry_over(&mut transaction).await?;
            }
        }
        // A pragma takes no parameter; the number is ours.
        sqlx::raw_sql(sqlx::AssertSqlSafe(format!("PRAGMA user_version = {known}")))
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn nobody_else_on_the_machine_reads_a_new_database() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async { Store::open(folder.path()).await.unwrap().close().await });
        let file = std::fs::metadata(folder.path().join("clearway.sqlite")).unwrap();
        assert_eq!(file.permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_database_of_the_first_version_is_carried_on() {
        let folder = tempfile::tempdir().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let options = SqliteConnectOptions::new()
                .filename(folder.path().join("clearway.sqlite"))
                .create_if_missing(true);
            let pool = SqlitePool::connect_with(options).await.unwrap();
            sqlx::raw_sql(MIGRATIONS[0]).execute(&pool).await.unwrap();
            let classified = "PRAGMA user_version = 1;
                INSERT INTO return_file VALUES (1, 'd', 'f', 'm', NULL, '2026.1', 'submitted',
                    'accepted', NULL, 0, '2026-01-01T00:00:00Z');
                INSERT INTO act VALUES (1, 1, 'received', 'w', '2026-01-01T00:00:00Z', 'sent'),
                    (2, 1, 'withdrawn', 'v', '2026-01-03T00:00:00Z', 'wrong'),
                    (3, 1, 'restored', 'w', '2026-01-04T00:00:00Z', 'right')";
            sqlx::raw_sql(classified).execute(&pool).await.unwrap();
            pool.close().await;
            for _ in 0..2 {
                let store = Store::open(folder.path()).await.unwrap();
                let scope = crate::Scope::command_line("tester");
                let returns = store.returns(&scope).await.unwrap();
                let whys: Vec<&str> = returns[0].acts.iter().map(|act| act.why.as_str()).collect();
                assert_eq!((returns.len(), whys), (1, vec!["sent", "wrong", "right"]));
                let verified = store.verify_audit(&scope, &[]).await.unwrap();
                assert_eq!((verified.head.rows, verified.findings), (4, vec![]));
                assert!(store.imports(&scope).await.unwrap().is_empty());
                store.close().await;
            }
        });
    }

    /// A row of each table that is written once; `made_by` and the like are any text.
    const ROWS: &str = "
        INSERT INTO disclosure_mode VALUES
            (1, 'victim', 'r', 'encoded', 'b', 's', '2026-01-01', '2026-12-31', NULL),
            (2, 'arrest', 'r', 'encoded', 'b', 's', '2026-01-01', '2026-12-31', 'a');
        INSERT INTO order_entered VALUES
            (1, 'victim', x'00', 'sealing', 'c', '2026-01-01', NULL, 0, 'a');
        INSERT INTO sent_file VALUES
            (1, 'submission', NULL, NULL, 'd', NULL, NULL, 'r', 'c', '{}', 'f', 'a', 'a');
        INSERT INTO received_file VALUES (1, 'x', 0, 'submission', 1, 'd', NULL, NULL, NULL, NULL,
            'v', '{}', 'f', '{}', 'accepted', NULL, 'a', NULL);
        INSERT INTO chain_beginning VALUES (1, 'x', 1, 0, 'a');
        INSERT INTO received_total VALUES (1, 1, 'victim', NULL, NULL, NULL, NULL, 1, 1, 0, 0);
        INSERT INTO received_withdrawn VALUES (1, 1, 'victim', x'00', 'sealing', '2026-01-01');
        INSERT INTO refused_file VALUES (1, 'x', 2, 'e', NULL, '{}', '{}', 'a', NULL);
        INSERT INTO purged_row VALUES (1, 1, 'victim', 'sealing', 1, 'a');
        INSERT INTO purged_cell VALUES (1, 1, NULL, NULL, NULL, NULL, 1, 1);
        INSERT INTO people_count VALUES
            (1, 'q', 'q', 'd', 'v', 0, 1, 1, 1, NULL, 0, 0, 'a', 'w');";

    #[test]
    fn what_is_written_once_is_not_changed_and_not_deleted() {
        let folder = tempfile::tempdir().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let store = Store::open(folder.path()).await.unwrap();
            sqlx::raw_sql(ROWS).execute(&store.pool).await.unwrap();
            for refused in [
                "UPDATE disclosure_mode SET expires_on = '2099-12-31', revoked_at = 'a'",
                "UPDATE disclosure_mode SET revoked_at = NULL WHERE id = 2",
                "DELETE FROM disclosure_mode",
                "UPDATE order_entered SET order_kind = 'release_revoked'",
                "DELETE FROM order_entered",
                "UPDATE sent_file SET manifest_json = '{ }'",
                "DELETE FROM sent_file",
                "UPDATE received_total SET people = 2",
                "DELETE FROM received_total",
                "UPDATE received_withdrawn SET order_kind = 'vacatur'",
                "DELETE FROM received_withdrawn",
                "UPDATE refused_file SET answer_json = ''",
                "DELETE FROM refused_file",
                "UPDATE chain_beginning SET after_sequence = 2",
                "DELETE FROM chain_beginning",
                "UPDATE purged_row SET row_count = 2",
                "DELETE FROM purged_row",
                "UPDATE purged_cell SET people = 2",
                "DELETE FROM purged_cell",
                "UPDATE people_count SET raw = 2",
                "DELETE FROM people_count",
            ] {
                let done = sqlx::query(refused).execute(&store.pool).await;
                assert!(done.is_err(), "{refused}");
            }
            let revoke = "UPDATE disclosure_mode SET revoked_at = 'a' WHERE id = 1";
            sqlx::query(revoke).execute(&store.pool).await.unwrap();
        });
    }
}
