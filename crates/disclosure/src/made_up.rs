//! Made-up releases for the tests of pages: the feature `made-up`, which only dev-dependencies
//! turn on.
//!
//! Kept out of what people run in three ways: no ordinary dependency names the feature; a build
//! without debug assertions, which is what is shipped, fails to compile with it; and what it makes
//! is stamped as made up, whatever receipt it was given.

use crate::{EstimateFaults, EstimateParts, PublishedEstimate, Receipt, Released};

#[cfg(not(debug_assertions))]
compile_error!("the feature made-up is for tests: it makes a `Released` that passed no gate");

/// The data set of everything made here.
const MADE_UP: &str = "made up for a test";

impl<T> Released<T> {
    /// Something that passed no gate, stamped as made up.
    #[doc(hidden)]
    pub fn made_up(value: T, receipt: Receipt) -> Released<T> {
        Released::new(value, Receipt { data_set: MADE_UP.to_owned(), ..receipt })
    }
}

impl PublishedEstimate {
    /// An estimate that passed no gate.
    ///
    /// # Errors
    ///
    /// [`EstimateFaults`] as the gate would find them.
    #[doc(hidden)]
    pub fn made_up(parts: EstimateParts) -> Result<PublishedEstimate, EstimateFaults> {
        PublishedEstimate::new(parts)
    }
}
