//! What is wrong with the machine when the database refuses, as far as somebody can do something
//! about it.
//!
//! In: the error code of SQLite or PostgreSQL. Out: a [`Fault`], with what to do about it.

use std::fmt;

use sqlx::Error;

use crate::StoreError;

/// What is wrong with the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// There is no room for what was to be written.
    Full,
    /// Another program has the database, and did not let go of it in time.
    Busy,
    /// The database, or the folder that it lies in, may not be written or is not there.
    ReadOnly,
    /// Anything else: the disk, the memory, the connection.
    Other,
}

impl Fault {
    fn of(error: &Error) -> Fault {
        let code = error.as_database_error().and_then(|error| error.code());
        match (error, code.as_deref()) {
            (Error::PoolTimedOut, _) => Fault::Busy,
            // PostgreSQL's codes have five characters.
            (_, Some("53100")) => Fault::Full,
            (_, Some("55P03" | "53300")) => Fault::Busy,
            (_, Some("25006" | "42501")) => Fault::ReadOnly,
            // Of SQLite's, the low eight bits say what and the others where.
            (_, Some(code)) => match code.parse::<i64>().map(|code| code & 0xff) {
                Ok(13) => Fault::Full,
                Ok(5 | 6) => Fault::Busy,
                Ok(3 | 8 | 14) => Fault::ReadOnly,
                _ => Fault::Other,
            },
            _ => Fault::Other,
        }
    }
}

/// What somebody who runs the machine should know and do.
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Fault::Full => "the disk of the database is full: make room, and it goes on by itself",
            Fault::Busy => {
                "another program keeps the database locked: end it, and it goes on by itself"
            }
            Fault::ReadOnly => {
                "the database or its folder may not be written: give it back to this user, and it \
                 goes on by itself"
            }
            Fault::Other => {
                "the database cannot be read or written: look at the disk and its connection"
            }
        })
    }
}

impl StoreError {
    /// What is wrong with the machine, when that is why.
    pub fn fault(&self) -> Option<Fault> {
        match self {
            StoreError::Database(error) => Some(Fault::of(error)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_machine_is_at_fault() {
        assert_eq!(StoreError::NotSignedIn.fault(), None);
        assert_eq!(StoreError::Database(Error::PoolTimedOut).fault(), Some(Fault::Busy));
        assert_eq!(StoreError::Database(Error::RowNotFound).fault(), Some(Fault::Other));
    }

    #[test]
    fn what_is_wrong_is_known_from_the_database_itself() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let folder = tempfile::tempdir().unwrap();
        runtime.block_on(async {
            let store = crate::Store::open(folder.path()).await.unwrap();
            let fault = async |sql: &str| {
                let mut change = store.database.change(None).await.unwrap();
                StoreError::from(change.run(sql).await.unwrap_err()).fault()
            };
            assert_eq!(fault("SELECT nothing").await, Some(Fault::Other));
            let full = "PRAGMA max_page_count = 1;
                CREATE TABLE t (a); INSERT INTO t VALUES (zeroblob(1000000))";
            assert_eq!(fault(full).await, Some(Fault::Full));
            let read_only = "PRAGMA query_only = ON; DELETE FROM agency";
            assert_eq!(fault(read_only).await, Some(Fault::ReadOnly));
        });
    }
}
