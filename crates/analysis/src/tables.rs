//! The coded tables that agencies have sent, opened to a scope.
//!
//! In: a store, a scope that may see submissions, the data folder. Out: [`OpenTables`]: the submissions
//! that count, and their tables registered with the query engine; nobody receives while they are open.
//! There is no other way: `query` counts nothing but what was registered, `clippy.toml` refuses to
//! register anything outside this file, and no crate but this one stands on `query`.

use std::path::{Path, PathBuf};

use query::CodedTable;
use records::record::RecordKind;
use store::{Scope, Store, StoredReceived};

use crate::receive::{Lock, ReceiveError};

/// The submissions that a scope may count, with their tables.
///
/// Nobody has them without a scope:
///
/// ```compile_fail
/// # async fn count(store: &store::Store, data: &std::path::Path) {
/// let tables = analysis::tables::OpenTables::open(store, data, false).await;
/// # }
/// ```
///
/// nor by writing them down:
///
/// ```compile_fail
/// # let (data, lock): (std::path::PathBuf, analysis::receive::Lock) = todo!();
/// let tables = analysis::tables::OpenTables { data, submissions: Vec::new(), lock };
/// ```
///
/// and a scope is what they are opened with:
///
/// ```
/// # async fn count(store: &store::Store, data: &std::path::Path) {
/// let analyst = store::Scope::command_line("analyst");
/// let tables = analysis::tables::OpenTables::open(store, &analyst, data, false).await;
/// # }
/// ```
#[derive(Debug)]
pub struct OpenTables {
    data: PathBuf,
    submissions: Vec<StoredReceived>,
    #[expect(
        dead_code,
        reason = "held while the tables are read: whoever receives writes them anew"
    )]
    lock: Lock,
}

impl OpenTables {
    /// Opens the tables of the submissions that count, of made-up agencies or of real ones. Waits for
    /// one who receives.
    ///
    /// # Errors
    ///
    /// [`store::StoreError::NotPermitted`] when the scope may not see submissions; [`ReceiveError`].
    pub async fn open(
        store: &Store,
        scope: &Scope,
        data: &Path,
        practice: bool,
    ) -> Result<OpenTables, ReceiveError> {
        let lock = Lock::read(data)?;
        let mut submissions = store.standing_submissions(scope).await?;
        submissions.retain(|one| one.practice == practice);
        Ok(OpenTables { data: data.to_owned(), submissions, lock })
    }

    /// The submissions, by agency and quarter.
    pub fn submissions(&self) -> &[StoredReceived] {
        &self.submissions
    }

    /// The table of a kind that a submission brought, registered as that of an agency; nothing when the
    /// submission is none of these, or brought none.
    pub(crate) fn registered(
        &self,
        submission: i64,
        kind: RecordKind,
        agency: u16,
    ) -> Option<CodedTable> {
        let one = self.submissions.iter().find(|one| one.id == submission)?;
        let table = one.tables.iter().find(|table| table.record == kind)?;
        let path = self.data.join(&one.folder).join(&table.file);
        #[expect(clippy::disallowed_methods, reason = "the one place, with a scope of the store")]
        Some(CodedTable::registered(agency, one.sequence, path, table.rows))
    }
}
