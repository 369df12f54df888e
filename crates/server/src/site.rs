//! What routes are handed: the installation, its store, the time.

use axum::extract::FromRef;
use jiff::Timestamp;
use sealing::RelyingParty;
use store::Store;

use crate::clock::Clock;
use crate::config::{Config, Installation};

/// One installation, as routes know it.
#[derive(Debug, Clone)]
pub(crate) struct Site {
    pub(crate) installation: Installation,
    /// By the server's door: without a sign-in nothing can be done with it.
    pub(crate) store: Store,
    /// For what passkeys are, where that was said.
    pub(crate) party: Option<RelyingParty>,
    clock: Clock,
}

impl Site {
    pub(crate) fn of(config: &Config, store: Store) -> Site {
        Site {
            installation: Installation::of(config),
            store: store.for_server(),
            party: config.site.clone(),
            clock: config.clock.clone(),
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

impl FromRef<Site> for Installation {
    fn from_ref(site: &Site) -> Installation {
        site.installation
    }
}
