//! What routes are handed: the installation, its store, the time.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::FromRef;
use jiff::Timestamp;
use sealing::RelyingParty;
use store::{ClientSecrets, Store};
use tokio::sync::watch;

use crate::clock::Clock;
use crate::config::{Config, Installation};
use crate::identity::Fetch;
use crate::jobs::Jobs;
use crate::site_address::SiteAddress;

/// One installation, as routes know it.
#[derive(Debug, Clone)]
pub(crate) struct Site {
    pub(crate) installation: Installation,
    /// By the server's door: without a sign-in nothing can be done with it.
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    /// The state whose picture is shown, by its code.
    pub(crate) state: Arc<str>,
    /// The folder of the published report.
    pub(crate) published: Option<Arc<Path>>,
    pub(crate) jobs: Arc<Jobs>,
    /// Whether the server stops: what would go on for long ends then.
    pub(crate) stopping: watch::Sender<bool>,
    /// How long one of them may take.
    pub(crate) job_limit: Duration,
    /// Where members try things out.
    pub(crate) practice_site: Option<SiteAddress>,
    /// For what passkeys are, where that was said.
    pub(crate) party: Option<RelyingParty>,
    /// How it is named, where that was said.
    pub(crate) address: Option<SiteAddress>,
    /// Whether only browsers on this machine reach it.
    pub(crate) on_this_machine: bool,
    /// By what it shows identity providers that it is it.
    pub(crate) client_secrets: ClientSecrets,
    /// What speaks to them.
    pub(crate) fetch: Fetch,
}

impl Site {
    pub(crate) fn of(config: &Config, store: Store) -> Site {
        Site {
            installation: Installation::of(config),
            store: store.for_server(),
            practice_site: config.practice_site.clone(),
            party: config.site.as_ref().and_then(SiteAddress::relying_party),
            address: config.site.clone(),
            on_this_machine: config.listen.ip().is_loopback(),
            client_secrets: config.client_secrets.clone(),
            fetch: Fetch::default(),
            clock: config.clock.clone(),
            state: config.state.as_str().into(),
            published: config.published.as_deref().map(Into::into),
            jobs: Arc::new(Jobs::default()),
            stopping: watch::Sender::new(false),
            job_limit: config.job,
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
