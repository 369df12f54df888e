//! What an installation is told before it starts.

use std::net::SocketAddr;
use std::time::Duration;

use sealing::RelyingParty;

use crate::clock::Clock;

/// How to run the server.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where to listen; port 0 takes any free one.
    pub listen: SocketAddr,
    /// Whose installation this is.
    pub role: Role,
    /// Whether everything in it is made up. Every page then says so.
    pub practice: bool,
    /// Whether something that speaks TLS stands before it, so that browsers may insist on it.
    pub behind_tls: bool,
    /// What browsers call it, so that members may have passkeys for it. Without it there are some only at
    /// `http://localhost`.
    pub site: Option<RelyingParty>,
    /// How much one caller may take.
    pub limits: Limits,
    /// What time it is.
    pub clock: Clock,
    /// How often sessions that nobody uses are looked for, to lock them.
    pub lock_idle_every: Duration,
}

impl Config {
    /// An agency's installation with real data, on its own, with the usual limits.
    pub fn new(listen: SocketAddr) -> Config {
        Config {
            listen,
            role: Role::default(),
            practice: false,
            behind_tls: false,
            site: None,
            limits: Limits::default(),
            clock: Clock::system(),
            lock_idle_every: Duration::from_secs(60),
        }
    }
}

/// Whose installation this is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Role {
    /// Keeps its own cases and sends what may leave.
    #[default]
    Agency,
    /// Counts, estimates and publishes.
    Clearinghouse,
    /// Both in one process, which only practice allows: whoever counts may not see names.
    Both,
}

/// How much one caller may take.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// The largest form, in bytes.
    pub form_bytes: usize,
    /// How long a request may take once its head is there.
    pub request: Duration,
    /// How long a caller may take to say what it wants; an idle connection closes as late.
    pub head: Duration,
    /// How many connections are open at once; the next one waits.
    pub connections: usize,
    /// How long to wait for what is running when the server stops.
    pub shutdown: Duration,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            form_bytes: 256 * 1024,
            request: Duration::from_secs(20),
            head: Duration::from_secs(15),
            connections: 1024,
            shutdown: Duration::from_secs(10),
        }
    }
}

/// The part of it that the pages need.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Installation {
    pub(crate) practice: bool,
    pub(crate) behind_tls: bool,
    pub(crate) limits: Limits,
}

impl Installation {
    pub(crate) fn of(config: &Config) -> Installation {
        Installation {
            practice: config.practice,
            behind_tls: config.behind_tls,
            limits: config.limits,
        }
    }
}
