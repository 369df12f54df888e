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
    /// The database, or the folder that it lies in, cannot be written or is not there: another's, on a disk that is
    /// read-only or became so, a quota.
    ReadOnly,
    /// Anything else: the memory, the connection, a disk that cannot be read.
    Other,
}

impl Fault {
    fn of(error: &Error) -> Fault {
        let code = error.as_database_error().and_then(|error| error.code());
        match (error, code) {
            (Error::PoolTimedOut, _) => Fault::Busy,
            (_, Some(code)) => Fault::of_code(&code),
            _ => Fault::Other,
        }
    }

    fn of_code(code: &str) -> Fault {
        match code {
            // PostgreSQL's codes have five characters.
            "53100" => return Fault::Full,
            "55P03" | "53300" => return Fault::Busy,
            "25006" | "42501" => return Fault::ReadOnly,
            _ => {}
        }
        // Of SQLite's, the low eight bits say what and the others where.
        match code.parse::<i64>().map(|code| (code & 0xff, code >> 8)) {
            Ok((13, _)) => Fault::Full,
            Ok((5 | 6, _)) => Fault::Busy,
            Ok((3 | 8 | 14, _)) => Fault::ReadOnly,
            // The disk refused, when SQLite wrote, flushed (a file, a folder), cut, or made the log's index larger.
            Ok((10, 3 | 4 | 5 | 6 | 18 | 19)) => Fault::ReadOnly,
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
                "the database or its folder cannot be written: give it back to this user, or look \
                 whether the disk is read-only, and it goes on by itself"
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
    fn a_disk_that_refuses_what_is_written_is_told_from_one_that_cannot_be_read() {
        // SQLITE_IOERR_WRITE, _FSYNC, _DIR_FSYNC, _TRUNCATE, _SHMOPEN, _SHMSIZE.
        for code in ["778", "1034", "1290", "1546", "4618", "4874"] {
            assert_eq!(Fault::of_code(code), Fault::ReadOnly, "{code}");
        }
        // SQLITE_IOERR, _READ, _LOCK; SQLITE_CORRUPT.
        for code in ["10", "266", "3850", "11", "", "XX000"] {
            assert_eq!(Fault::of_code(code), Fault::Other, "{code}");
        }
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
