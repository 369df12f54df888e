//! The database of a data folder, brought to the version of today.
//!
//! In: the data folder (`--data DIR`), and the address of a PostgreSQL database if it is not to be the
//! file `clearway.sqlite` in it. Out: a [`Store`]. Migrations are numbered, only ever added, and applied
//! together.

use std::path::{Path, PathBuf};

use crate::database::{Database, DatabaseUrl, Transaction, scalar};
use crate::{AuditHead, Permission, Role, Scope, StoreError, audit};

/// The migrations, in order; the position is the version they lead to.
pub(crate) const MIGRATIONS: &[&str] = &[
    include_str!("../migrations/0001_returns.sql"),
    include_str!("../migrations/0002_records.sql"),
    include_str!("../migrations/0003_coded_in_totals.sql"),
    include_str!("../migrations/0004_chain_beginning.sql"),
    include_str!("../migrations/0005_links.sql"),
    include_str!("../migrations/0006_audit.sql"),
    include_str!("../migrations/0007_accounts.sql"),
    include_str!("../migrations/0008_filings.sql"),
    include_str!("../migrations/0009_passkeys.sql"),
    include_str!("../migrations/0010_filing_reason.sql"),
    include_str!("../migrations/0011_reminders.sql"),
    include_str!("../migrations/0012_jobs.sql"),
    include_str!("../migrations/0013_joining.sql"),
    include_str!("../migrations/0014_sealed_records.sql"),
    include_str!("../migrations/0015_identity_providers.sql"),
    include_str!("../migrations/0016_current_figure.sql"),
    include_str!("../migrations/0017_acts_in_order.sql"),
];

/// The version from which on there is a chain of the audit.
pub(crate) const AUDIT: usize = 6;

/// The returns, figures, records and acts of one installation.
#[derive(Debug, Clone)]
pub struct Store {
    pub(crate) database: Database,
    door: Door,
    pub(crate) folder: PathBuf,
}

/// By which door one comes to a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Door {
    /// The command line, protected by the machine's own accounts.
    CommandLine,
    /// The server, where everybody signs in.
    Server,
}

impl Store {
    /// The file of the tables in the data folder, unless they are in PostgreSQL.
    pub const FILE: &str = "clearway.sqlite";

    /// Opens the database in `folder`, making both when they are not there.
    ///
    /// # Errors
    ///
    /// [`StoreError::Folder`], [`StoreError::Newer`] or [`StoreError::Database`].
    pub async fn open(folder: &Path) -> Result<Store, StoreError> {
        Store::open_in(folder, None).await
    }

    /// Opens the PostgreSQL database at `url`, making its tables when they are not there. What is no
    /// table (Parquet files, keys) stays in the data folder.
    ///
    /// # Errors
    ///
    /// [`StoreError::Newer`] or [`StoreError::Database`].
    pub async fn open_in(folder: &Path, url: Option<&DatabaseUrl>) -> Result<Store, StoreError> {
        let database = Database::open(folder, url).await?;
        let store = Store { database, door: Door::CommandLine, folder: folder.to_owned() };
        store.migrate().await?;
        Ok(store)
    }

    /// The same store for the server: whoever was not signed in can do nothing with it.
    pub fn for_server(self) -> Store {
        Store { door: Door::Server, ..self }
    }

    /// The data folder, in which what is no table lies.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Whether a data folder holds a database already.
    pub fn exists(folder: &Path) -> bool {
        folder.join(Store::FILE).is_file()
    }

    /// Writes what is pending and lets go of the database.
    pub async fn close(self) {
        self.database.close().await;
    }

    /// Refuses whoever did not sign in, at the server's door.
    pub(crate) fn expect_door(&self, scope: &Scope) -> Result<(), StoreError> {
        match self.door == Door::Server && scope.role() == Role::Operator {
            true => Err(StoreError::NotSignedIn),
            false => Ok(()),
        }
    }

    /// Refuses what the role may not do.
    pub(crate) fn expect(&self, scope: &Scope, permission: Permission) -> Result<(), StoreError> {
        let role = scope.role();
        if self.expect_door(scope).is_err() || !role.may(permission) {
            return Err(StoreError::NotPermitted { role, permission });
        }
        Ok(())
    }

    /// Copies the database into a new file, while `beside` copies what lies beside it; nobody changes
    /// anything meanwhile. Returns where the audit ended.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotSqlite`] on PostgreSQL, which has tools of its own; [`StoreError::NotPermitted`],
    /// [`StoreError::Database`]; those of `beside`.
    pub async fn back_up<E: From<StoreError>>(
        &self,
        scope: &Scope,
        into: &Path,
        beside: impl FnOnce() -> Result<(), E>,
    ) -> Result<AuditHead, E> {
        let waiting = self.change(scope, Permission::BackUp).await?;
        beside()?;
        self.database.copy_into(into).await?;
        let head = self.audit_head(scope).await?;
        drop(waiting);
        Ok(head)
    }

    /// Begins to read what needs a permission; everything read is of one moment.
    pub(crate) async fn read(
        &self,
        scope: &Scope,
        permission: Permission,
    ) -> Result<Transaction, StoreError> {
        self.expect(scope, permission)?;
        let mut moment = self.database.read(scope.reach()).await?;
        of_this_agency(&mut moment, scope, permission).await?;
        Ok(moment)
    }

    /// Begins a change that needs a permission.
    pub(crate) async fn change(
        &self,
        scope: &Scope,
        permission: Permission,
    ) -> Result<Transaction, StoreError> {
        self.expect(scope, permission)?;
        let mut transaction = self.database.change(scope.reach()).await?;
        of_this_agency(&mut transaction, scope, permission).await?;
        Ok(transaction)
    }

    /// Begins to read what needs a permission, with the rows of all agencies in sight; the statement
    /// leaves out what is not the scope's.
    pub(crate) async fn window_for(
        &self,
        scope: &Scope,
        permission: Permission,
    ) -> Result<Transaction, StoreError> {
        self.expect(scope, permission)?;
        self.window().await
    }

    /// Begins a change for somebody who has no scope yet, because she is just signing in.
    pub(crate) async fn door(&self) -> Result<Transaction, StoreError> {
        Ok(self.database.change(None).await?)
    }

    /// Begins to read for somebody who has no scope yet.
    pub(crate) async fn window(&self) -> Result<Transaction, StoreError> {
        Ok(self.database.read(None).await?)
    }

    /// Lets go of the pages as they were before something was destroyed; to be called also when
    /// nothing was, as an earlier call may have been killed before this.
    pub(crate) async fn forget_pages(&self) -> Result<(), StoreError> {
        self.database.forget_pages().await?;
        self.list_destroyed().await
    }

    async fn migrate(&self) -> Result<(), StoreError> {
        let known = MIGRATIONS.len() as i64;
        // A change: two processes that open a new folder at once must not both find version 0 and
        // both migrate.
        let mut transaction = self.database.change(None).await?;
        let found = transaction.version().await?;
        if found > known {
            return Err(StoreError::Newer { found, known });
        }
        if found == known {
            return Ok(());
        }
        let found = usize::try_from(found).unwrap_or(0);
        for (version, sql) in (1..).zip(MIGRATIONS).skip(found) {
            transaction.run(sql).await?;
            if version == AUDIT {
                // Hashes are nothing that SQL can make.
                audit::carry_over(&mut transaction).await?;
            }
        }
        transaction.keep_apart().await?;
        transaction.set_version(known).await?;
        transaction.commit().await?;
        Ok(())
    }
}

/// An installation's own records and papers are of one agency; members of others who sign in here have
/// nothing to do with them.
async fn of_this_agency(
    transaction: &mut Transaction,
    scope: &Scope,
    permission: Permission,
) -> Result<(), StoreError> {
    let (Some(agency), true) = (scope.agency(), permission.is_of_the_installation()) else {
        return Ok(());
    };
    let own: Option<String> =
        scalar("SELECT code FROM agency_self").fetch_optional(transaction).await?;
    match own.is_none_or(|own| own == agency) {
        true => Ok(()),
        false => Err(StoreError::NotPermitted { role: scope.role(), permission }),
    }
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
            let database = Database::open(folder.path(), None).await.unwrap();
            let mut transaction = database.change(None).await.unwrap();
            transaction.run(MIGRATIONS[0]).await.unwrap();
            let classified = "PRAGMA user_version = 1;
                INSERT INTO return_file VALUES (1, 'd', 'f', 'm', NULL, '2026.1', 'submitted',
                    'accepted', NULL, 0, '2026-01-01T00:00:00Z');
                INSERT INTO act VALUES (1, 1, 'received', 'w', '2026-01-01T00:00:00Z', 'sent'),
                    (2, 1, 'withdrawn', 'v', '2026-01-03T00:00:00Z', 'wrong'),
                    (3, 1, 'restored', 'w', '2026-01-04T00:00:00Z', 'right')";
            transaction.run(classified).await.unwrap();
            transaction.commit().await.unwrap();
            database.close().await;
            for _ in 0..2 {
                let store = Store::open(folder.path()).await.unwrap();
                let scope = Scope::command_line("tester");
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
            (1, 'victim', CAST('a' AS BLOB), 'sealing', 'c', '2026-01-01', NULL, 0, 'a');
        INSERT INTO sent_file VALUES
            (1, 'submission', NULL, NULL, 'd', NULL, NULL, 'r', 'c', '{}', 'f', 'a', 'a');
        INSERT INTO received_file VALUES (1, 'x', 0, 'submission', 1, 'd', NULL, NULL, NULL, NULL,
            'v', '{}', 'f', '{}', 'accepted', NULL, 'a', NULL);
        INSERT INTO chain_beginning VALUES (1, 'x', 1, 0, 'a');
        INSERT INTO received_total VALUES (1, 1, 'victim', NULL, NULL, NULL, NULL, 1, 1, 0, 0);
        INSERT INTO received_withdrawn VALUES (1, 1, 'victim', CAST('a' AS BLOB), 'sealing', '2026-01-01');
        INSERT INTO refused_file VALUES (1, 'x', 2, 'e', NULL, '{}', '{}', 'a', NULL);
        INSERT INTO purged_row VALUES (1, 1, 'victim', 'sealing', 1, 'a');
        INSERT INTO purged_cell VALUES (1, 1, NULL, NULL, NULL, NULL, 1, 1);
        INSERT INTO people_count VALUES
            (1, 'q', 'q', 'd', 'v', 0, 1, 1, 1, NULL, 0, 0, 'a', 'w');";

    #[test]
    fn what_is_written_once_is_not_changed_and_not_deleted() {
        crate::stores::with_store(async |store| {
            let mut transaction = store.database.change(None).await.unwrap();
            transaction.run(ROWS).await.unwrap();
            transaction.commit().await.unwrap();
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
                let mut transaction = store.database.change(None).await.unwrap();
                assert!(transaction.run(refused).await.is_err(), "{refused}");
            }
            let revoke = "UPDATE disclosure_mode SET revoked_at = 'a' WHERE id = 1";
            let mut transaction = store.database.change(None).await.unwrap();
            transaction.run(revoke).await.unwrap();
        });
    }
}
