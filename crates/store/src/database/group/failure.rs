//! One error, told to everybody in a group.

use std::borrow::Cow;
use std::fmt;

use sqlx::Error;
use sqlx::error::{DatabaseError, ErrorKind};

/// What one error said, for everybody whom it concerns.
#[derive(Debug, Clone)]
pub(super) struct Failure {
    said: String,
    code: Option<String>,
}

impl Failure {
    pub(super) fn of(error: &Error) -> Failure {
        match error.as_database_error() {
            Some(error) => Failure {
                said: error.message().to_owned(),
                code: error.code().map(Cow::into_owned),
            },
            None => Failure { said: error.to_string(), code: None },
        }
    }

    pub(super) fn error(&self) -> Error {
        Error::Database(Box::new(self.clone()))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.said)
    }
}

impl std::error::Error for Failure {}

impl DatabaseError for Failure {
    fn message(&self) -> &str {
        &self.said
    }

    fn code(&self) -> Option<Cow<'_, str>> {
        self.code.as_deref().map(Cow::Borrowed)
    }

    fn as_error(&self) -> &(dyn std::error::Error + Send + Sync + 'static) {
        self
    }

    fn as_error_mut(&mut self) -> &mut (dyn std::error::Error + Send + Sync + 'static) {
        self
    }

    fn into_error(self: Box<Self>) -> Box<dyn std::error::Error + Send + Sync + 'static> {
        self
    }

    fn kind(&self) -> ErrorKind {
        ErrorKind::Other
    }
}
