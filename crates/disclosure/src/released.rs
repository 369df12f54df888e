//! What has passed the gate, and nothing else.
//!
//! ```compile_fail
//! // Nobody outside makes a `Released`.
//! let released = disclosure::Released { value: 1, receipt: unimplemented!() };
//! ```

use serde::{Deserialize, Serialize};

/// Something that passed the gate and is written in the ledger. Only this crate makes one; public
/// pages and exports take nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Released<T> {
    value: T,
    receipt: Receipt,
}

/// How a data set is protected; one for all its releases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Regime {
    /// Exact counts, small ones and what would give them away left out: no epsilon.
    Suppressed,
    /// Differential privacy under zero-concentrated accounting.
    Private,
    /// Counts of combinations that at least k people share: no epsilon.
    KAnonymous,
}

/// Where a release stands in its ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The name of the data set.
    pub data_set: String,
    /// The number of the ledger's entry.
    pub entry: u64,
    /// The hash of that entry, in hex.
    pub hash: String,
    /// How it is protected.
    pub regime: Regime,
    /// The day of the release, `YYYY-MM-DD`.
    pub day: String,
}

impl<T> Released<T> {
    /// Only for what passed the gate and stands in the ledger.
    pub(crate) fn new(value: T, receipt: Receipt) -> Released<T> {
        Released { value, receipt }
    }

    /// What is released.
    pub fn value(&self) -> &T {
        &self.value
    }

    /// What is released, without its receipt.
    pub fn into_value(self) -> T {
        self.value
    }

    /// Where it stands in the ledger.
    pub fn receipt(&self) -> &Receipt {
        &self.receipt
    }
}
