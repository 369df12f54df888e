//! Listening, answering and stopping.
//!
//! In: a [`Config`], and a future that ends when the server is to stop. Out: the address it
//! listens on, then nothing until it has stopped. A caller's address is dropped when it connects,
//! so that nothing can write it down.

use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use analysis::publish::{PublishedFolder, PublishedFolderError};
use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use records::register::{Kind, Register};
use store::{Scope, Store, StoreError};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

use crate::config::{Config, Limits, Role};
use crate::mail::Spool;
use crate::reminders::{Reminders, remind};
use crate::router::routes;
use crate::site::Site;
use crate::until::until;

/// Why the server does not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServerError {
    /// Something else listens there.
    #[error(
        "{address} is in use by another program; stop that one, or choose another address, such as \
         --listen {} for any free port",
        with_port(address, 0)
    )]
    InUse {
        /// Where it should have listened.
        address: SocketAddr,
    },
    /// The system does not let this user listen there.
    #[error(
        "this user may not listen on {address}; choose a port above 1023, such as --listen {}",
        with_port(address, 8080)
    )]
    NotAllowed {
        /// Where it should have listened.
        address: SocketAddr,
    },
    /// The address is another machine's.
    #[error(
        "{} is not an address of this machine; choose one that is, such as --listen 127.0.0.1:{}",
        address.ip(), address.port()
    )]
    NotHere {
        /// Where it should have listened.
        address: SocketAddr,
    },
    /// Anything else.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// Where it should have listened.
        address: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
    /// Names and counts would be in one process.
    #[error(
        "an agency and a clearinghouse may share a process only for practice; start them apart, \
         with --role agency and --role clearinghouse, each with its own data folder"
    )]
    BothOutsidePractice,
    /// What is to be shown to everybody is not what was published.
    #[error(transparent)]
    Published(#[from] PublishedFolderError),
    /// The register does not know the state.
    #[error("the register has no state \"{0}\"; it has {known}", known = states())]
    NoState(String),
    /// The jobs that ran when the server died cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The codes of the states that the register knows.
fn states() -> String {
    let states = Register::embedded().entries(Kind::State).map(|state| state.code.as_str());
    states.collect::<Vec<_>>().join(", ")
}

/// The address with another port, as it is written on the command line.
fn with_port(address: &SocketAddr, port: u16) -> SocketAddr {
    SocketAddr::new(address.ip(), port)
}

impl ServerError {
    fn of(source: io::Error, address: SocketAddr) -> ServerError {
        match source.kind() {
            io::ErrorKind::AddrInUse => ServerError::InUse { address },
            io::ErrorKind::PermissionDenied => ServerError::NotAllowed { address },
            io::ErrorKind::AddrNotAvailable => ServerError::NotHere { address },
            _ => ServerError::Listen { address, source },
        }
    }
}

/// A server that listens and has not answered anyone yet.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    router: Router,
    site: Site,
    lock_idle_every: Duration,
    /// By the door of the command line: the one thing here that is done in nobody's name.
    reminders: Option<(Reminders, Store)>,
    limits: Limits,
}

impl Server {
    /// Takes the address, so that it can be printed before anyone is answered.
    ///
    /// # Errors
    ///
    /// [`ServerError`] when the address cannot be had, the role needs practice, the state is none of the
    /// register, or what is to be shown to everybody is not what was published.
    pub async fn bind(config: &Config, store: Store) -> Result<Server, ServerError> {
        if config.role == Role::Both && !config.practice {
            return Err(ServerError::BothOutsidePractice);
        }
        if Register::embedded().get(Kind::State, &config.state).is_none() {
            return Err(ServerError::NoState(config.state.clone()));
        }
        if let Some(folder) = &config.published {
            PublishedFolder::open(folder)?.check()?;
        }
        let failed = |source| ServerError::of(source, config.listen);
        let listener = TcpListener::bind(config.listen).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let reminders = config.reminders.clone().map(|reminders| (reminders, store.clone()));
        let site = Site::of(config, store);
        site.store.interrupt_jobs(site.now()).await?;
        Ok(Server {
            listener,
            address,
            router: routes(config, site.clone()),
            site,
            lock_idle_every: config.lock_idle_every,
            reminders,
            limits: config.limits,
        })
    }

    /// Where it listens, with the port that it got.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers until `shutdown` ends, then finishes what is running, for a while.
    pub async fn serve(self, shutdown: impl Future<Output = ()>) {
        let Server { listener, router, site, lock_idle_every, reminders, limits, .. } = self;
        let mut beside = JoinSet::new();
        if let Some((reminders, store)) = reminders {
            beside.spawn(send_reminders(site.clone(), reminders, store));
        }
        beside.spawn(lock_idle(site.clone(), lock_idle_every));
        let places = Arc::new(Semaphore::new(limits.connections));
        let mut shutdown = pin!(shutdown);
        let mut running = JoinSet::new();
        while let Some(Ok(place)) = until(shutdown.as_mut(), places.clone().acquire_owned()).await {
            let Some(accepted) = until(shutdown.as_mut(), listener.accept()).await else { break };
            while running.try_join_next().is_some() {}
            match accepted {
                Ok((stream, _)) => {
                    let answered =
                        connection(stream, router.clone(), limits, site.stopping.subscribe());
                    running.spawn(async move {
                        answered.await;
                        drop(place);
                    });
                }
                // Mostly too many open files, which passes; without a pause it would spin.
                Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
            }
        }
        drop(listener);
        beside.shutdown().await;
        site.stopping.send_replace(true);
        let finished = async { while running.join_next().await.is_some() {} };
        // What has not ended by then is cut off with the set that holds it.
        let _ = tokio::time::timeout(limits.shutdown, finished).await;
        site.jobs.close(limits.shutdown).await;
    }
}

/// Locks sessions that nobody uses any more, again and again, also where no request comes.
async fn lock_idle(site: Site, every: Duration) {
    loop {
        tokio::time::sleep(every).await;
        // What fails now is tried again soon, and each request looks for itself.
        let _ = site.store.lock_idle(site.now()).await;
        let _ = site.store.destroy_what_left(site.now()).await;
    }
}

/// Sends what reminders are due, again and again; each goes once, also beside `clearway remind`.
async fn send_reminders(site: Site, reminders: Reminders, store: Store) {
    let mut spool = Spool::of(&reminders.data);
    let scope = Scope::command_line("clearway server");
    loop {
        // What fails now is due again.
        let _ = remind(&store, &scope, &reminders.site, &mut spool, site.now()).await;
        tokio::time::sleep(reminders.every).await;
    }
}

/// Answers everything that comes over one connection.
async fn connection(
    stream: TcpStream,
    router: Router,
    limits: Limits,
    mut stops: watch::Receiver<bool>,
) {
    // An answer is written in one go; there is nothing to wait for.
    let _ = stream.set_nodelay(true);
    let service = TowerToHyperService::new(router);
    let mut answers = pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(limits.head)
            .serve_connection(TokioIo::new(stream), service)
    );
    let stop = async {
        let _ = stops.wait_for(|stopping| *stopping).await;
    };
    // A caller that went away or was too slow is nobody's error.
    if until(pin!(stop), answers.as_mut()).await.is_none() {
        answers.as_mut().graceful_shutdown();
        let _ = answers.await;
    }
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use super::*;

    fn address(text: &str) -> SocketAddr {
        text.parse().unwrap()
    }

    #[test]
    fn an_error_says_what_to_do() {
        let said = |kind: io::ErrorKind| ServerError::of(kind.into(), address("10.0.0.1:80"));
        insta::assert_snapshot!(said(io::ErrorKind::AddrInUse), @"10.0.0.1:80 is in use by another program; stop that one, or choose another address, such as --listen 10.0.0.1:0 for any free port");
        insta::assert_snapshot!(said(io::ErrorKind::PermissionDenied), @"this user may not listen on 10.0.0.1:80; choose a port above 1023, such as --listen 10.0.0.1:8080");
        insta::assert_snapshot!(said(io::ErrorKind::AddrNotAvailable), @"10.0.0.1 is not an address of this machine; choose one that is, such as --listen 127.0.0.1:80");
        let six = ServerError::of(io::ErrorKind::AddrInUse.into(), address("[::1]:80"));
        assert!(six.to_string().contains("--listen [::1]:0"), "{six}");
        insta::assert_snapshot!(ServerError::BothOutsidePractice, @"an agency and a clearinghouse may share a process only for practice; start them apart, with --role agency and --role clearinghouse, each with its own data folder");
    }
}
