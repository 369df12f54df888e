//! Whether encoded tables can be compared.
//!
//! In: what tables say of themselves. Out: nothing, or the first difference in key, period or
//! schema, in words that say what to do.

use super::table::TableHeader;

/// Why tables cannot be compared.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotComparable {
    /// They were encoded under two keys.
    #[error(
        "{one} and {other} were encoded under two keys ({one_key}, {other_key}); \
         compare fingerprints over the phone: clearway keys fingerprint NAME"
    )]
    Keys {
        /// An agency.
        one: String,
        /// Its fingerprint.
        one_key: String,
        /// Another agency.
        other: String,
        /// Its fingerprint.
        other_key: String,
    },
    /// They were encoded with two schemas.
    #[error("{one} and {other} were encoded with two schemas; encode both with one")]
    Schemas {
        /// An agency.
        one: String,
        /// Another agency.
        other: String,
    },
    /// They were encoded for two periods.
    #[error(
        "{one} was encoded for {one_period}, {other} for {other_period}; encode both for one period"
    )]
    Periods {
        /// An agency.
        one: String,
        /// Its period.
        one_period: String,
        /// Another agency.
        other: String,
        /// Its period.
        other_period: String,
    },
    /// Two tables are of one agency.
    #[error("two tables are of {agency}; give each agency's once")]
    SameAgency {
        /// The agency.
        agency: String,
    },
}

/// Checks that tables can be compared with each other.
///
/// # Errors
///
/// The first difference in key, period or schema, or an agency that is there twice.
pub fn check_comparable<'t>(
    headers: impl IntoIterator<Item = &'t TableHeader>,
) -> Result<(), NotComparable> {
    let headers: Vec<&TableHeader> = headers.into_iter().collect();
    let Some(first) = headers.first() else { return Ok(()) };
    for (at, header) in headers.iter().enumerate().skip(1) {
        let (one, other) = (first.agency.clone(), header.agency.clone());
        if header.key_fingerprint != first.key_fingerprint {
            let (one_key, other_key) =
                (first.key_fingerprint.clone(), header.key_fingerprint.clone());
            return Err(NotComparable::Keys { one, one_key, other, other_key });
        }
        if header.period != first.period {
            let (one_period, other_period) = (first.period.clone(), header.period.clone());
            return Err(NotComparable::Periods { one, one_period, other, other_period });
        }
        if header.schema_digest != first.schema_digest {
            return Err(NotComparable::Schemas { one, other });
        }
        if headers[..at].iter().any(|before| before.agency == header.agency) {
            return Err(NotComparable::SameAgency { agency: other });
        }
    }
    Ok(())
}
