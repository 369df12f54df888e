//! The one place that asks what time it is.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// Now.
#[expect(clippy::disallowed_methods, reason = "the clock that everything else is handed")]
pub(crate) fn now() -> Timestamp {
    Timestamp::now()
}

/// Today, in Greenwich.
pub(crate) fn today() -> Date {
    now().to_zoned(TimeZone::UTC).date()
}
