//! The one place that asks what time it is.

use jiff::civil::Date;
use jiff::{RoundMode, Timestamp, TimestampRound, Unit};

/// Now, to the second.
#[expect(clippy::disallowed_methods, reason = "the clock that everything else is handed")]
pub(crate) fn now() -> Timestamp {
    let now = Timestamp::now();
    let to_second = TimestampRound::new().smallest(Unit::Second).mode(RoundMode::Floor);
    now.round(to_second).unwrap_or(now)
}

/// Today, in California's offices: the day by which the server's pages go, too.
pub(crate) fn today() -> Date {
    store::office_day(now())
}
