//! What an installation is told before it starts.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use store::{ClientSecrets, Fault};

use crate::clock::Clock;
use crate::reminders::Reminders;
use crate::site_address::SiteAddress;

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
    /// How this installation is named: a request that names another host is turned away, and passkeys are for
    /// it. Nothing: no host is turned away, and there are passkeys only at `http://localhost`.
    pub site: Option<SiteAddress>,
    /// Where members of an installation with real data try things out; nothing: each on her own machine.
    pub practice_site: Option<SiteAddress>,
    /// How much one caller may take.
    pub limits: Limits,
    /// What time it is.
    pub clock: Clock,
    /// The state whose picture is shown, by its code in the register.
    pub state: String,
    /// The folder of the published report, which everybody may see.
    pub published: Option<PathBuf>,
    /// How long a job may take.
    pub job: Duration,
    /// How often sessions that nobody uses are looked for, to lock them.
    pub lock_idle_every: Duration,
    /// Whom to tell, at each request that it fails, what is wrong with the machine.
    pub tell_fault: fn(Fault),
    /// Whether and how agencies are reminded of their returns.
    pub reminders: Option<Reminders>,
    /// By what this installation shows identity providers that it is it.
    pub client_secrets: ClientSecrets,
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
            practice_site: None,
            limits: Limits::default(),
            clock: Clock::system(),
            state: "ca".to_owned(),
            published: None,
            job: Duration::from_secs(30 * 60),
            lock_idle_every: Duration::from_secs(60),
            tell_fault: |_| {},
            reminders: None,
            client_secrets: ClientSecrets::default(),
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
    pub(crate) tell_fault: fn(Fault),
}

impl Installation {
    pub(crate) fn of(config: &Config) -> Installation {
        Installation {
            practice: config.practice,
            behind_tls: config.behind_tls,
            limits: config.limits,
            tell_fault: config.tell_fault,
        }
    }
}
