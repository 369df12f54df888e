//! What time it is, from outside.
//!
//! In: a function that says it, so that a test can move the time. Out: the moment, to the second.

use std::fmt;
use std::sync::Arc;

use jiff::{RoundMode, Timestamp, TimestampRound, Unit};

/// Where everything that needs the time takes it from.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl Clock {
    /// The clock of the machine: the one place here that reads it.
    pub fn system() -> Clock {
        #[expect(clippy::disallowed_methods, reason = "the clock that everything else is handed")]
        Clock::new(Timestamp::now)
    }

    /// A clock that says what the function says.
    pub fn new(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Clock {
        Clock(Arc::new(now))
    }

    /// Now, to the second.
    pub fn now(&self) -> Timestamp {
        let now = (self.0)();
        let to_second = TimestampRound::new().smallest(Unit::Second).mode(RoundMode::Floor);
        now.round(to_second).unwrap_or(now)
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}
